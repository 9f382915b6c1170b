"""Whether an OpenID provider vouches for an address; the ID token itself was proven before anybody asks here.

A verified address says that its owner read a mail there once. Google speaks for an address for good where it hosts the
mailbox: a Workspace domain (`hd`) or its own. Anybody can open a Google account under any other address that they can
read today, and keep it when the address has long been somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.domain.people import MalformedAddress, checked_address, domain_of

GOOGLE = "https://accounts.google.com"
_GOOGLE_S_OWN = frozenset({"gmail.com", "googlemail.com"})


def vouched_address(claims: Mapping[str, Any], *, issuer: str, hosted_domain: str | None) -> str | None:
    """The folded address, or None where the provider does not vouch for it or it is of another domain."""
    address = _folded(claims.get("email"))
    if address is None or claims.get("email_verified") is not True:
        return None
    hosted_at = claims.get("hd")
    if hosted_domain is not None:
        is_ours = isinstance(hosted_at, str) and hosted_at.casefold() == hosted_domain.casefold()
        return address if is_ours else None
    if issuer == GOOGLE and not (hosted_at or domain_of(address) in _GOOGLE_S_OWN):
        return None
    return address


def _folded(given: Any) -> str | None:
    try:
        return checked_address(given) if isinstance(given, str) else None
    except MalformedAddress:
        return None
