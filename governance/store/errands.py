"""Errands as pages and workers see them: which wait, whose they are, and what came of them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from governance.models.errand import AdoptionDraft, Errand
from governance.models.types import UtcDateTime
from governance.store.deliveries import Claim, Moment, is_free

# Put together once: what is asked every few seconds should cost no more than its answer.
_IS_DUE = and_(Errand.state == "waiting", is_free(Errand))
_OLD = bindparam("old", type_=UtcDateTime())
_ANY = select(Errand.id).where(or_(_IS_DUE, Errand.asked_at <= _OLD)).limit(1)
_ANY_DRAFT = select(AdoptionDraft.id).where(AdoptionDraft.touched_at <= _OLD).limit(1)


def is_any_due(session: Session, moment: Moment, *, old: datetime) -> bool:
    """Whether one waits for a worker, or is so old that it goes."""
    return session.connection().execute(_ANY, {**moment.values, "old": old}).first() is not None


def is_any_draft_old(session: Session, old: datetime) -> bool:
    return session.connection().execute(_ANY_DRAFT, {"old": old}).first() is not None


def claim(session: Session, worker: str, moment: Moment) -> Claim | None:
    """Take the one that has waited longest."""
    wanted = select(Errand.id).where(_IS_DUE).order_by(Errand.asked_at, Errand.id).limit(1)
    found = session.scalar(wanted.with_for_update(skip_locked=True), moment.values)
    if found is None:
        return None
    fence = session.execute(
        update(Errand)
        .where(Errand.id == found)
        .values(
            leased_by=worker, leased_until=moment.now + moment.lease, fence=Errand.fence + 1, taken=Errand.taken + 1
        )
        .returning(Errand.fence)
        .execution_options(synchronize_session=False)
    ).scalar_one()
    return Claim(found, fence)


def own_row(session: Session, claim: Claim) -> Errand | None:
    """The row, locked until the transaction ends; None when it is another worker's by now, settled, or gone."""
    wanted = select(Errand).where(Errand.id == claim.id, Errand.fence == claim.fence, Errand.state == "waiting")
    return session.scalar(wanted.with_for_update())


def errand_of(session: Session, errand_id: UUID, kinds: Collection[str]) -> Errand | None:
    return session.scalar(select(Errand).where(Errand.id == errand_id, Errand.kind.in_(list(kinds))))


def erase(session: Session, *, errands_until: datetime, drafts_until: datetime) -> int:
    gone = session.execute(delete(Errand).where(Errand.asked_at <= errands_until))
    session.execute(delete(AdoptionDraft).where(AdoptionDraft.touched_at <= drafts_until))
    return int(gone.rowcount)  # type: ignore[attr-defined]


def erase_of(session: Session, asked_by: str, kinds: Collection[str]) -> None:
    """What somebody asked for and needs no more; what was asked for a meeting is not theirs alone."""
    own = (Errand.asked_by == asked_by, Errand.meeting_id.is_(None), Errand.kind.in_(list(kinds)))
    session.execute(delete(Errand).where(*own))


def draft_of(session: Session, asked_by: str) -> AdoptionDraft | None:
    return session.scalar(select(AdoptionDraft).where(AdoptionDraft.asked_by == asked_by))


def errands_of(session: Session, asked_by: str, kinds: Collection[str]) -> dict[UUID, Errand]:
    wanted = select(Errand).where(Errand.asked_by == asked_by, Errand.kind.in_(list(kinds)))
    return {row.id: row for row in session.scalars(wanted)}


def waiting_of(session: Session, asked_by: str, kind: str) -> Errand | None:
    """Locked, so that no worker takes it up while what is asked is changed."""
    wanted = select(Errand).where(Errand.asked_by == asked_by, Errand.kind == kind, Errand.state == "waiting")
    return session.scalars(wanted.order_by(Errand.asked_at).limit(1).with_for_update()).first()


def erase_draft(session: Session, asked_by: str) -> None:
    session.execute(delete(AdoptionDraft).where(AdoptionDraft.asked_by == asked_by))
