"""Links of mails that act: GET shows what the link would do and for whom, POST does it, once.

A link is a bearer's paper, and mails are forwarded. So it acts only as the person it names, and only once whoever sends
the form has confirmed to be that person: by the session of this browser; without one by saying so, or, where the link
gives rights or changes the roster for long, by signing in with an address that is mailed to that person alone. A
browser that is signed in as somebody else does nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from flask import Blueprint, Response, make_response, render_template, request, url_for
from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.services import sign_in
from governance.services.link_pages.finding import page_of, person_of
from governance.services.link_pages.using import use_link
from governance.services.link_pages.values import LinkPage, State
from governance.services.links import GRAVE
from web.identity import session_cookie
from web.site import site

blueprint = Blueprint("action_links", __name__)

MAIL_ME = "mail-me"
"""What the button of the named person sends who is not signed in, where that is needed."""


class Who(StrEnum):
    """Who sends the request, as far as the browser shows."""

    NAMED = "named"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why nothing was done though the link works, and what was filled in, so that nobody writes it again."""

    text: str
    verb: str


@blueprint.get("/l/<token>")
def look(token: str) -> Response:
    now = site().clock()
    with site().database.reading() as session:
        page = page_of(session, token, site().config.site.secret_key, now)
        who, address = _who(session, page, now)
    return _shown(page, token, who, address)


@blueprint.post("/l/<token>")
def use(token: str) -> Response:
    now, verb = site().clock(), request.form.get("do", "")
    with site().database.reading() as session:
        page = page_of(session, token, site().config.site.secret_key, now)
        who, address = _who(session, page, now)
    if page.state is not State.OPEN or page.link is None:
        return _shown(page, token, who, address)
    if who is Who.OTHER:
        return _shown(page, token, who, address, status=403)
    if who is Who.UNKNOWN and verb == MAIL_ME:
        return _mail(page, token, now)
    if who is Who.UNKNOWN and (page.purpose in GRAVE or not request.form.get("i_am")):
        return _shown(page, token, who, address, status=403)
    return _use(page, page.link.id, token, verb, who, now)


def _use(page: LinkPage, link_id: UUID, token: str, verb: str, who: Who, now: datetime) -> Response:
    currency = site().config.site.currency
    try:
        with site().database.writing() as session:
            page = use_link(session, link_id, verb, request.form, currency=currency, now=now)
            sign_in.keep_open(session, session_cookie(), now)
    except GovernanceError as error:
        if not _is_about_the_form(error):
            raise
        return _shown(page, token, who, page.address, status=409, trouble=Trouble(str(error), verb))
    return _shown(page, token, who, page.address)


def _is_about_the_form(error: GovernanceError) -> bool:
    """What the database itself cannot do is answered like on every other page."""
    from governance.database import DatabaseUnavailable

    return not isinstance(error, DatabaseUnavailable)


def _mail(page: LinkPage, token: str, now: datetime) -> Response:
    """The mailed address leads back here, to the link's button."""
    config = site().config
    with site().database.writing() as session:
        sign_in.mail_link(
            session,
            address=page.address,
            admins=config.site.admins,
            secret_key=config.site.secret_key,
            now=now,
            leads_to=url_for("action_links.look", token=token),
            is_vouched=True,
        )
    return _shown(page, token, Who.UNKNOWN, "", is_mailed=True)


def _who(session: Session, page: LinkPage, now: datetime) -> tuple[Who, str]:
    """In the demo nobody signs in: its visitor tries everybody's links."""
    if page.person is None:
        return Who.UNKNOWN, ""
    if site().demo is not None:
        return Who.NAMED, page.address
    found = sign_in.session_of(session, session_cookie(), now)
    if found is None:
        return Who.UNKNOWN, ""
    is_named = person_of(session, found.address) == page.person.id
    return Who.NAMED if is_named else Who.OTHER, found.address


def _shown(
    page: LinkPage,
    token: str,
    who: Who,
    address: str,
    *,
    status: int | None = None,
    trouble: Trouble | None = None,
    is_mailed: bool = False,
) -> Response:
    return make_response(
        render_template(
            "link/page.html",
            page=page,
            token=token,
            who=who.value,
            signed_in_as=address,
            is_grave=page.purpose in GRAVE,
            filled=request.form if trouble is not None else {},
            trouble=trouble,
            is_mailed=is_mailed,
            now=site().clock(),
            currency=site().config.site.currency,
        ),
        status or _STATUS[page.state],
    )


_STATUS = {State.OPEN: 200, State.USED: 200, State.EXPIRED: 410, State.GONE: 410, State.UNKNOWN: 410}
