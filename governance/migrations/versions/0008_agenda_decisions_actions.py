"""Agendas, decisions with all that is said about them, and actions."""

import sqlalchemy as sa
from alembic import op

from governance.models.types import UtcDateTime

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "agenda_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("minutes", sa.Integer()),
        sa.Column("papers", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("purpose IN ('decide', 'discuss', 'inform')", name=op.f("ck_agenda_item_purpose_is_known")),
        sa.CheckConstraint("minutes >= 1", name=op.f("ck_agenda_item_minutes_at_least_one")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_agenda_item_meeting_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_agenda_item_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_agenda_item_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_item")),
    )
    op.create_index(op.f("ix_agenda_item_meeting_id"), "agenda_item", ["meeting_id"])
    op.create_index(op.f("ix_agenda_item_person_id"), "agenda_item", ["person_id"])
    op.create_table(
        "say_do_remark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_say_do_remark_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_say_do_remark")),
    )
    op.create_index(op.f("ix_say_do_remark_seat_id"), "say_do_remark", ["seat_id"])
    op.create_table(
        "agenda_place",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String()),
        sa.Column("outcome_at", UtcDateTime()),
        sa.Column("words", sa.String()),
        sa.Column("to_person_id", sa.Uuid()),
        sa.Column("to_day", sa.Date()),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "outcome IN ('treated', 'carried', 'dropped', 'delegated', 'assigned')",
            name=op.f("ck_agenda_place_outcome_is_known"),
        ),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_agenda_place_item_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_agenda_place_occurrence_id")),
        sa.ForeignKeyConstraint(["to_person_id"], ["person.id"], name=op.f("fk_agenda_place_to_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agenda_place")),
        sa.UniqueConstraint("item_id", "occurrence_id", name=op.f("uq_agenda_place_item_id_occurrence_id")),
    )
    op.create_index(op.f("ix_agenda_place_occurrence_id"), "agenda_place", ["occurrence_id"])
    op.create_index(op.f("ix_agenda_place_to_person_id"), "agenda_place", ["to_person_id"])
    op.create_table(
        "decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid()),
        sa.Column("item_id", sa.Uuid()),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("why_few_options", sa.String(), nullable=False),
        sa.Column("money_minor", sa.BigInteger()),
        sa.Column("payer_seat_id", sa.Uuid()),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("shut_rounds", sa.String(), nullable=False),
        sa.Column("is_show_of_hands", sa.Boolean(), nullable=False),
        sa.Column("are_names_shown", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("customer_effect", sa.String(), nullable=False),
        sa.Column("teller", sa.String(), nullable=False),
        sa.Column("informed", sa.String(), nullable=False),
        sa.Column("owner_person_id", sa.Uuid()),
        sa.Column("due_on", sa.Date()),
        sa.Column("review_on", sa.Date()),
        sa.Column("read_back_at", UtcDateTime()),
        sa.Column("opened_at", UtcDateTime()),
        sa.Column("revealed_at", UtcDateTime()),
        sa.Column("decided_at", UtcDateTime()),
        sa.Column("closed_at", UtcDateTime()),
        sa.Column("withdrawn_at", UtcDateTime()),
        sa.Column("withdrawn_why", sa.String()),
        sa.Column("present", sa.Integer()),
        sa.Column("needed", sa.Integer()),
        sa.Column("held", sa.Integer()),
        sa.Column("number", sa.String()),
        sa.Column("number_year", sa.Integer()),
        sa.Column("number_seq", sa.Integer()),
        sa.Column("search_text", sa.String(), nullable=False),
        sa.Column("open_search_text", sa.String(), nullable=False),
        sa.Column("customer_folded", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_decision_closed_at_once")),
        sa.CheckConstraint(
            "state IN ('draft', 'open', 'decided', 'awaiting', 'committed', 'closed', 'withdrawn')",
            name=op.f("ck_decision_state_is_known"),
        ),
        sa.CheckConstraint(
            "way IN ('consent', 'majority', 'two-thirds', 'chair')", name=op.f("ck_decision_way_is_known")
        ),
        sa.CheckConstraint("(closed_at IS NULL) = (number IS NULL)", name=op.f("ck_decision_numbered_when_closed")),
        sa.CheckConstraint("money_minor >= 0", name=op.f("ck_decision_money_not_negative")),
        sa.ForeignKeyConstraint(["item_id"], ["agenda_item.id"], name=op.f("fk_decision_item_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_decision_meeting_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_decision_occurrence_id")),
        sa.ForeignKeyConstraint(["owner_person_id"], ["person.id"], name=op.f("fk_decision_owner_person_id")),
        sa.ForeignKeyConstraint(["payer_seat_id"], ["seat.id"], name=op.f("fk_decision_payer_seat_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_decision_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
        sa.UniqueConstraint("meeting_id", "number", name=op.f("uq_decision_meeting_id_number")),
        sa.UniqueConstraint(
            "meeting_id", "number_year", "number_seq", name=op.f("uq_decision_meeting_id_number_year_number_seq")
        ),
    )
    op.create_index(op.f("ix_decision_item_id"), "decision", ["item_id"])
    op.create_index(op.f("ix_decision_meeting_id_closed_at"), "decision", ["meeting_id", "closed_at"])
    op.create_index(
        op.f("ix_decision_meeting_id_owner_person_id_number_year_number_seq"),
        "decision",
        ["meeting_id", "owner_person_id", "number_year", "number_seq"],
    )
    op.create_index(op.f("ix_decision_meeting_id_state_at"), "decision", ["meeting_id", "state", "at"])
    op.create_index(op.f("ix_decision_occurrence_id"), "decision", ["occurrence_id"])
    op.create_index(op.f("ix_decision_owner_person_id"), "decision", ["owner_person_id"])
    op.create_index(op.f("ix_decision_review_on"), "decision", ["review_on"])
    op.create_table(
        "minutes_approval",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("occurrence_id", sa.Uuid(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_minutes_approval_occurrence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_minutes_approval")),
        sa.UniqueConstraint("occurrence_id", name=op.f("uq_minutes_approval_occurrence_id")),
    )
    op.create_table(
        "action",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid()),
        sa.Column("occurrence_id", sa.Uuid()),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("owner_person_id", sa.Uuid(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("evidence", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f("ck_action_state_is_known")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_action_decision_id")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_action_meeting_id")),
        sa.ForeignKeyConstraint(["occurrence_id"], ["occurrence.id"], name=op.f("fk_action_occurrence_id")),
        sa.ForeignKeyConstraint(["owner_person_id"], ["person.id"], name=op.f("fk_action_owner_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_action_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_decision_id"), "action", ["decision_id"])
    op.create_index(op.f("ix_action_meeting_id_state_due_on"), "action", ["meeting_id", "state", "due_on"])
    op.create_index(op.f("ix_action_occurrence_id"), "action", ["occurrence_id"])
    op.create_index(op.f("ix_action_owner_person_id"), "action", ["owner_person_id"])
    op.create_index(op.f("ix_action_seat_id"), "action", ["seat_id"])
    op.create_table(
        "challenge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("by_whom", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("settled_at", UtcDateTime()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("outcome IN ('open', 'stood', 'changed')", name=op.f("ck_challenge_outcome_is_known")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_challenge_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_challenge")),
    )
    op.create_index(op.f("ix_challenge_decision_id"), "challenge", ["decision_id"])
    op.create_table(
        "commitment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("pledge", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("reservation", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "pledge IN ('will', 'needs', 'escalate', 'no-answer')", name=op.f("ck_commitment_pledge_is_known")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_commitment_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_commitment_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_commitment_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_commitment")),
    )
    op.create_index(op.f("ix_commitment_decision_id"), "commitment", ["decision_id"])
    op.create_index(op.f("ix_commitment_person_id"), "commitment", ["person_id"])
    op.create_index(op.f("ix_commitment_seat_id"), "commitment", ["seat_id"])
    op.create_table(
        "decision_mark",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("later_decision_id", sa.Uuid()),
        sa.Column("review_on", sa.Date()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'superseded') = (later_decision_id IS NOT NULL)", name=op.f("ck_decision_mark_superseded_by_one")
        ),
        sa.CheckConstraint(
            "kind IN ('kept', 'not-kept', 'reviewed', 'superseded')", name=op.f("ck_decision_mark_kind_is_known")
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_mark_decision_id")),
        sa.ForeignKeyConstraint(
            ["later_decision_id"], ["decision.id"], name=op.f("fk_decision_mark_later_decision_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_mark")),
    )
    op.create_index(op.f("ix_decision_mark_decision_id"), "decision_mark", ["decision_id"])
    op.create_index(op.f("ix_decision_mark_later_decision_id"), "decision_mark", ["later_decision_id"])
    op.create_index(
        "uq_decision_mark_decision_id_superseded",
        "decision_mark",
        ["decision_id"],
        unique=True,
        sqlite_where=sa.text("kind = 'superseded'"),
        postgresql_where=sa.text("kind = 'superseded'"),
    )
    op.create_table(
        "decision_option",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("customer_effect", sa.String(), nullable=False),
        sa.Column("cost", sa.String(), nullable=False),
        sa.Column("risk", sa.String(), nullable=False),
        sa.Column("is_proposed", sa.Boolean(), nullable=False),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_decision_option_decision_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_decision_option_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_option")),
        sa.UniqueConstraint("decision_id", "rank", name=op.f("uq_decision_option_decision_id_rank")),
    )
    op.create_index(
        "uq_decision_option_decision_id_proposed",
        "decision_option",
        ["decision_id"],
        unique=True,
        sqlite_where=sa.text("is_proposed"),
        postgresql_where=sa.text("is_proposed"),
    )
    op.create_table(
        "elector",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("department", sa.String(), nullable=False),
        sa.Column("is_stand_in", sa.Boolean(), nullable=False),
        sa.Column("is_empowered", sa.Boolean(), nullable=False),
        sa.Column("limit_minor", sa.BigInteger()),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_elector_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_elector_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_elector_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_elector")),
        sa.UniqueConstraint("decision_id", "seat_id", name=op.f("uq_elector_decision_id_seat_id")),
    )
    op.create_index(op.f("ix_elector_person_id"), "elector", ["person_id"])
    op.create_index(op.f("ix_elector_seat_id"), "elector", ["seat_id"])
    op.create_table(
        "position",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stance", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("removes", sa.String(), nullable=False),
        sa.Column("interest", sa.String(), nullable=False),
        sa.Column("hold_until", UtcDateTime()),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("(stance = 'hold') = (hold_until IS NOT NULL)", name=op.f("ck_position_hold_has_a_clock")),
        sa.CheckConstraint(
            "source IN ('own', 'room', 'chair', 'correction')", name=op.f("ck_position_source_is_known")
        ),
        sa.CheckConstraint(
            "stance <> 'object' OR interest <> ''", name=op.f("ck_position_objection_names_its_interest")
        ),
        sa.CheckConstraint(
            "stance IN ('favour', 'live', 'object', 'recuse', 'silent', 'hold')",
            name=op.f("ck_position_stance_is_known"),
        ),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_position_decision_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_position_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_position_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_position")),
    )
    op.create_index(op.f("ix_position_decision_id"), "position", ["decision_id"])
    op.create_index(op.f("ix_position_person_id"), "position", ["person_id"])
    op.create_index(op.f("ix_position_seat_id"), "position", ["seat_id"])
    op.create_table(
        "ratification",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("decision_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("sponsor_person_id", sa.Uuid()),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("answered_at", UtcDateTime()),
        sa.Column("answered_by", sa.String()),
        sa.Column("answer_words", sa.String()),
        sa.CheckConstraint("cause IN ('money', 'subject')", name=op.f("ck_ratification_cause_is_known")),
        sa.CheckConstraint("state IN ('asked', 'ratified', 'declined')", name=op.f("ck_ratification_state_is_known")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("fk_ratification_decision_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_ratification_seat_id")),
        sa.ForeignKeyConstraint(["sponsor_person_id"], ["person.id"], name=op.f("fk_ratification_sponsor_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratification")),
        sa.UniqueConstraint("decision_id", "seat_id", name=op.f("uq_ratification_decision_id_seat_id")),
    )
    op.create_index(op.f("ix_ratification_seat_id"), "ratification", ["seat_id"])
    op.create_index(op.f("ix_ratification_state_decision_id"), "ratification", ["state", "decision_id"])
    op.create_index(op.f("ix_ratification_sponsor_person_id"), "ratification", ["sponsor_person_id"])
    op.create_table(
        "action_change",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("due_on_before", sa.Date()),
        sa.Column("due_on_after", sa.Date()),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('done', 'slipped', 'reopened', 'dropped')", name=op.f("ck_action_change_kind_is_known")
        ),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_change_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_change")),
    )
    op.create_index(op.f("ix_action_change_action_id"), "action_change", ["action_id"])
    op.create_table(
        "objection_answer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position_id", sa.Uuid(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.CheckConstraint(
            "answer IN ('option-changed', 'measure-added', 'declined')",
            name=op.f("ck_objection_answer_answer_is_known"),
        ),
        sa.ForeignKeyConstraint(["position_id"], ["position.id"], name=op.f("fk_objection_answer_position_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objection_answer")),
        sa.UniqueConstraint("position_id", name=op.f("uq_objection_answer_position_id")),
    )
    op.create_table(
        "promise_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("action_id", sa.Uuid(), nullable=False),
        sa.Column("seat_id", sa.Uuid()),
        sa.Column("person_id", sa.Uuid()),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("answer", sa.String()),
        sa.Column("answered_by", sa.String()),
        sa.Column("answered_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_promise_question_action_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_promise_question_person_id")),
        sa.ForeignKeyConstraint(["seat_id"], ["seat.id"], name=op.f("fk_promise_question_seat_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise_question")),
    )
    op.create_index(op.f("ix_promise_question_action_id"), "promise_question", ["action_id"])
    op.create_index(op.f("ix_promise_question_person_id"), "promise_question", ["person_id"])
    # ### end Alembic commands ###
