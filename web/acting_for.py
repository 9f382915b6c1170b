"""The meeting that a request is about, and on whose word it acts there."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from flask import Response, abort
from sqlalchemy.orm import Session

from governance.domain.access import Act, Kind
from governance.models import Meeting
from governance.services.meeting_page import page_stamp
from governance.store.meeting_page import chair_address, meeting_among
from web.site import site, viewer
from web.unchanged import answered_unchanged


def meeting_for(session: Session, slug: str, act: Act, kind: Kind = Kind.MEETING) -> Meeting:
    """The meeting, or the one answer for those that are not there and those in which this is not the viewer's."""
    return meeting_among(session, slug, viewer().meetings(act, kind)) or abort(404)


def unchanged_for(
    session: Session, slug: str, act: Act, kind: Kind = Kind.MEETING, *, of: str | None = None
) -> Response | None:
    """The 304 for who has seen this page of the meeting; its stamp covers whatever a page of a meeting shows.

    Args:
        of: names what several addresses show.
    """
    stamp = page_stamp(session, slug, viewer().meetings(act, kind))
    return answered_unchanged(stamp or abort(404), of)


def by_whom(session: Session, meeting: Meeting) -> str:
    """The address that answers for the decision; in the demo that of the meeting's chair."""
    if not viewer().is_demo:
        return viewer().address
    today = site().clock().astimezone(ZoneInfo(meeting.time_zone)).date()
    return chair_address(session, meeting.id, today) or "demo"


def as_recorded() -> str:
    """The viewer as the ledger names them, where no address may stand."""
    person = viewer().actor.person
    if person is not None:
        return f"person:{person}"
    return "demo" if viewer().is_demo else "administrator"
