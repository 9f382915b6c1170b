"""Taking back what was done a moment ago, from what the ledger says was so before.

Only acts that a single other act takes back are in the table; whoever vacated a seat appoints anew. What was taken back
is an entry of its own: the record never loses one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import LedgerLine
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import charters, deputies, guests, leaving, ledger, measures, seats
from governance.services.occurrences import occurrence_on
from governance.services.people import known_person

OFFERED_FOR = timedelta(minutes=10)
OF_THE_CHARTER = frozenset({"charter-set", "measure-entered", "measure-taken-back"})
"""Offered on the charter's page; all else on that of the roster."""

_LOOKED_THROUGH = 1000
"""So many entries may have come after one that is taken back; the service makes many in ten minutes."""


class NothingToUndo(GovernanceError):
    """The act cannot be taken back, or not any more."""

    def __init__(self, reason: str) -> None:
        super().__init__("Look at what is so now and change it as you want it", reason)


@dataclass(frozen=True, slots=True)
class _Undoing:
    session: Session
    meeting: Meeting
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    how: Mapping[str, Any]

    def seat_in(self, said: Mapping[str, Any]) -> Seat:
        return seats.seat_of(self.session, self.meeting, str(said["department"]))

    def person(self, named: Any) -> Person:
        return known_person(self.session, str(named["email"]))

    def occurrence(self, iso: Any) -> Occurrence:
        return occurrence_on(self.session, self.meeting, date.fromisoformat(str(iso)), now=self.how["now"])


def is_undoable(line: LedgerLine) -> bool:
    """The first charter has none before it to go back to."""
    is_first = line.act == "charter-set" and not line.before
    return line.act in _TABLE and line.erased_at is None and not is_first


def entry_numbered(session: Session, meeting: Meeting, seq: str) -> tuple[LedgerLine | None, list[LedgerLine]]:
    """The entry of that number, None where it is none of the newest, and those after it, the newest first."""
    if not (seq.isascii() and seq.isdigit() and len(seq) < 19):
        return None, []
    many = ledger.head(session, meeting.id).seq - int(seq) + 1
    lines = ledger.latest(session, meeting.id, many) if 0 < many <= _LOOKED_THROUGH else []
    return next((one for one in lines if one.position.seq == int(seq)), None), lines[:-1]


def undo(
    session: Session,
    meeting: Meeting,
    line: LedgerLine,
    later: Sequence[LedgerLine],
    *,
    by: str,
    actor: str,
    now: datetime,
    source: str,
) -> None:
    """Take back what the line records; `later` are the entries after it.

    Raises:
        NothingToUndo: it is too late, somebody changed the same thing since, or there is no way back.
        GovernanceError: what was so before is not allowed any more.
    """
    if not is_undoable(line) or line.at + OFFERED_FOR < now:
        raise NothingToUndo("this can be taken back for ten minutes, and not any more")
    if any(one.subject == line.subject for one in later):
        raise NothingToUndo("somebody has changed it since")
    how = {"actor": actor, "now": now, "source": source}
    _TABLE[line.act](_Undoing(session, meeting, line.before or {}, line.after or {}, how), by)


def _deputy_named(on: _Undoing, by: str) -> None:
    person = on.person(on.after["deputy"])
    deputies.withdraw_deputy(on.session, on.meeting, on.seat_in(on.after), person, **on.how)


def _deputy_withdrawn(on: _Undoing, by: str) -> None:
    person = on.person(on.before["deputy"])
    deputies.name_deputy(on.session, on.meeting, on.seat_in(on.before), person, **on.how)


def _stand_in_named(on: _Undoing, by: str) -> None:
    seat, occurrence, earlier = on.seat_in(on.after), on.occurrence(on.after["on"]), on.before.get("stand_in")
    if earlier:
        deputies.stand_in(on.session, on.meeting, seat, occurrence, on.person(earlier), by=by, **on.how)
    else:
        deputies.withdraw_stand_in(on.session, on.meeting, seat, occurrence, **on.how)


def _stand_in_withdrawn(on: _Undoing, by: str) -> None:
    seat, occurrence = on.seat_in(on.before), on.occurrence(on.before["on"])
    deputies.stand_in(on.session, on.meeting, seat, occurrence, on.person(on.before["stand_in"]), by=by, **on.how)


def _visitor_admitted(on: _Undoing, by: str) -> None:
    occurrence, person = on.occurrence(on.after["on"]), on.person(on.after["visitor"])
    leaving.dismiss_visitor(on.session, on.meeting, occurrence, person, **on.how)


def _visitor_dismissed(on: _Undoing, by: str) -> None:
    occurrence, person = on.occurrence(on.before["on"]), on.person(on.before["visitor"])
    guests.admit_visitor(
        on.session, on.meeting, occurrence, person, reason=str(on.before["why"]), by=by, **on.how
    )  # fmt: skip


def _guest_admitted(on: _Undoing, by: str) -> None:
    person = on.person(on.after["guest"])
    if on.before:
        _admit_again(on, person, by)
    else:
        leaving.end_standing_guest(on.session, on.meeting, person, **on.how)


def _guest_dismissed(on: _Undoing, by: str) -> None:
    _admit_again(on, on.person(on.before["guest"]), by)


def _admit_again(on: _Undoing, person: Person, by: str) -> None:
    guests.admit_standing_guest(
        on.session, on.meeting, person, last_day=date.fromisoformat(str(on.before["until"])),
        reason=str(on.before["why"]), counts_in_limit=bool(on.before.get("counts_in_limit", True)), by=by, **on.how,
    )  # fmt: skip


def _cap_set(on: _Undoing, by: str) -> None:
    seats.set_cap(on.session, on.meeting, int(on.before["cap"]), **on.how)


def _charter_set(on: _Undoing, by: str) -> None:
    """As a new version, whose measures have the names of before again."""
    present = str(on.after["charter"])
    names = {new: old for old, new in dict(on.after.get("renamed") or {}).items()}
    charters.bring_back(on.session, on.meeting, str(on.before["charter"]), instead_of=present, renamed=names, **on.how)


def _measure_entered(on: _Undoing, by: str) -> None:
    day = date.fromisoformat(str(on.after["on"]))
    if on.before:
        _enter(on, on.before)
    else:
        measures.take_back_value(on.session, on.meeting, str(on.after["measure"]), day, **on.how)


def _measure_taken_back(on: _Undoing, by: str) -> None:
    _enter(on, on.before)


def _enter(on: _Undoing, said: Mapping[str, Any]) -> None:
    day, value = date.fromisoformat(str(said["on"])), float(said["value"])
    measures.enter_value(on.session, on.meeting, str(said["measure"]), day, value, **on.how)


_TABLE: Mapping[str, Callable[[_Undoing, str], None]] = {
    "deputy-named": _deputy_named,
    "deputy-withdrawn": _deputy_withdrawn,
    "stand-in-named": _stand_in_named,
    "stand-in-withdrawn": _stand_in_withdrawn,
    "visitor-admitted": _visitor_admitted,
    "visitor-dismissed": _visitor_dismissed,
    "standing-guest-admitted": _guest_admitted,
    "standing-guest-dismissed": _guest_dismissed,
    "cap-set": _cap_set,
    "charter-set": _charter_set,
    "measure-entered": _measure_entered,
    "measure-taken-back": _measure_taken_back,
}
