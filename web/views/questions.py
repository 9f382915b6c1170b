"""The bank of questions: members add, the chair vetoes; and the answers that were kept, for those with a seat."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.errors import GovernanceError
from governance.domain.questions import LONGEST_QUESTION, QuestionRefused
from governance.services import sign_in
from governance.services.attendance.questions import bank_page, suggest, veto
from web.acting_for import as_recorded, meeting_for
from web.errors import problem
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("questions", __name__)


@blueprint.get("/m/<slug>/questions")
def bank(slug: str) -> Response:
    with site().database.reading() as session:
        return make_response(render_template("questions/page.html", **_shown(session, slug)))


@blueprint.post("/m/<slug>/questions")
def add(slug: str) -> AnyResponse:
    now, text, tag = site().clock(), request.form.get("text", ""), request.form.get("tag", "")
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.CHANGE, Kind.QUESTIONS)
            suggest(session, meeting, text, tag, actor=as_recorded(), now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except QuestionRefused as refusal:
        with site().database.reading() as session:
            shown = _shown(session, slug) | {"refusal": refusal, "typed": {"text": text, "tag": tag}}
            return make_response(render_template("questions/page.html", **shown), 422)
    return redirect(url_for("questions.bank", slug=slug, _anchor="bank"), 303)


@blueprint.post("/m/<slug>/questions/veto")
def decide(slug: str) -> AnyResponse:
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.DECIDE, Kind.QUESTIONS)
            wanted = request.form.get("act") != "allow"
            veto(session, meeting, request.form.get("question", ""), wanted=wanted, actor=as_recorded(), now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except GovernanceError as refusal:
        return problem(409, refusal.remedy, f"{refusal.reason[:1].upper()}{refusal.reason[1:]}. Nothing was changed.")
    return redirect(url_for("questions.bank", slug=slug, _anchor="bank"), 303)


def _shown(session: Session, slug: str) -> dict[str, Any]:
    meeting = meeting_for(session, slug, Act.READ, Kind.QUESTIONS)
    return {
        "page": bank_page(session, meeting, viewer().actor),
        "now": site().clock(),
        "refusal": None,
        "typed": {},
        "longest": LONGEST_QUESTION,
    }
