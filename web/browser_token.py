"""What ties a form to a browser that has no session: the cookie and the form must agree.

Without it a foreign page could send such a form, and sign somebody in as somebody else.
"""

from __future__ import annotations

import re
import secrets

from flask import Flask, Response, g, request

from web.cookies import named, set_cookie

_BYTES = 32
_LOOKS_LIKE_OURS = re.compile(r"[\w-]{43}", re.ASCII)


def give_browser_tokens(app: Flask) -> None:
    app.after_request(_set_if_new)


def browser_token() -> str:
    """The browser's token; a new one, set with the answer, where it has none yet."""
    if "browser_token" not in g:
        g.browser_token = browser_token_given() or secrets.token_urlsafe(_BYTES)
    return str(g.browser_token)


def browser_token_given() -> str | None:
    given = request.cookies.get(_name(), "")
    return given if _LOOKS_LIKE_OURS.fullmatch(given) else None


def _set_if_new(response: Response) -> Response:
    if "browser_token" in g and g.browser_token != browser_token_given():
        # Lax: whoever comes from a mail keeps the token that the forms of their other pages carry.
        set_cookie(response, _name(), g.browser_token, samesite="Lax")
    return response


def _name() -> str:
    return named("browser")
