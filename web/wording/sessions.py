"""Sessions as their owner knows them."""

from __future__ import annotations

from governance.services.own_sessions import SessionLine

_HOW = {"google": "signed in with Google", "link": "signed in by a one-time address"}


def title(line: SessionLine) -> str:
    return line.agent or "An unknown browser"


def how(line: SessionLine) -> str:
    return _HOW.get(line.how or "", "signed in")
