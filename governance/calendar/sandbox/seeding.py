"""A described world made real: people, groups, calendars, clients, tokens, events."""

from __future__ import annotations

from typing import Any

from . import people
from .copies import Calendar
from .world import Client, Grant, Group, User, World, profile_id

Described = dict[str, Any]


def seed(
    world: World,
    *,
    users: list[Described | str] = (),  # type: ignore[assignment]
    groups: list[Described] = (),  # type: ignore[assignment]
    calendars: list[Described] = (),  # type: ignore[assignment]
    clients: list[Described] = (),  # type: ignore[assignment]
    refresh_tokens: list[Described] = (),  # type: ignore[assignment]
    events: list[Described] = (),  # type: ignore[assignment]
    any_client: bool | None = None,
) -> list[str]:
    """Add what is described; answers with the ids of the events."""
    for user in users:
        _add_user(world, {"email": user} if isinstance(user, str) else user)
    for group in groups:
        _add_group(world, group)
    for calendar in calendars:
        _add_calendar(world, calendar)
    for client in clients:
        world.clients[client["email"]] = Client(**client)
        world.any_client = False
    for grant in refresh_tokens:
        world.grants[grant["token"]] = Grant(grant["subject"].lower(), grant.get("scopes"))
    if any_client is not None:
        world.any_client = any_client
    return people.create_many(world, list(events))


def _add_user(world: World, described: Described) -> None:
    """`department` is short for one organisation."""
    described = dict(described)
    address = described.pop("email").lower()
    department, zone = described.pop("department", None), described.pop("time_zone", "UTC")
    user = User(
        email=address,
        id=described.pop("id", None) or profile_id(address),
        name=described.pop("name", None) or address.partition("@")[0].replace(".", " ").title(),
        aliases=[alias.lower() for alias in described.pop("aliases", ())],
        organizations=described.pop("organizations", None)
        or ([{"department": department, "primary": True}] if department else []),
        **described,
    )
    world.add_user(user, time_zone=zone)


def _add_group(world: World, described: Described) -> None:
    address = described["email"].lower()
    members = [member.lower() for member in described.get("members", ())]
    name = described.get("name") or address
    world.groups[address] = Group(address, profile_id(address), name, members, list(members))


def _add_calendar(world: World, described: Described) -> None:
    """A new calendar, or other settings of a user's primary one."""
    address = described["id"].lower()
    calendar = world.calendars.get(address)
    if calendar is None:
        calendar = world.add_calendar(Calendar(address, described.get("summary", address)))
    calendar.summary = described.get("summary", calendar.summary)
    calendar.time_zone = described.get("time_zone", calendar.time_zone)
    calendar.owner = described.get("owner", calendar.owner).lower()
    calendar.acl.update({scope.lower(): role for scope, role in described.get("acl", {}).items()})
