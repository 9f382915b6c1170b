"""From the rows to the roster page: three statements, whatever the number of seats."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.ledger import LedgerLine
from governance.domain.roster import Roster, Seat
from governance.reconcile.observed import Guest
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.services.meeting_page import ExtraLine
from governance.services.meeting_page.pictures import pictures_of
from governance.services.meeting_page.seats import by_department, person_line, seat_line
from governance.services.roster_page.values import ComingStandIn, Lead, RosterPage, RosterSeat, Upcoming, Visit
from governance.store.roster_page import (
    RosterHeading,
    RosterRows,
    StoredRoster,
    heading,
    rows_made_of,
    stored_roster,
)

OCCURRENCES_OFFERED = 8
"""On how many days to come somebody may be let in or stand in by choosing from a list."""


@dataclass(frozen=True, slots=True)
class RosterSource:
    """Everything that a page is made of, besides the time: while it is the same, so is the page."""

    meeting: RosterHeading
    stored: StoredRoster
    pictures: list[SeriesPicture]


def roster_source(session: Session, slug: str, among: Collection[UUID] | None) -> RosterSource | None:
    """Of the meeting of that name, where it is one of these (None: of all); four statements."""
    meeting = heading(session, slug, among)
    return _source(session, meeting) if meeting is not None else None


def _source(session: Session, meeting: RosterHeading) -> RosterSource:
    return RosterSource(meeting, stored_roster(session, meeting.id), pictures_of(session, meeting.id))


def roster_page(session: Session, meeting: RosterHeading, now: datetime) -> RosterPage:
    return page_made_of(_source(session, meeting), now)


def page_made_of(source: RosterSource, now: datetime) -> RosterPage:
    meeting, pictures = source.meeting, source.pictures
    rows = rows_made_of(meeting, source.stored)
    roster = rows.roster
    seen = sorted(
        ((picture, one) for picture in pictures for one in islice(picture.upcoming(now), OCCURRENCES_OFFERED)),
        key=lambda pair: pair[1].start,
    )
    coming = tuple(_upcoming(roster, one) for _, one in seen[:OCCURRENCES_OFFERED])
    today = roster.day_of(now)
    on = coming[0].day if coming else today
    guests = _guests(*seen[0]) if seen else None
    stand_ins = _stand_ins(roster, coming)
    return RosterPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        cap=meeting.cap,
        today=today,
        on=on,
        upcoming=coming,
        seats=tuple(
            _seat(rows, seat, on, coming, guests, stand_ins.get(seat.id, ())) for seat in by_department(roster.seats)
        ),
        visits=tuple(
            Visit(person_line(roster, visitor.person), visitor.reason, one.day)
            for one in coming
            for visitor in roster.visitors.get(one.original_start, ())
        ),
        standing_guests=tuple(
            ExtraLine(person_line(roster, one.person), one.reason, one.last_day)
            for one in roster.standing_guests
            if today <= one.last_day
        ),
        leads=tuple(
            Lead(one.id, one.kind, person_line(roster, one.person), one.term.first_day, one.term.last_day)
            for one in rows.roles
            if one.kind in ("chair", "scribe") and (one.term.last_day is None or today <= one.term.last_day)
        ),
        names={address: str(roster.people[owner]) for address, owner in roster.address_owner.items()},
        roster=roster,
    )


def done_last(lines: Sequence[LedgerLine]) -> tuple[LedgerLine, ...]:
    """Of somebody's acts those of the last form, the first one first: one form records all its acts at one instant."""
    newest = max((one.at for one in lines), default=None)
    return tuple(sorted((one for one in lines if one.at == newest), key=lambda one: one.position.seq))


def _upcoming(roster: Roster, seen: SeenOccurrence) -> Upcoming:
    return Upcoming(seen.original_start, seen.start, seen.end, roster.day_of(seen.start))


def _guests(picture: SeriesPicture, seen: SeenOccurrence) -> Mapping[str, Guest] | None:
    event = seen.exception or picture.series
    if event is None or event.guests_omitted:
        return None
    return {guest.address: guest for guest in event.guests if guest.address}


def _seat(
    rows: RosterRows,
    seat: Seat,
    on: date,
    coming: tuple[Upcoming, ...],
    guests: Mapping[str, Guest] | None,
    stand_ins: Iterable[ComingStandIn],
) -> RosterSeat:
    roster, start = rows.roster, coming[0].original_start if coming else None
    sponsors = rows.sponsors.get(seat.id, ())
    sponsor = next((person for person, term in reversed(sponsors) if term.holds_on(on)), None) if sponsors else None
    present, later = None, None
    for one in seat.tenures:  # by their first days
        if one.term.first_day > on:
            later = one
            break
        if present is None and one.term.holds_on(on):
            present = one
    return RosterSeat(
        line=seat_line(roster, seat, on, start, guests),
        version=rows.versions[seat.id],
        sponsor=person_line(roster, sponsor) if sponsor else None,
        stand_ins=tuple(stand_ins),
        leaves_on=present.term.last_day if present else None,
        follows=person_line(roster, later.person) if later else None,
        follows_on=later.term.first_day if later else None,
    )


def _stand_ins(roster: Roster, coming: Iterable[Upcoming]) -> Mapping[UUID, Sequence[ComingStandIn]]:
    """By seat, in the order of the days."""
    found: Mapping[UUID, list[ComingStandIn]] = defaultdict(list)
    for one in coming:
        for stand_in in roster.stand_ins.get(one.original_start, ()):
            found[stand_in.seat_id].append(ComingStandIn(person_line(roster, stand_in.person), one.day))
    return found
