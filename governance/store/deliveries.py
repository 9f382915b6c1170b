"""The outbox as its workers see it: which rows are due, whose they are, and how many went out lately.

A row is a worker's own while its lease lasts and the worker lives; both go by the database's clock. A lease that ends
later than any lease can was written before the clock was set back, and is none.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Uuid, and_, bindparam, exists, func, or_, select, update
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from governance.models.errand import Errand
from governance.models.identifiers import new_id
from governance.models.outbox import Outbox, Undeliverable
from governance.models.throttle import Throttle
from governance.models.types import UtcDateTime
from governance.models.worker import Worker

_SLACK = timedelta(seconds=5)
_NOW, _LATEST = bindparam("now", type_=UtcDateTime()), bindparam("latest", type_=UtcDateTime())
_SILENT, _AHEAD = bindparam("silent", type_=UtcDateTime()), bindparam("ahead", type_=UtcDateTime())


def is_free(row: type[Outbox | Errand]) -> ColumnElement[bool]:
    """Whether nobody is at it; to be asked with the values of a `Moment`."""
    lives = exists().where(
        Worker.name == row.leased_by,
        Worker.stopped_at.is_(None),
        Worker.heartbeat_at > _SILENT,
        Worker.heartbeat_at < _AHEAD,
    )
    return or_(row.leased_until.is_(None), row.leased_until <= _NOW, row.leased_until > _LATEST, ~lives)


def _is_due() -> ColumnElement[bool]:
    """`due_at = queued_at` is *at once*, whatever the clock of whoever wrote it said."""
    has_come = or_(Outbox.due_at <= _NOW, Outbox.due_at <= Outbox.queued_at)
    may_be_tried = or_(Outbox.retry_at.is_(None), Outbox.retry_at <= _NOW)
    waits = and_(Outbox.state == "waiting", has_come, may_be_tried)
    # What is unclear and has no time waits for a person.
    is_unclear = and_(Outbox.state == "unclear", Outbox.retry_at <= _NOW)
    return and_(or_(waits, is_unclear, Outbox.state == "sending"), _IS_FREE)


# Put together once: what is asked every second should cost no more than its answer.
_IS_FREE = is_free(Outbox)
_IS_DUE = _is_due()
_DUE_KINDS = select(Outbox.state, Outbox.kind).where(_IS_DUE).distinct()
_ABANDONED = select(Outbox).where(Outbox.state == "sending", _IS_FREE).with_for_update(skip_locked=True)
_CLAIMED = select(func.count()).where(Outbox.state == "waiting", Outbox.leased_until > _NOW, ~_IS_FREE)
_TURNSTILE = "mail-claims"

# Both databases speak it; see services/leases.py.
_TURN_UP = sql(
    "INSERT INTO throttle (id, key, since, count) VALUES (:id, :key, :now, 0) ON CONFLICT (key) DO NOTHING"
).bindparams(bindparam("id", type_=Uuid()), bindparam("now", type_=UtcDateTime()))
_SET_ASIDE = sql(
    "INSERT INTO undeliverable (id, address, problem_code, problem_text, since) "
    "VALUES (:id, :address, :code, :why, :since) ON CONFLICT (address) DO NOTHING"
).bindparams(bindparam("id", type_=Uuid()), bindparam("since", type_=UtcDateTime()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """`now` by the database's clock, and how long leases and silences are good for."""

    now: datetime
    lease: timedelta
    silence: timedelta

    @property
    def values(self) -> dict[str, datetime]:
        return {
            "now": self.now,
            "latest": self.now + self.lease + _SLACK,
            "silent": self.now - self.silence,
            "ahead": self.now + self.silence,
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """A row that is a worker's own for as long as it has this fence."""

    id: UUID
    fence: int


@dataclass(frozen=True, slots=True)
class Counts:
    """`used`: sent in the time asked for, or perhaps; `claimed`: about to be."""

    used: int
    claimed: int
    last_at: datetime | None


def due_kinds(session: Session, moment: Moment) -> set[tuple[str, str]]:
    """State and kind of what is due. Asked every second: one statement, no mapped object."""
    rows = session.connection().execute(_DUE_KINDS, moment.values)
    return {(state, kind) for state, kind in rows}


def counts_since(session: Session, since: datetime, moment: Moment) -> Counts:
    is_out = and_(Outbox.state == "sent", Outbox.sent_at > since)
    may_be_out = and_(Outbox.state.in_(("sending", "unclear")), Outbox.begun_at > since)
    begun = func.coalesce(Outbox.sent_at, Outbox.begun_at)
    used = session.connection().execute(select(func.count(), func.max(begun)).where(or_(is_out, may_be_out))).one()
    claimed = session.connection().execute(_CLAIMED, moment.values).scalar_one()
    return Counts(used=used[0], claimed=claimed, last_at=used[1])


def stand_in_line(session: Session, now: datetime) -> None:
    """Claims come one after the other until the transaction ends: near the limit, two must not take the same room."""
    connection = session.connection()
    values = {"id": new_id(), "key": _TURNSTILE, "now": now}
    connection.execute(_TURN_UP, values)
    connection.execute(select(Throttle.id).where(Throttle.key == _TURNSTILE).with_for_update())


def claim(
    session: Session,
    worker: str,
    moment: Moment,
    *,
    limit: int,
    states: Collection[str],
    kinds: Collection[str] | None = None,
    but_kinds: Collection[str] = (),
) -> list[Claim]:
    """Take up to `limit` due rows, the longest due first."""
    if limit <= 0:
        return []
    wanted = select(Outbox.id).where(_IS_DUE, Outbox.state.in_(list(states)))
    if kinds is not None:
        wanted = wanted.where(Outbox.kind.in_(list(kinds)))
    wanted = wanted.where(Outbox.kind.not_in(list(but_kinds))).order_by(Outbox.due_at, Outbox.id)
    ids = list(session.scalars(wanted.limit(limit).with_for_update(skip_locked=True), moment.values))
    if not ids:
        return []
    taken = session.execute(
        update(Outbox)
        .where(Outbox.id.in_(ids))
        .values(leased_by=worker, leased_until=moment.now + moment.lease, fence=Outbox.fence + 1)
        .returning(Outbox.id, Outbox.fence)
        .execution_options(synchronize_session=False)
    )
    fences = {id_: fence for id_, fence in taken}  # noqa: C416  # rows are no pairs to the type checker
    return [Claim(one, fences[one]) for one in ids if one in fences]


def abandoned(session: Session, moment: Moment) -> list[Outbox]:
    """Rows whose worker went away in the middle of sending, locked until the transaction ends."""
    return list(session.scalars(_ABANDONED, moment.values))


def own_row(session: Session, claim: Claim, states: Sequence[str]) -> Outbox | None:
    """The row, locked until the transaction ends; None when it is another worker's by now, or in none of the states."""
    wanted = select(Outbox).where(Outbox.id == claim.id, Outbox.fence == claim.fence, Outbox.state.in_(states))
    return session.scalar(wanted.with_for_update())


def undeliverable_row(session: Session, address: str) -> Undeliverable | None:
    return session.scalar(select(Undeliverable).where(Undeliverable.address == address))


def set_aside(session: Session, address: str, *, code: str, why: str, since: datetime) -> bool:
    """Whether it was not before; two workers at once are no trouble."""
    values = {"id": new_id(), "address": address, "code": code, "why": why, "since": since}
    done = session.connection().execute(_SET_ASIDE, values)
    return done.rowcount == 1


def kinds_for(session: Session, address: str, meeting_id: UUID | None) -> list[str]:
    """The kinds of what could not, or not yet, be sent to an address about a meeting."""
    wanted = select(Outbox.kind).where(
        Outbox.address == address,
        Outbox.meeting_id == meeting_id,
        Outbox.state.in_(("waiting", "sending", "unclear", "failed", "held")),
    )
    return sorted(set(session.scalars(wanted)))
