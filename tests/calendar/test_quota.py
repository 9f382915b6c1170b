"""No minute at Google holds more than the allowance, and nobody waits longer than that takes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.client import GoogleCalendar
from governance.calendar.quota import BULK_PERCENT, Priority, Quota, Share, Units, at_priority
from governance.calendar.retrying import RetryPolicy
from governance.reconcile.ports import CalendarAddress, EventWrite, OutcomeUnclear, Stopping, Throttled
from tests.calendar.conftest import BOARD, api_requests, event, refusal
from tests.calendar.raw_server import Request, answer
from tests.support.sandbox import SandboxForTests

ANN, BOB = "ann@example.com", "bob@example.com"
MINUTE = 60.0
SHORT, A_LITTLE_LESS = 1.0, 0.9  # a window for tests that wait for real


class ByHand(threading.Event):
    """The clock and the stop in one: whoever waits for the stop moves the clock on, and so never waits."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def wait(self, timeout: float | None = None) -> bool:
        self.now += timeout or 0.0
        return self.is_set()


@pytest.fixture
def clock() -> ByHand:
    return ByHand()


def spend(quota: Quota, clock: ByHand, amount: int = 1, *, seconds: float = 0.0, subject: str = ANN) -> float:
    """When a call of so many units and seconds began."""
    with quota.spending(subject, amount, stopping=clock):
        begun = clock.now
        clock.now += seconds
    return begun


def test_within_the_allowance_nobody_waits(clock: ByHand) -> None:
    quota = Quota(lambda _: 3, clock=clock)

    assert [spend(quota, clock) for _ in range(3)] == [1000.0] * 3
    assert (quota.used(ANN), quota.used(BOB)) == (3, 0)


def test_the_next_waits_until_a_minute_after_the_first_has_ended(clock: ByHand) -> None:
    quota = Quota(lambda _: 2, clock=clock)
    spend(quota, clock, seconds=5)
    spend(quota, clock, seconds=5)

    assert spend(quota, clock) == 1005.0 + MINUTE


def test_a_call_under_way_counts_however_long_it_takes(clock: ByHand) -> None:
    quota = Quota(lambda _: 2, clock=clock)

    with quota.spending(ANN, 1, stopping=clock):
        clock.now += 5 * MINUTE

        assert quota.used(ANN) == 1
    assert quota.used(ANN) == 1
    clock.now += MINUTE
    assert quota.used(ANN) == 0


def test_subjects_do_not_share(clock: ByHand) -> None:
    quota = Quota(lambda subject: 1 if subject == ANN else 2, clock=clock)
    spend(quota, clock)

    assert [spend(quota, clock, subject=BOB) for _ in range(2)] == [1000.0] * 2


def test_a_call_that_fails_has_spent_its_units(clock: ByHand) -> None:
    quota = Quota(lambda _: 5, clock=clock)

    with pytest.raises(OSError, match="broken"), quota.spending(ANN, 3, stopping=clock):
        raise OSError("broken")

    assert quota.used(ANN) == 3


def test_a_larger_allowance_is_noticed_within_a_second(clock: ByHand) -> None:
    quota = Quota(lambda _: 1 if clock.now < 1010 else 2, clock=clock)
    spend(quota, clock)

    assert 1010.0 <= spend(quota, clock) <= 1011.0


def test_a_smaller_allowance_is_kept_once_the_minute_has_drained(clock: ByHand) -> None:
    allowed = {ANN: 4}
    quota = Quota(lambda subject: allowed[subject], clock=clock)
    for _ in range(4):
        spend(quota, clock)
    allowed[ANN] = 1

    assert [spend(quota, clock), spend(quota, clock)] == [1000.0 + MINUTE, 1000.0 + 2 * MINUTE]


@pytest.mark.parametrize("priority", Priority)
def test_a_call_dearer_than_the_allowance_goes_alone_instead_of_never(clock: ByHand, priority: Priority) -> None:
    quota = Quota(lambda _: 2, clock=clock)
    spend(quota, clock)

    with at_priority(priority):
        assert spend(quota, clock, 3) == 1000.0 + MINUTE


