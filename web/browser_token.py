"""A token for the forms of pages that need no session: it belongs to the browser that was shown the page.

The cookie and the form must agree, so that a foreign page cannot make a browser send a form of ours.
"""

from __future__ import annotations

import secrets

from flask import Response, request

from web.security import check_token, is_https

_SECONDS = 60 * 60
_LENGTH = 43


def form_token() -> str:
    """The one that this browser has already, so that two open pages do not spoil one another, else a new one."""
    there = request.cookies.get(_name(), "")
    return there if len(there) == _LENGTH else secrets.token_urlsafe(32)


def bind(response: Response, token: str) -> None:
    response.set_cookie(_name(), token, max_age=_SECONDS, secure=is_https(), httponly=True, samesite="Strict", path="/")


def check_browser() -> None:
    """Raises `ForeignForm` unless the form was shown to this browser."""
    check_token(request.form.get("csrf"), request.cookies.get(_name()) or secrets.token_urlsafe(32))


def _name() -> str:
    return "__Host-form" if is_https() else "form"
