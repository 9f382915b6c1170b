"""Items 24 to 34: series, instances, exceptions, splits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.sandbox import recurrence, times
from governance.calendar.sandbox.errors import Refusal
from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, answers_of, emails, refusal

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
FIRST = "weekly0_20261103T080000Z"
SECOND = "weekly0_20261110T080000Z"
THIRD = "weekly0_20261117T080000Z"


def timed(text: str, zone: str = "Europe/Berlin") -> dict[str, Any]:
    return times.normalised({"dateTime": text, "timeZone": zone}, default_zone=zone)


def local_starts(start: dict[str, Any], *lines: str, count: int = 20) -> list[str]:
    found = islice(recurrence.starts(start, list(lines)), count)
    return [f"{times.local(original):%m-%d %H:%M}" for original in found]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["RRULE:FREQ=WEEKLY;COUNT=3"], ["11-03 09:00", "11-10 09:00", "11-17 09:00"]),
        (["RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2"], ["11-03 09:00", "11-17 09:00"]),
        (["RRULE:FREQ=WEEKLY;BYDAY=TU,TH;COUNT=3"], ["11-03 09:00", "11-05 09:00", "11-10 09:00"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261110T080000Z"], ["11-03 09:00", "11-10 09:00"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261110T075959Z"], ["11-03 09:00"]),
        (["RRULE:FREQ=WEEKLY;UNTIL=20261110"], ["11-03 09:00", "11-10 09:00"]),
        (["EXDATE:20261110T080000Z", "RRULE:FREQ=WEEKLY;COUNT=3"], ["11-03 09:00", "11-17 09:00"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Berlin:20261110T090000"],
            ["11-03 09:00", "11-17 09:00"],
        ),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=2", "RDATE;TZID=America/New_York:20261105T030000"],
            ["11-03 09:00", "11-05 09:00", "11-10 09:00"],
        ),
        (["RDATE:20261105T080000Z,20261107T080000Z"], ["11-03 09:00", "11-05 09:00", "11-07 09:00"]),
        (
            ["RRULE:FREQ=WEEKLY;COUNT=2", "RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=1"],
            ["11-03 09:00", "11-06 09:00", "11-10 09:00"],
        ),
        (["RRULE:FREQ=WEEKLY;COUNT=3", "EXRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=2"], ["11-10 09:00"]),
    ],
)
def test_24_recurrence_lines_are_understood(lines: list[str], expected: list[str]) -> None:
    assert local_starts(timed("2026-11-03T09:00:00"), *lines) == expected


def test_24_the_first_day_of_the_week_decides_every_second_week() -> None:
    start = timed("2026-11-03T09:00:00")
    rule = "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,SU;COUNT=4;WKST="

    assert local_starts(start, rule + "MO") == ["11-03 09:00", "11-08 09:00", "11-17 09:00", "11-22 09:00"]
    assert local_starts(start, rule + "SU") == ["11-03 09:00", "11-15 09:00", "11-17 09:00", "11-29 09:00"]


@given(
    zone=st.sampled_from(ZONES),
    day=st.dates(min_value=datetime(2020, 1, 1, tzinfo=UTC).date(), max_value=datetime(2030, 1, 1, tzinfo=UTC).date()),
    hour=st.integers(min_value=4, max_value=22),
    weeks=st.integers(min_value=1, max_value=60),
)
def test_24_a_weekly_series_keeps_its_time_on_the_wall_when_clocks_change(
    zone: str, day: Any, hour: int, weeks: int
) -> None:
    start = timed(f"{day}T{hour:02d}:30:00", zone)

    found = list(recurrence.starts(start, [f"RRULE:FREQ=WEEKLY;COUNT={weeks}"]))

    expected = [
        datetime.combine(day + timedelta(weeks=n), datetime.min.time(), ZoneInfo(zone)).replace(hour=hour, minute=30)
        for n in range(weeks)
    ]
    assert [datetime.fromisoformat(original["dateTime"]) for original in found] == expected


@given(
    zone=st.sampled_from(ZONES),
    day=st.sampled_from(["2026-01-06", "2026-03-22", "2026-03-01", "2026-10-18", "2026-09-27"]),
    hour=st.integers(min_value=0, max_value=23),
    number=st.integers(min_value=0, max_value=200),
    shift=st.sampled_from([0, 1, 3600, 86400]),
)
def test_25_an_instance_is_found_by_its_name_and_by_no_other(
    zone: str, day: str, hour: int, number: int, shift: int
) -> None:
    start, lines = timed(f"{day}T{hour:02d}:30:00", zone), ["RRULE:FREQ=WEEKLY"]
    original = next(islice(recurrence.starts(start, lines), number, None))
    name = recurrence.instance_id("series", original)

    base, key = recurrence.parsed_instance_id(name) or ("", "")
    again = recurrence.original_start(start, key)

    assert (base, again) == ("series", original)
    at = times.moment(original, "UTC") + timedelta(seconds=shift)
    assert recurrence.contains(start, lines, times.timed(at, zone)) == (shift == 0)


def test_25_all_day_instances_are_named_after_their_day() -> None:
    start = {"date": "2026-11-03"}
    original = list(islice(recurrence.starts(start, ["RRULE:FREQ=WEEKLY"]), 2))[1]

    assert recurrence.instance_id("days", original) == "days_20261110"
    assert recurrence.contains(start, ["RRULE:FREQ=WEEKLY"], {"date": "2026-11-10"})


@pytest.mark.parametrize("line", ["RRULE:FREQ=SOMETIMES", "FREQ=WEEKLY", "RRULE:COUNT=3", "EXDATE:tomorrow"])
def test_24_lines_that_mean_nothing_are_refused(line: str) -> None:
    with pytest.raises(Refusal) as caught:
        recurrence.require_valid(timed("2026-11-03T09:00:00"), [line])

    assert caught.value.status == 400


def test_25_any_unmodified_instance_can_be_read(office: Office) -> None:
    series = office.weekly(ANN)

    second = office.get(SECOND)

    assert second["start"] == {"dateTime": "2026-11-10T09:00:00+01:00", "timeZone": "Europe/Berlin"}
    assert (second["recurringEventId"], second["originalStartTime"]) == ("weekly0", second["start"])
    assert (second["iCalUID"], second["etag"]) == (series["iCalUID"], series["etag"])
    assert "recurrence" not in second
    assert refusal(lambda: office.get("weekly0_20261104T080000Z")) == (404, "notFound")


def test_26_a_patched_instance_is_an_exception_with_a_full_copy(office: Office) -> None:
    office.weekly(ANN, BOB)

    patched = office.patch(SECOND, {"summary": "Special"})
    moved = office.patch(
        SECOND, {"start": {"dateTime": "2026-11-11T15:00:00+01:00"}, "end": {"dateTime": "2026-11-11T16:00:00+01:00"}}
    )

    assert (patched["summary"], emails(patched)) == ("Special", [ANN, BOB])
    assert (moved["id"], moved["originalStartTime"]["dateTime"]) == (SECOND, "2026-11-10T09:00:00+01:00")
    assert office.get("weekly0")["summary"] == "Customer board"
    assert office.ids() == ["weekly0", SECOND]


def test_27_a_cancelled_instance_is_bare_and_can_be_read_and_restored(office: Office) -> None:
    office.weekly(ANN)
    office.delete(SECOND)

    bare = office.get(SECOND)
    restored = office.patch(SECOND, {"status": "confirmed"})

    assert {name: bare[name] for name in bare if name != "etag"} == {
        "kind": "calendar#event",
        "id": SECOND,
        "status": "cancelled",
        "recurringEventId": "weekly0",
        "originalStartTime": {"dateTime": "2026-11-10T09:00:00+01:00", "timeZone": "Europe/Berlin"},
    }
    assert (restored["status"], emails(restored)) == ("confirmed", [ANN])


def test_27_a_patch_with_status_cancelled_deletes_too(office: Office) -> None:
    office.weekly(ANN)

    office.patch(SECOND, {"status": "cancelled"})

    assert office.get(SECOND)["status"] == "cancelled"
    assert office.get("weekly0")["status"] == "confirmed"


def test_28_instances_come_in_pages_with_exceptions_in_their_place(office: Office) -> None:
    office.weekly(ANN)
    office.patch(SECOND, {"summary": "Special"})
    office.delete(THIRD)
    instances = office.google.events().instances

    first = instances(calendarId="primary", eventId="weekly0", maxResults=4).execute()
    rest = instances(calendarId="primary", eventId="weekly0", pageToken=first["nextPageToken"]).execute()
    deleted = instances(calendarId="primary", eventId="weekly0", showDeleted=True).execute()

    assert [item["summary"] for item in first["items"]] == [
        "Customer board", "Special", "Customer board", "Customer board",
    ]  # fmt: skip
    assert len(first["items"]) + len(rest["items"]) == 9
    assert (len(deleted["items"]), deleted["items"][2]["status"]) == (10, "cancelled")
    assert "nextSyncToken" not in rest


def test_28_instances_by_original_start_by_window_and_of_an_instance(office: Office) -> None:
    office.weekly(ANN)
    office.delete(THIRD)

    def ids(**query: Any) -> list[str]:
        answer = office.google.events().instances(**{"calendarId": "primary", "eventId": "weekly0", **query}).execute()
        return [item["id"] for item in answer["items"]]

    assert ids(originalStart="2026-11-10T08:00:00Z") == [SECOND]
    assert ids(timeMin="2026-11-09T00:00:00Z", timeMax="2026-11-20T00:00:00Z") == [SECOND]
    assert ids(eventId=SECOND) == [SECOND]
    assert ids(eventId=THIRD) == []


@pytest.mark.parametrize("follows", [False, True])
def test_29_an_exception_keeps_its_own_guests_or_follows_the_series(office: Office, follows: bool) -> None:
    office.control.switch("exceptions_follow_guests", follows)
    office.weekly(ANN, BOB)
    office.patch(SECOND, {"summary": "Special"})
    before = office.get(SECOND)["etag"]

    office.patch("weekly0", {"attendees": [{"email": ANN}, {"email": CEM}]})

    after = office.get(SECOND)
    assert emails(after) == ([ANN, CEM] if follows else [ANN, BOB])
    assert (after["etag"] != before) == follows


@pytest.mark.parametrize("follows", [False, True])
def test_29_the_same_for_guest_flags(office: Office, follows: bool) -> None:
    office.control.switch("exceptions_follow_flags", follows)
    office.weekly(ANN)
    office.patch(SECOND, {"summary": "Special"})

    office.patch("weekly0", {"guestsCanInviteOthers": False})

    assert office.get(SECOND).get("guestsCanInviteOthers", True) == (not follows)


@pytest.mark.parametrize("dropped", [False, True])
def test_30_a_moved_series_leaves_orphans_or_drops_them(office: Office, dropped: bool) -> None:
    office.control.switch("orphans_dropped", dropped)
    office.weekly(ANN)
    office.patch(SECOND, {"summary": "Special"})

    office.patch(
        "weekly0",
        {
            "start": {"dateTime": "2026-11-05T09:00:00", "timeZone": "Europe/Berlin"},
            "end": {"dateTime": "2026-11-05T10:00:00", "timeZone": "Europe/Berlin"},
        },
    )

    assert office.get(SECOND)["status"] == ("cancelled" if dropped else "confirmed")
    assert refusal(lambda: office.get(FIRST)) == (404, "notFound")
    assert office.get("weekly0_20261112T080000Z")["status"] == "confirmed"


def test_31_a_split_makes_a_second_series_under_the_same_base(office: Office) -> None:
    office.weekly(ANN, BOB, extended_properties={"private": {"ours": "1"}, "shared": {"all": "2"}})
    later = "weekly0_20261201T080000Z"
    office.patch(SECOND, {"summary": "Early"})
    office.patch(later, {"summary": "Late"})

    made = office.control.split(CHAIR, "weekly0", THIRD)

    assert (made["id"], made["iCalUID"]) == ("weekly0_R20261117T090000", "weekly0_R20261117T090000@google.com")
    assert (made["recurrence"], emails(made)) == (["RRULE:FREQ=WEEKLY;COUNT=8"], [ANN, BOB])
    assert made["extendedProperties"] == {"private": {"ours": "1"}, "shared": {"all": "2"}}
    assert office.get("weekly0")["recurrence"] == ["RRULE:FREQ=WEEKLY;UNTIL=20261116T225959Z"]
    assert office.get(THIRD)["recurringEventId"] == made["id"]
    assert (office.get(SECOND)["recurringEventId"], office.get(SECOND)["summary"]) == ("weekly0", "Early")
    assert (office.get(later)["recurringEventId"], office.get(later)["summary"]) == (made["id"], "Late")
    instances = office.google.events().instances
    assert len(instances(calendarId="primary", eventId="weekly0").execute()["items"]) == 2
    assert len(instances(calendarId="primary", eventId=made["id"]).execute()["items"]) == 8


def test_31_a_split_may_move_what_follows(office: Office) -> None:
    office.weekly(ANN)

    made = office.control.split(
        CHAIR,
        "weekly0",
        "2026-11-17",
        {
            "start": {"dateTime": "2026-11-18T09:00:00+01:00"},
            "end": {"dateTime": "2026-11-18T10:00:00+01:00"},
        },
    )

    assert made["start"]["dateTime"] == "2026-11-18T09:00:00+01:00"
    assert office.as_(ANN).get(made["id"], timeZone="Europe/Berlin")["start"] == made["start"]


def test_31_the_two_steps_of_the_api_leave_two_unrelated_series(office: Office) -> None:
    old = office.weekly(ANN)
    office.patch("weekly0", {"recurrence": ["RRULE:FREQ=WEEKLY;UNTIL=20261116T225959Z"]})
    body = {name: old[name] for name in ("summary", "attendees")}
    body["recurrence"] = ["RRULE:FREQ=WEEKLY;COUNT=8"]
    for name in ("start", "end"):
        body[name] = {**old[name], "dateTime": old[name]["dateTime"].replace("11-03", "11-17")}

    made = office.google.events().insert(calendarId="primary", body=body).execute()

    assert made["iCalUID"] != old["iCalUID"]
    assert refusal(lambda: office.get(THIRD)) == (404, "notFound")


def test_32_a_guest_of_one_instance_sees_no_series(office: Office) -> None:
    office.weekly(ANN)

    office.patch(SECOND, {"attendees": [{"email": ANN}, {"email": CEM}]})

    cem = office.as_(CEM)
    assert cem.ids() == [SECOND]
    assert cem.get(SECOND)["recurringEventId"] == "weekly0"
    assert refusal(lambda: cem.get("weekly0")) == (404, "notFound")


def test_32_a_guest_taken_off_one_instance_finds_it_cancelled(office: Office) -> None:
    office.weekly(ANN, BOB)

    office.patch(SECOND, {"attendees": [{"email": ANN}]})

    bob = office.as_(BOB)
    assert bob.get(SECOND)["status"] == "cancelled"
    assert bob.get("weekly0")["status"] == "confirmed"


def test_33_an_answer_to_one_instance_makes_an_exception_for_the_organiser(office: Office) -> None:
    office.weekly(ANN, BOB)
    body = {"attendees": [{"email": ANN, "responseStatus": "declined"}]}

    office.as_(ANN).patch(SECOND, body)

    assert office.ids() == ["weekly0", SECOND]
    assert answers_of(office.get(SECOND)) == {ANN: "declined", BOB: "needsAction"}
    assert answers_of(office.get("weekly0")) == {ANN: "needsAction", BOB: "needsAction"}


def test_34_a_move_changes_the_organiser_and_leaves_a_stub(office: Office) -> None:
    office.control.seed(calendars=[{"id": "board@group.calendar.google.com", "owner": CHAIR}])
    office.weekly(ANN)
    request = office.google.events().move(
        calendarId="primary", eventId="weekly0", destination="board@group.calendar.google.com"
    )

    answer = request.execute()

    assert (answer["status"], office.get("weekly0")["status"]) == ("cancelled", "cancelled")
    moved = office.control.event("board@group.calendar.google.com", "weekly0")
    assert (moved["status"], moved["organizer"]["self"]) == ("confirmed", True)
    assert office.as_(ANN).get("weekly0")["organizer"]["email"] == "board@group.calendar.google.com"


def test_34_a_move_honours_if_match_and_the_event_type(office: Office) -> None:
    office.control.seed(calendars=[{"id": "board@group.calendar.google.com", "owner": CHAIR}])
    office.single()
    office.single(event_id="focus0", eventType="focusTime")

    def move(event: str, etag: str) -> Any:
        request = office.google.events().move(
            calendarId="primary", eventId=event, destination="board@group.calendar.google.com"
        )
        request.headers["If-Match"] = etag
        return request.execute()

    assert refusal(lambda: move("single0", '"old"')) == (412, "conditionNotMet")
    assert refusal(lambda: move("focus0", "*"))[0] == 400


def test_25_all_day_series_work_like_timed_ones(office: Office) -> None:
    office.weekly(ANN, start="2026-11-03", end="2026-11-04", time_zone=None, event_id="days")

    office.delete("days_20261117")
    made = office.control.split(CHAIR, "days", "2026-12-01")
    listed = office.google.events().instances(calendarId="primary", eventId="days").execute()["items"]

    assert [item["start"]["date"] for item in listed] == ["2026-11-03", "2026-11-10", "2026-11-24"]
    assert (made["id"], office.get("days")["recurrence"]) == (
        "days_R20261201",
        ["RRULE:FREQ=WEEKLY;UNTIL=20261130"],
    )
    assert refusal(lambda: office.get("days_20261117T080000Z")) == (404, "notFound")
    assert refusal(lambda: office.get("days_20269999")) == (404, "notFound")


def test_27_instances_of_a_deleted_series_are_gone(office: Office) -> None:
    office.weekly(ANN)
    office.delete("weekly0")

    instances = office.google.events().instances(calendarId="primary", eventId="weekly0")

    assert refusal(instances.execute) == (410, "deleted")
    assert refusal(lambda: office.get(SECOND)) == (404, "notFound")
