"""Every command and option is explained, and none that does not exist; wherever a page names a command, it is one."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser
from importlib import import_module
from typing import Any

import pytest

from governance import cli
from governance.cli import COMMANDS, Command
from governance.domain.charter import Charter, read_charter
from governance.domain.roster_file import COLUMNS, LARGEST_FILE, MOST_ROWS, read_roster_file
from tests.docs.pages import ROOT, all_pages, page, rows

_PAGE = page("commands")
_NOT_COMMANDS = (
    *("Commands", "Setting up", "Running", "Meetings", "Rosters", "The invitation", "The record", "Mails"),
    *("The roster file", "The charter"),
)


def paths() -> dict[str, Command]:
    found: dict[str, Command] = {}
    for name, command in COMMANDS.items():
        if isinstance(command, Command):
            found[name] = command
        else:
            found |= {f"{name} {inner}": one for inner, one in command.items()}
    return found


PATHS = paths()


def test_every_command_has_its_section_and_no_other_has_one() -> None:
    titles = [one.title for one in _PAGE.sections() if one.title not in _NOT_COMMANDS]

    assert sorted(titles) == sorted(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_a_section_has_exactly_the_options_of_its_command(path: str) -> None:
    explained = [row[0].strip("`").partition(" ")[0] for row in rows(_PAGE.section(path).text)]

    assert sorted(explained) == sorted(options_of(PATHS[path]))


def test_the_options_of_all_commands_are_explained() -> None:
    explained = {row[0].strip("`") for row in rows(_PAGE.section("Commands").text) if row[0].startswith("`")}

    assert explained == {option for option, _ in cli._OPTIONS}


def test_the_exit_codes_are_those_of_the_program() -> None:
    explained = [int(row[0]) for row in rows(_PAGE.section("Commands").text) if row[0].isdigit()]

    assert explained == [cli.WELL, cli.ERROR, cli.NOTABLE, cli.NOT_UNDERSTOOD]


@pytest.mark.parametrize("name", [one.name for one in all_pages()])
def test_every_command_that_a_page_names_exists(name: str) -> None:
    text = next(one for one in all_pages() if one.name == name).text
    named = re.findall(r"(?:`|\$ |\.venv/bin/|\|\| )governance ((?:--config \S+ )?[a-z-]+(?: [a-z]+)?)", text)

    unknown = [words for words in named if not is_command(words.split())]

    assert unknown == []


@pytest.mark.parametrize("name", [one.name for one in all_pages()])
def test_every_verb_of_dev_py_that_a_page_names_exists(name: str) -> None:
    text = next(one for one in all_pages() if one.name == name).text
    verbs = set(re.findall(r'^    "(\w+)": \(', (ROOT / "dev.py").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"dev\.py (\w+)", text)) - verbs == set()


def test_the_columns_of_the_roster_file_are_all_explained() -> None:
    text = _PAGE.section("The roster file").text

    assert [row[0].strip("`") for row in rows(text) if row[0].startswith("`")] == list(COLUMNS)
    assert f"More than {MOST_ROWS:,} rows, more than {LARGEST_FILE // 1024 // 1024} MB" in text


def test_the_example_of_a_roster_file_can_be_imported() -> None:
    (example,) = _PAGE.blocks("csv")

    assert [row.department for row in read_roster_file(example.encode()).rows] == ["Finance", "Legal"]


def test_the_example_of_a_charter_can_be_used() -> None:
    (example,) = _PAGE.blocks("toml")

    charter = read_charter(example)

    assert [measure.name for measure in charter.measures] == ["Decision within"]


def test_every_key_of_the_charter_is_explained_with_its_default() -> None:
    from dataclasses import fields

    expected = {field.name: field.default for field in fields(Charter)}

    explained = {row[0].strip("`"): row[1] for row in rows(_PAGE.section("The charter").text)}

    assert explained == {name: written(default) for name, default in expected.items()}


def options_of(command: Command) -> list[str]:
    parser = ArgumentParser(add_help=False)
    module: Any = sys.modules["governance.cli"] if command.place == "governance.cli" else import_module(command.place)
    getattr(module, f"{command.name}_arguments")(parser)
    return [str(action.option_strings[0] if action.option_strings else action.metavar) for action in parser._actions]


def is_command(words: list[str]) -> bool:
    if words[0] == "--config":
        words = words[2:]
    found = COMMANDS.get(words[0])
    if isinstance(found, dict):
        return len(words) == 1 or words[1] in found
    return found is not None


def written(default: object) -> str:
    if default is None or default == ():
        return "none"
    return f'`"{default}"`' if isinstance(default, str) else f"`{default}`"
