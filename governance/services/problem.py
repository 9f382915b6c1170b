"""What a problem is, wherever it comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`code` is stable; `meeting` is None for what concerns all."""

    code: str
    meeting: str | None
    text: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """All problems of one code, for those who may not know whose they are."""

    code: str
    message: str
    remedy: str
