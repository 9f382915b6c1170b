"""An errand to Google on its way: the page waits for the worker, and leads on when there is an answer.

A page never asks Google itself. Whoever wants something of it has an errand written down (`services/errands.py`), and
is sent here; this page follows it by itself, or by a link where there is no script.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.errand import READING, ErrandKind, may_send
from governance.models.errand import Errand
from governance.services.workers import live_workers
from governance.store import errands as store
from governance.store.clock import database_now
from governance.store.standing import meeting_row
from web.site import site, viewer

blueprint = Blueprint("errands", __name__)

SECONDS = 1
"""How often the page asks; a listing takes one or two."""


def _to_the_meeting(errand: Errand) -> str:
    return url_for("meetings.one", slug=(errand.answer_json or {})["slug"])


_LEADS_TO: dict[ErrandKind, Callable[[Errand], str]] = {
    ErrandKind.FIND: lambda _: url_for("adopt.event"),
    ErrandKind.LOOK: lambda _: url_for("adopt.meeting"),
    ErrandKind.ADOPT: _to_the_meeting,
    ErrandKind.RELINK: _to_the_meeting,
    ErrandKind.RELEASE: lambda _: url_for("home.home"),
}
"""Where the answer is shown."""

_BACK_TO = {
    ErrandKind.FIND: "adopt.calendar",
    ErrandKind.LOOK: "adopt.event",
    ErrandKind.ADOPT: "adopt.consequences",
}
"""Where somebody goes on whose errand was refused; of a meeting that there is, at the first page."""


@blueprint.get("/errands/<uuid:errand>")
def shown(errand: UUID) -> AnyResponse:
    with site().database.reading() as session:
        found = _own(session, errand)
        slug = _slug_of(session, found)
        is_heard = bool(live_workers(session, database_now(session)))
    if found.state == "done":
        return redirect(_leads_to(found, slug), 303)
    return make_response(render_template("errands/page.html", **_values(found, is_heard, slug)))


@blueprint.get("/errands/<uuid:errand>/live")
def live(errand: UUID) -> Response:
    """The part that changes; once there is an answer the whole page is asked for anew, which leads to it."""
    with site().database.reading() as session:
        found = _own(session, errand)
        slug = _slug_of(session, found)
        is_heard = bool(live_workers(session, database_now(session)))
    response = make_response(render_template("errands/live.html", **_values(found, is_heard, slug)))
    if found.state != "waiting":
        response.headers["HX-Refresh"] = "true"
    return response


def _slug_of(session: Session, errand: Errand) -> str | None:
    return meeting_row(session, errand.meeting_id).slug if errand.meeting_id is not None else None


def _leads_to(errand: Errand, slug: str | None) -> str:
    kind = ErrandKind(errand.kind)
    if slug is not None and kind in READING:
        return f"{url_for('relinking.ask', slug=slug)}?{kind.value}={errand.id}"
    return _LEADS_TO[kind](errand)


def _back_to(errand: Errand, slug: str | None) -> str:
    """The page that it was sent from."""
    kind = ErrandKind(errand.kind)
    if slug is not None:
        return url_for("releasing.ask" if kind is ErrandKind.RELEASE else "relinking.ask", slug=slug)
    return url_for(_BACK_TO.get(kind, "home.home"))


def _own(session: Session, errand_id: UUID) -> Errand:
    """One's own errand, as long as one may still send it; everything else is absent."""
    errand = store.errand_of(session, errand_id, [kind.value for kind in _LEADS_TO])
    if errand is None or not may_send(viewer().actor, ErrandKind(errand.kind), errand.meeting_id):
        abort(404)
    if errand.meeting_id is None and errand.asked_by != viewer().address:
        abort(404)
    return errand


def _values(errand: Errand, is_heard: bool, slug: str | None) -> dict[str, object]:
    back = _back_to(errand, slug)
    return {"errand": errand, "is_heard": is_heard, "seconds": SECONDS, "back": back, "now": site().clock()}
