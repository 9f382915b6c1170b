"""Attendance, what is made up for, and the question of the week."""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "attendance_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("recorded_at", UtcDateTime(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("reason", sa.String()),
        sa.CheckConstraint(
            "kind IN ('arrived', 'left', 'apology', 'absent', 'open')", name=op.f("ck_attendance_mark_kind_is_known")
        ),
        sa.CheckConstraint(
            "reason IS NULL OR (source = 'correction' AND kind <> 'apology')",
            name=op.f("ck_attendance_mark_reason_of_correction"),
        ),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_attendance_mark_occurrence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_attendance_mark_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_attendance_mark_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance_mark")),
    )
    op.create_index(op.f("ix_attendance_mark_occurrence_id"), "attendance_mark", ["occurrence_id"])
    op.create_index(op.f("ix_attendance_mark_person_id"), "attendance_mark", ["person_id"])
    op.create_index(
        "uq_attendance_mark_seat_id_occurrence_id_source_kind_once",
        "attendance_mark",
        ["seat_id", "occurrence_id", "source", "kind"],
        unique=True,
        sqlite_where=sa.text("source <> 'correction'"),
        postgresql_where=sa.text("source <> 'correction'"),
    )
    op.create_table(
        "make_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("commitments", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_make_up_occurrence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_make_up_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_make_up_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_make_up")),
        sa.UniqueConstraint("seat_id", "occurrence_id", name=op.f("uq_make_up_seat_id_occurrence_id")),
    )
    op.create_index(op.f("ix_make_up_occurrence_id"), "make_up", ["occurrence_id"])
    op.create_index(op.f("ix_make_up_person_id"), "make_up", ["person_id"])
    op.create_table(
        "suggested_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("tag", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("tag IN ('light', 'open', 'brave')", name=op.f("ck_suggested_question_tag_is_known")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_suggested_question_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suggested_question")),
    )
    op.create_index(op.f("ix_suggested_question_meeting_id"), "suggested_question", ["meeting_id"])
    op.create_table(
        "question_veto",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_question_veto_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_veto")),
        sa.UniqueConstraint("meeting_id", "question_key", name=op.f("uq_question_veto_meeting_id_question_key")),
    )
    op.create_table(
        "chosen_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("question_key", sa.String(), nullable=False),
        sa.Column("suggested_id", sa.Uuid()),
        sa.Column("seed", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("why IN ('new-to-all', 'longest-ago')", name=op.f("ck_chosen_question_why_is_known")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_chosen_question_occurrence_id")),
        sa.ForeignKeyConstraint(
            ["suggested_id"], ["suggested_question.id"], name=op.f("fk_chosen_question_suggested_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chosen_question")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_chosen_question_occurrence_id")),
    )
    op.create_table(
        "turn",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("since", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("settled_at", UtcDateTime()),
        sa.CheckConstraint("kind IN ('late', 'volunteered', 'make-up')", name=op.f("ck_turn_kind_is_known")),
        sa.CheckConstraint("outcome IN ('answered', 'passed')", name=op.f("ck_turn_outcome_is_known")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_turn_occurrence_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_turn_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_turn_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_turn")),
        sa.UniqueConstraint("occurrence_id", "person_id", name=op.f("uq_turn_occurrence_id_person_id")),
    )
    op.create_index(op.f("ix_turn_person_id"), "turn", ["person_id"])
    op.create_table(
        "kept_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("turn_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name=op.f("fk_kept_answer_turn_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_answer")),
        sa.UniqueConstraint("turn_id", name=op.f("uq_kept_answer_turn_id")),
    )
