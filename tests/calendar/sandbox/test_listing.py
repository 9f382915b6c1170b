"""Items 35 to 46: lists, pages, sync tokens, cancelled shapes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, emails, refusal

SECOND = "weekly0_20261110T080000Z"
THIRD = "weekly0_20261117T080000Z"


def singles(office: Office, count: int) -> list[str]:
    """Events on consecutive days from 3 November; ids e00, e01, …"""
    made = [
        {
            "calendar": CHAIR,
            "event_id": f"e{n:02d}",
            "summary": f"Event {n}",
            "start": f"2026-11-{3 + n:02d}T09:00:00",
            "end": f"2026-11-{3 + n:02d}T10:00:00",
            "time_zone": "Europe/Berlin",
        }
        for n in range(count)
    ]
    ids: list[str] = office.control.create_many(made)
    return ids


def token_of(office: Office, **query: Any) -> str:
    answer = office.page(**query)
    while "nextPageToken" in answer:
        answer = office.page(**query, pageToken=answer["nextPageToken"])
    return str(answer["nextSyncToken"])


def test_38_nothing_changes_and_nothing_is_listed(office: Office) -> None:
    office.weekly(ANN)
    token = token_of(office)

    again = office.page(syncToken=token)

    assert again["items"] == []
    assert office.page(syncToken=again["nextSyncToken"])["items"] == []


def test_35_max_results_is_an_upper_bound(office: Office) -> None:
    ids = singles(office, 7)

    first = office.page(maxResults=3)

    assert [item["id"] for item in first["items"]] == ids[:3]
    assert office.ids(maxResults=3) == ids


def test_35_pages_may_be_short_and_empty(office: Office) -> None:
    ids = singles(office, 7)
    office.control.switch("short_pages", True)

    first = office.page(maxResults=4)

    assert (first["items"], "nextPageToken" in first) == ([], True)
    assert office.ids(maxResults=4) == ids
    assert [i["id"] for i in office.listed(maxResults=4, singleEvents=True, orderBy="startTime")] == ids
    assert sorted(i["id"] for i in office.listed(maxResults=4, orderBy="updated")) == ids


def test_36_the_sync_token_comes_on_the_last_page_only(office: Office) -> None:
    singles(office, 5)

    first = office.page(maxResults=3)
    last = office.page(maxResults=3, pageToken=first["nextPageToken"])

    assert ("nextPageToken" in first, "nextSyncToken" in first) == (True, False)
    assert ("nextPageToken" in last, "nextSyncToken" in last) == (False, True)


@pytest.mark.parametrize(
    "query",
    [
        {"q": "Event"},
        {"iCalUID": "x"},
        {"orderBy": "updated"},
        {"updatedMin": "2026-11-01T00:00:00Z"},
        {"privateExtendedProperty": "a=b"},
    ],
)
def test_36_some_lists_issue_no_sync_token(office: Office, query: dict[str, str]) -> None:
    assert "nextSyncToken" not in office.page(**query)


def test_36_a_window_does_issue_a_sync_token(office: Office) -> None:
    assert "nextSyncToken" in office.page(timeMin="2026-11-01T00:00:00Z")


def test_36_a_page_token_belongs_to_its_query_and_calendar(office: Office) -> None:
    singles(office, 5)
    token = office.page(maxResults=2)["nextPageToken"]

    assert refusal(lambda: office.page(pageToken=token, showDeleted=True)) == (400, "invalidParameter")
    assert refusal(lambda: office.as_(ANN).page(pageToken=token)) == (400, "invalidParameter")
    assert refusal(lambda: office.page(pageToken="x" + token)) == (400, "invalidParameter")


@pytest.mark.parametrize(
    "query",
    [
        {"iCalUID": "x"},
        {"orderBy": "updated"},
        {"privateExtendedProperty": "a=b"},
        {"q": "x"},
        {"sharedExtendedProperty": "a=b"},
        {"timeMin": "2026-11-01T00:00:00Z"},
        {"timeMax": "2026-11-01T00:00:00Z"},
        {"updatedMin": "2026-11-01T00:00:00Z"},
        {"showDeleted": False},
    ],
)
def test_37_a_sync_token_forbids_these_parameters(office: Office, query: dict[str, Any]) -> None:
    token = token_of(office)

    assert refusal(lambda: office.page(syncToken=token, **query)) == (400, "badRequest")


def test_37_other_parameters_must_not_change(office: Office) -> None:
    token = token_of(office)

    assert office.page(syncToken=token, singleEvents=True)["items"] == []

    office.control.switch("token_parameters", "strict")

    assert refusal(lambda: office.page(syncToken=token, singleEvents=True)) == (400, "badRequest")
    assert office.page(syncToken=token)["items"] == []


def test_38_several_edits_are_one_item_with_the_latest_state(office: Office) -> None:
    singles(office, 3)
    token = token_of(office)
    office.patch("e01", {"summary": "once"})
    office.patch("e01", {"summary": "twice"})
    office.delete("e02")

    changed = office.page(syncToken=token)

    assert [(item["id"], item["status"], item.get("summary")) for item in changed["items"]] == [
        ("e01", "confirmed", "twice"),
        ("e02", "cancelled", None),
    ]


def test_38_what_changes_while_paging_comes_in_the_next_run(office: Office) -> None:
    ids = singles(office, 4)
    first = office.page(maxResults=2)
    office.patch("e00", {"summary": "behind"})
    office.patch("e03", {"summary": "ahead"})
    office.single(event_id="late")

    last = office.page(maxResults=2, pageToken=first["nextPageToken"])
    while "nextPageToken" in last:
        last = office.page(maxResults=2, pageToken=last["nextPageToken"])
    after = office.page(syncToken=last["nextSyncToken"])

    assert [item["id"] for item in first["items"]] == ids[:2]
    assert [item["id"] for item in after["items"]] == ["e00", "e03", "late"]


def test_38_what_changes_again_before_its_page_leaves_that_page_empty_and_comes_in_the_next_run(
    office: Office,
) -> None:
    singles(office, 2)
    token = token_of(office)
    office.patch("e00", {"summary": "once"})
    office.patch("e01", {"summary": "once"})

    first = office.page(maxResults=1, syncToken=token)
    office.patch("e01", {"summary": "again"})
    last = office.page(maxResults=1, syncToken=token, pageToken=first["nextPageToken"])
    after = office.page(syncToken=last["nextSyncToken"])

    assert [item["id"] for item in first["items"]] == ["e00"]
    assert last["items"] == []
    assert [(item["id"], item["summary"]) for item in after["items"]] == [("e01", "again")]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.sampled_from(["edit", "delete", "add", "read"]), st.integers(0, 5)), max_size=20),
    size=st.integers(1, 4),
)
def test_38_whoever_follows_the_tokens_knows_what_a_full_list_says(
    office: Office, acts: list[tuple[str, int]], size: int
) -> None:
    """Whatever happens between and during its pages, a follower ends with the same events."""
    office.control.reset(now="2026-11-02T08:00:00Z")
    office.control.seed(users=[CHAIR])
    follower = Follower(Office(office.sandbox, office.sandbox.service(CHAIR)), size)
    made = 0
    for act, number in acts:
        made = do(follower.office, act, number, made, follower)

    follower.read_to_the_end()

    everything = {item["id"]: item["etag"] for item in follower.office.listed()}
    assert follower.known == everything
    office.sandbox.close_services()


class Follower:
    """A reader that takes one page at a time."""

    def __init__(self, office: Office, size: int) -> None:
        self.office, self._size = office, size
        self.known: dict[str, str] = {}
        self._sync: str | None = None
        self._page: str | None = None

    def read_one_page(self) -> None:
        query = {"maxResults": self._size, "syncToken": self._sync, "pageToken": self._page}
        answer = self.office.page(**{name: value for name, value in query.items() if value})
        for item in answer["items"]:
            if item["status"] == "cancelled":
                self.known.pop(item["id"], None)
            else:
                self.known[item["id"]] = item["etag"]
        self._page = answer.get("nextPageToken")
        self._sync = answer.get("nextSyncToken", self._sync)

    def read_to_the_end(self) -> None:
        """Finish the run under way, and read one more: it brings what changed during the first."""
        self._finish_run()
        self.read_one_page()
        self._finish_run()

    def _finish_run(self) -> None:
        """Pages may be empty, so the token alone says where a run ends."""
        while self._page is not None:
            self.read_one_page()


def do(office: Office, act: str, number: int, made: int, follower: Follower) -> int:
    event = f"e{number}"
    if act == "add":
        office.single(event_id=f"e{made}")
        return made + 1
    if act == "read":
        follower.read_one_page()
    elif number < made and office.get(event)["status"] == "confirmed":
        if act == "edit":
            office.control.touch(CHAIR, event)
        else:
            office.delete(event)
    return made


def test_38_the_first_window_binds_later_lists_only_by_switch(office: Office) -> None:
    singles(office, 3)
    token = token_of(office, timeMin="2026-11-04T00:00:00Z")
    office.patch("e00", {"summary": "before the window"})

    assert [item["id"] for item in office.page(syncToken=token)["items"]] == ["e00"]

    office.control.switch("window_in_token", True)

    assert office.page(syncToken=token)["items"] == []


def test_38_a_changed_series_brings_all_instances_again_when_expanded(office: Office) -> None:
    office.weekly(ANN)
    token = token_of(office, singleEvents=True)

    office.patch("weekly0", {"summary": "Other"})

    assert len(office.listed(syncToken=token, singleEvents=True)) == 10


@pytest.mark.parametrize("calendar", [None, CHAIR])
def test_39_an_expired_token_is_410(office: Office, calendar: str | None) -> None:
    token = token_of(office)

    office.control.expire_tokens(calendar)

    assert refusal(lambda: office.page(syncToken=token)) == (410, "fullSyncRequired")
    assert office.page(syncToken=token_of(office))["items"] == []


def test_39_a_token_may_expire_in_the_middle_of_paging(office: Office) -> None:
    token = token_of(office)
    singles(office, 3)
    office.control.expire_tokens(mid_paging=True)

    first = office.page(syncToken=token, maxResults=2)
    rest = refusal(lambda: office.page(syncToken=token, maxResults=2, pageToken=first["nextPageToken"]))

    assert (len(first["items"]), rest) == (2, (410, "fullSyncRequired"))
    assert refusal(lambda: office.page(syncToken=token)) == (410, "fullSyncRequired")


def test_39_old_updated_min_and_double_delete_are_410_too(office: Office) -> None:
    office.single()
    office.delete("single0")

    assert refusal(lambda: office.delete("single0")) == (410, "deleted")
    assert refusal(lambda: office.page(updatedMin="2026-09-01T00:00:00Z")) == (410, "updatedMinTooLongAgo")


def test_40_a_full_list_has_no_tombstones_but_cancelled_instances(office: Office) -> None:
    office.weekly(ANN)
    office.single()
    office.delete("single0")
    office.delete(SECOND)

    assert [(item["id"], item["status"]) for item in office.listed()] == [
        ("weekly0", "confirmed"),
        (SECOND, "cancelled"),
    ]


def test_40_a_deleted_series_takes_its_cancelled_instances_along(office: Office) -> None:
    office.weekly(ANN)
    office.delete(SECOND)
    token = token_of(office)

    office.delete("weekly0")

    assert office.ids() == []
    assert {item["status"] for item in office.page(syncToken=token)["items"]} == {"cancelled"}


@pytest.mark.parametrize(
    ("single", "deleted", "expected"),
    [
        (False, False, ["weekly0", SECOND]),
        (False, True, ["gone0", "single0", "weekly0", SECOND]),
        (True, False, [f"weekly0_2026{day}T080000Z" for day in ("1103", "1117")]),
        (True, True, ["single0", *(f"weekly0_2026{day}T080000Z" for day in ("1103", "1110", "1117"))]),
    ],
)
def test_41_show_deleted_and_single_events_together(
    office: Office, single: bool, deleted: bool, expected: list[str]
) -> None:
    office.weekly(ANN, recurrence=["RRULE:FREQ=WEEKLY;COUNT=3"])
    office.weekly(ANN, event_id="gone0")
    office.single()
    for event in ("single0", "gone0", SECOND):
        office.delete(event)

    assert sorted(office.ids(singleEvents=single, showDeleted=deleted)) == expected


def test_41_tombstones_are_forgotten_but_their_ids_stay_taken(office: Office) -> None:
    office.single(event_id="abcde")
    office.delete("abcde")
    assert office.get("abcde")["status"] == "cancelled"

    office.control.clock(advance=31 * 86400)

    assert refusal(lambda: office.get("abcde")) == (404, "notFound")
    assert office.ids(showDeleted=True) == []
    body = {"id": "abcde", "start": {"date": "2026-12-01"}, "end": {"date": "2026-12-02"}}
    insert = office.google.events().insert(calendarId="primary", body=body)
    assert refusal(insert.execute) == (409, "duplicate")


def test_42_cancelled_items_are_bare_in_a_sync_and_detailed_for_their_organiser(office: Office) -> None:
    office.single(ANN)
    mine, theirs = token_of(office), token_of(office.as_(ANN))
    office.delete("single0")

    bare = office.page(syncToken=mine)["items"][0]
    guests = office.as_(ANN).page(syncToken=theirs)["items"][0]

    assert bare.keys() == guests.keys() == {"kind", "etag", "id", "status"}
    assert office.get("single0")["summary"] == "Lunch"
    assert office.listed(showDeleted=True)[0]["summary"] == "Lunch"
    assert "summary" not in office.as_(ANN).get("single0")


def test_42_a_guest_taken_off_finds_a_cancelled_item(office: Office) -> None:
    office.weekly(ANN, BOB)
    token = token_of(office.as_(BOB))

    office.patch("weekly0", {"attendees": [{"email": ANN}]})

    assert [(i["id"], i["status"]) for i in office.as_(BOB).page(syncToken=token)["items"]] == [
        ("weekly0", "cancelled")
    ]


def test_43_order_and_window(office: Office) -> None:
    singles(office, 3)
    office.patch("e00", {"summary": "latest"})

    assert refusal(lambda: office.page(orderBy="startTime")) == (400, "badRequest")
    assert office.ids(orderBy="startTime", singleEvents=True) == ["e00", "e01", "e02"]
    assert office.ids(orderBy="updated") == ["e01", "e02", "e00"]
    # e00 ends at 09:00Z on the 3rd, e02 starts at 08:00Z on the 5th; both bounds are exclusive.
    assert office.ids(timeMin="2026-11-03T09:00:00Z", timeMax="2026-11-05T08:00:00Z") == ["e01"]
    assert office.ids(timeMin="2026-11-03T08:59:59Z", timeMax="2026-11-05T08:00:01Z") == ["e00", "e01", "e02"]


def test_43_instants_need_an_offset_and_a_range(office: Office) -> None:
    naive = refusal(lambda: office.page(timeMin="2026-11-03T09:00:00"))
    empty = refusal(lambda: office.page(timeMin="2026-11-03T09:00:00Z", timeMax="2026-11-03T09:00:00Z"))

    assert (naive, empty) == ((400, "badRequest"), (400, "timeRangeEmpty"))


def test_43_a_series_is_in_a_window_when_an_instance_is(office: Office) -> None:
    office.weekly(ANN)

    assert office.ids(timeMin="2026-11-16T00:00:00Z", timeMax="2026-11-18T00:00:00Z") == ["weekly0"]
    assert office.ids(timeMin="2026-11-18T00:00:00Z", timeMax="2026-11-19T00:00:00Z") == []
    assert office.ids(timeMin="2027-11-18T00:00:00Z") == []


def test_44_exceptions_may_come_before_their_series_on_another_page(office: Office) -> None:
    office.weekly(ANN)
    office.patch(SECOND, {"summary": "Special"})
    office.control.switch("exceptions_first", True)

    first = office.page(maxResults=1)

    assert [item["id"] for item in first["items"]] == [SECOND]
    assert office.ids(maxResults=1) == [SECOND, "weekly0"]


def test_45_beyond_max_attendees_only_the_caller_is_shown(office: Office) -> None:
    office.single(CHAIR, ANN, BOB)

    some = office.page(maxAttendees=2)["items"][0]
    every = office.page(maxAttendees=3)["items"][0]

    assert (emails(some), some["attendeesOmitted"]) == ([CHAIR], True)
    assert (emails(every), "attendeesOmitted" in every) == ([CHAIR, ANN, BOB], False)


def test_45_guests_may_be_left_out_unasked(office: Office) -> None:
    office.single(ANN, BOB, CEM)
    office.control.switch("omit_attendees_over", 2)

    item = office.page()["items"][0]

    assert (emails(item), item["attendeesOmitted"]) == ([], True)


def test_46_filters(office: Office) -> None:
    office.weekly(ANN, extended_properties={"private": {"app": "1"}, "shared": {"kind": "board"}})
    office.patch(SECOND, {"summary": "Special"})
    office.single(BOB, eventType="focusTime")
    uid = office.get("weekly0")["iCalUID"]

    assert office.ids(iCalUID=uid) == ["weekly0", SECOND]
    assert office.ids(eventTypes=["focusTime"]) == ["single0"]
    assert office.ids(eventTypes=["default", "focusTime"]) == ["weekly0", SECOND, "single0"]
    assert office.ids(q="special") == [SECOND]
    assert office.ids(q=BOB) == ["single0"]
    assert office.ids(privateExtendedProperty="app=1", sharedExtendedProperty="kind=board") == ["weekly0", SECOND]
    assert office.ids(privateExtendedProperty="app=2") == []


def test_46_updated_min_always_brings_deletions(office: Office) -> None:
    singles(office, 2)
    office.control.clock(advance=3600)
    office.delete("e01")

    assert office.ids(updatedMin="2026-11-02T08:30:00Z") == ["e01"]
