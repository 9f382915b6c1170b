"""Our marked block: put in, put back and taken out, with everything around it left byte for byte."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.block import CLOSING, OPENING, Block, block_in, fold_text, with_block, without_block

BLOCK = Block.of(short="We decide < & > for “customers”.", address="https://m.example.com/m/steering/next")
TEXTS = st.text(alphabet=st.characters(blacklist_categories=["Cs"]), max_size=80).filter(
    lambda text: OPENING not in text and CLOSING not in text
)


def test_there_is_no_block_in_what_people_wrote() -> None:
    assert block_in("Bring coffee.\n--- here ---") is None


def test_a_description_without_a_block_gets_it_at_the_end() -> None:
    assert f"Bring coffee.\n\n{BLOCK.written()}" == with_block("Bring coffee.", BLOCK)
    assert BLOCK.written() == with_block("", BLOCK)


@given(before=TEXTS, after=TEXTS)
def test_a_changed_block_is_replaced_where_it_stands(before: str, after: str) -> None:
    changed = f"{before}{OPENING}\nSomething else\n{CLOSING}{after}"

    assert f"{before}{BLOCK.written()}{after}" == with_block(changed, BLOCK)


@given(text=TEXTS)
def test_putting_it_in_and_taking_it_out_leaves_the_text_as_it_was(text: str) -> None:
    assert text == without_block(with_block(text, BLOCK))


@given(text=TEXTS)
def test_putting_it_in_twice_is_putting_it_in_once(text: str) -> None:
    once = with_block(text, BLOCK)

    assert once == with_block(once, BLOCK)
    assert BLOCK.folded() == block_in(once)


@pytest.mark.parametrize(
    "edited",
    [
        BLOCK.written().replace("\n", "<br>"),
        BLOCK.written().replace("\n", "<br/>\n"),
        f"<p>{BLOCK.written()}</p>",
        BLOCK.written().replace("https", '<a href="https://m.example.com">https') + "</a>",
        BLOCK.written().replace("decide", "<b>decide</b>"),
        BLOCK.written()
        .replace(" ", "&nbsp;")
        .replace(OPENING.replace(" ", "&nbsp;"), OPENING)
        .replace(CLOSING.replace(" ", "&nbsp;"), CLOSING),
    ],
    ids=["line breaks", "breaks and lines", "a paragraph", "a link", "bold", "hard spaces"],
)
def test_what_an_editor_makes_of_it_is_the_same_text(edited: str) -> None:
    assert BLOCK.folded() == block_in(edited)


def test_a_copied_block_is_not_the_accepted_form_and_goes() -> None:
    twice = f"A\n{BLOCK.written()}\nB\n{BLOCK.written()}\nC"

    assert BLOCK.folded() != block_in(twice)
    assert f"A\n{BLOCK.written()}\nB\n\nC" == with_block(twice, BLOCK)


def test_a_line_of_ours_that_lost_its_partner_goes() -> None:
    assert f"A\n\nB\n\n{BLOCK.written()}" == with_block(f"A\n{OPENING}\nB", BLOCK)


def test_words_alone_are_compared() -> None:
    assert "a b & c" == fold_text("<p>a</p><p> b &amp;\n\tc</p>")
