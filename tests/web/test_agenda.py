"""An agenda from its first item to the minutes: who brings what, in which order, and what becomes of it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import event, select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from governance.models import Action, AgendaItem, AgendaPlace, Decision, DecisionMark, MinutesApproval, Occurrence
from governance.services import people
from governance.store.meetings import meeting_by_slug
from tests.web.acting import words_of
from tests.web.attended import attend, start_of
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import CHAIR, SCRIBE, SLUG, Scene

AGENDA = f"/m/{SLUG}/agenda"
AMARA, ANNA = "amara.okafor@example.com", "anna.meier@example.com"
BEFORE = datetime(2026, 11, 25, 22, 30, tzinfo=UTC)
"""Half an hour before the agenda of Thursday closes, by the clock of Berlin."""


class Agenda:
    """People with a browser each; what they send names the occurrence that their page shows."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self._browsers: dict[tuple[str, date], FlaskClient] = {}

    def at(self, moment: datetime) -> Agenda:
        self.pages.scene.now = moment
        return self

    def browser(self, who: str) -> FlaskClient:
        """Anew each day, because no session outlasts a night without a click."""
        key = who, self.pages.scene.now.date()
        if key not in self._browsers:
            self._browsers[key] = self.pages.signed_in(who)
        return self._browsers[key]

    def page(self, who: str = CHAIR, path: str = AGENDA) -> str:
        answer = self.browser(who).get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def words(self, who: str = CHAIR, path: str = AGENDA) -> str:
        return words_of(self.page(who, path))

    def titles(self, path: str = AGENDA) -> list[str]:
        items = self.page(path=path).partition('id="items"')[2]
        return re.findall(r'<span class="place">\d+</span> <strong>(.*?)</strong>', items)

    def send(self, who: str, path: str, *, week: int = 0, **form: str) -> TestResponse:
        browser = self.browser(who)
        csrf = csrf_of(browser.get("/sessions").text)
        return browser.post(
            path, data={"csrf": csrf, "key": start_of(week).isoformat(), "on": f"{start_of(week):%Y-%m-%d}", **form}
        )

    def add(self, who: str, title: str, *, week: int = 0, **more: str) -> str:
        answer = self.send(who, f"{AGENDA}/item", week=week, title=title, **{"purpose": "discuss", **more})
        assert answer.status_code == 303, answer.text
        return self.item(title)

    def item(self, title: str) -> str:
        with self.pages.scene.database.reading() as session:
            return str(session.scalars(select(AgendaItem.id).where(AgendaItem.title == title)).one())

    def press(self, who: str, act: str, title: str, *, week: int = 0, status: int = 303) -> TestResponse:
        answer = self.send(who, f"{AGENDA}/act", week=week, act=act, item=self.item(title))
        assert answer.status_code == status, answer.text
        return answer

    def become(self, title: str, *, week: int = 0, **form: str) -> TestResponse:
        return self.send(SCRIBE, f"{AGENDA}/become", week=week, item=self.item(title), **form)


@pytest.fixture
def agenda(pages: Pages) -> Agenda:
    scene = pages.scene
    scene.adopt()
    scene.roster()
    scene.cycle()
    return Agenda(pages).at(BEFORE)


def test_an_agenda_that_nobody_has_touched_says_so_and_leaves_nothing_behind(agenda: Agenda) -> None:
    words = agenda.words(AMARA)

    assert "Nothing is on it yet. Every seat may bring an item" in words
    assert "Seats add items until the end of 25 Nov 2026." in words
    with agenda.pages.scene.database.reading() as session:
        assert [] == list(session.scalars(select(Occurrence)))


