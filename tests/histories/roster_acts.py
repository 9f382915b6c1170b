"""What people do to the roster and the settings, and what they then tell the oracle; what is refused did not happen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from governance.services import charters, deputies, guests, mandates, occurrences, people, seats, settings
from governance.store import standing
from tests.histories import oracle
from tests.histories.calendar_view import week_of
from tests.histories.scene import CHARTERS, PEOPLE, SEATS, STRANGERS, Scene, pick
from tests.support.governed import CHAIR


class RosterActs(Scene):
    """Three numbers choose the seat, the person and how."""

    def appoints(self, a: int, b: int, c: int) -> None:
        self._seats(pick(SEATS, a), pick(PEOPLE, b), self.today, seats.appoint, mandated=c % 4 > 0)

    def hands_over(self, a: int, b: int, c: int) -> None:
        on = self.today + timedelta(days=pick((0, 0, 2, 9), c))
        self._seats(pick(SEATS, a), pick(PEOPLE, b), on, seats.hand_over, mandated=c % 3 > 0)

    def _seats(self, seat: str, who: str, on: date, service: Callable[..., None], *, mandated: bool) -> None:
        more = {"on": on} if service is seats.hand_over else {}

        def act(session: Any, meeting: Any) -> bool:
            row = seats.open_seat(session, meeting, seat, **self._how)
            person = people.person_named(session, who, who.partition("@")[0])
            service(session, meeting, row, person, **more, **self._how)
            if mandated:
                mandates.record_mandate(session, meeting, row, person, scope="all", first_day=on, **self._how)
            return True

        if not self._done(act):
            return
        told = self.told
        tenures = told.tenures.setdefault(seat, [])
        if told.holder(seat, on) != who:
            kept = oracle.cut(tenures, on) if service is seats.hand_over else tenures
            told.tenures[seat] = [*kept, (who, (on, None))]
            if who in told.deputies.get(seat, []):
                told.deputies[seat].remove(who)
            for key in [key for key, one in told.stand_ins.items() if key[1] == seat and one.person == who]:
                del told.stand_ins[key]
        if mandated:
            self._tell_of_mandate(seat, who, (on, None))

    def _tell_of_mandate(self, seat: str, who: str, term: oracle.Term) -> None:
        before = [("", one) for one in self.told.mandates.get((seat, who), [])]
        kept = [
            left
            for one in before
            for left in (oracle.cut([one], term[0]) if one[1][1] is None or one[1][1] >= term[0] else [one])
        ]
        self.told.mandates[(seat, who)] = [*(one for _, one in kept), term]

    def vacates(self, a: int, b: int, c: int) -> None:
        seat = pick(SEATS, a)

        def act(session: Any, meeting: Any) -> bool:
            seats.vacate(session, meeting, seats.seat_of(session, meeting, seat), **self._how)
            return True

        if self._done(act):
            self.told.tenures[seat] = oracle.cut(self.told.tenures[seat], self.today)

    def gives_a_mandate(self, a: int, b: int, c: int) -> None:
        seat = pick(SEATS, a)
        who = self._of_seat(seat, b)
        last = self.today + timedelta(days=pick((3, 20, 1), c // 2)) if c % 2 else None

        def act(session: Any, meeting: Any) -> bool:
            row, person = seats.seat_of(session, meeting, seat), people.person_named(session, who)
            mandates.record_mandate(session, meeting, row, person, scope="all", last_day=last, **self._how)
            return True

        if self._done(act):
            self._tell_of_mandate(seat, who, (self.today, last))

    def withdraws_a_mandate(self, a: int, b: int, c: int) -> None:
        seat = pick(SEATS, a)
        who = self._of_seat(seat, b)

        def act(session: Any, meeting: Any) -> bool:
            row, person = seats.seat_of(session, meeting, seat), people.person_named(session, who)
            mandates.withdraw_mandate(session, meeting, row, person, **self._how)
            return True

        if self._done(act):
            terms = self.told.mandates[(seat, who)]
            self.told.mandates[(seat, who)] = [(f, last) for f, last in terms if last is not None and last < self.today]

    def _of_seat(self, seat: str, b: int) -> str:
        """Mostly the delegate, else one of the deputies."""
        holder = self.told.holder(seat, self.today) if seat in self.told.tenures else None
        return pick([one for one in (holder, holder, *self.told.deputies.get(seat, [])) if one] or PEOPLE, b)

    def names_a_deputy(self, a: int, b: int, c: int) -> None:
        seat, who = pick(SEATS, a), pick(PEOPLE, b)

        def act(session: Any, meeting: Any) -> bool:
            row, person = seats.seat_of(session, meeting, seat), people.person_named(session, who)
            deputies.name_deputy(session, meeting, row, person, **self._how)
            if c % 2:
                mandates.record_mandate(session, meeting, row, person, scope="all", **self._how)
            return True

        if self._done(act):
            if who not in self.told.deputies.setdefault(seat, []):
                self.told.deputies[seat].append(who)
            if c % 2:
                self._tell_of_mandate(seat, who, (self.today, None))

    def withdraws_a_deputy(self, a: int, b: int, c: int) -> None:
        seat = pick(SEATS, a)
        if not self.told.deputies.get(seat):
            return
        who = pick(self.told.deputies[seat], b)

        def act(session: Any, meeting: Any) -> bool:
            row, person = seats.seat_of(session, meeting, seat), people.person_named(session, who)
            deputies.withdraw_deputy(session, meeting, row, person, **self._how)
            return True

        if self._done(act):
            self.told.deputies[seat].remove(who)

    def _day(self, a: int) -> date | None:
        coming = sorted(one.seen.own_day for one in self.coming() if one.original and one.start > self.governed.now)
        return pick(coming[:3], a) if coming else None

    def names_a_stand_in(self, a: int, b: int, c: int) -> None:
        seat, day = pick(SEATS, a), self._day(c)
        who = pick((*self.told.deputies.get(seat, []), *self.told.deputies.get(seat, []), pick(PEOPLE, c)), b)

        def act(session: Any, meeting: Any) -> tuple[datetime, str]:
            row, person = seats.seat_of(session, meeting, seat), people.person_named(session, who)
            occurrence = occurrences.occurrence_on(session, meeting, day or self.today, now=self.governed.now)
            deputies.stand_in(session, meeting, row, occurrence, person, **self._how)
            made = standing.stand_in_of(session, row.id, occurrence.id)
            assert made is not None
            return occurrence.original_start, made.cause

        if made := self._done(act):
            key = (week_of(made[0]), seat)
            self.told.stand_ins[key] = oracle.StandIn(who, by_decline=made[1] == "decline")

    def ends_a_stand_in(self, a: int, b: int, c: int) -> None:
        seat, day = pick(SEATS, a), self._day(c)

        def act(session: Any, meeting: Any) -> tuple[datetime, bool]:
            row = seats.seat_of(session, meeting, seat)
            occurrence = occurrences.occurrence_on(session, meeting, day or self.today, now=self.governed.now)
            sat = standing.stand_in_of(session, row.id, occurrence.id)
            deputies.withdraw_stand_in(session, meeting, row, occurrence, **self._how)
            return occurrence.original_start, sat is not None

        if ended := self._done(act):
            key = (week_of(ended[0]), seat)
            self.told.stand_ins.pop(key, None)
            if ended[1]:
                self.told.kept.add(key)

    def admits_a_visitor(self, a: int, b: int, c: int) -> None:
        who, day = pick((*PEOPLE, STRANGERS[2]), a), self._day(c)

        def act(session: Any, meeting: Any) -> datetime:
            occurrence = occurrences.occurrence_on(session, meeting, day or self.today, now=self.governed.now)
            person = people.person_named(session, who)
            guests.admit_visitor(session, meeting, occurrence, person, reason="audit", **self._how)
            start: datetime = occurrence.original_start
            return start

        if start := self._done(act):
            self.told.visitors.setdefault(week_of(start), set()).add(who)

    def admits_a_guest(self, a: int, b: int, c: int) -> None:
        who, last = pick((*PEOPLE, STRANGERS[0]), a), self.today + timedelta(days=pick((4, 15), c))

        def act(session: Any, meeting: Any) -> bool:
            person = people.person_named(session, who)
            guests.admit_standing_guest(session, meeting, person, last_day=last, reason="learns", **self._how)
            return True

        if self._done(act):
            self.told.guests[who] = last

    def sets_a_mode(self, a: int, b: int, c: int) -> None:
        code, mode = pick(("I01", "I02", "I05", "I06", "I07", "I09", "I10", "I11"), a), pick(("enforce", "observe"), b)
        self._done(lambda s, m: settings.set_rule_mode(s, m, code, mode, **self._how))
        self.modes[code] = mode

    def sets_the_charter(self, a: int, b: int, c: int) -> None:
        self.charter = pick(CHARTERS, a)
        self._done(lambda s, m: charters.set_charter(s, m, f'short = "{self.charter}"\n', **self._how))

    def pauses(self, a: int, b: int, c: int) -> None:
        self._done(lambda s, m: settings.pause(s, m, by=CHAIR, **self._how))
        self.paused = True

    def resumes(self, a: int, b: int, c: int) -> None:
        self._done(lambda s, m: settings.resume(s, m, **self._how))
        self.paused = False

    def approves(self, a: int, b: int, c: int) -> None:
        self._approved()
