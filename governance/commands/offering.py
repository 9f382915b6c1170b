"""What a frozen meeting could go on in, told to the operator who asks for its plan.

An event that nobody has adopted is nobody's business here: so it is looked for only while a person waits for the
answer, and nothing of it is kept.
"""

from __future__ import annotations

import shlex
import sys

from governance.calendar.series_ahead import RecurringEvent, successors
from governance.commands.output import on_one_line
from governance.commands.site import Site, google_of
from governance.domain.days import said_start
from governance.reconcile.judging import Judgement
from governance.reconcile.ports import CalendarTrouble
from governance.reconcile.waiting import UNREADABLE
from governance.store import meetings, pictures, standing


def print_successors(site: Site, found: Judgement) -> None:
    """One command line for each event that the meeting may go on in; nothing where it is not lost.

    The plan was printed already and stands, whatever becomes of this: a calendar that fails now is told beside it.
    """
    frozen = found.drift.frozen
    if frozen is None or frozen.code == UNREADABLE:
        return
    try:
        offered = _successors(site, found)
    except CalendarTrouble as trouble:
        print(trouble, file=sys.stderr)
        return
    if offered:
        print("It may go on in:" if len(offered) == 1 else "It may go on in one of:")
    for event in offered:
        print(f"  {_line(found, event)}")


def _successors(site: Site, found: Judgement) -> tuple[RecurringEvent, ...]:
    with site.database.reading() as session:
        is_released = standing.meeting_row(session, found.meeting_id).released_at is not None
        calendar_id = None if is_released else pictures.calendar_of_meeting(session, found.meeting_id)
        calendar = pictures.calendar_to_read(session, calendar_id) if calendar_id else None
        if calendar is None:
            return ()
        not_free = meetings.events_not_free_for(session, found.meeting_id, calendar.id)
    with google_of(site) as google:
        ahead = google.calendar.recurring_events(calendar.address, now=found.observed_at)
    lost = found.situation.pictures
    return successors(
        ahead,
        summaries=[one.last_summary for one in lost],
        event_ids=[one.event_id for one in lost],
        not_free=not_free,
    )


def _line(found: Judgement, event: RecurringEvent) -> str:
    """Whoever pastes the line runs our command alone: a title of several lines would end the remark it stands in."""
    when = said_start(event.next_start, found.situation.roster.time_zone) if event.next_start else "no date"
    remark = on_one_line(f"{event.summary}, next {when}")
    return f"governance meeting relink {found.slug} --event {shlex.quote(event.id)}   # {remark}"
