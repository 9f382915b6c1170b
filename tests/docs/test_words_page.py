"""One word per thing: each table is a word, and each word that names a table is right."""

from __future__ import annotations

import re

from governance.models import whole_metadata
from tests.docs.pages import page, rows

_ROWS = rows(page("glossary").text)


def test_every_table_that_a_word_names_exists() -> None:
    assert named_tables() - set(whole_metadata().tables) == set()


def test_every_table_is_explained() -> None:
    assert set(whole_metadata().tables) - named_tables() == set()


def test_every_word_has_one_definition() -> None:
    words = [word for row in _ROWS for word in re.findall(r"\*\*([^*]+)\*\*", row[0])]

    assert sorted(words) == sorted(set(words))
    assert all(row[2].endswith(".") for row in _ROWS)


def named_tables() -> set[str]:
    return {row[1].strip("`") for row in _ROWS if row[1]}
