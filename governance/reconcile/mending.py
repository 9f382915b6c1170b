"""Mend one meeting: judge, write the next thing, judge again, until nothing is left that may be written.

    claim (a row) → act (one call) → record (picture, counts, ledger, and the claim goes)

Every transaction is short and none is open during a call. A claim that is still there was left by a
process that died, or by an answer that was lost: its event is read and compared before anything else.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.domain.block import block_in, without_block
from governance.domain.people import domain_of
from governance.models.calendar import AddressQuestion
from governance.models.deputy import StandIn
from governance.models.identifiers import new_id
from governance.models.occurrence import Occurrence
from governance.models.write_intent import WriteIntent
from governance.reconcile import apply, telling
from governance.reconcile.apply import Outcome, PlannedWrite, Sent, Told
from governance.reconcile.breaking import is_of_account
from governance.reconcile.drift import Change, ChangeKind, rules_of
from governance.reconcile.judging import Judgement, Site, due_after, judge, unknown_addresses
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.observing import Observer
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.plan import CountedAs, HoldKind, Key, Plan
from governance.reconcile.ports import (
    CalendarPort,
    CalendarTrouble,
    ChangedMeanwhile,
    DirectoryPort,
    EventWrite,
    OutcomeUnclear,
    Refused,
    SendUpdates,
    Stopping,
    Unreachable,
)
from governance.reconcile.rebinding import Rebound
from governance.reconcile.setting_aside import Aside
from governance.reconcile.stand_ins import SwapIn
from governance.services import ledger
from governance.services.mailing.announcing import FirstPlanApproved, announce
from governance.services.mailing.removals import tell_of_removals
from governance.services.restored import hold_on_discovery
from governance.store import pictures, standing
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)

MOST_REFUSALS = 3
"""How many events of one meeting may refuse before the refusal is taken for the account's, not the event's."""

SWITCHED_OFF = "google-read-only"
"""The refusal of our own configuration, which no event can help."""

MOST_CONFLICTS = 5
"""How often one meeting is observed and planned again in one cycle because its event changed meanwhile."""


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

    @property
    def aside(self) -> Aside:
        return self.observer.aside

    def mend_series(self, meeting_id: UUID, calendar: CalendarToRead) -> Mended:
        """The first half: claims, stand-ins, and every write on a series.

        Raises:
            CalendarTrouble: what a call refuses, after it was recorded.
        """
        self._settle_claims(meeting_id, calendar)
        judgement = self._prepared(meeting_id)
        if self._ask_for_guests_left_out(judgement, calendar):
            judgement = self._prepared(meeting_id)
        mended = Mended(meeting_id, judgement.slug)
        self._leave_those_that_wait(mended, judgement, calendar)
        return self._mend(judgement, calendar, mended, with_occurrences=False)

    def mend_occurrences(self, mended: Mended, calendar: CalendarToRead) -> Mended:
        """The second half, after the calendar was listed once more where series were written."""
        mended.occurrences_are_left = False
        return self._mend(self._prepared(mended.meeting_id), calendar, mended, with_occurrences=True)

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
                judgement = self._prepared(mended.meeting_id)
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
        if mended.writes[event_id] > MOST_CONFLICTS:
            restless = "Wait for the event to come to rest", f"it changed under each of {MOST_CONFLICTS} writes"
            self._leave(step, judgement, mended, calendar, Unreachable(*restless, code="event-restless"))
            return
        try:
            sent = self._write(judgement, calendar, step)
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

    def let_go(self, meeting_id: UUID, calendar: CalendarToRead) -> int:
        """Take our block and our property off every event of the meeting; the guests stay. Counts the writes.

        Raises:
            CalendarTrouble: Google refuses, or an event changed under each of the tries.
        """
        written = 0
        for _ in range(MOST_CONFLICTS):
            self.observer.observe_again(calendar.id)
            writes = _farewells(self._judge(meeting_id))
            if not writes:
                return written
            for write in writes:
                try:
                    self.calendars.write_event(calendar.address, write)
                    written += 1
                except (ChangedMeanwhile, OutcomeUnclear):
                    break
        raise Unreachable("Release the meeting again in a moment", "its event changes while it is written")

    def _judge(self, meeting_id: UUID) -> Judgement:
        with self.database.reading() as session:
            return judge(session, meeting_id, site=self.site, now=self.clock())

    def _prepared(self, meeting_id: UUID) -> Judgement:
        """Judged after the Directory was asked, lost occurrences bound again and declines swapped."""
        judgement = self._judge(meeting_id)
        asked = self.ask_directory(judgement)
        moved = self._rebind(judgement)
        swapped = self._swap(judgement)
        self._unkeep(judgement)
        return self._judge(meeting_id) if asked or moved or swapped else judgement

    def ask_directory(self, judgement: Judgement) -> bool:
        unknown = unknown_addresses(judgement) if self.directory is not None else frozenset()
        if not unknown or self.directory is None:
            return False
        answers = self.directory.look_up(sorted(unknown))
        with self.database.writing() as session:
            standing.save_directory_answers(session, answers, self.clock())
        return bool(answers)

    def _rebind(self, judgement: Judgement) -> bool:
        if judgement.rebounds:
            with self.database.writing() as session:
                for move in judgement.rebounds:
                    self._move_occurrence(session, judgement, move)
            moved = len(judgement.rebounds)
            log.info("moved what hung on occurrences", extra={"meeting": judgement.slug, "occurrences": moved})
        return bool(judgement.rebounds)

    def _move_occurrence(self, session: Session, judgement: Judgement, move: Rebound) -> None:
        row = standing.occurrence_of(session, move.occurrence.series_id, move.occurrence.original_start)
        if row is None:
            return
        before = {"original_start": row.original_start.isoformat()}
        kept = standing.occurrence_of(session, move.series_id, move.to.original_start)
        if kept is not None:
            standing.rehang(session, row, kept)
        else:
            row.moved_from_series_id, row.series_id = row.series_id, move.series_id
            row.original_start, row.start, row.end = move.to.original_start, move.to.start, move.to.end
        after = {"original_start": move.to.original_start.isoformat()}
        self._record(
            session,
            judgement,
            act="occurrence-rebound",
            subject=f"occurrence:{row.id}",
            before=before,
            after=after,
            why="The series was split or moved; what hangs on the occurrence goes along",
        )

    def _swap(self, judgement: Judgement) -> bool:
        """Declines swap in the first empowered deputy, coming after all reverses it."""
        wanted = judgement.swaps
        if not wanted:
            return False
        now, people = self.clock(), judgement.situation.roster.people
        with self.database.writing() as session:
            for swap in wanted:
                seen = swap.occurrence
                occurrence = standing.occurrence_of(session, swap.series_id, seen.original_start)
                if occurrence is None:
                    occurrence = Occurrence(
                        series_id=swap.series_id, original_start=seen.original_start, start=seen.start, end=seen.end
                    )
                    session.add(occurrence)
                    session.flush()
                names = {"delegate": str(people[swap.delegate]), "deputy": str(people[swap.deputy])}
                if isinstance(swap, SwapIn):
                    session.add(
                        StandIn(
                            seat_id=swap.seat.id,
                            occurrence_id=occurrence.id,
                            person_id=swap.deputy,
                            by="service",
                            cause="decline",
                            at=now,
                        )
                    )
                    act, why = "stand-in-by-decline", "The delegate declined; the first deputy with a mandate sits"
                else:
                    present = standing.stand_in_of(session, swap.seat.id, occurrence.id)
                    if present is not None:
                        session.delete(present)
                    act, why = "stand-in-ended", "The delegate comes after all"
                self._record(session, judgement, act=act, subject=f"occurrence:{occurrence.id}", after=names, why=why)
        log.info("swapped stand-ins for answers", extra={"meeting": judgement.slug, "swaps": len(wanted)})
        return True

    def _unkeep(self, judgement: Judgement) -> None:
        """A seat that its delegate keeps needs no keeping once no decline stands in the calendar."""
        if not judgement.unkept:
            return
        with self.database.writing() as session:
            for one in judgement.unkept:
                occurrence = standing.occurrence_of(session, one.series_id, one.occurrence.original_start)
                kept = standing.kept_seat_of(session, one.seat.id, occurrence.id) if occurrence else None
                if kept is not None:
                    session.delete(kept)
                    self._record(session, judgement, act="seat-kept-no-more", subject=f"seat:{one.seat.id}")

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

    def _write(self, judgement: Judgement, calendar: CalendarToRead, step: PlannedWrite) -> Sent:
        series = _series_of(judgement, step.changes[0])
        intent = WriteIntent(
            id=new_id(),
            meeting_id=judgement.meeting_id,
            series_id=series.id,
            event_id=step.write.event_id,
            etag=step.write.etag,
            body_json=claim_json(step, judgement),
            at=self.clock(),
        )
        intent_id = intent.id
        with self.database.writing() as session:
            session.add(intent)
        try:
            sent = apply.send(self.calendars, calendar.address, step)
        except CalendarTrouble as trouble:
            if not isinstance(trouble, OutcomeUnclear):
                with self.database.writing() as session:
                    standing.close_intent(session, intent_id)
            raise
        with self.database.writing() as session:
            standing.close_intent(session, intent_id)
            self._keep(session, judgement.meeting_id, series.id, sent, claim_json(step, judgement))
        log.info(
            "wrote an event" if sent.outcome is Outcome.APPLIED else "a write did not hold",
            extra={
                "meeting": judgement.slug,
                "event": step.write.event_id,
                "outcome": sent.outcome.value,
                "changes": len(step.changes),
            },
        )
        return sent

    def _settle_claims(self, meeting_id: UUID, calendar: CalendarToRead) -> None:
        """Resolve by reading every write of which nobody recorded the outcome."""
        with self.database.reading() as session:
            intents = standing.open_intents(session, meeting_id)
        for intent in intents:
            write = _write_from(intent.event_id, intent.etag, intent.body["write"])
            sent = apply.resolve(self.calendars, calendar.address, write, intent.etag)
            with self.database.writing() as session:
                standing.close_intent(session, intent.id)
                self._keep(session, meeting_id, intent.series_id, sent, dict(intent.body))
            log.info("settled an unclear write", extra={"event": intent.event_id, "outcome": sent.outcome.value})

    def _ask_for_guests_left_out(self, judgement: Judgement, calendar: CalendarToRead) -> bool:
        """Read by themselves the events whose guests a listing left out: it does not show them again by itself."""
        has_learnt = False
        for series_id, event_id in _events_without_guests(judgement):
            event = self.calendars.get_event(calendar.address, event_id)
            if event is not None and not event.guests_omitted:
                with self.database.writing() as session:
                    pictures.save_events(session, [(series_id, event)], now=self.clock())
                has_learnt = True
        return has_learnt

    def _keep(self, session: Session, meeting_id: UUID, series_id: UUID, sent: Sent, claim: dict[str, Any]) -> None:
        """Record the outcome of one write: the event as it is now, what counts, and the ledger."""
        now = self.clock()
        etags = pictures.etags_of(session, [series_id])
        # Read after a write that was not applied, an occurrence may still follow its series: that is no exception.
        is_stored = sent.event is not None and (series_id, sent.event.id) in etags
        if sent.event is not None and (is_stored or sent.outcome in (Outcome.APPLIED, Outcome.OTHER_ADDRESS)):
            pictures.save_events(session, [(series_id, sent.event)], now=now)
        if sent.outcome is Outcome.GONE:
            self._forget(session, series_id, claim["event"])
        if sent.outcome in (Outcome.CHANGED_MEANWHILE, Outcome.NOT_APPLIED, Outcome.GONE):
            return
        meeting = standing.meeting_to_change(session, meeting_id)
        if sent.outcome is not Outcome.IGNORED:
            meeting.last_write_at = now
            _count(session, meeting_id, claim, now)
            _keep_block(session, series_id, sent, claim)
            tell_of_removals(session, meeting, claim["changes"], domains=self.site.domains, now=now)
        for was, answered in sent.other_addresses.items():
            session.add(
                AddressQuestion(series_id=series_id, event_id=claim["event"], sent=was, answered=answered, at=now)
            )
        ledger.record(
            session,
            at=now,
            actor="service",
            source="sync",
            act="invitation-written" if sent.outcome is Outcome.APPLIED else f"write-{sent.outcome.value}",
            subject=f"series:{series_id}",
            meeting_id=meeting_id,
            after={"event": claim["event"], "changes": claim["changes"]},
        )

    def _forget(self, session: Session, series_id: UUID, event_id: str) -> None:
        """An event that Google says it does not have: an exception goes, and everything is listed anew.

        A series is trimmed without a word about the exceptions behind its new end; a series itself is
        believed gone only after a complete listing and a get. An exception that is there after all comes back
        with that listing, and with no other: it has not changed.
        """
        series = standing.series_row(session, series_id)
        standing.calendar_to_change(session, series.calendar_id).sync_token = None
        if series.event_id != event_id:
            pictures.forget_events(session, [(series_id, event_id)])

    def _finish(self, judgement: Judgement, mended: Mended, *, calendar: CalendarToRead, is_well: bool) -> None:
        """Store what is shown; a cycle whose findings and plan are the recorded ones leaves nothing."""
        if put_right := _put_right_by_others(judgement, mended):
            self._end(mended, calendar, put_right, "Nothing is to be written on it any more")
        plan = judgement.plan
        mended.held = len(plan.for_approval) + len(plan.waiting) if plan is not None else 0
        shown = judgement.to_json()
        digest = _digest(shown)
        with self.database.writing() as session:
            meeting = standing.meeting_to_change(session, judgement.meeting_id)
            due = due_after(judgement, standing.earliest_expiry(session, judgement.meeting_id, judgement.situation.now))
            due = min(due, *mended.retries.values()) if mended.retries else due
            if meeting.due_at != due:
                meeting.due_at = due
            is_carried_out = not judgement.swaps and not judgement.rebounds
            if is_well and is_carried_out and meeting.stirred == judgement.stirred and meeting.dirty:
                meeting.dirty = False
            frozen = judgement.drift.frozen
            was_frozen = meeting.frozen_code
            meeting.frozen_code = frozen.code if frozen else None
            meeting.frozen_reason = frozen.reason if frozen else None
            if judgement.standing.is_restored_copy and not meeting.restored_hold:
                hold_on_discovery(session, meeting)
            meeting.restored_hold = judgement.standing.is_restored_copy
            if is_well and not meeting.first_plan_approved and judgement.is_in_order:
                meeting.first_plan_approved = True
                announce(session, FirstPlanApproved(meeting_id=meeting.id, at=self.clock()))
            if is_well:
                _keep_baseline(session, judgement)
            is_new = digest != meeting.recorded_digest
            if is_new:
                self._record_new_plan(session, judgement, shown)
                meeting.recorded_digest = digest
                meeting.findings_json = shown["findings"]
                meeting.plan_json = {**shown, "held_keys": [list(key) for key in _held_keys(plan)]}
                meeting.observed_at = judgement.observed_at
            if is_well and (is_new or telling.waits_for_somebody(plan)):
                telling.tell_of_judgement(session, meeting, judgement, now=self.clock())
        if is_new:
            _tell_plan(judgement, was_frozen)

    def _record_new_plan(self, session: Session, judgement: Judgement, shown: dict[str, Any]) -> None:
        self._record(
            session,
            judgement,
            act="plan-changed",
            subject=f"meeting:{judgement.meeting_id}",
            after={"findings": shown["findings"], "changes": shown["changes"], "checksum": shown["checksum"]},
        )

    def _record(self, session: Session, judgement: Judgement, **entry: Any) -> None:
        ledger.record(
            session,
            at=self.clock(),
            actor="service",
            source="sync",
            meeting_id=judgement.meeting_id,
            **entry,
        )


def _tell_plan(judgement: Judgement, was_frozen: str | None) -> None:
    """In counts and codes: whom a plan is about is for the page."""
    plan, frozen = judgement.plan, judgement.drift.frozen
    planned = plan.changes if plan is not None else ()
    counts = {"changes": len(planned), "held": sum(1 for one in planned if one.held is not None)}
    fields = {"meeting": judgement.slug, **counts, "findings": len(judgement.findings)}
    log.info("compared invitation and roster", extra=fields)
    if frozen is not None and frozen.code != was_frozen:
        log.warning("froze a meeting", extra={"meeting": judgement.slug, "code": frozen.code})
    elif frozen is None and was_frozen is not None:
        log.info("a meeting was no longer frozen", extra={"meeting": judgement.slug})


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


def _events_without_guests(judgement: Judgement) -> list[tuple[UUID, str]]:
    """The series and the coming exceptions whose guests Google left out of its answer, with their series' id."""
    now = judgement.situation.now
    found: list[tuple[UUID, str]] = []
    for picture in judgement.situation.pictures:
        coming = [one for one in picture.exceptions if one.start and one.start > now]
        events = (picture.series, *coming) if picture.is_live else ()
        found += [(picture.id, one.id) for one in events if one is not None and one.guests_omitted]
    return found


