"""The table that people read is the table that decides."""

from __future__ import annotations

from collections.abc import Collection

from governance.domain.access import MAILS, TABLE, Row, Who
from tests.docs.pages import page, rows

_PAGE = page("access")


def test_the_table_is_the_one_that_decides() -> None:
    shown = rows(_PAGE.section("The table").text)

    assert shown == [[f"{row.act} {row.kind}", row.up_to, *(_cell(row, who) for who in Who)] for row in TABLE]


def test_the_heads_of_the_table_are_those_who_it_is_about() -> None:
    head = next(line for line in _PAGE.section("The table").text.splitlines() if line.startswith("|"))

    assert [cell.strip() for cell in head.split("|")[3:-1]] == list(Who)


def test_who_receives_which_mail_is_what_the_table_of_mails_says() -> None:
    shown = rows(_PAGE.section("Mails").text)

    assert shown == [[f"`{kind}`", _names(yes), _names(own)] for kind, (yes, own) in MAILS.items()]


def test_it_is_said_of_each_from_when_to_when() -> None:
    said = [
        who for row in rows(_PAGE.section("What each is, and from when to when").text) for who in row[0].split(", ")
    ]

    assert sorted(said) == sorted(Who)


def _cell(row: Row, who: Who) -> str:
    return "yes" if who in row.yes else "own" if who in row.own else "–"


def _names(some: Collection[Who]) -> str:
    named = [who for who in Who if who in some]
    return "anybody" if len(named) == len(Who) else ", ".join(named) or "–"
