"""Items 35 to 43, wherever the events live."""

from __future__ import annotations

from typing import Any

from tests.contract.conftest import GUESTS, Contract, refusal


def listing(contract: Contract, **query: Any) -> Any:
    return contract.google.events().list(calendarId=contract.calendar, **query)


def test_nothing_changes_and_nothing_is_listed(contract: Contract) -> None:
    contract.insert()
    _, token = contract.changes()

    assert contract.changes(token)[0] == {}


def test_38_own_writes_come_back_once_with_their_latest_state(contract: Contract) -> None:
    made = contract.insert()
    _, token = contract.changes()
    contract.patch(made["id"], {"summary": "Contract test, once"})
    after = contract.patch(made["id"], {"summary": "Contract test, twice"})

    changed, token = contract.changes(token)

    assert {event: item["etag"] for event, item in changed.items()} == {made["id"]: after["etag"]}
    assert contract.changes(token)[0] == {}


def test_38_a_deletion_comes_as_a_cancelled_item(contract: Contract) -> None:
    made = contract.insert()
    _, token = contract.changes()
    contract.delete(made["id"])

    changed, _ = contract.changes(token)

    assert changed[made["id"]]["status"] == "cancelled"
    assert made["id"] not in contract.changes()[0]


def test_40_a_full_list_holds_the_cancelled_instances_of_a_living_series(contract: Contract) -> None:
    made = contract.weekly(GUESTS[0])
    name = f"{made['id']}_20300312T080000Z"
    contract.delete(name)

    everything, _ = contract.changes()

    assert everything[name]["status"] == "cancelled"
    assert everything[name]["recurringEventId"] == made["id"]


def test_36_the_two_tokens_never_come_together(contract: Contract) -> None:
    for _ in range(3):
        contract.insert()

    first = listing(contract, maxResults=2).execute()

    assert "nextPageToken" in first
    assert "nextSyncToken" not in first


def test_37_a_sync_token_forbids_filters(contract: Contract) -> None:
    _, token = contract.changes()

    for query in ({"timeMin": "2030-01-01T00:00:00Z"}, {"q": "x"}, {"iCalUID": "x"}):
        assert refusal(listing(contract, syncToken=token, **query).execute)[0] == 400


def test_43_senseless_lists_are_refused(contract: Contract) -> None:
    for query in (
        {"orderBy": "startTime"},
        {"timeMin": "2030-01-01T00:00:00"},
        {"timeMin": "2030-01-02T00:00:00Z", "timeMax": "2030-01-01T00:00:00Z"},
        {"pageToken": "made-up"},
    ):
        assert refusal(listing(contract, **query).execute)[0] == 400


def test_3_fields_are_honoured_below_the_items(contract: Contract) -> None:
    made = contract.insert(*GUESTS)

    items = listing(contract, iCalUID=made["iCalUID"], fields="items(id,attendees/email)").execute()["items"]

    assert [item["id"] for item in items] == [made["id"]]
    assert set(GUESTS) <= {guest["email"] for guest in items[0]["attendees"]}
    assert {name for guest in items[0]["attendees"] for name in guest} == {"email"}


def test_45_beyond_max_attendees_the_list_is_no_roster(contract: Contract) -> None:
    made = contract.insert(*GUESTS)

    item = listing(contract, iCalUID=made["iCalUID"], maxAttendees=1).execute()["items"][0]

    assert item["attendeesOmitted"] is True
    assert not set(GUESTS) & {guest["email"] for guest in item.get("attendees", [])}
