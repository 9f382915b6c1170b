"""What comes due with time, for one meeting. Pure: the meeting as it is judged and `now` go in, mails come out.

A decline that nobody stands in for (I13): the delegate is asked 3 days before, the sponsor 1 day before, each at once
when the decline comes later than that; the hour is that of the meeting, as the clock shows it where it is held,
so summer time moves nothing. A deputy or stand-in without a mandate (I03, M04): the sponsor is asked at once.
A mandate that is missing or ended (M01, M03): the sponsor is asked once. One that ends (M02): 42, 14 and 3 days before.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from governance.domain.department import fold_department
from governance.domain.findings_of_roster import RosterFinding, roster_findings
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Seat
from governance.domain.rules import Modes
from governance.mail import facts
from governance.reconcile.stand_ins import Unattended
from governance.services.links import Purpose
from governance.services.mailing.letters import LinkWish, Post

DELEGATE_DAYS = 3
SPONSOR_DAYS = 1
_RENEWABLE = timedelta(days=14)
"""So long after its end a mandate may still be renewed by the link."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What is due now, and the next instant at which more may be (None: nothing by time alone)."""

    posts: tuple[Post, ...]
    next_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One meeting as it is judged."""

    roster: Roster
    modes: Modes
    sponsors: Mapping[str, PersonId]
    """By folded department."""
    unattended: Collection[Unattended]
    without_mandate: Collection[Unattended] = ()
    """Stand-ins who were named for an occurrence to come and have no mandate that day."""
    purpose: str | None = None


def reminded(case: Case, now: datetime) -> Reminded:
    posts: list[Post] = []
    later: list[datetime] = []
    for one in case.unattended:
        for due, post in _of_decline(case, one):
            if due <= now:
                posts.append(post)
            else:
                later.append(due)
    for one in case.without_mandate:
        sponsor = case.sponsors.get(fold_department(one.seat.department))
        if sponsor is not None and one.stand_in is not None:
            posts.append(_deputy_asked(case, one, one.stand_in, sponsor))
    on = case.roster.day_of(now)
    for finding in roster_findings(case.roster, on):
        if case.modes.is_on(finding.rule):
            posts += _of_mandate(case, finding, now)
    return Reminded(posts=tuple(posts), next_at=min(later, default=None))


def days_before(start: datetime, days: int, zone: str) -> datetime:
    """That many days earlier, at the same time of the day where the meeting is held."""
    local = start.astimezone(ZoneInfo(zone)).replace(tzinfo=None) - timedelta(days=days)
    return local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


# --- I13, I03


def _of_decline(case: Case, one: Unattended) -> Iterator[tuple[datetime, Post]]:
    """Each mail with the instant from which it is due."""
    roster, start = case.roster, one.occurrence.start
    sponsor = case.sponsors.get(fold_department(one.seat.department))
    asked = next((deputy for deputy, _ in _candidates(case.roster, one)), None) if one.stand_in is None else None
    if asked is not None and sponsor is not None:
        yield datetime.min.replace(tzinfo=UTC), _deputy_asked(case, one, asked, sponsor)
    yield days_before(start, DELEGATE_DAYS, roster.time_zone), _declined(case, one)
    if sponsor is not None and sponsor != one.delegate:
        yield days_before(start, SPONSOR_DAYS, roster.time_zone), _declined_sponsor(case, one, sponsor)


def _candidates(roster: Roster, one: Unattended) -> list[tuple[PersonId, bool]]:
    """Deputies in their order who sit nowhere else that day, and whether they have a mandate."""
    day = roster.day_of(one.occurrence.start)
    busy = {stand_in.person for stand_in in roster.stand_ins.get(one.occurrence.original_start, ())}
    busy |= {person for seat in roster.seats if (person := seat.delegate(day)) is not None}
    return [
        (deputy.person, one.seat.mandate_in_force(deputy.person, day) is not None)
        for deputy in one.seat.deputies_on(day)
        if deputy.person not in busy
    ]


def _thing(one: Unattended, person: PersonId | None = None) -> dict[str, str]:
    thing = {"seat": str(one.seat.id), "start": one.occurrence.original_start.isoformat()}
    return thing if person is None else {**thing, "person": str(person)}


def _about(one: Unattended) -> str:
    return f"{one.seat.id}:{one.occurrence.original_start.isoformat()}:{one.delegate}"


def _deputy_asked(case: Case, one: Unattended, deputy: PersonId, sponsor: PersonId) -> Post:
    day = case.roster.day_of(one.occurrence.start)
    own = one.seat.mandate_in_force(one.delegate, day) or one.seat.mandate_shown(one.delegate, day)
    return Post(
        facts=facts.DeputyAsked(
            department=one.seat.department,
            delegate=str(case.roster.people[one.delegate]),
            deputy=str(case.roster.people[deputy]),
            start=one.occurrence.start.isoformat(),
            end=one.occurrence.end.isoformat(),
            scope=own.scope if own else None,
            limit=None,
        ),
        limit_minor=own.limit_minor if own else None,
        about=f"{_about(one)}:{deputy}",
        to=sponsor,
        links=(LinkWish(name="grant", purpose=Purpose.GRANT_DEPUTY, thing=_thing(one, deputy)),),
    )


def _declined(case: Case, one: Unattended) -> Post:
    candidates = _candidates(case.roster, one)
    stand_ins = [_stand_in_link(number, one, person) for number, (person, _) in enumerate(candidates)]
    after_all = LinkWish(name="after-all", purpose=Purpose.COME_AFTER_ALL, thing=_thing(one))
    return Post(
        facts=facts.Declined(
            department=one.seat.department,
            start=one.occurrence.start.isoformat(),
            end=one.occurrence.end.isoformat(),
            deputies=_deputies(case.roster, candidates),
        ),
        about=_about(one),
        to=one.delegate,
        links=(*stand_ins, after_all),
    )


def _declined_sponsor(case: Case, one: Unattended, sponsor: PersonId) -> Post:
    """The sponsor's choice of a deputy without a mandate gives them one for that day."""
    candidates = _candidates(case.roster, one)
    return Post(
        facts=facts.DeclinedSponsor(
            department=one.seat.department,
            delegate=str(case.roster.people[one.delegate]),
            start=one.occurrence.start.isoformat(),
            end=one.occurrence.end.isoformat(),
            deputies=_deputies(case.roster, candidates),
        ),
        about=_about(one),
        to=sponsor,
        links=tuple(
            _stand_in_link(number, one, person, Purpose.NAME_STAND_IN if has_mandate else Purpose.GRANT_DEPUTY)
            for number, (person, has_mandate) in enumerate(candidates)
        ),
    )


