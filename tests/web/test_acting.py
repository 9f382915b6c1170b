"""The demo: the visitor is the chair without signing in, and acts as people would."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from governance.models import Approval
from governance.reconcile.observed import Guest
from tests.web.conftest import Pages, config_for, csrf_of, field_of
from tests.web.scenes import CHAIR, SLUG, Scene, in_order, newly_adopted
from web import create_app


@dataclass(frozen=True, slots=True)
class Act:
    id: str
    label: str
    explanation: str


@dataclass(slots=True)
class PretendedDemo:
    performed: list[tuple[str, str]] = field(default_factory=list)

    def acts(self) -> tuple[Act, ...]:
        return (Act("forward", "Forward the invitation", "Sends it on."), Act("back", "Put everything back", "All."))

    def perform(self, act_id: str, slug: str) -> None:
        self.performed.append((act_id, slug))


@pytest.fixture
def demo() -> PretendedDemo:
    return PretendedDemo()


@pytest.fixture
def demo_pages(scene: Scene, demo: PretendedDemo) -> Pages:
    return Pages(create_app(config_for(), scene.database, clock=lambda: scene.now, demo=demo), scene)


def test_outside_the_demo_there_is_no_panel_and_no_way_to_act(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in()
    page = browser.get(f"/m/{SLUG}").text

    assert "Act as people would" not in page
    assert browser.post("/demo/act", data={"csrf": csrf_of(page), "act": "forward", "slug": SLUG}).status_code == 404


def test_the_visitor_of_the_demo_is_the_chair_without_signing_in(demo_pages: Pages) -> None:
    newly_adopted(demo_pages.scene)
    browser = demo_pages.browser()
    page = browser.get(f"/m/{SLUG}").text

    answer = browser.post(f"/m/{SLUG}/approve", data={"csrf": csrf_of(page), "checksum": field_of(page, "checksum")})

    with demo_pages.scene.database.reading() as session:
        by = [approval.by for approval in session.query(Approval)]
    assert "Demo: you are the chair" in page
    assert (answer.status_code, by) == (303, [CHAIR])


def test_its_style_and_script_are_there(demo_pages: Pages) -> None:
    browser = demo_pages.browser()
    page = browser.get(f"/m/{SLUG}").text
    files = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)

    answers = {}
    for file in files:
        with browser.get(file) as answer:
            answers[file] = answer.status_code, bool(answer.data)

    assert len(files) > 3
    assert set(answers.values()) == {(200, True)}, answers


def test_the_meeting_in_order_shows_the_panel_and_the_new_one_does_not(demo_pages: Pages) -> None:
    in_order(demo_pages.scene)
    newly_adopted(demo_pages.scene, "product-council", "Product Council")
    browser = demo_pages.browser()

    assert "Act as people would" in browser.get(f"/m/{SLUG}").text
    assert "Act as people would" not in browser.get("/m/product-council").text


def test_pressing_a_button_acts_and_shows_the_page_again(demo_pages: Pages, demo: PretendedDemo) -> None:
    in_order(demo_pages.scene)
    browser = demo_pages.browser()
    csrf = csrf_of(browser.get(f"/m/{SLUG}").text)

    answer = browser.post("/demo/act", data={"csrf": csrf, "act": "forward", "slug": SLUG})

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/m/{SLUG}#act")
    assert demo.performed == [("forward", SLUG)]


def test_the_answer_stands_beside_the_buttons_for_a_minute(demo_pages: Pages) -> None:
    scene = demo_pages.scene
    in_order(scene)
    scene.now += timedelta(minutes=5)
    browser = demo_pages.browser()
    assert _beside_the_buttons(browser.get(f"/m/{SLUG}").text) is None

    scene.calendar.forward(f"event-{SLUG}", Guest(address="late.joiner@example.com", name="Late Joiner"))
    scene.cycle()

    shown = _beside_the_buttons(browser.get(f"/m/{SLUG}").text)
    assert shown is not None
    assert "off the invitation I01" in shown
    scene.now += timedelta(minutes=2)
    assert _beside_the_buttons(browser.get(f"/m/{SLUG}").text) is None


def test_without_script_the_page_asks_for_the_answer_by_itself(demo_pages: Pages) -> None:
    in_order(demo_pages.scene)

    page = demo_pages.browser().get(f"/m/{SLUG}").text

    assert '<noscript><meta http-equiv="refresh" content="5"></noscript>' in page


def _beside_the_buttons(page: str) -> str | None:
    found = re.search(r'<div class="echo">.*?</ul></div>', page, re.S)
    return " ".join(re.sub("<[^>]*>", " ", found[0]).split()) if found else None


def test_with_script_the_page_is_told_to_look_at_once(demo_pages: Pages, demo: PretendedDemo) -> None:
    in_order(demo_pages.scene)
    browser = demo_pages.browser()
    csrf = csrf_of(browser.get(f"/m/{SLUG}").text)
    form = {"csrf": csrf, "act": "back", "slug": SLUG}

    answer = browser.post("/demo/act", data=form, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Trigger"]) == (204, "look")
    assert 'hx-trigger="every 2s, look from:body"' in browser.get(f"/m/{SLUG}").text


@pytest.mark.parametrize("form", [{}, {"csrf": "wrong"}, {"act": "forward"}])
def test_a_foreign_page_cannot_act(demo_pages: Pages, demo: PretendedDemo, form: dict[str, str]) -> None:
    in_order(demo_pages.scene)

    assert demo_pages.browser().post("/demo/act", data={"slug": SLUG, **form}).status_code == 400
    assert demo.performed == []


def test_an_act_that_is_not_offered_is_refused(demo_pages: Pages, demo: PretendedDemo) -> None:
    in_order(demo_pages.scene)
    browser = demo_pages.browser()
    csrf = csrf_of(browser.get(f"/m/{SLUG}").text)

    assert browser.post("/demo/act", data={"csrf": csrf, "act": "drop table", "slug": SLUG}).status_code == 400
    assert browser.post("/demo/act", data={"csrf": csrf, "act": "back", "slug": "none"}).status_code == 404
    assert demo.performed == []


def test_the_demo_answers_only_under_the_names_of_this_machine(demo_pages: Pages) -> None:
    """A foreign site that points its own name at this machine would else be the chair."""
    browser = demo_pages.browser()

    assert browser.get("/", headers={"Host": "evil.example:8080"}).status_code == 400
    assert browser.get("/", headers={"Host": "127.0.0.1:8080"}).status_code == 200
    assert browser.get("/", headers={"Host": "[::1]:8080"}).status_code == 200
