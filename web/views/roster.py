"""The roster of a meeting: who sits for whom; what can be done there is `web.views.roster_acts`."""

from __future__ import annotations

from io import StringIO
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.errors import GovernanceError
from governance.domain.ledger import LedgerLine
from governance.domain.roster_file import COLUMNS
from governance.services import ledger, sign_in, undoing
from governance.services.recording import today_of
from governance.services.roster_page import RosterPage, RosterSource, cut_for, done_last, roster_source
from governance.services.roster_table import roster_rows, write_csv
from governance.store.people import sponsors_on
from governance.store.rosters import load_roster
from web.acting_for import as_recorded, by_whom, meeting_for, unchanged_for
from web.errors import problem
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer
from web.unchanged import seen_mark

blueprint = Blueprint("roster", __name__)

_LOOKED_THROUGH = 30
"""How many of the viewer’s own newest acts may be those of the last form."""


@blueprint.get("/m/<slug>/roster")
def shown(slug: str) -> Response:
    now = site().clock()
    with site().database.reading() as session:
        if (same := unchanged_for(session, slug, Act.READ, Kind.ROSTER)) is not None:
            return same
        page = cut_for(site().rosters.page(slug, seen_mark(), now, lambda: _read(session, slug)), viewer().actor)
        may_change = viewer().may(Act.CHANGE, Kind.ROSTER, page.id)
        done = _done_just_now(session, page.id) if may_change else ()
    return make_response(render_template("roster/page.html", **_values(page, done)))


@blueprint.get("/m/<slug>/roster.csv")
def as_file(slug: str) -> Response:
    """The file that an import reads back; marked as UTF-8 for spreadsheets that would not believe it."""
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.EXPORT, Kind.ROSTER)
        today = today_of(meeting, site().clock())
        rows = roster_rows(
            load_roster(session, meeting, on=today), today, sponsors_on(session, today), site().config.site.currency
        )
    text = StringIO()
    write_csv(text, COLUMNS, rows)
    name = f"{slug}-roster-{today.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response("\N{BOM}" + text.getvalue(), mimetype="text/csv", headers=headers)


@blueprint.post("/m/<slug>/roster/undo")
def undo(slug: str) -> AnyResponse:
    """Take back the viewer's own last act; the entry is named by its number, so that no other one is meant."""
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.CHANGE, Kind.ROSTER)
            line, later = undoing.entry_numbered(session, meeting, request.form.get("seq", ""))
            if line is None or (line.actor, line.source) != (as_recorded(), WEB) or line.act in undoing.OF_THE_CHARTER:
                raise undoing.NothingToUndo("this was not done here by you a moment ago")
            undoing.undo(
                session, meeting, line, later, by=by_whom(session, meeting), actor=as_recorded(), now=now, source=WEB
            )
            sign_in.keep_open(session, session_cookie(), now)
    except GovernanceError as error:
        return problem(409, f"{error.remedy}", f"{error.reason[:1].upper()}{error.reason[1:]}. Nothing was undone.")
    return redirect(url_for("roster.shown", slug=slug), 303)


def _read(session: Session, slug: str) -> RosterSource:
    return roster_source(session, slug, viewer().meetings(Act.READ, Kind.ROSTER)) or abort(404)


def _done_just_now(session: Session, meeting_id: UUID) -> tuple[LedgerLine, ...]:
    since = site().clock() - undoing.OFFERED_FOR
    lines = ledger.latest_of(session, meeting_id, as_recorded(), source=WEB, since=since, limit=_LOOKED_THROUGH)
    elsewhere = undoing.OF_THE_CHARTER
    return tuple(one for one in done_last(lines) if not one.act.startswith("plan-") and one.act not in elsewhere)


def _values(page: RosterPage, done: tuple[LedgerLine, ...]) -> dict[str, Any]:
    return {
        "page": page,
        "base": url_for("roster.shown", slug=page.slug),
        "waiting_lists": url_for("waiting.shown", slug=page.slug),
        "now": site().clock(),
        "done": done,
        "can_undo": done[0].position.seq if len(done) == 1 and undoing.is_undoable(done[0]) else None,
        "may_change": viewer().may(Act.CHANGE, Kind.ROSTER, page.id),
        "may_name_chair": viewer().may(Act.CHANGE, Kind.ROLES, page.id),
        "may_export": viewer().may(Act.EXPORT, Kind.ROSTER, page.id),
    }
