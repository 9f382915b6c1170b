"""The demo's side panel: do what people do to an invitation, and watch what becomes of it."""

from __future__ import annotations

from flask import Blueprint, Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.store.meeting_page import meetings_for
from web.site import site

blueprint = Blueprint("acting", __name__)


@blueprint.post("/demo/act")
def act() -> AnyResponse:
    """Perform the act on the sandbox calendar; the page then asks for news by itself, or is loaded anew."""
    demo = site().demo
    if demo is None:
        abort(404)
    act_id, slug = request.form.get("act", ""), request.form.get("slug", "")
    if act_id not in {one.id for one in demo.acts()}:
        abort(400)
    with site().database.reading() as session:
        if not meetings_for(session, "", slug=slug):
            abort(404)
    # Not inside the transaction: the act is a call to the sandbox calendar.
    demo.perform(act_id, slug)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Trigger": "look"})
    return redirect(url_for("meetings.one", slug=slug, _anchor="act"), 303)
