"""The Directory: users with aliases, groups and members (item 69)."""

from __future__ import annotations

from typing import Any

from .calls import Call
from .errors import Refusal
from .world import Group, User, World

Resource = dict[str, Any]


def user(call: Call, key: str) -> Resource:
    """By address, alias or id, whatever its case; 404 for nobody."""
    _require_reader(call)
    return printed_user(_user(call.world, key))


def users(call: Call) -> Resource:
    _require_reader(call)
    query = (call.text("query") or "").lower()
    chosen = [u for u in call.world.users.values() if _fits(u, query)]
    page, following = _page(call, sorted(chosen, key=lambda u: u.email), most=500, default=100)
    answer: Resource = {"kind": "admin#directory#users", "users": [printed_user(u) for u in page]}
    return {**answer, **following}


def group(call: Call, key: str) -> Resource:
    _require_reader(call)
    return _printed_group(_group(call.world, key))


def groups(call: Call) -> Resource:
    """All groups, or with `userKey` those somebody is a member of."""
    _require_reader(call)
    key = call.text("userKey")
    of = call.world.canonical(key) if key else None
    chosen = [g for g in call.world.groups.values() if of is None or of in _folded(call.world, g)]
    page, following = _page(call, sorted(chosen, key=lambda g: g.email), most=200, default=200)
    answer: Resource = {"kind": "admin#directory#groups", "groups": [_printed_group(g) for g in page]}
    return {**answer, **following}


def members(call: Call, key: str) -> Resource:
    _require_reader(call)
    found = _group(call.world, key)
    listed = found.members
    if call.flag("includeDerivedMembership"):
        listed = _derived(call.world, found)
    page, following = _page(call, listed, most=200, default=200)
    answer: Resource = {
        "kind": "admin#directory#members",
        "members": [_printed_member(call.world, address) for address in page],
    }
    return {**answer, **following}


def has_member(call: Call, key: str, member: str) -> Resource:
    _require_reader(call)
    found = _group(call.world, key)
    everybody = {call.world.canonical(m) for m in _derived(call.world, found)}
    return {"isMember": call.world.canonical(member) in everybody}


def printed_user(found: User) -> Resource:
    first, _, last = found.name.rpartition(" ")
    shown: Resource = {
        "kind": "admin#directory#user",
        "id": found.id,
        "primaryEmail": found.email,
        "name": {"givenName": first or last, "familyName": last, "fullName": found.name},
        "isAdmin": found.admin,
        "suspended": found.suspended,
        "archived": found.archived,
        "emails": [
            {"address": found.email, "primary": True},
            *({"address": alias} for alias in found.aliases),
        ],
        "orgUnitPath": "/",
    }
    if found.aliases:
        shown["aliases"] = list(found.aliases)
    if found.organizations:
        shown["organizations"] = found.organizations
    return shown


def _require_reader(call: Call) -> None:
    """Nobody but an administrator reads the Directory, unless it is the public view of the domain."""
    caller = call.world.users.get(call.by)
    public = call.text("viewType") == "domain_public" and call.route.startswith("users")
    if caller is None or not (caller.admin or public):
        raise Refusal(403, "forbidden", "Not Authorized to access this resource/api")


def _user(world: World, key: str) -> User:
    folded = key.lower()
    found = world.by_address.get(folded) or next((u for u in world.users.values() if u.id == key), None)
    if found is None:
        raise Refusal(404, "notFound", "Resource Not Found: userKey")
    return found


def _group(world: World, key: str) -> Group:
    folded = key.lower()
    found = world.groups.get(folded) or next((g for g in world.groups.values() if g.id == key), None)
    if found is None:
        raise Refusal(404, "notFound", "Resource Not Found: groupKey")
    return found


def _fits(found: User, query: str) -> bool:
    wanted = query.partition("=")[2] or query.partition(":")[2] or query
    wanted = wanted.strip("'* ")
    return not wanted or any(wanted in text.lower() for text in (found.email, found.name, *found.aliases))


def _derived(world: World, found: Group) -> list[str]:
    seen: list[str] = []
    waiting = [found]
    while waiting:
        for address in waiting.pop(0).members:
            if address not in seen:
                seen.append(address)
                if address in world.groups:
                    waiting.append(world.groups[address])
    return seen


def _folded(world: World, found: Group) -> set[str]:
    return {world.canonical(address) for address in found.members}


def _printed_group(found: Group) -> Resource:
    return {
        "kind": "admin#directory#group",
        "id": found.id,
        "email": found.email,
        "name": found.name,
        "directMembersCount": str(len(found.members)),
    }


def _printed_member(world: World, address: str) -> Resource:
    known = world.users.get(world.canonical(address))
    shown: Resource = {"kind": "admin#directory#member", "email": address, "role": "MEMBER"}
    shown["type"] = "GROUP" if address in world.groups else "USER"
    if known:
        shown.update(id=known.id, status="SUSPENDED" if known.suspended else "ACTIVE")
    return shown


def _page(call: Call, items: list[Any], *, most: int, default: int) -> tuple[list[Any], Resource]:
    size = call.number("maxResults", default=default, most=most) or default
    token = call.text("pageToken")
    first = int(token) if token and token.isdigit() else 0
    rest = first + size
    return items[first:rest], ({"nextPageToken": str(rest)} if rest < len(items) else {})
