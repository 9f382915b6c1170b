"""Identifiers: UUID version 7 (RFC 9562), so that keys made one after the other lie beside each other in the index."""

import os
import threading
import time
import uuid
from datetime import UTC, datetime
from uuid import UUID

_RANDOM_BITS = 62
_COUNTER_BITS = 12
_VERSION_AND_VARIANT = (0x7 << 76) | (0b10 << 62)

_lock = threading.Lock()
_last = 0


def _own_uuid7() -> UUID:
    """48 bits of milliseconds, a 12-bit counter, 62 random bits; rises strictly within this process.

    Milliseconds and counter are one number here: when a millisecond has used up its counter, or the clock was set
    back, the number simply goes on from the last one (RFC 9562, section 6.2, method 1 with a counter that carries).
    """
    global _last
    with _lock:
        _last = max((time.time_ns() // 1_000_000) << _COUNTER_BITS, _last + 1)
        tick = _last
    milliseconds, counter = tick >> _COUNTER_BITS, tick & ((1 << _COUNTER_BITS) - 1)
    randomness = int.from_bytes(os.urandom(8), "big") >> 2
    return UUID(int=(milliseconds << 80) | (counter << 64) | randomness | _VERSION_AND_VARIANT)


new_id = getattr(uuid, "uuid7", _own_uuid7)
"""A new identifier; Python's own function where there is one (3.14)."""


def made_at(identifier: UUID) -> datetime:
    """When an identifier of ours was made, to the millisecond: its first 48 bits say so."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, UTC)
