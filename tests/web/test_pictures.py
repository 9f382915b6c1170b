"""No page is forgotten when pictures are taken to be looked at."""

from __future__ import annotations

from tests.e2e.picture_list import NOT_PICTURED, PICTURES, SHOWS
from tests.web.conftest import Pages
from web.views import mails


def test_every_page_has_a_picture_or_a_reason_why_not(pages: Pages) -> None:
    pages.app.register_blueprint(mails.blueprint)  # those of the demo, too

    addresses = {rule.endpoint for rule in pages.app.url_map.iter_rules() if "GET" in (rule.methods or ())}

    assert addresses == SHOWS.keys() | NOT_PICTURED.keys()
    assert SHOWS.keys().isdisjoint(NOT_PICTURED)
    assert set(SHOWS.values()) <= PICTURES.keys()
