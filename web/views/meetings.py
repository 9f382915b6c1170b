"""The list of meetings, and the page of one: its roster, its invitation, and what waits for the chair."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Response, abort, g, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind
from governance.models import Meeting
from governance.services import approvals, sign_in, troubles
from governance.services.attendance.reading import is_open
from governance.services.meeting_page import MeetingPage, cut_for, meeting_page, page_stamp
from web.acting_for import by_whom, meeting_for, unchanged_for
from web.charts import chart_of
from web.fingerprints import fingerprint, fingerprints, new_first
from web.identity import session_cookie
from web.site import site, viewer
from web.unchanged import etag_of
from web.wording import changes

blueprint = Blueprint("meetings", __name__)

DEMO_SECONDS, USUAL_SECONDS = 2, 15
"""How often the page asks whether there is news."""


@dataclass(frozen=True, slots=True)
class Stale:
    """What a decision ran into: others than the changes that were shown now wait."""

    text: str
    seen: frozenset[str]


@blueprint.get("/m/<slug>")
def one(slug: str) -> Response:
    return _unless_unchanged(slug, "meeting/page.html")


@blueprint.get("/m/<slug>/live")
def live(slug: str) -> Response:
    """The changing part alone; 304 and one cheap statement while nothing changed."""
    return _unless_unchanged(slug, "meeting/live.html")


@blueprint.get("/m/<slug>/next")
def next_occurrence(slug: str) -> AnyResponse:
    """The permanent address in the invitation: the room while it is open, for who may enter it; else the page."""
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.OPEN)
        may_enter = viewer().may(Act.READ, Kind.ATTENDANCE, meeting.id)
        enters = may_enter and is_open(session, meeting.id, site().clock())
    return redirect(url_for("rooms.room" if enters else "meetings.one", slug=slug), 303)


@blueprint.post("/m/<slug>/approve")
def approve(slug: str) -> AnyResponse:
    return _decide(slug, approvals.approve)


@blueprint.post("/m/<slug>/reject")
def reject(slug: str) -> AnyResponse:
    return _decide(slug, approvals.reject)


@blueprint.post("/m/<slug>/retry")
def retry(slug: str) -> AnyResponse:
    """Try what is in trouble again now. When it is in none any more, the page already says so."""
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, slug, Act.RETRY, Kind.INVITATION)
        with suppress(troubles.NothingToTry):
            what = request.form.get("what", "")
            troubles.retry_now(session, meeting, what, by=by_whom(session, meeting), source="web", now=now)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("meetings.one", slug=slug), 303)


def _decide(slug: str, verdict: Any) -> AnyResponse:
    now = site().clock()
    try:
        with site().database.writing() as session:
            meeting = meeting_for(session, slug, Act.DECIDE, Kind.INVITATION)
            held = approvals.held_keys(meeting.plan_json)
            by = by_whom(session, meeting)
            verdict(session, meeting, request.form.get("checksum", ""), held, by=by, source="web", now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except approvals.StaleChecksum:
        return _decide_anew(slug)
    return redirect(url_for("meetings.one", slug=slug, _anchor="waits"), 303)


def _decide_anew(slug: str) -> Response:
    seen = frozenset(request.form.get("seen", "").split())
    with site().database.reading() as session:
        page = _page(session, meeting_for(session, slug, Act.DECIDE, Kind.INVITATION))
        etag = _etag(session, slug)
    new = sum(1 for one in page.held.remarks if fingerprint(one) not in seen) if page.held else 0
    stale = Stale(changes.stale_sentence(page.held, new), seen)
    return make_response(render_template("meeting/page.html", **_shown(page, etag, stale)), 409)


def _page(session: Session, meeting: Meeting) -> MeetingPage:
    return cut_for(meeting_page(session, meeting, site().clock(), viewer().actor.person), viewer().actor)


def _unless_unchanged(slug: str, template: str) -> Response:
    """The page and its live part have one mark: the page says which is shown, the part is asked for with it."""
    with site().database.reading() as session:
        if (same := unchanged_for(session, slug, Act.OPEN, of=slug)) is not None:
            return same
        page = _page(session, meeting_for(session, slug, Act.OPEN))
    return make_response(render_template(template, **_shown(page, g.etag)))


def _etag(session: Session, slug: str) -> str:
    stamp = page_stamp(session, slug, viewer().meetings(Act.OPEN)) or abort(404)
    return etag_of(stamp, of=slug)


def _shown(page: MeetingPage, etag: str, stale: Stale | None = None) -> dict[str, Any]:
    demo = site().demo
    return {
        "page": page,
        "now": site().clock(),
        "etag": etag,
        "stale": stale,
        "held_people": new_first(page.held, stale.seen if stale else None),
        "is_new": lambda remark: stale is not None and fingerprint(remark) not in stale.seen,
        "seen": fingerprints(page.held),
        "seconds": DEMO_SECONDS if demo else USUAL_SECONDS,
        # Before the first approval everything waits, so that an act would change nothing one could see.
        "acts_to_try": demo.acts() if demo and not page.is_adopted_newly else (),
        "has_others": _has_others(),
        "charts": [(line, chart_of(line)) for line in page.measures],
        "may_relink": viewer().may(Act.RELINK, Kind.MEETING, page.id),
        "may_release": viewer().may(Act.RELEASE, Kind.MEETING, page.id),
        "may_pause": viewer().may(Act.PAUSE, Kind.INVITATION, page.id),
    }


def _has_others() -> bool:
    """Whether the list has more to show than this meeting."""
    known = viewer().meetings(Act.KNOW_OF)
    return known is None or len(known) > 1
