"""The rules of a meeting as its chair sees them, and what another mode of one of them would do.

    rows → RulesPage(each rule: mode, what it found, what it did lately)
    judged twice on the stored picture → Rehearsal(what would begin, what would end)

A rehearsal writes nothing: it runs in a session that cannot.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.rules import AT_WORK, RULES, Mode, Modes, Rule
from governance.models import Meeting
from governance.reconcile.judging import Judgement, Site, judged, read_meeting
from governance.reconcile.plan import Key, checksum_of
from governance.services import approvals, settings
from governance.services.meeting_page import Fate, Remark
from governance.services.meeting_page import planned as plans
from governance.store import rule_pages as store
from governance.store.meeting_page import names_of
from governance.store.meetings import lock_meeting
from governance.store.rule_pages import LastSet, Written
from governance.store.standing import modes_of

LATELY = timedelta(days=30)
_EACH = 3
"""So many of the newest changes of a rule are named."""


@dataclass(frozen=True, slots=True)
class RuleLine:
    """`choices` are the modes that differ in what they do; `written_many` counts all changes of the last 30 days."""

    rule: Rule
    mode: Mode
    choices: tuple[Mode, ...]
    remarks: tuple[Remark, ...]
    written: tuple[Written, ...]
    last_set: LastSet | None

    @property
    def written_many(self) -> int:
        return self.written[0].many if self.written else 0


@dataclass(frozen=True, slots=True)
class RulesPage:
    id: UUID
    slug: str
    name: str
    time_zone: str
    is_read: bool
    """Whether the invitation was ever looked at; before that no rule can have found anything."""
    rules: tuple[RuleLine, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What the next look would do otherwise if the rule had another mode.

    `begins` are changes that would come, `ends` those that would not come any more, `told` what would be remarked,
    `silent` what would not be remarked any more. `approves` are the keys of those that confirming releases.
    """

    rule: Rule
    present: Mode
    wanted: Mode
    choices: tuple[Mode, ...]
    begins: tuple[Remark, ...]
    ends: tuple[Remark, ...]
    told: tuple[Remark, ...]
    silent: tuple[Remark, ...]
    approves: tuple[Key, ...]
    last_set: LastSet | None
    names: Mapping[str, str]

    @property
    def checksum(self) -> str:
        return checksum_of(self.approves) or ""


class RehearsedOtherwise(GovernanceError):
    """Somebody has set the rule meanwhile, or its consequences are others than were shown."""

    def __init__(self) -> None:
        super().__init__("Look at the consequences again", "they changed since they were shown; nothing was done")


def rules_page(session: Session, meeting: Meeting, now: datetime) -> RulesPage:
    plan, found = meeting.plan_json or {}, meeting.findings_json or []
    written = store.written_since(session, meeting.id, now - LATELY, _EACH)
    last = store.last_set(session, meeting.id)
    about = [*(one.get("email") for one in [*plan.get("changes", ()), *found]), *(one.target for one in written)]
    names = names_of(session, {one for one in [*about, *(one.by for one in last.values())] if one and "@" in one})
    modes = modes_of(session, meeting.id)
    remarks = {
        group.rule.code: group.remarks for group in plans.findings(found, plans.planned(plan, names), modes, names)
    }
    lines = tuple(
        RuleLine(
            rule,
            modes.of(code),
            choices(rule, modes.of(code)),
            remarks.get(code, ()),
            tuple(one for one in written if one.rule == code),
            last.get(code),
        )
        for code, rule in RULES.items()
        if code[0] in AT_WORK
    )
    return RulesPage(
        meeting.id, meeting.slug, meeting.name, meeting.time_zone, meeting.plan_json is not None, lines, names
    )


def choices(rule: Rule, present: Mode) -> tuple[Mode, ...]:
    """Where nothing is ever written, to enforce is to observe; a mode that was set all the same is shown."""
    wanted = {Mode.OFF, Mode.OBSERVE, present} | ({Mode.ENFORCE} if rule.default is Mode.ENFORCE else set())
    return tuple(mode for mode in Mode if mode in wanted)


