"""Items 1, 13 and 14 for calendars themselves: calendars.get, calendarList, acl."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from google.oauth2 import service_account
from googleapiclient.discovery import build

from tests.calendar.sandbox.conftest import ANN, CHAIR, Office, refusal
from tests.support.sandbox import CALENDAR_SCOPES, SERVICE_ACCOUNT

BOARD = "board@group.calendar.google.com"


def test_1_a_calendar_tells_its_own_id_and_zone(office: Office) -> None:
    calendar = office.google.calendars().get(calendarId="primary").execute()

    assert (calendar["id"], calendar["timeZone"]) == (CHAIR, "Europe/Berlin")


def test_14_the_list_of_calendars_tells_the_role_in_each(office: Office) -> None:
    office.control.seed(calendars=[{"id": BOARD, "summary": "Board", "owner": ANN, "acl": {CHAIR: "writer"}}])
    calendars = office.google.calendarList()

    listed = calendars.list().execute()["items"]

    assert [(c["id"], c["accessRole"], c.get("primary", False)) for c in listed] == [
        (CHAIR, "owner", True),
        (BOARD, "writer", False),
    ]
    assert calendars.get(calendarId=BOARD).execute() == listed[1]
    assert refusal(calendars.get(calendarId=ANN).execute) == (404, "notFound")


def test_14_the_access_list_is_for_those_who_write(office: Office) -> None:
    office.control.share(CHAIR, ANN, "reader")
    office.control.share(CHAIR, "example.com", "freeBusyReader")
    office.control.share(CHAIR, "default", "none")

    rules = office.google.acl().list(calendarId="primary").execute()["items"]

    assert [(rule["id"], rule["role"]) for rule in rules] == [
        (f"user:{CHAIR}", "owner"),
        (f"user:{ANN}", "reader"),
        ("domain:example.com", "freeBusyReader"),
    ]
    assert refusal(office.as_(ANN).google.acl().list(calendarId=CHAIR).execute) == (403, "forbidden")


def test_13_a_service_account_may_sign_its_own_token(office: Office, tmp_path: Path) -> None:
    office.control.share(CHAIR, SERVICE_ACCOUNT, "reader")
    file = str(office.sandbox.credentials_file(tmp_path))
    found: Any = service_account.Credentials.from_service_account_file(file, scopes=CALENDAR_SCOPES)
    found = found.with_always_use_jwt_access(True)
    endpoint = {"api_endpoint": f"{office.sandbox.url}calendar/v3/"}

    with build("calendar", "v3", credentials=found, client_options=endpoint) as google:
        calendar = google.calendars().get(calendarId=CHAIR).execute()

    assert calendar["id"] == CHAIR
    assert office.control.log("token") == []
