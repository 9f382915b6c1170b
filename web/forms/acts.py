"""An act on the roster as a value: what it asks for, what it does, and whom a refusal is about.

    RosterAct.fields(asked) → the form          RosterAct.do(doing, typed) → what was done, in words

The page that asks, the rehearsal and the act itself all go through the same two functions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from governance.domain.access import Kind as Thing
from governance.domain.department import fold_department
from governance.domain.errors import GovernanceError
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services.mandates import MandateRefused, record_mandate
from governance.services.people import NotAPerson, person_named
from governance.services.recording import today_of
from governance.services.roster_page import RosterPage, RosterSeat
from governance.services.seats import SeatRefused
from governance.services.waiting_page import PlaceLine
from governance.store.people import sponsors_on
from web.forms.fields import Field, Kind, Typed
from web.wording.times import short_day

WEB = "web"
LONGEST_PLAN = timedelta(days=20 * 366)
"""How far ahead a day may lie: beyond that somebody has mistyped the year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a form is made from. `seat` is None where the act is about the meeting as a whole, `waiting` are those who
    wait for it, where the act is about them.
    """

    page: RosterPage
    seat: RosterSeat | None
    currency: str
    waiting: tuple[PlaceLine, ...] = ()

    @property
    def department(self) -> str:
        return self.seat.line.department if self.seat else ""

    @property
    def latest(self) -> date:
        return self.page.today + LONGEST_PLAN


@dataclass(frozen=True, slots=True)
class Doing:
    """What an act is done with; `by` is whom people will see, `actor` the same without an address."""

    session: Session
    meeting: Meeting
    seat: Seat | None
    department: str
    by: str
    actor: str
    now: datetime
    currency: str

    @property
    def today(self) -> date:
        return today_of(self.meeting, self.now)

    def on_seat(self, seat: Seat, department: str) -> Doing:
        return replace(self, seat=seat, department=department)

    @property
    def own_seat(self) -> Seat:
        if self.seat is None:
            raise LookupError("the act is of a seat and was given none")
        return self.seat


@dataclass(frozen=True, slots=True)
class RosterAct:
    """`grave` acts are confirmed by typing; `blame` says which field a refusal is about, by the kind of refusal.

    An act that only `leads_to` a change of the roster is shown with the consequences of that change, which `begins` on
    a day and is introduced by `follows`; nothing of it is approved beforehand.
    """

    code: str
    title: Callable[[Asked], str]
    button: str
    fields: Callable[[Asked], tuple[Field, ...]]
    do: Callable[[Doing, Typed], tuple[str, ...]]
    intro: str = ""
    of_seat: bool = True
    grave: bool = False
    starts: str = ""
    """The field with the day on which the act takes effect."""
    thing: Thing = Thing.ROSTER
    of_waiting: bool = False
    leads_to: Callable[[Doing, Typed], tuple[str, ...]] | None = None
    begins: Callable[[Asked], date | None] | None = None
    follows: str = ""
    back: str = "roster.shown"
    """Where one is led when it is done."""
    blame: Mapping[type[GovernanceError], str] = field(default_factory=dict)

    def at_fault(self, error: GovernanceError, typed: Typed) -> str:
        """The name of the field that the refusal is about; the first one where nothing better is known."""
        known = {NotAPerson: "email", SeatRefused: "email", MandateRefused: "scope", **self.blame}
        return next(
            (name for kind, name in known.items() if isinstance(error, kind) and name in typed.text), ""
        ) or next(iter(typed.text), "")


def person_fields(asked: Asked, label: str, *, hint: str = "", suggested: bool = True) -> tuple[Field, ...]:
    """Who it is: by address, with a name where we know none yet."""
    known = asked.seat.line.deputies if asked.seat and suggested else ()
    suggestions = tuple((one.person.address or "", one.person.name) for one in known if one.person.address)
    return (
        Field(
            "email", label, Kind.ADDRESS, hint or "The address as it stands in the calendar.", suggestions=suggestions
        ),
        Field("name", "Name", is_required=False, hint="Only needed for somebody who is not known here yet."),
    )


def mandate_fields(asked: Asked) -> tuple[Field, ...]:
    group = "Mandate"
    return (
        Field(
            "scope", "What they may decide", Kind.WORDS, is_required=False, longest=2000, group=group,
            hint="Leave this blank to record it later. Without a mandate nobody is added to the invitation.",
        ),
        Field(
            "limit", f"Up to how much money, in {asked.currency}", Kind.MONEY, is_required=False, group=group,
            hint="Blank is no authority over money.",
        ),
        Field(
            "mandate_until", "Until", Kind.DAY, is_required=False, group=group, earliest=asked.page.today,
            latest=asked.latest, hint="Blank is without an end.",
        ),
    )  # fmt: skip


def person_of(doing: Doing, typed: Typed) -> Person:
    return person_named(doing.session, typed.values["email"], typed.values.get("name"))


def give_mandate(doing: Doing, typed: Typed, person: Person, first_day: date) -> tuple[str, ...]:
    """Record what the form says of a mandate, or nothing where it says nothing.

    Raises:
        MandateRefused: when money or an end is given and no scope.
    """
    scope, limit, until = (typed.values.get(name) for name in ("scope", "limit", "mandate_until"))
    if scope is None:
        if limit is not None or until is not None:
            raise MandateRefused("Say what may be decided, or leave limit and end blank too")
        return ()
    sponsors = sponsors_on(doing.session, doing.today)
    record_mandate(
        doing.session, doing.meeting, doing.own_seat, person, scope=scope, limit_minor=limit, first_day=first_day,
        last_day=until, sponsor=sponsors.get(fold_department(doing.department)), actor=doing.actor, now=doing.now,
        source=WEB,
    )  # fmt: skip
    end = f" until {short_day(until)}" if until else ""
    return (f"A mandate is recorded for {said(person, typed)}, from {short_day(first_day)}{end}",)


def said(person: Person, typed: Typed) -> str:
    return person.name or typed.text.get("email", "") or typed.text.get("person", "") or "this person"


def from_day(day: date, today: date) -> str:
    return "from today on" if day <= today else f"from {short_day(day)} on"
