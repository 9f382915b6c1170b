"""The archive of what somebody was sent: theirs alone, read again as it was, and nothing in it acts any more."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from governance.database import Database
from governance.mail.facts import to_json
from governance.mail.facts_of_summaries import BriefChanged, Summaries, Summary
from governance.models import KeptAnswer, Outbox, Turn
from governance.models.identifiers import new_id
from governance.seed import summed
from governance.services import people, seats
from governance.services.occurrences import kept_occurrence, next_occurrence
from governance.store import sent_summaries as store
from governance.store.meetings import meeting_by_slug
from tests.web.acting import words_of
from tests.web.conftest import ADDRESS, Pages, config_for
from tests.web.once import once
from tests.web.scenes import ADMIN, CAST, CHAIR, SLUG, Scene
from web import create_app

AMARA, ANNA = CAST[0][2], CAST[1][2]
PAGE = f"/m/{SLUG}/summaries"
WEEK = summed.Week.of(date(2026, 11, 19))
AT = datetime(2026, 11, 19, 10, tzinfo=UTC)
CHANGED = BriefChanged(start=WEEK.starts, goes_at=WEEK.at(1), sentences=["One decision was made."])
OTHER = "other"


@once
def met(scene: Scene) -> None:
    scene.adopt()
    scene.roster(CAST[:2])
    scene.cycle()


@pytest.fixture
def met_pages(pages: Pages) -> Pages:
    met(pages.scene)
    return pages


def summary(turn: UUID | None = None, **others: Any) -> Summary:
    """A delegate's, of a week with one turn of the question."""
    taker = {"name": "Emre Şahin", "outcome": "answered", "turn": str(turn or new_id())}
    question = {"text": "Which customer taught you most this year?", "takers": [taker]}
    return summed.summary(WEEK, question=question, **others)


def sent(scene: Scene, *, who: str = AMARA, slug: str | None = SLUG, facts: Any = None, **more: Any) -> UUID:
    """What a worker sent; a summary of the meeting unless it is said otherwise."""
    said = facts or summary()
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, slug) if slug else None
        row = Outbox(
            **{
                "key": str(new_id()), "kind": said.KIND, "meeting_id": meeting.id if meeting else None,
                "about": "2026-11-19T09:00:00Z", "address": who, "person_id": people.known_person(session, who).id,
                "facts_json": {"facts": to_json(said), "links": {"owed:0": str(new_id())}}, "queued_at": AT,
                "due_at": AT, "state": "sent", "sent_at": AT, **more,
            }
        )  # fmt: skip
        session.add(row)
        return row.id


def together(scene: Scene, *slugs: str, turn: UUID | None = None) -> Summaries:
    with scene.database.reading() as session:
        known = [(slug, meeting_by_slug(session, slug)) for slug in slugs]
    return Summaries(
        meetings=[
            {
                "meeting": str(one.id if one else new_id()), "slug": slug, "name": f"All of {slug}",
                "time_zone": "Europe/Berlin", "facts": to_json(summary(turn)),
            }
            for slug, one in known
        ]
    )  # fmt: skip


def test_who_was_sent_nothing_reads_that_and_has_no_link_to_it(met_pages: Pages) -> None:
    sent(met_pages.scene, who=ANNA)
    sent(met_pages.scene, state="failed", sent_at=None)
    sent(met_pages.scene, kind="held")
    amara = met_pages.signed_in(AMARA)

    assert "None yet." in amara.get(PAGE).text
    assert PAGE not in amara.get(f"/m/{SLUG}").text


