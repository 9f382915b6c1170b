"""Who reads the positions of one decision: of some it depends on the occurrence, and on the hour."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, Who, may
from governance.domain.attendance import Timing
from governance.domain.ledger import Confidentiality
from governance.services.attendance.reading import timing_of
from governance.services.decisions.doing import Doing
from governance.services.decisions.presence import Sitting, sitting_of


def may_read_positions(
    actor: Actor, meeting_id: UUID, sitting: Mapping[UUID, Sitting], timing: Timing | None, now: datetime
) -> bool:
    """Stand-ins those of their occurrence, the scribe while it runs; the others always."""
    stood_in = {one.stand_in.id for one in sitting.values() if one.stand_in}
    is_scribe = any(one.who is Who.SCRIBE and one.meeting == meeting_id for one in actor.held)
    runs = timing is not None and timing.opens_at <= now < timing.end
    is_theirs = actor.person in stood_in or (is_scribe and runs)
    owner = actor.person if is_theirs else None
    return may(actor, Act.READ, Thing(Kind.POSITIONS, meeting_id, Confidentiality.PRIVATE, owner=owner))


def reads_positions(doing: Doing) -> bool:
    """Whether whoever acts does."""
    occurrence = doing.row.occurrence
    timing = timing_of(occurrence, doing.settings.charter) if occurrence else None
    _, sitting = sitting_of(doing.session, doing.meeting, occurrence, doing.settings, doing.now)
    return may_read_positions(doing.who, doing.meeting.id, sitting, timing, doing.now)
