"""What goes wrong on the way, as a test orders it (item 65), and stops at an exact step.

A fault is ordered for a route (`events.patch`, `events.*`, `writes`, `*`), for a number of
matching requests (`None`: until cleared), after letting `skip` of them pass. Faults that stand
for Google's refusals carry Google's own word; the others say what happens to the connection or
the answer. `KINDS` is the whole list.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import Any

from .errors import Refusal, html_page
from .routes import Answer

_WRITES = ("events.insert", "events.patch", "events.update", "events.delete", "events.move", "events.import")

_REFUSALS = {
    "429": (429, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
    "rateLimitExceeded": (403, "rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
    "userRateLimitExceeded": (403, "userRateLimitExceeded", "User Rate Limit Exceeded", "usageLimits"),
    "quotaExceeded": (403, "quotaExceeded", "Calendar usage limits exceeded.", "usageLimits"),
    "dailyLimitExceeded": (403, "dailyLimitExceeded", "Daily Limit Exceeded", "usageLimits"),
    "accessNotConfigured": (
        403,
        "accessNotConfigured",
        "Google Calendar API has not been used in this project before or it is disabled.",
        "usageLimits",
    ),
    "insufficientPermissions": (
        403,
        "insufficientPermissions",
        "Request had insufficient authentication scopes.",
        "global",
    ),
    "forbidden": (403, "forbidden", "Forbidden", "global"),
    "notACalendarUser": (
        403,
        "notACalendarUser",
        "The user must be signed up for Google Calendar.",
        "calendar",
    ),
    "400": (400, "badRequest", "Bad Request", "global"),
    "pushNotSupportedForRequestedResource": (
        400,
        "pushNotSupportedForRequestedResource",
        "Push notifications are not supported by this resource.",
        "calendar",
    ),
    "401": (401, "authError", "Invalid Credentials", "global"),
    "push.webhookUrlUnauthorized": (
        401,
        "push.webhookUrlUnauthorized",
        "Unauthorized WebHook callback channel.",
        "global",
    ),
    "404": (404, "notFound", "Not Found", "global"),
    "409": (409, "conflict", "Conflict", "global"),
    "410": (410, "fullSyncRequired", "Sync token is no longer valid, a full sync is required.", "calendar"),
    "412": (412, "conditionNotMet", "Precondition Failed", "global"),
    "500": (500, "backendError", "Backend Error", "global"),
    "502": (502, "backendError", "Bad Gateway", "global"),
    "503": (503, "backendError", "Service Unavailable", "global"),
    "504": (504, "backendError", "Gateway Timeout", "global"),
}
_ON_THE_WAY = ("slow", "hang", "close_before", "race")
_ON_THE_WAY_BACK = (
    "close_after", "hang_after", "drip", "truncated", "invalid_json", "half_json", "html_ok",
    "empty_object", "empty_body", "list_body", "no_token", "both_tokens", "same_page",
    "other_calendar", "attendees_omitted",
)  # fmt: skip
KINDS = (*_REFUSALS, *_ON_THE_WAY, *_ON_THE_WAY_BACK)


@dataclass(slots=True)
class Fault:
    kind: str
    route: str = "*"
    count: int | None = 1
    skip: int = 0
    calendar: str | None = None
    event: str | None = None
    subject: str | None = None
    retry_after: int | str | None = None
    body: str = "json"
    """Of a refusal: `json`, `html` or `empty`."""
    seconds: float = 1.0
    """Of `slow`, `drip`, `hang` and `hang_after`: how long, unless the faults are cleared before."""
    shown: str | None = None
    """Of `other_calendar`: whose page is answered."""

    def takes(self, route: str, names: tuple[str, ...], subject: str) -> bool:
        """Whether this request is one of those meant; counts it."""
        if not self._matches(route, names, subject) or self.count == 0:
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.count is not None:
            self.count -= 1
        return True

    def refusal(self) -> Refusal | None:
        if self.kind not in _REFUSALS:
            return None
        status, reason, message, domain = _REFUSALS[self.kind]
        refusal = Refusal(status, reason, message, domain)
        if self.retry_after is not None:
            refusal.headers["Retry-After"] = str(self.retry_after)
        return refusal

    def _matches(self, route: str, names: tuple[str, ...], subject: str) -> bool:
        wanted = self.route
        if wanted == "*" and self.kind == "quotaExceeded":
            wanted = "writes"  # The operational limit leaves reads alone.
        if not (route in _WRITES if wanted == "writes" else fnmatch(route, wanted)):
            return False
        if self.calendar and (not names or self.calendar != _calendar(names[0], subject)):
            return False
        if self.event and (len(names) < 2 or names[1] != self.event):
            return False
        return self.subject is None or self.subject == subject


def _calendar(name: str, subject: str) -> str:
    return subject if name == "primary" else name


class Faults:
    """The ordered faults, and the requests that were stopped at an exact step."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.ordered: list[Fault] = []
        self.gate = Gate()
        self._cleared = threading.Event()

    def order(self, **settings: Any) -> None:
        fault = Fault(**settings)
        if fault.kind not in KINDS:
            raise ValueError(f"Choose a fault that exists, not {fault.kind!r}: {', '.join(KINDS)}.")
        with self._lock:
            self.ordered.append(fault)
            self._cleared.clear()

    def clear(self) -> None:
        """Forget what was ordered, and wake whoever hangs."""
        with self._lock:
            self.ordered = []
            self._cleared.set()

    def wait(self, seconds: float) -> None:
        self._cleared.wait(seconds)

    def next(self, route: str, names: tuple[str, ...], subject: str) -> Fault | None:
        """The first fault ordered for this request, which is thereby used."""
        if not self.ordered:
            return None
        with self._lock:
            return next((f for f in self.ordered if f.takes(route, names, subject)), None)


