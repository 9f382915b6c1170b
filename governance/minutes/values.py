"""What minutes say, as values; each knows its file and line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Lines are counted from 1, as editors do."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Kind(StrEnum):
    """What a line was read as: each line of a file is exactly one of these."""

    BLANK = "blank"
    TITLE = "title"
    HEADING = "heading"
    ATTENDANCE = "attendance"
    ROLE = "role"
    DECISION = "decision"
    ACTION = "action"
    ITEM = "item"
    ASIDE = "aside"
    """Links, labels, times, rulers, comments and code: known, and of no consequence here."""
    DISCUSSION = "discussion"
    """Only marks of decisions and actions are looked for in it."""
    UNREAD = "not understood"


class Presence(StrEnum):
    PRESENT = "present"
    LATE = "late"
    APOLOGY = "apology"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One name of an attendance list, spelled as it stands there.

    Attributes:
        is_apart: among observers, guests or another group without a seat; `group` is its label.
        sits_for: a name or a department, as written.
        states_mandate: whether the same entry says what the person may decide.
        also: further spellings of the same person that the entry itself gives.
    """

    place: Place
    name: str
    presence: Presence = Presence.PRESENT
    is_apart: bool = False
    group: str | None = None
    department: str | None = None
    sits_for: str | None = None
    states_mandate: bool = False
    late_minutes: int | None = None
    also: tuple[str, ...] = ()

    @property
    def is_there(self) -> bool:
        return self.presence in (Presence.PRESENT, Presence.LATE)

    @property
    def sits(self) -> bool:
        """There, and not as an observer or guest."""
        return self.is_there and not self.is_apart


@dataclass(frozen=True, slots=True)
class RoleTaken:
    place: Place
    role: str
    name: str


class Form(StrEnum):
    """How a decision was written down."""

    MARKED = "marked"
    STATED = "stated"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Positions:
    """Names as written under `For:`, `Against:` and `Abstained:`."""

    place: Place
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """`is_procedural` is about the meeting itself: an agenda or minutes approved, an adjournment."""

    place: Place
    text: str
    form: Form
    owner: str | None = None
    due: date | None = None
    review: date | None = None
    item: str | None = None
    is_procedural: bool = False
    positions: Positions | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    place: Place
    text: str
    owner: str | None = None
    due: date | None = None
    is_done: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An agenda item at one occurrence; `key` is its reference, or else its folded title."""

    place: Place
    key: str
    title: str
    is_discussed: bool
    is_decided: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """`words` is all of its text, folded: what later minutes are searched in for a promise."""

    place: Place
    title: str
    day: date | None
    listed: tuple[Listed, ...] = ()
    roles: tuple[RoleTaken, ...] = ()
    decisions: tuple[Decision, ...] = ()
    actions: tuple[Action, ...] = ()
    items: tuple[Item, ...] = ()
    without_quorum: Place | None = None
    words: str = ""

    @property
    def members(self) -> tuple[Listed, ...]:
        """Who sat there. Whoever is on a list of observers as well is left out: which it was, nobody says."""
        apart = {one.name.casefold() for one in self.listed if one.is_apart}
        return tuple(one for one in self.listed if one.sits and one.name.casefold() not in apart)


@dataclass(frozen=True, slots=True, order=True)
class Remark:
    """Something to look at: a line that was not understood, or one that was read with a doubt."""

    place: Place
    text: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One file: `kinds` has one entry for each of its lines."""

    file: str
    kinds: tuple[Kind, ...]
    occurrences: tuple[Occurrence, ...]
    doubts: tuple[Remark, ...] = ()
    unread: tuple[Remark, ...] = ()
