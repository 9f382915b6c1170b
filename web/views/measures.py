"""One value of a success measure: entered, corrected, or taken back, by a small form."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.measures import MeasureLine, fold_measure
from governance.models import Meeting
from governance.services import measures, sign_in
from governance.services.charter_page import MeasuresPage, measures_page
from governance.services.measures import MeasureRefused
from governance.store.meetings import lock_meeting
from web.acting_for import as_recorded, meeting_for
from web.forms.acts import WEB
from web.forms.fields import Field, Typed, read, untouched
from web.forms.fields import Kind as Asked
from web.identity import session_cookie
from web.site import site
from web.wording.numbers import number, quantity
from web.wording.times import short_day

blueprint = Blueprint("measures", __name__)


@blueprint.get("/m/<slug>/charter/value")
def ask(slug: str) -> Response:
    with site().database.reading() as session:
        meeting, page, fields = _met(session, slug)
        typed = untouched(fields, request.args)
        present = _present(session, meeting, read(fields, typed.text, ""))
    if present and not request.args.get("value"):
        typed = replace(typed, text={**typed.text, "value": present})
    return _form(page, fields, typed, present)


@blueprint.post("/m/<slug>/charter/value")
def enter(slug: str) -> AnyResponse:
    """`was` is the value that the form knew for the day: another one is shown first, and then sent over it."""
    is_taken_back = request.form.get("step") == "take-back"
    now, was = site().clock(), request.form.get("was", "")
    with site().database.writing() as session:
        meeting, page, fields = _met(session, slug)
        typed = read([one for one in fields if one.name != "value" or not is_taken_back], request.form, "")
        typed = replace(typed, text={"value": request.form.get("value", ""), **typed.text})
        if typed.faults:
            return _form(page, fields, typed, was, 422)
        lock_meeting(session, meeting)
        present = _present(session, meeting, typed)
        if present != was:
            return _form(page, fields, typed, present, 409)
        try:
            _do(session, meeting, typed, now, is_taken_back=is_taken_back)
        except MeasureRefused as error:
            return _form(page, fields, replace(typed, faults={error.is_about: str(error)}), was, 422)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("charter.shown", slug=slug, _anchor="measures"), 303)


def _do(session: Session, meeting: Meeting, typed: Typed, now: datetime, *, is_taken_back: bool) -> None:
    how: dict[str, Any] = {"actor": as_recorded(), "now": now, "source": WEB}
    named, day = typed.values["measure"], typed.values["day"]
    if is_taken_back:
        measures.take_back_value(session, meeting, named, day, **how)
    else:
        measures.enter_value(session, meeting, named, day, typed.values["value"], **how)


def _met(session: Session, slug: str) -> tuple[Meeting, MeasuresPage, tuple[Field, ...]]:
    meeting = meeting_for(session, slug, Act.CHANGE, Kind.MEASURES)
    page = measures_page(session, meeting, site().clock())
    first = fold_measure(page.measures[0].name) if len(page.measures) == 1 else ""
    return meeting, page, (
        Field(
            "measure", "Which measure", Asked.CHOICE, value=first,
            choices=tuple((fold_measure(one.name), _named(one)) for one in page.measures),
        ),
        Field(
            "day", "On which day", Asked.DAY, value=page.today.isoformat(), earliest=measures.EARLIEST,
            latest=page.today, hint="The day it was measured on, or the last day of the time it is about.",
        ),
        Field("value", "Value", Asked.DECIMAL, hint="The number alone, such as 5 or 5.5."),
    )  # fmt: skip


def _named(line: MeasureLine) -> str:
    return f"{line.name}, in {line.unit}" if line.unit else line.name


def _line(page: MeasuresPage, typed: Typed) -> MeasureLine | None:
    wanted = typed.values.get("measure")
    return next((one for one in page.measures if fold_measure(one.name) == wanted), None)


def _present(session: Session, meeting: Meeting, typed: Typed) -> str:
    """What is known of that measure and day, as the form has it; nothing where nothing is."""
    measure, day = typed.values.get("measure"), typed.day("day")
    value = measures.value_on(session, meeting, measure, day) if measure and day else None
    return number(value).replace(",", "") if value is not None else ""


def _form(page: MeasuresPage, fields: tuple[Field, ...], typed: Typed, present: str, status: int = 200) -> Response:
    meant = read(fields, typed.text, "")
    line, day = _line(page, meant), meant.day("day")
    known = f"{quantity(float(present), line.unit)} on {short_day(day)}" if present and line and day else ""
    values: dict[str, Any] = {
        "page": page,
        "fields": fields,
        "typed": typed,
        "faults": [(one, typed.faults[one.name]) for one in fields if one.name in typed.faults],
        "was": present,
        "known": known,
        "is_other": status == 409,
    }
    return make_response(render_template("charter/value.html", **values), status)
