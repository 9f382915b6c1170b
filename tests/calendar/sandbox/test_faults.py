"""Items 65 and 67: what goes wrong on the way, stops at an exact step, and the log of requests."""

from __future__ import annotations

import http.client
import json
import threading
from typing import Any

import httplib2
import pytest

from governance.calendar.sandbox import faults
from governance.calendar.sandbox.client import SandboxError
from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, emails, refusal

EVENT = "/calendar/v3/calendars/primary/events/weekly0"
EVENTS = "/calendar/v3/calendars/primary/events"
PATCH = json.dumps({"summary": "Changed"}).encode()


def summary(office: Office) -> str:
    return str(office.control.event(CHAIR, "weekly0")["summary"])


def test_65_no_fault_is_ordered_and_nothing_goes_wrong(office: Office) -> None:
    office.weekly(ANN)

    assert office.raw("PATCH", EVENT, PATCH).status == 200
    assert summary(office) == "Changed"


REFUSALS = [
    ("429", 429, "rateLimitExceeded"),
    ("rateLimitExceeded", 403, "rateLimitExceeded"),
    ("userRateLimitExceeded", 403, "userRateLimitExceeded"),
    ("quotaExceeded", 403, "quotaExceeded"),
    ("dailyLimitExceeded", 403, "dailyLimitExceeded"),
    ("accessNotConfigured", 403, "accessNotConfigured"),
    ("insufficientPermissions", 403, "insufficientPermissions"),
    ("forbidden", 403, "forbidden"),
    ("notACalendarUser", 403, "notACalendarUser"),
    ("400", 400, "badRequest"),
    ("pushNotSupportedForRequestedResource", 400, "pushNotSupportedForRequestedResource"),
    ("401", 401, "authError"),
    ("push.webhookUrlUnauthorized", 401, "push.webhookUrlUnauthorized"),
    ("404", 404, "notFound"),
    ("409", 409, "conflict"),
    ("410", 410, "fullSyncRequired"),
    ("412", 412, "conditionNotMet"),
    ("500", 500, "backendError"),
    ("502", 502, "backendError"),
    ("503", 503, "backendError"),
    ("504", 504, "backendError"),
]


@pytest.mark.parametrize(("kind", "status", "reason"), REFUSALS)
def test_65_a_refusal_comes_once_and_applies_nothing(office: Office, kind: str, status: int, reason: str) -> None:
    office.weekly(ANN)
    office.control.fault(kind, route="events.patch")

    refused, accepted = office.raw("PATCH", EVENT, PATCH), office.raw("PATCH", EVENT, b"{}")

    assert refused.status == status
    assert json.loads(refused.content)["error"]["errors"][0]["reason"] == reason
    assert (accepted.status, summary(office)) == (200, "Customer board")


def test_65_every_refusal_is_among_the_tested() -> None:
    assert [kind for kind, _, _ in REFUSALS] == [kind for kind in faults.KINDS if faults.Fault(kind).refusal()]


def test_65_retry_after_html_and_empty_bodies_are_options(office: Office) -> None:
    office.control.fault("429", retry_after=7)
    office.control.fault("503", body="html", skip=0)
    office.control.fault("502", body="empty")

    first, second, third = (office.raw("GET", EVENTS) for _ in range(3))

    assert (first.status, first.headers["Retry-After"]) == (429, "7")
    assert (second.status, second.content[:15]) == (503, b"<!DOCTYPE html>")
    assert (third.status, third.content) == (502, b"")


def test_65_the_write_lock_of_a_user_leaves_reads_alone(office: Office) -> None:
    office.weekly(ANN)
    office.control.fault("quotaExceeded", count=None, subject=CHAIR)

    statuses = [office.raw(method, EVENT, body).status for method, body in (("PATCH", PATCH), ("GET", None))]
    own = office.as_(ANN).patch("weekly0", {"colorId": "1"})
    office.control.clear_faults()

    assert (statuses, own["colorId"]) == ([403, 200], "1")
    assert office.raw("PATCH", EVENT, PATCH).status == 200


