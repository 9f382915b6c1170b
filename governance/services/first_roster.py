"""Takes the first roster of a meeting, all of it in the caller's transaction.

Nobody is mailed about a seat before the first plan is approved. The sponsors are asked for their mandates at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.first_roster import FirstRoster, FirstSeat, Named
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import applications, mandates, seats, sponsors
from governance.services.mailing.announcing import MandateWanted, announce
from governance.services.people import person_named
from governance.services.recording import today_of
from governance.store.rosters import load_roster
from governance.store.seats import department_of


class RosterNotTaken(GovernanceError):
    """A line of the first roster cannot be used; it says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    session: Session
    meeting: Meeting
    actor: str
    source: str
    now: datetime

    def take(self, roster: FirstRoster) -> None:
        """Seats with delegates, sponsors, mandates and waiting lists; whoever is let go is known by name from now on.

        Raises:
            GovernanceError: what seats, people or mandates refuse.
        """
        for one in roster.seats:
            try:
                self._seat(one)
            except GovernanceError as error:
                raise RosterNotTaken(f"{one.department}: {error.remedy}", error.reason) from error
        for named in roster.let_go:
            self._person(named)

    def _seat(self, one: FirstSeat) -> None:
        seat = seats.open_seat(
            self.session, self.meeting, one.department, actor=self.actor, source=self.source, now=self.now
        )
        sponsor = person_named(self.session, one.sponsor) if one.sponsor else None
        if sponsor is not None:
            department = department_of(self.session, seat)
            sponsors.name_sponsor(
                self.session, self.meeting, department, sponsor, actor=self.actor, source=self.source, now=self.now
            )
        if one.delegate is not None:
            delegate = self._person(one.delegate)
            self._sit(seat, delegate)
            self._mandate(one, seat, delegate, sponsor)
        for named in one.waiting:
            person = self._person(named)
            applications.apply_for(
                self.session, self.meeting, seat, person, is_told=False,
                actor=self.actor, source=self.source, now=self.now,
            )  # fmt: skip

    def _sit(self, seat: Seat, delegate: Person) -> None:
        """A meeting that was released and comes back has its seats still: whoever held this one hands it over."""
        value = load_roster(self.session, self.meeting).seat(seat.id)
        is_held = value is not None and value.delegate(today_of(self.meeting, self.now)) is not None
        put = seats.hand_over if is_held else seats.appoint
        put(self.session, self.meeting, seat, delegate, actor=self.actor, source=self.source, now=self.now)

    def _mandate(self, one: FirstSeat, seat: Seat, delegate: Person, sponsor: Person | None) -> None:
        """Recorded where it was said in words; the sponsor is asked for theirs either way."""
        if one.scope:
            mandates.record_mandate(
                self.session, self.meeting, seat, delegate, scope=one.scope, sponsor=sponsor,
                actor=self.actor, source=self.source, now=self.now,
            )  # fmt: skip
        elif sponsor is not None and sponsor.id != delegate.id:
            today = today_of(self.meeting, self.now)
            announce(
                self.session,
                MandateWanted(
                    meeting_id=self.meeting.id, seat_id=seat.id, person_id=delegate.id, since=today, at=self.now
                ),
            )

    def _person(self, named: Named) -> Person:
        return person_named(self.session, named.address, named.name or None)
