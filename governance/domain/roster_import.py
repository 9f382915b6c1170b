"""What a roster file would change, as a value: shown before it is done, and done exactly as shown.

    bytes → RosterFile → ImportPreview (changes, the roster after them, who stays without a mandate) → services

A row says how its department is to stand today. What it leaves blank stays as it is; a department that the file does
not name stays as it is too, unless the whole roster is to be replaced. So the same file again changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from uuid import UUID, uuid5

from governance.domain.days import said_day
from governance.domain.department import fold_department
from governance.domain.people import Person, PersonId
from governance.domain.roster import Deputy, Mandate, Roster, Seat, Tenure, Term
from governance.domain.roster_file import CellError, RosterFile, RosterFileRefused, RosterRow
from governance.domain.seating import Breach, Law, breaches, cut, cut_tenures, name_of, with_mandate

_PLACEHOLDER = UUID("7a1d3f52-94c5-4c6e-8b2a-5d0f6c1e9b47")
"""People and seats that do not exist yet get an id made from their name under this one, the same at every look."""


class ImportKind(StrEnum):
    SEAT_OPENED = "seat-opened"
    RENAMED = "renamed"
    VACATED = "vacated"
    APPOINTED = "appointed"
    HANDED_OVER = "handed-over"
    SPONSOR_NAMED = "sponsor-named"
    MANDATE_RECORDED = "mandate-recorded"
    MANDATE_RENEWED = "mandate-renewed"
    DEPUTY_NAMED = "deputy-named"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportChange:
    """One change of one seat; `address` is whom it is about and `row` where the file asks for it."""

    kind: ImportKind
    department: str
    sentence: str
    row: int | None = None
    address: str | None = None
    name: str | None = None
    mandate: Mandate | None = None
    sponsor_address: str | None = None

    def __str__(self) -> str:
        return f"{self.department}: {self.sentence}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would do. `after` is the roster as it would be; people and seats still to be made have
    placeholder ids in it.
    """

    file: RosterFile
    replaces: bool
    today: date
    changes: tuple[ImportChange, ...]
    after: Roster = field(compare=False)
    without_mandate: tuple[tuple[str, str], ...] = ()
    """Department and name of each delegate who would have no mandate in force."""

    @property
    def is_empty(self) -> bool:
        return not self.changes

    def warning(self, slug: str) -> str | None:
        """How many delegates will not be added to the invitation, and the two remedies."""
        count = len(self.without_mandate)
        if not count:
            return None
        who = ", ".join(f"{name} ({department})" for department, name in self.without_mandate[:10])
        more = f" and {count - 10} more" if count > 10 else ""
        return (
            "Fill mandate_scope in the file and import it again, or record each mandate with "
            f"`governance roster mandate {slug} DEPT EMAIL --scope TEXT`: "
            f"{count} {'delegate has' if count == 1 else 'delegates have'} no mandate in force and will therefore "
            f"not be added to the invitation: {who}{more}."
        )


def preview_import(
    roster: Roster,
    file: RosterFile,
    *,
    replace_all: bool,
    today: date,
    sponsors: Mapping[str, PersonId] = MappingProxyType({}),
) -> ImportPreview:
    """What the file would change from today on; `roster` knows all people whose address is in the file.

    Args:
        sponsors: who sponsors a department (by folded name) today.

    Raises:
        RosterFileRefused: with every row that the roster's laws forbid.
    """
    draft = _Draft(roster, today, sponsors)
    for row in file.rows:
        draft.take(row, may_vacate=replace_all and "delegate_email" in file.columns)
    if replace_all:
        draft.vacate_all_but({row.folded_department for row in file.rows})
    after = draft.roster()
    faults = [*draft.faults, *_faults_of(breaches(roster, after, today), roster, after, file, today)]
    if faults:
        raise RosterFileRefused(sorted(faults, key=lambda fault: fault.row or 0))
    return ImportPreview(
        file=file,
        replaces=replace_all,
        today=today,
        changes=tuple(draft.changes),
        after=after,
        without_mandate=tuple(_without_mandate(after, today)),
    )


def _without_mandate(roster: Roster, today: date) -> Iterator[tuple[str, str]]:
    for seat in roster.seats:
        delegate = seat.delegate(today)
        if delegate is not None and seat.mandate_in_force(delegate, today) is None:
            yield seat.department, name_of(roster, delegate)