def test_who_was_sent_something_finds_it_from_the_page_of_the_meeting_the_newest_first(met_pages: Pages) -> None:
    sent(met_pages.scene)
    sent(met_pages.scene, about="2026-W48", sent_at=AT + timedelta(days=7))
    sent(
        met_pages.scene, facts=together(met_pages.scene, SLUG), slug=None, about="2026-11-13", sent_at=AT - timedelta(6)
    )
    sent(met_pages.scene, facts=CHANGED, sent_at=AT + timedelta(days=8))
    amara = met_pages.signed_in(AMARA)

    assert f'href="{PAGE}"' in amara.get(f"/m/{SLUG}").text
    assert re.findall(rf'href="{PAGE}/[^"]+">([^<]+)<', amara.get(PAGE).text) == [
        *("Brief for leadership, told again, 19 Nov 2026", "Summary of week 48, 2026", "Summary of 19 Nov 2026"),
        "Summary of all your meetings, 13 Nov 2026",
    ]


def test_a_mail_is_read_again_as_it_was_and_nothing_in_it_acts(met_pages: Pages) -> None:
    mail = sent(met_pages.scene)
    amara = met_pages.signed_in(AMARA)

    page, frame = amara.get(f"{PAGE}/{mail}"), amara.get(f"{PAGE}/{mail}/shown")

    assert (page.status_code, frame.status_code) == (200, 200)
    for text in (page.text, frame.text):
        assert summed.CREDITS in words_of(text)
        assert "/l/" not in text
        assert "/unsubscribe/" not in text
        assert "/preferences/" not in text
    decisions = f"{ADDRESS}/m/{SLUG}/decisions"
    assert f'\n<a href="{decisions}">{decisions}</a>\n' in page.text
    assert frame.headers["Content-Security-Policy"].endswith("frame-ancestors 'self'; sandbox")
    assert page.headers["Content-Security-Policy"].endswith("; frame-src 'self'")


def test_everybody_else_gets_the_answer_for_one_that_never_was(met_pages: Pages) -> None:
    scene = met_pages.scene
    scene.adopt(OTHER, "Another meeting")
    mine = sent(scene)
    others = [
        (AMARA, f"{PAGE}/{sent(scene, who=ANNA)}"), (AMARA, f"{PAGE}/{sent(scene, state='held', sent_at=None)}"),
        (AMARA, f"{PAGE}/{sent(scene, kind='held')}"), (CHAIR, f"/m/{OTHER}/summaries/{mine}"),
        (AMARA, f"/m/{OTHER}/summaries/{mine}"),
        *((who, f"{PAGE}/{mine}") for who in (CHAIR, ANNA, ADMIN)),
    ]  # fmt: skip

    answers = {who: met_pages.signed_in(who) for who, _ in others}
    got = {(who, path): answers[who].get(f"{path}{end}") for who, path in others for end in ("", "/shown")}
    never = {who: browser.get(f"{PAGE}/{new_id()}") for who, browser in answers.items()}

    assert {one.status_code for one in got.values()} == {404}
    assert [key for key, one in got.items() if one.data != never[key[0]].data] == []


def test_one_mail_about_several_meetings_is_in_each_and_cut_to_those_that_are_theirs(met_pages: Pages) -> None:
    scene = met_pages.scene
    scene.adopt(OTHER, "Another meeting")
    both = sent(scene, facts=together(scene, SLUG, OTHER), slug=None)
    elsewhere = sent(scene, facts=together(scene, OTHER), slug=None)
    amara, chair = met_pages.signed_in(AMARA), met_pages.signed_in(CHAIR)
    of_chair = sent(scene, who=CHAIR, facts=together(scene, SLUG, OTHER), slug=None)

    cut, whole = amara.get(f"{PAGE}/{both}").text, chair.get(f"/m/{OTHER}/summaries/{of_chair}").text

    assert "All of leadership" in cut
    assert "All of other" not in cut
    assert "All of leadership" in whole
    assert "All of other" in whole
    assert str(elsewhere) not in amara.get(PAGE).text
    assert amara.get(f"{PAGE}/{elsewhere}").status_code == 404


