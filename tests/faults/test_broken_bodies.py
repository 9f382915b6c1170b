"""Twelve bodies that cannot be true: nothing is written, the token stays, it is shown why, the next cycle is clean."""

from __future__ import annotations

import functools
import gzip
import io
import json
import resource
from datetime import timedelta
from typing import Any

import pytest

from governance.calendar.believing import MOST_PAGES
from tests.calendar.raw_server import Request, answer
from tests.faults.conftest import OTHER, Distorted
from tests.support.crossing import Distortion
from tests.support.governed import CHAIR, DELEGATES, SERIES, STRANGER

AMARA = next(iter(DELEGATES.values()))
BOMB_MEGABYTES = 300


def shorter_than_said(_: Request, content: bytes) -> bytes:
    whole = answer(content, keep_alive=False)
    return whole[: len(whole) - len(content) // 2]


def cut_where_closing_is_the_end(_: Request, content: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + content[: len(content) // 2]


def without_its_last_chunk(_: Request, content: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n%x\r\n" % len(content) + content


def a_web_page(_: Request, content: bytes) -> bytes:
    return answer(b"<!DOCTYPE html><html><body>Sign in</body></html>", headers={"Content-Type": "text/html"})


def an_empty_object(_: Request, content: bytes) -> bytes:
    return answer({})


def a_list(_: Request, content: bytes) -> bytes:
    return answer([json.loads(content)])


def of_another_calendar(_: Request, content: bytes) -> bytes:
    event = {"id": "otherseries", "status": "confirmed", "organizer": {"email": OTHER, "self": True}}
    return answer({**json.loads(content), "items": [event]})


def the_same_page_again(_: Request, content: bytes) -> bytes:
    return answer(_going_on(content, "again"))


def pages_without_end(request: Request, content: bytes) -> bytes:
    return answer(_going_on(content, str(int(request.query.get("pageToken", "0")) + 1)))


def a_bomb(_: Request, content: bytes) -> bytes:
    return answer(_bomb(), headers={"Content-Encoding": "gzip"})


def nulls(_: Request, content: bytes) -> bytes:
    listed = json.loads(content)
    return answer({**listed, "items": [{**one, "attendees": None, "start": None} for one in listed["items"]]})


def guests_of_a_wrong_type(_: Request, content: bytes) -> bytes:
    listed = json.loads(content)
    items = [{**one, "attendees": {"email": AMARA}} for one in listed["items"]]
    return answer({**listed, "items": items})


BODIES: dict[str, Distortion] = {
    one.__name__.replace("_", " "): one
    for one in (
        shorter_than_said, cut_where_closing_is_the_end, without_its_last_chunk, a_web_page, an_empty_object, a_list,
        of_another_calendar, the_same_page_again, pages_without_end, a_bomb, nulls, guests_of_a_wrong_type,
    )
}  # fmt: skip


@pytest.mark.parametrize("body", BODIES, ids=str)
def test_a_body_that_cannot_be_true_changes_nothing(body: str, distorted: Distorted) -> None:
    governed = distorted.governed
    before = distorted.calendar.sync_token, governed.event()
    distorted.listings_are(BODIES[body])

    report = governed.cycle_report()

    shown = distorted.calendar
    assert report.trouble is not None
    assert (shown.sync_token, governed.event()) == before
    assert governed.writes() == []
    assert shown.problem_code in ("google-unbelievable", "google-unreachable")
    assert shown.problem_remedy
    assert 1 <= distorted.listings <= MOST_PAGES
    distorted.is_true_again()
    governed.advance(timedelta(hours=1))
    assert governed.cycle_report().trouble is None
    assert STRANGER not in governed.guests()
    assert distorted.calendar.problem_code is None
    assert len(governed.writes()) == 1


def test_the_bomb_takes_no_more_memory_than_the_largest_honest_answer(distorted: Distorted) -> None:
    distorted.listings_are(a_bomb)
    before = _peak_megabytes()

    distorted.governed.cycle_report()

    assert _peak_megabytes() - before < BOMB_MEGABYTES / 2


def test_words_that_google_has_not_used_before_are_carried_and_take_nobody_off(distorted: Distorted) -> None:
    """Not a broken body: Google adds words without notice, and the meeting must go on."""
    governed = distorted.governed
    governed.cycle()
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted")
    governed.control.clear_log()

    def unknown_words(_: Request, content: bytes) -> bytes:
        listed = json.loads(content)
        for one in listed["items"]:
            one |= {"eventType": "hologram", "transparency": "translucent"}
            one["attendees"] = [{**guest, "responseStatus": "maybeLater"} for guest in one["attendees"]]
        return answer(listed)

    distorted.listings_are(unknown_words)

    report = governed.cycle_report()

    assert (report.trouble, len(report.meetings)) == (None, 1)
    assert governed.guests() == set(DELEGATES.values())
    assert governed.writes() == []


def _going_on(content: bytes, page_token: str) -> dict[str, Any]:
    listed = json.loads(content)
    listed.pop("nextSyncToken", None)
    return {**listed, "nextPageToken": page_token}


@functools.cache
def _bomb() -> bytes:
    """Some hundred kilobytes, and a thousand times as much when it is unpacked."""
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb", compresslevel=1) as file:
        for _ in range(BOMB_MEGABYTES):
            file.write(bytes(1024 * 1024))
    return packed.getvalue()


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
