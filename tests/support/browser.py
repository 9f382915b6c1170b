"""A Chromium for the browser tests: the system's, else Playwright's own, else the tests are skipped with the reason."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

# What is switched off would start processes or reach for the network on its own.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_FIXTURES = {"browser", "browser_type", "context", "new_context", "page", "playwright"}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], playwright: Any) -> dict[str, Any]:
    """Takes the place of the plugin's fixture of the same name, which would only look for Playwright's browser."""
    launch = {"headless": True, "args": list(_FLAGS)} | browser_type_launch_args
    if program := system_chromium():
        return launch | {"executable_path": program}
    if Path(playwright.chromium.executable_path).exists():
        return launch
    pytest.skip("Install chromium, or run `playwright install chromium`: there is no browser here.")


def system_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
    return next((found for name in names if (found := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever uses a browser fixture is marked `browser`, so that `-m 'not browser'` can be relied upon."""
    for item in items:
        if _FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("browser")
