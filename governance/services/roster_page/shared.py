"""The roster page made once for all its readers while nobody writes; each of them gets it cut to what is theirs.

Nothing of a reader is kept here: the page is the one before the cut. Two things end its life: a write, by whichever
process, and the instant from which it would be another page though nobody wrote (an occurrence is over, or the day).
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Lock

from governance.database_mark import Mark
from governance.domain.roster import Roster
from governance.services.roster_page.values import RosterPage

MOST = 32
"""Of how many meetings a page is kept, those looked at last."""


@dataclass(frozen=True, slots=True)
class _Made:
    """A page, what the database was when it was made, and from when until when its days are those of the clock."""

    page: RosterPage
    mark: Mark
    since: datetime
    until: datetime

    def holds(self, mark: Mark, now: datetime) -> bool:
        return self.mark == mark and self.since <= now < self.until


class SharedPages:
    """Of one database: what a mark says of it, it says of no other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._made: OrderedDict[str, _Made] = OrderedDict()

    def page(self, slug: str, mark: Mark | None, now: datetime, make: Callable[[], RosterPage]) -> RosterPage:
        """The page as the database of this mark has it; without a mark, made for this reader alone."""
        if mark is None:
            return make()
        known = self._made.get(slug)
        if known is None or not known.holds(mark, now):
            page = make()
            known = _Made(page, mark, now, holds_until(page, now))
            self._keep(slug, known)
        return known.page

    def _keep(self, slug: str, made: _Made) -> None:
        with self._lock:
            self._made[slug] = made
            self._made.move_to_end(slug)
            while len(self._made) > MOST:
                self._made.popitem(last=False)


def holds_until(page: RosterPage, now: datetime) -> datetime:
    """When it would be another page although nobody wrote: the day is over where it is held, or an occurrence is."""
    day_ends = Roster(page.time_zone, page.cap).next_midnight(now)
    return min([day_ends, *(one.end for one in page.upcoming)])
