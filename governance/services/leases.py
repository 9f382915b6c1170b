"""Taking a calendar, giving it back, and proving that it is still one's own.

Whoever takes says which fence it has seen: of several that want the same free calendar, one finds it unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Integer, Update, Uuid, bindparam, text, tuple_, update
from sqlalchemy.orm import Session

from governance.models.identifiers import new_id
from governance.models.lease import Lease
from governance.models.types import UtcDateTime
from governance.reconcile.ports import LeaseLost
from governance.store.workers import has_fence

_FIRST = 1

# Both databases speak it; their own constructs for it would be two code paths, and a slow import each.
_INSERT = text(
    "INSERT INTO lease (id, calendar_id, worker_id, fence, taken_at) VALUES (:id, :calendar, :worker, :fence, :now) "
    "ON CONFLICT (calendar_id) DO NOTHING"
).bindparams(
    bindparam("id", type_=Uuid()),
    bindparam("calendar", type_=Uuid()),
    bindparam("worker", type_=Uuid()),
    bindparam("fence", type_=Integer()),
    bindparam("now", type_=UtcDateTime()),
)
_TAKE = (
    update(Lease)
    .where(Lease.calendar_id == bindparam("calendar"), Lease.fence == bindparam("seen"))
    .values(worker_id=bindparam("worker"), fence=Lease.fence + 1, taken_at=bindparam("now"))
    .execution_options(synchronize_session=False)
)


@dataclass(frozen=True, slots=True)
class Hold:
    """A calendar that is a worker's own, for as long as its lease has this fence."""

    calendar_id: UUID
    fence: int


def take(session: Session, calendar_id: UUID, worker_id: UUID, *, seen: int | None, now: datetime) -> Hold | None:
    """The calendar is the worker's from now on; None where somebody else was quicker.

    `seen`: the fence of the lease when it was found to be free, None where there was no lease at all.
    """
    connection = session.connection()
    common = {"calendar": calendar_id, "worker": worker_id, "now": now}
    if seen is None:
        done = connection.execute(_INSERT, {**common, "id": new_id(), "fence": _FIRST})
    else:
        done = connection.execute(_TAKE, {**common, "seen": seen})
    return Hold(calendar_id, _FIRST if seen is None else seen + 1) if done.rowcount == 1 else None


def take_all(session: Session, wanted: Mapping[UUID, int | None], worker_id: UUID, *, now: datetime) -> list[Hold]:
    """The same for many, by the fence that each was seen with, in two statements: those that are the worker's now."""
    connection = session.connection()
    fresh = [calendar_id for calendar_id, seen in wanted.items() if seen is None]
    if fresh:
        free = {"worker": None, "fence": _FIRST, "now": now}
        connection.execute(_INSERT, [{**free, "id": new_id(), "calendar": calendar_id} for calendar_id in fresh])
    seen_with = [(calendar_id, _FIRST if seen is None else seen) for calendar_id, seen in wanted.items()]
    if not seen_with:
        return []
    changed = _change_hands(seen_with, worker_id, now).returning(Lease.calendar_id, Lease.fence)
    taken = connection.execute(changed)
    return [Hold(calendar_id, fence) for calendar_id, fence in taken]


def give(session: Session, hold: Hold, *, now: datetime) -> None:
    """The calendar is free; nothing happens where it is another's by now."""
    give_all(session, [hold], now=now)


def give_all(session: Session, holds: Iterable[Hold], *, now: datetime) -> None:
    """The same for many, in one statement."""
    held = [(hold.calendar_id, hold.fence) for hold in holds]
    if held:
        session.connection().execute(_change_hands(held, None, now))


def _change_hands(seen: Sequence[tuple[UUID, int]], worker_id: UUID | None, now: datetime) -> Update:
    return (
        update(Lease)
        .where(tuple_(Lease.calendar_id, Lease.fence).in_(seen))
        .values(worker_id=worker_id, fence=Lease.fence + 1, taken_at=now)
    )


def free_all(session: Session, worker_ids: Iterable[UUID], *, now: datetime) -> None:
    """Everything that these workers held is free."""
    ids = list(worker_ids)
    if ids:
        session.execute(
            update(Lease)
            .where(Lease.worker_id.in_(ids))
            .values(worker_id=None, fence=Lease.fence + 1, taken_at=now)
            .execution_options(synchronize_session=False)
        )


def confirm(session: Session, hold: Hold) -> None:
    """Proves that the calendar is still one's own, and keeps it so until the transaction ends.

    A lease that has run out and that nobody has taken is still one's own: nobody else can be writing.

    Raises:
        LeaseLost: it is another worker's, or nobody's.
    """
    if not has_fence(session, hold.calendar_id, hold.fence):
        raise LeaseLost("Leave the calendar to the worker that has it now", "the lease of this one has run out")
