"""How decisions are searched: what one may search for is written down folded, and what is asked is folded likewise.

The database only compares characters (`store/decision_log.py`), so that every database finds the same, whatever its
locale. Folding takes away what people type differently for the same word: case, accents, the width of a letter, curly
apostrophes, long dashes, invisible characters.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from governance.domain.decisions.values import Decision

MOST_WORDS = 12
"""More than that narrows nothing down; what comes after them is not looked at."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201b\u02bc\u00b4\u0060\uff07", "'"),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
    }
)


def fold(text: str) -> str:
    """As it is compared, words apart by one space; folding it once more changes nothing."""
    return " ".join(_plain(_plain(text.translate(_SAME)).casefold()).translate(_SAME).split())


def fold_words(text: str) -> tuple[str, ...]:
    """What is asked for: each word once, in the order typed. A decision is found where every one of them occurs."""
    return tuple(dict.fromkeys(fold(text).split()))[:MOST_WORDS]


@dataclass(frozen=True, slots=True)
class About:
    """What of a decision is found by besides what its value says; `owner` is a person, the others departments."""

    question: str = ""
    customer: str = ""
    owner: str = ""
    brought_by: str = ""
    paid_by: str = ""


def search_text(decision: Decision, about: About) -> str:
    """All that those may find it by who read its draft; no position, reservation, interest or answer is among it."""
    options = (text for one in decision.options for text in (one.text, one.customer_effect, one.cost, one.risk))
    hidden = (about.question, about.paid_by, decision.why_few_options)
    return _together(open_search_text(decision, about), *hidden, *options)


def open_search_text(decision: Decision, about: About) -> str:
    """What everybody reads of a closed one: whoever may not read its options cannot find out by searching either."""
    asked = decision.checklist
    said = (decision.number or "", decision.title, about.customer, asked.text, asked.customer_effect)
    return _together(*said, about.owner, about.brought_by)


def _together(*texts: str) -> str:
    return " ".join(filter(None, map(fold, texts)))


def _plain(text: str) -> str:
    """Decomposed, and without what only adorns a letter; a control character parts words like a space."""
    return "".join(map(_one, filter(_is_kept, unicodedata.normalize("NFKD", text))))


def _is_kept(letter: str) -> bool:
    return not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"


def _one(letter: str) -> str:
    return " " if unicodedata.category(letter) == "Cc" else letter
