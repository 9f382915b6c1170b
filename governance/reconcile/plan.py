"""What would be written, what waits for a person, what waits for a time: pure, and the dry run itself.

`None` when nothing is to be done. Doubt means fewer writes: the holds are inside the plan, so the text,
the page, the JSON and the writes can never disagree about them (design, §3 "Doubt means fewer writes").
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from governance.domain.rules import Finding
from governance.reconcile.drift import (
    SERIES_SCOPE,
    Change,
    ChangeKind,
    Drift,
    Situation,
    instant_text,
    judged_day,
)

ROLLING_DAY = timedelta(hours=24)
BEFORE_START = timedelta(minutes=60)
MOST_STRANGERS = 10
LEAST_PEOPLE = 2
CONTESTED_AFTER = 3
CONTESTED_PAUSE = timedelta(hours=1)

Key = tuple[str, str, str]


class HoldKind(StrEnum):
    """Why a change is not written in this cycle."""

    FIRST_PLAN = "first-plan"
    RESTORED = "restored"
    NO_DELEGATE = "no-delegate"
    NO_MANDATE = "no-mandate"
    WANTED_PEOPLE = "wanted-people"
    STRANGERS = "strangers"
    ADDITIONS = "additions"
    PAUSED = "paused"
    NEAR_START = "near-start"
    ONCE_A_DAY = "once-a-day"
    CONTESTED = "contested"
    WRITES_PAUSED = "writes-paused"

    @property
    def needs_approval(self) -> bool:
        """Whether a person releases it; the others end by themselves or by another act."""
        return self not in _WAITING


_WAITING = frozenset(
    {HoldKind.PAUSED, HoldKind.NEAR_START, HoldKind.ONCE_A_DAY, HoldKind.CONTESTED, HoldKind.WRITES_PAUSED}
)


@dataclass(frozen=True, slots=True)
class Hold:
    kind: HoldKind
    why: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A change and, where it is not written now, why not."""

    change: Change
    held: Hold | None = None

    def to_json(self) -> dict[str, Any]:
        change = self.change
        is_flag = change.kind is ChangeKind.SET_FLAG
        return {
            "event": change.event_id,
            "occurrence": None if change.occurrence is None else instant_text(change.occurrence),
            "kind": change.kind.value,
            "email": None if is_flag else change.target or None,
            "flag": change.target if is_flag else None,
            "rule": change.rule,
            "reason": change.reason,
            "held": self.held.why if self.held else None,
        }


