"""What Google answers instead of a result, in its own JSON shapes (item 5)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ALREADY_EXISTS",
    410: "FAILED_PRECONDITION",
    412: "FAILED_PRECONDITION",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
}


@dataclass(slots=True)
class Refusal(Exception):
    """An answer that is not 2xx; `reason` is the word clients decide on."""

    status: int
    reason: str
    message: str
    domain: str = "global"
    location: str | None = None
    location_type: str | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def body(self, shape: str) -> tuple[bytes, str]:
        """The encoded body and its content type; `shape` is the switch `error_shape`."""
        if shape == "empty":
            return b"", "text/html"
        if shape == "html":
            return html_page(self.status), "text/html; charset=UTF-8"
        document = {"error": self._error(with_details=shape == "both")}
        return json.dumps(document, indent=1).encode(), "application/json; charset=UTF-8"

    def _error(self, *, with_details: bool) -> dict[str, object]:
        entry = {"domain": self.domain, "reason": self.reason, "message": self.message}
        if self.location:
            entry["locationType"] = self.location_type or "parameter"
            entry["location"] = self.location
        error: dict[str, object] = {
            "errors": [entry],
            "code": self.status,
            "message": self.message,
        }
        if with_details:
            error["status"] = _STATUS_NAMES.get(self.status, "UNKNOWN")
            error["details"] = [
                {
                    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                    "reason": _upper_snake(self.reason),
                    "domain": "googleapis.com",
                }
            ]
        return error


def html_page(status: int) -> bytes:
    """What the edge in front of the API says when the API itself did not answer."""
    return (
        f"<!DOCTYPE html>\n<html lang=en>\n<title>Error {status} (Server Error)!!1</title>\n"
        f"<p><b>{status}.</b> <ins>That’s an error.</ins>\n"
        "<p>The server encountered a temporary error and could not complete your request.\n"
        "</html>\n"
    ).encode()


def invalid(message: str, *, location: str | None = None, reason: str = "invalid") -> Refusal:
    return Refusal(400, reason, message, location=location)


def invalid_parameter(name: str, value: str) -> Refusal:
    return Refusal(400, "invalidParameter", f"Invalid value '{value}' for {name}.", location=name)


def bad_request(message: str = "Bad Request") -> Refusal:
    return Refusal(400, "badRequest", message)


def required(what: str) -> Refusal:
    return Refusal(400, "required", f"Missing {what}.")


def not_found() -> Refusal:
    return Refusal(404, "notFound", "Not Found")


def forbidden(message: str = "Forbidden") -> Refusal:
    return Refusal(403, "forbidden", message)


def duplicate() -> Refusal:
    return Refusal(409, "duplicate", "The requested identifier already exists.")


def gone() -> Refusal:
    return Refusal(410, "deleted", "Resource has been deleted")


def full_sync_required() -> Refusal:
    return Refusal(
        410,
        "fullSyncRequired",
        "Sync token is no longer valid, a full sync is required.",
        domain="calendar",
        location="syncToken",
    )


def precondition_failed() -> Refusal:
    return Refusal(
        412,
        "conditionNotMet",
        "Precondition Failed",
        location="If-Match",
        location_type="header",
    )


def unauthenticated() -> Refusal:
    return Refusal(
        401,
        "authError",
        "Invalid Credentials",
        location="Authorization",
        location_type="header",
        headers={"WWW-Authenticate": 'Bearer realm="https://accounts.google.com/", error="invalid_token"'},
    )


def _upper_snake(reason: str) -> str:
    return "".join(f"_{c}" if c.isupper() else c.upper() for c in reason)
