"""The first page: what needs the viewer now, and their meetings."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.models import Meeting
from governance.services.home import home_page, home_stamp
from web.site import site, viewer
from web.unchanged import answered_unchanged

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> AnyResponse | str:
    """Straight to the one meeting of who has no other, as long as nothing needs them: its page says the same and more.

    Where something needs them, it is said first, even of a single meeting: what a delegate or sponsor has to do is
    nothing that the meeting's page would begin with.
    """
    now = site().clock()
    with site().database.reading() as session:
        if (same := answered_unchanged(home_stamp(session, viewer().actor))) is not None:
            return same
        page = home_page(session, viewer().actor, viewer().address, now)
    if page.only is not None:
        return _to_the_only(page.only)
    if not page.listed and viewer().is_admin:
        return render_template("home/begin.html", google=site().config.google, now=now)
    return render_template("home/page.html", page=page, now=now)


def _to_the_only(meeting: Meeting) -> AnyResponse:
    """A page that asked for its news goes there as a whole, instead of swapping in a part of it."""
    address = url_for("meetings.one", slug=meeting.slug)
    if request.headers.get("HX-Request"):
        return Response(status=204, headers={"HX-Redirect": address})
    return redirect(address, 303)
