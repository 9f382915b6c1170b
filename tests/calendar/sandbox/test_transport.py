"""Items 1 to 8: paths, the envelope, errors, partial answers, connections."""

from __future__ import annotations

import gzip
import http.client
import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from governance.calendar.sandbox import fields
from governance.calendar.sandbox.errors import Refusal
from tests.calendar.sandbox.conftest import ANN, BOB, CHAIR, Office, emails, refusal


def test_1_primary_and_the_encoded_address_are_the_same_calendar(office: Office) -> None:
    office.weekly()

    by_address = office.raw("GET", "/calendar/v3/calendars/chair%40example.com/events")
    by_name = office.raw("GET", "/calendar/v3/calendars/primary/events")

    assert by_address.content == by_name.content
    assert by_address.status == 200


def test_1_an_unknown_path_is_answered_as_the_edge_does(office: Office) -> None:
    response = office.raw("GET", "/calendar/v3/nonsense")

    assert (response.status, response.headers.get_content_type()) == (404, "text/html")


def test_2_a_long_get_may_come_as_a_form(office: Office) -> None:
    office.weekly()
    long_fields = "items(id)," + ",".join(["nextPageToken"] * 200)

    answer = office.page(fields=long_fields)

    assert answer == {"items": [{"id": "weekly0"}]}
    assert office.control.log("events.list")[-1]["method"] == "GET"


def test_3_parameters_that_mean_nothing_here_are_ignored(office: Office) -> None:
    path = "/calendar/v3/calendars/primary/events?alt=json&prettyPrint=true&quotaUser=x&key=k&whatever=1"

    assert office.raw("GET", path).status == 200


def test_3_fields_are_honoured_at_every_depth(office: Office) -> None:
    office.weekly(ANN, BOB)

    answer = office.page(fields="items(id,attendees(email,responseStatus),start/timeZone),nextPageToken")

    assert answer == {
        "items": [
            {
                "id": "weekly0",
                "start": {"timeZone": "Europe/Berlin"},
                "attendees": [
                    {"email": ANN, "responseStatus": "needsAction"},
                    {"email": BOB, "responseStatus": "needsAction"},
                ],
            }
        ]
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*", {"a": {"b": 1, "c": 2}, "d": [{"b": 3, "e": 4}]}),
        ("a", {"a": {"b": 1, "c": 2}}),
        ("a/b", {"a": {"b": 1}}),
        ("a(b),d(e)", {"a": {"b": 1}, "d": [{"e": 4}]}),
        ("a/b,a/c", {"a": {"b": 1, "c": 2}}),
        ("*/b", {"a": {"b": 1}, "d": [{"b": 3}]}),
        ("d/*", {"d": [{"b": 3, "e": 4}]}),
        ("unknown", {}),
    ],
)
def test_3_a_mask_keeps_what_it_names(text: str, expected: dict[str, Any]) -> None:
    value = {"a": {"b": 1, "c": 2}, "d": [{"b": 3, "e": 4}]}

    assert fields.masked(value, fields.compiled(text)) == expected


@pytest.mark.parametrize("text", ["", "a(", "a(b", "a)b", "a,,b", "a/", "a(b))"])
def test_3_a_mask_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        fields.compiled(text)

    assert caught.value.status == 400


def test_4_answers_are_packed_for_who_accepts_it(office: Office) -> None:
    office.weekly(ANN, BOB)
    path = "/calendar/v3/calendars/primary/events"

    packed = office.raw("GET", path, accept_encoding="gzip, deflate")
    plain = office.raw("GET", path)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content


def test_5_errors_have_googles_old_shape(office: Office) -> None:
    response = office.raw("GET", "/calendar/v3/calendars/primary/events/nothing")

    assert (response.status, json.loads(response.content)) == (
        404,
        {
            "error": {
                "errors": [{"domain": "global", "reason": "notFound", "message": "Not Found"}],
                "code": 404,
                "message": "Not Found",
            }
        },
    )


def test_5_the_new_shape_html_and_nothing_are_switches(office: Office) -> None:
    path = "/calendar/v3/calendars/primary/events/nothing"
    shapes = {}
    for shape in ("both", "html", "empty"):
        office.control.switch("error_shape", shape)
        shapes[shape] = office.raw("GET", path).content

    assert json.loads(shapes["both"])["error"]["details"][0]["reason"] == "NOT_FOUND"
    assert shapes["html"].startswith(b"<!DOCTYPE html>")
    assert shapes["empty"] == b""


def test_6_delete_answers_204_without_a_body_and_reads_carry_the_etag_twice(office: Office) -> None:
    office.single()
    path = "/calendar/v3/calendars/primary/events/single0"

    read = office.raw("GET", path)
    deleted = office.raw("DELETE", path)

    assert read.headers["ETag"] == json.loads(read.content)["etag"]
    assert (deleted.status, deleted.content) == (204, b"")


@pytest.mark.parametrize("query", ["maxResults=many", "maxResults=0", "singleEvents=perhaps", "orderBy=colour"])
def test_7_a_value_that_makes_no_sense_is_refused(office: Office, query: str) -> None:
    response = office.raw("GET", f"/calendar/v3/calendars/primary/events?{query}")

    assert (response.status, json.loads(response.content)["error"]["errors"][0]["reason"]) == (400, "invalidParameter")


def test_7_a_body_that_is_no_json_is_refused(office: Office) -> None:
    response = office.raw("POST", "/calendar/v3/calendars/primary/events", b"{not json")

    assert response.status == 400


def test_8_a_connection_is_kept_until_it_is_closed_as_idle(office: Office) -> None:
    connection = http.client.HTTPConnection(urlsplit(office.sandbox.url).netloc)
    headers = {"authorization": f"Bearer {office.control.access_token(CHAIR)}"}
    for _ in range(2):
        connection.request("GET", "/calendar/v3/calendars/primary", headers=headers)
        connection.getresponse().read()
        kept = connection.sock

    office.control.close_idle()

    assert kept is not None
    assert kept.recv(1) == b""
    connection.close()


def test_nothing_written_means_nothing_in_the_answer(office: Office) -> None:
    assert office.page(fields="items,nextPageToken") == {"items": []}


def test_21_the_guest_list_of_an_event_without_guests_is_absent(office: Office) -> None:
    office.weekly()

    assert emails(office.get("weekly0")) == []
    assert "attendees" not in office.get("weekly0")


def test_65_a_refusal_reaches_the_client_as_http_error(office: Office) -> None:
    office.control.fault("429", route="events.list", retry_after=7)

    assert refusal(office.page) == (429, "rateLimitExceeded")
