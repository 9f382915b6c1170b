"""Where an adoption is: what each of its pages begins with, and how what was decided there is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.errand import LookedAt
from governance.services import adopting, sign_in
from governance.services.adopting import Adopting, Guests
from web.forms.adopting import Read, as_typed
from web.identity import session_cookie
from web.site import site, viewer


class ElsewhereFirst(Exception):
    """This step cannot be shown yet; `to` is where one has to be before, `typed` what is kept meanwhile."""

    def __init__(self, to: AnyResponse, typed: dict[str, dict[str, str]] | None = None) -> None:
        self.to = to
        self.typed = typed or {}


@dataclass(frozen=True, slots=True)
class At:
    """A step that needs the event: the draft, what Google said of the event, and its guests."""

    adopting: Adopting
    looked: LookedAt
    guests: Guests


def at_step(session: Session, *, named: bool = False) -> At:
    """Where the draft is; with `named`, only once the meeting has its short name.

    A form that was opened for another event than the one in the draft is not taken for this one's.
    """
    present = adopting.adopting_of(session, viewer().address)
    looked = present.looked_at if present else None
    if present is None or looked is None:
        is_same = present is not None and request.form.get("about") == present.content.get("event")
        raise ElsewhereFirst(to_answer(present, "looked"), as_typed(request.form) if is_same else None)
    if request.method == "POST" and request.form.get("about") != looked.event["id"]:
        raise ElsewhereFirst(page("adopt/other.html", Read(), 409, event=looked.event))
    if named and not present.content.get("slug"):
        raise ElsewhereFirst(redirect(url_for("adopt.meeting"), 303))
    domains = frozenset(site().config.site.domains)
    return At(present, looked, adopting.guests_of(session, present, looked, domains))


def to_answer(present: Adopting | None, what: str) -> AnyResponse:
    """To the errand while it is under way; else to where it is sent from, with what is known of it."""
    asked = (present.looked if what == "looked" else present.found) if present else None
    if present is None or asked is None or "calendar" not in present.content:
        return redirect(url_for("adopt.calendar"), 303)
    if asked.errand is not None:
        return redirect(url_for("errands.shown", errand=asked.errand), 303)
    event_id = present.content.get("event") if what == "looked" else None
    if what == "looked" and event_id is None:
        return redirect(url_for("adopt.event"), 303)
    return page("adopt/erased.html", Read(), event=event_id, content=present.content)


def kept(read: Read, then: str) -> AnyResponse:
    now = site().clock()
    with site().database.writing() as session:
        adopting.keep(session, viewer().address, read.decided, now=now)
        sign_in.keep_open(session, session_cookie(), now)
    return redirect(url_for(then), 303)


def page(template: str, read: Read, status: int | None = None, **values: Any) -> Response:
    faults = list(read.faults.values())
    here = f"adopt.{template.removeprefix('adopt/').removesuffix('.html')}"
    shown = render_template(template, faults=faults, fault_of=read.faults, here=here, **values)
    return make_response(shown, status or (422 if faults else 200))
