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
    """`own` is the meeting's pause and `of_all` the one for every meeting; `waits` is what would be written now
    without either, `for_you` what would be held all the same.
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

    @property
    def rests(self) -> bool:
        return any(_holds_on(one, self.today) for one in (self.own, self.of_all))


def rest_page(session: Session, meeting: Meeting, *, site: Site, now: datetime) -> RestPage:
    judged = judge(session, meeting.id, site=site, now=now)
    awake = replace(judged.standing, paused_because=None)
    plan = make_plan(judged.slug, judged.situation, judged.drift, awake)
    shown = remarks_of(session, judged.situation, plan)
    own, of_all = store.pauses(session, meeting.id), store.pauses(session, None)
    return RestPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        today=today_of(meeting, now),
        own=own[-1] if own else None,
        of_all=of_all[-1] if of_all else None,
        waits=tuple(one for one in shown if one.fate is Fate.UNDER_WAY),
        for_you=sum(1 for one in shown if one.fate is Fate.WAITS_FOR_YOU),
        is_frozen=judged.drift.frozen is not None,
        is_released=meeting.released_at is not None,
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


def _holds_on(pause: Pause | None, day: date) -> bool:
    if pause is None:
        return False
    return (pause.first_day is None or pause.first_day <= day) and (pause.last_day is None or day <= pause.last_day)
