"""What becomes of a decision until it is closed: commitments, sponsors' words, and the closing itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.decisions.values import Pledge
from governance.domain.errors import GovernanceError
from governance.domain.money import MalformedLimit, to_minor_units
from governance.models import Meeting, Person
from governance.services import sign_in
from governance.services.decisions import closing as closing_acts
from governance.services.decisions import committing, ratifying
from governance.services.decisions.absence import speaks_for
from governance.services.decisions.closing_page import base_of
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.page import DecisionPage, may_chair
from governance.services.decisions.refusals import ChangedSince, DecisionRefused
from governance.services.link_pages.decisions import look_ratify
from governance.services.link_pages.values import About
from governance.services.mailing.desk import Desk
from governance.services.people import person_named
from governance.store.decisions import decision_of
from governance.store.meetings import lock_meeting
from governance.store.ratifications import ratification_of
from web.acting_for import as_recorded, meeting_for
from web.errors import problem
from web.forms.acts import WEB
from web.forms.closing_fields import SOMEBODY_ELSE, checklist_of, closing_fields, faults_of
from web.forms.fields import Field, Typed, read, untouched
from web.identity import session_cookie
from web.site import site, viewer
from web.views.decision_acts import carried_out, perform, sent_id, sent_text
from web.views.decisions import page_of, shown
from web.wording.closing import BEFORE_THE_END, saved

blueprint = Blueprint("closing", __name__)

_PLEDGED = ("seat", "words", "reservation")


@blueprint.post("/m/<slug>/decisions/<ref>/commit")
def commit(slug: str, ref: str) -> AnyResponse:
    """One tap of whoever speaks for the seat, with what they typed beside it."""
    given = {name: sent_text(name) for name in _PLEDGED}

    def act(doing: Doing) -> None:
        seat, person = sent_id("seat"), _person()
        if not speaks_for(doing, seat, person):
            raise DecisionRefused("Ask whoever sits for the seat", "you do not speak for it")
        committing.commit_to(
            doing, seat, _pledge(), person, words=given["words"], reservation=given["reservation"]
        )  # fmt: skip

    return carried_out(slug, ref, Act.ATTEND, act, typed=given, anchor="commitments")


@blueprint.post("/m/<slug>/decisions/<ref>/lead")
def lead(slug: str, ref: str) -> AnyResponse:
    """What whoever leads does with one button."""

    def act(doing: Doing) -> None:
        wanted = request.form.get("act", "")
        if wanted == "no-answer":
            if not may_chair(doing.who, doing.meeting.id):
                abort(404)
            committing.record_no_answer(doing, sent_id("seat"))
        elif wanted == "ask-absent":
            committing.ask_absent(doing)
        elif wanted == "ask-again":
            ratifying.ask_once_more(doing, sent_id("seat"))
        else:
            raise DecisionRefused("Use the buttons of the page", "this one is not known")

    anchor = "ratifications" if request.form.get("act") == "ask-again" else "commitments"
    return carried_out(slug, ref, Act.DECIDE, act, anchor=anchor)


@blueprint.post("/m/<slug>/decisions/<ref>/beyond")
def beyond(slug: str, ref: str) -> AnyResponse:
    """A seat marks its own part, whoever leads any seat's."""
    given = {name: sent_text(name) for name in ("seat", "beyond")}

    def act(doing: Doing) -> None:
        seat = sent_id("seat")
        is_lead = viewer().may(Act.DECIDE, Kind.DECISION, doing.meeting.id)
        if not is_lead and not speaks_for(doing, seat, _person()):
            raise DecisionRefused("Ask whoever sits for the seat", "you do not speak for it")
        ratifying.mark_beyond(doing, seat, given["beyond"])

    return carried_out(slug, ref, Act.CHANGE, act, typed=given, anchor="ratifications")


@blueprint.post("/m/<slug>/decisions/<ref>/money")
def money(slug: str, ref: str) -> AnyResponse:
    given = {name: sent_text(name) for name in ("money", "payer")}

    def act(doing: Doing) -> None:
        try:
            wanted = to_minor_units(given["money"], site().config.site.currency) if given["money"].strip() else None
        except MalformedLimit as error:
            raise DecisionRefused(error.remedy, error.reason, field="money") from error
        ratifying.change_money(doing, wanted, sent_id("payer") if given["payer"] else None)

    return carried_out(slug, ref, Act.DECIDE, act, typed=given, anchor="ratifications")


