"""In which event a meeting goes on: what is offered, what was looked at, and what would follow from it.

Nothing here asks Google or changes anything: what a worker was told on an errand is judged against the roster.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errand import ErrandKind, Found, LookedAt
from governance.domain.event_ids import base_id
from governance.models import Meeting
from governance.models.errand import Errand
from governance.reconcile.drift import find_drift, rules_of
from governance.reconcile.judging import Site, judge
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.reconcile.plan import make_plan
from governance.services import adoption
from governance.services.meeting_page import Fate, Remark
from governance.services.pausing import remarks_of
from governance.store import errands as store
from governance.store import meetings


@dataclass(frozen=True, slots=True)
class LookedEvent:
    """What is told of an event that somebody named, before the meeting goes on in it."""

    id: str
    organizer: str | None
    is_own: bool
    next: SeenOccurrence | None
    guests: int


@dataclass(frozen=True, slots=True)
class Relinked:
    """What follows from the link: at once, after a person's word, and when its time has come.

    `is_linked` where the meeting goes on in this event already.
    """

    at_once: tuple[Remark, ...]
    for_you: tuple[Remark, ...]
    later: tuple[Remark, ...]
    frozen: str | None
    is_linked: bool

    @property
    def mark(self) -> str:
        """Another one whenever other changes would be shown."""
        shown = [
            [[one.kind, one.who and one.who.address, one.flag, str(one.occurrence)] for one in some]
            for some in (self.at_once, self.for_you, self.later)
        ]
        return hashlib.sha256(repr([shown, self.frozen]).encode()).hexdigest()[:16]


def answered(session: Session, meeting: Meeting, errand_id: UUID, kind: ErrandKind) -> Errand | None:
    """The errand of this meeting that has come back; None for anybody else's, and for one on its way."""
    errand = store.errand_of(session, errand_id, [kind.value])
    if errand is None or errand.meeting_id != meeting.id or errand.state != "done":
        return None
    return errand


def offered(errand: Errand) -> Found:
    return Found.from_json(errand.answer_json or {})


def looked_event(errand: Errand, now: datetime) -> LookedEvent:
    event = _event(errand)
    picture = SeriesPicture(id=errand.id, event_id=event.id, series=event, exceptions=())
    return LookedEvent(
        id=event.id,
        organizer=event.organizer,
        is_own=event.organizer_is_calendar,
        next=picture.next_occurrence(now),
        guests=len(event.addresses),
    )


def consequences(session: Session, meeting: Meeting, errand: Errand, *, site: Site, now: datetime) -> Relinked:
    """Judge the roster against the event as if the meeting were linked to it: the same judgement as always.

    Raises:
        AdoptionRefused: the event is none that the meeting can go on in.
    """
    looked, event = LookedAt.from_json(errand.answer_json or {}), _event(errand)
    adoption.refuse_unfit(event)
    calendar = meetings.calendar_by_google_id(session, looked.google_id)
    present = meetings.series_by_event(session, calendar.id, event.id) if calendar is not None else None
    if present is not None and present.meeting_id != meeting.id:
        raise adoption.AdoptionRefused("Choose another event", "this one belongs to another meeting")
    judged = judge(session, meeting.id, site=site, now=now)
    kin = [one for one in judged.situation.pictures if one.event_id != event.id and _is_kin(one, event)]
    rules = tuple(rules_of(event))
    linked = SeriesPicture(id=errand.id, event_id=event.id, series=event, known_rules=rules, last_summary=event.summary)
    situation = replace(judged.situation, pictures=(*kin, linked))
    drift = find_drift(situation)
    # What was approved was so for the event of before.
    plan = make_plan(judged.slug, situation, drift, replace(judged.standing, released=frozenset()))
    remarks = remarks_of(session, situation, plan)
    return Relinked(
        at_once=tuple(one for one in remarks if one.fate is Fate.UNDER_WAY),
        for_you=tuple(one for one in remarks if one.fate is Fate.WAITS_FOR_YOU),
        later=tuple(one for one in remarks if one.fate is Fate.WAITS_FOR_TIME),
        frozen=drift.frozen.reason if drift.frozen else None,
        is_linked=present is not None and present.retired_at is None and judged.drift.frozen is None,
    )


def _is_kin(picture: SeriesPicture, event: ObservedEvent) -> bool:
    """A part of the same series, which a split has left beside it."""
    return base_id(picture.event_id) == base_id(event.id)


def _event(errand: Errand) -> ObservedEvent:
    return ObservedEvent.from_json(LookedAt.from_json(errand.answer_json or {}).event)
