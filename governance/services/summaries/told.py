"""When each reader was last told of each meeting: by a mail about it alone, or by one about all of theirs.

What a mail about all meetings leaves out it did not tell: of a meeting that rested meanwhile, or of which there was
nothing to say, the next one goes back to the last that spoke of it. The two lines of a cancelled occurrence, and what
is owed in a week without one, told nothing of what happened either.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.summaries.timing import Occasion
from governance.store import summary_times as store

AT_FIRST, FARTHEST = timedelta(days=7), timedelta(days=60)
"""What somebody hears of who was never told before, and how far back it goes for who was not told for long."""

Pair = tuple[UUID, UUID]
"""A person and a meeting."""


@dataclass(frozen=True, slots=True)
class Told:
    """`since` is from when on a person is told; `by_one_mail` when one about all their meetings last spoke of it."""

    since: datetime
    by_one_mail: datetime | None = None


def told_since(
    session: Session,
    wanted: Mapping[UUID, Collection[UUID]],
    occasions: Mapping[UUID, Occasion],
    now: datetime,
    *,
    but: str = "",
) -> Mapping[Pair, Told]:
    """When each of these people was told last of each of their meetings, at most two months ago; a newcomer hears of
    the last week. Three statements at most, however many they are.

    Args:
        wanted: the meetings by person.
        occasions: what is to be told of each meeting.
        but: what was told of that period does not count.
    """
    meetings = {one for theirs in wanted.values() for one in theirs}
    if not meetings:
        return {}
    found = _Heard()
    for row in store.last_told(session, wanted, meetings, now, but=but):
        found.told[row.person_id, row.meeting_id] = row.at
    newest = store.told_by_one_mail(session, wanted, now)
    found.note(newest)
    # Most were told of everything by the last one; only of the others all that went before is looked through.
    left = [
        one.person_id for one in newest if any((one.person_id, its) not in found.whole for its in wanted[one.person_id])
    ]
    if left:
        found.note(store.told_by_one_mail(session, left, now, before_that=True))
    return {pair: found.of(pair, occasions[pair[1]], now) for pair in _pairs(wanted)}


def _pairs(wanted: Mapping[UUID, Collection[UUID]]) -> Iterator[Pair]:
    return ((person, meeting) for person, meetings in wanted.items() for meeting in meetings)


@dataclass(slots=True)
class _Heard:
    """`whole` are the pairs of which a mail about all meetings told what happened; `short` since when one did not."""

    told: dict[Pair, datetime] = field(default_factory=dict)
    whole: set[Pair] = field(default_factory=set)
    short: dict[Pair, datetime] = field(default_factory=dict)
    by_one_mail: dict[Pair, datetime] = field(default_factory=dict)

    def note(self, mails: Iterable[Any]) -> None:
        for mail in mails:
            for section in mail.sections:
                self._note((mail.person_id, UUID(section["meeting"])), mail.at, section["facts"])

    def _note(self, pair: Pair, at: datetime, facts: Mapping[str, Any]) -> None:
        self.by_one_mail[pair] = max(at, self.by_one_mail.get(pair, at))
        if facts["start"] is not None and not facts["is_cancelled"]:
            self.whole.add(pair)
            self.told[pair] = max(at, self.told.get(pair, at))
        else:
            since = datetime.fromisoformat(facts["since"])
            self.short[pair] = min(since, self.short.get(pair, since))

    def of(self, pair: Pair, occasion: Occasion, now: datetime) -> Told:
        last = self.told.get(pair, self.short.get(pair))
        since = occasion.over_at - AT_FIRST if last is None else max(last, now - FARTHEST)
        return Told(since, self.by_one_mail.get(pair))
