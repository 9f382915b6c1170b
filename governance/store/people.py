"""People by their addresses, and everything that points at a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId
from governance.models.action import Action, PromiseQuestion
from governance.models.agenda import AgendaItem, AgendaPlace
from governance.models.application import Application
from governance.models.decision import Commitment, Decision, Elector, Position, Ratification
from governance.models.department import Department, Sponsor
from governance.models.directory_answer import DirectoryAnswer
from governance.models.mandate import Mandate
from governance.models.person import Address, Person

_AT_ONCE = 500
"""How many values one statement lists: far below what either database takes."""


def person_by_address(session: Session, folded: str) -> Person | None:
    return session.scalar(select(Person).join(Address, Address.person_id == Person.id).where(Address.folded == folded))


def addresses_of(session: Session, person_id: UUID) -> list[Address]:
    """The address written to comes first."""
    return list(
        session.scalars(
            select(Address).where(Address.person_id == person_id).order_by(Address.is_primary.desc(), Address.folded)
        )
    )


def people_by_id(session: Session, ids: Iterable[UUID]) -> dict[PersonId, PersonValue]:
    """These people as values with all their addresses; one statement for as many as a meeting has."""
    return _people(session, Address.person_id, sorted(set(ids)))


def person_rows(session: Session, ids: Iterable[UUID]) -> dict[UUID, Person]:
    """The rows themselves; one statement, none for nobody."""
    wanted = sorted(set(ids))
    return {row.id: row for row in session.scalars(select(Person).where(Person.id.in_(wanted)))} if wanted else {}


def people_by_address(session: Session, folded: Iterable[str]) -> dict[PersonId, PersonValue]:
    """Everybody who has one of these addresses, with all their addresses."""
    owners = (
        owner
        for some in _parts(sorted(set(folded)))
        for owner in session.scalars(select(Address.person_id).where(Address.folded.in_(some)))
    )
    return people_by_id(session, owners)


def sponsors_on(session: Session, on: date) -> dict[str, PersonId]:
    """Who sponsors each department (by folded name) that day; of several the one of longest standing."""
    rows = session.execute(
        select(Department.folded, Sponsor.person_id)
        .join(Department, Department.id == Sponsor.department_id)
        .where(Sponsor.first_day <= on, or_(Sponsor.last_day.is_(None), Sponsor.last_day >= on))
        .order_by(Sponsor.first_day.desc(), Sponsor.id.desc())
    )
    return {folded: PersonId(person) for folded, person in rows}


def department_by_name(session: Session, folded: str) -> Department | None:
    return session.scalar(select(Department).where(Department.folded == folded))


def sponsor_rows(session: Session, department_id: UUID) -> list[Sponsor]:
    return list(session.scalars(select(Sponsor).where(Sponsor.department_id == department_id)))


def directory_kind(session: Session, folded: str) -> str | None:
    """`user`, `group` or `unknown` as the Directory last answered; None where it was never asked."""
    return session.scalar(select(DirectoryAnswer.kind).where(DirectoryAnswer.address == folded))


def groups_among(session: Session, folded: Iterable[str]) -> set[str]:
    """Those of the addresses that the Directory knows as groups."""
    return {
        address
        for some in _parts(sorted(set(folded)))
        for address in session.scalars(
            select(DirectoryAnswer.address).where(DirectoryAnswer.address.in_(some), DirectoryAnswer.kind == "group")
        )
    }


def directory_addresses(session: Session, folded: Iterable[str]) -> dict[str, str]:
    """The Directory's primary address of each of these, where it knows them as users."""
    found: dict[str, str] = {}
    for some in _parts(sorted(set(folded))):
        rows = session.execute(
            select(DirectoryAnswer.address, DirectoryAnswer.primary_address).where(
                DirectoryAnswer.address.in_(some),
                DirectoryAnswer.kind == "user",
                DirectoryAnswer.primary_address.is_not(None),
            )
        )
        found.update((address, primary) for address, primary in rows if primary)
    return found


def rows_of_person(session: Session, model: Any, person_id: UUID) -> list[Any]:
    """All rows of a table whose `person_id` it is."""
    return list(session.scalars(select(model).where(model.person_id == person_id)))


def mandates_sponsored_by(session: Session, person_id: UUID) -> list[Mandate]:
    return list(session.scalars(select(Mandate).where(Mandate.sponsor_person_id == person_id)))


def endorsed_by(session: Session, person_id: UUID) -> list[Application]:
    return list(session.scalars(select(Application).where(Application.endorsed_by == person_id)))


def _people(session: Session, column: Any, wanted: Sequence[Any]) -> dict[PersonId, PersonValue]:
    names: dict[PersonId, str] = {}
    addresses: dict[PersonId, list[str]] = {}
    for some in _parts(wanted):
        rows = session.execute(
            select(Person.id, Person.name, Address.folded)
            .join(Address, Address.person_id == Person.id)
            .where(column.in_(some))
            .order_by(Person.id, Address.is_primary.desc(), Address.folded)
        )
        for one, name, folded in rows:
            person_id = PersonId(one)
            names[person_id] = name
            addresses.setdefault(person_id, []).append(folded)
    return {one: PersonValue(one, names[one], tuple(addresses[one])) for one in names}


def _parts(wanted: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (wanted[start : start + _AT_ONCE] for start in range(0, len(wanted), _AT_ONCE))


_IN_DECISIONS: tuple[tuple[Any, str], ...] = (
    *((model, "person_id") for model in (AgendaItem, Elector, Position, Commitment, PromiseQuestion)),
    *((model, "owner_person_id") for model in (Decision, Action)),
    (AgendaPlace, "to_person_id"),
    (Ratification, "sponsor_person_id"),
)


def point_decisions_to(session: Session, kept: UUID, gone: UUID) -> None:
    """Agendas, decisions and promises that name the one name the other; of closed decisions, too, nothing else."""
    for model, name in _IN_DECISIONS:
        column = getattr(model, name)
        session.execute(update(model).where(column == gone).values({name: kept}))
