"""The two servers under contract, behind the same real Google client."""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from googleapiclient.errors import HttpError

VARIABLES = ("GOVERNANCE_CONTRACT_CREDENTIALS", "GOVERNANCE_CONTRACT_SUBJECT", "GOVERNANCE_CONTRACT_CALENDAR")
SCOPES = ["https://www.googleapis.com/auth/calendar.events"]
GUESTS = ("first@example.com", "second@example.com")


@dataclass(slots=True)
class Contract:
    """A calendar at one of the two servers, and what this test put into it."""

    google: Any
    calendar: str
    made: list[str] = field(default_factory=list)

    def insert(self, *guests: str, **body: Any) -> dict[str, Any]:
        wanted = {
            "id": uuid.uuid4().hex,
            "summary": "Contract test, to be deleted",
            "start": {"dateTime": "2030-03-05T09:00:00", "timeZone": "Europe/Berlin"},
            "end": {"dateTime": "2030-03-05T10:00:00", "timeZone": "Europe/Berlin"},
            "attendees": [{"email": guest} for guest in guests],
            **body,
        }
        request = self.google.events().insert(calendarId=self.calendar, body=wanted, sendUpdates="none")
        event: dict[str, Any] = request.execute()
        self.made.append(event["id"])
        return event

    def weekly(self, *guests: str) -> dict[str, Any]:
        """Eight Tuesdays at nine in Berlin from 5 March 2030: the clocks change before the fifth."""
        return self.insert(*guests, recurrence=["RRULE:FREQ=WEEKLY;COUNT=8"])

    def get(self, event: str) -> dict[str, Any]:
        return self.google.events().get(calendarId=self.calendar, eventId=event).execute()

    def patch(self, event: str, body: dict[str, Any], etag: str | None = None) -> dict[str, Any]:
        request = self.google.events().patch(calendarId=self.calendar, eventId=event, body=body, sendUpdates="none")
        if etag:
            request.headers["If-Match"] = etag
        return request.execute()

    def delete(self, event: str) -> None:
        self.google.events().delete(calendarId=self.calendar, eventId=event, sendUpdates="none").execute()

    def changes(self, token: str | None = None) -> tuple[dict[str, dict[str, Any]], str]:
        """All items by id, and the next sync token."""
        items: dict[str, dict[str, Any]] = {}
        query = {"calendarId": self.calendar} | ({"syncToken": token} if token else {})
        answer = self.google.events().list(**query).execute()
        while True:
            items |= {item["id"]: item for item in answer["items"]}
            if "nextPageToken" not in answer:
                return items, answer["nextSyncToken"]
            answer = self.google.events().list(**query, pageToken=answer["nextPageToken"]).execute()

    def clean(self) -> None:
        for event in self.made:
            try:
                self.delete(event)
            except HttpError as error:
                if error.status_code not in (404, 410):
                    raise


@pytest.fixture(params=["sandbox", pytest.param("account", marks=pytest.mark.enable_socket)])
def contract(request: pytest.FixtureRequest) -> Iterator[Contract]:
    made = at_sandbox(request) if request.param == "sandbox" else at_account()
    yield made
    made.clean()
    made.google.close()


def at_sandbox(request: pytest.FixtureRequest) -> Contract:
    sandbox = request.getfixturevalue("sandbox")
    sandbox.control.seed(users=[{"email": "chair@example.org", "time_zone": "Europe/Berlin"}])
    return Contract(sandbox.service("chair@example.org"), "chair@example.org")


def at_account() -> Contract:
    """Google itself is the one foreign host that a test may reach, and only when it is asked to."""
    missing = [name for name in VARIABLES if not os.environ.get(name)]
    if missing:
        pytest.skip(f"Set {', '.join(missing)} to run the contract against a real account.")
    from googleapiclient.discovery import build

    found = account_credentials(Path(os.environ[VARIABLES[0]]), os.environ[VARIABLES[1]])
    return Contract(build("calendar", "v3", credentials=found), os.environ[VARIABLES[2]])


def account_credentials(file: Path, subject: str) -> Any:
    from google.oauth2.credentials import Credentials
    from google.oauth2.service_account import Credentials as ServiceAccount

    if json.loads(file.read_text())["type"] == "service_account":
        return ServiceAccount.from_service_account_file(str(file), scopes=SCOPES, subject=subject)
    return Credentials.from_authorized_user_file(str(file), SCOPES)


def refusal(act: Callable[[], Any]) -> tuple[int, str]:
    """(status, reason) of the HttpError that `act` must raise."""
    with pytest.raises(HttpError) as caught:
        act()
    error = json.loads(caught.value.content).get("error", {})
    return caught.value.status_code, error["errors"][0]["reason"]


def emails(event: dict[str, Any]) -> list[str]:
    return sorted(guest["email"] for guest in event.get("attendees", []) if not guest.get("organizer"))
