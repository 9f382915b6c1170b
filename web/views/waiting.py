"""The waiting lists of a meeting: who waits for which seat, and everything that one can do about it.

Each act is asked for on a page that says what follows, and done by its one button. Whoever may not do it finds no page.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind, Who
from governance.domain.errors import GovernanceError
from governance.domain.ledger import LedgerLine
from governance.models import DelegateNote, Meeting
from governance.services import applications, ledger, sign_in, undoing
from governance.services.roster_page import done_last
from governance.services.waiting_page import WaitingPage, cut_for, waiting_page
from governance.store.meetings import lock_meeting
from web.acting_for import as_recorded, meeting_for
from web.forms.acts import WEB
from web.forms.fields import Typed, read, untouched
from web.forms.waiting_acts import WAITING_ACTS, AskedWaiting, DoingWaiting, WaitingAct
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("waiting", __name__)

_LOOKED_THROUGH = 10


@blueprint.get("/m/<slug>/waiting")
def shown(slug: str) -> Response:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.KNOW_OF)
        page = _page(session, meeting)
        done = _done_just_now(session, meeting)
    values = {
        "page": page,
        "base": url_for("waiting.shown", slug=slug),
        "offering": url_for("roster_acts.ask", slug=slug, act="offer"),
        "may_open": viewer().may(Act.OPEN, Kind.MEETING, page.id),
        "reader": viewer().actor.person,
        "now": site().clock(),
        "done": done,
    }
    return make_response(render_template("waiting/page.html", **values))


@blueprint.post("/m/<slug>/waiting/read")
def mark_read(slug: str) -> AnyResponse:
    """A note that the delegate has read."""
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, Act.KNOW_OF)
        wanted = _id(request.form.get("note", ""))
        if not any(one.id == wanted for one in _page(session, meeting).notes):
            abort(404)
        applications.read_note(session, session.get_one(DelegateNote, wanted), now)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("waiting.shown", slug=slug, _anchor="notes"), 303)


@blueprint.get("/m/<slug>/waiting/<act>")
def ask(slug: str, act: str) -> Response:
    found = WAITING_ACTS.get(act) or abort(404)
    with site().database.reading() as session:
        asked = _asked(session, meeting_for(session, slug, Act.KNOW_OF), found, request.args)
    return _form(found, asked, untouched(found.fields, request.args))


@blueprint.post("/m/<slug>/waiting/<act>")
def go_on(slug: str, act: str) -> AnyResponse:
    found, now = WAITING_ACTS.get(act) or abort(404), site().clock()
    with site().database.reading() as session:
        asked = _asked(session, meeting_for(session, slug, Act.KNOW_OF), found, request.form)
    typed = read(found.fields, request.form, site().config.site.currency)
    if typed.faults:
        return _form(found, asked, typed, 422)
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.KNOW_OF)
            lock_meeting(session, meeting)
            # Judged again under the lock: somebody else may have done something since the page was made.
            asked = _asked(session, meeting, found, request.form)
            found.do(DoingWaiting(session, meeting, asked, as_recorded(), now), typed)
            sign_in.keep_open(session, session_cookie(), now)
    except GovernanceError as error:
        return _form(found, asked, typed, 409, trouble=str(error))
    return redirect(url_for("waiting.shown", slug=slug), 303)


def _page(session: Session, meeting: Meeting) -> WaitingPage:
    actor = viewer().actor
    mine = [
        one.seat for one in actor.held if one.who is Who.DELEGATE and one.meeting == meeting.id and one.seat is not None
    ]
    return cut_for(waiting_page(session, meeting, site().clock(), reader=actor.person, noted_seats=mine), actor)


def _asked(session: Session, meeting: Meeting, act: WaitingAct, given: Mapping[str, str]) -> AskedWaiting:
    """What is asked about; absent where the reader may not do it, or where it has become meaningless."""
    page = _page(session, meeting)
    seat = page.seat(_id(given.get("seat", ""))) or abort(404)
    wanted = given.get("application")
    place = seat.place(_id(wanted)) if wanted else None
    asked = AskedWaiting(page, seat, place, viewer().actor.person)
    return asked if act.is_allowed(asked) else abort(404)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        abort(404)


def _done_just_now(session: Session, meeting: Meeting) -> tuple[LedgerLine, ...]:
    """What the reader did here themselves; nobody is shown what others did."""
    since = site().clock() - undoing.OFFERED_FOR
    lines = ledger.latest_of(session, meeting.id, as_recorded(), source=WEB, since=since, limit=_LOOKED_THROUGH)
    return tuple(one for one in done_last(lines) if one.act in _OWN_ACTS)


_OWN_ACTS = frozenset({
    "seat-asked-for", "application-endorsed", "application-declined", "application-withdrawn", "seat-offered",
    "offer-accepted", "offer-declined", "offer-withdrawn", "note-left",
})  # fmt: skip


def _form(
    act: WaitingAct, asked: AskedWaiting, typed: Typed, status: int = 200, *, trouble: str | None = None
) -> Response:
    values: dict[str, Any] = {
        "act": act,
        "asked": asked,
        "page": asked.page,
        "typed": typed,
        "faults": [(one, typed.faults[one.name]) for one in act.fields if one.name in typed.faults],
        "trouble": trouble,
    }
    return make_response(render_template("waiting/act.html", **values), status)
