"""Summaries and briefs that were sent, by what they are about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime

from governance.mail.safety import safe_link
from governance.services.summaries.archive import SentLine
from web.wording.times import local_day, short_day

_TITLES = {
    "summary": "Summary",
    "summaries": "Summary of all your meetings",
    "brief": "Brief for leadership",
    "brief-changed": "Brief for leadership, told again",
}
_WEEK = re.compile(r"(\d{4})-W(\d{2})")


def title(line: SentLine, zone: str) -> str:
    """“Summary of 26 Nov 2026”; of a week without an occurrence “Summary of week 48, 2026”."""
    first = _TITLES.get(line.kind, line.kind.replace("-", " ").capitalize())
    link = ", " if "," in first or line.kind == "summaries" else " of "
    return f"{first}{link}{_about(line, zone)}"


def lines(text: str, public_url: str) -> Iterator[tuple[str, str | None]]:
    """The lines of the text; of one that is the address of a page of ours, what stands before it, and the address."""
    root = f"{public_url.rstrip('/')}/"
    for line in text.splitlines():
        address = line.lstrip()
        if address.startswith(root) and safe_link(address):
            yield line[: -len(address)], address
        else:
            yield line, None


def _about(line: SentLine, zone: str) -> str:
    if week := _WEEK.fullmatch(line.about):
        return f"week {int(week[2])}, {week[1]}"
    return short_day(_day(line, zone))


def _day(line: SentLine, zone: str) -> date:
    """What a later version calls otherwise goes by the day on which it was sent."""
    try:
        if "T" in line.about:
            return local_day(datetime.fromisoformat(line.about), zone)
        return date.fromisoformat(line.about)
    except ValueError:
        return local_day(line.sent_at, zone)
