"""The log of a meeting's decisions as one reader may see it.

Those that are under way stand above the closed ones, for who may read drafts; withdrawn ones are there when they are
asked for. Everybody else sees what is closed, and searches in that alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.decisions.searching import fold_words
from governance.domain.ledger import Confidentiality
from governance.models import Meeting
from governance.store import decision_log as store
from governance.store.decision_log import KEPT, NOT_KEPT, REVIEWED, SUPERSEDED, UNDER_WAY, Wanted

PAGE = 50
"""Decisions on a page."""

CLOSED, WITHDRAWN, DUE = "closed", "withdrawn", "due"
OF_CLOSED = (CLOSED, KEPT, NOT_KEPT, SUPERSEDED, DUE)
OF_DRAFTS = (*UNDER_WAY, WITHDRAWN)

_NUMBER = re.compile(r"D-(\d{4})-(\d{3,9})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for. `state` is one of `OF_CLOSED` or `OF_DRAFTS`, `below` how the last one shown is called:
    its number, or its identifier where it has none.
    """

    text: str = ""
    customer: str = ""
    state: str = ""
    owner: UUID | None = None
    department: UUID | None = None
    year: int | None = None
    below: str = ""

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.customer or self.state or self.owner or self.department or self.year)


@dataclass(frozen=True, slots=True)
class LogLine:
    """`became` is *kept* or *not-kept*, as was said last; `later` and `earlier` name what it was superseded by and what
    it supersedes. `day` is when it was closed, else when it was begun.
    """

    ref: str
    number: str | None
    state: str
    title: str
    customer: str
    owner: str
    day: date
    became: str = ""
    later: str = ""
    is_superseded: bool = False
    earlier: tuple[str, ...] = ()
    review_on: date | None = None
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class LogPage:
    """`older` is what the next page is asked for with; None on the last one."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    lines: tuple[LogLine, ...]
    older: str | None
    owners: tuple[tuple[UUID, str], ...]
    departments: tuple[tuple[UUID, str], ...]
    years: tuple[int, ...]
    asked: Asked
    reads_drafts: bool
    may_begin: bool
    may_export: bool


def log_page(session: Session, meeting: Meeting, asked: Asked, *, actor: Actor, now: datetime) -> LogPage:
    """Four statements, however long the log is."""
    today = now.astimezone(ZoneInfo(meeting.time_zone)).date()
    reads_drafts = may(actor, Act.READ, of_meeting(meeting.id, Confidentiality.SEATS))
    reads_positions = may_read_any(meeting.id, actor)
    rows = _rows(session, meeting.id, asked, today, reads_drafts=reads_drafts, reads_positions=reads_positions)
    shown = rows[:PAGE]
    marks = store.marks_of(session, [row.id for row in shown])
    lines = tuple(
        _line(row, marks, meeting, today, reads_drafts=reads_drafts, reads_positions=reads_positions) for row in shown
    )
    choices = store.choices(session, meeting.id, reads_drafts=reads_drafts)
    return LogPage(
        *(meeting.id, meeting.slug, meeting.name, meeting.time_zone, lines),
        older=lines[-1].ref if len(rows) > PAGE else None,
        owners=_named(choices, store.OWNER),
        departments=_named(choices, store.DEPARTMENT),
        years=_years(choices),
        asked=asked,
        reads_drafts=reads_drafts,
        may_begin=may(actor, Act.CHANGE, of_meeting(meeting.id, Confidentiality.SEATS)),
        may_export=may(actor, Act.EXPORT, of_meeting(meeting.id)),
    )


def of_meeting(meeting_id: UUID, confidentiality: Confidentiality = Confidentiality.OPEN) -> Thing:
    return Thing(Kind.DECISION, meeting_id, confidentiality)


def may_read_any(meeting_id: UUID, actor: Actor) -> bool:
    """Whether they read the positions of each decision of the meeting; of who reads those of one occurrence the page of
    a decision knows.
    """
    return may(actor, Act.READ, Thing(Kind.POSITIONS, meeting_id, Confidentiality.PRIVATE))


def key_of(number: str) -> tuple[int, int] | None:
    """Year and sequence of a number; None for what is none."""
    found = _NUMBER.fullmatch(number)
    return (int(found[1]), int(found[2])) if found else None


def _rows(
    session: Session, meeting_id: UUID, asked: Asked, today: date, *, reads_drafts: bool, reads_positions: bool
) -> tuple[Any, ...]:
    """One more than a page holds where there are more. Who goes on below a closed one has seen those under way."""
    wanted = _wanted(asked, today, reads_drafts=reads_drafts, reads_positions=reads_positions)
    below = key_of(asked.below)
    states = _unclosed_states(asked) if reads_drafts and below is None else ()
    unclosed: Sequence[Any] = ()
    if states:
        unclosed = store.unclosed_page(session, meeting_id, wanted, states, PAGE + 1, _identifier(asked.below))
    if asked.state in OF_DRAFTS:
        return tuple(unclosed)
    return (*unclosed, *store.closed_page(session, meeting_id, wanted, PAGE + 1 - len(unclosed), below))


def _unclosed_states(asked: Asked) -> tuple[str, ...]:
    """A year is one of numbers, which only closed ones have."""
    if asked.year is not None:
        return ()
    if asked.state in OF_DRAFTS:
        return (asked.state,)
    return () if asked.state else UNDER_WAY


def _wanted(asked: Asked, today: date, *, reads_drafts: bool, reads_positions: bool) -> Wanted:
    return Wanted(
        words=fold_words(asked.text),
        customer=fold_words(asked.customer),
        became=asked.state if asked.state in (KEPT, NOT_KEPT, SUPERSEDED) else None,
        owner=asked.owner,
        department=asked.department,
        year=asked.year,
        due_on=today if asked.state == DUE else None,
        reads_drafts=reads_drafts,
        reads_positions=reads_positions,
    )


def _line(
    row: Any, marks: Sequence[Any], meeting: Meeting, today: date, *, reads_drafts: bool, reads_positions: bool
) -> LogLine:
    """What took its place may be a draft, which not everybody is told of."""
    own = [one for one in marks if one.decision_id == row.id]
    later = next((one for one in own if one.kind == SUPERSEDED), None)
    is_superseded = later is not None and (later.later_number is not None or reads_drafts)
    review_on = review_day(row.review_on if reads_positions else None, own)
    return LogLine(
        ref=row.number or str(row.id),
        number=row.number,
        state=row.state,
        title=row.title,
        customer=row.customer,
        owner=row.owner or "",
        day=(row.closed_at or row.at).astimezone(ZoneInfo(meeting.time_zone)).date(),
        became=next((one.kind for one in reversed(own) if one.kind in (KEPT, NOT_KEPT)), ""),
        later=(later.later_number or str(later.later_decision_id)) if later and is_superseded else "",
        is_superseded=is_superseded,
        earlier=tuple(one.number for one in marks if one.later_decision_id == row.id and one.number),
        review_on=review_on,
        is_due=row.state == CLOSED and later is None and review_on is not None and review_on <= today,
    )


def review_day(at_closing: date | None, marks: Iterable[Any]) -> date | None:
    """Each review says when the next one is; the store asks the same of a whole log.

    The first one comes sooner after an objection: its day is for who may read positions, and left out for the others.
    """
    reviews = [one.review_on for one in marks if one.kind == REVIEWED]
    return reviews[-1] if reviews else at_closing


def _identifier(written: str) -> UUID | None:
    try:
        return UUID(written)
    except ValueError:
        return None


def _named(choices: Iterable[Any], what: str) -> tuple[tuple[UUID, str], ...]:
    found = [(one.id, one.name or "") for one in choices if one.what == what]
    return tuple(sorted(found, key=lambda one: (one[1].casefold(), one[0])))


def _years(choices: Iterable[Any]) -> tuple[int, ...]:
    """The latest first."""
    bounds: Mapping[str, int | None] = {one.what: one.year for one in choices}
    first, last = bounds.get(store.FIRST_YEAR), bounds.get(store.LAST_YEAR)
    return tuple(range(last, first - 1, -1)) if first is not None and last is not None else ()
