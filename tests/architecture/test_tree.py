"""What lies in the project: a tidy top level, and nothing that belongs to one machine."""

from __future__ import annotations

import re

from tests.architecture.source import ROOT, guard, project_files

TOP_LEVEL = {
    *("governance", "web", "jobs", "tests", "docs", "requirements", ".ci"),
    *("dev.py", "pyproject.toml", "config.example.toml", "README.md", "LICENSE", "CHANGELOG.md", ".gitignore"),
}

# Written so that this file does not find itself: the first letter of each is a class of its own.
MACHINE_PATHS = re.compile(r"(?<![\w.:/~*-])/(?:[w]ork|[r]oot|[h]ome|[U]sers)/\w")
REGISTRIES = re.compile(
    r"[p]ypi\.org|[p]ythonhosted\.org|[r]egistry\.npmjs\.org|[d]eb\.debian\.org|[c]rates\.io|--(?:extra-)?[i]ndex-url"
)
UNFINISHED = re.compile(r"\b(?:[T]ODO|[F]IXME|[X]XX)\b")
BINARY = (".woff2", ".png", ".ico", ".ttf", ".gz", ".jpg")


def test_the_top_level_keeps_to_its_entries() -> None:
    found = sorted({name.partition("/")[0] for name in project_files()} - TOP_LEVEL)

    guard(
        found,
        why="The top level is the first thing a visitor reads; every entry there asks to be understood.",
        instead="Put it into the folder it belongs to, or into .gitignore when a tool made it.",
    )


def test_nothing_names_one_machine_or_a_registry() -> None:
    guard(
        lines_with(MACHINE_PATHS) + lines_with(REGISTRIES),
        why="The project has to install and run anywhere, from whichever mirror is configured there.",
        instead="Write paths relative to the project, and leave the registry to the machine's own settings.",
    )


def test_nothing_is_left_for_later() -> None:
    guard(
        [line for line in lines_with(UNFINISHED) if not line.startswith("requirements/")],
        why="A note in the code is read by nobody who could act on it.",
        instead="Do it, or write it down where work is planned.",
    )


def lines_with(pattern: re.Pattern[str]) -> list[str]:
    return [
        f"{name}:{number} {line.strip()[:100]}"
        for name in project_files()
        if not name.endswith(BINARY)
        for number, line in enumerate(read(name).splitlines(), start=1)
        if pattern.search(line)
    ]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8", errors="replace")
