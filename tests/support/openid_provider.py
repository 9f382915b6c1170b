"""An OpenID provider in a process of its own: `python -m tests.support.openid_provider` prints the port it listens on.

It keeps to the protocol: a code is good for one use, by the client it was made for, with the verifier whose challenge
it was made with. `POST /behave` has it do otherwise, for the test to see what becomes of that; `GET /asked` says which
doors were knocked at.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import sys
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT, SECRET = "client-of-the-tests", "a secret between the two of them"

HONEST: dict[str, Any] = {
    "claims": {},
    "without": [],
    "signed_by": "first",
    "denies": False,
    "token_status": 200,
    "describes_itself": {},
    "sends_on_to": None,
}


class Provider(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Doors)
        self.issuer = f"http://127.0.0.1:{self.server_address[1]}"
        self.behaviour = dict(HONEST)
        # The strange one is not published, whatever it calls itself.
        self.keys = {name: _new_key(kid) for name, kid in (("first", "1"), ("second", "2"), ("strange", "1"))}
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: Counter[str] = Counter()


class Doors(BaseHTTPRequestHandler):
    server: Provider

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        self.server.asked[parts.path] += 1
        door = {
            "/.well-known/openid-configuration": self._describe,
            "/authorize": self._authorize,
            "/jwks": lambda _: self._say({"keys": [key.as_dict(private=False) for key in self._published()]}),
            "/asked": lambda _: self._say(dict(self.server.asked)),
        }.get(parts.path)
        if door is None:
            self._say({}, 404)
        else:
            door({name: values[0] for name, values in parse_qs(parts.query).items()})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self.server.asked[self.path] += 1
        if self.path == "/behave":
            self.server.behaviour = HONEST | json.loads(body)
            self._say({})
        elif self.path == "/token":
            self._token({name: values[0] for name, values in parse_qs(body).items()})
        else:
            self._say({}, 404)

    def _describe(self, _: dict[str, str]) -> None:
        issuer = self.server.issuer
        described = {
            "issuer": issuer,
            "authorization_endpoint": f"{issuer}/authorize",
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": f"{issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "code_challenge_methods_supported": ["S256"],
        }
        self._say(described | self.server.behaviour["describes_itself"])

    def _authorize(self, asked: dict[str, str]) -> None:
        wanted = {"client_id": CLIENT, "response_type": "code", "code_challenge_method": "S256"}
        if any(asked.get(name) != value for name, value in wanted.items()) or "openid" not in asked["scope"].split():
            self._say({"error": "invalid_request"}, 400)
            return
        if self.server.behaviour["denies"]:
            self._send_back(asked, error="access_denied")
            return
        code = secrets.token_urlsafe(16)
        self.server.codes[code] = asked
        self._send_back(asked, code=code)

    def _send_back(self, asked: dict[str, str], **answer: str) -> None:
        self.send_response(302)
        self.send_header("Location", f"{asked['redirect_uri']}?{urlencode({'state': asked['state'], **answer})}")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _token(self, given: dict[str, str]) -> None:
        behaviour = self.server.behaviour
        if behaviour["sends_on_to"]:
            self.send_response(307)
            self.send_header("Location", behaviour["sends_on_to"])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        if behaviour["token_status"] != 200:
            self._say({}, behaviour["token_status"])
            return
        asked = self.server.codes.pop(given.get("code", ""), None)
        if self.headers.get("Authorization") != f"Basic {_encoded(f'{CLIENT}:{SECRET}')}":
            self._say({"error": "invalid_client"}, 401)
        elif asked is None or not _is_continued(asked, given):
            self._say({"error": "invalid_grant"}, 400)
        else:
            answer = {"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "expires_in": 3600}
            self._say(answer | ({} if "id_token" in behaviour["without"] else {"id_token": self._id_token(asked)}))

    def _id_token(self, asked: dict[str, str]) -> str:
        now = int(time.time())
        claims = {
            "iss": self.server.issuer,
            "aud": CLIENT,
            "sub": "1",
            "iat": now,
            "exp": now + 3600,
            "nonce": asked["nonce"],
            "email_verified": True,
        }
        claims |= self.server.behaviour["claims"]
        shift = claims.pop("shift", 0)
        claims |= {"iat": claims["iat"] + shift, "exp": claims["exp"] + shift}
        for name in self.server.behaviour["without"]:
            claims.pop(name, None)
        by = self.server.behaviour["signed_by"]
        if by == "secret":
            return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET), algorithms=["HS256"])
        if by == "nobody":
            return f"{_part({'alg': 'none'})}.{_part(claims)}."
        key = self.server.keys[by]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key)

    def _published(self) -> list[RSAKey]:
        """A key is published when it is first signed with, and not before."""
        names = ("first", "second") if self.server.behaviour["signed_by"] == "second" else ("first",)
        return [self.server.keys[name] for name in names]

    def _say(self, what: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(what).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _new_key(kid: str) -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})


def _is_continued(asked: dict[str, str], given: dict[str, str]) -> bool:
    is_same_browser = _challenge(given.get("code_verifier", "")) == asked["code_challenge"]
    return is_same_browser and given.get("redirect_uri") == asked["redirect_uri"]


def _challenge(verifier: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


if __name__ == "__main__":
    provider = Provider()
    print(provider.server_address[1], flush=True)
    try:
        provider.serve_forever()
    except KeyboardInterrupt:
        sys.exit(0)
