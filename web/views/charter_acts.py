"""Editing the charter, in three steps as every act on the roster: what is asked, what would follow, and done.

The form knows the number of the version that it was made from. Where another one is in force by now, nothing is done:
the second of two editors sees what the first has changed, beside what they have typed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.database import ChangedMeanwhile
from governance.domain.access import Act, Kind
from governance.domain.block import Block
from governance.domain.charter import Charter
from governance.domain.charter_changes import Change, charter_changes
from governance.domain.errors import GovernanceError
from governance.models import Meeting
from governance.services import charters
from governance.services.charter_page import CharterPage, charter_numbered, charter_page
from governance.services.rehearsal import Rehearsal, rehearse
from governance.store.meetings import charter_in_force, lock_meeting
from web.acting_for import as_recorded, meeting_for
from web.forms.acts import WEB
from web.forms.charter_form import charter_fields, charter_of, groups, names_before, read_charter_form, renamed
from web.forms.fields import Field, Typed, untouched
from web.forms.trying import carry_out, what_follows
from web.site import judged_site, site, viewer

blueprint = Blueprint("charter_acts", __name__)


@dataclass(frozen=True, slots=True)
class _Met:
    """The request, understood. `base` is the version that the form was made from."""

    page: CharterPage
    base: int
    fields: tuple[Field, ...]
    before: dict[str, str]
    """What the measures were called when the form was made."""


@blueprint.get("/m/<slug>/charter/edit")
def ask(slug: str) -> Response:
    """With `from`, the form begins with what an older version said."""
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.CHANGE, Kind.CHARTER)
        page = charter_page(session, meeting, site().clock())
        given = request.args.get("from")
        wanted = page.charter if given is None else _older(session, meeting, given)
    fields = charter_fields(wanted, {})
    met = _Met(page, page.number, fields, names_before(wanted, {}))
    return _form(met, untouched(fields, {}))


@blueprint.post("/m/<slug>/charter/edit")
def go_on(slug: str) -> AnyResponse:
    met = _met(slug)
    typed = read_charter_form(met.fields, request.form)
    if request.form.get("step") == "edit":
        return _form(met, replace(typed, faults={}))
    if met.base != met.page.number:
        return _changed_meanwhile(met, typed)
    if typed.faults:
        return _form(met, typed, 422)
    try:
        return _do(met, typed) if request.form.get("step") == "do" else _look(met, typed)
    except ChangedMeanwhile:
        return _changed_meanwhile(_met(slug), typed)
    except GovernanceError as error:
        return _form(met, replace(typed, faults={met.fields[0].name: str(error)}), 422)


def _met(slug: str) -> _Met:
    with site().database.reading() as session:
        meeting = meeting_for(session, slug, Act.CHANGE, Kind.CHARTER)
        page = charter_page(session, meeting, site().clock())
    given = request.form.get("version", "")
    base = int(given) if given.isascii() and given.isdigit() and len(given) < 9 else page.number
    return _Met(page, base, charter_fields(page.charter, request.form), names_before(page.charter, request.form))


def _older(session: Session, meeting: Meeting, given: str) -> Charter:
    is_number = given.isascii() and given.isdigit() and 0 < len(given) < 9
    return (charter_numbered(session, meeting, int(given)) if is_number and int(given) else None) or abort(404)


def _look(met: _Met, typed: Typed) -> Response:
    """What would follow; nothing of it stays."""
    found = what_follows(lambda session: _try(session, met, typed))
    return _consequences(met, typed, found, 200)


def _do(met: _Met, typed: Typed) -> AnyResponse:
    other = carry_out(lambda session: _try(session, met, typed))
    if other is not None:
        return _consequences(met, typed, other, 409)
    return redirect(url_for("charter.shown", slug=met.page.slug), 303)


def _try(session: Session, met: _Met, typed: Typed) -> tuple[Meeting, Rehearsal]:
    meeting = meeting_for(session, met.page.slug, Act.CHANGE, Kind.CHARTER)
    lock_meeting(session, meeting)
    now = site().clock()
    present = charter_in_force(session, meeting.id)
    if (present.number if present else 0) != met.base:
        raise ChangedMeanwhile

    def change() -> tuple[str, ...]:
        charters.change_charter(
            session, meeting, charter_of(typed), actor=as_recorded(), now=now, source=WEB,
            renamed=renamed(typed, met.before),
        )  # fmt: skip
        return ()

    return meeting, rehearse(session, meeting, change, site=judged_site(), now=now)


# --- the pages


def _form(met: _Met, typed: Typed, status: int = 200, theirs: tuple[Change, ...] | None = None) -> Response:
    values: dict[str, Any] = {
        "page": met.page,
        "groups": groups(met.fields),
        "typed": typed,
        "faults": [(one, typed.faults[one.name]) for one in met.fields if one.name in typed.faults],
        "hidden": {"version": str(met.base), **met.before},
        "theirs": theirs,
        "now": site().clock(),
    }
    return make_response(render_template("charter/form.html", **values), status)


def _changed_meanwhile(met: _Met, typed: Typed) -> Response:
    """Both texts: what became of the charter since the form was made, and what was typed."""
    with site().database.reading() as session:
        meeting = meeting_for(session, met.page.slug, Act.CHANGE, Kind.CHARTER)
        base = charter_numbered(session, meeting, met.base) or Charter()
    present = replace(met, base=met.page.number)
    return _form(present, replace(typed, faults={}), 409, charter_changes(base, met.page.charter))


def _consequences(met: _Met, typed: Typed, found: Rehearsal, status: int) -> Response:
    present, wanted = met.page.charter, charter_of(typed)
    values: dict[str, Any] = {
        "page": met.page,
        "typed": typed,
        "hidden": {"version": str(met.base), "shown": found.consequences.mark, **met.before, **typed.text},
        "changes": charter_changes(present, wanted),
        "renamed": renamed(typed, met.before),
        "block_before": _block(met, present) if met.page.number else "",
        "block_after": _block(met, wanted),
        "found": found.consequences,
        "is_other": status == 409,
        "viewer": viewer(),
    }
    return make_response(render_template("charter/consequences.html", **values), status)


def _block(met: _Met, charter: Charter) -> str:
    address = f"{site().config.site.public_url.rstrip('/')}/m/{met.page.slug}/next"
    return Block.of(short=charter.short, address=address).text
