"""People in the room without a seat: visitors of one occurrence, and standing guests until a last day."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from governance.domain.charter import Charter, read_charter
from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId
from governance.models.meeting import Meeting
from governance.models.occurrence import Occurrence
from governance.models.person import Person
from governance.models.visitor import StandingGuest, Visitor
from governance.services.recording import COMMAND, iso, named, note, today_of
from governance.store import seats as store
from governance.store.meetings import lock_meeting
from governance.store.rosters import load_roster
from governance.store.standing import newest_charter

LONGEST_REASON = 500


class GuestRefused(GovernanceError):
    """The person cannot be admitted."""


def charter_of(session: Session, meeting: Meeting) -> Charter:
    """The charter in force; without one, all defaults."""
    source = newest_charter(session, meeting.id)
    return read_charter(source) if source else Charter()


def admit_visitor(
    session: Session,
    meeting: Meeting,
    occurrence: Occurrence,
    person: Person,
    *,
    reason: str,
    actor: str,
    now: datetime,
    by: str | None = None,
    source: str = COMMAND,
) -> None:
    """The person may come to that occurrence; who may already, may still.

    Raises:
        GuestRefused: without a reason, for an occurrence that is over, for whoever has a seat that day, or above the
            charter's number of visitors.
    """
    words = _reason(reason)
    if occurrence.end <= now:
        raise GuestRefused("Choose an occurrence to come", "this one is over")
    lock_meeting(session, meeting)
    present = store.visitors_of(session, occurrence.id)
    if any(row.person_id == person.id for row in present):
        return
    day = today_of(meeting, occurrence.original_start)
    _refuse_holder(session, meeting, person, day)
    most = charter_of(session, meeting).visitors
    if len(present) >= most:
        raise GuestRefused("Choose another day, or raise visitors in the charter", f"{_people(most)} may visit a day")
    row = Visitor(occurrence_id=occurrence.id, person_id=person.id, reason=words, by=by or actor, at=now)
    session.add(row)
    session.flush()
    note(
        session, meeting, "visitor-admitted", f"visitor:{row.id}", actor=actor, source=source, now=now, why=words,
        after={"visitor": named(session, person), "on": iso(today_of(meeting, occurrence.start))},
    )  # fmt: skip


def admit_standing_guest(
    session: Session,
    meeting: Meeting,
    person: Person,
    *,
    last_day: date,
    reason: str,
    actor: str,
    now: datetime,
    counts_in_limit: bool = True,
    by: str | None = None,
    source: str = COMMAND,
) -> None:
    """The person may come until the last day. Whoever is a standing guest already gets the new last day and reason.

    Args:
        counts_in_limit: False for a removal that was undone, until the chair decides.

    Raises:
        GuestRefused: without a reason, with a day gone by, for whoever has a seat, or above the charter's number.
    """
    words, today = _reason(reason), today_of(meeting, now)
    if last_day < today:
        raise GuestRefused(f"Choose a last day from {today} on", f"{last_day} is over")
    lock_meeting(session, meeting)
    _refuse_holder(session, meeting, person, today)
    present = [row for row in store.standing_guests_of(session, meeting.id) if row.last_day >= today]
    mine = next((row for row in present if row.person_id == person.id), None)
    if mine is not None and (mine.last_day, mine.reason, mine.counts_in_limit) == (last_day, words, counts_in_limit):
        return
    others = sum(1 for row in present if row.counts_in_limit and row is not mine)
    most = charter_of(session, meeting).guests
    if counts_in_limit and others >= most:
        raise GuestRefused(
            "Wait until another guest's time is over, or raise guests in the charter",
            f"{_people(most)} may be standing guests at a time",
        )
    before = {"until": iso(mine.last_day), "why": mine.reason} if mine else None
    row = mine or StandingGuest(meeting_id=meeting.id, person_id=person.id)
    row.reason, row.last_day, row.counts_in_limit, row.by, row.at = words, last_day, counts_in_limit, by or actor, now
    session.add(row)
    session.flush()
    note(
        session, meeting, "standing-guest-admitted", f"standing-guest:{row.id}", actor=actor, source=source, now=now,
        why=words, before=before, after={"guest": named(session, person), "until": iso(last_day)},
    )  # fmt: skip


def _reason(reason: str) -> str:
    words = reason.strip()
    if not words or len(words) > LONGEST_REASON or "\0" in words:
        raise GuestRefused(f"Give a reason of at most {LONGEST_REASON} characters", "it is shown to the meeting")
    return words


def _refuse_holder(session: Session, meeting: Meeting, person: Person, day: date) -> None:
    seat = load_roster(session, meeting).seat_held_by(PersonId(person.id), day)
    if seat is not None:
        raise GuestRefused("Choose somebody without a seat", f"this person is the delegate of {seat.department}")


def _people(count: int) -> str:
    return "nobody" if count == 0 else "one person" if count == 1 else f"{count} people"
