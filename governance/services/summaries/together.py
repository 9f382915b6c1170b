"""One mail about all meetings of a person, at the day and hour they chose, by the site's clock.

who chose that moment ─► their meetings that had something since they were last told ─► one section each ─► one mail
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.summaries.timing import Occasion, Weekly, due_at, hour_of, latest
from governance.mail.facts import to_json
from governance.mail.facts_of_summaries import Summaries, Summary
from governance.mail.kinds import Topic
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.summary import Brief
from governance.services import outbox
from governance.services.links import make_link
from governance.services.mailing.letters import LinkWish
from governance.services.summaries.brief import keep_brief
from governance.services.summaries.cutting import says_anything, summary_for
from governance.services.summaries.due import by_meeting, charter_of
from governance.services.summaries.gathering import gather, readers
from governance.services.summaries.occasions import days_of
from governance.services.summaries.posting import (
    SEEN_WITHIN,
    Step,
    first_period_of,
    period_of,
    settle,
    with_brief,
)
from governance.services.summaries.told import told_since
from governance.services.summaries.values import Gathered, Reader
from governance.services.upcoming import is_paused
from governance.store import summary_times as store
from governance.store.meetings import all_pauses
from governance.store.outbox import muted_topics
from governance.store.standing import meeting_row

AT_ONCE = 20
"""So many people are told in one transaction: what was gathered for them is in memory meanwhile."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and hour that people chose, and those who had chosen it when it came."""

    at: str
    about: str
    people: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """What one meeting says to one person, with the links it wants."""

    meeting: Meeting
    occasion: Occasion
    facts: Summary
    links: tuple[LinkWish, ...]


@dataclass(frozen=True, slots=True)
class Together:
    person: UUID
    sections: tuple[Section, ...]


def moments(session: Session, now: datetime, zone: str) -> list[Moment]:
    """Those that have come and are not done; two statements at most, and one where nobody wants such a mail."""
    chosen: dict[str, list[Any]] = defaultdict(list)
    for one in store.together(session):
        chosen[one.at].append(one)
    came = {at: latest(hour, zone, now) for at in chosen if isinstance(hour := hour_of(at), Weekly)}
    keys = {at: f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d}" for at, moment in came.items()}
    done = store.done_together(session, keys.values()) if keys else set()
    return [
        Moment(at, key, tuple(one.person_id for one in chosen[at] if one.chosen_at <= came[at]))
        for at, key in keys.items()
        if (key, at) not in done
    ]


def steps(session: Session, moment: Moment, now: datetime) -> Iterator[Step]:
    """To be done one after the other, each in a writing session of its own; read in `session` on the way."""
    told = store.told_together(session, moment.about)
    wanted = [one for one in moment.people if one not in told]
    desk = _Desk.open(session, now)
    for start in range(0, len(wanted), AT_ONCE):
        some = list(_some(desk, wanted[start : start + AT_ONCE]))
        if some:
            yield partial(_write, moment=moment, wanted=some, now=now)
    yield partial(_end, moment=moment, now=now)


@dataclass(slots=True)
class _Desk:
    """What is read once for everybody: which meetings tell, what was over in them last, and who is theirs."""

    session: Session
    now: datetime
    occasions: Mapping[UUID, Occasion]
    meetings_of: Mapping[UUID, list[UUID]]
    _readers: dict[UUID, dict[UUID, Reader]] = field(default_factory=dict)
    _gathered: dict[tuple[UUID, datetime], Gathered] = field(default_factory=dict)
    _told_apart: dict[UUID, set[UUID]] = field(default_factory=dict)

    @classmethod
    def open(cls, session: Session, now: datetime) -> _Desk:
        pauses = all_pauses(session)
        at_work = [
            one
            for one in store.meetings_that_tell(session)
            if one.frozen_code is None and not one.restored_hold and not is_paused(one, pauses, now)
        ]
        wishes = store.wishes(session)
        asked = {one.meeting_id for one in wishes if one.is_together}
        series = by_meeting(store.series_states(session))
        days = days_of(session, [one for one in at_work if one.id in asked], series, now)
        found = {one.meeting_id: newest for one in days if (newest := one.newest_over(now)) is not None}
        meetings: dict[UUID, list[UUID]] = defaultdict(list)
        for one in wishes:
            if one.is_together and one.meeting_id in found:
                meetings[one.person_id].append(one.meeting_id)
        return cls(session, now, found, meetings)

    def reader(self, meeting: Meeting, person: UUID) -> Reader | None:
        known = self._readers.get(meeting.id)
        if known is None:
            period = first_period_of(self.occasions[meeting.id], self.now)
            known = {one.person: one for one in readers(self.session, meeting, period, self.now)}
            self._readers[meeting.id] = known
        return known.get(person)

    def gathered(self, meeting: Meeting, since: datetime) -> Gathered:
        key = (meeting.id, since)
        if key not in self._gathered:
            period = period_of(self.occasions[meeting.id], since, self.now)
            self._gathered[key] = gather(self.session, meeting, period, self.now)
        return self._gathered[key]

    def is_told_apart(self, meeting_id: UUID, person: UUID) -> bool:
        """In a mail about that meeting alone, from before they wanted one about all."""
        if meeting_id not in self._told_apart:
            self._told_apart[meeting_id] = store.told_of(self.session, meeting_id, self.occasions[meeting_id].key)
        return person in self._told_apart[meeting_id]

    def forget(self) -> None:
        self._gathered.clear()


