"""Judge one meeting: read everything that decides, then find the drift and make the plan. Reads only.

One reading transaction gives one moment of roster, rules, picture and standing; what comes out is a
value. `governance plan`, the page's preview and the cycle that writes all judge here: there is no second
code path for a dry run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.block import Block
from governance.domain.charter import read_charter
from governance.domain.days import said_day
from governance.domain.findings_of_roster import roster_findings
from governance.domain.roster import Roster
from governance.domain.rules import Finding, Modes
from governance.models.meeting import Meeting
from governance.reconcile.apply import MARK
from governance.reconcile.drift import Drift, Situation, find_drift, frozen_because, one_user_addresses
from governance.reconcile.observing import MAY_WRITE
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.plan import BEFORE_START, ROLLING_DAY, Plan, Standing, make_plan, plan_json
from governance.reconcile.rebinding import Lost, Rebound, rebind, with_rebounds
from governance.reconcile.stand_ins import (
    KeptNoMore,
    SwapBack,
    SwapIn,
    kept_no_more,
    swaps,
    unattended_findings,
    with_swaps,
)
from governance.store import standing
from governance.store.judging import Background, read_background
from governance.store.rosters import load_roster
from governance.store.standing import PauseInForce

DIRECTORY_FRESH = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Site:
    """What of the installation decides: whose addresses are inside, and where links lead."""

    domains: frozenset[str]
    public_url: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """One meeting as it stands at one instant: what differs, and what would be done about it.

    `position` is the ledger's, `stirred` the meeting row's, both as read: a meeting that was stirred again
    when the outcome is stored stays due. `rebounds` and `swaps` are judged as if they were carried out
    already, so that a plan that is only read shows what a cycle would do.
    """

    meeting_id: UUID
    slug: str
    stirred: int
    position: int
    situation: Situation
    drift: Drift
    plan: Plan | None
    findings: tuple[Finding, ...]
    standing: Standing
    observed_at: datetime
    rebounds: tuple[Rebound, ...] = ()
    swaps: tuple[SwapIn | SwapBack, ...] = ()
    unkept: tuple[KeptNoMore, ...] = ()
    asked_lately: frozenset[str] = frozenset()

    @property
    def is_in_order(self) -> bool:
        """Whether seats are held and the invitation is as they say: then no first plan is to be waited for."""
        situation = self.situation
        holds = situation.roster.held_seats(situation.roster.day_of(situation.now)) > 0
        # Who declined is on the invitation: that nobody sits for them is no difference from the roster.
        return holds and self.plan is None and not any(_is_of_invitation(one.rule) for one in self.findings)

    def to_json(self) -> dict[str, object]:
        return plan_json(self.slug, self.observed_at, self.plan, self.findings)


def _is_of_invitation(rule: str) -> bool:
    return rule.startswith("I") and rule != "I13"


RosterChange = Callable[[Roster], Roster]
RuleChange = Callable[[Modes], Modes]


@dataclass(frozen=True, slots=True)
class Read:
    """Everything that decides, as it lay in the database at one moment."""

    meeting: Meeting
    now: datetime
    site: Site
    pictures: tuple[SeriesPicture, ...]
    roster: Roster
    moves: tuple[Rebound | Lost, ...]
    told: Mapping[str, Any]
    modes: Modes
    block: Block | None
    position: int
    standing: Standing


def judge(
    session: Session,
    meeting_id: UUID,
    *,
    site: Site,
    now: datetime,
    roster_change: RosterChange | None = None,
) -> Judgement:
    """The judgement of the stored picture; `roster_change` judges what is only being considered."""
    return judged(read_meeting(session, meeting_id, site=site, now=now, roster_change=roster_change))


def read_meeting(
    session: Session, meeting_id: UUID, *, site: Site, now: datetime, roster_change: RosterChange | None = None
) -> Read:
    meeting = standing.meeting_row(session, meeting_id)
    today = now.astimezone(ZoneInfo(meeting.time_zone)).date()
    behind = read_background(session, meeting_id, now=now, on=today)
    roster = load_roster(session, meeting, on=today)
    if roster_change is not None:
        roster = roster_change(roster)
    return Read(
        meeting=meeting,
        now=now,
        site=site,
        pictures=behind.pictures,
        roster=roster,
        moves=tuple(rebind(behind.bound, behind.pictures, time_zone=roster.time_zone, now=now)),
        told=standing.directory_answers(session, _addresses(behind.pictures, roster)),
        modes=behind.modes,
        block=_block(behind.charter, meeting.slug, site),
        position=behind.position,
        standing=_standing(meeting, behind),
    )


def judged(read: Read, *, rule_change: RuleChange | None = None) -> Judgement:
    """The judgement of what was read; `rule_change` judges other modes of the rules on the same reading."""
    meeting, now, seen = read.meeting, read.now, read.pictures
    rebounds = tuple(move for move in read.moves if isinstance(move, Rebound))
    situation = Situation(
        now=now,
        roster=with_rebounds(read.roster, rebounds),
        modes=rule_change(read.modes) if rule_change else read.modes,
        pictures=seen,
        block=read.block,
        directory={address: entry for address, (entry, _) in read.told.items()},
        site_domains=read.site.domains,
    )
    is_frozen = frozen_because(situation) is not None
    pending = () if is_frozen else tuple(swaps(situation))
    unkept = () if is_frozen else tuple(kept_no_more(situation))
    situation = replace(situation, roster=with_swaps(situation.roster, pending))
    drift = find_drift(situation)
    plan = make_plan(meeting.slug, situation, drift, read.standing)
    declined = () if is_frozen else unattended_findings(situation)
    remarks = {
        *(plan.findings if plan else drift.findings),
        *declined,
        *_of_roster(situation),
        *_lost(situation, read.moves),
    }
    findings = tuple(sorted(remarks, key=Finding.order))
    return Judgement(
        meeting_id=meeting.id,
        slug=meeting.slug,
        stirred=meeting.stirred,
        position=read.position,
        situation=situation,
        drift=drift,
        plan=replace(plan, findings=findings) if plan is not None else None,
        findings=findings,
        standing=read.standing,
        observed_at=now,
        rebounds=rebounds,
        swaps=pending,
        unkept=unkept,
        asked_lately=frozenset(address for address, (_, at) in read.told.items() if at > now - DIRECTORY_FRESH),
    )


def due_after(judgement: Judgement, earliest_expiry: datetime | None) -> datetime:
    """The next instant at which time alone can change what is to be done."""
    now, roster = judgement.situation.now, judgement.situation.roster
    instants = [roster.next_midnight(now)]
    for picture in judgement.situation.pictures:
        for _, seen in zip(range(2), picture.upcoming(now), strict=False):
            instants += [seen.start - BEFORE_START, seen.start, seen.end]
    if judgement.plan is not None:
        instants += [p.held.until for p in judgement.plan.waiting if p.held and p.held.until]
        instants += [applied.at + ROLLING_DAY for applied in judgement.standing.applied]
    if earliest_expiry is not None:
        instants.append(earliest_expiry)
    return min(instant for instant in instants if instant > now)


def unknown_addresses(judgement: Judgement) -> frozenset[str]:
    """Addresses inside the site's domains that only the Directory can explain and has not lately.

    What it said earlier counts until it says something else: an alias does not end because nobody answers.
    """
    situation = judgement.situation
    wanted = _addresses(situation.pictures, situation.roster)
    return frozenset(a for a in wanted if situation.is_inside(a) and a not in judgement.asked_lately)


def newest_mark(seen: tuple[SeriesPicture, ...], meeting_id: UUID) -> int:
    """The highest position of this meeting's ledger on an event; above our ledger's, we are a copy from before it."""
    events = [event for picture in seen for event in (picture.series, *picture.exceptions) if event is not None]
    return max((_mark(event.private_properties, meeting_id) for event in events), default=0)


def _mark(properties: Mapping[str, str], meeting_id: UUID) -> int:
    chain, _, written = properties.get(MARK, "").rpartition(":")
    return int(written) if chain == str(meeting_id) and written.isascii() and written.isdigit() else 0


def _block(charter: str | None, slug: str, site: Site) -> Block | None:
    if charter is None:
        return None
    return Block.of(short=read_charter(charter).short, address=f"{site.public_url.rstrip('/')}/m/{slug}/next")


def _addresses(seen: tuple[SeriesPicture, ...], roster: Roster) -> frozenset[str]:
    on_events: set[str] = set()
    for picture in seen:
        for event in (picture.series, *picture.exceptions):
            if event is not None:
                on_events |= event.addresses
    return frozenset(on_events | {person.address for person in roster.people.values()})


def _standing(meeting: Meeting, behind: Background) -> Standing:
    trusted, calendar = max(behind.position, meeting.trusted_mark), behind.calendar
    read_only = _read_only_because(calendar.access_role if calendar else None)
    return Standing(
        first_plan_is_open=not meeting.first_plan_approved,
        is_restored_copy=meeting.restored_hold or newest_mark(behind.pictures, meeting.id) > trusted,
        released=behind.released,
        applied=behind.applied,
        paused_because=_paused_because(behind.pause) or read_only,
        read_only_because=read_only,
        writes_paused_until=calendar.writes_paused_until if calendar else None,
    )


def _paused_because(pause: PauseInForce | None) -> str | None:
    if pause is None:
        return None
    until = f" until {said_day(pause.last_day)}" if pause.last_day else ""
    return f"Resume the meeting to have this written: it is paused{until}"


def _read_only_because(access_role: str | None) -> str | None:
    """Why nothing can be written to the calendar, as long as it is so; no pause that anybody could end."""
    if access_role is None or access_role in MAY_WRITE:
        return None
    return "Share the calendar with “Make changes to events”: it may only be read"


def _lost(situation: Situation, moves: Iterable[Rebound | Lost]) -> list[Finding]:
    """I12: what hangs on an occurrence that was lost and has no single successor in its week."""
    if not situation.modes.is_on("I12"):
        return []
    reason = "The occurrence is gone: name its stand-ins and visitors anew on another one"
    return [
        Finding("I12", reason, occurrence=move.occurrence.original_start) for move in moves if isinstance(move, Lost)
    ]


def _of_roster(situation: Situation) -> list[Finding]:
    """M01–M06, as they stand today."""
    on = situation.roster.day_of(situation.now)
    return [
        Finding(one.rule, one.reason, email=one.email)
        for one in roster_findings(situation.roster, on, one_person=one_user_addresses(situation))
        if situation.modes.is_on(one.rule)
    ]
