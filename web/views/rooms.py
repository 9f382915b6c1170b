"""The room of today's occurrence: one tap for who sits, one list for who leads, and the question of the week.

What names the occurrence in a form is its original start, so that a page from last week marks nobody of today.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.attendance import MarkKind
from governance.domain.errors import GovernanceError
from governance.services import sign_in
from governance.services.attendance import AttendanceRefused, Room, asking, cut_room, marking
from governance.services.attendance.doing import Doing, begin
from governance.services.attendance.reading import room as read_room
from governance.services.meeting_page import page_stamp
from governance.store.questions import own_turn
from web.acting_for import as_recorded, meeting_for
from web.errors import problem
from web.forms.acts import WEB
from web.identity import session_cookie
from web.qr import qr_svg
from web.site import site, viewer
from web.unchanged import etag_of
from web.wanted_day import wanted_day

blueprint = Blueprint("rooms", __name__)

SECONDS = 5
"""How often the room asks whether somebody came."""

_MARKS = {kind.value: kind for kind in (MarkKind.ARRIVED, MarkKind.LEFT, MarkKind.APOLOGY, MarkKind.ABSENT)}


@blueprint.get("/m/<slug>/room")
def room(slug: str) -> Response:
    with site().database.reading() as session:
        return make_response(render_template("room/page.html", **_shown(session, slug)))


@blueprint.get("/m/<slug>/room/live")
def live(slug: str) -> Response:
    """The changing part alone; 304 and one cheap statement while nothing changed."""
    template = "room/on_screen.html" if request.args.get("screen") else "room/live.html"
    with site().database.reading() as session:
        etag = _etag(session, slug)
        if request.if_none_match.contains(etag):
            response = Response(status=304)
        else:
            response = make_response(render_template(template, **_shown(session, slug, etag)))
    response.set_etag(etag)
    return response


@blueprint.get("/m/<slug>/room/screen")
def screen(slug: str) -> Response:
    """For everybody in the room to see: how to check in, and the question."""
    with site().database.reading() as session:
        meeting_for(session, slug, Act.CHANGE, Kind.ATTENDANCE)
        return make_response(render_template("room/screen.html", **_shown(session, slug)))


@blueprint.post("/m/<slug>/room/here")
def here(slug: str) -> AnyResponse:
    """The delegate's one tap, or that they cannot come."""

    def act(doing: Doing) -> None:
        person = own_person()
        if request.form.get("act") == "apology":
            marking.apologise(doing, person)
        else:
            marking.check_in(doing, person)

    return _do(slug, Act.ATTEND, Kind.MEETING, act)


@blueprint.post("/m/<slug>/room/mark")
def mark(slug: str) -> AnyResponse:
    def act(doing: Doing) -> None:
        wanted = request.form.get("act", "")
        if wanted == "rest-absent":
            marking.mark_rest_absent(doing)
        elif wanted in ("called-off", "took-place"):
            marking.call_off(doing, took_place=wanted == "took-place")
        elif wanted in _MARKS:
            marking.mark(doing, sent_id("seat"), _MARKS[wanted])
        else:
            raise AttendanceRefused("Use the buttons of the room", "this one is not known")

    return _do(slug, Act.CHANGE, Kind.ATTENDANCE, act)


@blueprint.get("/m/<slug>/room/correct")
def correcting(slug: str) -> Response:
    with site().database.reading() as session:
        meeting_for(session, slug, Act.CHANGE, Kind.ATTENDANCE)
        return _correcting(session, slug, {}, None)


@blueprint.post("/m/<slug>/room/correct")
def correct(slug: str) -> AnyResponse:
    """Nothing typed is lost where it is refused."""
    given = {name: request.form.get(name, "") for name in ("seat", "kind", "at", "who", "reason")}

    def act(doing: Doing) -> None:
        if given["kind"] not in {one.value for one in MarkKind}:
            raise AttendanceRefused("Choose what it was", "nothing was chosen")
        who = sent_id("who") if given["who"] else None
        marking.correct(
            doing, sent_id("seat"), MarkKind(given["kind"]), _moment(doing, given["at"]), given["reason"], person_id=who
        )

    def again(session: Session, refusal: AttendanceRefused) -> AnyResponse:
        return _correcting(session, slug, given, refusal)

    return _do(slug, Act.CHANGE, Kind.ATTENDANCE, act, again)


@blueprint.post("/m/<slug>/room/question")
def question(slug: str) -> AnyResponse:
    """Choose it, take it on, or say how a turn ended; who does not lead may end their own alone."""

    def act(doing: Doing) -> None:
        wanted = request.form.get("act", "")
        is_lead = viewer().may(Act.CHANGE, Kind.ATTENDANCE, doing.meeting.id)
        if wanted == "choose" and is_lead:
            asking.question_for(doing)
        elif wanted == "volunteer":
            asking.volunteer(doing, own_person())
        else:
            asking.settle(doing, sent_id("turn"), wanted, only_of=None if is_lead else own_person())

    return _do(slug, Act.CHANGE, Kind.QUESTIONS, act)


