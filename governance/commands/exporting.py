"""`governance export`: everything that may leave, as CSV for spreadsheets, JSON for programs, Markdown for people.

The ledger goes along without its payloads: acts, identifiers and hashes, by which a later export can be compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from governance.commands.meeting_views import describe
from governance.commands.output import SCHEMA, instant
from governance.commands.roster_views import roster_json
from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality, LedgerLine
from governance.domain.roster_file import COLUMNS
from governance.models.meeting import Meeting
from governance.services import ledger
from governance.services.decisions.exporting import (
    PROMISE_COLUMNS,
    Exported,
    as_csv,
    as_json,
    as_markdown,
    every_closed,
    promise_rows,
)
from governance.services.markdown_text import line_of
from governance.services.measures import charter_with_values
from governance.services.recording import today_of
from governance.services.roster_table import roster_rows, write_csv
from governance.store import meetings as store
from governance.store.charters import values_by_measure
from governance.store.people import sponsors_on
from governance.store.rosters import load_roster

_ALL_ENTRIES = 10_000_000
_LEDGER_COLUMNS = ("chain", "seq", "at", "actor", "source", "act", "subject", "hash")


class NotAnEmptyFolder(GovernanceError):
    """Something else lies where the export is to go."""


def write_export(session: Session, folder: Path, *, actor: Actor, now: datetime, currency: str) -> int:
    """Write the files that the actor may take along and return how many; the folder must be empty or not there yet."""
    _make(folder)
    meetings = [one for one in store.all_meetings(session, with_released=True) if _may_leave(actor, one)]
    files: dict[str, str] = {}
    for meeting, line in zip(meetings, describe(session, meetings, now), strict=True):
        files |= _meeting_files(session, meeting, line, now, currency)
    heads = [str(ledger.head(session, None)), *(str(ledger.head(session, one.id)) for one in meetings)]
    files["export.json"] = _json({"exported_at": instant(now), "meetings": [m.slug for m in meetings], "heads": heads})
    files["ledger.csv"] = _csv(_LEDGER_COLUMNS, (_entry(line) for line in _entries(session, meetings)))
    files["README.md"] = _readme(meetings, heads, now)
    for name, text in files.items():
        _write(folder / name, [text])
    written = [_write_decisions(session, folder, one, actor, currency) for one in meetings]
    return len(files) + sum(written)


def _write_decisions(session: Session, folder: Path, meeting: Meeting, actor: Actor, currency: str) -> int:
    """Closed decisions and promises, written while they are read; where there are any, and the actor may."""
    if not may(actor, Act.EXPORT, Thing(Kind.DECISION, meeting.id)):
        return 0

    def every() -> Iterator[Exported]:
        return every_closed(lambda: nullcontext(session), meeting.id, currency)

    files: dict[str, Iterable[str]] = {}
    if next(every(), None) is not None:
        files["decisions.csv"] = as_csv(every())
        files["decisions.json"] = as_json(meeting.slug, every())
        files["decisions.md"] = as_markdown(meeting.name, every())
    promises = list(promise_rows(session, meeting.id))
    if promises:
        files["promises.csv"] = [_csv(PROMISE_COLUMNS, promises)]
    for name, parts in files.items():
        _write(folder / meeting.slug / name, parts)
    return len(files)


def _may_leave(actor: Actor, meeting: Meeting) -> bool:
    """The roster with its mandates, and the record without what it says."""
    roster = Thing(Kind.ROSTER, meeting.id, Confidentiality.SEATS)
    return may(actor, Act.EXPORT, roster) and may(actor, Act.EXPORT, Thing(Kind.RECORD, meeting.id))


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_empty = not any(folder.iterdir())
    except OSError as error:
        raise NotAnEmptyFolder(
            f"Choose a folder that can be written to instead of {folder}", str(error.strerror)
        ) from error
    if not is_empty:
        raise NotAnEmptyFolder("Choose an empty folder, or a name for a new one", f"{folder} has something in it")


def _meeting_files(
    session: Session, meeting: Meeting, line: dict[str, Any], now: datetime, currency: str
) -> dict[str, str]:
    today = today_of(meeting, now)
    roster = load_roster(session, meeting, on=today)
    document = roster_json(roster, meeting.slug, today, currency)
    charter = charter_with_values(session, meeting)
    files = {
        f"{meeting.slug}/meeting.json": _json(line),
        f"{meeting.slug}/roster.json": _json(document),
        f"{meeting.slug}/roster.csv": _csv(COLUMNS, roster_rows(roster, today, sponsors_on(session, today), currency)),
        f"{meeting.slug}/roster.md": _roster_markdown(meeting, document),
    }
    values = values_by_measure(session, meeting.id)
    if values:
        rows = [(name, str(one.day), f"{one.value:.15g}") for name, some in values.items() for one in some]
        files[f"{meeting.slug}/measures.csv"] = _csv(("measure", "day", "value"), rows)
    return files | ({f"{meeting.slug}/charter.toml": charter} if charter is not None else {})


def _roster_markdown(meeting: Meeting, document: dict[str, Any]) -> str:
    lines = [
        f"# {line_of(meeting.name)}",
        "",
        "| Department | Delegate | Mandate | Until | Deputies |",
        "|---|---|---|---|---|",
    ]
    for seat in document["seats"]:
        mandate = seat["mandate"] or {}
        cells = (
            seat["department"],
            _who(seat["delegate"]) if seat["delegate"] else "vacant",
            mandate.get("state") or "–",
            mandate.get("until") or "–",
            ", ".join(_who(one) for one in seat["deputies"]) or "–",
        )
        lines.append("| " + " | ".join(line_of(cell) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _who(person: dict[str, Any]) -> str:
    return str(person["name"] or person["email"])


def _entries(session: Session, meetings: Iterable[Meeting]) -> list[LedgerLine]:
    chains = [None, *(meeting.id for meeting in meetings)]
    return [line for chain in chains for line in reversed(ledger.latest(session, chain, _ALL_ENTRIES))]


def _entry(line: LedgerLine) -> tuple[str, ...]:
    position = line.position
    at = instant(line.at) or ""
    return (position.chain, str(position.seq), at, line.actor, line.source, line.act, line.subject, position.hash)


def _readme(meetings: Iterable[Meeting], heads: Iterable[str], now: datetime) -> str:
    lines = ["# Export", "", f"Made at {instant(now)}.", ""]
    lines += [f"- [{line_of(one.name)}]({one.slug}/roster.md)" for one in meetings]
    lines += ["", "Heads of the ledger, for `governance ledger verify --head`:", ""]
    lines += [f"    {head}" for head in heads]
    return "\n".join(lines) + "\n"


def _csv(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    from io import StringIO

    text = StringIO()
    write_csv(text, columns, rows)
    return text.getvalue()


def _json(document: dict[str, Any]) -> str:
    return json.dumps({"schema": SCHEMA, **document}, ensure_ascii=False, indent=2) + "\n"


def _write(path: Path, parts: Iterable[str]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            file.writelines(parts)
    except OSError as error:
        raise NotAnEmptyFolder(f"Free space for {path}, or choose another folder", str(error.strerror)) from error
