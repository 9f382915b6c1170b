"""The summaries and briefs of a meeting that the reader was sent, to be read again; nobody else's, whoever asks."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy.orm import Session

from governance.domain.access import Act
from governance.models import Meeting
from governance.services.office import office_of
from governance.services.summaries.archive import ReadAgain, archive_page, read_again
from web.acting_for import meeting_for
from web.mail_frame import around, within
from web.site import site, viewer

blueprint = Blueprint("summaries", __name__)


@blueprint.get("/m/<slug>/summaries")
def mine(slug: str) -> str:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.OPEN)
        page = archive_page(session, meeting, viewer().actor, _below())
    return render_template("summaries/page.html", page=page, is_newest=_below() is None, now=site().clock())


@blueprint.get("/m/<slug>/summaries/<uuid:mail_id>")
def one(slug: str, mail_id: UUID) -> Response:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.OPEN)
        mail = _mail(session, meeting, mail_id)
    return around(render_template("summaries/one.html", page=meeting, mail=mail, now=site().clock()))


@blueprint.get("/m/<slug>/summaries/<uuid:mail_id>/shown")
def shown(slug: str, mail_id: UUID) -> Response:
    """The mail itself, for the frame on its page."""
    with site().database.reading() as session:
        mail = _mail(session, meeting_for(session, slug, Act.OPEN), mail_id)
    return within(mail.html)


def _mail(session: Session, meeting: Meeting, mail_id: UUID) -> ReadAgain:
    office = office_of(site().config, can_be_asked=False)
    return read_again(session, meeting, viewer().actor, mail_id, office) or abort(404)


def _below() -> UUID | None:
    """A link that somebody cut off shows the newest."""
    try:
        return UUID(request.args.get("below", ""))
    except ValueError:
        return None
