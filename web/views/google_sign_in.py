"""Signing in with Google: off to Google, and back with its word for an address that we know.

The way back is a GET that writes, the only one: the provider's redirect can be nothing else. It writes the session,
and how often it was tried.
"""

from __future__ import annotations

import logging

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.config.model import GoogleSignIn
from governance.domain.errors import GovernanceError
from governance.domain.vouching import vouched_address
from governance.services import sign_in as service
from web import provider, throttling
from web.identity import session_cookie
from web.provider import ForgedState, ProviderRefused, ProviderUnreachable
from web.provider_session import FOLDER
from web.site import site
from web.views.sign_in import agent_in_short, signed_in
from web.wanted_page import own_path, wanted_page

blueprint = Blueprint("google_sign_in", __name__, url_prefix=FOLDER)

_log = logging.getLogger(__name__)
_NEXT = "next"


@blueprint.get("")
def start() -> AnyResponse:
    """Not a form: our policy would not let one be led on to another site."""
    settings, next_page = _settings(), wanted_page()
    try:
        address = provider.way_to_provider(settings, _back_to())
    except ProviderUnreachable as error:
        return _unreachable(error, next_page)
    session[_NEXT] = next_page
    return redirect(address, 303)


@blueprint.get("/callback")
def callback() -> AnyResponse:
    settings = _settings()
    if request.method != "GET":
        abort(405)  # whoever asks for the head alone does not want to sign in
    if not provider.is_under_way():
        return _explained(400, ForgedState(), None)
    next_page = own_path(session.get(_NEXT))
    throttling.count(throttling.RETURNING)
    try:
        claims = provider.claims_of_return(settings)
    except ProviderUnreachable as error:
        return _unreachable(error, next_page)
    except (ForgedState, ProviderRefused) as error:
        _log.warning("a sign-in with Google was refused", extra={"why": getattr(error, "why", "state")})
        return _explained(400, error, next_page)
    finally:
        session.clear()
    address = vouched_address(claims, issuer=settings.issuer, hosted_domain=settings.hosted_domain)
    token = _open_session(address) if address else None
    return signed_in(service.Opening(token, next_page)) if token else _unknown(next_page)


def _open_session(address: str) -> str | None:
    now, admins = site().clock(), site().config.site.admins
    with site().database.writing() as opened:
        if not service.may_sign_in(opened, address, admins, now):
            return None
        return service.open_session(
            opened,
            address,
            is_admin=service.is_administrator(address, admins),
            how="google",
            now=now,
            previous=session_cookie(),
            agent=agent_in_short(),
        )


def _settings() -> GoogleSignIn:
    return site().config.sign_in.google or abort(404)


def _back_to() -> str:
    """By the configuration, never by the Host header; this is what the operator enters at Google."""
    return site().config.site.public_url.rstrip("/") + url_for("google_sign_in.callback")


def _unreachable(error: ProviderUnreachable, next_page: str | None) -> Response:
    _log.warning("Google could not be asked who somebody is", extra={"why": error.why})
    response = _explained(503, error, next_page)
    response.headers["Retry-After"] = "60"
    return response


def _unknown(next_page: str | None) -> Response:
    """The same for an address that nobody here has, one of another domain, and one that Google does not vouch for."""
    title = "Use the account that you are invited with"
    text = "Google let you in, but nobody who has a part in a meeting here is known by the address of that account."
    return _page(403, title, text, next_page)


def _explained(status: int, error: GovernanceError, next_page: str | None) -> Response:
    return _page(status, error.remedy, f"{error.reason[:1].upper()}{error.reason[1:]}; nothing was done.", next_page)


def _page(status: int, title: str, text: str, next_page: str | None) -> Response:
    page = render_template("sign_in/google_refused.html", title=title, text=text, next=next_page)
    return make_response(page, status)
