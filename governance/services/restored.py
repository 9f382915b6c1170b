"""A copy of the database knows less than what was done since: it is marked, so that nothing old is done again.

Every mail that was not settled is held, every meeting waits for a person, everybody is signed out, and nobody has
anything in hands. Marking twice changes nothing but the ledger.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.services.ledger import record
from governance.services.recording import COMMAND
from governance.store import restored as store

LETS_PASS = frozenset({"held"})
"""Kinds that tell a person what waits for them: they are what a restored meeting has to say."""


@dataclass(frozen=True, slots=True)
class Marked:
    """How many mails and meetings wait for a person now, because this is a copy."""

    mails: int
    meetings: int


def mark_as_restored(session: Session, *, act: Literal["copied", "restored"], now: datetime) -> Marked:
    store.hold_mails(session)
    marked = Marked(mails=store.mails_held(session), meetings=store.hold_meetings(session))
    store.end_what_was_open(session)
    record(
        session,
        at=now,
        actor="operator",
        source=COMMAND,
        act=f"database-{act}",
        subject="database",
        after={"mails_held": marked.mails, "meetings_held": marked.meetings},
    )
    return marked


def note_backup(session: Session, *, name: str, now: datetime) -> None:
    """In the ledger of the database that was copied; the copy has an entry of its own."""
    record(
        session,
        at=now,
        actor="operator",
        source=COMMAND,
        act="backup-made",
        subject="database",
        after={"file": name},
    )


def hold_on_discovery(session: Session, meeting: Meeting) -> int:
    """The calendar shows that we are an older copy: no mail of the meeting goes out that was written before."""
    return store.hold_mails(session, meeting.id)


def is_held_back(meeting: Meeting | None, kind: str) -> bool:
    """Whether a mail that is posted now may tell again what was told after the copy was made."""
    return meeting is not None and meeting.restored_hold and kind not in LETS_PASS
