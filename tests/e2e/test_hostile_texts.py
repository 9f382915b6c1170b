"""Whatever somebody types into a form stays a text on every page: nothing runs and nothing is fetched."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import Page

from tests.conftest import IS_SOAK
from tests.e2e.conftest import Served
from tests.letters.hostile import scripts, texts
from tests.web.acting import AtTheForms
from tests.web.conftest import Pages, config_for
from tests.web.scenes import ADMIN, CHAIR, SLUG, with_mails_and_troubles
from web import create_app
from web.forms.every_act import EVERY_ACT

LINE, WORDS = 200, 2000


def test_no_text_of_a_form_becomes_more_than_a_text_on_any_page(serve_scene: Callable[..., Served], page: Page) -> None:
    served = serve_scene(with_mails_and_troubles)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: asked.append(f"dialog {dialog.message}"))
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    _plant(served)
    of_an_admin = ("/system", "/system/mail", "/system/ledger")
    for who, paths in ((CHAIR, (*_pages(), *_forms(served))), (ADMIN, of_an_admin)):
        page.context.clear_cookies()
        served.sign_in(page, who)
        for path in paths:
            page.goto(served.address + path)
            _is_text(page, path)
            if "/roster/" in path and page.evaluate(_FILL, _a_few()):
                page.locator("#look").click()
                _is_text(page, f"what follows {path}")
    assert [one for one in asked if not one.startswith(served.address)] == []
    assert complaints == []


def _plant(served: Served) -> None:
    """Through the forms themselves, as a chair would who has nothing better to do: as much at once as a field takes."""
    app = create_app(config_for(), served.scene.database, clock=lambda: datetime.now(UTC))
    chair = AtTheForms(Pages(app, served.scene).signed_in(CHAIR))
    line, words = _one_line(LINE), "\n".join(one for one in scripts() if one.isprintable())[:WORDS]
    chair.act("open-seat", department_=line)
    chair.act("appoint", "Marketing", email="hostile@example.com", name=_one_line(LINE, 7), scope=words)
    chair.act("deputy", "Finance", email="deputy@example.com", name=_one_line(LINE, 13))
    chair.act("visitor", email="visitor@example.com", name=_one_line(LINE, 19), reason=words[:500])
    served.scene.cycle()


def _one_line(longest: int, start: int = 0) -> str:
    found = ""
    for one in (*scripts()[start:], *scripts()):
        clean = "".join(letter for letter in one if letter.isprintable())
        if len(found) + len(clean) < longest:
            found += clean
    return found


def _a_few() -> list[str]:
    return [one for one in (*scripts(), *texts(90)) if len(one) < 300]


def _pages() -> tuple[str, ...]:
    of_a_meeting = tuple(f"/m/{SLUG}{ending}" for ending in ("", "/roster", "/rules", "/rules/I01?mode=off", "/ledger"))
    searched = (
        f"/m/{SLUG}/ledger?text=%22%3E%3Cscript%3Ewindow.hit%3D1%3C%2Fscript%3E&day=%3Cimg%20src%3Dx%3E&act=%3Cb%3E"
    )
    return ("/", *of_a_meeting, searched, "/me", "/sessions", "/preferences")


def _forms(served: Served) -> list[str]:
    app = create_app(config_for(), served.scene.database, clock=lambda: datetime.now(UTC))
    forms = AtTheForms(Pages(app, served.scene).signed_in(CHAIR))
    finance = forms.seat("Finance")
    return [
        f"/m/{SLUG}/roster/{code}{f'?seat={finance}' if act.of_seat else ''}"
        for code, act in EVERY_ACT.items()
        if code not in ("withdraw-stand-in", "end-guest", "end-acting-chair", "appoint")
    ][:: 1 if IS_SOAK else 3]


def _is_text(page: Page, where: str) -> None:
    assert page.evaluate(_MADE) == [], where


_MADE = """() => [...document.querySelectorAll(
    "iframe, object, embed, base, form[action*='evil'], a[href^='javascript:'],"
    + "main script, main style, main link, main img, main svg svg, main meta")].map((one) => one.outerHTML)
    .concat(window.hit === undefined ? [] : ['a script ran'])"""
_FILL = """(texts) => { const fields = [...document.querySelectorAll('form.asks input, form.asks textarea')]
    .filter((one) => !['hidden', 'file', 'date', 'checkbox'].includes(one.type));
    fields.forEach((one, place) => { one.value = texts[(place * 7 + location.href.length) % texts.length]; });
    return document.querySelector('#look') !== null; }"""
