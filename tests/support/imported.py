"""Imported once, by the process that others are copies of: what they would each do first is done."""

from __future__ import annotations

import importlib
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy.orm import configure_mappers

from governance.database import Database
from governance.mail.building import Mail, build
from governance.mail.facts import NoteLeft
from governance.mail.letter import Context
from tests.support import warm
from tests.web.conftest import config_for
from web import create_app

for _used in (
    "governance.backups.keeping",
    "governance.cli",
    "governance.mail.transports.gmail",
    "governance.mail.transports.smtp",
    "jobs.worker",
    "tests.e2e.serving",
    "tests.faults.posting",
    "tests.web.serving",
):
    importlib.import_module(_used)

_NOW = datetime(2026, 11, 23, tzinfo=UTC)
_CONTEXT = Context(site="x", public_url="https://x.example.com", recipient="x", now=_NOW, time_zone="UTC", links={})


def _write_a_letter() -> None:
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


def _compile_the_pages() -> None:
    """Of the database nobody asks anything."""
    warm.share_what_is_compiled()
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder).as_posix()}/none.db")
        templates = create_app(config_for(), database).jinja_env
        for name in templates.list_templates():
            templates.get_template(name)
        database.dispose()


configure_mappers()
_write_a_letter()
_compile_the_pages()
