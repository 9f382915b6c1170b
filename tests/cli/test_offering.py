"""A meeting whose event is lost: what it could go on in is told to whoever asks, and to nobody else."""

from __future__ import annotations

import shlex

import pytest

from governance.calendar.client import GoogleCalendar
from governance.calendar.series_ahead import RecurringEvent
from governance.reconcile.ports import Unreachable
from tests.cli.conftest import EVENT, Run
from tests.support.cast import ANN, CHAIR
from tests.support.sandbox import SandboxForTests

ANEW = "decisionsanew"


def make(sandbox: SandboxForTests, event: str, title: str) -> None:
    sandbox.control.create_series(
        CHAIR.address,
        title,
        "2026-01-07T09:00:00+01:00",
        "2026-01-07T10:00:00+01:00",
        "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=WE"],
        [ANN.address],
        event_id=event,
    )


def listings(sandbox: SandboxForTests) -> int:
    paths = [one["path"] for one in sandbox.control.log() if one["method"] == "GET"]
    return sum(path.endswith("/events") for path in paths)


@pytest.fixture
def lost(run: Run, adopted: SandboxForTests) -> SandboxForTests:
    """The event was looked at once, and then deleted and made anew; another one is beside it."""
    run("plan", "weekly")
    adopted.control.delete_event(CHAIR.address, EVENT)
    make(adopted, ANEW, "Decision\nMEETING")
    make(adopted, "canteen", "Menu of the canteen")
    adopted.control.clear_log()
    return adopted


def test_a_meeting_that_is_well_is_offered_nothing_and_asks_for_nothing_more(
    run: Run, adopted: SandboxForTests
) -> None:
    make(adopted, ANEW, "Decision meeting")
    adopted.control.clear_log()

    planned = run("plan", "weekly")

    assert "relink" not in planned.out
    assert listings(adopted) == 1


def test_a_deleted_event_that_was_made_anew_is_offered_as_a_line_to_run(run: Run, lost: SandboxForTests) -> None:
    planned = run("plan", "weekly")

    lines = planned.out.splitlines()
    assert (planned.code, planned.err, listings(lost)) == (0, "", 2)
    assert lines[:2] == [
        "weekly: nothing is to be changed.",
        "  I12 Relink the meeting: its event was deleted or is not to be seen any more",
    ]
    assert lines[-2] == "It may go on in:"
    assert lines[-1].startswith(
        f"  governance meeting relink weekly --event {ANEW}   # Decision MEETING, next Wednesday "
    )
    assert "canteen" not in planned.out

    program, *words = shlex.split(lines[-1], comments=True)
    assert (program, run(*words).code) == ("governance", 0)
    assert "relink" not in run("plan", "weekly").out


def test_programs_are_offered_nothing(run: Run, lost: SandboxForTests) -> None:
    planned = run("plan", "weekly", "--json")

    assert set(planned.document) == {"schema", "meeting", "observed_at", "checksum", "changes", "findings"}
    assert listings(lost) == 1


def test_an_event_of_another_meeting_is_not_offered(run: Run, lost: SandboxForTests) -> None:
    run("meeting", "adopt", "other", "--calendar", CHAIR.address, "--event", ANEW)

    assert "governance meeting relink" not in run("plan", "weekly").out


def test_a_calendar_that_fails_meanwhile_does_not_take_the_plan_away(
    run: Run, lost: SandboxForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> tuple[RecurringEvent, ...]:
        raise Unreachable("Wait while Google is not reachable", "the line is down")

    monkeypatch.setattr(GoogleCalendar, "recurring_events", fails)

    planned = run("plan", "weekly")

    assert planned.code == 0
    assert "I12 Relink the meeting" in planned.out
    assert planned.err == "Wait while Google is not reachable: the line is down.\n"


def test_a_relink_without_a_calendar_stays_on_the_present_one(run: Run, adopted: SandboxForTests) -> None:
    """Whatever calendars the meeting was on in between."""
    adopted.control.share(ANN.address, CHAIR.address, "writer")
    adopted.control.create_series(
        ANN.address,
        "Elsewhere",
        "2026-01-07T09:00:00+01:00",
        "2026-01-07T10:00:00+01:00",
        "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=WE"],
        [CHAIR.address],
        event_id="elsewhere",
    )
    assert run("meeting", "relink", "weekly", "--calendar", ANN.address, "--event", "elsewhere").code == 0
    assert run("meeting", "relink", "weekly", "--calendar", CHAIR.address, "--event", EVENT).code == 0
    make(adopted, ANEW, "Decision meeting")

    outcome = run("meeting", "relink", "weekly", "--event", ANEW)

    assert (outcome.code, outcome.err) == (0, "")
    [shown] = run("meeting", "list", "--json").document["meetings"]
    assert (shown["calendar"], shown["event"]) == (CHAIR.address, ANEW)
