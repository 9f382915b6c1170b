"""From a row of the outbox to a mail, and from what became of it back to the row. Nothing is sent here.

The worker's steps are transactions of their own, so that nothing is on the wire while one is open:

    claim   due rows become the worker's, with a fence that rises
    begin   one of them is written down as being sent, before the first byte; its mail is put together
    settle  what became of it, only while the row still has the worker's fence
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.access import THE_SITE, Thing, actor_of, may_receive
from governance.domain.access import Kind as ThingKind
from governance.mail import pacing
from governance.mail.building import Mail
from governance.mail.deciding import (
    RESENT,
    UNCLEAR,
    Deed,
    Found,
    Mark,
    Policy,
    decide,
    mark_of,
    wait_of_unclear,
)
from governance.mail.facts import UndeliverableAddress
from governance.mail.facts_of_summaries import BriefChanged, Summaries, Summary
from governance.mail.kinds import KINDS
from governance.mail.ports import Later, Outcome, Refused
from governance.models.meeting import Meeting
from governance.models.outbox import Outbox
from governance.models.person import Person
from governance.services import outbox, sign_in, workers
from governance.services.mail_context import Office, mail_of
from governance.services.summaries.building import is_about_nothing, is_muted_throughout, of_its_reader
from governance.store import deliveries as store
from governance.store.clock import database_now
from governance.store.deliveries import Claim, Moment
from governance.store.meetings import role_holders
from governance.store.people import person_by_address
from governance.store.standing_of_people import standing_of_address, standing_of_person

LEASE_SECONDS = 40.0
"""Longer than one mail may take; whoever dies is found out about sooner, by the silence of its heart."""

AT_ONCE = 20
"""How many rows a worker takes at a time: few, so that a newcomer finds work as well."""

_NEAR_THE_LIMIT = 10 * AT_ONCE
URGENT = frozenset(kind.code for kind in KINDS.values() if kind.is_urgent)


@dataclass(frozen=True, slots=True)
class Begun:
    """A mail that may be sent now: it is written down that its sending has begun."""

    claim: Claim
    mail: Mail


@dataclass(frozen=True, slots=True)
class Asking:
    """A mail that may be there already: to be looked for before anything is sent."""

    claim: Claim
    mail: Mail


@dataclass(frozen=True, slots=True)
class Settled:
    """Nothing is to be sent; `state` and `code` say what became of it."""

    state: str
    code: str


def look(session: Session, office: Office) -> bool:
    """Whether there is anything that a worker may begin with now. Reads only."""
    moment = moment_of(session)
    due = store.due_kinds(session, moment)
    if not due:
        return False
    if any(state != "waiting" for state, _ in due):
        return True
    room = _room(session, office, moment)
    return any(room.urgent if kind in URGENT else room.ordinary for _, kind in due)


def claim(session: Session, worker: str, office: Office, *, only_urgent: bool = False) -> list[Claim]:
    """Take some of what is due, as much as the day's limit allows; while anything is urgent, nothing else."""
    moment = moment_of(session)
    if not office.policy.can_be_asked:
        _give_up_abandoned(session, office.policy, moment)
    room = _room(session, office, moment)
    if min(room.urgent, room.ordinary) <= _NEAR_THE_LIMIT:
        store.stand_in_line(session, moment.now)
        room = _room(session, office, moment)
    urgent = store.claim(session, worker, moment, limit=min(room.urgent, AT_ONCE), states=("waiting",), kinds=URGENT)
    if urgent or only_urgent:
        return urgent
    # What may be out is counted already, whatever becomes of it.
    states = ("unclear", "sending") if office.policy.can_be_asked else ("unclear",)
    begun = store.claim(session, worker, moment, limit=AT_ONCE, states=states)
    limit = min(room.ordinary, AT_ONCE - len(begun))
    return begun + store.claim(session, worker, moment, limit=limit, states=("waiting",), but_kinds=URGENT)


