"""Links that act: made with the mail that carries them, shown by GET, used once by POST.

A link's address is its row's id, signed with the site's key: a copy of the database opens no door, and the same mail
can be built again, byte for byte.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Mapping, Set
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.models.outbox import ActionLink
from governance.models.person import Person
from governance.store import outbox as store

LASTS = timedelta(days=14)

_SALT = "governance action link"


class Purpose(StrEnum):
    """What a link lets its person do; stable, because it lies in rows."""

    CONFIRM_MANDATE = "confirm-mandate"
    """On its page the sponsor confirms, changes or declines."""
    RENEW_MANDATE = "renew-mandate"
    NAME_STAND_IN = "name-stand-in"
    COME_AFTER_ALL = "come-after-all"
    GRANT_DEPUTY = "grant-deputy"
    APPLY = "apply"
    LEAVE_NOTE = "leave-note"
    DECIDE_HELD = "decide-held"
    """On its page chair or scribe approves, rejects, admits as visitor or gives the vacant seat."""
    ADMIT_REMOVED = "admit-removed"
    """On its page the chair admits as visitor, gives the vacant seat, or undoes."""
    ENDORSE = "endorse"
    ACCEPT_OFFER = "accept-offer"
    DECLINE_OFFER = "decline-offer"
    DECIDE_CONTESTED = "decide-contested"
    SETTLE_PROMISE = "settle-promise"
    """On its page the owner says that it is done, or that it slips."""
    RATIFY = "ratify"
    """On its page the sponsor gives their word on what is beyond a mandate, or declines."""
    COMMIT = "commit"
    """On its page a seat that was away says what it will do about a decision."""


MANDATE_PURPOSES = (Purpose.CONFIRM_MANDATE, Purpose.RENEW_MANDATE)

GRAVE = frozenset({
    Purpose.CONFIRM_MANDATE,
    Purpose.RENEW_MANDATE,
    Purpose.DECIDE_HELD,
    Purpose.ADMIT_REMOVED,
    Purpose.DECIDE_CONTESTED,
    Purpose.ACCEPT_OFFER,
    Purpose.RATIFY,
})  # fmt: skip
"""What gives rights, speaks for a department, or changes the roster for long: whoever has only the link must sign in as
the person it names.
"""


def make_link(
    session: Session,
    purpose: Purpose,
    person: Person,
    thing: Mapping[str, Any],
    *,
    now: datetime,
    meeting: Meeting | UUID | None = None,
    lasts: timedelta = LASTS,
) -> ActionLink:
    row = ActionLink(
        purpose=purpose.value,
        person_id=person.id,
        meeting_id=meeting.id if isinstance(meeting, Meeting) else meeting,
        thing_json=dict(thing),
        made_at=now,
        expires_at=now + lasts,
    )
    session.add(row)
    session.flush()
    return row


def revoke(session: Session, meeting: Meeting, purposes: Iterable[Purpose], now: datetime, **things: Set[str]) -> None:
    """What these links were for is gone: the open ones about one of the things do nothing any more."""
    for link in store.open_links(session, meeting.id, [one.value for one in purposes], now):
        if all(link.thing_json.get(name) in wanted for name, wanted in things.items()):
            link.revoked_at = now


def signed(link_id: UUID, secret_key: str, *, salt: str = _SALT) -> str:
    """The last part of the link's address; a token of one `salt` is none of another."""
    return str(_signer(secret_key, salt).sign(_packed(link_id)).decode())


def link_id_of(token: str, secret_key: str, *, salt: str = _SALT) -> UUID | None:
    """The row that the token stands for; None when it was not signed by us, or for something else."""
    from itsdangerous import BadSignature

    try:
        packed = _signer(secret_key, salt).unsign(token.encode())
        return UUID(bytes=base64.urlsafe_b64decode(packed + b"=="))
    except (BadSignature, ValueError):
        return None


def _packed(link_id: UUID) -> bytes:
    return base64.urlsafe_b64encode(link_id.bytes).rstrip(b"=")


def preference_token(person_id: UUID, meeting_id: UUID | None, topic: str, secret_key: str) -> str:
    """Opens nothing but what the person wants to hear of the meeting, or of all their meetings; it never expires, as
    mails are kept for years.
    """
    return str(_preferences(secret_key).dumps([person_id.hex, meeting_id.hex if meeting_id else "", topic]))


def preference_of_token(token: str, secret_key: str) -> tuple[UUID, UUID | None, str] | None:
    """Person, meeting (None: all of theirs) and topic; None when it was not signed by us."""
    from itsdangerous import BadData

    try:
        person, meeting, topic = _preferences(secret_key).loads(token)
        return UUID(person), UUID(meeting) if meeting else None, str(topic)
    except (BadData, ValueError, TypeError, AttributeError):
        return None


def _preferences(secret_key: str) -> Any:
    from itsdangerous import URLSafeSerializer

    signing = {"digest_method": _sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret_key, salt="governance preferences", signer_kwargs=signing)


def _signer(secret_key: str, salt: str) -> Any:
    # Loaded here: whoever makes links with a mail need not be able to sign them.
    from itsdangerous import Signer

    return Signer(secret_key, salt=salt, digest_method=_sha256, key_derivation="hmac")


def _sha256(data: bytes = b"") -> Any:
    import hashlib

    return hashlib.sha256(data)