class Gate:
    """Holds the n-th matching request, before or after it is applied, until resumed."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._route: str | None = None
        self._left = 0
        self._when = "before"
        self._event: str | None = None
        self._waiting = 0

    def close(self, *, route: str, count: int, when: str, event: str | None) -> None:
        with self._changed:
            self._route, self._left, self._when, self._event = route, count, when, event

    def open(self) -> None:
        with self._changed:
            self._route = None
            self._changed.notify_all()

    def pass_through(self, route: str, names: tuple[str, ...], when: str) -> None:
        if self._route is None:
            return
        with self._changed:
            if not self._holds(route, names, when):
                return
            self._waiting += 1
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._route is None)
            self._waiting -= 1

    def wait_until_paused(self, timeout: float) -> bool:
        with self._changed:
            return self._changed.wait_for(lambda: self._waiting > 0, timeout)

    def _holds(self, route: str, names: tuple[str, ...], when: str) -> bool:
        fault = Fault("slow", route=self._route or "*", event=self._event)
        if when != self._when or not fault.takes(route, names, ""):
            return False
        self._left -= 1
        return self._left == 0


def distorted(fault: Fault, answer: Answer, other: Answer | None) -> Answer:
    """The answer as it arrives at the client; `other` is another calendar's page."""
    match fault.kind:
        case "invalid_json":
            answer.body = b'{"kind": "calendar#events", "items": [}'
        case "half_json":
            answer.body = answer.body[: len(answer.body) // 2]
        case "html_ok":
            answer.body, answer.content_type = html_page(200), "text/html; charset=UTF-8"
        case "empty_object":
            answer.body = b"{}"
        case "empty_body":
            answer.body = b""
        case "list_body":
            answer.body = b"[]"
        case "other_calendar" if other is not None:
            return other
        case _:
            answer.body = _altered(fault.kind, answer.body)
    return answer


def _altered(kind: str, body: bytes) -> bytes:
    if kind not in ("no_token", "both_tokens", "same_page", "attendees_omitted") or not body:
        return body
    document = json.loads(body)
    if kind == "no_token":
        document.pop("nextPageToken", None)
        document.pop("nextSyncToken", None)
    elif kind == "both_tokens":
        document["nextPageToken"] = document["nextSyncToken"] = "both"
    elif kind == "same_page":
        document.pop("nextSyncToken", None)
        document["nextPageToken"] = "same"
    else:
        for event in document.get("items", [document]):
            _omit_attendees(event)
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()


def _omit_attendees(event: dict[str, Any]) -> None:
    if event.get("attendees"):
        event["attendeesOmitted"] = True
        event["attendees"] = [guest for guest in event["attendees"] if guest.get("self")]
