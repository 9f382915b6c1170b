"""What comes due with time: asked every minute in a session that cannot write; written only when something is new.

What was looked at is remembered until the meeting is judged otherwise, its day ends, or the next mail of it is due, so
that a minute in which nothing happens costs a few statements, however many meetings there are. Several workers look
at the same; a mail's key makes it one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.models import Offer, Ratification
from governance.reconcile.judging import Site, judge
from governance.reconcile.telling import reminded_by
from governance.services.mailing.attention import attention, noted
from governance.services.mailing.closing_mails import AGAIN_AFTER, asked_of
from governance.services.mailing.desk import Desk
from governance.services.mailing.letters import Post
from governance.services.mailing.posting import new_among, post_all
from governance.services.mailing.promise_mails import due_posts
from governance.services.offers import end_offer
from governance.services.standing import read_problems
from governance.store import reminders as store
from governance.store import waiting
from governance.store.ratifications import asked_before
from governance.store.standing import meeting_row, meeting_to_change

log = logging.getLogger(__name__)

EVERY_SECONDS = 60
REMARKS = frozenset({"I03", "I13", "M01", "M02", "M03"})
"""The rules whose findings somebody is reminded of."""

Seen = tuple[str | None, int, date]


@dataclass(slots=True)
class Reminders:
    """`admins` and `zone` are the site's; `monotonic` says when the next minute has passed."""

    database: Sessions
    site: Site
    admins: tuple[str, ...]
    zone: str
    poll_seconds: int
    daily_limit: int
    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    _seen: dict[UUID, tuple[Seen, datetime | None]] = field(default_factory=dict)
    _since: dict[tuple[str, str | None], datetime] = field(default_factory=dict)
    _asked_again: dict[UUID, tuple[datetime, int]] = field(default_factory=dict)
    """Of each sponsor's word that is missing: since when, and for how many weeks its sponsor was reminded of it."""
    _last: float | None = None

    def look_each_minute(self) -> None:
        """The timetable takes all its steps whenever somebody rings: most of those times it is too early."""
        if self._last is None or self.monotonic() - self._last >= EVERY_SECONDS - 1:
            self._last = self.monotonic()
            self.look()

    def look(self) -> int:
        """Post what is due and new; how many mails, without those of offers that end by their time."""
        now = self.clock()
        self._end_offers(now)
        with self.database.reading() as session:
            due = {meeting: self._guarded(session, meeting, now) for meeting in self._to_judge(session, now)}
            for more in (due_posts(session, self._seen, now), self._sponsors_to_ask_again(session, now)):
                for meeting, posts in more.items():
                    due.setdefault(meeting, []).extend(posts)
            troubles = self._troubles(session, now)
        try:
            of_meetings = sum(self._post(meeting, posts, now) for meeting, posts in due.items())
            return of_meetings + self._post(None, troubles, now)
        except Exception:
            self._seen.clear()  # what could not be written is still to be
            self._asked_again.clear()
            raise

    def _end_offers(self, now: datetime) -> None:
        """Each in a transaction of its own; whichever worker comes second finds it closed."""
        with self.database.reading() as session:
            ended = waiting.ended_offers(session, now)
        for row in ended:
            with self.database.writing() as session:
                meeting = meeting_to_change(session, row.meeting_id)
                if end_offer(session, meeting, session.get_one(Offer, row.id), now):
                    log.info("an offer of a seat ended", extra={"meeting": str(row.meeting_id)})

    def _to_judge(self, session: Session, now: datetime) -> list[UUID]:
        """Meetings that were judged otherwise, whose day is a new one, or of which something comes due."""
        states: dict[UUID, Seen] = {
            row.id: (row.recorded_digest, row.stirred, _local_day(now, row.time_zone))
            for row in store.meetings_at_work(session)
        }
        self._seen = {meeting: seen for meeting, seen in self._seen.items() if meeting in states}
        wanted = [meeting for meeting, state in states.items() if not self._is_known(meeting, state, now)]
        remarked = store.rules_remarked(session, wanted)
        for meeting in wanted:
            self._seen[meeting] = (states[meeting], None)
        return [meeting for meeting in wanted if remarked.get(meeting, set()) & REMARKS]

    def _is_known(self, meeting: UUID, state: Seen, now: datetime) -> bool:
        known = self._seen.get(meeting)
        return known is not None and known[0] == state and (known[1] is None or now < known[1])

    def _guarded(self, session: Session, meeting_id: UUID, now: datetime) -> list[Post]:
        """One meeting that cannot be judged keeps nobody else from being reminded."""
        try:
            return self._due(session, meeting_id, now)
        except SQLAlchemyError:
            raise
        except Exception:
            log.exception("nobody could be reminded of a meeting", extra={"meeting": str(meeting_id)})
            return []

    def _due(self, session: Session, meeting_id: UUID, now: datetime) -> list[Post]:
        judgement = judge(session, meeting_id, site=self.site, now=now)
        standing = judgement.standing
        if judgement.drift.frozen is not None or standing.paused_because is not None or standing.is_restored_copy:
            del self._seen[meeting_id]  # it may go on at any time
            return []
        found = reminded_by(Desk(session, meeting_row(session, meeting_id), now), judgement, now)
        self._seen[meeting_id] = (self._seen[meeting_id][0], found.next_at)
        return new_among(session, meeting_id, found.posts)

    def _sponsors_to_ask_again(self, session: Session, now: datetime) -> dict[UUID, list[Post]]:
        """Each week, while a decision waits for their word; whatever state the invitation is in."""
        rows = {row.id: row for row in asked_before(session, now - AGAIN_AFTER)}
        weeks = {key: (row.at, (now - row.at) // AGAIN_AFTER) for key, row in rows.items()}
        new = [key for key, known in weeks.items() if self._asked_again.get(key) != known]
        self._asked_again = weeks
        found: dict[UUID, list[Post]] = {}
        for key in new:
            meeting_id = rows[key].meeting_id
            desk = Desk(session, meeting_row(session, meeting_id), now)
            posts = list(asked_of(desk, session.get_one(Ratification, key)))
            found.setdefault(meeting_id, []).extend(new_among(session, meeting_id, posts))
        return found

    def _troubles(self, session: Session, now: datetime) -> list[Post]:
        problems = read_problems(session, now, self.poll_seconds, self.daily_limit)
        self._since = noted(self._since, problems, now)
        on = now.astimezone(ZoneInfo(self.zone)).date()
        return new_among(session, None, list(attention(problems, self._since, self.admins, on=on, now=now)))

    def _post(self, meeting_id: UUID | None, posts: Iterable[Post], now: datetime) -> int:
        wanted = list(posts)
        if not wanted:
            return 0
        with self.database.writing() as session:
            meeting = meeting_to_change(session, meeting_id) if meeting_id is not None else None
            count = post_all(session, meeting, wanted, now=now)
        if count:
            log.info("reminded people", extra={"mails": count})
        return count


def _local_day(now: datetime, zone: str) -> date:
    """Where the meeting is held; of a zone that nobody knows any more, the day in UTC."""
    try:
        return now.astimezone(ZoneInfo(zone)).date()
    except (KeyError, ValueError, OSError):
        return now.date()
