"""What needs somebody, as values: whatever part of the service finds it, the first page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from governance.domain.access import Actor, Who
from governance.models import Meeting

_LEADS = frozenset({Who.CHAIR, Who.ACTING_CHAIR, Who.SCRIBE})


class Why(StrEnum):
    """What is needed, in the order in which it is shown."""

    OFFER = "offer"
    TROUBLE = "trouble"
    HELD = "held"
    NO_ROSTER = "no-roster"
    QUESTION = "question"
    OWN_ABSENCE = "own-absence"
    OWN_POSITION = "own-position"
    OWN_COMMITMENT = "own-commitment"
    OWN_PROMISE = "own-promise"
    OFFER_ENDED = "offer-ended"
    SEAT_TO_OFFER = "seat-to-offer"
    TO_RATIFY = "to-ratify"
    RATIFICATION_MISSING = "ratification-missing"
    TO_SUPPORT = "to-support"
    MANDATE_TO_GIVE = "mandate-to-give"
    OWN_MANDATE = "own-mandate"
    MANDATES_MISSING = "mandates-missing"
    SEATS_VACANT = "seats-vacant"


@dataclass(frozen=True, slots=True)
class Need:
    """`said` are sentences as they were recorded; `person` and `department` are given where one is meant.

    `ends` is a day: the last one of a mandate or of an offer, or when the first promise is due. `decision` is the one
    that is meant, `seat` whose word on it is.
    """

    why: Why
    meeting: Meeting
    many: int = 1
    said: tuple[str, ...] = ()
    person: str = ""
    department: str = ""
    ends: date | None = None
    decision: UUID | None = None
    seat: UUID | None = None


def leads(actor: Actor, meeting_id: UUID) -> bool:
    """Whoever runs the installation may decide as well, but does not fill seats: that is the chair's."""
    return bool(actor.everywhere & _LEADS) or any(one.who in _LEADS and one.meeting == meeting_id for one in actor.held)
