"""What the tests of the reconciler's edges share."""

from __future__ import annotations

from typing import Any

from tests.support.governed import (
    DELEGATES,
    NEXT_THURSDAY,
    THURSDAY,
    Governed,
    occurrence_id,
)

AMARA, HENRIK, MEI = DELEGATES.values()
THIS, NEXT = occurrence_id(THURSDAY), occurrence_id(NEXT_THURSDAY)


class Killed(BaseException):
    """The process dies here."""


def upd(governed: Governed) -> list[tuple[str, Any]]:
    return [(write["path"].rpartition("/")[2], write["query"].get("sendUpdates")) for write in governed.writes()]


def rules(governed: Governed) -> list[tuple[str, str | None, str]]:
    return [(one["rule"], one["email"], one["reason"]) for one in governed.stored().findings_json]
