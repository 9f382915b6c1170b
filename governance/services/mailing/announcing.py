"""What was done, said by whoever did it, and told to people when the transaction is about to end.

Only then everything is in place: an import appoints a delegate before it records the mandate that the delegate is
to be told of. What is announced inside a savepoint that is rolled back leaves no row to be told about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatTaken:
    meeting_id: UUID
    seat_id: UUID
    person_id: UUID
    first_day: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGiven:
    """Recorded or confirmed; `is_changed` when the sponsor confirmed other words than those recorded."""

    meeting_id: UUID
    mandate_id: UUID
    at: datetime
    is_changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRefused:
    meeting_id: UUID
    mandate_id: UUID
    at: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateTaken:
    """Withdrawn; `actor` as the ledger names whoever did it."""

    meeting_id: UUID
    mandate_id: UUID
    actor: str
    at: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateWanted:
    """There is none yet, and the sponsor is to be asked for it; `since` is the first day of the tenure."""

    meeting_id: UUID
    seat_id: UUID
    person_id: UUID
    since: date
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstPlanApproved:
    """The meeting begins: from now on people hear of it."""

    meeting_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAskedFor:
    meeting_id: UUID
    application_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDeclined:
    """Whoever leads has taken the applicant off the waiting list."""

    meeting_id: UUID
    application_id: UUID
    at: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatOffered:
    meeting_id: UUID
    offer_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOver:
    """Accepted, declined, ended or withdrawn; `actor` as the ledger names whoever did it."""

    meeting_id: UUID
    offer_id: UUID
    actor: str
    at: datetime
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten:
    meeting_id: UUID
    note_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatJudged:
    """A mark may have changed how the seat stands; people hear of it from `due_at` on, unless it changes again."""

    meeting_id: UUID
    seat_id: UUID
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionEntered:
    """Chair or scribe entered for a seat what was said in the room; `person_id` sits for it."""

    meeting_id: UUID
    decision_id: UUID
    seat_id: UUID
    person_id: UUID
    department: str
    title: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationAsked:
    """A sponsor's word is wanted, from now on."""

    meeting_id: UUID
    ratification_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationAnswered:
    meeting_id: UUID
    ratification_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentsAsked:
    """Of seats that were not there."""

    meeting_id: UUID
    decision_id: UUID
    seats: tuple[UUID, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionClosed:
    """`seats` were not there, and hear of it."""

    meeting_id: UUID
    decision_id: UUID
    seats: tuple[UUID, ...]
    at: datetime


Announced = (
    SeatTaken
    | MandateGiven
    | MandateRefused
    | MandateTaken
    | MandateWanted
    | FirstPlanApproved
    | SeatAskedFor
    | ApplicationDeclined
    | SeatOffered
    | OfferOver
    | NoteWritten
    | SeatJudged
    | PositionEntered
    | RatificationAsked
    | RatificationAnswered
    | CommitmentsAsked
    | DecisionClosed
)

_KEY = "announced to people"


def announce(session: Session, fact: Announced) -> None:
    session.info.setdefault(_KEY, []).append(fact)


def post_announced(session: Session) -> None:
    """Post what was announced; nothing is loaded for a transaction that announces nothing."""
    facts = session.info.pop(_KEY, None)
    if facts:
        from governance.services.mailing.roster_mails import post_facts

        post_facts(session, facts)
