"""What decides about one meeting besides its roster, as it lies in the database at one moment: one statement."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from governance.domain.ledger import chain_of
from governance.domain.rules import Modes
from governance.models.action import Action
from governance.models.agenda import AgendaPlace
from governance.models.approval import AppliedChange, Approval
from governance.models.attendance import AttendanceMark
from governance.models.calendar import Calendar, Series
from governance.models.decision import Decision
from governance.models.deputy import KeptSeat, StandIn
from governance.models.ledger import LedgerHead
from governance.models.occurrence import Occurrence
from governance.models.types import UtcDateTime
from governance.models.visitor import Visitor
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.plan import ROLLING_DAY, Applied, CountedAs, Key
from governance.reconcile.rebinding import BoundOccurrence
from governance.store import seen_series, standing
from governance.store.together import CHAIN, MEETING, NOW, Question, Together, in_order

_UNDER_WAY = ("draft", "open", "decided", "awaiting", "committed")


@dataclass(frozen=True, slots=True)
class CalendarState:
    """Of the calendar of the meeting's newest series."""

    access_role: str | None
    writes_paused_until: datetime | None


@dataclass(frozen=True, slots=True)
class Background:
    """`bound` are occurrences with something hanging on them, `charter` the TOML text of the one in force, `position`
    that of the meeting's ledger, `released` every key of the approvals in force, `applied` what was written within a
    day.
    """

    pictures: tuple[SeriesPicture, ...]
    bound: tuple[BoundOccurrence, ...]
    modes: Modes
    charter: str | None
    position: int
    calendar: CalendarState | None
    released: frozenset[Key]
    applied: tuple[Applied, ...]
    pause: standing.PauseInForce | None


def read_background(session: Session, meeting_id: UUID, *, now: datetime, on: date) -> Background:
    """Everything besides the roster that decides about the meeting; a pause is looked for on that day."""
    since, chain = now - ROLLING_DAY, chain_of(meeting_id)
    rows = _everything().ask(session, meeting_id, now=now, on=on, since=since, chain=chain)
    return Background(
        pictures=seen_series.pictures_from(rows),
        bound=tuple(BoundOccurrence(row.id, row.series_id, row.original_start) for row in rows["bound"]),
        modes=standing.modes_from(rows["modes"]),
        charter=next((row.source for row in rows["charter"]), None),
        position=next((row.seq for row in rows["head"]), 0),
        calendar=next((CalendarState(row.access_role, row.writes_paused_until) for row in rows["calendar"]), None),
        released=frozenset(_key(key) for row in rows["released"] for key in row.keys_json),
        applied=tuple(_applied(rows["applied"])),
        pause=standing.pause_from(rows["pause"]),
    )


@cache
def _everything() -> Together:
    return Together(
        **seen_series.questions(),
        bound=in_order(_bound(), Occurrence.original_start),
        modes=standing.MODES,
        charter=standing.NEWEST_CHARTER,
        head=select(LedgerHead.seq).where(LedgerHead.chain == CHAIN),
        calendar=_calendar(),
        released=select(Approval.keys_json).where(
            Approval.meeting_id == MEETING, Approval.verdict == "approved", Approval.expires_at > NOW
        ),
        applied=in_order(_written_since(), AppliedChange.at),
        pause=standing.PAUSE_IN_FORCE,
    )


def _bound() -> Question:
    """Occurrences with something hanging on them: stand-ins, kept seats, visitors, apologies, the agenda, and what is
    under way of decisions and promises.
    """
    hanging: list[Any] = [select(one.occurrence_id) for one in (StandIn, KeptSeat, Visitor, AttendanceMark)]
    hanging.append(select(AgendaPlace.occurrence_id).where(AgendaPlace.outcome.is_(None)))
    hanging += [
        select(one.occurrence_id).where(one.meeting_id == MEETING, one.state.in_(states))
        for one, states in ((Decision, _UNDER_WAY), (Action, ("open",)))
    ]
    hangs = or_(*(Occurrence.id.in_(some) for some in hanging))
    query = select(Occurrence.id, Occurrence.series_id, Occurrence.original_start)
    return query.join(Series, Series.id == Occurrence.series_id).where(Series.meeting_id == MEETING, hangs)


def _calendar() -> Question:
    query = select(Calendar.access_role, Calendar.writes_paused_until).join(Series, Series.calendar_id == Calendar.id)
    in_use = query.where(Series.meeting_id == MEETING, Series.retired_at.is_(None))
    return in_use.order_by(Series.id.desc()).limit(1)


def _written_since() -> Question:
    written = AppliedChange
    query = select(written.scope, written.kind, written.target, written.counted_as, written.at, written.event_id)
    return query.where(written.meeting_id == MEETING, written.at > bindparam("since", type_=UtcDateTime()))


def _applied(rows: Iterable[Any]) -> Iterable[Applied]:
    for row in rows:
        yield Applied((row.scope, row.kind, row.target), CountedAs(row.counted_as), row.at, row.event_id)


def _key(written: Any) -> Key:
    scope, kind, target = written
    return (scope, kind, target)
