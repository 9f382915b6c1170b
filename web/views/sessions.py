"""Where one is signed in: each session can be ended, and all others at once. Everybody sees their own alone."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from governance.services import own_sessions, sign_in
from web.identity import session_cookie
from web.site import site, viewer
from web.views.sign_in import signed_out

blueprint = Blueprint("sessions", __name__)


@blueprint.get("/sessions")
def mine() -> str:
    now = site().clock()
    with site().database.reading() as session:
        lines = own_sessions.sessions_of(session, viewer().address, session_cookie(), now)
    return render_template("sessions.html", lines=lines, now=now, zone=site().config.site.time_zone)


@blueprint.post("/sessions/<uuid:session_id>/end")
def end(session_id: UUID) -> Response:
    now = site().clock()
    try:
        with site().database.writing() as session:
            own_sessions.end_one(session, session_id, viewer().address, now)
            is_still_open = sign_in.session_of(session, session_cookie(), now) is not None
            sign_in.keep_open(session, session_cookie(), now)
    except own_sessions.NoSuchSession:
        abort(404)
    return redirect(url_for("sessions.mine"), 303) if is_still_open or viewer().is_demo else signed_out()


@blueprint.post("/sessions/end-others")
def end_others() -> Response:
    now = site().clock()
    with site().database.writing() as session:
        own_sessions.end_others(session, viewer().address, session_cookie(), now)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("sessions.mine"), 303)
