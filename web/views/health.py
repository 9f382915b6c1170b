"""Two pages for machines: the process lives; it could answer people now."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, jsonify

from governance.domain.errors import GovernanceError
from web.site import site

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def alive() -> Response:
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> tuple[Response, int]:
    problems = list(_problems())
    return jsonify(ready=not problems, problems=problems), 503 if problems else 200


def _problems() -> Iterator[dict[str, Any]]:
    try:
        if not site().database.is_current():
            yield _problem("schema", "Run “governance migrate”", "The database does not have the current schema.")
    except GovernanceError as error:
        yield _problem("database", error.remedy, f"{error.reason[:1].upper()}{error.reason[1:]}.")


def _problem(code: str, remedy: str, message: str) -> dict[str, Any]:
    return {"code": code, "message": message, "remedy": f"{remedy}."}
