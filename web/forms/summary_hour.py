"""When somebody wants their summaries: four ways, and what has to be said with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from governance.domain.summaries.timing import DAYS, After, hour_of
from governance.models import SummaryChoice
from governance.services.summaries.choosing import MOST_HOURS
from web.forms.fields import Field, Kind, Typed, read

CHARTER, AFTER, WEEKLY, TOGETHER = "charter", "after", "weekly", "together"
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_WHEN = Field(
    "when",
    "When your summaries come",
    Kind.CHOICE,
    choices=tuple((one, one) for one in (CHARTER, AFTER, WEEKLY, TOGETHER)),
)
_HOURS = Field("hours", "Hours after the end", Kind.NUMBER)
_DAY = Field("day", "Day", Kind.CHOICE, choices=tuple(zip(DAYS, _NAMES, strict=True)))
_TIME = Field("time", "Time", Kind.LINE)
FIELDS = (_WHEN, _HOURS, _DAY, _TIME)


@dataclass(frozen=True, slots=True)
class Wanted:
    """`at` as a charter would say it; None for the hour of each charter."""

    at: str | None
    is_together: bool = False


def as_chosen(choice: SummaryChoice | None) -> Typed:
    """The form as it is first shown."""
    text = {"when": CHARTER, "hours": "", "day": "", "time": ""}
    if choice is None or choice.at is None:
        return Typed(text)
    hour = hour_of(choice.at)
    if isinstance(hour, After):
        return Typed(text | {"when": AFTER, "hours": choice.at.removesuffix("h")})
    day, time = choice.at.split(" ")
    return Typed(text | {"when": TOGETHER if choice.is_together else WEEKLY, "day": day, "time": time})


def wanted(given: Mapping[str, str]) -> tuple[Wanted | None, Typed]:
    """What was chosen; None with every fault where it cannot be. What belongs to another way is kept and not read."""
    when = given.get("when", "")
    asked = {CHARTER: (), AFTER: (_HOURS,), WEEKLY: (_DAY, _TIME), TOGETHER: (_DAY, _TIME)}.get(when, ())
    typed = read((_WHEN, *asked), given, "")
    faults = dict(typed.faults)
    if when == AFTER and "hours" not in faults and not 1 <= typed.values["hours"] <= MOST_HOURS:
        faults["hours"] = f"Enter 1 to {MOST_HOURS} hours, or choose a day and a time"
    if asked == (_DAY, _TIME) and "time" not in faults and not _is_time(typed.values["time"]):
        faults["time"] = "Enter a time such as 16:00"
    typed = replace(
        typed, text={one.name: given.get(one.name, "")[:40] for one in FIELDS} | dict(typed.text), faults=faults
    )
    return (None if faults else _meant(when, typed)), typed


def faults_of(typed: Typed) -> list[tuple[Field, str]]:
    return [(one, typed.faults[one.name]) for one in FIELDS if one.name in typed.faults]


def days() -> tuple[tuple[str, str], ...]:
    return _DAY.choices


def _meant(when: str, typed: Typed) -> Wanted:
    if when == CHARTER:
        return Wanted(None)
    if when == AFTER:
        return Wanted(f"{typed.values['hours']}h")
    return Wanted(f"{typed.values['day']} {typed.values['time']}", is_together=when == TOGETHER)


def _is_time(text: str) -> bool:
    try:
        hour_of(f"Mon {text}")
    except ValueError:
        return False
    return True
