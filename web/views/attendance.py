"""Who was there: seats by occurrences, what counts, the export, and making up for a missed one."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.errors import GovernanceError
from governance.services import sign_in
from governance.services.attendance import AttendanceRefused, cut_page
from governance.services.attendance.doing import begin
from governance.services.attendance.exporting import COLUMNS, as_document, as_rows
from governance.services.attendance.making_up import make_up
from governance.services.attendance.weeks import attendance_page, every_attendance
from governance.services.roster_table import write_csv
from web.acting_for import as_recorded, meeting_for
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer
from web.views.rooms import own_person, refused, sent_id

blueprint = Blueprint("attendance", __name__)


@blueprint.get("/m/<slug>/attendance")
def shown(slug: str) -> Response:
    with site().database.reading() as session:
        return make_response(render_template("attendance/page.html", **_values(session, slug)))


@blueprint.get("/m/<slug>/attendance.csv")
def as_csv(slug: str) -> Response:
    """All there is, one line a seat and occurrence; marked as UTF-8 for spreadsheets that would not believe it."""
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.EXPORT, Kind.ATTENDANCE)
        rows = as_rows(every_attendance(session, meeting, site().clock()))
    text = StringIO()
    write_csv(text, COLUMNS, rows)
    headers = {"Content-Disposition": f'attachment; filename="{slug}-attendance.csv"'}
    return Response("\N{BOM}" + text.getvalue(), mimetype="text/csv", headers=headers)


@blueprint.get("/m/<slug>/attendance.json")
def as_json(slug: str) -> Response:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.EXPORT, Kind.ATTENDANCE)
        document = as_document(every_attendance(session, meeting, site().clock()))
    headers = {"Content-Disposition": f'attachment; filename="{slug}-attendance.json"'}
    return Response(json.dumps(document, ensure_ascii=False, indent=1), mimetype="application/json", headers=headers)


@blueprint.get("/m/<slug>/attendance/make-up")
def making_up(slug: str) -> Response:
    with site().database.reading() as session:
        meeting_for(session, slug, Act.ATTEND)
        return _form(session, slug, request.args.get("key", ""), {}, None)


@blueprint.post("/m/<slug>/attendance/make-up")
def repair(slug: str) -> AnyResponse:
    now, key = site().clock(), request.form.get("key", "")
    given = {name: request.form.get(name, "") for name in ("read", "commitments", "outcome", "answer", "keep")}
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.ATTEND)
            doing = begin(session, meeting, key, actor=as_recorded(), source=WEB, now=now)
            make_up(
                doing, sent_id("seat"), own_person(), has_read=bool(given["read"]), commitments=given["commitments"],
                outcome=given["outcome"], answer=given["answer"] if given["keep"] else "",
            )  # fmt: skip
            sign_in.keep_open(session, session_cookie(), now)
    except AttendanceRefused as refusal:
        with site().database.reading() as session:
            meeting_for(session, slug, Act.ATTEND)
            return _form(session, slug, key, given, refusal)
    except GovernanceError as refusal:
        return refused(refusal)
    return redirect(url_for("attendance.shown", slug=slug), 303)


def _form(session: Session, slug: str, key: str, given: dict[str, str], refusal: AttendanceRefused | None) -> Response:
    values = _values(session, slug)
    miss = next((one for one in values["page"].misses if one.key == key), None)
    if miss is None and refusal is not None:
        return refused(refusal)
    if miss is None:
        abort(404)
    shown = values | {"miss": miss, "given": given, "refusal": refusal}
    return make_response(render_template("attendance/make_up.html", **shown), 422 if refusal else 200)


def _values(session: Session, slug: str) -> dict[str, Any]:
    meeting = meeting_for(session, slug, Act.READ, Kind.ATTENDANCE)
    now = site().clock()
    page = cut_page(attendance_page(session, meeting, now, viewer=viewer().actor.person), viewer().actor)
    return {"page": page, "now": now}