def begin(
    session: Session, claim: Claim, office: Office, *, worker: str, is_asked: bool = False
) -> Begun | Asking | Settled | None:
    """Write down that the mail is being sent, and put it together; None where the row is not the worker's any more.

    Args:
        is_asked: the server has been asked, and has not got it.
    """
    row = store.own_row(session, claim, ("waiting", "unclear", "sending"))
    if row is None:
        return None
    moment = moment_of(session)
    found = _found(session, row, office, moment.now, is_asked=is_asked)
    decision = decide(found, office.policy, now=moment.now)
    match decision.deed:
        case Deed.ASK:
            return Asking(claim, mail_of(session, row, office))
        case Deed.SEND:
            mail = mail_of(session, row, office)
            row.state, row.begun_at, row.attempts = "sending", moment.now, row.attempts + 1
            row.leased_by, row.leased_until, row.retry_at = worker, moment.now + moment.lease, None
            row.problem_code, row.problem_text = (RESENT if found.may_be_out else None), None
            return Begun(claim, mail)
        case _:
            return _set_down(row, decision.deed, decision.code)


def settle(session: Session, claim: Claim, outcome: Outcome, office: Office) -> Settled | None:
    """What became of a mail; None, and nothing is stored, where the row is another worker's by now.

    A row that was given up as unclear meanwhile is still its worker's: who was there knows better.
    """
    row = store.own_row(session, claim, ("sending", "unclear", "waiting"))
    if row is None:
        return None
    now = database_now(session)
    mark = mark_of(outcome, office.policy, attempts=row.attempts, was_resent=row.problem_code == RESENT)
    _note(row, mark, now)
    if isinstance(outcome, Refused) and outcome.is_address:
        _set_aside(session, row, outcome, office, now)
    return Settled(mark.state, mark.code or "")


def give_back(session: Session, claims: Iterable[Claim], why: Later | None, office: Office, *, rest: float) -> None:
    """Rows of which the worker knows that it sent nothing; `why` is said of them where the server is away."""
    now = database_now(session)
    for one in claims:
        row = store.own_row(session, one, ("waiting", "unclear", "sending"))
        if row is None:
            continue
        row.leased_by = row.leased_until = None
        if row.state == "sending" and not office.policy.can_be_asked:
            _note(row, _unsent(row), now)
        if why is not None and row.state == "waiting":
            row.retry_at = now + timedelta(seconds=rest)
            row.problem_code, row.problem_text = why.code, why.text


def is_urgent_due(session: Session) -> bool:
    return any(state == "waiting" and kind in URGENT for state, kind in store.due_kinds(session, moment_of(session)))


def fail(session: Session, claim: Claim, code: str, why: str) -> None:
    """A row that cannot even be put together must not come up again and again."""
    row = store.own_row(session, claim, ("waiting", "unclear", "sending"))
    if row is not None:
        _note(row, Mark(state="failed", code=code, text=why), database_now(session))


def still_theirs(session: Session, row: Outbox, office: Office, now: datetime) -> bool:
    """Whether the mail may (still) go to whom it is addressed to; of what begins later they are told ahead.

    Signing in is decided by the link, which ends by itself.
    """
    if KINDS[row.kind].code == "sign-in":
        return True
    person = standing_of_person(session, row.person_id) if row.person_id else standing_of_address(session, row.address)
    is_admin = sign_in.is_administrator(row.address, office.admins)
    is_summary = row.kind in (Summary.KIND, Summaries.KIND, BriefChanged.KIND)
    standings = of_its_reader(row, person.standings) if is_summary else person.standings
    actor = actor_of(person.id, standings, now, is_admin=is_admin, is_ahead=True)
    thing = THE_SITE if row.meeting_id is None else Thing(ThingKind.MEETING, row.meeting_id, owner=person.id)
    return may_receive(actor, row.kind, thing) and not is_about_nothing(session, row)


def moment_of(session: Session) -> Moment:
    return workers.moment_of(session, LEASE_SECONDS)


def _room(session: Session, office: Office, moment: Moment) -> pacing.Room:
    counts = store.counts_since(session, moment.now - pacing.DAY, moment)
    lately = pacing.Lately(counts.used, counts.claimed, counts.last_at)
    return pacing.room(lately, limit=office.daily_limit, now=moment.now)


def _give_up_abandoned(session: Session, policy: Policy, moment: Moment) -> None:
    """Their fence stays: if their worker is not dead but slow, it may still say what became of them."""
    for row in store.abandoned(session, moment):
        was_resent = row.problem_code == RESENT
        wait = wait_of_unclear(policy, was_resent=was_resent)
        mark = Mark(
            state="unclear",
            retry_in=wait,
            code=RESENT if was_resent else UNCLEAR,
            text="The worker that was sending it went away before it had an answer.",
            may_be_out=True,
        )
        _note(row, mark, moment.now)


