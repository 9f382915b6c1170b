"""What a link's page is made of. Codes and values only: the words are the pages' business."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.models.meeting import Meeting
from governance.models.outbox import ActionLink
from governance.models.person import Person
from governance.services.links import Purpose
from governance.services.mailing.desk import Desk

SOURCE = "link"
"""The source in the ledger of everything that a link does."""


class State(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    GONE = "gone"
    """Revoked, or what it was about is settled, or the person may not do it any more."""
    UNKNOWN = "unknown"


class FieldKind(StrEnum):
    TEXT = "text"
    LONG = "long"
    MONEY = "money"
    DAY = "day"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """Something to be filled in; `limit_minor` is the value of a field for money."""

    name: str
    kind: FieldKind
    value: str = ""
    limit_minor: int | None = None
    choices: tuple[tuple[str, str], ...] = ()
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """Something that can be done, with one button."""

    code: str
    fields: tuple[Field, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What the link is about as it stands now; `values` are names, days and texts that the page says."""

    values: Mapping[str, Any] = field(default_factory=dict)
    verbs: tuple[Verb, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """`person`, `meeting` and `purpose` are None for a link that nobody made."""

    state: State
    link: ActionLink | None = None
    purpose: Purpose | None = None
    person: Person | None = None
    address: str = ""
    meeting: Meeting | None = None
    about: About | None = None

    @property
    def used_at(self) -> datetime | None:
        return self.link.used_at if self.link is not None else None

    @property
    def outcome(self) -> str | None:
        return self.link.outcome if self.link is not None else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One use of a link: who acts, on what, and what they filled in."""

    session: Session
    meeting: Meeting
    person: Person
    desk: Desk
    thing: Mapping[str, Any]
    verb: str
    given: Mapping[str, str]
    currency: str
    now: datetime

    @property
    def actor(self) -> str:
        return f"person:{self.person.id}"

    def text(self, name: str) -> str:
        return self.given.get(name, "").replace("\0", "").strip()


Look = Callable[[Desk, Person, Mapping[str, Any]], About | None]
"""What the link is about now, or None when that is gone."""

Act = Callable[[Use], str]
"""Does it, and says in one sentence what was done."""


class LinkRefused(GovernanceError):
    """What was filled in, or the state of the roster, does not allow it; the link still works."""
