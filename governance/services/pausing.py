"""Whether a meeting rests, and what waits meanwhile: the same plan as always, made as if nothing rested.

Nothing is done here; `settings.pause` and `settings.resume` do it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models import Meeting, Pause
from governance.reconcile.drift import Situation
from governance.reconcile.judging import Site, judge
from governance.reconcile.plan import Plan, make_plan
from governance.services.meeting_page import Fate, Remark
from governance.services.meeting_page.planned import planned
from governance.services.recording import today_of
from governance.store import meetings as store
from governance.store.meeting_page import names_of


@dataclass(frozen=True, slots=True)
class RestPage:
    """`own` is the meeting's pause, unless that is over, and `of_all` the one for every meeting, where it holds today;
    `waits` is what would be written now without either, `for_you` what would be held all the same.

    `unwritable_because` is why nothing would be written with or without a pause: then nothing `waits`.
    """

    id: UUID
    slug: str
    name: str
    time_zone: str
    today: date
    own: Pause | None
    of_all: Pause | None
    waits: tuple[Remark, ...]
    for_you: int
    is_frozen: bool
    is_released: bool
    unwritable_because: str | None


def rest_page(session: Session, meeting: Meeting, *, site: Site, now: datetime) -> RestPage:
    judged = judge(session, meeting.id, site=site, now=now)
    cause = judged.standing.read_only_because
    awake = replace(judged.standing, paused_because=cause)
    plan = make_plan(judged.slug, judged.situation, judged.drift, awake)
    shown = remarks_of(session, judged.situation, plan)
    today = today_of(meeting, now)
    own, of_all = store.pauses_that_touch(session, meeting.id)
    own = [one for one in own if not _is_over(one, today)]
    of_all = [one for one in of_all if _has_begun(one, today) and not _is_over(one, today)]
    return RestPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        today=today,
        own=own[-1] if own else None,
        of_all=of_all[-1] if of_all else None,
        waits=tuple(one for one in shown if one.fate is Fate.UNDER_WAY),
        for_you=sum(1 for one in shown if one.fate is Fate.WAITS_FOR_YOU),
        is_frozen=judged.drift.frozen is not None,
        is_released=meeting.released_at is not None,
        unwritable_because=cause,
    )


def remarks_of(session: Session, situation: Situation, plan: Plan | None) -> tuple[Remark, ...]:
    """The changes of a plan that was only considered, as pages show them."""
    if plan is None:
        return ()
    roster = situation.roster
    targets = {one.change.target for one in plan.changes if "@" in one.change.target}
    ours = {address: str(roster.people[owner]) for address, owner in roster.address_owner.items()}
    shown = {
        "changes": [one.to_json() for one in plan.changes],
        "held_keys": [list(key) for key in plan.keys_for_approval],
    }
    names = _as_guests(situation) | names_of(session, targets) | ours
    return tuple(remark for _, remark in planned(shown, names))


def _as_guests(situation: Situation) -> dict[str, str]:
    """What people call themselves on the invitation, for those whom we do not know."""
    events = [event for one in situation.pictures for event in (one.series, *one.exceptions) if event is not None]
    return {guest.address: guest.name for event in events for guest in event.guests if guest.address and guest.name}


def _has_begun(pause: Pause, today: date) -> bool:
    return pause.first_day is None or pause.first_day <= today


def _is_over(pause: Pause, today: date) -> bool:
    return pause.last_day is not None and pause.last_day < today
