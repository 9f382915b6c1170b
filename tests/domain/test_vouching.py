"""Whom a provider's word is good for."""

from __future__ import annotations

from typing import Any

import pytest

from governance.domain.vouching import GOOGLE, vouched_address

OTHER = "https://login.example.com"
ADA: dict[str, Any] = {"email": "ada@example.com", "email_verified": True}


@pytest.mark.parametrize(
    ("issuer", "domain", "claims"),
    [
        (GOOGLE, "example.com", {"hd": "example.com"}),
        (GOOGLE, "example.com", {"hd": "EXAMPLE.com"}),
        (GOOGLE, "Example.com", {"hd": "example.com", "email": " Ada@Example.COM "}),
        (GOOGLE, None, {"hd": "example.com"}),
        (OTHER, None, {}),
        (OTHER, "example.com", {"hd": "example.com"}),
    ],
)
def test_an_address_is_vouched_for(issuer: str, domain: str | None, claims: dict[str, Any]) -> None:
    assert vouched_address(ADA | claims, issuer=issuer, hosted_domain=domain) == "ada@example.com"


def test_google_vouches_for_mailboxes_of_its_own() -> None:
    claims = {"email": "ada@gmail.com", "email_verified": True}

    assert vouched_address(claims, issuer=GOOGLE, hosted_domain=None) == "ada@gmail.com"


@pytest.mark.parametrize(
    ("issuer", "domain", "claims"),
    [
        (GOOGLE, "example.com", {}),
        (GOOGLE, "example.com", {"hd": "example.net"}),
        (GOOGLE, "example.com", {"hd": "sub.example.com"}),
        (GOOGLE, "example.com", {"hd": ""}),
        (GOOGLE, "example.com", {"hd": True}),
        (GOOGLE, None, {}),  # a Google account that somebody opened under an address hosted elsewhere
        (GOOGLE, None, {"hd": None}),
        (OTHER, None, {"email_verified": False}),
        (OTHER, None, {"email_verified": "true"}),
        (OTHER, None, {"email_verified": 1}),
        (OTHER, None, {"email": ""}),
        (OTHER, None, {"email": ["ada@example.com"]}),
        (OTHER, None, {"email": "ada@example.com, mallory@example.com"}),
        (OTHER, None, {"email": "ada@example.com\r\nBcc: mallory@example.com"}),
    ],
)
def test_an_address_is_not_vouched_for(issuer: str, domain: str | None, claims: dict[str, Any]) -> None:
    assert vouched_address(ADA | claims, issuer=issuer, hosted_domain=domain) is None


@pytest.mark.parametrize("missing", ["email", "email_verified"])
def test_what_is_not_said_is_not_so(missing: str) -> None:
    claims = {name: value for name, value in ADA.items() if name != missing}

    assert vouched_address(claims, issuer=OTHER, hosted_domain=None) is None
