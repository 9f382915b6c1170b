"""Where somebody is signed in, for themselves to see and to end; nobody else sees it, administrators included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.models import WebSession
from governance.services.ledger import record
from governance.services.sign_in import is_running, is_session
from governance.store import sessions as store


class NoSuchSession(GovernanceError):
    """The session is over, never was one, or is somebody else's; which of them is nobody's business."""

    def __init__(self) -> None:
        super().__init__("Look at the list again", "this session is over")


@dataclass(frozen=True, slots=True)
class SessionLine:
    """`acted_at` is when something was last done in it; looking alone leaves no trace."""

    id: UUID
    how: str | None
    agent: str | None
    opened_at: datetime
    acted_at: datetime
    is_this_one: bool


def sessions_of(session: Session, address: str, token: str | None, now: datetime) -> Sequence[SessionLine]:
    """The sessions of the person with this address, this one first."""
    lines = [_line(found, token) for found in store.sessions_of(session, address, now) if is_running(found, now)]
    return sorted(lines, key=lambda line: not line.is_this_one)


def end_one(session: Session, session_id: UUID, address: str, now: datetime) -> None:
    """Raises `NoSuchSession`, also for the session of another person."""
    found = store.session_with(session, session_id, address)
    if found is None:
        raise NoSuchSession
    _end(session, [found], now)


def end_others(session: Session, address: str, token: str | None, now: datetime) -> None:
    _end(session, [one for one in store.sessions_of(session, address, now) if not is_session(one, token)], now)


def _end(session: Session, ended: Sequence[WebSession], now: datetime) -> None:
    for one in ended:
        session.delete(one)
        record(
            session,
            at=now,
            actor="somebody",
            source="sign-in",
            act="session-ended",
            subject=str(one.id),
            confidentiality=Confidentiality.PRIVATE,
            before={"address": one.address},
        )


def _line(found: WebSession, token: str | None) -> SessionLine:
    return SessionLine(
        id=found.id,
        how=found.how,
        agent=found.agent,
        opened_at=found.made_at,
        acted_at=found.seen_at,
        is_this_one=is_session(found, token),
    )
