"""Which calendar somebody means, and whom to act as on it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.models.meeting import Meeting
from governance.reconcile.ports import CalendarAddress
from governance.store import meetings as store


class NoSubject(GovernanceError):
    """Nobody is named to act as."""

    def __init__(self, where: str) -> None:
        super().__init__(f"Name whom to act as with --subject, or as google.subject in {where}")


def address_of(
    session: Session, calendar: str, subject: str | None, *, configured: str | None, where: str
) -> CalendarAddress:
    """The calendar and whom to act as: as asked, as it is kept, as configured, else as the calendar's owner.

    Args:
        where: the configuration's file, for the remedy.

    Raises:
        NoSubject: nobody is named.
    """
    folded = calendar.strip().casefold()
    kept = store.calendar_by_google_id(session, folded)
    owner = folded if "@" in folded and not folded.endswith("calendar.google.com") else None
    found = (subject.strip().casefold() if subject else None) or (kept.subject if kept else None) or configured or owner
    if found is None:
        raise NoSubject(where)
    return CalendarAddress("primary" if folded == "primary" else folded, found)


def address_to_relink(
    session: Session, meeting: Meeting, calendar: str | None, *, configured: str | None, where: str
) -> CalendarAddress:
    """Where the meeting goes on: in the calendar that is named, else where it is now, or was last."""
    lineage = store.series_of(session, [meeting.id]).get(meeting.id, [])
    living = [pair for pair in lineage if pair[0].retired_at is None] or lineage
    present = living[-1][1] if living else None
    if calendar or present is None:
        return address_of(session, calendar or "", None, configured=configured, where=where)
    return CalendarAddress(present.google_id, present.subject)
