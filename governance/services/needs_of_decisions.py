"""What decisions need of somebody because they go beyond a mandate: a sponsor's word, or what the chair does. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from uuid import UUID

from governance.domain.access import Actor, Who
from governance.models import Meeting
from governance.services.needs import Need, Why, leads
from governance.store.ratifications import Awaited


def of_decisions(rows: Sequence[Awaited], actor: Actor, meetings: Mapping[UUID, Meeting]) -> Iterator[Need]:
    """The sponsor is told while they can answer; whoever leads what it waits for, and what they can do themselves."""
    for one in rows:
        meeting = meetings.get(one.meeting_id)
        if meeting is None:
            continue
        if one.state == "asked" and _sponsors(actor, one):
            yield _need(Why.TO_RATIFY, meeting, one)
        elif leads(actor, one.meeting_id):
            yield _need(Why.RATIFICATION_MISSING, meeting, one)


def _sponsors(actor: Actor, one: Awaited) -> bool:
    return any(held.who is Who.SPONSOR and held.seat == one.seat_id for held in actor.held)


def _need(why: Why, meeting: Meeting, one: Awaited) -> Need:
    state = one.state if one.state == "declined" or one.has_sponsor else "nobody"
    return Need(
        why, meeting, said=(one.title, state), department=one.department, decision=one.decision_id, seat=one.seat_id
    )