def test_a_stop_ends_the_wait_and_takes_nothing(clock: ByHand) -> None:
    quota = Quota(lambda _: 1, clock=clock)
    spend(quota, clock)
    clock.set()

    with pytest.raises(Stopping):
        spend(quota, clock)

    assert quota.used(ANN) == 1


def test_urgent_work_goes_first_and_equals_in_the_order_of_their_coming() -> None:
    share, names = Share(), {}
    for name, priority in [("b1", 2), ("p1", 1), ("p2", 1), ("u1", 0), ("b2", 2), ("u2", 0)]:
        names[name] = Units(1, Priority(priority))
        share.ask(names[name])

    order = []
    for allowance in range(1, 7):
        share.admit(0.0, allowance)
        order += [name for name, units in names.items() if units.is_taken and name not in order]

    assert order == ["u1", "u2", "p1", "p2", "b1", "b2"]


def test_a_cheap_call_does_not_overtake_a_dear_one_that_came_first() -> None:
    share, dear, cheap = Share(), Units(3), Units(1)
    share.ask(Units(1))
    share.ask(dear)
    share.ask(cheap)

    share.admit(0.0, 3)

    assert (dear.is_taken, cheap.is_taken) == (False, False)


def test_whoever_gives_up_holds_nobody_up() -> None:
    share, dear, cheap = Share(), Units(3), Units(1)
    share.ask(dear)
    share.admit(0.0, 3)
    share.ask(gone := Units(3))
    share.ask(cheap)

    share.give_up(gone, 0.0)
    share.admit(0.0, 4)

    assert cheap.is_taken


def test_bulk_leaves_something_to_the_others(clock: ByHand) -> None:
    quota = Quota(lambda _: 100, clock=clock)

    with at_priority(Priority.BULK):
        begun = [spend(quota, clock) for _ in range(BULK_PERCENT + 1)]
    others = [spend(quota, clock, subject=BOB) for _ in range(100)]

    assert begun == [1000.0] * BULK_PERCENT + [1000.0 + MINUTE]
    assert others == [1000.0 + MINUTE] * 100


def test_a_waiting_bulk_call_does_not_hold_up_a_poll() -> None:
    share = Share()
    bulk = [Units(1, Priority.BULK) for _ in range(100)]
    for units in bulk:
        share.ask(units)
    share.admit(0.0, 100)
    share.ask(poll := Units(2))

    share.admit(0.0, 100)

    assert (sum(units.is_taken for units in bulk), poll.is_taken) == (BULK_PERCENT, True)


# Any traffic


MILLIS = 60_000


@dataclass
class Sent:
    """One call of the simulation, and when each of its steps happened: in whole milliseconds, which add up."""

    arrives: int
    amount: int
    priority: Priority
    lasts: int
    percent_to_server: int
    units: Units = field(init=False)
    begun: int | None = None

    def __post_init__(self) -> None:
        self.units = Units(self.amount, self.priority)

    @property
    def ended(self) -> int:
        return (self.begun or 0) + self.lasts

    @property
    def at_server(self) -> int:
        return (self.begun or 0) + self.lasts * self.percent_to_server // 100

    def counts_at(self, now: int) -> bool:
        return self.begun is not None and self.begun <= now < self.ended + MILLIS


CALLS = st.lists(
    st.builds(
        Sent,
        arrives=st.integers(0, 150_000),
        amount=st.sampled_from([1, 1, 1, 3]),
        priority=st.sampled_from(list(Priority)),
        lasts=st.integers(0, 40_000),
        percent_to_server=st.integers(0, 100),
    ),
    min_size=1,
    max_size=60,
)


