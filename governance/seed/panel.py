"""What a visitor of the demo can do to an invitation, each as one of the cast and in Google's pages alone.

The panel knows the sandbox and nothing of the service: whatever happens next, the service has found out by itself.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from governance.calendar.sandbox.client import SandboxControl
from governance.seed import cast
from governance.seed.cast import DOMAIN, Character

SCENES_FILE = "demo.json"
"""Lies beside the configuration of a demo, and nowhere else."""

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DemoAct:
    id: str
    label: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Place:
    """A meeting of the demo: in which calendar it is, under which event, who sits for whom, who cannot come."""

    calendar: str
    event_id: str
    seats: dict[str, str]
    away: list[str]


class Panel:
    """Performs acts on the sandbox. Somebody else is sent every time, so that the same act may be tried again."""

    def __init__(self, control: SandboxControl, places: dict[str, Place]) -> None:
        self._control = control
        self._places = places
        self._turn = count()

    def acts(self) -> tuple[DemoAct, ...]:
        return tuple(act for act, _ in _ACTS)

    def perform(self, act_id: str, slug: str) -> None:
        """Do it now; an unknown meeting or act is ignored, as a page that is out of date would ask for it."""
        doer = next((do for act, do in _ACTS if act.id == act_id), None)
        place = self._places.get(slug)
        if doer is not None and place is not None:
            doer(_Invitation(self._control, place, next(self._turn)))


def panel_beside(config_path: Path, api_root: str | None) -> Panel | None:
    """The panel of the demo whose configuration this is; None for every other installation."""
    file = config_path.with_name(SCENES_FILE)
    if api_root is None or not api_root.startswith("http://127.0.0.1:") or not file.is_file():
        return None
    written = json.loads(file.read_text(encoding="utf-8"))
    places = {slug: Place(**place) for slug, place in written["places"].items()}
    return Panel(SandboxControl(api_root), places)


class _Invitation:
    """One meeting's events as they are now; `turn` chooses among those who could act."""

    def __init__(self, control: SandboxControl, place: Place, turn: int) -> None:
        self.control = control
        self.place = place
        self.turn = turn
        self.calendar = place.calendar
        self.upcoming = self._upcoming()
        self.series, self.next = self.upcoming[0]

    def guests(self) -> list[Event]:
        return list(self.series.get("attendees", []))

    def somebody(self) -> str:
        """A delegate who is on the invitation."""
        return self.delegates()[self.turn % len(self.delegates())]

    def delegates(self) -> list[str]:
        invited = {guest["email"] for guest in self.guests()}
        return [address for address in self.place.seats.values() if address in invited]

    def stranger(self, among: tuple[Character, ...]) -> str:
        """Another one each time, for a change that is undone again and again would be called contested."""
        invited = {guest["email"] for guest in self.guests()} | set(self.place.seats.values())
        addresses = [who.address for who in among]
        free = [address for address in addresses if address not in invited] or addresses
        return free[self.turn % len(free)]

    def of(self, department: str) -> str:
        return self.place.seats[department]

    def write(self, patch: Event) -> None:
        self.control.organizer_edits(self.calendar, self.series["id"], patch)

    def _upcoming(self) -> list[tuple[Event, Event]]:
        """The next occurrences with their series, of which there are several after a split."""
        now = datetime.now(UTC)
        found: list[tuple[Event, Event]] = []
        for event in self.control.events(self.calendar):
            is_ours = event["id"].partition("_")[0] == self.place.event_id and event.get("recurrence")
            if is_ours and event.get("status") != "cancelled":
                ahead = self.control.instances(self.calendar, event["id"], 3, after=now)
                found += [(event, one) for one in ahead]
        if not found:
            raise LookupError(f"no occurrence of {self.place.event_id} lies ahead")
        return sorted(found, key=lambda one: _instant(one[1]["start"]))


# What people do


def _forward(one: _Invitation) -> None:
    one.control.forward(one.calendar, one.series["id"], one.somebody(), one.stranger(_STRANGERS))


def _second_person(one: _Invitation) -> None:
    by = one.of("Finance")
    one.control.forward(one.calendar, one.series["id"], by, one.stranger(_OF_FINANCE))


def _group(one: _Invitation) -> None:
    one.control.forward(one.calendar, one.series["id"], one.somebody(), f"{cast.ALL_HANDS}@{DOMAIN}")


def _let_invite(one: _Invitation) -> None:
    one.control.flip_flags(one.calendar, one.series["id"], guestsCanInviteOthers=True)


def _decline(one: _Invitation) -> None:
    one.control.answers(one.calendar, one.next["id"], one.of("Legal"), "declined")


def _accept(one: _Invitation) -> None:
    one.control.answers(one.calendar, one.next["id"], one.of("Legal"), "accepted")


