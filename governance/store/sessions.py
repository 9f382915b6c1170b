"""One-time links and the sessions they open; only hashes are stored, so a copy of the database opens no door."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Executable, Row, String, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from governance.models import Address, SignInLink, WebSession
from governance.store.rows import rows_of


def link_of(session: Session, token_hash: str, *, for_use: bool = False) -> SignInLink | None:
    """The link, locked until the transaction ends when it is `for_use`: two clicks at once make one session."""
    query = select(SignInLink).where(SignInLink.token_hash == token_hash)
    return session.scalar(query.with_for_update() if for_use else query)


def session_of(session: Session, token_hash: str) -> WebSession | None:
    return session.scalar(select(WebSession).where(WebSession.token_hash == token_hash))


def look_at(session: Session, token_hash: str) -> Row[Any] | None:
    """What a request has to know of its session, and nothing that could be changed."""
    return rows_of(session, _of_token(), {"token_hash": token_hash}).one_or_none()


@cache
def _of_token() -> Executable:
    """Put together once: every request asks it."""
    known = (WebSession.address, WebSession.is_admin, WebSession.csrf, WebSession.expires_at, WebSession.seen_at)
    return select(*known).where(WebSession.token_hash == bindparam("token_hash", type_=String()))


def sessions_of(session: Session, address: str, now: datetime) -> Sequence[WebSession]:
    """Every session of the person whose address it is, opened with whichever of their addresses; the newest first."""
    query = select(WebSession).where(_is_of(address), WebSession.expires_at > now)
    return session.scalars(query.order_by(WebSession.seen_at.desc(), WebSession.id)).all()


def session_with(session: Session, session_id: UUID, address: str) -> WebSession | None:
    """The session, when it is one of that person's."""
    return session.scalar(select(WebSession).where(WebSession.id == session_id, _is_of(address)))


def remove_session(session: Session, token_hash: str) -> None:
    session.execute(delete(WebSession).where(WebSession.token_hash == token_hash))


def remove_expired(session: Session, now: datetime) -> None:
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
    session.execute(delete(SignInLink).where(SignInLink.expires_at <= now))


def _is_of(address: str) -> ColumnElement[bool]:
    """An administrator need not be a person of ours: then the address stands for itself."""
    owner = select(Address.person_id).where(Address.folded == address).scalar_subquery()
    theirs = select(Address.folded).where(Address.person_id == owner)
    return or_(WebSession.address == address, WebSession.address.in_(theirs))
