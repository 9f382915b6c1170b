"""Which failures of a read are worth a second try, and never before Google wants it."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.refusals import DAILY_LIMIT
from governance.calendar.retrying import RetryPolicy, wait_before_next
from governance.reconcile.ports import (
    CalendarTrouble,
    ChangedMeanwhile,
    NotFound,
    OutcomeUnclear,
    Refused,
    Stopping,
    SyncTokenExpired,
    Throttled,
    Unbelievable,
    Unreachable,
    WritesPaused,
)
from tests.calendar.conftest import BOARD, api_requests, event, page, refusal
from tests.calendar.raw_server import Request, answer

POLICY = RetryPolicy(attempts=3, first_wait=1.0)


@pytest.mark.parametrize(
    "trouble",
    [
        Refused("x"),
        NotFound("x"),
        SyncTokenExpired("x"),
        ChangedMeanwhile("x"),
        OutcomeUnclear("x"),
        Unbelievable("x"),
        Stopping("x"),
        WritesPaused("x"),
        Throttled("x", code=DAILY_LIMIT),
    ],
    ids=lambda trouble: trouble.code,
)
def test_what_does_not_pass_by_itself_is_not_tried_again(trouble: CalendarTrouble) -> None:
    assert wait_before_next(trouble, attempt=1, remaining=1e9, policy=POLICY, random=lambda: 0.5) is None


def test_the_waits_grow_and_end() -> None:
    waits = [
        wait_before_next(Unreachable("x"), attempt=attempt, remaining=30, policy=POLICY, random=lambda: 0.5)
        for attempt in (1, 2, 3)
    ]

    assert waits == [1.0, 2.0, None]


@given(
    asked=st.floats(0, 200),
    remaining=st.floats(0, 60),
    attempt=st.integers(1, 5),
    chance=st.floats(0, 1, exclude_max=True),
    kind=st.sampled_from([Unreachable, Throttled]),
)
def test_never_earlier_than_google_wants_and_never_past_the_deadline(
    asked: float, remaining: float, attempt: int, chance: float, kind: type[CalendarTrouble]
) -> None:
    wait = wait_before_next(
        kind("x", retry_after=asked), attempt=attempt, remaining=remaining, policy=POLICY, random=lambda: chance
    )

    assert wait is None or (asked <= wait < remaining and attempt < POLICY.attempts)


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(refusal(429, "rateLimitExceeded"), id="429"),
        pytest.param(refusal(403, "userRateLimitExceeded"), id="403 rate"),
        pytest.param(answer(b"<html>", status=503), id="503 page"),
        pytest.param(answer(status=500), id="500 empty"),
        pytest.param(None, id="closed"),
    ],
)
def test_a_read_survives_one_passing_fault(calendar_of: Any, fault: bytes | None) -> None:
    answers = iter([fault, answer(event())])
    calendar, server = calendar_of(lambda _: next(answers))

    assert calendar.get_event(BOARD, "series1").id == "series1"
    assert len(api_requests(server)) == 2


def test_a_lasting_fault_is_asked_twice_and_then_reported(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(status=503))

    with pytest.raises(Unreachable):
        calendar.get_event(BOARD, "series1")

    assert len(api_requests(server)) == 2


def test_a_wait_longer_than_the_deadline_is_for_the_caller(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: refusal(429, "rateLimitExceeded", headers={"Retry-After": "120"}))

    with pytest.raises(Throttled) as raised:
        calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)

    assert raised.value.retry_after == 120
    assert len(api_requests(server)) == 1


def test_a_wait_for_too_many_calls_is_the_whole_accounts_and_so_for_the_caller(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: refusal(429, "rateLimitExceeded", headers={"Retry-After": "1"}))

    with pytest.raises(Throttled):
        calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)

    assert len(api_requests(server)) == 1


def test_a_probe_asks_once(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: answer(status=503))

    with pytest.raises(Unreachable):
        calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True, is_probe=True)

    assert len(api_requests(server)) == 1


def test_a_permanent_refusal_is_asked_once(calendar_of: Any) -> None:
    calendar, server = calendar_of(lambda _: refusal(403, "accessNotConfigured"))

    with pytest.raises(Refused):
        calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)

    assert len(api_requests(server)) == 1


def test_waiting_ends_when_the_process_stops(calendar_of: Any, deadlines: Any) -> None:
    asked = threading.Event()

    def later(_: Request) -> bytes:
        asked.set()
        return refusal(503, "backendError", headers={"Retry-After": "1000"})

    calendar, server = calendar_of(later, seconds=10_000)
    stopper = threading.Thread(target=lambda: (asked.wait(), deadlines.stop()))
    stopper.start()

    with pytest.raises(Stopping):
        calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)

    stopper.join()
    assert len(api_requests(server)) == 1


def test_a_read_refused_for_its_token_is_asked_again_with_a_new_one(calendar_of: Any) -> None:
    answers = iter([refusal(401, "authError"), answer(page())])
    calendar, server = calendar_of(lambda _: next(answers))

    listing = calendar.list_changes(BOARD, sync_token=None, concerns=lambda *_: True)

    assert listing.sync_token == "token-1"
    assert [request.path for request in server.requests].count("/token") == 2
