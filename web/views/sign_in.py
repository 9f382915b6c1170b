"""A one-time address shows a page with one button; only pressing it uses the address up."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.services import sign_in as service
from web.identity import remove_session_cookie, session_cookie, set_session_cookie
from web.security import check_form, check_token, is_https
from web.site import site

blueprint = Blueprint("sign_in", __name__)

# There is no session yet to which the form's token could belong, so it belongs to the browser: the cookie and the
# form must agree, else a foreign page could sign somebody in as somebody else.
_MINUTES = 15


@blueprint.get("/sign-in")
def needed() -> str:
    return render_template("sign_in/needed.html")


@blueprint.get("/sign-in/<token>")
def confirm(token: str) -> Response:
    with site().database.reading() as session:
        is_open = service.link_is_open(session, token, site().clock())
    if not is_open:
        return _spent()
    before = secrets.token_urlsafe(32)
    response = make_response(render_template("sign_in/confirm.html", token=token, before=before))
    response.set_cookie(
        _before_name(), before, max_age=_MINUTES * 60, secure=is_https(), httponly=True, samesite="Strict"
    )
    return response


@blueprint.post("/sign-in/<token>")
def use(token: str) -> AnyResponse:
    check_token(request.form.get("csrf"), request.cookies.get(_before_name()) or secrets.token_urlsafe(32))
    try:
        with site().database.writing() as session:
            opened = service.use_link(session, token, now=site().clock(), previous=session_cookie())
    except service.LinkSpent:
        return _spent()
    response = redirect(url_for("home.home"), 303)
    set_session_cookie(response, opened)
    response.delete_cookie(_before_name(), secure=is_https(), httponly=True, samesite="Strict")
    return response


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    check_form()
    with site().database.writing() as session:
        service.end_session(session, session_cookie())
    response = redirect(url_for("sign_in.needed"), 303)
    remove_session_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def _spent() -> Response:
    return make_response(render_template("sign_in/spent.html", minutes=_MINUTES), 410)


def _before_name() -> str:
    return "__Host-sign-in" if is_https() else "sign-in"