def rehearse(session: Session, meeting: Meeting, code: str, mode: Mode, *, site: Site, now: datetime) -> Rehearsal:
    """Judge the stored picture with the present mode and with the wanted one, and compare."""
    read = read_meeting(session, meeting.id, site=site, now=now)
    modes, before = read.modes, judged(read)
    after = judged(read, rule_change=lambda present: _with(present, code, mode))
    last = store.last_set(session, meeting.id).get(code)
    addresses = {one.email for each in (before, after) for one in each.findings if one.email}
    addresses |= {target for each in (before, after) if each.plan for target in _targets(each)}
    known = names_of(session, addresses | ({last.by} if last and last.by else set()))
    names = {**_as_guests(after), **known}
    old, new = _planned(before, names), _planned(after, names)
    begins = tuple(remark for key, remark in new.items() if key not in old)
    fates = {key: remark.fate for key, remark in new.items() if key not in old}
    return Rehearsal(
        rule=RULES[code],
        present=modes.of(code),
        wanted=mode,
        choices=choices(RULES[code], modes.of(code)),
        begins=begins,
        ends=tuple(remark for key, remark in old.items() if key not in new),
        told=_only(after, before, code, names),
        silent=_only(before, after, code, names),
        approves=_released(meeting, fates),
        last_set=last,
        names=names,
    )


def change_mode(
    session: Session,
    meeting: Meeting,
    code: str,
    mode: Mode,
    *,
    was: str,
    checksum: str,
    by: str,
    why: str | None,
    site: Site,
    now: datetime,
) -> None:
    """Set the mode and release exactly the consequences that were shown with it.

    Raises:
        RehearsedOtherwise: the rule is not what it `was`, or what would be released is not what was shown.
    """
    lock_meeting(session, meeting)
    found = rehearse(session, meeting, code, mode, site=site, now=now)
    if found.present is mode:
        return
    if (found.present.value, found.checksum) != (was, checksum):
        raise RehearsedOtherwise
    settings.set_rule_mode(
        session, meeting, code, mode.value, actor="person", now=now, source="web", by=by, why=why or None
    )
    if found.approves:
        approvals.approve(session, meeting, found.checksum, found.approves, by=by, source="web", now=now)


def _with(modes: Modes, code: str, mode: Mode) -> Modes:
    return Modes({**modes.own, code: mode})


def _targets(of: Judgement) -> set[str]:
    changes = of.plan.to_json()["changes"] if of.plan else []
    return {change["email"] for change in changes if change["email"]}


def _as_guests(of: Judgement) -> dict[str, str]:
    """What people call themselves on the invitation, for those whom we do not know."""
    pictures = of.situation.pictures
    events = [event for picture in pictures for event in (picture.series, *picture.exceptions) if event is not None]
    return {guest.address: guest.name for event in events for guest in event.guests if guest.address and guest.name}


def _planned(of: Judgement, names: Mapping[str, str]) -> dict[Key, Remark]:
    """The changes as they would be shown, by what they would do."""
    if of.plan is None:
        return {}
    shown = {**of.plan.to_json(), "held_keys": [list(key) for key in of.plan.keys_for_approval]}
    pairs = plans.planned(shown, names)
    return {_key(change): remark for change, remark in pairs}


def _key(change: Mapping[str, str | None]) -> Key:
    return (change["occurrence"] or "series", change["kind"] or "", change["email"] or change["flag"] or "")


def _released(meeting: Meeting, fates: Mapping[Key, Fate]) -> tuple[Key, ...]:
    """While the first plan or a restored copy waits, a rule's consequences wait with everything else."""
    if not meeting.first_plan_approved or meeting.restored_hold:
        return ()
    return tuple(sorted(key for key, fate in fates.items() if fate is Fate.WAITS_FOR_YOU))


def _only(one: Judgement, other: Judgement, code: str, names: Mapping[str, str]) -> tuple[Remark, ...]:
    """What the rule remarks in the one and not in the other."""
    theirs = set(other.findings)
    found = [finding for finding in one.findings if finding.rule == code and finding not in theirs]
    raw: Sequence[Mapping[str, object]] = [
        {"rule": f.rule, "reason": f.reason, "event": f.event, "occurrence": None, "email": f.email} for f in found
    ]
    groups = plans.findings(raw, (), Modes({}), names)
    return tuple(remark for group in groups for remark in group.remarks)
