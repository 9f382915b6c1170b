"""Does errands: each is claimed, done, and what came of it written down, and no call is made in a transaction.

    claim ─► ask Google ─► the answer, or the refusal; what is adopted or relinked is so in the same transaction

Whoever dies in between leaves the errand to the next worker, which does it once more: reading twice is harmless, and
of two that adopt, relink or release, only the one whose errand it still is gets to say so.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.calendar.chosen import NoSuchEvent, chosen_series, writable
from governance.calendar.client import CalendarFacts
from governance.calendar.opening import Google
from governance.calendar.quota import Priority, at_priority
from governance.calendar.series_ahead import RecurringEvent
from governance.database import DatabaseUnavailable, Sessions
from governance.domain.errand import ErrandKind, ErrandRefused, Found, FoundEvent, Known, LookedAt, first_of
from governance.domain.errors import GovernanceError
from governance.domain.first_roster import FirstRoster
from governance.errands.releasing import LetsGo, Releasing
from governance.errands.succeeding import offered_to
from governance.models.errand import Errand
from governance.models.meeting import Meeting
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.ports import CalendarAddress, Stopping
from governance.services import adopting, adoption, errands
from governance.services.calendar_addresses import NoSubject, address_of, address_to_relink
from governance.services.errands import Taken
from governance.services.first_roster import Taking

log = logging.getLogger(__name__)

WEB = "web"
"""The source of what is done at somebody's word on a page."""

_AGAIN_SECONDS = 0.2
"""How soon an answer is written down again that the database did not take."""

Record = Callable[[Session], Mapping[str, Any]]
"""Does in the database what was asked, once Google has been heard, and returns the answer."""


