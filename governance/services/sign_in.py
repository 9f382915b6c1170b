"""Signing in: a one-time link opens a session, and a session ends at once when its owner says so.

What people carry cannot be guessed and is stored as its hash only. A session ends 12 hours after the last thing
done in it (looking alone writes nothing, so it does not count), and after 7 days in any case.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, cast
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import THE_SITE, Act, actor_of, may
from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.people import checked_address
from governance.mail.facts import SignIn
from governance.models import SignInLink, WebSession
from governance.models.identifiers import new_id
from governance.services import links, outbox, throttles
from governance.services.ledger import record
from governance.services.throttles import Throttle
from governance.store import sessions as store
from governance.store.standing_of_people import standing_of_address

LINK_LIFE = timedelta(minutes=15)
IDLE_LIFE = timedelta(hours=12)
SESSION_LIFE = timedelta(days=7)

BETWEEN_MAILS = timedelta(minutes=1)
# As long as a link lives: whoever uses up somebody's five leaves them with five links that work.
_MAILS = Throttle("sign-in mails", limit=5, window=LINK_LIFE)

_SALT = "governance sign-in"
_TOKEN_BYTES = 32


class LinkSpent(GovernanceError):
    """The link was used, has expired, or never was one; which of them is nobody's business."""

    def __init__(self) -> None:
        super().__init__("Ask for a new sign-in address", "each works once, for 15 minutes")


class _NotKnown(Exception):
    """Ends the savepoint in which a stranger's link was made."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A session just opened: what its browser is to carry, and the path of the page that was wanted."""

    token: str
    leads_to: str | None = None


@dataclass(frozen=True, slots=True)
class OpenSession:
    """A session as its requests see it; `csrf` is what each of its forms carries."""

    address: str
    is_admin: bool
    csrf: str
    ends_at: datetime


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


def mail_link(
    session: Session,
    *,
    address: str,
    admins: Collection[str],
    secret_key: str,
    now: datetime,
    leads_to: str | None = None,
    is_vouched: bool = False,
) -> None:
    """Have a one-time link mailed to somebody we know; for everybody else the very same is done, and undone.

    So neither the answer nor the time it takes tells who is known here. Nothing is put down in the ledger: anybody
    can ask, and what they asked for lies in the outbox.

    Args:
        is_vouched: the caller knows whose address it is, as with the person that a link of a mail names.

    Raises:
        MalformedAddress: when `address` cannot be an e-mail address.
        TooOften: when too many were asked for with this address, known or not.
    """
    folded = checked_address(address)
    if not throttles.allow(session, f"sign-in mail lately|{folded}", 1, BETWEEN_MAILS, now):
        return
    throttles.count(session, _MAILS, folded, now)
    store.remove_expired(session, now)
    is_admin, is_known = is_administrator(folded, admins), may_sign_in(session, folded, admins, now)
    with suppress(_NotKnown), session.begin_nested():
        _post_link(session, folded, is_admin=is_admin, secret_key=secret_key, now=now, leads_to=leads_to)
        if not (is_known or is_vouched):
            raise _NotKnown


def token_of(link_id: UUID, secret_key: str) -> str:
    """The last part of a mailed link's address; made anew whenever the mail is built, because only its hash is kept."""
    return links.signed(link_id, secret_key, salt=_SALT)


def link_is_open(session: Session, token: str, now: datetime) -> bool:
    """Whether the link would still work; looking does not use it, because mail scanners look at everything."""
    link = store.link_of(session, _hash(token))
    return link is not None and _is_open(link, now)


def use_link(
    session: Session, token: str, *, now: datetime, previous: str | None = None, agent: str | None = None
) -> Opening:
    """Spend the link and open a session; `previous` is the token of the one that it takes the place of.

    Raises:
        LinkSpent: when the link is used, expired or unknown.
    """
    link = store.link_of(session, _hash(token), for_use=True)
    if link is None or not _is_open(link, now):
        raise LinkSpent
    link.used_at = now
    opened = open_session(
        session, link.address, is_admin=link.is_admin, how="link", now=now, previous=previous, agent=agent
    )
    return Opening(opened, link.leads_to)


def open_session(
    session: Session,
    address: str,
    *,
    is_admin: bool,
    how: str,
    now: datetime,
    previous: str | None = None,
    agent: str | None = None,
) -> str:
    """A new session's token, never one that the browser had before; whoever calls has made sure who it is."""
    end_session(session, previous)
    store.remove_expired(session, now)
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session.add(
        WebSession(
            token_hash=_hash(token),
            address=address,
            is_admin=is_admin,
            made_at=now,
            seen_at=now,
            expires_at=now + SESSION_LIFE,
            csrf=secrets.token_urlsafe(_TOKEN_BYTES),
            how=how,
            agent=agent,
        )
    )
    _note(session, "signed-in", address, now)
    return token


def is_administrator(folded: str, admins: Collection[str]) -> bool:
    return folded in {one.strip().casefold() for one in admins}


def may_sign_in(session: Session, folded: str, admins: Collection[str], now: datetime) -> bool:
    """Whoever has a part in a meeting, or will have one: who gets a seat next week is told so today."""
    person = standing_of_address(session, folded)
    is_admin = is_administrator(folded, admins)
    return may(actor_of(person.id, person.standings, now, is_admin=is_admin, is_ahead=True), Act.SIGN_IN, THE_SITE)


def session_of(session: Session, token: str | None, now: datetime) -> OpenSession | None:
    """The session, when it is still open."""
    found = store.look_at(session, _hash(token)) if token else None
    if found is None or not is_running(cast(Lasting, found), now):
        return None
    return OpenSession(found.address, found.is_admin, found.csrf, _end(cast(Lasting, found)))


class Lasting(Protocol):
    """What tells how long a session lasts."""

    @property
    def expires_at(self) -> datetime: ...
    @property
    def seen_at(self) -> datetime: ...


def is_running(found: Lasting, now: datetime) -> bool:
    return now < _end(found)


def _end(found: Lasting) -> datetime:
    return min(found.expires_at, found.seen_at + IDLE_LIFE)


def keep_open(session: Session, token: str | None, now: datetime) -> None:
    """Note that something was done in the session."""
    found = store.session_of(session, _hash(token)) if token else None
    if found is not None:
        found.seen_at = now


def end_session(session: Session, token: str | None) -> None:
    if token:
        store.remove_session(session, _hash(token))


def is_session(found: WebSession, token: str | None) -> bool:
    """Whether it is the session of this token."""
    return token is not None and found.token_hash == _hash(token)


def _post_link(
    session: Session, folded: str, *, is_admin: bool, secret_key: str, now: datetime, leads_to: str | None
) -> None:
    link_id = new_id()
    session.add(
        SignInLink(
            id=link_id,
            token_hash=_hash(token_of(link_id, secret_key)),
            address=folded,
            is_admin=is_admin,
            made_at=now,
            expires_at=now + LINK_LIFE,
            leads_to=leads_to,
        )
    )
    # To the address that was asked for, of all that the person may have.
    outbox.post(session, SignIn(), about=str(link_id), to=folded, links={"sign-in": link_id}, now=now)


def _is_open(link: SignInLink, now: datetime) -> bool:
    return link.used_at is None and now < link.expires_at


def _hash(token: str) -> str:
    # No salt and no slow hash: the token cannot be guessed, so that nothing is won by trying.
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