def _unsent(row: Outbox) -> Mark:
    """Begun, but not sent: as it was before."""
    if row.problem_code == RESENT:
        return Mark(state="unclear", retry_in=0.0, code=UNCLEAR, may_be_out=True)
    return Mark(state="waiting", retry_in=0.0)


def _found(session: Session, row: Outbox, office: Office, now: datetime, *, is_asked: bool) -> Found:
    return Found(
        state=row.state,
        due_at=row.due_at,
        may_be_out=row.begun_at is not None and not is_asked,
        was_resent=row.problem_code == RESENT,
        is_released=row.settled_by is not None,
        is_theirs=still_theirs(session, row, office, now),
        is_muted=_is_muted(session, row),
        is_pointless=_is_pointless(session, row, office, now),
        is_set_aside=store.undeliverable_row(session, row.address) is not None,
    )


def _is_muted(session: Session, row: Outbox) -> bool:
    if row.person_id is None or row.meeting_id is None:
        return is_muted_throughout(session, row)
    return outbox.is_muted(session, row.person_id, row.meeting_id, row.kind)


def _is_pointless(session: Session, row: Outbox, office: Office, now: datetime) -> bool:
    """A door that has closed meanwhile."""
    link = row.facts_json.get("links", {}).get("sign-in")
    if link is None:
        return False
    return not sign_in.link_is_open(session, sign_in.token_of(UUID(link), office.secret_key), now)


_STATES = {Deed.HOLD: "held", Deed.FAIL: "failed", Deed.DROP: "dropped", Deed.WAIT: "unclear"}
_WORDS = {
    "late": "It was due more than two days ago, and would only confuse.",
    "address-set-aside": "The mail server has refused this address for good.",
    "not-theirs": "It is no longer for the person it was addressed to.",
    "muted": "The person does not want mails of this kind any more.",
    "expired": "What it leads to has expired.",
    UNCLEAR: "Nobody can say whether it went out.",
    RESENT: "It was sent again, and again nobody can say whether it went out.",
}


def _set_down(row: Outbox, deed: Deed, code: str) -> Settled:
    """Nothing is sent, and nothing more happens by itself."""
    row.state, row.retry_at, row.leased_by, row.leased_until = _STATES[deed], None, None, None
    row.hold = code if deed is Deed.HOLD else None
    row.problem_code, row.problem_text = code, _WORDS[code]
    return Settled(row.state, code)


def _note(row: Outbox, mark: Mark, now: datetime) -> None:
    row.state, row.leased_by, row.leased_until = mark.state, None, None
    row.retry_at = now + timedelta(seconds=mark.retry_in) if mark.retry_in is not None else None
    row.problem_code, row.problem_text = mark.code, mark.text
    if mark.state == "sent":
        row.sent_at, row.transport_id = now, mark.transport_id
    elif not mark.may_be_out:
        row.begun_at = None


def _set_aside(session: Session, row: Outbox, refused: Refused, office: Office, now: datetime) -> None:
    """The address is written to no more, and the chairs of the meeting are told: never at that address itself."""
    is_new = store.set_aside(session, row.address, code=refused.code, why=refused.text, since=now)
    found = store.undeliverable_row(session, row.address)
    meeting = session.get(Meeting, row.meeting_id) if row.meeting_id else None
    if not is_new or found is None or meeting is None or row.kind == UndeliverableAddress.KIND:
        return
    session.flush()
    person = person_by_address(session, row.address)
    day = _day(now, meeting.time_zone)
    facts = UndeliverableAddress(
        address=row.address,
        name=person.name if person else None,
        answer=refused.text,
        since=day.isoformat(),
        waiting=[KINDS[kind].about for kind in store.kinds_for(session, row.address, meeting.id) if kind in KINDS],
    )
    for holder in role_holders(session, [meeting.id], day):
        chair = session.get(Person, holder.person_id)
        if holder.kind == "chair" and chair is not None and holder.address != row.address:
            outbox.post(session, facts, about=f"{row.address} {found.id}", to=chair, now=now, meeting=meeting)


def _day(now: datetime, time_zone: str) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()
