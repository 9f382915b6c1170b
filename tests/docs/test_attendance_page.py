"""The page about attendance says what the rules, the charter and the states say."""

from __future__ import annotations

import re

import pytest

from governance.domain.attendance import Attendance, State
from governance.domain.charter import Charter
from governance.domain.question_bank import OUR_QUESTIONS
from governance.domain.rules import RULES
from tests.docs.pages import page, rows
from web.wording.attendance import badge

_PAGE = page("attendance")


@pytest.mark.parametrize("code", ["A01", "A02", "A03"])
def test_a_section_says_what_the_rule_remarks_its_remedy_and_its_mode(code: str) -> None:
    rule = RULES[code]

    lines = _PAGE.section(f"{code} – {rule.name}").text.strip().splitlines()

    assert lines[:3] == [f"- Remarks: {rule.says}", f"- Remedy: {rule.remedy}.", f"- Default: `{rule.default}`."]


def test_every_state_is_explained_by_the_word_that_the_pages_use() -> None:
    words = {badge(Attendance(state)).word.casefold().replace("late by 0", "late by n") for state in State}

    assert {row[0].casefold() for row in rows(_PAGE.section("The states").text)} == words | {"made up for"}


def test_the_keys_of_the_charter_are_those_that_there_are() -> None:
    keys = {key for row in rows(_PAGE.section("What counts").text) for key in re.findall(r"`(\w+)`", row[0])}

    assert keys <= set(Charter.__dataclass_fields__)
    assert keys == {"grace_minutes", "window", "late_limit", "absent_limit", "make_up_days"}


def test_the_bank_is_as_large_as_the_page_says() -> None:
    assert "more than 150 questions" in _PAGE.section("The question of the week").text
    assert len(OUR_QUESTIONS) > 150
