"""The page about the agenda says what can become of an item, and what for it is, in the words of the pages."""

from __future__ import annotations

from governance.domain.agenda import Outcome, Purpose
from governance.services.agenda.values import Became
from tests.docs.pages import page, rows
from web.wording.agenda import outcome, purpose

_PAGE = page("agenda")


def test_every_outcome_is_explained_by_the_word_that_the_pages_use() -> None:
    words = {outcome(Became(one)).word.casefold() for one in Outcome}

    assert words == {row[0] for row in rows(_PAGE.section("What becomes of an item").text)}


def test_every_purpose_says_what_the_room_does() -> None:
    listed = dict(row[:2] for row in rows(_PAGE.section("Items").text))

    assert {purpose(one).word.casefold() for one in Purpose} == set(listed)
    assert all(purpose(one).detail.removeprefix("the room ") in listed[one.value] for one in Purpose)
