"""`governance check` knows what is wrong with announcements."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from governance.models.channel import Channel
from governance.store.meetings import all_calendars
from tests.cli.conftest import Run, site_here
from tests.support.cast import CHAIR
from tests.support.sandbox import SandboxForTests


def lines(run: Run) -> dict[str, str | None]:
    checks = run("check", "--json").document["checks"]
    return {one["name"]: one["remedy"] for one in checks if one["name"].startswith("push")}


@pytest.fixture
def with_push(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOVERNANCE_GOOGLE__PUSH", "true")


def test_nothing_is_said_of_push_where_it_is_off(adopted: SandboxForTests, run: Run) -> None:
    assert lines(run) == {}


def test_before_the_worker_has_asked_for_a_channel_all_is_well(
    adopted: SandboxForTests, with_push: None, run: Run
) -> None:
    assert lines(run) == {"push": None}


def test_a_refusal_comes_with_its_remedy(adopted: SandboxForTests, with_push: None, run: Run) -> None:
    with site_here().database.writing() as session:
        [calendar] = all_calendars(session)
        calendar.push_problem, calendar.push_remedy = (
            "Google refuses the address",
            "Set site.public_url to one of yours",
        )

    assert lines(run) == {f"push {CHAIR.address}": "Set site.public_url to one of yours: Google refuses the address."}


def test_silence_names_the_address_that_has_to_be_reached(adopted: SandboxForTests, with_push: None, run: Run) -> None:
    asked = datetime.now(UTC) - timedelta(minutes=11)
    with site_here().database.writing() as session:
        [calendar] = all_calendars(session)
        values = {"resource_id": "r", "opened_at": asked, "renew_at": asked + timedelta(days=5)}
        ends = asked + timedelta(days=7)
        session.add(Channel(calendar_id=calendar.id, token_hash="0" * 64, asked_at=asked, expires_at=ends, **values))

    assert lines(run) == {
        f"push {CHAIR.address}": "Check that http://localhost:8080 is reached from the internet: no announcement has "
        "arrived."
    }