def test_who_left_the_meeting_reads_none_of_it_any_more(met_pages: Pages) -> None:
    scene = met_pages.scene
    scene.adopt(OTHER, "Another meeting")
    scene.roster(CAST[:1], OTHER)
    mail = sent(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seats.vacate(session, meeting, seats.seat_of(session, meeting, "Finance"), actor="test", now=scene.now)
    scene.pass_time(days=1)
    amara = met_pages.signed_in(AMARA)

    assert {amara.get(path).status_code for path in (PAGE, f"{PAGE}/{mail}", f"{PAGE}/{mail}/shown")} == {404}


def test_an_answer_is_there_as_long_as_it_is_kept_for_who_reads_answers(met_pages: Pages) -> None:
    scene = met_pages.scene
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        found = next_occurrence(session, meeting, scene.now) if meeting else None
        assert found is not None
        taker = people.known_person(session, ANNA)
        turn = Turn(occurrence_id=kept_occurrence(session, found).id, person_id=taker.id, kind="late", since=scene.now)
        session.add(turn)
        session.flush()
        kept = KeptAnswer(turn_id=turn.id, text="The baker in Bergen", at=scene.now)
        session.add(kept)
    one, both = sent(scene, facts=summary(turn.id)), sent(scene, facts=together(scene, SLUG, turn=turn.id), slug=None)
    of_chair = sent(scene, who=CHAIR, facts=summary(turn.id))
    amara, chair = met_pages.signed_in(AMARA), met_pages.signed_in(CHAIR)

    there = [amara.get(f"{PAGE}/{mail}").text for mail in (one, both)]
    not_theirs = chair.get(f"{PAGE}/{of_chair}").text
    with scene.database.writing() as session:
        session.delete(session.get_one(KeptAnswer, kept.id))
    gone = amara.get(f"{PAGE}/{one}").text

    assert ["The baker in Bergen" in text for text in there] == [True, True]
    assert ["The baker in Bergen" in text for text in (not_theirs, gone)] == [False, False]
    assert "Which customer taught you most this year?" in gone


def test_hostile_texts_stay_texts(met_pages: Pages) -> None:
    trick = '<script>window.hit=1</script>"><img src=x onerror=window.hit=1>'
    owed = [{"kind": "promise", "text": trick, "due_on": "2026-11-26", "days": 3, "path": "/promises/x"}]
    mail = sent(met_pages.scene, facts=summary(owed=owed))
    amara = met_pages.signed_in(AMARA)

    for text in (amara.get(f"{PAGE}/{mail}").text, amara.get(f"{PAGE}/{mail}/shown").text):
        assert "<script>window" not in text
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text


def test_the_list_is_read_page_by_page_and_costs_the_same_however_long_it_is(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    met(scene)
    pages = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)
    first = sent(scene, facts=together(scene, SLUG), slug=None, sent_at=AT - timedelta(days=1))
    amara = pages.signed_in(AMARA)
    few = _asked(amara, PAGE, statements)
    with database.writing() as session:
        row = session.get_one(Outbox, first)
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        session.add_all(
            Outbox(
                key=str(number), kind="summary", meeting_id=meeting.id, about="2026-W47", address=AMARA,
                person_id=row.person_id, facts_json={}, queued_at=AT, due_at=AT, state="sent",
                sent_at=AT + timedelta(minutes=number // 2),
            )
            for number in range(119)
        )  # fmt: skip
        assert row.person_id is not None
        everything = [one.id for one in store.some_sent(session, row.person_id, meeting.id, 500)]

    many, found, path = _asked(amara, PAGE, statements), [], PAGE
    for _ in range(3):
        text = amara.get(path).text
        found += re.findall(rf'href="{PAGE}/([^"]+)">', text)
        older = re.findall(r'href="([^"]+\?below=[^"]+)"', text)
        path = older[0] if older else ""

    assert len(few) == len(many) <= 2 + 2
    assert found == [str(one) for one in everything]
    assert (len(found), found[-1], path) == (120, str(first), "")


def _asked(browser: Any, path: str, statements: Callable[[], list[str]]) -> list[str]:
    statements()
    assert browser.get(path).status_code == 200
    return [one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))]
