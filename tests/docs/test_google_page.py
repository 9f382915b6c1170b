"""Every refusal has its remedy on the page, and what is to be pasted is what the program asks for."""

from __future__ import annotations

import re

from governance.calendar.credentials import CALENDAR_SCOPES, DIRECTORY_SCOPES, GMAIL_SCOPES
from governance.calendar.refusals import DAILY_LIMIT
from governance.reconcile import ports
from tests.docs.pages import ROOT, page, rows

_PAGE = page("google")
_NEVER_SHOWN = {"google-trouble", "google-refused"}
"""Of classes whose every use gives a code of its own."""


def test_every_code_of_a_refusal_is_explained_and_no_other() -> None:
    explained = {
        code for row in rows(_PAGE.section("Refusals").text) for code in re.findall(r"`(google-[\w-]+)`", row[0])
    }

    assert explained == codes() - _NEVER_SHOWN


def test_the_scopes_to_paste_are_those_that_are_asked_for() -> None:
    pasted = [block.strip() for block in _PAGE.blocks("text")]

    assert pasted == [
        ",".join(CALENDAR_SCOPES),
        ",".join((*CALENDAR_SCOPES, *DIRECTORY_SCOPES)),
        ",".join(GMAIL_SCOPES),
    ]


def codes() -> set[str]:
    of_classes = {
        one.code for one in vars(ports).values() if isinstance(one, type) and issubclass(one, ports.CalendarTrouble)
    }
    sources = [*(ROOT / "governance" / "calendar").glob("*.py"), ROOT / "governance" / "reconcile" / "reconciler.py"]
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    of_calls = set(re.findall(r'(?:code=|problem_code = )"(google-[\w-]+)"', text))
    return {code for code in of_classes | of_calls if code.startswith("google-")} | {DAILY_LIMIT}
