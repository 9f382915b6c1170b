"""What the operator's pages read, in few statements; no object is mapped, as in `governance.store.installation`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Row,
    Select,
    String,
    Table,
    Uuid,
    cast,
    column,
    func,
    literal,
    null,
    select,
    table,
    union_all,
)
from sqlalchemy.orm import Session

from governance.models.lease import Lease
from governance.models.meeting import Meeting, Pause
from governance.models.outbox import Outbox
from governance.models.trouble import Breaker, Quarantine
from governance.models.types import UtcDateTime


def _table(model: Any) -> Table:
    found = model.__table__
    assert isinstance(found, Table)  # noqa: S101
    return found


_MEETINGS, _PAUSES, _LEASES, _OUTBOX = _table(Meeting), _table(Pause), _table(Lease), _table(Outbox)
_BREAKERS, _QUARANTINES = _table(Breaker), _table(Quarantine)

ACCOUNT, EVENT, LEASE, PAUSE, SCHEMA = "account", "event", "lease", "pause", "schema"

_COLUMNS: dict[str, Any] = {
    "id": Uuid(),
    "meeting_id": Uuid(),
    "calendar_id": Uuid(),
    "worker_id": Uuid(),
    "subject": String(),
    "event_id": String(),
    "since": UtcDateTime(),
    "retry_at": UtcDateTime(),
    "taken_at": UtcDateTime(),
    "problem_code": String(),
    "problem_text": String(),
    "problem_remedy": String(),
    "first_day": Date(),
    "last_day": Date(),
}

TROUBLED = ("unclear", "failed", "held")
"""States of a mail that waits for a person, or will not go out at all."""


@dataclass(frozen=True, slots=True)
class MailRow:
    id: UUID
    kind: str
    slug: str | None
    meeting: str | None
    meeting_id: UUID | None
    address: str
    state: str
    hold: str | None
    attempts: int
    queued_at: datetime
    begun_at: datetime | None
    problem_code: str | None
    problem_text: str | None


def what_stands(session: Session) -> dict[str, list[Row[Any]]]:
    """Accounts left alone, events set aside, leases, pauses and the schema, by what they are; one statement.

    The attributes are those of the rows themselves, so that whoever judges one kind of row can be handed these.
    """
    version = table("alembic_version", column("version_num", String()))
    events = _part(EVENT, _QUARANTINES).join(_MEETINGS, _MEETINGS.c.id == _QUARANTINES.c.meeting_id)
    parts = (
        _part(ACCOUNT, _BREAKERS).where(_BREAKERS.c.open_until.is_not(None)),
        events.where(_QUARANTINES.c.retry_at.is_not(None), _MEETINGS.c.released_at.is_(None)),
        _part(LEASE, _LEASES),
        _part(PAUSE, _PAUSES),
        _values(SCHEMA, {"subject": version.c.version_num}).select_from(version),
    )
    every = union_all(*parts).subquery()
    found: dict[str, list[Row[Any]]] = {what: [] for what in (ACCOUNT, EVENT, LEASE, PAUSE, SCHEMA)}
    for row in session.execute(select(every).order_by(every.c.what, every.c.since, every.c.id)):
        found[row.what].append(row)
    return found


def mail_counts(session: Session) -> list[tuple[str, str, int]]:
    """Kind, state and number of all mails there are."""
    mails = _OUTBOX.c
    rows = session.execute(select(mails.kind, mails.state, func.count()).group_by(mails.kind, mails.state))
    return [(kind, state, many) for kind, state, many in rows]


def troubled_mails(session: Session, limit: int) -> list[MailRow]:
    """Those that are unclear, failed or held, the newest first."""
    newest = _troubled().order_by(_OUTBOX.c.queued_at.desc(), _OUTBOX.c.id.desc()).limit(limit)
    return [MailRow(*row) for row in session.execute(newest)]


def troubled_mail(session: Session, mail_id: UUID) -> MailRow | None:
    row = session.execute(_troubled().where(_OUTBOX.c.id == mail_id)).one_or_none()
    return None if row is None else MailRow(*row)


def _troubled() -> Select[Any]:
    mails = _OUTBOX.c
    return (
        select(
            mails.id,
            mails.kind,
            _MEETINGS.c.slug,
            _MEETINGS.c.name,
            mails.meeting_id,
            mails.address,
            mails.state,
            mails.hold,
            mails.attempts,
            mails.queued_at,
            mails.begun_at,
            mails.problem_code,
            mails.problem_text,
        )
        .outerjoin_from(_OUTBOX, _MEETINGS, _MEETINGS.c.id == mails.meeting_id)
        .where(mails.state.in_(TROUBLED))
    )


def _part(what: str, of: Table) -> Select[Any]:
    return _values(what, {name: of.c[name] for name in _COLUMNS if name in of.c}).select_from(of)


def _values(what: str, given: dict[str, Any]) -> Select[Any]:
    columns = [given.get(name, cast(null(), kind)).label(name) for name, kind in _COLUMNS.items()]
    return select(literal(what).label("what"), *columns)
