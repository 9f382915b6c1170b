"""The brief to senior leadership: read by whoever may, changed by the chair before it goes, asked about by a seat."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind, Thing, may, own_seat
from governance.domain.ledger import Confidentiality
from governance.models import Meeting
from governance.services import sign_in
from governance.services.summaries import brief_acts as acting
from governance.services.summaries.brief_acts import BriefChangedSince, BriefRefused, Doing, NotToChange
from governance.services.summaries.brief_page import BriefPage, brief_page
from web.acting_for import as_recorded, meeting_for
from web.errors import problem
from web.forms.acts import WEB
from web.forms.fields import without_control_characters
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("brief", __name__)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the forms of the page where it is not what is saved.

    `needs` is None where the chair's form was not the one that was sent: then `left_out` says nothing either.
    """

    text: str
    needs: str | None = None
    left_out: Collection[str] = ()


@blueprint.get("/m/<slug>/brief")
def shown(slug: str) -> Response:
    """The newest, or with `about` an earlier one."""
    with site().database.reading() as session:
        page = _page(session, slug, without_control_characters(request.args.get("about", "")))
    return _rendered(page)


@blueprint.post("/m/<slug>/brief")
def change(slug: str) -> AnyResponse:
    """The chair's: another text, kept back, let go, a request settled."""
    wanted = request.form.get("act", "")

    def act(doing: Doing) -> None:
        if wanted == "save":
            acting.change(doing, _clean("needs"), _left_out(), _version())
        elif wanted == "hold":
            acting.hold_back(doing)
        elif wanted == "let-go":
            acting.let_go(doing)
        elif wanted == "settle":
            acting.settle(doing, _id("request"))
        else:
            raise BriefRefused("Use the buttons of the page", "this one is not known")

    return _do(slug, Act.CHANGE, act)


@blueprint.post("/m/<slug>/brief/ask")
def ask(slug: str) -> AnyResponse:
    """A seat asks the chair for a change."""

    def act(doing: Doing) -> None:
        acting.ask(doing, _clean("text"), seat=own_seat(viewer().actor, doing.meeting.id))

    return _do(slug, Act.ASK, act)


def _do(slug: str, wanted: Act, act: Callable[[Doing], None]) -> AnyResponse:
    """In one transaction, and back to the page; where it is refused, the page with why and all that was typed."""
    now, about = site().clock(), _clean("about")
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.READ, Kind.BRIEF)
            if not _may(wanted, meeting):
                abort(404)
            person = viewer().actor.person
            act(acting.begin(session, meeting, about, by=person, actor=as_recorded(), source=WEB, now=now))
            sign_in.keep_open(session, session_cookie(), now)
    except NotToChange as refusal:
        said = (("What the group asks of its readers", _clean("needs")), ("What is to be changed", _clean("text")))
        return problem(409, refusal.remedy, f"{refusal.reason.capitalize()}; nothing was done.", said)
    except BriefRefused as refusal:
        return _again(slug, about, refusal)
    return redirect(url_for("brief.shown", slug=slug, about=about), 303)


def _again(slug: str, about: str, refusal: BriefRefused) -> Response:
    typed = _Typed(_clean("text"))
    if "needs" in request.form:
        typed = replace(typed, needs=_clean("needs"), left_out=_left_out())
    with site().database.reading() as session:
        page = _page(session, slug, about)
    return _rendered(page, refusal, typed, 409 if isinstance(refusal, BriefChangedSince) else 422)


def _page(session: Session, slug: str, about: str) -> BriefPage:
    meeting = meeting_for(session, slug, Act.READ, Kind.BRIEF)
    return brief_page(session, meeting, about, viewer().actor, site().clock()) or abort(404)


def _may(wanted: Act, meeting: Meeting) -> bool:
    return may(viewer().actor, wanted, Thing(Kind.BRIEF, meeting.id, Confidentiality.SEATS))


def _rendered(
    page: BriefPage, refusal: BriefRefused | None = None, typed: _Typed | None = None, status: int = 200
) -> Response:
    draft = page.shown.draft if page.shown else None
    needs, left_out = draft.needs if draft else "", list(draft.left_out if draft else ())
    if typed and typed.needs is not None:
        needs, left_out = typed.needs, list(typed.left_out)
    values = {
        "page": page,
        "shown": page.shown,
        "refusal": refusal,
        "needs": needs,
        "left_out": left_out,
        "text": typed.text if typed else "",
        "longest_needs": acting.LONGEST_NEEDS,
        "longest_request": acting.LONGEST_REQUEST,
        "now": site().clock(),
    }
    return make_response(render_template("brief/page.html", **values), status)


def _clean(name: str) -> str:
    return without_control_characters(request.form.get(name, ""))


def _left_out() -> list[str]:
    return [without_control_characters(one) for one in request.form.getlist("left_out")]


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _id(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise BriefRefused("Use the buttons of the page", "something is missing in what was sent") from None
