"""What was decided and promised at one occurrence, as the reader comes upon it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from governance.minutes import marks
from governance.minutes.blocks import Block, Shape
from governance.minutes.drafts import DecisionDraft, action_of, takes_key
from governance.minutes.items import key_of, title_of
from governance.minutes.marks import Found, Near
from governance.minutes.names import is_name
from governance.minutes.phrases import PROCEDURAL, Meaning, folded, plain
from governance.minutes.room import Room
from governance.minutes.sections import OpenItem
from governance.minutes.sheet import Sheet
from governance.minutes.values import Action, Form, Kind

NOTHING = frozenset({"none", "none.", "nothing", "n/a", "-", "–", "no decisions", "no decisions.", "no actions"})


@dataclass(slots=True)
class Record:
    """`draft` is the decision to which a line `Owner: …` belongs, as long as nothing else has come in between."""

    sheet: Sheet
    room: Room
    decisions: list[DecisionDraft] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    draft: DecisionDraft | None = None

    def takes_key(self, block: Block) -> bool:
        return self.draft is not None and takes_key(self.draft, block, self.sheet)

    def is_below_draft(self, block: Block) -> bool:
        """A deeper entry says more about the decision above it."""
        return self.draft is not None and block.shape is Shape.ITEM and block.indent > self.draft.indent

    def take(self, found: Iterable[Found | Near], block: Block, item: OpenItem | None) -> None:
        """All marks of a block; what is only near to one is left on the sheet."""
        kinds = {Kind.UNREAD}
        for one in found:
            if isinstance(one, Near):
                self.sheet.leave(block.first, one.text, one.why)
            elif one.form is None:
                self.act(one.text, block, item, who=one.who)
                kinds.add(Kind.ACTION)
            else:
                self.decide(one, block, item)
                kinds.add(Kind.DECISION)
        self.sheet.mark(block, next(kind for kind in (Kind.DECISION, Kind.ACTION, Kind.UNREAD) if kind in kinds))

    def take_entry(self, meaning: Meaning | None, block: Block, item: OpenItem | None) -> None:
        """An entry of a list of decisions or actions; it may repeat the mark."""
        if folded(block.text) in NOTHING:
            self.sheet.mark(block, Kind.ASIDE)
            return
        is_action = meaning is Meaning.ACTIONS
        found = next(iter(marks.marks_in(block.text)), None)
        marked = found if isinstance(found, Found) and (found.form is None) == is_action else None
        self.sheet.mark(block, Kind.ACTION if is_action else Kind.DECISION)
        if is_action:
            self.act(marked.text if marked else block.text, block, item, who=marked.who if marked else None)
        else:
            self.decide(marked or Found(plain(block.text), Form.MARKED), block, item)

    def decide(self, found: Found, block: Block, item: OpenItem | None) -> None:
        if item:
            item.has_own_text = item.is_discussed = True
        self.draft = DecisionDraft(
            place=self.sheet.place(block.first),
            indent=block.indent,
            text=found.text,
            form=found.form or Form.MARKED,
            owner=found.who if found.who and is_name(found.who) else marks.owner_in(found.text),
            due=marks.due_in(found.text),
            review=marks.review_in(found.text),
            item=title_of(item.heading.text) if item else None,
            item_key=key_of(item.heading.text) if item else None,
            is_procedural=bool(found.form is not Form.MARKED and PROCEDURAL.search(found.text)),
        )
        self.decisions.append(self.draft)

    def act(
        self, text: str, block: Block, item: OpenItem | None, *, is_done: bool = False, who: str | None = None
    ) -> None:
        self.draft = None
        if item:
            item.has_own_text = item.is_discussed = True
        known = frozenset(map(folded, self.room.names()))
        self.actions.append(action_of(text, self.sheet.place(block.first), known, is_done=is_done, who=who))