def _some(desk: _Desk, people: Iterable[UUID]) -> Iterator[Together]:
    for person in people:
        muted = {meeting for meeting, topic in muted_topics(desk.session, person) if topic == Topic.SUMMARIES}
        wanted = [one for one in desk.meetings_of.get(person, ()) if one not in muted]
        sections = [found for one in wanted if (found := _section(desk, one, person)) is not None]
        if sections:
            yield Together(person, tuple(sorted(sections, key=lambda one: one.meeting.name)))
    desk.forget()


def _section(desk: _Desk, meeting_id: UUID, person: UUID) -> Section | None:
    """Nothing where it was told already, or where a week without an occurrence has nothing to say."""
    occasion = desk.occasions[meeting_id]
    told = told_since(desk.session, {person: [meeting_id]}, desk.occasions, desk.now)[person, meeting_id]
    is_told = told.by_one_mail is not None and occasion.over_at <= told.by_one_mail
    if is_told or desk.is_told_apart(meeting_id, person):
        return None
    meeting = meeting_row(desk.session, meeting_id)
    reader = desk.reader(meeting, person)
    if reader is None:
        return None
    written = summary_for(desk.gathered(meeting, told.since), reader)
    if not says_anything(written.facts):
        return None
    return Section(meeting, occasion, written.facts, written.links)


def _write(session: Session, *, moment: Moment, wanted: list[Together], now: datetime) -> int:
    return sum(1 for one in wanted if _post(session, moment, one, now))


def _post(session: Session, moment: Moment, told: Together, now: datetime) -> bool:
    person = session.get(Person, told.person)
    if person is None or store.is_told_together(session, moment.about, told.person):
        return False
    try:
        # A savepoint, so that a worker which lost the race to another leaves no links of a mail that is not there.
        with session.begin_nested():
            links: dict[str, UUID] = {}
            facts = Summaries(meetings=[_with_links(session, person, one, links, now) for one in told.sections])
            if outbox.post(session, facts, about=moment.about, to=person, now=now, links=links) is None:
                raise _NotPosted
    except _NotPosted:
        return False
    return True


class _NotPosted(Exception):
    """Ends the savepoint, and goes no further."""


def _with_links(
    session: Session, person: Person, section: Section, links: dict[str, UUID], now: datetime
) -> dict[str, Any]:
    """The names of links are one list for the whole mail."""
    names: dict[str | None, str] = {}
    for wish in section.links:
        names[wish.name] = f"{wish.name.partition(':')[0]}:{len(links) + 1}"
        made = make_link(session, wish.purpose, person, wish.thing, now=now, meeting=section.meeting, lasts=wish.lasts)
        links[names[wish.name]] = made.id
    meeting = section.meeting
    facts = with_brief(_kept(session, section, now), section.facts)
    owed = [one | {"link": names.get(one["link"])} for one in facts.owed]
    return {
        "meeting": str(meeting.id),
        "slug": meeting.slug,
        "name": meeting.name,
        "time_zone": meeting.time_zone,
        "facts": to_json(replace(facts, owed=owed)),
    }


def _kept(session: Session, section: Section, now: datetime) -> Brief | None:
    """Whoever hears of an occurrence first has its brief kept: the others hear at the charter's hour."""
    charter = charter_of(store.charters_in_force(session, [section.meeting.id]).get(section.meeting.id))
    others = due_at(section.occasion.over_at, hour_of(charter.summary), section.meeting.time_zone)
    period = first_period_of(section.occasion, now)
    return keep_brief(session, section.meeting, period, now, seen_at=min(others, now + SEEN_WITHIN))


def _end(session: Session, *, moment: Moment, now: datetime) -> int:
    settle(session, None, moment.about, moment.at, now)
    return 0
