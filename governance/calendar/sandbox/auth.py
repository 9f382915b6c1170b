"""Who calls, and what for: the token endpoint, access tokens, scopes (items 10 to 13)."""

from __future__ import annotations

import base64
import json
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs

from .errors import Refusal, unauthenticated
from .world import Access, Client, World

_AUDIENCE = "https://oauth2.googleapis.com/token"
_JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_ROOT = "https://www.googleapis.com/auth/"
_SKEW = 300
_LIFE = 3600

_UNAUTHORIZED = (
    "Client is unauthorized to retrieve access tokens using this method, "
    "or client not authorized for any of the scopes requested."
)
_READ_EVENTS = (
    "calendar", "calendar.readonly", "calendar.events", "calendar.events.readonly",
    "calendar.events.owned", "calendar.events.owned.readonly",
)  # fmt: skip
_LISTS = ("calendar.acls", "calendar.acls.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly")
_WRITE_EVENTS = ("calendar", "calendar.events", "calendar.events.owned")
_SCOPES = {
    "events.list": _READ_EVENTS,
    "events.get": _READ_EVENTS,
    "events.instances": _READ_EVENTS,
    "events.watch": _READ_EVENTS,
    "channels": (*_READ_EVENTS, *_LISTS),
    "events": _WRITE_EVENTS,
    "calendars": ("calendar", "calendar.readonly", "calendar.calendars", "calendar.calendars.readonly"),
    "calendarList": ("calendar", "calendar.readonly", "calendar.calendarlist", "calendar.calendarlist.readonly"),
    "acl": ("calendar", "calendar.acls", "calendar.acls.readonly"),
    "users": ("admin.directory.user", "admin.directory.user.readonly"),
    "groups": ("admin.directory.group", "admin.directory.group.readonly"),
    "messages.send": ("gmail.send", "gmail.compose", "gmail.modify"),
    "messages": ("gmail.readonly", "gmail.modify"),
    "members": (
        "admin.directory.group", "admin.directory.group.readonly",
        "admin.directory.group.member", "admin.directory.group.member.readonly",
    ),
}  # fmt: skip


class TokenError(Exception):
    """A refusal of the token endpoint, in OAuth's own shape."""

    def __init__(self, status: int, error: str, description: str) -> None:
        super().__init__(description)
        self.status, self.error, self.description = status, error, description

    def body(self) -> bytes:
        return json.dumps({"error": self.error, "error_description": self.description}).encode()


