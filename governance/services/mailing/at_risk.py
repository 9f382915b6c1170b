"""Who hears that a seat is at a limit or beyond it: an hour after the occurrence, when what was marked has settled."""

from __future__ import annotations

from collections.abc import Iterator

from governance.domain.limits import Standing, last_day_to_make_up, may_make_up
from governance.mail import facts
from governance.services.attendance.values import AttendancePage, SeatRow
from governance.services.attendance.weeks import attendance_page
from governance.services.mailing.announcing import SeatJudged
from governance.services.mailing.desk import Desk
from governance.services.mailing.letters import Post
from governance.services.mailing.posting import post_all
from governance.store.outbox import take_back
from governance.store.standing import modes_of


def tell_of_risk(desk: Desk, fact: SeatJudged) -> None:
    """What was posted of the seat and still waits is taken back first, whichever occurrence it followed: a correction
    may have changed it. It is posted again for the time at which it was due.
    """
    waited = take_back(desk.session, desk.meeting.id, facts.SeatAtRisk.KIND, f"{fact.seat_id}:")
    if not desk.meeting.first_plan_approved or not modes_of(desk.session, desk.meeting.id).is_on("A03"):
        return
    page = attendance_page(desk.session, desk.meeting, desk.now, viewer=None)
    row = next((one for one in page.rows if one.id == fact.seat_id), None)
    if row is not None and row.delegate is not None and row.tally.standing is not Standing.WELL:
        posts = list(_posts(desk, page, row, _about(page, row)))
        post_all(desk.session, desk.meeting, posts, now=desk.now, due_at=max(fact.due_at, desk.now, *waited))


def _about(page: AttendancePage, row: SeatRow) -> str:
    """One mail for each standing that the newest miss led to, whichever occurrence was marked or corrected last."""
    counted = [
        column.occurrence_id
        for column, cell, sat in zip(page.columns, row.cells, row.sat, strict=True)
        if sat == row.delegate and (cell.counts_as_late or cell.counts_as_absent)
    ]
    return f"{row.id}:{counted[-1]}:{row.tally.standing.value}"


def _posts(desk: Desk, page: AttendancePage, row: SeatRow, about: str) -> Iterator[Post]:
    """At the limit the delegate alone; beyond it the sponsor and the chairs as well."""
    if row.delegate is None:
        return
    is_warning = row.tally.standing is Standing.WARNED
    seat = desk.roster.seat(row.id)
    sponsor = desk.sponsor_of(seat) if seat is not None else None
    to = {"delegate": [row.delegate.id]}
    if not is_warning:
        told = {row.delegate.id}
        to["sponsor"] = [sponsor] if sponsor is not None and sponsor not in told else []
        told |= set(to["sponsor"])
        to["chair"] = [one.person_id for one in desk.chairs if one.person_id not in told]
    for role, people in to.items():
        for person in people:
            yield Post(
                facts=facts.SeatAtRisk(
                    department=row.department, delegate=row.delegate.name, to=role, is_warning=is_warning,
                    late=row.tally.late, absent=row.tally.absent, late_limit=page.charter.late_limit,
                    absent_limit=page.charter.absent_limit, window=page.charter.window,
                    make_up_until=_make_up_until(desk, page, row),
                ),
                about=about,
                to=person,
            )  # fmt: skip


def _make_up_until(desk: Desk, page: AttendancePage, row: SeatRow) -> str | None:
    """The last day for the newest occurrence, where the delegate missed it."""
    if not page.columns:
        return None
    start, newest = page.columns[-1].start, row.cells[-1]
    if not may_make_up(newest, start, page.time_zone, page.charter, desk.now):
        return None
    return last_day_to_make_up(start, page.time_zone, page.charter).isoformat()