def _drop(one: _Invitation) -> None:
    one.control.drop_guest(one.calendar, one.series["id"], one.of("Operations"))


def _make_optional(one: _Invitation) -> None:
    _change_guest(one, one.somebody(), optional=True)


def _bring_two(one: _Invitation) -> None:
    _change_guest(one, one.somebody(), additionalGuests=2)


def _edit_description(one: _Invitation) -> None:
    text = str(one.series.get("description", ""))
    one.write({"description": text.replace("One person per department", "Anybody who likes to come")})


def _only_once(one: _Invitation) -> None:
    one.control.forward(one.calendar, one.next["id"], one.somebody(), one.stranger(_STRANGERS))


def _move(one: _Invitation) -> None:
    hour = timedelta(hours=1)
    start, end = _instant(one.next["start"]) + hour, _instant(one.next["end"]) + hour
    one.control.move_instance(one.calendar, one.next["id"], start.isoformat(), end.isoformat())


def _split(one: _Invitation) -> None:
    """From the occurrence after the next one; the first of a series has nothing before it to be split from."""
    for series, occurrence in one.upcoming[1:]:
        [first] = one.control.instances(one.calendar, series["id"], 1)
        if first["id"] != occurrence["id"]:
            one.control.split(one.calendar, series["id"], occurrence["id"])
            return


def _cut(one: _Invitation) -> None:
    one.control.fault("close_after", route="events.patch", count=1)
    _forward(one)


def _put_back(one: _Invitation) -> None:
    """Times and answers are people's own; everything else the service has put right by itself."""
    one.control.clear_faults()
    original = one.next.get("originalStartTime")
    if original is not None and _instant(original) != _instant(one.next["start"]):
        start = _instant(original)
        length = _instant(one.next["end"]) - _instant(one.next["start"])
        one.control.move_instance(one.calendar, one.next["id"], start.isoformat(), (start + length).isoformat())
    for address in one.delegates():
        answer = "declined" if address in one.place.away else "accepted"
        one.control.answers(one.calendar, one.next["id"], address, answer)


def _change_guest(one: _Invitation, address: str, **fields: Any) -> None:
    changed = [{**guest, **fields} if guest["email"] == address else guest for guest in one.guests()]
    one.write({"attendees": changed})


def _instant(when: Event) -> datetime:
    return datetime.fromisoformat(when["dateTime"])


_STRANGERS = (cast.LARS, cast.WALTER, cast.HELENA, cast.CHIARA, cast.YUSUF, cast.SUNNIVA, cast.ANTON, cast.MARTA)
_OF_FINANCE = (cast.KATJA, cast.ISMAEL, cast.BEATRICE)

_ACTS: tuple[tuple[DemoAct, Callable[[_Invitation], None]], ...] = (
    (DemoAct("forward", "Forward the invitation", "A delegate passes it on to a colleague who has no seat."), _forward),
    (
        DemoAct("second-person", "Add a second person of Finance", "The seat is filled, and has one place."),
        _second_person,
    ),
    (DemoAct("add-group", "Add a mailing list", "Everybody on it would be invited at once."), _group),
    (
        DemoAct("let-invite", "Let guests invite others", "Somebody ticks the box in the calendar."),
        _let_invite,
    ),
    (
        DemoAct("decline", "Decline as Legal", "The first deputy with a mandate sits that day."),
        _decline,
    ),
    (DemoAct("accept", "Come after all", "Legal's delegate changes the answer back."), _accept),
    (
        DemoAct("remove-delegate", "Drop the delegate of Operations", "Put back once a day; then the chair is asked."),
        _drop,
    ),
    (DemoAct("optional", "Make a delegate optional", "A seat is not optional."), _make_optional),
    (DemoAct("plus-ones", "Bring two more", "A delegate adds two unnamed guests."), _bring_two),
    (
        DemoAct("description", "Edit our lines in the description", "Only our lines come back; yours stay."),
        _edit_description,
    ),
    (
        DemoAct("forward-once", "Add somebody to the next occurrence only", "An exception is put right like the rest."),
        _only_once,
    ),
    (
        DemoAct("move", "Move the next occurrence by an hour", "Reported, never undone: times are yours."),
        _move,
    ),
    (
        DemoAct("split", "Change “this and all following”", "The calendar makes a second series; it is followed."),
        _split,
    ),
    (
        DemoAct(
            "cut",
            "Cut the connection right after a write",
            "Somebody is added, and the answer to the repair is lost: it is found out, not repeated.",
        ),
        _cut,
    ),
    (
        DemoAct(
            "reset",
            "Put everything back",
            "Time and answers of the next occurrence, as they were at first.",
        ),
        _put_back,
    ),
)
