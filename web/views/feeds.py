"""A person's own calendar feed: read by calendar programs without a session, made and revoked on their own page."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, redirect, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.mail.calendar_feed import calendar_feed
from governance.services import sign_in
from governance.services.feeds import keeping
from governance.services.feeds.entries import entries_of
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer
from web.unchanged import answered_alike

blueprint = Blueprint("feeds", __name__)


@blueprint.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """Whoever has the address reads it; one that is revoked, forged or nobody's gets the answer for no page at all."""
    settings = site().config.site
    with site().database.reading() as session:
        person_id = keeping.person_of_token(session, token, settings.secret_key) or abort(404)
        entries = entries_of(session, person_id, settings.public_url, site().clock())
    response = answered_alike(repr((settings.name, entries)))
    if response is None:
        response = Response(calendar_feed(settings.name, entries), content_type="text/calendar; charset=utf-8")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@blueprint.post("/me/calendar-feed")
def make() -> AnyResponse:
    now, person = site().clock(), _own()
    with site().database.writing() as session:
        keeping.make(session, person, now=now, source=WEB)
        sign_in.keep_open(session, session_cookie(), now)
    return _back()


@blueprint.post("/me/calendar-feed/revoke")
def revoke() -> AnyResponse:
    now, person = site().clock(), _own()
    with site().database.writing() as session:
        keeping.revoke(session, person, now=now, source=WEB)
        sign_in.keep_open(session, session_cookie(), now)
    return _back()


def _own() -> UUID:
    """Who runs the site, or visits the demo, may be nobody of ours, and has nothing to put into a calendar."""
    person = viewer().actor.person or abort(404)
    own = Thing(Kind.PERSON, confidentiality=Confidentiality.PRIVATE, owner=person)
    return person if may(viewer().actor, Act.READ, own) else abort(404)


def _back() -> AnyResponse:
    return redirect(url_for("me.about_me", _anchor="feed"), 303)
