"""Nothing is served without a session, except what is listed here; a new view is closed until it says otherwise."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import DEMO_VISITOR
from governance.services import sign_in
from governance.store.standing_of_people import standing_of_address
from web import cookies
from web.access import Viewer, viewer_of
from web.site import site

OPEN_TO_ALL = frozenset(
    {
        "action_links.look",
        "action_links.use",
        "assets.favicon",
        "assets.static_file",
        "feeds.calendar",
        "google_sign_in.callback",
        "google_sign_in.start",
        "health.alive",
        "health.metrics",
        "health.ready",
        "notifications.receive",
        "preferences.change",
        "preferences.show",
        "preferences.unsubscribe",
        "preferences.unsubscribing",
        "sign_in.ask",
        "sign_in.confirm",
        "sign_in.needed",
        "sign_in.use",
    }
)

# In the demo everybody who reaches this loopback port is the chair; the token still keeps foreign pages from acting.
_DEMO = Viewer(address="", actor=DEMO_VISITOR, csrf=secrets.token_urlsafe(32), is_demo=True)


def require_session(app: Flask) -> None:
    app.before_request(_identify)
    app.context_processor(
        lambda: {"viewer": g.get("viewer"), "site": site().config.site, "sign_in_ways": site().config.sign_in}
    )


def session_cookie() -> str | None:
    return request.cookies.get(cookies.named("governance"))


def set_session_cookie(response: AnyResponse, token: str) -> None:
    lasts = int(sign_in.SESSION_LIFE.total_seconds())
    cookies.set_cookie(response, cookies.named("governance"), token, samesite="Lax", seconds=lasts)


def remove_session_cookie(response: AnyResponse) -> None:
    cookies.remove_cookie(response, cookies.named("governance"), samesite="Lax")


def _identify() -> Response | None:
    if site().demo is not None:
        g.viewer = _DEMO
        return None
    if request.endpoint in OPEN_TO_ALL:
        return None
    now = site().clock()
    with site().database.reading() as session:
        found = sign_in.session_of(session, session_cookie(), now)
        viewer = viewer_of(found, standing_of_address(session, found.address), site().config, now) if found else None
    if viewer is None:
        return _sign_in_first()
    g.viewer, g.session_ends = viewer, found.ends_at if found else None
    return None


def _sign_in_first() -> Response:
    """The same answer for every address, whether there is something behind it or not."""
    response = make_response(render_template("sign_in/needed.html"), 401)
    response.headers["HX-Refresh"] = "true"  # a page that follows changes shows this one instead of swapping it in
    return response