def test_65_a_fault_is_meant_for_some_requests_only(office: Office) -> None:
    office.weekly(ANN)
    office.single()
    office.control.fault("500", route="events.get", event="weekly0", skip=1, count=1)

    statuses = [office.raw("GET", path).status for path in (EVENT, f"{EVENTS}/single0", EVENTS, EVENT, EVENT)]

    assert statuses == [200, 200, 200, 500, 200]


def test_65_the_token_endpoint_has_faults_too(office: Office) -> None:
    office.control.fault("503", route="token")

    assert office.raw("POST", "/token", b"grant_type=none").status == 503
    assert office.raw("POST", "/token", b"grant_type=none").status == 400


def test_65_a_race_moves_the_etag_a_moment_before_the_write(office: Office) -> None:
    etag = office.weekly(ANN)["etag"]
    office.control.fault("race", route="events.patch")

    assert refusal(lambda: office.patch("weekly0", {"summary": "x"}, etag)) == (412, "conditionNotMet")
    assert office.patch("weekly0", {"summary": "x"}, office.get("weekly0")["etag"])["summary"] == "x"


def test_65_the_etag_may_change_under_every_write(office: Office) -> None:
    office.weekly(ANN)
    office.control.fault("race", route="writes", count=None)

    for event in ("weekly0", "weekly0_20261110T080000Z") * 2:
        etag = office.get(event)["etag"]
        assert refusal(lambda event=event, etag=etag: office.patch(event, {"summary": "x"}, etag))[0] == 412


def closed(office: Office, kind: str) -> type[BaseException]:
    office.control.fault(kind, route="events.patch")
    with pytest.raises((http.client.HTTPException, OSError)) as caught:
        office.raw("PATCH", EVENT, PATCH)
    return caught.type


def test_65_a_connection_closed_before_the_write_was_applied(office: Office) -> None:
    office.weekly(ANN)

    assert closed(office, "close_before") is http.client.RemoteDisconnected
    assert summary(office) == "Customer board"


def test_65_a_connection_closed_after_the_write_was_applied(office: Office) -> None:
    office.weekly(ANN)

    assert closed(office, "close_after") is http.client.RemoteDisconnected
    assert summary(office) == "Changed"


def test_65_an_answer_that_breaks_off(office: Office) -> None:
    office.weekly(ANN)

    assert closed(office, "truncated") is http.client.IncompleteRead
    assert summary(office) == "Changed"


@pytest.mark.parametrize(
    ("kind", "applied"), [("hang", "Customer board"), ("hang_after", "Changed"), ("drip", "Changed")]
)
def test_65_an_answer_that_takes_longer_than_the_client_waits(office: Office, kind: str, applied: str) -> None:
    office.weekly(ANN)
    headers = {"authorization": f"Bearer {office.control.access_token(CHAIR)}"}
    office.control.fault(kind, route="events.patch", seconds=60)
    client = httplib2.Http(timeout=0.2)

    with pytest.raises(TimeoutError):
        client.request(office.sandbox.url.rstrip("/") + EVENT, "PATCH", PATCH, headers)

    client.close()
    while applied == "Changed" and office.control.log("events.patch")[-1]["status"] is None:
        pass
    assert summary(office) == applied


def test_65_a_slow_answer_arrives(office: Office) -> None:
    office.control.fault("slow", seconds=0.01)

    assert office.raw("GET", EVENTS).status == 200


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("invalid_json", str),
        ("half_json", str),
        ("html_ok", str),
        ("empty_body", str),
        ("empty_object", dict),
        ("list_body", list),
    ],
)
def test_65_nonsense_with_status_200_reaches_the_real_client(office: Office, kind: str, expected: type) -> None:
    office.weekly(ANN)
    office.control.fault(kind, route="events.list")

    answer: Any = office.page()

    assert isinstance(answer, expected)
    assert not answer or isinstance(answer, str)
    assert office.page()["items"][0]["id"] == "weekly0"


def test_65_pages_that_cannot_be_true(office: Office) -> None:
    office.weekly(ANN)
    office.as_(ANN)

    answers = {}
    for kind in ("no_token", "both_tokens", "same_page"):
        office.control.fault(kind, route="events.list")
        answers[kind] = office.page()
    office.control.fault("same_page", route="events.list")
    again = json.loads(office.raw("GET", f"{EVENTS}?fields=items(id),nextPageToken").content)

    assert not {"nextPageToken", "nextSyncToken"} & answers["no_token"].keys()
    assert {"nextPageToken", "nextSyncToken"} <= answers["both_tokens"].keys()
    assert answers["same_page"]["nextPageToken"] == again["nextPageToken"]
    assert answers["same_page"]["items"][0]["id"] == "weekly0"


