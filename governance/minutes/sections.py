"""Where in its minutes a reader is: in which section, and below which item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from governance.minutes.blocks import Block
from governance.minutes.drafts import DecisionDraft
from governance.minutes.items import reference_in
from governance.minutes.phrases import Meaning
from governance.minutes.values import Item


@dataclass(slots=True)
class OpenItem:
    """`number` is that of its heading among the blocks."""

    heading: Block
    level: int
    number: int
    has_own_text: bool = False
    is_discussed: bool = False

    @property
    def is_more_than_a_group(self) -> bool:
        """A number makes an item of a heading, whatever stands below it."""
        return self.has_own_text or reference_in(self.heading.text) is not None


@dataclass(slots=True)
class Section:
    """`entry_indent` is that of its list entries; what lies deeper belongs to one of them."""

    meaning: Meaning | None = None
    level: int = 0
    entry_indent: int | None = None
    has_decided: bool = False
    is_loose: bool = False
    """Begun by a label, not by a heading: it ends with the first gap, because nothing else says where."""
    last: int = 0


def merged(items: Sequence[Item], decisions: Sequence[DecisionDraft]) -> tuple[Item, ...]:
    """Each item once, discussed when any of its mentions is, at the first of its lines."""
    decided = {draft.item_key for draft in decisions if not draft.is_procedural}
    merged: dict[str, Item] = {}
    for item in items:
        first = merged.setdefault(item.key, item)
        is_discussed = first.is_discussed or item.is_discussed
        merged[item.key] = replace(first, is_discussed=is_discussed, is_decided=item.key in decided)
    return tuple(merged.values())
