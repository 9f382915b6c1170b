"""Where Google announces that a calendar has changed. It is believed by its token alone: no session, no form.

Whatever is not to be believed gets the identical answer, so that nobody learns which channels there are. The body is
never read; Google's notifications have none, and a request with more than a kilobyte is refused unseen, whatever its
token (the server does so before that has arrived).
"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, request

from governance.push import NOTIFICATIONS_PATH
from governance.services import channels
from governance.services.channels import Notification
from web.site import site

blueprint = Blueprint("notifications", __name__)

BODY_LIMIT = 1024
"""Bytes."""


@blueprint.post(NOTIFICATIONS_PATH)
def receive() -> Response:
    """Read first, in a session that cannot write, and write only what changes something."""
    if (request.content_length or 0) > BODY_LIMIT:
        return Response(status=413)
    notification = _understood() if site().config.google.push else None
    if notification is None:
        return _unknown()
    now = site().clock()
    with site().database.reading() as session:
        found = channels.genuine_channel(session, notification, now)
    if found is None:
        return _unknown()
    if channels.changes_something(found, notification):
        with site().database.writing() as session:
            channels.receive(session, notification, found.calendar_id, now)
    return Response(status=204)


def _understood() -> Notification | None:
    """The notification by its headers. The message number says nothing: they come late, twice and out of order."""
    told = {name: request.headers.get(f"X-Goog-{name}", "") for name in ("Channel-ID", "Channel-Token", "Resource-ID")}
    state = request.headers.get("X-Goog-Resource-State", "")
    if not all((*told.values(), state)):
        return None
    try:
        channel_id = UUID(told["Channel-ID"])
    except ValueError:
        return None
    return Notification(channel_id, told["Channel-Token"], told["Resource-ID"], is_first=state == "sync")


def _unknown() -> Response:
    return Response(status=404)
