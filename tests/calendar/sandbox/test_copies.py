"""Items 15 to 23: one copy a calendar, etags, ids, what is shown and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calendar.sandbox.conftest import ANN, BOB, CHAIR, Office, answers_of, emails, refusal

TIMES = {"start": {"dateTime": "2026-11-03T09:00:00Z"}, "end": {"dateTime": "2026-11-03T10:00:00Z"}}


def insert(office: Office, **body: Any) -> dict[str, Any]:
    return office.google.events().insert(calendarId="primary", body={**TIMES, **body}).execute()


def test_15_every_guest_with_a_calendar_has_a_copy(office: Office) -> None:
    office.weekly(ANN, "eve@elsewhere.org")

    copy = office.as_(ANN).get("weekly0")

    assert (copy["summary"], emails(copy)) == ("Customer board", [ANN, "eve@elsewhere.org"])
    assert office.as_(BOB).ids() == []


def test_15_guests_copies_may_follow_later(office: Office) -> None:
    office.weekly(ANN)
    office.control.clock(frozen=True)
    office.control.switch("guest_delay_seconds", 60)
    office.patch("weekly0", {"summary": "New name"})

    at_once = office.as_(ANN).get("weekly0")["summary"]
    office.control.clock(advance=61)

    assert (at_once, office.as_(ANN).get("weekly0")["summary"]) == ("Customer board", "New name")


def test_16_private_fields_stay_on_their_copy(office: Office) -> None:
    office.weekly(ANN)
    private = {
        "colorId": "5",
        "transparency": "transparent",
        "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 5}]},
        "extendedProperties": {"private": {"note": "mine"}},
    }

    office.as_(ANN).patch("weekly0", private)

    hers, mine = office.as_(ANN).get("weekly0"), office.get("weekly0")
    assert {name: hers[name] for name in private} == private
    assert private.keys() & mine.keys() == {"reminders"}
    assert mine["reminders"] == {"useDefault": True}


def test_17_an_answer_changes_the_organisers_etag(office: Office) -> None:
    before = office.weekly(ANN)
    office.control.clock(advance=5)

    office.control.answers(CHAIR, "weekly0", ANN, "accepted")

    after = office.get("weekly0")
    assert after["etag"] != before["etag"]
    assert after["updated"] > before["updated"]
    assert (after["etag"][0], after["etag"][-1]) == ('"', '"')


def test_17_reminders_change_the_etag_but_not_updated(office: Office) -> None:
    before = office.single()
    office.control.clock(advance=5)

    after = office.patch("single0", {"reminders": {"useDefault": False}})

    assert (after["updated"], after["etag"] == before["etag"]) == (before["updated"], False)


@pytest.mark.parametrize("changes", [False, True])
def test_18_a_write_that_changes_nothing(office: Office, changes: bool) -> None:
    before = office.weekly(ANN, BOB)
    office.control.switch("noop_changes_etag", changes)

    after = office.patch("weekly0", {"summary": before["summary"], "attendees": before["attendees"]})

    assert (after["etag"] != before["etag"]) == changes
    assert len(office.control.effects()) == 1


def test_19_ids_are_made_or_chosen_and_never_used_twice(office: Office) -> None:
    made = insert(office)
    insert(office, id="chosen0id")
    office.delete("chosen0id")

    assert set(made["id"]) <= set("abcdefghijklmnopqrstuv0123456789")
    assert len(made["id"]) == 26
    assert refusal(lambda: insert(office, id="chosen0id")) == (409, "duplicate")
    for wrong in ("ab", "UPPER", "with-dash", "wxyz0"):
        assert refusal(lambda wrong=wrong: insert(office, id=wrong)) == (400, "invalid")


def test_20_a_series_and_its_exceptions_share_their_ical_uid(office: Office) -> None:
    office.weekly(ANN)

    exception = office.patch("weekly0_20261110T080000Z", {"summary": "Special"})

    assert exception["iCalUID"] == office.get("weekly0")["iCalUID"] == "weekly0@google.com"


def test_21_what_is_default_is_absent_and_self_is_told_per_calendar(office: Office) -> None:
    office.weekly(CHAIR, ANN, guestsCanInviteOthers=False)

    mine, hers = office.get("weekly0"), office.as_(ANN).get("weekly0")

    assert mine["guestsCanInviteOthers"] is False
    assert not {"guestsCanModify", "guestsCanSeeOtherGuests", "visibility", "transparency"} & mine.keys()
    assert (mine["organizer"], hers["organizer"]) == ({"email": CHAIR, "self": True}, {"email": CHAIR})
    assert mine["attendees"] == [
        {"email": CHAIR, "organizer": True, "self": True, "responseStatus": "needsAction"},
        {"email": ANN, "responseStatus": "needsAction"},
    ]
    assert hers["attendees"] == [
        {"email": CHAIR, "organizer": True, "responseStatus": "needsAction"},
        {"email": ANN, "self": True, "responseStatus": "needsAction"},
    ]


def test_21_a_flag_set_back_to_its_default_is_absent_again(office: Office) -> None:
    office.weekly(ANN, guestsCanInviteOthers=False)

    assert "guestsCanInviteOthers" not in office.patch("weekly0", {"guestsCanInviteOthers": True})


def test_22_read_only_fields_are_ignored(office: Office) -> None:
    before = office.single()
    ignored = {
        "kind": "x", "etag": "x", "created": "x", "updated": "x", "htmlLink": "x", "hangoutLink": "x",
        "organizer": {"email": BOB}, "creator": {"email": BOB}, "iCalUID": "x",
    }  # fmt: skip

    assert office.patch("single0", ignored) == before


def test_22_the_type_cannot_change_and_mail_events_cannot_be_made(office: Office) -> None:
    office.single()

    assert refusal(lambda: office.patch("single0", {"eventType": "focusTime"}))[0] == 400
    assert refusal(lambda: office.patch("single0", {"privateCopy": True}))[0] == 400
    assert refusal(lambda: insert(office, eventType="fromGmail"))[0] == 400
    assert insert(office, eventType="outOfOffice")["eventType"] == "outOfOffice"


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"start": {"date": "2026-11-03"}}, "invalid"),
        ({"start": {"date": "2026-11-03"}, "end": {"date": "2026-11-03"}}, "timeRangeEmpty"),
        ({"start": {"dateTime": "2026-11-03T11:00:00Z"}}, "timeRangeEmpty"),
        ({"start": {"dateTime": "2026-11-03T09:00:00Z", "date": "2026-11-03"}}, "invalid"),
        ({"start": {"dateTime": "in the morning"}}, "badRequest"),
        ({"start": {"dateTime": "2026-11-03T09:00:00", "timeZone": "Mars/Base"}}, "invalid"),
        ({"recurrence": ["RRULE:FREQ=WEEKLY"]}, "required"),
        ({"start": None}, "required"),
        ({"status": "perhaps"}, "invalid"),
        ({"guestsCanModify": "yes"}, "badRequest"),
    ],
)
def test_23_times_and_values_are_judged(office: Office, body: dict[str, Any], reason: str) -> None:
    given = {name: value for name, value in {**TIMES, **body}.items() if value is not None}
    request = office.google.events().insert(calendarId="primary", body=given)

    assert refusal(request.execute) == (400, reason)


def test_23_all_day_events_end_on_the_day_after(office: Office) -> None:
    made = insert(office, start={"date": "2026-11-03"}, end={"date": "2026-11-04"})

    assert (made["start"], made["end"]) == ({"date": "2026-11-03"}, {"date": "2026-11-04"})


def test_an_event_is_shown_in_the_readers_zone(office: Office) -> None:
    office.single(ANN)

    hers = office.as_(ANN).get("single0")
    elsewhere = office.get("single0", timeZone="America/New_York")

    assert hers["start"] == {"dateTime": "2026-11-03T08:00:00Z", "timeZone": "Europe/Berlin"}
    assert elsewhere["start"] == {"dateTime": "2026-11-03T03:00:00-05:00", "timeZone": "Europe/Berlin"}


def test_guests_may_not_see_each_other_when_the_flag_says_so(office: Office) -> None:
    office.weekly(ANN, BOB, guestsCanSeeOtherGuests=False)

    hers = office.as_(ANN).get("weekly0")

    assert (emails(hers), hers["attendeesOmitted"]) == ([ANN], True)
    assert answers_of(office.get("weekly0")) == {ANN: "needsAction", BOB: "needsAction"}
