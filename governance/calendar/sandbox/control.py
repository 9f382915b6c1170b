"""The door for tests and the demo: `POST /_sandbox/ACT` with a JSON object of arguments.

The answer is `{"result": …}`, or `{"error": sentence}` with status 400. Nothing here exists at
Google; nothing behind `api_root` needs it.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from . import auth, channels, clock, finding, people, rendering, seeding, splitting, state, tokens, wire
from .calls import Call
from .errors import Refusal
from .routes import Answer
from .wire import Request
from .world import Access, World

if TYPE_CHECKING:
    from .server import Sandbox

_OF_PEOPLE: tuple[Callable[..., Any], ...] = (
    people.guest_adds, people.forward, people.organizer_edits, people.answers, people.flip_flags,
    people.drop_guest, people.cancel_instance, people.restore_instance, people.delete_event,
    people.move_instance, splitting.split, people.transfer, people.suspend, people.rename_user,
    people.alias, people.set_members, people.follow_groups, people.expand_group, people.mark,
    people.create_series, people.create_many, seeding.seed,
)  # fmt: skip


def answered(sandbox: Sandbox, request: Request, connection: socket.socket) -> Answer:
    name = request.target.removeprefix("/_sandbox/").partition("?")[0]
    if "origin" in request.headers:
        # A page that a browser happens to show must not reach into the demo.
        return _error("Call the sandbox from a program, not from a page.")
    try:
        arguments = json.loads(request.body or b"{}")
        result = _done(sandbox, name, arguments, connection)
        return Answer(200, json.dumps({"result": result}, separators=(",", ":")).encode())
    except Refusal as refusal:
        return _error(f"{refusal.status} {refusal.reason}: {refusal.message}")
    except (KeyError, TypeError, ValueError) as error:
        return _error(f"Correct the call of {name}: {error!r}")


def touch(world: World, call: Call) -> None:
    """Somebody else changes the event a moment before this write: its etag is another one."""
    if not call.names:
        return
    calendar = world.calendar(call.by if call.names[0] == "primary" else call.names[0])
    copy = calendar.copies.get(call.names[1]) if len(call.names) > 1 else None
    if copy is None and len(call.names) > 1:
        instance = finding.found(world, calendar, call.names[1])
        copy = calendar.copies[instance.shared["recurringEventId"]]
    if copy is not None:
        world.keep(copy)


def _done(sandbox: Sandbox, name: str, arguments: dict[str, Any], connection: socket.socket) -> Any:
    if name == "wait_until_paused":
        return sandbox.faults.gate.wait_until_paused(arguments.get("timeout", 10.0))
    if name == "wait_until_pushed":
        return sandbox.pusher.wait_until_idle(arguments.get("timeout", 10.0))
    if name == "close_idle":
        return _close_idle(sandbox, connection)
    world = sandbox.world
    with world.lock:
        sandbox.settle()
        try:
            return _acted(sandbox, name, arguments)
        finally:
            sandbox.settle()


def _acted(sandbox: Sandbox, name: str, arguments: dict[str, Any]) -> Any:
    if name in _PEOPLE:
        sandbox.written.set()
        return _PEOPLE[name](sandbox.world, **arguments)
    if name in _WORLD:
        return _WORLD[name](sandbox.world, **arguments)
    if name in _SANDBOX:
        return _SANDBOX[name](sandbox, **arguments)
    raise ValueError(f"there is no act {name!r}")


def _error(sentence: str) -> Answer:
    return Answer(400, json.dumps({"error": sentence}).encode())


def _reset(sandbox: Sandbox, now: str | None = None) -> None:
    """An empty world with every switch, fault, log and clock as at the start."""
    sandbox.faults.gate.open()
    sandbox.faults.clear()
    sandbox.log.clear()
    sandbox.pusher.withdraw()
    sandbox.world.clock = clock.Clock(clock.instant(now) if now else None)
    sandbox.world.reset()
    sandbox.written.set()


def _take(sandbox: Sandbox, document: dict[str, Any]) -> None:
    """The world that `written` gave, instead of this one; the clock stays."""
    sandbox.log.clear()
    sandbox.pusher.withdraw()
    sandbox.world.reset()
    state.take(sandbox.world, document)
    sandbox.written.set()


def _fault(sandbox: Sandbox, **settings: Any) -> None:
    sandbox.faults.order(**settings)


def _clear_faults(sandbox: Sandbox) -> None:
    sandbox.faults.clear()


def _log(sandbox: Sandbox, route: str | None = None) -> list[dict[str, Any]]:
    """The requests so far; of one route when it is named."""
    return [entry for entry in sandbox.log if route in (None, entry["route"])]


def _clear_log(sandbox: Sandbox) -> None:
    """Forget requests, effects, mails, ended deliveries and peaks alike."""
    sandbox.log.clear()
    sandbox.pusher.forget()
    sandbox.world.quotas.forget_peaks()
    sandbox.world.effects.clear()
    sandbox.world.outbox.clear()
    sandbox.world.mails.clear()


def _pause_at(sandbox: Sandbox, route: str, count: int = 1, when: str = "before", event: str | None = None) -> None:
    sandbox.faults.gate.close(route=route, count=count, when=when, event=event)


def _resume(sandbox: Sandbox) -> None:
    sandbox.faults.gate.open()


def _close_idle(sandbox: Sandbox, own: socket.socket) -> int:
    """Item 8: every kept connection but the caller's is closed, as an idle one would be."""
    others = [c for c in list(sandbox.connections) if c is not own]
    for connection in others:
        wire.hang_up(connection)
    return len(others)


