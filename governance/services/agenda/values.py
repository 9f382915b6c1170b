"""The agenda of an occurrence as it is shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from governance.domain.agenda import Coming, Outcome, Place, Planned, Purpose


@dataclass(frozen=True, slots=True)
class LinkedDecision:
    """`ref` is its number, or its identifier as long as it has none."""

    ref: str
    number: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Became:
    """What became of an item at one occurrence, in whose hands."""

    outcome: Outcome
    words: str = ""
    person: str = ""
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An item with every place it ever had; `became` by occurrence."""

    id: UUID
    version: int
    title: str
    purpose: Purpose
    minutes: int | None
    papers: tuple[str, ...]
    customer: str
    brought_by: str
    seat: UUID | None
    person: UUID | None
    places: tuple[Place, ...]
    became: dict[UUID, Became]


@dataclass(frozen=True, slots=True)
class AgendaLine:
    """An item on this agenda; `place` is None while it is carried here and nobody has acted on the agenda since.

    `returns` counts how often it had come back by this occurrence, `choices` what may be said of it now.
    """

    item: Item
    place: Place | None
    returns: int
    became: Became | None
    decisions: tuple[LinkedDecision, ...] = ()
    choices: tuple[Outcome, ...] = ()
    may_change: bool = False
    is_open: bool = True

    @property
    def is_to_be_chosen(self) -> bool:
        return Outcome.CARRIED not in self.choices and bool(self.choices)


@dataclass(frozen=True, slots=True)
class DuePromise:
    id: UUID
    text: str
    owner: str
    due_on: date
    is_late: bool


@dataclass(frozen=True, slots=True)
class DueReview:
    number: str
    title: str
    review_on: date


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """`key` names the occurrence in forms: its original start; empty where none is known."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    key: str
    start: datetime | None
    end: datetime | None
    closes_at: datetime | None
    promises: tuple[DuePromise, ...]
    reviews: tuple[DueReview, ...]
    lines: tuple[AgendaLine, ...]
    planned: Planned
    coming: tuple[Coming, ...]
    has_begun: bool = False
    is_over: bool = False
    may_add: bool = False
    may_lead: bool = False
    is_seated: bool = False
    may_decide: bool = False

    @property
    def ahead(self) -> tuple[Coming, ...]:
        """The occurrences after this one."""
        return tuple(one for one in self.coming if self.start is None or one.start > self.start)

    def line(self, item: UUID) -> AgendaLine | None:
        return next((one for one in self.lines if one.item.id == item), None)
