"""Asking for a route as somebody, and everything of the answer that somebody could compare."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from flask import Flask
from flask.testing import FlaskClient

from governance.domain.access import Who
from tests.access.expectations import Expected
from tests.access.situation import Situation, Whose

BLANK = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True, slots=True)
class Answer:
    """Equal only if nobody can tell the two apart."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="replace") + "\n".join(f"{name}: {value}" for name, value in self.headers)


LOOKING = frozenset({"GET", "HEAD", "OPTIONS"})


@cache
def routes_of(app: Flask) -> dict[tuple[str, str], str]:
    """The address with its blanks, by endpoint and method; HEAD and OPTIONS go with every address."""
    return {
        (rule.endpoint, method): str(rule)
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def address_of(situation: Situation, key: tuple[str, str], expected: Expected, who: Who | None, whose: Whose) -> str:
    values = expected.of(situation, who, whose)
    return BLANK.sub(lambda blank: values[blank[1]], routes_of(situation.app)[key])


@dataclass(slots=True)
class Asker:
    """Somebody with a session, or with None for `who` without one."""

    situation: Situation
    who: Who | None
    browser: FlaskClient
    csrf: str

    def ask(self, key: tuple[str, str], expected: Expected, whose: Whose, method: str = "") -> Answer:
        address = address_of(self.situation, key, expected, self.who, whose)
        form = {"csrf": self.csrf, **expected.form(self.situation, self.who, whose)} if key[1] != "GET" else None
        with self.browser.open(address, method=method or key[1], data=form) as found:
            return Answer(found.status_code, tuple(found.headers.items()), found.get_data())


def asker(situation: Situation, who: Who | None) -> Asker:
    """The browser has been here before: only the first page of all gives it the token of its own (a cookie)."""
    browser, csrf = (situation.app.test_client(), "") if who is None else situation.signed_in(who)
    browser.get("/sign-in").close()
    return Asker(situation, who, browser, csrf)


@cache
def onlooker(situation: Situation, who: Who) -> Asker:
    """One who changes nothing can look at everything, and need not sign in for each page."""
    return asker(situation, who)


def visitor_of_the_demo(situation: Situation) -> Asker:
    """Knows the token of the forms from a page."""
    browser = situation.demo.test_client()
    page = browser.get(f"/m/{situation.slug(Whose.OWN)}").text
    return Asker(situation, Who.CHAIR, browser, page.split('name="csrf" value="', 1)[1].split('"', 1)[0])
