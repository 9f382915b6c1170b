"""Sessions as their owner knows them."""

from __future__ import annotations

from governance.services.own_sessions import SessionLine

_HOW = {"google": "Signed in with Google", "link": "Signed in by a one-time address"}


def title(line: SessionLine) -> str:
    return line.agent or "An unknown browser"


def how(line: SessionLine) -> str:
    return _HOW.get(line.how or "", "Signed in")