class Lost(Exception):
    """The errand is another worker's by now, or gone: nothing of what was found is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Errands:
    """`reconciler` makes one for this thread; `configured` is `google.subject`, and `where` names its file."""

    sessions: Sessions
    google: Google
    reconciler: Callable[[], LetsGo]
    configured: str | None
    where: str
    worker: str
    clock: Callable[[], datetime]
    stopping: threading.Event

    def run(self) -> int:
        """Everything that waits; how many errands came to an end."""
        with self.sessions.reading() as session:
            if not errands.look(session, self.clock()):
                return 0
        with self.sessions.writing() as session:
            erased = errands.erase_old(session, self.clock())
        if erased:
            log.info("erased errands", extra={"errands": erased})
        done = 0
        while not self.stopping.is_set():
            with self.sessions.writing() as session:
                taken = errands.claim(session, self.worker, self.clock())
            if taken is None:
                break
            self._do(taken)
            done += 1
        return done

    def _do(self, taken: Taken) -> None:
        try:
            with at_priority(Priority.PUSH):
                self._done(taken)
        except Stopping:
            return  # the row is free as soon as this worker has left
        except Lost:
            log.warning("left an errand to another worker", extra={"errand": taken.claim.id})
            return
        except DatabaseUnavailable:
            raise
        except GovernanceError as error:
            self._refuse(taken, _in_words(error, of_meeting=taken.meeting_id is not None))
            return
        except Exception:
            log.exception("an errand could not be done", extra={"errand": taken.claim.id})
            self._refuse(taken, "Look at the worker's log, then ask again: something came up that was not foreseen.")
            return
        log.info("did an errand", extra={"errand": taken.claim.id, "kind": taken.kind})

    def _done(self, taken: Taken) -> None:
        match taken.kind:
            case ErrandKind.FIND:
                self._keep(taken, self._found(taken))
            case ErrandKind.LOOK:
                self._keep(taken, self._looked_at(taken))
            case ErrandKind.ADOPT:
                self._keep(taken, self._to_adopt(taken))
            case ErrandKind.RELINK:
                self._keep(taken, self._to_relink(taken))
            case ErrandKind.RELEASE:
                self._release(taken)

    # --- what Google is asked

    def _found(self, taken: Taken) -> Record:
        address = self._address(taken)
        facts = writable(self.google.calendar, address)
        with self.sessions.reading() as session:
            adoption.refuse_other_subject(session, facts.google_id, address.subject)
        own = CalendarAddress(facts.google_id, address.subject)
        events, left_out = first_of(
            FoundEvent(
                event=one.id,
                summary=one.summary,
                organizer=one.organizer,
                is_own=one.organizer_is_calendar,
                next_start=one.next_start,
                guests=one.guests,
                time_zone=one.time_zone,
            )
            for one in self._ahead(taken, own)
        )
        answer = Found(
            google_id=facts.google_id,
            subject=address.subject,
            time_zone=facts.time_zone,
            events=events,
            left_out=left_out,
        )
        return lambda _session: answer.to_json()

    def _ahead(self, taken: Taken, own: CalendarAddress) -> tuple[RecurringEvent, ...]:
        """Whoever relinks a meeting has no business with the rest of its calendar."""
        ahead = tuple(self.google.calendar.recurring_events(own, now=self.clock()))
        if taken.meeting_id is None:
            return ahead
        return offered_to(self.sessions, taken.meeting_id, own.google_id, ahead, self.clock())

    def _looked_at(self, taken: Taken) -> Record:
        address = self._address(taken)
        facts, event = chosen_series(self.google.calendar, address, _text(taken.asked, "event"))
        adoption.refuse_unfit(event)
        answer = LookedAt(
            google_id=facts.google_id,
            subject=address.subject,
            time_zone=facts.time_zone,
            access_role=facts.access_role,
            event=_without_what_nobody_asked_for(event),
            known=self._known(event),
        )
        return lambda _session: answer.to_json()

    def _known(self, event: ObservedEvent) -> dict[str, Known]:
        if self.google.directory is None:
            return {}
        return {
            address: Known(
                kind=entry.kind.value, name=entry.name, department=entry.department, addresses=entry.addresses
            )
            for address, entry in self.google.directory.look_up(sorted(event.addresses)).items()
        }

    def _to_adopt(self, taken: Taken) -> Record:
        address = self._address(taken)
        facts, event = chosen_series(self.google.calendar, address, _text(taken.asked, "event"))
        return lambda session: self._adopt(session, taken, facts, address, event)

    def _adopt(
        self, session: Session, taken: Taken, facts: CalendarFacts, address: CalendarAddress, event: ObservedEvent
    ) -> Mapping[str, Any]:
        asked = taken.asked
        meeting = adoption.adopt(
            session,
            slug=_text(asked, "slug"),
            google_id=facts.google_id,
            subject=address.subject,
            event=event,
            actor=taken.actor,
            now=self.clock(),
            cap=asked.get("cap"),
            chair=asked.get("chair"),
            time_zone=facts.time_zone,
            access_role=facts.access_role,
            source=WEB,
        )
        taking = Taking(session=session, meeting=meeting, actor=taken.actor, source=WEB, now=self.clock())
        taking.take(FirstRoster.from_json(asked.get("roster") or {}))
        adopting.leave(session, taken.asked_by, event=_text(asked, "event"))
        return {"slug": meeting.slug}

    def _to_relink(self, taken: Taken) -> Record:
        with self.sessions.reading() as session:
            meeting = _meeting(session, taken)
            address = address_to_relink(
                session, meeting, taken.asked.get("calendar"), configured=self.configured, where=self.where
            )
        facts, event = chosen_series(self.google.calendar, address, _text(taken.asked, "event"))

        def relink(session: Session) -> Mapping[str, Any]:
            meeting = _meeting(session, taken)
            adoption.relink(
                session,
                meeting,
                google_id=facts.google_id,
                subject=address.subject,
                event=event,
                actor=taken.actor,
                now=self.clock(),
                access_role=facts.access_role,
                source=WEB,
            )
            return {"slug": meeting.slug}

        return relink

    def _release(self, taken: Taken) -> None:
        with self.sessions.reading() as session:
            slug = _meeting(session, taken).slug
        releasing = Releasing(
            sessions=self.sessions, slug=slug, by=taken.asked_by, actor=taken.actor, source=WEB, clock=self.clock
        )
        if not releasing.release(self.reconciler(), and_then=lambda session: self._settle(session, taken, slug)):
            self._keep(taken, lambda _session: {"slug": slug})

    def _settle(self, session: Session, taken: Taken, slug: str) -> None:
        errands.done(self._own(session, taken), {"slug": slug}, self.clock())

    # --- what is written down

    def _keep(self, taken: Taken, record: Record) -> None:
        """Written down as soon as the database takes it: what Google said is not asked for again."""

        def keep() -> None:
            with self.sessions.writing() as session:
                row = self._own(session, taken)
                errands.done(row, record(session), self.clock())

        self._patiently(keep)

    def _refuse(self, taken: Taken, sentence: str) -> None:
        def refuse() -> None:
            with self.sessions.writing() as session:
                row = errands.own(session, taken.claim)
                if row is not None:
                    errands.refuse(row, sentence, self.clock())

        self._patiently(refuse)
        log.info("an errand was refused", extra={"errand": taken.claim.id, "kind": taken.kind})

    def _patiently(self, step: Callable[[], None]) -> None:
        while True:
            try:
                return step()
            except DatabaseUnavailable:
                if self.stopping.wait(_AGAIN_SECONDS):
                    raise

    def _own(self, session: Session, taken: Taken) -> Errand:
        row = errands.own(session, taken.claim)
        if row is None:
            raise Lost
        return row

    def _address(self, taken: Taken) -> CalendarAddress:
        """Of a meeting its own calendar, whatever else is asked for."""
        calendar, subject = _text(taken.asked, "calendar"), taken.asked.get("subject")
        with self.sessions.reading() as session:
            if taken.meeting_id is not None:
                meeting = _meeting(session, taken)
                return address_to_relink(session, meeting, None, configured=self.configured, where=self.where)
            return address_of(session, calendar, subject, configured=self.configured, where=self.where)


def _meeting(session: Session, taken: Taken) -> Meeting:
    found = session.get(Meeting, taken.meeting_id) if taken.meeting_id else None
    if found is None:
        raise ErrandRefused("Go back to the list of meetings", "this one is not there any more")
    return found


def _text(asked: Mapping[str, Any], name: str) -> str:
    return str(asked.get(name) or "")


def _without_what_nobody_asked_for(event: ObservedEvent) -> dict[str, Any]:
    guests = tuple(replace(guest, received={}) for guest in event.guests)
    return replace(event, guests=guests, description="", private_properties={}).to_json()


def _in_words(error: GovernanceError, *, of_meeting: bool) -> str:
    """Remedies name commands and their options; on a page they name what is there."""
    if isinstance(error, NoSuchEvent):
        return str(ErrandRefused("Go back to the list and choose another event", "the calendar does not have this one"))
    if isinstance(error, NoSubject):
        return str(ErrandRefused("Enter whom to act as", "neither the calendar nor the configuration names anybody"))
    if isinstance(error, adoption.NotOrganised) and of_meeting:
        return str(ErrandRefused("Choose an event that the meeting’s own calendar organises", error.reason))
    if isinstance(error, adoption.NotOrganised):
        return str(ErrandRefused(f"Choose the calendar of {error.whose} instead", error.reason))
    if isinstance(error, adoption.AnotherSubject):
        return str(ErrandRefused(f"Leave “Act as” blank, or enter {error.subject}", error.reason))
    return str(error)
