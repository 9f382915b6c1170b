"""What every test may rely on: the databases, the browser, the sandbox calendar and Hypothesis' profiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

TESTS = Path(__file__).parent
IS_SOAK = os.environ.get("GOVERNANCE_SOAK") == "1"

pytest_plugins = [
    "tests.support.warm",
    "tests.support.postgres",
    "tests.support.database",
    "tests.support.browser",
    "tests.support.sandbox",
    "tests.support.governed",
]

# No deadline and no "too slow": a test that fails on a busy machine says nothing about the product.
settings.register_profile(
    "default", max_examples=50, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("soak", settings.get_profile("default"), max_examples=5000)
settings.load_profile("soak" if IS_SOAK else "default")


LONG = (
    "e2e/test_pages.py",
    "faults/test_kills.py",
    "races/test_many_workers.py",
    "histories/test_histories.py",
    "access/test_routes.py",
    "e2e/test_demo.py",
    "jobs/test_worker.py",
    "web/test_statements.py",
    "cli/test_processes.py",
    "faults/test_mail_kills.py",
    "faults/test_storms.py",
    "faults/test_stops.py",
)
"""What several processes begin with, so that in the end none is left alone with one of them: each takes half a minute
or more. Those that compute and those that wait come by turns."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", action="append", help="a history to be run, instead of all of them")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        _put_long_files_first(items)
    if IS_SOAK:
        return
    for item in items:
        if item.get_closest_marker("soak") or _has_a_twin(item):
            item.add_marker(pytest.mark.skip(reason="Run `python3 dev.py soak`: this test takes its time."))


def _has_a_twin(item: pytest.Item) -> bool:
    """On SQLite, which the run takes where both databases have the same to show; the soak takes both."""
    return item.get_closest_marker("one_engine") is not None and "postgresql" in item.name


def _put_long_files_first(items: list[pytest.Item]) -> None:
    """The others stay as they are."""
    places = {(TESTS / name).resolve(strict=True): place for place, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(item.path, len(LONG)))