# --- the sponsor


@blueprint.get("/m/<slug>/decisions/<ref>/sponsor")
def for_sponsor(slug: str, ref: str) -> Response:
    """What the mail that asks them leads to, for a sponsor who is signed in."""
    with site().database.reading() as session:
        meeting, about = _asked_of_sponsor(session, slug, ref)
        return _sponsor(meeting, ref, about)


@blueprint.post("/m/<slug>/decisions/<ref>/sponsor")
def sponsor_says(slug: str, ref: str) -> AnyResponse:
    words, now = sent_text("decline_why"), site().clock()
    wanted = request.form.get("act", "")
    is_ratified = wanted == "ratify"
    try:
        with site().database.writing() as session:
            if wanted not in ("ratify", "decline"):
                raise DecisionRefused("Use one of the two buttons", "nothing was chosen")
            # The meeting before what is asked of it, so that a second answer at the same moment sees the first.
            lock_meeting(session, meeting_for(session, slug, Act.READ, Kind.DECISION))
            meeting, _ = _asked_of_sponsor(session, slug, ref)
            doing = begin(session, meeting, ref, actor=as_recorded(), who=viewer().actor, source=WEB, now=now)
            ratifying.answer(doing, sent_id("seat"), _person(), is_ratified=is_ratified, words=words)
            sign_in.keep_open(session, session_cookie(), now)
            return _sponsor(meeting, ref, None, did="ratified" if is_ratified else "declined")
    except DecisionRefused as refusal:
        with site().database.reading() as session:
            meeting, about = _asked_of_sponsor(session, slug, ref)
            return _sponsor(meeting, ref, about, 409, refusal, words)


def _asked_of_sponsor(session: Session, slug: str, ref: str) -> tuple[Meeting, About]:
    meeting = meeting_for(session, slug, Act.READ, Kind.DECISION)
    row, person = decision_of(session, meeting.id, ref), viewer().actor.person
    known = session.get(Person, person) if person else None
    asked = ratification_of(session, row.id, _seat_asked()) if row else None
    if known is None or asked is None:
        abort(404)
    desk = Desk(session, meeting, site().clock())
    return meeting, look_ratify(desk, known, {"ratification": str(asked.id)}) or abort(404)


def _seat_asked() -> UUID:
    try:
        return UUID(request.values.get("seat", ""))
    except ValueError:
        abort(404)


def _sponsor(
    meeting: Meeting, ref: str, about: About | None, status: int = 200, refusal: DecisionRefused | None = None,
    words: str = "", did: str = "",
) -> Response:  # fmt: skip
    values: dict[str, Any] = {
        "page": meeting, "ref": ref, "about": about, "refusal": refusal, "words": words, "did": did,
        "seat": request.values.get("seat", ""), "currency": site().config.site.currency,
    }  # fmt: skip
    return make_response(render_template("decision/sponsor.html", **values), status)


# --- closing


@blueprint.get("/m/<slug>/decisions/<ref>/close")
def checklist(slug: str, ref: str) -> Response:
    with site().database.reading() as session:
        page = _to_close(session, slug, ref)
        if page.state not in BEFORE_THE_END:
            return _gone_on()
        fields = _fields(page)
    return _form(page, fields, untouched(fields, {}), is_read_back=page.closing.checklist.read_back_at is not None)


@blueprint.post("/m/<slug>/decisions/<ref>/close")
def close(slug: str, ref: str) -> AnyResponse:
    """Closed, or saved for later; refused, the form says why and keeps everything that was typed."""
    now, is_read_back = site().clock(), request.form.get("read_back") == "yes"
    with site().database.reading() as session:
        page = _to_close(session, slug, ref)
    fields = _fields(page)
    typed = read(fields, request.form, site().config.site.currency)
    if page.state not in BEFORE_THE_END:
        return _gone_on((one.label, typed.text.get(one.name, "")) for one in fields if not one.choices)
    is_keeping = request.form.get("step") == "keep"
    faults = (
        _without_blanks(typed, fields) if is_keeping else faults_of(typed, is_read_back=is_read_back, part=page.closing)
    )
    if request.form.get("base") != page.closing.base:
        return _form(page, fields, replace(typed, faults={}), 409, is_read_back=is_read_back, theirs=True)
    if faults:
        return _form(page, fields, replace(typed, faults=faults), 422, is_read_back=is_read_back)
    try:
        perform(
            slug, ref, Act.DECIDE, lambda doing: _close(doing, page, typed, now if is_read_back else None, is_keeping)
        )
    except ChangedSince:
        with site().database.reading() as session:
            page = _to_close(session, slug, ref)
        return _form(page, fields, replace(typed, faults={}), 409, is_read_back=is_read_back, theirs=True)
    except DecisionRefused as refusal:
        told = refusal if page.may_read_positions else closing_acts.told_without(refusal, page.closing.findings)
        return _form(page, fields, typed, 409, is_read_back=is_read_back, refusal=told)
    except GovernanceError as refusal:
        at_fault = replace(typed, faults={"owner_email": str(refusal)})
        return _form(page, fields, at_fault, 422, is_read_back=is_read_back)
    return redirect(url_for("decisions.one", slug=slug, ref=ref, _anchor="closing"), 303)


