"""Arrivals, the question of the week, and what both come to: services over `domain.attendance` and its neighbours.

rows → Day (one occurrence as values) → Room or AttendancePage → cut for its reader
an act → a mark or a turn, and its entry in the ledger
"""

from governance.services.attendance.cutting import cut_page, cut_room
from governance.services.attendance.refusals import AttendanceRefused
from governance.services.attendance.values import (
    AttendancePage,
    Column,
    OwnMiss,
    Room,
    RoomSeat,
    SeatRow,
    TurnLine,
    WeekQuestion,
)

__all__ = [
    "AttendancePage",
    "AttendanceRefused",
    "Column",
    "OwnMiss",
    "Room",
    "RoomSeat",
    "SeatRow",
    "TurnLine",
    "WeekQuestion",
    "cut_page",
    "cut_room",
]
