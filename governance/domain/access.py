"""Who may what: one table, asked by pages, mails, exports and commands alike.

    rows of the database → standings → actor (the roles in force on the meeting's day) → may(actor, act, thing)

What no row allows is refused, whoever asks. A meeting in which somebody has no role is judged like one that does not
exist, so nobody can tell the two apart. `docs/access.md` has the table for people; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.domain.ledger import Confidentiality
from governance.domain.roster import Term

STAND_IN_BEFORE, STAND_IN_AFTER = timedelta(days=7), timedelta(days=1)
"""A stand-in prepares in the week before the occurrence, and may read the day after what became of it."""

STAND_IN_TOLD = timedelta(days=7)
"""So long after it a summary of that occurrence goes to whoever stood in, because it goes once a week in some meetings;
it entitles to nothing but that mail.
"""


class Who(StrEnum):
    """What somebody is: for the site, in one meeting, or nothing at all, which everybody is besides."""

    ADMINISTRATOR = "administrator"
    CHAIR = "chair"
    ACTING_CHAIR = "acting chair"
    SCRIBE = "scribe"
    DELEGATE = "delegate"
    STAND_IN = "stand-in"
    DEPUTY = "deputy"
    SPONSOR = "sponsor"
    LEADERSHIP = "leadership"
    APPLICANT = "applicant"
    NOBODY = "nobody"


class Act(StrEnum):
    SIGN_IN = "sign in"
    KNOW_OF = "know of"
    OPEN = "open"
    READ = "read"
    DECIDE = "decide on"
    RETRY = "retry"
    CHANGE = "change"
    PAUSE = "pause"
    ENDORSE = "endorse"
    EXPORT = "export"
    RUN = "run"
    ADOPT = "adopt a meeting into"
    RELINK = "relink"
    RELEASE = "release"
    ATTEND = "attend"
    POSITION = "give a position on"
    RATIFY = "ratify"
    ASK = "ask about"


class Kind(StrEnum):
    """What an act is done to. Of a meeting: its name and page, its roster, what it is for and how it measures that, how
    its invitation is looked after, what its rules do, what was done, who leads it, who asks for a seat, the order in
    which they wait for it, what was left for its delegate to read, who was there, the bank of questions, what was
    answered, what is to be talked about, what is decided, what a seat says of it, who promised what, how often that
    was kept, and what goes to senior leadership. Of a person: what is recorded about them, and the summaries they got.
    """

    SITE = "the site"
    MEETING = "the meeting"
    ROSTER = "the roster"
    CHARTER = "the charter"
    MEASURES = "the measures"
    INVITATION = "the invitation"
    RULES = "the rules"
    RECORD = "the record"
    ROLES = "the roles"
    APPLICATION = "an application"
    WAITING_LIST = "a waiting list"
    NOTE = "a note"
    PERSON = "a person"
    ATTENDANCE = "the attendance"
    QUESTIONS = "the questions"
    ANSWER = "an answer"
    AGENDA = "the agenda"
    DECISION = "a decision"
    POSITIONS = "the positions"
    PROMISE = "a promise"
    SAY_DO = "say and do"
    CHALLENGE = "a challenge"
    MINUTES = "the minutes"
    SUMMARY = "a summary"
    BRIEF = "the brief"


@dataclass(frozen=True, slots=True)
class Thing:
    """`owner` is whom it is about where it is somebody's own, `seat` where it belongs to one seat."""

    kind: Kind
    meeting: UUID | None = None
    confidentiality: Confidentiality = Confidentiality.OPEN
    owner: UUID | None = None
    seat: UUID | None = None


