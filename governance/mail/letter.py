"""A letter: what one mail says, once. HTML and text are both made of it, so that neither can say less."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    is_soft: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """`address` is the page that says more of what follows; a `chapter` begins something else, such as a meeting."""

    text: str
    address: str | None = None
    is_chapter: bool = False


@dataclass(frozen=True, slots=True)
class Markdown:
    """Of a charter: what people wrote, rendered with a short list of what is allowed."""

    source: str


@dataclass(frozen=True, slots=True)
class Quote:
    """Somebody's own words, shown as theirs: plain text, never a link."""

    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value, one a line."""

    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list; an item's second line says why."""

    items: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One thing of several, which leads to its page.

    `alarm` stands before the note and says in words what the colour says; `mark` is what it is cited by, such as the
    number of a decision, and is never broken; `act` is the label and the address of a page on which it is settled.
    """

    text: str
    note: str | None = None
    address: str | None = None
    alarm: str | None = None
    mark: str | None = None
    act: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Lines:
    """`more_at` is the page that has those which do not fit."""

    lines: tuple[Line, ...]
    more_at: str | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """`said` is the number in words; `percent` is how long the bar is, None for no bar."""

    label: str
    said: str
    percent: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Bars:
    """A small chart: the numbers stand beside it, so that nobody needs to measure."""

    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """A link that leads to a page with one button. The first of a letter stands out."""

    label: str
    address: str
    is_first: bool = False


Block = Paragraph | Heading | Markdown | Quote | Facts | Items | Lines | Bars | Button


@dataclass(frozen=True, slots=True)
class Event:
    """A date for the reader's own calendar, as a file; instants in UTC, `uid` the same for the same date for ever."""

    uid: str
    start: datetime
    end: datetime
    summary: str
    address: str


@dataclass(frozen=True, slots=True)
class Footer:
    """Below every letter, small: why the reader gets it, whether it can be muted, and where (label, address).

    `marks` are for whoever keeps the mail, and smaller still.
    """

    lines: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`subject` begins with the meeting and the date; `preheader` is what a phone shows beside it.

    `heading` stands above the title, small: the meeting or the site. An empty one, or an empty title, is left out.
    """

    subject: str
    preheader: str
    title: str
    blocks: tuple[Block, ...]
    heading: str = ""
    footer: Footer = Footer()
    event: Event | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every letter may use besides its facts. `links` are complete addresses by the names that the words use."""

    site: str
    public_url: str
    recipient: str
    """Their name, or their address where there is none."""
    now: datetime
    time_zone: str
    meeting: str | None = None
    slug: str | None = None
    links: Mapping[str, str]
    preferences: str | None = None
    """The page where the reader mutes and unmutes, signed for them; None for who is none of ours."""
    one_click: str | None = None
    """Where a mail program unsubscribes by itself (RFC 8058); None for what cannot be muted."""
