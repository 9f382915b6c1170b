"""Summaries go by themselves: looked at every minute in a session that cannot write, posted when they are due.

Several workers look at the same, minutes apart: a mail's key makes it one, and a round that is done is done for all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from governance.database import DatabaseUnavailable, Sessions
from governance.models import Brief
from governance.services.mailing.letters import Post
from governance.services.mailing.posting import new_among, post_all
from governance.services.summaries import together
from governance.services.summaries.brief import brief_posts, mark_gone
from governance.services.summaries.due import Diary, Round
from governance.services.summaries.posting import ready, steps
from governance.services.summaries.sponsors import sponsor_posts, week_of
from governance.store.standing import meeting_to_change

log = logging.getLogger(__name__)

EVERY_SECONDS = 60


@dataclass(slots=True)
class Summaries:
    """`zone` is the site's; `monotonic` says when the next minute has passed."""

    database: Sessions
    zone: str
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    _diary: Diary = field(default_factory=Diary)
    _last: float | None = None
    _told_week: str | None = None
    """Whose sponsors have been looked for already; a mail's key makes it one, however many workers look."""

    def look_each_minute(self) -> None:
        """The timetable takes all its steps whenever somebody rings: most of those times it is too early."""
        if self._last is None or self.monotonic() - self._last >= EVERY_SECONDS - 1:
            self._last = self.monotonic()
            self.look()

    def look(self) -> int:
        """Post what is due; how many mails."""
        now = self.clock()
        parts = (self._tell_meetings, self._tell_together, self._let_briefs_go, self._tell_sponsors)
        return sum(_guarded(partial(part, now)) for part in parts)

    def _tell_meetings(self, now: datetime) -> int:
        with self.database.reading() as session:
            due = self._diary.rounds(session, now)
        return sum(_guarded(partial(self._post, one, now), meeting=str(one.meeting_id)) for one in due)

    def _post(self, due: Round, now: datetime) -> int:
        with self.database.reading() as session:
            found = ready(session, due, now, self.zone)
        count = 0
        for step in steps(due, found, now):
            with self.database.writing() as session:
                count += step(session)
        if count:
            log.info("posted summaries", extra={"meeting": str(due.meeting_id), "mails": count})
        return count

    def _tell_together(self, now: datetime) -> int:
        with self.database.reading() as session:
            moments = together.moments(session, now, self.zone)
        return sum(_guarded(partial(self._tell_at, one, now), at=one.at) for one in moments)

    def _tell_at(self, moment: together.Moment, now: datetime) -> int:
        """Read for some people, then written to them: no snapshot is kept open while others write."""
        with self.database.reading() as session:
            desk = together.Desk.open(session, moment, now)
        count = 0
        for people in desk.some():
            with self.database.reading() as session:
                told = desk.told(session, people)
            if told:
                with self.database.writing() as session:
                    count += together.post(session, moment, told, now)
        with self.database.writing() as session:
            together.end(session, moment, now)
        if count:
            log.info("posted summaries of all meetings", extra={"mails": count})
        return count

    def _let_briefs_go(self, now: datetime) -> int:
        with self.database.reading() as session:
            briefs = brief_posts(session, now)
        return sum(_guarded(partial(self._let_go, one, posts, now), brief=str(one)) for one, posts in briefs.items())

    def _let_go(self, brief_id: UUID, posts: list[Post], now: datetime) -> int:
        """What the chair changed or kept back since it was read does not go as it was."""
        with self.database.writing() as session:
            meeting = meeting_to_change(session, session.get_one(Brief, brief_id).meeting_id)
            count = post_all(session, meeting, posts, now=now) if mark_gone(session, brief_id, now) else 0
        if count:
            log.info("posted a brief to leadership", extra={"brief": str(brief_id), "mails": count})
        return count

    def _tell_sponsors(self, now: datetime) -> int:
        week, count = week_of(now, self.zone), 0
        if week in (None, self._told_week):
            return 0
        with self.database.reading() as session:
            posts = new_among(session, None, sponsor_posts(session, now, self.zone))
        if posts:
            with self.database.writing() as session:
                count = post_all(session, None, posts, now=now)
        if count:
            log.info("told sponsors what was decided", extra={"mails": count})
        self._told_week = week
        return count


def _guarded(work: Callable[[], int], **about: str) -> int:
    """What goes wrong with one keeps nobody from the others; trouble with the database is everybody's."""
    try:
        return work()
    except (SQLAlchemyError, DatabaseUnavailable):
        raise
    except Exception:
        log.exception(
            "a meeting could not be summed up" if "meeting" in about else "summaries could not be posted", extra=about
        )
        return 0