class _Draft:
    """The roster while the rows of a file are worked into it."""

    def __init__(self, roster: Roster, today: date, sponsors: Mapping[str, PersonId]) -> None:
        self._roster = roster
        self._today = today
        self._sponsors = dict(sponsors)
        self._seats = {fold_department(seat.department): seat for seat in roster.seats}
        self._people = dict(roster.people)
        self._owner = dict(roster.address_owner)
        self._named: set[PersonId] = set()
        self.changes: list[ImportChange] = []
        self.faults: list[CellError] = []

    def roster(self) -> Roster:
        return replace(self._roster, seats=tuple(self._seats.values()), people=self._people, address_owner=self._owner)

    def take(self, row: RosterRow, *, may_vacate: bool) -> None:
        seat = self._seats.get(row.folded_department) or self._open(row)
        if row.sponsor_email:
            seat = self._name_sponsor(seat, row, row.sponsor_email)
        if row.delegate_email:
            seat = self._seat_delegate(seat, row, row.delegate_email)
        elif may_vacate:
            seat = self._vacate(seat)
        if row.mandate_scope:
            seat = self._record_mandate(seat, row, row.mandate_scope)
        if row.deputy_email:
            seat = self._name_deputy(seat, row, row.deputy_email)
        self._seats[row.folded_department] = seat

    def vacate_all_but(self, departments: set[str]) -> None:
        for folded, seat in self._seats.items():
            if folded not in departments:
                self._seats[folded] = self._vacate(seat)

    def _open(self, row: RosterRow) -> Seat:
        self._note(ImportKind.SEAT_OPENED, row, "the seat is opened")
        return Seat(id=uuid5(_PLACEHOLDER, f"seat {row.folded_department}"), department=row.department)

    def _person(self, row: RosterRow, address: str, name: str | None) -> Person:
        """Who has the address. The first name that the file gives a known person is the one it shall have."""
        owner = self._owner.get(address)
        if owner is None:
            return self._meet(address, name)
        known = self._people[owner]
        if name and name != known.name and owner not in self._named:
            known = self._people[owner] = replace(known, name=name)
            self._note(ImportKind.RENAMED, row, f"{address} is called {name} from now on", address=address, name=name)
        if name:
            self._named.add(owner)
        return known

    def _meet(self, address: str, name: str | None) -> Person:
        person = Person(PersonId(uuid5(_PLACEHOLDER, f"person {address}")), name or "", (address,))
        self._people[person.id] = person
        self._owner[address] = person.id
        if name:
            self._named.add(person.id)
        return person

    def _name_sponsor(self, seat: Seat, row: RosterRow, address: str) -> Seat:
        sponsor = self._person(row, address, None)
        if self._sponsors.get(row.folded_department) != sponsor.id:
            self._sponsors[row.folded_department] = sponsor.id
            self._note(ImportKind.SPONSOR_NAMED, row, f"{sponsor} becomes the sponsor", address=address)
        return _with_people(seat, sponsor.id)

    def _seat_delegate(self, seat: Seat, row: RosterRow, address: str) -> Seat:
        person = self._person(row, address, row.delegate_name)
        holder = seat.delegate(self._today)
        if holder == person.id:
            return seat
        if holder is None:
            self._note(ImportKind.APPOINTED, row, f"{person} is appointed", address=address, name=row.delegate_name)
        else:
            sentence = f"{self._people[holder]} hands over to {person}"
            self._note(ImportKind.HANDED_OVER, row, sentence, address=address, name=row.delegate_name)
        tenures = (*cut_tenures(seat.tenures, self._today), Tenure(person.id, Term(self._today)))
        deputies = _cut_deputies(seat.deputies, {person.id}, self._today)
        return _with_people(replace(seat, tenures=tenures, deputies=deputies), person.id)

    def _vacate(self, seat: Seat) -> Seat:
        tenures = cut_tenures(seat.tenures, self._today)
        if tenures == seat.tenures:
            return seat
        holder = seat.delegate(self._today)
        sentence = f"the seat is vacated, {self._people[holder]} held it" if holder else "nobody takes the seat later"
        self.changes.append(ImportChange(kind=ImportKind.VACATED, department=seat.department, sentence=sentence))
        return replace(seat, tenures=tenures)

    def _record_mandate(self, seat: Seat, row: RosterRow, scope: str) -> Seat:
        delegate = seat.delegate(self._today)
        if delegate is None:
            self._fault(row, "delegate_email", "Name the delegate whose mandate this is")
            return seat
        first_day = row.mandate_from or self._today
        if row.mandate_until is not None and row.mandate_until < first_day:
            self._fault(row, "mandate_until", f"Choose a day from {first_day} on")
            return seat
        sponsor = self._sponsors.get(row.folded_department)
        given = Mandate(
            delegate, Term(first_day, row.mandate_until), scope, sponsor=sponsor, limit_minor=row.mandate_limit
        )
        if any(self._is_as_given(old, given, row) for old in seat.mandates):
            return seat
        had_one = any(old.person == delegate and old.was_given for old in seat.mandates)
        self._note(
            ImportKind.MANDATE_RENEWED if had_one else ImportKind.MANDATE_RECORDED,
            row,
            f"the mandate of {self._people[delegate]} is {'renewed' if had_one else 'recorded'} {_days(given.term)}",
            address=self._people[delegate].address,
            mandate=given,
            sponsor_address=self._people[sponsor].address if sponsor else None,
        )
        return replace(seat, mandates=with_mandate(seat.mandates, given))

    def _is_as_given(self, old: Mandate, given: Mandate, row: RosterRow) -> bool:
        """Without a first day in the file any mandate that says the same and is in force today will do."""
        is_same = (old.person, old.scope, old.limit_minor, old.sponsor, old.term.last_day) == (
            given.person,
            given.scope,
            given.limit_minor,
            given.sponsor,
            given.term.last_day,
        )
        begins_alike = old.term.first_day == row.mandate_from if row.mandate_from else old.is_in_force(self._today)
        return old.was_given and is_same and begins_alike

    def _name_deputy(self, seat: Seat, row: RosterRow, address: str) -> Seat:
        """The row's deputy is the seat's first one; those behind stay as they are."""
        person = self._person(row, address, row.deputy_name)
        if person.id == seat.delegate(self._today):
            self._fault(row, "deputy_email", f"Name somebody else, {address} belongs to the delegate")
            return seat
        present = seat.deputies_on(self._today)
        first = present[0] if present else None
        if first is not None and first.person == person.id:
            return seat
        instead = f" instead of {self._people[first.person]}" if first else ""
        sentence = f"{person} becomes the deputy{instead}"
        self._note(ImportKind.DEPUTY_NAMED, row, sentence, address=address, name=row.deputy_name)
        gone = {person.id} | ({first.person} if first else set())
        named = Deputy(person.id, Term(self._today), first.rank if first else 1)
        deputies = (*_cut_deputies(seat.deputies, gone, self._today), named)
        return _with_people(replace(seat, deputies=deputies), person.id)

    def _note(self, kind: ImportKind, row: RosterRow, sentence: str, **more: object) -> None:
        self.changes.append(
            ImportChange(kind=kind, department=row.department, sentence=sentence, row=row.row, **more)  # type: ignore[arg-type]
        )

    def _fault(self, row: RosterRow, column: str, sentence: str) -> None:
        self.faults.append(CellError(row.row, column, sentence))


