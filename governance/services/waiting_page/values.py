"""What the page of the waiting lists shows, as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from governance.domain.waiting import Expected, Next, OfferState
from governance.services.meeting_page import PersonLine


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """Somebody who waits; `why` says in words why this is their place."""

    application: UUID
    person_id: UUID
    number: int
    person: PersonLine
    since: datetime
    endorsed_by: str | None
    endorsed_at: datetime | None
    why: str

    @property
    def is_supported(self) -> bool:
        return self.endorsed_at is not None


@dataclass(frozen=True, slots=True)
class OfferLine:
    """The newest offer of the seat; `last_day` is the last one on which it can be answered."""

    id: UUID
    application: UUID
    person_id: UUID
    person: PersonLine
    at: datetime
    last_day: date
    first_day: date
    state: OfferState
    why: str | None
    closed_at: datetime | None

    @property
    def is_open(self) -> bool:
        return self.state is OfferState.OPEN


@dataclass(frozen=True, slots=True)
class OwnPlace:
    """The reader's own application, without anybody else's name."""

    application: UUID
    number: int
    of: int
    since: datetime
    is_supported: bool
    offer: OfferLine | None


@dataclass(frozen=True, slots=True)
class WaitingSeat:
    """`many` is None where the reader may not know how many wait; `free_from` is the first day to be offered."""

    id: UUID
    department: str
    delegate_id: UUID | None
    delegate: PersonLine | None
    sponsor_id: UUID | None
    sponsor: PersonLine | None
    expected: Expected | None
    free_from: date | None
    places: tuple[PlaceLine, ...]
    many: int | None
    offer: OfferLine | None
    next: Next | None
    own: OwnPlace | None = None
    sees_list: bool = True
    may_offer: bool = False
    may_endorse: bool = False
    may_ask: bool = False
    may_leave_note: bool = False

    @property
    def is_waited_for(self) -> bool:
        """As far as the reader may know."""
        return bool(self.many or self.places or self.own or (self.offer and self.offer.is_open))

    def place(self, application: UUID) -> PlaceLine | None:
        return next((one for one in self.places if one.application == application), None)


@dataclass(frozen=True, slots=True)
class NoteLine:
    id: UUID
    seat_id: UUID
    department: str
    person: PersonLine
    text: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingPage:
    """`names` are those of the roster by address, for sentences about what was done."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    today: date
    seats: tuple[WaitingSeat, ...]
    notes: tuple[NoteLine, ...]
    names: dict[str, str]

    def seat(self, seat_id: UUID) -> WaitingSeat | None:
        return next((one for one in self.seats if one.id == seat_id), None)
