"""The agenda in words and shapes, and as text to take along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from governance.domain.agenda import MUST_CHOOSE_FROM, Coming, Outcome, Planned, Purpose
from governance.services.agenda.values import AgendaLine, AgendaPage, Became
from web.wording.badges import Badge
from web.wording.times import count, local_day, short_day, span, start


@dataclass(frozen=True, slots=True)
class Paper:
    """`address` only where a browser may be sent there."""

    text: str
    address: str | None


def purpose(of: Purpose) -> Badge:
    return _PURPOSES[of]


def purposes() -> tuple[tuple[str, str], ...]:
    """For a choice, with what each asks of the room."""
    return tuple((one.value, f"{_PURPOSES[one].word}: {_PURPOSES[one].detail}") for one in Purpose)


def outcome(became: Became) -> Badge:
    return _OUTCOMES[became.outcome]


def fate(became: Became) -> str:
    """In whose hands it is, and what was said."""
    parts = [became.words] if became.words else []
    if became.person and became.day:
        parts.insert(0, f"{became.person}, until {short_day(became.day)}")
    return ". ".join(parts)


def came_back(line: AgendaLine) -> str:
    """Nothing at first; then how often, and what that asks for."""
    if not line.returns:
        return ""
    times = {1: "once", 2: "twice"}.get(line.returns, f"{line.returns} times")
    if line.returns < MUST_CHOOSE_FROM:
        return f"Came back {times}"
    return f"Came back {times}: decide it, delegate it, drop it, or give it to somebody until a day"


def box(minutes: int | None) -> str:
    return f"{minutes} min" if minutes else "no timebox"


def total(of: Planned) -> str:
    """The timeboxes against the length of the occurrence."""
    open_ended = (
        f"; {count(of.open_ended, 'item')} {'has' if of.open_ended == 1 else 'have'} no timebox"
        if of.open_ended
        else ""
    )
    if of.is_over:
        return f"{of.boxed} minutes are planned for {of.length}: take {of.boxed - of.length} off{open_ended}"
    return f"{of.boxed} of {of.length} minutes are planned{open_ended}"


def closing(page: AgendaPage, now: datetime) -> str:
    """Until when seats add items, and who does afterwards."""
    if page.start is None or page.closes_at is None or page.is_over:
        return ""
    if now < page.closes_at:
        last = local_day(page.closes_at, page.time_zone) - timedelta(days=1)
        return f"Seats add items until the end of {short_day(last)}."
    return "The agenda is closed: chair and scribe alone add items now."


def paper(line: str) -> Paper:
    """A line with an address becomes a link by the rest of its words; only of the kinds that a page may lead to."""
    for word in line.split():
        try:
            parts = urlsplit(word)
        except ValueError:
            continue
        if parts.scheme.lower() in ("http", "https") and parts.netloc:
            rest = " ".join(line.replace(word, " ").split())
            return Paper(rest or word, word)
    return Paper(line, None)


def occasion(coming: Coming, zone: str) -> str:
    return start(coming.start, zone)


def as_text(page: AgendaPage) -> str:
    """All of it, to be pasted into a mail or a chat."""
    return "\n".join(_lines(page)).strip() + "\n"


def _lines(page: AgendaPage) -> Iterator[str]:
    yield f"{page.name}: agenda"
    if page.start is None or page.end is None:
        yield "No occurrence is known for this day."
        return
    yield span(page.start, page.end, page.time_zone)
    if page.promises:
        yield from ("", "Promises due")
        for promise in page.promises:
            late = " (late)" if promise.is_late else ""
            yield f"- {promise.text} – {promise.owner}, {short_day(promise.due_on)}{late}"
    if page.reviews:
        yield from ("", "Decisions to review")
        for review in page.reviews:
            yield f"- {review.number} {review.title} – review due {short_day(review.review_on)}"
    yield from ("", "Items")
    for number, line in enumerate(page.lines, start=1):
        item = line.item
        what_for = f"{purpose(item.purpose).word.lower()}, {box(item.minutes)}"
        yield f"{number}. {item.title} [{what_for}] – {item.brought_by}"
        if item.customer:
            yield f"   Customer: {item.customer}"
        for one in item.papers:
            yield f"   Paper: {one}"
        if line.became:
            yield f"   {outcome(line.became).word}{': ' if fate(line.became) else ''}{fate(line.became)}"
    if not page.lines:
        yield "Nothing is on it yet."
    yield from ("", f"{total(page.planned)}.")


_PURPOSES = {
    Purpose.DECIDE: Badge("Decide", "gavel", "wait", "the room closes a decision"),
    Purpose.DISCUSS: Badge("Discuss", "users", "quiet", "the room gives its views"),
    Purpose.INFORM: Badge("Inform", "info-circle", "quiet", "the room is told something"),
}

_OUTCOMES = {
    Outcome.TREATED: Badge("Treated", "check", "good"),
    Outcome.CARRIED: Badge("Carried over", "repeat", "warn"),
    Outcome.DROPPED: Badge("Dropped", "x", "quiet"),
    Outcome.DELEGATED: Badge("Delegated", "mail-forward", "quiet"),
    Outcome.ASSIGNED: Badge("A promise by now", "user-check", "good"),
}

LATE = Badge("Late", "clock", "warn")

FATES = {
    Outcome.TREATED: "Treated: nothing is left of it",
    Outcome.CARRIED: "Carried over to the next occurrence",
    Outcome.DELEGATED: "Delegated: somebody outside the room settles it",
    Outcome.DROPPED: "Dropped: it does not come back",
    Outcome.ASSIGNED: "A person does it until a day: it becomes a promise",
}
MOVED = ("moved", "Moved to another occurrence")
