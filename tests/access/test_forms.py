"""Every route that changes something refuses whatever did not come from a page of the same session."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from flask.testing import FlaskClient

from governance.domain.access import Who
from tests.access.asking import address_of, routes_of, visitor_of_the_demo
from tests.access.expectations import ROUTES, Expected
from tests.access.situation import Situation, Whose
from tests.architecture.source import guard
from web.security import CHANGING, NEEDS_NO_FORM

Key = tuple[str, str]
FORMS = [key for key, expected in ROUTES.items() if key[1] in CHANGING and not expected.needs_no_token]
BY_MACHINES = {key[0] for key, expected in ROUTES.items() if expected.needs_no_token}
ADDRESS = "http://localhost"


def test_only_what_machines_post_needs_no_token() -> None:
    guard(
        sorted(NEEDS_NO_FORM - BY_MACHINES),
        why="A page of somebody else could post there in the name of whoever is signed in.",
        instead="Check the form's token, or say in tests/access/expectations.py which machine posts and what it shows.",
    )


def test_every_route_that_takes_a_form_is_tried(situation: Situation) -> None:
    changing = {key for key in routes_of(situation.app) if key[1] in CHANGING}

    assert changing == {key for key in ROUTES if key[1] in CHANGING}


@pytest.mark.parametrize("key", FORMS, ids=".".join)
@pytest.mark.parametrize("token", ["", "wrong", "ünknown", "of another session"])
def test_a_form_without_the_token_of_its_session_does_nothing(situation: Situation, key: Key, token: str) -> None:
    browser, _ = _somebody_who_may(situation, key)
    _, other = situation.signed_in(Who.CHAIR)
    given = {"": {}, "of another session": {"csrf": other}}.get(token, {"csrf": token})

    assert _refused(situation, browser, key, data={**_form(situation, key), **given})


@pytest.mark.parametrize("key", FORMS, ids=".".join)
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
    ],
    ids=str,
)
def test_a_form_of_a_foreign_page_does_nothing_even_with_the_token(
    situation: Situation, key: Key, headers: Mapping[str, str]
) -> None:
    browser, csrf = _somebody_who_may(situation, key)

    assert _refused(situation, browser, key, data={**_form(situation, key), "csrf": csrf}, headers=headers)


@pytest.mark.parametrize("key", FORMS, ids=".".join)
@pytest.mark.parametrize("kind", ["text/plain", "application/json"])
def test_a_body_that_is_no_form_does_nothing(situation: Situation, key: Key, kind: str) -> None:
    browser, csrf = _somebody_who_may(situation, key)

    assert _refused(situation, browser, key, data=f'{{"csrf": "{csrf}"}}', content_type=kind)


@pytest.mark.parametrize("key", FORMS, ids=".".join)
def test_no_other_method_stands_for_a_post(situation: Situation, key: Key) -> None:
    browser, csrf = _somebody_who_may(situation, key)
    form = {**_form(situation, key), "csrf": csrf, "_method": key[1]}
    address = _address(situation, key)

    with situation.statements() as sent:
        browser.get(address, query_string=form, headers={"X-HTTP-Method-Override": key[1]})

    assert _changes(sent) == []


def _refused(situation: Situation, browser: FlaskClient, key: Key, **request: Any) -> bool:
    """Answered with 400, and not one row was changed on the way."""
    with situation.statements() as sent:
        answer = browser.open(_address(situation, key), method=key[1], base_url=ADDRESS, **request)

    return answer.status_code == 400 and not _changes(sent)


def _changes(sent: list[str]) -> list[str]:
    return [one for one in sent if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def _somebody_who_may(situation: Situation, key: Key) -> tuple[FlaskClient, str]:
    if ROUTES[key].is_in_demo:
        visitor = visitor_of_the_demo(situation)
        return visitor.browser, visitor.csrf
    return situation.signed_in(Who.CHAIR)


def _address(situation: Situation, key: Key) -> str:
    return address_of(situation, key, _row(key), Who.CHAIR, Whose.OWN)


def _form(situation: Situation, key: Key) -> Mapping[str, str]:
    return _row(key).form(situation, Who.CHAIR, Whose.OWN)


def _row(key: Key) -> Expected:
    return ROUTES[key]
