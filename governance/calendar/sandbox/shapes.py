"""The shape of an event in a request, before its meaning is judged (item 7)."""

from __future__ import annotations

from typing import Any

from .errors import bad_request

_TEXT, _FLAG, _NUMBER = str, bool, int
_TIME = {"date": _TEXT, "dateTime": _TEXT, "timeZone": _TEXT}
_EVENT: dict[str, Any] = {
    "id": _TEXT,
    "summary": _TEXT,
    "description": _TEXT,
    "location": _TEXT,
    "visibility": _TEXT,
    "status": _TEXT,
    "colorId": _TEXT,
    "transparency": _TEXT,
    "eventType": _TEXT,
    "iCalUID": _TEXT,
    "start": _TIME,
    "end": _TIME,
    "guestsCanInviteOthers": _FLAG,
    "guestsCanModify": _FLAG,
    "guestsCanSeeOtherGuests": _FLAG,
    "attendeesOmitted": _FLAG,
    "privateCopy": _FLAG,
    "sequence": _NUMBER,
    "recurrence": [_TEXT],
    "attendees": [
        {
            "email": _TEXT,
            "displayName": _TEXT,
            "responseStatus": _TEXT,
            "comment": _TEXT,
            "id": _TEXT,
            "additionalGuests": _NUMBER,
            "optional": _FLAG,
            "resource": _FLAG,
        }
    ],
    "attachments": [{"fileUrl": _TEXT}],
    "organizer": {"email": _TEXT},
    "source": {"title": _TEXT, "url": _TEXT},
    "reminders": {"useDefault": _FLAG, "overrides": [{"method": _TEXT, "minutes": _NUMBER}]},
    "extendedProperties": {"private": {"*": _TEXT}, "shared": {"*": _TEXT}},
    "conferenceData": {"conferenceId": _TEXT, "createRequest": {"requestId": _TEXT}},
}


def require_event(body: Any) -> None:
    """Refuse (400) values of another kind than the documented; unknown names are let through."""
    if not _fits(body, _EVENT):
        raise bad_request()


def _fits(value: Any, shape: Any) -> bool:
    if value is None:
        return True
    if isinstance(shape, list):
        return isinstance(value, list) and all(v is not None and _fits(v, shape[0]) for v in value)
    if isinstance(shape, dict):
        return isinstance(value, dict) and all(_fits(v, _below(shape, name)) for name, v in value.items())
    if shape is _NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    return shape is None or isinstance(value, shape)


def _below(shape: dict[str, Any], name: str) -> Any:
    return shape.get(name, shape.get("*"))
