"""Decisions and actions while they are being read: an owner or a day may stand in the lines below them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.minutes import marks
from governance.minutes.blocks import Block, Shape
from governance.minutes.days import first_day
from governance.minutes.names import entries_of, is_name
from governance.minutes.outline import labelled
from governance.minutes.phrases import folded, plain
from governance.minutes.sheet import Sheet
from governance.minutes.values import Action, Decision, Form, Place, Positions

_OWNER = frozenset({"owner", "responsible", "assignee", "assigned to", "who"})
_DUE = frozenset({"due", "deadline", "by", "by when", "until", "when", "due date"})
_REVIEW = frozenset({"review", "review on", "review date", "reviewed on"})
_POSITION = frozenset(
    {"for", "in favour", "in favor", "against", "opposed", "abstained", "abstentions", "abstain", "abstaining"}
)


@dataclass(slots=True, kw_only=True)
class DecisionDraft:
    place: Place
    indent: int
    text: str
    form: Form
    owner: str | None
    due: date | None
    review: date | None
    item: str | None
    item_key: str | None
    is_procedural: bool
    positions_at: Place | None = None
    names: tuple[str, ...] = ()

    def decided(self) -> Decision:
        return Decision(
            place=self.place,
            text=self.text,
            form=self.form,
            owner=self.owner,
            due=self.due,
            review=self.review,
            item=self.item,
            is_procedural=self.is_procedural,
            positions=Positions(place=self.positions_at, names=self.names) if self.positions_at else None,
        )


def is_key(label: str) -> bool:
    """A label that says nothing by itself."""
    return folded(label) in (_OWNER | _DUE | _REVIEW) - {"who", "by", "when", "until"}


def takes_key(draft: DecisionDraft, block: Block, sheet: Sheet) -> bool:
    """Whether the block is a line such as `Owner: …` of the decision above it; if so the draft now has it."""
    pair = labelled(block.text) if block.shape in (Shape.TEXT, Shape.ITEM) else None
    if pair is None:
        return False
    key, rest = folded(pair[0]), plain(pair[1])
    if key in _OWNER:
        _take_owner(draft, block, rest, sheet)
    elif key in _DUE or key in _REVIEW:
        _take_day(draft, block, rest, sheet, is_review=key in _REVIEW)
    elif key in _POSITION:
        _take_positions(draft, block, rest, sheet)
    else:
        return False
    return True


def _take_owner(draft: DecisionDraft, block: Block, rest: str, sheet: Sheet) -> None:
    name = rest.strip(" .")
    if is_name(name):
        draft.owner = name
    elif name:
        sheet.leave(block.first, block.text, "no name of one owner")


def _take_day(draft: DecisionDraft, block: Block, rest: str, sheet: Sheet, *, is_review: bool) -> None:
    day = first_day(rest)
    if day is None:
        sheet.leave(block.first, block.text, "no day with its year, such as 2026-03-05")
    elif is_review:
        draft.review = day
    else:
        draft.due = day


def _take_positions(draft: DecisionDraft, block: Block, rest: str, sheet: Sheet) -> None:
    if rest.strip(" .").isdigit():
        return
    for entry in entries_of(rest):
        if entry.name:
            draft.names = (*draft.names, entry.name)
        for part in entry.unread:
            sheet.leave(block.first, part, "no name")
    draft.positions_at = draft.positions_at or sheet.place(block.first)


def action_of(text: str, place: Place, known: frozenset[str], *, is_done: bool, who: str | None) -> Action:
    """The action, with whoever it names: in brackets behind the mark, as owner, by @, or before a `to` or `will`."""
    bare = plain(text)
    owner = who if who and is_name(who) else None
    return Action(
        place=place,
        text=bare,
        owner=owner or marks.owner_in(bare) or _labelled_owner(bare, known) or marks.doer_in(bare, known),
        due=marks.due_in(bare),
        is_done=is_done,
    )


def _labelled_owner(text: str, known: frozenset[str]) -> str | None:
    """`Ann Adler: write …`, of somebody whom the same minutes list."""
    pair = labelled(text)
    return pair[0] if pair and folded(pair[0]) in known else None
