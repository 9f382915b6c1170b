"""The roster page made once for all its readers while nobody writes; each of them gets it cut to what is theirs.

Nothing of a reader is kept here: the page is the one before the cut. Two things end its life: a write of what it shows,
by whichever process, and the instant from which it would be another page though nobody wrote (an occurrence is over, or
the day).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock

from governance.database_mark import Mark
from governance.domain.roster import Roster
from governance.services.roster_page.reading import RosterSource, page_made_of
from governance.services.roster_page.values import RosterPage

MOST = 32
"""Of how many meetings a page is kept, those looked at last."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A page, of what it was made, and from when until when its days are those of the clock.

    `mark` is that of the database as it was read; None where nobody can tell.
    """

    page: RosterPage
    source: RosterSource
    mark: Mark | None
    since: datetime
    until: datetime

    def is_timely(self, now: datetime) -> bool:
        return self.since <= now < self.until


class SharedPages:
    """Of one database: what a mark says of it, it says of no other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[str, _Made] = OrderedDict()

    def page(self, slug: str, mark: Mark | None, now: datetime, read: Callable[[], RosterSource]) -> RosterPage:
        """The page as the database of this mark has it.

        After a write it is read anew, and made anew where it was the roster that was written.

        Args:
            mark: None where it cannot be told whether anybody wrote; then it is always read.
            read: what the page is made of.
        """
        known = self._made.get(slug)
        if known is not None and not known.is_timely(now):
            known = None
        if known is None or mark is None or known.mark != mark:
            source = read()
            known = replace(known, mark=mark) if known and known.source == source else _made_of(source, mark, now)
            self._keep(slug, known)
        return known.page

    def _keep(self, slug: str, made: _Made) -> None:
        with self._lock:
            self._made[slug] = made
            self._made.move_to_end(slug)
            while len(self._made) > MOST:
                self._made.popitem(last=False)


def _made_of(source: RosterSource, mark: Mark | None, now: datetime) -> _Made:
    page = page_made_of(source, now)
    return _Made(page, source, mark, since=now, until=holds_until(page, now))


def holds_until(page: RosterPage, now: datetime) -> datetime:
    """When it would be another page although nobody wrote: the day is over where it is held, or an occurrence is."""
    day_ends = Roster(page.time_zone, page.cap).next_midnight(now)
    return min([day_ends, *(one.end for one in page.upcoming)])
