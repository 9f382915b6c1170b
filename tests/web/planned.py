"""A Thursday with an agenda, told through the services: what seats brought, what came back, what is due."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.domain.access import Actor, Held, Who
from governance.domain.agenda import Outcome, Purpose
from governance.models import Action, Decision, Meeting, Occurrence
from governance.services import people, seats
from governance.services.agenda import acting
from governance.services.agenda.acting import Fate, Wording
from governance.services.agenda.doing import Doing, begin
from governance.store.meetings import meeting_by_slug
from tests.web.attended import a_quarter, attend, start_of
from tests.web.scenes import CAST, SLUG, Scene, in_order

LATE = timedelta(minutes=25)


def planned(scene: Scene) -> None:
    """Three days before: promises and a review are due, one item comes back for the third time."""
    in_order(scene)
    a_quarter(scene)
    now = scene.now
    refund = bring(scene, "Finance", Wording("Refund within a day", Purpose.DECIDE, 20, _PAPERS, "Nordwind"), week=-3)
    for week in range(-3, 0):
        scene.now = start_of(week) + LATE
        settle(scene, refund, Fate(Outcome.CARRIED), week=week)
    scene.now = now
    bring(
        scene,
        "Operations",
        Wording("Night shift from January on", Purpose.DISCUSS, 15, "", "All with support at night"),
    )
    bring(scene, "Research", Wording("What the trial has shown", Purpose.INFORM, 10))
    bring(scene, "", Wording("Which customers we visit", Purpose.DECIDE))
    _due(scene)


def held(scene: Scene) -> None:
    """The same, twenty-five minutes after the start."""
    planned(scene)
    attend(scene, 0, {"Finance": -6, "Legal": -2, "IT Security": 0, "Operations": 5, "Research": 8})
    scene.now = start_of(0) + LATE
    scene.heartbeat()
    with scene.database.writing() as session:
        doing = doing_of(scene, session, week=0)
        trial = next(one.item.id for one in doing.lines if one.item.title.startswith("What the trial"))
        acting.settle(doing, trial, Fate(Outcome.TREATED))


def over(scene: Scene) -> None:
    """The same, two hours later, with a decision that was closed."""
    held(scene)
    with scene.database.writing() as session:
        doing = doing_of(scene, session, week=0)
        people_of = {name: people.person_named(session, address).id for name, _, address in CAST}
        shift = next(one.item.id for one in doing.lines if one.item.title.startswith("Night shift"))
        day = date(2026, 12, 17)
        acting.settle(doing, shift, Fate(Outcome.ASSIGNED, person=people_of["Operations"], day=day))
        _closed(session, doing.meeting, doing.occurrence, people_of["Finance"], scene)
    scene.now = start_of(0) + timedelta(hours=2)
    scene.heartbeat()


def bring(scene: Scene, department: str, wording: Wording, *, week: int = 0) -> UUID:
    """For that seat; without one, the chair's own."""
    with scene.database.writing() as session:
        meeting = met(session)
        who = Actor(None, frozenset({Held(Who.CHAIR, meeting.id)}))
        if department:
            address = next(one for name, _, one in CAST if name == department)
            seat = seats.seat_of(session, meeting, department)
            person = people.person_named(session, address)
            who = Actor(person.id, frozenset({Held(Who.DELEGATE, meeting.id, seat.id)}))
        scene_now, scene.now = scene.now, start_of(week) - timedelta(days=3)
        found = acting.add(doing_of(scene, session, week=week, who=who), wording)
        scene.now = scene_now
        return found


def settle(scene: Scene, item: UUID, fate: Fate, *, week: int) -> None:
    with scene.database.writing() as session:
        acting.settle(doing_of(scene, session, week=week), item, fate)


def doing_of(scene: Scene, session: Session, *, week: int = 0, who: Actor | None = None) -> Doing:
    """An act on that week's agenda, by the chair where nobody else is named."""
    chair = Actor(None, frozenset({Held(Who.CHAIR, met(session).id)}))
    key = start_of(week).isoformat()
    return begin(session, met(session), key, actor="test", who=who or chair, source="web", now=scene.now)


def met(session: Session) -> Meeting:
    meeting = meeting_by_slug(session, SLUG)
    assert meeting is not None
    return meeting


_PAPERS = "Figures of the last quarter https://example.com/figures\nThe letter of Nordwind"


def _due(scene: Scene) -> None:
    with scene.database.writing() as session:
        meeting = met(session)
        for text, address, day in (
            ("Call Nordwind back with a day", "anna.meier@example.com", date(2026, 11, 19)),
            ("Send the new form to all branches", "henrik.sorensen@example.com", date(2026, 11, 26)),
        ):
            owner = people.person_named(session, address).id
            session.add(
                Action(
                    meeting_id=meeting.id, owner_person_id=owner, text=text, due_on=day, first_due_on=day, by="test",
                    at=scene.now,
                )
            )  # fmt: skip
        reviewed = people.person_named(session, "amara.okafor@example.com").id
        before = session.scalars(select(Occurrence).where(Occurrence.start == start_of(-1))).one()
        _closed(session, meeting, before, reviewed, scene, seq=11, review_on=date(2026, 11, 20))


def _closed(
    session: Session, meeting: Meeting, occurrence: Occurrence, owner: UUID, scene: Scene, *, seq: int = 12,
    review_on: date | None = None,
) -> None:  # fmt: skip
    row = Decision(
        meeting_id=meeting.id, occurrence_id=occurrence.id, owner_person_id=owner, due_on=date(2026, 12, 10), by="test",
        title="Complaints get a name" if seq == 11 else "Refund within a day", at=scene.now, review_on=review_on,
        text="Whoever complains is called back by one person, who stays with it until it is settled."
        if seq == 11
        else "From 1 January refunds of up to 500 euros are paid within a day, without asking back.",
        customer_effect="They know whom to ask." if seq == 11 else "They have their money the next day.",
    )  # fmt: skip
    session.add(row)
    session.flush()
    row.number, row.number_year, row.number_seq = f"D-2026-{seq:03d}", 2026, seq
    row.state, row.closed_at = "closed", scene.now
