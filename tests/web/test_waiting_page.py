"""The waiting lists on a page: who waits and why in that order, for each reader what is theirs, and every act."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.models import Application, DelegateNote, Offer
from governance.services import applications, offers, people, seats, sponsors
from governance.services.ledger import record
from governance.store.applications import open_application_of
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from jobs.reminders import Reminders
from tests.jobs.test_reminders import reminders
from tests.support.posted import posted
from tests.web.acting import AtTheForms, everything, fields_of, words_of
from tests.web.conftest import Pages
from tests.web.scenes import CHAIR, SLUG, Scene

PAGE = f"/m/{SLUG}/waiting"
NORA, OLE, VERA = "nora.nyberg@example.com", "ole.olsen@example.com", "vera.head@example.com"
AMARA = "amara.okafor@example.com"
HOSTILE = "Ring me</p><script>alert(1)</script>{{7*7}}"


@pytest.fixture
def pages(lively_pages: Pages) -> Pages:
    """Marketing is vacant; Nora asked for it two days before Ole, and Vera is its sponsor."""
    waits(lively_pages.scene)
    return lively_pages


def waits(scene: Scene, department: str = "Marketing") -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, department)
        vera = people.person_named(session, VERA, "Vera Head")
        sponsors.name_sponsor(
            session, meeting, department_of(session, seat), vera, actor="test", now=scene.now - timedelta(days=5)
        )
        for days, address, name in ((4, NORA, "Nora Nyberg"), (2, OLE, "Ole Olsen")):
            person = people.person_named(session, address, name)
            applications.apply_for(
                session, meeting, seat, person, actor="test", now=scene.now - timedelta(days=days)
            )  # fmt: skip


def seat_id(pages: Pages, department: str) -> str:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return str(seats.seat_of(session, meeting, department).id)


def application_of(pages: Pages, address: str) -> str:
    with pages.scene.database.reading() as session:
        person = people.known_person(session, address)
        return str(session.scalars(select(Application.id).where(Application.person_id == person.id)).one())


def page_of(browser: FlaskClient) -> str:
    answer = browser.get(PAGE)
    assert answer.status_code == 200, answer.text
    return words_of(answer.text)


def act(browser: FlaskClient, pages: Pages, code: str, department: str = "Marketing", **given: str) -> TestResponse:
    """The page that asks, and its one button; `who` is the address of somebody who waits."""
    query = {"seat": seat_id(pages, department)}
    if "who" in given:
        query["application"] = application_of(pages, given.pop("who"))
    asked = browser.get(f"{PAGE}/{code}", query_string=query)
    if asked.status_code != 200:
        return asked
    return browser.post(f"{PAGE}/{code}", data=fields_of(asked.text) | given)


def offer(pages: Pages) -> None:
    """To Nora, for a week."""
    scene = pages.scene
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Marketing")
        asked = open_application_of(session, seat.id, people.known_person(session, NORA).id)
        assert asked is not None
        last_day = scene.now.date() + timedelta(days=7)
        offers.offer_seat(session, meeting, seat, asked, last_day=last_day, why=None, actor="test", now=scene.now)


def test_looking_changes_nothing_and_the_chair_sees_order_reason_and_what_comes_next(pages: Pages) -> None:
    chair = pages.signed_in(CHAIR)
    before = everything(pages)

    words = page_of(chair)

    assert "whom the sponsor supports comes first; otherwise whoever asked first." in words
    assert words.index("1. Nora Nyberg") < words.index("2. Ole Olsen")
    assert "Place 1: not supported by the sponsor; first to ask among those." in words
    assert "The seat is vacant now." in words
    assert "Offer it to Nora Nyberg, who is first, or with a reason to somebody else." in words
    assert everything(pages) == before


def test_a_held_seat_says_from_when_it_may_be_expected(pages: Pages) -> None:
    waits(pages.scene, "Legal")
    waits(pages.scene, "Finance")

    words = page_of(pages.signed_in(CHAIR))

    assert "Expected from 25 Nov 2026 on, unless the delegate’s mandate is renewed: it ends the day before." in words
    assert "It cannot be offered while its delegate has no last day." in words


def test_each_reader_sees_what_is_theirs(pages: Pages) -> None:
    """The sponsor the list of their department, an applicant their own place, a delegate how many wait."""
    waits(pages.scene, "Legal")

    sponsor, delegate, applicant = (page_of(pages.signed_in(one)) for one in (VERA, AMARA, OLE))

    assert "1. Nora Nyberg" in sponsor
    assert "Nora Nyberg" not in delegate
    assert "2 people wait" in delegate
    assert "Nora Nyberg" not in applicant
    assert "You are number 2 of 2." in applicant
    assert "Amara Okafor" not in applicant
    assert "people wait" not in applicant


def test_the_sponsor_s_word_changes_the_order_and_can_be_given_by_nobody_else(pages: Pages) -> None:
    refused = [act(pages.signed_in(who), pages, "support", who=OLE).status_code for who in (CHAIR, AMARA, OLE)]

    done = act(pages.signed_in(VERA), pages, "support", who=OLE)

    assert refused == [404, 404, 404]
    assert done.status_code == 303
    words = page_of(pages.signed_in(CHAIR))
    assert words.index("1. Ole Olsen") < words.index("2. Nora Nyberg")
    assert "supported by Vera Head since 23 Nov 2026" in words
    assert act(pages.signed_in(VERA), pages, "support", who=OLE).status_code == 404


def test_an_offer_shows_first_what_would_follow_and_does_nothing_to_the_roster(pages: Pages) -> None:
    chair = AtTheForms(pages.signed_in(CHAIR))
    before = everything(pages)

    looked = chair.look("offer", "Marketing", application=application_of(pages, NORA))

    words = words_of(looked.text)
    assert "Nora Nyberg is offered the seat of Marketing and can answer until 30 Nov 2026" in words
    assert "When they accept; the offer itself changes nothing there" in words
    assert "Nora Nyberg has no mandate" in words, words
    assert everything(pages) == before
    assert chair.confirm("offer", looked).location == PAGE
    page = page_of(chair.browser)
    assert "Nora Nyberg is offered the seat of Marketing until 30 Nov 2026." in page
    assert "Offered to Nora Nyberg until 30 Nov 2026; they would sit from 23 Nov 2026 on." in page
    assert "Wait for the answer, or withdraw the offer." in page
    assert [one.address for one in posted(pages.scene.database, "offer")] == [NORA]


def test_out_of_turn_a_reason_is_asked_for_and_nothing_typed_is_lost(pages: Pages) -> None:
    chair = AtTheForms(pages.signed_in(CHAIR))

    looked = chair.look("offer", "Marketing", application=application_of(pages, OLE), answer_until="2026-12-04")

    assert looked.status_code == 422
    assert "Say why it goes to somebody else than the first of the waiting list" in words_of(looked.text)
    assert fields_of(looked.text)["answer_until"] == "2026-12-04"
    assert chair.act("offer", "Marketing", application=application_of(pages, OLE), why=HOSTILE).status_code == 303
    page = chair.browser.get(PAGE).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;{{7*7}}" in page
    assert "Offered out of turn" in page


def test_the_offered_person_accepts_on_the_page_and_the_chair_sees_it(pages: Pages) -> None:
    offer(pages)
    nora = pages.signed_in(NORA)
    assert "The seat is offered to you. Answer until 30 Nov 2026" in page_of(nora)
    assert "Say whether you take the seat of Marketing." in words_of(nora.get("/").text)

    done = act(nora, pages, "accept")

    assert done.status_code == 303
    assert "Nora Nyberg" in words_of(pages.signed_in(CHAIR).get(f"/m/{SLUG}/roster").text)
    assert "Nora Nyberg accepted the offer on 23 Nov 2026." in page_of(pages.signed_in(CHAIR))
    assert "1. Ole Olsen" in page_of(pages.signed_in(CHAIR))


def test_a_seat_that_a_full_room_does_not_let_somebody_take_says_so_and_keeps_the_offer(pages: Pages) -> None:
    offer(pages)
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seats.set_cap(session, meeting, 7, actor="test", now=pages.scene.now)

    refused = act(pages.signed_in(NORA), pages, "accept")

    assert refused.status_code == 409
    assert "Nothing was done." in words_of(refused.text)
    with pages.scene.database.reading() as session:
        assert session.scalars(select(Offer.answer)).one() is None


@pytest.mark.parametrize(
    ("who", "code", "given", "kinds"),
    [
        (NORA, "refuse", {}, ["offer-over"]),
        (NORA, "leave", {}, ["offer-over"]),
        (CHAIR, "withdraw", {"why": "The department is split"}, ["offer-over"]),
        (CHAIR, "decline", {"who": NORA, "why": "Not this year"}, ["application-declined"]),
    ],
    ids=["declines", "leaves", "withdrawn", "declined"],
)
def test_an_offer_that_is_over_is_told_kindly_and_cannot_be_accepted(
    pages: Pages, who: str, code: str, given: dict[str, str], kinds: list[str]
) -> None:
    offer(pages)

    done = act(pages.signed_in(who), pages, code, **given)

    assert done.status_code == 303
    told = posted(pages.scene.database, "offer-over", "application-declined")
    assert sorted({one.kind for one in told}) == kinds
    assert "Wait for the answer" not in page_of(pages.signed_in(CHAIR))
    assert act(pages.signed_in(NORA), pages, "accept").status_code in (401, 404)


def test_the_time_of_an_offer_passes_and_the_chair_is_called_to_the_next(pages: Pages) -> None:
    offer(pages)
    pages.scene.pass_time(days=8)
    worker: Reminders = reminders(pages.scene)

    worker.look()
    worker.look()

    ended = posted(pages.scene.database, "offer-over")
    assert sorted((one.address, one.facts["how"]) for one in ended) == [
        (CHAIR, "ended"), (NORA, "ended"), ("tom.field@example.com", "ended"),
    ]  # fmt: skip
    chair = pages.signed_in(CHAIR)
    assert "Offer the seat of Marketing again, or to the next." in words_of(chair.get("/").text)
    assert "The offer to Nora Nyberg ended on 30 Nov 2026 without an answer." in page_of(chair)


def test_whoever_knows_of_the_meeting_can_ask_for_a_seat_and_a_delegate_cannot(pages: Pages) -> None:
    assert act(pages.signed_in(AMARA), pages, "ask").status_code == 404

    done = act(pages.signed_in(VERA), pages, "ask")

    assert done.status_code == 303
    assert "You are number 3 of 3." in page_of(pages.signed_in(VERA))


def test_what_the_service_did_meanwhile_pushes_no_own_act_out_of_sight(pages: Pages) -> None:
    vera = pages.signed_in(VERA)
    act(vera, pages, "ask")
    shown = page_of(vera)
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        for number in range(31):
            record(
                session, at=pages.scene.now, actor="worker", source="worker", act="plan-applied",
                subject=f"plan:{number}", meeting_id=meeting.id,
            )  # fmt: skip

    assert "Done " in shown
    assert page_of(vera) == shown


def test_a_note_is_read_by_its_delegate_alone_and_marked_as_read(pages: Pages) -> None:
    done = act(pages.signed_in(OLE), pages, "note", "Finance", text=HOSTILE)
    assert done.status_code == 303
    readers = {who: "Ring me" in page_of(pages.signed_in(who)) for who in (AMARA, CHAIR)}
    amara = pages.signed_in(AMARA)
    page = amara.get(PAGE).text

    note = re.search(r'name="note" value="([^"]+)"', page)
    assert note is not None
    token = re.search(r'name="csrf" value="([^"]+)"', page)
    assert token is not None
    foreign = pages.signed_in(CHAIR)
    stolen = foreign.post(f"{PAGE}/read", data={"note": note[1], "csrf": _token(foreign)})
    read = amara.post(f"{PAGE}/read", data={"note": note[1], "csrf": token[1]})

    assert readers == {AMARA: True, CHAIR: False}
    assert (stolen.status_code, read.status_code) == (404, 303)
    assert "<script>alert" not in page
    assert "Read on 23 Nov 2026" in page_of(amara)


def test_a_note_to_the_delegate_before_is_not_for_whoever_follows(pages: Pages) -> None:
    act(pages.signed_in(OLE), pages, "note", "Finance", text="Between the two of us")
    pages.scene.pass_time(days=1)
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        new = people.person_named(session, "new.one@example.com", "New One")
        seat = seats.seat_of(session, meeting, "Finance")
        seats.hand_over(session, meeting, seat, new, actor="test", now=pages.scene.now)

    words = page_of(pages.signed_in("new.one@example.com"))

    assert "Between the two of us" not in words
    with pages.scene.database.reading() as session:
        assert session.scalars(select(DelegateNote.read_at)).one() is None


def test_an_empty_meeting_says_how_to_go_on(scene: Scene, pages_at: Callable[[str], Pages]) -> None:
    scene.adopt()
    pages = pages_at("http://localhost:8080")

    assert "There is no seat yet to wait for." in page_of(pages.signed_in(CHAIR))


def test_the_page_asks_as_much_for_one_who_waits_as_for_forty(
    pages: Pages, statements_of: Callable[[Pages, FlaskClient, str], list[str]]
) -> None:
    offer(pages)
    delegate, chair = pages.signed_in(AMARA), pages.signed_in(CHAIR)
    act(pages.signed_in(OLE), pages, "note", "Finance", text="Hello")
    few = {who: len(statements_of(pages, who, PAGE)) for who in (delegate, chair)}
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        for number in range(40):
            person = people.person_named(session, f"one.{number}@example.com", f"One {number}")
            seat = seats.seat_of(session, meeting, ("Marketing", "Legal")[number % 2])
            session.add(Application(seat_id=seat.id, person_id=person.id, at=pages.scene.now))
            finance = seats.seat_of(session, meeting, "Finance")
            session.add(DelegateNote(seat_id=finance.id, person_id=person.id, text="Hello", at=pages.scene.now))

    many = {who: len(statements_of(pages, who, PAGE)) for who in (delegate, chair)}

    assert many == few
    assert max(many.values()) <= 8


@pytest.fixture
def statements_of() -> Callable[[Pages, FlaskClient, str], list[str]]:
    from sqlalchemy import event

    def asked(pages: Pages, browser: FlaskClient, path: str) -> list[str]:
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                sent.append(statement)

        event.listen(pages.scene.database.engine, "before_cursor_execute", note)
        try:
            assert browser.get(path).status_code == 200
        finally:
            event.remove(pages.scene.database.engine, "before_cursor_execute", note)
        return sent

    return asked


def _token(browser: FlaskClient) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(PAGE).text)
    assert found is not None
    return found[1]
