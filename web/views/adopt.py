"""Adopting a meeting, step by step, for administrators: each step is a page, and what was decided lies in a draft.

    calendar ─► event ─► meeting ─► departments ─► seats ─► consequences ─► the meeting's page with its first plan

Nothing is asked of Google here: steps that need it send an errand and lead on when it is answered. Until the last
button nothing is changed, in the calendar or here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, abort, redirect, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import THE_SITE, Act, may
from governance.domain.errand import ErrandRefused
from governance.domain.first_roster import Decided, FirstRoster, Standing, grouped, slug_of
from governance.services import adopting, sign_in
from governance.services.adoption import DEFAULT_CAP
from governance.services.workers import live_workers
from governance.store import adopting as questions
from governance.store.clock import database_now
from web.acting_for import as_recorded
from web.adopting_steps import At, ElsewhereFirst, at_step, kept, page, to_answer
from web.errors import problem
from web.forms.adopting import Read, read_calendar, read_departments, read_meeting, read_seats
from web.identity import session_cookie
from web.site import site, viewer
from web.wording import adopting as words

blueprint = Blueprint("adopt", __name__, url_prefix="/adopt")


@blueprint.before_request
def _only_administrators() -> None:
    """The same answer as for a page that does not exist."""
    if not may(viewer().actor, Act.ADOPT, THE_SITE):
        abort(404)


@blueprint.errorhandler(ElsewhereFirst)
def _go_there(error: ElsewhereFirst) -> AnyResponse:
    if error.typed:
        with site().database.writing() as session:
            adopting.keep(session, viewer().address, error.typed, now=site().clock())
    return error.to


# --- the calendar


@blueprint.get("")
def calendar() -> Response:
    with site().database.reading() as session:
        present = adopting.adopting_of(session, viewer().address)
        is_heard = bool(live_workers(session, database_now(session)))
    return _calendar(present.content if present else {}, Read(), is_heard=is_heard)


@blueprint.post("")
def find() -> AnyResponse:
    read, now = read_calendar(request.form), site().clock()
    if read.faults:
        with site().database.reading() as session:
            is_heard = bool(live_workers(session, database_now(session)))
        return _calendar(read.decided, read, is_heard=is_heard)
    with site().database.writing() as session:
        asked = read.decided
        sent = adopting.find(
            session, asked["calendar"], asked["subject"], by=viewer().address, actor=as_recorded(), now=now
        )
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("errands.shown", errand=sent.id), 303)


def _calendar(content: Mapping[str, Any], read: Read, *, is_heard: bool) -> Response:
    google = site().config.google
    typed = {"calendar": content.get("calendar") or google.subject or "", "subject": content.get("subject") or ""}
    if read.faults:
        typed = {name: content.get(name) or "" for name in typed}
    return page(
        "adopt/calendar.html", read, typed=typed, google=google, is_heard=is_heard, has_draft="event" in content
    )


# --- the event


@blueprint.get("/event")
def event() -> AnyResponse:
    with site().database.reading() as session:
        present = adopting.adopting_of(session, viewer().address)
        found = present.events if present else None
        if present is None or found is None:
            return to_answer(present, "found")
        governed = questions.governed_events(session, found.google_id)
    return page("adopt/event.html", Read(), found=found, governed=governed, chosen=present.content.get("event"))


@blueprint.post("/event")
def choose() -> AnyResponse:
    """Also asks again for the event that was chosen, where Google's answer was erased."""
    now, wanted = site().clock(), request.form.get("event", "")
    if not wanted:
        return redirect(url_for("adopt.event"), 303)
    with site().database.writing() as session:
        sent = adopting.choose(
            session, wanted, by=viewer().address, actor=as_recorded(), now=now, is_again="again" in request.form
        )
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("errands.shown", errand=sent.id) if sent else url_for("adopt.calendar"), 303)


# --- the meeting


@blueprint.get("/meeting")
def meeting() -> Response:
    with site().database.reading() as session:
        at = at_step(session)
    return _meeting(at, Read())


@blueprint.post("/meeting")
def name() -> AnyResponse:
    with site().database.reading() as session:
        at = at_step(session)
        google_id, event_id = at.looked.google_id, at.guests.event.id
        read = read_meeting(
            request.form, is_taken=lambda slug: questions.slug_is_taken(session, slug, google_id, event_id)
        )
    if read.faults:
        return _meeting(at, read)
    return kept(read, "adopt.departments")


def _meeting(at: At, read: Read) -> Response:
    proposed = {"slug": slug_of(at.guests.event.summary), "chair": at.guests.chair}
    typed = {**proposed, **{one: at.adopting.content[one] for one in proposed if at.adopting.content.get(one)}}
    if read.faults:
        typed = read.decided
    return page("adopt/meeting.html", read, at=at, event=at.guests.event, typed=typed)


# --- departments, and who sits for each


