"""Which seats were there as it was decided: from the marks of the occurrence, in person or by stand-in."""

from __future__ import annotations

from uuid import UUID

from governance.services.attendance.reading import happened, room_seats, seat_terms, timing_of
from governance.services.decisions.doing import Doing


def seats_there(doing: Doing) -> frozenset[UUID]:
    """None of a decision that belongs to no occurrence: nobody knows who was there."""
    occurrence = doing.row.occurrence
    if occurrence is None:
        return frozenset()
    seats = room_seats(
        seat_terms(doing.session, doing.meeting.id), happened(doing.session, [occurrence.id]), occurrence.id,
        timing_of(occurrence, doing.settings.charter), doing.meeting.time_zone, doing.now,
    )  # fmt: skip
    return frozenset(one.id for one in seats if one.attendance.is_present)