def _farewells(judgement: Judgement) -> list[EventWrite]:
    """What takes our block and our property off the coming events that carry them."""
    writes: list[EventWrite] = []
    for picture in judgement.situation.pictures:
        coming = [one for one in picture.exceptions if one.start and one.start > judgement.situation.now]
        for event in (picture.series, *coming):
            if event is None or event.is_cancelled:
                continue
            has_block = block_in(event.description) is not None
            if has_block or apply.MARK in event.private_properties:
                description = without_block(event.description) if has_block else None
                properties = {apply.MARK: None}
                writes.append(EventWrite(event.id, event.etag, description=description, private_properties=properties))
    return writes


def claim_json(step: PlannedWrite, judgement: Judgement) -> dict[str, Any]:
    """A write and its changes as JSON: enough to find out, after a crash, whether it was applied."""
    write = step.write
    counted = judgement.plan.counted if judgement.plan else {}
    released = judgement.standing.released
    return {
        "event": write.event_id,
        "write": {
            "guests": None if write.guests is None else [dict(entry) for entry in write.guests],
            "guests_can_invite": write.guests_can_invite,
            "guests_can_modify": write.guests_can_modify,
            "description": write.description,
            "mark": write.private_properties[apply.MARK],
        },
        "changes": [
            {
                "scope": change.scope,
                "kind": change.kind.value,
                "target": change.target,
                "rule": change.rule,
                "reason": change.reason,
                "counted_as": _counts_as(change, counted.get(change.key, CountedAs.OTHER), released).value,
            }
            for change in step.changes
        ],
    }


