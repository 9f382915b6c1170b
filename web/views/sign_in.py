"""Asking for a one-time address by mail, and using it: its page has one button, and only pressing it uses it up."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.browsers import in_short
from governance.domain.people import MalformedAddress
from governance.services import sign_in as service
from web import throttling
from web.identity import remove_session_cookie, session_cookie, set_session_cookie
from web.site import site
from web.wanted_page import FIRST_PAGE, own_path, wanted_page

blueprint = Blueprint("sign_in", __name__)


@blueprint.get("/sign-in")
def needed() -> str:
    return render_template("sign_in/needed.html", next=own_path(request.args.get("next")))


@blueprint.post("/sign-in")
def ask() -> Response:
    """The answer is the same for an address that we know and for one that we do not."""
    given, next_page = request.form.get("address", ""), wanted_page()
    if not site().config.sign_in.link:
        return make_response(render_template("sign_in/needed.html", next=next_page), 404)
    try:
        with site().database.writing() as session:
            throttling.count_in(session, throttling.ASKING)
            service.mail_link(
                session,
                address=given,
                admins=site().config.site.admins,
                secret_key=site().config.site.secret_key,
                now=site().clock(),
                leads_to=next_page,
            )
    except MalformedAddress as malformed:
        page = render_template("sign_in/needed.html", next=next_page, given=given, complaint=str(malformed))
        return make_response(page, 422)
    return make_response(render_template("sign_in/asked.html", address=given.strip()))


@blueprint.get("/sign-in/<token>")
def confirm(token: str) -> Response:
    with site().database.reading() as session:
        is_open = service.link_is_open(session, token, site().clock())
    return make_response(render_template("sign_in/confirm.html", token=token)) if is_open else _spent()


@blueprint.post("/sign-in/<token>")
def use(token: str) -> AnyResponse:
    throttling.count(throttling.TRYING)
    try:
        with site().database.writing() as session:
            opening = service.use_link(
                session, token, now=site().clock(), previous=session_cookie(), agent=agent_in_short()
            )
    except service.LinkSpent:
        return _spent()
    return signed_in(opening)


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    with site().database.writing() as session:
        service.end_session(session, session_cookie())
    return signed_out()


def signed_in(opening: service.Opening) -> AnyResponse:
    # Asked once more: what was a page of ours when the link was mailed need not be one now.
    response = redirect(own_path(opening.leads_to) or FIRST_PAGE, 303)
    set_session_cookie(response, opening.token)
    return response


def signed_out() -> AnyResponse:
    response = redirect(url_for("sign_in.needed"), 303)
    remove_session_cookie(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def agent_in_short() -> str | None:
    return in_short(request.user_agent.string)


def _spent() -> Response:
    return make_response(render_template("sign_in/spent.html"), 410)
