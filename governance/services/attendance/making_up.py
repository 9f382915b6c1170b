"""A missed occurrence is repaired: read what was decided, say what one carries, and take the question."""

from __future__ import annotations

from uuid import UUID

from governance.domain.limits import last_day_to_make_up, may_make_up
from governance.models import MakeUp
from governance.services.attendance import asking
from governance.services.attendance.doing import Doing
from governance.services.attendance.refusals import AttendanceRefused
from governance.services.recording import named, today_of

LONGEST_COMMITMENTS = 2000


def make_up(
    doing: Doing, seat_id: UUID, person_id: UUID, *, has_read: bool, commitments: str, outcome: str, answer: str = ""
) -> None:
    """Done by the delegate of that day, once; the answer is kept only when there is one.

    Raises:
        AttendanceRefused: something is missing, the days for it are over, or there is nothing to make up for.
    """
    seat, charter, occurrence = doing.seat(seat_id), doing.settings.charter, doing.occurrence
    if seat.delegate is None or seat.delegate.id != person_id:
        raise AttendanceRefused("Choose an occurrence that you missed", "the seat was somebody else's that day")
    if not may_make_up(seat.attendance, occurrence.start, doing.meeting.time_zone, charter, doing.now):
        until = last_day_to_make_up(occurrence.start, doing.meeting.time_zone, charter)
        raise AttendanceRefused("Talk to the chair", f"there is nothing to make up for, or the last day was {until}")
    words = commitments.strip()
    if not has_read:
        raise AttendanceRefused("Read what was decided and say so", "the box is not ticked")
    if not words or len(words) > LONGEST_COMMITMENTS:
        raise AttendanceRefused(
            f"Say what you will carry out, in at most {LONGEST_COMMITMENTS:,} letters", f"there are {len(words):,}"
        )
    if outcome not in (asking.ANSWERED, asking.PASSED):
        raise AttendanceRefused("Answer the question, or pass", "neither was chosen")
    turn = asking.give_make_up_turn(doing, person_id, seat_id)
    asking.settle(doing, turn.id, outcome, only_of=person_id)
    if answer.strip() and outcome == asking.ANSWERED:
        asking.keep_answer(doing.session, doing.meeting, turn, answer, actor=doing.actor, now=doing.now)
    doing.session.add(
        MakeUp(
            seat_id=seat_id, occurrence_id=occurrence.id, person_id=person_id, commitments=words, at=doing.now
        )
    )  # fmt: skip
    doing.session.flush()
    doing.announce_standing(seat_id)
    doing.note(
        "missed-made-up", f"seat:{seat_id}",
        after={"department": seat.department, "person": named(doing.session, person_id),
               "on": today_of(doing.meeting, occurrence.start), "commitments": words},
    )  # fmt: skip
