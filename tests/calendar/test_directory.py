"""The Directory: people with all their addresses, groups, the unknown, and silence where it cannot say."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from governance.reconcile.ports import AddressKind, DirectoryEntry
from tests.calendar.conftest import api_requests, refusal
from tests.calendar.raw_server import Request, answer

DANA = {
    "kind": "admin#directory#user",
    "id": "42",
    "primaryEmail": "Dana.Stone@Example.com",
    "aliases": ["dana@example.com", "DANA@example.com"],
    "name": {"fullName": "Dana Stone"},
    "organizations": [{"department": " Finance ", "primary": True}, {"department": "Old"}],
}
GROUP = {"kind": "admin#directory#group", "id": "g1", "email": "everyone@example.com", "name": "Everyone"}


def people(request: Request) -> bytes:
    known: dict[str, Any] = {
        "/admin/directory/v1/users/dana@example.com": DANA,
        "/admin/directory/v1/groups/everyone@example.com": GROUP,
    }
    found = known.get(request.path)
    return answer(found) if found else refusal(404, "notFound")


def test_asking_for_nobody_asks_nothing(directory_of: Any) -> None:
    directory, server = directory_of(people)

    assert directory.look_up([]) == {}
    assert server.requests == []


def test_each_address_is_a_person_a_group_or_unknown(directory_of: Any) -> None:
    directory, _ = directory_of(people)

    found = directory.look_up(["Dana@example.com", "everyone@example.com", "eve@other.org", "dana@example.com "])

    assert found == {
        "dana@example.com": DirectoryEntry(
            AddressKind.USER,
            addresses=("dana.stone@example.com", "dana@example.com"),
            directory_id="42",
            name="Dana Stone",
            department="Finance",
        ),
        "everyone@example.com": DirectoryEntry(
            AddressKind.GROUP, addresses=("everyone@example.com",), directory_id="g1", name="Everyone"
        ),
        "eve@other.org": DirectoryEntry(AddressKind.UNKNOWN, addresses=("eve@other.org",)),
    }


def test_the_directory_asks_for_a_token_of_its_own(directory_of: Any) -> None:
    directory, server = directory_of(people)

    directory.look_up(["dana@example.com"])

    coded = server.requests[0].form["assertion"].split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(coded + "=" * (-len(coded) % 4)))
    assert claims["sub"] == "admin@example.com"
    assert claims["scope"] == " ".join(
        f"https://www.googleapis.com/auth/admin.directory.{part}.readonly" for part in ("user", "group", "group.member")
    )


@pytest.mark.parametrize(
    ("organizations", "department"),
    [
        (None, None),
        ([], None),
        ("Finance", None),
        (["Finance"], None),
        ([{"title": "CFO"}], None),
        ([{"department": "Finance"}], "Finance"),
        ([{"department": "Finance"}, {"department": "Legal"}], None),
        ([{"department": "Finance"}, {"department": "Legal", "primary": True}], "Legal"),
        ([{"department": "A", "primary": True}, {"department": "B", "primary": True}], None),
    ],
)
def test_the_department_is_the_primary_one_or_the_only_one(
    directory_of: Any, organizations: Any, department: str | None
) -> None:
    directory, _ = directory_of(lambda _: answer(DANA | {"organizations": organizations}))

    assert directory.look_up(["dana@example.com"])["dana@example.com"].department == department


@pytest.mark.parametrize("state", ["suspended", "archived"])
def test_a_suspended_account_is_said_to_be(directory_of: Any, state: str) -> None:
    directory, _ = directory_of(lambda _: answer(DANA | {state: True}))

    assert directory.look_up(["dana@example.com"])["dana@example.com"].is_suspended


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(refusal(403, "forbidden"), id="another domain"),
        pytest.param(refusal(400, "invalid"), id="no address"),
        pytest.param(answer({}), id="empty"),
        pytest.param(answer(b"<html>"), id="web page"),
        pytest.param(answer(DANA | {"primaryEmail": None}), id="no address in it"),
    ],
)
def test_an_address_that_cannot_be_answered_is_left_out_and_the_others_are_not(directory_of: Any, told: bytes) -> None:
    directory, _ = directory_of(lambda request: told if "odd" in request.path else people(request))

    found = directory.look_up(["odd@example.com", "dana@example.com"])

    assert list(found) == ["dana@example.com"]


@pytest.mark.parametrize(
    ("fault", "calls"),
    [
        pytest.param(answer(status=503), 2, id="busy"),
        pytest.param(refusal(403, "quotaExceeded"), 2, id="quota"),
        pytest.param(refusal(403, "accessNotConfigured"), 1, id="disabled"),
        pytest.param(refusal(403, "insufficientPermissions"), 1, id="scope"),
    ],
)
def test_a_directory_in_trouble_is_not_asked_for_every_address(directory_of: Any, fault: bytes, calls: int) -> None:
    directory, server = directory_of(lambda _: fault)

    assert directory.look_up([f"p{number}@example.com" for number in range(10)]) == {}
    assert len(api_requests(server)) == calls
