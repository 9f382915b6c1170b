"""Thirteen weeks of Customer Decisions, told week by week, and the first hour of Product Council.

Customer Decisions is approved and in order: people came and went, somebody was always added who did not belong, and
for the next occurrence Sales has declined and a deputy sits. Product Council was adopted an hour ago, and its first
plan waits for the chair.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.models.application import Application
from governance.seed import attended, cast, charters
from governance.seed.cast import COUNCIL, DECISIONS, DOMAIN, ZONE, Character, Department
from governance.seed.stage import PAGE, Scene, Stage, next_weekday
from governance.seed.told import Weeks
from governance.services import applications, guests, occurrences
from governance.services.settings import RoleKind

WEEKS = 13
"""How many occurrences of Customer Decisions lie behind."""

FINANCE, LEGAL, SECURITY, OPERATIONS, SALES, CARE, PRODUCT, PEOPLE = DECISIONS


def tell(stage: Stage, now: datetime) -> tuple[Scene, Scene]:
    """Everything up to `now`, in an empty database and an empty sandbox."""
    stage.control.seed(users=cast.users(), groups=cast.groups())
    decisions, council = scenes(now)
    _begin(stage, decisions)
    weeks = Weeks(stage, decisions)
    for number in range(WEEKS):
        stage.at(decisions.start(number) - timedelta(days=2) + timedelta(minutes=75))
        if number >= _QUIET:
            _CHAPTERS[number - _QUIET](stage, decisions, number)
            stage.cycle(decisions.slug)
        weeks.prepare(number)
        attended.attend(stage, decisions, number)
        weeks.meet(number)
    stage.at(now - timedelta(days=3))
    _two_wait(stage, decisions)
    stage.at(now - timedelta(hours=20))
    _before_the_next(stage, decisions)
    weeks.prepare(WEEKS, is_last_approved=False)
    weeks.open_the_next(stage.now)
    stage.at(now - timedelta(hours=1))
    _begin_council(stage, council)
    stage.at(now)
    stage.cycle(decisions.slug)
    stage.cycle(council.slug)
    stage.archive_mails(now - _RECENT)
    return decisions, council


def scenes(now: datetime) -> tuple[Scene, Scene]:
    """Both meetings; neither takes place within a day, when nobody would be removed any more."""
    decisions = next_weekday(now, days_ahead=3, at=time(9))
    council = next_weekday(now, days_ahead=4, at=time(13, 30))
    first = _weeks_before(decisions, WEEKS)
    return (
        Scene("customer-decisions", cast.CHAIR.address, "customerdecisions", first, _HOUR, away=(cast.EMRE,)),
        Scene("product-council", cast.SCRIBE.address, "productcouncil", _weeks_before(council, 3), _HOUR * 1.5),
    )


def _begin(stage: Stage, scene: Scene) -> None:
    """Adopted, seated, chartered; the first plan approved."""
    stage.at(scene.start(0) - timedelta(days=3))
    delegates = [one.delegate.address for one in DECISIONS if one.delegate]
    strangers = [cast.KATJA.address, cast.ANTON.address, cast.NOOR.address, f"{cast.PRODUCT_TEAM}@{DOMAIN}"]
    stage.series(
        scene,
        "Customer Decisions",
        [*delegates, *strangers],
        description="Room: Fjord, 4th floor. Coffee from a quarter to nine.",
        location="Fjord, 4th floor",
    )
    for one in DECISIONS:
        if one.delegate is not None and one is not OPERATIONS:
            stage.answer(scene, scene.event_id, one.delegate, "accepted")
    stage.adopt(scene, cap=10)
    stage.roles(scene.slug, RoleKind.SCRIBE, cast.SCRIBE)
    stage.roles(scene.slug, RoleKind.LEADERSHIP, cast.LEADER)
    stage.charter(scene.slug, charters.customer_decisions_at_first())
    stage.roster(scene.slug, DECISIONS, until=scene.day(WEEKS + 30))
    stage.cycle(scene.slug)
    stage.approve(scene.slug)
    stage.cycle(scene.slug)


def _first_stranger(stage: Stage, scene: Scene, number: int) -> None:
    stage.control.forward(scene.calendar, scene.event_id, cast.EMRE.address, cast.WALTER.address)


def _care_declines(stage: Stage, scene: Scene, number: int) -> None:
    stage.answer(scene, scene.instance(number), cast.NADIA, "declined")
    stage.answer(scene, scene.instance(number), cast.EMRE, "tentative")


def _sponsors_confirm(stage: Stage, scene: Scene, number: int) -> None:
    for department in (FINANCE, LEGAL, PRODUCT):
        if department.delegate is not None:
            stage.mandate(scene.slug, department, department.delegate, until=scene.day(WEEKS + 20), is_confirmed=True)


def _holiday(stage: Stage, scene: Scene, number: int) -> None:
    attended.call_off(stage, scene, number)
    stage.control.cancel_instance(scene.calendar, scene.instance(number))


def _visitor(stage: Stage, scene: Scene, number: int) -> None:
    with stage.meeting(scene.slug) as (session, meeting):
        guests.admit_visitor(
            session,
            meeting,
            occurrences.occurrence_on(session, meeting, scene.day(number), now=stage.now),
            stage.person(session, cast.CHIARA),
            reason="Brings the customer survey",
            actor=stage.actor(session, cast.CHAIR),
            now=stage.now,
            source=PAGE,
        )


def _new_delegate(stage: Stage, scene: Scene, number: int) -> None:
    """Operations sends somebody else, and the occurrence of that week is an hour later."""
    stage.hand_over(scene.slug, OPERATIONS, cast.PIOTR, why="Eero leads the new depot in Tampere")
    stage.mandate(scene.slug, OPERATIONS, cast.PIOTR, until=scene.day(WEEKS + 30), is_confirmed=True)
    start = scene.start(number) + _HOUR
    stage.control.move_instance(
        scene.calendar, scene.instance(number), start.isoformat(), (start + scene.length).isoformat()
    )


def _vacancy(stage: Stage, scene: Scene, number: int) -> None:
    stage.answer(scene, scene.event_id, cast.PIOTR, "accepted")
    stage.vacate(scene.slug, PEOPLE, why="Siobhán has left the company")


def _second_person(stage: Stage, scene: Scene, number: int) -> None:
    """A colleague is brought along; the charter gets its numbers."""
    stage.control.forward(scene.calendar, scene.event_id, cast.AMARA.address, cast.ISMAEL.address)
    stage.charter(scene.slug, charters.customer_decisions(scene.day(WEEKS) - timedelta(days=3)))


def _ends_in_sight(stage: Stage, scene: Scene, number: int) -> None:
    """Two mandates that end soon, and one that will be over by the next occurrence."""
    stage.mandate(scene.slug, SALES, cast.EMRE, until=scene.day(WEEKS) + timedelta(days=9))
    stage.mandate(scene.slug, SALES, cast.CLAIRE, until=scene.day(WEEKS) + timedelta(days=40))
    stage.mandate(scene.slug, SECURITY, cast.CAGLA, until=scene.day(WEEKS) - timedelta(days=5))
    with stage.meeting(scene.slug) as (session, meeting):
        guests.admit_standing_guest(
            session,
            meeting,
            stage.person(session, cast.PRIYA),
            last_day=scene.day(WEEKS + 5),
            reason="Leads the merger with Fjordfisk and is asked every week",
            actor=stage.actor(session, cast.CHAIR),
            now=stage.now,
            source=PAGE,
        )


_CHAPTERS: tuple[Callable[[Stage, Scene, int], None], ...] = (
    _first_stranger,
    _care_declines,
    _sponsors_confirm,
    _holiday,
    _visitor,
    _new_delegate,
    _vacancy,
    _second_person,
    _ends_in_sight,
)
"""One a week, after the quiet ones."""

_QUIET = WEEKS - len(_CHAPTERS)
"""Weeks at first in which nobody touched the invitation."""


def _two_wait(stage: Stage, scene: Scene) -> None:
    """Two would like the vacant seat: the one who asked second has the word of its sponsor."""
    _asks(stage, scene, cast.NOOR, PEOPLE)
    stage.at(stage.now + timedelta(days=1))
    asked = _asks(stage, scene, cast.CHIARA, PEOPLE)
    stage.at(stage.now + timedelta(hours=3))
    with stage.meeting(scene.slug) as (session, meeting):
        applications.endorse(
            session,
            meeting,
            stage.seat(session, meeting, PEOPLE),
            session.get_one(Application, asked),
            stage.person(session, PEOPLE.sponsor),
            actor=stage.actor(session, PEOPLE.sponsor),
            now=stage.now,
            source="link",
        )


def _asks(stage: Stage, scene: Scene, who: Character, department: Department) -> UUID:
    with stage.meeting(scene.slug) as (session, meeting):
        return applications.apply_for(
            session,
            meeting,
            stage.seat(session, meeting, department),
            stage.person(session, who),
            actor=stage.actor(session, who),
            now=stage.now,
            source="link",
        ).id


def _before_the_next(stage: Stage, scene: Scene) -> None:
    stage.answer(scene, scene.event_id, cast.PRIYA, "accepted")
    stage.answer(scene, scene.instance(WEEKS), cast.EMRE, "declined")
    stage.cycle(scene.slug)
    stage.answer(scene, scene.instance(WEEKS), cast.CLAIRE, "accepted")
    stage.answer(scene, scene.instance(WEEKS), cast.ZOFIA, "tentative")


def _begin_council(stage: Stage, scene: Scene) -> None:
    """Everything that happens to an invitation nobody looks after."""
    stage.series(
        scene,
        "Product Council",
        [*_council_guests(), f"{cast.PRODUCT_TEAM}@{DOMAIN}"],
        description="Agenda in the shared folder. Please add your topics until the evening before.",
        guestsCanInviteOthers=True,
    )
    for who in (cast.DIEGO, cast.ROSA, cast.NOOR):
        stage.answer(scene, scene.event_id, who, "accepted")
    stage.adopt(scene, cap=8)
    stage.roles(scene.slug, RoleKind.SCRIBE, cast.SCRIBE)
    stage.charter(scene.slug, charters.product_council(stage.now.date()))
    sales = next(one for one in COUNCIL if one.delegate is cast.FREYA)
    listed = [replace(one, scope="") if one is sales else one for one in COUNCIL]
    stage.roster(scene.slug, listed, until=scene.day(30))
    today = scene.day(3)
    stage.mandate(scene.slug, sales, cast.FREYA, since=today - timedelta(days=100), until=today - timedelta(days=9))


def _council_guests() -> list[dict[str, Any]]:
    """Finance's delegate is missing; half of the guests have no seat."""
    seated = [one.delegate for one in COUNCIL if one.delegate is not None and one.delegate is not cast.ISMAEL]
    strangers = [cast.ZOFIA, cast.NOOR, cast.LARS, cast.HELENA, cast.KATJA, cast.WALTER]
    entries = [_guest(who) for who in (*seated, *strangers)]
    for entry in entries:
        if entry["email"] == cast.CAGLA.address:
            entry["optional"] = True
        if entry["email"] == cast.LUKA.address:
            entry["additionalGuests"] = 2
    return entries


def _guest(who: Character) -> dict[str, Any]:
    return {"email": who.address, "displayName": who.name, "responseStatus": "needsAction"}


def _weeks_before(start: datetime, weeks: int) -> datetime:
    return (start.replace(tzinfo=None) - timedelta(weeks=weeks)).replace(tzinfo=ZoneInfo(ZONE))


_HOUR = timedelta(hours=1)
_RECENT = timedelta(minutes=1)
"""Mails of the story's last minute are still to be sent: the visitor sees them arrive in the folder."""
