"""The roster and the ledger: people, meetings, calendars, seats, what is held and done, and the record of it all.

There is no way back: whoever wants the older schema puts back a backup.
"""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    _people()
    _meetings()
    _calendars()
    _seats()
    _changes()
    _processes_and_signing_in()
    _ledger()


def _people() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("directory_id", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
    )
    op.create_index(op.f("ix_person_directory_id"), "person", ["directory_id"])
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("as_given", sa.String(), nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.CheckConstraint("folded <> '' AND folded = trim(folded)", name=op.f("ck_address_folded_is_folded")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_address_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
        sa.UniqueConstraint("folded", name=op.f("uq_address_folded")),
    )
    op.create_index(op.f("ix_address_person_id"), "address", ["person_id"])
    op.create_index(
        "uq_address_person_id_primary",
        "address",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("is_primary"),
        postgresql_where=sa.text("is_primary"),
    )
    op.create_table(
        "department",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("folded", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("folded <> '' AND folded = trim(folded)", name=op.f("ck_department_folded_is_folded")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_department")),
        sa.UniqueConstraint("folded", name=op.f("uq_department_folded")),
    )
    op.create_table(
        "sponsor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_sponsor_last_day_not_before_first_day")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_sponsor_department_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_sponsor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor")),
    )
    op.create_index(op.f("ix_sponsor_department_id"), "sponsor", ["department_id"])
    op.create_index(op.f("ix_sponsor_person_id"), "sponsor", ["person_id"])


def _meetings() -> None:
    op.create_table(
        "meeting",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("cap", sa.Integer(), nullable=False),
        sa.Column("first_plan_approved", sa.Boolean(), nullable=False),
        sa.Column("restored_hold", sa.Boolean(), nullable=False),
        sa.Column("trusted_mark", sa.Integer(), nullable=False),
        sa.Column("frozen_code", sa.String()),
        sa.Column("frozen_reason", sa.String()),
        sa.Column("released_at", UtcDateTime()),
        sa.Column("recorded_digest", sa.String()),
        sa.Column("due_at", UtcDateTime()),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("stirred", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime()),
        sa.Column("problem_code", sa.String()),
        sa.Column("problem_text", sa.String()),
        sa.Column("problem_remedy", sa.String()),
        sa.Column("findings_json", sa.JSON()),
        sa.Column("plan_json", sa.JSON()),
        sa.Column("observed_at", UtcDateTime()),
        sa.Column("last_write_at", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "length(slug) BETWEEN 2 AND 40 AND ltrim(slug, 'abcdefghijklmnopqrstuvwxyz0123456789-') = ''",
            name=op.f("ck_meeting_slug_is_plain"),
        ),
        sa.CheckConstraint("cap >= 1", name=op.f("ck_meeting_cap_at_least_one")),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_meeting_failures_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("slug", name=op.f("uq_meeting_slug")),
    )
    op.create_index(op.f("ix_meeting_due_at"), "meeting", ["due_at"])
    op.create_table(
        "pause",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("first_day", sa.Date()),
        sa.Column("last_day", sa.Date()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_pause_last_day_not_before_first_day")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_pause_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pause")),
    )
    op.create_index(op.f("ix_pause_meeting_id"), "pause", ["meeting_id"])
    op.create_table(
        "charter_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_charter_version_number_at_least_one")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_charter_version_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_charter_version")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_charter_version_meeting_id_number")),
    )
    op.create_table(
        "rule_mode",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.CheckConstraint("mode IN ('off', 'observe', 'enforce')", name=op.f("ck_rule_mode_mode_is_known")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_rule_mode_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_mode")),
        sa.UniqueConstraint("meeting_id", "code", name=op.f("uq_rule_mode_meeting_id_code")),
    )
    op.create_table(
        "role",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.CheckConstraint("kind IN ('chair', 'scribe', 'leadership')", name=op.f("ck_role_kind_is_known")),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_role_last_day_not_before_first_day")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_role_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_role_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role")),
    )
    op.create_index(op.f("ix_role_meeting_id"), "role", ["meeting_id"])
    op.create_index(op.f("ix_role_person_id"), "role", ["person_id"])
    op.create_index(
        "uq_role_meeting_id_person_id_kind_open",
        "role",
        ["meeting_id", "person_id", "kind"],
        unique=True,
        sqlite_where=sa.text("last_day IS NULL"),
        postgresql_where=sa.text("last_day IS NULL"),
    )