def _cut_deputies(deputies: Iterable[Deputy], whose: set[PersonId], on: date) -> tuple[Deputy, ...]:
    """The deputies, so that these people are none from that day on."""
    left = ((one, cut(one.term, on) if one.person in whose else one.term) for one in deputies)
    return tuple(replace(one, term=term) for one, term in left if term is not None)


def _with_people(seat: Seat, person: PersonId) -> Seat:
    return replace(seat, department_people=seat.department_people | {person})


def _days(term: Term) -> str:
    return f"from {said_day(term.first_day)}" + (f" until {said_day(term.last_day)}" if term.last_day else "")


def _faults_of(
    found: Iterable[Breach], before: Roster, after: Roster, file: RosterFile, today: date
) -> Iterator[CellError]:
    rows = {row.folded_department: row.row for row in file.rows}
    departments = {seat.id: seat.department for seat in after.seats}
    for breach in found:
        if breach.law is Law.CAP:
            yield CellError(
                _row_above_cap(before, after, rows, today), "delegate_email", f"{breach.remedy}: {breach.reason}"
            )
        else:
            row = rows.get(fold_department(departments[breach.seat_id]))
            yield CellError(row, "delegate_email", f"{breach.remedy}: {breach.reason}")


def _row_above_cap(before: Roster, after: Roster, rows: Mapping[str, int], today: date) -> int | None:
    """The first row, in the order of the file, whose delegate finds no seat left."""
    kept = {seat.id for seat in before.seats if seat.delegate(today) is not None}
    filled = [fold_department(seat.department) for seat in after.seats if seat.delegate(today) and seat.id not in kept]
    allowed = max(after.cap, before.held_seats(today)) - (after.held_seats(today) - len(filled))
    in_order = sorted(row for department in filled if (row := rows.get(department)) is not None)
    return next(iter(in_order[max(allowed, 0) :]), None)


def refuse_overfull(roster: Roster, file: RosterFile, today: date) -> None:
    """Says so at once when the file has more delegates than seats can be held, before anybody is looked up."""
    limit = max(roster.cap, roster.held_seats(today))
    rows = [row for row in file.rows if row.delegate_email]
    if len(rows) > limit:
        sentence = (
            f"Name at most {limit} delegates, or raise the cap: the file has {len(rows):,} and the cap is {roster.cap}"
        )
        raise RosterFileRefused([CellError(rows[limit].row, "delegate_email", sentence)])
