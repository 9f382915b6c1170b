"""Promises in words and shapes, and say and do as sentences with their numbers."""

from __future__ import annotations

from datetime import date

from governance.domain.promises import SayDo, State
from governance.services.promises.reading import PromiseLine, Said
from web.wording.badges import Badge
from web.wording.times import count, short_day


def badge(line: PromiseLine, today: date) -> Badge:
    if line.state is State.DONE:
        kept = line.settled_on is not None and line.settled_on <= line.first_due_on
        return Badge("Kept", "circle-check", "good") if kept else Badge("Done later", "circle-check", "quiet")
    if line.state is State.DROPPED:
        return Badge("Dropped", "x", "quiet")
    if line.is_late(today):
        return Badge(f"Late by {count((today - line.due_on).days, 'day')}", "clock", "bad")
    if line.due_on == today:
        return Badge("Due today", "clock", "warn")
    return Badge(f"Due on {short_day(line.due_on)}", "calendar-event", "quiet")


def from_where(line: PromiseLine) -> str:
    """Who promised it, and for which department."""
    return f"{line.owner}, {line.department}" if line.department else line.owner


def first_day(line: PromiseLine) -> str:
    return f"Promised for {short_day(line.first_due_on)} first" if line.has_slipped else ""


def change(said: Said) -> str:
    """What became of it, as a sentence without its reason."""
    if said.kind == "slipped" and said.before and said.after:
        return f"Slipped from {short_day(said.before)} to {short_day(said.after)}"
    return _CHANGES[said.kind]


def figures(found: SayDo) -> str:
    """Kept of due, with what became of the rest; nothing due is said, not shown as nought."""
    if not found.due:
        return "Nothing was due"
    rest = [
        f"{count(found.done_late, 'promise')} done later" if found.done_late else "",
        f"{count(found.open_late, 'promise')} still open" if found.open_late else "",
    ]
    more = ", ".join(one for one in rest if one)
    return f"{found.kept} of {count(found.due, 'promise')} kept" + (f", {more}" if more else "")


def share(found: SayDo) -> str:
    return "–" if found.share is None else f"{found.share:.0%}"


_CHANGES = {"done": "Done", "dropped": "Dropped", "reopened": "Taken up again", "slipped": "Slipped"}
