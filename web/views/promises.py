"""Promises of a meeting: what is open, one with its history and what was asked, and say and do by department."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind, Thing, may, own_seat
from governance.domain.ledger import Confidentiality
from governance.services import sign_in
from governance.services.promises import acting
from governance.services.promises.acting import Doing, PromiseRefused
from governance.services.promises.reading import owners, promise_page, promises_page, say_do_page
from web.acting_for import as_recorded, by_whom, meeting_for
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("promises", __name__)

Again = Callable[[Session, PromiseRefused], str]
"""The page once more, with what was typed and why it was refused."""


@blueprint.get("/m/<slug>/promises")
def shown(slug: str) -> Response:
    with site().database.reading() as session:
        return make_response(_all(session, slug))


@blueprint.post("/m/<slug>/promises")
def add(slug: str) -> AnyResponse:
    """A promise outside any decision: whoever leads for any seat, the others for themselves."""

    def act(doing: Doing) -> None:
        known = owners(doing.session, doing.meeting, doing.now)
        owner = next((one for one in known if str(one.id) == request.form.get("owner")), None)
        if owner is None:
            raise PromiseRefused("Choose who promises it", "a promise has one owner", field="owner")
        if not may(viewer().actor, Act.CHANGE, acting.thing_of(doing.meeting.id, owner.id, owner.seat)):
            raise PromiseRefused("Promise something yourself", "this one would be somebody else’s", field="owner")
        acting.make(doing, request.form.get("text", ""), owner.id, _day("due_on"), seat=owner.seat)

    return _do(slug, Act.READ, act, _all_again(slug), url_for("promises.shown", slug=slug))


@blueprint.get("/m/<slug>/promises/<uuid:action_id>")
def one(slug: str, action_id: UUID) -> Response:
    with site().database.reading() as session:
        return make_response(_one(session, slug, action_id))


@blueprint.post("/m/<slug>/promises/<uuid:action_id>")
def change(slug: str, action_id: UUID) -> AnyResponse:
    """Done, slipped, dropped, taken up again; asked about and answered."""
    form, wanted = request.form, request.form.get("act", "")

    def act(doing: Doing) -> None:
        if wanted == "ask":
            if not viewer().may(Act.ASK, Kind.PROMISE, doing.meeting.id):
                raise PromiseRefused("Speak to the owner", "those with a seat ask about promises")
            seat = own_seat(viewer().actor, doing.meeting.id)
            acting.ask(doing, action_id, form.get("question", ""), seat=seat, person=viewer().actor.person)
            return
        action = acting.find(doing, action_id)
        if wanted == "done":
            acting.done(doing, action, form.get("evidence", ""))
        elif wanted == "slip":
            acting.slip(doing, action, _day("until"), form.get("reason", ""))
        elif wanted == "drop":
            acting.drop(doing, action, form.get("why", ""))
        elif wanted == "reopen":
            acting.reopen(doing, action)
        elif wanted == "answer":
            acting.answer(doing, action, _id("asked"), form.get("answer", ""))
        else:
            raise PromiseRefused("Use the buttons of the page", "this one is not known")

    def again(session: Session, refusal: PromiseRefused) -> str:
        return _one(session, slug, action_id, refusal, form)

    return _do(slug, Act.READ, act, again, url_for("promises.one", slug=slug, action_id=action_id))


@blueprint.get("/m/<slug>/promises/say-do")
def say_do(slug: str) -> Response:
    with site().database.reading() as session:
        return make_response(_say_do(session, slug))


@blueprint.post("/m/<slug>/promises/say-do")
def remark(slug: str) -> AnyResponse:
    """What a department says about its figures, before the chair reads them."""

    def act(doing: Doing) -> None:
        seat = _id("seat")
        thing = Thing(Kind.SAY_DO, doing.meeting.id, Confidentiality.SEATS, seat=seat)
        if not may(viewer().actor, Act.CHANGE, thing):
            raise PromiseRefused("Leave the remark to the department", "it is about its own figures")
        acting.remark(doing, seat, request.form.get("remark", ""))

    def again(session: Session, refusal: PromiseRefused) -> str:
        return _say_do(session, slug, refusal, request.form)

    return _do(slug, Act.READ, act, again, url_for("promises.say_do", slug=slug), Kind.SAY_DO)


def _do(
    slug: str, wanted: Act, act: Callable[[Doing], None], again: Again, leads_to: str, kind: Kind = Kind.PROMISE
) -> AnyResponse:
    """In one transaction, and back to the page; where it is refused, the page with why and all that was typed."""
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, wanted, kind)
            act(
                acting.begin(
                    session, meeting, actor=as_recorded(), by=by_whom(session, meeting), who=viewer().actor,
                    source=WEB, now=now,
                )
            )  # fmt: skip
            sign_in.keep_open(session, session_cookie(), now)
    except acting.NoPromise:
        abort(404)
    except PromiseRefused as refusal:
        with site().database.reading() as session:
            return make_response(again(session, refusal), 422)
    return redirect(leads_to, 303)


def _all_again(slug: str) -> Again:
    return lambda session, refusal: _all(session, slug, refusal, request.form)


def _all(
    session: Session, slug: str, refusal: PromiseRefused | None = None, typed: Mapping[str, str] | None = None
) -> str:
    meeting = meeting_for(session, slug, Act.READ, Kind.PROMISE)
    now = site().clock()
    page = promises_page(session, meeting, viewer().actor, now)
    known = [
        one
        for one in owners(session, meeting, now)
        if may(viewer().actor, Act.CHANGE, acting.thing_of(meeting.id, one.id, one.seat))
    ]
    return _rendered("promises/page.html", page=page, owners=known, refusal=refusal, typed=typed)


def _one(
    session: Session,
    slug: str,
    action_id: UUID,
    refusal: PromiseRefused | None = None,
    typed: Mapping[str, str] | None = None,
) -> str:
    meeting = meeting_for(session, slug, Act.READ, Kind.PROMISE)
    page = promise_page(session, meeting, action_id, viewer().actor, site().clock())
    line = next(iter(page.lines), None) or abort(404)
    return _rendered("promises/one.html", page=page, line=line, refusal=refusal, typed=typed)


def _say_do(
    session: Session, slug: str, refusal: PromiseRefused | None = None, typed: Mapping[str, str] | None = None
) -> str:
    meeting = meeting_for(session, slug, Act.READ, Kind.SAY_DO)
    page = say_do_page(session, meeting, viewer().actor, site().clock())
    return _rendered("promises/say_do.html", page=page, refusal=refusal, typed=typed)


def _rendered(template: str, **values: Any) -> str:
    return render_template(template, **values | {"typed": values["typed"] or {}, "now": site().clock()})


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise PromiseRefused("Enter a day", "a promise has one", field=name) from None


def _id(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise PromiseRefused("Use the buttons of the page", "something is missing in what was sent") from None
