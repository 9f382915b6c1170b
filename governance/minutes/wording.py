"""The sentences of a rehearsal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from governance.domain.charter import Charter
from governance.minutes.values import Action, Decision, Listed

LETTERS: Mapping[str, str] = {
    "present": "P",
    "late": "L",
    "stand-in": "S",
    "apology": "a",
    "absent": "A",
    "on no list": "A",
    "unknown": "?",
}

WOULD: Mapping[str, str] = {
    "I01": "would have taken them off the invitation, unless the chair admits them or gives them a seat",
    "I02": "would have taken the second off the invitation, and told them whom to brief",
    "I03": "would have asked the sponsor at once, and shown them as “may not decide” until the mandate is there",
    "A01": "would have put the question of the week to them",
    "A02": "would have counted it, and offered to make up for it",
    "A03": "would have told delegate, sponsor and chair that the seat is at risk",
    "D01": "would not have let a decision be closed",
    "D03": "would have named the silent to the chair before closing",
    "D05": "would not have given it a number before somebody owns it and it has a day",
    "D08": "would have put it back on the agenda",
    "returns": "would have asked to decide it, delegate it, drop it, or give it to somebody with a date",
    "forgotten": "would have reminded its owner, and opened the next agenda with it",
}

NO_SEATS = "nothing says how many seats there are: give --roster or --seats"
NO_ROSTER = "nothing says who has a seat: give --roster"
NO_DEPARTMENTS = "nothing says who is of which department: give --roster"
NO_POSITIONS = "no decision has its positions written down (`For: …`, `Against: …`)"
UNKNOWN_POSITION = "not on the list of who was there under this name: who was silent is not judged"


def times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def roster_too_young(number: int) -> str:
    return f"on the days of {count(number, 'occurrence')} the roster does not say who held every seat"


def stranger(name: str, number: int) -> str:
    return f"{name} is listed among the members {times(number)} and has no seat on the roster"


def second(entry: Listed, first: Listed, department: str | None) -> str:
    if department is None:
        return f"{entry.name} sits for {first.name}, who is there too"
    shown = entry.department or first.department or department
    return f"{entry.name} is a second person of {shown} beside {first.name}"


def no_mandate(entry: Listed) -> str:
    return f"{entry.name} sat for {entry.sits_for}, and nobody says what they may decide"


def late(name: str, minutes: int | None) -> str:
    return f"{name} came {count(minutes, 'minute')} late" if minutes is not None else f"{name} came late"


def absent(who: str, *, is_listed: bool) -> str:
    return (
        f"{who} was absent without apology"
        if is_listed
        else f"{who} is on no list, and everybody on it has another seat"
    )


def beyond(who: str, late: int, absent: int, charter: Charter) -> str:
    parts = []
    if late > charter.late_limit:
        parts.append(f"late {times(late)} and the limit is {charter.late_limit}")
    if absent > charter.absent_limit:
        parts.append(f"absent {times(absent)} and the limit is {charter.absent_limit}")
    return f"{who} was {', '.join(parts)}, in {count(charter.window, 'occurrence')}"


def said_no_quorum(decided: int) -> str:
    return f"The minutes say that there was no quorum{_all_the_same(decided)}"


def no_quorum(present: int, seats: int, needed: int, decided: int) -> str:
    return f"{present} of {count(seats, 'seat')} were there, and {needed} make a quorum{_all_the_same(decided)}"


def _all_the_same(decided: int) -> str:
    return f"; {count(decided, 'decision')} taken all the same" if decided else ""


def quorum_in_doubt(empowered: int, doubtful: int, needed: int) -> str:
    return (
        f"{count(empowered, 'seat')} surely there, {needed} make a quorum: it depends on {doubtful} whose seat or "
        "mandate nobody states"
    )


def incomplete(decision: Decision, missing: Sequence[str]) -> str:
    return f"No {' and no '.join(missing)}: “{_short(decision.text)}”"


def silent(names: Sequence[str], decision: Decision) -> str:
    verb = "has" if len(names) == 1 else "have"
    return f"{', '.join(names)} {verb} no position on “{_short(decision.text)}”"


def returns(title: str, listed: int, discussed: int, last: date | None) -> str:
    until = f" by {last}" if last else ""
    heard = "never discussed" if not discussed else f"discussed {times(discussed)}"
    return f"“{_short(title)}” is there for the third time undecided; listed {times(listed)}{until}, {heard}"


def forgotten(action: Action, later: int) -> str:
    who = f" of {action.owner}" if action.owner else ""
    return f"The promise{who} “{_short(action.text)}” does not come up again, in {count(later, 'later occurrence')}"


def not_reviewed(text: str, review: date, later: int) -> str:
    since = count(later, "occurrence")
    return f"“{_short(text)}” was to be reviewed by {review}, and does not come up again, in {since} since"


def _short(text: str) -> str:
    return text if len(text) <= 120 else f"{text[:119]}…"
