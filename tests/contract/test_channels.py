"""Items 61 and 64, as far as they show without an address that Google can reach."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from tests.contract.conftest import Contract, refusal

# Of a reserved domain: whatever is sent there is lost.
ADDRESS = "https://example.com/notifications"


@pytest.fixture
def opened(contract: Contract) -> Iterator[dict[str, Any]]:
    answer = watch(contract).execute()
    yield answer
    stop(contract, answer["id"], answer["resourceId"]).execute()


def watch(contract: Contract, **changes: str) -> Any:
    body = {"id": str(uuid.uuid4()), "type": "web_hook", "address": ADDRESS, "params": {"ttl": "600"}, **changes}
    return contract.google.events().watch(calendarId=contract.calendar, body=body)


def stop(contract: Contract, channel: str, resource: str) -> Any:
    return contract.google.channels().stop(body={"id": channel, "resourceId": resource})


def test_61_a_channel_names_its_resource_and_ends_in_time(opened: dict[str, Any]) -> None:
    seconds = int(opened["expiration"]) / 1000 - time.time()

    assert opened["kind"] == "api#channel"
    assert opened["resourceId"]
    assert 0 < seconds < 660


def test_61_an_id_serves_once(contract: Contract, opened: dict[str, Any]) -> None:
    assert refusal(watch(contract, id=opened["id"]).execute) == (400, "channelIdNotUnique")


def test_61_plain_http_is_refused(contract: Contract) -> None:
    assert refusal(watch(contract, address=ADDRESS.replace("https", "http")).execute)[0] == 400


def test_64_an_unknown_channel_cannot_be_stopped(contract: Contract, opened: dict[str, Any]) -> None:
    assert refusal(stop(contract, str(uuid.uuid4()), opened["resourceId"]).execute)[0] == 404
