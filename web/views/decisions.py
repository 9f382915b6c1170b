"""Decisions: beginning one, and the page of one with everything that was said about it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind, Who
from governance.domain.errors import GovernanceError
from governance.models import AgendaItem, Meeting
from governance.services import sign_in
from governance.services.decisions import drafting
from governance.services.decisions.page import DecisionPage, cut, decision_page
from governance.store.agenda import item_of
from web.acting_for import as_recorded, meeting_for
from web.forms.acts import WEB
from web.forms.decision_fields import WORDING
from web.forms.fields import Typed, read, untouched
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("decisions", __name__)


@blueprint.get("/m/<slug>/decisions/new")
def ask(slug: str) -> Response:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.CHANGE, Kind.DECISION)
        item = _item(session, meeting)
        begun = {"title": item.title, "customer": item.customer} if item else {}
        return _form(meeting, untouched(WORDING, {**begun, **request.args}), item=item)


@blueprint.post("/m/<slug>/decisions/new")
def begin(slug: str) -> AnyResponse:
    now, typed = site().clock(), read(WORDING, request.form, site().config.site.currency)
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, Act.CHANGE, Kind.DECISION)
        item = _item(session, meeting)
        if typed.faults:
            return _form(meeting, typed, 422, item)
        row = drafting.begin_draft(
            session, meeting, wording_of(typed), actor=as_recorded(), source=WEB, now=now, seat_id=own_seat(meeting),
            item_id=item.id if item else None,
        )  # fmt: skip
        sign_in.keep_open(session, session_cookie(), now)
        ref = str(row.id)
    return redirect(url_for("decisions.one", slug=slug, ref=ref), 303)


@blueprint.get("/m/<slug>/decisions/<ref>")
def one(slug: str, ref: str) -> AnyResponse:
    """At its number once it has one."""
    with site().database.reading() as session:
        page = page_of(session, slug, ref)
        if page.ref != ref:
            return redirect(url_for("decisions.one", slug=slug, ref=page.ref), 303)
        return make_response(render_template("decision/page.html", **shown(page)))


@blueprint.get("/m/<slug>/decisions/<ref>/screen")
def screen(slug: str, ref: str) -> Response:
    """For everybody in the room to see: what is proposed, and how many say what once it is open."""
    with site().database.reading() as session:
        page = page_of(session, slug, ref)
        if not page.may_lead:
            abort(404)
        return make_response(render_template("decision/screen.html", **shown(page)))


def page_of(session: Session, slug: str, ref: str) -> DecisionPage:
    """The decision as the viewer may see it, or the one answer for those that are not there or not theirs."""
    meeting = meeting_for(session, slug, Act.READ, Kind.DECISION)
    now = site().clock()
    found = decision_page(session, meeting, ref, now)
    return (cut(found, viewer().actor, now) if found else None) or abort(404)


def shown(page: DecisionPage, **more: Any) -> dict[str, Any]:
    """What every page of a decision is made of."""
    return {
        "page": page,
        "now": site().clock(),
        "currency": site().config.site.currency,
        "typed": None,
        "refusal": None,
        **more,
    }


def wording_of(typed: Typed) -> drafting.Wording:
    values = typed.values
    return drafting.Wording(title=values["title"], question=values["question"] or "", customer=values["customer"] or "")


def own_seat(meeting: Meeting) -> UUID | None:
    """The seat that the viewer holds, else the one that they stand in for."""
    mine = [one for one in viewer().actor.held if one.meeting == meeting.id and one.seat is not None]
    of = {one.who: one.seat for one in mine}
    return of.get(Who.DELEGATE) or of.get(Who.STAND_IN)


def refused_on(field: str, error: GovernanceError, typed: Typed) -> Typed:
    return Typed(typed.text, typed.values, {field: str(error)})


def _item(session: Session, meeting: Meeting) -> AgendaItem | None:
    """The item of the agenda that a decision is made of, where the address or the form names one."""
    named = request.values.get("item", "")
    if not named:
        return None
    try:
        return item_of(session, meeting.id, UUID(named)) or abort(404)
    except ValueError:
        abort(404)


def _form(meeting: Meeting, typed: Typed, status: int = 200, item: AgendaItem | None = None) -> Response:
    faults = [(one, typed.faults[one.name]) for one in WORDING if one.name in typed.faults]
    return make_response(
        render_template("decision/new.html", page=meeting, fields=WORDING, typed=typed, faults=faults, item=item),
        status,
    )
