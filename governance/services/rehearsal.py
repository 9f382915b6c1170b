"""What an act on the roster would do to the invitation: the act itself is tried, judged before and after, and undone.

    judge → act → judge → what is new, what is no longer, what waits      (the caller rolls the transaction back)

There is no second way to work it out: the same services and the same judgement decide in the rehearsal and in earnest.
Confirming releases exactly the new changes that were shown, never what waited before.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.domain.rules import Finding
from governance.models.meeting import Meeting
from governance.reconcile.judging import Judgement, Site, judge
from governance.reconcile.plan import HoldKind, Key, Planned, checksum_of
from governance.services import approvals
from governance.services.meeting_page import Remark
from governance.services.meeting_page.planned import planned
from governance.store.meeting_page import names_of

_NOT_BY_CONFIRMING = frozenset({HoldKind.FIRST_PLAN, HoldKind.RESTORED, HoldKind.NO_MANDATE})
"""The first plan and a restored copy are decided as a whole, and who lost a mandate keeps the place until asked."""


@dataclass(frozen=True, slots=True)
class Consequences:
    """`changes` follow at once on confirming, `waiting` only after another decision or when its time has come.

    `from_day` is the first day on which they show, where that is later than today; then nothing is approved yet.
    `mark` differs whenever other consequences would be shown.
    """

    changes: tuple[Remark, ...] = ()
    waiting: tuple[Remark, ...] = ()
    no_longer: tuple[Remark, ...] = ()
    remarks: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()
    frozen: str | None = None
    from_day: date | None = None
    to_approve: tuple[Key, ...] = ()
    mark: str = ""

    @property
    def touch_the_invitation(self) -> bool:
        return bool(self.changes or self.waiting or self.no_longer)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the act says that it does, and what follows from it."""

    done: tuple[str, ...]
    consequences: Consequences


def rehearse(
    session: Session,
    meeting: Meeting,
    act: Callable[[], tuple[str, ...]],
    *,
    site: Site,
    now: datetime,
    takes_effect: datetime | None = None,
) -> Rehearsal:
    """Do the act in this session and say what follows; whether that is kept is the caller's business.

    Args:
        takes_effect: when a change that is dated later begins; looked at when nothing follows before.
    """
    moments = [now, *([takes_effect] if takes_effect is not None and takes_effect > now else [])]
    before = [judge(session, meeting.id, site=site, now=moment) for moment in moments]
    done = act()
    session.flush()
    found = Consequences()
    for past, moment in zip(before, moments, strict=True):
        after = judge(session, meeting.id, site=site, now=moment)
        from_day = after.situation.roster.day_of(moment) if moment > now else None
        found = _between(session, past, after, from_day)
        if found.touch_the_invitation:
            break
    return Rehearsal(done, found)


def approve_consequences(
    session: Session, meeting: Meeting, shown: Consequences, *, by: str, source: str, now: datetime
) -> None:
    """Release what was shown and would be held, and nothing else; where nothing is held there is nothing to do."""
    checksum = checksum_of(shown.to_approve)
    if checksum is not None:
        approvals.approve(session, meeting, checksum, shown.to_approve, by=by, source=source, now=now)


def _between(session: Session, before: Judgement, after: Judgement, from_day: date | None) -> Consequences:
    old, new = _changes(before), _changes(after)
    came = [one for key, one in new.items() if key not in old]
    went = [one for key, one in old.items() if key not in new]
    names = _names(session, after, [*came, *went])
    releasable = [one for one in came if _is_released_by_confirming(one)]
    frozen = after.drift.frozen
    shown = {
        "changes": _remarks([one for one in came if one.held is None or one in releasable], names),
        "waiting": _remarks([one for one in came if one.held is not None and one not in releasable], names),
        "no_longer": _remarks(went, names),
        "remarks": _said(after.findings, before.findings),
        "settled": _said(before.findings, after.findings),
        "frozen": frozen.reason if frozen else None,
        "from_day": from_day,
    }
    to_approve = () if from_day else tuple(sorted({one.change.key for one in releasable}))
    return Consequences(**shown, to_approve=to_approve, mark=_mark(shown, to_approve))  # type: ignore[arg-type]


def _changes(judgement: Judgement) -> dict[tuple[str, Key], Planned]:
    plan = judgement.plan
    return {(one.change.event_id, one.change.key): one for one in plan.changes} if plan else {}


def _is_released_by_confirming(one: Planned) -> bool:
    return one.held is not None and one.held.kind.needs_approval and one.held.kind not in _NOT_BY_CONFIRMING


def _remarks(some: Iterable[Planned], names: Mapping[str, str]) -> tuple[Remark, ...]:
    listed = list(some)
    for_a_person = [list(one.change.key) for one in listed if one.held and one.held.kind.needs_approval]
    plan = {"changes": [one.to_json() for one in listed], "held_keys": for_a_person}
    found = [remark for _, remark in planned(plan, names)]
    return tuple(sorted(found, key=lambda one: (one.occurrence is not None, str(one.occurrence), _name(one))))


def _name(remark: Remark) -> str:
    return remark.who.name.casefold() if remark.who else ""


def _said(some: Iterable[Finding], others: Iterable[Finding]) -> tuple[str, ...]:
    """What the rules remark of the roster itself: whatever leads to a change is among the changes."""
    known = {(one.rule, one.reason) for one in others}
    worth_saying = [one for one in some if one.rule[0] == "M" or one.rule in ("I03", "I04", "I13")]
    return tuple(dict.fromkeys(one.reason for one in worth_saying if (one.rule, one.reason) not in known))


def _names(session: Session, after: Judgement, some: Iterable[Planned]) -> dict[str, str]:
    roster = after.situation.roster
    targets = {one.change.target for one in some if "@" in one.change.target}
    ours = {address: str(roster.people[owner]) for address, owner in roster.address_owner.items()}
    return names_of(session, targets) | ours


def _mark(shown: Mapping[str, Any], to_approve: tuple[Key, ...]) -> str:
    """Over what a person read, without instants that pass: the same consequences a minute later have the same mark."""
    read = [
        [
            name,
            [[one.kind, one.who and one.who.address, one.flag, str(one.occurrence), one.fate] for one in shown[name]],
        ]
        for name in ("changes", "waiting", "no_longer")
    ]
    text = json.dumps([read, shown["remarks"], shown["frozen"], str(shown["from_day"]), to_approve], default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
