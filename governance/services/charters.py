"""The charter of a meeting: a new version of it, from a file or from a form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from governance.database import ChangedMeanwhile
from governance.domain.charter import Charter, CharterRefused, read_charter
from governance.domain.charter_file import write_charter
from governance.domain.measures import named_twice, without_values
from governance.models.meeting import CharterVersion, Meeting
from governance.services.measures import rename_values, take_values
from governance.services.recording import COMMAND, note
from governance.store import meetings as store


def set_charter(
    session: Session, meeting: Meeting, text: str, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """A new version of the charter from the text of a file, which is kept as it was given.

    A text that says the same as the charter in force makes no version; values that it brings along are taken from it
    all the same, as far as no page has spoken of their day.

    Raises:
        CharterRefused: with every fault.
    """
    charter = _usable(text)
    present = store.charter_in_force(session, meeting.id)
    if present is None or not _says_the_same(present.source, text, charter):
        _set(session, meeting, present, text, actor=actor, now=now, source=source)
    take_values(session, meeting, charter, actor=actor, now=now, source=source)


def change_charter(
    session: Session,
    meeting: Meeting,
    charter: Charter,
    *,
    actor: str,
    now: datetime,
    source: str,
    renamed: Mapping[str, str] | None = None,
) -> None:
    """A new version from what a form says; values stay what they are, and go along with a measure that is `renamed`.

    Raises:
        CharterRefused: with every fault.
    """
    text = write_charter(without_values(charter))
    _usable(text)
    present = store.charter_in_force(session, meeting.id)
    if present is not None and without_values(read_charter(present.source)) == without_values(charter):
        return
    moved = {old: new for old, new in (renamed or {}).items() if rename_values(session, meeting, old, new)}
    _set(session, meeting, present, text, actor=actor, now=now, source=source, renamed=moved)


def bring_back(
    session: Session,
    meeting: Meeting,
    text: str,
    *,
    instead_of: str,
    actor: str,
    now: datetime,
    source: str,
    renamed: Mapping[str, str],
) -> None:
    """An earlier version in force once more, as a new one; `renamed` gives measures with values their old names.

    Raises:
        ChangedMeanwhile: another version is in force than the one it is to replace.
    """
    store.lock_meeting(session, meeting)
    present = store.charter_in_force(session, meeting.id)
    if present is None or present.source != instead_of:
        raise ChangedMeanwhile
    moved = {old: new for old, new in renamed.items() if rename_values(session, meeting, old, new)}
    _set(session, meeting, present, text, actor=actor, now=now, source=source, renamed=moved)


def _usable(text: str) -> Charter:
    charter = read_charter(text)
    twice = named_twice(charter)
    if twice is not None:
        raise CharterRefused([f"name each measure once, “{twice}” is there twice"])
    return charter


def _says_the_same(present: str, text: str, charter: Charter) -> bool:
    return present == text or without_values(read_charter(present)) == without_values(charter)


def _set(
    session: Session,
    meeting: Meeting,
    present: CharterVersion | None,
    text: str,
    *,
    actor: str,
    now: datetime,
    source: str,
    renamed: Mapping[str, str] | None = None,
) -> None:
    number = present.number + 1 if present is not None else 1
    session.add(CharterVersion(meeting_id=meeting.id, number=number, source=text, at=now, by=actor))
    session.flush()
    more = {"renamed": dict(renamed)} if renamed else {}
    note(
        session, meeting, "charter-set", f"charter:{meeting.id}", actor=actor, source=source, now=now,
        before={"number": present.number, "charter": present.source} if present else None,
        after={"number": number, "charter": text, **more},
    )  # fmt: skip
