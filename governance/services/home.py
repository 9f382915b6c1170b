"""What needs somebody now, across all their meetings, by what they are there. Nothing is judged anew.

    meetings with what was last found in them, roles in force → Need, the gravest first

Whoever leads a meeting is told what the chair decides; a sponsor what they have to say of their own people; a
delegate what is missing of theirs; whoever runs the installation what is broken, and what nobody else may have seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, Who, may, meetings_where
from governance.domain.ledger import Confidentiality
from governance.domain.promises import BEFORE
from governance.domain.roster import MandateState, Term
from governance.models import Meeting
from governance.services.approvals import held_keys
from governance.services.meeting_page import next_starts
from governance.services.needs import Need, Why, leads
from governance.services.needs_of_decisions import of_decisions
from governance.services.needs_of_own import of_oneself
from governance.services.needs_of_waiting import of_waiting_lists
from governance.store import home as store
from governance.store.home import Sitting, Whose, Wishes
from governance.store.meeting_page import meetings_among, stamp_of_all
from governance.store.waiting import AskedFor

ENDS_SOON = timedelta(days=42)
"""From here on a sponsor is asked for the next mandate (M02)."""

_OF_LEADS: Mapping[Why, frozenset[str]] = {
    Why.QUESTION: frozenset({"I04", "I13", "I15", "M05"}),
    Why.MANDATES_MISSING: frozenset({"M01", "M02", "M03"}),
    Why.SEATS_VACANT: frozenset({"M06"}),
}
_OF_ONESELF: Mapping[Why, frozenset[str]] = {
    Why.OWN_ABSENCE: frozenset({"I13"}),
    Why.OWN_MANDATE: frozenset({"M01", "M02", "M03", "M04"}),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """A meeting in the list: by name alone, unless the viewer may open its page."""

    meeting: Meeting
    start: datetime | None
    has_page: bool
    sees_invitation: bool
    applications: tuple[AskedFor, ...]


@dataclass(frozen=True, slots=True)
class HomePage:
    needs: tuple[Need, ...]
    listed: tuple[Listed, ...]

    @property
    def only(self) -> Meeting | None:
        """The one meeting of somebody who has no other and whom nothing needs."""
        is_one = len(self.listed) == 1 and self.listed[0].has_page and not self.needs
        return self.listed[0].meeting if is_one else None


def home_page(session: Session, actor: Actor, address: str, now: datetime) -> HomePage:
    """At most six statements for any number of meetings."""
    meetings = meetings_among(session, meetings_where(actor, Act.KNOW_OF))
    open_to = [one for one in meetings if may(actor, Act.OPEN, Thing(Kind.MEETING, one.id))]
    starts = next_starts(session, open_to, now)
    governed = [one for one in open_to if one.released_at is None]
    wished = _wishes(session, actor, governed, now)
    own = [one for one in wished.asked if one.person_id == actor.person]
    by_id = {one.id: one for one in governed}
    listed = tuple(_listed(one, actor, starts.get(one.id), own) for one in meetings)
    needs = [
        *of_waiting_lists(wished.asked, actor, {one.id: one for one in meetings}, now),
        *of_decisions(wished.awaited, actor, by_id),
        *of_oneself(wished.duties, actor, by_id),
        *_needs(session, actor, address, governed, now),
    ]
    order = list(Why)
    never = datetime.max.replace(tzinfo=now.tzinfo)
    needs.sort(key=lambda one: (order.index(one.why), starts.get(one.meeting.id, never), one.meeting.name))
    return HomePage(tuple(needs), listed)


def home_stamp(session: Session, actor: Actor) -> str:
    """Differs whenever the page would, apart from the passing of time and what the actor is."""
    return repr(stamp_of_all(session, meetings_where(actor, Act.KNOW_OF)))


def _needs(session: Session, actor: Actor, address: str, meetings: Sequence[Meeting], now: datetime) -> Iterator[Need]:
    led = [one for one in meetings if may(actor, Act.DECIDE, _invitation(one))]
    yield from _troubles(led)
    waiting = _waiting(led)
    done, seated = store.decided_and_seated(session, waiting, [one.id for one in led], now) if led else (set(), set())
    for key, meeting in waiting.items():
        if key not in done:
            yield Need(Why.HELD, meeting, many=len(held_keys(meeting.plan_json)))
    for meeting in led:
        if meeting.id not in seated:
            yield Need(Why.NO_ROSTER, meeting)
    for meeting in meetings:
        if leads(actor, meeting.id):
            yield from _found(meeting, _OF_LEADS)
        elif address:
            yield from _found(meeting, _OF_ONESELF, about=address)
    yield from _to_give(session, actor, {one.id: one for one in meetings}, now)


def _troubles(meetings: Iterable[Meeting]) -> Iterator[Need]:
    for one in meetings:
        reason = one.frozen_reason or one.problem_remedy or one.problem_text
        if one.frozen_reason or one.restored_hold or one.problem_remedy or one.problem_code:
            yield Need(Why.TROUBLE, one, said=(reason,) if reason else ())


def _waiting(meetings: Iterable[Meeting]) -> dict[tuple[UUID, str], Meeting]:
    """By meeting and checksum. What nobody has given a verdict on needs somebody; what was rejected stays held."""
    checksums = ((one, (one.plan_json or {}).get("checksum")) for one in meetings)
    return {(one.id, checksum): one for one, checksum in checksums if checksum}


def _found(meeting: Meeting, wanted: Mapping[Why, frozenset[str]], *, about: str | None = None) -> Iterator[Need]:
    """What was last found in the meeting, for who decides on it or, with `about`, for whom it is about."""
    for why, rules in wanted.items():
        said = [
            one["reason"]
            for one in meeting.findings_json or ()
            if one["rule"] in rules and (about is None or one.get("email") == about)
        ]
        once = tuple(dict.fromkeys(said))
        if once:
            yield Need(why, meeting, many=len(once), said=once)


def _to_give(session: Session, actor: Actor, meetings: Mapping[UUID, Meeting], now: datetime) -> Iterator[Need]:
    """Mandates that the actor as sponsor has still to give, or to renew."""
    seats = {one.seat for one in actor.held if one.who is Who.SPONSOR and one.seat is not None}
    if not seats:
        return
    rows = store.sittings(session, seats, (now - timedelta(days=1)).date())
    for _, group in groupby(rows, key=lambda row: (row.seat_id, row.person_id, row.is_deputy)):
        need = _mandate_need(list(group), meetings, now)
        if need is not None:
            yield need


def _mandate_need(rows: Sequence[Sitting], meetings: Mapping[UUID, Meeting], now: datetime) -> Need | None:
    """None where a mandate is in force for long enough or begins later, and where the sponsor has said no."""
    first = rows[0]
    today = now.astimezone(ZoneInfo(first.time_zone)).date()
    if first.meeting_id not in meetings or not Term(first.first_day, first.last_day).holds_on(today):
        return None
    terms = [Term(row.mandate_first, row.mandate_last) for row in rows if _is_given(row) and row.mandate_first]
    if not terms and rows[-1].mandate_state is not None:
        return None
    ahead = [term for term in terms if term.last_day is None or term.last_day >= today]
    in_force = any(term.holds_on(today) for term in ahead)
    ends = [term.last_day for term in ahead if term.last_day is not None]
    is_open = len(ends) < len(ahead)
    if ahead and (is_open or not in_force or max(ends) - today > ENDS_SOON):
        return None
    return Need(
        Why.MANDATE_TO_GIVE,
        meetings[first.meeting_id],
        person=first.name,
        department=first.department,
        ends=max(ends) if in_force else None,
    )


def _is_given(row: Sitting) -> bool:
    return row.mandate_state in (MandateState.RECORDED, MandateState.CONFIRMED)


def _wishes(session: Session, actor: Actor, meetings: Iterable[Meeting], now: datetime) -> Wishes:
    """What is asked for, by themselves too, and sponsors' words that are missing: in the meetings that the actor leads,
    and of the departments they sponsor. What they have still to do themselves: of the seats they sit for.
    """
    roles = actor.held

    def seats(who: Who) -> list[UUID]:
        return [one.seat for one in roles if one.who is who and one.seat is not None]

    whose = Whose(
        led=[one.id for one in meetings if leads(actor, one.id)],
        sponsored=seats(Who.SPONSOR),
        held=seats(Who.DELEGATE),
        stood_in=seats(Who.STAND_IN),
        person=actor.person,
        applicant=actor.person if any(one.who is Who.APPLICANT for one in roles) else None,
    )
    if not (whose.led or roles):
        return Wishes()
    return store.wishes(session, whose, now, soon=BEFORE)


def _listed(meeting: Meeting, actor: Actor, start: datetime | None, applications: Sequence[AskedFor]) -> Listed:
    own = tuple(one for one in applications if one.meeting_id == meeting.id and _reads(actor, one))
    return Listed(
        meeting,
        start,
        may(actor, Act.OPEN, Thing(Kind.MEETING, meeting.id)),
        may(actor, Act.READ, _invitation(meeting)),
        own,
    )


def _reads(actor: Actor, application: AskedFor) -> bool:
    thing = Thing(Kind.APPLICATION, application.meeting_id, Confidentiality.SEATS, owner=actor.person)
    return may(actor, Act.READ, thing)


def _invitation(meeting: Meeting) -> Thing:
    return Thing(Kind.INVITATION, meeting.id, Confidentiality.SEATS)
