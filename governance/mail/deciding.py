"""What is to be done with a row of the outbox, and what becomes of it. Pure: values and the instant go in.

waiting ──► sending ──► sent
   ▲           │ ├────► failed      refused for good
   │  not now  │ └────► unclear     the last answer was lost: asked, sent once more, or left to a person
   └───────────┘
waiting ──► held (too late) · dropped (pointless by now) · failed (the address is set aside)
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from random import random as system_random

from governance.mail.ports import Later, Outcome, Refused, Sent, Unclear

LATE = timedelta(hours=48)
"""A mail that was due before that would only confuse: a person decides."""

ASK_SECONDS = 10.0
"""So long after an unclear sending the server is asked: what it accepted it may not find at once."""

RESEND_SECONDS = 60.0
"""So long an unclear mail waits before it is sent again: its own worker may still come back and know better."""

FIRST_WAIT, LONGEST_WAIT = 60.0, 3600.0
SERVER_FIRST_WAIT = 2.0
"""After trouble with the server as such, which is left alone by the worker as a whole."""

UNCLEAR, RESENT = "unclear", "unclear-resent"
"""What `problem_code` says of a mail whose answer was lost: not sent again (yet), or sent again because of it."""


class Deed(StrEnum):
    SEND = "send"
    ASK = "ask"
    """Whether it is there already: send it only if not."""
    HOLD = "hold"
    FAIL = "fail"
    DROP = "drop"
    WAIT = "wait"
    """For a person."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`code` says why, where it is not sent."""

    deed: Deed
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A row as a worker finds it. `may_be_out`: a sending began whose outcome nobody knows."""

    state: str
    due_at: datetime
    may_be_out: bool = False
    was_resent: bool = False
    is_released: bool = False
    """A person has said that it is to go out, however late."""
    is_theirs: bool = True
    is_muted: bool = False
    is_pointless: bool = False
    is_set_aside: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """`resends`: what may or may not have gone out is sent once more where the server cannot be asked."""

    can_be_asked: bool
    resends: bool


def decide(found: Found, policy: Policy, *, now: datetime) -> Decision:
    if found.may_be_out and policy.can_be_asked:
        return Decision(Deed.ASK)
    if found.may_be_out and (found.was_resent or not policy.resends) and not found.is_released:
        return Decision(Deed.WAIT, RESENT if found.was_resent else UNCLEAR)
    if not found.is_theirs:
        return Decision(Deed.DROP, "not-theirs")
    if found.is_muted:
        return Decision(Deed.DROP, "muted")
    if found.is_pointless:
        return Decision(Deed.DROP, "expired")
    if found.is_set_aside:
        return Decision(Deed.FAIL, "address-set-aside")
    if now - found.due_at > LATE and not found.is_released:
        return Decision(Deed.HOLD, "late")
    return Decision(Deed.SEND)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a row becomes. `retry_in` seconds; None where nothing happens by itself any more."""

    state: str
    retry_in: float | None = None
    code: str | None = None
    text: str | None = None
    transport_id: str | None = None
    may_be_out: bool = False


def mark_of(
    outcome: Outcome,
    policy: Policy,
    *,
    attempts: int,
    was_resent: bool = False,
    random: Callable[[], float] = system_random,
) -> Mark:
    """What becomes of a row that was being sent, for the `attempts`-th time."""
    match outcome:
        case Sent():
            return Mark(state="sent", transport_id=outcome.transport_id, code=RESENT if was_resent else None)
        case Refused():
            return Mark(state="failed", code=outcome.code, text=outcome.text)
        case Later():
            # Certainly not accepted this time; what was unclear before stays so.
            first = SERVER_FIRST_WAIT if outcome.is_server else FIRST_WAIT
            wait = wait_seconds(attempts, first=first, at_least=outcome.retry_after, random=random)
            if was_resent:
                return Mark(state="unclear", retry_in=wait, code=UNCLEAR, text=outcome.text, may_be_out=True)
            return Mark(state="waiting", retry_in=wait, code=outcome.code, text=outcome.text)
        case Unclear():
            code = RESENT if was_resent else UNCLEAR
            return Mark(
                state="unclear",
                retry_in=wait_of_unclear(policy, was_resent=was_resent),
                code=code,
                text=outcome.text,
                may_be_out=True,
            )


def wait_of_unclear(policy: Policy, *, was_resent: bool) -> float | None:
    """Seconds until something is done about a mail that may be out; None: a person has to."""
    if policy.can_be_asked:
        return ASK_SECONDS
    return RESEND_SECONDS if policy.resends and not was_resent else None


def wait_seconds(
    attempts: int,
    *,
    first: float = FIRST_WAIT,
    at_least: float | None = None,
    random: Callable[[], float] = system_random,
) -> float:
    """`first`, then twice as long each time, an hour at most; spread, so that many do not come back together."""
    wait = min(first * 2.0 ** min(max(attempts - 1, 0), 20), LONGEST_WAIT)
    return max(wait * (0.75 + random() / 2), at_least or 0.0)