@given(calls=CALLS, allowance=st.integers(4, 12))
def test_no_minute_at_the_server_exceeds_the_allowance_and_nobody_waits_in_vain(
    calls: list[Sent], allowance: int
) -> None:
    simulate(calls, allowance)

    for last in calls:
        minute = [c for c in calls if last.at_server - MILLIS < c.at_server <= last.at_server]
        assert sum(c.amount for c in minute) <= allowance
        bulk = sum(c.amount for c in minute if c.priority is Priority.BULK)
        assert bulk <= allowance * BULK_PERCENT // 100


def simulate(calls: list[Sent], allowance: int) -> None:
    """Every instant at which something changes, in order; at each, whoever still waits has to."""
    share, now = Share(MILLIS), 0
    waiting: list[Sent] = []
    coming, running = sorted(calls, key=lambda c: c.arrives), []
    while coming or waiting or running:
        while running and min(running, key=lambda c: c.ended).ended <= now:
            done = min(running, key=lambda c: c.ended)
            running.remove(done)
            share.end(done.units, done.ended)
        while coming and coming[0].arrives <= now:
            waiting.append(coming.pop(0))
            share.ask(waiting[-1].units)
        share.admit(now, allowance)
        for call in [call for call in waiting if call.units.is_taken]:
            call.begun = now
            waiting.remove(call)
            running.append(call)
        used = [call for call in calls if call.counts_at(now)]
        assert share.used(now) == sum(call.amount for call in used)
        if waiting:
            assert not fits(min(waiting, key=lambda c: c.priority), used, allowance)
        changes = [c.arrives for c in coming] + [c.ended for c in running]
        changes += [c.ended + MILLIS for c in calls if c.counts_at(now)]
        freed = [c.ended + MILLIS for c in calls if c.counts_at(now) and c.ended <= now]
        if freed:
            assert share.frees_in(now) == min(freed) - now
        now = min((change for change in changes if change > now), default=now)
        if not (coming or waiting):
            return


