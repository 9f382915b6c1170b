"""The log of decisions: to be searched, narrowed, read page by page, and taken along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Blueprint, Response, abort, render_template, request

from governance.domain.access import Act, Kind, may
from governance.domain.ledger import Confidentiality
from governance.models import Meeting
from governance.services.decisions import exporting
from governance.services.decisions.log import (
    OF_CLOSED,
    OF_DRAFTS,
    Asked,
    LogPage,
    log_page,
    may_read_any,
    of_meeting,
)
from governance.store.decisions import decision_of
from web.acting_for import meeting_for
from web.site import site, viewer

blueprint = Blueprint("decision_log", __name__)

TEXT_LIMIT, CUSTOMER_LIMIT = 200, 100
"""Letters that are looked for."""


@blueprint.get("/m/<slug>/decisions")
def shown(slug: str) -> str:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.READ, Kind.DECISION)
        page = log_page(session, meeting, _asked(), actor=viewer().actor, now=site().clock())
    return render_template("decision/log.html", page=page, **_addresses(page))


@blueprint.get("/m/<slug>/decisions.md")
def as_markdown(slug: str) -> Response:
    meeting, some = _every_closed(slug)
    return _file(exporting.as_markdown(meeting.name, some), f"{slug}-decisions.md", "text/markdown")


@blueprint.get("/m/<slug>/decisions.csv")
def as_csv(slug: str) -> Response:
    _, some = _every_closed(slug)
    return _file(exporting.as_csv(some), f"{slug}-decisions.csv", "text/csv")


@blueprint.get("/m/<slug>/decisions.json")
def as_json(slug: str) -> Response:
    _, some = _every_closed(slug)
    return _file(exporting.as_json(slug, some), f"{slug}-decisions.json", "application/json")


@blueprint.get("/m/<slug>/decisions/<ref>.md")
def one_as_markdown(slug: str, ref: str) -> Response:
    """One decision to be copied, as much of it as the reader may read on its page."""
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.READ, Kind.DECISION)
        row = decision_of(session, meeting.id, ref)
        reads_drafts = may(viewer().actor, Act.READ, of_meeting(meeting.id, Confidentiality.SEATS))
        if row is None or not (row.number or reads_drafts):
            abort(404)
        reads_positions = may_read_any(meeting.id, viewer().actor)
        found = exporting.one(session, row.id, site().config.site.currency, reads_positions=reads_positions)
    text = exporting.one_as_markdown(found if reads_drafts else found.in_the_open())
    return Response(text, mimetype="text/markdown")


def _every_closed(slug: str) -> tuple[Meeting, Iterator[exporting.Exported]]:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.EXPORT, Kind.DECISION)
    return meeting, exporting.every_closed(
        site().database.reading, meeting.id, site().config.site.currency,
        reads_positions=may_read_any(meeting.id, viewer().actor),
    )  # fmt: skip


def _file(parts: Iterable[str], name: str, mimetype: str) -> Response:
    """Written out while it is read, so that it is never whole in memory; without a mark, which needs all of it."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    encoded = (part.encode() for part in parts)
    return Response(encoded, mimetype=mimetype, headers=headers, direct_passthrough=True)


def _addresses(page: LogPage) -> dict[str, Any]:
    """Those of the pages before and after carry what was looked for."""
    asked = page.asked
    wanted = {
        "text": asked.text, "customer": asked.customer, "state": asked.state, "owner": asked.owner,
        "department": asked.department, "year": asked.year,
    }  # fmt: skip
    query = {name: value for name, value in wanted.items() if value}
    return {
        "newest": _address(query) if asked.below else None,
        "older": _address(query | {"below": page.older}) if page.older else None,
    }


def _address(query: Mapping[str, Any]) -> str:
    return f"{request.path}?{urlencode(query)}" if query else request.path


def _asked() -> Asked:
    """What cannot be understood is not looked for; a link that somebody cut off still shows the log."""
    state, year = request.args.get("state", ""), request.args.get("year", "")
    return Asked(
        text=_text("text", TEXT_LIMIT),
        customer=_text("customer", CUSTOMER_LIMIT),
        state=state if state in (*OF_CLOSED, *OF_DRAFTS) else "",
        owner=_identifier("owner"),
        department=_identifier("department"),
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        below=_text("below", 40),
    )


def _text(name: str, limit: int) -> str:
    return request.args.get(name, "").replace("\0", "").strip()[:limit]


def _identifier(name: str) -> UUID | None:
    try:
        return UUID(request.args.get(name, ""))
    except ValueError:
        return None
