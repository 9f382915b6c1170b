"""The world as a document: in a JSON file, so that a demo goes on after a restart, or handed out and taken back."""

from __future__ import annotations

import json
import os
import threading
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .channels import Channel
from .copies import Calendar, Copy
from .switches import Switches
from .world import Client, Grant, Group, User, World

if TYPE_CHECKING:
    from .server import Sandbox

_SAVING = threading.Lock()
_COPY = ("calendar", "id", "shared", "private", "local", "cancelled", "seq", "born", "updated", "etag")
_CALENDAR = ("id", "summary", "time_zone", "owner", "description", "acl", "token_epoch")


def save(world: World, file: Path) -> None:
    """Replace the file in one step, so that it is whole whenever it is read."""
    with _SAVING:
        with world.lock:
            text = json.dumps(written(world), ensure_ascii=False)
        part = file.with_name(f"{file.name}.part")
        part.write_text(text, encoding="utf-8")
        os.replace(part, file)


def keep(sandbox: Sandbox, file: Path) -> None:
    """Save after changes, for as long as the process lives."""
    while True:
        sandbox.written.wait()
        sandbox.written.clear()
        save(sandbox.world, file)


def load(world: World, file: Path) -> None:
    take(world, json.loads(file.read_text(encoding="utf-8")))


def take(world: World, document: dict[str, Any]) -> None:
    """Make an empty world into the one that was written."""
    world.incarnation, world.seq = document["incarnation"], document["seq"]
    world.any_client = document["any_client"]
    world.switches = Switches(**document["switches"])
    for calendar in document["calendars"]:
        _load_calendar(world, calendar)
    for user in document["users"]:
        world.add_user(User(**user))
    world.groups = {group["email"]: Group(**group) for group in document["groups"]}
    world.clients = {client["email"]: Client(**client) for client in document["clients"]}
    world.grants = {token: Grant(**grant) for token, grant in document["grants"].items()}
    # A file of an earlier version has none.
    world.channels = {one["id"]: _loaded_channel(one) for one in document.get("channels", ())}


def written(world: World) -> dict[str, Any]:
    """Everything but what is under way and what was logged."""
    return {
        "incarnation": world.incarnation,
        "seq": world.seq,
        "any_client": world.any_client,
        "switches": asdict(world.switches),
        "users": [asdict(user) for user in world.users.values()],
        "groups": [asdict(group) for group in world.groups.values()],
        "clients": [asdict(client) for client in world.clients.values()],
        "grants": {token: asdict(grant) for token, grant in world.grants.items()},
        "channels": [asdict(c) | {"expires": c.expires.isoformat()} for c in world.channels.values()],
        "calendars": [_written_calendar(calendar) for calendar in world.calendars.values()],
    }


def _written_calendar(calendar: Calendar) -> dict[str, Any]:
    copies = [
        {name: getattr(copy, name) for name in _COPY}
        | {"changed": copy.changed.isoformat() if copy.changed else None, "spread": sorted(copy.spread)}
        for copy in calendar.births
    ]
    return {name: getattr(calendar, name) for name in _CALENDAR} | {"copies": copies}


def _loaded_channel(document: dict[str, Any]) -> Channel:
    return Channel(**document | {"expires": datetime.fromisoformat(document["expires"])})


def _load_calendar(world: World, document: dict[str, Any]) -> None:
    calendar = world.add_calendar(Calendar(**{name: document[name] for name in _CALENDAR}))
    for one in document["copies"]:
        copy = Copy(**{name: one[name] for name in _COPY})
        copy.spread = set(one["spread"])
        copy.changed = datetime.fromisoformat(one["changed"]) if one["changed"] else None
        calendar.restore(copy)
    calendar.recent = {c.id: c for c in sorted(calendar.births, key=lambda c: c.seq)}
