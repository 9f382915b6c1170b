"""What is right, in a few dozen lines that import nothing of the product: who must be on an event, who may stay.

`Told` is what the people of a history did to the roster. `Seen` is one coming event as the calendar shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

Week = tuple[int, int]
"""A weekly meeting has one occurrence in an ISO week, so the week names it, whatever splits and moves do."""
Term = tuple[date, date | None]
COMING = ("accepted", "tentative")


@dataclass(frozen=True)
class StandIn:
    person: str
    by_decline: bool = False


@dataclass(frozen=True)
class Seen:
    """`week` is None for the series; `judged` is the day of the series' next occurrence, `own_day` the event's own."""

    judged: date
    own_day: date
    week: Week | None
    answers: dict[str, str]
    is_exception: bool = True
    is_orphan: bool = False
    shows_answers: bool = True


@dataclass
class Told:
    leads: set[str]
    tenures: dict[str, list[tuple[str, Term]]] = field(default_factory=dict)
    mandates: dict[tuple[str, str], list[Term]] = field(default_factory=dict)
    deputies: dict[str, list[str]] = field(default_factory=dict)
    stand_ins: dict[tuple[Week, str], StandIn] = field(default_factory=dict)
    kept: set[tuple[Week, str]] = field(default_factory=set)
    """Somebody took the stand-in back: the decline that stands calls nobody in, the next one does."""
    visitors: dict[Week, set[str]] = field(default_factory=dict)
    guests: dict[str, date] = field(default_factory=dict)

    def holder(self, seat: str, on: date) -> str | None:
        return next((person for person, term in self.tenures[seat] if _holds(term, on)), None)

    def may_decide(self, seat: str, person: str | None, on: date) -> bool:
        return any(_holds(term, on) for term in self.mandates.get((seat, person or ""), ()))

    def must(self, event: Seen) -> set[str]:
        """Delegates and stand-ins with a mandate, visitors, standing guests; leads are left to themselves."""
        wanted = {guest for guest, last in self.guests.items() if event.own_day <= last}
        for seat in self.tenures:
            holder, sits = self.holder(seat, event.judged), self._sits(event, seat)
            if sits is not None and not event.is_orphan:
                wanted.add(sits.person)
            elif sits is None and self.may_decide(seat, holder, event.judged):
                wanted.add(holder or "")
        if event.week and not event.is_orphan:
            wanted |= self.visitors.get(event.week, set())
        return wanted - self.leads

    def may(self, event: Seen) -> set[str]:
        """Besides: who leads, who sits without a mandate, and a delegate who declined and is stood in for."""
        tolerated = set(self.leads)
        if not event.is_exception:  # follows the series, whose guests are judged for an earlier day
            tolerated |= {guest for guest, last in self.guests.items() if event.judged <= last}
        for seat in self.tenures:
            holder, sits = self.holder(seat, event.judged), self._sits(event, seat)
            named = self.stand_ins.get((event.week, seat)) if event.week else None
            if sits is not None and (sits.by_decline or event.answers.get(holder or "") == "declined"):
                tolerated.add(holder or "")
            if holder and (sits is None or event.is_orphan):
                tolerated.add(holder)
            if named and named.person != holder:
                tolerated.add(named.person)
        return tolerated | (self.visitors.get(event.week, set()) if event.week and event.is_orphan else set())

    def unanswered_declines(self, event: Seen) -> Iterator[str]:
        """Seats whose delegate declined though a deputy could sit, or comes after all though a deputy still sits.

        Also seats that would be kept at the next decline too, because this one is over and they are still kept.
        """
        if event.week is None or not event.shows_answers or event.is_orphan:
            return
        busy = {one.person for (week, _), one in self.stand_ins.items() if week == event.week}
        busy |= {person for seat in self.tenures if (person := self.holder(seat, event.own_day))}
        for seat in self.tenures:
            holder, sits = self.holder(seat, event.own_day), self.stand_ins.get((event.week, seat))
            answer, is_kept = event.answers.get(holder or ""), (event.week, seat) in self.kept
            free = [one for one in self.deputies.get(seat, ()) if one not in busy]
            could_sit = any(self.may_decide(seat, one, event.own_day) for one in free)
            if sits is None and answer == "declined" and could_sit and not is_kept:
                yield f"nobody sits for {holder} of {seat}, who declined"
            if is_kept and answer not in ("declined", None):
                yield f"{seat} is still kept for {holder}, who declines no more"
            if sits is not None and sits.by_decline and answer in COMING:
                yield f"{sits.person} still sits for {holder} of {seat}, who comes after all"

    def _sits(self, event: Seen, seat: str) -> StandIn | None:
        """Who stands in with a mandate: one without is nobody, and the delegate is expected."""
        one = self.stand_ins.get((event.week, seat)) if event.week else None
        if one is None or one.person == self.holder(seat, event.judged):
            return None
        return one if self.may_decide(seat, one.person, event.own_day) else None


def cut(terms: list[tuple[str, Term]], on: date) -> list[tuple[str, Term]]:
    """What is left of terms that end before that day."""
    before = on - timedelta(days=1)
    return [(who, (first, min(last or before, before))) for who, (first, last) in terms if first < on]


def _holds(term: Term, on: date) -> bool:
    first, last = term
    return first <= on and (last is None or on <= last)
