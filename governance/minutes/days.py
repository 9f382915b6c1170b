"""Days as minutes write them: 2026-03-05, 5 March 2026, March 5, 2026. A day without a year, or 03/05/2026, is none."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july"),
    *("august", "september", "october", "november", "december"),
)
_MONTH = "(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else name for name in _MONTHS) + ")"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?<!\d)(?P<year>\d{4})-(?P<number>\d{2})-(?P<day>\d{2})(?!\d)",
        rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)? {_MONTH}\.?,? (?P<year>\d{{4}})(?!\d)",
        rf"\b{_MONTH}\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)",
    )
)
_SPENT = re.compile(r"(?:\s+(?:held on|on|of|for|from))?\s*[-–—:,|(]*\s*$", re.IGNORECASE)


def days_in(text: str) -> list[date]:
    """Every day that the text names, in its order; what no calendar has is left out."""
    return [day for _, _, day in sorted(_found(text))]


def first_day(text: str) -> date | None:
    return next(iter(days_in(text)), None)


def without_days(text: str) -> str:
    """The text without its days and without what joined them to it, as a title is compared."""
    for start, end, _ in sorted(_found(text), reverse=True):
        text = f"{_SPENT.sub('', text[:start])} {text[end:].lstrip(' ,:)–—-')}"
    return " ".join(text.split())


def _found(text: str) -> Iterator[tuple[int, int, date]]:
    for form in _FORMS:
        for match in form.finditer(text):
            day = _day(match)
            if day is not None:
                yield match.start(), match.end(), day


def _day(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    month = int(groups["number"]) if groups.get("number") else _number_of(groups["month"])
    try:
        return date(int(groups["year"]), month, int(groups["day"]))
    except ValueError:
        return None


def _number_of(name: str) -> int:
    return next(number for number, month in enumerate(_MONTHS, start=1) if month.startswith(name.casefold()[:3]))
