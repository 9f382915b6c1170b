"""What holds for every answer and every change: headers, the host asked for, where a form came from."""

from __future__ import annotations

import hmac
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from governance.domain.errors import GovernanceError
from web.site import site, viewer

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not "no-referrer": browsers would then send our own forms with "Origin: null".
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_STRICT_TRANSPORT = "max-age=31536000"

CHANGING = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
# The sender is a machine that shows a secret of its own; a browser that was led there has none to show.
NEEDS_NO_FORM = frozenset({"notifications.receive", "preferences.unsubscribe"})
# Whoever balances load asks by address and shows nothing to a browser.
_ASKED_BY_ADDRESS = frozenset({"health.alive", "health.metrics", "health.ready"})


class ForeignForm(GovernanceError):
    """A form that did not come from a page of ours, or from one of another session."""

    def __init__(self) -> None:
        super().__init__(
            "Go back, load the page again and repeat",
            "the form was not sent from a page of this session; nothing was done",
        )


def guard(app: Flask) -> None:
    app.before_request(_refuse_foreign_hosts)
    app.before_request(_refuse_foreign_origins)
    app.after_request(_add_headers)


def check_token(given: str | None, expected: str) -> None:
    """Raises `ForeignForm` unless the form carries the token that its page was given."""
    if not given or not hmac.compare_digest(given.encode(), expected.encode()):
        raise ForeignForm


def check_form() -> None:
    """The token of the viewer's session, for every form of a signed-in page."""
    check_token(request.form.get("csrf"), viewer().csrf)


def is_https() -> bool:
    return site().config.site.public_url.startswith("https://")


def _refuse_foreign_hosts() -> None:
    """A page asked for under a foreign name may belong to a foreign site that points its name at us."""
    if request.endpoint in _ASKED_BY_ADDRESS:
        return
    if _host_asked_for() not in _trusted_hosts():
        g.is_foreign_host = True
        abort(400)


def _host_asked_for() -> str | None:
    try:
        return urlsplit(f"//{request.host}").hostname
    except ValueError:
        return None


def _trusted_hosts() -> frozenset[str]:
    host = urlsplit(site().config.site.public_url).hostname or "localhost"
    return _LOOPBACK if host in _LOOPBACK or site().demo else frozenset({host})


def _refuse_foreign_origins() -> None:
    """Browsers say where a form comes from; those that do not are left to the token."""
    if request.method not in CHANGING or request.endpoint in NEEDS_NO_FORM:
        return
    fetch_site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if fetch_site is not None:
        if fetch_site != "same-origin":
            raise ForeignForm
    elif origin is not None and urlsplit(origin).netloc != request.host:
        raise ForeignForm


def _add_headers(response: Response) -> Response:
    response.headers.update(HEADERS)
    if is_https():
        response.headers["Strict-Transport-Security"] = _STRICT_TRANSPORT
    response.headers.setdefault("Cache-Control", "no-store")
    return response
