"""Whatever a page points to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, Page, all_pages, page

_NAMES = [one.name for one in all_pages()]
_FOLDERS = ("governance/", "web/", "jobs/", "tests/", "docs/", "requirements/", ".ci/")
_FILES = ("dev.py", "pyproject.toml", "config.example.toml", "README.md", "CHANGELOG.md", "LICENSE")
_MADE_BY_EXPORT = page("commands").section("export").text


def by_name(name: str) -> Page:
    return next(one for one in all_pages() if one.name == name)


@pytest.mark.parametrize("name", _NAMES)
def test_every_link_leads_somewhere(name: str) -> None:
    start = by_name(name)

    dead = [target for target in start.links() if not target.startswith("http") and not leads_somewhere(start, target)]

    assert dead == []


@pytest.mark.parametrize("name", _NAMES)
def test_every_path_that_is_named_exists(name: str) -> None:
    named = [word for word in by_name(name).code_words() if is_path(word)]

    assert [word for word in named if not (ROOT / word).exists()] == []


def test_the_index_names_every_page() -> None:
    expected = {f"{path.name}" for path in (ROOT / "docs").glob("*.md")} - {"index.md"}

    listed = set(re.findall(r"^- \[[^\]]+\]\(([\w-]+\.md)\)", page("index").text, re.MULTILINE))

    assert listed == expected


def test_the_readme_leads_to_every_page() -> None:
    expected = {f"docs/{path.name}" for path in (ROOT / "docs").glob("*.md")}

    assert expected <= set(page("README.md").links())


def test_the_first_screen_of_the_readme_has_the_two_commands_alone() -> None:
    first_screen = page("README.md").text.partition("\n## ")[0]

    commands = re.findall(r"^\$ (\S+ \S+ \S+)", first_screen, re.MULTILINE)

    assert commands == ["python3 dev.py demo", "python3 dev.py test"]
    assert len(first_screen.splitlines()) <= 25


def leads_somewhere(start: Page, target: str) -> bool:
    file, _, anchor = target.partition("#")
    path = (start.path.parent / file).resolve() if file else start.path
    if not anchor:
        return path.exists()
    return path.exists() and anchor in {one.anchor for one in Page(path, path.read_text(encoding="utf-8")).sections()}


def is_path(word: str) -> bool:
    """A path of the project: below one of its folders, or one of the files of its top level."""
    if word in _FILES:
        return f"`{word}`" not in _MADE_BY_EXPORT
    return (
        word.startswith(_FOLDERS)
        and bool(re.fullmatch(r"[\w./-]+", word))
        and Path(word).suffix
        in (
            "",
            *(".py", ".md", ".txt", ".sh"),
        )
    )
