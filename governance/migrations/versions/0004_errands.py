"""Errands: what pages want of Google and workers do, and the drafts of adoptions."""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.create_table(
        "errand",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("meeting_id", sa.Uuid()),
        sa.Column("asked_json", sa.JSON(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answer_json", sa.JSON()),
        sa.Column("refusal", sa.String()),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("taken", sa.Integer(), nullable=False),
        sa.Column("leased_by", sa.String()),
        sa.Column("leased_until", UtcDateTime()),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('find', 'look', 'adopt', 'relink', 'release')", name=op.f("ck_errand_kind_is_known")
        ),
        sa.CheckConstraint("state IN ('waiting', 'done', 'refused')", name=op.f("ck_errand_state_is_known")),
        sa.CheckConstraint("taken >= 0", name=op.f("ck_errand_taken_not_negative")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_errand_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_errand")),
    )
    for column in ("meeting_id", "asked_by", "asked_at", "state"):
        op.create_index(op.f(f"ix_errand_{column}"), "errand", [column])
    op.create_table(
        "adoption_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("asked_by", sa.String(), nullable=False),
        sa.Column("begun_at", UtcDateTime(), nullable=False),
        sa.Column("touched_at", UtcDateTime(), nullable=False),
        sa.Column("content_json", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_adoption_draft")),
        sa.UniqueConstraint("asked_by", name=op.f("uq_adoption_draft_asked_by")),
    )
    op.create_index(op.f("ix_adoption_draft_touched_at"), "adoption_draft", ["touched_at"])
