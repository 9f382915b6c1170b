"""Where people go once they are signed in: to the page they wanted, which is only ever one of ours."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from flask import current_app, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

FIRST_PAGE = "/"
_LONGEST = 500
# Printable ASCII without the backslash, which browsers read as a slash; no second slash, which would begin a host.
_PATH = re.compile(r"/(?:[!-.0-\[\]-~][!-\[\]-~]*)?")
_NOT_WANTED = frozenset({"assets", "google_sign_in", "health", "notifications", "sign_in"})
"""Parts whose addresses are no pages to come back to."""


def own_path(given: str | None) -> str | None:
    """The path as it was given, when something of ours is shown there; None for everything else."""
    if not given or len(given) > _LONGEST or not _PATH.fullmatch(given):
        return None
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or "//" in parts.path or "/." in parts.path:
        return None
    try:
        endpoint, _ = current_app.url_map.bind("localhost").match(parts.path, method="GET")
    except (HTTPException, RequestRedirect):
        return None
    return None if str(endpoint).partition(".")[0] in _NOT_WANTED else given


def wanted_page() -> str | None:
    """What this request asks to be led to: by name, else the page on which its form was shown.

    Our Referrer-Policy has browsers name that page, to us alone. So the page that asks to sign in is the same, byte
    for byte, at every address, and tells nothing about what is there.
    """
    named = request.values.get("next")
    return own_path(named) if named is not None else own_path(_page_of_form())


def _page_of_form() -> str | None:
    try:
        parts = urlsplit(request.referrer or "")
    except ValueError:
        return None
    if parts.netloc != request.host:
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
