"""Whatever people do to the invitation, it comes to what the roster says: one seed, one history.

The oracle knows the roster as the history told it and imports nothing of the product's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.governed import (
    CHAIR,
    DELEGATES,
    NEXT_THURSDAY,
    SERIES,
    Governed,
    make_governed,
    occurrence_id,
)

LATER = occurrence_id(NEXT_THURSDAY + timedelta(days=7))
EVENTS = (SERIES, occurrence_id(NEXT_THURSDAY), LATER)
OUTSIDERS = ("mallory@elsewhere.org", "trent@elsewhere.org", "jonas@example.com", "tomas@example.com")


@dataclass
class Oracle:
    """Who should be on the events at the end, as far as the acts of this history decide it."""

    seats: dict[str, str] = field(default_factory=lambda: dict(DELEGATES))

    def expected(self) -> set[str]:
        return set(self.seats.values())


Act = Callable[[Governed, Oracle], object]


def _quietly(act: Callable[[Any], object]) -> Act:
    """People do not mind when what they wanted to change is gone already."""

    def acted(governed: Governed, oracle: Oracle) -> None:
        from governance.calendar.sandbox.client import SandboxError

        try:
            act(governed.control)
        except SandboxError:
            return

    return acted


def _swap_seat(governed: Governed, oracle: Oracle, department: str, address: str) -> None:
    if department in oracle.seats:
        governed.vacate(department)
        del oracle.seats[department]
    else:
        governed.appoint(department, address)
        oracle.seats[department] = address


events = st.sampled_from(EVENTS)
delegates = st.sampled_from(sorted(DELEGATES.values()))
forwards = st.builds(
    lambda event, to: _quietly(lambda people: people.forward(CHAIR, event, CHAIR, to)),
    events,
    st.sampled_from(OUTSIDERS),
)
drops = st.builds(lambda event, who: _quietly(lambda people: people.drop_guest(CHAIR, event, who)), events, delegates)
answers = st.builds(
    lambda event, who, answer: _quietly(lambda people: people.answers(CHAIR, event, who, answer)),
    events,
    delegates,
    st.sampled_from(["accepted", "tentative"]),
)
flips = st.builds(
    lambda event, flag: _quietly(lambda people: people.flip_flags(CHAIR, event, **{flag: True})),
    events,
    st.sampled_from(["guestsCanInviteOthers", "guestsCanModify"]),
)
edits = st.builds(
    lambda event, text: _quietly(lambda people: people.organizer_edits(CHAIR, event, {"description": text})),
    st.just(SERIES),
    st.text(alphabet="ab <>&-\n", max_size=30),
)
acts: st.SearchStrategy[Act] = st.one_of(
    forwards,
    drops,
    answers,
    flips,
    edits,
    st.just(lambda governed, oracle: _swap_seat(governed, oracle, "IT Security", DELEGATES["IT Security"])),
    st.just(lambda governed, oracle: governed.cycle_report()),
    st.just(lambda governed, oracle: governed.advance(timedelta(hours=3))),
)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(history=st.lists(acts, min_size=1, max_size=12))
def test_any_history_ends_in_order(
    history: list[Act],
    sandbox: Any,
    migrated_sqlite_template: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    sandbox.control.reset()
    with make_governed(migrated_sqlite_template, sandbox, tmp_path_factory.mktemp("history")) as governed:
        governed.bring_in_order()
        oracle = Oracle()

        for act in history:
            act(governed, oracle)
        _let_days_pass(governed)

        for event_id in {SERIES, *_coming_exceptions(governed)}:
            event = governed.event(event_id)
            assert oracle.expected() == governed.guests(event_id) - {CHAIR}, event_id
            assert not event.get("guestsCanModify", False)
            assert event["guestsCanInviteOthers"] is False
        assert governed.event()["description"].count("We decide for the customers.") == 1
        governed.control.clear_log()
        governed.cycle()
        assert [] == governed.writes()


def _let_days_pass(governed: Governed) -> None:
    """A day between two looks lifts what is put back once a day; what needs a person is approved."""
    for _ in range(3):
        governed.cycle_report()
        if (governed.stored().plan_json or {}).get("held_keys"):
            governed.approve()
            governed.cycle_report()
        governed.advance(timedelta(hours=25))
    governed.cycle_report()


def _coming_exceptions(governed: Governed) -> list[str]:
    return [
        event["id"]
        for event in governed.control.events(CHAIR)
        if event.get("recurringEventId") and event["status"] != "cancelled" and event["id"] in EVENTS[1:]
    ]