def _calendars() -> None:
    op.create_table(
        "calendar",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("google_id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sync_token", sa.String()),
        sa.Column("dirty", sa.Boolean(), nullable=False),
        sa.Column("last_read_at", UtcDateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime()),
        sa.Column("problem_code", sa.String()),
        sa.Column("problem_text", sa.String()),
        sa.Column("problem_remedy", sa.String()),
        sa.Column("access_role", sa.String()),
        sa.Column("writes_paused_until", UtcDateTime()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_calendar_failures_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("google_id", name=op.f("uq_calendar_google_id")),
    )
    op.create_table(
        "series",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("predecessor_id", sa.Uuid()),
        sa.Column("baseline_json", sa.JSON()),
        sa.Column("accepted_block", sa.String()),
        sa.Column("last_written_block", sa.String()),
        sa.Column("known_rules_json", sa.JSON()),
        sa.Column("gone_at", UtcDateTime()),
        sa.Column("retired_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], name=op.f("fk_series_calendar_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_series_meeting_id")),
        sa.ForeignKeyConstraint(["predecessor_id"], ["series.id"], name=op.f("fk_series_predecessor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("calendar_id", "event_id", name=op.f("uq_series_calendar_id_event_id")),
    )
    op.create_index(op.f("ix_series_meeting_id"), "series", ["meeting_id"])
    op.create_index(op.f("ix_series_predecessor_id"), "series", ["predecessor_id"])
    op.create_table(
        "event_picture",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("is_series", sa.Boolean(), nullable=False),
        sa.Column("original_start", UtcDateTime()),
        sa.Column("matters_until", UtcDateTime()),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("body_json", sa.JSON(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_event_picture_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_event_picture")),
        sa.UniqueConstraint("series_id", "event_id", name=op.f("uq_event_picture_series_id_event_id")),
    )
    op.create_table(
        "occurrence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("original_start", UtcDateTime(), nullable=False),
        sa.Column("start", UtcDateTime(), nullable=False),
        sa.Column("end", UtcDateTime(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("moved_from_series_id", sa.Uuid()),
        sa.CheckConstraint('"end" >= "start"', name=op.f("ck_occurrence_end_not_before_start")),
        sa.ForeignKeyConstraint(
            ["moved_from_series_id"], ["series.id"], name=op.f("fk_occurrence_moved_from_series_id")
        ),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_occurrence_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occurrence")),
        sa.UniqueConstraint("series_id", "original_start", name=op.f("uq_occurrence_series_id_original_start")),
    )
    op.create_index(op.f("ix_occurrence_start"), "occurrence", ["start"])
    op.create_table(
        "address_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("sent", sa.String(), nullable=False),
        sa.Column("answered", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_address_question_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address_question")),
    )
    op.create_index(op.f("ix_address_question_series_id"), "address_question", ["series_id"])


def _seats() -> None:
    op.create_table(
        "seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("department_id", sa.Uuid(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("closed_on", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("closed_on >= opened_on", name=op.f("ck_seat_closed_on_not_before_opened_on")),
        sa.ForeignKeyConstraint(["department_id"], ["department.id"], name=op.f("fk_seat_department_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_seat_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat")),
    )
    op.create_index(op.f("ix_seat_department_id"), "seat", ["department_id"])
    op.create_index(op.f("ix_seat_meeting_id"), "seat", ["meeting_id"])
    op.create_index(
        "uq_seat_meeting_id_department_id_open",
        "seat",
        ["meeting_id", "department_id"],
        unique=True,
        sqlite_where=sa.text("closed_on IS NULL"),
        postgresql_where=sa.text("closed_on IS NULL"),
    )
    op.create_table(
        "tenure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_tenure_last_day_not_before_first_day")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_tenure_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_tenure_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tenure")),
    )
    op.create_index(op.f("ix_tenure_person_id"), "tenure", ["person_id"])
    op.create_index(op.f("ix_tenure_seat_id"), "tenure", ["seat_id"])
    op.create_index(
        "uq_tenure_seat_id_open",
        "tenure",
        ["seat_id"],
        unique=True,
        sqlite_where=sa.text("last_day IS NULL"),
        postgresql_where=sa.text("last_day IS NULL"),
    )
    op.create_table(
        "mandate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("sponsor_person_id", sa.Uuid()),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger()),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "state IN ('recorded', 'confirmed', 'declined', 'withdrawn')", name=op.f("ck_mandate_state_is_known")
        ),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_mandate_last_day_not_before_first_day")),
        sa.CheckConstraint("limit_minor >= 0", name=op.f("ck_mandate_limit_not_negative")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mandate_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_mandate_seat_id")),
        sa.ForeignKeyConstraint(["sponsor_person_id"], ["person.id"], name=op.f("fk_mandate_sponsor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mandate")),
    )
    op.create_index(op.f("ix_mandate_person_id"), "mandate", ["person_id"])
    op.create_index(op.f("ix_mandate_seat_id"), "mandate", ["seat_id"])
    op.create_index(op.f("ix_mandate_sponsor_person_id"), "mandate", ["sponsor_person_id"])
    op.create_table(
        "deputy",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date()),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.CheckConstraint("last_day >= first_day", name=op.f("ck_deputy_last_day_not_before_first_day")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_deputy_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_deputy_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deputy")),
    )
    op.create_index(op.f("ix_deputy_person_id"), "deputy", ["person_id"])
    op.create_index(op.f("ix_deputy_seat_id"), "deputy", ["seat_id"])
    op.create_table(
        "stand_in",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("cause IN ('decline', 'handed-over', 'named')", name=op.f("ck_stand_in_cause_is_known")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_stand_in_occurrence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stand_in_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_stand_in_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stand_in")),
        sa.UniqueConstraint("seat_id", "occurrence_id", name=op.f("uq_stand_in_seat_id_occurrence_id")),
    )
    op.create_index(op.f("ix_stand_in_occurrence_id"), "stand_in", ["occurrence_id"])
    op.create_index(op.f("ix_stand_in_person_id"), "stand_in", ["person_id"])
    op.create_table(
        "visitor",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_visitor_occurrence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_visitor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visitor")),
        sa.UniqueConstraint("occurrence_id", "person_id", name=op.f("uq_visitor_occurrence_id_person_id")),
    )
    op.create_index(op.f("ix_visitor_person_id"), "visitor", ["person_id"])
    op.create_table(
        "standing_guest",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("counts_in_limit", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_standing_guest_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_standing_guest_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_guest")),
    )
    op.create_index(op.f("ix_standing_guest_meeting_id"), "standing_guest", ["meeting_id"])
    op.create_index(op.f("ix_standing_guest_person_id"), "standing_guest", ["person_id"])


def _changes() -> None:
    op.create_table(
        "approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("checksum", sa.String(), nullable=False),
        sa.Column("keys_json", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("verdict IN ('approved', 'rejected')", name=op.f("ck_approval_verdict_is_known")),
        sa.CheckConstraint("expires_at >= at", name=op.f("ck_approval_expires_not_before_at")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_approval_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approval")),
    )
    op.create_index(op.f("ix_approval_meeting_id_checksum"), "approval", ["meeting_id", "checksum"])
    op.create_table(
        "applied_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("counted_as", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "counted_as IN ('baseline-removal', 'stranger-removal', 'addition', 'put-back', 'approved', 'apart', "
            "'other')",
            name=op.f("ck_applied_change_counted_as_is_known"),
        ),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_applied_change_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_applied_change")),
    )
    op.create_index(op.f("ix_applied_change_meeting_id_at"), "applied_change", ["meeting_id", "at"])
    op.create_table(
        "write_intent",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("series_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("body_json", sa.JSON(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_write_intent_meeting_id")),
        sa.ForeignKeyConstraint(["series_id"], ["series.id"], name=op.f("fk_write_intent_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_write_intent")),
    )
    op.create_index(op.f("ix_write_intent_meeting_id"), "write_intent", ["meeting_id"])
    op.create_table(
        "directory_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("primary_address", sa.String()),
        sa.Column("directory_id", sa.String()),
        sa.Column("name", sa.String()),
        sa.Column("department", sa.String()),
        sa.Column("suspended", sa.Boolean(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "address <> '' AND address = trim(address)", name=op.f("ck_directory_answer_address_is_folded")
        ),
        sa.CheckConstraint("kind IN ('user', 'group', 'unknown')", name=op.f("ck_directory_answer_kind_is_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_directory_answer")),
        sa.UniqueConstraint("address", name=op.f("uq_directory_answer_address")),
    )


def _processes_and_signing_in() -> None:
    op.create_table(
        "worker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("heartbeat_at", UtcDateTime(), nullable=False),
        sa.Column("detail_json", sa.JSON()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_worker")),
        sa.UniqueConstraint("name", name=op.f("uq_worker_name")),
    )
    op.create_table(
        "sign_in_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.CheckConstraint("expires_at >= made_at", name=op.f("ck_sign_in_link_expires_not_before_made")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_sign_in_link_token_hash")),
    )
    op.create_table(
        "web_session",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("is_admin", sa.Boolean(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("seen_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("csrf", sa.String(), nullable=False),
        sa.CheckConstraint("expires_at >= made_at", name=op.f("ck_web_session_expires_not_before_made")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_web_session_token_hash")),
    )
    op.create_index(op.f("ix_web_session_address"), "web_session", ["address"])
    op.create_index(op.f("ix_web_session_expires_at"), "web_session", ["expires_at"])


def _ledger() -> None:
    op.create_table(
        "ledger_head",
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("seq >= 0", name=op.f("ck_ledger_head_seq_not_negative")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_ledger_head_meeting_id")),
        sa.PrimaryKeyConstraint("chain", name=op.f("pk_ledger_head")),
        sa.UniqueConstraint("meeting_id", name=op.f("uq_ledger_head_meeting_id")),
    )
    op.create_table(
        "ledger_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chain", sa.String(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("class", sa.String(), nullable=False),
        sa.Column("payload_digest", sa.String(), nullable=False),
        sa.Column("previous_hash", sa.String(), nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.CheckConstraint("class IN ('open', 'seats', 'private')", name=op.f("ck_ledger_entry_class_is_known")),
        sa.CheckConstraint("seq >= 1", name=op.f("ck_ledger_entry_seq_at_least_one")),
        sa.ForeignKeyConstraint(["chain"], ["ledger_head.chain"], name=op.f("fk_ledger_entry_chain")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger_entry")),
        sa.UniqueConstraint("chain", "previous_hash", name=op.f("uq_ledger_entry_chain_previous_hash")),
        sa.UniqueConstraint("chain", "seq", name=op.f("uq_ledger_entry_chain_seq")),
    )
    op.create_table(
        "ledger_payload",
        sa.Column("entry_id", sa.Uuid(), nullable=False),
        sa.Column("salt", sa.LargeBinary()),
        sa.Column("body_json", sa.String()),
        sa.Column("erased_at", UtcDateTime()),
        sa.CheckConstraint(
            "(body_json IS NULL) = (erased_at IS NOT NULL) AND (salt IS NULL) = (erased_at IS NOT NULL)",
            name=op.f("ck_ledger_payload_whole_or_erased"),
        ),
        sa.CheckConstraint("length(salt) = 32", name=op.f("ck_ledger_payload_salt_has_32_bytes")),
        sa.ForeignKeyConstraint(["entry_id"], ["ledger_entry.id"], name=op.f("fk_ledger_payload_entry_id")),
        sa.PrimaryKeyConstraint("entry_id", name=op.f("pk_ledger_payload")),
    )
