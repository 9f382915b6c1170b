"""What was done, entry by entry: of a meeting for who may read its record, of the site for who runs it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, render_template, request

from governance.domain.access import THE_SITE, Act, Kind, may
from governance.services.ledger_page import Asked, LedgerPage, heads, ledger_page
from web.acting_for import meeting_for, unchanged_for
from web.site import site, viewer
from web.wording import ledger as ledger_words

blueprint = Blueprint("ledger", __name__)

TEXT_LIMIT = 100


@blueprint.get("/m/<slug>/ledger")
def of_meeting(slug: str) -> Response | str:
    with site().database.reading() as session:
        if (same := unchanged_for(session, slug, Act.READ, Kind.RECORD)) is not None:
            return same
        meeting = meeting_for(session, slug, Act.READ, Kind.RECORD)
        page = ledger_page(session, meeting.id, _asked(), actor=viewer().actor, zone=meeting.time_zone)
    return render_template("ledger/page.html", meeting=meeting, **_shown(page, meeting.time_zone))


@blueprint.get("/system/ledger")
def of_site() -> str:
    if not may(viewer().actor, Act.RUN, THE_SITE):
        abort(404)
    zone = site().config.site.time_zone
    with site().database.reading() as session:
        page = ledger_page(session, None, _asked(), actor=viewer().actor, zone=zone)
        positions = heads(session)
    return render_template("ledger/site.html", heads=positions, **_shown(page, zone))


def _shown(page: LedgerPage, zone: str) -> dict[str, Any]:
    """Addresses of the pages before and after carry what was looked for; `day` is what was typed."""
    asked = page.asked
    wanted = {"text": asked.text, "act": asked.act, "actor": asked.actor, "day": asked.day or ""}
    query = {name: value for name, value in wanted.items() if value}
    return {
        "page": page,
        "zone": zone,
        "now": site().clock(),
        "day": request.args.get("day", "")[:10],
        "left_out": ledger_words.left_out(request.args, asked, page.acts, page.actors),
        "newest": _address(query) if asked.below else None,
        "older": _address(query | {"below": page.older}) if page.older else None,
    }


def _address(query: Mapping[str, Any]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _asked() -> Asked:
    """What cannot be understood is not looked for; a link that somebody cut off still shows the ledger."""
    given = request.args
    return Asked(
        act=given.get("act", "")[:TEXT_LIMIT],
        actor=given.get("actor", "")[:TEXT_LIMIT],
        day=_day(given.get("day", "")),
        text=_text(given.get("text", "")),
        below=_number(given.get("below", "")),
    )


def _text(written: str) -> str:
    """PostgreSQL knows no text with a zero byte, so none can be in it."""
    return written.replace("\0", "").strip()[:TEXT_LIMIT]


def _day(written: str) -> date | None:
    try:
        day = date.fromisoformat(written)
    except ValueError:
        return None
    return day if date(1970, 1, 2) <= day <= date(9999, 1, 1) else None


def _number(written: str) -> int | None:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 10 else None