THE_SITE = Thing(Kind.SITE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is, was or will be in a meeting; `term` in days of its `time_zone`."""

    who: Who
    meeting: UUID
    time_zone: str
    term: Term
    seat: UUID | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A role in force."""

    who: Who
    meeting: UUID
    seat: UUID | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever wants something: the roles in force now, and what they are in every meeting there is."""

    person: UUID | None = None
    held: frozenset[Held] = frozenset()
    everywhere: frozenset[Who] = frozenset()


OPERATOR = Actor(everywhere=frozenset({Who.ADMINISTRATOR}))
"""Whoever may run the commands may do what an administrator may."""
DEMO_VISITOR = Actor(everywhere=frozenset({Who.CHAIR}))


def actor_of(
    person: UUID | None, standings: Iterable[Standing], now: datetime, *, is_admin: bool = False, is_ahead: bool = False
) -> Actor:
    """The person with the roles in force; with `is_ahead` also those that will be (for mails that announce them)."""
    held = frozenset(_held(one) for one in standings if _is_in_force(one, now, is_ahead=is_ahead))
    return Actor(person, held, frozenset({Who.ADMINISTRATOR}) if is_admin else frozenset())


def own_seat(actor: Actor, meeting: UUID) -> UUID | None:
    """The seat that the actor holds there, else the one they stand in for; never one they deputise for or sponsor."""
    of = {one.who: one.seat for one in actor.held if one.meeting == meeting and one.seat is not None}
    return of.get(Who.DELEGATE) or of.get(Who.STAND_IN)


def stand_in_term(start: datetime, time_zone: str) -> Term:
    day = start.astimezone(ZoneInfo(time_zone)).date()
    return Term(day - STAND_IN_BEFORE, day + STAND_IN_AFTER)


def told_term(start: datetime, time_zone: str) -> Term:
    """In which a stand-in is one for the summary of the occurrence that began then."""
    return replace(
        stand_in_term(start, time_zone), last_day=start.astimezone(ZoneInfo(time_zone)).date() + STAND_IN_TOLD
    )


def as_told_of(standings: Iterable[Standing], start: datetime) -> tuple[Standing, ...]:
    """Of somebody to whom a summary of the occurrence that began then is addressed."""
    return tuple(
        replace(one, term=told_term(start, one.time_zone))
        if one.who is Who.STAND_IN and one.term == stand_in_term(start, one.time_zone)
        else one
        for one in standings
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: it covers things up to a class; `own` may only where the thing is theirs or their seat's."""

    act: Act
    kind: Kind
    up_to: Confidentiality
    yes: frozenset[Who]
    own: frozenset[Who] = frozenset()


_OPEN, _SEATS, _PRIVATE = Confidentiality
_ORDER = tuple(Confidentiality)
_SITE = (Who.ADMINISTRATOR,)
_CHAIRS = (Who.CHAIR, Who.ACTING_CHAIR)
_LEADS = (*_CHAIRS, Who.SCRIBE)
_SEATED = (Who.DELEGATE, Who.STAND_IN)
_NEAR = (Who.DEPUTY, Who.SPONSOR, Who.LEADERSHIP)
_WITH_A_PAGE = (*_SITE, *_LEADS, *_SEATED, *_NEAR)


def _row(act: Act, kind: Kind, up_to: Confidentiality, yes: Collection[Who], own: Collection[Who] = ()) -> Row:
    return Row(act, kind, up_to, frozenset(yes), frozenset(own))


TABLE = (
    _row(Act.SIGN_IN, Kind.SITE, _OPEN, (*_WITH_A_PAGE, Who.APPLICANT)),
    _row(Act.RUN, Kind.SITE, _PRIVATE, _SITE),
    _row(Act.ADOPT, Kind.SITE, _PRIVATE, _SITE),
    _row(Act.KNOW_OF, Kind.MEETING, _OPEN, (*_WITH_A_PAGE, Who.APPLICANT)),
    _row(Act.OPEN, Kind.MEETING, _OPEN, _WITH_A_PAGE),
    _row(Act.RELINK, Kind.MEETING, _SEATS, (*_SITE, *_CHAIRS)),
    _row(Act.RELEASE, Kind.MEETING, _SEATS, (*_SITE, Who.CHAIR)),
    _row(Act.READ, Kind.ROSTER, _OPEN, _WITH_A_PAGE),
    _row(Act.READ, Kind.ROSTER, _SEATS, (*_SITE, *_LEADS, *_SEATED), own=(Who.DEPUTY, Who.SPONSOR)),
    _row(Act.CHANGE, Kind.ROSTER, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.CHANGE, Kind.ROLES, _SEATS, (*_SITE, Who.CHAIR, Who.SCRIBE)),
    _row(Act.READ, Kind.CHARTER, _OPEN, _WITH_A_PAGE),
    _row(Act.CHANGE, Kind.CHARTER, _SEATS, (*_SITE, *_CHAIRS)),
    _row(Act.CHANGE, Kind.MEASURES, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.READ, Kind.PERSON, _PRIVATE, (), own=(*_WITH_A_PAGE, Who.APPLICANT)),
    _row(Act.READ, Kind.INVITATION, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.DECIDE, Kind.INVITATION, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.RETRY, Kind.INVITATION, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.PAUSE, Kind.INVITATION, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.CHANGE, Kind.RULES, _SEATS, (*_SITE, *_CHAIRS)),
    _row(Act.READ, Kind.RECORD, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.READ, Kind.RECORD, _PRIVATE, _CHAIRS),
    _row(Act.READ, Kind.APPLICATION, _SEATS, (*_SITE, *_LEADS), own=(Who.SPONSOR, Who.APPLICANT)),
    _row(Act.CHANGE, Kind.APPLICATION, _SEATS, (), own=(Who.APPLICANT,)),
    _row(Act.ENDORSE, Kind.APPLICATION, _SEATS, (), own=(Who.SPONSOR,)),
    _row(Act.READ, Kind.WAITING_LIST, _SEATS, (*_SITE, *_LEADS), own=(Who.SPONSOR,)),
    _row(Act.CHANGE, Kind.WAITING_LIST, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.READ, Kind.NOTE, _PRIVATE, (), own=(Who.DELEGATE,)),
    _row(Act.EXPORT, Kind.ROSTER, _SEATS, (*_SITE, *_LEADS)),
    _row(Act.EXPORT, Kind.RECORD, _OPEN, _SITE),
    _row(Act.ATTEND, Kind.MEETING, _OPEN, _SEATED),
    _row(Act.READ, Kind.ATTENDANCE, _OPEN, (*_SITE, *_LEADS, *_SEATED, Who.SPONSOR)),
    _row(Act.READ, Kind.ATTENDANCE, _SEATS, (*_SITE, *_LEADS, *_SEATED), own=(Who.SPONSOR,)),
    _row(Act.CHANGE, Kind.ATTENDANCE, _SEATS, _LEADS),
    _row(Act.EXPORT, Kind.ATTENDANCE, _SEATS, _LEADS),
    _row(Act.READ, Kind.QUESTIONS, _OPEN, (*_SITE, *_LEADS, *_SEATED)),
    _row(Act.CHANGE, Kind.QUESTIONS, _OPEN, (*_LEADS, *_SEATED)),
    _row(Act.DECIDE, Kind.QUESTIONS, _OPEN, _CHAIRS),
    _row(Act.READ, Kind.ANSWER, _SEATS, _SEATED),
    _row(Act.READ, Kind.AGENDA, _OPEN, (*_SITE, *_LEADS, *_SEATED)),
    _row(Act.CHANGE, Kind.AGENDA, _OPEN, (*_LEADS, *_SEATED)),
    _row(Act.DECIDE, Kind.AGENDA, _SEATS, _LEADS),
    _row(Act.READ, Kind.DECISION, _OPEN, (*_SITE, *_LEADS, *_SEATED, *_NEAR)),
    _row(Act.READ, Kind.DECISION, _SEATS, (*_SITE, *_LEADS, *_SEATED)),
    _row(Act.CHANGE, Kind.DECISION, _SEATS, (*_LEADS, *_SEATED)),
    _row(Act.DECIDE, Kind.DECISION, _SEATS, _LEADS),
    _row(Act.POSITION, Kind.DECISION, _SEATS, (), own=_SEATED),
    _row(Act.RATIFY, Kind.DECISION, _SEATS, (), own=(Who.SPONSOR,)),
    _row(Act.EXPORT, Kind.DECISION, _OPEN, (*_SITE, *_LEADS, *_SEATED)),
    _row(Act.READ, Kind.POSITIONS, _PRIVATE, (*_CHAIRS, Who.DELEGATE), own=(Who.STAND_IN, Who.SCRIBE)),
    _row(Act.DECIDE, Kind.POSITIONS, _SEATS, _CHAIRS),
    _row(Act.READ, Kind.PROMISE, _OPEN, (*_SITE, *_LEADS, *_SEATED)),
    _row(Act.CHANGE, Kind.PROMISE, _SEATS, _LEADS, own=_WITH_A_PAGE),
    _row(Act.ASK, Kind.PROMISE, _OPEN, (*_LEADS, *_SEATED)),
    _row(Act.READ, Kind.SAY_DO, _OPEN, (*_CHAIRS, *_SEATED, Who.SPONSOR)),
    _row(Act.READ, Kind.SAY_DO, _SEATS, _CHAIRS, own=(*_SEATED, Who.SPONSOR)),
    _row(Act.CHANGE, Kind.SAY_DO, _SEATS, (), own=(*_SEATED, Who.SPONSOR)),
    _row(Act.READ, Kind.CHALLENGE, _SEATS, (*_CHAIRS, *_SEATED)),
    _row(Act.CHANGE, Kind.CHALLENGE, _SEATS, _CHAIRS),
    _row(Act.READ, Kind.MINUTES, _OPEN, (*_SITE, *_LEADS, *_SEATED)),
    _row(Act.DECIDE, Kind.MINUTES, _SEATS, _CHAIRS),
    _row(Act.READ, Kind.SUMMARY, _PRIVATE, (), own=_WITH_A_PAGE),
    _row(Act.READ, Kind.BRIEF, _OPEN, (*_LEADS, *_SEATED, Who.LEADERSHIP)),
    _row(Act.READ, Kind.BRIEF, _SEATS, (*_LEADS, *_SEATED)),
    _row(Act.CHANGE, Kind.BRIEF, _SEATS, _CHAIRS),
    _row(Act.ASK, Kind.BRIEF, _SEATS, _SEATED),
)
"""Every row that something asks for, the lower class first; adding an act is adding a line here and in the document."""


def may(actor: Actor, act: Act, thing: Thing) -> bool:
    row = _row_for(act, thing)
    return row is not None and _is_granted(row.yes, row.own, actor, thing)


def meetings_where(actor: Actor, act: Act, kind: Kind = Kind.MEETING) -> frozenset[UUID] | None:
    """In which meetings the actor may do it to what is open; None means in every one.

    For the queries: a meeting that is not among them is never read, so it costs what an absent one costs.
    """
    row = _row_for(act, Thing(kind))
    if row is None:
        return frozenset()
    if row.yes & actor.everywhere:
        return None
    return frozenset(one.meeting for one in actor.held if one.who in row.yes)


_ANYBODY = tuple(Who)

MAILS: dict[str, tuple[frozenset[Who], frozenset[Who]]] = {
    code: (frozenset(yes), frozenset(own))
    for code, yes, own in (
        ("sign-in", (*_WITH_A_PAGE, Who.APPLICANT), ()),
        ("removed", (), _ANYBODY),
        ("removed-outsider", _ANYBODY, ()),
        ("removals", _LEADS, ()),
        ("held", _LEADS, ()),
        ("seat", (), (Who.DELEGATE,)),
        ("mandate-requested", (), (Who.SPONSOR,)),
        ("mandate-confirmed", _LEADS, (*_SEATED, Who.DEPUTY)),
        ("mandate-declined", _LEADS, _ANYBODY),
        ("mandate-withdrawn", _LEADS, _ANYBODY),
        ("mandate-ending", _LEADS, (*_SEATED, Who.DEPUTY, Who.SPONSOR)),
        ("declined", (), (Who.DELEGATE,)),
        ("declined-sponsor", (), (Who.SPONSOR,)),
        ("deputy-asked", (), (Who.SPONSOR,)),
        ("contested", _LEADS, ()),
        ("application", _LEADS, (Who.SPONSOR,)),
        ("offer", (), (Who.APPLICANT,)),
        ("offer-over", _LEADS, _ANYBODY),
        ("application-declined", (), _ANYBODY),
        ("note", (), _SEATED),
        ("seat-at-risk", _CHAIRS, (Who.DELEGATE, Who.SPONSOR)),
        ("promise-due", (), _ANYBODY),
        ("promise-late", (), (Who.SPONSOR,)),
        ("promise-asked", (), _ANYBODY),
        ("promise-answered", (), (*_LEADS, *_SEATED)),
        ("position-entered", (), _SEATED),
        ("ratification-asked", _CHAIRS, (Who.SPONSOR,)),
        ("ratification-answered", _CHAIRS, _SEATED),
        ("commitment-asked", (), _SEATED),
        ("decision-closed", (), _SEATED),
        ("summary", (*_LEADS, *_SEATED), ()),
        ("summaries", (*_LEADS, *_SEATED), ()),
        ("brief", (Who.LEADERSHIP,), ()),
        ("brief-asked", _CHAIRS, ()),
        ("brief-changed", (*_LEADS, *_SEATED), ()),
        ("sponsor-week", (Who.SPONSOR,), ()),
        ("undeliverable", _LEADS, ()),
        ("attention", _SITE, ()),
    )
}
"""By kind of mail: who gets it for a meeting they have that role in, and who gets only what is about themselves. Who
has been taken off, or has lost a mandate, is told so even when nothing else is theirs any more.
"""


def may_receive(actor: Actor, kind: str, thing: Thing) -> bool:
    """Whether this mail may (still) go to the actor. `thing` names the meeting, and as owner the person it is
    addressed to; a mail of the site is about `THE_SITE`.
    """
    if kind not in MAILS:
        return False
    yes, own = MAILS[kind]
    return _is_granted(yes, own, actor, thing)


def _row_for(act: Act, thing: Thing) -> Row | None:
    return _row_up_to(act, thing.kind, thing.confidentiality)


@cache
def _row_up_to(act: Act, kind: Kind, confidentiality: Confidentiality) -> Row | None:
    """Looked up once: a page asks the table some twenty times."""
    wanted = _ORDER.index(confidentiality)
    rows = (row for row in TABLE if row.act is act and row.kind is kind)
    return next((row for row in rows if _ORDER.index(row.up_to) >= wanted), None)


def _is_granted(yes: Collection[Who], own: Collection[Who], actor: Actor, thing: Thing) -> bool:
    mine = [one for one in actor.held if thing.meeting is None or one.meeting == thing.meeting]
    roles = {Who.NOBODY, *actor.everywhere, *(one.who for one in mine)}
    if roles & set(yes):
        return True
    if thing.owner is not None and thing.owner == actor.person:
        return bool(roles & set(own))
    return thing.seat is not None and any(one.seat == thing.seat and one.who in own for one in mine)


def _is_in_force(standing: Standing, now: datetime, *, is_ahead: bool) -> bool:
    today = now.astimezone(UTC).astimezone(ZoneInfo(standing.time_zone)).date()
    return standing.term.holds_on(max(today, standing.term.first_day) if is_ahead else today)


def _held(standing: Standing) -> Held:
    """A chair with a last day is an acting one."""
    is_acting = standing.who is Who.CHAIR and standing.term.last_day is not None
    return Held(Who.ACTING_CHAIR if is_acting else standing.who, standing.meeting, standing.seat)
