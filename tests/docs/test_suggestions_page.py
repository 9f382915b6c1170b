"""The table of the suggestion's rules says what the rules say."""

from __future__ import annotations

from governance.domain.summaries.suggesting import RULES
from tests.docs.pages import page, rows


def test_every_rule_has_its_line_in_order() -> None:
    shown = rows(page("suggestions").section("The rules").text)

    assert shown == [[rule.code, rule.applies_when, f"`{rule.path}`"] for rule in RULES]