class CountedAs(StrEnum):
    """How a written change counts towards the limits of a rolling day."""

    WANTED_REMOVAL = "baseline-removal"
    STRANGER_REMOVAL = "stranger-removal"
    ADDITION = "addition"
    PUT_BACK = "put-back"
    APPROVED = "approved"
    APART = "apart"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Applied:
    """A change that was written within the last rolling day."""

    key: Key
    counted_as: CountedAs
    at: datetime
    event_id: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """What a meeting has behind it: approvals in force, what was written in the last 24 hours, its pauses.

    `paused_because` names a pause or, without one, what `read_only_because` names: that the calendar may only be read.
    """

    first_plan_is_open: bool = False
    is_restored_copy: bool = False
    released: frozenset[Key] = frozenset()
    applied: tuple[Applied, ...] = ()
    paused_because: str | None = None
    read_only_because: str | None = None
    writes_paused_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every change the rules ask for, sorted; those with a hold are not written by this plan."""

    meeting: str
    observed_at: datetime
    changes: tuple[Planned, ...]
    findings: tuple[Finding, ...]
    counted: Mapping[Key, CountedAs] = field(default_factory=dict, compare=False)

    @property
    def to_write(self) -> tuple[Change, ...]:
        return tuple(planned.change for planned in self.changes if planned.held is None)

    @property
    def for_approval(self) -> tuple[Planned, ...]:
        return tuple(p for p in self.changes if p.held is not None and p.held.kind.needs_approval)

    @property
    def waiting(self) -> tuple[Planned, ...]:
        return tuple(p for p in self.changes if p.held is not None and not p.held.kind.needs_approval)

    @property
    def keys_for_approval(self) -> tuple[Key, ...]:
        return tuple(sorted({planned.change.key for planned in self.for_approval}))

    @property
    def checksum(self) -> str | None:
        return checksum_of(self.keys_for_approval)

    def to_json(self) -> dict[str, Any]:
        return plan_json(self.meeting, self.observed_at, self, self.findings)

    def as_text(self) -> str:
        lines = [f"{self.meeting}, as read at {instant_text(self.observed_at)}"]
        lines += [_line(planned) for planned in self.changes]
        if self.checksum:
            lines.append(f"Approve what is held with: governance approve {self.meeting} {self.checksum}")
        return "\n".join(lines)


def make_plan(meeting: str, situation: Situation, drift: Drift, standing: Standing) -> Plan | None:
    """The plan of one meeting, or None when the rules ask for no change at all."""
    if not drift.changes:
        return None
    counted = {change.key: _counted_as(situation, change) for change in drift.changes}
    holder = _Holder(situation, drift, standing, counted)
    changes = tuple(Planned(change, holder.hold(change)) for change in drift.changes)
    findings = tuple(sorted({*drift.findings, *_contested_findings(changes)}, key=Finding.order))
    return Plan(meeting, situation.now, changes, findings, counted)


def plan_json(meeting: str, observed_at: datetime, plan: Plan | None, findings: Iterable[Finding]) -> dict[str, Any]:
    """What `governance plan --json` prints (design, §6), less the schema number."""
    return {
        "meeting": meeting,
        "observed_at": instant_text(observed_at),
        "checksum": plan.checksum if plan else None,
        "changes": [planned.to_json() for planned in plan.changes] if plan else [],
        "findings": [finding_json(finding) for finding in findings],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "event": finding.event,
        "occurrence": None if finding.occurrence is None else instant_text(finding.occurrence),
        "email": finding.email,
        "reason": finding.reason,
    }


def checksum_of(keys: Iterable[Key]) -> str | None:
    """Sixteen hexadecimal digits over the sorted set of (scope, kind, address or flag); None for no keys."""
    ordered = sorted(set(keys))
    if not ordered:
        return None
    return hashlib.sha256(json.dumps(ordered, separators=(",", ":")).encode()).hexdigest()[:16]


class _Holder:
    """Decides for every change of one drift whether it is written now."""

    def __init__(
        self, situation: Situation, drift: Drift, standing: Standing, counted: Mapping[Key, CountedAs]
    ) -> None:
        self.situation = situation
        self.drift = drift
        self.standing = standing
        self.counted = counted
        self.limit_why = dict(self._limits_passed())
        if not self._a_delegate_remains():
            self.limit_why[HoldKind.NO_DELEGATE] = "No delegate would remain on the invitation"

    def hold(self, change: Change) -> Hold | None:
        """A person first: what waits for a time as well is part of what the person is asked for."""
        return self._needs_a_person(change) or self._waits(change)

    def _waits(self, change: Change) -> Hold | None:
        standing, now = self.standing, self.situation.now
        if standing.paused_because is not None:
            return Hold(HoldKind.PAUSED, standing.paused_because)
        if standing.writes_paused_until is not None and standing.writes_paused_until > now:
            why = "Google lets this account write nothing for some hours"
            return Hold(HoldKind.WRITES_PAUSED, why, standing.writes_paused_until)
        if change.kind is ChangeKind.REMOVE_GUEST and (until := self._near_start(change)) is not None:
            why = "Nobody is removed from 60 minutes before the meeting until its end: chair and scribe decide"
            return Hold(HoldKind.NEAR_START, why, until)
        return self._was_undone(change)

    def _near_start(self, change: Change) -> datetime | None:
        """The end of the occurrence that is about to begin or running, where the change would touch it."""
        now = self.situation.now
        for picture in self.situation.pictures:
            for seen in picture.upcoming(now):
                if seen.start - BEFORE_START > now:
                    break
                if change.occurrence in (None, seen.original_start):
                    return seen.end
        return None

    def _was_undone(self, change: Change) -> Hold | None:
        own = self._tries(change)
        tries = [one.at for one in own]
        if _is_put_back(own):
            until = tries[-1] + ROLLING_DAY
            why = "Was put back once today already: ask the person, or change the roster"
            return Hold(HoldKind.ONCE_A_DAY, why, until)
        if len(tries) < CONTESTED_AFTER or not self.situation.modes.is_on("I15"):
            return None
        until = tries[-1] + CONTESTED_PAUSE
        if until <= self.situation.now:
            return None
        return Hold(HoldKind.CONTESTED, "Somebody undoes this again and again: change the roster?", until)

    def _tries(self, change: Change) -> list[Applied]:
        """Our writes of the same change on the same event, since we last wrote its opposite there."""
        same_event = [a for a in self.standing.applied if a.event_id in ("", change.event_id)]
        opposite = _OPPOSITE.get(change.kind)
        since = max((a.at for a in same_event if a.key == (change.scope, opposite, change.target)), default=None)
        own = [a for a in same_event if a.key == change.key and (since is None or a.at > since)]
        return sorted(own, key=lambda one: one.at)

    def _needs_a_person(self, change: Change) -> Hold | None:
        if self.standing.is_restored_copy:
            why = "The database is a restored copy, older than what was written: confirm what is to be done"
            return Hold(HoldKind.RESTORED, why)
        if change.key in self.standing.released:
            return None
        if self.standing.first_plan_is_open:
            return Hold(HoldKind.FIRST_PLAN, "The first plan of a meeting waits for approval")
        if HoldKind.NO_DELEGATE in self.limit_why:
            return Hold(HoldKind.NO_DELEGATE, self.limit_why[HoldKind.NO_DELEGATE])
        if change.rule == "I03":
            why = "A holder without a mandate is taken off only by approval; the sponsor can give the mandate"
            return Hold(HoldKind.NO_MANDATE, why)
        return self._beyond_a_limit(change)

    def _beyond_a_limit(self, change: Change) -> Hold | None:
        kind = _LIMITED.get(self.counted[change.key])
        return None if kind is None or kind not in self.limit_why else Hold(kind, self.limit_why[kind])

    def _limits_passed(self) -> Iterator[tuple[HoldKind, str]]:
        wanted = self._people(CountedAs.WANTED_REMOVAL)
        strangers = self._people(CountedAs.STRANGER_REMOVAL)
        additions = self._people(CountedAs.ADDITION, CountedAs.PUT_BACK)
        limit = self._limit()
        if len(wanted) > limit:
            yield HoldKind.WANTED_PEOPLE, f"{len(wanted)} people would be taken off within a day; more than {limit:g}"
        if len(strangers) > MOST_STRANGERS:
            yield (
                HoldKind.STRANGERS,
                f"{len(strangers)} uninvited people would be taken off within a day; more than {MOST_STRANGERS}",
            )
        if len(additions) > limit:
            yield HoldKind.ADDITIONS, f"{len(additions)} people would be added within a day; more than {limit:g}"

    def _people(self, *counted_as: CountedAs) -> set[str]:
        """People of the rolling day: written ones, and planned ones that nobody has approved."""
        done = {a.key[2] for a in self.standing.applied if a.counted_as in counted_as}
        planned = {
            change.target
            for change in self.drift.changes
            if self.counted[change.key] in counted_as and change.key not in self.standing.released
        }
        return done | planned

    def _limit(self) -> float:
        return max(LEAST_PEOPLE, len(baseline_of(self.situation)) / 4)

    def _a_delegate_remains(self) -> bool:
        """Whether the series would still carry somebody who holds a seat (or the chair holds one).

        Not only when all is approved: where people go, somebody has to be there who does not wait to be added.
        """
        roster = self.situation.roster
        for picture in self.situation.pictures:
            on = judged_day(self.situation, picture)
            if on is None or picture.series is None:
                continue
            holders = {person for seat in roster.seats if (person := seat.delegate(on)) is not None}
            changes = [c for c in self.drift.changes if c.event_id == picture.event_id and c.occurrence is None]
            for written in self._first_and_last(changes):
                after = {self.situation.identify(one) for one in _addresses_after(picture.series.addresses, written)}
                if not holders & (after | roster.always_allowed):
                    return False
        return True

    def _first_and_last(self, changes: list[Change]) -> Iterator[list[Change]]:
        """What would be written in the end, and what of it would be now, if that takes anybody off."""
        lasting = [c for c in changes if not self._always_waits(c)]
        yield lasting
        now = [c for c in lasting if c.key in self.standing.released or self._beyond_a_limit(c) is None]
        if any(c.kind is ChangeKind.REMOVE_GUEST for c in now):
            yield now

    def _always_waits(self, change: Change) -> bool:
        return change.rule == "I03" and change.key not in self.standing.released


def _addresses_after(present: Iterable[str], written: Iterable[Change]) -> set[str]:
    after = set(present)
    for change in written:
        if change.kind is ChangeKind.ADD_GUEST:
            after.add(change.target)
        elif change.kind is ChangeKind.REMOVE_GUEST:
            after.discard(change.target)
    return after


_OPPOSITE = {ChangeKind.ADD_GUEST: ChangeKind.REMOVE_GUEST.value, ChangeKind.REMOVE_GUEST: ChangeKind.ADD_GUEST.value}


def _is_put_back(tries: list[Applied]) -> bool:
    """Whether somebody was put back already: a first addition is none, a stand-in's or visitor's second one is."""
    if any(one.counted_as is CountedAs.PUT_BACK for one in tries):
        return True
    added = [one for one in tries if one.counted_as is CountedAs.APART and one.key[1] == ChangeKind.ADD_GUEST.value]
    return len(added) > 1


_LIMITED = {
    CountedAs.WANTED_REMOVAL: HoldKind.WANTED_PEOPLE,
    CountedAs.STRANGER_REMOVAL: HoldKind.STRANGERS,
    CountedAs.ADDITION: HoldKind.ADDITIONS,
    CountedAs.PUT_BACK: HoldKind.ADDITIONS,
}


def baseline_of(situation: Situation) -> frozenset[str]:
    """Addresses on the series when all was last well; before that ever was, those that are on it now."""
    people: set[str] = set()
    for picture in situation.pictures:
        if picture.next_occurrence(situation.now) is None:
            continue
        if picture.baseline is not None:
            people |= picture.baseline
        elif picture.series is not None and picture.is_live:
            people |= picture.series.addresses
    return frozenset(people)


def _counted_as(situation: Situation, change: Change) -> CountedAs:
    if change.is_apart:
        return CountedAs.APART
    if change.kind is ChangeKind.ADD_GUEST:
        was_there = any(change.target in (picture.baseline or ()) for picture in situation.pictures)
        return CountedAs.PUT_BACK if was_there else CountedAs.ADDITION
    if change.kind is not ChangeKind.REMOVE_GUEST:
        return CountedAs.OTHER
    return CountedAs.WANTED_REMOVAL if change.target in baseline_of(situation) else CountedAs.STRANGER_REMOVAL


def _contested_findings(changes: tuple[Planned, ...]) -> Iterator[Finding]:
    for planned in changes:
        if planned.held is not None and planned.held.kind in (HoldKind.CONTESTED, HoldKind.ONCE_A_DAY):
            change = planned.change
            email = change.target if "@" in change.target else None
            yield Finding("I15", planned.held.why, change.event_id, change.occurrence, email)


def _line(planned: Planned) -> str:
    change = planned.change
    when = "series" if change.scope == SERIES_SCOPE else change.scope
    held = f" – held: {planned.held.why}" if planned.held else ""
    return f"  {change.rule} {change.kind.value} {change.target} ({when}): {change.reason}{held}".replace("  (", " (")
