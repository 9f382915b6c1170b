"""Who came to Customer Decisions in the past weeks, when, and what they answered to the question of the week.

Most check in by themselves, the scribe marks the rest. Sales is late as often as the charter allows, Product missed one
week and made up for it, and whoever was late did not keep every answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from governance.domain.attendance import MarkKind
from governance.seed import cast
from governance.seed.cast import Character
from governance.seed.stage import PAGE, Scene, Stage
from governance.services.attendance import asking, making_up, marking
from governance.services.attendance.doing import Doing, begin
from governance.store.questions import turn_of

Came = float | MarkKind
"""Minutes after the start, or what the scribe marked when the grace was over."""

HOLIDAY, MOVED = 7, 9
"""The week that was called off, and the one that was an hour later."""

_USUAL: Mapping[str, Came] = {
    "Finance": -6,
    "Legal": -3,
    "IT Security": -1,
    "Operations": 0,
    "Sales": -2,
    "Customer Care": -4,
    "Product": -1.5,
    "Human Resources": -5,
}

_WEEKS: Mapping[int, Mapping[str, Came]] = {
    3: {"Sales": 4, "IT Security": 0},
    4: {"Operations": MarkKind.APOLOGY},
    5: {"Product": 2.5},
    6: {"Sales": 7, "Legal": MarkKind.APOLOGY},
    8: {"Human Resources": MarkKind.APOLOGY, "Finance": -10},
    9: {"Operations": -8},
    10: {"Sales": 11},
    11: {"Product": MarkKind.ABSENT},
    12: {"Customer Care": 3},
}

_ANSWERS: Mapping[int, tuple[Character, str]] = {
    3: (cast.EMRE, "The tram. I have counted: it is late on exactly the days when I am."),
    5: (cast.ZOFIA, "I used to think that a good release has no surprises. Now I plan for two."),
    10: (cast.EMRE, "The warehouse night shift in Tampere. Nobody ever thanks them, so this week I did."),
}
"""Kept because their owners wanted it."""

_CHECK_IN = {
    "Finance": cast.AMARA,
    "Legal": cast.HENRIK,
    "IT Security": cast.MEI,
    "Sales": cast.EMRE,
    "Product": cast.ZOFIA,
}
"""Those who tap by themselves; the others are marked by the scribe."""


def attend(stage: Stage, scene: Scene, number: int) -> None:
    """One occurrence, in the order in which people came; whoever is late has answered by the end."""
    if number == HOLIDAY:
        return
    start = scene.start(number) + (timedelta(hours=1) if number == MOVED else timedelta(0))
    came = {**_USUAL, **_WEEKS.get(number, {})}
    stage.at(start + timedelta(minutes=55))
    with stage.meeting(scene.slug) as (session, meeting):
        scribe = stage.actor(session, cast.SCRIBE)
        doing = begin(session, meeting, scene.start(number).isoformat(), actor=scribe, source=PAGE, now=start)
        seats = {one.department: one for one in doing.seats() if one.expected}
        order = sorted((one for one in came if one in seats), key=lambda one: _minutes(came[one]))
        for department in order:
            then = replace(doing, now=start + timedelta(minutes=_minutes(came[department])))
            _mark(stage, then, department, came[department], seats[department].id)
        _answer(stage, replace(doing, now=start + timedelta(minutes=50)), number)
        if number == 11:
            _make_up(stage, replace(doing, now=start + timedelta(days=2)), seats["Product"].id)


def call_off(stage: Stage, scene: Scene, number: int) -> None:
    """Said in the room as well as in the calendar, so that the week stands where people look for it."""
    with stage.meeting(scene.slug) as (session, meeting):
        chair = stage.actor(session, cast.CHAIR)
        doing = begin(session, meeting, scene.start(number).isoformat(), actor=chair, source=PAGE, now=stage.now)
        marking.call_off(doing, took_place=False)


def _mark(stage: Stage, doing: Doing, department: str, came: Came, seat_id: UUID) -> None:
    who = _CHECK_IN.get(department)
    if isinstance(came, MarkKind) or who is None:
        kind = came if isinstance(came, MarkKind) else MarkKind.ARRIVED
        marking.mark(doing, seat_id, kind)
    else:
        person = stage.person(doing.session, who)
        marking.check_in(replace(doing, actor=f"person:{person.id}"), person.id)


def _answer(stage: Stage, doing: Doing, number: int) -> None:
    owner, text = _ANSWERS.get(number, (None, ""))
    for line in asking.open_turns_of(doing):
        asking.settle(doing, line.id, asking.ANSWERED)
    if owner is None:
        return
    person = stage.person(doing.session, owner)
    turn = turn_of(doing.session, doing.occurrence.id, person.id)
    if turn is not None:
        actor = f"person:{person.id}"
        asking.keep_answer(doing.session, doing.meeting, turn, text, actor=actor, now=doing.now)


def _make_up(stage: Stage, doing: Doing, seat_id: UUID) -> None:
    person = stage.person(doing.session, cast.ZOFIA)
    making_up.make_up(
        replace(doing, actor=f"person:{person.id}"),
        seat_id,
        person.id,
        has_read=True,
        commitments="Product ships the delivery window with the next release, and shows it to the depot first.",
        outcome=asking.ANSWERED,
    )


def _minutes(came: Came) -> float:
    return 20 if isinstance(came, MarkKind) else came
