"""Requests that nobody sends by accident, by a seed: every address with parts that want to be something else."""

from __future__ import annotations

import io
import random
import re
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes

from flask import Flask

from tests.letters.hostile import texts

_METHODS = ("GET",) * 6 + ("POST",) * 8 + ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get", "PO ST", "BREW")
_ODD = (
    *("", " ", ".", "..", "../..", "%", "%00", "%ff", "%2e%2e%2f", "-1", "0", "1" * 400, "1e999", "NaN", "null", "[]"),
    *("\x00", "a\x00b", "\r\nSet-Cookie: x=1", "\ud800", "\udfff\ud800", "\N{BOM}", "\u2028", "ｊ", "İ", "ß" * 300),
    *("'", '"', "';--", "<script>", "${7*7}", "{{7*7}}", "yesterday", "2026-02-30", "0000-00-00", "99999-01-01"),
    *("9999-12-31", "0001-01-01", "on", "true", "00000000-0000-0000-0000-000000000000", "١٢", "a@b", "@", "a@\x00b.c"),
)
_TYPES = (
    *("application/x-www-form-urlencoded",) * 6,
    *("multipart/form-data; boundary=x", "multipart/form-data", "multipart/form-data; boundary=" + "b" * 500),
    *(
        "application/json",
        "text/plain; charset=utf-16",
        "application/x-www-form-urlencoded; charset=nonsense",
        "",
        "\x80",
    ),
)
_HEADERS = ("IF_NONE_MATCH", "REFERER", "ORIGIN", "USER_AGENT", "ACCEPT", "RANGE", "HX_REQUEST", "X_FORWARDED_FOR")
_FIELDS = (
    *(
        "csrf",
        "step",
        "seat",
        "shown",
        "version",
        "checksum",
        "seen",
        "mode",
        "was",
        "why",
        "text",
        "act",
        "actor",
        "day",
    ),
    *(
        "below",
        "slug",
        "what",
        "seq",
        "topic",
        "meeting",
        "address",
        "next",
        "do",
        "i_am",
        "saved",
        "token",
        "file",
        "id",
    ),
    *("email", "name", "scope", "limit", "mandate_until", "first_day", "cap", "department", "typed", "on", "person"),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as a server hands it on, in the one spelling that WSGI knows: bytes as latin-1."""

    who: str
    method: str
    path: str
    query: str
    body: bytes
    content_type: str
    headers: Mapping[str, str]
    endpoint: str


@dataclass(slots=True)
class Attacker:
    app: Flask
    known: Mapping[str, Sequence[str]]
    """What stands in real addresses and forms, by the name of the blank or the field."""
    people: Sequence[str]
    seed: int
    _chance: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)

    def request(self, tokens: Mapping[str, str]) -> Sent:
        chance, who = self._chance, self._chance.choice(self.people)
        rule = chance.choice(self._rules())
        method = chance.choice(sorted(rule.methods or ())) if chance.random() < 0.6 else chance.choice(_METHODS)
        path = re.sub(r"<(?:[a-z]+:)?([a-z_]+)>", lambda blank: self._part(blank[1]), rule.rule)
        if chance.random() < 0.05:
            path += chance.choice(("/", "//", "/..", ";x", "?", "#", "\xff", "/%2e%2e"))
        kind = chance.choice(_TYPES)
        return Sent(
            who=who,
            method=method,
            path=path.encode("utf-8", "surrogatepass").decode("latin-1"),
            query=self._pairs(tokens.get(who, "")) if chance.random() < 0.6 else "",
            body=self._body(kind, tokens.get(who, "")),
            content_type=kind,
            headers={f"HTTP_{name}": self._header() for name in _HEADERS if chance.random() < 0.1},
            endpoint=rule.endpoint,
        )

    def _rules(self) -> list[Any]:
        return sorted(
            self.app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint, sorted(one.methods or ()))
        )

    def _part(self, blank: str) -> str:
        known = self.known.get(blank, ())
        if known and self._chance.random() < 0.75:
            return self._chance.choice(known)
        return self._text()[:2000]

    def _text(self) -> str:
        chance = self._chance
        kind = chance.random()
        if kind < 0.5:
            return chance.choice(_ODD)
        if kind < 0.9:
            return chance.choice(_HOSTILE)
        return "".join(chr(chance.randrange(0x110000)) for _ in range(chance.randrange(20)))

    def _value(self, name: str) -> str:
        known = self.known.get(name, ())
        return self._chance.choice(known) if known and self._chance.random() < 0.6 else self._text()

    def _pairs(self, token: str) -> str:
        """Fields that are there, missing, given twice or ten times, with a name or a value that is none."""
        chance, found = self._chance, []
        if token and chance.random() < 0.9:
            found.append(f"csrf={token}")
        for _ in range(chance.randrange(8)):
            name = chance.choice(_FIELDS) if chance.random() < 0.95 else self._text()
            spelt = self._value(name).encode("utf-8", "surrogatepass")
            value = spelt.decode("latin-1") if chance.random() < 0.1 else quote_from_bytes(spelt)
            found += [f"{quote_from_bytes(name.encode('utf-8', 'surrogatepass'))}={value}"] * chance.choice(
                (1, 1, 1, 2, 10)
            )
        return chance.choice("&&&&;").join(found)

    def _body(self, kind: str, token: str) -> bytes:
        chance = self._chance
        if "multipart" in kind:
            parts = [("csrf", token), *((name, self._value(name)) for name in chance.sample(_FIELDS, 4))]
            return b"".join(_part_of(name, value, chance.random() < 0.2) for name, value in parts) + chance.choice(
                (b"--x--\r\n", b"", b"--x")
            )
        if chance.random() < 0.02:
            return b"seen=" + b"0" * 300_000
        if chance.random() < 0.05:
            return chance.randbytes(200)
        return self._pairs(token).encode("latin-1", "replace")

    def _header(self) -> str:
        return re.sub(r"[\r\n\0]", "", self._text())[:500].encode("utf-8", "replace").decode("latin-1")


_HOSTILE = [one[:3000] for one in texts(200)]


def _part_of(name: str, value: str, is_file: bool) -> bytes:
    file = '; filename="x.csv"' if is_file else ""
    spelt = value.encode("utf-8", "surrogatepass")
    return f'--x\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + spelt + b"\r\n"


def send(app: Flask, sent: Sent, cookie: str) -> tuple[int, bytes]:
    environ: dict[str, Any] = {
        "REQUEST_METHOD": sent.method, "PATH_INFO": sent.path, "QUERY_STRING": sent.query, "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost", "wsgi.version": (1, 0),
        "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(sent.body), "wsgi.errors": sys.stderr,
        "wsgi.multithread": True, "wsgi.multiprocess": False, "wsgi.run_once": False, "HTTP_COOKIE": cookie,
        "CONTENT_TYPE": sent.content_type, "CONTENT_LENGTH": str(len(sent.body)), "REMOTE_ADDR": "192.0.2.7",
        **sent.headers,
    }  # fmt: skip
    started: list[str] = []

    def start(status: str, headers: list[tuple[str, str]], _trouble: Any = None) -> Any:
        for name, value in headers:
            assert not re.search(r"[\r\n\0]", name + value), (name, value)
            (name + value).encode("latin-1")
        started.append(status)

    answer = app(environ, start)
    body = b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    return int(started[-1].split()[0]), body
