"""What whoever runs the installation says about mails that wait: send it, drop it, write to that address again."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import THE_SITE, Act, may
from governance.domain.errors import GovernanceError
from governance.domain.people import MalformedAddress
from governance.services import mail_queue, sign_in, system_page
from web.acting_for import as_recorded
from web.errors import problem
from web.forms.acts import WEB
from web.identity import session_cookie
from web.site import site, viewer
from web.views.system import sees_recipient

blueprint = Blueprint("mail_acts", __name__)

SEND, DROP = "send", "drop"
WHY_LIMIT = 500
"""Letters of the reason that goes into the ledger."""


@blueprint.get("/system/mail/<uuid:mail_id>/<act>")
def ask(mail_id: UUID, act: str) -> AnyResponse:
    """What would follow, and one button; nothing is done by looking."""
    _only_who_runs_it(act)
    with site().database.reading() as session:
        mail = system_page.mail_to_decide(session, mail_id)
    if mail is None:
        return _settled()
    zone = site().config.site.time_zone
    page = render_template(
        "system/mail_act.html", mail=mail, act=act, sees=sees_recipient(mail), why_limit=WHY_LIMIT,
        now=site().clock(), zone=zone,
    )  # fmt: skip
    return make_response(page)


@blueprint.post("/system/mail/<uuid:mail_id>/<act>")
def do(mail_id: UUID, act: str) -> AnyResponse:
    _only_who_runs_it(act)
    now, by, actor = site().clock(), viewer().address, as_recorded()
    why = request.form.get("why", "").replace("\0", "").strip()[:WHY_LIMIT].encode("utf-8", "replace").decode() or None
    try:
        with site().database.writing() as session:
            if system_page.mail_to_decide(session, mail_id) is None:
                return _settled()
            if act == SEND:
                mail_queue.release(session, [mail_id], by=by, now=now, actor=actor, source=WEB)
            else:
                mail_queue.drop(session, [mail_id], by=by, now=now, why=why, actor=actor, source=WEB)
            sign_in.keep_open(session, session_cookie(), now)
    except mail_queue.StillUndeliverable:
        text = "The mail server refused this address for good: it is listed at the end of the page. Nothing was done."
        return problem(409, "Let the address be written to again first", text)
    except mail_queue.MailSettled:
        return _settled()
    return redirect(url_for("system.mail"), 303)


@blueprint.post("/system/mail/write-again")
def write_again() -> AnyResponse:
    """Mails to an address that was refused go out again; where that was done already, the page says so."""
    _only_who_runs_it()
    now = site().clock()
    try:
        with site().database.writing() as session:
            given = request.form.get("address", "")
            mail_queue.clear_address(session, given, now=now, actor=as_recorded(), source=WEB)
            sign_in.keep_open(session, session_cookie(), now)
    except MalformedAddress as error:
        return _refused(error)
    return redirect(url_for("system.mail", _anchor="refused"), 303)


def _settled() -> AnyResponse:
    text = "It went out, was dropped, or never was one that waits for a person. Nothing was done."
    return problem(409, "Look at the list of mails again", text)


def _refused(error: GovernanceError) -> AnyResponse:
    return problem(422, error.remedy, f"{error.reason[:1].upper()}{error.reason[1:]}. Nothing was done.")


def _only_who_runs_it(act: str = SEND) -> None:
    if act not in (SEND, DROP) or not may(viewer().actor, Act.RUN, THE_SITE):
        abort(404)
