"""Pages for machines: the process lives; it could answer people now; figures to be watched."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request

from governance.domain.errors import GovernanceError
from governance.services.figures import read_figures
from governance.services.problems import briefly
from governance.services.standing import read_problems
from web.metrics import CONTENT_TYPE, exposition
from web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    """Ready is who can answer people; what keeps calendars from being looked after is named beside it."""
    try:
        is_current = site().database.is_current()
        problems = list(_troubles()) if is_current else [_OLD_SCHEMA]
    except GovernanceError as error:
        is_current = False
        problems = [_problem("database", error.remedy, f"{error.reason[:1].upper()}{error.reason[1:]}.")]
    return jsonify(ready=is_current, problems=problems), 200 if is_current else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Without a token in the configuration there is no such page."""
    token = site().config.web.metrics_token
    if not token:
        abort(404)
    if not _is_bearer(token):
        refused = Response("Send the metrics token as a bearer token.\n", 401, mimetype="text/plain")
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused
    config = site().config
    with site().database.reading() as session:
        found = read_figures(session, site().clock(), config.google.poll_seconds, config.mail.daily_limit)
    return Response(exposition(found), content_type=CONTENT_TYPE)


def _is_bearer(token: str) -> bool:
    scheme, _, given = request.headers.get("Authorization", "").partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())


def _troubles() -> Iterator[dict[str, Any]]:
    """One entry a code, without names, addresses and slugs: nobody has signed in to read this."""
    config = site().config
    with site().database.reading() as session:
        found = read_problems(session, site().clock(), config.google.poll_seconds, config.mail.daily_limit)
    for one in briefly(found):
        yield _problem(one.code, one.remedy, one.message)


def _problem(code: str, remedy: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "remedy": f"{remedy}."}


_OLD_SCHEMA = _problem("schema", "Run “governance migrate”", "The database does not have the current schema.")
