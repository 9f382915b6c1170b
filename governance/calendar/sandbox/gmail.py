"""A mailbox that sends: messages are kept as they came, found by Message-ID, and go nowhere (item 69)."""

from __future__ import annotations

import base64
import binascii
import re
from email import message_from_bytes
from typing import Any

from .calls import Call
from .clock import stamp
from .errors import Refusal, bad_request

Resource = dict[str, Any]

_MOST_BYTES = 36_700_160
_BY_ID = re.compile(r"rfc822msgid:<?([^\s<>]+)>?", re.IGNORECASE)


def send(call: Call) -> Resource:
    """Every call sends: there is nothing by which two of them could be told to be the same."""
    _require_own(call)
    raw = call.body.get("raw") if isinstance(call.body, dict) else None
    if not isinstance(raw, str):
        raise bad_request("'raw' RFC822 payload message string or uploading message via /upload/* URL required")
    content = _decoded(raw)
    mail = message_from_bytes(content)
    recipients = [one.strip() for name in ("To", "Cc", "Bcc") for one in mail.get_all(name, []) if one.strip()]
    if not recipients:
        raise bad_request("Recipient address required")
    number = f"{len(call.world.mails) + 1:016x}"
    kept = {
        "id": number,
        "threadId": number,
        "labelIds": ["SENT"],
        "by": call.by,
        "when": stamp(call.world.clock.now()),
        "message_id": str(mail.get("Message-ID", "")).strip(),
        "to": recipients,
        "raw": content.decode("utf-8", "surrogateescape"),
    }
    call.world.mails.append(kept)
    return {name: kept[name] for name in ("id", "threadId", "labelIds")}


def listed(call: Call) -> Resource:
    """The newest first; of the search language it knows `rfc822msgid:`, which needs a scope that may read."""
    _require_own(call)
    query = call.text("q") or ""
    wanted = _BY_ID.search(query)
    if query and not wanted:
        raise bad_request(f"The sandbox searches by rfc822msgid: alone, not for {query!r}")
    own = [mail for mail in reversed(call.world.mails) if mail["by"] == call.by]
    found = [mail for mail in own if wanted is None or mail["message_id"].strip("<>") == wanted[1]]
    most = call.number("maxResults", default=100, most=500) or 100
    answer: Resource = {"resultSizeEstimate": len(found)}
    if found:
        answer["messages"] = [{"id": mail["id"], "threadId": mail["threadId"]} for mail in found[:most]]
    return answer


def message(call: Call, number: str) -> Resource:
    _require_own(call)
    found = next((mail for mail in call.world.mails if mail["id"] == number and mail["by"] == call.by), None)
    if found is None:
        raise Refusal(404, "notFound", "Requested entity was not found.")
    shown = {name: found[name] for name in ("id", "threadId", "labelIds")}
    if call.text("format") == "raw":
        content = found["raw"].encode("utf-8", "surrogateescape")
        return {**shown, "raw": base64.urlsafe_b64encode(content).decode("ascii")}
    headers = message_from_bytes(found["raw"].encode("utf-8", "surrogateescape")).items()
    return {**shown, "payload": {"headers": [{"name": name, "value": value} for name, value in headers]}}


def _require_own(call: Call) -> None:
    """`me`, or the same by name; a service account by itself has no mailbox."""
    if call.access.service_account:
        raise Refusal(400, "failedPrecondition", "Precondition check failed.")
    if call.names[0] != "me" and call.world.canonical(call.names[0]) != call.by:
        raise Refusal(403, "forbidden", f"Delegation denied for {call.by}")


def _decoded(raw: str) -> bytes:
    try:
        content = base64.urlsafe_b64decode(raw + "=" * (-len(raw) % 4))
    except (ValueError, binascii.Error):
        raise bad_request("Invalid value for ByteString") from None
    if len(content) > _MOST_BYTES:
        raise Refusal(413, "uploadTooLarge", "Request Entity Too Large")
    return content
