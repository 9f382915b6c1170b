"""Items 15, 26, 27, 29 and 32 together: what guests see follows from what the organiser has."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from governance.calendar.sandbox.client import SandboxError
from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, emails
from tests.calendar.sandbox.test_listing import Follower

PEOPLE = (ANN, BOB, CEM)
INSTANCES = ("weekly0_20261103T080000Z", "weekly0_20261110T080000Z", "weekly0_20261117T080000Z")
EVENTS = ("weekly0", *INSTANCES)
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("guests"), st.sampled_from(EVENTS), st.sets(st.sampled_from(PEOPLE))),
        st.tuples(st.just("cancel"), st.sampled_from(INSTANCES), st.none()),
        st.tuples(st.just("restore"), st.sampled_from(INSTANCES), st.none()),
        st.tuples(st.just("answer"), st.sampled_from(EVENTS), st.sampled_from(PEOPLE)),
        st.tuples(st.just("forward"), st.sampled_from(EVENTS), st.sampled_from(PEOPLE)),
        st.tuples(st.just("rename"), st.sampled_from(EVENTS), st.none()),
    ),
    max_size=12,
)
CHANGED_BETWEEN_PAGES: list[tuple[str, str, Any]] = [
    ("guests", "weekly0", set()),
    ("guests", "weekly0", set()),
    ("guests", "weekly0", set()),
    ("answer", "weekly0", ANN),
    ("guests", INSTANCES[0], set()),
    ("rename", INSTANCES[0], None),
]
"""A run reads the series; then its exception changes again: the last page is empty, the next run has it."""


@pytest.mark.parametrize("follows", [False, True])
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS)
def test_everybody_sees_exactly_the_instances_he_is_invited_to(
    office: Office, follows: bool, acts: list[tuple[str, str, Any]]
) -> None:
    office.control.reset(now="2026-11-02T08:00:00Z")
    office.control.seed(users=[CHAIR, *PEOPLE])
    office.control.switch("exceptions_follow_guests", follows)
    office.weekly(ANN, BOB)

    for act, event, more in acts:
        do(office, act, event, more)

    organised = {event: seen(office, CHAIR, event) for event in EVENTS}
    for person in PEOPLE:
        expected = {event: found if found and person in found[1] else None for event, found in organised.items()}
        assert {event: seen(office, person, event) for event in EVENTS} == expected


@pytest.mark.parametrize("reader", [CHAIR, ANN])
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts=ACTS, size=st.integers(1, 3), often=st.integers(1, 4))
@example(acts=CHANGED_BETWEEN_PAGES, size=1, often=2)
def test_38_whoever_follows_the_tokens_knows_series_exceptions_and_guests(
    office: Office, reader: str, acts: list[tuple[str, str, Any]], size: int, often: int
) -> None:
    office.control.reset(now="2026-11-02T08:00:00Z")
    office.control.seed(users=[CHAIR, *PEOPLE])
    office.weekly(ANN, BOB)
    follower = Follower(office.as_(reader), size)

    for number, (act, event, more) in enumerate(acts):
        do(office, act, event, more)
        if number % often == 0:
            follower.read_one_page()
    follower.read_to_the_end()

    everything = follower.office.listed()
    assert follower.known == {item["id"]: item["etag"] for item in everything if item["status"] != "cancelled"}
    office.sandbox.close_services()


def do(office: Office, act: str, event: str, more: Any) -> None:
    control = office.control
    if act == "guests" and seen(office, CHAIR, event):
        control.organizer_edits(CHAIR, event, {"attendees": [{"email": person} for person in sorted(more)]})
    elif act == "cancel":
        control.cancel_instance(CHAIR, event)
    elif act == "restore" and seen(office, CHAIR, event) is None:
        control.restore_instance(CHAIR, event)
    elif act == "answer" and seen(office, CHAIR, event):
        control.answers(CHAIR, event, more, "accepted")
    elif act == "forward" and seen(office, CHAIR, event):
        control.forward(CHAIR, event, ANN, more)
    elif act == "rename" and seen(office, CHAIR, event):
        control.organizer_edits(CHAIR, event, {"summary": "Another name"})


def seen(office: Office, person: str, event: str) -> tuple[str, list[str], list[str]] | None:
    """(title, guests, answers) as somebody's calendar has them; None when it is not there or cancelled."""
    try:
        found = office.control.event(person, event)
    except SandboxError:
        return None
    if found["status"] == "cancelled":
        return None
    answers = [guest["responseStatus"] for guest in found.get("attendees", [])]
    return found["summary"], emails(found), answers
