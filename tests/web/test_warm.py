"""What the tests compile once for all applications is really shared; without that they take a third longer."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from jinja2 import Environment

from tests.web.conftest import Pages


def test_a_second_application_compiles_no_template_that_the_first_has(
    pages: Pages, pages_at: Callable[[str], Pages], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.browser().get("/sign-in")
    compiled: list[str | None] = []
    monkeypatch.setattr(Environment, "compile", lambda _self, _source, name=None, *_rest: compiled.append(name))

    shown = pages_at("http://localhost:8080").browser().get("/sign-in")

    assert shown.status_code == 200
    assert compiled == []