def _stand_in_link(
    number: int, one: Unattended, person: PersonId, purpose: Purpose = Purpose.NAME_STAND_IN
) -> LinkWish:
    return LinkWish(name=f"stand-in:{number}", purpose=purpose, thing=_thing(one, person))


def _deputies(roster: Roster, candidates: Iterable[tuple[PersonId, bool]]) -> list[dict[str, object]]:
    return [
        {"name": str(roster.people[person]), "address": roster.people[person].address, "has_mandate": has_mandate}
        for person, has_mandate in candidates
    ]


# --- M01, M02, M03


def _of_mandate(case: Case, finding: RosterFinding, now: datetime) -> list[Post]:
    seat = next((one for one in case.roster.seats if one.department == finding.department), None)
    if seat is None or finding.person is None:
        return []
    if finding.rule == "M02":
        return list(_ending(case, seat, finding, now))
    if finding.rule in ("M01", "M03"):
        return list(_missing(case, seat, finding.person, now))
    return []


def _missing(case: Case, seat: Seat, holder: PersonId, now: datetime) -> Iterator[Post]:
    """Once for each holder and each mandate that ended; who just declined or withdrew one is not asked for it again."""
    sponsor = case.sponsors.get(fold_department(seat.department))
    latest = seat.mandate_shown(holder, case.roster.day_of(now))
    if sponsor is None or sponsor == holder or (latest is not None and not latest.was_given):
        return
    if latest is not None and latest.term.first_day > case.roster.day_of(now):
        return  # one is given already and begins later
    on = case.roster.day_of(now)
    since = next((one.term.first_day for one in seat.tenures if one.person == holder and one.term.holds_on(on)), on)
    thing = {"mandate": None, "seat": str(seat.id), "person": str(holder)}
    yield Post(
        facts=facts.MandateRequested(
            department=seat.department,
            delegate=str(case.roster.people[holder]),
            scope=None,
            limit=None,
            first_day=None,
            last_day=None,
            recorded_by=None,
            purpose=case.purpose,
        ),
        about=f"{seat.id}:{holder}:{latest.id if latest else since}",
        to=sponsor,
        links=(LinkWish(name="answer", purpose=Purpose.CONFIRM_MANDATE, thing=thing),),
    )


def _ending(case: Case, seat: Seat, finding: RosterFinding, now: datetime) -> Iterator[Post]:
    if finding.person is None or finding.days_left is None or finding.stage is None:
        return
    on = case.roster.day_of(now)
    mandate = seat.last_mandate(finding.person, on)
    if mandate is None or mandate.id is None or mandate.term.last_day is None:
        return
    about = f"{mandate.id}:{finding.stage}"
    lasts = timedelta(days=finding.days_left) + _RENEWABLE
    renew = LinkWish(name="renew", purpose=Purpose.RENEW_MANDATE, thing={"mandate": str(mandate.id)}, lasts=lasts)
    sponsor = case.sponsors.get(fold_department(seat.department), mandate.sponsor)
    recipients: list[tuple[UUID, bool]] = [(finding.person, False)]
    if sponsor is not None and sponsor != finding.person:
        recipients.append((sponsor, True))
    for to, is_sponsor in recipients:
        yield Post(
            facts=facts.MandateEnding(
                department=seat.department,
                person=str(case.roster.people[finding.person]),
                scope=mandate.scope,
                limit=None,
                last_day=mandate.term.last_day.isoformat(),
                days=finding.days_left,
                to_sponsor=is_sponsor,
            ),
            limit_minor=mandate.limit_minor,
            about=about,
            to=to,
            links=(renew,) if is_sponsor else (),
        )
