"""A person's own page: everything that is recorded about them, and nothing about anybody else."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.models import (
    Action,
    Address,
    AgendaItem,
    Application,
    Brief,
    BriefRequest,
    CalendarFeed,
    Commitment,
    DelegateNote,
    Outbox,
    Person,
    Position,
    PromiseQuestion,
    SummaryChoice,
)
from governance.services import sponsors
from governance.services.seats import department_named, seat_of
from governance.store.meetings import meeting_by_slug
from tests.support.decided import draft
from tests.web.acting import AtTheForms, words_of
from tests.web.conftest import Pages, config_for
from tests.web.scenes import ADMIN, CAST, CHAIR, SLUG, Scene, lively
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


def test_what_somebody_said_promised_and_chose_is_theirs_to_see(database: Database) -> None:
    scene = Scene(database)
    scene.adopt()
    scene.roster(CAST[:2])
    with database.writing() as session:
        _said(session, scene)
    pages = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)

    amara, anna = (words_of(pages.signed_in(who).get("/me").text) for who in (AMARA, CAST[1][2]))

    here, day = "Finance, Group Steering Meeting on 23 Nov 2026", "Group Steering Meeting on 23 Nov 2026"
    for line in (
        f"What you said of decisions {here} objected · Too dear · By half {here} in favour",
        f"What you said you will do about decisions {here} needs something for it · Two people · Not before May",
        "What you promised Group Steering Meeting until 30 Nov 2026 open · Call the bank",
        f"What you asked about promises {day} When?",
        f"What you brought to an agenda {day} Late deliveries · Fjordfisk",
        f"Changes of a brief that you asked for {day} Leave the numbers out",
        "Addresses of your calendar feed All meetings on 23 Nov 2026 works",
        "When you want your summaries All meetings on 23 Nov 2026 one mail for all meetings · Fri 16:00",
    ):
        assert line in amara
    assert "Call the bank" not in anna
    assert "What you said" not in anna


def _said(session: Session, scene: Scene) -> None:
    meeting = meeting_by_slug(session, SLUG)
    assert meeting is not None
    now, seat = scene.now, seat_of(session, meeting, "Finance")
    amara = session.scalars(select(Address.person_id).where(Address.folded == AMARA)).one()
    said: dict[str, Any] = {"by": "test", "at": now}
    decision = draft(session, meeting, "Credit late deliveries", at=now)
    of_seat = {"decision_id": decision.id, "seat_id": seat.id, "person_id": amara, **said}
    promise = Action(
        meeting_id=meeting.id, owner_person_id=amara, text="Call the bank", due_on=date(2026, 11, 30),
        first_due_on=date(2026, 11, 30), **said,
    )  # fmt: skip
    brief = Brief(
        meeting_id=meeting.id, about="2026-W47", since=now, until=now, shown_at=now, goes_at=now, facts_json={},
        written_json={},
    )  # fmt: skip
    session.add_all([promise, brief])
    session.flush()
    later = {**of_seat, "at": now - timedelta(minutes=1)}
    session.add_all([
        Position(**of_seat, round=1, stance="object", reason="Too dear", interest="By half", source="own"),
        Position(**later, round=1, stance="favour", source="own"),
        Commitment(**of_seat, pledge="needs", words="Two people", reservation="Not before May"),
        PromiseQuestion(action_id=promise.id, person_id=amara, text="When?", at=now),
        AgendaItem(
            meeting_id=meeting.id, person_id=amara, title="Late deliveries", purpose="decide", papers="",
            customer="Fjordfisk", at=now,
        ),
        BriefRequest(brief_id=brief.id, person_id=amara, text="Leave the numbers out", at=now),
        SummaryChoice(person_id=amara, at="Fri 16:00", is_together=True, chosen_at=now),
        CalendarFeed(person_id=amara, made_at=now),
    ])  # fmt: skip