def _counts_as(change: Change, counted: CountedAs, released: frozenset[Any]) -> CountedAs:
    """An approved change does not use up the limits of the day; a put-back is remembered as one all the same."""
    if change.key in released and counted in (
        CountedAs.ADDITION,
        CountedAs.WANTED_REMOVAL,
        CountedAs.STRANGER_REMOVAL,
    ):
        return CountedAs.APPROVED
    return counted


def _write_from(event_id: str, etag: str, body: dict[str, Any]) -> EventWrite:
    guests = body["guests"]
    return EventWrite(
        event_id=event_id,
        etag=etag,
        guests=None if guests is None else tuple(guests),
        guests_can_invite=body["guests_can_invite"],
        guests_can_modify=body["guests_can_modify"],
        description=body["description"],
        private_properties={apply.MARK: body["mark"]},
        send_updates=SendUpdates.NONE,
    )


def _series_of(judgement: Judgement, change: Change) -> SeriesPicture:
    """The series whose event, exception or occurrence the change is for."""
    for picture in judgement.situation.pictures:
        if picture.event_id == change.event_id or any(one.id == change.event_id for one in picture.exceptions):
            return picture
    for picture in judgement.situation.pictures:
        if change.occurrence is not None and picture.is_live:
            seen = picture.occurrence_at(change.occurrence)
            if seen is not None and seen.event_id == change.event_id:
                return picture
    raise LookupError(f"no series of {judgement.slug} has the event {change.event_id}")


