"""The minutes of an occurrence: on a page that prints, as a PDF, and the chair's approval."""

from __future__ import annotations

from dataclasses import replace

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.models import Person
from governance.services import sign_in
from governance.services.minutes.approving import NotToApprove, approve
from governance.services.minutes.reading import Minutes, may_approve, minutes_of
from web.acting_for import as_recorded, meeting_for
from web.errors import problem
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer
from web.wanted_day import wanted_day

blueprint = Blueprint("minutes", __name__)


@blueprint.get("/m/<slug>/minutes/<day>")
def shown(slug: str, day: str) -> Response:
    with site().database.reading() as session:
        page = _met(session, slug, day)
    return make_response(render_template("minutes/page.html", page=page))


@blueprint.get("/m/<slug>/minutes/<day>.pdf")
def as_pdf(slug: str, day: str) -> Response:
    """What makes a PDF is loaded only where one is asked for."""
    from web.printing import minutes as printing

    with site().database.reading() as session:
        page = _met(session, slug, day)
    found = printing.as_pdf(page, site_name=site().config.site.name)
    name = f"{slug}-minutes-{page.day.isoformat()}{'-draft' if page.is_draft else ''}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(found, mimetype="application/pdf", headers=headers)


@blueprint.post("/m/<slug>/minutes/<day>")
def approving(slug: str, day: str) -> AnyResponse:
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.DECIDE, Kind.MINUTES)
            approve(session, meeting, wanted_day(day), by=_by(session), actor=as_recorded(), source=WEB, now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except NotToApprove as refusal:
        return problem(409, refusal.remedy, f"{refusal.reason[:1].upper()}{refusal.reason[1:]}. Nothing was recorded.")
    return redirect(url_for("minutes.shown", slug=slug, day=day), 303)


def _met(session: Session, slug: str, day: str) -> Minutes:
    meeting = meeting_for(session, slug, Act.READ, Kind.MINUTES)
    found = minutes_of(session, meeting, wanted_day(day), site().clock()) or abort(404)
    return replace(found, may_approve=may_approve(viewer().actor, meeting.id))


def _by(session: Session) -> str:
    """As people are shown."""
    person = session.get(Person, viewer().actor.person) if viewer().actor.person else None
    return person.name if person and person.name else "the chair"
