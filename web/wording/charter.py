"""The charter in words: what each part is called, what its limits mean, what differs between two versions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from governance.domain.charter import Charter, Measure, MeasuredValue, Way
from governance.domain.charter_changes import TEXTS, Change, Run
from governance.domain.measures import MeasureLine, fold_measure
from governance.services.charter_page import CharterPage, VersionLine, VersionPage
from web.wording import ledger
from web.wording.numbers import is_nothing, number, quantity
from web.wording.times import count, short_day


@dataclass(frozen=True, slots=True)
class Difference:
    """One part: a text with its words marked, or what it was and what it is."""

    label: str
    before: str
    after: str
    runs: tuple[Run, ...]


LABELS: Mapping[str, str] = {
    "short": "In the invitation",
    "purpose": "What it is for",
    "rules": "The rules of the room",
    "way": "How it decides",
    "quorum": "Who must be there",
    "visitors": "Visitors",
    "guests": "Standing guests",
    "grace_minutes": "Late is",
    "window": "Late and absent count over",
    "late_limit": "Too often late",
    "absent_limit": "Too often absent",
    "make_up_days": "Time to make up for it",
    "summary": "The summary goes out",
    "measures": "Success measures",
    "order": "Order of the measures",
}

LIMITS = (
    *("way", "quorum", "visitors", "guests", "grace_minutes", "late_limit", "absent_limit", "window"),
    *("make_up_days", "summary"),
)


def limits(charter: Charter) -> list[tuple[str, str]]:
    """Everything besides the texts and the measures, each as what it is called and what it says."""
    return [(LABELS[part], said(part, getattr(charter, part))) for part in LIMITS]


def said(part: str, value: Any) -> str:
    if part in TEXTS:
        return str(value) or "nothing"
    if part == "measures":
        return measured(value) if isinstance(value, Measure) else "not measured"
    if part == "order":
        return ", ".join(value)
    return str(_SAID[part](value))


def differences(changes: Sequence[Change]) -> list[Difference]:
    return [
        Difference(
            _label(one), said(one.part, one.before), said(one.part, one.after), one.runs if one.part in TEXTS else ()
        )
        for one in changes
    ]


def parts(version: VersionLine) -> str:
    """“What it is for, the rules of the room”: what a version changed."""
    if version.is_first:
        return "The first charter"
    if not version.parts:
        return "Nothing that is read on this page"
    words = [LABELS[part] for part in version.parts]
    return ", ".join([words[0], *(word[:1].lower() + word[1:] for word in words[1:])])


def key(line: MeasureLine) -> str:
    """What names the measure in an address."""
    return fold_measure(line.name)


def goes_along(old: str, new: str) -> str:
    return f"“{old}” is called “{new}”: its values go along, unless there are values under that name already."


def by(version: VersionLine | VersionPage, names: Mapping[str, str]) -> str:
    """In the middle of a sentence: somebody's name, or “the operator”."""
    said = ledger.actor(version.by, names)
    return said if version.by in names else said[:1].lower() + said[1:]


def measured(measure: Measure) -> str:
    """“Decision within, in working days, target 5”."""
    unit = f", in {measure.unit}" if measure.unit else ""
    target = f", target {number(measure.target)}" if measure.target is not None else ""
    return f"{measure.name}{unit}{target}"


def target(line: MeasureLine) -> str:
    return f"Target {quantity(line.target, line.unit)}" if line.target is not None else "No target"


def distance(line: MeasureLine) -> str:
    """How far the latest value is from the target; whether above is good is for the reader to know."""
    if line.latest is None:
        return "No value yet"
    away = line.distance
    if away is None:
        return "No target to compare it with"
    if is_nothing(away):
        return "On target"
    return f"{number(abs(away))} {'above' if away > 0 else 'below'} the target"


def chart(line: MeasureLine) -> str:
    """The chart as a sentence, for whoever does not see it."""
    first, last = line.values[0], line.values[-1]
    goal = f" {target(line)}." if line.target is not None else ""
    if len(line.values) == 1:
        return f"One value: {_value(first, line.unit)}.{goal}"
    return f"{len(line.values)} values, from {_value(first, line.unit)} to {_value(last, line.unit)}.{goal}"


def since(page: VersionPage) -> str:
    if page.number == page.in_force:
        return "This version is in force."
    later = count(page.in_force - page.number, "later version")
    return f"{later} came after it; number {page.in_force} is in force."


def summary_of(page: CharterPage) -> str:
    return f"Version {page.number} is in force" if page.number else "None yet: every limit is the usual one"


def _value(one: MeasuredValue, unit: str) -> str:
    return f"{quantity(one.value, unit)} on {short_day(one.day)}"


def _label(change: Change) -> str:
    if change.part != "measures":
        return LABELS[change.part]
    if change.before is None:
        return "A new measure"
    return "A measure is dropped" if change.after is None else "A measure"


def _quorum(share: Fraction | None) -> str:
    return "more than half of the seats" if share is None else "all seats" if share == 1 else f"{share} of the seats"


def _summary(when: str) -> str:
    after = re.fullmatch(r"(\d+)h", when)
    if after:
        return f"{count(int(after[1]), 'hour')} after the end"
    day, _, time = when.partition(" ")
    return f"on {_DAYS[day]} at {time}"


_DAYS = {
    "Mon": "Monday", "Tue": "Tuesday", "Wed": "Wednesday", "Thu": "Thursday", "Fri": "Friday", "Sat": "Saturday",
    "Sun": "Sunday",
}  # fmt: skip

WAYS: Mapping[Way, str] = {
    Way.CONSENT: "by consent",
    Way.MAJORITY: "by majority",
    Way.TWO_THIRDS: "by two thirds",
    Way.CHAIR: "by the chair, after everybody was heard",
}

_SAID: Mapping[str, Any] = {
    "way": lambda way: WAYS[way],
    "quorum": _quorum,
    "visitors": lambda many: f"at most {many} at one occurrence" if many else "none",
    "guests": lambda many: f"at most {many} at a time" if many else "none",
    "grace_minutes": lambda many: f"more than {count(many, 'minute')} after the start" if many else "after the start",
    "window": lambda many: count(many, "occurrence"),
    "late_limit": lambda many: count(many, "time"),
    "absent_limit": lambda many: count(many, "time"),
    "make_up_days": lambda many: count(many, "day"),
    "summary": _summary,
}
