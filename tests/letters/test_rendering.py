"""Both readings of a letter say the same, in full, in any program that shows mails."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.mail.letter import Block, Button, Facts, Footer, Heading, Items, Letter, Markdown, Paragraph, Quote
from governance.mail.render import LARGEST_HTML, render
from governance.mail.words import letter
from governance.seed.letters import Example, examples
from tests.letters.reading import links_of_html, links_of_text, markup, words_of_html, words_of_text

PAGE = "https://meetings.example.com/m/decisions"
EXAMPLES = pytest.mark.parametrize("example", examples(), ids=lambda example: example.name)

_TEXT = st.text(max_size=60)
_LINES = st.lists(_TEXT, max_size=4).map("\n".join)
_ADDRESS = st.integers(0, 99).map(lambda number: f"https://meetings.example.com/l/{number}?a=1&b=2")
_WORDS = st.lists(
    st.sampled_from(["One", "**two**", "*three*", "`4`", "1. five", "- six", "> seven", "<b>8</b>", "&amp;"])
)
_BLOCKS = st.one_of(
    st.builds(Paragraph, _LINES, st.booleans()),
    st.builds(Heading, _TEXT),
    st.builds(Markdown, _WORDS.map("\n\n".join)),
    st.builds(Quote, _LINES),
    st.builds(Facts, st.lists(st.tuples(_TEXT, _LINES), max_size=3).map(tuple)),
    st.builds(Items, st.lists(st.tuples(_LINES, st.none() | _LINES), max_size=3).map(tuple)),
    st.builds(Button, _TEXT, _ADDRESS, st.booleans()),
)
_LETTERS = st.builds(
    lambda subject, lead, title, heading, blocks, lines, links: Letter(
        subject=subject,
        preheader=lead,
        title=title,
        heading=heading,
        blocks=tuple(blocks),
        footer=Footer(tuple(lines), tuple(links)),
    ),
    _TEXT,
    _TEXT,
    _TEXT,
    _TEXT,
    st.lists(_BLOCKS, max_size=5),
    st.lists(_TEXT, max_size=2),
    st.lists(st.tuples(_TEXT, _ADDRESS), max_size=2),
)


@EXAMPLES
def test_every_word_number_and_address_is_in_both_readings(example: Example) -> None:
    rendered = render(letter(example.mail.facts, example.mail.context), PAGE)

    assert words_of_text(rendered.text) == words_of_html(rendered.html)
    assert links_of_text(rendered.text) == links_of_html(rendered.html)


@given(_LETTERS)
@settings(max_examples=150, deadline=None)
def test_the_same_holds_for_letters_that_nobody_would_write(written: Letter) -> None:
    rendered = render(written, PAGE)

    assert words_of_text(rendered.text) == words_of_html(rendered.html)
    assert links_of_text(rendered.text) == links_of_html(rendered.html)


def test_neither_reading_leaves_out_a_word_of_the_letter() -> None:
    blocks: tuple[Block, ...] = (
        Paragraph("Alpha one"),
        Paragraph("Bravo 2", is_soft=True),
        Heading("Charlie"),
        Markdown("Delta **echo**\n\n1. foxtrot\n2. [golf](https://g.example)"),
        Quote("hotel\nindia"),
        Facts((("juliett", "kilo"),)),
        Items((("lima", "mike"), ("november", None))),
        Button("oscar", f"{PAGE}/next", True),
    )
    footer = Footer(("papa",), (("quebec", PAGE),))

    rendered = render(
        Letter(subject="s", preheader="romeo", title="sierra", heading="tango", blocks=blocks, footer=footer), PAGE
    )

    said = {
        *(
            "Alpha",
            "one",
            "Bravo",
            "2",
            "Charlie",
            "Delta",
            "echo",
            "1",
            "foxtrot",
            "golf",
            "hotel",
            "india",
            "juliett",
        ),
        *("kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango"),
    }
    assert (said - words_of_text(rendered.text), said - words_of_html(rendered.html)) == (set(), set())
    assert links_of_html(rendered.html) == {PAGE, f"{PAGE}/next"}


@EXAMPLES
def test_nothing_is_fetched_from_anywhere(example: Example) -> None:
    html = render(letter(example.mail.facts, example.mail.context), PAGE).html

    found = markup(html)
    assert found.elements & {"img", "link", "script", "iframe", "svg", "form", "input", "object", "video"} == set()
    assert re.findall(r"url\(|@import|fonts\.|src=", html) == []
    assert {link for link in found.links if not link.startswith("https://meetings.halvorsen.example/")} == set()


@EXAMPLES
def test_a_mail_has_its_own_colours_for_the_dark(example: Example) -> None:
    html = render(letter(example.mail.facts, example.mail.context), PAGE).html

    assert '<meta name="color-scheme" content="light dark"' in html
    assert "@media (prefers-color-scheme: dark)" in html


@EXAMPLES
def test_a_phone_shows_the_leading_sentence_beside_the_subject(example: Example) -> None:
    rendered = render(letter(example.mail.facts, example.mail.context), PAGE)

    assert rendered.letter.preheader in "\n".join(
        block.text for block in rendered.letter.blocks if isinstance(block, Paragraph)
    )
    assert rendered.html.index(escaped(rendered.letter.preheader)) < rendered.html.index('role="article"')


def test_a_button_that_leads_nowhere_is_left_out_of_both() -> None:
    blocks = (Button("Confirm", "javascript:alert(1)", True), Button("Open", PAGE))

    rendered = render(Letter(subject="s", preheader="", title="t", blocks=blocks), PAGE)

    assert rendered.letter.blocks == (Button("Open", PAGE),)
    assert ("Confirm" in rendered.text, "Confirm" in rendered.html) == (False, False)


def test_what_fits_is_not_shortened() -> None:
    rendered = render(Letter(subject="s", preheader="", title="t", blocks=(Paragraph("word " * 3_000),)), PAGE)

    assert words_of_text(rendered.text) == {"t", "word"}
    assert PAGE not in rendered.text


@pytest.mark.parametrize(
    "block",
    [
        Paragraph("<&> " * 5_000),
        Quote("ü " * 10_000),
        Markdown("\n\n".join(f"1. *rule* <{number}>" for number in range(500))),
        Items(tuple((f"person {number}", "because " * 9) for number in range(900))),
        Facts(tuple((f"label {number}", "value " * 30) for number in range(300))),
    ],
    ids=lambda block: type(block).__name__,
)
def test_what_mail_programs_would_cut_off_is_shortened_with_a_link(block: Block) -> None:
    lead = Paragraph("Decide this.")
    footer = Footer(("Why you get it.",), (("Mute", f"{PAGE}/mute"),))
    blocks = (lead, *[block] * 20)

    rendered = render(Letter(subject="s", preheader="", title="t", blocks=blocks, footer=footer), PAGE)

    assert len(rendered.html.encode()) <= LARGEST_HTML
    assert {PAGE, f"{PAGE}/mute"} <= links_of_text(rendered.text) & links_of_html(rendered.html)
    assert words_of_text(rendered.text) == words_of_html(rendered.html)
    assert "This mail is shortened" in rendered.text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("A **bold** *word*", "A bold word"),
        ("<script>x</script>", "<script>x</script>"),
        ("[Pay](https://evil.example)", "Pay (https://evil.example)"),
        ("<https://evil.example>", "https://evil.example"),
        ("![a picture](https://evil.example/x.png)", "a picture"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[a]: https://evil.example\n\n[a]", "[a]: https://evil.example\n\n[a]"),
        ("a&#x202e;b&#10;c&#0;d", "ab c\ufffdd"),
        ("# Title\n\ntext", "Title\n\ntext"),
        ("- a\n- b\n  1. c", "- a\n\n- b\n\n  1. c"),
        ("> quoted", "> quoted"),
    ],
)
def test_a_charter_is_read_strictly(source: str, text: str) -> None:
    written = Letter(subject="s", preheader="", title="", blocks=(Markdown(source),))

    rendered = render(written, PAGE)

    assert rendered.text == f"{text}\n"
    assert links_of_html(rendered.html) == set()


def test_a_long_title_is_shortened_in_the_subject_and_not_lost() -> None:
    [first, *_] = (one.mail for one in examples() if one.name == "seat")
    long = replace(first.context, meeting="Customer decisions of all departments in " + "Europe and " * 20)

    subject = letter(first.facts, long).subject

    assert len(subject) < 130
    assert re.match(r".{50,59}…, 26 Nov 2026: you have the seat of Finance$", subject)


def escaped(text: str) -> str:
    from markupsafe import escape

    return str(escape(text))
