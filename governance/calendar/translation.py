"""What is asked of Google and sent to it, in its own spelling; what it answers is read in `reconcile/received.py`."""

from __future__ import annotations

from typing import Any

from governance.reconcile.ports import EventWrite

EVENT_FIELDS = (
    "kind,id,etag,status,summary,description,recurrence,recurringEventId,originalStartTime,start,end,"
    "organizer(email,self),attendees,attendeesOmitted,guestsCanInviteOthers,guestsCanModify,"
    "extendedProperties/private"
)
"""Nothing else is ever received, and so nothing else of an event is stored."""
LIST_FIELDS = f"kind,accessRole,timeZone,nextPageToken,nextSyncToken,items({EVENT_FIELDS})"


def written_fields(write: EventWrite) -> dict[str, Any]:
    """The body of the PATCH: what the write names, and nothing else (what it leaves out, Google keeps)."""
    body: dict[str, Any] = {}
    if write.guests is not None:
        body["attendees"] = [dict(guest) for guest in write.guests]
    if write.guests_can_invite is not None:
        body["guestsCanInviteOthers"] = write.guests_can_invite
    if write.guests_can_modify is not None:
        body["guestsCanModify"] = write.guests_can_modify
    if write.description is not None:
        body["description"] = write.description
    if write.private_properties:
        body["extendedProperties"] = {"private": dict(write.private_properties)}
    return body
