"""One history: its steps done to a governed meeting, the end put in order, and the verdict.

`History` does what people, time, faults and workers do, and tells the oracle what was done to the roster. What the
product refuses did not happen; people do not mind when what they wanted to change is gone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from governance.calendar.sandbox.client import SandboxError
from governance.domain.errors import GovernanceError
from governance.models import Department, Occurrence, Seat, StandIn
from governance.models.person import Address
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import EventWrite
from governance.reconcile.reconciler import CycleReport, Reconciler
from governance.services import approvals, deputies, guests, ledger, mandates, occurrences, people, seats, settings
from governance.store import pictures, standing
from tests.histories import oracle
from tests.histories.calendar_view import Shown, coming_events, week_of
from tests.histories.fate import Fate, Killed, MortalCalendar, MortalDatabase
from tests.histories.oracle import Told
from tests.histories.steps import Step
from tests.histories.watching import Watch
from tests.support.governed import CHAIR, DELEGATES, DEPUTIES, SERIES, ZONE, Governed

T = TypeVar("T")
SEATS = (*DELEGATES, "Sales")
DELEGATED = tuple(DELEGATES.values())
PEOPLE = (*DELEGATED, *DEPUTIES.values(), "priya@example.com", "nina@example.com", "omar@example.com")
STRANGERS = ("mallory@elsewhere.org", "trent@elsewhere.org", "zoe@example.com")
BYSTANDER = "weeklysteering2"
CHARTERS = ("We decide for the customers.", "One seat, one voice & one <promise>.")
FAULTS = (
    "429", "rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded", "dailyLimitExceeded", "accessNotConfigured",
    "insufficientPermissions", "forbidden", "notACalendarUser", "400", "401", "404", "409", "410", "412", "500", "502",
    "503", "504", "close_before", "race", "close_after", "truncated", "invalid_json", "half_json", "html_ok",
    "empty_object", "empty_body", "list_body", "no_token", "both_tokens", "same_page", "attendees_omitted",
)  # fmt: skip
ROUTES = ("*", "events.*", "events.list", "events.get", "writes", "writes")
SWITCHES: tuple[tuple[str, tuple[object, ...]], ...] = (
    ("exceptions_follow_guests", (False, True)), ("exceptions_follow_flags", (False, True)),
    ("orphans_dropped", (False, True)), ("time_change_resets_answers", (True, False)), ("short_pages", (False, True)),
    ("exceptions_first", (False, True)), ("noop_changes_etag", (False, True)), ("added_answers", ("kept", "reset")),
    ("error_shape", ("old", "both", "html", "empty")), ("token_parameters", ("lenient", "strict")),
    ("omit_attendees_over", (1000, 3)), ("quiet_delete_keeps_copies", (False, True)), ("gzip", (True, False)),
)  # fmt: skip
PASSING = (1, 3, 6, 24, 25, 72, 8 * 24)
"""Hours: within a limit of a day, beyond it, and beyond an approval."""


class Wrong(AssertionError):
    """The product did what it must not, or left undone what it must."""


@dataclass
class History:
    governed: Governed
    told: Told
    watch: Watch
    fate: Fate = field(default_factory=Fate)
    base: str = SERIES
    paused: bool = False
    charter: str = CHARTERS[0]
    modes: dict[str, str] = field(default_factory=dict)
    relinked: int = 0
    bystander: dict[str, Any] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.bystander = self._bystander()
        self.begin_worker()

    # --- The whole

    def run(self, steps: Sequence[Step]) -> None:
        for number, step in enumerate(steps):
            getattr(self, step.act)(step.a, step.b, step.c)
            self._judge_writes(f"step {number}, {step}")
        self._end()

    def _end(self) -> None:
        """The last disturbance is over; two cycles bring order, an approval in between begins anew, a third is idle.

        What the rules let wait for a day is judged when that day is over, all else at once.
        """
        self._bring_peace()
        self._settle()
        if self._something_waits_for_a_time():
            self._wait_for_a_quiet_hour()
            self.relinks(0, 0, 0)
            self._settle()
        self._judge_writes("the end")
        if wrong := [*self._out_of_order(), *self._unwell()]:
            raise Wrong("\n".join(["after the last disturbance and two cycles:", *wrong]))
        before = self._ledger_length()
        self.governed.control.clear_log()
        self._cycle()
        if (writes := self.governed.writes()) or self._ledger_length() != before:
            raise Wrong(f"the third cycle was not idle: {[one['path'] for one in writes]}")

    def _bring_peace(self) -> None:
        """No fault any more, nobody pauses, and an hour has passed: no call is put off any longer."""
        control = self.governed.control
        control.clear_faults()
        control.switch("omit_attendees_over", 1000)
        self.fate.meanwhile, self.fate.steps_left = None, None
        self.resumes(0, 0, 0)
        self.governed.advance(timedelta(minutes=65))
        self.relinks(0, 0, 0)

    def _settle(self) -> None:
        self._cycle()
        if self._approved():
            self._cycle()
        self._cycle()

    def _something_waits_for_a_time(self) -> bool:
        """Besides what waits for an approval; or the meeting is just taking place."""
        plan = self.governed.stored().plan_json or {"changes": [], "held_keys": []}
        asked = {(kind, target) for _, kind, target in plan["held_keys"]}
        waits = [one for one in plan["changes"] if one["held"] and (one["kind"], one["email"] or one["flag"]) not in asked]
        return bool(waits) or self._is_lost()

    def _wait_for_a_quiet_hour(self) -> None:
        """A day and more later: what waits for a time has waited, and nobody is about to meet."""
        self.governed.advance(timedelta(hours=25))
        while any(one.start - timedelta(hours=2) < self.governed.now < one.end for one in self.coming()):
            self.governed.advance(timedelta(hours=3))

    # --- The verdict

    def _judge_writes(self, when: str) -> None:
        if self.complaints:
            raise Wrong("\n".join([f"{when}:", *self.complaints]))

    def _out_of_order(self) -> Iterator[str]:
        self._learn_of_declines()
        enforces = {code: self.modes.get(code, "enforce") == "enforce" for code in ("I01", "I02", "I05", "I06", "I07")}
        for one in self.coming():
            must, may = self.told.must(one.seen), self.told.may(one.seen)
            if enforces["I05"] and (missing := must - one.guests):
                yield f"{one.id}: {sorted(missing)} missing"
            if enforces["I01"] and enforces["I02"] and (extra := one.guests - must - may):
                yield f"{one.id}: {sorted(extra)} should not be there"
            yield from (f"{one.id}: {why}" for why in self.told.unanswered_declines(one.seen))
            for entry in one.raw.get("attendees", []):
                if enforces["I06"] and entry.get("optional") and entry["email"] in must:
                    yield f"{one.id}: {entry['email']} is optional"
                if enforces["I07"] and entry.get("additionalGuests") and entry["email"] in must:
                    yield f"{one.id}: {entry['email']} brings others"
            if self.modes.get("I09") != "observe" and one.raw.get("guestsCanInviteOthers", True):
                yield f"{one.id}: guests may invite others"
            if self.modes.get("I10") != "observe" and one.raw.get("guestsCanModify", False):
                yield f"{one.id}: guests may change it"
            if one.id == one.series and self.modes.get("I11") != "observe":
                if one.raw.get("description", "").count(_escaped(self.charter)) != 1:
                    yield f"{one.id}: the description is {one.raw.get('description')!r}"

    def _unwell(self) -> Iterator[str]:
        meeting = self.governed.stored()
        if meeting.problem_code or meeting.dirty or meeting.frozen_code:
            yield f"the meeting is not well: {meeting.problem_code} {meeting.frozen_code} dirty={meeting.dirty}"
        with self.governed.database.reading() as session:
            if standing.open_intents(session, self.governed.meeting_id):
                yield "a claim is still open"
            if not all(report.ok for report in ledger.verify(session)):
                yield "the ledger does not verify"
        if self._bystander() != self.bystander:
            yield "the other series was changed"

    def _watched(self, write: EventWrite, call: Callable[[], ObservedEvent]) -> ObservedEvent:
        before = self._event_or_none(write.event_id)
        try:
            return call()
        finally:
            after = self._event_or_none(write.event_id)
            if before is not None and after is not None and before != after:
                self.complaints += [f"{write.event_id}: {why}" for why in self._complaints(write, before, after)]

    def _complaints(self, write: EventWrite, before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
        self._learn_of_declines()
        if self.paused:
            yield "was written during a pause"
        if write.event_id.partition("_")[0] != self.base:
            yield "is not governed"
        if before["status"] == "cancelled":
            return
        coming = self.coming()
        on = next((one for one in coming if one.id == write.event_id), None)
        yield from self.watch.complaints(self.governed.now, before, after, on, self._baseline(coming))

    # --- Looking

    def coming(self) -> list[Shown]:
        return coming_events(self.governed.control, self.base, self.governed.now)

    def _is_lost(self) -> bool:
        return not self.coming()

    def _event_or_none(self, event_id: str) -> dict[str, Any] | None:
        try:
            event: dict[str, Any] = self.governed.event(event_id)
        except SandboxError:
            return None
        return event

    def _baseline(self, coming: list[Shown]) -> set[str]:
        """Of the series that have an occurrence to come, as the product remembers it."""
        with self.governed.database.reading() as session:
            shown = pictures.load_pictures(session, self.governed.meeting_id, self.governed.now)
        living = {one.series for one in coming}
        return {address for one in shown if one.event_id in living for address in one.baseline or ()}

    def _learn_of_declines(self) -> None:
        """Which deputies sit because of a decline, as recorded; whether that is right is the oracle's business."""
        with self.governed.database.reading() as session:
            rows = session.execute(
                select(Occurrence.original_start, Department.name, Address.folded)
                .join(StandIn, StandIn.occurrence_id == Occurrence.id)
                .join(Seat, Seat.id == StandIn.seat_id)
                .join(Department, Department.id == Seat.department_id)
                .join(Address, Address.person_id == StandIn.person_id)
                .where(StandIn.cause == "decline")
            ).all()
        named = {key: one for key, one in self.told.stand_ins.items() if not one.by_decline}
        sitting = {(week_of(start), seat): oracle.StandIn(who, by_decline=True) for start, seat, who in rows}
        self.told.stand_ins = named | sitting

    def _ledger_length(self) -> int:
        with self.governed.database.reading() as session:
            return ledger.head(session, self.governed.meeting_id).seq

    def _bystander(self) -> dict[str, Any]:
        return self.governed.control.event(CHAIR, BYSTANDER)

    # --- Workers

    def _cycle(self) -> CycleReport:
        return self.governed.reconciler.cycle(self.governed.calendar_id)

    def a_cycle(self, a: int, b: int, c: int) -> None:
        self._cycle()

    def a_worker_dies(self, a: int, b: int, c: int) -> None:
        """At any step of a cycle; another one begins with nothing but the database."""
        self.fate.steps_left = a % 24
        with suppress(Killed):
            self._cycle()
        self.fate.steps_left = None
        self.begin_worker()

    def begin_worker(self) -> None:
        governed = self.governed
        governed.reconciler = Reconciler(
            database=MortalDatabase(governed.database, self.fate),  # type: ignore[arg-type]
            calendars=MortalCalendar(governed.google.calendar, self.fate, self._watched),
            directory=None,
            site=governed.reconciler.site,
            clock=lambda: governed.now,
        )

    # --- Time and faults

    def time_passes(self, a: int, b: int, c: int) -> None:
        self.governed.advance(timedelta(hours=pick(PASSING, a)))

    def comes_close_to_the_start(self, a: int, b: int, c: int) -> None:
        starts = sorted(one.start for one in self.coming() if one.start > self.governed.now)
        if starts:
            self.governed.advance(starts[0] - self.governed.now - timedelta(minutes=pick((30, 61, -10), a)))

    def a_fault_strikes(self, a: int, b: int, c: int) -> None:
        kind = pick(FAULTS, a)
        more: dict[str, Any] = {"retry_after": 120} if kind in ("429", "503", "quotaExceeded") and c % 3 == 0 else {}
        self.governed.control.fault(kind, route=pick(ROUTES, b), count=1 + c % 2, skip=c % 5 // 3, **more)

    def faults_end(self, a: int, b: int, c: int) -> None:
        self.governed.control.clear_faults()

    def google_differs(self, a: int, b: int, c: int) -> None:
        name, values = pick(SWITCHES, a)
        self.governed.control.switch(name, pick(values, b))

    def tokens_expire(self, a: int, b: int, c: int) -> None:
        control = self.governed.control
        pick((control.expire_tokens, control.expire_access, lambda: control.expire_tokens(mid_paging=True)), a)()

    def somebody_interferes(self, a: int, b: int, c: int) -> None:
        """Between our reading and our writing."""
        act = pick((self.answers, self.drops, self.forwards, self.flips_a_flag, self.edits_the_text), a)
        self.fate.meanwhile = lambda: act(b, c, a)

    # --- People in the calendar

    def _series(self, a: int) -> str:
        """Mostly the newest, after a split; an id that is gone where nothing is left."""
        found = [one.id for one in self.coming() if one.original is None]
        return pick(found[::-1], a // 7 % 3) if found else self.base

    def _some_event(self, a: int) -> str:
        """The series as often as one of its next occurrences."""
        found = self.coming()
        coming = sorted((one for one in found if one.original and one.start > self.governed.now), key=lambda o: o.start)
        if a % 2 or not coming:
            return self._series(a)
        return pick(coming[:4], a // 2).id

    @contextmanager
    def _quietly(self) -> Iterator[Any]:
        with suppress(SandboxError):
            yield self.governed.control

    def forwards(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.forward(CHAIR, self._some_event(a), CHAIR, pick((*STRANGERS, *STRANGERS, *PEOPLE), b))

    def drops(self, a: int, b: int, c: int) -> None:
        event = self._some_event(a)
        with self._quietly() as people:
            people.drop_guest(CHAIR, event, self._guest(event, b))

    def _guest(self, event_id: str, b: int) -> str:
        event = self._event_or_none(event_id) or {}
        present = sorted(entry["email"] for entry in event.get("attendees", []) if entry["email"] != CHAIR)
        return pick(present, b) if present else pick(PEOPLE, b)

    def answers(self, a: int, b: int, c: int) -> None:
        event = self._some_event(a)
        answer = pick(("accepted", "tentative", "accepted", "declined"), c)
        with self._quietly() as people:
            people.answers(CHAIR, event, self._guest(event, b), answer, pick((None, "late by 5"), c // 4))

    def declines(self, a: int, b: int, c: int) -> None:
        event = self._some_event(a)
        with self._quietly() as people:
            people.answers(CHAIR, event, pick(DELEGATED, b), pick(("declined", "declined", "accepted"), c))

    def makes_optional(self, a: int, b: int, c: int) -> None:
        self._alters_a_guest(a, b, {"optional": True})

    def brings_others(self, a: int, b: int, c: int) -> None:
        self._alters_a_guest(a, b, {"additionalGuests": 1 + c % 2})

    def _alters_a_guest(self, a: int, b: int, how: dict[str, Any]) -> None:
        event_id = self._some_event(a)
        event, who = self._event_or_none(event_id) or {}, self._guest(event_id, b)
        listed = [entry | (how if entry["email"] == who else {}) for entry in event.get("attendees", [])]
        with self._quietly() as people:
            people.organizer_edits(CHAIR, event_id, {"attendees": listed})

    def flips_a_flag(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.flip_flags(CHAIR, self._some_event(a), **{pick(("guestsCanInviteOthers", "guestsCanModify"), b): True})

    def edits_the_text(self, a: int, b: int, c: int) -> None:
        event_id = self._series(a)
        present = (self._event_or_none(event_id) or {}).get("description", "")
        texts = ("", f"First: {present}", f"{present}\nLast.", present.replace("We", "They"), "Bring tea & <b>cake</b>.")
        with self._quietly() as people:
            people.organizer_edits(CHAIR, event_id, {"description": pick(texts, b)})

    def retitles(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.organizer_edits(CHAIR, self._some_event(a), {"summary": f"Steering {b % 9}", "location": f"Room {c}"})

    def cancels_one(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.cancel_instance(CHAIR, self._some_event(a - a % 2))

    def restores_one(self, a: int, b: int, c: int) -> None:
        gone = [
            event["id"]
            for event in self.governed.control.events(CHAIR)
            if event["status"] == "cancelled" and event.get("recurringEventId", "").partition("_")[0] == self.base
        ]
        if gone:
            with self._quietly() as people:
                people.restore_instance(CHAIR, pick(gone, b))

    def moves_one(self, a: int, b: int, c: int) -> None:
        event = self._event_or_none(self._some_event(a - a % 2))
        if event and "recurringEventId" in event:
            start = datetime.fromisoformat(event["start"]["dateTime"]) + timedelta(hours=pick((2, 24, -24, -3), b))
            with self._quietly() as people:
                people.move_instance(CHAIR, event["id"], start, start + timedelta(hours=1))

    def splits(self, a: int, b: int, c: int) -> None:
        series = self._series(a)
        at = [one for one in self.coming() if one.series == series and one.original and not one.seen.is_orphan]
        times = {"summary": "Steering anew"} if b % 2 else {}
        if len(at) > 1:
            with self._quietly() as people:
                people.split(CHAIR, series, pick(at[1:4], c).id, times or None)

    def moves_the_series(self, a: int, b: int, c: int) -> None:
        """The same weekday, another hour: every exception is an orphan then, or dropped."""
        event = self._event_or_none(self._series(a))
        if event and "recurrence" in event:
            start = datetime.fromisoformat(event["start"]["dateTime"]) + timedelta(hours=pick((1, -1, 2), b))
            with self._quietly() as people:
                people.move_instance(CHAIR, event["id"], start, start + timedelta(hours=1))

    def deletes(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.delete_event(CHAIR, self._series(a))

    def hands_the_event_over(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.transfer(CHAIR, self._series(a), DELEGATED[0])

    def relinks(self, a: int, b: int, c: int) -> None:
        """Somebody makes the event anew and says so; only where the old one is lost."""
        if not self._is_lost():
            return
        self.relinked += 1
        self.base = f"anewsteering{self.relinked}"
        zone = ZoneInfo(ZONE)
        day = self.governed.now.astimezone(zone).date()
        day += timedelta(days=(3 - day.weekday()) % 7 or 7)
        begins = datetime(day.year, day.month, day.day, 10, tzinfo=zone)
        guests = [pick(PEOPLE, b + more) for more in range(3)]
        self.governed.control.create_series(
            CHAIR, "Steering", begins, begins + timedelta(hours=1), ZONE, ["RRULE:FREQ=WEEKLY;BYDAY=TH"], guests,
            event_id=self.base,
        )  # fmt: skip
        self._relink()

    def _relink(self) -> None:
        try:
            self.governed.relink(self.base)
        except GovernanceError:
            self.governed.control.clear_faults()
            self.governed.relink(self.base)
        self.watch.approvals.clear()

    # --- The roster

    def _done(self, act: Callable[[Any, Any], T]) -> T | None:
        """One act of somebody on a page or at the command line: done, or refused as a whole."""
        try:
            with self.governed.database.writing() as session:
                return act(session, self.governed.meeting(session))
        except GovernanceError:
            return None

    @property
    def _how(self) -> dict[str, Any]:
        return {"actor": "test", "now": self.governed.now}

    @property
    def today(self) -> date:
        return self.governed.now.astimezone(ZoneInfo(ZONE)).date()

    def appoints(self, a: int, b: int, c: int) -> None:
        self._seats(pick(SEATS, a), pick(PEOPLE, b), self.today, seats.appoint, mandated=c % 4 > 0)

    def hands_over(self, a: int, b: int, c: int) -> None:
        on = self.today + timedelta(days=pick((0, 0, 2, 9), c))
        self._seats(pick(SEATS, a), pick(PEOPLE, b), on, seats.hand_over, mandated=c % 3 > 0)

    def _seats(
        self, seat: str, who: str, on: date, service: Callable[..., None], *, mandated: bool
    ) -> None:
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
        if self._done(lambda s, m: [seats.vacate(s, m, seats.seat_of(s, m, seat), **self._how)]):
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

        def act(session: Any, meeting: Any) -> datetime:
            row = seats.seat_of(session, meeting, seat)
            occurrence = occurrences.occurrence_on(session, meeting, day or self.today, now=self.governed.now)
            deputies.withdraw_stand_in(session, meeting, row, occurrence, **self._how)
            start: datetime = occurrence.original_start
            return start

        if start := self._done(act):
            self.told.stand_ins.pop((week_of(start), seat), None)

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
        self._done(lambda s, m: settings.set_charter(s, m, f'short = "{self.charter}"\n', **self._how))

    def pauses(self, a: int, b: int, c: int) -> None:
        self._done(lambda s, m: settings.pause(s, m, by=CHAIR, **self._how))
        self.paused = True

    def resumes(self, a: int, b: int, c: int) -> None:
        self._done(lambda s, m: settings.resume(s, m, **self._how))
        self.paused = False

    def approves(self, a: int, b: int, c: int) -> None:
        self._approved()

    def _approved(self) -> bool:
        """What the page shows as held, if anything is."""
        keys = approvals.held_keys(self.governed.stored().plan_json)
        if not keys:
            return False
        checksum = approvals.checksum_of(keys)
        self._done(
            lambda s, m: approvals.approve(s, m, checksum or "", keys, by=CHAIR, source="t", now=self.governed.now)
        )
        self.watch.approvals.append((self.governed.now, frozenset(keys)))
        return True


def pick(values: Sequence[T], number: int) -> T:
    return values[number % len(values)]


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
