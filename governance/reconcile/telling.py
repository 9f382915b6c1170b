"""Posts what a judgement gives people to know: held and contested changes, and what comes due with time.

Nothing is posted for a meeting to which nothing is written: paused, frozen, or not approved for the first time, where
the chair alone hears of the held changes. Of a restored copy, too, only those: they wait until a person confirms.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance.models.meeting import Meeting
from governance.reconcile.judging import Judgement
from governance.reconcile.plan import Plan
from governance.reconcile.stand_ins import unattended, without_mandate
from governance.services.mailing.desk import Desk
from governance.services.mailing.planning import UNDONE, contested_posts, held_posts
from governance.services.mailing.posting import post_all
from governance.services.mailing.reminding import Case, Reminded, reminded
from governance.store.standing import times_approved


def waits_for_somebody(plan: Plan | None) -> bool:
    """Whether there is anything of which chair and scribe hear, though it may be as it was at the last look."""
    return plan is not None and any(
        one.held is not None and (one.held.kind.needs_approval or one.held.kind in UNDONE) for one in plan.changes
    )


def tell_of_judgement(session: Session, meeting: Meeting, judgement: Judgement, *, now: datetime) -> None:
    if judgement.drift.frozen is not None or judgement.standing.paused_because is not None:
        return
    desk = Desk(session, meeting, now)
    situation, plan = judgement.situation, judgement.plan
    names = {address: str(person) for person in situation.roster.people.values() for address in person.addresses}
    names = {address: entry.name for address, entry in situation.directory.items() if entry.name} | names
    if plan is not None and plan.checksum is not None:
        upcoming = situation.next_occurrence()
        before = times_approved(session, meeting.id, plan.checksum)
        start = upcoming[1].start if upcoming else None
        held = held_posts(plan, leads=desk.leads, names=names, approved_before=before, next_start=start)
        post_all(session, meeting, list(held), now=now)
    if not meeting.first_plan_approved or judgement.standing.is_restored_copy:
        return
    if plan is not None and any(one.held is not None and one.held.kind in UNDONE for one in plan.changes):
        chairs = [one.person_id for one in desk.chairs]
        applied = judgement.standing.applied
        undone = contested_posts(plan, chairs=chairs, names=names, applied=applied, roster=situation.roster, now=now)
        post_all(session, meeting, list(undone), now=now)
    post_all(session, meeting, reminded_by(desk, judgement, now).posts, now=now)


def reminded_by(desk: Desk, judgement: Judgement, now: datetime) -> Reminded:
    """What is due of the judged meeting, and when more may be; reads only."""
    situation = judgement.situation
    case = Case(
        roster=situation.roster,
        modes=situation.modes,
        sponsors=desk.sponsors,
        unattended=unattended(situation),
        without_mandate=without_mandate(situation),
        purpose=desk.charter.purpose or None,
    )
    return reminded(case, now)
