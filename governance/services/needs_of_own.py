"""What somebody has still to say or to do themselves: positions, commitments, promises that are due. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.models import Meeting
from governance.services.needs import Need, Why
from governance.store.own_duties import POSITION, PROMISE, Duty


def of_oneself(rows: Sequence[Duty], actor: Actor, meetings: Mapping[UUID, Meeting]) -> Iterator[Need]:
    """Each decision by itself, because each asks something else; the promises of a meeting together."""
    promises: dict[UUID, list[Duty]] = defaultdict(list)
    for one in rows:
        meeting = meetings.get(one.meeting_id)
        if meeting is None:
            continue
        if one.what == PROMISE:
            promises[meeting.id].append(one)
        else:
            why = Why.OWN_POSITION if one.what == POSITION else Why.OWN_COMMITMENT
            yield Need(why, meeting, said=(one.text,), department=one.department or "", decision=one.thing)
    for meeting_id, own in promises.items():
        if may(actor, Act.READ, Thing(Kind.PROMISE, meeting_id)):
            first = min((one.due_on for one in own if one.due_on is not None), default=date.max)
            texts = tuple(one.text for one in own)
            yield Need(Why.OWN_PROMISE, meetings[meeting_id], many=len(own), said=texts, ends=first)
