"""A rehearsal: everything that was read of all files, and everything that the rules would have remarked.

All files are minutes of one meeting, whatever they call it; how they call it is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from governance.domain.charter import Charter
from governance.domain.roster_file import RosterRow
from governance.minutes.judging import Judgement, judge, substitutes
from governance.minutes.people import Alike, People, Same, alike
from governance.minutes.reading import read_minutes
from governance.minutes.returns import Course, courses_of
from governance.minutes.seats import Seating, said_by, seats_of
from governance.minutes.source import Source
from governance.minutes.table import read_table
from governance.minutes.values import Listed, Occurrence, Presence, Reading, Remark


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What the minutes are judged by; without `seat_count` the seats are those of the roster."""

    charter: Charter
    seat_count: int | None = None


@dataclass(slots=True)
class Attended:
    """One person through all minutes; the counts are of occurrences."""

    name: str
    spellings: list[str]
    member: int = 0
    apart: int = 0
    late: int = 0
    apology: int = 0
    absent: int = 0
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """`occurrences` are oldest first, those without a day last."""

    readings: tuple[Reading, ...]
    occurrences: tuple[Occurrence, ...]
    people: tuple[Attended, ...]
    alike: tuple[Alike, ...]
    substitutes: tuple[tuple[Occurrence, Listed], ...]
    courses: tuple[Course, ...]
    judgement: Judgement
    seating: Seating
    doubts: tuple[Remark, ...]
    unread: tuple[Remark, ...]

    @property
    def titles(self) -> dict[str, int]:
        return dict(Counter(one.title for one in self.occurrences if one.title).most_common())

    def states(self) -> dict[str, list[tuple[date | None, str | None]]]:
        """Each seat at each occurrence; None where the roster names no delegate for the day."""
        found: dict[str, list[tuple[date | None, str | None]]] = {seat.department: [] for seat in self.seating.seats}
        for occurrence in self.occurrences:
            sittings = self.seating.sittings(occurrence)
            for department, states in found.items():
                sitting = sittings.get(department)
                states.append((occurrence.day, sitting.state.value if sitting else None))
        return found


def read(source: Source) -> Reading:
    return read_table(source) if source.is_table else read_minutes(source)


def rehearse(
    sources: Iterable[Source], limits: Limits, *, rows: Sequence[RosterRow] = (), said: Sequence[Same] = ()
) -> Rehearsal:
    """Read all and judge all; nothing else happens."""
    readings = tuple(map(read, sources))
    occurrences = tuple(
        sorted(
            (one for reading in readings for one in reading.occurrences),
            key=lambda one: (one.day or date.max, one.place),
        )
    )
    people = People([*said, *said_by(rows), *_said_in(occurrences)])
    seating = Seating(seats_of(rows), people)
    judgement = judge(occurrences, people, seating.seats, limits.charter, seat_count=limits.seat_count)
    attended = _attended(occurrences, people)
    doubts = [*(doubt for reading in readings for doubt in reading.doubts), *judgement.doubts, *_doubts_of(occurrences)]
    doubts += _both(occurrences, people)
    return Rehearsal(
        readings=readings,
        occurrences=occurrences,
        people=tuple(attended),
        alike=tuple(alike(one.name for one in attended)),
        substitutes=tuple((one, entry) for one in occurrences for entry in substitutes(one, seating)),
        courses=tuple(courses_of(occurrences)),
        judgement=judgement,
        seating=seating,
        doubts=tuple(sorted(doubts)),
        unread=tuple(sorted(remark for reading in readings for remark in reading.unread)),
    )


def _said_in(occurrences: Iterable[Occurrence]) -> Iterator[Same]:
    for occurrence in occurrences:
        for entry in occurrence.listed:
            yield from (Same(entry.name, other) for other in entry.also)


def _attended(occurrences: Iterable[Occurrence], people: People) -> list[Attended]:
    found: dict[str, Attended] = {}
    for occurrence in occurrences:
        seen = set[tuple[str, str]]()
        for entry in occurrence.listed:
            key = people.key(entry.name, occurrence.day)
            one = found.setdefault(key, Attended(people.name(key), []))
            if entry.name not in one.spellings:
                one.spellings.append(entry.name)
            for what in _counted(entry):
                if (key, what) not in seen:
                    seen.add((key, what))
                    setattr(one, what, getattr(one, what) + 1)
            if occurrence.day and entry.is_there:
                one.first = min(one.first or occurrence.day, occurrence.day)
                one.last = max(one.last or occurrence.day, occurrence.day)
    return sorted(found.values(), key=lambda one: (-one.member, -one.apart, one.name.casefold()))


def _counted(entry: Listed) -> tuple[str, ...]:
    if not entry.is_there:
        return (entry.presence.value,)
    if entry.is_apart:
        return ("apart",)
    return ("member", "late") if entry.presence is Presence.LATE else ("member",)


def _doubts_of(occurrences: Sequence[Occurrence]) -> Iterator[Remark]:
    days: dict[date, Occurrence] = {}
    for one in occurrences:
        called = one.title or f"occurrence of {one.day}"
        if one.day is None:
            yield Remark(one.place, called, "no day, neither in the heading nor in the name of the file")
        elif (first := days.setdefault(one.day, one)) is not one:
            yield Remark(one.place, called, f"a second occurrence on {one.day}, the first is {first.place}")
        if not one.members:
            yield Remark(one.place, called, "no list of who was there")


def _both(occurrences: Sequence[Occurrence], people: People) -> Iterator[Remark]:
    """Who is on two lists of one occurrence, and who is a member only now and then."""
    sat: Counter[str] = Counter()
    apart: Counter[str] = Counter()
    for occurrence in occurrences:
        lists: dict[str, Listed] = {}
        for entry in occurrence.listed:
            key = people.key(entry.name, occurrence.day)
            (apart if entry.is_apart else sat)[key] += entry.is_there
            first = lists.setdefault(key, entry)
            if first is not entry:
                yield Remark(entry.place, entry.name, _why_twice(first, entry))
    for occurrence in occurrences:
        for entry in occurrence.members:
            key = people.key(entry.name, occurrence.day)
            if apart[key] > sat[key]:
                why = f"among the members here, and apart {apart[key]} of {apart[key] + sat[key]} times"
                yield Remark(entry.place, entry.name, why)


def _why_twice(first: Listed, second: Listed) -> str:
    if first.is_apart != second.is_apart:
        return f"a member in line {first.place.line} and apart here, or the other way round: not counted as a member"
    if first.presence is not second.presence:
        return f"{first.presence.value} in line {first.place.line} and {second.presence.value} here"
    return f"in line {first.place.line} already"
