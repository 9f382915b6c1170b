"""A decision that three seats have made in the room, two of them there; with what it costs it is beyond a mandate."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from governance.domain.access import Actor
from governance.domain.attendance import MarkKind
from governance.domain.decisions.values import Stance
from governance.models import Decision, DecisionOption
from governance.services import people, seats, sponsors
from governance.services.decisions import deciding, drafting, options, rounds, voicing
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.voicing import Voice
from governance.store.meetings import meeting_by_slug
from tests.web.attended import attend, start_of
from tests.web.once import once
from tests.web.scenes import CAST, SLUG, Scene

SEATS = (CAST[0], CAST[2], CAST[1])
AMARA, HENRIK, ANNA = (address for _, _, address in SEATS)
SPONSOR = "fay.farah@example.com"
TITLE = "Credit the freight of late deliveries"
MINUTES = 20


@once
def in_the_room(scene: Scene) -> None:
    """Finance and Legal are there, Operations has apologised."""
    scene.adopt()
    scene.roster(SEATS)
    scene.cycle()
    scene.change_meeting(first_plan_approved=True)
    name_sponsor(scene)
    attend(scene, 0, {"Finance": 0, "Legal": 0, "Operations": MarkKind.APOLOGY})
    scene.now = start_of(0) + timedelta(minutes=MINUTES)
    scene.heartbeat()


@once
def decided(scene: Scene) -> None:
    in_the_room(scene)
    decide(scene, None)


@once
def decided_beyond(scene: Scene) -> None:
    """Finance would pay twice what its mandate covers."""
    in_the_room(scene)
    decide(scene, 10_000_000)


def name_sponsor(scene: Scene) -> None:
    """Of Finance."""
    with scene.database.writing() as session:
        meeting, fay = meeting_by_slug(session, SLUG), people.person_named(session, SPONSOR, "Fay Farah")
        assert meeting is not None
        finance = seats.department_named(session, "Finance")
        sponsors.name_sponsor(session, meeting, finance, fay, actor="test", now=scene.now)


def the_decision(scene: Scene) -> UUID:
    with scene.database.reading() as session:
        return session.scalars(select(Decision.id)).one()


def decide(scene: Scene, money: int | None) -> None:
    """At the occurrence that runs, with Finance and Legal in the room."""
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        finance = seats.seat_of(session, meeting, "Finance")
        row = drafting.begin_draft(
            session, meeting, drafting.Wording(title=TITLE), actor="test", source="test", now=scene.now,
            seat_id=finance.id,
        )  # fmt: skip
        row.money_minor, row.payer_seat_id = money, finance.id if money else None
        ref = str(row.id)
    with _acting(scene, ref) as doing:
        _options(doing)
        rounds.open_positions(doing)
    with _acting(scene, ref) as doing:
        for department, _, _ in SEATS[:2]:
            voicing.enter(doing, _seat(doing, department), Voice(stance=Stance.FAVOUR), round_=1)
        voicing.note_silence(doing, _seat(doing, "Operations"), round_=1)
        deciding.decide(doing)


@contextmanager
def _acting(scene: Scene, ref: str) -> Iterator[Doing]:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        yield begin(session, meeting, ref, actor="test", who=Actor(), source="test", now=scene.now)


def _seat(doing: Doing, department: str) -> UUID:
    return seats.seat_of(doing.session, doing.meeting, department).id


def _options(doing: Doing) -> None:
    for text, effect in (("Credit the freight", "Nobody has to ask"), ("Credit half of it", "Some will ask")):
        options.add_option(doing, options.OptionWording(text=text, customer_effect=effect), seat_id=None)
    nothing = doing.session.scalars(select(DecisionOption).where(DecisionOption.rank == 0)).one()
    options.change_option(
        doing, nothing.id, options.OptionWording(text=nothing.text, cost="Two customers a month"), nothing.version
    )
