"""Seats by occurrences, what counts in the window, the export, making up, and who sees what of it."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from governance.domain.attendance import MarkKind
from governance.models import AttendanceMark, KeptAnswer, MakeUp, Outbox, Turn
from governance.services import people, sponsors
from governance.services import seats as seat_service
from governance.services.attendance import marking
from governance.services.attendance.doing import begin
from governance.services.people import add_alias
from governance.services.settings import set_rule_mode
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from tests.web.acting import words_of
from tests.web.attended import a_quarter, attend, start_of
from tests.web.conftest import Pages, csrf_of
from tests.web.once import once
from tests.web.scenes import CHAIR, SCRIBE, SLUG, Scene

PAGE = f"/m/{SLUG}/attendance"
RESEARCH, ANNA, AMARA = "elif.aydin@example.com", "anna.meier@example.com", "amara.okafor@example.com"


@once
def _five_weeks(scene: Scene) -> None:
    scene.adopt()
    scene.roster()
    scene.cycle()
    a_quarter(scene, range(-5, 0))


@pytest.fixture
def pages(pages: Pages) -> Pages:
    """Five weeks: Operations was late once, Research absent twice, Legal apologised, Support was never marked."""
    _five_weeks(pages.scene)
    return pages


def titles(page: str, department: str) -> list[str]:
    """What the cells of a seat say, the newest first."""
    return [title.partition(": ")[2] for title in re.findall(rf'title="({department}, [^"]+)"', page)]


def line_of(page: str, department: str) -> str:
    row = next(one for one in re.findall(r"<tr>.*?</tr>", page, re.DOTALL) if f'row">{department}' in one)
    return words_of(row)


def test_each_seat_says_in_words_how_it_was_there(pages: Pages) -> None:
    page = pages.signed_in(CHAIR).get(PAGE).text

    assert titles(page, "Finance") == ["Early"] * 5
    assert titles(page, "Operations") == ["On time", "On time", "Late by 5 min", "On time", "On time"]
    assert titles(page, "Research") == ["On time", "Absent", "On time", "On time", "Absent"]
    assert titles(page, "Legal")[3] == "Absent with apology"
    assert titles(page, "Customer Support") == ["Unknown"] * 5
    assert line_of(page, "Operations").startswith("Operations Anna Meier 80 % 1 0")
    assert line_of(page, "Customer Support").startswith("Customer Support Łucja Wiśniewska – 0 0")


def test_at_the_limit_it_warns_and_beyond_it_the_seat_is_at_risk(pages: Pages) -> None:
    browser = pages.signed_in(CHAIR)
    assert "At the limit" in line_of(browser.get(PAGE).text, "Research")

    attend(pages.scene, 0, {"Research": MarkKind.ABSENT, "Finance": 0})
    pages.scene.now = start_of(0) + timedelta(minutes=55)
    page = pages.signed_in(CHAIR).get(PAGE).text

    assert "Seat at risk" in line_of(page, "Research")
    assert "A02 Research was absent without apology" in words_of(page)
    assert "A03 Dr. Elif Aydın of Research was absent 3 times and the limit is 2, in 10 occurrences" in words_of(page)


def test_a_rule_that_is_off_remarks_nothing_and_nobody_owes_a_question(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        for code in ("A01", "A02"):
            set_rule_mode(session, meeting, code, "off", actor="test", now=pages.scene.now)
        before = len(session.scalars(select(Turn)).all())

    attend(pages.scene, 0, {"Research": 30})

    with pages.scene.database.reading() as session:
        assert len(session.scalars(select(Turn)).all()) == before
    assert "At the limit" not in pages.signed_in(CHAIR).get(PAGE).text


def test_a_new_delegate_does_not_inherit_what_the_one_before_missed(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seat_service.seat_of(session, meeting, "Research")
        person = people.person_named(session, "new.one@example.com", "Nadia New")
        seat_service.hand_over(session, meeting, seat, person, actor="test", now=pages.scene.now)

    assert line_of(pages.signed_in(CHAIR).get(PAGE).text, "Research").startswith("Research Nadia New – 0 0")


def test_a_missed_occurrence_is_made_up_for_and_then_counts_no_more(pages: Pages) -> None:
    attend(pages.scene, -1, {"People & Culture": MarkKind.ABSENT})
    browser = pages.signed_in("priya.raman@example.com")
    page = browser.get(PAGE).text
    assert "Make up for 19 Nov 2026 by 26 Nov 2026" in words_of(page)
    address = re.search(r'href="([^"]*make-up[^"]*)"', page)[1].replace("&amp;", "&")  # type: ignore[index]
    form = fields(browser, address) | {"read": "yes", "commitments": "  ", "outcome": "answered", "answer": "A beech."}

    refused = browser.post(f"{PAGE}/make-up", data=form | {"keep": "yes"})
    done = browser.post(f"{PAGE}/make-up", data=form | {"commitments": "We staff the depot."})
    again = browser.post(f"{PAGE}/make-up", data=form | {"commitments": "Once more."})

    assert (refused.status_code, done.status_code, again.status_code) == (422, 303, 409)
    assert "Say what you will carry out" in refused.text
    assert "A beech." in refused.text
    page = browser.get(PAGE).text
    assert titles(page, "People &amp; Culture")[0] == "Made up for"
    assert "We staff the depot." in page
    with pages.scene.database.reading() as session:
        assert len(session.scalars(select(MakeUp)).all()) == 1
    # The answer was not to be kept.
    assert "A beech." not in browser.get(f"/m/{SLUG}/questions").text


def test_after_the_last_day_there_is_nothing_to_make_up_for(pages: Pages) -> None:
    attend(pages.scene, -1, {"People & Culture": MarkKind.ABSENT})
    pages.scene.now = start_of(0) + timedelta(hours=14, minutes=1)

    assert "Make up for it" not in pages.signed_in("priya.raman@example.com").get(PAGE).text


def test_the_export_holds_every_seat_and_occurrence_and_no_reason(pages: Pages) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        after = start_of(-1) + timedelta(hours=2)
        doing = begin(session, meeting, start_of(-1).isoformat(), actor="test", source="web", now=after)
        seat = seat_service.seat_of(session, meeting, "Finance")
        marking.correct(doing, seat.id, MarkKind.ARRIVED, start_of(-1) + timedelta(minutes=7), "a secret reason")
    browser = pages.signed_in(SCRIBE)

    table = list(csv.DictReader(io.StringIO(browser.get(f"{PAGE}.csv").text.removeprefix("\N{BOM}"))))
    document = json.loads(browser.get(f"{PAGE}.json").text)

    assert len(table) == len(document["attendance"]) == 5 * 7, table[:3]
    finance = [row for row in table if row["department"] == "Finance"]
    assert (finance[-1]["day"], finance[-1]["state"], finance[-1]["minutes_late"]) == ("2026-11-19", "late", "5")
    assert (finance[-1]["delegate"], finance[-1]["arrived"]) == ("Amara Okafor", "2026-11-19T09:07:00Z")
    assert finance[-1]["counts_late"] == "yes"
    assert "secret" not in str(table) + str(document)


def test_a_delegate_sees_the_room_as_it_was_without_what_is_for_the_chair_and_a_sponsor_their_own_seat(
    pages: Pages,
) -> None:
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        department = department_of(session, seat_service.seat_of(session, meeting, "Research"))
        sponsor = people.person_named(session, "sponsor@example.com", "Signe Ponsor")
        sponsors.name_sponsor(session, meeting, department, sponsor, actor="test", now=pages.scene.now)

    delegate = pages.signed_in(AMARA).get(PAGE).text
    sponsor_page = pages.signed_in("sponsor@example.com").get(PAGE).text

    assert "Worth a word" not in delegate
    assert "Download as CSV" not in delegate
    assert titles(delegate, "Research")[1] == "Absent"
    assert titles(sponsor_page, "Research")[1] == "Absent"
    assert "At the limit" in sponsor_page
    assert "Operations" not in sponsor_page


def test_people_who_turn_out_to_be_one_have_one_turn(pages: Pages) -> None:
    now = pages.scene.now
    with pages.scene.database.writing() as session:
        anna = people.person_named(session, ANNA).id
        other = people.person_named(session, "anna@elsewhere.example", "Anna Meier").id
        owed = session.scalars(select(Turn).where(Turn.person_id == anna)).one()
        same = {"occurrence_id": owed.occurrence_id, "seat_id": owed.seat_id, "person_id": other}
        answered = Turn(**same, kind="volunteered", since=now, outcome="answered", settled_at=now)
        mark = AttendanceMark(**same, kind="arrived", source="check-in", at=now, recorded_at=now, by="test")
        session.add_all([answered, mark])
        session.flush()
        session.add(KeptAnswer(turn_id=answered.id, text="A lighthouse.", at=now))
        kept, mark_id = owed.id, mark.id

    with pages.scene.database.writing() as session:
        add_alias(session, ANNA, "anna@elsewhere.example", actor="test", now=now)

    with pages.scene.database.reading() as session:
        (turn,) = session.scalars(select(Turn).where(Turn.person_id.in_([anna, other])))
        (answer,) = session.scalars(select(KeptAnswer))
        assert (turn.id, turn.person_id, turn.kind, turn.outcome) == (kept, anna, "late", "answered")
        assert (answer.turn_id, answer.text) == (kept, "A lighthouse.")
        assert session.get_one(AttendanceMark, mark_id).person_id == anna
    assert titles(pages.signed_in(CHAIR).get(PAGE).text, "Operations")[2] == "Late by 5 min"


@pytest.mark.parametrize("path", [PAGE, f"/m/{SLUG}/room", f"/m/{SLUG}/questions"])
def test_a_page_asks_as_much_for_one_week_as_for_many(pages: Pages, path: str) -> None:
    browser = pages.signed_in(CHAIR)
    pages.scene.now = start_of(0) - timedelta(minutes=5)
    browser = pages.signed_in(CHAIR)
    few = asked(pages, browser, path)

    for week in (0, 1, 2):
        attend(pages.scene, week, {"Finance": 5, "Operations": 6, "Legal": MarkKind.ABSENT})
    pages.scene.now = start_of(2) + timedelta(minutes=30)
    many = asked(pages, pages.signed_in(CHAIR), path)

    assert len(few) == len(many) <= 8, "\n".join(many)


def asked(pages: Pages, browser: FlaskClient, path: str) -> list[str]:
    sent: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(pages.scene.database.engine, "before_cursor_execute", note)
    assert browser.get(path).status_code == 200
    event.remove(pages.scene.database.engine, "before_cursor_execute", note)
    return sent


def fields(browser: FlaskClient, address: str) -> dict[str, str]:
    page = browser.get(address)
    assert page.status_code == 200
    form = page.text[page.text.index('action="/m/') :]
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return hidden | {"csrf": csrf_of(page.text)}


def mails(pages: Pages) -> list[tuple[str, str, bool]]:
    """Who is told that a seat is at the limit or beyond it: role, address and whether it is the warning."""
    with pages.scene.database.reading() as session:
        rows = session.scalars(select(Outbox).where(Outbox.kind == "seat-at-risk").order_by(Outbox.address))
        return [(row.facts_json["facts"]["to"], row.address, row.facts_json["facts"]["is_warning"]) for row in rows]


@pytest.mark.parametrize("corrected", [0, -2])
def test_at_the_limit_the_delegate_hears_of_it_and_beyond_it_the_chair_too_unless_any_week_is_corrected(
    pages: Pages, corrected: int
) -> None:
    pages.scene.change_meeting(first_plan_approved=True)
    attend(pages.scene, 0, {"Operations": 20, "Research": MarkKind.ABSENT})
    assert mails(pages) == [
        ("delegate", ANNA, True),
        ("delegate", RESEARCH, False),
        ("chair", CHAIR, False),
    ]
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        now = start_of(0) + timedelta(minutes=55)
        doing = begin(session, meeting, start_of(corrected).isoformat(), actor="test", source="web", now=now)
        seat = seat_service.seat_of(session, meeting, "Research")
        marking.correct(doing, seat.id, MarkKind.APOLOGY, now, "")

    assert mails(pages) == [("delegate", ANNA, True), ("delegate", RESEARCH, True)]
    with pages.scene.database.reading() as session:
        due = set(session.scalars(select(Outbox.due_at).where(Outbox.kind == "seat-at-risk")))
    assert due == {start_of(0) + timedelta(hours=2)}


def test_whoever_was_there_finds_it_among_what_is_recorded_about_them(pages: Pages) -> None:
    page = words_of(pages.signed_in(ANNA).get("/me").text)

    assert "When you came and left" in page
    assert "Turns with the question of the week, and the answers you keep Group Steering Meeting on 5 Nov 2026" in page
