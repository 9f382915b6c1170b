"""A small strict reader of mails, and of their HTML: whatever it does not expect is a failure.

It shares nothing with what writes the mails, nor with the parser that the product reads them back with.
"""

from __future__ import annotations

import base64
import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser

_HEADER = re.compile(r"(?P<name>[A-Za-z][A-Za-z-]*): (?P<value>.*)", re.DOTALL)
_WORD = re.compile(r"[^\W_]+(?:[.@_'’/:%?=&+#~–-]+[^\W_]+)*")
_HIDDEN = {"script", "style", "title"}


@dataclass(frozen=True, slots=True)
class Part:
    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Read:
    """`headers` as they lie in the bytes, unfolded and not decoded."""

    headers: list[tuple[str, str]]
    parts: list[Part]

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.headers]

    def header(self, wanted: str) -> str:
        [value] = [value for name, value in self.headers if name == wanted]
        return value

    def text(self, kind: str) -> str:
        [content] = [part.content for part in self.parts if part.kind == kind]
        return content.decode().replace("\r\n", "\n")


def read(content: bytes) -> Read:
    lines = content.split(b"\r\n")
    assert not any(set(line) & set(b"\r\n\0") for line in lines), "a bare line end"
    assert max(map(len, lines)) <= 998, "a line that is too long"
    headers, body = _split(content)
    return Read(headers, list(_parts(dict(headers), body)))


def _split(content: bytes) -> tuple[list[tuple[str, str]], bytes]:
    head, between, body = content.partition(b"\r\n\r\n")
    assert between, "no end of the headers"
    unfolded = re.sub(r"\r\n(?=[ \t])", "", head.decode())
    found = [_HEADER.fullmatch(line) for line in unfolded.split("\r\n")]
    assert all(found), f"no header: {unfolded!r}"
    return [(match["name"], match["value"]) for match in found if match], body


def _parts(headers: dict[str, str], body: bytes) -> Iterator[Part]:
    kind, _, parameters = headers["Content-Type"].partition(";")
    if not kind.startswith("multipart/"):
        yield Part(kind, _plain(headers["Content-Transfer-Encoding"], body))
        return
    boundary = re.search(r'boundary="([^"]+)"', parameters)
    assert boundary, "no boundary"
    before, *inner, after = re.split(rb"(?:\r\n|^)--" + re.escape(boundary[1]).encode() + rb"(?=\r\n|--)", body)
    assert (before, after) == (b"", b"--\r\n"), "text around the parts"
    for part in inner:
        inner_headers, inner_body = _split(part.removeprefix(b"\r\n"))
        yield from _parts(dict(inner_headers), inner_body)


def _plain(encoding: str, body: bytes) -> bytes:
    return quopri.decodestring(body) if encoding == "quoted-printable" else base64.b64decode(body, validate=False)


@dataclass(slots=True)
class Markup:
    """What an HTML document consists of."""

    texts: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    elements: set[str] = field(default_factory=set)
    attributes: set[str] = field(default_factory=set)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found = Markup()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.elements.add(tag)
        self.found.attributes |= {name for name, _ in attrs}
        self.found.links += [value or "" for name, value in attrs if name in ("href", "src")]
        self._hidden += tag in _HIDDEN

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in _HIDDEN

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.found.texts.append(data)


def markup(html: str) -> Markup:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.found


def words(text: str) -> set[str]:
    """Words, numbers and addresses, however they are broken into lines."""
    return set(_WORD.findall(text))


def words_of_text(text: str) -> set[str]:
    return words(re.sub(r"https?://\S+", " ", text))


def words_of_html(html: str) -> set[str]:
    return words(re.sub(r"https?://\S+", " ", " ".join(markup(html).texts)))


def links_of_text(text: str) -> set[str]:
    return set(re.findall(r"^ *(https?://\S+)$", text, re.MULTILINE))


def links_of_html(html: str) -> set[str]:
    return set(markup(html).links)
