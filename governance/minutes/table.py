"""Minutes as a table: one CSV row for each person, decision, action or item of an occurrence.

    day,kind,name,department,state,sits_for,mandate,text,owner,due

Only `day` is required. A row without a kind is about a person when it has a name. Columns and rows that are not known
are listed, and the others are read all the same: these are old minutes, and nothing is written because of them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from governance.domain.department import tidy_name
from governance.domain.roster_file import MalformedDay, plain_cell, read_day
from governance.minutes.attending import column_of, listed_of_row
from governance.minutes.blocks import LONGEST_LINE
from governance.minutes.items import key_of, title_of
from governance.minutes.marks import review_in
from governance.minutes.names import is_name
from governance.minutes.phrases import PROCEDURAL, folded
from governance.minutes.sheet import Sheet
from governance.minutes.source import Source
from governance.minutes.values import Action, Decision, Form, Item, Kind, Listed, Occurrence, Place, Reading

_KINDS = {"": "", "attendance": "attendance", "person": "attendance", "decision": "decision", "decided": "decision"}
_KINDS |= {"resolution": "decision", "action": "action", "promise": "action", "item": "item", "agenda": "item"}
_OPEN = {"": False, "open": False, "done": True, "x": True, "closed": True}
_DISCUSSED = {"": True, "discussed": True, "not discussed": False, "listed": False, "deferred": False, "skipped": False}


@dataclass(slots=True)
class _Growing:
    place: Place
    title: str
    listed: list[Listed] = field(default_factory=list)
    decisions: list[Decision] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def read_table(source: Source) -> Reading:
    """Every row that is understood, by day and meeting."""
    sheet = Sheet(source.name, source.lines)
    occurrences: dict[tuple[date, str], _Growing] = {}
    columns: list[str | None] = []
    for first, last, cells in _records(source, sheet):
        if not columns:
            columns = _columns(cells, first, last, sheet)
            continue
        named = {column: cell for column, cell in zip(columns, cells, strict=False) if column}
        why = _take(named, Place(source.name, first), occurrences)
        sheet.mark_lines(first, last, _kind_of(named) if why is None else Kind.UNREAD)
        if why is not None:
            sheet.leave(first, ", ".join(cells), why)
        elif any(cells[len(columns) :]):
            sheet.leave(first, ", ".join(cells[len(columns) :]), "cells beyond the last column")
    kinds = sheet.kinds()
    found = tuple(_grown(growing, day) for (day, _), growing in sorted(occurrences.items()))
    return Reading(file=source.name, kinds=kinds, occurrences=found, doubts=sheet.doubts, unread=sheet.unread)


def _records(source: Source, sheet: Sheet) -> Iterator[tuple[int, int, list[str]]]:
    """Records with their first and last line; what the reader cannot go on behind is left on the sheet."""
    lines = [f"{line}\n" if len(line) <= LONGEST_LINE else "\n" for line in source.lines]
    reader = csv.reader(lines, delimiter=_delimiter(source.lines), strict=True)
    before = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield before + 1, reader.line_num, [plain_cell(cell) for cell in cells]
            before = reader.line_num
    except csv.Error as error:
        sheet.doubt(
            before + 1, source.lines[before], f"nothing is read from here on, correct the quotation marks: {error}"
        )


def _delimiter(lines: Sequence[str]) -> str:
    head = next((line for line in lines if line.strip()), "")
    return max(",;", key=lambda mark: sum(column_of(cell.strip('"')) is not None for cell in head.split(mark)))


def _columns(cells: Sequence[str], first: int, last: int, sheet: Sheet) -> list[str | None]:
    columns = [column_of(cell) for cell in cells]
    sheet.mark_lines(first, last, Kind.HEADING)
    for cell, column in zip(cells, columns, strict=True):
        if column is None and cell:
            sheet.leave(first, cell, "a column that is not known")
    if "day" not in columns:
        sheet.leave(first, ", ".join(cells), "a header without the column day, so that no row can be read")
    return columns or [None]


def _take(cells: dict[str, str], place: Place, occurrences: dict[tuple[date, str], _Growing]) -> str | None:
    """Why the row cannot be read; None when it was."""
    try:
        day = read_day(cells.get("day", "").strip())
    except MalformedDay as malformed:
        return str(malformed).rstrip(".")
    kind = _KINDS.get(folded(cells.get("kind", "")))
    if kind is None:
        return f"“{cells['kind']}” is no kind of row that is known"
    title = tidy_name(cells.get("meeting", ""))
    growing = occurrences.get((day, folded(title))) or _Growing(place, title)
    why = _TAKERS[kind or _kind_by_cells(cells)](cells, place, growing)
    if why is None:
        occurrences.setdefault((day, folded(title)), growing).words += cells.values()
    return why


def _kind_by_cells(cells: dict[str, str]) -> str:
    return "attendance" if cells.get("name") or not cells.get("text") else "nothing"


def _kind_of(cells: dict[str, str]) -> Kind:
    kind = _KINDS.get(folded(cells.get("kind", ""))) or _kind_by_cells(cells)
    return {"decision": Kind.DECISION, "action": Kind.ACTION, "item": Kind.ITEM}.get(kind, Kind.ATTENDANCE)


def _take_person(cells: dict[str, str], place: Place, growing: _Growing) -> str | None:
    found = listed_of_row(cells, place)
    if isinstance(found, str):
        return found
    growing.listed += found
    return None


def _take_decision(cells: dict[str, str], place: Place, growing: _Growing) -> str | None:
    text, owner, due = _text_owner_due(cells)
    if isinstance(due, str):
        return due
    if not text:
        return "a decision without a text"
    is_procedural = folded(text).startswith("agenda") and bool(PROCEDURAL.search(text))
    growing.decisions.append(
        Decision(
            place=place,
            text=text,
            form=Form.MARKED,
            owner=owner,
            due=due,
            review=review_in(text),
            is_procedural=is_procedural,
        )
    )
    return None


def _take_action(cells: dict[str, str], place: Place, growing: _Growing) -> str | None:
    text, owner, due = _text_owner_due(cells)
    is_done = _OPEN.get(folded(cells.get("state", "")))
    if isinstance(due, str):
        return due
    if not text or is_done is None:
        return "an action without a text" if not text else f"“{cells['state']}” is neither open nor done"
    growing.actions.append(Action(place=place, text=text, owner=owner, due=due, is_done=is_done))
    return None


def _take_item(cells: dict[str, str], place: Place, growing: _Growing) -> str | None:
    text, state = tidy_name(cells.get("text", "")), folded(cells.get("state", ""))
    if not text or (state not in _DISCUSSED and state != "decided"):
        return "an item without a text" if not text else f"“{cells['state']}” is no state of an item that is known"
    growing.items.append(
        Item(
            place=place,
            key=key_of(text),
            title=title_of(text) or text,
            is_discussed=_DISCUSSED.get(state, True),
            is_decided=state == "decided",
        )
    )
    return None


def _take_nothing(cells: dict[str, str], place: Place, growing: _Growing) -> str | None:
    return "a text without a kind: decision, action or item"


_TAKERS = {
    "attendance": _take_person,
    "decision": _take_decision,
    "action": _take_action,
    "item": _take_item,
    "nothing": _take_nothing,
}


def _text_owner_due(cells: dict[str, str]) -> tuple[str, str | None, date | str | None]:
    """The third is a sentence where a day is given and is none."""
    owner = tidy_name(cells.get("owner", "") or cells.get("name", ""))
    given = cells.get("due", "").strip()
    due: date | str | None = None
    try:
        due = read_day(given) if given else None
    except MalformedDay as malformed:
        due = str(malformed).rstrip(".")
    return tidy_name(cells.get("text", "")), owner if is_name(owner) else None, due


def _grown(growing: _Growing, day: date) -> Occurrence:
    return Occurrence(
        place=growing.place,
        title=growing.title,
        day=day,
        listed=tuple(growing.listed),
        decisions=tuple(growing.decisions),
        actions=tuple(growing.actions),
        items=tuple(growing.items),
        words=folded(" ".join(growing.words)),
    )
