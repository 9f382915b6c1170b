"""Who somebody is: people are made when first named, and joined when two addresses turn out to be one person's."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.people import PersonId, checked_address
from governance.domain.roster import Roster, Term
from governance.domain.seating import cut
from governance.models.application import Application, DelegateNote
from governance.models.attendance import AttendanceMark, MakeUp
from governance.models.department import Sponsor
from governance.models.deputy import Deputy, StandIn
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting, Role
from governance.models.outbox import ActionLink, MailPreference, Outbox
from governance.models.person import Address, Person
from governance.models.question import Turn
from governance.models.seat import Tenure
from governance.models.summary import BriefRequest, CalendarFeed, SummaryChoice
from governance.models.visitor import StandingGuest, Visitor
from governance.services.ledger import record
from governance.services.recording import COMMAND
from governance.store import people as store
from governance.store.meetings import lock_meeting
from governance.store.questions import answer_of
from governance.store.rosters import load_roster
from governance.store.seats import meetings_of_person
from governance.store.waiting import offer_of_application


class UnknownPerson(GovernanceError):
    """Nobody with that address is known."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__("Give the address of somebody who is known, as `governance roster show` prints it", address)


class NotAPerson(GovernanceError):
    """The address belongs to a group, and seats are for people."""

    def __init__(self, address: str) -> None:
        self.address = address
        super().__init__(f"Name a person instead of {address}", "the Directory says it is a group")


class PeopleStayApart(GovernanceError):
    """The two cannot be one person as the roster stands."""


def known_person(session: Session, address: str) -> Person:
    """The person with that address.

    Raises:
        UnknownPerson: when nobody has it.
    """
    found = store.person_by_address(session, checked_address(address))
    if found is None:
        raise UnknownPerson(address.strip())
    return found


def person_named(session: Session, address: str, name: str | None = None) -> Person:
    """The person with that address, made when first named; a name is only filled in where there is none.

    Raises:
        MalformedAddress: when it cannot be an address.
        NotAPerson: when the Directory says that it is a group.
    """
    folded = checked_address(address)
    found = store.person_by_address(session, folded)
    if found is None:
        if store.directory_kind(session, folded) == "group":
            raise NotAPerson(folded)
        found = Person(name=(name or "").strip())
        session.add(found)
        session.flush()
        session.add(Address(folded=folded, person_id=found.id, as_given=address.strip(), is_primary=True))
        session.flush()
    elif name and not found.name:
        found.name = name.strip()
    return found


def rename(session: Session, person: Person, name: str, *, actor: str, now: datetime, source: str = COMMAND) -> None:
    if person.name == name:
        return
    before, person.name = person.name, name
    _record(session, "renamed", person, actor=actor, now=now, source=source, before=before, after=name)


def add_alias(
    session: Session, address: str, alias: str, *, actor: str, now: datetime, source: str = COMMAND
) -> Person:
    """`alias` is another address of the person with `address`; two people who are known already become one.

    Again changes nothing. Where one person would hold two seats or sit twice in one meeting, they stay apart.

    Raises:
        UnknownPerson: when nobody has either address.
        PeopleStayApart: when a meeting's roster does not allow that they are one.
    """
    first, second = checked_address(address), checked_address(alias)
    person = store.person_by_address(session, first)
    other = store.person_by_address(session, second)
    if person is None and other is None:
        raise UnknownPerson(address.strip())
    if person is None or other is None:
        return _give_address(session, person or other, second if person else first, actor, now, source)
    if person.id != other.id:
        _join(session, person, other, actor=actor, now=now, source=source)
    return person


def _give_address(
    session: Session, person: Person | None, address: str, actor: str, now: datetime, source: str
) -> Person:
    if person is None:
        raise UnknownPerson(address)
    session.add(Address(folded=address, person_id=person.id, as_given=address))
    _record(session, "alias-added", person, actor=actor, now=now, source=source, after=address)
    for meeting in meetings_of_person(session, person.id):
        meeting.dirty = True
    session.flush()
    return person


