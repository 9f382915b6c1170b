"""Tokens refused, requests refused, servers that hang: few calls, none too early, none too long, nothing lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from governance.calendar.deadlines import DEFAULT_SECONDS
from governance.reconcile.ports import CalendarAddress, Unreachable
from tests.calendar.raw_server import Request
from tests.faults.conftest import OTHER, Distorted
from tests.support.crossing import Crossing
from tests.support.governed import CHAIR, SERIES, STRANGER, Governed

ONE_HOUR = timedelta(hours=1)
CHAIRS = CalendarAddress(CHAIR, CHAIR)


# 410 (R8)


def once(distorted: Distorted) -> None:
    distorted.governed.control.expire_tokens(CHAIR)


def always(distorted: Distorted) -> None:
    distorted.governed.control.fault("410", route="events.list", calendar=CHAIR, count=None)


def in_the_middle_of_paging(distorted: Distorted) -> None:
    """The token goes while the pages of a full listing are being read, time and again."""
    events = [
        {"calendar": CHAIR, "summary": f"Other {number}", "time_zone": "UTC"}
        | {"start": "2026-12-01T10:00:00Z", "end": "2026-12-01T11:00:00Z"}
        for number in range(300)
    ]
    distorted.governed.control.create_many(events)
    distorted.governed.control.fault("410", route="events.list", calendar=CHAIR, count=None, skip=1)


def a_token_of_another_calendar(distorted: Distorted) -> None:
    governed = distorted.governed
    foreign = governed.google.calendar.list_changes(
        CalendarAddress(OTHER, OTHER), sync_token=None, concerns=lambda *_: False
    )
    with governed.database.writing() as session:
        from governance.store import standing

        standing.calendar_to_change(session, governed.calendar_id).sync_token = foreign.sync_token


STORMS: dict[str, Callable[[Distorted], None]] = {
    one.__name__.replace("_", " "): one for one in (once, always, in_the_middle_of_paging, a_token_of_another_calendar)
}
PASSING = ("once", "a token of another calendar")


@pytest.mark.parametrize("storm", STORMS, ids=str)
def test_while_tokens_are_refused_calls_are_few_and_no_guest_is_touched_from_half_a_picture(
    storm: str, distorted: Distorted
) -> None:
    governed = distorted.governed
    STORMS[storm](distorted)
    governed.control.clear_log()
    before = governed.event()
    end = governed.now + ONE_HOUR

    cycles = _keep_cycling(distorted, until=end)

    if storm in PASSING:
        assert STRANGER not in governed.guests()
        assert len(governed.writes()) == 1
    else:
        # Each attempt is the token and then, at most, the pages of one full listing.
        assert cycles <= 12
        assert governed.event() == before
        assert governed.writes() == []
        assert distorted.calendar.problem_remedy
    governed.control.clear_faults()
    governed.advance(ONE_HOUR)
    governed.cycle_report()
    governed.cycle_report()
    assert STRANGER not in governed.guests()
    assert len(governed.writes()) == 1
    assert distorted.calendar.problem_code is None


def _keep_cycling(distorted: Distorted, *, until: Any) -> int:
    """As a worker does: when the calendar may be read again; an hour of it, or until it is well."""
    governed, cycles = distorted.governed, 0
    while governed.now < until:
        report = governed.cycle_report()
        cycles += 1
        if report.trouble is None:
            break
        retry_at = distorted.calendar.retry_at
        assert retry_at is not None
        governed.advance(max(retry_at - governed.now, timedelta(seconds=1)))
    return cycles


# Too many requests (R10)


@pytest.mark.parametrize("seconds", [1, 2, 7, 30, 120])
@pytest.mark.parametrize("route", ["events.list", "events.patch"])
def test_nobody_comes_back_earlier_than_google_said(route: str, seconds: int, distorted: Distorted) -> None:
    """Not within the call either: the account's other calendars would go on being read meanwhile."""
    governed = distorted.governed
    governed.control.fault("429", route=route, calendar=CHAIR, count=1, retry_after=seconds)

    governed.cycle_report()

    waiting = governed.stored() if route == "events.patch" else distorted.calendar
    assert waiting.retry_at is not None
    assert waiting.retry_at - governed.now >= timedelta(seconds=seconds)
    assert len(governed.control.log(route)) == 1


# No answer (R11)


class Silence:
    """Answers that never end, until the test does."""

    def __init__(self) -> None:
        self.is_over = threading.Event()

    def hang(self, _: Request, __: bytes) -> None:
        self.is_over.wait()

    def drip(self, request: Request, whole: bytes) -> None:
        """A byte now and then: each in time for a socket's own time-out."""
        head, _, _ = whole.partition(b"\r\n\r\n")
        request.connection.sendall(head + b"\r\n\r\n")
        while not self.is_over.wait(0.05):
            request.connection.sendall(b" ")

    def drip_headers(self, request: Request, _: bytes) -> None:
        request.connection.sendall(b"HTTP/1.1 200 OK\r\nX-Long: ")
        while not self.is_over.wait(0.05):
            request.connection.sendall(b"x")


@pytest.fixture
def silence() -> Iterator[Silence]:
    made = Silence()
    yield made
    made.is_over.set()


SILENCES = ["hang", "drip", "drip_headers"]


@pytest.mark.parametrize("kind", SILENCES)
def test_a_read_of_a_silent_server_ends_at_its_deadline(
    kind: str, governed: Governed, crossing: Crossing, silence: Silence
) -> None:
    assert governed.google.calendar.get_event(CHAIRS, SERIES) is not None
    crossing.distortion = getattr(silence, kind)
    began = time.monotonic()

    with pytest.raises(Unreachable):
        governed.google.calendar.get_event(CHAIRS, SERIES, deadline_seconds=0.5)

    assert 0.4 <= time.monotonic() - began <= 1.5


@pytest.mark.soak
def test_a_call_that_nobody_shortened_ends_after_thirty_seconds(distorted: Distorted, silence: Silence) -> None:
    """With the product's own constant: a write of the cycle, whose answer drips; the next one finds out."""
    governed = distorted.governed
    assert DEFAULT_SECONDS == 30.0

    def only_writes(request: Request, whole: bytes) -> bytes | None:
        return silence.drip(request, whole) if request.method == "PATCH" else whole

    distorted.crossing.distortion = only_writes
    began = time.monotonic()

    governed.cycle_report()

    assert DEFAULT_SECONDS - 1 <= time.monotonic() - began <= DEFAULT_SECONDS + 2
    assert STRANGER not in governed.guests()
    assert len(governed.writes()) == 1
