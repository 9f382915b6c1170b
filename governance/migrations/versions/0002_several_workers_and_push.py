"""Several workers and push: leases, channels, and what is set aside because it does not work."""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _leases()
    _push()
    _troubles()


def _leases() -> None:
    op.add_column("worker", sa.Column("stopped_at", UtcDateTime()))
    op.add_column("worker", sa.Column("command", sa.String()))
    op.create_table(
        "lease",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("worker_id", sa.Uuid()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("taken_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("fence >= 1", name=op.f("ck_lease_fence_at_least_one")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], name=op.f("fk_lease_calendar_id")),
        sa.ForeignKeyConstraint(["worker_id"], ["worker.id"], name=op.f("fk_lease_worker_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lease")),
        sa.UniqueConstraint("calendar_id", name=op.f("uq_lease_calendar_id")),
    )
    op.create_index(op.f("ix_lease_worker_id"), "lease", ["worker_id"])


def _push() -> None:
    op.add_column("calendar", sa.Column("reading_since", UtcDateTime()))
    op.add_column("calendar", sa.Column("push_failures", sa.Integer()))
    op.add_column("calendar", sa.Column("push_retry_at", UtcDateTime()))
    op.add_column("calendar", sa.Column("push_problem", sa.String()))
    op.add_column("calendar", sa.Column("push_remedy", sa.String()))
    op.create_table(
        "channel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("resource_id", sa.String()),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("expires_at", UtcDateTime()),
        sa.Column("renew_at", UtcDateTime()),
        sa.Column("confirmed_at", UtcDateTime()),
        sa.Column("replaced_at", UtcDateTime()),
        sa.Column("stopped_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], name=op.f("fk_channel_calendar_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channel")),
    )
    op.create_index(op.f("ix_channel_calendar_id"), "channel", ["calendar_id"])


def _troubles() -> None:
    op.create_table(
        "breaker",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("open_until", UtcDateTime()),
        sa.Column("probe_id", sa.Uuid()),
        sa.Column("problem_code", sa.String(), nullable=False),
        sa.Column("problem_text", sa.String(), nullable=False),
        sa.Column("problem_remedy", sa.String(), nullable=False),
        sa.CheckConstraint("failures >= 0", name=op.f("ck_breaker_failures_not_negative")),
        sa.ForeignKeyConstraint(["probe_id"], ["calendar.id"], name=op.f("fk_breaker_probe_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaker")),
        sa.UniqueConstraint("subject", name=op.f("uq_breaker_subject")),
    )
    op.create_table(
        "quarantine",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("calendar_id", sa.Uuid(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("etag", sa.String()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.Column("retry_at", UtcDateTime()),
        sa.Column("problem_code", sa.String(), nullable=False),
        sa.Column("problem_text", sa.String(), nullable=False),
        sa.Column("problem_remedy", sa.String(), nullable=False),
        sa.CheckConstraint("failures >= 1", name=op.f("ck_quarantine_failures_at_least_one")),
        sa.ForeignKeyConstraint(["calendar_id"], ["calendar.id"], name=op.f("fk_quarantine_calendar_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_quarantine_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quarantine")),
        sa.UniqueConstraint("calendar_id", "event_id", name=op.f("uq_quarantine_calendar_id_event_id")),
    )
    op.create_index(op.f("ix_quarantine_meeting_id"), "quarantine", ["meeting_id"])
