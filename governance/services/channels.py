"""Push channels: claimed before Google is asked, recorded after; and what a notification may do.

A notification carries no news, only a channel's id and token. It is believed by the token, kept as a hash, and does
no more than mark its calendar: the reading that follows finds out what has changed. So a doubled, late or reordered
one costs at most a listing that finds nothing, and a forged one nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.calendar import Calendar
from governance.models.channel import Channel
from governance.push import deciding
from governance.reconcile.ports import CalendarTrouble, OpenedChannel
from governance.store import channels as store
from governance.store.channels import AddressedChannel

_NOBODY_S = "0" * 64
"""Compared with where there is no such channel, for the same work to be done."""


@dataclass(frozen=True, slots=True)
class Notification:
    """What arrived, not believed yet. `is_first`: it announces the channel itself, not a change."""

    channel_id: UUID
    token: str
    resource_id: str
    is_first: bool


# --- Notifications


def genuine_channel(session: Session, notification: Notification, now: datetime) -> AddressedChannel | None:
    """The channel it came on, when it is one of ours that still runs and the token is right; the same work if not."""
    found = store.addressed_channel(session, notification.channel_id)
    expected = found.token_hash if found else _NOBODY_S
    is_genuine = hmac.compare_digest(token_hash(notification.token), expected)
    if found is None or not is_genuine or found.facts.is_over(now):
        return None
    is_same = found.facts.resource_id in (None, notification.resource_id)
    return found if is_same else None


def changes_something(found: AddressedChannel, notification: Notification) -> bool:
    """Whether there is anything to write: a thousand of them at once are one write."""
    is_news = not notification.is_first and not found.is_calendar_dirty
    return is_news or found.facts.confirmed_at is None or found.facts.resource_id is None


def receive(session: Session, notification: Notification, calendar_id: UUID, now: datetime) -> None:
    """Mark the calendar, and note that the channel works: whatever arrives proves it, not only the first.

    It was believed in a session that could not write, so all is looked at again, now with the rows locked.
    """
    calendar = store.calendar_to_mark(session, calendar_id)
    if not notification.is_first and not calendar.dirty:
        calendar.dirty = True
    rows = store.channels_to_change(session, calendar_id)
    row = next((one for one in rows if one.id == notification.channel_id), None)
    if row is None or row.stopped_at is not None:
        return
    if row.resource_id is None:
        row.resource_id = notification.resource_id
    if row.confirmed_at is None:
        row.confirmed_at = now
        _replace_older(rows, now)


# --- Claim, record


def claim(session: Session, calendar_id: UUID, channel_id: UUID, token: str, *, now: datetime) -> None:
    """Before Google is asked: from here on the channel is known, whatever dies."""
    session.add(Channel(id=channel_id, calendar_id=calendar_id, token_hash=token_hash(token), asked_at=now))


def record_opened(
    session: Session, calendar_id: UUID, channel_id: UUID, opened: OpenedChannel, *, renew_at: datetime, now: datetime
) -> None:
    """Google has granted it. Its first notification may have come before, so older ones may be replaced already."""
    calendar = store.calendar_to_mark(session, calendar_id)
    rows = store.channels_to_change(session, calendar_id)
    for row in rows:
        if row.id == channel_id:
            row.resource_id, row.expires_at = opened.resource_id, opened.expires_at
            row.opened_at, row.renew_at = now, renew_at
    _replace_older(rows, now)
    _clear_trouble(calendar)


def record_stopped(session: Session, calendar_id: UUID, channel_id: UUID, *, now: datetime) -> None:
    calendar = store.calendar_to_mark(session, calendar_id)
    row = store.channel_to_change(session, channel_id)
    if row is not None:
        row.stopped_at = now
    _clear_trouble(calendar)


def record_refused(session: Session, channel_id: UUID) -> None:
    """Google has said that there is no such channel."""
    store.remove_channels(session, [channel_id])


def note_trouble(
    session: Session, calendar_id: UUID, trouble: CalendarTrouble, *, chance: float, now: datetime
) -> None:
    """Google is asked again after a while; the calendar is polled meanwhile."""
    calendar = store.calendar_to_mark(session, calendar_id)
    failures = (calendar.push_failures or 0) + 1
    calendar.push_failures = failures
    calendar.push_retry_at = deciding.next_try(failures, now, chance=chance, retry_after=trouble.retry_after)
    calendar.push_problem = trouble.reason or str(trouble)
    calendar.push_remedy = trouble.remedy


def forget(session: Session, channel_ids: Iterable[UUID]) -> None:
    store.remove_channels(session, channel_ids)


def token_hash(token: str) -> str:
    # No salt and no slow hash: the token is random and far too long to be guessed.
    return hashlib.sha256(token.encode()).hexdigest()


def _replace_older(rows: list[Channel], now: datetime) -> None:
    old = set(deciding.superseded([store.known(row) for row in rows], now))
    for row in rows:
        if row.id in old:
            row.replaced_at = now


def _clear_trouble(calendar: Calendar) -> None:
    if calendar.push_failures is not None:
        calendar.push_failures = calendar.push_retry_at = calendar.push_problem = calendar.push_remedy = None
