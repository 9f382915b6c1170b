"""Nothing is served without a session, except what is listed here; a new view is closed until it says otherwise."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from governance.services import sign_in
from web.access import Viewer, viewer_of
from web.security import is_https
from web.site import site

OPEN_TO_ALL = frozenset(
    {
        "assets.favicon",
        "assets.static_file",
        "action_links.look",
        "action_links.use",
        "health.alive",
        "health.metrics",
        "health.ready",
        "notifications.receive",
        "preferences.change",
        "preferences.show",
        "preferences.unsubscribe",
        "preferences.unsubscribing",
        "sign_in.confirm",
        "sign_in.needed",
        "sign_in.use",
    }
)

# In the demo everybody who reaches this loopback port is the chair; the token still keeps foreign pages from acting.
_DEMO = Viewer(address="", is_admin=False, csrf=secrets.token_urlsafe(32), is_demo=True)


def require_session(app: Flask) -> None:
    app.before_request(_identify)
    app.context_processor(lambda: {"viewer": g.get("viewer"), "site": site().config.site})


def session_cookie() -> str | None:
    return request.cookies.get(_cookie_name())


def set_session_cookie(response: AnyResponse, token: str) -> None:
    lasts = int(sign_in.SESSION_LIFE.total_seconds())
    response.set_cookie(_cookie_name(), token, max_age=lasts, secure=is_https(), httponly=True, samesite="Lax")


def remove_session_cookie(response: AnyResponse) -> None:
    response.delete_cookie(_cookie_name(), secure=is_https(), httponly=True, samesite="Lax")


def _identify() -> Response | None:
    if site().demo is not None:
        g.viewer = _DEMO
        return None
    if request.endpoint in OPEN_TO_ALL:
        return None
    with site().database.reading() as session:
        found = sign_in.session_of(session, session_cookie(), site().clock())
    if found is None:
        return _sign_in_first()
    g.viewer = viewer_of(found, site().config)
    return None


def _sign_in_first() -> Response:
    """The same answer for every address, whether there is something behind it or not."""
    response = make_response(render_template("sign_in/needed.html"), 401)
    response.headers["HX-Refresh"] = "true"  # a page that follows changes shows this one instead of swapping it in
    return response


def _cookie_name() -> str:
    return "__Host-governance" if is_https() else "governance"
