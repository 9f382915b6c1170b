"""The brief to senior leadership: kept when the delegates are told, gone a day later unless the chair keeps it back.

keep_brief (with the summaries) ─► a day, in which the chair may change it ─► brief_posts ─► mark_gone
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance import models
from governance.domain.charter import Charter, read_charter
from governance.domain.promises import WINDOW, Promise, State, day_for_chair, window_start
from governance.domain.roster import Term
from governance.domain.summaries.briefing import LOOKS_AT, TOO_LATE, Closed, Kept, Waiting, brief
from governance.mail.facts import from_json, to_json
from governance.mail.facts_of_summaries import Brief
from governance.services.attendance.reading import day_of
from governance.services.charter_page import measures_of
from governance.services.ledger import record
from governance.services.mailing.letters import Post
from governance.services.recording import today_of
from governance.services.summaries.values import Period
from governance.services.upcoming import is_paused
from governance.store import briefs as store
from governance.store import promises as promise_store
from governance.store.meetings import all_pauses
from governance.store.standing import newest_charter

WORKER = "worker"


def keep_brief(
    session: Session, meeting: models.Meeting, period: Period, now: datetime, *, seen_at: datetime | None = None
) -> models.Brief | None:
    """The brief of an occurrence that took place, written once; of a cancelled one and of a week without there is none.

    Two workers may keep the same at once: one row is written, and the other's transaction goes on with it.

    Args:
        seen_at: when the last of the delegates gets the text by mail, where that is later than now.
    """
    if period.start is None or period.is_cancelled:
        return None
    known = store.brief_about(session, meeting.id, period.key)
    if known is not None:
        return known
    row = _row(session, meeting, period, now)
    row.goes_at = max(now, seen_at or now) + LOOKS_AT
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        known = store.brief_about(session, meeting.id, period.key)
        if known is None:
            raise
        return known
    return row


def drafted(session: Session, meeting: models.Meeting, period: Period, now: datetime) -> models.Brief | None:
    """As it is kept, or as it would be; nothing is written."""
    if period.start is None or period.is_cancelled:
        return None
    known = store.brief_about(session, meeting.id, period.key)
    if known is None:
        known = _row(session, meeting, period, now)
        known.goes_at = now + LOOKS_AT
    return known


def posts_upstairs(session: Session, row: models.Brief, meeting: models.Meeting, now: datetime) -> list[Post]:
    """To everybody who reads it for senior leadership today."""
    return _posts(row, meeting, store.leadership_of(session, [meeting.id]), now)


def facts_of(row: models.Brief) -> Brief:
    """The text as it stands."""
    return cast(Brief, from_json(Brief.KIND, row.facts_json))


def written_of(row: models.Brief) -> Brief:
    """The text as it was first written, before the chair left anything out of it."""
    return cast(Brief, from_json(Brief.KIND, row.written_json))


def brief_posts(session: Session, now: datetime) -> dict[UUID, list[Post]]:
    """By the id of the brief, the mails of those that are to go now; reads only.

    A meeting that rests tells its leadership nothing: what came due meanwhile goes when it goes on, unless a week has
    passed by then. One that is frozen does: a mail is no write on its invitation. A brief that nobody in leadership
    is there for stays, and is read on its page.
    """
    due = store.due_to_go(session, now, now - TOO_LATE)
    if not due:
        return {}
    meetings = store.meetings_named(session, {row.meeting_id for row in due})
    pauses = all_pauses(session)
    readers = store.leadership_of(session, meetings)
    found: dict[UUID, list[Post]] = {}
    for row in due:
        meeting = meetings[row.meeting_id]
        posts = [] if is_paused(meeting, pauses, now) else _posts(row, meeting, readers, now)
        if posts:
            found[row.id] = posts
    return found


def mark_gone(session: Session, brief_id: UUID, now: datetime) -> bool:
    """Before its mails are posted, in the same transaction: they may go out. False where they may not any more, because
    somebody has changed it or keeps it back since it was read, or another worker was first.
    """
    row = store.brief_to_change(session, brief_id)
    if row is None or row.gone_at is not None or row.held_at is not None or row.goes_at > now:
        return False
    row.gone_at = now
    session.flush()
    on = day_of_brief(row, session.get_one(models.Meeting, row.meeting_id)).isoformat()
    record(
        session, at=now, actor=WORKER, source=WORKER, act="brief-gone", subject=f"brief:{row.id}",
        meeting_id=row.meeting_id, after={"on": on},
    )  # fmt: skip
    return True


def start_of(row: models.Brief) -> datetime:
    """Of the occurrence that it is about."""
    return datetime.fromisoformat(facts_of(row).start or row.about)


def day_of_brief(row: models.Brief, meeting: models.Meeting) -> date:
    return today_of(meeting, start_of(row))


def _row(session: Session, meeting: models.Meeting, period: Period, now: datetime) -> models.Brief:
    before = store.newest_told(session, meeting.id, now - TOO_LATE)
    told = facts_of(before).promises_until if before is not None else None
    # What lies in briefs that never went is told now.
    since = before.until if before is not None else store.earliest_since(session, meeting.id) or period.since
    text = Brief(
        start=period.start.isoformat() if period.start else None,
        end=period.end.isoformat() if period.end else None,
        **_text(session, meeting, since, period.until, told, now),
    )
    return models.Brief(
        meeting_id=meeting.id, about=period.key, since=since, until=period.until, shown_at=now,
        facts_json=to_json(text), written_json=to_json(text),
    )  # fmt: skip


def _text(
    session: Session, meeting: models.Meeting, since: datetime, until: datetime, told_until: str | None, now: datetime
) -> dict[str, Any]:
    """Eight statements, whatever happened. Of promises as their departments have read them for a week."""
    as_of = day_for_chair(today_of(meeting, now))
    starts = promise_store.starts_of(session, meeting.id, now, WINDOW + 2)
    window = window_start([day_of(one, meeting.time_zone) for one in starts], as_of)
    source = newest_charter(session, meeting.id)
    return brief(
        closed=[_closed(row) for row in store.closed_between(session, meeting.id, since, until)],
        kept=[
            Kept(number=row.number, title=row.title, is_kept=row.kind == "kept", words=row.words)
            for row in store.kept_between(session, meeting.id, since, until)
        ],
        waiting=[
            Waiting(ref=str(row.id), title=row.title, customer=row.customer)
            for row in store.waiting_for_backing(session, meeting.id)
        ],
        promises=_promises(promise_store.counted(session, meeting.id, window), meeting.time_zone),
        window=window,
        told_until=date.fromisoformat(told_until) if told_until else None,
        as_of=as_of,
        measures=measures_of(session, meeting, read_charter(source) if source else Charter()),
    )


def _closed(row: Any) -> Closed:
    due_on = row.due_on.isoformat() if row.due_on else None
    return Closed(
        number=row.number, title=row.title, customer=row.customer, customer_effect=row.customer_effect,
        owner=row.owner or "", due_on=due_on,
    )  # fmt: skip


def _promises(rows: Iterable[Any], zone: str) -> list[Promise]:
    """Each once, however often it slipped: a slip changes no first day."""
    return list({
        row.id: Promise(
            id=row.id, made_on=day_of(row.at, zone), first_due_on=row.first_due_on, due_on=row.due_on,
            state=State(row.state), settled_on=day_of(row.settled_at, zone) if row.settled_at else None,
            seat=row.seat_id,
        )
        for row in rows
    }.values())  # fmt: skip


def _posts(row: models.Brief, meeting: models.Meeting, readers: Iterable[Any], now: datetime) -> list[Post]:
    today, told = today_of(meeting, now), facts_of(row)
    people = [
        one.person_id
        for one in readers
        if one.meeting_id == meeting.id and Term(one.first_day, one.last_day).holds_on(today)
    ]
    return [Post(facts=told, about=row.about, to=person) for person in dict.fromkeys(people)]
