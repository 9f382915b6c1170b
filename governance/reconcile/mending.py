"""Mend one meeting: judge, write the next thing, judge again, until nothing is left that may be written.

    prepare → judge → write (see `writing`) → judge … → conclude

An event that refuses is set aside until its own time; the others of the meeting go on.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from governance.database import Sessions
from governance.domain.people import domain_of
from governance.reconcile import apply
from governance.reconcile.apply import Outcome, PlannedWrite, Told
from governance.reconcile.breaking import is_of_account
from governance.reconcile.concluding import conclude
from governance.reconcile.drift import Change, ChangeKind
from governance.reconcile.judging import Judgement, Site
from governance.reconcile.letting_go import TRIES, let_go
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.observing import Observer
from governance.reconcile.ports import (
    CalendarPort,
    CalendarTrouble,
    DirectoryPort,
    Refused,
    Stopping,
    Unreachable,
)
from governance.reconcile.preparing import Preparer
from governance.reconcile.setting_aside import Aside
from governance.reconcile.writing import Writer, claim_json
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)

MOST_REFUSALS = 3
"""How many events of one meeting may refuse before the refusal is taken for the account's, not the event's."""

SWITCHED_OFF = "google-read-only"
"""The refusal of our own configuration, which no event can help."""


@dataclass(slots=True)
class Mended:
    """What became of one meeting in one cycle; counts are of changes.

    `occurrences_are_left` is set between the two halves of a cycle: everything on the series is written,
    single occurrences are still to be. `told` are the people whom Google has told of their change,
    `left_alone` the events that need nothing after all, or are set aside; `retries` says when each of those that
    are set aside is tried again. `trouble` is that of an event, which is no trouble of the meeting's.
    """

    meeting_id: UUID
    slug: str
    applied: int = 0
    failed: int = 0
    held: int = 0
    wrote_series: bool = False
    occurrences_are_left: bool = False
    trouble: CalendarTrouble | None = None
    told: frozenset[Told] = frozenset()
    writes: Counter[str] = field(default_factory=Counter)
    left_alone: set[str] = field(default_factory=set)
    retries: dict[str, datetime] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)


@dataclass(slots=True)
class Mender:
    """Brings one meeting's events to what the roster says, as far as the plan lets it."""

    database: Sessions
    calendars: CalendarPort
    directory: DirectoryPort | None
    observer: Observer
    site: Site
    clock: Callable[[], datetime]
    _preparer: Preparer = field(init=False)
    _writer: Writer = field(init=False)

    def __post_init__(self) -> None:
        self._preparer = Preparer(self.database, self.calendars, self.directory, self.site, self.clock)
        self._writer = Writer(self.database, self.calendars, self.site, self.clock)

    @property
    def aside(self) -> Aside:
        return self.observer.aside

    def mend_series(self, meeting_id: UUID, calendar: CalendarToRead) -> Mended:
        """The first half: claims, stand-ins, and every write on a series.

        Raises:
            CalendarTrouble: what a call refuses, after it was recorded.
        """
        self._writer.settle(meeting_id, calendar)
        judgement = self._preparer.prepared(meeting_id)
        if self._preparer.ask_for_guests_left_out(judgement, calendar):
            judgement = self._preparer.prepared(meeting_id)
        mended = Mended(meeting_id, judgement.slug)
        self._leave_those_that_wait(mended, judgement, calendar)
        return self._mend(judgement, calendar, mended, with_occurrences=False)

    def mend_occurrences(self, mended: Mended, calendar: CalendarToRead) -> Mended:
        """The second half, after the calendar was listed once more where series were written."""
        mended.occurrences_are_left = False
        return self._mend(self._preparer.prepared(mended.meeting_id), calendar, mended, with_occurrences=True)

    def ask_directory(self, judgement: Judgement) -> bool:
        """Whether the Directory knew something of the addresses that nobody here knows."""
        return self._preparer.ask_directory(judgement)

    def let_go(self, meeting_id: UUID, calendar: CalendarToRead) -> int:
        """Take off the meeting's events what is ours; see `letting_go`."""
        return let_go(lambda: self._preparer.judge(meeting_id), self.observer, self.calendars, calendar)

    def _leave_those_that_wait(self, mended: Mended, judgement: Judgement, calendar: CalendarToRead) -> None:
        """Events that are set aside are left alone until their time has come, whatever news there is."""
        now = self.clock()
        for event_id, one in self.aside.unwritable(mended.meeting_id, calendar).items():
            mended.retries[event_id] = one.retry_at or now
            if one.is_waiting(now):
                mended.left_alone.add(event_id)
        planned = judgement.plan.to_write if judgement.plan is not None else ()
        mended.failed += sum(1 for change in planned if change.event_id in mended.left_alone)

    def _mend(
        self, judgement: Judgement, calendar: CalendarToRead, mended: Mended, *, with_occurrences: bool
    ) -> Mended:
        try:
            while changes := _next_changes(judgement, mended.left_alone):
                if changes[0].occurrence is not None and not with_occurrences:
                    mended.occurrences_are_left = True
                    return mended
                event = self._event_to_write(judgement, changes[0], calendar)
                applying = [change for change in changes if event is not None and _still_applies(change, event)]
                if event is None or not applying:
                    mended.left_alone.add(changes[0].event_id)
                    continue
                self._take(self._planned(judgement, event, applying, mended.told), judgement, calendar, mended)
                # The write may have met an answer that asks for a swap: it is judged as carried out, so carry it out.
                judgement = self._preparer.prepared(mended.meeting_id)
        except CalendarTrouble as trouble:
            if not isinstance(trouble, Stopping):
                self._finish(judgement, mended, calendar=calendar, is_well=False)
            raise
        self._finish(judgement, mended, calendar=calendar, is_well=True)
        return mended

    def _take(self, step: PlannedWrite, judgement: Judgement, calendar: CalendarToRead, mended: Mended) -> None:
        """Write one step; an event that refuses or does not come to rest is left alone, the others go on."""
        event_id = step.write.event_id
        mended.writes[event_id] += 1
        if mended.writes[event_id] > TRIES:
            restless = "Wait for the event to come to rest", f"it changed under each of {TRIES} writes"
            self._leave(step, judgement, mended, calendar, Unreachable(*restless, code="event-restless"))
            return
        try:
            sent = self._writer.write(judgement, calendar, step)
        except Refused as refusal:
            if is_of_account(refusal) or refusal.code == SWITCHED_OFF:
                raise
            self._leave(step, judgement, mended, calendar, refusal)
            if len(mended.refused) >= MOST_REFUSALS:
                self._end(mended, calendar, mended.refused, "So many refuse that it is taken for the account's doing")
                raise
            return
        if sent.outcome is Outcome.APPLIED:
            mended.applied += len(step.changes)
            mended.told |= apply.told_by(step)
            mended.wrote_series |= not step.is_of_occurrence
            if event_id in mended.retries:
                self._end(mended, calendar, {event_id}, "It was written")
        elif sent.outcome in (Outcome.CHANGED_MEANWHILE, Outcome.NOT_APPLIED, Outcome.GONE):
            self.observer.observe_again(calendar.id)
        elif sent.outcome is Outcome.IGNORED:
            ignored = "Check whom the service acts as on this calendar", "Google answered a write and changed nothing"
            self._leave(step, judgement, mended, calendar, Refused(*ignored, code="write-ignored"))
        else:
            mended.failed += len(step.changes)

    def _leave(
        self,
        step: PlannedWrite,
        judgement: Judgement,
        mended: Mended,
        calendar: CalendarToRead,
        trouble: CalendarTrouble,
    ) -> None:
        """Set the event aside until its own time; everything else of the meeting goes on."""
        event_id = step.write.event_id
        mended.failed += len(step.changes)
        mended.trouble = trouble
        mended.left_alone.add(event_id)
        if isinstance(trouble, Refused):
            mended.refused.add(event_id)
        claim = claim_json(step, judgement)
        mended.retries[event_id] = self.aside.refused(
            calendar.id,
            judgement.meeting_id,
            event_id,
            etag=step.write.etag,
            trouble=trouble,
            changes=claim["changes"],
        )

    def _end(self, mended: Mended, calendar: CalendarToRead, event_ids: Iterable[str], why: str) -> None:
        with self.database.writing() as session:
            told = self.aside.end(session, calendar.id, event_ids, why)
        for one in told:
            one.tell()
        mended.retries = {event: at for event, at in mended.retries.items() if event not in event_ids}

    def _event_to_write(self, judgement: Judgement, change: Change, calendar: CalendarToRead) -> ObservedEvent | None:
        """The event with its etag; an occurrence that is no exception yet is read once for it."""
        for picture in judgement.situation.pictures:
            if change.occurrence is None and picture.event_id == change.event_id:
                return picture.series
            for exception in picture.exceptions:
                if exception.id == change.event_id:
                    return exception
        return self.calendars.get_event(calendar.address, change.event_id)

    def _planned(
        self, judgement: Judgement, event: ObservedEvent, changes: list[Change], told: frozenset[Told]
    ) -> PlannedWrite:
        inside = {c.target: domain_of(c.target) in self.site.domains for c in changes if "@" in c.target}
        at_rest = frozenset(one for picture in judgement.situation.pictures for one in picture.baseline or ())
        told |= apply.told_with_series(changes, judgement.standing.applied, at_rest=at_rest)
        return apply.writes_for(
            event,
            changes,
            mark=f"{judgement.meeting_id}:{judgement.position}",
            block=judgement.situation.block,
            is_inside=inside,
            already_told=told,
        )[0]

    def _finish(self, judgement: Judgement, mended: Mended, *, calendar: CalendarToRead, is_well: bool) -> None:
        if put_right := _put_right_by_others(judgement, mended):
            self._end(mended, calendar, put_right, "Nothing is to be written on it any more")
        plan = judgement.plan
        mended.held = len(plan.for_approval) + len(plan.waiting) if plan is not None else 0
        conclude(self.database, judgement, mended.retries.values(), is_well=is_well, now=self.clock())


def _next_changes(judgement: Judgement, left_alone: set[str]) -> list[Change]:
    """What may be written next: all changes of one event, series before occurrences; empty when nothing is left."""
    planned = judgement.plan.to_write if judgement.plan is not None else ()
    to_write = [change for change in planned if change.event_id not in left_alone]
    return [c for c in to_write if (c.event_id, c.occurrence) == (to_write[0].event_id, to_write[0].occurrence)]


def _put_right_by_others(judgement: Judgement, mended: Mended) -> set[str]:
    """Events that were set aside and on which nothing is to be changed now, not even later."""
    if judgement.drift.frozen is not None or mended.occurrences_are_left:
        return set()
    planned = judgement.plan.changes if judgement.plan is not None else ()
    return mended.retries.keys() - {one.change.event_id for one in planned}


def _still_applies(change: Change, event: ObservedEvent) -> bool:
    if not event.guests_are_known or event.is_cancelled:
        return False
    if change.kind is ChangeKind.ADD_GUEST:
        return event.guest(change.target) is None
    if change.kind is ChangeKind.REMOVE_GUEST:
        return event.guest(change.target) is not None
    return True
