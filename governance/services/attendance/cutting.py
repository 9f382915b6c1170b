"""The room and the page as one reader may see them."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.attendance.values import AttendancePage, Room, RoomSeat, TurnLine

ANSWERED = "answered"


def cut_room(room: Room, actor: Actor) -> Room:
    """Who may not read all of it sees their department's seat; who passed is known to them and to the chair."""
    may_mark = may(actor, Act.CHANGE, _seats(room.id))
    shown = replace(
        room,
        may_mark=may_mark,
        may_attend=may(actor, Act.ATTEND, Thing(Kind.MEETING, room.id)),
        seats=tuple(one for one in room.seats if _may_read(room.id, one.id, actor)),
        turns=tuple(one if may_mark else _without_passing(one, actor) for one in room.turns),
    )
    if may(actor, Act.READ, _seats(room.id)):
        return shown
    return replace(shown, seats=tuple(_unnumbered(one) for one in shown.seats), turns=(), question=None)


def cut_page(page: AttendancePage, actor: Actor) -> AttendancePage:
    is_whole = may(actor, Act.READ, _seats(page.id))
    rows = tuple(row for row in page.rows if _may_read(page.id, row.id, actor))
    seats = {row.id for row in rows}
    return replace(
        page,
        is_whole=is_whole,
        rows=rows,
        findings=page.findings if may(actor, Act.CHANGE, _seats(page.id)) else (),
        made_up=tuple(one for one in page.made_up if is_whole and one.seat_id in seats),
        may_export=may(actor, Act.EXPORT, _seats(page.id)),
        may_mark=may(actor, Act.CHANGE, _seats(page.id)),
    )


def _seats(meeting_id: UUID) -> Thing:
    return Thing(Kind.ATTENDANCE, meeting_id, Confidentiality.SEATS)


def _may_read(meeting_id: UUID, seat_id: UUID, actor: Actor) -> bool:
    return may(actor, Act.READ, replace(_seats(meeting_id), seat=seat_id))


def _without_passing(turn: TurnLine, actor: Actor) -> TurnLine:
    """To the others somebody's turn is over, however it ended."""
    is_own = turn.person.id == actor.person
    return turn if is_own or turn.outcome is None else replace(turn, outcome=ANSWERED)


def _unnumbered(seat: RoomSeat) -> RoomSeat:
    return replace(seat, order=None)
