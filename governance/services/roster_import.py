"""Importing a roster file: what it would change is shown first, and then exactly that is done, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Tenure, Term
from governance.domain.roster_file import CellError, RosterFile, RosterFileRefused
from governance.domain.roster_import import (
    ImportChange,
    ImportKind,
    ImportPreview,
    preview_import,
    refuse_overfull,
)
from governance.domain.seating import cut_tenures
from governance.models.meeting import Meeting
from governance.models.seat import Seat
from governance.services.deputies import put_deputy
from governance.services.mandates import record_mandate
from governance.services.people import known_person, person_named, rename
from governance.services.recording import COMMAND, note, today_of
from governance.services.seats import department_named, open_seat, put_on_seat, seat_of, vacate
from governance.services.sponsors import name_sponsor
from governance.store import people as people_store
from governance.store import seats as seat_store
from governance.store.meetings import lock_meeting
from governance.store.rosters import load_roster


class RosterChangedMeanwhile(GovernanceError):
    """Since it was shown what the import would do, somebody changed the roster; nothing was imported."""

    def __init__(self) -> None:
        super().__init__("Import the file again and look at what it would change now", "the roster changed meanwhile")


def preview(session: Session, meeting: Meeting, file: RosterFile, *, replace_all: bool, today: date) -> ImportPreview:
    """What the file would change.

    Raises:
        RosterFileRefused: with every row that the present roster forbids.
    """
    roster = load_roster(session, meeting)
    refuse_overfull(roster, file, today)
    _refuse_groups(people_store.groups_among(session, file.addresses()), file)
    return preview_import(
        _knowing(session, roster, file),
        file,
        replace_all=replace_all,
        today=today,
        sponsors=people_store.sponsors_on(session, today),
    )


def apply_import(
    session: Session, meeting: Meeting, shown: ImportPreview, *, actor: str, now: datetime, source: str = COMMAND
) -> None:
    """Do exactly what was shown; the same file again changes nothing and leaves nothing in the ledger.

    Raises:
        RosterChangedMeanwhile: when the file would by now change something else than was shown.
    """
    lock_meeting(session, meeting)
    today = today_of(meeting, now)
    present = preview(session, meeting, shown.file, replace_all=shown.replaces, today=today)
    if present != shown:
        raise RosterChangedMeanwhile
    if shown.is_empty:
        return
    work = _Import(session, meeting, today, actor, now, source)
    for change in shown.changes:
        work.do(change)
    counts = {kind.value: sum(1 for one in shown.changes if one.kind is kind) for kind in ImportKind}
    note(
        session, meeting, "roster-imported", f"meeting:{meeting.id}", actor=actor, source=source, now=now,
        after={"rows": len(shown.file.rows), "replaced": shown.replaces} | {k: v for k, v in counts.items() if v},
    )  # fmt: skip


def _refuse_groups(groups: set[str], file: RosterFile) -> None:
    """Seats are for people; what the Directory knows as a group is none."""
    faults = [
        CellError(row.row, column, f"Name a person instead of {address}, which the Directory says is a group")
        for row in file.rows
        for column, address in row.addresses().items()
        if address in groups
    ]
    if faults:
        raise RosterFileRefused(faults)


def _knowing(session: Session, roster: Roster, file: RosterFile) -> Roster:
    """The roster, and everybody else whose address the file names."""
    found = people_store.people_by_address(session, file.addresses() - roster.address_owner.keys())
    owners = {address: person.id for person in found.values() for address in person.addresses}
    return replace(roster, people={**roster.people, **found}, address_owner={**roster.address_owner, **owners})


class _Import:
    """Does one change after the other; all of them were judged together beforehand."""

    def __init__(self, session: Session, meeting: Meeting, today: date, actor: str, now: datetime, source: str) -> None:
        self._session = session
        self._meeting = meeting
        self._today = today
        self._actor = actor
        self._source = source
        self._now = now

    def do(self, change: ImportChange) -> None:
        {
            ImportKind.SEAT_OPENED: self._open,
            ImportKind.RENAMED: self._rename,
            ImportKind.VACATED: self._vacate,
            ImportKind.APPOINTED: self._put,
            ImportKind.HANDED_OVER: self._put,
            ImportKind.SPONSOR_NAMED: self._sponsor,
            ImportKind.MANDATE_RECORDED: self._mandate,
            ImportKind.MANDATE_RENEWED: self._mandate,
            ImportKind.DEPUTY_NAMED: self._deputy,
        }[change.kind](change)

    def _seat(self, change: ImportChange) -> Seat:
        return seat_of(self._session, self._meeting, change.department)

    def _open(self, change: ImportChange) -> None:
        open_seat(
            self._session, self._meeting, change.department, now=self._now, actor=self._actor, source=self._source
        )

    def _rename(self, change: ImportChange) -> None:
        person = person_named(self._session, change.address or "")
        rename(self._session, person, change.name or "", now=self._now, actor=self._actor, source=self._source)

    def _vacate(self, change: ImportChange) -> None:
        vacate(self._session, self._meeting, self._seat(change), now=self._now, actor=self._actor, source=self._source)

    def _put(self, change: ImportChange) -> None:
        seat, person = self._seat(change), person_named(self._session, change.address or "", change.name)
        term = Term(self._today)
        present = tuple(
            Tenure(PersonId(row.person_id), Term(row.first_day, row.last_day))
            for row in seat_store.tenures_of(self._session, seat.id)
        )
        wanted = (*cut_tenures(present, self._today), Tenure(PersonId(person.id), term))
        put_on_seat(
            self._session,
            self._meeting,
            seat,
            person,
            wanted,
            term,
            now=self._now,
            actor=self._actor,
            source=self._source,
        )

    def _sponsor(self, change: ImportChange) -> None:
        department = department_named(self._session, change.department)
        person = person_named(self._session, change.address or "")
        name_sponsor(
            self._session, self._meeting, department, person, now=self._now, actor=self._actor, source=self._source
        )

    def _mandate(self, change: ImportChange) -> None:
        given = change.mandate
        if given is None:
            raise ValueError("a change of a mandate carries the mandate")
        sponsor = known_person(self._session, change.sponsor_address) if change.sponsor_address else None
        record_mandate(
            self._session,
            self._meeting,
            self._seat(change),
            known_person(self._session, change.address or ""),
            scope=given.scope,
            limit_minor=given.limit_minor,
            first_day=given.term.first_day,
            last_day=given.term.last_day,
            sponsor=sponsor,
            now=self._now,
            actor=self._actor,
            source=self._source,
        )

    def _deputy(self, change: ImportChange) -> None:
        person = person_named(self._session, change.address or "", change.name)
        seat = self._seat(change)
        put_deputy(
            self._session,
            self._meeting,
            seat,
            person,
            instead_of_first=True,
            now=self._now,
            actor=self._actor,
            source=self._source,
        )
