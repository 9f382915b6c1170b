"""A person's own page: what is recorded about them, for them alone."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, abort, render_template

from governance.domain.access import Act, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.feeds import keeping
from governance.store import about_person as store
from web.site import site, viewer
from web.wording import about

blueprint = Blueprint("me", __name__)


@blueprint.get("/me")
def about_me() -> str:
    """Whoever is signed in finds themselves here; an administrator or the demo's visitor may be nobody of ours."""
    person = viewer().actor.person
    if person is None:
        return render_template("me.html", addresses=(), groups=(), mails=(), seen=(), feed=None, now=site().clock())
    own = Thing(Kind.PERSON, confidentiality=Confidentiality.PRIVATE, owner=person)
    if not may(viewer().actor, Act.READ, own):
        abort(404)
    settings = site().config.site
    with site().database.reading() as session:
        addresses, seen = store.ways_in(session, person)
        parts, mails = store.parts_of(session, person), store.mails_to(session, person)
        feed = keeping.own_address(session, person, settings.public_url, settings.secret_key)
    groups = [(about.title(kind), list(some)) for kind, some in groupby(parts, key=lambda one: one.kind)]
    return render_template(
        "me.html", addresses=addresses, groups=groups, mails=mails, seen=seen, feed=feed, now=site().clock()
    )  # fmt: skip
