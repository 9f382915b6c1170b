"""What pages want of Google: the errands that a worker does, and what an administrator has decided of an adoption."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from governance.models.base import Base, Identified, Versioned, one_of
from governance.models.types import Json


class Errand(Identified, Base):
    """One thing that somebody wants of Google: a page wrote it down, a worker does it, and the page shows the answer.

    `asked_by` is the address of who wants it, `actor` the same as the ledger names them; `asked_json` says what is
    wanted, `answer_json` what came of it and `refusal` the sentence why nothing did. The row goes an hour after it was
    written, with what Google had said. The lease (`leased_by`, `leased_until` by the database's clock, `fence` that
    only rises) belongs to one worker; `taken` counts how often one began.
    """

    __table_args__ = (
        one_of("kind", "find", "look", "adopt", "relink", "release"),
        one_of("state", "waiting", "done", "refused"),
        CheckConstraint("taken >= 0", name="taken_not_negative"),
    )

    kind: Mapped[str]
    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    asked_json: Mapped[Any] = mapped_column(Json)
    asked_by: Mapped[str] = mapped_column(index=True)
    actor: Mapped[str]
    asked_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="waiting", index=True)
    answer_json: Mapped[Any | None] = mapped_column(Json)
    refusal: Mapped[str | None]
    settled_at: Mapped[datetime | None]
    taken: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    fence: Mapped[int] = mapped_column(default=0)


class AdoptionDraft(Identified, Versioned, Base):
    """What an administrator has decided so far of an adoption, one for each; it goes with the adoption, or in a day.

    `content_json` holds what was typed, by step. What Google said of the event is not here: it stays in the errand.
    """

    asked_by: Mapped[str] = mapped_column(unique=True)
    begun_at: Mapped[datetime]
    touched_at: Mapped[datetime] = mapped_column(index=True)
    content_json: Mapped[Any] = mapped_column(Json)
