"""The mails Google would have sent, for tests to read (item 56)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .clock import stamp
from .copies import Copy
from .world import World, guest_addresses


def record(
    world: World,
    copy: Copy,
    *,
    method: str,
    send_updates: str | None,
    before: dict[str, Any] | None,
) -> None:
    """One row per write, also when nobody is mailed."""
    world.outbox.append(
        {
            "when": stamp(world.clock.now()),
            "method": method,
            "calendar": copy.calendar,
            "event": copy.id,
            "sendUpdates": send_updates,
            "to": sorted(_mailed(world, copy, send_updates, before)),
        }
    )


def _mailed(world: World, copy: Copy, send_updates: str | None, before: dict[str, Any] | None) -> Iterable[str]:
    """The guests before and after the write, but the organiser; nobody when nothing was asked for."""
    organizer = copy.shared["organizer"]["email"]
    concerned = {*guest_addresses(before), *guest_addresses(copy.shared)}
    guests = {address for address in concerned if world.canonical(address) != organizer}
    if send_updates == "all":
        return guests
    if send_updates == "externalOnly":
        return {guest for guest in guests if _is_external(world, guest, organizer)}
    return set()


def _is_external(world: World, guest: str, organizer: str) -> bool:
    if world.switches.external_means == "not_google":
        return world.canonical(guest) not in world.users
    return guest.rpartition("@")[2].lower() != organizer.rpartition("@")[2]