def _event(world: World, calendar: str, event: str) -> dict[str, Any]:
    home = world.calendar(calendar)
    return rendering.event(world, home, finding.found(world, home, event))


def _events(world: World, calendar: str) -> list[dict[str, Any]]:
    """Every stored copy, cancelled ones too, with all its details."""
    home = world.calendar(calendar)
    return [rendering.event(world, home, copy) for copy in home.births]


def _instances(
    world: World, calendar: str, event: str, count: int = 10, after: str | None = None
) -> list[dict[str, Any]]:
    """The first instances of a series, from the first that has not ended at `after`."""
    home = world.calendar(calendar)
    first = clock.instant(after) if after else None
    listed: list[dict[str, Any]] = []
    for copy in finding.instances(home, finding.found(world, home, event), after=first):
        if len(listed) == count:
            break
        if first is None or finding.moment_of(copy, "end", home) > first:
            listed.append(rendering.event(world, home, copy))
    return listed


def _switch(world: World, name: str, value: Any) -> None:
    world.switches.turn(name, value)


def _expire_tokens(world: World, calendar: str | None = None, mid_paging: bool = False) -> None:
    tokens.expire(world, calendar, mid_paging=mid_paging)


def _share(world: World, calendar: str, email: str, role: str) -> None:
    """Another role in a calendar's access list; `none` takes it away."""
    home = world.calendar(calendar)
    if role == "none":
        home.acl.pop(email.lower(), None)
    else:
        home.acl[email.lower()] = role


def _access_token(world: World, subject: str, scopes: list[str] | None = None) -> str:
    """A token for plain clients, without asking `/token`; all scopes when none are named."""
    allowed = frozenset(scopes) if scopes is not None else None
    return auth.issue(world, Access(world.canonical(subject), allowed, None))


def _expire_access(world: World) -> None:
    """Every access token given out so far is worthless: the next call meets a 401."""
    world.accesses.clear()


def _revoke(world: World, token: str) -> None:
    world.grants[token].revoked = True


def _clock(world: World, now: str | None = None, advance: float | None = None, frozen: bool | None = None) -> str:
    """Set it, advance it (seconds), let it stand still; answers with what it shows."""
    if frozen is not None:
        world.clock.freeze(frozen)
    if now is not None:
        world.clock.set(clock.instant(now))
    if advance is not None:
        world.clock.advance(timedelta(seconds=advance))
    shown: datetime = world.clock.now()
    return shown.isoformat()


def _channels(world: World) -> list[dict[str, Any]]:
    """Every channel ever opened; only the sandbox can list them (item 64)."""
    now = world.clock.now()
    return [
        channel.described()
        | {"calendar": channel.calendar, "address": channel.address, "number": channel.number}
        | {"expires": channel.expires.isoformat(), "live": channel.is_live(now)}
        for channel in world.channels.values()
    ]


def _notify(sandbox: Sandbox, channel: str, state: str = "exists") -> int:
    """Send a message now, undisturbed and whether the channel has ended or not; answers with its number."""
    message = channels.message_of(sandbox.world, sandbox.world.channels[channel], state)
    sandbox.pusher.send([message])
    return message.number


def _deliveries(sandbox: Sandbox, channel: str | None = None) -> list[dict[str, Any]]:
    """The messages so far, in the order of their leaving, with what the receiver answered."""
    return [message.described() for message in sandbox.pusher.sent if channel in (None, message.channel.id)]


def _touch(world: World, calendar: str, event: str) -> str:
    """Only the etag changes, as after a guest's answer; answers with the new one."""
    return world.keep(finding.found(world, world.calendar(calendar), event)).etag


_PEOPLE: dict[str, Callable[..., Any]] = {act.__name__: act for act in _OF_PEOPLE}
_WORLD: dict[str, Callable[..., Any]] = {
    "event": _event,
    "events": _events,
    "instances": _instances,
    "switch": _switch,
    "expire_tokens": _expire_tokens,
    "share": _share,
    "access_token": _access_token,
    "expire_access": _expire_access,
    "revoke": _revoke,
    "clock": _clock,
    "touch": _touch,
    "effects": lambda world: world.effects,
    "outbox": lambda world: world.outbox,
    "mails": lambda world: world.mails,
    "channels": _channels,
    "quota": lambda world: world.quotas.described(world.clock.now()),
    "written": state.written,
}
_SANDBOX: dict[str, Callable[..., Any]] = {
    "reset": _reset,
    "take": _take,
    "fault": _fault,
    "clear_faults": _clear_faults,
    "log": _log,
    "clear_log": _clear_log,
    "notify": _notify,
    "deliveries": _deliveries,
    "pause_at": _pause_at,
    "resume": _resume,
}
