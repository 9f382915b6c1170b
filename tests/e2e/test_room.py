"""A meeting that began three minutes ago: somebody is late, and the room on another screen knows it by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, expect

from tests.e2e.conftest import Served
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.e2e.test_roster import _is_fit
from tests.web.scenes import SCRIBE, SLUG, ZONE, Scene

AMARA = "amara.okafor@example.com"


def _running(scene: Scene) -> None:
    """The series began a week ago, at the same time of the day."""
    scene.adopt()
    scene.roster()
    began = (scene.now - timedelta(minutes=3)).astimezone(ZoneInfo(ZONE)).replace(tzinfo=None, second=0, microsecond=0)
    start = (began - timedelta(weeks=1)).replace(tzinfo=ZoneInfo(ZONE))
    end = (began - timedelta(weeks=1) + timedelta(hours=1)).replace(tzinfo=ZoneInfo(ZONE))
    scene.calendar.change(f"event-{SLUG}", start=start, end=end, recurrence=("RRULE:FREQ=WEEKLY",))
    scene.cycle()


def test_a_late_delegate_taps_on_the_phone_owes_the_question_and_keeps_no_answer_in_the_end(
    serve_scene: Callable[..., Served], browser: Browser
) -> None:
    served = serve_scene(_running)
    scribe = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
    complaints = _complaints(scribe)
    served.sign_in(scribe, SCRIBE)
    scribe.goto(f"{served.address}/m/{SLUG}/next")
    expect(scribe.get_by_role("heading", name="The room")).to_be_visible()
    _is_fit(scribe, DESKTOP)

    context = browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    phone = context.new_page()
    served.sign_in(phone, AMARA)
    phone.goto(f"{served.address}/m/{SLUG}/room")
    phone.get_by_role("button", name="I am here").click()
    expect(phone.get_by_text("It is your turn.")).to_be_visible()

    # The scribe has touched nothing since.
    expect(scribe.locator("#live .turns")).to_contain_text("Amara Okafor owes it", timeout=15_000)
    question = scribe.locator("#live .question").inner_text()
    scribe.get_by_role("button", name=re.compile(r"Here ?: Legal")).click()
    expect(scribe.locator("#live .turns")).to_contain_text("Henrik Sørensen owes it")
    scribe.get_by_role("button", name=re.compile(r"Answered ?: Amara")).click()
    scribe.get_by_role("link", name="Show it on a screen").click()
    expect(scribe.locator(".onscreen .question")).to_have_text(question)
    expect(scribe.locator(".owing")).to_have_text("Henrik Sørensen")
    assert _serious(scribe) == []

    phone.get_by_label("Keep my answer").fill("The year in the harbour office.")
    phone.get_by_role("button", name="Keep it").click()
    phone.goto(f"{served.address}/m/{SLUG}/questions")
    expect(phone.get_by_text("The year in the harbour office.")).to_be_visible()
    phone.get_by_role("button", name="Delete my answer").click()
    expect(phone.get_by_text("The year in the harbour office.")).to_have_count(0)
    scribe.goto(f"{served.address}/m/{SLUG}/attendance")
    _is_fit(scribe, DESKTOP)
    assert complaints == []
    scribe.close()
    context.close()
