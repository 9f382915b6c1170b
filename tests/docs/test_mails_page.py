"""Every kind of mail is on its page, with what it really says."""

from __future__ import annotations

import re

import pytest

from governance.mail.building import page_of
from governance.mail.kinds import KINDS, Topic
from governance.mail.render import LARGEST_HTML, render
from governance.mail.words import letter
from governance.seed.letters import Example, examples
from tests.docs.pages import page, rows

_PAGE = page("mails")
FIRST = {one.kind: one for one in reversed(examples())}


def test_every_kind_is_listed_with_what_its_reader_may_mute() -> None:
    listed = {row[0].strip("`"): row[3] for row in rows(_PAGE.section("Which mails there are").text)}

    assert listed == {code: f"yes: {kind.topic}" if kind.topic else "no" for code, kind in KINDS.items()}


def test_every_kind_has_its_example_in_the_same_order() -> None:
    titles = [section.title for section in _PAGE.sections()]

    assert titles[titles.index("What they say") + 1 :] == list(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_is_what_the_program_writes(kind: str) -> None:
    shown = dict(zip(KINDS, _PAGE.blocks("text"), strict=True))[kind]

    assert shown == as_shown(FIRST[kind])


def test_the_size_and_the_topics_are_those_of_the_program() -> None:
    assert f"{LARGEST_HTML // 1_000} kB" in _PAGE.text
    assert set(re.findall(r"yes: (\w+)", _PAGE.text)) == set(Topic)


def as_shown(example: Example) -> str:
    mail = example.mail
    rendered = render(letter(mail.facts, mail.context), page_of(mail.context))
    return f"Subject: {rendered.letter.subject}\n\n{rendered.text}"
