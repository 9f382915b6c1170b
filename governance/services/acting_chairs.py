"""An acting chair is a second chair with a last day: named in advance for the days on which the chair is away."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain.days import said_day
from governance.domain.errors import GovernanceError
from governance.domain.roster import Term
from governance.models.meeting import Meeting, Role
from governance.models.person import Person
from governance.services.people import end_terms
from governance.services.recording import COMMAND, iso, named, note, today_of
from governance.services.settings import RoleKind
from governance.store.meetings import lock_meeting, role_rows


class ActingChairRefused(GovernanceError):
    """The person cannot be acting chair on these days."""


def name_acting_chair(
    session: Session,
    meeting: Meeting,
    person: Person,
    *,
    first_day: date,
    last_day: date,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The person chairs as well on these days. Who acts on some of them already gets the new days instead.

    Raises:
        ActingChairRefused: days in the wrong order or gone by, or the person is chair without an end.
    """
    if last_day < first_day:
        raise ActingChairRefused(f"Choose a last day from {said_day(first_day)} on", f"{said_day(last_day)} is before")
    if last_day < today_of(meeting, now):
        raise ActingChairRefused("Choose days to come", f"{said_day(last_day)} is over")
    lock_meeting(session, meeting)
    term = Term(first_day, last_day)
    own = [row for row in role_rows(session, meeting.id, RoleKind.CHAIR.value) if row.person_id == person.id]
    crossing = [row for row in own if Term(row.first_day, row.last_day).overlaps(term)]
    if any(row.last_day is None for row in crossing):
        raise ActingChairRefused("Name somebody else", "this person is the chair on these days already")
    if any((row.first_day, row.last_day) == (first_day, last_day) for row in crossing):
        return
    before = [[iso(row.first_day), iso(row.last_day)] for row in crossing]
    for row in crossing:
        session.delete(row)
    session.flush()
    row = Role(
        meeting_id=meeting.id, person_id=person.id, kind=RoleKind.CHAIR.value, first_day=first_day, last_day=last_day
    )
    session.add(row)
    session.flush()
    note(
        session, meeting, "acting-chair-named", f"role:{row.id}", actor=actor, source=source, now=now,
        before={"days": before} if before else None,
        after={"chair": named(session, person), "from": iso(first_day), "until": iso(last_day)},
    )  # fmt: skip


def end_acting_chair(
    session: Session, meeting: Meeting, person: Person, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """From today on the person is no acting chair; a chair without an end is none, and stays."""
    lock_meeting(session, meeting)
    today = today_of(meeting, now)
    rows = role_rows(session, meeting.id, RoleKind.CHAIR.value)
    own = [row for row in rows if row.person_id == person.id and row.last_day is not None and row.last_day >= today]
    if not own:
        return
    subject, days = f"role:{own[0].id}", [[iso(row.first_day), iso(row.last_day)] for row in own]
    end_terms(session, own, today)
    note(
        session, meeting, "acting-chair-ended", subject, actor=actor, source=source, now=now,
        before={"chair": named(session, person), "days": days},
    )  # fmt: skip
