"""The guest list of a write: what Google makes of it (items 45, 48, 50, 57 and 58)."""

from __future__ import annotations

import re
from typing import Any

from .errors import Refusal, invalid, required
from .world import World

Guest = dict[str, Any]

_ADDRESS = re.compile(r"^[^@\s,;<>()\"]+@[^@\s,;<>()\".]+(\.[^@\s,;<>()\".]+)+$")
_ANSWERS = ("needsAction", "declined", "tentative", "accepted")
_KEPT = ("email", "id", "displayName", "optional", "resource", "responseStatus", "comment", "additionalGuests")
_MOST = 200


def written(world: World, given: list[Guest], before: list[Guest], organizer: str) -> list[Guest]:
    """The stored guest list for the one in a request; `before` is the list it replaces."""
    known = {_key(world, guest): guest for guest in before}
    guests: dict[str, Guest] = {}
    for entry in given:
        folded = _key(world, entry)
        if folded in known and not known[folded].get("email"):
            # Shown without address: it can be kept, but not made.
            guests[folded] = known[folded]
            continue
        guest = _entry(world, entry)
        if folded in guests and world.switches.duplicate_guests == "refused":
            raise invalid("Duplicate attendee.", location="attendees", reason="duplicateAttendee")
        guests.setdefault(folded, _answered(world, guest, known.get(folded), folded == organizer))
    _require_room(world, guests)
    return list(guests.values())


def own_answer(world: World, given: list[Guest] | None, before: list[Guest], who: str) -> list[Guest]:
    """Items 50 and 52: of a list in a request only the caller's own entry counts."""
    own = next((e for e in given or () if world.canonical(e.get("email") or "") == who), None)
    if own is None:
        return before
    return [_with_answer(g, own) if world.canonical(g.get("email", "")) == who else g for g in before]


def reset(world: World, guests: list[Guest], organizer: str) -> list[Guest]:
    """Item 49: a moved event asks everybody again, but the organiser and rooms."""
    return [
        guest
        if world.canonical(guest.get("email", "")) == organizer or guest.get("resource")
        else {**guest, "responseStatus": "needsAction"}
        for guest in guests
    ]


def holds_group(world: World, guests: list[Guest]) -> bool:
    return any(world.canonical(guest.get("email", "")) in world.groups for guest in guests)


def _key(world: World, entry: Guest) -> str:
    if not entry.get("email") and entry.get("id"):
        return f"id {entry['id']}"
    return world.canonical(entry.get("email") or "")


def _entry(world: World, entry: Guest) -> Guest:
    if not entry.get("email"):
        raise required("attendee email")
    email = entry["email"].strip()
    if not _ADDRESS.match(email):
        raise invalid("Invalid attendee email.", location="attendees")
    if entry.get("responseStatus", "needsAction") not in _ANSWERS:
        raise invalid("Invalid responseStatus.", location="responseStatus")
    guest = {name: entry[name] for name in _KEPT if entry.get(name) not in (None, False, 0)}
    guest["email"] = world.canonical(email) if world.switches.canonical_addresses else email
    return guest


def _answered(world: World, guest: Guest, known: Guest | None, organizes: bool) -> Guest:
    """Item 48: an entry without an answer has not answered, whatever it said before."""
    answer = guest.get("responseStatus", "needsAction")
    if known is None and not organizes and world.switches.added_answers == "reset":
        answer = "needsAction"
    if known is not None and "resource" in known:
        guest["resource"] = True
    elif known is not None:
        guest.pop("resource", None)
    if guest["email"].endswith("@resource.calendar.google.com"):
        guest["resource"] = True
    return {**guest, "responseStatus": answer}


def _with_answer(guest: Guest, own: Guest) -> Guest:
    answered = dict(guest)
    for name in ("responseStatus", "comment", "additionalGuests"):
        if name in own:
            answered[name] = own[name]
    return answered


def _require_room(world: World, guests: dict[str, Guest]) -> None:
    individuals = sum(address not in world.groups for address in guests)
    if individuals > _MOST and world.switches.many_guests == "refused":
        raise Refusal(400, "invalid", "Too many attendees: at most 200 are allowed.", location="attendees")
