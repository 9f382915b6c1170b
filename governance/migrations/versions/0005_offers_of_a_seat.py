"""Offers of a seat: one open offer a seat at most, and notes that a delegate has read."""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("application_id", sa.Uuid(), nullable=False),
        sa.Column("offered_by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("why", sa.String()),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("answer", sa.String()),
        sa.CheckConstraint(
            "answer IN ('accepted', 'declined', 'ended', 'withdrawn')", name=op.f("ck_offer_answer_is_known")
        ),
        sa.CheckConstraint("(answer IS NULL) = (closed_at IS NULL)", name=op.f("ck_offer_closed_with_an_answer")),
        sa.CheckConstraint("ends_at > at", name=op.f("ck_offer_ends_after_it_was_made")),
        sa.ForeignKeyConstraint(["application_id"], ["application.id"], name=op.f("fk_offer_application_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_offer_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_application_id"), "offer", ["application_id"])
    op.create_index(op.f("ix_offer_seat_id"), "offer", ["seat_id"])
    op.create_index(
        "uq_offer_seat_id_open",
        "offer",
        ["seat_id"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.add_column("delegate_note", sa.Column("read_at", UtcDateTime()))
