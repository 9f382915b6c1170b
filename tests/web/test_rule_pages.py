"""The rules page: what each rule does and found, and a mode that is changed only after its consequences were shown."""

from __future__ import annotations

import html
import re

import pytest
from sqlalchemy import select

from governance.models import Approval
from governance.models.meeting import RuleMode
from governance.reconcile.observed import Guest
from governance.services.settings import set_rule_mode
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG, in_order, lively

RULES = f"/m/{SLUG}/rules"
STRANGER = Guest(address="mallory.quick@example.com", name="Mallory Quick")


def test_each_rule_says_what_it_does_what_it_found_and_what_it_did_lately(pages: Pages) -> None:
    lively(pages.scene)

    page = _text(pages.signed_in(CHAIR).get(RULES).text)

    assert "I01 Uninvited A guest is not entitled to the meeting. The guest is taken off and told why." in page
    assert "Took mallory.quick@example.com off the invitation" in page
    assert "M06 Vacant A seat is vacant. The sponsor is told. 1 remark The seat of Marketing is vacant." in page
    assert "A01" not in page


def test_a_rule_that_writes_nothing_is_not_offered_to_be_enforced(pages: Pages) -> None:
    in_order(pages.scene)

    page = pages.signed_in(CHAIR).get(RULES).text

    assert f"{RULES}/I01?mode=observe" in page
    assert f"{RULES}/M06?mode=off" in page
    assert f"{RULES}/M06?mode=enforce" not in page


def test_a_stranger_whom_a_rule_only_watched_goes_when_it_is_enforced_again(pages: Pages) -> None:
    in_order(pages.scene)
    _set(pages, "I01", "observe")
    pages.scene.calendar.forward(f"event-{SLUG}", STRANGER)
    pages.scene.cycle()
    browser = pages.signed_in(CHAIR)

    shown = browser.get(f"{RULES}/I01?mode=enforce").text
    answer = browser.post(f"{RULES}/I01", data=_form(shown) | {"why": "The trial is over"})
    pages.scene.cycle()

    assert "The next look then makes 1 change to the invitation." in _text(shown)
    assert "Mallory Quick mallory.quick@example.com Take off the invitation, every week" in _text(shown)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{RULES}#I01")
    assert STRANGER.address not in pages.scene.calendar.events[f"event-{SLUG}"].addresses
    assert "Set by Helena Marsh just now : “The trial is over”" in _text(browser.get(RULES).text)


def test_switching_a_rule_off_shows_what_would_no_longer_be_done(pages: Pages) -> None:
    lively(pages.scene)
    pages.scene.calendar.change(f"event-{SLUG}", guests_can_invite=True)
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
    _set(pages, "I09", "observe")
    pages.scene.cycle()

    shown = _text(pages.signed_in(CHAIR).get(f"{RULES}/I09?mode=off").text)

    assert "Would no longer be remarked" in shown
    assert "Confirming approves" not in shown


def test_confirmed_consequences_that_would_wait_are_approved_exactly_as_shown(pages: Pages) -> None:
    in_order(pages.scene)
    _set(pages, "I01", "observe")
    crowd = [Guest(address=f"stranger.{n}@elsewhere.example", name=f"Stranger {n}") for n in range(12)]
    pages.scene.calendar.forward(f"event-{SLUG}", *crowd)
    pages.scene.cycle()
    browser = pages.signed_in(CHAIR)

    shown = browser.get(f"{RULES}/I01?mode=enforce").text
    browser.post(f"{RULES}/I01", data=_form(shown))
    pages.scene.cycle()

    assert "Confirming approves these 12 changes" in _text(shown)
    with pages.scene.database.reading() as session:
        newest = session.scalars(select(Approval).order_by(Approval.at.desc(), Approval.id.desc())).first()
        assert newest is not None
        assert (len(newest.keys_json), newest.by) == (12, CHAIR)
    assert not [one for one in pages.scene.calendar.events[f"event-{SLUG}"].addresses if one.startswith("stranger")]


def test_consequences_that_became_others_are_shown_again_and_the_typed_reason_is_kept(pages: Pages) -> None:
    in_order(pages.scene)
    _set(pages, "I01", "observe")
    crowd = [Guest(address=f"stranger.{n}@elsewhere.example", name=f"Stranger {n}") for n in range(13)]
    pages.scene.calendar.forward(f"event-{SLUG}", *crowd[:12])
    pages.scene.cycle()
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"{RULES}/I01?mode=enforce").text)
    pages.scene.calendar.forward(f"event-{SLUG}", crowd[12])
    pages.scene.cycle()

    answer = browser.post(f"{RULES}/I01", data=form | {"why": "Enough <of> this"})

    assert answer.status_code == 409
    assert "they changed since you opened this page" in answer.text
    assert 'value="Enough &lt;of&gt; this"' in answer.text
    assert _own_modes(pages) == {"I01": "observe"}


def test_of_two_who_set_the_same_rule_the_second_sees_what_the_first_did(pages: Pages) -> None:
    in_order(pages.scene)
    first, second = pages.signed_in(CHAIR), pages.signed_in(ADMIN)
    form = _form(second.get(f"{RULES}/I05?mode=off").text)
    first.post(f"{RULES}/I05", data=_form(first.get(f"{RULES}/I05?mode=observe").text))

    answer = second.post(f"{RULES}/I05", data=form)

    assert answer.status_code == 409
    assert "Helena Marsh has set I05 to Observe meanwhile, you wanted Off. Nothing was done." in _text(answer.text)
    assert _own_modes(pages) == {"I05": "observe"}
    assert second.post(f"{RULES}/I05", data=_form(answer.text)).status_code == 303


def test_pressing_twice_does_no_harm(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(CHAIR)
    form = _form(browser.get(f"{RULES}/I05?mode=observe").text)

    assert [browser.post(f"{RULES}/I05", data=form).status_code for _ in range(2)] == [303, 303]


def test_the_scribe_reads_the_rules_and_changes_none(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(SCRIBE)

    page = browser.get(RULES)

    assert page.status_code == 200
    assert "?mode=" not in page.text
    assert browser.get(f"{RULES}/I01?mode=off").status_code == 404
    assert browser.post(f"{RULES}/I01", data={"csrf": csrf_of(page.text), "mode": "off"}).status_code == 404


def test_whoever_only_has_a_seat_finds_no_rules(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in("amara.okafor@example.com")

    assert browser.get(RULES).status_code == 404
    assert RULES not in browser.get(f"/m/{SLUG}").text


@pytest.mark.parametrize("path", ["/X99?mode=off", "/A01?mode=off", "/I01?mode=never", "/I01?mode="])
def test_what_is_no_rule_or_no_mode_has_no_page(pages: Pages, path: str) -> None:
    in_order(pages.scene)

    assert pages.signed_in(CHAIR).get(RULES + path).status_code == 404


def _form(page: str) -> dict[str, str]:
    return {"csrf": csrf_of(page)} | {name: field_of(page, name) for name in ("mode", "was", "checksum")}


def _set(pages: Pages, code: str, mode: str) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        set_rule_mode(session, meeting, code, mode, actor="test", now=pages.scene.now)


def _own_modes(pages: Pages) -> dict[str, str]:
    with pages.scene.database.reading() as session:
        return {row.code: row.mode for row in session.scalars(select(RuleMode))}


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())
