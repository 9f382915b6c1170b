"""What every test may rely on: the databases, the browser, the sandbox calendar and Hypothesis' profiles."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

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


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", action="append", help="a history to be run, instead of all of them")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if IS_SOAK:
        return
    for item in items:
        if item.get_closest_marker("soak"):
            item.add_marker(pytest.mark.skip(reason="Run `python3 dev.py soak`: this test takes its time."))
