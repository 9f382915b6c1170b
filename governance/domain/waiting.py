"""Who waits for a seat: in which order and why, when it may be expected, and what comes next. Pure.

applications → in_order → places with their reason
seat         → expected_after, free_from
both, offers → next_step
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.domain.roster import Seat, Tenure, Term

RULE = "Whom the sponsor supports comes first; otherwise whoever asked first."

OFFER_LASTS = timedelta(days=7)
LONGEST_OFFER = timedelta(days=60)
"""Longer, and everybody behind would wait for somebody who does not answer."""


@dataclass(frozen=True, slots=True)
class Asking:
    """An open application; `id` is its own."""

    id: UUID
    person: UUID
    at: datetime
    endorsed_at: datetime | None = None

    @property
    def is_supported(self) -> bool:
        return self.endorsed_at is not None


@dataclass(frozen=True, slots=True)
class Place:
    """`number` counts from 1; `why` is the end of a sentence that begins with the person."""

    number: int
    asking: Asking
    why: str


def in_order(askings: Iterable[Asking]) -> tuple[Place, ...]:
    """By `RULE`; of two who asked at the same instant the earlier entry, so that the order is never chance."""
    ordered = sorted(askings, key=lambda one: (not one.is_supported, one.at, one.id))
    supported = sum(1 for one in ordered if one.is_supported)
    return tuple(
        Place(number, one, _why(number if one.is_supported else number - supported, is_supported=one.is_supported))
        for number, one in enumerate(ordered, start=1)
    )


def place_of(askings: Iterable[Asking], application: UUID) -> int | None:
    """The place of that application, None where it does not wait."""
    return next((one.number for one in in_order(askings) if one.asking.id == application), None)


def _why(number: int, *, is_supported: bool) -> str:
    among = "supported by the sponsor" if is_supported else "not supported by the sponsor"
    return f"{among}; {_ORDINALS[number - 1] if number <= len(_ORDINALS) else f'number {number}'} to ask among those"


_ORDINALS = ("first", "second", "third", "fourth", "fifth")


class When(StrEnum):
    """What can be said of the day from which a seat is free; what is not known is said to be unknown."""

    NOW = "now"
    ROOM_FULL = "room full"
    """Vacant, but as many seats have a holder as the cap allows."""
    TENURE_ENDS = "tenure ends"
    MANDATE_ENDS = "mandate ends"
    """The delegate's authority ends then; with a new mandate they stay."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Expected:
    """`day` is the first one without the present holder."""

    when: When
    day: date | None = None


def expected_after(seat: Seat, on: date, *, room_is_full: bool) -> Expected:
    last = _last_holder(seat, on)
    if last is None:
        return Expected(When.ROOM_FULL if room_is_full else When.NOW)
    if last.term.last_day is not None:
        return Expected(When.TENURE_ENDS, _after(last.term.last_day))
    mandate = seat.last_mandate(last.person, max(on, last.term.first_day))
    if mandate is None or mandate.term.last_day is None or mandate.term.last_day < on:
        return Expected(When.UNKNOWN)
    return Expected(When.MANDATE_ENDS, _after(mandate.term.last_day))


def free_from(tenures: Iterable[Tenure], on: date) -> date | None:
    """The first day from which somebody can hold the seat for good; None while its last holder has no last day."""
    ends = [one.term.last_day for one in tenures if one.term.last_day is None or one.term.last_day >= on]
    known = [end for end in ends if end is not None]
    return None if len(known) < len(ends) else max([on, *map(_after, known)])


def is_free_from(tenures: Iterable[Tenure], day: date) -> bool:
    return not any(one.term.overlaps(Term(day)) for one in tenures)


def _last_holder(seat: Seat, on: date) -> Tenure | None:
    """Who sits or will sit, the last of them."""
    ahead = [one for one in seat.tenures if one.term.last_day is None or one.term.last_day >= on]
    return max(ahead, key=lambda one: one.term.first_day, default=None)


def _after(day: date) -> date:
    return day + timedelta(days=1)


# --- Offers


class OfferState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Offered:
    """The seat was offered to an applicant; they would sit from `first_day` on, but not before they accept."""

    application: UUID
    at: datetime
    ends_at: datetime
    first_day: date
    answer: str | None = None

    def state(self, now: datetime) -> OfferState:
        return offer_state(self.answer, self.ends_at, now)


def offer_state(answer: str | None, ends_at: datetime, now: datetime) -> OfferState:
    """What has passed its end has ended, also while nobody has noted it."""
    if answer is not None:
        return OfferState(answer)
    return OfferState.OPEN if now < ends_at else OfferState.ENDED


class Next(StrEnum):
    """What whoever leads the meeting can do about a seat's waiting list."""

    NOBODY_WAITS = "nobody waits"
    NOT_FREE = "not free"
    OFFER = "offer"
    OFFER_AGAIN = "offer again"
    """The last offer ended without an answer, and whoever did not answer still waits."""
    WAIT = "wait"


def next_step(places: Sequence[Place], offers: Iterable[Offered], free: date | None, now: datetime) -> Next:
    newest = max(offers, key=lambda one: one.at, default=None)
    state = newest.state(now) if newest is not None else None
    if state is OfferState.OPEN:
        return Next.WAIT
    if not places:
        return Next.NOBODY_WAITS
    if free is None:
        return Next.NOT_FREE
    still_waits = newest is not None and any(one.asking.id == newest.application for one in places)
    return Next.OFFER_AGAIN if state is OfferState.ENDED and still_waits else Next.OFFER


def needs_reason(places: Sequence[Place], application: UUID) -> bool:
    """Whoever is offered a seat out of their turn is offered it for a reason."""
    return not places or places[0].asking.id != application


def ends_at(last_day: date, time_zone: str) -> datetime:
    """An offer holds until that day is over where the meeting is held."""
    return datetime.combine(_after(last_day), time.min, ZoneInfo(time_zone)).astimezone(UTC)


def last_day_of(end: datetime, time_zone: str) -> date:
    """The day on which one can still answer."""
    return (end.astimezone(ZoneInfo(time_zone)) - timedelta(microseconds=1)).date()
