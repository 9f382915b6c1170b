"""Mail and access: the outbox, links that act, applications for a seat, throttles, and sessions one can tell apart."""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "throttle",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_throttle")),
        sa.UniqueConstraint("key", name=op.f("uq_throttle_key")),
    )
    op.create_index(op.f("ix_throttle_since"), "throttle", ["since"])
    op.create_table(
        "undeliverable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("problem_code", sa.String(), nullable=False),
        sa.Column("problem_text", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "address <> '' AND address = trim(address)", name=op.f("ck_undeliverable_address_is_folded")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undeliverable")),
        sa.UniqueConstraint("address", name=op.f("uq_undeliverable_address")),
    )
    op.create_table(
        "action_link",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("thing_json", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime()),
        sa.Column("outcome", sa.String()),
        sa.Column("revoked_at", UtcDateTime()),
        sa.CheckConstraint("expires_at >= made_at", name=op.f("ck_action_link_expires_not_before_made")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_action_link_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_action_link_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_link")),
    )
    op.create_index(op.f("ix_action_link_meeting_id"), "action_link", ["meeting_id"])
    op.create_index(op.f("ix_action_link_person_id"), "action_link", ["person_id"])
    op.create_table(
        "mail_preference",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("muted_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_mail_preference_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_mail_preference_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_preference")),
        sa.UniqueConstraint(
            "person_id", "meeting_id", "topic", name=op.f("uq_mail_preference_person_id_meeting_id_topic")
        ),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("facts_json", sa.JSON(), nullable=False),
        sa.Column("queued_at", UtcDateTime(), nullable=False),
        sa.Column("due_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("hold", sa.String()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retry_at", UtcDateTime()),
        sa.Column("leased_by", sa.String()),
        sa.Column("leased_until", UtcDateTime()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("begun_at", UtcDateTime()),
        sa.Column("sent_at", UtcDateTime()),
        sa.Column("transport_id", sa.String()),
        sa.Column("problem_code", sa.String()),
        sa.Column("problem_text", sa.String()),
        sa.Column("settled_by", sa.String()),
        sa.CheckConstraint(
            "state IN ('waiting', 'sending', 'sent', 'unclear', 'failed', 'held', 'dropped')",
            name=op.f("ck_outbox_state_is_known"),
        ),
        sa.CheckConstraint("attempts >= 0", name=op.f("ck_outbox_attempts_not_negative")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_outbox_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_outbox_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(op.f("ix_outbox_meeting_id"), "outbox", ["meeting_id"])
    op.create_index(op.f("ix_outbox_person_id"), "outbox", ["person_id"])
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"])
    op.create_index(op.f("ix_outbox_state_due_at"), "outbox", ["state", "due_at"])
    op.create_table(
        "application",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("endorsed_at", UtcDateTime()),
        sa.Column("endorsed_by", sa.Uuid()),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("outcome", sa.String()),
        sa.CheckConstraint(
            "outcome IN ('seated', 'declined', 'withdrawn')", name=op.f("ck_application_outcome_is_known")
        ),
        sa.ForeignKeyConstraint(["endorsed_by"], ["person.id"], name=op.f("fk_application_endorsed_by")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_application_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_application_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_application")),
    )
    op.create_index(op.f("ix_application_person_id"), "application", ["person_id"])
    op.create_index(op.f("ix_application_seat_id"), "application", ["seat_id"])
    op.create_index(
        "uq_application_seat_id_person_id_open",
        "application",
        ["seat_id", "person_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_table(
        "delegate_note",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_delegate_note_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_delegate_note_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delegate_note")),
    )
    op.create_index(op.f("ix_delegate_note_person_id"), "delegate_note", ["person_id"])
    op.create_index(op.f("ix_delegate_note_seat_id"), "delegate_note", ["seat_id"])
    op.create_table(
        "kept_seat",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("cause IN ('after-all', 'withdrawn')", name=op.f("ck_kept_seat_cause_is_known")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_kept_seat_occurrence_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_kept_seat_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_seat")),
        sa.UniqueConstraint("seat_id", "occurrence_id", name=op.f("uq_kept_seat_seat_id_occurrence_id")),
    )
    op.create_index(op.f("ix_kept_seat_occurrence_id"), "kept_seat", ["occurrence_id"])
    op.add_column("sign_in_link", sa.Column("leads_to", sa.String()))
    op.add_column("web_session", sa.Column("how", sa.String()))
    op.add_column("web_session", sa.Column("agent", sa.String()))
