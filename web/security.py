"""What holds for every answer and every change: headers, the host asked for, where a form came from."""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from governance.domain.errors import GovernanceError
from web.browser_token import browser_token, browser_token_given
from web.cookies import is_https
from web.site import site

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types governance"
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
# The only exceptions: the sender is a machine that shows a secret of its own in the address or in a header (Google's
# announcements; RFC 8058, one click to leave a list); a browser that was led there has none to show.
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
    app.before_request(_refuse_what_is_no_text)
    app.before_request(_refuse_foreign_hosts)
    app.before_request(_refuse_foreign_origins)
    app.after_request(_add_headers)


def require_token(app: Flask) -> None:
    """Every request that changes something carries the token of its page; views need not think of it.

    Comes after the session was found, because its forms carry the session's token.
    """
    app.before_request(_check_token)
    app.jinja_env.globals["form_token"] = form_token


def form_token() -> str:
    """What the forms of this page carry: the session's token, or the browser's where the page needs no session."""
    return str(g.viewer.csrf) if "viewer" in g else browser_token()


def check_token(given: str | None, expected: str) -> None:
    """Raises `ForeignForm` unless the form carries the token that its page was given."""
    if not given or not hmac.compare_digest(given.encode(), expected.encode()):
        raise ForeignForm


def _check_token() -> None:
    if request.method not in CHANGING or request.endpoint is None or request.endpoint in NEEDS_NO_FORM:
        return
    expected = g.viewer.csrf if "viewer" in g else browser_token_given()
    check_token(request.form.get("csrf"), expected or secrets.token_urlsafe())


def _refuse_what_is_no_text() -> None:
    """No page of ours links to an address with bytes that are no text; what reads its parts could not, either."""
    try:
        request.query_string.decode()
    except UnicodeDecodeError:
        abort(400)


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
    for name, value in headers_of_every_answer(is_on_https=is_https()).items():
        response.headers.setdefault(name, value)  # the frame of a mail has a policy of its own
    response.headers.setdefault("Cache-Control", "no-store")
    return response


def headers_of_every_answer(*, is_on_https: bool) -> dict[str, str]:
    return HEADERS | ({"Strict-Transport-Security": _STRICT_TRANSPORT} if is_on_https else {})
