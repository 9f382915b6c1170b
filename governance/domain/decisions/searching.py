"""How decisions are searched: what one may search for is written down folded, and what is asked is folded likewise.

The database only compares characters (`store/decision_log.py`), so that every database finds the same, whatever its
locale. Folding takes away what people type differently for the same word: case, accents, the width of a letter, curly
apostrophes, long dashes, invisible characters.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
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


def is_found_in(folded: str, words: Iterable[str]) -> bool:
    """What the database has to answer."""
    return all(word in folded for word in words)


def search_text(
    decision: Decision,
    *,
    question: str = "",
    customer: str = "",
    owner: str = "",
    departments: Iterable[str] = (),
) -> str:
    """All that those may find it by who read its draft; no position, reservation, interest or answer is among it."""
    options = (text for one in decision.options for text in (one.text, one.customer_effect, one.cost, one.risk))
    return _together(open_search_text(decision, customer=customer, owner=owner, departments=departments),
                     question, decision.why_few_options, *options)  # fmt: skip


def open_search_text(
    decision: Decision, *, customer: str = "", owner: str = "", departments: Iterable[str] = ()
) -> str:
    """What everybody reads of a closed one: whoever may not read its options cannot find out by searching either."""
    checklist = decision.checklist
    return _together(
        decision.number or "", decision.title, customer, checklist.text, checklist.customer_effect, owner, *departments
    )


def _together(*texts: str) -> str:
    return " ".join(filter(None, map(fold, texts)))


def _plain(text: str) -> str:
    """Decomposed, and without what only adorns a letter; a control character parts words like a space."""
    return "".join(map(_one, filter(_is_kept, unicodedata.normalize("NFKD", text))))


def _is_kept(letter: str) -> bool:
    return not unicodedata.combining(letter) and unicodedata.category(letter) != "Cf"


def _one(letter: str) -> str:
    return " " if unicodedata.category(letter) == "Cc" else letter
