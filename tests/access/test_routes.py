"""Every route for every role, for something of their own, something foreign and something absent."""

from __future__ import annotations

import pytest

from governance.domain.access import Who
from tests.access.asking import LOOKING, asker, onlooker, routes_of, visitor_of_the_demo
from tests.access.expectations import ROUTES, Expected
from tests.access.situation import Situation, Whose
from tests.architecture.source import guard
from web.identity import OPEN_TO_ALL

Key = tuple[str, str]
CLOSED = [key for key, expected in ROUTES.items() if not expected.is_for_all]
ABOUT_A_THING = [key for key in CLOSED if ROUTES[key].is_about_a_thing]


def test_every_route_is_in_the_table_and_no_other(situation: Situation) -> None:
    found = [f"{method} of {endpoint}" for endpoint, method in routes_of(situation.app).keys() ^ ROUTES.keys()]

    guard(
        found,
        why="A page that nobody has thought about is open to whoever finds it, or shut to whom it is for.",
        instead="Add its line to ROUTES in tests/access/expectations.py, or take the line of a route that is gone.",
    )


def test_the_routes_that_need_no_session_are_those_that_the_table_says(situation: Situation) -> None:
    assert {key[0] for key, expected in ROUTES.items() if expected.is_for_all} == OPEN_TO_ALL


@pytest.mark.parametrize("key", ROUTES, ids=".".join)
def test_each_role_gets_its_own_and_nothing_else(situation: Situation, key: Key) -> None:
    expected = ROUTES[key]

    wrong = [line for who in Who for line in _differences(situation, key, expected, who)]

    assert wrong == []


@pytest.mark.parametrize("key", CLOSED, ids=".".join)
def test_without_a_session_all_addresses_give_the_same_answer(situation: Situation, key: Key) -> None:
    nobody = asker(situation, None)

    answers = {nobody.ask(key, ROUTES[key], whose) for whose in Whose}
    elsewhere = nobody.browser.open("/nothing/here", method=key[1])

    assert len(answers) == 1
    (answer,) = answers
    assert (answer.status, answer.body) == (401, elsewhere.data)


@pytest.mark.parametrize("key", ABOUT_A_THING, ids=".".join)
@pytest.mark.parametrize("method", ["HEAD", "OPTIONS"])
def test_other_methods_tell_nothing_of_a_foreign_thing_either(situation: Situation, key: Key, method: str) -> None:
    for who in Who:
        somebody = onlooker(situation, who)

        foreign, absent = (somebody.ask(key, ROUTES[key], whose, method) for whose in (Whose.FOREIGN, Whose.ABSENT))

        assert who is Who.ADMINISTRATOR or foreign == absent


@pytest.mark.parametrize("key", [key for key in ABOUT_A_THING if key[1] == "GET"], ids=".".join)
def test_a_foreign_meeting_asks_the_database_what_an_absent_one_asks(situation: Situation, key: Key) -> None:
    """So that the time it takes tells nothing."""
    chair = onlooker(situation, Who.CHAIR)

    with situation.statements() as of_foreign:
        chair.ask(key, ROUTES[key], Whose.FOREIGN)
    with situation.statements() as of_absent:
        chair.ask(key, ROUTES[key], Whose.ABSENT)

    assert of_foreign == of_absent


@pytest.mark.parametrize("key", CLOSED, ids=".".join)
def test_the_visitor_of_the_demo_is_the_chair(situation: Situation, key: Key) -> None:
    expected = ROUTES[key]
    # Whoever reaches the demo sees all its meetings: there is a list of them, and nobody whose wishes are kept.
    wanted = expected.status_for(Who.CHAIR) if expected.is_in_demo else _wanted(expected, Who.CHAIR)
    status = {
        "home.home": 200,
        "preferences.change_mine": 404,
        "waiting.ask": 404,
        "waiting.go_on": 404,
        "feeds.make": 404,
        "feeds.revoke": 404,
    }.get(key[0], wanted)

    answer = visitor_of_the_demo(situation).ask(key, expected, Whose.OWN)

    assert answer.status == status


def _differences(situation: Situation, key: Key, expected: Expected, who: Who) -> list[str]:
    """What is not as it should be, in words. One session for all, so that its token is the same on each page."""
    is_looking = key[1] in LOOKING
    if not is_looking:
        onlooker.cache_clear()  # whoever acts may end the sessions of the others
    somebody = onlooker(situation, who) if is_looking else asker(situation, who)
    own = somebody.ask(key, expected, Whose.OWN)
    status = _wanted(expected, who)
    wrong = [] if own.status == status else [f"{who}: own gives {own.status}, not {status}"]
    if not expected.is_about_a_thing:
        return wrong
    foreign, absent = (somebody.ask(key, expected, whose) for whose in (Whose.FOREIGN, Whose.ABSENT))
    if who is Who.ADMINISTRATOR and who in expected.allowed:
        return wrong if foreign.status == status else [*wrong, f"{who}: foreign gives {foreign.status}, not {status}"]
    if foreign != absent:
        wrong.append(f"{who}: foreign differs from absent")
    if who not in expected.allowed and own != absent:
        wrong.append(f"{who}: own differs from absent")
    return wrong


def _wanted(expected: Expected, who: Who) -> int:
    if expected.is_for_all or who in expected.allowed:
        return expected.status_for(who)
    return 401 if who is Who.NOBODY else 404
