"""Every page has a mark, and who shows the present one is answered 304: nothing is rendered, nor kept by anybody.

    the same request, nothing written since   → 304 before a session is even looked for      (SQLite)
    a stamp of what the page shows, unchanged → 304 before anything is read                  (the pages that say so)
    rendered, and byte for byte the same      → 304 instead of the same page once more       (every page)

The mark of a page is of its bytes, or of a stamp with everything else that makes it: the form token of the session,
the rights of the reader, the minute by which times are told. So nobody's page is ever taken for somebody else's.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any
from urllib.parse import quote_from_bytes
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, Response, g, request

from governance.database_mark import Mark
from web import assets
from web.site import EXTENSION, Site, site, viewer

PLACEHOLDER = "mark-of-this-page-000000000000"
"""Stands in a page for its own mark, which is only known when the page is finished."""

_KEPT = 4096
_LENGTH = 20
_MARK, _KEY, _BEGUN = "governance.mark", "governance.key", "governance.begun"
_READING = frozenset({"GET", "HEAD"})
_OF_THE_BODY = frozenset({"content-length", "content-type"})

_Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Answered:
    """An answer as it was given: how the database stood before, the page's mark, and until when its words hold."""

    mark: Mark
    etag: str
    until: datetime
    headers: list[tuple[str, str]]


class Unchanged:
    """In front of the application. Keeps marks and headers, never a page."""

    def __init__(self, app: WSGIApplication, of: Site) -> None:
        self._app, self._site = app, of
        self._lock = Lock()
        self._answered: OrderedDict[_Key, _Answered] = OrderedDict()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in _READING:
            return self._app(environ, start_response)
        mark = self._site.database.mark()
        if mark is not None:
            key = _key(environ)
            shown = environ.get("HTTP_IF_NONE_MATCH")
            if shown:
                known = self._answered.get(key)
                if known and known.mark == mark and known.etag in shown and self._site.clock() < known.until:
                    start_response("304 NOT MODIFIED", list(known.headers))
                    return ()
            environ[_MARK], environ[_KEY], environ[_BEGUN] = mark, key, self._site.clock()
        return self._app(environ, start_response)

    def keep(self, environ: WSGIEnvironment, response: Response) -> None:
        """The next request that is the same is answered alike, as long as its words hold and nobody writes."""
        if _MARK not in environ:
            return
        until = _holds_until(environ[_BEGUN])
        headers = [(name, value) for name, value in response.headers if name.lower() not in _OF_THE_BODY]
        with self._lock:
            self._answered[environ[_KEY]] = _Answered(environ[_MARK], response.headers["ETag"], until, headers)
            self._answered.move_to_end(environ[_KEY])
            while len(self._answered) > _KEPT:
                self._answered.popitem(last=False)


def answer_unchanged(app: Flask) -> None:
    front = Unchanged(app.wsgi_app, app.extensions[EXTENSION])
    app.wsgi_app = front  # type: ignore[method-assign]
    app.jinja_env.globals.update(mark_of_this_page=PLACEHOLDER, here=here)

    def mark(response: Response) -> Response:
        is_marked = "viewer" in g or "etag" in g
        if not is_marked or request.method not in _READING or response.status_code not in (200, 304):
            return response
        if response.direct_passthrough:  # a file, which says itself whether it has changed
            return response
        if response.status_code == 200:
            _mark(response)
        if response.headers.get("ETag") and "Set-Cookie" not in response.headers:
            front.keep(request.environ, response)
        return response

    app.after_request(mark)


def answered_unchanged(stamp: str, of: str | None = None) -> Response | None:
    """The 304 for who has seen the page of this stamp; else the mark of it is noted for the page to come."""
    g.etag = etag_of(stamp, of)
    if not request.if_none_match.contains(g.etag):
        return None
    response = Response(status=304)
    response.set_etag(g.etag)
    return response


def answered_alike(content: str) -> Response | None:
    """The 304 for who has this very content, whoever they are and however late it is: for what needs no session."""
    made_of = f"{content}|{assets.pages_version()}".encode("utf-8", "backslashreplace")
    g.etag = hashlib.sha256(made_of).hexdigest()[:_LENGTH]
    if not request.if_none_match.contains(g.etag):
        return None
    response = Response(status=304)
    response.set_etag(g.etag)
    return response


def seen_mark() -> Mark | None:
    """The mark of what this request reads, asked for once its transaction has read something.

    None where it cannot be told: nothing marks the database, or somebody wrote since the request came.
    """
    begun: Mark | None = request.environ.get(_MARK)
    return begun if begun is not None and site().database.mark() == begun else None


def etag_of(stamp: str, of: str | None = None) -> str:
    """Of the page at this address, or of a part that several show; differs each minute, as times are told from now."""
    who = viewer()
    minute = f"{site().clock():%Y-%m-%dT%H:%M}"
    parts = (stamp, minute, who.csrf, repr(who.actor), of or here(), assets.pages_version())
    return hashlib.sha256("|".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:_LENGTH]


def here() -> str:
    """The address asked for, as it may be asked for again: query strings are bytes, and not always a text."""
    query = quote_from_bytes(request.query_string, safe="=&%+;/?:@,~!$()*-._")
    return f"{request.path}?{query}" if query else request.path


def _mark(response: Response) -> None:
    """The page's own mark is put in; who has it already is sent nothing more."""
    body: bytes = response.get_data()
    if response.headers.get("ETag") is None:
        response.set_etag(g.get("etag") or hashlib.sha256(body).hexdigest()[:_LENGTH])
    etag, _ = response.get_etag()
    if request.if_none_match.contains(etag or ""):
        response.status_code = 304
        response.set_data(b"")
        return
    response.set_data(body.replace(PLACEHOLDER.encode(), (etag or "").encode()))


def _holds_until(begun: datetime) -> datetime:
    """The end of the minute in which it was begun to be made, or that of the session where it comes before."""
    minute = begun.replace(second=0, microsecond=0) + timedelta(minutes=1)
    ends: Any = g.get("session_ends")
    return min(minute, ends) if ends else minute


def _key(environ: WSGIEnvironment) -> _Key:
    """What makes a request the same: for whom, where, what."""
    given: Callable[[str, str], str] = environ.get
    names = ("HTTP_HOST", "HTTP_COOKIE", "PATH_INFO", "QUERY_STRING", "wsgi.url_scheme", "SCRIPT_NAME")
    return tuple(given(name, "") for name in names)
