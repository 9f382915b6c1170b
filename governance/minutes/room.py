"""Who was there, and in which role: the sections and lines of minutes that list people.

A label that the form does not know is a department where nothing in the section says who the members are, and a group
apart where something does: `Finance: Ann Adler` against `Members: …` followed by `Project staff: …`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from governance.minutes.attending import column_of, listed_of, listed_of_row, why_not
from governance.minutes.blocks import Block, Shape, cells_of, is_ruler
from governance.minutes.names import entries_of, is_department
from governance.minutes.outline import labelled
from governance.minutes.phrases import ATTENDANCE, Meaning, folded, meaning_of_label
from governance.minutes.sheet import Sheet
from governance.minutes.values import Kind, Listed, Place, RoleTaken

_KNOWN = frozenset({*ATTENDANCE, Meaning.ROLE, Meaning.QUORUM, Meaning.DAY, Meaning.ASIDE, Meaning.TITLE})


@dataclass(slots=True)
class Room:
    """Of one occurrence. `label` is the list that is being read, which stands at `indent`."""

    sheet: Sheet
    listed: list[Listed] = field(default_factory=list)
    roles: list[RoleTaken] = field(default_factory=list)
    without_quorum: Place | None = None
    meaning: Meaning | None = None
    label: Meaning | None = None
    group: str | None = None
    department: str | None = None
    indent: int = -1
    has_members_label: bool = False
    columns: Sequence[str | None] | None = None

    def begin(self, meaning: Meaning | None, *, has_members_label: bool) -> None:
        """A section begins, or a list outside of any."""
        self.meaning, self.label, self.indent = meaning, None, -1
        self.group = self.department = self.columns = None
        self.has_members_label = has_members_label

    def names(self) -> list[str]:
        return [*(one.name for one in self.listed), *(one.name for one in self.roles)]

    def read(self, block: Block) -> None:
        if block.shape is Shape.ROW:
            self._read_row(block)
            return
        pair = labelled(block.text)
        if pair is None:
            self._read_entry(block)
            return
        meaning, names = meaning_of_label(pair[0]), pair[1]
        if meaning in _KNOWN:
            self.read_label(block, meaning, pair[0], names)
        elif is_department(pair[0]) and meaning is None:
            self._read_group(block, pair[0], names)
        else:
            self.sheet.leave_all(block, "a label that is not known in a list of who was there")

    def read_label(self, block: Block, meaning: Meaning | None, label: str, rest: str) -> None:
        if meaning is Meaning.QUORUM:
            self._read_quorum(block, rest)
        elif meaning is Meaning.ROLE:
            self._take_role(block, label, rest)
        elif meaning in ATTENDANCE:
            if folded(label) == "in attendance" and any(one.sits for one in self.listed):
                # Beside a list of those present it is who else came; alone it is the list of those present.
                meaning = Meaning.APART
            self._begin_list(block, meaning)
            self._take_names(block, rest)
        else:
            self.sheet.mark(block, Kind.ASIDE)

    def _begin_list(
        self, block: Block, meaning: Meaning | None, group: str | None = None, department: str | None = None
    ) -> None:
        # A label that is no list entry itself has all that follow below it, at whatever depth they begin.
        self.label, self.indent = meaning, block.indent if block.shape is Shape.ITEM else -1
        self.group, self.department = group, department

    def _read_group(self, block: Block, label: str, names: str) -> None:
        """An unknown label is a department where nothing else says who has a seat, and a group apart where it does."""
        under = self.label if block.indent > self.indent else None
        if under in ATTENDANCE and under is not Meaning.APART:
            listed = list(listed_of(names, under, self.sheet.place(block.first), self.sheet, department=label))
            self.listed += listed
            self.sheet.mark(block, Kind.ATTENDANCE)
            return
        if self.has_members_label or under is Meaning.APART or self.meaning is Meaning.APART:
            self._begin_list(block, Meaning.APART, group=label)
        else:
            default = self.meaning if self.meaning in ATTENDANCE else Meaning.MEMBERS
            self._begin_list(block, default, department=label)
        self._take_names(block, names)

    def _read_entry(self, block: Block) -> None:
        if block.shape is Shape.ITEM and block.indent <= self.indent:
            self._begin_list(block, None)
            self.indent = -1
        if self.meaning is Meaning.ROLES:
            self.sheet.leave_all(block, "no role and name")
            return
        before = len(self.listed)
        self._take_names(block, block.text)
        if block.shape is Shape.ITEM and len(self.listed) - before > 1:
            people = f"{len(self.listed) - before} people"
            self.sheet.doubt(block.first, block.text, f"an entry of its own with a comma: read as {people}")

    def _take_names(self, block: Block, names: str) -> None:
        meaning = self.label or self.meaning
        if meaning not in ATTENDANCE:
            self.sheet.leave_all(block, "in no list of who was there")
            return
        self.sheet.mark(block, Kind.ATTENDANCE)
        group, department = self.group, self.department
        place = self.sheet.place(block.first)
        self.listed += listed_of(names, meaning, place, self.sheet, group=group, department=department)

    def _take_role(self, block: Block, label: str, names: str) -> None:
        self.sheet.mark(block, Kind.ROLE)
        place = self.sheet.place(block.first)
        for entry in entries_of(names):
            if entry.name:
                self.roles.append(RoleTaken(place, folded(label), entry.name))
            for part in entry.unread:
                self.sheet.leave(block.first, part, why_not(entry, part))

    def _read_quorum(self, block: Block, rest: str) -> None:
        word = folded(rest.strip(" ."))
        self.sheet.mark(block, Kind.ATTENDANCE)
        if word in ("no", "not reached", "not met", "not present", "none", "lost"):
            self.without_quorum = self.sheet.place(block.first)
        elif word not in ("yes", "reached", "met", "present"):
            self.sheet.leave(block.first, block.text, "says neither yes nor no of the quorum")

    def _read_row(self, block: Block) -> None:
        cells = cells_of(block)
        if is_ruler(cells):
            self.sheet.mark(block, Kind.ASIDE)
        elif self.columns is None:
            self.columns = [column_of(cell) for cell in cells]
            self.sheet.mark(block, Kind.ATTENDANCE)
            if "name" not in self.columns:
                self.sheet.leave(block.first, block.text, "a table without a column for the name")
            for cell, column in zip(cells, self.columns, strict=True):
                if column is None and cell and "name" in self.columns:
                    self.sheet.leave(block.first, cell, "a column that is not known")
        else:
            named = {column: cell for column, cell in zip(self.columns, cells, strict=False) if column}
            self._take_row(block, named)

    def _take_row(self, block: Block, cells: dict[str, str]) -> None:
        found = listed_of_row(cells, self.sheet.place(block.first))
        if isinstance(found, str):
            self.sheet.leave_all(block, found)
        else:
            self.sheet.mark(block, Kind.ATTENDANCE)
            self.listed += found