def test_seats_bring_items_and_chair_or_scribe_put_them_in_order(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund within a day", purpose="decide", minutes="20", customer="Nordwind", papers="Figures")
    agenda.add(ANNA, "Night shift", minutes="15")
    agenda.add(SCRIBE, "Notes of last week", purpose="inform")

    first = agenda.titles()
    agenda.press(SCRIBE, "up", "Night shift")
    agenda.press(CHAIR, "down", "Refund within a day")
    agenda.press(CHAIR, "down", "Refund within a day")
    refused = agenda.press(ANNA, "up", "Notes of last week", status=409)

    assert ["Refund within a day", "Night shift", "Notes of last week"] == first
    assert ["Night shift", "Notes of last week", "Refund within a day"] == agenda.titles()
    assert "Ask chair or scribe" in words_of(refused.text)
    words = agenda.words(ANNA)
    assert "35 of 60 minutes are planned; 1 item has no timebox." in words
    assert "20 min · brought by Finance · customer: Nordwind" in words
    assert "no timebox · brought by Tom Field" in words


def test_the_sum_that_is_longer_than_the_occurrence_says_how_much(agenda: Agenda) -> None:
    agenda.add(AMARA, "Long", minutes="50")
    agenda.add(ANNA, "Longer", minutes="45")

    assert "95 minutes are planned for 60: take 35 off." in agenda.words()


def test_a_seat_changes_and_takes_off_its_own_items_alone(agenda: Agenda) -> None:
    item = agenda.add(AMARA, "Refund")
    other = agenda.add(ANNA, "Night shift")

    changed = agenda.send(
        AMARA, f"{AGENDA}/item", item=item, version="1", title="Refund in a day", purpose="decide", minutes="10"
    )
    refused = agenda.send(AMARA, f"{AGENDA}/item", item=other, version="1", title="Mine", purpose="decide")
    withdrawn = agenda.press(AMARA, "withdraw", "Night shift", status=409)
    agenda.press(AMARA, "withdraw", "Refund in a day")

    assert (303, 422) == (changed.status_code, refused.status_code)
    assert "another seat has brought this item" in words_of(refused.text).casefold()
    assert 'value="Mine"' in refused.text, "what was typed is still there"
    assert "Another seat has brought this item" in words_of(withdrawn.text)
    assert ["Night shift"] == agenda.titles()


def test_who_saves_over_somebody_else_sees_both_texts_first(agenda: Agenda) -> None:
    item = agenda.add(AMARA, "Refund")
    form = {"item": item, "version": "1", "purpose": "discuss"}
    agenda.send(CHAIR, f"{AGENDA}/item", title="Refund for all", **form)

    lost = agenda.send(AMARA, f"{AGENDA}/item", title="Refund for some", **form)
    again = agenda.send(AMARA, f"{AGENDA}/item", title="Refund for some", **{**form, "version": "2"})

    assert (409, 303) == (lost.status_code, again.status_code)
    assert "Refund for all" in lost.text
    assert 'value="Refund for some"' in lost.text
    assert 'name="version" value="2"' in lost.text
    assert ["Refund for some"] == agenda.titles()


def test_after_the_day_before_is_over_chair_and_scribe_alone_add(agenda: Agenda) -> None:
    agenda.at(BEFORE + timedelta(minutes=30))

    refused = agenda.send(AMARA, f"{AGENDA}/item", title="Too late", purpose="inform")
    agenda.add(SCRIBE, "Still on time")
    agenda.add(AMARA, "For next week", week=1)

    assert 422 == refused.status_code
    assert "Ask chair or scribe to add it" in words_of(refused.text)
    assert 'value="Too late"' in refused.text
    assert "The agenda is closed: chair and scribe alone add items now." in agenda.words(AMARA)
    assert 'id="add"' not in agenda.page(AMARA)
    assert ["Still on time"] == agenda.titles()
    assert ["For next week"] == agenda.titles(f"{AGENDA}?on=2026-12-03")


def test_papers_become_links_only_where_they_lead_to_the_web(agenda: Agenda) -> None:
    papers = (
        "Figures https://example.com/a?b=1&c=2\njavascript:alert(1)\n<script>alert(2)</script>\nhttps:///x\nhttp://[x"
    )
    agenda.add(AMARA, "Refund", papers=papers)

    page = agenda.page()

    links = re.findall(r'<a href="([^"]*)" rel="noopener noreferrer nofollow">([^<]*)</a>', page)
    assert [("https://example.com/a?b=1&amp;c=2", "Figures")] == links
    assert "javascript:alert(1)" in page
    assert "<script>alert(2)" not in page


def test_what_is_not_settled_is_on_the_next_agenda_without_anybody_writing_so(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")
    agenda.add(ANNA, "Night shift")
    agenda.at(start_of(0) + timedelta(minutes=30)).press(SCRIBE, "treated", "Night shift")
    agenda.at(start_of(0) + timedelta(minutes=60))

    titles, last = agenda.titles(), agenda.words(path=f"{AGENDA}?on=2026-11-26")
    rows = _places(agenda.pages.scene)
    agenda.add(ANNA, "New", week=1)

    assert ["Refund"] == titles
    assert "Refund Discuss Carried over" in last
    assert [None, "treated"] == sorted(rows, key=str), "reading wrote nothing"
    assert ["carried", None, None] == [one for one in _places(agenda.pages.scene) if one != "treated"]
    assert ["Refund", "New"] == agenda.titles()
    assert "Came back once." in agenda.words()


def test_the_third_return_must_be_chosen_and_somebody_with_a_day_gets_a_promise(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund", purpose="decide")
    for week in range(3):
        agenda.at(start_of(week) + timedelta(minutes=5)).press(SCRIBE, "carried", "Refund", week=week)
    agenda.at(start_of(3) + timedelta(minutes=5))

    page = agenda.page(SCRIBE)
    again = agenda.press(SCRIBE, "carried", "Refund", week=3, status=409)
    treated = agenda.press(SCRIBE, "treated", "Refund", week=3, status=409)
    nobody = agenda.become("Refund", week=3, outcome="assigned", person="", day="2026-12-20")
    form = agenda.page(SCRIBE, f"{AGENDA}/become?item={agenda.item('Refund')}")
    anna = re.search(r'<option value="([0-9a-f-]+)">Anna Meier', form)
    assert anna is not None
    done = agenda.become("Refund", week=3, outcome="assigned", person=anna[1], day="2026-12-20")

    assert "Came back 3 times: decide it, delegate it, drop it, or give it to somebody until a day." in words_of(page)
    assert f"/m/{SLUG}/decisions/new?item={agenda.item('Refund')}" in page
    assert "Make a decision of it, delegate it, drop it" in words_of(again.text)
    assert 409 == treated.status_code, "without a decision"
    assert (422, 303) == (nobody.status_code, done.status_code)
    assert "Carried over to the next" not in form
    assert "Refund Decide A promise by now" in agenda.words()
    with agenda.pages.scene.database.reading() as session:
        promise = session.scalars(select(Action)).one()
        assert ("Refund", date(2026, 12, 20), "open") == (promise.text, promise.due_on, promise.state)
        assert promise.seat_id is not None


def test_at_the_third_return_a_decision_lets_it_be_treated(agenda: Agenda) -> None:
    item = agenda.add(AMARA, "Refund", purpose="decide")
    for week in range(3):
        agenda.at(start_of(week) + timedelta(minutes=5)).press(SCRIBE, "carried", "Refund", week=week)
    _decision(agenda.pages.scene, item_title="Refund")

    agenda.at(start_of(3) + timedelta(minutes=5)).press(SCRIBE, "treated", "Refund", week=3)

    assert "Treated" in agenda.words()
    assert item in agenda.page()


def test_a_decision_that_is_made_of_an_item_stands_with_it(agenda: Agenda) -> None:
    item = agenda.add(AMARA, "Refund", purpose="decide", customer="Nordwind")

    form = agenda.page(AMARA, f"/m/{SLUG}/decisions/new?item={item}")
    foreign = agenda.browser(AMARA).get(f"/m/{SLUG}/decisions/new?item={UUID(int=1)}")
    agenda.send(AMARA, f"/m/{SLUG}/decisions/new", item=item, title="Refund in a day", question="", customer="Nordwind")
    page = agenda.page(AMARA)

    assert 404 == foreign.status_code
    assert "Of the agenda: Refund" in words_of(form)
    assert 'value="Nordwind"' in form
    assert "Draft of a decision : Refund in a day" in words_of(page)
    assert "Make a decision of it" not in page


def test_what_was_said_of_an_item_can_be_taken_back_until_it_has_gone_on(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")
    agenda.at(start_of(0) + timedelta(minutes=5))
    early = agenda.become("Refund", outcome="delegated", words="")
    agenda.become("Refund", outcome="delegated", words="To the desk")
    said = agenda.words()
    agenda.press(CHAIR, "take-back", "Refund")

    assert 422 == early.status_code
    assert "To the desk" in said
    assert "Delegated" not in agenda.words()
    agenda.press(CHAIR, "carried", "Refund")
    agenda.at(start_of(0) + timedelta(hours=2)).add(ANNA, "New", week=1)
    agenda.press(CHAIR, "take-back", "Refund", status=409)


def test_an_item_is_moved_to_another_occurrence_without_having_come_back(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")

    moved = agenda.become("Refund", outcome="moved", to=start_of(2).isoformat())
    nowhere = agenda.become("Refund", week=2, outcome="moved", to="2026-12-11T09:00:00+00:00")

    assert (303, 422) == (moved.status_code, nowhere.status_code)
    assert [] == agenda.titles()
    assert ["Refund"] == agenda.titles(f"{AGENDA}?on=2026-12-10")
    assert "Came back" not in agenda.words(path=f"{AGENDA}?on=2026-12-10")


def test_an_item_of_an_occurrence_that_is_called_off_goes_on_and_has_not_come_back(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")
    scene = agenda.pages.scene
    with scene.database.writing() as session:
        session.execute(update(Occurrence).values(cancelled=True))

    assert ["Refund"] == agenda.titles(f"{AGENDA}?on=2026-12-03")
    agenda.add(ANNA, "New", week=1)

    assert ["Refund", "New"] == agenda.titles(f"{AGENDA}?on=2026-12-03")
    assert "Came back" not in agenda.words(path=f"{AGENDA}?on=2026-12-03")


def test_it_opens_with_the_promises_due_and_the_reviews_that_are(agenda: Agenda) -> None:
    scene = agenda.pages.scene
    _decision(scene, number=1, review_on=date(2026, 11, 26))
    _decision(scene, number=2, review_on=date(2026, 11, 27))
    _decision(scene, number=3, review_on=date(2026, 11, 1), is_reviewed=True)
    _promise(scene, "Call Nordwind", date(2026, 11, 26))
    _promise(scene, "Mend the form", date(2026, 11, 20))
    _promise(scene, "Not yet", date(2026, 11, 27))

    page = agenda.page(AMARA)

    words = words_of(page)
    assert words.index("Promises due") < words.index("Decisions to review") < words.index("Items")
    due = words[words.index("Promises due") : words.index("Items")]
    assert "Mend the form – Amara Okafor, 20 Nov 2026 Late" in due
    assert "Call Nordwind" in due
    assert "Not yet" not in due
    assert ["D-2026-001"] == re.findall(r"D-2026-\d+", due)


def test_the_agenda_as_text_has_all_of_it(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund", purpose="decide", minutes="20", customer="Nordwind", papers="Figures")

    text = agenda.browser(ANNA).get(f"{AGENDA}.txt").text

    assert text == (
        "Group Steering Meeting: agenda\n"
        "Thursday 26 November 2026, 10:00–11:00 (Berlin)\n\n"
        "Items\n1. Refund [decide, 20 min] – Finance\n   Customer: Nordwind\n   Paper: Figures\n\n"
        "20 of 60 minutes are planned.\n"
    )


def test_what_was_done_to_the_agenda_is_in_the_ledger_in_words(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")
    agenda.at(start_of(0) + timedelta(minutes=5)).press(SCRIBE, "treated", "Refund")

    words = agenda.words(path=f"/m/{SLUG}/ledger")

    assert "“Refund” was put on the agenda on 26 Nov 2026" in words
    assert "“Refund” is treated on 26 Nov 2026" in words


MINUTES = f"/m/{SLUG}/minutes/2026-11-26"


def test_there_are_no_minutes_before_the_start_nor_of_a_day_without_a_meeting(agenda: Agenda) -> None:
    assert 404 == agenda.browser(AMARA).get(MINUTES).status_code
    assert 404 == agenda.browser(AMARA).get(f"{MINUTES}.pdf").status_code
    for day in ("2026-11-24", "yesterday", "9999-12-31", "0001-01-01"):
        assert 404 == agenda.browser(AMARA).get(f"/m/{SLUG}/minutes/{day}").status_code
    for day in ("9999-12-31", "0001-01-01"):
        assert 404 == agenda.browser(AMARA).get(f"{AGENDA}?on={day}").status_code
        assert 404 == agenda.browser(AMARA).get(f"/m/{SLUG}/room?on={day}").status_code


def test_while_it_runs_the_minutes_say_of_no_item_that_it_was_carried_over(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")
    agenda.at(start_of(0) + timedelta(minutes=10))

    text = agenda.words(CHAIR, MINUTES)

    assert "Refund" in text
    assert "Carried over" not in text


def test_the_minutes_are_a_draft_until_approved_and_again_when_something_changed(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund")
    attend(agenda.pages.scene, 0, {"Finance": -3, "Operations": 4})
    agenda.at(start_of(0) + timedelta(minutes=30))
    early = agenda.send(CHAIR, MINUTES)
    agenda.press(SCRIBE, "treated", "Refund")
    _decision(agenda.pages.scene, number=1, at_week=0)
    agenda.at(start_of(0) + timedelta(hours=2))
    draft = agenda.words(AMARA, MINUTES)
    by_scribe = agenda.send(SCRIBE, MINUTES)
    agenda.send(CHAIR, MINUTES)
    approved = agenda.words(AMARA, MINUTES)
    agenda.at(start_of(0) + timedelta(hours=3))
    _decision(agenda.pages.scene, number=2, at_week=0)
    changed = agenda.words(AMARA, MINUTES)
    agenda.send(CHAIR, MINUTES)

    assert (409, 404) == (early.status_code, by_scribe.status_code)
    assert "DRAFT The chair has not approved these minutes yet." in draft
    assert "Finance Amara Okafor Early" in draft
    assert "Operations Anna Meier Late by 4 min" in draft
    assert "1 Refund Discuss Treated" in draft
    assert "D-2026-001" in draft
    assert "DRAFT" not in approved
    assert "Approved by Helena Marsh on 26 November 2026, 12:00:00 CET." in approved
    assert "DRAFT Changed on 26 November 2026, 13:00:00 CET, since they were approved by Helena Marsh" in changed
    assert "DRAFT" not in agenda.words(AMARA, MINUTES)
    with agenda.pages.scene.database.reading() as session:
        assert 1 == len(list(session.scalars(select(MinutesApproval))))


def test_the_pdf_says_what_the_page_says_and_draft_on_every_page(agenda: Agenda) -> None:
    agenda.add(AMARA, "Item 0 for Ελένη and Дмитрий", customer="Nordwind")
    _many(agenda.pages.scene, 40)
    attend(agenda.pages.scene, 0, {"Finance": -3, "Operations": 4})
    agenda.at(start_of(0) + timedelta(hours=2))
    _decision(agenda.pages.scene, number=1, at_week=0)

    first = agenda.browser(ANNA).get(f"{MINUTES}.pdf")
    second = agenda.browser(CHAIR).get(f"{MINUTES}.pdf")
    agenda.send(CHAIR, MINUTES)
    approved = PdfReader(BytesIO(agenda.browser(ANNA).get(f"{MINUTES}.pdf").data))

    found = PdfReader(BytesIO(first.data))
    pages = [one.extract_text() for one in found.pages]
    assert "application/pdf" == first.mimetype
    assert first.data == second.data, "the same for everybody, whenever it is asked for"
    assert len(pages) > 1
    assert all("DRAFT" in one for one in pages)
    assert [f"Page {n} of {len(pages)}" in one for n, one in enumerate(pages, start=1)] == [True] * len(pages)
    assert found.metadata is not None
    assert "Group Steering Meeting: minutes of Thursday 26 November 2026" == found.metadata.title
    assert "Meeting governance" == found.metadata.author
    text = " ".join(" ".join(pages).split())
    for part in ("All times are Berlin time.", "Operations Anna Meier Late by 4 min", "Item 39 for Ελένη and Дмитрий",
                 "Carried over", "D-2026-001 Refund within a day", "Owner: Amara Okafor, by 10 Dec 2026"):  # fmt: skip
        assert part in text
    assert not any("DRAFT" in one.extract_text() for one in approved.pages)


def test_the_pages_ask_the_database_as_often_for_forty_items_as_for_one(agenda: Agenda) -> None:
    agenda.add(AMARA, "Refund", purpose="decide")
    agenda.at(start_of(0) + timedelta(minutes=10))
    paths = (AGENDA, f"{AGENDA}.txt", f"{AGENDA}/become?item={agenda.item('Refund')}", MINUTES, f"{MINUTES}.pdf")
    few = [_number_of_questions(agenda, path) for path in paths]
    _many(agenda.pages.scene, 40)
    _promise(agenda.pages.scene, "Call Nordwind", date(2026, 11, 26))
    many = [_number_of_questions(agenda, path) for path in paths]

    assert few == many
    assert max(many) <= 2 + 6


def _number_of_questions(agenda: Agenda, path: str) -> int:
    browser = agenda.browser(SCRIBE)
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    engine = agenda.pages.scene.database.engine
    event.listen(engine, "before_cursor_execute", note)
    assert 200 == browser.get(path).status_code
    event.remove(engine, "before_cursor_execute", note)
    return len(sent)


def _many(scene: Scene, number: int) -> None:
    """So many more items like the one that is there."""
    with scene.database.writing() as session:
        place = session.scalars(select(AgendaPlace)).one()
        first = session.scalars(select(AgendaItem)).one()
        for rank in range(1, number):
            item = AgendaItem(
                meeting_id=first.meeting_id, seat_id=first.seat_id, title=f"Item {rank} for Ελένη and Дмитрий",
                purpose="discuss", papers="", customer="", at=scene.now,
            )  # fmt: skip
            session.add(item)
            session.flush()
            session.add(AgendaPlace(item_id=item.id, occurrence_id=place.occurrence_id, rank=rank + 1))


def _places(scene: Scene) -> list[str | None]:
    with scene.database.reading() as session:
        return list(session.scalars(select(AgendaPlace.outcome).order_by(AgendaPlace.id)))


def _decision(
    scene: Scene, *, number: int = 0, item_title: str = "", review_on: date | None = None, at_week: int | None = None,
    is_reviewed: bool = False,
) -> None:  # fmt: skip
    """Closed with its number, or a draft without one."""
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        item = session.scalars(select(AgendaItem).where(AgendaItem.title == item_title)).first()
        occurrence = None
        if at_week is not None:
            occurrence = session.scalars(select(Occurrence).where(Occurrence.start == start_of(at_week))).one()
        row = Decision(
            meeting_id=meeting.id, title="Refund within a day", text="Refunds are paid within a day.", by="test",
            at=scene.now, item_id=item.id if item else None, occurrence_id=occurrence.id if occurrence else None,
            review_on=review_on, owner_person_id=_amara(session), due_on=date(2026, 12, 10),
        )  # fmt: skip
        session.add(row)
        session.flush()
        if number:
            row.number, row.number_year, row.number_seq = f"D-2026-{number:03d}", 2026, number
            row.state, row.closed_at = "closed", scene.now
            session.flush()
        if is_reviewed:
            session.add(DecisionMark(decision_id=row.id, kind="reviewed", by="test", at=scene.now))


def _promise(scene: Scene, text: str, due_on: date) -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        session.add(
            Action(
                meeting_id=meeting.id, owner_person_id=_amara(session), text=text, due_on=due_on, first_due_on=due_on,
                by="test", at=scene.now,
            )
        )  # fmt: skip


def _amara(session: Session) -> UUID:
    return people.person_named(session, AMARA).id
