"""The guards themselves: each finds what it is there for, because one that finds nothing looks like a good tree."""

from __future__ import annotations

import ast

import pytest

from tests.architecture.source import Module, calls, guard, imports
from tests.architecture.test_habits import CLOCKS, COMPLAINTS, sentences
from tests.architecture.test_imports import strange_imports
from tests.architecture.test_tree import MACHINE_PATHS, REGISTRIES


def module_of(source: str, name: str = "governance.domain.example") -> Module:
    return Module(name, f"{name.replace('.', '/')}.py", ast.parse(source))


def test_a_guard_that_found_nothing_is_silent() -> None:
    guard([], why="…", instead="…")


def test_a_guard_says_what_why_and_what_instead() -> None:
    with pytest.raises(AssertionError, match=r"(?s)found\s+a\.py:1.*why\s+order.*instead\s+ask"):
        guard(["a.py:1"], why="order", instead="ask")


@pytest.mark.parametrize(
    ("source", "name", "is_in_function"),
    [
        ("import sqlalchemy.orm", "sqlalchemy.orm", False),
        ("from sqlalchemy import select", "sqlalchemy.select", False),
        ("from .people import Person", "governance.domain.people.Person", False),
        ("from ..store import seats", "governance.store.seats", False),
        ("def f():\n    import web", "web", True),
    ],
)
def test_every_form_of_import_is_seen(source: str, name: str, is_in_function: bool) -> None:
    [found] = imports(module_of(source))

    assert (found.name, found.is_in_function) == (name, is_in_function)


@pytest.mark.parametrize("source", ["import sqlalchemy", "from governance.store import seats", "def f(): import flask"])
def test_the_domain_is_seen_to_know_a_stranger(source: str) -> None:
    assert list(strange_imports(module_of(source), ("governance.domain",)))


@pytest.mark.parametrize("source", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "date.today()", "time.time()"])
def test_every_look_at_the_clock_is_seen(source: str) -> None:
    [(_, name)] = calls(module_of(source))

    assert CLOCKS.fullmatch(name)


@pytest.mark.parametrize(
    "source", ['raise GovernanceError("The x is bad")', 'raise ConfigurationError(f"Invalid {x}", path=p)']
)
def test_a_complaint_is_seen(source: str) -> None:
    [(_, sentence)] = sentences(module_of(source))

    assert sentence.split()[0] in COMPLAINTS


# Put together here, so that the guards do not find this file.
@pytest.mark.parametrize("folder", ["home", "root", "work", "Users"])
def test_a_path_of_one_machine_is_seen(folder: str) -> None:
    assert MACHINE_PATHS.search(f"open('/{folder}/ada')")


@pytest.mark.parametrize(("name", "ending"), [("pypi", "org"), ("files.pythonhosted", "org"), ("crates", "io")])
def test_a_registry_is_seen(name: str, ending: str) -> None:
    assert REGISTRIES.search(f"see {name}.{ending} for more")
