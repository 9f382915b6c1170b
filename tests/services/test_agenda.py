"""An agenda on both databases, where a week is moved in the calendar, and when two write at once."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.access import Actor, Held, Who
from governance.domain.agenda import Outcome, Purpose
from governance.models import AgendaPlace, Decision, Meeting, Occurrence
from governance.services import people, seats
from governance.services.agenda import acting
from governance.services.agenda.acting import Fate, Wording
from governance.services.agenda.doing import Doing, begin
from governance.services.agenda.reading import agenda_page
from governance.services.agenda.refusals import ChangedSince
from governance.services.minutes.approving import approve
from governance.services.minutes.reading import minutes_of
from governance.store.meetings import meeting_by_slug
from governance.store.standing import rehang
from tests.web.attended import attend, start_of
from tests.web.scenes import SLUG, Scene

HOUR = timedelta(hours=1)


@pytest.fixture
def scene(database: Database) -> Scene:
    scene = Scene(database)
    scene.adopt()
    scene.roster()
    scene.cycle()
    return scene


def test_a_week_is_planned_held_carried_and_put_into_minutes(scene: Scene) -> None:
    first, second = add(scene, "Refund", week=0), add(scene, "Night shift", week=0)
    attend(scene, 0, {"Finance": -3, "Operations": 4})
    scene.now = start_of(0) + HOUR / 2
    with scene.database.writing() as session:
        acting.shift(doing(scene, session), second, up=True)
        acting.settle(doing(scene, session), first, Fate(Outcome.DELEGATED, "To the desk"))
    scene.now = start_of(0) + 2 * HOUR
    with scene.database.writing() as session:
        approve(session, met(session), date(2026, 11, 26), by="Helena", actor="test", source="web", now=scene.now)

    with scene.database.reading() as session:
        last = agenda_page(session, met(session), scene.now, day=date(2026, 11, 26))
        following = agenda_page(session, met(session), scene.now)
        minutes = minutes_of(session, met(session), date(2026, 11, 26), scene.now)

    assert ["Night shift", "Refund"] == [one.item.title for one in last.lines]
    assert [Outcome.CARRIED, Outcome.DELEGATED] == [one.became.outcome for one in last.lines if one.became]
    assert [("Night shift", 1)] == [(one.item.title, one.returns) for one in following.lines]
    assert minutes is not None
    assert not minutes.is_draft
    assert 2 == sum(one.attendance.is_present for one in minutes.seats)


def test_an_agenda_goes_along_when_the_start_of_its_series_moves(scene: Scene) -> None:
    add(scene, "Refund", week=1)
    with scene.database.writing() as session:
        occurrence = session.scalars(select(Occurrence)).one()
        session.add(
            Decision(
                meeting_id=met(session).id, occurrence_id=occurrence.id, title="Refund", by="test", at=scene.now
            )
        )  # fmt: skip
    series = scene.calendar.events[f"event-{SLUG}"]
    assert series.start is not None
    assert series.end is not None

    scene.calendar.change(series.id, start=series.start + HOUR, end=series.end + HOUR)
    scene.cycle()

    with scene.database.reading() as session:
        page = agenda_page(session, met(session), scene.now, day=date(2026, 12, 3))
    assert (start_of(1) + HOUR, ["Refund"]) == (page.start, [one.item.title for one in page.lines])
    assert not page.lines[0].returns


def test_where_the_new_occurrence_has_an_agenda_already_both_are_on_it(scene: Scene) -> None:
    """The row of the old occurrence goes, and what hung on it hangs on the other one, decisions under way too."""
    old, new = add(scene, "Refund", week=1), add(scene, "Night shift", week=2)
    with scene.database.writing() as session:
        rows = {one.start: one for one in session.scalars(select(Occurrence))}
        session.add(
            Decision(
                meeting_id=met(session).id, occurrence_id=rows[start_of(1)].id, title="Refund", by="test", at=scene.now
            )
        )  # fmt: skip
        session.flush()
        rehang(session, rows[start_of(1)], rows[start_of(2)])

    with scene.database.reading() as session:
        places = list(session.scalars(select(AgendaPlace)))
        decision = session.scalars(select(Decision)).one()
        there = session.scalars(select(Occurrence).where(Occurrence.start == start_of(2))).one()
    assert {old, new} == {one.item_id for one in places}
    assert {there.id} == {one.occurrence_id for one in places} | {decision.occurrence_id}


def test_of_two_who_save_one_item_at_once_the_second_sees_it_changed(scene: Scene) -> None:
    item = add(scene, "Refund", week=0)
    together = threading.Barrier(2)
    outcomes: list[str] = []

    def save(title: str) -> None:
        together.wait(10)
        try:
            with scene.database.writing() as session:
                acting.change(doing(scene, session), item, Wording(title, Purpose.DECIDE), version=1)
            outcomes.append("saved")
        except ChangedSince:
            outcomes.append("changed since")

    both = [threading.Thread(target=save, args=(title,)) for title in ("One", "Two")]
    for one in both:
        one.start()
    for one in both:
        one.join(30)

    assert ["changed since", "saved"] == sorted(outcomes)


def test_a_stand_in_brings_an_item_for_the_seat_and_its_delegate_goes_on_with_it(scene: Scene) -> None:
    scene.deputy("Finance", "Jonas Weber", "jonas.weber@example.com")
    with scene.database.writing() as session:
        seat = seats.seat_of(session, met(session), "Finance")
        jonas = people.person_named(session, "jonas.weber@example.com")
        amara = people.person_named(session, "amara.okafor@example.com")
        stand_in = Actor(jonas.id, frozenset({Held(Who.STAND_IN, met(session).id, seat.id)}))
        delegate = Actor(amara.id, frozenset({Held(Who.DELEGATE, met(session).id, seat.id)}))
        item = acting.add(doing(scene, session, who=stand_in), Wording("Refund", Purpose.INFORM))
        session.flush()
        acting.withdraw(doing(scene, session, who=delegate), item)

    with scene.database.reading() as session:
        assert () == agenda_page(session, met(session), scene.now).lines


def add(scene: Scene, title: str, *, week: int) -> UUID:
    with scene.database.writing() as session:
        return acting.add(doing(scene, session, week=week), Wording(title, Purpose.DISCUSS))


def doing(scene: Scene, session: Session, *, week: int = 0, who: Actor | None = None) -> Doing:
    chair = Actor(None, frozenset({Held(Who.CHAIR, met(session).id)}))
    key = start_of(week).isoformat()
    return begin(session, met(session), key, actor="test", who=who or chair, source="web", now=scene.now)


def met(session: Session) -> Meeting:
    meeting = meeting_by_slug(session, SLUG)
    assert meeting is not None
    return meeting
