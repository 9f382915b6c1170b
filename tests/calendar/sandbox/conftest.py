"""An office in the sandbox: a chair with a weekly meeting, three guests, a stranger, a Directory."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest
from googleapiclient.errors import HttpError

from tests.support.sandbox import SandboxForTests

CHAIR, ANN, BOB, CEM = "chair@example.com", "ann@example.com", "bob@example.com", "cem@example.com"
NOW = "2026-11-02T08:00:00+00:00"


@dataclass(slots=True)
class Office:
    sandbox: SandboxForTests
    google: Any

    @property
    def control(self) -> Any:
        return self.sandbox.control

    def weekly(self, *guests: str, **more: Any) -> dict[str, Any]:
        """Tuesdays at nine in Berlin, ten times from 3 November 2026; id `weekly0`."""
        wanted = {
            "calendar": CHAIR,
            "summary": "Customer board",
            "start": "2026-11-03T09:00:00",
            "end": "2026-11-03T10:00:00",
            "time_zone": "Europe/Berlin",
            "recurrence": ["RRULE:FREQ=WEEKLY;COUNT=10"],
            "guests": list(guests),
            "event_id": "weekly0",
            **more,
        }
        return self.control.create_series(**wanted)

    def single(self, *guests: str, **more: Any) -> dict[str, Any]:
        wanted = {"recurrence": None, "event_id": "single0", "summary": "Lunch", **more}
        return self.weekly(*guests, **wanted)

    def get(self, event: str, **more: Any) -> dict[str, Any]:
        return self.google.events().get(calendarId="primary", eventId=event, **more).execute()

    def patch(self, event: str, body: dict[str, Any], etag: str | None = None, **more: Any) -> dict[str, Any]:
        request = self.google.events().patch(calendarId="primary", eventId=event, body=body, **more)
        if etag:
            request.headers["If-Match"] = etag
        return request.execute()

    def delete(self, event: str, **more: Any) -> None:
        self.google.events().delete(calendarId="primary", eventId=event, **more).execute()

    def page(self, **more: Any) -> dict[str, Any]:
        return self.google.events().list(**{"calendarId": "primary", **more}).execute()

    def listed(self, **more: Any) -> list[dict[str, Any]]:
        """All items of all pages."""
        items: list[dict[str, Any]] = []
        answer = self.page(**more)
        while True:
            items += answer["items"]
            if "nextPageToken" not in answer:
                return items
            answer = self.page(**more, pageToken=answer["nextPageToken"])

    def ids(self, **more: Any) -> list[str]:
        return [item["id"] for item in self.listed(**more)]

    def as_(self, subject: str) -> Office:
        return Office(self.sandbox, self.sandbox.service(subject))

    def raw(self, method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
        """One plain request, as the chair unless `authorization` is given; read to its end."""
        given = {"authorization": f"Bearer {self.control.access_token(CHAIR)}", **headers}
        connection = http.client.HTTPConnection(urlsplit(self.sandbox.url).netloc)
        try:
            connection.request(method, path, body, {n.replace("_", "-"): v for n, v in given.items()})
            response = connection.getresponse()
            response.content = response.read()  # type: ignore[attr-defined]
            return response
        finally:
            connection.close()


@pytest.fixture
def office(sandbox: SandboxForTests) -> Office:
    sandbox.control.clock(now=NOW)
    sandbox.control.seed(
        users=[
            {"email": CHAIR, "name": "Carla Chair", "time_zone": "Europe/Berlin", "admin": True},
            {"email": ANN, "name": "Ann Adler", "department": "Finance", "aliases": ["a.adler@example.com"]},
            {"email": BOB, "name": "Bob Brandt", "department": "Legal"},
            {"email": CEM, "name": "Cem Can", "department": "Finance"},
        ],
        groups=[{"email": "sales@example.com", "members": [BOB, CEM]}],
    )
    return Office(sandbox, sandbox.service(CHAIR))


def refusal(act: Callable[[], Any]) -> tuple[int, str]:
    """(status, reason) of the HttpError that `act` must raise."""
    with pytest.raises(HttpError) as caught:
        act()
    error = json.loads(caught.value.content or b"{}").get("error", {})
    return caught.value.status_code, error.get("errors", [{}])[0].get("reason", "")


def emails(event: dict[str, Any]) -> list[str]:
    return [guest["email"] for guest in event.get("attendees", [])]


def answers_of(event: dict[str, Any]) -> dict[str, str]:
    return {guest["email"]: guest["responseStatus"] for guest in event.get("attendees", [])}
