"""Mails of our own: what is to be sent, where none can be sent to, and what people do not want."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, is_folded, one_of
from governance.models.types import Json


class Outbox(Identified, Base):
    """One mail to one person, written in the transaction of the fact it reports.

    `key` makes it the only one of its kind, meeting, subject matter (`about`: an occurrence, a day, a mandate …) and
    recipient; the Message-ID follows from `id`. `facts_json` is what the mail says, as it was when the row was
    written. `state`: `waiting` for its time and a worker; `sending` from the moment before the first byte until the
    outcome is known; `sent`; `unclear`, nobody can say whether it went out; `failed` for good; `held` until a person
    decides (`hold` says why: `late`, `restored`); `dropped` by a person, or because it had become pointless.
    The lease (`leased_by`, `leased_until` by the database's clock, `fence` that only rises) belongs to one worker.
    """

    __table_args__ = (
        one_of("state", "waiting", "sending", "sent", "unclear", "failed", "held", "dropped"),
        CheckConstraint("attempts >= 0", name="attempts_not_negative"),
        Index(None, "state", "due_at"),
        Index(None, "person_id", "kind", "queued_at"),
    )

    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    about: Mapped[str]
    address: Mapped[str]
    person_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"), index=True)
    facts_json: Mapped[Any] = mapped_column(Json)
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    hold: Mapped[str | None]
    attempts: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)
    begun_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None] = mapped_column(index=True)
    transport_id: Mapped[str | None]
    problem_code: Mapped[str | None]
    problem_text: Mapped[str | None]
    settled_by: Mapped[str | None]


class Undeliverable(Identified, Base):
    """An address that the mail server refused for good; nothing is sent there until a person says so."""

    __table_args__ = (is_folded("address"),)

    address: Mapped[str] = mapped_column(unique=True)
    problem_code: Mapped[str]
    problem_text: Mapped[str]
    since: Mapped[datetime]


class MailPreference(Identified, Base):
    """A person does not want the mutable mails of one topic (`governance.mail.kinds`) from one meeting."""

    __table_args__ = (UniqueConstraint("person_id", "meeting_id", "topic"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    topic: Mapped[str]
    muted_at: Mapped[datetime]


class ActionLink(Identified, Base):
    """A link in a mail that lets one person do one thing; its address is the id, signed with the site's key.

    `thing_json` says what it acts on. Used once (`used_at`, `outcome` in words); a revoked or expired one does nothing.
    """

    __table_args__ = (CheckConstraint("expires_at >= made_at", name="expires_not_before_made"),)

    purpose: Mapped[str]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    thing_json: Mapped[Any] = mapped_column(Json)
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    outcome: Mapped[str | None]
    revoked_at: Mapped[datetime | None]
