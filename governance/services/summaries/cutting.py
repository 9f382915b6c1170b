"""A summary for one reader: every section asks whether they may read it. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.mail.facts_of_summaries import Summary
from governance.services.attendance.cutting import ANSWERED
from governance.services.attendance.values import TurnLine
from governance.services.mailing.letters import LinkWish
from governance.services.summaries.people import CHAIRS
from governance.services.summaries.values import Facts, Gathered, Owed, Reader, Written

_NOBODY = Actor()


def summary_for(gathered: Gathered, reader: Reader, *, first: int = 0) -> Written:
    """As far as the table lets them read it today; somebody who is nothing in the meeting any more reads nothing.

    Of a cancelled occurrence it is said that it was, and when the next one is; of a week without one what is owed.

    `first` is the number the names of its links begin with, for one mail about several meetings.
    """
    actor, period = gathered.actors.get(reader.person, _NOBODY), gathered.period
    owed, links = _owed(gathered, actor, first)
    reads = _Reading(actor, gathered.meeting)
    bare = Summary(
        reader="lead" if reader.is_lead else "seat",
        start=_instant(period.start) if period.start else None,
        end=_instant(period.end) if period.end else None,
        since=_instant(period.since),
        is_cancelled=period.is_cancelled,
        heads=gathered.heads,
    )
    if period.is_cancelled:
        return Written(replace(bare, next=_next_alone(gathered)))
    if period.start is None:
        return Written(replace(bare, owed=owed), links)
    facts = replace(
        bare,
        owed=owed,
        closed=list(gathered.closed) if reads.what(Kind.DECISION, Confidentiality.OPEN) else [],
        open=list(gathered.open) if reads.what(Kind.DECISION) else [],
        committed=list(gathered.committed) if reads.what(Kind.DECISION) else [],
        attendance=_attendance(gathered, reads),
        question=_question(gathered, reads),
        roster=list(gathered.roster) if reads.what(Kind.ROSTER) else [],
        next=_next(gathered, reads),
        measures=list(gathered.measures) if reads.what(Kind.CHARTER, Confidentiality.OPEN) else [],
        lead=_lead(gathered, reads) if reader.is_lead else None,
    )
    return Written(facts, links)


def says_anything(facts: Summary) -> bool:
    """An occurrence always does, a cancelled one too; a week without one only when something is owed."""
    return facts.start is not None or bool(facts.owed)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


class _Reading:
    """What one person may read in the meeting."""

    def __init__(self, actor: Actor, meeting: UUID) -> None:
        self.actor, self.meeting = actor, meeting

    def what(
        self, kind: Kind, confidentiality: Confidentiality = Confidentiality.SEATS, *, seat: UUID | None = None,
        act: Act = Act.READ,
    ) -> bool:  # fmt: skip
        return may(self.actor, act, Thing(kind, self.meeting, confidentiality, seat=seat))


def _owed(gathered: Gathered, actor: Actor, first: int) -> tuple[list[Facts], tuple[LinkWish, ...]]:
    """What is theirs, the most urgent first: what is late, then what can be said at once, then by its day."""
    person, meeting = actor.person, gathered.meeting
    if person is None:
        return [], ()
    own = [
        *(one for one in gathered.promises.get(person, ()) if _may_settle(one, actor, meeting)),
        *(one for one in gathered.commitments.get(person, ()) if _may_commit(one, actor, meeting)),
    ]
    own.sort(key=lambda one: ((one.due_on or gathered.today), one.kind, one.text))
    lines, links = [], []
    for number, one in enumerate(own, start=first):
        name = f"{_LINKS[one.kind]}:{number}"
        links.append(LinkWish(name=name, purpose=one.purpose, thing=one.thing))
        lines.append(_owed_line(one, gathered, name))
    return lines, tuple(links)


_LINKS = {"promise": "settle", "commitment": "commit"}


def _owed_line(one: Owed, gathered: Gathered, link: str) -> Facts:
    days = (one.due_on - gathered.today) // timedelta(days=1) if one.due_on else 0
    return {
        "kind": one.kind,
        "text": one.text,
        "due_on": one.due_on.isoformat() if one.due_on else None,
        "days": days,
        "number": one.number,
        "path": one.path,
        "link": link,
    }


def _may_settle(one: Owed, actor: Actor, meeting: UUID) -> bool:
    return may(actor, Act.CHANGE, Thing(Kind.PROMISE, meeting, Confidentiality.SEATS, owner=actor.person))


def _may_commit(one: Owed, actor: Actor, meeting: UUID) -> bool:
    return may(actor, Act.POSITION, Thing(Kind.DECISION, meeting, Confidentiality.SEATS, seat=one.seat))


def _attendance(gathered: Gathered, reads: _Reading) -> list[Facts]:
    """Who may not read all of it reads of their department's seat."""
    is_whole = reads.what(Kind.ATTENDANCE)
    return [line for seat, line in gathered.attendance if is_whole or reads.what(Kind.ATTENDANCE, seat=seat)]


def _question(gathered: Gathered, reads: _Reading) -> Facts | None:
    if gathered.question is None or not reads.what(Kind.QUESTIONS, Confidentiality.OPEN):
        return None
    return {"text": gathered.question, "takers": [_taker(one, reads) for one in gathered.turns]}


def _taker(turn: TurnLine, reads: _Reading) -> Facts:
    """Who passed is known to them and to whoever leads. An answer is for seats, looked up when the mail is built."""
    is_own = turn.person.id == reads.actor.person
    if turn.outcome is not None and not is_own and not reads.what(Kind.ATTENDANCE, act=Act.CHANGE):
        turn = replace(turn, outcome=ANSWERED)
    reads_answer = reads.what(Kind.ANSWER)
    return {"name": turn.person.name, "outcome": turn.outcome, "turn": str(turn.id) if reads_answer else None}


def _next_alone(gathered: Gathered) -> Facts | None:
    """Of a cancelled occurrence it is only said when the next one is."""
    return gathered.next | {"items": [], "away": []} if gathered.next else None


def _next(gathered: Gathered, reads: _Reading) -> Facts | None:
    found = gathered.next
    if found is None:
        return None
    return found | {
        "items": found["items"] if reads.what(Kind.AGENDA, Confidentiality.OPEN) else [],
        "away": found["away"] if reads.what(Kind.ATTENDANCE) else [],
    }


def _lead(gathered: Gathered, reads: _Reading) -> Facts:
    """Say and do are the chair's alone: the scribe is not told."""
    invitation = reads.what(Kind.INVITATION)
    lead = gathered.lead
    return lead | {
        "repaired": lead["repaired"] if invitation else [],
        "held": lead["held"] if invitation else 0,
        "say_do": [line for seat, line in gathered.say_do if _leads_say_do(reads, seat)],
    }


def _leads_say_do(reads: _Reading, seat: UUID) -> bool:
    is_chair = any(one.who in CHAIRS for one in reads.actor.held)
    return is_chair and reads.what(Kind.SAY_DO, seat=seat)
