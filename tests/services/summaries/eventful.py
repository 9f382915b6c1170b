"""A Thursday after which there is something to say in every section, told through the services."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from governance.models import Occurrence, StandIn, Turn
from governance.services import acting_chairs, deputies, occurrences, people, seats, settings
from governance.services.attendance import asking
from governance.services.attendance.doing import begin
from governance.services.settings import RoleKind
from tests.services.summaries.weeks import meeting
from tests.web import planned
from tests.web.attended import start_of
from tests.web.scenes import CAST, SLUG, Scene

ADDRESS = {department: address for department, _, address in CAST}
STAND_IN, DEPUTY = "stand.in@example.com", "deputy@example.com"
NEXT_STAND_IN, NEWCOMER, LEADER = "next@example.com", "new@example.com", "leader@example.com"
STAND_INS = {STAND_IN: "Stella Stand", NEXT_STAND_IN: "Nils Next"}
TODAY, NEXT = date(2026, 11, 26), date(2026, 12, 3)


def eventful(scene: Scene) -> None:
    """Henrik of Legal chairs as well while the chair is away; somebody sits for Customer Support."""
    planned.over(scene)
    scene.deputy("Research", "A deputy", DEPUTY)
    _asked(scene)
    _stood_in(scene)
    with scene.database.writing() as session:
        found = meeting(session)
        said = {"actor": "test", "now": scene.now}
        henrik, leader = (people.person_named(session, one) for one in (ADDRESS["Legal"], LEADER))
        acting_chairs.name_acting_chair(
            session, found, henrik, first_day=TODAY, last_day=TODAY + timedelta(days=9), **said
        )  # fmt: skip
        settings.set_role(session, found, RoleKind.LEADERSHIP, [leader], **said)
        research = seats.seat_of(session, found, "Research")
        seats.hand_over(session, found, research, people.person_named(session, NEWCOMER, "Noor New"), **said)
        seats.open_seat(session, found, "Sales", **said)
        seats.close_seat(session, found, seats.seat_of(session, found, "IT Security"), **said)
    scene.calendar.change(f"event-{SLUG}", description="")
    scene.answers(**{"amara": "declined"})
    scene.cycle()


def _stood_in(scene: Scene) -> None:
    """Somebody sat for Customer Support, and somebody will for People & Culture."""
    with scene.database.writing() as session:
        found = meeting(session)
        then = session.scalars(select(Occurrence).where(Occurrence.start == start_of(0))).one()
        later = occurrences.occurrence_on(session, found, NEXT, now=scene.now)
        sat, sits = (people.person_named(session, one, name) for one, name in STAND_INS.items())
        support, culture = (seats.seat_of(session, found, one) for one in ("Customer Support", "People & Culture"))
        session.add(
            StandIn(
                seat_id=support.id, occurrence_id=then.id, person_id=sat.id, by="test", cause="named", at=scene.now
            )
        )  # fmt: skip
        deputies.stand_in(session, found, culture, later, sits, actor="test", now=scene.now)


def _asked(scene: Scene) -> None:
    """Operations and Research were late; one of them passed, and Finance takes the question on and answers it."""
    with scene.database.writing() as session:
        doing = begin(
            session, meeting(session), start_of(0).isoformat(), actor="test", source="web", now=start_of(0)
        )  # fmt: skip
        asking.volunteer(doing, people.person_named(session, ADDRESS["Finance"]).id)
        session.flush()
        for turn in session.scalars(select(Turn).where(Turn.occurrence_id == doing.occurrence.id)):
            if turn.person_id == people.person_named(session, ADDRESS["Operations"]).id:
                asking.settle(doing, turn.id, "passed")
            if turn.person_id == people.person_named(session, ADDRESS["Finance"]).id:
                asking.settle(doing, turn.id, "answered")
