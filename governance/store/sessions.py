"""One-time links and the sessions they open; only hashes are stored, so a copy of the database opens no door."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance.models import SignInLink, WebSession


def link_of(session: Session, token_hash: str, *, for_use: bool = False) -> SignInLink | None:
    """The link, locked until the transaction ends when it is `for_use`: two clicks at once make one session."""
    query = select(SignInLink).where(SignInLink.token_hash == token_hash)
    return session.scalar(query.with_for_update() if for_use else query)


def session_of(session: Session, token_hash: str) -> WebSession | None:
    return session.scalar(select(WebSession).where(WebSession.token_hash == token_hash))


def remove_session(session: Session, token_hash: str) -> None:
    session.execute(delete(WebSession).where(WebSession.token_hash == token_hash))


def remove_expired(session: Session, now: datetime) -> None:
    session.execute(delete(WebSession).where(WebSession.expires_at <= now))
    session.execute(delete(SignInLink).where(SignInLink.expires_at <= now))