def _close(doing: Doing, page: DecisionPage, typed: Typed, read_back_at: datetime | None, is_keeping: bool) -> None:
    reads = page.may_read_positions
    if base_of(doing.value, reads_positions=reads) != page.closing.base:
        raise ChangedSince
    wanted = replace(checklist_of(typed, page.closing, _owner(doing, typed)), read_back_at=read_back_at)
    if not reads and wanted.review_on == page.closing.checklist.review_on:
        # Left as offered to somebody who is not to know whether it comes sooner.
        wanted = replace(wanted, review_on=closing_acts.checklist_to_begin_with(doing).review_on)
    if is_keeping:
        closing_acts.keep_checklist(doing, wanted)
        doing.note("decision-checklist-kept", after={"title": doing.row.title})
    else:
        # Whoever leads may close; that seats are closed over is the chair's word.
        closing_acts.close(doing, wanted, _named() if may_chair(doing.who, doing.meeting.id) else ())


def _owner(doing: Doing, typed: Typed) -> UUID | None:
    chosen, address = typed.values.get("owner"), typed.values.get("owner_email")
    if chosen == SOMEBODY_ELSE:
        return person_named(doing.session, address).id if address else None
    return UUID(chosen) if chosen else None


def _named() -> set[UUID]:
    found = set()
    for given in request.form.getlist("named"):
        try:
            found.add(UUID(given))
        except ValueError:
            raise DecisionRefused("Use the form of the page", "a seat that was named is not known") from None
    return found


def _to_close(session: Session, slug: str, ref: str) -> DecisionPage:
    page = page_of(session, slug, ref)
    return page if page.may_lead and page.is_whole else abort(404)


def _fields(page: DecisionPage) -> tuple[Field, ...]:
    return closing_fields(page.closing, page.decision.electors, page.owner)


def _without_blanks(typed: Typed, fields: tuple[Field, ...]) -> dict[str, str]:
    """What is only left out may be filled in later."""
    return {name: fault for name, fault in typed.faults.items() if typed.text.get(name, "").strip()}


def _form(
    page: DecisionPage, fields: tuple[Field, ...], typed: Typed, status: int = 200, *, is_read_back: bool,
    refusal: DecisionRefused | None = None, theirs: bool = False,
) -> Response:  # fmt: skip
    labelled = {one.name: one for one in fields} | {"read_back": Field("read_back", "Read back")}
    values: dict[str, Any] = shown(
        page,
        fields=fields,
        typed=typed,
        faults=[(labelled[name], fault) for name, fault in typed.faults.items() if name in labelled],
        is_read_back=is_read_back,
        named=request.form.getlist("named") if request.method == "POST" else [],
        refusal=refusal,
        theirs=saved(page.decision.checklist, page.owner) if theirs else None,
    )
    return make_response(render_template("decision/close.html", **values), status)


def _gone_on(typed: Iterable[tuple[str, str]] = ()) -> Response:
    told = "It has gone on since: it is closed, withdrawn, or not decided."
    return problem(409, "Look at the decision again", told, typed)


def _pledge() -> Pledge:
    given = request.form.get("pledge", "")
    if given not in {one.value for one in Pledge}:
        raise DecisionRefused("Choose one of the buttons", "nothing was chosen")
    return Pledge(given)


def _person() -> UUID:
    person = viewer().actor.person
    if person is None:
        raise DecisionRefused("Sign in as somebody with a seat", "the chair of the demo has none")
    return person
