"""Every rule that is at work has its section, and the section says what the rule says."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator

import pytest

from governance.domain import findings_of_roster
from governance.domain.rules import RULES, Mode
from governance.reconcile import drift, plan, stand_ins
from governance.reconcile.drift import ChangeKind, Flag
from governance.reconcile.plan import HoldKind
from tests.docs.pages import page, rows

ACTIVE = tuple(code for code in RULES if code[0] in "IM")
_PAGE = page("rules")
_FEWEST_LETTERS = 12
"""Below that a pattern would fit anything."""

_LINE = re.compile(r"(?P<code>[IM]\d\d) (?P<rest>.+)")


def test_the_rules_that_are_at_work_have_a_section_each_in_order() -> None:
    expected = [f"{code} – {RULES[code].name}" for code in ACTIVE]

    assert [one.title for one in _PAGE.sections() if re.match(r"[A-Z]\d\d ", one.title)] == expected


@pytest.mark.parametrize("code", ACTIVE)
def test_a_section_says_what_the_rule_remarks_its_remedy_and_its_mode(code: str) -> None:
    rule = RULES[code]

    lines = _PAGE.section(f"{code} – {rule.name}").text.strip().splitlines()

    expected = [f"- Remarks: {rule.says}", f"- Remedy: {rule.remedy}.", f"- Default: `{rule.default}`."]
    assert [line.strip() for line in lines[:3]] == expected


def test_every_mode_is_explained() -> None:
    assert [row[0] for row in rows(_PAGE.section("The rules").text)] == [f"`{mode}`" for mode in Mode]


def test_every_rule_shows_how_it_looks_in_a_plan() -> None:
    shown = [line for block in _PAGE.blocks("plan") for line in block.splitlines()]

    assert [line for line in shown if not is_as_printed(line)] == []
    assert {line[:3] for line in shown} == set(ACTIVE)


def test_every_kind_of_change_is_shown() -> None:
    shown = {line.split()[1] for block in _PAGE.blocks("plan") for line in block.splitlines()}

    assert {kind.value for kind in ChangeKind} <= shown


def test_every_reason_that_is_shown_is_one_that_the_program_gives() -> None:
    shown = [line for block in _PAGE.blocks("plan") for line in block.splitlines()]
    given = [re.compile(pattern) for pattern in sentences()]

    reasons = [part for line in shown for part in reason_of(line).split(" – held: ")]

    assert [reason for reason in reasons if not any(one.fullmatch(reason) for one in given)] == []


@pytest.mark.parametrize("needs_approval", [True, False])
def test_every_reason_to_wait_is_explained_where_it_belongs(needs_approval: bool) -> None:
    title = "What waits for a person" if needs_approval else "What waits for a time"
    names = {HoldKind.RESTORED: "restored copy", HoldKind.NEAR_START: "near the start"}
    expected = {names.get(kind, kind.replace("-", " ")) for kind in HoldKind if kind.needs_approval is needs_approval}

    assert {row[0] for row in rows(_PAGE.section(title).text)} == expected


def reason_of(line: str) -> str:
    return line.partition("(series): ")[2] or line[4:]


def sentences() -> Iterator[str]:
    """Every sentence of the judging modules, with its blanks, as a pattern."""
    for module in (drift, plan, stand_ins, findings_of_roster):
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            parts = node.values if isinstance(node, ast.JoinedStr) else [node]
            words = [part.value if isinstance(part, ast.Constant) else None for part in parts]
            known = [word for word in words if isinstance(word, str)]
            if sum(map(len, known)) >= _FEWEST_LETTERS:
                yield "".join(".+" if word is None else re.escape(str(word)) for word in words)


def is_as_printed(line: str) -> bool:
    found = _LINE.fullmatch(line)
    if found is None:
        return False
    first, _, rest = found["rest"].partition(" ")
    if first == ChangeKind.SET_FLAG:
        return rest.split()[0] in set(Flag) and "(series): " in rest
    if first == ChangeKind.RESTORE_CHARTER:
        return rest.startswith("(series): ")
    if first in set(ChangeKind):
        return re.match(r"\S+@\S+ \(series\): \w", rest) is not None
    return found["rest"][0].isupper() or found["rest"][0].isdigit()
