"""One mail about all meetings of a person, at the day and hour they chose, by the site's clock.

who chose that moment ─► their meetings that had something since they were last told ─► one section each ─► one mail
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from governance.domain.summaries.timing import Occasion, Weekly, hour_of, latest
from governance.mail.facts import to_json
from governance.mail.facts_of_summaries import Summaries, Summary
from governance.mail.kinds import Topic
from governance.models.meeting import Meeting
from governance.models.summary import Brief
from governance.services.mailing.letters import LinkWish, Post
from governance.services.mailing.posting import post_all
from governance.services.summaries import due
from governance.services.summaries.brief import keep_brief
from governance.services.summaries.cutting import says_anything, summary_for
from governance.services.summaries.gathering import gather, readers
from governance.services.summaries.occasions import Days, days_of
from governance.services.summaries.posting import first_period_of, period_of, seen_at, settle, with_brief
from governance.services.summaries.told import Told, told_since
from governance.services.summaries.values import Gathered, Reader
from governance.store import summary_times as store
from governance.store.briefs import brief_about
from governance.store.meetings import all_pauses
from governance.store.outbox import muted_by
from governance.store.standing import meeting_row

log = logging.getLogger(__name__)

AT_ONCE = 20
"""So many people are told in one transaction: what was gathered for them is in memory meanwhile."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A day and hour that people chose, and those who had chosen it when it came."""

    at: str
    about: str
    people: tuple[UUID, ...]
    zone: str


@dataclass(frozen=True, slots=True)
class Section:
    """What one meeting says to one person, with the links it wants."""

    meeting: UUID
    slug: str
    name: str
    time_zone: str
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
        Moment(at, key, tuple(one.person_id for one in chosen[at] if one.chosen_at <= came[at]), zone)
        for at, key in keys.items()
        if (key, at) not in done
    ]


@dataclass(slots=True)
class Desk:
    """What is read once for everybody: which meetings tell, what was over in them last, and who is theirs.

    Nothing of it hangs on the session in which it was read.
    """

    moment: Moment
    now: datetime
    people: Sequence[UUID]
    _occasions: Mapping[UUID, tuple[Occasion, ...]]
    _meetings_of: Mapping[UUID, list[UUID]]
    _readers: dict[tuple[UUID, Occasion], dict[UUID, Reader]] = field(default_factory=dict)
    _told_apart: dict[tuple[UUID, Occasion], set[UUID]] = field(default_factory=dict)

    @classmethod
    def open(cls, session: Session, moment: Moment, now: datetime) -> Desk:
        told = store.told_together(session, moment.about)
        people = [one for one in moment.people if one not in told]
        wanted = set(people)
        wishes = [one for one in store.wishes(session) if one.is_together and one.person_id in wanted]
        asked = {one.meeting_id for one in wishes}
        pauses = all_pauses(session)
        at_work = [
            one for one in store.meetings_that_tell(session) if one.id in asked and not due.rests(one, pauses, now)
        ]
        found = {one.meeting_id: over for one in _days(session, at_work, now) if (over := one.lately_over(now))}
        meetings: dict[UUID, list[UUID]] = defaultdict(list)
        for one in wishes:
            if one.meeting_id in found:
                meetings[one.person_id].append(one.meeting_id)
        return cls(moment, now, [one for one in people if one in meetings], found, meetings)

    def some(self) -> Iterator[Sequence[UUID]]:
        for start in range(0, len(self.people), AT_ONCE):
            yield self.people[start : start + AT_ONCE]

    def told(self, session: Session, people: Iterable[UUID]) -> list[Together]:
        """What each of these people is told; whoever is told nothing is left out."""
        some = list(people)
        muted = muted_by(session, some, Topic.SUMMARIES.value)
        wanted = {one: [its for its in self._meetings_of[one] if (one, its) not in muted] for one in some}
        last = told_since(session, wanted, {its: over[0] for its, over in self._occasions.items()}, self.now)
        cutting = _Cutting(session, self)
        found = []
        for person, meetings in wanted.items():
            new = {one: self._new(session, person, one, last[person, one]) for one in meetings}
            sections = cutting.sections(person, {one: (last[person, one].since, its) for one, its in new.items()})
            if sections:
                found.append(Together(person, sections))
        return found

    def reader(self, session: Session, meeting: Meeting, occasion: Occasion, person: UUID) -> Reader | None:
        known = self._readers.get((meeting.id, occasion))
        if known is None:
            period = first_period_of(occasion, self.now)
            known = {one.person: one for one in readers(session, meeting, period, self.now)}
            self._readers[meeting.id, occasion] = known
        return known.get(person)

    def _new(self, session: Session, person: UUID, meeting_id: UUID, last: Told) -> list[Occasion]:
        """What was told neither by the last such mail, nor by one about that meeting alone from before they wanted one
        about all.
        """
        return [
            one
            for one in self._occasions[meeting_id]
            if not (last.by_one_mail is not None and one.over_at <= last.by_one_mail)
            and person not in self._apart(session, meeting_id, one)
        ]

    def _apart(self, session: Session, meeting_id: UUID, occasion: Occasion) -> set[UUID]:
        key = (meeting_id, occasion)
        if key not in self._told_apart:
            self._told_apart[key] = store.told_of(session, meeting_id, occasion.key)
        return self._told_apart[key]


