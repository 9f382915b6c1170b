"""The forms of a decision that have a page of their own: its wording, an option, what was said, an answer."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act
from governance.domain.charter import Way
from governance.domain.decisions.positions import standing
from governance.domain.decisions.values import Answer, Option, Stance, State
from governance.services.decisions import deciding, drafting, options, voicing
from governance.services.decisions.doing import Doing
from governance.services.decisions.page import DecisionPage
from governance.services.decisions.refusals import ChangedSince, DecisionRefused
from web.errors import problem
from web.forms.decision_fields import VOICE, answer_fields, option_fields, terms_fields
from web.forms.fields import Field, Typed, read, untouched
from web.site import site
from web.views.decision_acts import perform, sent_round, steering, steering_once_open, voice_of
from web.views.decisions import own_seat, page_of, shown, wording_of

blueprint = Blueprint("decision_forms", __name__)

_CHANGEABLE = (State.DRAFT, State.OPEN)
_HIDDEN = frozenset({"csrf", "version", "option", "position", "round", "seat"})
"""What forms carry and nobody types."""


@dataclass(frozen=True, slots=True)
class _Form:
    """What one of the forms asks, and what it is about."""

    title: str
    fields: tuple[Field, ...]
    button: str
    soft: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    about: str = ""


@blueprint.get("/m/<slug>/decisions/<ref>/edit")
def wording(slug: str, ref: str) -> Response:
    return _asked(_page(slug, ref), [State.DRAFT], _wording)


@blueprint.post("/m/<slug>/decisions/<ref>/edit")
def reword(slug: str, ref: str) -> AnyResponse:
    def act(doing: Doing, typed: Typed) -> None:
        drafting.reword(doing, _terms(typed), _version())

    return _sent(slug, ref, [State.DRAFT], lambda page: _wording(page, _version()), act)


@blueprint.get("/m/<slug>/decisions/<ref>/option")
def option(slug: str, ref: str) -> Response:
    """A new one, or with `option` one that is there."""
    return _asked(_page(slug, ref), _CHANGEABLE, lambda page: _option(page, request.args.get("option", "")))


@blueprint.post("/m/<slug>/decisions/<ref>/option")
def save_option(slug: str, ref: str) -> AnyResponse:
    given = request.form.get("option", "")

    def act(doing: Doing, typed: Typed) -> None:
        if not steering_once_open(doing):
            abort(404)
        values = {name: typed.values.get(name) or "" for name in ("text", "customer_effect", "cost", "risk")}
        if not given:
            options.add_option(doing, options.OptionWording(**values), seat_id=own_seat(doing.meeting))
        else:
            values["text"] = values["text"] or drafting.NOTHING
            options.change_option(doing, UUID(given), options.OptionWording(**values), _version())

    return _sent(slug, ref, _CHANGEABLE, lambda page: _option(page, given, _version()), act)


@blueprint.get("/m/<slug>/decisions/<ref>/enter")
def said(slug: str, ref: str) -> Response:
    page = _page(slug, ref)
    if not page.may_lead:
        abort(404)
    return _asked(page, [State.OPEN], lambda page: _said(page, request.args.get("seat", "")))


@blueprint.post("/m/<slug>/decisions/<ref>/enter")
def enter(slug: str, ref: str) -> AnyResponse:
    given = request.form.get("seat", "")

    def act(doing: Doing, typed: Typed) -> None:
        text = {name: value or "" for name, value in typed.values.items()}
        voice = voice_of(doing, text["stance"], text)
        voicing.enter(doing, UUID(given), voice, round_=sent_round())

    return _sent(slug, ref, [State.OPEN], lambda page: _said(page, given), act, may=Act.DECIDE)


@blueprint.get("/m/<slug>/decisions/<ref>/answer")
def objection(slug: str, ref: str) -> Response:
    return _asked(_page(slug, ref), deciding.ANSWERABLE, lambda page: _answer(page, request.args.get("position", "")))


@blueprint.post("/m/<slug>/decisions/<ref>/answer")
def answer(slug: str, ref: str) -> AnyResponse:
    given = request.form.get("position", "")

    def act(doing: Doing, typed: Typed) -> None:
        if not steering(doing):
            abort(404)
        values = typed.values
        deciding.answer_objection(
            doing, UUID(given), Answer(values["answer"]), values["words"], proposal=values["proposal"] or ""
        )

    return _sent(slug, ref, deciding.ANSWERABLE, lambda page: _answer(page, given), act)


# --- what each asks


def _wording(page: DecisionPage, version: int | None = None) -> _Form:
    return _Form(
        "Edit the draft", terms_fields(_present(page), page.seats, _currency()), "Save the draft",
        soft="Everybody with a seat may edit a draft. What is asked is fixed once positions are opened.",
        hidden=(("version", str(page.version if version is None else version)),),
    )  # fmt: skip


def _option(page: DecisionPage, given: str, version: int | None = None) -> _Form:
    found = _one_of(page.decision.options, given) if given else None
    fields = option_fields(found)
    seen = version if version is not None else found.version if found else 0
    is_asked = page.state is State.OPEN and found is not None and found.is_proposed
    return _Form(
        ("Do nothing" if found.is_nothing else "Change the option") if found else "Add an option",
        fields, "Save it" if found else "Add it",
        soft="It is proposed: saving another wording asks every seat anew." if is_asked else "",
        hidden=(("option", given), ("version", str(seen))),
    )  # fmt: skip


def _said(page: DecisionPage, given: str) -> _Form:
    elector = next((one for one in page.decision.electors if str(one.seat) == given), None) or abort(404)
    return _Form(
        f"What {elector.department} said", VOICE, "Enter it",
        soft="As it was said in the room. Whoever sits for the seat is told by mail that something was entered, and may"
        " correct it for 24 hours.",
        hidden=(("seat", given), ("round", str(page.decision.round))),
    )  # fmt: skip


def _answer(page: DecisionPage, given: str) -> _Form:
    said_now = standing(page.decision, site().clock()).values()
    found = next((one for one in said_now if str(one.id) == given and one.stance is Stance.OBJECT), None) or abort(404)
    if not page.may_steer:
        abort(404)
    elector, proposed = page.decision.elector(found.seat), page.decision.proposed
    return _Form(
        f"Answer {elector.department if elector else 'the objection'}",
        answer_fields(proposed.text if proposed else ""), "Answer it", hidden=(("position", given),),
        soft=found.removes and f"What would remove it: {found.removes}", about=found.reason,
    )  # fmt: skip


# --- how each is asked and sent


def _page(slug: str, ref: str) -> DecisionPage:
    with site().database.reading() as session:
        page = page_of(session, slug, ref)
    return page if page.may_change else abort(404)


def _asked(page: DecisionPage, states: Collection[State], form_of: Callable[[DecisionPage], _Form]) -> Response:
    if page.state not in states:
        return problem(409, "Look at the decision again", "It is not asked any more: the decision has gone on since.")
    form = form_of(page)
    return _form(page, form, untouched(form.fields, {}))


def _sent(
    slug: str, ref: str, states: Collection[State], form_of: Callable[[DecisionPage], _Form],
    act: Callable[[Doing, Typed], None], *, may: Act = Act.CHANGE,
) -> AnyResponse:  # fmt: skip
    """Nothing typed is lost where it is refused; who comes second sees what the first has saved."""
    page = _page(slug, ref)
    if may is Act.DECIDE and not page.may_lead:
        abort(404)
    if page.state not in states:
        told = "Nothing was saved: the decision has gone on since. Copy from here what should not be lost."
        return problem(409, "Look at the decision again", told, _typed_into(page, form_of))
    form = form_of(page)
    typed = read(form.fields, request.form, _currency())
    if typed.faults:
        return _form(page, form, typed, 422)
    try:
        perform(slug, ref, may, lambda doing: act(doing, typed))
    except ChangedSince:
        again = _page(slug, ref)
        present = form_of(again)
        fresh = replace(present, hidden=tuple(_fresh(again, name, value) for name, value in present.hidden))
        return _form(again, fresh, typed, 409, theirs=_differing(present.fields, typed))
    except DecisionRefused as refusal:
        return _form(page, form, replace(typed, faults={refusal.field or form.fields[0].name: str(refusal)}), 422)
    return redirect(url_for("decisions.one", slug=slug, ref=page.ref), 303)


def _typed_into(page: DecisionPage, form_of: Callable[[DecisionPage], _Form]) -> list[tuple[str, str]]:
    """What the form was about may be gone too; then its fields are not known any more."""
    try:
        fields = form_of(page).fields
    except NotFound:
        return [("Your text", text) for name, text in request.form.items() if name not in _HIDDEN]
    typed = read(fields, request.form, _currency())
    return [(one.label, typed.text.get(one.name, "")) for one in fields if not one.choices]


def _form(
    page: DecisionPage, form: _Form, typed: Typed, status: int = 200, theirs: list[tuple[str, str]] | None = None
) -> Response:
    faults = [(one, typed.faults[one.name]) for one in form.fields if one.name in typed.faults]
    values: dict[str, Any] = {"form": form, "faults": faults, "theirs": theirs}
    return make_response(render_template("decision/form.html", **(shown(page) | values | {"typed": typed})), status)


def _fresh(page: DecisionPage, name: str, value: str) -> tuple[str, str]:
    """What is sent again is based on what is saved by now."""
    if name != "version":
        return name, value
    given = request.form.get("option", "")
    return name, str(_one_of(page.decision.options, given).version if given else page.version)


def _differing(present: Iterable[Field], typed: Typed) -> list[tuple[str, str]]:
    """What is saved by now and is not what was typed."""
    return [(one.label, _said_of(one)) for one in present if one.value != typed.text.get(one.name, "")]


def _said_of(field: Field) -> str:
    return dict(field.choices).get(field.value, field.value) or "Nothing"


def _one_of(some: Iterable[Option], given: str) -> Option:
    return next((one for one in some if str(one.id) == given), None) or abort(404)


def _present(page: DecisionPage) -> drafting.Terms:
    one = page.decision
    return drafting.Terms(
        title=one.title, question=page.question, customer=page.customer, why_few_options=one.why_few_options,
        money_minor=one.money_minor, payer=one.payer, way=one.way,
    )  # fmt: skip


def _terms(typed: Typed) -> drafting.Terms:
    words, values = wording_of(typed), typed.values
    return drafting.Terms(
        title=words.title, question=words.question, customer=words.customer,
        why_few_options=values["why_few_options"] or "", money_minor=values["money"],
        payer=UUID(values["payer"]) if values["payer"] else None, way=Way(values["way"]),
    )  # fmt: skip


def _version() -> int:
    given = request.form.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _currency() -> str:
    return site().config.site.currency