def _join(session: Session, kept: Person, gone: Person, *, actor: str, now: datetime, source: str) -> None:
    """Everything of `gone` becomes `kept`'s, unless that would break a law of some meeting's roster."""
    meetings = {meeting.id: meeting for one in (kept, gone) for meeting in meetings_of_person(session, one.id)}
    for meeting in meetings.values():
        lock_meeting(session, meeting)
        _refuse_double(load_roster(session, meeting), meeting, PersonId(kept.id), PersonId(gone.id))
        meeting.dirty = True
    before = [row.folded for row in store.addresses_of(session, gone.id)]
    _move_addresses(session, kept, gone)
    _move_rows(session, kept, gone, now)
    kept.name = kept.name or gone.name
    kept.directory_id = kept.directory_id or gone.directory_id
    _record(session, "people-joined", kept, actor=actor, now=now, source=source, before=before)
    session.flush()
    session.delete(gone)
    session.flush()


def _refuse_double(roster: Roster, meeting: Meeting, kept: PersonId, gone: PersonId) -> None:
    """Two holders may be found to be one person only once the chair has decided which seat stays theirs."""
    terms = [
        (tenure.person, seat.department, tenure.term)
        for seat in roster.seats
        for tenure in seat.tenures
        if tenure.person in (kept, gone)
    ]
    days = [
        (one.person, (seat.department if (seat := roster.seat(one.seat_id)) else ""), Term(day, day))
        for start, stand_ins in roster.stand_ins.items()
        for one in stand_ins
        if one.person in (kept, gone)
        for day in (roster.day_of(start),)
    ]
    claims = [*terms, *days]
    for person, department, term in claims:
        for other, elsewhere, span in claims:
            if (person, other) == (kept, gone) and term.overlaps(span):
                remedy = f"Vacate the seat of {elsewhere} in {meeting.slug}, or of {department}, first"
                raise PeopleStayApart(remedy, "one person cannot hold two seats of a meeting on the same day")


def _move_addresses(session: Session, kept: Person, gone: Person) -> None:
    for row in store.addresses_of(session, gone.id):
        row.is_primary = False
        row.person_id = kept.id
    session.flush()


