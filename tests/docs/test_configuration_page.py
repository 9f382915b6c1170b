"""Every key is explained with its default, and no key that does not exist."""

from __future__ import annotations

import dataclasses
import json
import tomllib
from collections.abc import Iterator

import pytest

from governance.config import load_config
from governance.config.sources import Field, known_keys
from tests.docs.pages import Section, page, rows

_PAGE = page("configuration")
KEYS = {key: field for key, field in known_keys() if "kind" in field.metadata}
TABLES = [key for key, field in known_keys() if "table" in field.metadata]


def test_every_table_has_its_section_in_order() -> None:
    assert [one.title for one in _PAGE.sections() if one.title.startswith("[")] == [f"[{name}]" for name in TABLES]


@pytest.mark.parametrize("table", TABLES)
def test_a_section_has_exactly_the_keys_of_its_table_with_their_defaults(table: str) -> None:
    expected = {key: written_default(field) for key, field in KEYS.items() if key.rpartition(".")[0] == table}

    assert dict(shown(_PAGE.section(f"[{table}]"))) == expected


@pytest.mark.parametrize("key", [key for key, field in KEYS.items() if field.metadata["is_secret"]])
def test_a_secret_names_its_file(key: str) -> None:
    table, _, name = key.rpartition(".")

    text = next(row[3] for row in rows(_PAGE.section(f"[{table}]").text) if row[0] == f"`{key}`")

    assert f"`{name}_file`" in text


def test_the_examples_are_toml_with_known_keys() -> None:
    known = {*KEYS, *TABLES, *(f"{key}_file" for key, field in KEYS.items() if field.metadata["is_secret"])}

    named = {key for block in all_toml() for key in flat(tomllib.loads(block))}

    assert named - known == set()


def test_the_least_that_is_needed_is_enough(tmp_path: object) -> None:
    from pathlib import Path

    folder = Path(str(tmp_path))
    (folder / "secret_key").write_text("0123456789abcdef0123456789abcdef\n")
    (folder / "config.toml").write_text(_PAGE.blocks("toml")[0], encoding="utf-8")

    config = load_config(folder / "config.toml", environ={})

    assert (config.site.admins, config.google.subject) == (("ops@example.com",), "chair@example.com")


def shown(section: Section) -> Iterator[tuple[str, str]]:
    for key, default, *_ in rows(section.text):
        yield key.strip("`"), default


def written_default(field: Field) -> str:
    if field.default is dataclasses.MISSING:
        return "required"
    if field.default is None:
        return "–"
    return f"`{json.dumps(field.default, ensure_ascii=False, default=str)}`"


def all_toml() -> list[str]:
    return [*_PAGE.blocks("toml"), *page("google").blocks("toml")]


def flat(table: dict[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        yield prefix + name
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{name}.")
