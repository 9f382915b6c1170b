"""How decisions are searched: what is folded, and that folding keeps its promises."""

import sys
from unicodedata import category
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.decisions.searching import (
    MOST_WORDS,
    About,
    fold,
    fold_words,
    open_search_text,
    search_text,
)
from governance.domain.decisions.values import Checklist, Decision, Option, Position, Stance
from tests.support.decided import NOON

TEXTS = st.text(max_size=40)


@pytest.mark.parametrize("text", ["", "deliver", "d-2026-014", "日本", "100% _ \\ '", "a b"])
def test_folded_text_stays_as_it_is(text: str) -> None:
    assert fold(text) == text


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("İstanbul", "istanbul"),
        ("Café", "cafe"),
        ("cafe\u0301", "cafe"),
        ("Жук", "жук"),
        ("Ｄ－2026", "d-2026"),
        ("the customer’s", "the customer's"),
        ("D–2026‑014", "d-2026-014"),
        ("soft\u00adly", "softly"),
        ("two\nlines\tof\u00a0text", "two lines of text"),
        ("nul\x00nul", "nul nul"),
    ],
)
def test_what_is_typed_differently_for_the_same_word_is_folded_alike(typed: str, folded: str) -> None:
    assert fold(typed) == folded


def test_folding_a_letter_twice_changes_nothing() -> None:
    """Every letter there is, so that nothing written down is found no more when it is folded again."""
    letters = (letter for code in range(sys.maxunicode + 1) if category(letter := chr(code)) not in ("Cs", "Cn", "Co"))

    changed = [letter for letter in letters if fold(fold(letter)) != fold(letter)]

    assert changed == []


@given(TEXTS, TEXTS)
@settings(max_examples=50)
def test_texts_fold_apart_as_they_fold_together(one: str, other: str) -> None:
    assert fold(f"{one} {other}") == f"{fold(one)} {fold(other)}".strip()


def test_each_word_is_asked_once_and_only_so_many() -> None:
    many = " ".join(f"w{index}" for index in range(50))

    assert fold_words("Café cafe  CAFÉ") == ("cafe",)
    assert fold_words(many) == tuple(f"w{index}" for index in range(MOST_WORDS))


def test_a_decision_is_found_by_what_it_says_and_never_by_what_a_seat_says_of_it() -> None:
    decision = Decision(
        id=uuid4(),
        title="Spare parts",
        number="D-2026-014",
        checklist=Checklist(text="Keep a stock", customer_effect="Two days sooner"),
        options=(Option(uuid4(), "Rent a depot", "Faster", "Much", "Idle stock"),),
        positions=(Position(uuid4(), uuid4(), Stance.OBJECT, 1, NOON, reason="Secretly", interest="Quietly"),),
    )
    about = About("Where?", "Alpine", "Mara", "Sales", "Finance")

    everything, in_the_open = search_text(decision, about), open_search_text(decision, about)

    assert everything == f"{in_the_open} where? finance rent a depot faster much idle stock"
    assert in_the_open == "d-2026-014 spare parts alpine keep a stock two days sooner mara sales"
