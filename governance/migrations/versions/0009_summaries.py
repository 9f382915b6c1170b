"""Weekly summaries: when somebody wants them, briefs and what is asked about them, feeds for calendars."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "summary_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.String()),
        sa.Column("is_together", sa.Boolean(), nullable=False),
        sa.Column("chosen_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("NOT is_together OR at LIKE '% %'", name=op.f("ck_summary_choice_together_at_an_hour")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_summary_choice_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_choice")),
        sa.UniqueConstraint("person_id", name=op.f("uq_summary_choice_person_id")),
    )
    op.create_table(
        "brief",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("until", UtcDateTime(), nullable=False),
        sa.Column("shown_at", UtcDateTime(), nullable=False),
        sa.Column("goes_at", UtcDateTime(), nullable=False),
        sa.Column("gone_at", UtcDateTime()),
        sa.Column("held_at", UtcDateTime()),
        sa.Column("facts_json", sa.JSON(), nullable=False),
        sa.Column("written_json", sa.JSON(), nullable=False),
        sa.Column("changed_at", UtcDateTime()),
        sa.Column("changed_by", sa.String()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_brief_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief")),
        sa.UniqueConstraint("meeting_id", "about", name=op.f("uq_brief_meeting_id_about")),
    )
    op.create_index(op.f("ix_brief_goes_at"), "brief", ["goes_at"])
    op.create_table(
        "brief_request",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("brief_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["brief_id"], ["brief.id"], name=op.f("fk_brief_request_brief_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_brief_request_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_brief_request_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_brief_request")),
    )
    op.create_index(op.f("ix_brief_request_brief_id"), "brief_request", ["brief_id"])
    op.create_index(op.f("ix_brief_request_person_id"), "brief_request", ["person_id"])
    op.create_table(
        "calendar_feed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_calendar_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
    )
    op.create_index(op.f("ix_calendar_feed_person_id"), "calendar_feed", ["person_id"])
    op.create_index(
        "uq_calendar_feed_person_id_open",
        "calendar_feed",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("revoked_at IS NULL"),
        postgresql_where=sa.text("revoked_at IS NULL"),
    )
    op.create_table(
        "summary_done",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("done_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_summary_done_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_summary_done")),
        sa.UniqueConstraint("meeting_id", "about", "at", name=op.f("uq_summary_done_meeting_id_about_at")),
    )
    op.create_index(
        "uq_summary_done_about_at_together",
        "summary_done",
        ["about", "at"],
        unique=True,
        sqlite_where=sa.text("meeting_id IS NULL"),
        postgresql_where=sa.text("meeting_id IS NULL"),
    )
    _say_since_when_people_hear()
    # A mail says what its reader was told last: the newest of a kind to one person.
    op.create_index(op.f("ix_outbox_person_id_kind_queued_at"), "outbox", ["person_id", "kind", "queued_at"])


def _say_since_when_people_hear() -> None:
    """Of meetings at work nobody is told what was over before there were summaries."""
    op.add_column("meeting", sa.Column("begun_at", UtcDateTime()))
    meeting = sa.table("meeting", sa.column("first_plan_approved", sa.Boolean()), sa.column("begun_at", UtcDateTime()))
    op.execute(meeting.update().where(meeting.c.first_plan_approved).values(begun_at=datetime.now(UTC)))
