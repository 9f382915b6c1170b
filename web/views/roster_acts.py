"""An act on the roster, in three steps that each are a page: what is asked, what would follow, and done.

    GET   the form
    POST  step=look   what was typed → try the act, show what follows, roll it back
    POST  step=edit   back to the form with everything typed
    POST  step=do     the act again; kept only if what follows is exactly what was shown

Looking is a POST because the rehearsal writes, though nothing of it stays; a GET never does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.database import ChangedMeanwhile
from governance.domain.access import Act
from governance.domain.errors import GovernanceError
from governance.domain.ledger import LedgerLine
from governance.domain.roster_file import RosterFileRefused
from governance.models import Meeting
from governance.models.seat import Seat
from governance.services import ledger
from governance.services.rehearsal import Consequences, Rehearsal, rehearse
from governance.services.roster_page import RosterPage, RosterSeat, roster_page
from governance.services.waiting_page import waiting_of_seat
from governance.store.meetings import lock_meeting
from governance.store.seats import seat_by_id
from web.acting_for import as_recorded, by_whom, meeting_for
from web.errors import problem
from web.forms.acts import Asked, Doing, RosterAct
from web.forms.every_act import EVERY_ACT
from web.forms.fields import Field, Kind, Typed, read, untouched
from web.forms.file_acts import FILE, TEXT
from web.forms.trying import carry_out, what_follows
from web.site import judged_site, site, viewer

blueprint = Blueprint("roster_acts", __name__)

_LOOKED_THROUGH = 30
SHOWN_FAULTS = 200


@dataclass(frozen=True, slots=True)
class _Met:
    """The request, understood: which act, on which seat, and what the page knew when the form was made."""

    slug: str
    act: RosterAct
    asked: Asked
    version: str
    """What the form was made from, as its page said it; the present one on a new form."""

    @property
    def fields(self) -> tuple[Field, ...]:
        return self.act.fields(self.asked)

    @property
    def seat(self) -> RosterSeat | None:
        return self.asked.seat


class _SeatChanged(Exception):
    """Somebody else changed the seat since the form was made."""


@blueprint.get("/m/<slug>/roster/<act>")
def ask(slug: str, act: str) -> Response:
    met = _met(slug, act, request.args)
    return _form(met, untouched(met.fields, request.args))


@blueprint.post("/m/<slug>/roster/<act>")
def go_on(slug: str, act: str) -> AnyResponse:
    met = _met(slug, act, request.form)
    step = request.form.get("step", "look")
    asked_now = met.fields if step == "do" else tuple(one for one in met.fields if one.kind is not Kind.TYPED)
    typed = read(asked_now, _given(), met.asked.currency)
    if step == "edit":
        return _form(met, replace(typed, faults={}))
    if met.version != _version(met.seat):
        return _changed_meanwhile(met, typed)
    if any(name for name in typed.faults if _kind_of(met, name) is not Kind.TYPED):
        return _form(met, typed, 422)
    try:
        return _do(met, typed) if step == "do" and not typed.faults else _look(met, typed)
    except (_SeatChanged, ChangedMeanwhile):
        return _changed_meanwhile(_met(slug, act, request.form), typed)
    except RosterFileRefused as error:
        many = "one fault" if len(error.faults) == 1 else f"{len(error.faults):,} faults"
        told = f"Correct {many} of the file, listed below; nothing was changed"
        return _form(met, replace(typed, faults={TEXT: told}), 422, cells=error.faults[:SHOWN_FAULTS])
    except GovernanceError as error:
        return _form(met, _refused(met, typed, error), 422)


def _look(met: _Met, typed: Typed) -> Response:
    """What would follow; nothing of it stays."""
    found = what_follows(lambda session: _try(session, met, typed))
    return _consequences(met, typed, found, 422 if typed.faults else 200)


def _do(met: _Met, typed: Typed) -> AnyResponse:
    other = carry_out(lambda session: _try(session, met, typed))
    if other is not None:
        return _consequences(met, typed, other, 409)
    return redirect(url_for(met.act.back, slug=met.slug), 303)


def _try(session: Session, met: _Met, typed: Typed) -> tuple[Meeting, Rehearsal]:
    meeting = meeting_for(session, met.slug, Act.CHANGE, met.act.thing)
    lock_meeting(session, meeting)
    seat = _seat_row(session, meeting, met)
    now = site().clock()
    doing = Doing(
        session, meeting, seat, met.asked.department, by_whom(session, meeting), as_recorded(), now, met.asked.currency
    )  # fmt: skip
    begins = met.act.begins(met.asked) if met.act.begins else typed.values.get(met.act.starts)
    takes_effect = _instant(begins, meeting)
    leads_to = met.act.leads_to
    if leads_to is None:
        return meeting, rehearse(
            session, meeting, lambda: met.act.do(doing, typed), site=judged_site(), now=now, takes_effect=takes_effect
        )
    with session.begin_nested() as tried:
        found = rehearse(
            session, meeting, lambda: leads_to(doing, typed), site=judged_site(), now=now, takes_effect=takes_effect
        )
        tried.rollback()
    # What it leads to is for somebody else to bring about, so nothing of that is approved now.
    return meeting, Rehearsal(met.act.do(doing, typed), replace(found.consequences, to_approve=()))


def _seat_row(session: Session, meeting: Meeting, met: _Met) -> Seat | None:
    if met.seat is None:
        return None
    row = seat_by_id(session, meeting.id, met.seat.line.id)
    if row is None or row.closed_on is not None or str(row.version) != met.version:
        raise _SeatChanged
    return row


def _instant(starts: date | None, meeting: Meeting) -> datetime | None:
    """The middle of the day, so that no change of the clocks moves it to another."""
    return datetime.combine(starts, time(12), ZoneInfo(meeting.time_zone)) if starts else None


# --- what the request is about


def _met(slug: str, code: str, given: Mapping[str, str]) -> _Met:
    act = EVERY_ACT.get(code) or abort(404)
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.CHANGE, act.thing)
        page = roster_page(session, meeting, site().clock())
        seat = _seat_asked_for(session, page, given) if act.of_seat else None
        waits = waiting_of_seat(session, meeting, seat.line.id, site().clock()) if seat and act.of_waiting else ()
    asked = Asked(page, seat, site().config.site.currency, waits)
    return _Met(slug, act, asked, given.get("version") or _version(seat))


def _seat_asked_for(session: Session, page: RosterPage, given: Mapping[str, str]) -> RosterSeat:
    seat_id = _id(given.get("seat", ""))
    seat = page.seat(seat_id)
    if seat is None and seat_by_id(session, page.id, seat_id) is not None:
        text = "The department has given its seat up since this page was made; nothing was done."
        abort(problem(409, "Go back to the roster and look at it again", text))
    return seat or abort(404)


def _id(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        abort(404)


def _version(seat: RosterSeat | None) -> str:
    return str(seat.version) if seat else "0"


def _given() -> dict[str, str]:
    """The fields; a file that was chosen stands for the text of it."""
    given = request.form.to_dict()
    chosen = request.files.get(FILE)
    if chosen is not None and chosen.filename:
        # Bytes that are no text are carried along: whoever reads the file says which byte it is, and in which row.
        given[TEXT] = chosen.stream.read().decode("utf-8-sig", "surrogateescape")
    return given


def _kind_of(met: _Met, name: str) -> Kind:
    return next(one.kind for one in met.fields if one.name == name)


def _refused(met: _Met, typed: Typed, error: GovernanceError) -> Typed:
    return replace(typed, faults={met.act.at_fault(error, typed): str(error)})


# --- the pages


def _form(met: _Met, typed: Typed, status: int = 200, **more: Any) -> Response:
    fields = tuple(one for one in met.fields if one.kind is not Kind.TYPED)
    values = {
        "act": met.act,
        "asked": met.asked,
        "page": met.asked.page,
        "fields": fields,
        "typed": typed,
        "faults": [(one, typed.faults[one.name]) for one in fields if one.name in typed.faults],
        "version": met.version,
        "now": site().clock(),
        "theirs": None,
        "cells": (),
        **more,
    }
    return make_response(render_template("roster/form.html", **values), status)


def _changed_meanwhile(met: _Met, typed: Typed) -> Response:
    """Both texts: what is recorded by now, and what was typed; sending it again is based on what is shown."""
    with site().database.reading() as session:
        lines = ledger.latest(session, met.asked.page.id, _LOOKED_THROUGH)
    theirs = [one for one in lines if _is_about(one, met.asked.department)][:3]
    present = replace(met, version=_version(met.seat))
    return _form(present, replace(typed, faults={}), 409, theirs=theirs)


def _is_about(line: LedgerLine, department: str) -> bool:
    said = (line.before, line.after)
    return any(isinstance(one, Mapping) and one.get("department") == department for one in said)


def _consequences(met: _Met, typed: Typed, found: Rehearsal, status: int) -> Response:
    consequences: Consequences = found.consequences
    values = {
        "act": met.act,
        "asked": met.asked,
        "page": met.asked.page,
        "typed": typed,
        "grave": next((one for one in met.fields if one.kind is Kind.TYPED), None),
        "version": met.version,
        "done": found.done,
        "found": consequences,
        "is_other": status == 409,
        "viewer": viewer(),
    }
    return make_response(render_template("roster/consequences.html", **values), status)
