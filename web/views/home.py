"""The first page: what needs the viewer now, and their meetings."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.services.home import home_page
from web.site import site, viewer

blueprint = Blueprint("home", __name__)


@blueprint.get("/")
def home() -> AnyResponse | str:
    """Straight to the one meeting of who has no other, as long as nothing needs them: its page says the same and more.

    Where something needs them, it is said first, even of a single meeting: what a delegate or sponsor has to do is
    nothing that the meeting's page would begin with.
    """
    now = site().clock()
    with site().database.reading() as session:
        page = home_page(session, viewer().actor, viewer().address, now)
    if page.only is not None:
        return redirect(url_for("meetings.one", slug=page.only.slug), 303)
    if not page.listed and viewer().is_admin:
        return render_template("home/begin.html", google=site().config.google, now=now)
    return render_template("home/page.html", page=page, now=now)
