"""What is stored is read the same way on SQLite and PostgreSQL: signing in, the page, its news, a decision."""

from __future__ import annotations

from governance.database import Database
from tests.web.conftest import Pages, config_for, csrf_of, field_of
from tests.web.scenes import CHAIR, SLUG, Scene, lively, newly_adopted
from web import create_app


def test_the_chair_reads_and_decides_on_either_database(database: Database) -> None:
    scene = Scene(database)
    newly_adopted(scene)
    browser = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene).signed_in(CHAIR)

    page = browser.get(f"/m/{SLUG}").text
    etag = browser.get(f"/m/{SLUG}/live").headers["ETag"]
    without_news = browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": etag}).status_code
    form = {"csrf": csrf_of(page), "checksum": field_of(page, "checksum")}
    decided = browser.post(f"/m/{SLUG}/approve", data=form).status_code
    with_news = browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": etag}).status_code
    signed_out = browser.post("/sign-out", data={"csrf": csrf_of(page)}).status_code

    assert (without_news, decided, with_news, signed_out) == (304, 303, 200, 303)


def test_a_lively_meeting_is_shown_on_either_database(database: Database) -> None:
    scene = Scene(database)
    lively(scene)
    browser = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene).signed_in()

    answer = browser.get(f"/m/{SLUG}")

    assert answer.status_code == 200
    assert "Obeys the roster" in answer.text
    ready = browser.get("/readyz")
    assert (ready.status_code, ready.json and ready.json["ready"]) == (200, True)
    # The scene's worker gives signs of life and says of no calendar that it read it.
    assert [one["code"] for one in ready.json["problems"]] == ["not-read"]
