"""What somebody wants to hear: by the link of a mail, or signed in; and leaving a topic by one click (RFC 8058)."""

from __future__ import annotations

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.mail.kinds import Topic
from governance.models import Meeting, Person
from governance.services import preferences, sign_in
from governance.services.link_pages.finding import person_of
from governance.services.links import preference_of_token
from governance.store.people import addresses_of
from governance.store.seats import meetings_to_hear_of
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("preferences", __name__)

BY_MAIL, BY_PAGE = "mail", "web"


# --- By the link of a mail


@blueprint.get("/preferences/<token>")
def show(token: str) -> Response:
    with site().database.reading() as session:
        person, meeting, _ = _of(session, token, needs_topic=False)
        muted = {topic for of, topic in preferences.muted(session, person.id) if of == meeting.id}
        address = addresses_of(session, person.id)[0].folded
    return make_response(
        render_template(
            "preferences/one.html", token=token, person=person, address=address, meeting=meeting, muted=muted,
            topics=list(Topic), is_saved=request.args.get("saved") == "1",
        )
    )  # fmt: skip


@blueprint.post("/preferences/<token>")
def change(token: str) -> AnyResponse:
    with site().database.writing() as session:
        person, meeting, _ = _of(session, token, needs_topic=False)
        wanted = set(request.form.getlist("topic"))
        preferences.choose(session, person, meeting, wanted, now=site().clock(), source=BY_MAIL)
    return redirect(url_for("preferences.show", token=token, saved=1), 303)


@blueprint.get("/unsubscribe/<token>")
def unsubscribing(token: str) -> Response:
    """What a person sees who follows the link by hand; the button sends what a mail program would."""
    with site().database.reading() as session:
        person, meeting, topic = _of(session, token)
        is_muted = (meeting.id, topic) in preferences.muted(session, person.id)
        address = addresses_of(session, person.id)[0].folded
    return make_response(
        render_template(
            "preferences/unsubscribe.html", token=token, person=person, address=address, meeting=meeting,
            topic=topic, is_muted=is_muted,
        )
    )  # fmt: skip


@blueprint.post("/unsubscribe/<token>")
def unsubscribe(token: str) -> AnyResponse:
    """Sent by mail programs: no cookie, no session and no form of ours, but a token that does only this."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        abort(400)
    with site().database.reading() as session:
        person, meeting, topic = _of(session, token)
        is_muted = (meeting.id, topic) in preferences.muted(session, person.id)
    if not is_muted:
        with site().database.writing() as session:
            person, meeting, topic = _of(session, token)
            preferences.mute(session, person, meeting, topic, now=site().clock(), source=BY_MAIL)
    if request.form.get("by") == "page":
        return redirect(url_for("preferences.unsubscribing", token=token), 303)
    return Response(status=200)


def _of(session: Session, token: str, *, needs_topic: bool = True) -> tuple[Person, Meeting, str]:
    """Whose preferences, of which meeting; one answer for everything that is no such link.

    A mail that cannot be muted leads to the page all the same, with a token of no topic.
    """
    found = preference_of_token(token, site().config.site.secret_key)
    person = session.get(Person, found[0]) if found else None
    meeting = session.get(Meeting, found[1]) if found else None
    topics = list(Topic) if needs_topic else [*Topic, ""]
    if found is None or person is None or meeting is None or found[2] not in topics:
        abort(404)
    return person, meeting, found[2]


# --- Signed in


@blueprint.get("/preferences")
def mine() -> str:
    with site().database.reading() as session:
        person_id = person_of(session, viewer().address)
        meetings = meetings_to_hear_of(session, person_id) if person_id else []
        muted = preferences.muted(session, person_id) if person_id else set()
    return render_template(
        "preferences/mine.html", meetings=meetings, muted=muted, topics=list(Topic),
        is_saved=request.args.get("saved") == "1",
    )  # fmt: skip


@blueprint.post("/preferences")
def change_mine() -> AnyResponse:
    now = site().clock()
    with site().database.writing() as session:
        person_id = person_of(session, viewer().address)
        person = session.get(Person, person_id) if person_id else None
        mine = {one.slug: one for one in meetings_to_hear_of(session, person_id)} if person_id else {}
        meeting = mine.get(request.form.get("meeting", ""))
        if person is None or meeting is None:
            abort(404)
        preferences.choose(session, person, meeting, set(request.form.getlist("topic")), now=now, source=BY_PAGE)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("preferences.mine", saved=1), 303)