def _move_rows(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    for model in (Tenure, StandIn):
        for row in store.rows_of_person(session, model, gone.id):
            row.person_id = kept.id
    _move_unless_same(session, Visitor, kept, gone, "occurrence_id")
    _move_unless_same(session, StandingGuest, kept, gone, "meeting_id")
    _move_unless_overlapping(session, Sponsor, kept, gone, "department_id")
    _move_unless_overlapping(session, Deputy, kept, gone, "seat_id")
    _move_unless_overlapping(session, Role, kept, gone, "meeting_id", "kind")
    for row in store.mandates_sponsored_by(session, gone.id):
        row.sponsor_person_id = kept.id
    _move_mandates(session, kept, gone)
    _move_mail(session, kept, gone, now)
    _move_attendance(session, kept, gone)
    store.point_decisions_to(session, kept.id, gone.id)
    session.flush()


def _move_mail(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    """Links and feeds of somebody who is no more do nothing; mails, notes and applications are the other's now."""
    for link in store.rows_of_person(session, ActionLink, gone.id):
        link.person_id = kept.id
        link.revoked_at = link.revoked_at or now
    for feed in store.rows_of_person(session, CalendarFeed, gone.id):
        feed.person_id = kept.id
        feed.revoked_at = feed.revoked_at or now
    for model in (Outbox, DelegateNote, BriefRequest):
        for row in store.rows_of_person(session, model, gone.id):
            row.person_id = kept.id
    _move_unless_same(session, MailPreference, kept, gone, "meeting_id", "topic")
    _move_unless_same(session, SummaryChoice, kept, gone)
    _move_applications(session, kept, gone, now)
    for row in store.endorsed_by(session, gone.id):
        row.endorsed_by = kept.id


def _move_applications(session: Session, kept: Person, gone: Person, now: datetime) -> None:
    """Nobody waits for one seat twice; the seat stays offered to whoever it was offered to, under either address."""
    own = {row.seat_id: row for row in store.rows_of_person(session, Application, kept.id) if row.closed_at is None}
    for row in store.rows_of_person(session, Application, gone.id):
        same = own.get(row.seat_id) if row.closed_at is None else None
        if same is not None:
            row.closed_at, row.outcome = now, "withdrawn"
            offer = offer_of_application(session, row.id)
            if offer is not None:
                offer.application_id = same.id
        row.person_id = kept.id


def _move_attendance(session: Session, kept: Person, gone: Person) -> None:
    """One person has one turn at an occurrence: of two, the one with an outcome stays as it is."""
    for model in (AttendanceMark, MakeUp):
        for row in store.rows_of_person(session, model, gone.id):
            row.person_id = kept.id
    own = {row.occurrence_id: row for row in store.rows_of_person(session, Turn, kept.id)}
    for row in store.rows_of_person(session, Turn, gone.id):
        same = own.get(row.occurrence_id)
        if same is not None:
            _join_turns(session, same, row)
        else:
            row.person_id = kept.id


def _join_turns(session: Session, kept: Turn, gone: Turn) -> None:
    answer = answer_of(session, gone.id)
    if answer is not None and answer_of(session, kept.id) is None:
        answer.turn_id = kept.id
    elif answer is not None:
        session.delete(answer)
    kept.outcome, kept.settled_at = kept.outcome or gone.outcome, kept.settled_at or gone.settled_at
    session.flush()
    session.delete(gone)


def _move_unless_same(session: Session, model: Any, kept: Person, gone: Person, *keys: str) -> None:
    present = {_key(row, keys) for row in store.rows_of_person(session, model, kept.id)}
    for row in store.rows_of_person(session, model, gone.id):
        if _key(row, keys) in present:
            session.delete(row)
        else:
            row.person_id = kept.id


def _move_unless_overlapping(session: Session, model: Any, kept: Person, gone: Person, *keys: str) -> None:
    """What both are at the same time they are once; the days of the one who stays count."""
    present = store.rows_of_person(session, model, kept.id)
    for row in store.rows_of_person(session, model, gone.id):
        if any(_key(row, keys) == _key(own, keys) and _term(row).overlaps(_term(own)) for own in present):
            session.delete(row)
        else:
            row.person_id = kept.id


def _move_mandates(session: Session, kept: Person, gone: Person) -> None:
    """At most one mandate a seat, person and day: the other's gives way, and is kept as withdrawn."""
    own = [row for row in store.rows_of_person(session, Mandate, kept.id) if row.state in ("recorded", "confirmed")]
    for row in store.rows_of_person(session, Mandate, gone.id):
        row.person_id = kept.id
        if any(row.seat_id == mine.seat_id and _term(row).overlaps(_term(mine)) for mine in own):
            row.state = "withdrawn"


def _key(row: Any, keys: Iterable[str]) -> tuple[Any, ...]:
    return tuple(getattr(row, key) for key in keys)


def _term(row: Any) -> Term:
    return Term(row.first_day, row.last_day)


def end_terms(session: Session, rows: Iterable[Any], on: date) -> None:
    """Rows with a first and a last day are over from that day on; those that would never have begun go."""
    for row in rows:
        left = cut(_term(row), on)
        if left is None:
            session.delete(row)
        else:
            row.last_day = left.last_day
    session.flush()


def _record(
    session: Session,
    act: str,
    person: Person,
    *,
    actor: str,
    now: datetime,
    source: str,
    before: Any = None,
    after: Any = None,
) -> None:
    record(
        session,
        at=now,
        actor=actor,
        source=source,
        act=act,
        subject=f"person:{person.id}",
        confidentiality=Confidentiality.PRIVATE,
        before=before,
        after=after,
    )
