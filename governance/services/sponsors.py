"""Who says, for a department, what its delegate may decide."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from governance.models.department import Department, Sponsor
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.services.people import end_terms
from governance.services.recording import COMMAND, named, note, today_of
from governance.store.people import sponsor_rows


def name_sponsor(
    session: Session,
    meeting: Meeting,
    department: Department,
    person: Person,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The person sponsors the department from today on, alone; departments and their sponsors are site-wide.

    `meeting` is where it was said, and in whose ledger it is recorded.
    """
    today = today_of(meeting, now)
    rows = [row for row in sponsor_rows(session, department.id) if row.last_day is None or row.last_day >= today]
    if [row.person_id for row in rows] == [person.id]:
        return
    before = [named(session, row.person_id) for row in rows]
    end_terms(session, rows, today)
    session.add(Sponsor(department_id=department.id, person_id=person.id, first_day=today))
    session.flush()
    note(
        session, meeting, "sponsor-named", f"department:{department.id}", actor=actor, source=source, now=now,
        before={"department": department.name, "sponsors": before},
        after={"department": department.name, "sponsor": named(session, person)},
    )  # fmt: skip
