"""Cookies as all of ours are: out of reach of scripts, sent to this very host alone."""

from __future__ import annotations

from typing import Literal

from werkzeug.wrappers import Response

from web.site import site


def is_https() -> bool:
    return site().config.site.public_url.startswith("https://")


def named(name: str) -> str:
    """With the prefix that keeps neighbouring hosts from setting it; browsers take that on https only."""
    return f"__Host-{name}" if is_https() else name


def set_cookie(
    response: Response,
    name: str,
    value: str,
    *,
    samesite: Literal["Lax", "Strict"],
    seconds: int | None = None,
) -> None:
    """Without `seconds` it lasts until the browser is closed."""
    response.set_cookie(name, value, max_age=seconds, secure=is_https(), httponly=True, samesite=samesite)


def remove_cookie(response: Response, name: str, *, samesite: Literal["Lax", "Strict"]) -> None:
    response.delete_cookie(name, secure=is_https(), httponly=True, samesite=samesite)