def fits(call: Sent, used: list[Sent], allowance: int) -> bool:
    bulk = sum(c.amount for c in used if c.priority is Priority.BULK)
    room = allowance - sum(c.amount for c in used)
    if call.priority is Priority.BULK:
        room = min(room, allowance * BULK_PERCENT // 100 - bulk)
    return call.amount <= room


def test_many_threads_keep_to_the_allowance_together() -> None:
    quota, stop = Quota(lambda _: 10, window_seconds=0.2), threading.Event()
    reached: list[float] = []

    def work() -> None:
        for _ in range(5):
            with quota.spending(ANN, 1, stopping=stop):
                reached.append(time.monotonic())

    run_together(work, threads=8)

    reached.sort()
    assert len(reached) == 40
    assert all(later - earlier >= 0.2 for earlier, later in zip(reached, reached[10:], strict=False))


def test_a_stop_ends_the_wait_of_every_thread() -> None:
    quota, stop = Quota(lambda _: 1), threading.Event()
    with quota.spending(ANN, 1, stopping=stop):
        ended: list[str] = []

        def work() -> None:
            with pytest.raises(Stopping), quota.spending(ANN, 1, stopping=stop):
                raise AssertionError("the unit was not free")
            ended.append("stopped")

        threads = [threading.Thread(target=work) for _ in range(4)]
        for thread in threads:
            thread.start()
        stop.set()
        for thread in threads:
            thread.join(5)

    assert ended == ["stopped"] * 4


def run_together(work: Callable[[], None], *, threads: int) -> None:
    started = [threading.Thread(target=work) for _ in range(threads)]
    for thread in started:
        thread.start()
    for thread in started:
        thread.join()


@pytest.mark.soak
@pytest.mark.parametrize("priority", Priority)
def test_a_cold_start_at_the_limit_meets_no_429(
    sandbox: SandboxForTests, caller_of: Any, tmp_path: Path, priority: Priority
) -> None:
    """700 listings and 100 writes by eight threads, at a server that allows 600 units a minute."""
    control, wanted = sandbox.control, iter(range(800))
    control.seed(users=[ANN])
    control.create_series(ANN, "Board", "2030-03-05T09:00:00Z", "2030-03-05T10:00:00Z", "UTC", event_id="board0")
    control.switch("user_units_per_minute", 600)
    caller = caller_of(sandbox, path=sandbox.credentials_file(tmp_path), quota=Quota(lambda _: 600))
    google, own = GoogleCalendar(caller), CalendarAddress(ANN, ANN)

    def work() -> None:
        with at_priority(priority):
            for number in wanted:
                if number % 8:
                    google.list_changes(own, sync_token=None, concerns=lambda *_: False)
                else:
                    google.write_event(own, EventWrite(event_id="board0", etag="*", description=str(number)))

    run_together(work, threads=8)

    statuses = [entry["status"] for entry in control.log() if entry["route"] != "token"]
    assert statuses == [200] * 800
    share = BULK_PERCENT / 100 if priority is Priority.BULK else 1
    assert 0.9 * 600 * share <= control.quota()["users"][ANN]["peak"] <= 600


# Calls to Google


def test_a_read_costs_one_unit_and_a_write_three(calendar_of: Any) -> None:
    quota = Quota(lambda _: 100)
    calendar, _ = calendar_of(lambda _: answer(event()), quota=quota)

    calendar.get_event(BOARD, "series1")
    after_the_read = quota.used(BOARD.subject)
    calendar.write_event(BOARD, EventWrite(event_id="series1", etag='"1"', description="x"))

    assert (after_the_read, quota.used(BOARD.subject)) == (1, 4)


def test_every_try_of_a_read_costs_its_unit(calendar_of: Any) -> None:
    quota = Quota(lambda _: 100)
    calendar, server = calendar_of(lambda _: refusal(429, "rateLimitExceeded"), quota=quota)

    with pytest.raises(Throttled):
        calendar.get_event(BOARD, "series1")

    assert (len(api_requests(server)), quota.used(BOARD.subject)) == (2, 2)


def test_a_write_whose_answer_is_lost_has_cost_its_units(calendar_of: Any) -> None:
    quota = Quota(lambda _: 100)
    calendar, _ = calendar_of(lambda request: request.connection.close(), quota=quota)

    with pytest.raises(OutcomeUnclear):
        calendar.write_event(BOARD, EventWrite(event_id="series1", etag='"1"', description="x"))

    assert quota.used(BOARD.subject) == 3


def test_the_deadline_of_a_call_begins_after_the_wait_for_its_units(calendar_of: Any) -> None:
    quota = Quota(lambda _: 1, window_seconds=SHORT)
    calendar, server = calendar_of(lambda _: answer(event()), quota=quota)
    calendar.get_event(BOARD, "series1")

    found = calendar.get_event(BOARD, "series1", deadline_seconds=A_LITTLE_LESS)

    assert found.id == "series1"
    assert len(api_requests(server)) == 2


def test_what_is_left_of_a_deadline_is_not_used_up_by_waiting_for_a_second_try(calendar_of: Any) -> None:
    answers = iter([refusal(503, "backendError"), answer(event())])
    quota = Quota(lambda _: 1, window_seconds=SHORT)
    calendar, _ = calendar_of(lambda _: next(answers), quota=quota, retries=RetryPolicy(first_wait=0.0))

    assert calendar.get_event(BOARD, "series1", deadline_seconds=A_LITTLE_LESS).id == "series1"


def test_a_stop_while_waiting_for_units_sends_nothing(calendar_of: Any, deadlines: Any) -> None:
    quota = Quota(lambda _: 1)
    sent: list[Request] = []
    calendar, _ = calendar_of(lambda request: sent.append(request) or answer(event()), quota=quota)
    calendar.get_event(BOARD, "series1")
    stopper = threading.Timer(0.0, deadlines.stop)
    stopper.start()

    with pytest.raises(Stopping):
        calendar.write_event(BOARD, EventWrite(event_id="series1", etag='"1"', description="x"))

    stopper.join()
    assert len(sent) == 1
