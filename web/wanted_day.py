"""A day that an address names; one that no calendar of ours reaches is not found, rather than reckoned with."""

from __future__ import annotations

from datetime import date

from flask import abort

_FIRST, _LAST = 2000, 2199
"""Years: nothing was governed before, and the end of time is no day to add a week to."""


def wanted_day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return found if _FIRST <= found.year <= _LAST else abort(404)
