"""A person's own page: everything that is recorded about them, and nothing about anybody else."""

from __future__ import annotations

from sqlalchemy import select

from governance.database import Database
from governance.models import Address, Application, DelegateNote, Outbox, Person
from governance.services import sponsors
from governance.services.seats import department_named, seat_of
from governance.store.meetings import meeting_by_slug
from tests.web.acting import AtTheForms, words_of
from tests.web.conftest import Pages, config_for
from tests.web.scenes import ADMIN, CHAIR, SLUG, Scene, lively
from web import create_app

AMARA = "amara.okafor@example.com"


def test_whoever_is_on_no_roster_reads_that_nothing_is_recorded(lively_pages: Pages) -> None:
    words = words_of(lively_pages.signed_in(ADMIN).get("/me").text)

    assert "Nothing: you are on no roster" in words


def test_everybody_finds_what_is_theirs_and_nothing_of_anybody_else(lively_pages: Pages) -> None:
    words = words_of(lively_pages.signed_in(AMARA).get("/me").text)

    assert "amara.okafor@example.com the one written to" in words
    assert "Seats you hold or held Finance, Group Steering Meeting from 23 Nov 2026, without an end" in words
    assert "Mandates Finance, Group Steering Meeting from 23 Nov 2026 until 11 Jun 2027" in words
    assert "confirmed by the sponsor · up to EUR 250,000 · Everything within" in words
    assert "A browser, last seen" in words
    assert "Jonas" not in words
    assert "Anna" not in words


def test_every_kind_of_record_is_shown_on_either_database(database: Database) -> None:
    scene = Scene(database)
    lively(scene)
    pages = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)
    chair = AtTheForms(pages.signed_in(CHAIR))
    chair.act("acting-chair", email=AMARA, last_day="2026-12-24")
    chair.act("stand-in", "Marketing", email="jonas.weber@example.com", day="2026-11-26")
    _more(scene)

    amara, jonas, greta = (
        words_of(pages.signed_in(who).get("/me").text)
        for who in (AMARA, "jonas.weber@example.com", "greta.lindqvist@example.com")
    )

    assert "Chair Group Steering Meeting from 23 Nov 2026 until 24 Dec 2026" in amara
    assert "Departments you sponsor or sponsored Finance" in amara
    assert (
        "Notes you left for a delegate Legal, Group Steering Meeting on 23 Nov 2026 Please ask for more time" in amara
    )
    assert "You have a seat (waiting)" in amara
    assert "Deputy Finance" in jonas
    assert "Days on which you stand in or stood in Marketing, Group Steering Meeting on 26 Nov 2026" in jonas
    assert "Visits Group Steering Meeting on 26 Nov 2026 presents the audit of the third quarter" in greta
    assert "Seats you asked for Legal" in greta


def test_it_costs_the_same_few_statements_for_everybody(lively_pages: Pages) -> None:
    from tests.web.test_reading import _counting

    chair, amara = lively_pages.signed_in(CHAIR), lively_pages.signed_in(AMARA)

    with _counting(lively_pages.scene.database) as of_chair:
        chair.get("/me")
    with _counting(lively_pages.scene.database) as of_amara:
        amara.get("/me")

    assert len(of_chair) == len(of_amara) <= 2 + 4


def _more(scene: Scene) -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        owners = {row.folded: row.person_id for row in session.execute(select(Address.folded, Address.person_id))}
        amara = owners[AMARA]
        finance, legal = department_named(session, "Finance"), seat_of(session, meeting, "Legal")
        sponsors.name_sponsor(
            session, meeting, finance, session.get_one(Person, amara), actor="test", now=scene.now
        )  # fmt: skip
        session.add(DelegateNote(seat_id=legal.id, person_id=amara, text="Please ask for more time", at=scene.now))
        greta = owners["greta.lindqvist@example.com"]
        session.add(Application(seat_id=legal.id, person_id=greta, at=scene.now))
        session.add(
            Outbox(
                key="a mail", kind="seat", meeting_id=meeting.id, about="seat", address=AMARA, person_id=amara,
                facts_json={}, queued_at=scene.now, due_at=scene.now,
            )
        )  # fmt: skip
