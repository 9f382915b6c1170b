"""What each rule does in a meeting, and another mode for one of them: its consequences first, then the change."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.rules import AT_WORK, RULES, Mode
from governance.models import Meeting
from governance.services import rule_pages, sign_in
from web.acting_for import by_whom, meeting_for, unchanged_for
from web.identity import session_cookie
from web.site import judged_site, site, viewer

blueprint = Blueprint("rules", __name__)

WHY_LIMIT = 500
"""Letters of the reason that goes into the ledger."""


@blueprint.get("/m/<slug>/rules")
def all_rules(slug: str) -> Response | str:
    with site().database.reading() as session:
        if (same := unchanged_for(session, slug, Act.READ, Kind.INVITATION)) is not None:
            return same
        meeting = meeting_for(session, slug, Act.READ, Kind.INVITATION)
        page = rule_pages.rules_page(session, meeting, site().clock())
    return render_template("rules/page.html", page=page, now=site().clock(), may_change=_may_change(meeting))


@blueprint.get("/m/<slug>/rules/<code>")
def one_rule(slug: str, code: str) -> AnyResponse | str:
    """What the next look would do if the rule had the mode asked for; nothing is changed by looking."""
    mode = _mode(code, request.args.get("mode"))
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.CHANGE, Kind.RULES)
        if mode is None:
            return redirect(url_for("rules.all_rules", slug=slug, _anchor=code), 303)
        return _rehearsed(session, meeting, code, mode)


@blueprint.post("/m/<slug>/rules/<code>")
def change(slug: str, code: str) -> AnyResponse | str:
    mode = _mode(code, request.form.get("mode"))
    if mode is None:
        abort(400)
    why, now = request.form.get("why", "").strip()[:WHY_LIMIT], site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.CHANGE, Kind.RULES)
            rule_pages.change_mode(
                session,
                meeting,
                code,
                mode,
                was=request.form.get("was", ""),
                checksum=request.form.get("checksum", ""),
                by=by_whom(session, meeting),
                why=why,
                site=judged_site(),
                now=now,
            )
            sign_in.keep_open(session, session_cookie(), now)
    except rule_pages.RehearsedOtherwise:
        with site().database.reading() as session:
            meeting = meeting_for(session, slug, Act.CHANGE, Kind.RULES)
            return make_response(_rehearsed(session, meeting, code, mode, is_stale=True, why=why), 409)
    return redirect(url_for("rules.all_rules", slug=slug, _anchor=code), 303)


def _rehearsed(
    session: Session, meeting: Meeting, code: str, mode: Mode, *, is_stale: bool = False, why: str = ""
) -> str:
    now = site().clock()
    shown: dict[str, Any] = {
        "meeting": meeting,
        "found": rule_pages.rehearse(session, meeting, code, mode, site=judged_site(), now=now),
        "was": request.form.get("was", "") if is_stale else None,
        "why": why,
        "why_limit": WHY_LIMIT,
        "now": now,
    }
    return render_template("rules/rehearsal.html", **shown)


def _mode(code: str, given: str | None) -> Mode | None:
    """None for no mode at all; there is no page for what is no rule at work or no mode."""
    if code not in RULES or code[0] not in AT_WORK or given not in {None, *(one.value for one in Mode)}:
        abort(404)
    return None if given is None else Mode(given)


def _may_change(meeting: Meeting) -> bool:
    return viewer().may(Act.CHANGE, Kind.RULES, meeting.id)
