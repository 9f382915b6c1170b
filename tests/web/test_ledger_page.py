"""The ledger on a page: found by words, act, actor and day; of a private entry others learn nothing."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from urllib.parse import quote
from uuid import UUID

import pytest

from governance.domain.ledger import Confidentiality
from governance.services import ledger
from governance.services.people import person_named
from governance.services.recording import note
from governance.store.meetings import meeting_by_slug
from tests.web.conftest import Pages
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG, in_order

LEDGER = f"/m/{SLUG}/ledger"


def test_an_entry_shows_what_was_before_and_after_who_did_it_and_why(pages: Pages) -> None:
    in_order(pages.scene)
    _note(pages, "cap-set", before={"cap": 12}, after={"cap": 9, "by": CHAIR}, why="The room is smaller")

    page = _text(pages.signed_in(CHAIR).get(LEDGER).text)

    assert "The cap is now 9 seats instead of 12 The room is smaller" in page
    assert "Helena Marsh, on a page" in page
    assert "Cap 12 9" in page
    assert "By – Helena Marsh (helena.marsh@example.com)" in page


@pytest.mark.parametrize("address", [SCRIBE, ADMIN])
def test_of_a_private_entry_others_than_the_chair_learn_only_that_it_is_there(pages: Pages, address: str) -> None:
    in_order(pages.scene)
    _note(pages, "cap-set", after={"cap": 9}, why="a secret of hers", confidentiality=Confidentiality.PRIVATE)
    browser = pages.signed_in(address)

    page = browser.get(LEDGER)

    assert "A private entry. Who it is about and the chair may read it." in page.text
    assert "secret" not in page.text
    assert "cap-set" not in page.text
    for question in ("text=secret", "act=cap-set", "text=cap-set", "actor=test&act=cap-set"):
        assert "Nothing was recorded that fits" in browser.get(f"{LEDGER}?{question}").text
    assert "a secret of hers" in pages.signed_in(CHAIR).get(f"{LEDGER}?text=secret").text


def test_an_erased_entry_is_shown_as_such(pages: Pages) -> None:
    in_order(pages.scene)
    _note(pages, "cap-set", after={"cap": 9}, why="names somebody")
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        last = ledger.head(session, meeting.id)
        ledger.erase(session, last.chain, last.seq, pages.scene.now)

    page = pages.signed_in(CHAIR).get(LEDGER).text

    assert "An entry whose content was erased" in page
    assert "Its content was erased" in page
    assert "names somebody" not in page


def test_words_are_found_whatever_their_letters(pages: Pages) -> None:
    in_order(pages.scene)
    why = 'Łucja <lucja.wisniewska@example.com>: seat for customers & friends, 100% and a "quote"'
    _note(pages, "cap-set", after={"cap": 9}, why=why)
    browser = pages.signed_in(CHAIR)

    for words in ("Łucja", "łucja", "LUCJA.WISN", "seat for customers & friends", "100%", 'a "quote"'):
        found = browser.get(f"{LEDGER}?text={quote(words)}").text

        assert "The cap is now 9 seats" in found, words


def test_a_search_is_plain_words_and_never_a_pattern(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(CHAIR)

    assert "Nothing was recorded that fits" in browser.get(f"{LEDGER}?text={quote('A%a_')}").text
    assert "Nothing was recorded that fits" in browser.get(f"{LEDGER}?text={quote('<script>')}").text
    assert "<script>" not in browser.get(f"{LEDGER}?text={quote('<script>')}").text


def test_a_day_is_that_of_the_meeting_s_own_zone(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.pass_time(hours=13.75)  # 23:15 in London, 00:15 in Berlin
    _note(pages, "cap-set", after={"cap": 9})
    browser = pages.signed_in(CHAIR)

    assert "The cap is now 9 seats" in browser.get(f"{LEDGER}?day=2026-11-24").text
    assert "The cap is now 9 seats" not in browser.get(f"{LEDGER}?day=2026-11-23").text


def test_pages_follow_one_another_without_a_gap_while_others_write(pages: Pages) -> None:
    in_order(pages.scene)
    for number in range(60):
        _note(pages, "cap-set", after={"cap": number})
    browser = pages.signed_in(CHAIR)

    first = browser.get(LEDGER).text
    older = html.unescape(re.findall(r'href="([^"]*below=[^"]*)"', first)[-1])
    _note(pages, "cap-set", after={"cap": 99})
    second = browser.get(older).text

    numbers = [int(one) for page in (first, second) for one in re.findall(r'id="e(\d+)"', page)]
    assert numbers == list(range(numbers[0], 0, -1))


def test_what_cannot_be_understood_is_left_out_of_the_search(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(CHAIR)
    asked = ["below=x", "below=-1", f"below={'9' * 30}", "day=2026-02-31", "day=0001-01-01", "day=9999-12-31"]
    asked += ["text=%00", "act=" + "x" * 5000, "actor=%F0%9F%A6%8A", "text=%ff%fe", "below=%D9%A3"]

    statuses = {query: browser.get(f"{LEDGER}?{query}").status_code for query in asked}

    assert set(statuses.values()) == {200}, statuses


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("day=yesterday", "Enter the day as year, month and day"),
        ("day=2026-02-31", "Enter the day as year, month and day"),
        ("act=laundered", "Choose from the list what was done"),
        ("actor=somebody", "Choose from the list who acted"),
        ("below=x", "Turn the pages with the links"),
    ],
)
def test_what_was_not_understood_is_said(pages: Pages, query: str, remedy: str) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(CHAIR)

    assert remedy not in browser.get(f"{LEDGER}?day=2026-11-23&act=cap-set&below=3").text.replace("Choose from", "")
    assert remedy in browser.get(f"{LEDGER}?{query}").text


def test_the_site_s_ledger_and_its_ends_are_the_administrators(pages: Pages) -> None:
    in_order(pages.scene)
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        position = str(ledger.head(session, meeting.id))

    page = pages.signed_in(ADMIN).get("/system/ledger").text

    assert "ops@example.com signed in" in _text(page)
    assert position in page
    assert pages.signed_in(CHAIR).get("/system/ledger").status_code == 404
    assert pages.signed_in("amara.okafor@example.com").get(LEDGER).status_code == 404


def _note(pages: Pages, act: str, **more: object) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        values = {"actor": "person", "source": "web", "now": pages.scene.now + timedelta(seconds=1)} | more
        note(session, meeting, act, "meeting:x", **values)  # type: ignore[arg-type]


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


def test_who_acted_is_named_and_never_by_a_bare_identifier(pages: Pages) -> None:
    in_order(pages.scene)
    scene = pages.scene
    with scene.database.writing() as session:
        amara = person_named(session, "amara.okafor@example.com", "Amara Okafor")
        meeting = meeting_by_slug(session, SLUG)
        for actor in (f"person:{amara.id}", f"person:{UUID(int=1)}"):
            ledger.record(
                session, at=scene.now, actor=actor, source="link", act="mandate-confirmed", subject="mandate:1",
                meeting_id=meeting.id,
            )  # fmt: skip

    choices = pages.signed_in().get(f"/m/{SLUG}/ledger").text.split('id="actor"', 1)[1].split("</select>", 1)[0]

    words = re.findall(r">([^<]+)</option>", choices)
    assert "Amara Okafor" in words
    assert not any(word.casefold().startswith("person:") for word in words)
