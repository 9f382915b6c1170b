"""What the rules would have remarked at the occurrences that old minutes tell of; pure, and only of what they say.

occurrences, oldest first + people, seats, charter → Judgement(findings, what could not be judged)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from governance.domain.charter import Charter
from governance.domain.decisions import outcome
from governance.minutes import wording
from governance.minutes.absences import of_absences
from governance.minutes.findings import PastFinding
from governance.minutes.people import People
from governance.minutes.returns import of_promises, of_returns, of_reviews
from governance.minutes.seats import PastSeat, Seating
from governance.minutes.values import Decision, Listed, Occurrence, Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """`unjudged` names the rules that these minutes cannot be judged by, each with what would help."""

    findings: tuple[PastFinding, ...]
    doubts: tuple[Remark, ...] = ()
    unjudged: tuple[tuple[str, str], ...] = ()


def judge(
    occurrences: Sequence[Occurrence],
    people: People,
    seats: Sequence[PastSeat],
    charter: Charter,
    *,
    seat_count: int | None = None,
) -> Judgement:
    """All findings, in the order of rule and day. `occurrences` are oldest first."""
    seating = Seating(seats, people)
    count = seat_count or len(seats) or None
    doubts: list[Remark] = []
    findings = [
        *of_absences(occurrences, seating, people, charter),
        *of_strangers(occurrences, seating, people),
        *(finding for one in occurrences for finding in of_second(one, seating, people)),
        *(finding for one in occurrences for finding in of_substitutes(one, seating)),
        *(finding for one in occurrences for finding in of_quorum(one, seating, people, charter, count, doubts)),
        *(finding for one in occurrences for finding in of_decisions(one, people, doubts)),
        *of_reviews(occurrences),
        *of_returns(occurrences),
        *of_promises(occurrences),
    ]
    return Judgement(
        findings=tuple(sorted(findings, key=PastFinding.order)),
        doubts=tuple(sorted(doubts)),
        unjudged=tuple(_unjudged(occurrences, seating, count)),
    )


def _unjudged(occurrences: Sequence[Occurrence], seating: Seating, count: int | None) -> Iterator[tuple[str, str]]:
    if count is None:
        yield "D01", wording.NO_SEATS
    if not seating.seats:
        yield "I01", wording.NO_ROSTER
        if not any(one.department or one.sits_for for occurrence in occurrences for one in occurrence.listed):
            yield "I02", wording.NO_DEPARTMENTS
    elif beyond := sum(not seating.knows_all_on(one.day) for one in occurrences):
        yield "I01", wording.roster_too_young(beyond)
    if not any(decision.positions for one in occurrences for decision in one.decisions):
        yield "D03", wording.NO_POSITIONS


# --- who was there


def of_strangers(occurrences: Sequence[Occurrence], seating: Seating, people: People) -> Iterator[PastFinding]:
    """I01: a member on the list without a seat on the roster; once a person, at their first line."""
    found: dict[str, list[tuple[Occurrence, Listed]]] = {}
    for occurrence in occurrences:
        for entry in seating.strangers(occurrence) if seating.knows_all_on(occurrence.day) else ():
            found.setdefault(people.key(entry.name, occurrence.day), []).append((occurrence, entry))
    for times in found.values():
        occurrence, entry = times[0]
        yield PastFinding("I01", entry.place, occurrence.day, wording.stranger(entry.name, len(times)))


def of_second(occurrence: Occurrence, seating: Seating, people: People) -> Iterator[PastFinding]:
    """I02: two who sit for one department, or a substitute beside whom they sit for."""
    day = occurrence.day
    first: dict[str, Listed] = {}
    for entry in _by_rank(occurrence.members, seating, day):
        department = seating.department_of(entry, day)
        if department is None:
            continue
        known = first.setdefault(department, entry)
        if people.key(known.name, day) != people.key(entry.name, day):
            yield PastFinding("I02", entry.place, day, wording.second(entry, known, department))
    for entry in occurrence.members:
        if not entry.sits_for or seating.department_of(entry, day) is not None:
            continue
        key = people.key(entry.sits_for, day)
        if other := next((one for one in occurrence.members if people.key(one.name, day) == key), None):
            yield PastFinding("I02", entry.place, day, wording.second(entry, other, None))


def _by_rank(members: Iterable[Listed], seating: Seating, day: date | None) -> list[Listed]:
    """The delegate first, then whoever sits for nobody: the other is the second."""

    def rank(entry: Listed) -> tuple[bool, bool]:
        department = seating.department_of(entry, day)
        return not (department and seating.is_delegate_of(entry, department, day)), entry.sits_for is not None

    return sorted(members, key=rank)


def substitutes(occurrence: Occurrence, seating: Seating) -> list[Listed]:
    """Whoever sat for somebody else; a delegate who is written down as `for Finance` is none."""
    return [
        one
        for one in occurrence.members
        if one.sits_for and not seating.is_delegate_of(one, one.sits_for, occurrence.day)
    ]


def of_substitutes(occurrence: Occurrence, seating: Seating) -> Iterator[PastFinding]:
    """I03: somebody sat for another, and nobody says what they might decide."""
    for entry in substitutes(occurrence, seating):
        if not entry.states_mandate:
            yield PastFinding("I03", entry.place, occurrence.day, wording.no_mandate(entry))


# --- what was decided


def of_quorum(
    occurrence: Occurrence,
    seating: Seating,
    people: People,
    charter: Charter,
    count: int | None,
    doubts: list[Remark],
) -> Iterator[PastFinding]:
    """D01: as the minutes say themselves, or as they can be counted."""
    day, decided = occurrence.day, sum(not one.is_procedural for one in occurrence.decisions)
    if occurrence.without_quorum:
        yield PastFinding("D01", occurrence.without_quorum, day, wording.said_no_quorum(decided))
        return
    if count is None or not occurrence.members:
        return
    needed = outcome.needed(count, charter.quorum)
    empowered, doubtful = _seats_present(occurrence, seating, people)
    place = occurrence.members[0].place
    if empowered + doubtful < needed:
        yield PastFinding("D01", place, day, wording.no_quorum(empowered + doubtful, count, needed, decided))
    elif empowered < needed:
        doubts.append(Remark(place, occurrence.title, wording.quorum_in_doubt(empowered, doubtful, needed)))


def _seats_present(occurrence: Occurrence, seating: Seating, people: People) -> tuple[int, int]:
    """Seats surely there, and those of which it is in doubt: a stranger's, a substitute's without a mandate."""
    sure, doubtful = set[str](), set[str]()
    for entry in occurrence.members:
        department = seating.department_of(entry, occurrence.day)
        seat = department or people.key(entry.name, occurrence.day)
        is_sure = (not seating.seats or seating.is_seat(department)) and (not entry.sits_for or entry.states_mandate)
        (sure if is_sure else doubtful).add(seat)
    return len(sure), len(doubtful - sure)


def of_decisions(occurrence: Occurrence, people: People, doubts: list[Remark]) -> Iterator[PastFinding]:
    """D05: closed without an owner or a day; D03: positions were written down, and not everybody's."""
    for decision in occurrence.decisions:
        if decision.is_procedural:
            continue
        missing = [what for what, given in (("owner", decision.owner), ("date", decision.due)) if not given]
        if missing:
            yield PastFinding("D05", decision.place, occurrence.day, wording.incomplete(decision, missing))
        yield from _silent(decision, occurrence, people, doubts)


def _silent(decision: Decision, occurrence: Occurrence, people: People, doubts: list[Remark]) -> Iterator[PastFinding]:
    if decision.positions is None:
        return
    day = occurrence.day
    heard = {people.key(name, day): name for name in decision.positions.names}
    there = {people.key(one.name, day): one.name for one in occurrence.members}
    unknown = [name for key, name in heard.items() if key not in there]
    silent = [name for key, name in there.items() if key not in heard]
    if unknown and silent:
        # Whoever is written otherwise here than in the list would be called silent.
        doubts.append(Remark(decision.positions.place, ", ".join(unknown), wording.UNKNOWN_POSITION))
    elif silent:
        yield PastFinding("D03", decision.positions.place, day, wording.silent(silent, decision))
