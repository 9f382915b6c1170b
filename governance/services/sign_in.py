"""Signing in: a one-time link opens a session, and a session ends at once when its owner says so.

What people carry is random (256 bits) and stored as its hash only. A session ends 12 hours after the last thing
done in it (looking alone writes nothing, so it does not count), and after 7 days in any case.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from itsdangerous import Signer
from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.people import checked_address
from governance.mail.facts import SignIn
from governance.models import Person, SignInLink, WebSession
from governance.models.identifiers import new_id
from governance.services import outbox
from governance.services.ledger import record
from governance.store import sessions as store
from governance.store.people import addresses_of

LINK_LIFE = timedelta(minutes=15)
IDLE_LIFE = timedelta(hours=12)
SESSION_LIFE = timedelta(days=7)

_TOKEN_BYTES = 32


class LinkSpent(GovernanceError):
    """The link was used, has expired, or never was one; which of them is nobody's business."""

    def __init__(self) -> None:
        super().__init__(
            "Ask for a new sign-in address (an administrator prints one with “governance sign-in”)",
            "each works once, for 15 minutes",
        )


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its requests see it; `csrf` is what each of its forms carries."""

    address: str
    is_admin: bool
    csrf: str


def make_sign_in_link(session: Session, *, address: str, now: datetime, public_url: str, is_admin: bool = True) -> str:
    """The address to open within 15 minutes; it works once.

    Raises:
        MalformedAddress: when `address` cannot be an e-mail address.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    folded = checked_address(address)
    store.remove_expired(session, now)
    session.add(
        SignInLink(token_hash=_hash(token), address=folded, is_admin=is_admin, made_at=now, expires_at=now + LINK_LIFE)
    )
    _note(session, "sign-in-address-made", folded, now)
    return f"{public_url.rstrip('/')}/sign-in/{token}"


def mail_sign_in_link(session: Session, person: Person, *, about: str, key: str, now: datetime) -> bool:
    """Mail the person an address that signs them in; whether there was none about the same already.

    The row's id, signed, is the token: so the mail can be built again, and a copy of the database opens no door.
    """
    link_id = new_id()
    addresses = addresses_of(session, person.id)
    if not addresses:
        return False
    posted = outbox.post(session, SignIn(), about=about, to=person, now=now, links={"sign-in": link_id})
    if posted is None:
        return False
    store.remove_expired(session, now)
    session.add(
        SignInLink(
            id=link_id,
            token_hash=_hash(token_of(link_id, key)),
            address=addresses[0].folded,
            is_admin=False,
            made_at=now,
            expires_at=now + LINK_LIFE,
        )
    )
    _note(session, "sign-in-address-made", addresses[0].folded, now)
    return True


def token_of(link_id: UUID, key: str) -> str:
    """The last part of the address that was mailed."""
    packed = base64.urlsafe_b64encode(link_id.bytes).rstrip(b"=")
    signer = Signer(key, salt="governance sign-in", digest_method=hashlib.sha256, key_derivation="hmac")
    return signer.sign(packed).decode()


def link_is_open(session: Session, token: str, now: datetime) -> bool:
    """Whether the link would still work; looking does not use it, because mail scanners look at everything."""
    link = store.link_of(session, _hash(token))
    return link is not None and _is_open(link, now)


def use_link(session: Session, token: str, *, now: datetime, previous: str | None = None) -> str:
    """Spend the link and open a session; returns the new session's token. `previous` is the one it takes the place of.

    Raises:
        LinkSpent: when the link is used, expired or unknown.
    """
    link = store.link_of(session, _hash(token), for_use=True)
    if link is None or not _is_open(link, now):
        raise LinkSpent
    link.used_at = now
    end_session(session, previous)
    store.remove_expired(session, now)
    opened = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(_new_session(opened, link, now))
    _note(session, "signed-in", link.address, now)
    return opened


def session_of(session: Session, token: str | None, now: datetime) -> OpenSession | None:
    """The session, when it is still open."""
    found = store.session_of(session, _hash(token)) if token else None
    if found is None or now >= min(found.expires_at, found.seen_at + IDLE_LIFE):
        return None
    return OpenSession(found.address, found.is_admin, found.csrf)


def keep_open(session: Session, token: str | None, now: datetime) -> None:
    """Note that something was done in the session."""
    found = store.session_of(session, _hash(token)) if token else None
    if found is not None:
        found.seen_at = now


def end_session(session: Session, token: str | None) -> None:
    if token:
        store.remove_session(session, _hash(token))


def _new_session(token: str, link: SignInLink, now: datetime) -> WebSession:
    return WebSession(
        token_hash=_hash(token),
        address=link.address,
        is_admin=link.is_admin,
        made_at=now,
        seen_at=now,
        expires_at=now + SESSION_LIFE,
        csrf=secrets.token_urlsafe(_TOKEN_BYTES),
    )


def _is_open(link: SignInLink, now: datetime) -> bool:
    return link.used_at is None and now < link.expires_at


def _hash(token: str) -> str:
    # No salt and no slow hash: the token is random and far too long to be guessed.
    return hashlib.sha256(token.encode()).hexdigest()


def _note(session: Session, act: str, address: str, now: datetime) -> None:
    record(
        session,
        at=now,
        actor="somebody",
        source="sign-in",
        act=act,
        subject=str(new_id()),
        confidentiality=Confidentiality.PRIVATE,
        after={"address": address},
    )
