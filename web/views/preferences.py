"""What somebody wants to hear: by the link of a mail, or signed in; and leaving a topic by one click (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.days import said_place
from governance.mail.kinds import Topic
from governance.models import Meeting, Person
from governance.services import preferences, sign_in
from governance.services.link_pages.finding import person_of
from governance.services.links import preference_of_token
from governance.services.summaries.choosing import choice_of, choose_hour
from governance.store.people import addresses_of
from governance.store.seats import meetings_to_hear_of
from web.forms.fields import Typed
from web.forms.summary_hour import Wanted, as_chosen, days, faults_of, wanted
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("preferences", __name__)

BY_MAIL, BY_PAGE = "mail", "web"


# --- By the link of a mail


@blueprint.get("/preferences/<token>")
def show(token: str) -> Response:
    with site().database.reading() as session:
        return _shown(session, token)


@blueprint.post("/preferences/<token>")
def change(token: str) -> AnyResponse:
    """Which mails, or when summaries come; without a meeting it is about the summaries of all of them."""
    with site().database.writing() as session:
        whose = _of(session, token, needs_topic=False)
        if request.form.get("act") == "hour":
            chosen, typed = wanted(request.form)
            if chosen is None:
                return _shown(session, token, typed)
            _choose_hour(session, whose.person, chosen, BY_MAIL)
        elif whose.meeting is not None:
            topics = set(request.form.getlist("topic"))
            preferences.choose(session, whose.person, whose.meeting, topics, now=site().clock(), source=BY_MAIL)
        else:
            slugs = set(request.form.getlist("meeting"))
            preferences.choose_summaries(session, whose.person, slugs, now=site().clock(), source=BY_MAIL)
    return redirect(url_for("preferences.show", token=token, saved=1), 303)


@blueprint.get("/unsubscribe/<token>")
def unsubscribing(token: str) -> Response:
    """What a person sees who follows the link by hand; the button sends what a mail program would."""
    with site().database.reading() as session:
        whose = _of(session, token)
        is_muted = _is_muted(session, whose)
        address = addresses_of(session, whose.person.id)[0].folded
    return make_response(
        render_template(
            "preferences/unsubscribe.html", token=token, person=whose.person, address=address, meeting=whose.meeting,
            topic=whose.topic, is_muted=is_muted,
        )
    )  # fmt: skip


@blueprint.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> AnyResponse:
    """Sent by mail programs: no cookie, no session and no form of ours, but a token that does only this."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    with site().database.reading() as session:
        is_muted = _is_muted(session, _of(session, token))
    if not is_muted:
        with site().database.writing() as session:
            whose = _of(session, token)
            for meeting in _meetings(session, whose):
                preferences.mute(session, whose.person, meeting, whose.topic, now=site().clock(), source=BY_MAIL)
    if request.form.get("by") == "page":
        return redirect(url_for("preferences.unsubscribing", token=token), 303)
    return Response(status=200)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Without a meeting it is about all of the person's."""

    person: Person
    meeting: Meeting | None
    topic: str


def _of(session: Session, token: str, *, needs_topic: bool = True) -> _Whose:
    """Whose preferences, of which meeting; one answer for everything that is no such link.

    A mail that cannot be muted leads to the page all the same, with a token of no topic.
    """
    found = preference_of_token(token, site().config.site.secret_key)
    person = session.get(Person, found[0]) if found else None
    if found is None or person is None:
        abort(404)
    _, meeting_id, topic = found
    meeting = session.get(Meeting, meeting_id) if meeting_id else None
    topics = [*Topic] if needs_topic else [*Topic, ""]
    is_known = meeting is not None or (meeting_id is None and topic == Topic.SUMMARIES)
    if not is_known or topic not in topics:
        abort(404)
    return _Whose(person, meeting, topic)


def _meetings(session: Session, whose: _Whose) -> list[Meeting]:
    return [whose.meeting] if whose.meeting is not None else meetings_to_hear_of(session, whose.person.id)


def _is_muted(session: Session, whose: _Whose) -> bool:
    muted = preferences.muted(session, whose.person.id)
    return all((one.id, whose.topic) in muted for one in _meetings(session, whose))


def _shown(session: Session, token: str, typed: Typed | None = None) -> Response:
    whose = _of(session, token, needs_topic=False)
    page = render_template(
        "preferences/one.html", token=token, person=whose.person, meeting=whose.meeting,
        address=addresses_of(session, whose.person.id)[0].folded,
        meetings=[] if whose.meeting is not None else _meetings(session, whose),
        muted=preferences.muted(session, whose.person.id), topics=list(Topic),
        **_about_hour(session, whose.person.id, typed),
    )  # fmt: skip
    return make_response(page, 200 if typed is None else 422)


# --- Signed in


@blueprint.get("/preferences")
def mine() -> Response:
    with site().database.reading() as session:
        return _own(session)


@blueprint.post("/preferences")
def change_mine() -> AnyResponse:
    now = site().clock()
    with site().database.writing() as session:
        person_id = person_of(session, viewer().address)
        person = session.get(Person, person_id) if person_id else None
        mine = {one.slug: one for one in meetings_to_hear_of(session, person_id)} if person_id else {}
        if person is None or not mine:
            abort(404)
        if request.form.get("act") == "hour":
            chosen, typed = wanted(request.form)
            if chosen is None:
                return _own(session, typed)
            _choose_hour(session, person, chosen, BY_PAGE)
        else:
            meeting = mine.get(request.form.get("meeting", "")) or abort(404)
            preferences.choose(session, person, meeting, set(request.form.getlist("topic")), now=now, source=BY_PAGE)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("preferences.mine", saved=1), 303)


def _own(session: Session, typed: Typed | None = None) -> Response:
    person_id = person_of(session, viewer().address)
    page = render_template(
        "preferences/mine.html",
        meetings=meetings_to_hear_of(session, person_id) if person_id else [],
        muted=preferences.muted(session, person_id) if person_id else set(), topics=list(Topic),
        **_about_hour(session, person_id, typed),
    )  # fmt: skip
    return make_response(page, 200 if typed is None else 422)


def _choose_hour(session: Session, person: Person, chosen: Wanted, source: str) -> None:
    choose_hour(session, person, chosen.at, is_together=chosen.is_together, now=site().clock(), source=source)


def _about_hour(session: Session, person_id: UUID | None, typed: Typed | None) -> dict[str, Any]:
    """What the form of the hour shows: what was typed, else what is chosen."""
    shown = typed or as_chosen(choice_of(session, person_id) if person_id else None)
    return {
        "typed": shown,
        "faults": faults_of(shown),
        "days": days(),
        "zone": said_place(site().config.site.time_zone),
        "is_saved": typed is None and request.args.get("saved") == "1",
    }
