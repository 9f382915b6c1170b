"""Situations as values: a meeting of three seats that is in order, and small changes to it.

`in_order()` is the nothing-changes case; every test states how its situation differs from it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from governance.domain.block import Block
from governance.domain.people import Person, PersonId
from governance.domain.roster import (
    Deputy,
    Mandate,
    Roster,
    Seat,
    StandIn,
    StandInCause,
    StandingGuest,
    Tenure,
    Term,
    Visitor,
)
from governance.domain.rules import Mode, Modes
from governance.reconcile.drift import Situation, rules_of
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.ports import AddressKind, DirectoryEntry

MONDAY = datetime(2026, 11, 23, 8, tzinfo=UTC)
"""Now: the Monday before the meeting of Thursday 26 November, 10:00 in Berlin."""
THURSDAY = datetime(2026, 11, 26, 9, tzinfo=UTC)
NEXT_THURSDAY = THURSDAY + timedelta(days=7)
LENGTH = timedelta(hours=1)
SERIES = "weekly"
SINCE = Term(date(2026, 1, 1))


def person(number: int, name: str) -> Person:
    return Person(PersonId(UUID(int=number)), name.title(), (f"{name}@example.com",))


CHAIR, SCRIBE = person(1, "chair"), person(2, "scribe")
AMARA, HENRIK, MEI = person(11, "amara"), person(12, "henrik"), person(13, "mei")
JONAS, TOMAS = person(21, "jonas"), person(22, "tomas")
VERA = person(31, "vera")
EVERYBODY = (CHAIR, SCRIBE, AMARA, HENRIK, MEI, JONAS, TOMAS, VERA)
FINANCE, LEGAL, SECURITY = UUID(int=101), UUID(int=102), UUID(int=103)
BLOCK = Block("We decide for the customers.\nhttps://meetings.example.com/m/steering/next")


def mandate(of: Person, *, first: date = SINCE.first_day, last: date | None = None) -> Mandate:
    return Mandate(of.id, Term(first, last), scope="whatever the department decides")


def seat(id_: UUID, department: str, holder: Person | None, *deputies: Person, mandated: bool = True) -> Seat:
    people = [one for one in (holder, *deputies) if one is not None]
    return Seat(
        id=id_,
        department=department,
        tenures=(Tenure(holder.id, SINCE),) if holder else (),
        mandates=tuple(mandate(one) for one in people) if mandated else (),
        deputies=tuple(Deputy(one.id, SINCE, rank) for rank, one in enumerate(deputies, 1)),
        department_people=frozenset(one.id for one in people),
    )


def roster(**differences: object) -> Roster:
    values: dict[str, object] = {
        "time_zone": "Europe/Berlin",
        "cap": 8,
        "seats": (
            seat(FINANCE, "Finance", AMARA, JONAS),
            seat(LEGAL, "Legal", HENRIK, TOMAS),
            seat(SECURITY, "IT Security", MEI),
        ),
        "people": {one.id: one for one in EVERYBODY},
        "address_owner": {address: one.id for one in EVERYBODY for address in one.addresses},
        "always_allowed": frozenset({CHAIR.id, SCRIBE.id}),
    }
    return Roster(**{**values, **differences})  # type: ignore[arg-type]


def guest(of: Person | str, answer: str = "needsAction", **flags: object) -> Guest:
    address = of.address if isinstance(of, Person) else of
    received = {"email": address, "responseStatus": answer}
    if flags.get("optional"):
        received["optional"] = True  # type: ignore[assignment]
    if plus := flags.get("plus_ones"):
        received["additionalGuests"] = plus  # type: ignore[assignment]
    return Guest(address, answer=answer, received=received, **flags)  # type: ignore[arg-type]


SEATED = (guest(AMARA), guest(HENRIK), guest(MEI))


def series(*guests: Guest, **differences: object) -> ObservedEvent:
    values: dict[str, object] = {
        "id": SERIES,
        "etag": '"1"',
        "summary": "Steering",
        "recurrence": ("RRULE:FREQ=WEEKLY;BYDAY=TH",),
        "start": datetime(2026, 1, 8, 9, tzinfo=UTC),
        "end": datetime(2026, 1, 8, 10, tzinfo=UTC),
        "time_zone": "Europe/Berlin",
        "organizer": CHAIR.address,
        "organizer_is_calendar": True,
        "guests": (Guest(CHAIR.address, organizer=True, received={"email": CHAIR.address}), *guests),
        "guests_can_invite": False,
        "description": f"Bring coffee.\n\n{BLOCK.written()}",
    }
    return ObservedEvent(**{**values, **differences})  # type: ignore[arg-type]


def exception(original_start: datetime, *guests: Guest, **differences: object) -> ObservedEvent:
    values: dict[str, object] = {
        "id": f"{SERIES}_{original_start:%Y%m%dT%H%M%SZ}",
        "etag": '"2"',
        "recurrence": (),
        "series_id": SERIES,
        "original_start": original_start,
        "start": original_start,
        "end": original_start + LENGTH,
    }
    return series(*guests, **{**values, **differences})


@dataclass(frozen=True)
class Told:
    """How a situation differs from the one in order."""

    guests: tuple[Guest, ...] = SEATED
    exceptions: tuple[ObservedEvent, ...] = ()
    event: dict[str, object] = field(default_factory=dict)
    roster: dict[str, object] = field(default_factory=dict)
    modes: dict[str, str] = field(default_factory=dict)
    picture: dict[str, object] = field(default_factory=dict)
    directory: dict[str, DirectoryEntry] = field(default_factory=dict)
    block: Block | None = BLOCK
    now: datetime = MONDAY


def situation(**differences: object) -> Situation:
    told = Told(**differences)  # type: ignore[arg-type]
    event = series(*told.guests, **told.event)
    picture = SeriesPicture(
        id=UUID(int=1001),
        event_id=SERIES,
        series=event,
        exceptions=told.exceptions,
        baseline=frozenset({CHAIR.address, AMARA.address, HENRIK.address, MEI.address}),
        known_rules=rules_of(series()),
    )
    return Situation(
        now=told.now,
        roster=roster(**told.roster),
        modes=Modes({code: Mode(mode) for code, mode in told.modes.items()}),
        pictures=(replace(picture, **told.picture),),  # type: ignore[arg-type]
        block=told.block,
        directory=told.directory,
        site_domains=frozenset({"example.com"}),
    )


def in_order() -> Situation:
    return situation()


def stand_in(
    seat_id: UUID, deputy: Person, cause: StandInCause = StandInCause.NAMED, on: datetime = THURSDAY
) -> dict[str, object]:
    """A roster difference: the deputy sits on that occurrence."""
    return {"stand_ins": {on: (StandIn(seat_id, deputy.id, cause),)}}


def visitor(of: Person, on: datetime = THURSDAY) -> dict[str, object]:
    return {"visitors": {on: (Visitor(of.id, "presents the audit"),)}}


def standing_guest(of: Person, until: date) -> dict[str, object]:
    return {"standing_guests": (StandingGuest(of.id, "learns the ropes", until),)}


def group(address: str) -> dict[str, DirectoryEntry]:
    return {address: DirectoryEntry(AddressKind.GROUP)}


def user(address: str, department: str) -> dict[str, DirectoryEntry]:
    entry = DirectoryEntry(AddressKind.USER, (address,), directory_id=address, department=department)
    return {address: entry}