def _days(session: Session, meetings: Sequence[Any], now: datetime) -> Iterator[Days]:
    series = due.by_meeting(store.series_states(session))
    for start in range(0, len(meetings), due.AT_ONCE):
        yield from days_of(session, meetings[start : start + due.AT_ONCE], series, now)


@dataclass(slots=True)
class _Cutting:
    """For some people at a time: what was gathered for one of them serves the others."""

    session: Session
    desk: Desk
    _meetings: dict[UUID, Meeting] = field(default_factory=dict)
    _gathered: dict[tuple[UUID, Occasion, datetime], Gathered | None] = field(default_factory=dict)

    def sections(self, person: UUID, new: Mapping[UUID, tuple[datetime, list[Occasion]]]) -> tuple[Section, ...]:
        """By name, and the names of their links are one list for the whole mail.

        Args:
            new: since when they are told of each meeting, and what was over in it: what was held goes first, and says
                what comes next besides.
        """
        found: list[Section] = []
        for meeting in sorted(map(self._meeting, new), key=lambda one: one.name):
            first = 1 + sum(len(one.links) for one in found)
            since, occasions = new[meeting.id]
            try:
                sections = (self._section(meeting, one, person, since, first) for one in occasions)
                section = next((one for one in sections if one is not None), None)
            except SQLAlchemyError:
                raise
            except Exception:
                _note(meeting.id)
            else:
                found += [section] if section is not None else []
        return tuple(found)

    def _meeting(self, meeting_id: UUID) -> Meeting:
        """Kept here: a session forgets rows that nobody holds."""
        if meeting_id not in self._meetings:
            self._meetings[meeting_id] = meeting_row(self.session, meeting_id)
        return self._meetings[meeting_id]

    def _section(
        self, meeting: Meeting, occasion: Occasion, person: UUID, since: datetime, first: int
    ) -> Section | None:
        """Nothing where a week without an occurrence has nothing to say, or the meeting cannot be summed up."""
        reader = self.desk.reader(self.session, meeting, occasion, person)
        gathered = self._of(meeting, occasion, since) if reader is not None else None
        if reader is None or gathered is None:
            return None
        written = summary_for(gathered, reader, first=first)
        if not says_anything(written.facts):
            return None
        links = tuple(replace(one, meeting=meeting.id) for one in written.links)
        return Section(meeting.id, meeting.slug, meeting.name, meeting.time_zone, occasion, written.facts, links)

    def _of(self, meeting: Meeting, occasion: Occasion, since: datetime) -> Gathered | None:
        """Whoever has several meetings still hears of the others where one cannot be summed up."""
        key = (meeting.id, occasion, since)
        if key not in self._gathered:
            self._gathered[key] = None
            period = period_of(occasion, since, self.desk.now)
            self._gathered[key] = gather(self.session, meeting, period, self.desk.now)
        return self._gathered[key]


def _note(meeting_id: UUID) -> None:
    log.exception("a meeting could not be summed up", extra={"meeting": str(meeting_id)})


def post(session: Session, moment: Moment, told: Iterable[Together], now: datetime) -> int:
    """In a writing session of its own; how many mails."""
    wanted = list(told)
    briefs = _Briefs.of(session, {section.meeting for one in wanted for section in one.sections}, now, moment.zone)
    posts = [
        Post(
            facts=Summaries(meetings=[_facts(briefs, section) for section in one.sections]),
            about=moment.about,
            to=one.person,
            links=tuple(link for section in one.sections for link in section.links),
        )
        for one in wanted
    ]
    return post_all(session, None, posts, now=now)


def end(session: Session, moment: Moment, now: datetime) -> None:
    settle(session, None, moment.about, moment.at, now)


def _facts(briefs: _Briefs, section: Section) -> dict[str, Any]:
    return {
        "meeting": str(section.meeting),
        "slug": section.slug,
        "name": section.name,
        "time_zone": section.time_zone,
        "facts": to_json(with_brief(briefs.about(section), section.facts)),
    }


@dataclass(slots=True)
class _Briefs:
    """Each is asked for once in a transaction, however many people read of it."""

    session: Session
    now: datetime
    _zone: str
    _charters: Mapping[UUID, str]
    _kept: dict[tuple[UUID, Occasion], Brief | None] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, meetings: set[UUID], now: datetime, zone: str) -> _Briefs:
        return cls(session, now, zone, store.charters_in_force(session, meetings))

    def about(self, section: Section) -> Brief | None:
        key = (section.meeting, section.occasion)
        if key not in self._kept:
            self._kept[key] = None
            try:
                self._kept[key] = self._keep(section)
            except SQLAlchemyError:
                raise
            except Exception:
                _note(section.meeting)
        return self._kept[key]

    def _keep(self, section: Section) -> Brief | None:
        """Whoever hears of it first has its brief kept: the others hear at the charter's hour or their own."""
        session, now, period = self.session, self.now, first_period_of(section.occasion, self.now)
        known = brief_about(session, section.meeting, period.key)
        if known is not None:
            return known
        meeting = meeting_row(session, section.meeting)
        charter = due.charter_of(self._charters.get(section.meeting)).summary
        choices = store.choices_of(session, [one.person for one in readers(session, meeting, period, now)])
        seen = seen_at(section.occasion, charter, section.time_zone, choices.values(), now, self._zone)
        return keep_brief(session, meeting, period, now, seen_at=seen)
