"""How people name an event: by its id, by the id of one occurrence, or by the link in their browser."""

from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import parse_qs, urlsplit

from governance.domain.errors import GovernanceError

# Imported events have ids beyond the alphabet that Google documents, but never a space, slash or sign of an address.
_ID = re.compile(r"[A-Za-z0-9_\-.]{5,1024}")
_IN_PATH = re.compile(r"/eventedit/(?P<eid>[A-Za-z0-9_\-=]+)")


class NotAnEvent(GovernanceError):
    """A text that names no event."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(
            "Enter the event's id or the address of its page in Google Calendar",
            f"“{given[:80]}” is neither",
        )


def event_id_from(text: str) -> str:
    """The id of an event or of one of its occurrences. Raises NotAnEvent."""
    given = text.strip()
    coded = _coded_id(given)
    found = _decoded(coded) if coded else given
    if found is None or not _ID.fullmatch(found):
        raise NotAnEvent(text)
    return found


def _coded_id(given: str) -> str | None:
    """What a link carries: `eid=…` in the query, or behind `/eventedit/` in the path."""
    if not given.startswith(("https://", "http://")):
        return None
    try:
        address = urlsplit(given)
    except ValueError:
        return "?"
    in_path = _IN_PATH.search(address.path)
    return in_path["eid"] if in_path else parse_qs(address.query).get("eid", ["?"])[0]


def _decoded(coded: str) -> str | None:
    """A link codes the event's id, a space and the calendar's id, without the padding of base64."""
    try:
        plain = base64.b64decode(coded.rstrip("=") + "=" * (-len(coded.rstrip("=")) % 4), altchars=b"-_", validate=True)
        return plain.decode("ascii").split(" ")[0]
    except (binascii.Error, ValueError):
        return None
