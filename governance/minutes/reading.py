"""Markdown minutes as values: who was there, what was decided, promised and put off, each with its line.

    lines → blocks → parts (one for each occurrence) → section by section: attendance, items, decisions, actions

Below an item everything is discussion, in which only marks are looked for. A line for which the documented form has no
place is left on the sheet and listed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, zip_longest

from governance.minutes import marks
from governance.minutes.blocks import BOLD_LEVEL, LONGEST_LINE, Block, Shape, blocks_of
from governance.minutes.drafts import is_key
from governance.minutes.items import is_only_listed, key_of, reference_in, title_of
from governance.minutes.marks import Found
from governance.minutes.outline import Part, is_only_a_day, labelled, parts_of
from governance.minutes.phrases import (
    ATTENDANCE,
    PEOPLE,
    SKIPPED,
    Meaning,
    folded,
    meaning_of_heading,
    meaning_of_label,
    plain,
)
from governance.minutes.record import NOTHING, Record
from governance.minutes.room import Room
from governance.minutes.sections import OpenItem, Section, merged
from governance.minutes.sheet import Sheet
from governance.minutes.source import Source
from governance.minutes.values import Form, Item, Kind, Occurrence, Reading

_OUTLINE = frozenset({Meaning.AGENDA, Meaning.ACTIONS, Meaning.DECISIONS, Meaning.PARKED, Meaning.STANDING})


def read_minutes(source: Source) -> Reading:
    """Everything that the documented Markdown form knows, and a list of all that it does not."""
    blocks = blocks_of(source.lines)
    sheet = Sheet(source.name, source.lines)
    parts = parts_of(blocks, sheet)
    ends = [*(part.line - 1 for part in parts[1:]), len(source.lines)]
    starts = [0, *(part.line - 1 for part in parts[1:])]
    occurrences = tuple(
        replace(_reader(part, sheet).read(), words=_words(source.lines[start:end]))
        for part, start, end in zip(parts, starts, ends, strict=True)
    )
    kinds = sheet.kinds()
    return Reading(file=source.name, kinds=kinds, occurrences=occurrences, doubts=sheet.doubts, unread=sheet.unread)


def _reader(part: Part, sheet: Sheet) -> _Reader:
    room = Room(sheet)
    return _Reader(part, sheet, room, Record(sheet, room))


@dataclass(slots=True)
class _Reader:
    """One occurrence, block by block; every block is marked once on the sheet."""

    part: Part
    sheet: Sheet
    room: Room
    record: Record
    items: list[Item] = field(default_factory=list)
    section: Section = field(default_factory=Section)
    item: OpenItem | None = None
    marked_list: Meaning | None = None
    """What the entries below a bare `Decision:` or `Action:` are."""

    number: int = 0
    """Of the block that is being read."""

    def read(self) -> Occurrence:
        for number, (block, following) in enumerate(zip_longest(self.part.blocks, self.part.blocks[1:])):
            self.number = number
            self._read_block(block, following)
        self._close_item()
        return Occurrence(
            place=self.sheet.place(self.part.line),
            title=self.part.title,
            day=self.part.day,
            listed=tuple(self.room.listed),
            roles=tuple(self.room.roles),
            decisions=tuple(draft.decided() for draft in self.record.decisions),
            actions=tuple(self.record.actions),
            items=merged(self.items, self.record.decisions),
            without_quorum=self.room.without_quorum,
        )

    def _read_block(self, block: Block, following: Block | None) -> None:
        if block.shape is Shape.HEADING:
            self._read_heading(block, following)
        elif block.shape is Shape.ASIDE:
            self.sheet.mark(block, Kind.ASIDE)
        elif block.shape is Shape.OVERLONG:
            self.sheet.leave_all(block, "a line of more than 20,000 characters")
        elif block.shape is Shape.UNCLOSED:
            self.sheet.leave_all(block, "opens code or a comment that nothing closes: read as text from here")
        elif self.record.takes_key(block):
            self.sheet.mark(block, Kind.DECISION)
        elif self._is_in_list_of_people(block):
            self.section.last = block.last
            self.room.read(block)
        else:
            before = self.record.draft
            self._read_body(block, following)
            if self.record.draft is before and not self.record.is_below_draft(block):
                self.record.draft = None

    def _is_in_list_of_people(self, block: Block) -> bool:
        if self.section.meaning not in ATTENDANCE and self.section.meaning is not Meaning.ROLES:
            return False
        has_gap = self.section.is_loose and 0 < self.section.last < block.first - 1
        pair = labelled(block.text)
        is_structure = self.section.is_loose and meaning_of_heading(block.text) in _OUTLINE
        if is_structure or (has_gap and (pair is None or meaning_of_label(pair[0]) not in PEOPLE)):
            self.section = Section()
            return False
        return True

    # --- headings

    def _read_heading(self, block: Block, following: Block | None) -> None:
        self.record.draft, self.marked_list = None, None
        self.sheet.mark(block, Kind.HEADING)
        found = next(iter(marks.marks_in(block.text)), None)
        if isinstance(found, Found) and found.form is Form.MARKED:
            self.sheet.mark(block, Kind.DECISION)
            self.record.decide(found, block, self.item)
            return
        meaning = meaning_of_heading(block.text)
        if self._belongs_to_item(block, meaning):
            return
        if block.level == BOLD_LEVEL and meaning is None and self.section.meaning is Meaning.PARKED:
            return
        self._close_item()
        if meaning is not None:
            self.section = self._section_of(meaning, block)
        elif self.section.meaning is Meaning.PARKED and block.level > self.section.level:
            self._list_item(block, is_discussed=False)
        else:
            if block.level <= self.section.level or self.section.meaning in ATTENDANCE:
                self.section = Section()
            self.item = OpenItem(block, block.level, self.number)

    def _belongs_to_item(self, block: Block, meaning: Meaning | None) -> bool:
        """A heading below that of an item, unless the upper one only groups, or this one is an item by its number."""
        if self.item is None or block.level <= self.item.level:
            return False
        if meaning in (Meaning.DECISIONS, Meaning.ACTIONS):
            self.section = Section(meaning, block.level)
            return True
        is_part = block.level == BOLD_LEVEL or self.item.is_more_than_a_group or meaning is Meaning.STANDING
        if not is_part or meaning not in (None, Meaning.STANDING) or reference_in(block.text):
            return False
        self.item.has_own_text = True
        if self.section.meaning in (Meaning.DECISIONS, Meaning.ACTIONS):
            self.section = Section()
        return True

    def _section_of(self, meaning: Meaning, block: Block) -> Section:
        if meaning in ATTENDANCE or meaning is Meaning.ROLES:
            inside = self._below(self.number, block.level)
            labels = [pair[0] for one in inside if (pair := labelled(one.text))]
            has_members = any(meaning_of_label(label) is Meaning.MEMBERS for label in labels)
            self.room.begin(meaning, has_members_label=has_members)
        return Section(meaning, block.level)

    def _close_item(self) -> None:
        item, self.item = self.item, None
        if item is None:
            return
        if not item.is_more_than_a_group and self._groups(item):
            return
        title = title_of(item.heading.text)
        if title:
            self.items.append(self._item(item.heading, item.is_discussed))

    def _groups(self, item: OpenItem) -> bool:
        """A heading with nothing of its own, and other headings or listed items below it."""
        return any(one.shape is Shape.HEADING or _lists(one) for one in self._below(item.number, item.level))

    def _below(self, number: int, level: int) -> Iterator[Block]:
        """Up to the next heading that is not deeper."""
        for block in islice(self.part.blocks, number + 1, None):
            if block.shape is Shape.HEADING and block.level <= level:
                return
            yield block

    def _item(self, block: Block, is_discussed: bool) -> Item:
        place = self.sheet.place(block.first)
        return Item(place=place, key=key_of(block.text), title=title_of(block.text), is_discussed=is_discussed)

    def _list_item(self, block: Block, *, is_discussed: bool) -> None:
        self.items.append(self._item(block, is_discussed))

    # --- everything else

    def _read_body(self, block: Block, following: Block | None) -> None:
        if block.shape is not Shape.ITEM:
            self.marked_list = None
        if block.is_ticked is not None:
            self.sheet.mark(block, Kind.ACTION)
            self.record.act(block.text, block, self.item, is_done=block.is_ticked)
        elif marks.denies_quorum(block.text):
            self.room.without_quorum = self.sheet.place(block.first)
            self._mark_text(block)
        elif not (self._reads_as_label(block, following) or self._reads_as_entry(block) or self._reads_marks(block)):
            self._read_text(block)

    def _reads_as_label(self, block: Block, following: Block | None) -> bool:
        pair = labelled(block.text)
        if pair is None:
            return self._reads_as_day(block) or self._reads_as_outline(block, following)
        meaning = meaning_of_label(pair[0])
        if meaning in (Meaning.DECISIONS, Meaning.ACTIONS) and not pair[1] and _lists_entries(following):
            self.marked_list = meaning
            self.sheet.mark(block, Kind.HEADING)
            return True
        if self.item is None and self.section.meaning in (None, Meaning.STANDING, Meaning.AGENDA):
            if meaning in (Meaning.DAY, Meaning.TITLE) and self.section.meaning is None:
                self.sheet.mark(block, Kind.TITLE)
                return True
            if meaning in ATTENDANCE or (meaning in (Meaning.ROLE, Meaning.QUORUM) and self.section.meaning is None):
                self.room.begin(self.section.meaning, has_members_label=False)
                self.room.read_label(block, meaning, *pair)
                if meaning in ATTENDANCE and not pair[1] and _lists_people(block, following):
                    self.section = Section(meaning, self.section.level, is_loose=True)
                return True
        if is_key(pair[0]):
            self.sheet.leave_all(block, "belongs to no decision right above it")
            return True
        if meaning is Meaning.ASIDE or (not pair[1] and self._groups_entries(following)):
            self.sheet.mark(block, Kind.ASIDE)
            return True
        return False

    def _groups_entries(self, following: Block | None) -> bool:
        """`Active:` above entries that only name items says no more than they do."""
        if self.section.meaning is Meaning.PARKED:
            return True
        is_group = self.item is None or not self.item.is_more_than_a_group
        return is_group and following is not None and _lists(following)

    def _reads_as_day(self, block: Block) -> bool:
        is_day = self.item is None and self.section.meaning is None and is_only_a_day(block.text)
        if is_day:
            self.sheet.mark(block, Kind.TITLE)
        return is_day

    def _reads_as_outline(self, block: Block, following: Block | None) -> bool:
        """Minutes that are one nested list: `- Agenda` above deeper entries is what a heading is elsewhere."""
        meaning = meaning_of_heading(block.text) if block.shape is Shape.ITEM and self.item is None else None
        is_above = following is not None and following.shape is Shape.ITEM and following.indent > block.indent
        if meaning not in _OUTLINE or not is_above:
            return False
        self.section = Section(meaning, self.section.level)
        self.sheet.mark(block, Kind.HEADING)
        return True

    def _reads_as_entry(self, block: Block) -> bool:
        """A list entry that is an item, a decision or an action because of what it stands under."""
        if block.shape is not Shape.ITEM:
            return False
        if self.marked_list:
            self.record.take_entry(self.marked_list, block, self.item)
        elif self.section.meaning in (Meaning.DECISIONS, Meaning.ACTIONS) and not self._is_nested(block):
            self.record.take_entry(self.section.meaning, block, self.item)
            self.section.has_decided = True
        elif self.section.meaning in (Meaning.AGENDA, Meaning.PARKED) and self.item is None:
            if self._is_nested(block):
                return False
            self._list_item(block, is_discussed=False)
            self.sheet.mark(block, Kind.ITEM)
        elif (self.item is None or not self.item.is_more_than_a_group) and _lists(block):
            self._list_item(block, is_discussed=False)
            self.sheet.mark(block, Kind.ITEM)
        else:
            return False
        return True

    def _is_nested(self, block: Block) -> bool:
        if self.section.entry_indent is None:
            self.section.entry_indent = block.indent
        return block.indent > self.section.entry_indent

    def _reads_marks(self, block: Block) -> bool:
        found = list(marks.marks_in(block.text))
        if not found:
            return False
        self._mark_text(block)
        self.record.take(found, block, self.item)
        return True

    def _read_text(self, block: Block) -> None:
        if self.item is None and self.section.meaning is None:
            self.sheet.leave_all(block, "stands under no heading that says what it is")
        elif self.section.meaning in (Meaning.DECISIONS, Meaning.ACTIONS):
            if folded(block.text) in NOTHING:
                self.sheet.mark(block, Kind.ASIDE)
            elif self._is_first_decision(block):
                self.sheet.mark(block, Kind.DECISION)
                self.section.has_decided = True
                self.record.decide(Found(plain(block.text), Form.MARKED), block, self.item)
            else:
                self.sheet.leave_all(block, "no entry of the list that it stands in")
        else:
            self._mark_text(block)

    def _is_first_decision(self, block: Block) -> bool:
        """A paragraph below a heading of decisions is one; those after it may as well explain it."""
        is_text = self.section.meaning is Meaning.DECISIONS and block.shape is Shape.TEXT
        return is_text and not self.section.has_decided

    def _mark_text(self, block: Block) -> None:
        self.sheet.mark(block, Kind.DISCUSSION)
        if self.item is None:
            return
        if _is_address(block.text):
            self.sheet.mark(block, Kind.ASIDE)
            return
        self.item.has_own_text = True
        self.item.is_discussed = self.item.is_discussed or not SKIPPED.match(plain(block.text))


def _words(lines: Sequence[str]) -> str:
    return folded(plain("\n".join(line for line in lines if len(line) <= LONGEST_LINE)))


def _lists(block: Block) -> bool:
    return block.shape is Shape.ITEM and is_only_listed(block.text)


def _lists_people(label: Block, following: Block | None) -> bool:
    """List entries, or lines right below the label."""
    is_adjacent = following is not None and following.shape is Shape.TEXT and following.first == label.last + 1
    return _lists_entries(following) or is_adjacent


def _lists_entries(block: Block | None) -> bool:
    return block is not None and block.shape is Shape.ITEM


def _is_address(text: str) -> bool:
    bare = text.strip("<> ")
    return bare.startswith(("http://", "https://")) and " " not in bare
