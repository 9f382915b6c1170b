"""What a visitor can do: every act does to the invitation what its label says, and nothing to anything else."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from governance.seed import cast
from governance.seed.cast import ALL_HANDS, DOMAIN
from governance.seed.panel import SCENES_FILE, Panel, Place, panel_beside
from tests.support.sandbox import SandboxForTests

SLUG, CALENDAR, EVENT = "weekly", cast.CHAIR.address, "weekly"
SEATS = {
    "Finance": cast.AMARA.address,
    "Legal": cast.HENRIK.address,
    "Operations": cast.PIOTR.address,
}
DESCRIPTION = "Bring coffee. One person per department."


@pytest.fixture
def control(sandbox: SandboxForTests) -> Any:
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(days=4)
    sandbox.control.seed(users=cast.users(), groups=cast.groups())
    sandbox.control.create_series(
        CALENDAR,
        "Weekly",
        start,
        start + timedelta(hours=1),
        "UTC",
        ["RRULE:FREQ=WEEKLY"],
        list(SEATS.values()),
        event_id=EVENT,
        description=DESCRIPTION,
        guestsCanInviteOthers=False,
    )
    return sandbox.control


@pytest.fixture
def panel(control: Any) -> Panel:
    return Panel(control, {SLUG: Place(CALENDAR, EVENT, SEATS, [])})


def series(control: Any) -> dict[str, Any]:
    return control.event(CALENDAR, EVENT)


def following(control: Any) -> dict[str, Any]:
    """The next occurrence."""
    return control.instances(CALENDAR, EVENT, 1, after=datetime.now(UTC))[0]


def guests(event: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {guest["email"]: guest for guest in event["attendees"]}


def added(event: dict[str, Any]) -> set[str]:
    return set(guests(event)) - set(SEATS.values())


def is_one_stranger(control: Any) -> bool:
    return len(added(series(control))) == 1


def is_one_more_of_finance(control: Any) -> bool:
    return added(series(control)) <= {cast.KATJA.address, cast.ISMAEL.address, cast.BEATRICE.address}


EFFECTS: dict[str, Callable[[Any], bool]] = {
    "forward": is_one_stranger,
    "second-person": lambda control: is_one_stranger(control) and is_one_more_of_finance(control),
    "add-group": lambda control: added(series(control)) == {f"{ALL_HANDS}@{DOMAIN}"},
    "let-invite": lambda control: series(control).get("guestsCanInviteOthers", True),
    "decline": lambda control: guests(following(control))[SEATS["Legal"]]["responseStatus"] == "declined",
    "accept": lambda control: guests(following(control))[SEATS["Legal"]]["responseStatus"] == "accepted",
    "remove-delegate": lambda control: SEATS["Operations"] not in guests(series(control)),
    "optional": lambda control: [g for g in series(control)["attendees"] if g.get("optional")] != [],
    "plus-ones": lambda control: [g for g in series(control)["attendees"] if g.get("additionalGuests") == 2] != [],
    "description": lambda control: series(control)["description"].startswith("Bring coffee. Anybody"),
    "forward-once": lambda control: len(added(following(control))) == 1 and not added(series(control)),
    "move": lambda control: following(control)["start"] != following(control)["originalStartTime"],
    "split": lambda control: any(one["id"].startswith(f"{EVENT}_R") for one in control.events(CALENDAR)),
    "cut": is_one_stranger,
    "reset": lambda control: {g["responseStatus"] for g in following(control)["attendees"]} == {"accepted"},
}


def test_there_is_an_effect_for_every_act(panel: Panel) -> None:
    assert [act.id for act in panel.acts()] == list(EFFECTS)
    assert all(act.label and act.explanation for act in panel.acts())


@pytest.mark.parametrize("act", ["forward", "no-such-act"])
def test_an_act_or_a_meeting_that_is_not_there_changes_nothing(act: str, panel: Panel, control: Any) -> None:
    before = control.events(CALENDAR)

    panel.perform(act, "another-meeting" if act == "forward" else SLUG)

    assert control.events(CALENDAR) == before


@pytest.mark.parametrize("act", EFFECTS)
def test_an_act_does_what_it_says(act: str, panel: Panel, control: Any) -> None:
    panel.perform(act, SLUG)

    assert EFFECTS[act](control)


@pytest.mark.parametrize("act", EFFECTS)
def test_every_act_can_be_done_again_and_after_any_other(act: str, panel: Panel) -> None:
    for other in panel.acts():
        panel.perform(other.id, SLUG)

        panel.perform(act, SLUG)


def test_somebody_else_is_added_every_time(panel: Panel, control: Any) -> None:
    for _ in range(3):
        panel.perform("forward", SLUG)

    assert len(added(series(control))) == 3


def test_putting_back_brings_a_moved_occurrence_and_its_answers_back(control: Any) -> None:
    panel = Panel(control, {SLUG: Place(CALENDAR, EVENT, SEATS, [SEATS["Legal"]])})
    panel.perform("move", SLUG)

    panel.perform("reset", SLUG)

    occurrence = following(control)
    assert occurrence["start"] == occurrence["originalStartTime"]
    assert guests(occurrence)[SEATS["Legal"]]["responseStatus"] == "declined"
    assert guests(occurrence)[SEATS["Finance"]]["responseStatus"] == "accepted"


@pytest.mark.parametrize(
    ("has_file", "api_root", "expected"),
    [
        (True, "http://127.0.0.1:1/", True),
        (False, "http://127.0.0.1:1/", False),
        (True, None, False),
        (True, "https://calendar.example.com/", False),
    ],
)
def test_only_beside_a_demo_on_loopback_there_is_a_panel(
    has_file: bool, api_root: str | None, expected: bool, tmp_path: Path
) -> None:
    if has_file:
        (tmp_path / SCENES_FILE).write_text(json.dumps({"places": {}, "is_told": True}))

    assert (panel_beside(tmp_path / "config.toml", api_root) is not None) is expected
