"""One write on one event, so that it happens once whatever dies in between.

    claim (a row) → act (one call) → record (picture, counts, ledger, and the claim goes)

Every transaction is short and none is open during the call. A claim that is still there was left by a process that
died, or by an answer that was lost: its event is read and compared before anything else is written.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.domain.block import block_in
from governance.models.calendar import AddressQuestion
from governance.models.identifiers import new_id
from governance.models.write_intent import WriteIntent
from governance.reconcile import apply
from governance.reconcile.apply import Outcome, PlannedWrite, Sent
from governance.reconcile.drift import Change
from governance.reconcile.judging import Judgement, Site
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.plan import CountedAs
from governance.reconcile.ports import CalendarPort, CalendarTrouble, EventWrite, OutcomeUnclear, SendUpdates
from governance.services import ledger
from governance.services.mailing.removals import tell_of_removals
from governance.store import pictures, standing
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Writer:
    """Claims, acts and records, for one write at a time."""

    database: Sessions
    calendars: CalendarPort
    site: Site
    clock: Callable[[], datetime]

    def write(self, judgement: Judgement, calendar: CalendarToRead, step: PlannedWrite) -> Sent:
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

    def settle(self, meeting_id: UUID, calendar: CalendarToRead) -> None:
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
