"""Sync and page tokens: opaque to clients, bound to their calendar and query (items 36 to 39)."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from .copies import Calendar
from .errors import Refusal, full_sync_required, invalid_parameter
from .world import World


def sync_token(world: World, calendar: Calendar, seq: int, query: str, window: list[str | None]) -> str:
    """Everything after change number `seq` is news to whoever holds it."""
    return _sealed(["s", world.incarnation, calendar.id, calendar.token_epoch, seq, query, window])


def page_token(world: World, calendar: Calendar, query: str, position: list[Any], upto: int) -> str:
    return _sealed(["p", world.incarnation, calendar.id, query, position, upto])


def read_sync_token(world: World, calendar: Calendar, text: str) -> tuple[int, str, list[str | None]]:
    """(seq, query, window); 410 when it is of another world, calendar, or time (item 39)."""
    opened = _opened(text)
    if opened is None or opened[0] != "s" or opened[2] != calendar.id:
        raise Refusal(400, "invalid", "Invalid sync token value.", location="syncToken")
    if opened[1] != world.incarnation or opened[3] != calendar.token_epoch:
        raise full_sync_required()
    return opened[4], opened[5], opened[6]


def read_page_token(world: World, calendar: Calendar, query: str, text: str) -> tuple[list[Any], int]:
    """(position, the last change number that belongs to this run)."""
    opened = _opened(text)
    if opened is None or opened[:4] != ["p", world.incarnation, calendar.id, query]:
        raise invalid_parameter("pageToken", text)
    return opened[4], opened[5]


def expire(world: World, calendar_id: str | None, *, mid_paging: bool) -> None:
    """Item 39: from now on, or from the second page of the next incremental list on."""
    chosen = [world.calendar(calendar_id)] if calendar_id else list(world.calendars.values())
    for calendar in chosen:
        if mid_paging:
            calendar.expires_mid_paging = True
        else:
            calendar.token_epoch += 1


def _sealed(parts: list[Any]) -> str:
    plain = json.dumps(parts, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(plain) + plain).decode().rstrip("=")


def _opened(text: str) -> list[Any] | None:
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return None
    return json.loads(raw[6:]) if raw[:6] == _seal(raw[6:]) else None


def _seal(plain: bytes) -> bytes:
    return hashlib.blake2s(plain, digest_size=6).digest()
