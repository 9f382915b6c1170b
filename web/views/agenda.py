"""The agenda of an occurrence: what seats bring to it, its order, and what became of each item."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.agenda import Outcome
from governance.domain.errors import GovernanceError
from governance.models import Meeting
from governance.services import sign_in
from governance.services.agenda import acting
from governance.services.agenda.acting import Fate
from governance.services.agenda.cutting import cut_agenda
from governance.services.agenda.doing import Doing, begin
from governance.services.agenda.reading import agenda_page
from governance.services.agenda.refusals import AgendaRefused, ChangedSince
from governance.services.agenda.values import AgendaLine, AgendaPage
from governance.services.decisions.log import may_read_any
from governance.store.agenda import people_of
from web.acting_for import as_recorded, by_whom, meeting_for
from web.errors import problem
from web.forms.acts import WEB
from web.forms.agenda_form import as_typed, fate_fields, fate_of, item_fields, wording_of
from web.forms.fields import Field, Typed, read, untouched
from web.identity import session_cookie
from web.site import site, viewer
from web.wanted_day import wanted_day
from web.wording.agenda import MOVED, as_text
from web.wording.times import local_day

blueprint = Blueprint("agenda", __name__)


@blueprint.get("/m/<slug>/agenda")
def shown(slug: str) -> Response:
    with site().database.reading() as session:
        _, page = _met(session, slug)
    return make_response(render_template("agenda/page.html", page=page, now=site().clock(), on=_day_of(page)))


@blueprint.get("/m/<slug>/agenda.txt")
def text(slug: str) -> Response:
    """All of it as plain text: to be copied from the window, or saved."""
    with site().database.reading() as session:
        _, page = _met(session, slug)
    return Response(as_text(page), mimetype="text/plain")


@blueprint.get("/m/<slug>/agenda/item")
def asking(slug: str) -> Response:
    """The form of a new item, or of one that is there."""
    with site().database.reading() as session:
        _, page = _met(session, slug, Act.CHANGE)
    line = _line(page, request.args.get("item", "")) if request.args.get("item") else None
    if line is not None and not line.may_change:
        abort(404)
    given: Mapping[str, str] = as_typed(line.item) if line else request.args
    return _item_form(page, line, untouched(item_fields(), given), line.item.version if line else 0)


@blueprint.post("/m/<slug>/agenda/item")
def save(slug: str) -> AnyResponse:
    """Nothing typed is lost where it is refused; where somebody else saved meanwhile, both are shown."""
    fields, item = item_fields(), request.form.get("item", "")
    typed = read(fields, request.form, "")

    def act(doing: Doing) -> None:
        if item:
            acting.change(doing, _id(item), wording_of(typed), version=_version())
        else:
            acting.add(doing, wording_of(typed))

    def again(page: AgendaPage, refusal: AgendaRefused | None) -> Response:
        # Gone from the agenda meanwhile, what was typed stands as a new item.
        line = page.line(_id(item)) if item else None
        status = 409 if isinstance(refusal, ChangedSince) else 422
        shown = _with_fault(typed, refusal)
        return _item_form(page, line, shown, line.item.version if line else 0, refusal, status)

    if typed.faults:
        with site().database.reading() as session:
            _, page = _met(session, slug, Act.CHANGE)
        return again(page, None)
    return _do(slug, Act.CHANGE, act, again)


@blueprint.post("/m/<slug>/agenda/act")
def act(slug: str) -> AnyResponse:
    """The buttons of the list: each says what it does, and for chair or scribe what became of an item in one tap."""
    wanted = request.form.get("act", "")

    def one(doing: Doing) -> None:
        item = _id(request.form.get("item", ""))
        if wanted == "withdraw":
            acting.withdraw(doing, item)
        elif not doing.leads:
            raise AgendaRefused("Ask chair or scribe", "the order and the outcome are theirs to say")
        elif wanted in ("up", "down"):
            acting.shift(doing, item, up=wanted == "up")
        elif wanted in (Outcome.TREATED.value, Outcome.CARRIED.value):
            acting.settle(doing, item, Fate(Outcome(wanted)))
        elif wanted == "take-back":
            acting.take_back(doing, item)
        else:
            raise AgendaRefused("Use the buttons of the agenda", "this one is not known")

    return _do(slug, Act.CHANGE, one)


@blueprint.get("/m/<slug>/agenda/become")
def becoming(slug: str) -> Response:
    with site().database.reading() as session:
        meeting, page = _met(session, slug, Act.DECIDE)
        line = _line(page, request.args.get("item", ""))
        fields = _fates(session, meeting, page, line)
    if not fields[0].choices:
        abort(404)
    return _fate_form(page, line, fields, untouched(fields, request.args))


@blueprint.post("/m/<slug>/agenda/become")
def become(slug: str) -> AnyResponse:
    item = request.form.get("item", "")
    with site().database.reading() as session:
        meeting, page = _met(session, slug, Act.DECIDE)
        line = _line(page, item)
        fields = _fates(session, meeting, page, line)
    typed = read(fields, request.form, "")
    if typed.faults:
        return _fate_form(page, line, fields, typed, 422)

    def one(doing: Doing) -> None:
        if typed.values["outcome"] == MOVED[0]:
            acting.move_to(doing, _id(item), typed.values.get("to") or "")
        else:
            acting.settle(doing, _id(item), fate_of(typed))

    def again(page: AgendaPage, refusal: AgendaRefused | None) -> Response:
        return _fate_form(page, page.line(_id(item)) or line, fields, _with_fault(typed, refusal), 422, refusal)

    return _do(slug, Act.DECIDE, one, again)


def _do(
    slug: str,
    may: Act,
    act: Callable[[Doing], None],
    again: Callable[[AgendaPage, AgendaRefused], Response] | None = None,
) -> AnyResponse:
    """The act, in one transaction, and back to the agenda; where it is refused, the form again or why."""
    now, key = site().clock(), request.form.get("key", "")
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, may, Kind.AGENDA)
            by = by_whom(session, meeting)
            act(begin(session, meeting, key, actor=as_recorded(), who=viewer().actor, source=WEB, now=now, by=by))
            sign_in.keep_open(session, session_cookie(), now)
    except AgendaRefused as refusal:
        if again is None:
            return _refused(refusal)
        with site().database.reading() as session:
            _, page = _met(session, slug, may)
        return again(page, refusal)
    except GovernanceError as refusal:
        return _refused(refusal)
    item = request.form.get("item", "")
    return redirect(url_for("agenda.shown", slug=slug, _anchor=f"item-{item}" if item else None, **_on()), 303)


def _refused(refusal: GovernanceError) -> Response:
    reason = f"{refusal.reason[:1].upper()}{refusal.reason[1:]}. " if refusal.reason else ""
    return problem(409, refusal.remedy, f"{reason}Nothing was recorded.")


def _met(session: Session, slug: str, act: Act = Act.READ) -> tuple[Meeting, AgendaPage]:
    meeting = meeting_for(session, slug, act, Kind.AGENDA)
    page = agenda_page(
        session, meeting, site().clock(), day=_day(), is_whole=act is Act.READ,
        reads_positions=may_read_any(meeting.id, viewer().actor),
    )  # fmt: skip
    return meeting, cut_agenda(page, viewer().actor, site().clock())


def _fates(session: Session, meeting: Meeting, page: AgendaPage, line: AgendaLine) -> tuple[Field, ...]:
    now = site().clock()
    on = local_day(page.start or now, page.time_zone)
    return fate_fields(page, line, people_of(session, meeting.id, on), local_day(now, page.time_zone))


def _item_form(
    page: AgendaPage,
    line: AgendaLine | None,
    typed: Typed,
    version: int,
    refusal: AgendaRefused | None = None,
    status: int = 200,
) -> Response:
    """`saved` is the item as somebody else has left it, beside what was typed."""
    fields = item_fields()
    saved = as_typed(line.item) if line and isinstance(refusal, ChangedSince) else None
    values = {
        **_of_form(page, fields, typed, refusal),
        "line": line,
        "version": version,
        "saved": [(one.label, saved[one.name]) for one in fields] if saved else None,
    }
    return make_response(render_template("agenda/item.html", **values), status)


def _fate_form(
    page: AgendaPage,
    line: AgendaLine,
    fields: tuple[Field, ...],
    typed: Typed,
    status: int = 200,
    refusal: AgendaRefused | None = None,
) -> Response:
    values = {**_of_form(page, fields, typed, refusal), "line": line}
    return make_response(render_template("agenda/become.html", **values), status)


def _of_form(
    page: AgendaPage, fields: tuple[Field, ...], typed: Typed, refusal: AgendaRefused | None
) -> dict[str, Any]:
    return {
        "page": page,
        "fields": fields,
        "typed": typed,
        "faults": [(one, typed.faults[one.name]) for one in fields if one.name in typed.faults],
        "refusal": refusal,
        "on": _day_of(page),
        "now": site().clock(),
    }


def _with_fault(typed: Typed, refusal: AgendaRefused | None) -> Typed:
    """A refusal that is about a field stands beside it."""
    if refusal is None or refusal.field not in typed.text:
        return typed
    return replace(typed, faults={**typed.faults, refusal.field: str(refusal)})


def _line(page: AgendaPage, item: str) -> AgendaLine:
    return page.line(_id(item)) or abort(404)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        abort(404)


def _version() -> int:
    sent = request.form.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else 0


def _day() -> date | None:
    """The day whose agenda is asked for; without one, that of the occurrence that runs or comes next."""
    asked = request.values.get("on", "")
    return wanted_day(asked) if asked else None


def _day_of(page: AgendaPage) -> str:
    """What forms and links of the page are about, even if the next occurrence has become the last one meanwhile."""
    day = local_day(page.start, page.time_zone) if page.start else _day()
    return day.isoformat() if day else ""


def _on() -> dict[str, Any]:
    day = _day()
    return {"on": day.isoformat()} if day else {}
