"""Posting a mail: a row in the transaction of the fact that it reports, once for each key.

    outbox.post(session, facts, meeting=meeting, about=str(mandate.id), to=person, links={"confirm": link.id}, now=now)

Posting the same again changes nothing, however often it is tried. Nothing is sent here: a worker does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance import bell
from governance.domain.money import said_amount
from governance.domain.people import fold_address
from governance.mail.facts import Facts, from_json, to_json
from governance.mail.kinds import KINDS
from governance.models.meeting import Meeting
from governance.models.outbox import Outbox
from governance.models.person import Person
from governance.services.restored import is_held_back
from governance.store import outbox as store
from governance.store.people import addresses_of


def post(
    session: Session,
    facts: Facts,
    *,
    about: str,
    to: Person | str,
    now: datetime,
    meeting: Meeting | None = None,
    links: Mapping[str, UUID] | None = None,
    due_at: datetime | None = None,
    limit_minor: int | None = None,
    money_minor: int | None = None,
) -> Outbox | None:
    """The row, or None where this very mail was posted before, is muted, or the person has no address.

    Two workers may post the same at once: one row is written, and the other worker's transaction goes on. What is
    posted for a meeting whose database is a restored copy waits for a person.

    Args:
        about: what makes this mail another one than the last of its kind: an occurrence, a day, a mandate's id.
        to: a person, or the address of somebody who is none of ours.
        links: action links by the name that the words use.
        limit_minor: the facts' limit in minor units; `facts_of` says it in words.
        money_minor: the facts' money, likewise.
    """
    address = fold_address(to) if isinstance(to, str) else _address_of(session, to)
    if address is None or store.is_posted(session, key_of(facts.KIND, meeting.id if meeting else None, about, address)):
        return None
    if not isinstance(to, str) and meeting is not None and is_muted(session, to.id, meeting.id, facts.KIND):
        return None
    person_id = None if isinstance(to, str) else to.id
    return put(
        session, facts, about=about, address=address, person_id=person_id, now=now, meeting=meeting, links=links,
        due_at=due_at, limit_minor=limit_minor, money_minor=money_minor,
    )  # fmt: skip


def put(
    session: Session,
    facts: Facts,
    *,
    about: str,
    address: str,
    person_id: UUID | None,
    now: datetime,
    meeting: Meeting | None,
    links: Mapping[str, UUID] | None = None,
    due_at: datetime | None = None,
    limit_minor: int | None = None,
    money_minor: int | None = None,
) -> Outbox | None:
    """As `post`, for whoever has asked already whether it is there, and whether it is wanted."""
    key = key_of(facts.KIND, meeting.id if meeting else None, about, address)
    body: dict[str, Any] = {"facts": to_json(facts), "links": {name: str(one) for name, one in (links or {}).items()}}
    if limit_minor is not None:
        body["limit_minor"] = limit_minor
    if money_minor is not None:
        body["money_minor"] = money_minor
    row = Outbox(
        key=key,
        kind=facts.KIND,
        meeting_id=meeting.id if meeting else None,
        about=about,
        address=address,
        person_id=person_id,
        facts_json=body,
        queued_at=now,
        due_at=due_at or now,
    )
    if is_held_back(meeting, facts.KIND):
        row.state, row.hold = "held", "restored"
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        if not store.is_posted(session, key):
            raise
        return None
    bell.ring(session)
    return row


def is_muted(session: Session, person_id: UUID, meeting_id: UUID, kind: str) -> bool:
    """Whether the person wants no mails of this kind from the meeting; there are kinds that one cannot mute."""
    topic = KINDS[kind].topic
    return topic is not None and store.is_muted(session, person_id, meeting_id, topic.value)


def facts_of(row: Outbox, currency: str) -> Facts:
    """What the mail says, with amounts as people read them."""
    body = row.facts_json
    found = dict(body["facts"])
    for name in ("limit", "money"):
        if f"{name}_minor" in body:
            found[name] = said_amount(body[f"{name}_minor"], currency)
    return from_json(row.kind, found)


def key_of(kind: str, meeting_id: UUID | None, about: str, address: str) -> str:
    return f"{kind}|{meeting_id or 'site'}|{about}|{address}"


def _address_of(session: Session, person: Person) -> str | None:
    found = addresses_of(session, person.id)
    return found[0].folded if found else None