@blueprint.post("/m/<slug>/room/answer")
def answer(slug: str) -> AnyResponse:
    """Kept because the person says so, or deleted because they say so."""
    now, text = site().clock(), request.form.get("text", "")
    is_deleting = request.form.get("act") == "delete"
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.ATTEND)
            turn = own_turn(session, meeting.id, sent_id("turn"), own_person())
            if turn is None:
                raise AttendanceRefused("Open the room again", "this turn is over or was taken back")
            if is_deleting:
                asking.delete_answer(session, meeting, turn, actor=as_recorded(), now=now)
            else:
                asking.keep_answer(session, meeting, turn, text, actor=as_recorded(), now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except AttendanceRefused as refusal:
        with site().database.reading() as session:
            shown = _shown(session, slug) | {"refusal": refusal, "typed": text}
            return make_response(render_template("room/page.html", **shown), 409)
    leads_to = "questions.bank" if request.form.get("from") == "questions" else "rooms.room"
    return redirect(url_for(leads_to, slug=slug, **_on()), 303)


def _do(
    slug: str,
    may: Act,
    kind: Kind,
    act: Callable[[Doing], None],
    again: Callable[[Session, AttendanceRefused], AnyResponse] | None = None,
) -> AnyResponse:
    """The act, in one transaction, and back to the room; where it is refused, why."""
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, may, kind)
            key = request.form.get("key", "")
            act(begin(session, meeting, key, actor=as_recorded(), source=WEB, now=now))
            sign_in.keep_open(session, session_cookie(), now)
    except AttendanceRefused as refusal:
        if again is not None:
            with site().database.reading() as session:
                meeting_for(session, slug, may, kind)
                answered = again(session, refusal)
                answered.status_code = 409
                return answered
        return refused(refusal)
    except GovernanceError as refusal:
        return refused(refusal)
    return redirect(url_for("rooms.room", slug=slug, **_on()), 303)


def refused(refusal: GovernanceError) -> Response:
    return problem(409, f"{refusal.remedy}", f"{refusal.reason[:1].upper()}{refusal.reason[1:]}. Nothing was recorded.")


def _shown(session: Session, slug: str, etag: str | None = None) -> dict[str, Any]:
    meeting = meeting_for(session, slug, Act.READ, Kind.ATTENDANCE)
    now, person = site().clock(), viewer().actor.person
    page = cut_room(read_room(session, meeting, now, day=_day(), viewer=person), viewer().actor)
    own = page.own_turn if page.may_attend else None
    return {
        "page": page,
        "now": now,
        "etag": etag or _etag(session, slug),
        "seconds": SECONDS,
        "on": request.args.get("on", ""),
        "kept_answer": own.answer if own else "",
        "typed": None,
        "refusal": None,
        "address": f"{site().config.site.public_url.rstrip('/')}/m/{slug}/room",
        "qr": qr_svg,
    }


def _correcting(session: Session, slug: str, given: dict[str, str], refusal: AttendanceRefused | None) -> Response:
    shown = _shown(session, slug)
    page: Room = shown["page"]
    wanted = given.get("seat") or request.args.get("seat", "")
    seat = next((one for one in page.seats if str(one.id) == wanted), None) or abort(404)
    return make_response(
        render_template("room/correct.html", **shown | {"seat": seat, "given": given, "refusal": refusal})
    )


def _etag(session: Session, slug: str) -> str:
    """Of the room and its live part alike; it differs each minute, because the doors open and close by the clock."""
    stamp = page_stamp(session, slug, viewer().meetings(Act.READ, Kind.ATTENDANCE)) or abort(404)
    return etag_of(stamp, of="room|" + request.query_string.decode(errors="replace"))


def _day() -> date | None:
    """The day whose room is asked for; without one, today's. To show another than was meant is worse than none."""
    asked = request.values.get("on", "")
    return wanted_day(asked) if asked else None


def _on() -> dict[str, Any]:
    day = _day()
    return {"on": day.isoformat()} if day else {}


def own_person() -> UUID:
    """Whoever acts for themselves; the visitor of the demo is nobody in particular."""
    person = viewer().actor.person
    if person is None:
        raise AttendanceRefused("Sign in as somebody with a seat", "the chair of the demo has none")
    return person


def sent_id(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise AttendanceRefused("Use the buttons of the room", "something is missing in what was sent") from None


def _moment(doing: Doing, clock: str) -> datetime:
    """A time of the day of the occurrence, in the meeting's zone; none where none is asked."""
    if not clock:
        return doing.occurrence.start
    zone = ZoneInfo(doing.meeting.time_zone)
    try:
        at = datetime.strptime(clock, "%H:%M").time()  # noqa: DTZ007 – a time of the day alone
    except ValueError:
        raise AttendanceRefused("Enter a time such as 10:04", f"“{clock[:20]}” is none") from None
    return datetime.combine(doing.occurrence.start.astimezone(zone).date(), at, zone)
