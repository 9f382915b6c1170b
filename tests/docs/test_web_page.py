"""What the page shows is what its page of the documentation names."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from governance.database import Database
from tests.docs.pages import ROOT, page, rows
from tests.web.conftest import config_for
from web import create_app

_PAGE = page("web")
_FOLDER = ROOT / "web" / "templates"
_PATHS = sorted(_FOLDER.rglob("*.html"))
_TEMPLATES = "".join(path.read_text(encoding="utf-8") for path in _PATHS if path.parent.name != "demo")
_FOR_THE_PAGE_ITSELF = {"/m/SLUG/live", "/errands/ERRAND/live", "/favicon.ico", "/static/NAME"}
_IN_THE_DEMO = {"Act as people would"}


def test_every_part_of_the_page_is_explained() -> None:
    titles = set(re.findall(r"<h2[^>]*>([^<{]+)</h2>", _TEMPLATES)) - _IN_THE_DEMO

    explained = {title.strip(".").casefold() for title in re.findall(r"\*\*([^*]+)\*\*", _PAGE.prose)}

    assert {title for title in titles if title.casefold() not in explained} == set()


@pytest.mark.parametrize(
    ("template", "section"),
    [("meeting/roster.html", "What each part says"), ("roster/page.html", "The roster's page")],
)
def test_every_column_of_the_roster_is_explained(template: str, section: str) -> None:
    columns = re.findall(r'scope="col">([^<]+)</th>', (_FOLDER / template).read_text(encoding="utf-8"))

    assert [row[0] for row in rows(_PAGE.section(section).text)] == columns


def test_every_address_is_listed() -> None:
    app = create_app(config_for(), Database("sqlite:///never-opened.db"))

    listed = [word for row in rows(_PAGE.section("Addresses").text) for word in re.findall(r"`([^`]+)`", row[0])]

    assert len(listed) == len(set(listed)), "each once"
    assert set(listed) == addresses(app) - _FOR_THE_PAGE_ITSELF


def addresses(app: Flask) -> set[str]:
    """Whatever answers a GET, its blanks in capitals."""
    found = (str(rule) for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    return {re.sub(r"<(?:\w+:)?(\w+)>", lambda blank: blank[1].upper(), rule) for rule in found}
