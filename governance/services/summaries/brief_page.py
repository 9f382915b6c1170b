"""The page of a brief, cut for its reader: leadership reads what has gone, and nothing of how it came about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.domain.roster import Term
from governance.domain.summaries.briefing import LOOKS_AT, Line, lines
from governance.models import Brief, Meeting
from governance.services.recording import today_of
from governance.services.summaries.brief import facts_of, start_of, written_of
from governance.services.summaries.brief_acts import is_open
from governance.store import briefs as store

EARLIER = 12
"""So many earlier ones are listed."""


@dataclass(frozen=True, slots=True)
class Earlier:
    about: str
    start: datetime
    gone_at: datetime | None
    is_held: bool


@dataclass(frozen=True, slots=True)
class Request:
    """What a seat asks of the chair."""

    id: UUID
    department: str
    asked_by: str
    text: str
    at: datetime
    is_settled: bool


@dataclass(frozen=True, slots=True)
class Draft:
    """What the chair changes: `written` are the lines that can be left out, `left_out` those that are."""

    version: int
    needs: str
    written: tuple[Line, ...]
    left_out: frozenset[str]


@dataclass(frozen=True, slots=True)
class Shown:
    """A brief. Of what the chair has done about it leadership reads nothing: `is_held`, `changed_at` are not theirs."""

    about: str
    start: datetime
    lines: tuple[Line, ...]
    goes_at: datetime
    gone_at: datetime | None
    is_held: bool = False
    is_open: bool = False
    changed_at: datetime | None = None
    has_readers: bool = True
    requests: tuple[Request, ...] = ()
    is_own: bool = False
    """Of the requests the reader's alone are there; the chair reads all."""
    draft: Draft | None = None
    may_ask: bool = False


@dataclass(frozen=True, slots=True)
class BriefPage:
    """`shown` is None where there is none yet."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    reads_before: bool
    shown: Shown | None
    earlier: tuple[Earlier, ...]
    again_at: datetime
    """When it would go if it were changed now."""


def brief_page(session: Session, meeting: Meeting, about: str, actor: Actor, now: datetime) -> BriefPage | None:
    """The newest, or the one that `about` names; None where the reader may read none of that name."""
    reads_before = may(actor, Act.READ, Thing(Kind.BRIEF, meeting.id, Confidentiality.SEATS))
    rows = store.newest_briefs(session, meeting.id, EARLIER + 1, only_gone=not reads_before)
    row = next((one for one in rows if not about or one.about == about), None)
    if row is None and about:
        row = store.brief_about(session, meeting.id, about)
        if row is None or not (reads_before or row.gone_at is not None):
            return None
    return BriefPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        reads_before=reads_before,
        shown=_shown(session, meeting, row, actor, now, reads_before=reads_before) if row is not None else None,
        earlier=tuple(_earlier(one) for one in rows if one is not row),
        again_at=now + LOOKS_AT,
    )


def _shown(session: Session, meeting: Meeting, row: Brief, actor: Actor, now: datetime, *, reads_before: bool) -> Shown:
    text = lines(facts_of(row))
    if not reads_before:
        return Shown(row.about, start_of(row), text, row.goes_at, row.gone_at)
    leads = may(actor, Act.CHANGE, Thing(Kind.BRIEF, meeting.id, Confidentiality.SEATS))
    asks = may(actor, Act.ASK, Thing(Kind.BRIEF, meeting.id, Confidentiality.SEATS))
    can_change = is_open(row, meeting, now)
    return Shown(
        about=row.about,
        start=start_of(row),
        lines=text,
        goes_at=row.goes_at,
        gone_at=row.gone_at,
        is_held=row.held_at is not None,
        is_open=can_change,
        changed_at=row.changed_at,
        has_readers=_has_readers(session, meeting, now),
        requests=_requests(session, row, None if leads else actor.person) if leads or (asks and actor.person) else (),
        is_own=not leads,
        draft=_draft(row) if leads and can_change else None,
        may_ask=asks and can_change,
    )


def _has_readers(session: Session, meeting: Meeting, now: datetime) -> bool:
    today = today_of(meeting, now)
    return any(Term(one.first_day, one.last_day).holds_on(today) for one in store.leadership_of(session, [meeting.id]))


def _requests(session: Session, row: Brief, by: UUID | None) -> tuple[Request, ...]:
    return tuple(
        Request(one.id, one.department or "", one.asked_by, one.text, one.at, one.settled_at is not None)
        for one in store.requests_for(session, row.id, by)
    )


def _draft(row: Brief) -> Draft:
    can_be_left_out = tuple(one for one in lines(written_of(row)) if one.key)
    stands = {one.key for one in lines(facts_of(row))}
    left_out = frozenset(one.key for one in can_be_left_out if one.key not in stands)
    return Draft(row.version, facts_of(row).needs, can_be_left_out, left_out)


def _earlier(row: Brief) -> Earlier:
    return Earlier(row.about, start_of(row), row.gone_at, row.held_at is not None)
