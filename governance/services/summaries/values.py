"""What the parts of the weekly summary hand to each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from governance.domain.access import Actor
from governance.mail.facts_of_summaries import Summary
from governance.services.attendance.values import TurnLine
from governance.services.links import Purpose
from governance.services.mailing.letters import LinkWish

Facts = dict[str, Any]
"""A line of a section, as the mail's facts have it."""


@dataclass(frozen=True, slots=True)
class Period:
    """What one summary is about: an occurrence that is over, or a week without one.

    `key` makes it the only one: the original start in UTC (`2026-11-26T09:00:00Z`), or the ISO week (`2026-W48`). It
    tells what happened from `since` (exclusive) until `until` (inclusive).
    """

    key: str
    start: datetime | None
    end: datetime | None
    is_cancelled: bool
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Reader:
    """Whoever leads reads the longer summary."""

    person: UUID
    is_lead: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """What somebody owes, and the link that settles it; a commitment is due at once, and is about a `seat`."""

    kind: str
    text: str
    path: str
    purpose: Purpose
    thing: Mapping[str, str]
    due_on: date | None = None
    number: str | None = None
    seat: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """Everything that is said about one period, before it is cut: see `governance.mail.facts_of_summaries.Summary`.

    Attributes:
        actors: what each person is in the meeting now.
        promises: what is theirs and open, by person.
        commitments: what their seat has not said yet about what was decided, by person.
        attendance: lines by seat.
        turns: of the question of the week; who passed is known to them and to the chair alone.
        lead: what leads read besides, without say and do.
        say_do: as the chair may see it, by seat.
    """

    meeting: UUID
    period: Period
    today: date
    actors: Mapping[UUID, Actor]
    promises: Mapping[UUID, tuple[Owed, ...]]
    commitments: Mapping[UUID, tuple[Owed, ...]]
    closed: tuple[Facts, ...]
    open: tuple[Facts, ...]
    committed: tuple[Facts, ...]
    attendance: tuple[tuple[UUID, Facts], ...]
    question: str | None
    turns: tuple[TurnLine, ...]
    roster: tuple[Facts, ...]
    next: Facts | None
    measures: tuple[Facts, ...]
    heads: Facts | None
    lead: Facts
    say_do: tuple[tuple[UUID, Facts], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """A summary for one reader, with the links it wants."""

    facts: Summary
    links: tuple[LinkWish, ...] = ()
