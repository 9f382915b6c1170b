"""A meeting under governance: what it is, what its rules do, who leads it, when it rests."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, validates

from governance.models.base import Base, Identified, Versioned, days_in_order, one_of, only_one, parent
from governance.models.person import Person
from governance.models.types import Json

_SLUG_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789-"


class Meeting(Identified, Versioned, Base):
    """One governed meeting, and what the reconciler has to remember of it between two cycles.

    `dirty` asks for a look and `stirred` counts how often that was asked; `due_at` is the next instant at which time
    alone can change what is to be done; `retry_at` and `failures` are those of its last trouble; `findings_json` and
    `plan_json` are what was last shown. `trusted_mark` is the highest ledger position on an event that a person has
    confirmed although our ledger has not reached it (a restored copy). `begun_at` is since when people hear of it:
    since its first plan was approved, or since a person went on with a restored copy.
    """

    __table_args__ = (
        CheckConstraint("cap >= 1", name="cap_at_least_one"),
        CheckConstraint("failures >= 0", name="failures_not_negative"),
        # Both databases strip a set of letters, while neither's pattern syntax is known to the other.
        CheckConstraint(f"length(slug) BETWEEN 2 AND 40 AND ltrim(slug, '{_SLUG_LETTERS}') = ''", name="slug_is_plain"),
    )

    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    cap: Mapped[int] = mapped_column(default=12)
    first_plan_approved: Mapped[bool] = mapped_column(default=False)
    begun_at: Mapped[datetime | None]
    restored_hold: Mapped[bool] = mapped_column(default=False)
    trusted_mark: Mapped[int] = mapped_column(default=0)
    frozen_code: Mapped[str | None]
    frozen_reason: Mapped[str | None]
    released_at: Mapped[datetime | None]
    recorded_digest: Mapped[str | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    dirty: Mapped[bool] = mapped_column(default=False)
    stirred: Mapped[int] = mapped_column(default=0)
    failures: Mapped[int] = mapped_column(default=0)
    retry_at: Mapped[datetime | None]
    problem_code: Mapped[str | None]
    problem_text: Mapped[str | None]
    problem_remedy: Mapped[str | None]
    findings_json: Mapped[Any | None] = mapped_column(Json)
    plan_json: Mapped[Any | None] = mapped_column(Json)
    observed_at: Mapped[datetime | None]
    last_write_at: Mapped[datetime | None]

    @validates("dirty")
    def _stir(self, _name: str, dirty: bool) -> bool:
        """Whoever asks for a look raises `stirred`: a look that is under way sees that it was asked for again."""
        if dirty:
            self.stirred = (self.stirred or 0) + 1
        return dirty


class Pause(Identified, Base):
    """While it stands nothing is written: for one meeting, or without a meeting for all; removed on resuming."""

    __table_args__ = (days_in_order(),)

    meeting_id: Mapped[UUID | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]
    by: Mapped[str]
    at: Mapped[datetime]

    meeting: Mapped[Meeting | None] = parent()


class CharterVersion(Identified, Base):
    """The charter as it was given, in TOML; the highest number is in force, older ones stay."""

    __table_args__ = (
        UniqueConstraint("meeting_id", "number"),
        CheckConstraint("number >= 1", name="number_at_least_one"),
    )

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    source: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[str]

    meeting: Mapped[Meeting] = parent()


class RuleMode(Identified, Base):
    """What a rule does in a meeting where that is not its default."""

    __table_args__ = (UniqueConstraint("meeting_id", "code"), one_of("mode", "off", "observe", "enforce"))

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"))
    code: Mapped[str]
    mode: Mapped[str]

    meeting: Mapped[Meeting] = parent()


class Role(Identified, Base):
    """Chair, scribe or senior leadership of a meeting; an acting chair is a second chair with a last day."""

    __table_args__ = (one_of("kind", "chair", "scribe", "leadership"), days_in_order())
    partly_unique = (only_one("meeting_id", "person_id", "kind", where="last_day IS NULL", name="open"),)

    meeting_id: Mapped[UUID] = mapped_column(ForeignKey("meeting.id"), index=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]
    first_day: Mapped[date]
    last_day: Mapped[date | None]

    meeting: Mapped[Meeting] = parent()
    person: Mapped[Person] = parent()
