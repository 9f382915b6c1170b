"""Mandates: what a person may decide for a seat, from when until when, and on whose word."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.roster import MandateState, Term
from governance.domain.seating import cut
from governance.models.mandate import Mandate
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services.links import MANDATE_PURPOSES, revoke
from governance.services.mailing import announcing
from governance.services.mailing.announcing import MandateGiven, MandateTaken, announce
from governance.services.recording import COMMAND, iso, named, note, today_of, touch
from governance.store import seats as store
from governance.store.meetings import lock_meeting

LONGEST_SCOPE = 2000


class MandateRefused(GovernanceError):
    """The mandate cannot be recorded as it was given."""


class NoMandate(GovernanceError):
    """There is no mandate that could be withdrawn."""

    def __init__(self, department: str) -> None:
        super().__init__("Choose somebody with a mandate", f"this person has none in force for {department}")


def record_mandate(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    scope: str,
    actor: str,
    now: datetime,
    limit_minor: int | None = None,
    first_day: date | None = None,
    last_day: date | None = None,
    sponsor: Person | UUID | None = None,
    state: MandateState = MandateState.RECORDED,
    source: str = COMMAND,
    is_changed: bool = False,
) -> Mandate:
    """A mandate from the first day (today) on; one that the person has already ends the day before.

    Args:
        limit_minor: in minor units of the site's currency; None is no authority over money.
        state: `recorded` by us, or `confirmed` by the sponsor.
        is_changed: the sponsor confirms something else than was recorded.

    Raises:
        MandateRefused: without a scope, or with days in the wrong order.
    """
    term = Term(first_day or today_of(meeting, now), last_day)
    words = scope.strip()
    if not words or len(words) > LONGEST_SCOPE or "\0" in words:
        raise MandateRefused(f"Say in at most {LONGEST_SCOPE} characters what may be decided")
    if last_day is not None and last_day < term.first_day:
        raise MandateRefused(f"Choose a last day from {term.first_day} on", f"{last_day} is before it")
    if limit_minor is not None and limit_minor < 0:
        raise MandateRefused("Choose a limit of 0 or more")
    lock_meeting(session, meeting)
    _make_way(session, seat, person, term)
    given = Mandate(
        seat_id=seat.id,
        person_id=person.id,
        sponsor_person_id=sponsor.id if isinstance(sponsor, Person) else sponsor,
        scope=words,
        limit_minor=limit_minor,
        first_day=term.first_day,
        last_day=term.last_day,
        state=state.value,
        recorded_by=actor,
        at=now,
    )
    session.add(given)
    touch(seat)
    session.flush()
    note(
        session, meeting, f"mandate-{state.value}", f"mandate:{given.id}", actor=actor, source=source, now=now,
        after={"department": store.department_of(session, seat).name, "person": named(session, person),
               "scope": words, "limit_minor": limit_minor, "from": iso(term.first_day), "until": iso(last_day)},
    )  # fmt: skip
    announce(session, MandateGiven(meeting_id=meeting.id, mandate_id=given.id, at=now, is_changed=is_changed))
    return given


def confirm_mandate(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    mandate: Mandate,
    sponsor: Person,
    *,
    scope: str,
    limit_minor: int | None,
    last_day: date | None,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> Mandate:
    """The sponsor gives their word: to what was recorded, or to other words, which are a mandate of their own.

    Raises:
        MandateRefused: it was decided already, or what the sponsor says cannot be a mandate.
    """
    lock_meeting(session, meeting)
    session.refresh(mandate)
    if mandate.state != MandateState.RECORDED.value:
        raise MandateRefused("Load the page again", f"this mandate is {mandate.state} by now")
    if (scope.strip(), limit_minor, last_day) != (mandate.scope, mandate.limit_minor, mandate.last_day):
        person = session.get_one(Person, mandate.person_id)
        first_day = max(mandate.first_day, today_of(meeting, now))
        return record_mandate(
            session, meeting, seat, person, scope=scope, limit_minor=limit_minor, first_day=first_day,
            last_day=last_day, sponsor=sponsor, state=MandateState.CONFIRMED, actor=actor, now=now, source=source,
            is_changed=True,
        )  # fmt: skip
    mandate.state, mandate.sponsor_person_id = MandateState.CONFIRMED.value, sponsor.id
    touch(seat)
    note(
        session, meeting, "mandate-confirmed", f"mandate:{mandate.id}", actor=actor, source=source, now=now,
        after=_named_mandate(session, seat, mandate),
    )  # fmt: skip
    announce(session, MandateGiven(meeting_id=meeting.id, mandate_id=mandate.id, at=now))
    return mandate


def decline_mandate(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    mandate: Mandate,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """The sponsor does not give it: from now on it is none.

    Raises:
        MandateRefused: it was decided already.
    """
    lock_meeting(session, meeting)
    session.refresh(mandate)
    if mandate.state != MandateState.RECORDED.value:
        raise MandateRefused("Load the page again", f"this mandate is {mandate.state} by now")
    mandate.state = MandateState.DECLINED.value
    touch(seat)
    note(
        session, meeting, "mandate-declined", f"mandate:{mandate.id}", actor=actor, source=source, now=now, why=why,
        before=_named_mandate(session, seat, mandate),
    )  # fmt: skip
    announce(session, announcing.MandateRefused(meeting_id=meeting.id, mandate_id=mandate.id, at=now, why=why))


def withdraw_mandate(
    session: Session,
    meeting: Meeting,
    seat: Seat,
    person: Person,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    why: str | None = None,
) -> None:
    """From today on the person has no mandate for the seat; one that has not begun is withdrawn as well.

    Raises:
        NoMandate: when there is none.
    """
    lock_meeting(session, meeting)
    today = today_of(meeting, now)
    given = [row for row in _given(session, seat, person) if row.last_day is None or row.last_day >= today]
    if not given:
        raise NoMandate(store.department_of(session, seat).name)
    for row in given:
        row.state = MandateState.WITHDRAWN.value
    touch(seat)
    note(
        session, meeting, "mandate-withdrawn", f"mandate:{given[0].id}", actor=actor, source=source, now=now, why=why,
        before={"department": store.department_of(session, seat).name, "person": named(session, person),
                "scope": given[0].scope},
    )  # fmt: skip
    revoke(session, meeting, MANDATE_PURPOSES, now, mandate={str(row.id) for row in given})
    # Of several only one is in force: whoever loses them hears of it once.
    shown = next((row for row in given if row.first_day <= today), given[0])
    announce(session, MandateTaken(meeting_id=meeting.id, mandate_id=shown.id, actor=actor, at=now, why=why))


def _make_way(session: Session, seat: Seat, person: Person, term: Term) -> None:
    """At most one mandate is in force for a seat, a person and a day: the new one takes over from its first day."""
    for row in _given(session, seat, person):
        span = Term(row.first_day, row.last_day)
        if span.overlaps(term):
            left = cut(span, term.first_day)
            if left is None:
                row.state = MandateState.WITHDRAWN.value
            else:
                row.last_day = left.last_day


def _given(session: Session, seat: Seat, person: Person) -> list[Mandate]:
    states = (MandateState.RECORDED.value, MandateState.CONFIRMED.value)
    return [row for row in store.mandates_of(session, seat.id) if row.person_id == person.id and row.state in states]


def _named_mandate(session: Session, seat: Seat, mandate: Mandate) -> dict[str, object]:
    return {
        "department": store.department_of(session, seat).name,
        "person": named(session, mandate.person_id),
        "scope": mandate.scope,
        "limit_minor": mandate.limit_minor,
        "from": iso(mandate.first_day),
        "until": iso(mandate.last_day),
    }
