"""Items 66 and 68: units in a sliding minute, of a user and of the project, by the sandbox's clock."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.calendar.sandbox.conftest import ANN, CHAIR, NOW, Office
from tests.calendar.sandbox.test_signing_in import as_service_account, as_user, refreshed
from tests.support.sandbox import SERVICE_ACCOUNT

EVENTS = "/calendar/v3/calendars/primary/events"


@pytest.fixture(autouse=True)
def still(office: Office) -> None:
    office.control.clock(now=NOW, frozen=True)


def status(office: Office, path: str = EVENTS, **headers: str) -> int:
    return int(office.raw("GET", path, **headers).status)


def as_ann(office: Office) -> dict[str, str]:
    return {"authorization": f"Bearer {office.control.access_token(ANN)}"}


def test_66_without_limits_nothing_is_refused_and_all_is_counted(office: Office) -> None:
    for _ in range(30):
        assert status(office) == 200

    assert office.control.quota() == {
        "project": {"peak": 30, "used": 30},
        "users": {CHAIR: {"peak": 30, "used": 30}},
    }


def test_66_a_user_who_has_used_up_the_minute_is_refused_and_others_are_not(office: Office) -> None:
    office.control.switch("user_units_per_minute", 2)

    own = [status(office) for _ in range(3)]

    assert (own, status(office, **as_ann(office))) == ([200, 200, 429], 200)


def test_66_the_project_is_one_for_all(office: Office) -> None:
    office.control.switch("project_units_per_minute", 2)

    assert [status(office), status(office, **as_ann(office)), status(office, **as_ann(office))] == [200, 200, 429]


def test_68_the_minute_slides_with_the_sandboxs_clock(office: Office) -> None:
    office.control.switch("user_units_per_minute", 2)
    status(office)
    office.control.clock(advance=30)
    status(office)

    office.control.clock(advance=29)
    too_early = status(office)
    office.control.clock(advance=1)

    assert (too_early, status(office), status(office)) == (429, 200, 429)


def test_68_a_clock_set_back_begins_anew(office: Office) -> None:
    office.control.switch("user_units_per_minute", 1)
    status(office)
    office.control.clock(advance=-3600)

    assert status(office) == 200


def test_66_a_patch_is_three_units_and_everything_else_one(office: Office) -> None:
    office.single()
    office.patch("single0", {"summary": "Dinner"})
    after_the_patch = office.control.quota()["project"]["used"]
    office.get("single0")
    office.delete("single0")

    assert (after_the_patch, office.control.quota()["project"]["used"]) == (3, 5)


def test_66_what_is_refused_costs_nothing_and_does_nothing(office: Office) -> None:
    office.single()
    office.control.switch("user_units_per_minute", 3)
    status(office)

    refused = office.raw("PATCH", f"{EVENTS}/single0", json.dumps({"summary": "Dinner"}).encode())

    assert refused.status == 429
    assert office.control.event(CHAIR, "single0")["summary"] == "Lunch"
    assert office.control.quota()["users"][CHAIR]["used"] == 1


def test_66_a_fault_waits_for_a_request_that_is_not_refused(office: Office) -> None:
    office.control.switch("user_units_per_minute", 1)
    office.control.fault("503")

    found = [status(office), status(office)]
    office.control.clock(advance=60)

    assert (found, status(office)) == ([503, 429], 200)


@pytest.mark.parametrize(
    ("switch", "reason"),
    [("user_units_per_minute", "userRateLimitExceeded"), ("project_units_per_minute", "rateLimitExceeded")],
)
def test_66_a_refusal_may_be_a_403_and_may_name_the_wait(office: Office, switch: str, reason: str) -> None:
    office.control.switch(switch, 1)
    status(office)
    office.control.clock(advance=20.5)

    plain = office.raw("GET", EVENTS)
    office.control.switch("quota_refusal", "403")
    office.control.switch("quota_names_wait", True)
    other = office.raw("GET", EVENTS)

    assert (plain.status, plain.headers["Retry-After"]) == (429, None)
    assert json.loads(plain.content)["error"]["errors"][0]["reason"] == "rateLimitExceeded"
    assert (other.status, other.headers["Retry-After"]) == (403, "40")
    assert json.loads(other.content)["error"]["errors"][0]["reason"] == reason


def test_66_delegation_is_charged_to_the_account_unless_a_user_is_named(office: Office, tmp_path: Path) -> None:
    found: Any = as_service_account(office, tmp_path)
    bearer = {"authorization": f"Bearer {refreshed(found).token}"}

    status(office, **bearer)
    status(office, f"{EVENTS}?quotaUser=ann", **bearer)
    status(office, x_goog_quota_user="bob", **bearer)

    assert set(office.control.quota()["users"]) == {SERVICE_ACCOUNT, "ann", "bob"}


def test_66_a_person_is_charged_as_such(office: Office, tmp_path: Path) -> None:
    status(office, authorization=f"Bearer {refreshed(as_user(office, tmp_path, ANN)).token}")

    assert set(office.control.quota()["users"]) == {ANN}


def test_66_tokens_strangers_and_the_directory_cost_nothing(office: Office) -> None:
    office.raw("POST", "/token", b"grant_type=refresh_token")
    status(office, authorization="Bearer nonsense")
    status(office, "/admin/directory/v1/users?customer=my_customer")
    status(office, "/calendar/v3/nothing")

    assert office.control.quota() == {"project": {"peak": 0, "used": 0}, "users": {}}


def test_66_the_peak_is_that_of_the_worst_minute(office: Office) -> None:
    for advance in (0, 0, 40, 0, 59, 60):
        office.control.clock(advance=advance)
        status(office)

    assert office.control.quota()["users"][CHAIR] == {"peak": 4, "used": 1}


def test_66_a_cleared_log_forgets_the_peak_but_not_the_minute(office: Office) -> None:
    status(office)

    office.control.clear_log()

    assert office.control.quota()["users"][CHAIR] == {"peak": 0, "used": 1}
