"""Offers of a seat: to whom, until when, and what an answer does; what is refused changes nothing."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.domain.errors import GovernanceError
from governance.models import Application, Offer, Seat
from governance.services import applications, offers, people, seats, sponsors
from governance.services.offers import OfferRefused, ReasonMissing
from governance.services.seats import SeatRefused
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from tests.support.cast import (
    ANN,
    BOB,
    CHAIR,
    DORA,
    EMIL,
    FAY,
    NOW,
    SLUG,
    TODAY,
    Stage,
    on_stage,
    roster_now,
    who_holds,
)
from tests.support.posted import all_rows, posted

WEEK = TODAY + timedelta(days=7)


def asks(stage: Stage, *who: Any, department: str = "Finance") -> list[Application]:
    """Each a minute after the other."""
    seat = stage.seat(department)
    return [
        applications.apply_for(
            stage.session, stage.meeting, seat, stage.person(one), actor="test", now=NOW + timedelta(minutes=number)
        )
        for number, one in enumerate(who)
    ]


def makes(stage: Stage, application: Application, *, now: datetime = NOW, **more: Any) -> Offer:
    given: dict[str, Any] = {"last_day": WEEK, "why": None, **more}
    seat = stage.session.get_one(Seat, application.seat_id)
    return offers.offer_seat(stage.session, stage.meeting, seat, application, actor="test", now=now, **given)


def the_offer(stage: Stage) -> Offer:
    return stage.session.scalars(select(Offer)).one()


def started(database: Database, *who: Any) -> None:
    """A vacant seat that is offered to the first of those who wait for it."""
    with on_stage(database) as stage:
        stage.meeting.first_plan_approved = True
        stage.session.flush()
        sponsors.name_sponsor(
            stage.session, stage.meeting, department_of(stage.session, stage.seat("Finance")), stage.person(FAY),
            actor="test", now=NOW,
        )  # fmt: skip
        makes(stage, asks(stage, *(who or (ANN, DORA)))[0])


def outcomes(database: Database) -> dict[str, str | None]:
    with database.reading() as session:
        rows = session.scalars(select(Application).order_by(Application.at))
        return {people.store.addresses_of(session, row.person_id)[0].folded: row.outcome for row in rows}


def told(database: Database) -> list[tuple[str, str, str | None]]:
    """Besides the offer itself, in order of kind and address."""
    kinds = ("offer-over", "application-declined", "mandate-requested")
    return sorted((one.kind, one.address, one.facts.get("how")) for one in posted(database, *kinds))


def test_an_offer_is_told_to_the_applicant_with_two_links_until_its_end(sqlite_database: Database) -> None:
    started(sqlite_database)

    [mail] = posted(sqlite_database, "offer")
    assert (mail.address, set(mail.links)) == (ANN.address, {"accept", "decline"})
    assert (mail.facts["department"], mail.facts["last_day"]) == ("Finance", WEEK.isoformat())
    assert who_holds(roster_now(sqlite_database)) == {"Finance": None}


@pytest.mark.parametrize(
    "wrong",
    [
        lambda stage, some: makes(stage, some[1]),
        lambda stage, some: (makes(stage, some[0]), makes(stage, some[0])),
        lambda stage, some: makes(stage, some[0], last_day=TODAY - timedelta(days=1)),
        lambda stage, some: makes(stage, some[0], last_day=TODAY + timedelta(days=61)),
        lambda stage, some: (stage.appoint(BOB, "Finance"), makes(stage, some[0])),
        lambda stage, some: makes(stage, some[0], why="x" * 501),
        lambda stage, some: (
            offers.decline(stage.session, stage.meeting, makes(stage, some[0]), actor="test", now=NOW),
            makes(stage, some[0]),
        ),
    ],
    ids=["out of turn", "a second one", "over already", "too long", "held", "long reason", "who waits no more"],
)
def test_what_is_refused_changes_nothing(sqlite_database: Database, wrong: Any) -> None:
    with on_stage(sqlite_database) as stage:
        asks(stage, ANN, DORA)
    before = all_rows(sqlite_database)

    def tried() -> None:
        with on_stage(sqlite_database) as stage:
            wrong(stage, list(stage.session.scalars(select(Application).order_by(Application.at))))

    with pytest.raises(OfferRefused):
        tried()

    assert all_rows(sqlite_database) == before


def test_with_a_reason_somebody_else_than_the_first_is_offered_the_seat(sqlite_database: Database) -> None:
    with on_stage(sqlite_database) as stage:
        first, second = asks(stage, ANN, DORA)
        with pytest.raises(ReasonMissing):
            makes(stage, second)
        applications.endorse(
            stage.session, stage.meeting, stage.seat("Finance"), second, stage.person(FAY), actor="test", now=NOW
        )

        # Supported by the sponsor she is the first, and he needs the reason.
        with pytest.raises(ReasonMissing):
            makes(stage, first)
        makes(stage, first, why="Is there from the first day on")

    assert [one.address for one in posted(sqlite_database, "offer")] == [ANN.address]


def test_whoever_accepts_sits_and_chair_and_sponsor_hear_of_it(database: Database) -> None:
    started(database)

    with on_stage(database) as stage:
        offers.accept(stage.session, stage.meeting, the_offer(stage), actor="test", now=NOW, source="link")

    assert who_holds(roster_now(database)) == {"Finance": ANN.address}
    assert outcomes(database) == {ANN.address: "seated", DORA.address: None}
    assert told(database) == [
        ("mandate-requested", FAY.address, None),
        ("offer-over", CHAIR.address, "accepted"),
    ]
    assert [one.address for one in posted(database, "seat")] == [ANN.address]


def test_a_seat_offered_from_a_later_day_is_held_from_that_day_on(sqlite_database: Database) -> None:
    leaves = TODAY + timedelta(days=20)
    with on_stage(sqlite_database) as stage:
        stage.appoint(BOB, "Finance", last_day=leaves)
        makes(stage, asks(stage, ANN)[0])
    with on_stage(sqlite_database) as stage:
        offers.accept(stage.session, stage.meeting, the_offer(stage), actor="test", now=NOW)

    roster = roster_now(sqlite_database)
    assert who_holds(roster, leaves) == {"Finance": BOB.address}
    assert who_holds(roster, leaves + timedelta(days=1)) == {"Finance": ANN.address}


@pytest.mark.parametrize("meanwhile", ["the room is full", "sits elsewhere"])
def test_the_laws_of_seats_are_judged_again_when_somebody_accepts(sqlite_database: Database, meanwhile: str) -> None:
    started(sqlite_database)
    with on_stage(sqlite_database) as stage:
        if meanwhile == "sits elsewhere":
            stage.appoint(ANN, "Legal")
        else:
            stage.appoint(BOB)
            seats.set_cap(stage.session, stage.meeting, 1, actor="test", now=NOW)
    before = all_rows(sqlite_database)

    with pytest.raises(SeatRefused), on_stage(sqlite_database) as stage:
        offers.accept(stage.session, stage.meeting, the_offer(stage), actor="test", now=NOW)

    assert all_rows(sqlite_database) == before


def test_whoever_declines_waits_no_more_and_nobody_else_is_asked_by_itself(sqlite_database: Database) -> None:
    started(sqlite_database)

    with on_stage(sqlite_database) as stage:
        offers.decline(stage.session, stage.meeting, the_offer(stage), actor="test", now=NOW)

    assert outcomes(sqlite_database) == {ANN.address: "withdrawn", DORA.address: None}
    assert told(sqlite_database) == [("offer-over", CHAIR.address, "declined")]
    [mail] = posted(sqlite_database, "offer-over")
    assert mail.facts["follows"] == DORA.name


def test_a_withdrawn_offer_is_told_to_the_applicant_who_keeps_the_place(sqlite_database: Database) -> None:
    started(sqlite_database)

    with on_stage(sqlite_database) as stage:
        offers.withdraw_offer(
            stage.session, stage.meeting, the_offer(stage), why="The department is split", actor="test", now=NOW
        )

    assert outcomes(sqlite_database) == {ANN.address: None, DORA.address: None}
    assert told(sqlite_database) == [("offer-over", ANN.address, "withdrawn")]
    with pytest.raises(OfferRefused), on_stage(sqlite_database) as stage:
        offers.accept(stage.session, stage.meeting, the_offer(stage), actor="test", now=NOW)


def test_a_seat_that_somebody_else_got_is_not_to_be_had_any_more(sqlite_database: Database) -> None:
    started(sqlite_database)

    with on_stage(sqlite_database) as stage:
        stage.appoint(EMIL, "Finance")

    assert told(sqlite_database) == [("offer-over", ANN.address, "withdrawn")]


def test_of_a_seat_that_was_given_up_nobody_keeps_a_place(sqlite_database: Database) -> None:
    started(sqlite_database)

    with on_stage(sqlite_database) as stage:
        seats.close_seat(stage.session, stage.meeting, stage.seat("Finance"), actor="test", now=NOW)

    [mail] = posted(sqlite_database, "offer-over")
    assert (mail.address, mail.facts["how"], mail.facts["is_closed"]) == (ANN.address, "withdrawn", True)


@pytest.mark.parametrize(("stays", "goes"), [(ANN, DORA), (DORA, ANN)], ids=["offered to who stays", "to who goes"])
def test_a_seat_stays_offered_to_one_who_waited_for_it_under_two_addresses(
    sqlite_database: Database, stays: Any, goes: Any
) -> None:
    started(sqlite_database)

    with on_stage(sqlite_database) as stage:
        people.add_alias(stage.session, stays.address, goes.address, actor="test", now=NOW)
    with on_stage(sqlite_database) as stage:
        offers.accept(stage.session, stage.meeting, the_offer(stage), actor="test", now=NOW)

    assert who_holds(roster_now(sqlite_database)) == {"Finance": stays.address}
    assert ("offer-over", stays.address, "withdrawn") not in told(sqlite_database)


def test_an_offer_ends_at_its_end_and_not_before_and_once(sqlite_database: Database) -> None:
    started(sqlite_database)

    def end(now: datetime) -> bool:
        with on_stage(sqlite_database) as stage:
            return offers.end_offer(stage.session, stage.meeting, the_offer(stage), now)

    with on_stage(sqlite_database) as stage:
        over = the_offer(stage).ends_at
    assert [end(over - timedelta(seconds=1)), end(over), end(over)] == [False, True, False]
    assert told(sqlite_database) == [
        ("offer-over", ANN.address, "ended"), ("offer-over", CHAIR.address, "ended"),
    ]  # fmt: skip
    assert outcomes(sqlite_database) == {ANN.address: None, DORA.address: None}


def test_an_applicant_who_is_declined_hears_it_once_and_is_offered_nothing(sqlite_database: Database) -> None:
    started(sqlite_database)

    with on_stage(sqlite_database) as stage:
        seat, application = stage.seat("Finance"), stage.session.scalars(select(Application)).first()
        assert application is not None
        applications.decline_application(
            stage.session, stage.meeting, seat, application, why="Not this year", actor="test", now=NOW
        )
        with pytest.raises(GovernanceError):
            applications.decline_application(
                stage.session, stage.meeting, seat, application, why=None, actor="test", now=NOW
            )

    assert told(sqlite_database) == [("application-declined", ANN.address, None)]
    assert outcomes(sqlite_database) == {ANN.address: "declined", DORA.address: None}


def test_of_two_who_answer_one_offer_at_once_one_is_done(database: Database) -> None:
    """A click on *accept* and the end of the offer meet."""
    started(database)
    with on_stage(database) as stage:
        over = the_offer(stage).ends_at
    both = threading.Barrier(2)
    found: list[object] = []

    def answer(now: datetime, what: Any) -> None:
        both.wait(timeout=30)
        try:
            with database.writing() as session:
                offer = session.scalars(select(Offer)).one()
                found.append(what(session, offer, now))
        except GovernanceError as error:
            found.append(type(error))

    def accepts(session: Any, offer: Offer, now: datetime) -> str:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        offers.accept(session, meeting, offer, actor="test", now=now)
        return "accepted"

    def ends(session: Any, offer: Offer, now: datetime) -> str | None:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return "ended" if offers.end_offer(session, meeting, offer, now) else None

    threads = [
        threading.Thread(target=answer, args=(over - timedelta(seconds=1), accepts)),
        threading.Thread(target=answer, args=(over, ends)),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()

    with database.reading() as session:
        answered = session.scalars(select(Offer.answer)).one()
    assert answered in ("accepted", "ended")
    assert [one for one in found if one == answered] == [answered]
    later = TODAY + timedelta(days=9)
    assert (who_holds(roster_now(database), later)["Finance"] is not None) is (answered == "accepted")