def granted(world: World, form: bytes) -> dict[str, Any]:
    """The answer of `/token`; raises TokenError."""
    fields = {name: values[-1] for name, values in parse_qs(form.decode()).items()}
    kind = fields.get("grant_type")
    if kind == _JWT_BEARER:
        subject, scopes, account = _asserted(world, fields.get("assertion", ""))
        return _issued(world, subject, scopes, service_account=subject == account, account=account)
    if kind == "refresh_token":
        return _issued(world, *_refreshed(world, fields), client=fields.get("client_id", ""))
    raise TokenError(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")


def issue(world: World, access: Access) -> str:
    token = f"ya29.{secrets.token_urlsafe(24)}"
    world.accesses[token] = access
    return token


def caller(world: World, authorization: str | None) -> Access:
    """Who an `Authorization` header speaks for; 401 when unknown or expired."""
    token = (authorization or "").removeprefix("Bearer ").strip()
    access = world.accesses.get(token)
    if access is None and token.count(".") == 2 and not token.startswith("ya29."):
        access = _self_signed(world, token)
    if access is None or (access.expires and access.expires <= world.clock.now()):
        raise unauthenticated()
    return access


def require_scope(access: Access, route: str) -> None:
    """Item 12: 403 unless the token carries one of the method's scopes."""
    if access.scopes is None:
        return
    enough = _SCOPES.get(route) or _SCOPES[route.partition(".")[0]]
    if not any(_ROOT + name in access.scopes for name in enough):
        raise Refusal(403, "insufficientPermissions", "Request had insufficient authentication scopes.")


def owned_only(access: Access, route: str) -> bool:
    """Whether the token reaches only calendars that its user owns."""
    if access.scopes is None or not route.startswith("events."):
        return False
    enough = _SCOPES.get(route) or _SCOPES["events"]
    wide = [name for name in enough if ".owned" not in name]
    return not any(_ROOT + name in access.scopes for name in wide)


def _issued(world: World, subject: str, scopes: list[str] | None, **behind: Any) -> dict[str, Any]:
    """`behind`: what else of the Access is known."""
    expires = world.clock.now() + timedelta(seconds=_LIFE)
    allowed = None if scopes is None else frozenset(scopes)
    token = issue(world, Access(subject, allowed, expires, **behind))
    answer = {"access_token": token, "expires_in": _LIFE - 1, "token_type": "Bearer"}
    return answer if scopes is None else {**answer, "scope": " ".join(scopes)}


def _asserted(world: World, assertion: str) -> tuple[str, list[str], str]:
    """(subject, scopes, account) of a service account's signed request."""
    claims, signed = _parts(assertion)
    client = world.clients.get(claims.get("iss", ""))
    if client is None:
        if not world.any_client:
            raise TokenError(400, "invalid_grant", "Invalid grant: account not found")
        client = Client(claims.get("iss", ""))
    if client.public_key and not _is_signed_by(client.public_key, signed):
        raise TokenError(400, "invalid_grant", "Invalid JWT Signature.")
    _require_current(world, claims)
    scopes = str(claims.get("scope", "")).split()
    if claims.get("aud") != _AUDIENCE or not scopes:
        raise TokenError(400, "invalid_scope", "Invalid OAuth scope or ID token audience provided.")
    subject = claims.get("sub")
    if not subject:
        return client.email, scopes, client.email
    return _delegated(world, client, subject, scopes), scopes, client.email


def _delegated(world: World, client: Client, subject: str, scopes: list[str]) -> str:
    """Item 11: the delegation table is matched scope by scope, then the user."""
    if client.scopes is not None and not set(scopes) <= set(client.scopes):
        raise TokenError(401, "unauthorized_client", _UNAUTHORIZED)
    return _active(world, subject)


def _active(world: World, subject: str) -> str:
    user = world.by_address.get(subject.lower())
    if user is None or user.suspended or user.archived:
        raise TokenError(400, "invalid_grant", "Invalid email or User ID")
    return user.email


def _require_current(world: World, claims: dict[str, Any]) -> None:
    """The signer's clock may be the real one or the sandbox's own."""
    issued, expires = claims.get("iat", 0), claims.get("exp", 0)
    for now in (datetime.now(UTC).timestamp(), world.clock.now().timestamp()):
        if issued - _SKEW <= now <= expires + _SKEW and expires - issued <= _LIFE + _SKEW:
            return
    raise TokenError(
        400,
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
        "Check your iat and exp values in the JWT claim.",
    )


def _refreshed(world: World, fields: dict[str, str]) -> tuple[str, list[str] | None]:
    grant = world.grants.get(fields.get("refresh_token", ""))
    if grant is None or grant.revoked:
        raise TokenError(400, "invalid_grant", "Token has been expired or revoked.")
    asked = fields.get("scope", "").split() or None
    if asked and grant.scopes is not None and not set(asked) <= set(grant.scopes):
        raise TokenError(400, "invalid_scope", "Some requested scopes were invalid.")
    return _active(world, grant.subject), asked or grant.scopes


def _self_signed(world: World, token: str) -> Access | None:
    """Item 13: a service account without subject may sign its own access token."""
    try:
        claims, signed = _parts(token)
        client = world.clients.get(claims.get("iss", ""))
        if client is None and not world.any_client:
            return None
        if client and client.public_key and not _is_signed_by(client.public_key, signed):
            return None
        _require_current(world, claims)
    except TokenError:
        return None
    scopes = claims.get("scope")
    allowed = frozenset(scopes.split()) if scopes else None
    return Access(claims["iss"], allowed, None, service_account=True, account=claims["iss"])


def _parts(assertion: str) -> tuple[dict[str, Any], tuple[bytes, bytes]]:
    head, _, rest = assertion.partition(".")
    body, _, signature = rest.partition(".")
    try:
        claims = json.loads(_unpadded(body))
        return claims, (f"{head}.{body}".encode(), _unpadded(signature))
    except ValueError:
        raise TokenError(400, "invalid_grant", "Invalid JWT: Failed to parse.") from None


def _unpadded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _is_signed_by(public_key: str, signed: tuple[bytes, bytes]) -> bool:
    # Imported late: most runs trust any key, and the import costs more than the server's start.
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    content, signature = signed
    key = load_pem_public_key(public_key.encode())
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, content, PKCS1v15(), SHA256())
            return True
    except InvalidSignature:
        pass
    return False
