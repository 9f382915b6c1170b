"""A meeting goes on in another event of its calendar: find it, look at it, see what follows, one button.

    GET                what it means, and how to find the event
    POST step=find     an errand: which events of the calendar it may go on in       → GET ?find=ERRAND
    POST step=look     an errand: the one that was chosen or named                   → GET ?look=ERRAND
    POST step=do       an errand: go on in exactly what was looked at                → the meeting

Only the meeting's own calendar is read: whoever leads a meeting has no business with anybody else's.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.errand import ErrandKind
from governance.domain.errors import GovernanceError
from governance.models import Meeting
from governance.models.errand import Errand
from governance.services import errands, sign_in
from governance.services.relinking import answered, consequences, looked_event, offered
from web.acting_for import as_recorded, by_whom, meeting_for
from web.errors import problem
from web.forms.fields import Field, Typed, read, untouched
from web.identity import session_cookie
from web.site import judged_site, site

blueprint = Blueprint("relinking", __name__)

_NAMED = Field(
    "event", "Another event of this calendar", longest=1000,
    hint="Its web link from Google Calendar (open the event, copy the address), or its id.",
)  # fmt: skip


@blueprint.get("/m/<slug>/relink")
def ask(slug: str) -> Response:
    if "look" in request.args:
        return _looked(slug, _id(request.args["look"]))
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.RELINK, Kind.MEETING)
        found = None
        if "find" in request.args:
            found = offered(_answered(session, meeting, _id(request.args["find"]), ErrandKind.FIND))
    return _page(meeting, untouched((_NAMED,), {}), found=found)


@blueprint.post("/m/<slug>/relink")
def go_on(slug: str) -> AnyResponse:
    step = request.form.get("step")
    if step == "find":
        return _sent(slug, ErrandKind.FIND, {})
    if step == "do":
        return _do(slug, _id(request.form.get("look", "")))
    typed = read((_NAMED,), request.form, "")
    if typed.faults:
        with site().database.reading() as session:
            meeting = meeting_for(session, slug, Act.RELINK, Kind.MEETING)
        return _page(meeting, typed, status=422)
    return _sent(slug, ErrandKind.LOOK, {"event": typed.values["event"]})


def _do(slug: str, looked: UUID) -> AnyResponse:
    """What was looked at, and nothing else that a form might name; where something else would follow, look again."""
    now = site().clock()
    try:
        with site().database.reading() as session:
            meeting = meeting_for(session, slug, Act.RELINK, Kind.MEETING)
            errand = _answered(session, meeting, looked, ErrandKind.LOOK)
            found = consequences(session, meeting, errand, site=judged_site(), now=now)
            event = looked_event(errand, now).id
    except GovernanceError:
        return _looked(slug, looked, 409)
    if found.mark != request.form.get("shown"):
        return _looked(slug, looked, 409)
    return _sent(slug, ErrandKind.RELINK, {"event": event})


def _sent(slug: str, kind: ErrandKind, asked: dict[str, str]) -> AnyResponse:
    """Write the errand down. The calendar is never asked for: it is the meeting's own."""
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, Act.RELINK, Kind.MEETING)
        if meeting.released_at is not None:
            return problem(409, "Adopt the meeting again first", "It was released: nothing of it is looked after.")
        by = by_whom(session, meeting)
        errand = errands.send(session, kind, asked, by=by, actor=as_recorded(), now=now, meeting=meeting)
        sign_in.keep_open(session, session_cookie(), now)
        errand_id = errand.id
    return redirect(url_for("errands.shown", errand=errand_id), 303)


def _answered(session: Session, meeting: Meeting, errand_id: UUID, kind: ErrandKind) -> Errand:
    return answered(session, meeting, errand_id, kind) or abort(404)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        abort(404)


def _looked(slug: str, looked: UUID, status: int = 200) -> Response:
    found, refused = None, ""
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.RELINK, Kind.MEETING)
        errand = _answered(session, meeting, looked, ErrandKind.LOOK)
        try:
            found = consequences(session, meeting, errand, site=judged_site(), now=site().clock())
        except GovernanceError as error:
            refused = str(error)
    values: dict[str, Any] = {
        "page": meeting,
        "event": looked_event(errand, site().clock()),
        "looked": looked,
        "found": found,
        "refused": refused,
        "is_other": status == 409,
        "now": site().clock(),
    }
    return make_response(render_template("meeting/relink_looked.html", **values), status)


def _page(meeting: Meeting, typed: Typed, *, found: Any = None, status: int = 200) -> Response:
    values: dict[str, Any] = {
        "page": meeting,
        "found": found,
        "field": _NAMED,
        "typed": typed,
        "faults": [(_NAMED, fault) for fault in typed.faults.values()],
        "now": site().clock(),
    }
    return make_response(render_template("meeting/relink.html", **values), status)