def test_65_the_same_page_may_come_for_ever(office: Office) -> None:
    office.weekly(ANN)
    office.control.fault("same_page", route="events.list", count=None)
    answer = office.page()
    seen = []
    for _ in range(5):
        answer = office.page(pageToken=answer["nextPageToken"])
        seen.append([item["id"] for item in answer["items"]])

    assert seen == [["weekly0"]] * 5
    assert answer["nextPageToken"] == "same"


def test_65_another_calendars_page(office: Office) -> None:
    office.weekly(ANN)
    office.control.create_series(BOB, "Bob's own", "2026-11-03T09:00:00Z", "2026-11-03T10:00:00Z", event_id="bobs")
    office.control.fault("other_calendar", route="events.list", shown=BOB)

    answer = office.page()

    assert ([item["id"] for item in answer["items"]], answer["summary"]) == (["bobs"], BOB)


@pytest.mark.parametrize("route", ["events.list", "events.get", "events.patch"])
def test_65_guests_left_out_of_an_answer(office: Office, route: str) -> None:
    office.weekly(CHAIR, ANN, BOB)
    office.control.fault("attendees_omitted", route=route)

    answers = {
        "events.list": lambda: office.page()["items"][0],
        "events.get": lambda: office.get("weekly0"),
        "events.patch": lambda: office.patch("weekly0", {"summary": "x"}),
    }
    event = answers[route]()

    assert (emails(event), event["attendeesOmitted"]) == ([CHAIR], True)


def test_65_an_unknown_fault_is_refused(office: Office) -> None:
    with pytest.raises(SandboxError, match="Choose a fault that exists"):
        office.control.fault("earthquake")


@pytest.mark.parametrize(("when", "seen"), [("before", "Customer board"), ("after", "Changed")])
def test_a_write_stops_at_an_exact_step_while_others_go_on(office: Office, when: str, seen: str) -> None:
    office.weekly(ANN)
    office.control.pause_at("events.patch", when=when)
    statuses: list[int] = []
    writer = threading.Thread(target=lambda: statuses.append(office.raw("PATCH", EVENT, PATCH).status))
    writer.start()

    paused = office.control.wait_until_paused()
    meanwhile = summary(office)
    office.control.resume()
    writer.join()

    assert (paused, meanwhile, statuses, summary(office)) == (True, seen, [200], "Changed")


def test_the_second_matching_request_may_be_the_one_that_stops(office: Office) -> None:
    office.weekly(ANN)
    office.control.pause_at("events.patch", 2, event="weekly0")
    statuses = [office.raw("PATCH", EVENT, b"{}").status]
    writer = threading.Thread(target=lambda: statuses.append(office.raw("PATCH", EVENT, PATCH).status))
    writer.start()

    assert office.control.wait_until_paused()
    assert statuses == [200]

    office.control.resume()
    writer.join()
    assert statuses == [200, 200]


def test_67_every_request_is_logged_with_all_it_said(office: Office) -> None:
    etag = office.weekly(ANN)["etag"]
    office.control.clear_log()

    office.patch("weekly0", {"attendees": [{"email": CEM}]}, etag, sendUpdates="none")
    refusal(lambda: office.get("nothing"))

    patch, get = office.control.log()
    assert {
        name: patch[name] for name in ("method", "path", "route", "names", "query", "body", "subject", "status")
    } == {
        "method": "PATCH",
        "path": EVENT,
        "route": "events.patch",
        "names": ["primary", "weekly0"],
        "query": {"sendUpdates": "none", "alt": "json"},
        "body": {"attendees": [{"email": CEM}]},
        "subject": CHAIR,
        "status": 200,
    }
    assert patch["headers"]["if-match"] == etag
    assert patch["when"].startswith("2026-11-02T08:0")
    assert (get["route"], get["status"]) == ("events.get", 404)
    assert office.control.log("events.patch") == [patch]
