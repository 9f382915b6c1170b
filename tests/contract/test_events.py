"""Items 17 to 27 and 47 to 55, wherever the events live."""

from __future__ import annotations

from datetime import datetime

from tests.contract.conftest import GUESTS, Contract, emails, refusal


def test_what_was_inserted_is_read_back(contract: Contract) -> None:
    made = contract.insert(*GUESTS)

    read = contract.get(made["id"])

    assert (read["etag"], read["iCalUID"], emails(read)) == (made["etag"], f"{made['id']}@google.com", sorted(GUESTS))
    assert read["start"]["timeZone"] == "Europe/Berlin"
    assert {guest["responseStatus"] for guest in read["attendees"] if not guest.get("organizer")} == {"needsAction"}


def test_19_an_id_is_never_used_twice(contract: Contract) -> None:
    made = contract.insert()
    contract.delete(made["id"])

    assert refusal(lambda: contract.insert(id=made["id"])) == (409, "duplicate")
    assert refusal(lambda: contract.insert(id="WITH-CAPITALS"))[0] == 400


def test_21_defaults_are_absent(contract: Contract) -> None:
    made = contract.insert(GUESTS[0], guestsCanInviteOthers=False)

    assert made["guestsCanInviteOthers"] is False
    assert not {"guestsCanModify", "guestsCanSeeOtherGuests", "visibility", "transparency"} & made.keys()


def test_47_a_patch_replaces_the_guest_list_whole(contract: Contract) -> None:
    made = contract.insert(*GUESTS, description="Agenda")

    after = contract.patch(made["id"], {"attendees": [{"email": GUESTS[0]}]})

    assert (emails(after), after["description"]) == ([GUESTS[0]], "Agenda")


def test_47_a_patch_deletes_with_null(contract: Contract) -> None:
    made = contract.insert(description="Agenda", extendedProperties={"private": {"a": "1", "b": "2"}})

    after = contract.patch(made["id"], {"description": None, "extendedProperties": {"private": {"a": None}}})

    assert "description" not in after
    assert after["extendedProperties"] == {"private": {"b": "2"}}


def test_51_a_write_against_an_older_etag_is_refused(contract: Contract) -> None:
    made = contract.insert()
    newer = contract.patch(made["id"], {"summary": "Contract test, changed"}, made["etag"])

    assert newer["etag"] != made["etag"]
    assert refusal(lambda: contract.patch(made["id"], {"summary": "x"}, made["etag"])) == (412, "conditionNotMet")
    assert contract.get(made["id"])["summary"] == "Contract test, changed"


def test_55_long_values_are_cut_and_long_keys_dropped(contract: Contract) -> None:
    properties = {"k" * 45: "dropped", "value": "v" * 1025}

    made = contract.insert(extendedProperties={"private": properties})

    assert contract.get(made["id"])["extendedProperties"]["private"] == {"value": "v" * 1024}


def test_39_an_event_is_deleted_once(contract: Contract) -> None:
    made = contract.insert()
    contract.delete(made["id"])

    assert contract.get(made["id"])["status"] == "cancelled"
    assert refusal(lambda: contract.delete(made["id"])) == (410, "deleted")


def test_24_a_weekly_series_stays_at_nine_when_the_clocks_change(contract: Contract) -> None:
    made = contract.weekly()

    answer = contract.google.events().instances(
        calendarId=contract.calendar, eventId=made["id"], timeZone="Europe/Berlin"
    )
    starts = [datetime.fromisoformat(item["start"]["dateTime"]) for item in answer.execute()["items"]]

    assert [start.hour for start in starts] == [9] * 8
    assert len({start.utcoffset() for start in starts}) == 2


def test_25_instances_are_named_after_their_original_start(contract: Contract) -> None:
    made = contract.weekly(*GUESTS)
    name = f"{made['id']}_20300312T080000Z"

    instance = contract.get(name)

    assert (instance["id"], instance["recurringEventId"]) == (name, made["id"])
    assert emails(instance) == sorted(GUESTS)
    assert refusal(lambda: contract.get(f"{made['id']}_20300313T080000Z")) == (404, "notFound")


def test_26_an_exception_keeps_its_id_when_it_is_moved(contract: Contract) -> None:
    made = contract.weekly(*GUESTS)
    name = f"{made['id']}_20300312T080000Z"

    moved = contract.patch(
        name,
        {
            "start": {"dateTime": "2030-03-13T15:00:00+01:00"},
            "end": {"dateTime": "2030-03-13T16:00:00+01:00"},
        },
    )

    assert (moved["id"], moved["recurringEventId"]) == (name, made["id"])
    original = datetime.fromisoformat(moved["originalStartTime"]["dateTime"])
    assert original == datetime.fromisoformat("2030-03-12T09:00:00+01:00")
    assert emails(moved) == sorted(GUESTS)


def test_26_a_guest_taken_off_one_instance_stays_on_the_series(contract: Contract) -> None:
    made = contract.weekly(*GUESTS)
    name = f"{made['id']}_20300312T080000Z"

    contract.patch(name, {"attendees": [{"email": GUESTS[0]}]})

    assert emails(contract.get(name)) == [GUESTS[0]]
    assert emails(contract.get(made["id"])) == sorted(GUESTS)


def test_27_a_cancelled_instance_leaves_the_series_alone(contract: Contract) -> None:
    made = contract.weekly(GUESTS[0])
    name = f"{made['id']}_20300312T080000Z"

    contract.delete(name)

    cancelled = contract.get(name)
    assert (cancelled["status"], cancelled["recurringEventId"]) == ("cancelled", made["id"])
    assert contract.get(made["id"])["status"] == "confirmed"
