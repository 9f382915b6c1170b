"""What summaries are about: plain values as they were when the row was written, like all facts of mails.

A list or a dict that is empty, or None, is a section that is left out. Days and instants are ISO text. No position,
reservation, interest or answer to an objection is ever among them, nor anything that follows from one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """To a delegate or stand-in (`reader` is seat), or to chair and scribe (lead): what a meeting came to.

    Attributes:
        start: of the occurrence it is about, in UTC; None for a week without one.
        since: from when on it tells what happened, in UTC.
        owed: dicts of kind (promise, commitment), text, due_on (None: at once), days (until then, below 0 when late),
            number (None), path (behind the meeting's page), link (the name of the link that settles it, or None).
        closed: dicts of number, title, owner, due_on, customer.
        open: decisions that could not close yet: dicts of ref, title, missing (a list of words).
        committed: of decisions that are decided: dicts of ref, title, said, of (numbers of seats).
        attendance: dicts of department, who, state (domain.attendance.State), minutes (None).
        question: text, and takers: dicts of name, outcome (answered, passed, None), turn (an id: the answer is looked
            up when the mail is built, so that one which was taken back is in none).
        roster: dicts of department, what (joined, left, handed-over, opened, closed), who, before, on.
        next: start, end, and items: dicts of title, purpose, minutes, by; away: dicts of department, who, stand_in.
        measures: dicts of name, unit, target (None), values: dicts of day, value; the newest last.
        brief: goes_at, and sentences: the text that goes to leadership as lines.
        lead: only for chair and scribe: repaired (dicts of what, in words such as “taken off the invitation”, who,
            on), held (a number), mandates (dicts of department, who, last_day, days), at_risk (dicts of department,
            who, late, absent), silent (dicts of department, times), say_do (dicts of department, kept, made), and
            suggestion (code, text, evidence, path behind the meeting's page; or None).
        heads: of the meeting's chain: chain, seq, hash.
    """

    KIND: ClassVar = "summary"
    reader: str
    start: str | None
    end: str | None
    since: str
    is_cancelled: bool = False
    owed: list[dict[str, Any]] = field(default_factory=list)
    closed: list[dict[str, Any]] = field(default_factory=list)
    open: list[dict[str, Any]] = field(default_factory=list)
    committed: list[dict[str, Any]] = field(default_factory=list)
    attendance: list[dict[str, Any]] = field(default_factory=list)
    question: dict[str, Any] | None = None
    roster: list[dict[str, Any]] = field(default_factory=list)
    next: dict[str, Any] | None = None
    measures: list[dict[str, Any]] = field(default_factory=list)
    brief: dict[str, Any] | None = None
    lead: dict[str, Any] | None = None
    heads: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Summaries:
    """One mail about all meetings of a person: dicts of meeting (id), slug, name, time_zone, and facts (`Summary`)."""

    KIND: ClassVar = "summaries"
    meetings: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """To senior leadership, for the group: no dissent, no lateness, no names but owners.

    Attributes:
        closed: dicts of number, title, customer, customer_effect, owner, due_on.
        kept: dicts of number, title, is_kept, words: what became of earlier decisions.
        waiting: dicts of ref, title, customer: what needs backing, because a mandate does not reach so far.
        needs: what the group asks of its readers, in the chair's words; empty where it asks nothing.
        promises: kept and made, of those that no earlier brief told of; None below the floor of four seats.
        promises_until: the day until which promises were told of, in this brief or an earlier one.
        measures: as in `Summary`.
    """

    KIND: ClassVar = "brief"
    start: str | None
    end: str | None
    closed: list[dict[str, Any]] = field(default_factory=list)
    kept: list[dict[str, Any]] = field(default_factory=list)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    needs: str = ""
    promises: dict[str, int] | None = None
    promises_until: str | None = None
    measures: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefAsked:
    """To the chair: a seat asks for a change of the brief before it goes."""

    KIND: ClassVar = "brief-asked"
    start: str | None
    department: str
    asked_by: str
    text: str
    goes_at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BriefChanged:
    """To the delegates: the brief reads otherwise now, or was kept back and is let go, and goes a day later.

    `sentences` is its whole text, and `is_same` whether it is the one that they have read.
    """

    KIND: ClassVar = "brief-changed"
    start: str | None
    goes_at: str
    sentences: list[str]
    is_same: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorWeek:
    """To a sponsor, at most once a week: `closed`: dicts of meeting, slug, number, title, owner, due_on, customer."""

    KIND: ClassVar = "sponsor-week"
    closed: list[dict[str, Any]]
