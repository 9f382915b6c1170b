"""Posting a mail: a row in the transaction of the fact that it reports, once for each key.

    outbox.post(session, facts, meeting=meeting, about=str(mandate.id), to=person, links={"confirm": link.id}, now=now)

Posting the same again changes nothing, however often it is tried. Nothing is sent here: a worker does that.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance import bell
from governance.domain.people import fold_address
from governance.mail.facts import Facts, to_json
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
) -> Outbox | None:
    """The row, or None where this very mail was posted before or the person has no address.

    Args:
        about: what makes this mail another one than the last of its kind: an occurrence, a day, a mandate's id.
        to: a person, or the address of somebody who is none of ours.
        links: action links by the name that the words use.
    """
    address = fold_address(to) if isinstance(to, str) else _address_of(session, to)
    if address is None:
        return None
    key = key_of(facts.KIND, meeting.id if meeting else None, about, address)
    if store.is_posted(session, key):
        return None
    body: dict[str, Any] = {"facts": to_json(facts), "links": {name: str(one) for name, one in (links or {}).items()}}
    row = Outbox(
        key=key,
        kind=facts.KIND,
        meeting_id=meeting.id if meeting else None,
        about=about,
        address=address,
        person_id=None if isinstance(to, str) else to.id,
        facts_json=body,
        queued_at=now,
        due_at=due_at or now,
    )
    if is_held_back(meeting, facts.KIND):
        row.state, row.hold = "held", "restored"
    session.add(row)
    session.flush()
    bell.ring(session)
    return row


def key_of(kind: str, meeting_id: UUID | None, about: str, address: str) -> str:
    return f"{kind}|{meeting_id or 'site'}|{about}|{address}"


def _address_of(session: Session, person: Person) -> str | None:
    found = addresses_of(session, person.id)
    return found[0].folded if found else None
