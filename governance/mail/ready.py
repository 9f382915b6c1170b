"""A mail as it is handed to a transport: finished bytes, and who they go to."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ready:
    """`content` are the bytes of RFC 5322 with CRLF; `message_id` includes the angle brackets."""

    message_id: str
    sender: str
    recipient: str
    content: bytes
