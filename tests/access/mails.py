"""What somebody reads who gets a mail: the finished mail taken apart, in all its parts."""

from __future__ import annotations

import email
import email.policy
from importlib import import_module
from importlib.util import find_spec

from governance.mail.facts import from_json
from governance.mail.letter import Context
from governance.models import Meeting, Outbox
from tests.web.conftest import ADDRESS

BUILDING = "governance.mail.building"


def text_of(row: Outbox, meeting: Meeting | None) -> str:
    """The mail with its headers; where nothing builds mails, the facts that they are made of."""
    facts = repr(row.facts_json)
    if find_spec(BUILDING) is None:
        return facts
    building = import_module(BUILDING)
    mail = building.Mail(
        id=row.id, kind=row.kind, facts=from_json(row.kind, row.facts_json["facts"]), context=_context(row, meeting),
        recipient=row.address, sender="Meetings <meetings@example.com>", reply_to=None, date=row.queued_at,
    )  # fmt: skip
    message = email.message_from_bytes(building.build(mail).content, policy=email.policy.default)
    parts = [part.get_content() for part in message.walk() if part.get_content_maintype() == "text"]
    return "\n".join([facts, *(f"{name}: {value}" for name, value in message.items()), *map(str, parts)])


def _context(row: Outbox, meeting: Meeting | None) -> Context:
    return Context(
        site="Meetings",
        public_url=ADDRESS,
        recipient=row.address,
        now=row.queued_at,
        time_zone=meeting.time_zone if meeting else "UTC",
        meeting=meeting.name if meeting else None,
        slug=meeting.slug if meeting else None,
        links={name: f"{ADDRESS}/l/{name}" for name in row.facts_json["links"]},
    )
