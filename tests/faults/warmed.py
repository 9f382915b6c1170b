"""Imported once, by the process that all workers under test are copies of: what they would each do first is done."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.orm import configure_mappers

import governance.mail.transports.gmail
import governance.mail.transports.smtp
import jobs.worker
import tests.faults.posting
from governance.mail.building import Mail, build
from governance.mail.facts import NoteLeft
from governance.mail.letter import Context

assert jobs.worker
assert tests.faults.posting
assert governance.mail.transports.gmail

_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_CONTEXT = Context(site="x", public_url="https://x.example.com", recipient="x", now=_NOW, time_zone="UTC", links={})

configure_mappers()
build(
    Mail(
        id=UUID(int=1),
        kind="note",
        facts=NoteLeft(department="x", name="x", address="x@example.com", text="x"),
        context=_CONTEXT,
        recipient="x@example.com",
        sender="x@example.com",
        reply_to=None,
        date=_NOW,
    )
)
