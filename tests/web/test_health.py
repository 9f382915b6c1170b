"""What machines ask: does the process live, could it answer people now."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from governance.database import Database
from tests.web.conftest import Pages, config_for
from tests.web.scenes import SLUG, in_order, newly_adopted
from tests.web.test_metrics import CANARY, plant_trouble
from web import create_app


def test_a_sound_installation_is_alive_and_ready(pages: Pages) -> None:
    browser = pages.browser()

    assert (browser.get("/healthz").status_code, browser.get("/healthz").text) == (200, "ok\n")
    assert (browser.get("/readyz").status_code, browser.get("/readyz").json) == (200, {"ready": True, "problems": []})


def test_without_its_database_it_is_alive_and_not_ready_and_says_what_to_do(tmp_path: Path) -> None:
    browser = create_app(config_for(), Database(f"sqlite:///{tmp_path}/gone.db")).test_client()

    answer = browser.get("/readyz")

    assert browser.get("/healthz").status_code == 200
    assert answer.status_code == 503
    assert answer.json is not None
    assert answer.json["ready"] is False
    assert [(one["code"], one["remedy"]) for one in answer.json["problems"]] == [
        ("schema", "Run “governance migrate”.")
    ]
    assert {tuple(one) for one in answer.json["problems"]} == {("code", "message", "remedy")}


def test_a_database_that_cannot_be_opened_is_named_with_its_remedy(tmp_path: Path) -> None:
    file = tmp_path / "governance.db"
    file.write_bytes(b"this is no database at all, and long enough to be looked at as one" * 20)
    browser = create_app(config_for(), Database(f"sqlite:///{file}")).test_client()

    answer = browser.get("/readyz")

    assert answer.status_code == 503
    assert answer.json is not None
    assert [one["code"] for one in answer.json["problems"]] == ["database"]


def test_people_get_a_sentence_instead_of_the_reason(tmp_path: Path) -> None:
    browser = create_app(config_for(), Database(f"sqlite:///{tmp_path}/gone.db")).test_client()
    browser.set_cookie("governance", "whatever")

    answer = browser.get("/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "60"
    assert "Try again in a minute" in answer.text
    assert str(tmp_path) not in answer.text


def test_trouble_of_calendars_is_named_while_people_can_still_be_answered(pages: Pages) -> None:
    in_order(pages.scene)
    plant_trouble(pages.scene)
    pages.scene.change_meeting(problem_code="meeting-trouble", problem_text=CANARY, problem_remedy=CANARY)
    pages.scene.now += timedelta(minutes=10)

    answer = pages.browser().get("/readyz")

    assert (answer.status_code, answer.json and answer.json["ready"]) == (200, True)
    assert answer.json is not None
    assert [one["code"] for one in answer.json["problems"]] == [
        "no-worker",
        "account-rests",
        "meeting-trouble",
        "write-ignored",
        "google-writes-paused",
        "not-read",
    ]
    assert all(one["message"].endswith(".") and one["remedy"].endswith(".") for one in answer.json["problems"])


def test_who_has_not_signed_in_learns_no_name_no_address_and_no_meeting(pages: Pages) -> None:
    in_order(pages.scene)
    newly_adopted(pages.scene, "product-council", "Product Council")
    plant_trouble(pages.scene)
    pages.scene.change_meeting(problem_code="meeting-trouble", problem_text=CANARY, problem_remedy=CANARY)
    pages.scene.change_meeting("product-council", problem_code="meeting-trouble", problem_text=CANARY)
    pages.scene.now += timedelta(minutes=10)

    told = pages.browser().get("/readyz").text

    assert [one for one in (CANARY, "@", SLUG, "product-council", "event-", "Steering") if one in told] == []
    assert "2 calendars, meetings or events wait." in told
    assert "The calendars of 2 meetings were not read lately." in told
