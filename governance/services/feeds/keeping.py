"""Making and revoking the address of somebody's calendar feed; a person has one that works, or none."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.domain.ledger import Confidentiality
from governance.models import CalendarFeed
from governance.services.ledger import record
from governance.services.links import link_id_of, signed
from governance.store import feeds as store

_SALT = "governance calendar feed"


def make(session: Session, person_id: UUID, *, now: datetime, source: str) -> None:
    """A new address; the one before answers nobody any more."""
    _revoke(session, person_id, now, source)
    feed = CalendarFeed(person_id=person_id, made_at=now)
    try:
        with session.begin_nested():
            session.add(feed)
    except IntegrityError:  # another click at the same moment made one
        return
    _note(session, feed, "feed-made", now, source)


def revoke(session: Session, person_id: UUID, *, now: datetime, source: str) -> None:
    """Said once more, it changes nothing."""
    _revoke(session, person_id, now, source)


def own_address(session: Session, person_id: UUID, public_url: str, secret_key: str) -> tuple[str, datetime] | None:
    """Where the person's feed is read, and since when; None where they have none."""
    feed = store.open_feed(session, person_id)
    return (address_of(feed, public_url, secret_key), feed.made_at) if feed else None


def address_of(feed: CalendarFeed, public_url: str, secret_key: str) -> str:
    return f"{public_url.rstrip('/')}/calendar/{signed(feed.id, secret_key, salt=_SALT)}.ics"


def person_of_token(session: Session, token: str, secret_key: str) -> UUID | None:
    """Whose feed it is; None for what was never signed by us, never made, or revoked."""
    feed_id = link_id_of(token, secret_key, salt=_SALT)
    feed = store.feed_with(session, feed_id) if feed_id else None
    return feed.person_id if feed else None


def _revoke(session: Session, person_id: UUID, now: datetime, source: str) -> None:
    feed = store.locked_feed(session, person_id)
    if feed is None:
        return
    feed.revoked_at = now
    session.flush()
    _note(session, feed, "feed-revoked", now, source)


def _note(session: Session, feed: CalendarFeed, act: str, now: datetime, source: str) -> None:
    record(
        session, at=now, actor=f"person:{feed.person_id}", source=source, act=act, subject=f"feed:{feed.id}",
        confidentiality=Confidentiality.PRIVATE,
    )  # fmt: skip
