"""One history: its steps done to a governed meeting, the end put in order, and the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import EventWrite
from governance.reconcile.reconciler import CycleReport, Reconciler
from governance.services import ledger
from governance.store import standing
from tests.histories.calendar_acts import CalendarActs
from tests.histories.fate import Killed, MortalCalendar, MortalDatabase
from tests.histories.roster_acts import RosterActs
from tests.histories.scene import pick
from tests.histories.steps import Step
from tests.support.governed import CHAIR

BYSTANDER = "weeklysteering2"
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
class History(CalendarActs, RosterActs):
    bystander: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bystander = self._bystander()
        self.begin_worker()

    # --- The whole

    def run(self, steps: Sequence[Step]) -> None:
        for number, step in enumerate(steps):
            getattr(self, step.act)(step.a, step.b, step.c)
            self._judge_writes(f"step {number}, {step}")
        self._end(steps[-1].a if steps else 0)

    def _end(self, when_the_last_dies: int) -> None:
        """The last disturbance is over; two cycles bring order, an approval in between begins anew, a third is idle.

        What the rules let wait for a day is judged when that day is over, all else at once. Then days pass in
        which nobody does anything: what was dated comes into force, and nothing but time asks for a look.
        """
        self._bring_peace(when_the_last_dies)
        self._settle()
        if self._something_waits_for_a_time():
            self._let_a_day_pass()
        self._judge_the_end()
        for _ in range(2):
            self._let_a_day_pass()
            self._judge_the_end()

    def _bring_peace(self, when_the_last_dies: int) -> None:
        """No fault any more, nobody pauses, a worker dies once more, and in an hour no call is put off any longer."""
        control = self.governed.control
        control.clear_faults()
        control.switch("omit_attendees_over", 1000)
        self.fate.meanwhile = None
        self.resumes(0, 0, 0)
        self.a_worker_dies(when_the_last_dies, 0, 0)
        self.governed.advance(timedelta(minutes=65))
        self.relinks(0, 0, 0)

    def _let_a_day_pass(self) -> None:
        self._wait_for_a_quiet_hour()
        self.relinks(0, 0, 0)
        self._settle()

    def _judge_the_end(self) -> None:
        self._judge_writes("the end")
        if wrong := [*self._out_of_order(), *self._unwell()]:
            raise Wrong("\n".join(["after the last disturbance and two cycles:", *wrong]))
        before = self._ledger_length()
        self.governed.control.clear_log()
        self._cycle()
        if (writes := self.governed.writes()) or self._ledger_length() != before:
            raise Wrong(f"the third cycle was not idle: {[one['path'] for one in writes]}")

    def _settle(self) -> None:
        self._cycle()
        if self._approved():
            self._cycle()
        self._cycle()

    def _something_waits_for_a_time(self) -> bool:
        """Besides what waits for an approval; or the meeting is just taking place."""
        plan = self.governed.stored().plan_json or {"changes": [], "held_keys": []}
        asked = {(kind, target) for _, kind, target in plan["held_keys"]}
        waits = [
            one for one in plan["changes"] if one["held"] and (one["kind"], one["email"] or one["flag"]) not in asked
        ]
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
            if one.original is not None and one.start <= self.governed.now:
                continue  # it is running, and never written any more
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
            text = one.raw.get("description", "")
            is_governed_text = one.id == one.series and self.modes.get("I11") != "observe"
            if is_governed_text and text.count(_escaped(self.charter)) != 1:
                yield f"{one.id}: the description is {text!r}"

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

    def _bystander(self) -> dict[str, Any]:
        other: dict[str, Any] = self.governed.control.event(CHAIR, BYSTANDER)
        return other

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
        """Between our reading and our writing, with the event that is about to be written."""
        act = pick((self.answers, self.declines, self.answers, self.drops, self.forwards, self.edits_the_text), a)

        def interfering(event_id: str) -> None:
            self.aimed_at = event_id
            act(b, c, a)
            self.aimed_at = None

        self.fate.meanwhile = interfering


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
