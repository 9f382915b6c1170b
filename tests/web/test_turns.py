"""Two pages are made at once and no more; nobody overtakes, and a turn is always given back."""

from __future__ import annotations

import threading
from collections.abc import Callable

from flask import abort, request

from tests.jobs.conftest import wait_until
from tests.web.acting import PAGE
from tests.web.conftest import Pages
from tests.web.scenes import CHAIR
from web.turns import AT_ONCE, Turns

WITHIN_SECONDS = 20.0


def test_who_waits_longest_is_next_and_who_comes_then_waits_behind() -> None:
    turns, served = Turns(at_once=1), list[int]()

    def come(number: int) -> None:
        turns.take()
        served.append(number)

    turns.take()
    people = [_started(come, number, turns) for number in range(3)]

    for number in range(3):
        turns.give_back()
        people[number].join(WITHIN_SECONDS)
        assert served == list(range(number + 1))


def test_at_most_two_are_made_at_once_while_forms_and_open_pages_go_past_them(lively_pages: Pages) -> None:
    inside, done, go_on = list[str](), list[int](), threading.Event()

    @lively_pages.app.before_request
    def stay() -> None:
        if request.path == PAGE:
            inside.append(request.path)
            assert go_on.wait(WITHIN_SECONDS)

    browsers = [lively_pages.signed_in(CHAIR) for _ in range(AT_ONCE + 2)]
    looks = [threading.Thread(target=lambda one=one: done.append(one.get(PAGE).status_code)) for one in browsers]
    for look in looks:
        look.start()
    wait_until(lambda: len(inside) == AT_ONCE, "they are not made")

    assert lively_pages.browser().get("/healthz").status_code == 200
    assert lively_pages.browser().post("/sign-out", data={"csrf": "foreign"}).status_code in (401, 403)
    assert (len(inside), done) == (AT_ONCE, [])

    go_on.set()
    for look in looks:
        look.join(WITHIN_SECONDS)
    assert done == [200] * len(looks)


def test_a_page_that_fails_or_is_refused_gives_its_turn_back(lively_pages: Pages) -> None:
    failing = [True]

    @lively_pages.app.before_request
    def fail() -> None:
        if failing[0] and request.path == PAGE:
            abort(500)

    chair = lively_pages.signed_in(CHAIR)
    answers = [chair.get(PAGE).status_code for _ in range(AT_ONCE + 1)]
    failing[0] = False
    strangers = [lively_pages.browser().get(PAGE).status_code for _ in range(AT_ONCE + 1)]

    assert answers == [500] * (AT_ONCE + 1)
    assert strangers == [401] * (AT_ONCE + 1)
    assert chair.get(PAGE).status_code == 200


def _started(come: Callable[[int], None], number: int, turns: Turns) -> threading.Thread:
    """Somebody who waits for a turn by the time this returns."""
    person = threading.Thread(target=come, args=(number,), daemon=True)
    person.start()
    wait_until(lambda: turns.waiting == number + 1, "nobody waits")
    return person
