"""The summaries and briefs that somebody was sent: rows of the outbox, which keeps them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, String, Uuid, and_, bindparam, cast, or_, select, tuple_
from sqlalchemy.orm import Session, aliased

from governance.models import Outbox
from governance.store.together import MEETING, Question

OF_A_MEETING = ("summary", "brief", "brief-changed")
TOGETHER = "summaries"
"""One mail about several meetings: it belongs to each that it has a section of."""


def some_sent(
    session: Session, person_id: UUID, meeting_id: UUID, limit: int, below: UUID | None = None
) -> Sequence[Any]:
    """Without what they said, newest first; `below` is the last one that was shown."""
    query = select(Outbox.id, Outbox.kind, Outbox.about, Outbox.sent_at)
    query = query.where(*_sent(person_id, meeting_id, str(meeting_id)))
    if below is not None:
        last = aliased(Outbox)
        shown = select(last.sent_at, last.id).where(last.id == below, last.person_id == person_id)
        query = query.where(tuple_(Outbox.sent_at, Outbox.id) < shown.scalar_subquery())
    return session.execute(query.order_by(Outbox.sent_at.desc(), Outbox.id.desc()).limit(limit)).all()


def one_sent(session: Session, person_id: UUID, meeting_id: UUID, mail_id: UUID) -> Outbox | None:
    """None for one that went to somebody else, or is of another meeting, as for one that never was."""
    query = select(Outbox).where(Outbox.id == mail_id, *_sent(person_id, meeting_id, str(meeting_id)))
    return session.scalars(query).one_or_none()


def any_sent() -> Question:
    """Whether the `reader` was ever sent one of the meeting, whose id is the `section` as text, too."""
    reader, section = bindparam("reader", type_=Uuid()), bindparam("section", type_=String())
    return select(Outbox.id).where(*_sent(reader, MEETING, section)).limit(1)


def _sent(person_id: Any, meeting_id: Any, section: Any) -> tuple[ColumnElement[bool], ...]:
    own = and_(Outbox.kind.in_(OF_A_MEETING), Outbox.meeting_id == meeting_id)
    together = and_(Outbox.kind == TOGETHER, cast(Outbox.facts_json, String).contains(section))
    return Outbox.person_id == person_id, Outbox.state == "sent", or_(own, together)
