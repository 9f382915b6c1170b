"""The process itself: its first line, its clock, its state over a restart, its control acts."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from governance.calendar.sandbox.client import SandboxControl, SandboxError
from tests.calendar.sandbox.conftest import ANN, CHAIR, Office, emails

SERIES = {
    "calendar": CHAIR,
    "event_id": "weekly0",
    "summary": "Customer board",
    "start": "2026-11-03T09:00:00",
    "end": "2026-11-03T10:00:00",
    "time_zone": "Europe/Berlin",
    "recurrence": ["RRULE:FREQ=WEEKLY"],
    "guests": [ANN],
}


@contextmanager
def running(*arguments: str) -> Iterator[SandboxControl]:
    command = [sys.executable, "-m", "governance.calendar.sandbox", "--port", "0", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        control = SandboxControl(json.loads(process.stdout.readline())["url"])
        try:
            yield control
        finally:
            control.close()
            process.terminate()
    assert process.returncode == 0


def test_a_seed_describes_the_world_to_begin_with(tmp_path: Path) -> None:
    seed = tmp_path / "seed.json"
    seed.write_text(json.dumps({"users": [CHAIR, {"email": ANN, "department": "Finance"}], "events": [SERIES]}))

    with running("--seed", str(seed), "--now", "2026-11-02T08:00:00Z") as control:
        assert emails(control.event(ANN, "weekly0")) == [ANN]
        assert f"{control.clock():%Y-%m-%d %H}" == "2026-11-02 08"


def test_the_state_survives_a_restart(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    with running("--state", str(state)) as control:
        control.seed(users=[CHAIR, ANN], events=[SERIES])
        control.forward(CHAIR, "weekly0_20261110T080000Z", ANN, "eve@elsewhere.org")
        control.cancel_instance(CHAIR, "weekly0_20261117T080000Z")
        before = [control.events(calendar) for calendar in (CHAIR, ANN)]

    with running("--state", str(state)) as control:
        after = [control.events(calendar) for calendar in (CHAIR, ANN)]
        control.drop_guest(CHAIR, "weekly0", ANN)

        assert after == before
        assert control.event(ANN, "weekly0")["status"] == "cancelled"


def test_the_world_that_was_written_is_gone_back_to(office: Office) -> None:
    office.weekly(ANN)
    kept = office.control.written()
    office.control.drop_guest(CHAIR, "weekly0", ANN)
    office.control.seed(users=[{"email": "new@example.com"}])

    office.control.take(kept)

    assert emails(office.control.event(CHAIR, "weekly0")) == [ANN]
    assert office.control.written() == kept
    with pytest.raises(SandboxError):
        office.control.events("new@example.com")


def test_the_clock_is_set_advanced_and_frozen(office: Office) -> None:
    frozen = office.control.clock(now="2026-11-02T08:00:00Z", frozen=True)
    later = office.control.clock(advance=90)

    assert (frozen.isoformat(), later.isoformat()) == ("2026-11-02T08:00:00+00:00", "2026-11-02T08:01:30+00:00")
    assert office.control.clock() == later


def test_many_events_are_made_at_once(office: Office) -> None:
    made = office.control.create_many([{**SERIES, "event_id": f"m{n}"} for n in range(300)])

    assert len(made) == 300
    assert len(office.listed(maxResults=250)) == len(office.as_(ANN).listed()) == 300


def test_instances_are_named_from_a_moment_on(office: Office) -> None:
    office.weekly(ANN)

    listed = office.control.instances(CHAIR, "weekly0", 2, after="2026-11-10T08:30:00Z")

    assert [item["id"] for item in listed] == ["weekly0_20261110T080000Z", "weekly0_20261117T080000Z"]


def test_what_makes_no_sense_is_answered_with_a_sentence(office: Office) -> None:
    for act in (
        lambda: office.control.switch("weather", "sunny"),
        lambda: office.control.event(CHAIR, "nothing"),
        lambda: office.control.create_series("nobody@example.com", "x", "2026-11-03", "2026-11-04"),
        lambda: office.control.split(CHAIR, office.weekly()["id"], "2031-01-01"),
    ):
        with pytest.raises(SandboxError):
            act()


def test_a_reset_forgets_everything(office: Office) -> None:
    office.weekly(ANN)
    office.control.switch("short_pages", True)
    office.control.fault("500", count=None)

    office.control.reset()
    office.control.seed(users=[CHAIR])

    again = office.as_(CHAIR)
    assert (again.ids(), office.control.effects(), office.control.outbox()) == ([], [], [])
