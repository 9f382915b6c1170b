"""A meeting rests: what that means and what waits meanwhile is said first, then one button; the same to go on."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.services import settings, sign_in
from governance.services.pausing import rest_page
from governance.services.recording import today_of
from web.acting_for import as_recorded, by_whom, meeting_for
from web.forms.acts import LONGEST_PLAN, WEB
from web.forms.fields import Field, Typed, read, untouched
from web.forms.fields import Kind as Asked
from web.identity import session_cookie
from web.site import judged_site, site

blueprint = Blueprint("pausing", __name__)


@blueprint.get("/m/<slug>/pause")
def ask(slug: str) -> Response:
    return _page(slug, None)


@blueprint.post("/m/<slug>/pause")
def do(slug: str) -> AnyResponse:
    """`step` says which of the two; to pause once more changes until when."""
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, Act.PAUSE, Kind.INVITATION)
        if request.form.get("step") == "resume":
            settings.resume(session, meeting, actor=as_recorded(), now=now, source=WEB)
        else:
            typed = read(_fields(today_of(meeting, now)), request.form, "")
            if typed.faults:
                return _page(slug, typed, 422)
            settings.pause(
                session, meeting, by=by_whom(session, meeting), actor=as_recorded(), now=now,
                last_day=typed.day("until"), source=WEB,
            )  # fmt: skip
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("meetings.one", slug=slug), 303)


def _fields(today: date) -> tuple[Field, ...]:
    return (
        Field(
            "until", "Until", Asked.DAY, is_required=False, earliest=today, latest=today + LONGEST_PLAN,
            hint="That day included. Blank is until somebody resumes it.",
        ),
    )  # fmt: skip


def _page(slug: str, typed: Typed | None, status: int = 200) -> Response:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.PAUSE, Kind.INVITATION)
        page = rest_page(session, meeting, site=judged_site(), now=site().clock())
    fields = _fields(page.today)
    shown = typed or untouched(fields, {})
    values: dict[str, Any] = {
        "page": page,
        "fields": fields,
        "typed": shown,
        "faults": [(one, shown.faults[one.name]) for one in fields if one.name in shown.faults],
    }
    return make_response(render_template("meeting/pause.html", **values), status)
