"""An adoption step by step: what an administrator has decided so far, and the errands that they send for it.

    calendar ─find─► event ─look─► short name, chair ─► departments ─► delegates, cap ─► consequences ─adopt─►

What is decided lies in the administrator's draft, what Google said in the errand; neither is in an address.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errand import ErrandKind, ErrandRefused, Found, LookedAt
from governance.domain.first_roster import Candidate, Decided, FirstRoster, Standing, first_roster
from governance.domain.people import domain_of
from governance.models.errand import AdoptionDraft, Errand
from governance.reconcile.observed import Guest, ObservedEvent
from governance.services import errands
from governance.services.adoption import organizer_of
from governance.store import adopting as questions
from governance.store import errands as store

_ITS_ERRANDS = (ErrandKind.FIND.value, ErrandKind.LOOK.value)


@dataclass(frozen=True, slots=True)
class Asked:
    """Where an answer is: `answer` is None while it is waited for, was refused, or was erased."""

    errand: UUID | None
    state: str
    """`waiting`, `done`, `refused`, or `erased`."""
    answer: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopting:
    """A draft with what Google said for it."""

    content: Mapping[str, Any]
    found: Asked
    looked: Asked

    @property
    def looked_at(self) -> LookedAt | None:
        return LookedAt.from_json(self.looked.answer) if self.looked.answer is not None else None

    @property
    def events(self) -> Found | None:
        return Found.from_json(self.found.answer) if self.found.answer is not None else None

    @property
    def decided(self) -> Decided:
        return Decided.from_json(self.content)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guests:
    """The guests of the event, with what is known of each, and the names that departments have here."""

    event: ObservedEvent
    chair: str
    candidates: tuple[Candidate, ...]
    departments: tuple[str, ...]
    sponsors: Mapping[str, str]
    unknown: int
    """Entries of the guest list that Google gives no address of."""


def adopting_of(session: Session, by: str) -> Adopting | None:
    draft = store.draft_of(session, by)
    if draft is None:
        return None
    content = dict(draft.content_json)
    rows = store.errands_of(session, by, _ITS_ERRANDS)
    return Adopting(content=content, found=_asked(rows, content, "find"), looked=_asked(rows, content, "look"))


def find(session: Session, calendar: str, subject: str | None, *, by: str, actor: str, now: datetime) -> Errand:
    """Ask for the recurring events of a calendar; an adoption that was begun before is kept until another is chosen."""
    store.erase_of(session, by, (ErrandKind.FIND.value,))
    asked = {"calendar": calendar, "subject": subject}
    errand = errands.send(session, ErrandKind.FIND, asked, by=by, actor=actor, now=now)
    keep(session, by, {**asked, "find": str(errand.id)}, now=now)
    return errand


def choose(
    session: Session, event: str, *, by: str, actor: str, now: datetime, is_again: bool = False
) -> Errand | None:
    """Ask for one event with its guests. Of another event, or in another calendar, everything is decided anew.

    Args:
        is_again: for the event that was chosen before, where it was: another calendar may have been listed since.
    """
    draft = store.draft_of(session, by)
    if draft is None:
        return None
    content = dict(draft.content_json)
    listed = {name: content.get(name) for name in ("calendar", "subject")}
    chosen = content.get("chosen_in", listed) if is_again else listed
    if (content.get("event"), content.get("chosen_in")) != (event, chosen):
        content = {**listed, "find": content.get("find")}
    store.erase_of(session, by, (ErrandKind.LOOK.value,))
    errand = errands.send(session, ErrandKind.LOOK, {**chosen, "event": event}, by=by, actor=actor, now=now)
    draft.content_json = {**content, "event": event, "chosen_in": chosen, "look": str(errand.id)}
    draft.touched_at = now
    return errand


def keep(session: Session, by: str, decided: Mapping[str, Any], *, now: datetime) -> None:
    """Add what was decided to the draft, which is made when there is none."""
    draft = store.draft_of(session, by)
    if draft is None:
        draft = AdoptionDraft(asked_by=by, begun_at=now, touched_at=now, content_json={})
        session.add(draft)
    draft.content_json = {**draft.content_json, **decided}
    draft.touched_at = now
    session.flush()


def leave(session: Session, by: str, *, event: str | None = None) -> None:
    """Forget the draft, and what Google said for it; with `event` only where that is the one it is about."""
    draft = store.draft_of(session, by)
    if event is not None and draft is not None and draft.content_json.get("event") != event:
        return
    store.erase_of(session, by, _ITS_ERRANDS)
    store.erase_draft(session, by)


def guests_of(session: Session, adopting: Adopting, looked: LookedAt, domains: frozenset[str]) -> Guests:
    event = ObservedEvent.from_json(looked.event)
    chair = str(adopting.content.get("chair") or organizer_of(event, looked.subject))
    addresses = sorted(guest.address for guest in event.guests if guest.address)
    people = questions.known_people(session, addresses)
    leads = {chair, event.organizer or "", looked.google_id}
    candidates = [
        _candidate(guest, guest.address, looked, people, leads, domains) for guest in event.guests if guest.address
    ]
    return Guests(
        event=event,
        chair=chair,
        candidates=tuple(sorted(candidates, key=lambda one: (one.department.casefold(), str(one).casefold()))),
        departments=questions.department_names(session),
        sponsors=questions.sponsor_addresses(session),
        unknown=sum(1 for guest in event.guests if not guest.address),
    )


def roster_of(adopting: Adopting, guests: Guests) -> FirstRoster:
    return first_roster(guests.candidates, adopting.decided)


def wish(adopting: Adopting, looked: LookedAt, roster: FirstRoster) -> dict[str, Any]:
    """What the errand that adopts is told."""
    content = adopting.content
    return {
        "calendar": looked.google_id,
        "subject": looked.subject,
        "event": looked.event["id"],
        "slug": content["slug"],
        "chair": content["chair"],
        "cap": content["cap"],
        "roster": roster.to_json(),
    }


def adopt(session: Session, wanted: Mapping[str, Any], *, by: str, actor: str, now: datetime) -> Errand:
    """Send the errand that adopts; where one waits already, it is the one, and does what is wanted now.

    Raises:
        ErrandRefused: a worker is about to adopt something else.
    """
    waiting = store.waiting_of(session, by, ErrandKind.ADOPT.value)
    if waiting is None:
        return errands.send(session, ErrandKind.ADOPT, wanted, by=by, actor=actor, now=now)
    if waiting.asked_json != wanted:
        if waiting.taken:
            raise ErrandRefused("Wait until it is done", "what you confirmed before is being adopted")
        waiting.asked_json = dict(wanted)
    return waiting


def _asked(rows: Mapping[UUID, Errand], content: Mapping[str, Any], name: str) -> Asked:
    written = content.get(name)
    row = rows.get(UUID(written)) if written else None
    if row is None:
        return Asked(None, "erased")
    return Asked(row.id, row.state, row.answer_json)


def _candidate(
    guest: Guest,
    address: str,
    looked: LookedAt,
    people: Mapping[str, questions.KnownGuest],
    leads: set[str],
    domains: frozenset[str],
) -> Candidate:
    told, kept = looked.known.get(address), people.get(address)
    department, source = "", ""
    if kept is not None and kept.department:
        department, source = kept.department, "from an earlier roster"
    elif told is not None and told.department:
        department, source = told.department, "from the Directory"
    elif kept is not None and kept.told_department:
        department, source = kept.told_department, "from the Directory"
    kind = (told.kind if told else None) or (kept.kind if kept else None)
    return Candidate(
        address=address,
        name=(kept.name if kept else "") or (told.name if told else None) or guest.name or "",
        standing=_standing(guest, address, kind, leads),
        department=department,
        known_from=source,
        is_inside=domain_of(address) in domains,
    )


def _standing(guest: Guest, address: str, kind: str | None, leads: set[str]) -> Standing:
    if guest.resource:
        return Standing.ROOM
    if kind == "group":
        return Standing.GROUP
    return Standing.LEAD if guest.organizer or address in leads else Standing.PERSON