@blueprint.get("/departments")
def departments() -> Response:
    with site().database.reading() as session:
        at = at_step(session, named=True)
    known = {one.address: one.department for one in at.guests.candidates}
    return _departments(at, {**known, **at.adopting.decided.departments}, Read())


@blueprint.post("/departments")
def sort() -> AnyResponse:
    with site().database.reading() as session:
        at = at_step(session, named=True)
    read = read_departments(request.form, at.guests.candidates)
    if read.faults:
        return _departments(at, read.decided["departments"], read)
    return kept(read, "adopt.seats")


def _departments(at: At, typed: Mapping[str, str], read: Read) -> Response:
    by_department: dict[str, list[tuple[int, Any]]] = {}
    for number, one in enumerate(at.guests.candidates):
        if one.may_sit:
            by_department.setdefault(one.department, []).append((number, one))
    groups = sorted(by_department.items(), key=lambda pair: (not pair[0], pair[0].casefold()))
    fixed = [one for one in at.guests.candidates if one.standing in (Standing.ROOM, Standing.GROUP)]
    return page("adopt/departments.html", read, at=at, groups=groups, fixed=fixed, typed=typed)


@blueprint.get("/seats")
def seats() -> Response:
    with site().database.reading() as session:
        at = at_step(session, named=True)
    return _seats(_sorted(at), at.adopting.content, Read())


@blueprint.post("/seats")
def seat() -> AnyResponse:
    with site().database.reading() as session:
        at = _sorted(at_step(session, named=True))
    read = read_seats(request.form, grouped(at.guests.candidates, at.adopting.decided.departments))
    if read.faults:
        return _seats(at, {**at.adopting.content, **read.decided}, read)
    return kept(read, "adopt.consequences")


def _seats(at: At, content: Mapping[str, Any], read: Read) -> Response:
    decided = Decided.from_json(content)
    groups = grouped(at.guests.candidates, at.adopting.decided.departments)
    sponsors = {**at.guests.sponsors, **decided.sponsors}
    scopes = {**{one.key: words.usual_scope(one.department) for one in groups}, **decided.scopes}
    return page(
        "adopt/seats.html", read, at=at, groups=groups, decided=decided, sponsors=sponsors, scopes=scopes,
        cap=content.get("cap") or DEFAULT_CAP,
    )  # fmt: skip


def _sorted(at: At) -> At:
    if not any(at.adopting.decided.departments.values()):
        raise ElsewhereFirst(redirect(url_for("adopt.departments"), 303))
    return at


# --- what follows, and adopting


@blueprint.get("/consequences")
def consequences() -> Response:
    with site().database.reading() as session:
        at = _ready(session)
    return _consequences(at)


@blueprint.post("/consequences")
def adopt() -> AnyResponse:
    now = site().clock()
    with site().database.writing() as session:
        at = _ready(session)
        roster = adopting.roster_of(at.adopting, at.guests)
        if _mark(at, roster) != request.form.get("shown"):
            return _consequences(at, 409)
        wish = adopting.wish(at.adopting, at.looked, roster)
        try:
            sent = adopting.adopt(session, wish, by=viewer().address, actor=as_recorded(), now=now)
        except ErrandRefused as refused:
            return problem(409, refused.remedy, f"{refused.reason[:1].upper()}{refused.reason[1:]}.")
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("errands.shown", errand=sent.id), 303)


def _ready(session: Session) -> At:
    at = _sorted(at_step(session, named=True))
    groups = grouped(at.guests.candidates, at.adopting.decided.departments)
    decided = at.adopting.decided
    is_whole = at.adopting.content.get("cap") and all(decided.delegate_of(one) for one in groups)
    roster = adopting.roster_of(at.adopting, at.guests)
    if not is_whole or roster.held > int(at.adopting.content["cap"]):
        raise ElsewhereFirst(redirect(url_for("adopt.seats"), 303))
    return at


def _consequences(at: At, status: int = 200) -> Response:
    roster = adopting.roster_of(at.adopting, at.guests)
    seated = {seat.delegate.address for seat in roster.seats if seat.delegate}
    waiting = {one.address for seat in roster.seats for one in seat.waiting}
    outsiders = words.outsiders(at.guests.candidates, seated)
    return page(
        "adopt/consequences.html", Read(), status, at=at, roster=roster, mark=_mark(at, roster),
        outside={one.address for one in outsiders}, outsiders=[one for one in outsiders if one.address not in waiting],
        stay=[one for one in at.guests.candidates if one.standing is not Standing.PERSON and one.address not in seated],
    )  # fmt: skip


def _mark(at: At, roster: FirstRoster) -> str:
    """Differs whenever something else would be adopted than what was shown."""
    text = json.dumps(adopting.wish(at.adopting, at.looked, roster), sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


@blueprint.post("/leave")
def leave() -> AnyResponse:
    """Forget all of it, and what Google said."""
    now = site().clock()
    with site().database.writing() as session:
        adopting.leave(session, viewer().address)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("home.home"), 303)
