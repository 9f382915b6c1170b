"""The charter of a meeting: the version in force, what it measures, and every version there was."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.errors import GovernanceError
from governance.domain.ledger import LedgerLine
from governance.models import Meeting
from governance.services import ledger, sign_in, undoing
from governance.services.charter_page import charter_page, version_page
from governance.services.roster_page import done_last
from web.acting_for import as_recorded, by_whom, meeting_for
from web.charts import chart_of
from web.errors import problem
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("charter", __name__)

MOST_VERSIONS = 10**9
"""A larger number is none that a database would even look for."""
_LOOKED_THROUGH = 30
"""How many of the viewer’s own newest acts may be those of the last form."""


@blueprint.get("/m/<slug>/charter")
def shown(slug: str) -> str:
    now = site().clock()
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.READ, Kind.CHARTER)
        page = charter_page(session, meeting, now)
        may_measure = viewer().may(Act.CHANGE, Kind.MEASURES, meeting.id)
        done = _done_just_now(session, meeting) if may_measure else ()
    return render_template(
        "charter/page.html",
        page=page,
        now=now,
        charts=[(line, chart_of(line)) for line in page.measures],
        done=done,
        may_change=viewer().may(Act.CHANGE, Kind.CHARTER, page.id),
        may_measure=may_measure,
    )


@blueprint.get("/m/<slug>/charter/versions/<int:number>")
def version(slug: str, number: int) -> str:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.READ, Kind.CHARTER)
        page = (version_page(session, meeting, number) if number < MOST_VERSIONS else None) or abort(404)
    may_change = viewer().may(Act.CHANGE, Kind.CHARTER, page.id)
    return render_template("charter/version.html", page=page, now=site().clock(), may_change=may_change)


@blueprint.post("/m/<slug>/charter/undo")
def undo(slug: str) -> AnyResponse:
    """Take back the viewer's own last act; the entry is named by its number, so that no other one is meant."""
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.CHANGE, Kind.MEASURES)
            line, later = undoing.entry_numbered(session, meeting, request.form.get("seq", ""))
            if line is None or not _is_own(line, meeting):
                raise undoing.NothingToUndo("this was not done here by you a moment ago")
            undoing.undo(
                session, meeting, line, later, by=by_whom(session, meeting), actor=as_recorded(), now=now, source=WEB
            )
            sign_in.keep_open(session, session_cookie(), now)
    except GovernanceError as error:
        return problem(409, error.remedy, f"{error.reason[:1].upper()}{error.reason[1:]}. Nothing was undone.")
    return redirect(url_for("charter.shown", slug=slug), 303)


def _done_just_now(session: Session, meeting: Meeting) -> tuple[LedgerLine, ...]:
    since = site().clock() - undoing.OFFERED_FOR
    lines = ledger.latest_of(session, meeting.id, as_recorded(), source=WEB, since=since, limit=_LOOKED_THROUGH)
    return tuple(one for one in done_last(lines) if _is_own(one, meeting))


def _is_own(line: LedgerLine, meeting: Meeting) -> bool:
    """An act of the viewer's on a page, which they may do now as well."""
    kind = Kind.CHARTER if line.act == "charter-set" else Kind.MEASURES
    is_of_charter = line.act in undoing.OF_THE_CHARTER
    return is_of_charter and (line.actor, line.source) == (as_recorded(), WEB) and viewer().may(
        Act.CHANGE, kind, meeting.id
    )  # fmt: skip
