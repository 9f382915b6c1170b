"""Where one is signed in: seen by oneself alone, and ended from anywhere within a moment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from governance.domain.browsers import in_short
from governance.services import people
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import ADMIN, CHAIR, Scene

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Safari/604.1"


@pytest.fixture(autouse=True)
def meeting(scene: Scene) -> None:
    """In which those who sign in here have a part: who has none has no session."""
    scene.adopt()
    scene.roster()


def test_looking_at_one_s_sessions_changes_nothing(pages: Pages) -> None:
    browser = pages.signed_in(CHAIR)
    before = rows(pages)

    answer = browser.get("/sessions")

    assert (answer.status_code, rows(pages)) == (200, before)


def test_each_session_is_shown_with_its_browser_and_its_times(pages: Pages) -> None:
    here = pages.signed_in(CHAIR, agent=FIREFOX)
    pages.scene.now += timedelta(hours=3)
    pages.signed_in(CHAIR, agent=SAFARI)

    page = here.get("/sessions").text

    assert page.index("Firefox on Linux") < page.index("This browser") < page.index("Safari on iPhone")
    assert "3 hours ago" in page
    assert "just now" in page
    assert "Signed in by a one-time address" in page
    assert "Mozilla" not in str(rows(pages))


def test_ending_a_session_signs_that_browser_out_with_its_next_request(pages: Pages) -> None:
    here, there = pages.signed_in(CHAIR), pages.signed_in(CHAIR)
    assert there.get("/sessions").status_code == 200

    answer = press(here, end_of_other(here))

    assert answer == (303, "/sessions")
    assert there.get("/sessions").status_code == 401
    assert here.get("/sessions").status_code == 200


def test_ending_this_one_signs_this_browser_out(pages: Pages) -> None:
    browser = pages.signed_in(CHAIR)
    page = browser.get("/sessions").text
    path = page.split('action="/sessions/', 1)[1].split('"', 1)[0]

    answer = press(browser, f"/sessions/{path}")

    assert answer == (303, "/sign-in")
    assert browser.get_cookie("governance") is None
    assert browser.get("/sessions").status_code == 401


def test_all_others_are_ended_at_once(pages: Pages) -> None:
    here, others = pages.signed_in(CHAIR), [pages.signed_in(CHAIR) for _ in range(3)]
    somebody_else = pages.signed_in(ADMIN)

    answer = press(here, "/sessions/end-others")

    assert answer == (303, "/sessions")
    assert [one.get("/sessions").status_code for one in others] == [401] * 3
    assert somebody_else.get("/sessions").status_code == 200
    assert "End all others" not in here.get("/sessions").text


@pytest.mark.parametrize("who", [ADMIN, "amara.okafor@example.com"])
def test_nobody_sees_or_ends_the_session_of_another_administrators_included(pages: Pages, who: str) -> None:
    owner, other = pages.signed_in(CHAIR, agent=FIREFOX), pages.signed_in(who)
    path = "/sessions/" + owner.get("/sessions").text.split('action="/sessions/', 1)[1].split('"', 1)[0]

    foreign = other.post(path, data={"csrf": csrf_of(other.get("/sessions").text)})
    absent = other.post(
        "/sessions/00000000-0000-0000-0000-000000000000/end", data={"csrf": csrf_of(other.get("/sessions").text)}
    )

    assert (foreign.status_code, foreign.data) == (404, absent.data)
    assert "Firefox" not in other.get("/sessions").text
    assert owner.get("/sessions").status_code == 200


def test_sessions_of_all_addresses_of_a_person_are_theirs(pages: Pages) -> None:
    alias = "h.marsh@example.com"
    with pages.scene.database.writing() as session:
        people.person_named(session, CHAIR, "Helena Marsh")
        people.add_alias(session, CHAIR, alias, actor="test", now=pages.scene.now)
    here, there = pages.signed_in(CHAIR), pages.signed_in(alias)

    press(here, end_of_other(here))

    assert there.get("/sessions").status_code == 401


def test_a_session_that_is_over_is_not_shown(pages: Pages) -> None:
    pages.signed_in(CHAIR, agent=SAFARI)
    pages.scene.now += timedelta(hours=12)

    page = pages.signed_in(CHAIR, agent=FIREFOX).get("/sessions").text

    assert ("Firefox" in page, "Safari" in page) == (True, False)


def test_ending_a_session_is_in_the_ledger(pages: Pages) -> None:
    here, _ = pages.signed_in(CHAIR), pages.signed_in(CHAIR)

    press(here, "/sessions/end-others")

    with pages.scene.database.reading() as session:
        acts = session.execute(text("SELECT act FROM ledger_entry WHERE chain = 'site' ORDER BY seq")).scalars().all()
    assert acts[-1] == "session-ended"


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        (FIREFOX, "Firefox on Linux"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0) Chrome/156.0 Safari/537.36 Edg/156.0", "Edge on Windows"),
        ("Mozilla/5.0 (Linux; Android 16) Chrome/156.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Macintosh) AppleWebKit/605.1.15 Version/19.0 Safari/605.1.15", "Safari on Mac"),
        ("curl/8.0", None),
        ("", None),
        ("<script>alert(1)</script>" * 1000, None),
    ],
)
def test_a_browser_is_known_by_two_words(said: str, shown: str | None) -> None:
    assert in_short(said) == shown


def end_of_other(browser: FlaskClient) -> str:
    page = browser.get("/sessions").text
    return "/sessions/" + page.split('action="/sessions/')[2].split('"', 1)[0]


def press(browser: FlaskClient, path: str) -> tuple[int, str]:
    answer = browser.post(path, data={"csrf": field_of(browser.get("/sessions").text, "csrf", form=path)})
    return answer.status_code, answer.headers["Location"]


def rows(pages: Pages) -> list[object]:
    with pages.scene.database.reading() as session:
        return list(session.execute(text("SELECT * FROM web_session ORDER BY id")))
