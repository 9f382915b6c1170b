"""What a page computes from a decision: once from all of it, and once as if every position were the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from governance.domain.attendance import Timing
from governance.domain.decisions.life import Remark, remarks
from governance.domain.decisions.outcome import quorum
from governance.domain.decisions.positions import unheard
from governance.domain.decisions.presence import lost_at, present_at
from governance.domain.decisions.values import Decision, Quorum
from governance.domain.decisions.veil import veiled
from governance.models import Meeting
from governance.services.attendance.reading import Settings, day_of
from governance.services.decisions.closing_page import ClosingPart, closing_part
from governance.services.decisions.presence import Sitting


@dataclass(frozen=True, slots=True)
class Derived:
    quorum: Quorum
    quorum_lost_at: datetime | None
    heard: frozenset[UUID]
    remarks: tuple[Remark, ...]
    closing: ClosingPart


def derived(
    decision: Decision, meeting: Meeting, settings: Settings, sitting: Mapping[UUID, Sitting], timing: Timing | None,
    now: datetime, *, reads_positions: bool,
) -> Derived:  # fmt: skip
    seen = veiled(decision, reads_positions=reads_positions)
    fraction = settings.charter.quorum
    stays = tuple(stay for one in sitting.values() if (stay := one.stay) is not None)
    at = decision.decided_at or (min(now, timing.end) if timing else now)
    found = seen.quorum or quorum(seen, present_at(stays, at), fraction, now)
    if decision.quorum is not None:
        # What was needed is as it was decided with; only how many are counted as there tells of recusals.
        found = seen.quorum or replace(decision.quorum, present=found.present)
        seen = replace(seen, quorum=found)
    today = day_of(now, meeting.time_zone)
    return Derived(
        found,
        None if decision.quorum else lost_at(seen, stays, fraction, at),
        frozenset(one.seat for one in seen.electors) - set(unheard(seen, now)),
        remarks(seen, now, settings.modes),
        closing_part(seen, settings.modes, now, today, reads_positions=reads_positions),
    )
