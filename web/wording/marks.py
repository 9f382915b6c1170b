"""What became of a decision in words and shapes."""

from __future__ import annotations

from datetime import date

from governance.services.decisions.after import ChallengeLine, Mark, PromiseMade
from web.wording.badges import Badge
from web.wording.times import short_day

_MARKS = {
    "kept": Badge("Kept", "circle-check", "good"),
    "not-kept": Badge("Not kept", "circle-x", "bad"),
    "reviewed": Badge("Reviewed", "refresh", "quiet"),
}
_CHALLENGES = {
    "open": Badge("Open", "bolt", "warn"),
    "stood": Badge("It stood", "circle-check", "good"),
    "changed": Badge("It was changed", "arrows-exchange", "quiet"),
}


def mark(one: Mark) -> Badge:
    return _MARKS[one.kind]


def challenge(one: ChallengeLine) -> Badge:
    return _CHALLENGES[one.outcome]


def promise(one: PromiseMade, today: date) -> Badge:
    if one.state == "done":
        return Badge("Done", "circle-check", "good")
    if one.state == "dropped":
        return Badge("Dropped", "x", "quiet")
    if one.due_on < today:
        return Badge(f"Late since {short_day(one.due_on)}", "clock", "bad")
    return Badge(f"Due on {short_day(one.due_on)}", "calendar-event", "quiet")
