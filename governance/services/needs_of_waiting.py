"""What the waiting lists need of somebody: an answer, the next offer, a word of support. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from uuid import UUID

from governance.domain.access import Actor, Who
from governance.domain.waiting import OfferState, last_day_of, offer_state
from governance.models import Meeting
from governance.services.needs import Need, Why, leads
from governance.services.recording import today_of
from governance.store.waiting import AskedFor

ASKED_LATELY = timedelta(days=14)
"""So long a sponsor is asked for a word: whoever does not support somebody need not say so."""


def of_waiting_lists(
    rows: Sequence[AskedFor], actor: Actor, meetings: Mapping[UUID, Meeting], now: datetime
) -> Iterator[Need]:
    known = [one for one in rows if one.meeting_id in meetings and meetings[one.meeting_id].released_at is None]
    for one in known:
        if one.person_id == actor.person and _state(one, now) is OfferState.OPEN and one.ends_at is not None:
            ends = last_day_of(one.ends_at, one.time_zone)
            yield Need(Why.OFFER, meetings[one.meeting_id], department=one.department, ends=ends)
    led = sorted((one for one in known if leads(actor, one.meeting_id)), key=lambda one: str(one.seat_id))
    for _, of_seat in groupby(led, key=lambda one: one.seat_id):
        yield from _of_seat(list(of_seat), meetings, now)
    yield from _to_support(known, actor, meetings, now)


def _of_seat(rows: Sequence[AskedFor], meetings: Mapping[UUID, Meeting], now: datetime) -> Iterator[Need]:
    """For whoever leads: nothing while an offer is open, and nothing while the seat has a holder without a last day.

    Where its holder leaves on a known day, an offer without an answer is still said: it was for the days after.
    """
    first = rows[0]
    meeting = meetings[first.meeting_id]
    states = {one.application_id: _state(one, now) for one in rows}
    if OfferState.OPEN in states.values() or first.held_until == date.max:
        return
    is_vacant = first.held_until is None or first.held_until < today_of(meeting, now)
    silent = next((one for one in rows if states[one.application_id] is OfferState.ENDED), None)
    if silent is not None:
        yield Need(Why.OFFER_ENDED, meeting, person=silent.name, department=first.department)
    elif is_vacant:
        yield Need(Why.SEAT_TO_OFFER, meeting, many=len(rows), department=first.department)


def _to_support(
    rows: Iterable[AskedFor], actor: Actor, meetings: Mapping[UUID, Meeting], now: datetime
) -> Iterator[Need]:
    sponsored = {one.seat for one in actor.held if one.who is Who.SPONSOR}
    for one in rows:
        is_lately = now - one.at < ASKED_LATELY
        if one.seat_id in sponsored and one.endorsed_at is None and one.person_id != actor.person and is_lately:
            yield Need(Why.TO_SUPPORT, meetings[one.meeting_id], person=one.name, department=one.department)


def _state(one: AskedFor, now: datetime) -> OfferState | None:
    return offer_state(one.answer, one.ends_at, now) if one.ends_at is not None else None