def _still_applies(change: Change, event: ObservedEvent) -> bool:
    if not event.guests_are_known or event.is_cancelled:
        return False
    if change.kind is ChangeKind.ADD_GUEST:
        return event.guest(change.target) is None
    if change.kind is ChangeKind.REMOVE_GUEST:
        return event.guest(change.target) is not None
    return True


def _count(session: Session, meeting_id: UUID, claim: dict[str, Any], now: datetime) -> None:
    rows = [
        {
            "meeting_id": meeting_id,
            "event_id": claim["event"],
            "scope": change["scope"],
            "kind": change["kind"],
            "target": change["target"],
            "rule": change["rule"],
            "counted_as": change["counted_as"],
            "at": now,
        }
        for change in claim["changes"]
    ]
    standing.add_applied(session, rows)


def _keep_block(session: Session, series_id: UUID, sent: Sent, claim: dict[str, Any]) -> None:
    """What Google returned after our write is the accepted form of our block."""
    written = claim["write"]["description"]
    if written is None or sent.event is None:
        return
    row = standing.series_row(session, series_id)
    row.last_written_block = block_in(written)
    row.accepted_block = block_in(sent.event.description)


def _keep_baseline(session: Session, judgement: Judgement) -> None:
    """Nothing left to do (but what only a person ever does, I03): the people on the series are the baseline."""
    plan = judgement.plan
    if judgement.drift.frozen is not None:
        return
    if plan is not None and any(p.held is None or p.held.kind is not HoldKind.NO_MANDATE for p in plan.changes):
        return
    for picture in judgement.situation.pictures:
        if picture.series is None or not picture.is_live:
            continue
        row = standing.series_row(session, picture.id)
        addresses = sorted(picture.series.addresses)
        if row.baseline_json != addresses:
            row.baseline_json = addresses
        if row.known_rules_json is None:
            row.known_rules_json = list(rules_of(picture.series))


def _held_keys(plan: Plan | None) -> tuple[Key, ...]:
    return plan.keys_for_approval if plan is not None else ()


def _digest(shown: dict[str, Any]) -> str:
    """Of findings and plan alone: the instant of the reading is no difference."""
    compared = {name: value for name, value in shown.items() if name != "observed_at"}
    return hashlib.sha256(json.dumps(compared, sort_keys=True).encode()).hexdigest()
