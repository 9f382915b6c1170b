"""Requests that nobody sends by accident, 900 in a run and 10,000 in a soak: none meets a fault, and none is logged."""

from __future__ import annotations

import logging
import re

import pytest

from tests.web.conftest import Pages, csrf_of
from tests.web.malicious import Attacker, send
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG

# What was uploaded is let go with its request; nobody closes it before.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

NOBODY = ""
PEOPLE = (ADMIN, CHAIR, CHAIR, SCRIBE, "amara.okafor@example.com", "tomas.vidal@example.com", NOBODY)
IN_A_RUN, IN_A_SOAK = 900, 10_000


def test_no_request_finds_a_fault(lively_pages: Pages, caplog: pytest.LogCaptureFixture) -> None:
    _attack(lively_pages, IN_A_RUN, caplog, seed=5)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(4))
def test_no_request_of_very_many_finds_a_fault(
    lively_pages: Pages, seed: int, caplog: pytest.LogCaptureFixture
) -> None:
    _attack(lively_pages, IN_A_SOAK, caplog, seed=100 + seed)


def _attack(pages: Pages, many: int, caplog: pytest.LogCaptureFixture, *, seed: int) -> None:
    caplog.set_level(logging.WARNING)
    attacker = Attacker(pages.app, _known(pages), PEOPLE, seed)
    cookies, tokens = dict.fromkeys(PEOPLE, ""), dict.fromkeys(PEOPLE, "")
    faults: list[str] = []
    reached: set[str] = set()
    for number in range(many):
        request = attacker.request(tokens)
        if not cookies[request.who]:
            cookies[request.who], tokens[request.who] = _enter(pages, request.who)
        status, body = send(pages.app, request, cookies[request.who])
        said = [one for one in caplog.records if one.levelno >= logging.ERROR or one.exc_info]
        if status >= 500 or b"Traceback" in body or said:
            why = said[-1].exc_info if said else None
            faults.append(f"{number}: {status} {request} {why and repr(why[1])[:300]}")
        caplog.clear()
        if status < 400:
            reached.add(request.endpoint)
        if status == 401:
            cookies[request.who] = NOBODY  # signed out by what was sent
    assert faults == []
    assert len(reached) > 20, "most of the pages were reached at all"


def _enter(pages: Pages, who: str) -> tuple[str, str]:
    """Cookie and token of a session, or of a browser that has none."""
    if not who:
        browser = pages.browser()
        return f"browser={browser.get_cookie('browser')}", csrf_of(browser.get("/sign-in").text)
    browser = pages.signed_in(who)
    cookie = browser.get_cookie("governance")
    assert cookie is not None
    return f"governance={cookie.value}", csrf_of(browser.get("/sessions").text)


def _known(pages: Pages) -> dict[str, list[str]]:
    page = pages.signed_in(CHAIR).get(f"/m/{SLUG}/roster").text
    return {
        "slug": [SLUG] * 6,
        "seat": re.findall('id="seat-([^"]+)"', page),
        "act": sorted(set(re.findall(r'/roster/([a-z-]+)[?"]', page))),
        "code": ["I01", "I04", "I05", "I09", "M01", "D01"],
        "name": ["app.css", "Nora Nyberg"],
        "mode": ["off", "observe", "enforce"],
        "step": ["look", "edit", "do"],
        "email": ["amara.okafor@example.com", "nora@example.com"],
        "person": ["amara.okafor@example.com"],
        "scope": ["All of it"],
        "cap": ["9"],
        "text": ["department,delegate_email\nFinance,nora@example.com\n"],
        "department": ["Finance", "Research"],
        "first_day": ["2026-11-26", "2026-12-03"],
        "on": ["2026-11-26"],
        "typed": ["Finance"],
        "what": ["meeting:none"],
        "below": ["5"],
        "day": ["2026-11-23"],
    }
