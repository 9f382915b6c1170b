"""Who was there for which seat as it was decided, who was known to be away, and who may speak for a seat."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from governance.domain.access import Act, Kind, Thing, may
from governance.domain.attendance import Attendance, State
from governance.domain.ledger import Confidentiality
from governance.services.attendance.reading import happened, room_seats, seat_terms, timing_of
from governance.services.decisions.doing import Doing
from governance.services.decisions.presence import sitting_of
from governance.services.recording import today_of

_AWAY = (State.APOLOGY, State.ABSENT)


def seats_there(doing: Doing) -> frozenset[UUID]:
    """None of a decision that belongs to no occurrence: nobody knows who was there."""
    return _seats(doing, lambda one: one.is_present)


def seats_away(doing: Doing) -> frozenset[UUID]:
    """Of whom somebody has said so; who is not here yet may still come."""
    return _seats(doing, lambda one: one.state in _AWAY)


def speaks_for(doing: Doing, seat: UUID, person: UUID) -> bool:
    """Whoever sits for it that day; on the days after it also who holds it by then."""
    _, sitting = sitting_of(doing.session, doing.meeting, doing.row.occurrence, doing.settings, doing.now)
    about = Thing(Kind.DECISION, doing.meeting.id, Confidentiality.SEATS, seat=seat)
    speakers = sitting[seat].speakers(today_of(doing.meeting, doing.now)) if seat in sitting else frozenset()
    return person in speakers and may(doing.who, Act.POSITION, about)


def _seats(doing: Doing, is_meant: Callable[[Attendance], bool]) -> frozenset[UUID]:
    occurrence = doing.row.occurrence
    if occurrence is None:
        return frozenset()
    seats = room_seats(
        seat_terms(doing.session, doing.meeting.id), happened(doing.session, [occurrence.id]), occurrence.id,
        timing_of(occurrence, doing.settings.charter), doing.meeting.time_zone, doing.now,
    )  # fmt: skip
    return frozenset(one.id for one in seats if is_meant(one.attendance))
