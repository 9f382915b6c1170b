"""After signing in people land on a page of ours, whatever somebody wrote into the link that brought them there."""

from __future__ import annotations

import hashlib
from urllib.parse import quote

import pytest

from governance.models import SignInLink
from governance.services.sign_in import LINK_LIFE
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import ADMIN, SLUG
from web.wanted_page import own_path, wanted_page

OURS = (f"/m/{SLUG}", f"/m/{SLUG}/next", f"/m/{SLUG}?a=b&c=/d", "/m/none", "/sessions", "/", f"/m/{SLUG}#waits")

FOREIGN = (
    *(
        "//evil.example",
        "///evil.example",
        "////evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "\\/evil.example",
    ),
    *("/\\/evil.example", "//evil.example/m/leadership", "//evil.example@localhost", "//localhost@evil.example"),
    *("http://evil.example", "https://evil.example/", "HTTP://evil.example", "http:evil.example", "http:/evil.example"),
    *("http:///evil.example", "ftp://evil.example", "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x"),
    *("vbscript:x", "evil.example", "evil.example/m/leadership", "m/leadership", "./m/leadership", "../m/leadership"),
    *("/../evil", "/./m/leadership", "/m/../../evil", "/m/leadership/../..//evil.example", "/.//evil.example"),
    *("/..//evil.example", "/m//evil.example", "/m/leadership//evil.example", "?next=//evil.example", "#//evil", ""),
    *(" //evil.example", "\t//evil.example", "\n//evil.example", "/\t/evil.example", "/\n/evil.example"),
    *("/\r/evil.example", "/m/leadership\r\nSet-Cookie: a=b", "/m/leadership\nLocation: //evil.example"),
    *("/m/leadership%0d%0aSet-Cookie:%20a=b\r\n", "/\x00/evil.example", "/\x0b/evil.example", "/\x85/evil.example"),
    *("/\u2028/evil.example", "/\uff0f/evil.example", "\uff0f\uff0fevil.example", "/\u2044evil.example", "/é", "/ a"),
    *("/sign-in", "/sign-in/anything", "/sign-in/google", "/sign-in/google/callback?state=a", "/sign-out"),
    *("/static/app.css", "/healthz", "/metrics", "/favicon.ico", "/google/notifications", "/nothing/here", "/m/"),
    *("/m/leadership/approve", "/" + "a" * 500, "/%2f/evil.example", "/%5cevil.example", "/m%2f..%2f..%2fevil"),
    *("[", "http://[", "//[::1", "/[", "https://localhost:8080@evil.example/", "http://localhost:8080/m/leadership"),
)


def test_there_are_enough_payloads() -> None:
    assert len(set(FOREIGN)) >= 60


@pytest.mark.parametrize("given", OURS)
def test_a_path_of_ours_is_kept(pages: Pages, given: str) -> None:
    with pages.app.app_context():
        assert own_path(given) == given


@pytest.mark.parametrize("given", FOREIGN)
def test_everything_else_leads_to_the_first_page(pages: Pages, given: str) -> None:
    with pages.app.app_context():
        assert own_path(given) is None


def test_no_payload_leads_away_whichever_way_it_is_given(pages: Pages) -> None:
    """By the form, by the address of the sign-in page, or as the page on which the form was shown."""
    browser = pages.browser()
    token = csrf_of(browser.get("/sign-in").text)

    for number, given in enumerate(FOREIGN):
        # One address for each, because a link is mailed only once a minute.
        page = browser.get("/sign-in", query_string={"next": given})
        assert 'name="next"' not in page.text
        assert "evil" not in page.text
        form = {"csrf": token, "address": f"p{number}@example.com", "next": given}
        asked = browser.post("/sign-in", data=form, environ_overrides={"REMOTE_ADDR": f"192.0.2.{number}"})
        assert asked.status_code == 200


@pytest.mark.parametrize("given", ["//evil.example", "/m/leadership\r\nSet-Cookie: a=b", "/sign-in", "", "/nothing"])
def test_a_link_that_was_made_to_lead_away_does_not(pages: Pages, given: str) -> None:
    """The last word is that of the moment in which somebody is led on."""
    browser = pages.browser()
    token = csrf_of(browser.get("/sign-in").text)
    path = link_leading_to(pages, given)

    answer = browser.post(path, data={"csrf": token})

    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "a=b" not in str(answer.headers)


@pytest.mark.parametrize("referrer", ["http://evil.example/m/leadership", "http://[", "x", "http://localhost:99/m/a"])
def test_only_our_own_pages_are_come_back_to(pages: Pages, referrer: str) -> None:
    with pages.app.test_request_context("/sign-in", method="POST", headers={"Referer": referrer}):
        assert wanted_page() is None


def test_the_page_that_was_wanted_is_kept_in_the_form(pages: Pages) -> None:
    wanted = f"/m/{SLUG}?a=b&c=d"

    page = pages.browser().get(f"/sign-in?next={quote(wanted)}").text

    assert f'name="next" value="{wanted.replace("&", "&amp;")}"' in page


def link_leading_to(pages: Pages, where: str) -> str:
    now, token_hash = pages.scene.now, hashlib.sha256(b"token").hexdigest()
    link = SignInLink(
        token_hash=token_hash, address=ADMIN, is_admin=True, made_at=now, expires_at=now + LINK_LIFE, leads_to=where
    )
    with pages.scene.database.writing() as session:
        session.add(link)
    return "/sign-in/token"
