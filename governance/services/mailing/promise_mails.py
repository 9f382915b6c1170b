"""Mails about promises: what an owner is reminded of, what a sponsor hears, what is asked and answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.promises import BEFORE, Promise, Reminder, reminders
from governance.mail import facts
from governance.models import Action, Meeting, PromiseQuestion
from governance.services.links import Purpose
from governance.services.mailing.desk import Desk
from governance.services.mailing.letters import LinkWish, Post
from governance.services.mailing.posting import new_among, post_all
from governance.services.upcoming import is_paused
from governance.store import promises as store
from governance.store.meetings import all_pauses
from governance.store.standing import meeting_row

MORNING = time(8)
"""When reminders are sent, by the clock where the meeting is held."""


def due_posts(session: Session, meetings: Iterable[UUID], now: datetime) -> dict[UUID, list[Post]]:
    """What is to be said from this morning on about open promises of these meetings; reads only.

    Nothing before the morning, so that whoever settles it earlier is not reminded; nothing while a meeting is paused.
    """
    wanted, rows = frozenset(meetings), store.open_due(session, (now + BEFORE + timedelta(days=1)).date())
    pauses = all_pauses(session) if rows else []
    by_meeting: dict[UUID, list[Any]] = {}
    for row in rows:
        if row.meeting_id in wanted:
            by_meeting.setdefault(row.meeting_id, []).append(row)
    found = {}
    for meeting_id, own in by_meeting.items():
        desk = Desk(session, meeting_row(session, meeting_id), now)
        if now < _morning(desk.meeting, now) or is_paused(desk.meeting, pauses, now):
            continue
        posts = new_among(session, meeting_id, [post for row in own for post in _reminders(desk, row)])
        if posts:
            found[meeting_id] = posts
    return found


def _morning(meeting: Meeting, now: datetime) -> datetime:
    """Of the day it is where the meeting is held; by then what is due today can still be done."""
    zone = ZoneInfo(meeting.time_zone)
    return datetime.combine(now.astimezone(zone).date(), MORNING, zone).astimezone(UTC)


def tell_asked(session: Session, meeting: Meeting, action: Action, question: PromiseQuestion, now: datetime) -> None:
    """The owner of the promise hears what a seat asks."""
    if not _is_at_work(meeting):
        return
    desk = Desk(session, meeting, now)
    post = Post(
        facts=facts.PromiseAsked(
            text=action.text, question=question.text, asked_by=desk.name(question.person_id) or "A seat of the meeting",
            promise=str(action.id),
        ),
        about=str(question.id),
        to=action.owner_person_id,
    )  # fmt: skip
    if action.owner_person_id != question.person_id:
        post_all(session, meeting, [post], now=now)


def tell_answered(session: Session, meeting: Meeting, action: Action, question: PromiseQuestion, now: datetime) -> None:
    """Whoever asked hears the answer."""
    if question.person_id is None or question.answer is None or not _is_at_work(meeting):
        return
    post = Post(
        facts=facts.PromiseAnswered(
            text=action.text, question=question.text, answer=question.answer,
            answered_by=question.answered_by or "The owner", promise=str(action.id),
        ),
        about=str(question.id),
        to=question.person_id,
    )  # fmt: skip
    post_all(session, meeting, [post], now=now)


def _is_at_work(meeting: Meeting) -> bool:
    return meeting.released_at is None and meeting.first_plan_approved


def _reminders(desk: Desk, row: Any) -> Iterator[Post]:
    zone, today = ZoneInfo(desk.meeting.time_zone), desk.today
    promise = Promise(
        id=row.id, made_on=row.at.astimezone(zone).date(), first_due_on=row.first_due_on, due_on=row.due_on,
        seat=row.seat_id,
    )  # fmt: skip
    for due in reminders(promise, today):
        if due.reminder is Reminder.SPONSOR:
            yield from _to_sponsor(desk, row, due.stage)
            continue
        yield Post(
            facts=facts.PromiseDue(
                text=row.text, due_on=row.due_on.isoformat(), number=row.number, days=(row.due_on - today).days,
                has_slipped=row.due_on != row.first_due_on,
            ),
            about=f"{row.id}:{due.stage}",
            to=row.owner_person_id,
            links=(LinkWish(name="settle", purpose=Purpose.SETTLE_PROMISE, thing={"promise": str(row.id)}),),
        )  # fmt: skip


def _to_sponsor(desk: Desk, row: Any, stage: str) -> Iterator[Post]:
    """Of the department whose promise it is; nobody where it has no seat, or the sponsor is the owner."""
    seat = desk.roster.seat(row.seat_id) if row.seat_id is not None else None
    sponsor = desk.sponsor_of(seat) if seat is not None else None
    if seat is None or sponsor is None or sponsor == row.owner_person_id:
        return
    yield Post(
        facts=facts.PromiseLate(
            text=row.text, owner=desk.name(row.owner_person_id) or "somebody", department=seat.department,
            due_on=row.due_on.isoformat(), number=row.number,
        ),
        about=f"{row.id}:{stage}",
        to=sponsor,
    )  # fmt: skip
