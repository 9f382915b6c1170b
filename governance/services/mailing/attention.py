"""When the operators are mailed: grave trouble that has lasted, once a day for each set of codes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from governance.mail import facts
from governance.services.mailing.letters import Post
from governance.services.problems import LEASE_FREE, WRITES_PAUSED, Problem

LASTS = timedelta(minutes=5)
"""What is over sooner has healed by itself."""

SLIGHT = frozenset({WRITES_PAUSED, LEASE_FREE, "event-restless"})
"""What ends by itself, or is taken over by another worker, wakes nobody."""

Since = Mapping[tuple[str, str | None], datetime]
"""Since when each problem (code and meeting) has been there without a pause."""


def noted(before: Since, problems: Iterable[Problem], now: datetime) -> dict[tuple[str, str | None], datetime]:
    """What is there now, each with when it was first seen."""
    return {key: before.get(key, now) for one in problems if (key := (one.code, one.meeting))}


def attention(
    problems: Sequence[Problem], since: Since, admins: Iterable[str], *, on: date, now: datetime
) -> Iterator[Post]:
    lasting = [
        one for one in problems if one.code not in SLIGHT and now - since.get((one.code, one.meeting), now) >= LASTS
    ]
    if not lasting:
        return
    codes = ",".join(sorted({one.code for one in lasting}))
    told = facts.Attention(
        problems=[{"code": one.code, "meeting": one.meeting, "text": one.text, "remedy": one.remedy} for one in lasting]
    )
    for admin in admins:
        yield Post(facts=told, about=f"{on}:{codes}", to=admin)
