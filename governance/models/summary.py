"""The weekly summary: when somebody wants it, the brief that goes upstairs after it, and the feed for a calendar."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, only_one, parent
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.models.types import Json


class SummaryChoice(Identified, Base):
    """When somebody wants their summaries instead of when the charters say; without a row it is as those say.

    `at` is what a charter may say (`2h`, `Fri 16:00`), in the zone of the meeting, or in the site's for one mail about
    all meetings (`is_together`), which needs a day and hour.
    """

    __table_args__ = (CheckConstraint("NOT is_together OR at LIKE '% %'", name="together_at_an_hour"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), unique=True)
    at: Mapped[str | None]
    is_together: Mapped[bool] = mapped_column(default=False)
    chosen_at: Mapped[datetime]

    person: Mapped[Person] = parent()


class SummaryDone(Identified, Base):
    """The summaries of one period that were wanted at one hour have been posted, or there was nothing to say.

    `about` is the period's key, or without a meeting the day of the mails about all meetings; `at` as charters say it.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "about", "at"),)
    partly_unique = (only_one("about", "at", where="meeting_id IS NULL", name="together"),)

    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"))
    about: Mapped[str]
    at: Mapped[str]
    done_at: Mapped[datetime]

    meeting: Mapped[Meeting | None] = parent()


class Brief(Identified, Versioned, Base):
    """What senior leadership reads of one occurrence, a day after the delegates could read it.

    `about` is the occurrence's original start in UTC; the brief is about what happened `since` until `until`, and
    `shown_at` is from when on the delegates could read it as it goes. `facts_json` is the text as it stands
    (`governance.mail.facts_of_summaries.Brief`), `written_json` as it was first written, so that what the chair leaves
    out can come back. A change begins the day anew: `goes_at` is when it goes. Held back it stays until the chair lets
    it go.
    """

    __table_args__ = (UniqueConstraint("meeting_id", "about"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    about: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    shown_at: Mapped[datetime]
    goes_at: Mapped[datetime] = mapped_column(index=True)
    gone_at: Mapped[datetime | None]
    held_at: Mapped[datetime | None]
    facts_json: Mapped[Any] = mapped_column(Json)
    written_json: Mapped[Any] = mapped_column(Json)
    changed_at: Mapped[datetime | None]
    changed_by: Mapped[str | None]

    meeting: Mapped[Meeting] = parent()


class BriefRequest(Identified, Base):
    """A seat asks the chair to change a brief before it goes."""

    brief_id: Mapped[UUID] = mapped_column(ForeignKey("brief.id"), index=True)
    seat_id: Mapped[UUID | None] = mapped_column(ForeignKey("seat.id"))
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    text: Mapped[str]
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None]

    brief: Mapped[Brief] = parent()
    seat: Mapped[Seat | None] = parent()
    person: Mapped[Person] = parent()


class CalendarFeed(Identified, Base):
    """The private address under which a person's own calendar reads what they owe and when they meet.

    The address is the id, signed; a revoked one answers like one that never was.
    """

    partly_unique = (only_one("person_id", where="revoked_at IS NULL", name="open"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    made_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    person: Mapped[Person] = parent()
