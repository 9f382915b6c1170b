"""Decisions and what was said about them. Once a decision is closed the database refuses to change it."""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.agenda import AgendaItem
from governance.models.base import Base, Identified, Versioned, one_of, only_one, parent
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat


class Decision(Identified, Versioned, Base):
    """One decision from its draft to its number.

    `state` follows from the rest (`domain.decisions.life.state_of`) and is kept for lists. `round` counts how often the
    positions were asked for. `present`, `needed` and `held` are the quorum it was decided with. `search_text` holds
    every folded word one may search for, never a position, `open_search_text` those of a closed one that everybody
    reads (`services.decisions.searching` keeps both). `seat_id` is the seat that brought it,
    `payer_seat_id` the one whose department bears `money_minor` (minor units).
    """

    __table_args__ = (
        one_of("state", "draft", "open", "decided", "awaiting", "committed", "closed", "withdrawn"),
        one_of("way", "consent", "majority", "two-thirds", "chair"),
        CheckConstraint("(closed_at IS NULL) = (number IS NULL)", name="numbered_when_closed"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_at_once"),
        CheckConstraint("money_minor >= 0", name="money_not_negative"),
        UniqueConstraint("meeting_id", "number"),
        UniqueConstraint("meeting_id", "number_year", "number_seq"),
        Index(None, "meeting_id", "state", "at"),
        Index(None, "meeting_id", "closed_at"),
        Index(None, "meeting_id", "owner_person_id", "number_year", "number_seq"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    occurrence_id: Mapped[UUID | None] = mapped_column(ForeignKey("occurrence.id"), index=True)
    item_id: Mapped[UUID | None] = mapped_column(ForeignKey("agenda_item.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    state: Mapped[str] = mapped_column(default="draft")
    title: Mapped[str]
    question: Mapped[str] = mapped_column(default="")
    customer: Mapped[str] = mapped_column(default="")
    why_few_options: Mapped[str] = mapped_column(default="")
    money_minor: Mapped[int | None] = mapped_column(BigInteger)
    payer_seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    way: Mapped[str] = mapped_column(default="consent")
    round: Mapped[int] = mapped_column(default=1)
    shut_rounds: Mapped[str] = mapped_column(default="")
    is_show_of_hands: Mapped[bool] = mapped_column(default=False)
    are_names_shown: Mapped[bool] = mapped_column(default=False)
    text: Mapped[str] = mapped_column(default="")
    customer_effect: Mapped[str] = mapped_column(default="")
    teller: Mapped[str] = mapped_column(default="")
    informed: Mapped[str] = mapped_column(default="")
    owner_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    due_on: Mapped[date | None]
    review_on: Mapped[date | None] = mapped_column(index=True)
    read_back_at: Mapped[datetime | None]
    opened_at: Mapped[datetime | None]
    revealed_at: Mapped[datetime | None]
    decided_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str | None]
    present: Mapped[int | None]
    needed: Mapped[int | None]
    held: Mapped[int | None]
    number: Mapped[str | None]
    number_year: Mapped[int | None]
    number_seq: Mapped[int | None]
    search_text: Mapped[str] = mapped_column(default="")
    open_search_text: Mapped[str] = mapped_column(default="")
    customer_folded: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting] = parent()
    occurrence: Mapped[Occurrence | None] = parent()
    item: Mapped[AgendaItem | None] = parent()
    seat: Mapped[Seat | None] = parent(foreign_keys="Decision.seat_id")
    payer: Mapped[Seat | None] = parent(foreign_keys="Decision.payer_seat_id")
    owner: Mapped[Person | None] = parent()


class DecisionOption(Identified, Versioned, Base):
    """A way out; the one of rank 0 is *do nothing* and its cost. One of them is proposed."""

    __table_args__ = (UniqueConstraint("decision_id", "rank"),)
    partly_unique = (only_one("decision_id", where="is_proposed", name="proposed"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    rank: Mapped[int]
    text: Mapped[str]
    customer_effect: Mapped[str] = mapped_column(default="")
    cost: Mapped[str] = mapped_column(default="")
    risk: Mapped[str] = mapped_column(default="")
    is_proposed: Mapped[bool] = mapped_column(default=False)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    by: Mapped[str]
    at: Mapped[datetime]

    decision: Mapped[Decision] = parent()
    seat: Mapped[Seat | None] = parent()


class Elector(Identified, Base):
    """A seat of the frozen electorate, as it stood when the positions opened."""

    __table_args__ = (UniqueConstraint("decision_id", "seat_id"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    department: Mapped[str]
    is_stand_in: Mapped[bool]
    is_empowered: Mapped[bool]
    limit_minor: Mapped[int | None] = mapped_column(BigInteger)

    decision: Mapped[Decision] = parent()
    seat: Mapped[Seat] = parent()
    person: Mapped[Person] = parent()


class Position(Identified, Base):
    """What a seat said; rows are only added, the latest of the round stands. Read by few: see `docs/access.md`."""

    __table_args__ = (
        one_of("stance", "favour", "live", "object", "recuse", "silent", "hold"),
        one_of("source", "own", "room", "chair", "correction"),
        CheckConstraint("stance <> 'object' OR interest <> ''", name="objection_names_its_interest"),
        CheckConstraint("(stance = 'hold') = (hold_until IS NOT NULL)", name="hold_has_a_clock"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    round: Mapped[int]
    stance: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    removes: Mapped[str] = mapped_column(default="")
    interest: Mapped[str] = mapped_column(default="")
    hold_until: Mapped[datetime | None]
    source: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    decision: Mapped[Decision] = parent()
    seat: Mapped[Seat] = parent()
    person: Mapped[Person | None] = parent()


class ObjectionAnswer(Identified, Base):
    """What became of an objection."""

    __table_args__ = (one_of("answer", "option-changed", "measure-added", "declined"),)

    position_id: Mapped[UUID] = mapped_column(ForeignKey("position.id"), unique=True)
    answer: Mapped[str]
    words: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]

    position: Mapped[Position] = parent()


class Commitment(Identified, Base):
    """What a seat will do about the decision; rows are only added, one given after the closing points at it."""

    __table_args__ = (one_of("pledge", "will", "needs", "escalate", "no-answer"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    pledge: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    reservation: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[datetime]

    decision: Mapped[Decision] = parent()
    seat: Mapped[Seat] = parent()
    person: Mapped[Person | None] = parent()


class Ratification(Identified, Base):
    """A sponsor is asked for what lies beyond their seat's mandate; `at` is when they were last asked anew.

    `words` are those in which the seat says that the subject is beyond it; without them it is the money alone.
    """

    __table_args__ = (
        UniqueConstraint("decision_id", "seat_id"),
        Index(None, "state", "decision_id"),
        one_of("cause", "money", "subject"),
        one_of("state", "asked", "ratified", "declined"),
    )

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"))
    seat_id: Mapped[UUID] = mapped_column(ForeignKey("seat.id"), index=True)
    cause: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    sponsor_person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    state: Mapped[str] = mapped_column(default="asked")
    by: Mapped[str]
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by: Mapped[str | None]
    answer_words: Mapped[str | None]

    decision: Mapped[Decision] = parent()
    seat: Mapped[Seat] = parent()
    sponsor: Mapped[Person | None] = parent()


class DecisionMark(Identified, Base):
    """What became of a closed decision, pointing at it: kept or not, reviewed, or superseded by a later one."""

    __table_args__ = (
        one_of("kind", "kept", "not-kept", "reviewed", "superseded"),
        CheckConstraint("(kind = 'superseded') = (later_decision_id IS NOT NULL)", name="superseded_by_one"),
    )
    partly_unique = (only_one("decision_id", where="kind = 'superseded'", name="superseded"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    kind: Mapped[str]
    words: Mapped[str] = mapped_column(default="")
    later_decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("decision.id"), index=True)
    review_on: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime]

    decision: Mapped[Decision] = parent(foreign_keys="DecisionMark.decision_id")
    later: Mapped[Decision | None] = parent(foreign_keys="DecisionMark.later_decision_id")


class Challenge(Identified, Versioned, Base):
    """A closed decision was challenged from above: by whom, what, who answered for the group, whether it stood."""

    __table_args__ = (one_of("outcome", "open", "stood", "changed"),)

    decision_id: Mapped[UUID] = mapped_column(ForeignKey("decision.id"), index=True)
    by_whom: Mapped[str]
    what: Mapped[str]
    answered_by: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="open")
    settled_at: Mapped[datetime | None]
    by: Mapped[str]
    at: Mapped[datetime]

    decision: Mapped[Decision] = parent()
