"""A mail within a page of ours, in a frame of its own that is sandboxed by its own policy: its styles apply there and
nothing in it runs, not even if somebody had smuggled a script into a name.
"""

from __future__ import annotations

from flask import Response, make_response

from web.security import CONTENT_SECURITY_POLICY

FRAME_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox"
)


def around(page: str) -> Response:
    """The page that has the frame: its policy lets frames of ours in, and no others."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


def within(html: str) -> Response:
    """What is in the frame."""
    response = make_response(html)
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
