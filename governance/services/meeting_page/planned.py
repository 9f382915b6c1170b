"""What was planned and found, each with what becomes of it; nothing is judged anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from governance.domain.rules import RULES, Mode, Modes
from governance.services.approvals import held_keys
from governance.services.meeting_page.values import (
    Fate,
    Held,
    HeldPerson,
    PersonLine,
    Remark,
    RuleFindings,
    Verdict,
)
from governance.store.standing import StoredVerdict

Planned = Sequence[tuple[Mapping[str, Any], Remark]]
"""Each change as it was recorded, and as it is shown."""


def planned(plan: Mapping[str, Any], names: Mapping[str, str]) -> Planned:
    for_you = frozenset(held_keys(dict(plan)))
    return [(change, _remark(change, _fate(change, for_you), names)) for change in plan.get("changes", ())]


def with_fate(changes: Planned, fate: Fate) -> tuple[Remark, ...]:
    return tuple(remark for _, remark in changes if remark.fate is fate)


def held(
    changes: Planned, checksum: str | None, approval: StoredVerdict | None, names: Mapping[str, str], now: datetime
) -> Held | None:
    """What waits for a person, grouped by whom it is about."""
    remarks = with_fate(changes, Fate.WAITS_FOR_YOU)
    if not remarks or not checksum:
        return None
    ordered = sorted(remarks, key=_about)
    people = tuple(HeldPerson(same[0].who, same) for _, group in groupby(ordered, key=_about) if (same := tuple(group)))
    whys = tuple(dict.fromkeys(remark.held for remark in remarks if remark.held))
    return Held(checksum, people, whys, _verdict(approval, names, now))


def findings(
    found: Iterable[Mapping[str, Any]], changes: Planned, modes: Modes, names: Mapping[str, str]
) -> tuple[RuleFindings, ...]:
    fates = {_place(change): remark.fate for change, remark in changes}
    by_rule: dict[str, list[Remark]] = {}
    for one in found:
        fate = fates.get(_place(one)) or _fate_of_finding(modes.of(one["rule"]), one["rule"])
        by_rule.setdefault(one["rule"], []).append(_remark(one, fate, names))
    return tuple(RuleFindings(RULES[code], modes.of(code), tuple(remarks)) for code, remarks in sorted(by_rule.items()))


def _fate(change: Mapping[str, Any], for_you: frozenset[Any]) -> Fate:
    if not change["held"]:
        return Fate.UNDER_WAY
    key = (change["occurrence"] or "series", change["kind"], change["email"] or change["flag"] or "")
    return Fate.WAITS_FOR_YOU if key in for_you else Fate.WAITS_FOR_TIME


def _remark(found: Mapping[str, Any], fate: Fate, names: Mapping[str, str]) -> Remark:
    address, occurrence = found.get("email"), found.get("occurrence")
    return Remark(
        rule=found["rule"],
        reason=found["reason"],
        fate=fate,
        who=PersonLine(names.get(address, address), address) if address else None,
        kind=found.get("kind"),
        flag=found.get("flag"),
        occurrence=datetime.fromisoformat(occurrence) if occurrence else None,
        held=found.get("held"),
    )


def _about(remark: Remark) -> tuple[bool, str, str]:
    """People by name, the invitation's own settings last."""
    return (
        remark.who is None,
        remark.who.name.casefold() if remark.who else "",
        (remark.who and remark.who.address) or "",
    )


def _verdict(found: StoredVerdict | None, names: Mapping[str, str], now: datetime) -> Verdict | None:
    if found is None or (found.verdict == "approved" and found.expires_at <= now):
        return None
    return Verdict(found.verdict == "approved", names.get(found.by, found.by), found.at)


def _place(found: Mapping[str, Any]) -> tuple[object, ...]:
    return (found["rule"], found["event"], found["occurrence"], found["email"])


def _fate_of_finding(mode: Mode, code: str) -> Fate:
    """A rule that could write but is told only to observe is worth saying; the others have nothing to write."""
    return Fate.ONLY_WATCHED if mode is Mode.OBSERVE and RULES[code].default is Mode.ENFORCE else Fate.NOTED
