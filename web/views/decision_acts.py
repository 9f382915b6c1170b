"""Acts on a decision: each in one transaction, and back to its page; refused, the page says why and keeps the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.domain.decisions.values import Stance
from governance.services import sign_in
from governance.services.decisions import deciding, options, rounds, voicing
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.page import may_chair, may_steer
from governance.services.decisions.refusals import DecisionRefused, NoDecision
from governance.services.decisions.rights import reads_positions
from governance.services.decisions.voicing import Voice
from web.acting_for import as_recorded, meeting_for
from web.forms.acts import WEB
from web.forms.fields import without_control_characters
from web.identity import session_cookie
from web.site import site, viewer
from web.views.decisions import page_of, shown

blueprint = Blueprint("decision_acts", __name__)

_VOICE = ("seat", "stance", "interest", "reason", "removes", "hold_until")


@blueprint.post("/m/<slug>/decisions/<ref>/do")
def do(slug: str, ref: str) -> AnyResponse:
    """Whatever a single button does; who may press it stands beside it in `_BUTTONS`."""
    button = _BUTTONS.get(request.form.get("act", ""))

    def act(doing: Doing) -> None:
        if button is None:
            raise DecisionRefused("Use the buttons of the page", "this one is not known")
        if not button.may(doing):
            abort(404)
        button.act(doing)

    return carried_out(slug, ref, Act.CHANGE, act, typed={"why": sent_text("why")})


@blueprint.post("/m/<slug>/decisions/<ref>/position")
def position(slug: str, ref: str) -> AnyResponse:
    """One tap of whoever sits for the seat; what they typed beside it goes along."""
    given = {name: sent_text(name) for name in _VOICE}

    def act(doing: Doing) -> None:
        person = viewer().actor.person
        if person is None:
            raise DecisionRefused("Sign in as somebody with a seat", "the chair of the demo has none")
        voice = voice_of(doing, given["stance"], given)
        voicing.give(doing, sent_id("seat"), person, voice, round_=sent_round())

    return carried_out(slug, ref, Act.ATTEND, act, typed=given, anchor="positions")


def carried_out(
    slug: str,
    ref: str,
    may: Act,
    act: Callable[[Doing], None],
    *,
    typed: dict[str, str] | None = None,
    anchor: str | None = None,
) -> AnyResponse:
    """The act, and the page; refused, the page with the reason, and nothing was recorded."""
    try:
        perform(slug, ref, may, act)
    except DecisionRefused as refusal:
        with site().database.reading() as session:
            page = page_of(session, slug, ref)
            return make_response(
                render_template("decision/page.html", **shown(page, refusal=refusal, typed=typed or {})), 409
            )
    return redirect(url_for("decisions.one", slug=slug, ref=ref, _anchor=anchor), 303)


def perform(slug: str, ref: str, may: Act, act: Callable[[Doing], None]) -> None:
    """In one transaction, by who may do it to decisions of the meeting, or to attend it."""
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, may, Kind.MEETING if may is Act.ATTEND else Kind.DECISION)
        try:
            doing = begin(
                session, meeting, ref, actor=as_recorded(), who=viewer().actor, source=WEB, now=now
            )  # fmt: skip
        except NoDecision:
            abort(404)
        act(doing)
        sign_in.keep_open(session, session_cookie(), now)


def sent_text(name: str) -> str:
    """What was typed, without what no database takes and nobody sees."""
    return without_control_characters(request.form.get(name, ""))


def sent_id(name: str) -> UUID:
    try:
        return UUID(request.form.get(name, ""))
    except ValueError:
        raise DecisionRefused("Use the buttons of the page", "something is missing in what was sent") from None


def sent_round() -> int:
    """The round that the form was made in: an answer to one proposal is none to the next."""
    given = request.form.get("round", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def voice_of(doing: Doing, stance: str, given: dict[str, str]) -> Voice:
    if stance not in {one.value for one in Stance}:
        raise DecisionRefused("Choose one of the buttons", "nothing was chosen")
    until = _moment(given.get("hold_until", ""), doing.meeting.time_zone) if stance == Stance.HOLD else None
    return Voice(
        stance=Stance(stance), reason=given.get("reason", ""), removes=given.get("removes", ""),
        interest=given.get("interest", ""), hold_until=until,
    )  # fmt: skip


def _moment(given: str, zone: str) -> datetime | None:
    """As a browser sends it, in the meeting's zone; None where nothing can be made of it."""
    try:
        return datetime.strptime(given, "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(zone))
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class _Button:
    may: Callable[[Doing], bool]
    act: Callable[[Doing], None]


def steering(doing: Doing) -> bool:
    return may_steer(doing.who, doing.meeting.id, doing.row.seat_id)


def steering_once_open(doing: Doing) -> bool:
    """A draft is everybody's; what is asked belongs to whoever brought it, and to who leads."""
    return doing.row.opened_at is None or steering(doing)


def leading(doing: Doing) -> bool:
    return viewer().may(Act.DECIDE, Kind.DECISION, doing.meeting.id)


def chairing(doing: Doing) -> bool:
    return may_chair(doing.who, doing.meeting.id)


def _open(doing: Doing) -> None:
    """By show of hands where the chair says so."""
    rounds.open_positions(doing, is_show_of_hands=request.form.get("hands") == "yes" and chairing(doing))


def _decide(doing: Doing) -> None:
    """What the positions come to is for who may read them, whether it is decided or refused."""
    if not reads_positions(doing):
        raise DecisionRefused("Ask the chair to decide it", "you do not read what the seats say of it any more")
    deciding.decide(doing)


_BUTTONS = {
    "propose": _Button(steering_once_open, lambda doing: options.propose(doing, sent_id("option"))),
    "remove-option": _Button(steering_once_open, lambda doing: options.remove_option(doing, sent_id("option"))),
    "open": _Button(leading, _open),
    "reveal": _Button(chairing, rounds.reveal),
    "names": _Button(chairing, lambda doing: rounds.show_names(doing, are_shown=True)),
    "counts": _Button(chairing, lambda doing: rounds.show_names(doing, are_shown=False)),
    "silent": _Button(chairing, lambda doing: voicing.note_silence(doing, sent_id("seat"), round_=sent_round())),
    "decide": _Button(leading, _decide),
    "back": _Button(steering, rounds.back_to_draft),
    "withdraw": _Button(steering, lambda doing: rounds.withdraw(doing, sent_text("why"))),
    "take-up": _Button(steering, rounds.take_up),
}
