"""What mails about one meeting are written from, each read when first needed: roster, charter, times, who leads."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.charter import Charter, read_charter
from governance.domain.department import fold_department
from governance.domain.people import PersonId
from governance.domain.roster import Roster, Seat
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.services.occurrences import NextOccurrence, next_occurrence
from governance.services.recording import today_of
from governance.store.meetings import RoleHolder, role_holders
from governance.store.people import sponsors_on
from governance.store.rosters import load_roster
from governance.store.standing import newest_charter


@dataclass
class Desk:
    session: Session
    meeting: Meeting
    now: datetime

    @property
    def today(self) -> date:
        return today_of(self.meeting, self.now)

    @cached_property
    def roster(self) -> Roster:
        return load_roster(self.session, self.meeting, on=self.today)

    @cached_property
    def charter(self) -> Charter:
        source = newest_charter(self.session, self.meeting.id)
        return read_charter(source) if source else Charter()

    @cached_property
    def next(self) -> NextOccurrence | None:
        return next_occurrence(self.session, self.meeting, self.now)

    @cached_property
    def sponsors(self) -> Mapping[str, PersonId]:
        """Who sponsors each department, by its folded name."""
        return sponsors_on(self.session, self.today)

    @cached_property
    def holders(self) -> list[RoleHolder]:
        return role_holders(self.session, [self.meeting.id], self.today)

    @property
    def chairs(self) -> list[RoleHolder]:
        return [one for one in self.holders if one.kind == "chair"]

    @property
    def leads(self) -> list[UUID]:
        """Chairs and scribes in force, each once."""
        return list(dict.fromkeys(one.person_id for one in self.holders if one.kind in ("chair", "scribe")))

    def sponsor_of(self, seat: Seat) -> PersonId | None:
        return self.sponsors.get(fold_department(seat.department))

    def name(self, person: UUID | None) -> str | None:
        """As mails call the person; None for nobody."""
        if person is None:
            return None
        known = self.roster.people.get(PersonId(person))
        if known is not None:
            return str(known)
        row = self.session.get(Person, person)
        return row.name or None if row is not None else None

    def said_actor(self, actor: str) -> str:
        """Whoever did something, as people call them; the ledger names them by what can stay."""
        return self.name(actor_id(actor)) or "an administrator"


def actor_id(actor: str) -> UUID | None:
    """The person whom the ledger names `person:ID`; None for anybody else."""
    kind, _, written = actor.partition(":")
    if kind != "person":
        return None
    with suppress(ValueError):
        return UUID(written)
    return None
