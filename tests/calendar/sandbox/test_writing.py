"""Items 47 to 56: what a write changes, refuses, ignores, and whom it mails."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, answers_of, emails, refusal

SECOND = "weekly0_20261110T080000Z"
MEET = {"createRequest": {"requestId": "r1", "conferenceSolutionKey": {"type": "hangoutsMeet"}}}


def put(office: Office, event: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return office.google.events().update(calendarId="primary", eventId=event, body=body, **more).execute()


def test_47_a_patch_merges_objects_replaces_arrays_and_deletes_nulls(office: Office) -> None:
    office.weekly(
        ANN, BOB, location="Room 1", description="Agenda", extended_properties={"private": {"a": "1", "b": "2"}}
    )

    after = office.patch(
        "weekly0",
        {
            "location": None,
            "attendees": [{"email": CEM}],
            "extendedProperties": {"private": {"a": None, "c": "3"}},
        },
    )

    assert "location" not in after
    assert after["description"] == "Agenda"
    assert emails(after) == [CEM]
    assert after["extendedProperties"] == {"private": {"b": "2", "c": "3"}}


def test_47_a_put_takes_away_what_it_omits(office: Office) -> None:
    before = office.weekly(ANN, description="Agenda")
    body = {name: before[name] for name in ("summary", "start", "end", "recurrence")}

    after = put(office, "weekly0", body)

    assert not {"attendees", "description"} & after.keys()
    assert after["iCalUID"] == before["iCalUID"]
    assert office.as_(ANN).get("weekly0")["status"] == "cancelled"


def test_48_an_entry_without_an_answer_has_not_answered(office: Office) -> None:
    office.weekly(ANN, BOB)
    office.control.answers(CHAIR, "weekly0", ANN, "accepted")
    office.control.answers(CHAIR, "weekly0", BOB, "accepted")
    kept = office.get("weekly0")["attendees"][0]

    after = office.patch("weekly0", {"attendees": [kept, {"email": BOB}]})

    assert answers_of(after) == {ANN: "accepted", BOB: "needsAction"}


@pytest.mark.parametrize(("switch", "expected"), [("kept", "accepted"), ("reset", "needsAction")])
def test_48_the_answer_written_for_a_new_guest(office: Office, switch: str, expected: str) -> None:
    office.control.switch("added_answers", switch)
    office.weekly(ANN)

    body = {"attendees": [{"email": ANN}, {"email": BOB, "responseStatus": "accepted"}]}

    assert answers_of(office.patch("weekly0", body))[BOB] == expected


def test_48_the_same_address_twice_is_merged_or_refused(office: Office) -> None:
    office.weekly()
    body = {"attendees": [{"email": ANN}, {"email": "ANN@example.com"}]}

    assert emails(office.patch("weekly0", body)) == [ANN]

    office.control.switch("duplicate_guests", "refused")

    assert refusal(lambda: office.patch("weekly0", body))[0] == 400


@pytest.mark.parametrize("address", ["nonsense", "a@b", "a b@example.com", "<ann@example.com>"])
def test_48_what_is_no_address_is_refused(office: Office, address: str) -> None:
    office.weekly(ANN)

    assert refusal(lambda: office.patch("weekly0", {"attendees": [{"email": address}]})) == (400, "invalid")
    assert refusal(lambda: office.patch("weekly0", {"attendees": [{"displayName": "Ann"}]})) == (400, "required")
    assert emails(office.get("weekly0")) == [ANN]


@pytest.mark.parametrize(("switch", "expected"), [(False, "a.adler@example.com"), (True, ANN)])
def test_48_an_alias_may_come_back_as_the_primary_address(office: Office, switch: bool, expected: str) -> None:
    office.control.switch("canonical_addresses", switch)
    office.weekly()

    after = office.patch("weekly0", {"attendees": [{"email": "a.adler@example.com"}]})

    assert emails(after) == [expected]
    assert office.as_(ANN).ids() == ["weekly0"]


def test_48_a_guest_without_an_address_can_be_kept_but_not_made(office: Office) -> None:
    office.weekly(ANN)
    nameless = {"id": "1234", "displayName": "Somebody", "responseStatus": "accepted"}
    office.control.mark(CHAIR, "weekly0", attendees=[nameless, {"email": ANN, "responseStatus": "accepted"}])
    shown = office.get("weekly0")["attendees"]

    kept = office.patch("weekly0", {"attendees": shown})["attendees"]
    gone = office.patch("weekly0", {"attendees": shown[1:]})["attendees"]

    assert (kept, gone) == (shown, shown[1:])
    assert refusal(lambda: office.patch("weekly0", {"attendees": shown})) == (400, "required")


@pytest.mark.parametrize("body", [{"attendees": [{"email": ANN, "responseStatus": "perhaps"}]}, {"summary": 7}])
def test_48_values_outside_the_documented_are_refused(office: Office, body: dict[str, Any]) -> None:
    before = office.weekly(ANN)

    assert refusal(lambda: office.patch("weekly0", body))[0] == 400
    assert office.get("weekly0") == before


def test_7_a_write_with_senseless_parameters_is_not_applied(office: Office) -> None:
    before = office.weekly(ANN)

    for query in ("sendUpdates=some", "maxAttendees=few", "fields=nothing"):
        response = office.raw("PATCH", f"/calendar/v3/calendars/primary/events/weekly0?{query}", b'{"summary": "x"}')
        assert response.status == 400
    assert office.get("weekly0") == before


@pytest.mark.parametrize("resets", [True, False])
def test_49_moving_the_event_asks_everybody_again(office: Office, resets: bool) -> None:
    office.control.switch("time_change_resets_answers", resets)
    office.weekly(ANN)
    office.control.answers(CHAIR, "weekly0", ANN, "accepted")

    office.patch("weekly0", {"summary": "Other", "location": "Room 2"})
    unmoved = answers_of(office.get("weekly0"))
    moved = office.patch("weekly0", {"end": {"dateTime": "2026-11-03T11:00:00+01:00"}})

    assert unmoved == {ANN: "accepted"}
    assert answers_of(moved) == {ANN: "needsAction" if resets else "accepted"}
    assert moved["sequence"] == 1


def test_50_a_list_with_guests_left_out_is_not_taken_for_the_list(office: Office) -> None:
    office.weekly(CHAIR, ANN, BOB)
    body = {"attendeesOmitted": True, "attendees": [{"email": CHAIR, "responseStatus": "accepted"}]}

    after = office.patch("weekly0", body)

    assert answers_of(after) == {CHAIR: "accepted", ANN: "needsAction", BOB: "needsAction"}


def test_51_if_match(office: Office) -> None:
    etag = office.weekly(ANN)["etag"]

    newer = office.patch("weekly0", {"summary": "x"}, etag)["etag"]

    assert refusal(lambda: office.patch("weekly0", {"summary": "y"}, etag)) == (412, "conditionNotMet")
    assert office.get("weekly0")["summary"] == "x"
    assert office.patch("weekly0", {"summary": "y"}, "*")["etag"] != newer


def test_51_if_match_guards_an_instance_and_a_deletion(office: Office) -> None:
    etag = office.weekly(ANN)["etag"]
    exception = office.patch(SECOND, {"summary": "Special"}, etag)
    request = office.google.events().delete(calendarId="primary", eventId=SECOND)
    request.headers["If-Match"] = etag

    assert refusal(request.execute) == (412, "conditionNotMet")
    assert office.get(SECOND) == exception


def test_51_if_none_match_answers_304_without_a_body(office: Office) -> None:
    etag = office.single()["etag"]

    response = office.raw("GET", "/calendar/v3/calendars/primary/events/single0", if_none_match=etag)

    assert (response.status, response.content, response.headers["ETag"]) == (304, b"", etag)


def test_52_a_guest_cannot_set_guest_flags(office: Office) -> None:
    office.weekly(ANN)
    ann = office.as_(ANN)

    assert refusal(lambda: ann.patch("weekly0", {"guestsCanModify": True})) == (403, "forbiddenForNonOrganizer")
    assert ann.patch("weekly0", {"guestsCanModify": False})["id"] == "weekly0"
    assert refusal(lambda: put(ann, "weekly0", {"summary": "Customer board"})) == (403, "forbiddenForNonOrganizer")


def test_52_other_changes_by_a_guest_are_200_and_change_nothing(office: Office) -> None:
    before = office.weekly(ANN)

    answer = office.as_(ANN).patch("weekly0", {"summary": "Hijacked", "recurrence": ["RRULE:FREQ=DAILY"]})

    assert (answer["summary"], answer["recurrence"]) == ("Customer board", before["recurrence"])
    assert office.get("weekly0") == before


def test_52_or_they_stay_on_the_guests_copy_until_the_organiser_edits(office: Office) -> None:
    office.control.switch("guest_writes", "local")
    office.weekly(ANN)

    hers = office.as_(ANN).patch("weekly0", {"summary": "My name for it"})
    kept = office.get("weekly0")["summary"]
    office.patch("weekly0", {"location": "Room 2"})

    assert (hers["summary"], kept) == ("My name for it", "Customer board")
    assert office.as_(ANN).get("weekly0")["summary"] == "Customer board"


def test_52_the_own_answer_travels_and_anothers_does_not(office: Office) -> None:
    office.weekly(ANN, BOB)
    body = {
        "attendees": [
            {"email": ANN, "responseStatus": "accepted", "comment": "yes", "additionalGuests": 2},
            {"email": BOB, "responseStatus": "declined"},
        ]
    }

    office.as_(ANN).patch("weekly0", body)

    assert office.get("weekly0")["attendees"] == [
        {"email": ANN, "responseStatus": "accepted", "comment": "yes", "additionalGuests": 2},
        {"email": BOB, "responseStatus": "needsAction"},
    ]


@pytest.mark.parametrize("may_invite", [True, False])
def test_52_a_guest_adds_others_only_where_guests_may(office: Office, may_invite: bool) -> None:
    office.weekly(ANN, guestsCanInviteOthers=may_invite)

    office.as_(ANN).patch("weekly0", {"attendees": [{"email": ANN}, {"email": CEM}]})

    assert emails(office.get("weekly0")) == ([ANN, CEM] if may_invite else [ANN])


def test_52_a_guest_who_may_modify_does(office: Office) -> None:
    office.weekly(ANN, guestsCanModify=True)

    office.as_(ANN).patch("weekly0", {"summary": "Ours"})

    assert office.get("weekly0")["summary"] == "Ours"


def test_a_guest_who_deletes_has_declined(office: Office) -> None:
    office.weekly(ANN, BOB)

    office.as_(ANN).delete("weekly0")

    assert answers_of(office.get("weekly0")) == {ANN: "declined", BOB: "needsAction"}
    assert office.as_(ANN).get("weekly0")["status"] == "cancelled"


def test_53_a_locked_event_keeps_its_core(office: Office) -> None:
    office.weekly(ANN)
    office.control.mark(CHAIR, "weekly0", locked=True)

    assert refusal(lambda: office.patch("weekly0", {"summary": "x"})) == (403, "forbidden")
    assert emails(office.patch("weekly0", {"attendees": [{"email": BOB}]})) == [BOB]


def test_54_version_0_does_not_understand_conferences(office: Office) -> None:
    office.weekly(ANN)
    ignored = office.patch("weekly0", {"conferenceData": MEET})

    made = office.patch("weekly0", {"conferenceData": MEET}, conferenceDataVersion=1)
    kept = office.patch("weekly0", {"conferenceData": None, "summary": "x"})

    assert "conferenceData" not in ignored
    assert made["hangoutLink"] == f"https://meet.google.com/{made['conferenceData']['conferenceId']}"
    assert kept["conferenceData"] == made["conferenceData"]
    assert office.get(SECOND)["hangoutLink"] == made["hangoutLink"]


def test_54_attachments_only_for_who_says_so(office: Office) -> None:
    office.single()
    files = [{"fileUrl": "https://files.example.com/agenda"}]

    ignored = office.patch("single0", {"attachments": files})
    made = office.patch("single0", {"attachments": files}, supportsAttachments=True)
    kept = office.patch("single0", {"attachments": []})

    assert ("attachments" in ignored, made["attachments"], kept["attachments"]) == (False, files, files)
    assert refusal(lambda: office.patch("single0", {"attachments": files * 26}, supportsAttachments=True))[0] == 400


def test_54_a_request_id_counts_once(office: Office) -> None:
    office.weekly(ANN)
    office.single()
    first = office.patch("weekly0", {"conferenceData": MEET}, conferenceDataVersion=1)

    again = office.patch("weekly0", {"conferenceData": MEET}, conferenceDataVersion=1)
    other = office.patch("single0", {"conferenceData": MEET}, conferenceDataVersion=1)

    assert again["conferenceData"] == first["conferenceData"]
    assert "conferenceData" not in other


def test_54_a_conference_goes_with_null_or_an_incomplete_put(office: Office) -> None:
    before = office.single()
    office.patch("single0", {"conferenceData": MEET}, conferenceDataVersion=1)
    body = {name: before[name] for name in ("summary", "start", "end")}

    kept = put(office, "single0", body)
    dropped = put(office, "single0", body, conferenceDataVersion=1)
    again = office.patch("single0", {"conferenceData": {"createRequest": {"requestId": "r2"}}}, conferenceDataVersion=1)
    removed = office.patch("single0", {"conferenceData": None}, conferenceDataVersion=1)

    found = ["hangoutLink" in event for event in (kept, dropped, again, removed)]
    assert found == [True, False, True, False]


def test_54_a_conference_may_be_pending_for_a_while(office: Office) -> None:
    office.control.switch("conference_pending_reads", 2)
    office.weekly(ANN)

    def state(event: dict[str, Any]) -> str:
        return str(event["conferenceData"]["createRequest"]["status"]["statusCode"])

    first = office.patch("weekly0", {"conferenceData": MEET}, conferenceDataVersion=1)

    assert [state(first), state(office.get("weekly0")), state(office.get("weekly0"))] == [
        "pending", "pending", "success",
    ]  # fmt: skip


def test_55_long_keys_are_dropped_and_long_values_cut(office: Office) -> None:
    office.weekly()
    given = {"k" * 44: "kept", "k" * 45: "dropped", "long": "v" * 1025}

    after = office.patch("weekly0", {"extendedProperties": {"private": given}})

    assert after["extendedProperties"]["private"] == {"k" * 44: "kept", "long": "v" * 1024}


@pytest.mark.parametrize(
    "given", [{"n": 1}, {f"k{n}": "v" for n in range(301)}, {f"k{n}": "v" * 1000 for n in range(40)}]
)
def test_55_what_is_no_text_or_too_much_is_refused(office: Office, given: dict[str, Any]) -> None:
    office.weekly()

    assert refusal(lambda: office.patch("weekly0", {"extendedProperties": {"shared": given}}))[0] == 400


@pytest.mark.parametrize(
    ("send_updates", "external", "expected"),
    [
        ("all", "other_domain", [ANN, BOB, "eve@elsewhere.org", "new@example.com"]),
        ("externalOnly", "other_domain", ["eve@elsewhere.org"]),
        ("externalOnly", "not_google", ["eve@elsewhere.org", "new@example.com"]),
        ("none", "other_domain", []),
        (None, "other_domain", []),
    ],
)
def test_56_whom_a_write_would_have_mailed(
    office: Office, send_updates: str | None, external: str, expected: list[str]
) -> None:
    office.control.switch("external_means", external)
    office.weekly(CHAIR, ANN, BOB, "eve@elsewhere.org")
    office.control.clear_log()
    guests = [{"email": address} for address in (CHAIR, ANN, "eve@elsewhere.org", "new@example.com")]

    office.patch("weekly0", {"attendees": guests}, sendUpdates=send_updates)

    rows = office.control.outbox()
    assert [(row["method"], row["sendUpdates"], row["to"]) for row in rows] == [
        ("events.patch", send_updates, expected)
    ]


@pytest.mark.parametrize(("send_updates", "stays"), [("none", True), ("all", False)])
def test_56_a_quiet_deletion_may_leave_the_guests_copy(office: Office, send_updates: str, stays: bool) -> None:
    office.control.switch("quiet_delete_keeps_copies", True)
    office.weekly(ANN)

    office.delete("weekly0", sendUpdates=send_updates)

    assert office.as_(ANN).get("weekly0")["status"] == ("confirmed" if stays else "cancelled")


def test_an_imported_event_keeps_its_uid_and_organiser(office: Office) -> None:
    body = {
        "iCalUID": "abc@elsewhere.org",
        "organizer": {"email": "eve@elsewhere.org"},
        "start": {"date": "2026-11-03"},
        "end": {"date": "2026-11-04"},
        "attendees": [{"email": CHAIR}],
    }

    made = office.google.events().import_(calendarId="primary", body=body).execute()

    answered = office.patch(made["id"], {"attendees": [{"email": CHAIR, "responseStatus": "accepted"}]})

    assert (made["iCalUID"], made["organizer"]) == ("abc@elsewhere.org", {"email": "eve@elsewhere.org"})
    assert answers_of(answered) == {CHAIR: "accepted"}
    assert refusal(lambda: office.patch(made["id"], {"guestsCanModify": True})) == (403, "forbiddenForNonOrganizer")
