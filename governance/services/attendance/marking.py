"""Marks about arrivals: by the delegate's own tap, by chair or scribe, and corrections with their reason.

Every mark is kept. What it comes to is decided anew from all of them, and whoever is late by it owes the question from
that moment on.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from governance.domain.attendance import Attendance, MarkKind, Source, State
from governance.models import AttendanceMark
from governance.services.attendance import asking
from governance.services.attendance.doing import Doing
from governance.services.attendance.refusals import AttendanceRefused, NotNow
from governance.services.attendance.values import PersonName, RoomSeat
from governance.services.recording import named, today_of
from governance.store import attendance as store

LONGEST_REASON = 300


def check_in(doing: Doing, person_id: UUID) -> Attendance:
    """*I am here*: the first tap counts, a second one changes nothing.

    Raises:
        NotNow: the doors are not open.
        AttendanceRefused: the person neither holds a seat nor stands in that day.
    """
    _require_open(doing)
    seat = _own_seat(doing, person_id)
    _add(doing, seat, MarkKind.ARRIVED, Source.CHECK_IN, doing.now, person_id)
    return doing.seat(seat.id).attendance


def apologise(doing: Doing, person_id: UUID) -> None:
    """*I cannot come*: no reason is asked, and none kept.

    Raises:
        NotNow: it is over, or was called off.
    """
    if doing.now >= doing.occurrence.end or doing.occurrence.cancelled:
        raise NotNow("Ask the scribe to correct what was recorded", "the occurrence is over")
    _add(doing, _own_seat(doing, person_id), MarkKind.APOLOGY, Source.CHECK_IN, doing.now, None)


def mark(doing: Doing, seat_id: UUID, kind: MarkKind) -> None:
    """What chair or scribe see, as it happens.

    Raises:
        NotNow: somebody would arrive outside the open doors, or be absent before the grace is over.
        AttendanceRefused: who leaves has not arrived.
    """
    seat = doing.seat(seat_id)
    if kind in (MarkKind.ARRIVED, MarkKind.LEFT):
        _require_open(doing)
    if kind is MarkKind.ABSENT:
        _require_grace_over(doing)
    if kind is MarkKind.LEFT and not seat.attendance.is_present:
        raise AttendanceRefused("Mark the arrival first", "who has not come cannot leave")
    who = (seat.came if kind is MarkKind.LEFT else seat.expected) if kind in (MarkKind.ARRIVED, MarkKind.LEFT) else None
    _add(doing, seat, kind, Source.SCRIBE, doing.now, who.id if who else None)


def mark_rest_absent(doing: Doing) -> int:
    """Everybody about whom nobody said anything, nor took it back; how many that were.

    Raises:
        NotNow: the grace is not over.
    """
    waiting = (State.NOT_HERE_YET, State.UNKNOWN)
    open_seats = [one for one in doing.seats() if one.attendance.state in waiting and not one.attendance.is_corrected]
    for seat in open_seats:
        mark(doing, seat.id, MarkKind.ABSENT)
    return len(open_seats)


def correct(
    doing: Doing, seat_id: UUID, kind: MarkKind, at: datetime, reason: str, *, person_id: UUID | None = None
) -> None:
    """A person's word that outweighs every mark before it. Of an apology no reason is kept.

    Raises:
        AttendanceRefused: the reason is missing or too long, or the time lies outside the occurrence.
        NotNow: somebody would be absent before the grace is over.
    """
    seat = doing.seat(seat_id)
    why = " ".join(reason.split())
    if kind is MarkKind.APOLOGY:
        why = ""
    elif not why or len(why) > LONGEST_REASON:
        raise AttendanceRefused(
            f"Say why, in at most {LONGEST_REASON} letters", "the correction outweighs what was marked"
        )
    if kind is MarkKind.ABSENT:
        _require_grace_over(doing)
    is_timed = kind in (MarkKind.ARRIVED, MarkKind.LEFT)
    if is_timed and not doing.timing.opens_at <= at <= min(doing.occurrence.end, doing.now):
        raise AttendanceRefused(
            "Enter a time from 15 minutes before the start until now", "nobody was in the room then"
        )
    who = person_id or (seat.came.id if seat.came else None)
    if is_timed and who not in {one.id for one in (seat.delegate, seat.stand_in) if one}:
        raise AttendanceRefused("Choose the delegate or the stand-in", "nobody else sits on this seat that day")
    _add(doing, seat, kind, Source.CORRECTION, at, who if is_timed else None, why or None)


def call_off(doing: Doing, *, took_place: bool) -> None:
    """Whether the occurrence took place at all: one that did not counts for nobody."""
    if doing.occurrence.cancelled is not took_place:
        return
    counted = [one for one in doing.seats() if _counts(one)]
    doing.occurrence.cancelled = not took_place
    act = "occurrence-took-place" if took_place else "occurrence-called-off"
    doing.note(act, f"occurrence:{doing.occurrence.id}", after={"on": today_of(doing.meeting, doing.occurrence.start)})
    if not took_place:
        asking.forget_all(doing)
    else:
        for seat in doing.seats():
            asking.follow(doing, seat, _person_of(seat))
    for seat in counted or [one for one in doing.seats() if _counts(one)]:
        doing.announce_standing(seat.id)


def _require_grace_over(doing: Doing) -> None:
    if doing.now < doing.timing.late_after or doing.occurrence.cancelled:
        raise NotNow("Wait until the grace is over", "before it nobody is absent")


def _require_open(doing: Doing) -> None:
    if doing.occurrence.cancelled:
        raise NotNow("Look at the meeting's page for the next occurrence", "this one does not take place")
    if doing.now < doing.timing.opens_at:
        raise NotNow("Come back 15 minutes before the start", "the room is not open yet")
    if doing.now >= doing.occurrence.end:
        raise NotNow("Ask the scribe to correct what was recorded", "the occurrence is over")


def _own_seat(doing: Doing, person_id: UUID) -> RoomSeat:
    seats = doing.seats()
    own = [one for one in seats if one.stand_in and one.stand_in.id == person_id]
    own += [one for one in seats if one.delegate and one.delegate.id == person_id]
    if not own:
        raise AttendanceRefused("Ask the chair who sits for your department today", "you hold no seat on that day")
    return own[0]


def _add(
    doing: Doing,
    seat: RoomSeat,
    kind: MarkKind,
    source: Source,
    at: datetime,
    person: UUID | None,
    why: str | None = None,
) -> None:
    """Keep the mark, once for each source that is no correction, and let the question follow.

    Raises:
        AttendanceRefused: that very mark was there and a correction took it back; to say it again would change nothing.
    """
    if source is not Source.CORRECTION and store.has_mark(doing.session, seat.id, doing.occurrence.id, source, kind):
        if seat.attendance.is_corrected and not seat.attendance.is_present:
            raise AttendanceRefused("Ask chair or scribe to correct it", "what was marked before was corrected")
        return
    doing.session.add(
        AttendanceMark(
            seat_id=seat.id, occurrence_id=doing.occurrence.id, person_id=person, kind=kind.value, source=source.value,
            at=at, recorded_at=doing.now, by=doing.actor, reason=why,
        )
    )  # fmt: skip
    after = doing.seat(seat.id)
    who = person or (seat.expected.id if seat.expected else None)
    doing.note(
        _ACTS[kind] if source is not Source.CORRECTION else "attendance-corrected", f"seat:{seat.id}",
        why=why, before=_said(seat) if source is Source.CORRECTION else None,
        after={"department": seat.department, "person": named(doing.session, who) if who else None,
               "on": today_of(doing.meeting, doing.occurrence.start), **_said(after), "by": source.value},
    )  # fmt: skip
    asking.follow(doing, after, _person_of(after))
    if _counts(seat) or _counts(after):
        doing.announce_standing(seat.id)


def _counts(seat: RoomSeat) -> bool:
    return seat.attendance.counts_as_late or seat.attendance.counts_as_absent


def _person_of(seat: RoomSeat) -> PersonName | None:
    return seat.came if seat.attendance.is_present else None


def _said(seat: RoomSeat) -> dict[str, object]:
    found = seat.attendance
    return {"state": found.state.value, "minutes": found.late_minutes, "at": found.left_at or found.arrived_at}


_ACTS = {
    MarkKind.ARRIVED: "arrival-marked",
    MarkKind.LEFT: "leaving-marked",
    MarkKind.APOLOGY: "apology-marked",
    MarkKind.ABSENT: "absence-marked",
}
