"""A contact sheet of all mails for each width and scheme, to be looked at: `pictures/mails-desktop-light.png` …"""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page

from governance.mail.building import build
from governance.mail.laid_down import LaidDown, read_mail
from governance.seed.letters import examples

WIDTHS = {"desktop": 760, "phone": 375}
COLUMNS = {"desktop": 5, "phone": 8}
SCHEMES = ("light", "dark")


def take_mails(browser: Browser, folder: Path) -> None:
    mails = [read_mail(build(one.mail).content, name=one.name, at=one.mail.date) for one in examples()]
    for size, width in WIDTHS.items():
        for scheme in SCHEMES:
            page = browser.new_page(viewport={"width": width, "height": 400}, color_scheme=scheme)
            pictures = [(mail.subject, _picture(page, mail)) for mail in mails]
            page.set_viewport_size({"width": 2000, "height": 900})
            page.set_content("".join(sheet(pictures, COLUMNS[size])))
            page.screenshot(path=folder / f"mails-{size}-{scheme}.png", full_page=True)
            page.close()


def _picture(page: Page, mail: LaidDown) -> bytes:
    page.set_content(mail.html)
    return page.screenshot(full_page=True)


def sheet(pictures: Iterable[tuple[str, bytes]], columns: int) -> Iterator[str]:
    """A page of named pictures beside each other."""
    yield f"<style>body {{ display: grid; grid-template-columns: repeat({columns}, minmax(0, 1fr)); gap: 12px; "
    yield "margin: 12px; align-items: start; background: #888; font: 13px sans-serif; }"
    yield "figure { margin: 0; background: #fff; color: #000; } figcaption { padding: 4px 6px; }"
    yield "img { width: 100%; display: block; }"
    yield "</style>"
    for name, picture in pictures:
        source = f"data:image/png;base64,{base64.b64encode(picture).decode()}"
        yield f'<figure><figcaption>{html.escape(name)}</figcaption><img src="{source}"></figure>'
