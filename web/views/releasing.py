"""A meeting is let go: what goes and what stays is said first, and its name has to be typed; a worker then does it."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.errand import ErrandKind
from governance.models import Meeting
from governance.services import errands, sign_in
from web.acting_for import as_recorded, by_whom, meeting_for
from web.forms.fields import Field, Typed, read, untouched
from web.forms.fields import Kind as Asked
from web.identity import session_cookie
from web.site import site

blueprint = Blueprint("releasing", __name__)


@blueprint.get("/m/<slug>/release")
def ask(slug: str) -> Response:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.RELEASE, Kind.MEETING)
    return _page(meeting, untouched(_fields(meeting), {}))


@blueprint.post("/m/<slug>/release")
def do(slug: str) -> AnyResponse:
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, Act.RELEASE, Kind.MEETING)
        typed = read(_fields(meeting), request.form, "")
        if typed.faults or meeting.released_at is not None:
            return _page(meeting, typed, 422)
        by = by_whom(session, meeting)
        errand = errands.send(session, ErrandKind.RELEASE, {}, by=by, actor=as_recorded(), now=now, meeting=meeting)
        sign_in.keep_open(session, session_cookie(), now)
        errand_id = errand.id
    return redirect(url_for("errands.shown", errand=errand_id), 303)


def _fields(meeting: Meeting) -> tuple[Field, ...]:
    return (Field("typed", f"Type “{meeting.name}” to show that this is meant", Asked.TYPED, expected=meeting.name),)


def _page(meeting: Meeting, typed: Typed, status: int = 200) -> Response:
    fields = _fields(meeting)
    values: dict[str, Any] = {
        "page": meeting,
        "fields": fields,
        "typed": typed,
        "faults": [(one, typed.faults[one.name]) for one in fields if one.name in typed.faults],
        "now": site().clock(),
    }
    return make_response(render_template("meeting/release.html", **values), status)
