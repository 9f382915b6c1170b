"""The link of whoever promised something: it is done, or it slips."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from governance.domain.access import Actor
from governance.domain.promises import State
from governance.models.person import Person
from governance.services.link_pages.values import SOURCE, About, Field, FieldKind, LinkRefused, Use, Verb
from governance.services.mailing.desk import Desk
from governance.services.promises import acting
from governance.store import promises as store

_A_WEEK = timedelta(days=7)


def look_settle(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    """Nothing where it is settled, or somebody else's by now."""
    action = store.action_of(desk.session, desk.meeting.id, UUID(thing["promise"]))
    if action is None or action.owner_person_id != person.id or action.state != State.OPEN:
        return None
    evidence = Field(name="evidence", kind=FieldKind.LONG, is_required=True)
    later = max(action.due_on, desk.today) + _A_WEEK
    until = Field(name="until", kind=FieldKind.DAY, value=later.isoformat(), is_required=True)
    slips = Field(name="slips", kind=FieldKind.LONG, is_required=True)
    return About(
        values={"promise": action.text, "ends": action.due_on},
        verbs=(Verb(code="done", fields=(evidence,)), Verb(code="slip", fields=(until, slips))),
    )


def act_settle(use: Use) -> str:
    doing = acting.Doing(
        use.session, use.meeting, use.actor, use.person.name, Actor(use.person.id), SOURCE, use.now
    )  # fmt: skip
    action = store.action_of(use.session, use.meeting.id, UUID(use.thing["promise"]))
    if action is None:
        raise acting.NoPromise
    if use.verb == "done":
        acting.done(doing, action, use.text("evidence"))
        return "Done: everybody with a seat sees what shows it."
    try:
        until = date.fromisoformat(use.text("until"))
    except ValueError:
        raise LinkRefused("Enter the new day", "without one nobody knows when to expect it") from None
    acting.slip(doing, action, until, use.text("slips"))
    return "Moved to the new day, with your reason. What was promised first still counts."
