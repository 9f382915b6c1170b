"""How a meeting's invitation is looked after, in words: what rests, what waits, what is found."""

from __future__ import annotations

from governance.services.meeting_page import MeetingPage
from governance.services.pausing import RestPage
from web.wording.times import count, short_day


def rest(page: RestPage) -> str:
    """What is so now, in a sentence."""
    if page.is_released:
        return "This meeting was released: nothing is written any more, so there is nothing to pause."
    if page.own is not None:
        if page.own.first_day is not None and page.own.first_day > page.today:
            return f"It rests from {short_day(page.own.first_day)} on{_until(page)}, and is written until then."
        return f"It is paused{_until(page)}."
    if page.of_all is not None:
        return "All meetings are paused by whoever runs the service, and resumed there."
    if page.unwritable_because is not None:
        return "It is not paused, but nothing can be written to it."
    return "It is not paused: whatever differs from the roster is put right."


def waiting(page: RestPage) -> str:
    """What does not happen meanwhile."""
    if page.is_frozen:
        return "The meeting is frozen, so that nothing would be written now in any case."
    if page.unwritable_because is not None:
        return f"Nothing would be written now in any case. {page.unwritable_because}."
    if not page.waits:
        return "Nothing differs now that would be written."
    return f"{count(len(page.waits), 'thing')} would be put right now and {'waits' if len(page.waits) == 1 else 'wait'}"


def resuming(page: RestPage) -> str:
    if page.unwritable_because is not None:
        return f"Nothing will be written, also when it is resumed. {page.unwritable_because}."
    if not page.waits:
        return "Nothing differs now: the invitation stays as it is."
    held = f" {count(page.for_you, 'more change')} will wait for your word." if page.for_you else ""
    return f"{count(len(page.waits), 'thing')} will be put right at the next look, usually within a minute.{held}"


def held(page: MeetingPage) -> str:
    """“3 changes held”, “Nothing held”."""
    many = len(page.held.remarks) if page.held else 0
    return f"{count(many, 'change')} held for you" if many else "Nothing held"


def found(page: MeetingPage) -> str:
    many = sum(len(group.remarks) for group in page.findings)
    return count(many, "finding") if many else "No findings"


def _until(page: RestPage) -> str:
    last = page.own.last_day if page.own else None
    return f" until {short_day(last)}, that day included" if last else " until somebody resumes it"
