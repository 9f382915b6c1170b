"""The log of decisions in words and shapes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from governance.services.decisions.log import DUE, OF_CLOSED, OF_DRAFTS, Asked, LogLine, LogPage
from web.wording.badges import Badge
from web.wording.times import short_day


def badges_of(line: LogLine) -> tuple[Badge, ...]:
    """What became of a closed one, else how far it is."""
    found = []
    if line.is_superseded:
        found.append(_STATES["superseded"])
    if line.became:
        found.append(_STATES[line.became])
    if line.is_due:
        found.append(_STATES[DUE])
    return tuple(found) or (_STATES[line.state],)


def states(page: LogPage) -> Iterator[tuple[str, str]]:
    """What one may ask for, each with its words."""
    for one in (*(OF_DRAFTS if page.reads_drafts else ()), *OF_CLOSED):
        yield one, _STATES[one].word


def review(line: LogLine) -> str:
    """When it is looked at again; nothing where another one took its place."""
    return f"review {short_day(line.review_on)}" if line.review_on and not line.later else ""


def known_as(ref: str) -> str:
    """A number, or what stands for it as long as there is none."""
    return ref if ref.startswith("D-") else "a draft"


def found(asked: Asked) -> str:
    return "What was found" if asked.is_narrowed else "Newest decisions"


def empty(page: LogPage) -> str:
    if page.asked.is_narrowed:
        return "No decision has all of that. Take a word or a filter away, or show everything."
    if page.asked.below:
        return "There are no older ones."
    return "Nothing is decided yet: a decision appears here with its number as soon as it is closed."


def day(line: LogLine) -> tuple[str, date]:
    return ("closed" if line.number else "begun"), line.day


_STATES = {
    "draft": Badge("Draft", "circle-dashed", "quiet"),
    "open": Badge("Open", "circle-dot", "wait"),
    "decided": Badge("Decided", "gavel", "wait"),
    "awaiting": Badge("Waits for a sponsor", "hourglass", "warn"),
    "committed": Badge("Committed", "users", "wait"),
    "closed": Badge("Closed", "clipboard-check", "quiet"),
    "withdrawn": Badge("Withdrawn", "circle-minus", "quiet"),
    "kept": Badge("Kept", "circle-check", "good"),
    "not-kept": Badge("Not kept", "circle-x", "bad"),
    "superseded": Badge("Superseded", "repeat", "quiet"),
    DUE: Badge("Due for review", "clock", "warn"),
}
