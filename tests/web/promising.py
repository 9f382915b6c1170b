"""Promises of the seats of a scene, made and changed through the product's own services."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Actor, Held, Who
from governance.models import Action, Meeting
from governance.services.promises import acting
from governance.services.promises.reading import owners
from governance.store.meetings import meeting_by_slug
from governance.store.promises import action_of
from tests.web.scenes import SLUG, Scene

Change = Callable[[acting.Doing, Action], object]


def promise(scene: Scene, department: str, text: str, *, made: int, due: int) -> UUID:
    """By the delegate of the department; `made` and `due` in days from now."""
    now = scene.now + timedelta(days=made)
    with scene.database.writing() as session:
        doing = _doing(session, now)
        owner = next(one for one in owners(session, doing.meeting, scene.now) if one.department == department)
        action = acting.make(doing, text, owner.id, (scene.now + timedelta(days=due)).date(), seat=owner.seat)
        return action.id


def change(scene: Scene, action_id: UUID, act: Change, *, on: int = 0) -> None:
    with scene.database.writing() as session:
        doing = _doing(session, scene.now + timedelta(days=on))
        action = action_of(session, doing.meeting.id, action_id)
        assert action is not None
        act(doing, action)


def promised(scene: Scene) -> None:
    """One of everything: late, slipped with its reason and a question, to come, kept, dropped."""
    scene.change_meeting(first_plan_approved=True)
    finance, legal = "Finance", "Legal"
    promise(scene, legal, "Send the new terms to the three largest customers", made=-20, due=-9)
    slipped = promise(scene, finance, "Pay out refunds up to EUR 500 on the same day", made=-20, due=-2)
    until = (scene.now + timedelta(days=5)).date()
    change(scene, slipped, lambda doing, one: acting.slip(doing, one, until, "The bank needs a week"), on=-3)
    change(scene, slipped, _asked)
    promise(scene, finance, "Credit limit of Fjordfisk", made=-2, due=14)
    kept = promise(scene, finance, "Name a contact for complaints", made=-30, due=-12)
    change(scene, kept, lambda doing, one: acting.done(doing, one, "On the intranet since Monday"), on=-14)
    gone = promise(scene, legal, "Compare four insurers", made=-30, due=-10)
    change(scene, gone, lambda doing, one: acting.drop(doing, one, "The group has one"), on=-11)


def _asked(doing: acting.Doing, action: Action) -> None:
    acting.ask(doing, action.id, "Does that hold for customers abroad?", seat=None, person=None)


def _doing(session: Session, now: datetime) -> acting.Doing:
    meeting = meeting_by_slug(session, SLUG)
    assert isinstance(meeting, Meeting)
    chair = Actor(held=frozenset({Held(Who.CHAIR, meeting.id)}))
    return acting.begin(session, meeting, actor="test", by="Helena Marsh", who=chair, source="test", now=now)
