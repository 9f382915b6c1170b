"""From the rows to the page: the same number of statements whatever the number of seats."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.charter import Charter, read_charter
from governance.domain.ledger import LedgerLine
from governance.domain.measures import measure_lines
from governance.domain.roster import Roster
from governance.models import Meeting
from governance.reconcile.observed import Guest
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.services.meeting_page import planned as plans
from governance.services.meeting_page.health import health
from governance.services.meeting_page.seats import by_department, in_force, person_line, seat_line
from governance.services.meeting_page.values import ExtraLine, Fate, MeetingPage
from governance.store import meeting_page as store
from governance.store.roster_page import roster_rows

LAST_ACTS = 12
VALUES_SHOWN = 26
"""Of each measure the newest."""


def meeting_page(session: Session, meeting: Meeting, now: datetime, reader: UUID | None = None) -> MeetingPage:
    """Everything the page shows, at one moment; of the reader it knows whether they were sent summaries."""
    plan, found = meeting.plan_json or {}, meeting.findings_json or []
    rows = roster_rows(session, meeting)
    roster = rows.roster
    beside = store.page_rows(
        session, meeting.id, now=now, on=roster.day_of(now), checksum=plan.get("checksum") or "", acts=LAST_ACTS,
        values=VALUES_SHOWN, reader=reader,
    )  # fmt: skip
    seen = _next_occurrence(beside.pictures, now)
    upcoming = seen[1] if seen else None
    on = roster.day_of(upcoming.start if upcoming else now)
    guests = _guests(*seen) if seen else None
    acts, approval, modes = beside.acts, beside.verdict, beside.modes
    spoken_of = {one["email"] for one in [*plan.get("changes", ()), *found] if one.get("email")} | _targets(acts)
    known = store.names_of(session, spoken_of | ({approval.by} if approval else set()))
    names = _names(roster, guests, known)
    changes = plans.planned(plan, names)
    leads = [(one, str(roster.people[one.person])) for one in rows.roles]
    start = upcoming.original_start if upcoming else None
    charter = read_charter(beside.charter) if beside.charter is not None else Charter()
    return MeetingPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        on=on,
        cap=meeting.cap,
        is_adopted_newly=not meeting.first_plan_approved,
        chairs=in_force(leads, "chair", on),
        scribes=in_force(leads, "scribe", on),
        next=upcoming,
        health=health(meeting, beside.care, now),
        seats=tuple(seat_line(roster, seat, on, start, guests) for seat in by_department(roster.seats)),
        visitors=_visitors(roster, start),
        standing_guests=tuple(
            ExtraLine(person_line(roster, one.person), one.reason, one.last_day)
            for one in roster.standing_guests
            if on <= one.last_day
        ),
        held=plans.held(changes, plan.get("checksum"), approval, names, now),
        waiting=plans.with_fate(changes, Fate.WAITS_FOR_TIME),
        under_way=plans.with_fate(changes, Fate.UNDER_WAY),
        findings=plans.findings(found, changes, modes, names),
        acts=tuple(acts),
        names=names,
        purpose=charter.purpose,
        measures=measure_lines(charter, beside.values),
        has_summaries=beside.has_summaries,
    )


def page_stamp(session: Session, slug: str, among: Collection[UUID] | None) -> str | None:
    """Differs whenever the page would, apart from the passing of time; one cheap statement.

    None where there is no such meeting, or it is not one of those `among` which it is looked for (None: of all).
    """
    values = store.stamp(session, slug, among)
    return None if values is None else hashlib.sha256(repr(values).encode()).hexdigest()[:20]


def _next_occurrence(pictures: Iterable[SeriesPicture], now: datetime) -> tuple[SeriesPicture, SeenOccurrence] | None:
    """Over all series of the meeting: after a split there are two for a while."""
    seen = [(picture, found) for picture in pictures if (found := picture.next_occurrence(now))]
    return min(seen, key=lambda pair: pair[1].start, default=None)


def _guests(picture: SeriesPicture, seen: SeenOccurrence) -> Mapping[str, Guest] | None:
    """Guests of the occurrence by folded address; None when Google left some out."""
    event = seen.exception or picture.series
    if event is None or event.guests_omitted:
        return None
    return {guest.address: guest for guest in event.guests if guest.address}


def _targets(acts: Iterable[LedgerLine]) -> set[str]:
    """Whom the acts are about, and who decided: what was written to the calendar has no names."""
    after = [line.after for line in acts if isinstance(line.after, Mapping)]
    changes = (change for one in after for change in one.get("changes") or () if isinstance(change, Mapping))
    found = [*(change.get("target") for change in changes), *(one.get("by") for one in after)]
    return {str(target) for target in found if target and "@" in str(target)}


def _names(roster: Roster, guests: Mapping[str, Guest] | None, known: Mapping[str, str]) -> dict[str, str]:
    """Names by folded address: what a guest calls themselves, unless we know better."""
    names = {address: guest.name for address, guest in (guests or {}).items() if guest.name}
    people = roster.people
    ours = {address: str(people[owner]) for address, owner in roster.address_owner.items() if owner in people}
    return names | {address: name for address, name in known.items() if name} | ours


def _visitors(roster: Roster, start: datetime | None) -> tuple[ExtraLine, ...]:
    visitors = roster.visitors.get(start, ()) if start else ()
    return tuple(ExtraLine(person_line(roster, one.person), one.reason) for one in visitors)
