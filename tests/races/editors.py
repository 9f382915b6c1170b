"""Processes that all edit the same draft, each telling what it wrote, over which version, and what it was shown."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from typing import Any
from uuid import UUID

from governance.database import Database
from governance.domain.access import Actor
from governance.models import Decision
from governance.services.decisions import drafting
from governance.services.decisions.doing import begin
from governance.services.decisions.refusals import ChangedSince
from governance.store.meetings import meeting_by_slug
from tests.support.cast import NOW, SLUG


def edit(url: str, ref: str, version: int, who: int, times: int, told: str) -> int:
    """Each edit is made to what was last seen: read at the beginning, written oneself, or shown after a refusal."""
    database = Database(url)
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for number in range(times):
        found: dict[str, Any] = {"wrote": f"{who} {number}", "over": version}
        try:
            version = _save(database, ref, found["wrote"], version)
            found |= {"version": version}
        except ChangedSince:
            with database.reading() as session:
                row = session.get_one(Decision, UUID(ref))
                version = row.version
                found |= {"shown": row.question, "shown_version": version}
        os.write(out, f"{json.dumps(found)}\n".encode())
    return 0


def _save(database: Database, ref: str, text: str, version: int) -> int:
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        doing = begin(session, meeting, ref, actor="test", who=Actor(), source="web", now=NOW)
        drafting.reword(doing, replace(drafting.terms_of(doing.row), question=text), version)
        session.flush()
        return doing.row.version
