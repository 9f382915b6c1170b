"""Approving and rejecting: exactly what was shown, by whoever pressed the button."""

from __future__ import annotations

import html

import pytest
from sqlalchemy import select

from governance.models import Approval
from governance.reconcile.observed import Guest
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import ADMIN, CHAIR, SLUG, newly_adopted


def test_the_chair_approves_and_the_next_look_carries_it_out(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)

    answer = browser.post(f"/m/{SLUG}/approve", data=_form(browser.get(f"/m/{SLUG}").text))
    page = html.unescape(browser.get(f"/m/{SLUG}").text)
    pages.scene.cycle()

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/m/{SLUG}#waits")
    assert "Helena Marsh approved these changes" in page
    assert 'id="approve"' not in page
    assert "Obeys the roster" in browser.get(f"/m/{SLUG}").text
    assert "mallory.quick@example.com" not in pages.scene.calendar.events[f"event-{SLUG}"].addresses


def test_rejecting_leaves_the_invitation_alone_and_can_be_taken_back(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)
    guests = pages.scene.calendar.events[f"event-{SLUG}"].addresses

    browser.post(f"/m/{SLUG}/reject", data=_form(browser.get(f"/m/{SLUG}").text))
    pages.scene.cycle()
    page = browser.get(f"/m/{SLUG}").text

    assert "Helena Marsh rejected these changes" in page
    assert pages.scene.calendar.events[f"event-{SLUG}"].addresses == guests
    assert browser.post(f"/m/{SLUG}/approve", data=_form(page)).status_code == 303


@pytest.mark.parametrize("address", [ADMIN, CHAIR])
def test_the_verdict_carries_the_address_of_whoever_gave_it(pages: Pages, address: str) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(address)

    browser.post(f"/m/{SLUG}/approve", data=_form(browser.get(f"/m/{SLUG}").text))

    with pages.scene.database.reading() as session:
        approval = session.scalars(select(Approval)).one()
    assert (approval.by, approval.verdict) == (address, "approved")


def test_changes_that_became_others_are_shown_again_and_nothing_is_done(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"/m/{SLUG}").text)
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address="late.joiner@example.com", name="Late Joiner"))
    pages.scene.cycle()

    answer = browser.post(f"/m/{SLUG}/approve", data=form)

    assert answer.status_code == 409
    assert "Look at the changes again and decide anew" in answer.text
    assert "1 change has come up, marked New" in answer.text
    assert answer.text.count('class="new"') == 1
    first_person = answer.text[answer.text.index('class="lines people"') :]
    assert first_person.index("Late Joiner") < first_person.index("Amara Okafor")
    assert _verdicts(pages) == 0


def test_what_came_up_can_be_approved_from_the_page_that_shows_it(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"/m/{SLUG}").text)
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address="late.joiner@example.com"))
    pages.scene.cycle()
    shown = browser.post(f"/m/{SLUG}/approve", data=form).text

    assert browser.post(f"/m/{SLUG}/approve", data=_form(shown)).status_code == 303


def test_answers_of_guests_do_not_make_it_others(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"/m/{SLUG}").text)
    pages.scene.answers(amara="declined", mallory="accepted")
    pages.scene.cycle()

    assert browser.post(f"/m/{SLUG}/approve", data=form).status_code == 303


@pytest.mark.parametrize("checksum", ["", "0" * 16, "x" * 4000, "' OR 1=1 --"])
def test_a_checksum_that_never_was_one_approves_nothing(pages: Pages, checksum: str) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"/m/{SLUG}").text) | {"checksum": checksum}

    assert browser.post(f"/m/{SLUG}/approve", data=form).status_code == 409
    assert _verdicts(pages) == 0


def test_pressing_twice_does_no_harm(pages: Pages) -> None:
    newly_adopted(pages.scene)
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"/m/{SLUG}").text)

    statuses = [browser.post(f"/m/{SLUG}/approve", data=form).status_code for _ in range(2)]
    pages.scene.cycle()
    late = browser.post(f"/m/{SLUG}/approve", data=form)

    assert statuses == [303, 303]
    assert late.status_code == 409
    assert "Nothing is left to decide" in late.text


def _form(page: str) -> dict[str, str]:
    return {"csrf": csrf_of(page), "checksum": field_of(page, "checksum"), "seen": field_of(page, "seen")}


def _verdicts(pages: Pages) -> int:
    with pages.scene.database.reading() as session:
        return len(session.scalars(select(Approval)).all())
