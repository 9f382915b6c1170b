"""Short marks of held changes: a form carries those it showed, so that what came up since can be pointed at.

They decide nothing; what a verdict covers is the checksum's business alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Set

from governance.services.meeting_page import Held, HeldPerson, Remark

_LENGTH = 8


def fingerprint(remark: Remark) -> str:
    address = remark.who.address if remark.who else ""
    key = f"{remark.kind}|{address}|{remark.flag}|{remark.occurrence}"
    return hashlib.sha256(key.encode()).hexdigest()[:_LENGTH]


def fingerprints(held: Held | None) -> str:
    return " ".join(dict.fromkeys(fingerprint(remark) for remark in held.remarks)) if held else ""


def new_first(held: Held | None, seen: Set[str] | None) -> tuple[HeldPerson, ...]:
    """Whom the changes are about; people with something that was not `seen` at the front."""
    if held is None or seen is None:
        return held.people if held else ()
    return tuple(sorted(held.people, key=lambda one: all(fingerprint(remark) in seen for remark in one.remarks)))
