"""Observe one calendar: list what changed, believe it or not, and keep the picture of what is governed.

The listing is read outside of any transaction; the picture, the successors of split series and the new
token are stored together. A full listing is built beside the old picture and swapped when complete: a
governed series that it lacks is confirmed by a get before it counts as gone.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.domain.event_ids import base_id, is_split
from governance.models.calendar import Series
from governance.models.identifiers import new_id
from governance.reconcile.ports import (
    CalendarReader,
    CalendarTrouble,
    Concerns,
    Stopping,
    SyncTokenExpired,
    Throttled,
    Unbelievable,
)
from governance.reconcile.received import ListedEvent, Listing
from governance.reconcile.setting_aside import Aside, Told, verdicts
from governance.reconcile.waiting import BELIEVED_TOGETHER
from governance.services import ledger
from governance.store import pictures, standing
from governance.store.pictures import CalendarToRead, GovernedSeries
from governance.store.troubles import SetAside

log = logging.getLogger(__name__)

MAY_WRITE = ("writer", "owner")


@dataclass(frozen=True, slots=True)
class Observation:
    """What one listing brought: the meetings whose picture differs now, and whether we may write."""

    changed: frozenset[UUID]
    access_role: str
    was_full: bool


@dataclass(frozen=True, slots=True)
class Observer:
    """Reads calendars and keeps their picture; it can not write to one."""

    database: Sessions
    calendars: CalendarReader
    clock: Callable[[], datetime]

    @property
    def aside(self) -> Aside:
        return Aside(self.database, self.clock)

    def observe(self, calendar: CalendarToRead) -> Observation:
        """One listing; a refused token leads to one full listing, and to no second one in this cycle."""
        aside = self.aside.unreadable(calendar)
        passing_over = frozenset(one.event_id for one in aside.values() if one.failures >= BELIEVED_TOGETHER)
        try:
            listing = self._listed(calendar, passing_over)
        except Unbelievable as trouble:
            if trouble.event_ids:
                self.aside.blame(calendar, trouble)
            raise
        listing, found = self._looked_at_again(calendar, listing, aside)
        gone = self._confirmed_gone(calendar, listing) if listing.is_full else frozenset()
        if not (listing.had_items or listing.is_full or found or listing.access_role != calendar.access_role):
            return Observation(frozenset(), listing.access_role, was_full=False)
        return self._keep(calendar, listing, gone, found)

    def observe_again(self, calendar_id: UUID) -> Observation:
        """The same with the token as it is stored now: for a second look within a cycle."""
        with self.database.reading() as session:
            calendar = pictures.calendar_to_read(session, calendar_id)
        if calendar is None:
            raise LookupError(f"there is no calendar {calendar_id}")
        return self.observe(calendar)

    def _listed(self, calendar: CalendarToRead, passing_over: frozenset[str]) -> Listing:
        try:
            return self._list(calendar, calendar.sync_token, passing_over)
        except SyncTokenExpired:
            if calendar.sync_token is None:
                raise Unbelievable(
                    "Wait for Google: it will be asked again later", "it refuses a full listing as expired"
                ) from None
            return self._list(calendar, None, passing_over)

    def _list(self, calendar: CalendarToRead, token: str | None, passing_over: frozenset[str]) -> Listing:
        return self.calendars.list_changes(
            calendar.address,
            sync_token=token,
            concerns=self._concerns(calendar.id),
            passing_over=passing_over,
            # In a storm one call is as good as two.
            is_probe=calendar.failures > 0 or calendar.breaker is not None,
        )

    def _looked_at_again(
        self, calendar: CalendarToRead, listing: Listing, aside: dict[str, SetAside]
    ) -> tuple[Listing, dict[str, bool]]:
        """What is known now of the events that could not be read: those whose time has come are read by themselves."""
        if not aside:
            return listing, {}
        listed = {event.id for event in listing.events} | listing.passed_over
        due = [one for one in aside.values() if one.retry_at is not None and not one.is_waiting(self.clock())]
        read: list[ListedEvent] = []
        failed_again: set[str] = set()
        gone: set[str] = set()
        for one in due:
            if one.event_id in listed:
                continue
            try:
                event = self.calendars.get_event(calendar.address, one.event_id)
            except (Stopping, Throttled):
                raise
            except CalendarTrouble:
                failed_again.add(one.event_id)
            else:
                gone.add(one.event_id) if event is None else read.append(event)
        listing = replace(listing, events=(*listing.events, *read))
        return listing, verdicts(aside, listing, failed_again=failed_again, gone=gone)

    def _concerns(self, calendar_id: UUID) -> Concerns:
        """Whether an event belongs to a governed lineage; looked up when the first item is there, not before."""
        bases: frozenset[str] | None = None

        def concerns(event_id: str, series_id: str | None) -> bool:
            nonlocal bases
            if bases is None:
                with self.database.reading() as session:
                    bases = pictures.governed_bases(session, calendar_id)
            return base_id(series_id or event_id) in bases

        return concerns

    def _confirmed_gone(self, calendar: CalendarToRead, listing: Listing) -> frozenset[UUID]:
        """Governed series that a complete listing lacks and that a get does not find either.

        A listing that lacks a series which a get then finds contradicts what is known: nothing of it is believed.
        """
        with self.database.reading() as session:
            known = pictures.governed_series(session, calendar.id)
        listed = {event.id for event in listing.events if not event.is_cancelled} | listing.passed_over
        missing = [series for series in known if series.event_id not in listed]
        for series in missing:
            if not self._is_gone(calendar, series):
                raise Unbelievable(
                    "Wait for Google: the calendar will be listed again", "the listing lacks an event that is there"
                )
        return frozenset(series.id for series in missing)

    def _is_gone(self, calendar: CalendarToRead, series: GovernedSeries) -> bool:
        event = self.calendars.get_event(calendar.address, series.event_id)
        return event is None or event.is_cancelled

    def _keep(
        self, calendar: CalendarToRead, listing: Listing, gone: frozenset[UUID], found: dict[str, bool]
    ) -> Observation:
        now = self.clock()
        told: list[Told] = []
        with self.database.writing() as session:
            known = {series.event_id: series for series in pictures.governed_series(session, calendar.id)}
            followed = len(known)
            changed = _follow_splits(session, calendar.id, known, listing.events, now)
            followed = len(known) - followed
            changed |= _save(session, known, listing, gone, now)
            if found:
                settled, told = self.aside.settle(session, calendar.id, found, known.values())
                changed |= settled
            row = standing.calendar_to_change(session, calendar.id)
            row.sync_token = listing.sync_token
            row.access_role = listing.access_role
            # With the token goes the promise to look: whoever dies now, or only wanted to see a plan, leaves it due.
            pictures.mark_dirty(session, changed)
        for one in told:
            one.tell()
        if followed:
            log.info("followed a split series", extra={"calendar": str(calendar.id), "series": followed})
        if changed:
            log.info(
                "read a changed calendar",
                extra={"calendar": str(calendar.id), "meetings": len(changed), "full": listing.is_full},
            )
        return Observation(frozenset(changed), listing.access_role, listing.is_full)


def _follow_splits(
    session: Session,
    calendar_id: UUID,
    known: dict[str, GovernedSeries],
    events: tuple[ListedEvent, ...],
    now: datetime,
) -> set[UUID]:
    """A series made by "this and following" of a governed one is governed too, from the moment it is seen."""
    changed: set[UUID] = set()
    for event in events:
        if not _is_new_successor(event, known):
            continue
        predecessor = max(
            (one for one in known.values() if base_id(one.event_id) == base_id(event.id)), key=lambda one: one.id
        )
        series_id = new_id()
        session.add(
            Series(
                id=series_id,
                calendar_id=calendar_id,
                event_id=event.id,
                meeting_id=predecessor.meeting_id,
                predecessor_id=predecessor.id,
                # Other times after a split are reported like any others: the chair accepted those of before.
                known_rules_json=standing.series_row(session, predecessor.id).known_rules_json,
            )
        )
        session.flush()
        known[event.id] = GovernedSeries(series_id, event.id, predecessor.meeting_id, is_gone=False)
        changed.add(predecessor.meeting_id)
        ledger.record(
            session,
            at=now,
            actor="service",
            source="sync",
            act="series-followed",
            subject=f"series:{series_id}",
            meeting_id=predecessor.meeting_id,
            after={"event": event.id, "predecessor": predecessor.event_id},
            why="The series was split with “this and following”",
        )
    return changed


def _is_new_successor(event: ListedEvent, known: dict[str, GovernedSeries]) -> bool:
    return (
        event.series_id is None
        and event.id not in known
        and is_split(event.id)
        and not event.is_cancelled
        and event.is_recurring
        and event.organizer_is_calendar
        and any(base_id(one) == base_id(event.id) for one in known)
    )


def _save(
    session: Session,
    known: dict[str, GovernedSeries],
    listing: Listing,
    gone: frozenset[UUID],
    now: datetime,
) -> set[UUID]:
    """Store what differs; returns the meetings it belongs to."""
    etags = pictures.etags_of(session, [series.id for series in known.values()])
    changed: set[UUID] = set()
    fresh: list[tuple[UUID, ListedEvent]] = []
    unseen = dict(etags)
    not_ours: set[str] = set()
    for event in listing.events:
        series = known.get(event.series_id or event.id)
        if series is None:
            not_ours.add(event.id)
            continue
        etag = unseen.pop((series.id, event.id), None)
        if etag is None and pictures.is_history(event, now):
            continue
        if etag == event.etag and event.etag and not series.is_gone:
            continue
        changed.add(series.meeting_id)
        if event.series_id is None and event.is_cancelled:
            _mark_gone(session, series, now)
        else:
            fresh.append((series.id, event))
            if event.series_id is None and series.is_gone:
                _mark_back(session, series)
    # A successor that was deleted before anybody saw it was never governed; it took its exceptions along.
    lost = [(series, event) for series, event in etags if event in not_ours]
    changed |= {series.meeting_id for series in known.values() if series.id in {one for one, _ in lost}}
    pictures.forget_events(session, [*lost, *_moved_between_series(fresh, etags)])
    pictures.save_events(session, fresh, now=now)
    if listing.is_full:
        still = {(series, event) for series, event in unseen if event not in listing.passed_over}
        changed |= _sweep(session, known, still, gone, now)
    return changed


def _moved_between_series(
    fresh: list[tuple[UUID, ListedEvent]], etags: dict[tuple[UUID, str], str]
) -> list[tuple[UUID, str]]:
    """Old pictures of exceptions that a split has handed to the successor, under the same id."""
    if not etags:
        return []
    now_of = {event.id: series_id for series_id, event in fresh}
    return [(series, event) for series, event in etags if now_of.get(event, series) != series]


def _sweep(
    session: Session,
    known: dict[str, GovernedSeries],
    unseen: set[tuple[UUID, str]],
    gone: frozenset[UUID],
    now: datetime,
) -> set[UUID]:
    """What a complete listing does not have any more: exceptions are forgotten, a confirmed loss is marked."""
    by_id = {series.id: series for series in known.values()}
    exceptions = {(series, event) for series, event in unseen if event != by_id[series].event_id}
    pictures.forget_events(session, exceptions)
    changed = {by_id[series].meeting_id for series, _ in exceptions}
    for series_id in gone:
        if not by_id[series_id].is_gone:
            _mark_gone(session, by_id[series_id], now)
            changed.add(by_id[series_id].meeting_id)
    return changed


def _mark_gone(session: Session, series: GovernedSeries, now: datetime) -> None:
    standing.series_row(session, series.id).gone_at = now


def _mark_back(session: Session, series: GovernedSeries) -> None:
    standing.series_row(session, series.id).gone_at = None
