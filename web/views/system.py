"""For whoever runs the installation: how it stands, what of the mail waits, who looks after which calendar."""

from __future__ import annotations

from contextlib import suppress

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import THE_SITE, Act, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services import sign_in, system_page, troubles
from governance.store.system_page import MailRow
from web.acting_for import by_whom, meeting_for
from web.identity import session_cookie
from web.site import site, viewer

blueprint = Blueprint("system", __name__)


@blueprint.get("/system")
def overview() -> str:
    _only_who_runs_it()
    with site().database.reading() as session:
        config = site().config
        page = system_page.system_page(session, site().clock(), config.google.poll_seconds, config.mail.daily_limit)
    return render_template("system/page.html", page=page, now=site().clock(), zone=site().config.site.time_zone)


@blueprint.get("/system/mail")
def mail() -> str:
    _only_who_runs_it()
    with site().database.reading() as session:
        page = system_page.mail_page(session)
    return render_template(
        "system/mail.html", page=page, sees=sees_recipient, now=site().clock(), zone=site().config.site.time_zone
    )


@blueprint.get("/system/calendars")
def calendars() -> str:
    _only_who_runs_it()
    with site().database.reading() as session:
        lines = system_page.calendars_page(session, site().clock())
    google = site().config.google
    return render_template(
        "system/calendars.html", lines=lines, google=google, now=site().clock(), zone=site().config.site.time_zone
    )


@blueprint.post("/system/retry")
def retry() -> AnyResponse:
    """Try an event that is set aside again at the next look. When it is not any more, the page already says so."""
    _only_who_runs_it()
    now = site().clock()
    with site().database.writing() as session:
        meeting = meeting_for(session, request.form.get("slug", ""), Act.RETRY, Kind.INVITATION)
        with suppress(troubles.NothingToTry):
            what = request.form.get("what", "")
            troubles.retry_now(session, meeting, what, by=by_whom(session, meeting), source="web", now=now)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for("system.overview", _anchor="set-aside"), 303)


def _only_who_runs_it() -> None:
    """The same answer as for a page that does not exist."""
    if not may(viewer().actor, Act.RUN, THE_SITE):
        abort(404)


def sees_recipient(mail: MailRow) -> bool:
    """An address is as much as whoever reads the roster may know; of the site's own mails, whoever runs it."""
    if mail.meeting_id is None:
        return may(viewer().actor, Act.RUN, THE_SITE)
    return may(viewer().actor, Act.READ, Thing(Kind.ROSTER, mail.meeting_id, Confidentiality.SEATS))
