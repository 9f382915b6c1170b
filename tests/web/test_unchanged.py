"""Who has seen a page is told that it is the same, and never by mistake: not after a change, nor for somebody else."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

from flask.testing import FlaskClient

from governance.reconcile.observed import Guest
from governance.services import people, seats
from governance.services.settings import pause, set_rule_mode
from governance.store.meetings import meeting_by_slug
from tests.web.acting import AtTheForms
from tests.web.conftest import Pages
from tests.web.scenes import ADMIN, CHAIR, SLUG, Scene
from tests.web.test_statements import COUNTED_ELSEWHERE
from web.identity import OPEN_TO_ALL

LIVE = ("/", f"/m/{SLUG}/roster", "/system", "/system/mail", "/system/calendars")
OF_ALL = (
    *LIVE,
    f"/m/{SLUG}",
    f"/m/{SLUG}/rules",
    f"/m/{SLUG}/ledger",
    "/system/ledger",
    "/me",
    "/preferences",
    "/sessions",
)


STAMPED = ("/", *(f"/m/{SLUG}{ending}" for ending in ("", "/roster", "/rules", "/ledger")), "/system")
"""Marked by a stamp of what they show, and one page, as are all others, by its bytes."""


def test_every_page_is_answered_304_to_who_has_seen_it(chartered_pages: Pages) -> None:
    chartered_pages.scene.adopt("second", "Second")  # with a single meeting the first page leads straight to it
    administrator, chair = chartered_pages.signed_in(), chartered_pages.signed_in(CHAIR)

    answers = {path: _twice(administrator, path) for path in _every_page(chartered_pages)}
    # What an administrator has no part in is not there for them.
    answers |= {path: _twice(chair, path) for path, found in answers.items() if found[0] == 404}

    wrong = {path: found for path, found in answers.items() if found != (304, b"") and path != f"/m/{SLUG}/next"}
    assert wrong == {}
    assert len(answers) >= 13


def test_the_same_request_asks_nothing_while_nobody_writes(lively_pages: Pages) -> None:
    lively_pages.scene.adopt("second", "Second")
    browser, database = lively_pages.signed_in(), lively_pages.scene.database
    etags = {path: browser.get(path).headers["ETag"] for path in OF_ALL}
    database.engine.dispose()
    del database.__dict__["engine"]  # whoever asked anything would have to make it again

    answers = [browser.get(path, headers={"If-None-Match": etag}) for path, etag in etags.items()]

    assert {(one.status_code, one.data, one.headers["Cache-Control"]) for one in answers} == {(304, b"", "no-store")}
    assert "engine" not in database.__dict__


def _a_guest_answers(scene: Scene) -> None:
    scene.answers(anna="declined")
    scene.cycle()


def _a_stranger_comes(scene: Scene) -> None:
    scene.calendar.forward(f"event-{SLUG}", Guest(address="new.stranger@example.com", name="New Stranger"))
    scene.cycle()


def _a_rule_is_set(scene: Scene) -> None:
    with scene.database.writing() as session:
        set_rule_mode(session, meeting_by_slug(session, SLUG), "I05", "observe", actor="test", now=scene.now)


def _a_meeting_is_adopted(scene: Scene) -> None:
    scene.adopt("another", "Another Meeting")


def _everything_is_paused(scene: Scene) -> None:
    with scene.database.writing() as session:
        pause(session, None, by="x", actor="test", now=scene.now)


def _a_seat_is_filled(scene: Scene) -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        person = people.person_named(session, "new.head@example.com", "New Head")
        seat = seats.seat_of(session, meeting, "Marketing")
        seats.appoint(session, meeting, seat, person, actor="test", now=scene.now)


def _somebody_is_called_otherwise(scene: Scene) -> None:
    with scene.database.writing() as session:
        person = people.person_named(session, "amara.okafor@example.com")
        people.rename(session, person, "Amara Okafor-Lindqvist", actor="test", now=scene.now)


HAPPENINGS: tuple[Callable[[Scene], object], ...] = (
    _a_guest_answers,
    _a_stranger_comes,
    _a_rule_is_set,
    lambda scene: scene.deputy("Operations", "Olga Ops", "olga.ops@example.com"),
    lambda scene: scene.mandate("Operations", "olga.ops@example.com", scope="All"),
    lambda scene: scene.visitor("Vic Visitor", "vic@example.com", "audit"),
    _a_seat_is_filled,
    _somebody_is_called_otherwise,
    lambda scene: scene.vacant("Research"),
    lambda scene: scene.mail("failed", problem_text="no such mailbox"),
    lambda scene: scene.mail("waiting"),
    lambda scene: scene.set_aside("google-refused"),
    lambda scene: scene.change_meeting(problem_code="x", problem_remedy="Share the calendar"),
    lambda scene: scene.change_meeting(frozen_reason="the event is gone"),
    lambda scene: scene.change_meeting(cap=7),
    lambda scene: scene.heartbeat(),
    _a_meeting_is_adopted,
    _everything_is_paused,
)


def test_no_page_that_shows_a_change_keeps_its_mark(lively_pages: Pages) -> None:
    """Compared is what a page says before and after: where that differs, the mark has to."""
    scene = lively_pages.scene
    browsers = {who: lively_pages.signed_in(who) for who in (ADMIN, CHAIR)}
    stale: list[str] = []
    shown = _shown(browsers)

    for number, happens in enumerate(HAPPENINGS):
        happens(scene)
        now = _shown(browsers)
        for page, (mark, words) in now.items():
            if page in shown and shown[page][0] == mark and shown[page][1] != words:
                stale.append(f"{number} on {page}")
        shown = now

    assert stale == []


def test_an_act_on_the_roster_shows_at_once(lively_pages: Pages) -> None:
    browser = lively_pages.signed_in(CHAIR)
    etag = browser.get(f"/m/{SLUG}/roster").headers["ETag"]

    AtTheForms(browser).act("cap", cap="20")

    answer = browser.get(f"/m/{SLUG}/roster", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert "of at most 20" in answer.text or "20 seats" in answer.text


def test_nobody_is_answered_by_the_mark_of_somebody_else(lively_pages: Pages) -> None:
    lively_pages.scene.adopt("second", "Second")
    own = lively_pages.signed_in()
    etags = {path: own.get(path).headers["ETag"] for path in LIVE}
    others = (lively_pages.signed_in(), lively_pages.signed_in(CHAIR), lively_pages.browser())

    found = [
        [one.get(path, headers={"If-None-Match": etag}).status_code for one in others] for path, etag in etags.items()
    ]

    assert found == [[200, 200, 401], [200, 200, 401], *[[200, 404, 401]] * 3]


def test_a_session_that_ends_within_the_minute_is_told_nothing_more(lively_pages: Pages) -> None:
    scene, browser = lively_pages.scene, lively_pages.signed_in()
    scene.now += timedelta(hours=11, minutes=59, seconds=55)
    etag = browser.get("/system").headers["ETag"]

    scene.now += timedelta(seconds=6)

    assert browser.get("/system", headers={"If-None-Match": etag}).status_code == 401


def test_an_address_with_bytes_that_are_no_text_is_refused_in_words(lively_pages: Pages) -> None:
    browser = lively_pages.signed_in(CHAIR)

    escaped = browser.get(f"/m/{SLUG}/roster?x=%ED%A0%80")
    raw = browser.get(f"/m/{SLUG}/ledger", environ_overrides={"QUERY_STRING": "day=\xed\xa0"})

    assert (escaped.status_code, raw.status_code) == (200, 400)
    assert "Go back and try again" in raw.text


def test_signing_out_ends_it_too(lively_pages: Pages) -> None:
    browser = lively_pages.signed_in()
    page = browser.get("/system")
    token = re.findall('name="csrf" value="([^"]+)"', page.text)[0]
    cookie = browser.get_cookie("governance")
    assert cookie is not None

    browser.post("/sign-out", data={"csrf": token})
    browser.set_cookie("governance", cookie.value)

    assert browser.get("/system", headers={"If-None-Match": page.headers["ETag"]}).status_code == 401


def _every_page(pages: Pages) -> list[str]:
    blanks = {
        "<slug>": SLUG,
        "<act>": "cap",
        "<code>": "I05?mode=off",
        "<int:number>": "1",
        "<day>": "2026-11-19",
    }
    rules = [
        rule
        for rule in pages.app.url_map.iter_rules()
        if "GET" in (rule.methods or ()) and rule.endpoint not in OPEN_TO_ALL | COUNTED_ELSEWHERE
    ]
    return [re.sub("<[a-z:]+>", lambda found: blanks[found[0]], rule.rule) for rule in rules]


def _twice(browser: FlaskClient, path: str) -> tuple[int, bytes]:
    first = browser.get(path)
    if first.status_code != 200:
        return first.status_code, first.data
    again = browser.get(path, headers={"If-None-Match": first.headers.get("ETag", "none")})
    return again.status_code, again.data


def _shown(browsers: dict[str, FlaskClient]) -> dict[str, tuple[str, str]]:
    """Mark and words of every page; a page's own mark within it is not a word."""
    found = {}
    for who, browser in browsers.items():
        for path in STAMPED:
            answer = browser.get(path)
            if answer.status_code == 200:
                etag = answer.headers["ETag"]
                found[f"{who} {path}"] = etag, re.sub(r'If-None-Match": "[^}]*}', "", answer.text)
    return found
