"""Trouble as a page: one sentence that begins with what to do."""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, g, make_response, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from governance.database import DatabaseUnavailable
from governance.services.throttles import TooOften
from web.security import ForeignForm
from web.site import site

_log = logging.getLogger(__name__)


def answer_in_words(app: Flask) -> None:
    app.register_error_handler(HTTPException, _refused)
    app.register_error_handler(ForeignForm, _foreign_form)
    app.register_error_handler(TooOften, _too_often)
    app.register_error_handler(DatabaseUnavailable, _unavailable)
    app.log_exception = _log_exception  # type: ignore[method-assign]


def _log_exception(exc_info: Any) -> None:
    """Flask would log the path, and the path of a sign-in address is a secret: the view's name says as much."""
    _log.error("a page could not be shown", exc_info=exc_info, extra={"view": request.endpoint or "none"})


def problem(status: int, title: str, text: str, typed: Iterable[tuple[str, str]] = ()) -> Response:
    """`typed` is what was typed into which field, where there is no form any more that could keep it."""
    kept = [(label, words) for label, words in typed if words.strip()]
    return make_response(render_template("problem.html", title=title, text=text, typed=kept), status)


def _refused(error: HTTPException) -> Response:
    status = error.code or 500
    if g.get("is_foreign_host"):
        address = site().config.site.public_url
        return problem(status, f"Open {address} instead", "This installation answers only under its own address.")
    response = problem(status, *_WORDS.get(status, _WORDS[500] if status >= 500 else _WORDS[400]))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))  # RFC 9110, 15.5.6, asks for it
    return response


def _foreign_form(error: ForeignForm) -> Response:
    return problem(400, error.remedy, f"{error.reason.capitalize()}.")


def _too_often(error: TooOften) -> Response:
    response = problem(429, error.remedy, f"{error.reason.capitalize()}; nothing was done.")
    response.headers["Retry-After"] = str(math.ceil(error.wait.total_seconds()))
    return response


def _unavailable(error: DatabaseUnavailable) -> Response:
    # The reason names files and hosts: it is for the log and the health page, not for visitors.
    _log.error("the database could not be used", extra={"why": str(error)})
    text = "The service cannot use its database just now; nothing was lost and nothing was done."
    response = problem(503, "Try again in a minute", text)
    response.headers["Retry-After"] = "60"
    return response


_WORDS = {
    400: ("Go back and try again", "The request could not be understood; nothing was done."),
    404: ("Check the address", "There is nothing here, or nothing that you may see."),
    405: ("Use the buttons of the page", "This address cannot be used that way; nothing was done."),
    413: ("Send less at once", "The form is larger than any of ours; nothing was done."),
    500: ("Try again; if it stays, tell an administrator", "Something went wrong on our side; it is in the log."),
}
