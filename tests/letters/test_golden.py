"""The mails of two dozen weeks are, to the byte, what somebody has read and found right.

Changed on purpose: `python -m tests.letters.situations` writes them anew; read what git shows before you commit it.
"""

from __future__ import annotations

import re

import pytest

from governance.mail.building import build
from governance.mail.render import LARGEST_HTML
from tests.letters.reading import links_of_html, links_of_text, words_of_html, words_of_text
from tests.letters.situations import GOLDEN, PICTURED, PICTURES, SITUATIONS, mail_of, said
from tests.letters.test_hostile_texts import faults

EACH = pytest.mark.parametrize("name", SITUATIONS)


@EACH
def test_a_mail_is_what_was_read_and_found_right(name: str) -> None:
    text, html = said(mail_of(name))

    assert (GOLDEN / f"{name}.txt").read_bytes().decode() == text
    assert (GOLDEN / f"{name}.html").read_bytes().decode() == html


@EACH
def test_the_same_facts_give_the_same_bytes(name: str) -> None:
    assert build(mail_of(name)).content == build(mail_of(name)).content


@EACH
def test_neither_reading_says_less_and_nothing_unplanned_is_in_it(name: str) -> None:
    text, html = said(mail_of(name))

    body = text.split("\n\n", 1)[1]
    assert words_of_text(body) == words_of_html(html)
    assert links_of_text(body) == links_of_html(html)
    assert faults(mail_of(name)) == []


@EACH
def test_a_mail_is_small_and_its_subject_says_what_it_is_about(name: str) -> None:
    text, html = said(mail_of(name))

    subject = text.split("\n", 1)[0]
    assert len(html.encode()) < LARGEST_HTML
    assert len(subject) < 150
    assert re.fullmatch(r"Subject: .+?(?:, 26 Nov 2026)?: \S.*[^.\s]", subject)


def test_nothing_lies_there_that_nobody_compares() -> None:
    assert {path.name for path in GOLDEN.iterdir()} == {
        f"{name}.{kind}" for name in SITUATIONS for kind in ("txt", "html")
    }
    assert {path.name for path in PICTURES.iterdir()} == {f"{name}-{scheme}.png" for name, scheme in PICTURED}
