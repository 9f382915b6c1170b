"""A decision with everything that was said about it, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from governance.domain.charter import Way


class State(StrEnum):
    """How far a decision is; it follows from what was done and is never chosen (`life.state_of`)."""

    DRAFT = "draft"
    OPEN = "open"
    DECIDED = "decided"
    AWAITING = "awaiting"
    COMMITTED = "committed"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class Stance(StrEnum):
    """What a seat says. *Silent* is recorded by the chair, who asked; *hold* is an objection still being written."""

    FAVOUR = "favour"
    LIVE = "live"
    OBJECT = "object"
    RECUSE = "recuse"
    SILENT = "silent"
    HOLD = "hold"


class Source(StrEnum):
    """Who entered a position: the seat itself, scribe or chair as said in the room, the chair who asked and heard
    nothing, or the seat correcting what was entered for it.
    """

    OWN = "own"
    ROOM = "room"
    CHAIR = "chair"
    CORRECTION = "correction"


class Answer(StrEnum):
    """What became of an objection; each with its words."""

    OPTION_CHANGED = "option-changed"
    MEASURE_ADDED = "measure-added"
    DECLINED = "declined"


class Pledge(StrEnum):
    """What a seat commits to once it is decided; *no answer* is recorded by the chair."""

    WILL = "will"
    NEEDS = "needs"
    ESCALATE = "escalate"
    NO_ANSWER = "no-answer"


class Cause(StrEnum):
    """Why a sponsor is asked to ratify."""

    MONEY = "money"
    SUBJECT = "subject"


class RatificationState(StrEnum):
    ASKED = "asked"
    RATIFIED = "ratified"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Elector:
    """A seat of the frozen electorate: who sat for it when the positions opened, and with which authority.

    `is_empowered` is a mandate in force that day; `limit_minor` None is no authority over money.
    """

    seat: UUID
    department: str
    person: UUID
    name: str = ""
    is_stand_in: bool = False
    is_empowered: bool = True
    limit_minor: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    id: UUID
    text: str
    customer_effect: str = ""
    cost: str = ""
    risk: str = ""
    is_nothing: bool = False
    is_proposed: bool = False
    rank: int = 0
    version: int = 1
    seat: UUID | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """What a seat said in a round; positions are only ever added, the latest of a round stands.

    `removes` is what would remove the objection, `source` who entered it.
    """

    id: UUID
    seat: UUID
    stance: Stance
    round: int
    at: datetime
    source: Source = Source.OWN
    person: UUID | None = None
    reason: str = ""
    removes: str = ""
    interest: str = ""
    hold_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ObjectionAnswer:
    position: UUID
    answer: Answer
    words: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Commitment:
    """`words` is what is needed or why it is escalated; `reservation` is read like a position."""

    seat: UUID
    pledge: Pledge
    at: datetime
    words: str = ""
    reservation: str = ""
    person: UUID | None = None


@dataclass(frozen=True, slots=True)
class Ratification:
    seat: UUID
    cause: Cause
    state: RatificationState = RatificationState.ASKED
    words: str = ""
    sponsor: UUID | None = None
    id: UUID | None = None
    sponsor_name: str = ""
    answer_words: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Checklist:
    """What the closing asks for. `read_back_at` is when the wording was read to the room."""

    text: str = ""
    owner: UUID | None = None
    due_on: date | None = None
    customer_effect: str = ""
    teller: str = ""
    review_on: date | None = None
    informed: str = ""
    read_back_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Quorum:
    """Of `held` seats `needed` must be there; `present` are those that are, may decide and are not recused."""

    held: int
    needed: int
    present: int

    @property
    def is_met(self) -> bool:
        return self.present >= self.needed


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`quorum` is the one it was decided with. `payer` is the seat whose department bears `money_minor`.

    `shut_rounds` are earlier rounds that ended before their positions were opened: nobody else ever reads them.
    """

    id: UUID
    title: str
    way: Way = Way.CONSENT
    round: int = 1
    is_show_of_hands: bool = False
    why_few_options: str = ""
    money_minor: int | None = None
    payer: UUID | None = None
    checklist: Checklist = field(default_factory=Checklist)
    options: tuple[Option, ...] = ()
    electors: tuple[Elector, ...] = ()
    positions: tuple[Position, ...] = ()
    answers: Mapping[UUID, ObjectionAnswer] = field(default_factory=dict)
    commitments: tuple[Commitment, ...] = ()
    ratifications: tuple[Ratification, ...] = ()
    opened_at: datetime | None = None
    revealed_at: datetime | None = None
    decided_at: datetime | None = None
    closed_at: datetime | None = None
    withdrawn_at: datetime | None = None
    quorum: Quorum | None = None
    number: str | None = None
    shut_rounds: frozenset[int] = frozenset()

    def elector(self, seat: UUID) -> Elector | None:
        return next((one for one in self.electors if one.seat == seat), None)

    @property
    def proposed(self) -> Option | None:
        return next((one for one in self.options if one.is_proposed), None)
