"""The OpenID provider: where it says its doors are, and whom it says that somebody is.

Authlib does the protocol: discovery, state, nonce, PKCE (S256), signatures. It is imported when somebody first signs
in this way, because it takes longer to import than a page to be made.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import urlsplit

from flask import current_app, request, session

from governance.config.model import GoogleSignIn
from governance.domain.errors import GovernanceError

_SECONDS = 5.0
_KNOWN_FOR = 3600.0
"""So long the provider's keys are believed without asking again; an unknown one has them asked for at once."""
_LEFT_ALONE_FOR = 10.0
"""After a failure. Else whoever presses the button again and again would keep every thread waiting."""
_LEEWAY = 120
"""Seconds by which the provider's clock and ours may differ."""
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
# Never the client's secret (HS…) and never none at all: what one party can make proves nothing about another.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
_EXTENSION = "governance provider"


class ForgedState(GovernanceError):
    """The browser did not begin this here, or not within the last ten minutes."""

    def __init__(self) -> None:
        super().__init__("Start again", "this browser did not begin to sign in here within the last ten minutes")


class ProviderRefused(GovernanceError):
    """The provider did not let the person through, or its answer is not to be believed; `why` is for the log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__("Start again", "the answer from Google was not the one that belongs to this sign-in")


class ProviderUnreachable(GovernanceError):
    """The provider does not answer, or not as one; `why` is for the log."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__("Have a one-time address mailed to you, or try again in a minute", "Google does not answer")


def is_under_way() -> bool:
    """Whether this browser began to sign in here, and the state that came back is the one it was sent off with."""
    state = request.args.get("state")
    return bool(state) and f"_state_google_{state}" in session


def way_to_provider(settings: GoogleSignIn, back_to: str) -> str:
    """Where the browser is to go; what has to be known when it comes back is put into its session.

    Raises:
        ProviderUnreachable: when the provider has not said where that is.
    """
    session.clear()
    session.permanent = True
    client = _client(settings)
    begun = client.create_authorization_url(back_to)
    client.save_authorize_data(redirect_uri=back_to, **begun)
    return str(begun["url"])


def claims_of_return(settings: GoogleSignIn) -> Mapping[str, Any]:
    """What the provider says of the person who came back, proven; the state is used up, whatever comes of it.

    Raises:
        ForgedState, ProviderRefused, ProviderUnreachable
    """
    from authlib.integrations.base_client.errors import MismatchingStateError, OAuthError
    from joserfc.errors import JoseError
    from requests import RequestException

    client = _client(settings)
    options = {
        "iss": {"essential": True, "value": settings.issuer},
        "aud": {"essential": True, "value": settings.client_id},
    }
    try:
        token = client.authorize_access_token(claims_options=options, leeway=_LEEWAY)
    except MismatchingStateError as error:
        raise ForgedState from error
    except RequestException as error:
        raise ProviderUnreachable(type(error).__name__) from error
    except (OAuthError, JoseError) as error:
        raise ProviderRefused(str(getattr(error, "error", "") or type(error).__name__)) from error
    except (KeyError, RuntimeError, TypeError, ValueError) as error:
        raise ProviderRefused(type(error).__name__) from error
    if not token.get("userinfo"):
        raise ProviderRefused("no ID token")
    return cast(Mapping[str, Any], token["userinfo"])


def _client(settings: GoogleSignIn) -> Any:
    known = current_app.extensions.setdefault(_EXTENSION, _Known())
    return known.client(settings)


class _Known:
    """The provider as it last described itself; one a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._client: Any = None
        self._asked_at = float("-inf")
        self._why = ""

    def client(self, settings: GoogleSignIn) -> Any:
        with self._lock:
            passed = time.monotonic() - self._asked_at
            if passed >= (_KNOWN_FOR if self._client is not None else _LEFT_ALONE_FOR):
                self._ask(settings)
            if self._client is None:
                raise ProviderUnreachable(self._why)
            return self._client

    def _ask(self, settings: GoogleSignIn) -> None:
        from requests import RequestException

        found = _unasked_client(settings)
        self._why = ""
        try:
            _judge(found.load_server_metadata(), settings)
        except (RequestException, LookupError, TypeError, ValueError) as error:
            self._client, self._why = None, f"{type(error).__name__} at {settings.issuer}"
        else:
            self._client = found
        self._asked_at = time.monotonic()


def _unasked_client(settings: GoogleSignIn) -> Any:
    from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
    from authlib.integrations.requests_client import OAuth2Session

    class Asking(OAuth2Session):  # type: ignore[misc]  # publishes no types
        def __init__(self, *arguments: Any, **more: Any) -> None:
            super().__init__(*arguments, default_timeout=_SECONDS, **more)
            self.max_redirects = 0  # a secret goes where the configuration says and nowhere else

    class Provider(FlaskOAuth2App):  # type: ignore[misc]
        client_cls = Asking

    return Provider(
        FlaskIntegration("google"),
        name="google",
        client_id=settings.client_id,
        client_secret=settings.client_secret,
        server_metadata_url=f"{settings.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256"},
        authorize_params={"hd": settings.hosted_domain} if settings.hosted_domain else None,
    )


def _judge(said: dict[str, Any], settings: GoogleSignIn) -> None:
    """Raises where the description is of another provider, or leads away from https; keeps proofs that prove."""
    if said["issuer"] != settings.issuer:
        raise ValueError
    if any(urlsplit(said[one]).scheme != urlsplit(settings.issuer).scheme for one in _ENDPOINTS):
        raise ValueError
    offered = said.get("id_token_signing_alg_values_supported") or ["RS256"]
    said["id_token_signing_alg_values_supported"] = [one for one in offered if one in _ALGORITHMS]
