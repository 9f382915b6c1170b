"""Acts on departments: a seat is opened, a department renamed, joined with another, split, or closed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from uuid import UUID

from governance.domain.errors import GovernanceError
from governance.services import departments, occurrences
from governance.services.departments import By, DepartmentRefused
from governance.services.guests import GuestRefused
from governance.services.people import person_named
from governance.services.seats import WrongName
from governance.store.seats import department_of, seat_by_id
from web.forms.acts import WEB, Asked, Doing, RosterAct, give_mandate, mandate_fields, person_fields
from web.forms.fields import Field, Kind, Typed
from web.wording.times import day, short_day

STAYS, JOINS = "stays", "joins"


def _by(doing: Doing) -> By:
    return By(doing.actor, doing.now, WEB, doing.by)


def _open_fields(asked: Asked) -> tuple[Field, ...]:
    hint = "As the organisation calls it. The seat is vacant at first; appoint somebody next."
    return (Field("department", "Department", hint=hint),)


def _open(doing: Doing, typed: Typed) -> tuple[str, ...]:
    seat = departments.open_department(doing.session, doing.meeting, typed.values["department"], _by(doing))
    return (f"{department_of(doing.session, seat).name} has a seat",)


def _rename_fields(asked: Asked) -> tuple[Field, ...]:
    return (Field("department", "New name", value=asked.department),)


def _rename(doing: Doing, typed: Typed) -> tuple[str, ...]:
    name = typed.values["department"]
    departments.rename_department(doing.session, doing.meeting, doing.own_seat, name, _by(doing))
    return (f"{doing.department} is called {name}",) if name != doing.department else ()


def _merge_fields(asked: Asked) -> tuple[Field, ...]:
    others = [one.line for one in asked.page.seats if one is not asked.seat]
    choices = tuple(
        (str(one.id), f"{one.department} ({one.delegate.name if one.delegate else 'vacant'})") for one in others
    )
    own = asked.seat.line.delegate if asked.seat else None
    delegates = (
        (STAYS, f"{own.name}, the delegate of {asked.department}" if own else f"Nobody: {asked.department} is vacant"),
        (JOINS, "The delegate of the department that joins"),
    )
    days = tuple((one.day.isoformat(), day(one.day)) for one in asked.page.upcoming)
    return (
        Field("joining", f"Which department joins {asked.department}", Kind.CHOICE, choices=choices),
        Field("who", "Who sits from today on", Kind.CHOICE, choices=delegates, value=STAYS if own else JOINS),
        Field(
            "overlap", "The other delegate comes once more, as a visitor, on", Kind.CHOICE, is_required=False,
            choices=(("", "No, not any more"), *days), hint="So that nothing is lost in handing over.",
        ),
        Field(
            "typed", "Type the name of the department that stays", Kind.TYPED, expected=asked.department,
            hint=f"“{asked.department}”. The other seat is closed; both histories stay.",
        ),
    )  # fmt: skip


def _merge(doing: Doing, typed: Typed) -> tuple[str, ...]:
    joining = seat_by_id(doing.session, doing.meeting.id, UUID(typed.values["joining"]))
    if joining is None:
        raise DepartmentRefused("Choose a department with a seat", "this one has given its seat up")
    name = department_of(doing.session, joining).name
    overlap = typed.values["overlap"]
    occurrence = (
        occurrences.occurrence_on(doing.session, doing.meeting, date.fromisoformat(overlap), now=doing.now)
        if overlap
        else None
    )
    departments.merge_departments(
        doing.session, doing.meeting, doing.own_seat, joining, joining_delegate_stays=typed.values["who"] == JOINS,
        overlap=occurrence, by=_by(doing),
    )  # fmt: skip
    lines = [f"{name} is part of {doing.department}, and its own seat is closed"]
    if overlap:
        lines.append(f"The other delegate visits on {short_day(date.fromisoformat(overlap))}")
    return tuple(lines)


def _split_fields(asked: Asked) -> tuple[Field, ...]:
    name = Field("department", "Name of the new department")
    email, person = person_fields(asked, "Who sits for it", hint="Blank leaves the new seat vacant.")
    return (name, replace(email, is_required=False), person, *mandate_fields(asked))


def _split(doing: Doing, typed: Typed) -> tuple[str, ...]:
    address, name = typed.values["email"], typed.values["department"]
    person = person_named(doing.session, address, typed.values["name"]) if address else None
    new = departments.split_department(doing.session, doing.meeting, doing.own_seat, name, person, _by(doing))
    lines = (f"{name} has a seat of its own beside {doing.department}",)
    if person is None:
        return lines
    sits = f"{person.name or address} sits for {name} from today on"
    return (*lines, sits, *give_mandate(doing.on_seat(new, name), typed, person, doing.today))


def _close_fields(asked: Asked) -> tuple[Field, ...]:
    return (
        Field(
            "typed", "Type the department’s name", Kind.TYPED, expected=asked.department,
            hint=f"“{asked.department}”. Its history stays, and it can have a seat again later.",
        ),
    )  # fmt: skip


def _close(doing: Doing, typed: Typed) -> tuple[str, ...]:
    departments.close_department(doing.session, doing.meeting, doing.own_seat, _by(doing))
    return (f"{doing.department} gives its seat up today",)


_BLAME: Mapping[type[GovernanceError], str] = {DepartmentRefused: "department", WrongName: "department"}

DEPARTMENT_ACTS = (
    RosterAct(
        "open-seat", lambda a: "Open a seat for a department", "Open the seat", _open_fields, _open, of_seat=False,
        blame=_BLAME,
    ),
    RosterAct(
        "rename", lambda a: f"Rename {a.department}", "Rename", _rename_fields, _rename, blame=_BLAME,
        intro="The same department under another name: its seat, people and mandates stay.",
    ),
    RosterAct(
        "merge", lambda a: f"Another department joins {a.department}", "Merge the two", _merge_fields, _merge,
        grave=True, blame={DepartmentRefused: "who", GuestRefused: "overlap"},
        intro="One seat stays. Deputies of both deputise for it, and whoever comes along keeps the mandate they had.",
    ),
    RosterAct(
        "split", lambda a: f"A part of {a.department} gets a seat of its own", "Split", _split_fields, _split,
        blame=_BLAME, intro="The seat that is there stays as it is.",
    ),
    RosterAct(
        "close", lambda a: f"{a.department} gives its seat up", "Close the seat", _close_fields, _close, grave=True,
    ),
)  # fmt: skip
