"""Signing in with a real OpenID provider over HTTP: honest, mistaken, malicious and gone."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from governance.config import Config, model
from tests.support.openid_provider import CLIENT, SECRET
from tests.web.conftest import ADDRESS, Pages, config_for
from tests.web.scenes import ADMIN, CHAIR, SLUG, Scene
from web import create_app, throttling

PROJECT = Path(__file__).parents[2]
DOMAIN = "example.com"
TOLD_TO_USE_ANOTHER = "Use the account that you are invited with"


@dataclass(slots=True)
class Provider:
    issuer: str
    process: subprocess.Popen[str]

    def behaves(self, **otherwise: Any) -> None:
        body = json.dumps(otherwise).encode()
        with urllib.request.urlopen(f"{self.issuer}/behave", body, timeout=10):  # noqa: S310
            pass

    def vouches_for(self, address: str, **claims: Any) -> None:
        self.behaves(claims={"email": address, "hd": DOMAIN} | claims)

    def asked(self) -> dict[str, int]:
        with urllib.request.urlopen(f"{self.issuer}/asked", timeout=10) as answer:  # noqa: S310
            return dict(json.load(answer))


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    command = [sys.executable, "-m", "tests.support.openid_provider"]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Provider(f"http://127.0.0.1:{int(process.stdout.readline())}", process)
        process.kill()


@pytest.fixture
def provider(running_provider: Provider) -> Provider:
    running_provider.vouches_for(CHAIR)
    return running_provider


@pytest.fixture
def google(provider: Provider, scene: Scene) -> Pages:
    scene.adopt()
    return pages_with(config_with(provider.issuer), scene)


def config_with(issuer: str, address: str = ADDRESS, domain: str | None = DOMAIN) -> Config:
    settings = model.GoogleSignIn(client_id=CLIENT, client_secret=SECRET, issuer=issuer, hosted_domain=domain)
    return replace(config_for(address), sign_in=model.SignIn(google=settings))


def pages_with(config: Config, scene: Scene) -> Pages:
    return Pages(create_app(config, scene.database, clock=lambda: scene.now), scene)


def test_whoever_is_known_is_signed_in_and_led_to_the_page_they_wanted(google: Pages, provider: Provider) -> None:
    browser = google.browser()

    answer = sign_in(browser, wanted=f"/m/{SLUG}")

    assert (answer.status_code, answer.headers["Location"]) == (303, f"/m/{SLUG}")
    assert browser.get(f"/m/{SLUG}").status_code == 200
    assert "Signed in with Google" in browser.get("/sessions").text


def test_google_is_asked_the_strict_way(google: Pages, provider: Provider) -> None:
    asked = query_of(google.browser().get("/sign-in/google").headers["Location"])

    assert (asked["response_type"], asked["code_challenge_method"], asked["hd"]) == ("code", "S256", DOMAIN)
    assert asked["redirect_uri"] == f"{ADDRESS}/sign-in/google/callback"
    assert len(asked["nonce"]) >= 20
    assert len(asked["state"]) >= 20
    assert set(asked["scope"].split()) == {"openid", "email"}


def test_the_way_back_is_the_configured_one_whatever_the_host_header_says(google: Pages) -> None:
    answer = google.browser().get("/sign-in/google", headers={"Host": "127.0.0.1:9"})

    assert query_of(answer.headers["Location"])["redirect_uri"] == f"{ADDRESS}/sign-in/google/callback"


def test_what_the_browser_keeps_on_the_way_is_gone_afterwards(google: Pages) -> None:
    browser = google.browser()
    going = browser.get("/sign-in/google")
    kept = next(one for one in going.headers.getlist("Set-Cookie") if one.startswith("provider="))

    sign_in(browser)

    assert all(word in kept for word in ("HttpOnly", "SameSite=Lax", "Path=/", "Expires="))
    assert browser.get_cookie("provider") is None


def test_on_https_all_cookies_are_bound_to_this_very_host(provider: Provider, scene: Scene) -> None:
    scene.adopt()
    base = "https://meetings.example.com"
    browser = pages_with(config_with(provider.issuer, base), scene).browser()
    going = browser.get("/sign-in/google", base_url=base)

    back = browser.get(own_address(going, base), base_url=base)

    cookies = going.headers.getlist("Set-Cookie") + back.headers.getlist("Set-Cookie")
    assert {one.split("=", 1)[0] for one in cookies} == {"__Host-provider", "__Host-governance"}
    assert all("Secure" in one and "HttpOnly" in one and "Domain" not in one for one in cookies)


def test_an_administrator_signed_in_with_google_is_one(google: Pages, provider: Provider) -> None:
    provider.vouches_for(ADMIN)
    browser = google.browser()

    sign_in(browser)

    assert browser.get(f"/m/{SLUG}").status_code == 200


def test_the_session_that_the_browser_had_before_ends(google: Pages) -> None:
    browser = google.browser()
    sign_in(browser)
    before = browser.get_cookie("governance")
    assert before is not None

    sign_in(browser)

    thief = google.browser()
    thief.set_cookie("governance", before.value)
    assert thief.get("/").status_code == 401
    assert browser.get(f"/m/{SLUG}").status_code == 200


@pytest.mark.parametrize("way", ["none at all", "forged", "of another browser", "without a code", "old"])
def test_a_state_that_this_browser_was_not_given_is_refused_and_google_not_asked(
    google: Pages, provider: Provider, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, other = google.browser(), google.browser()
    back = own_address(browser.get("/sign-in/google"))
    before = provider.asked().get("/token", 0)
    if way == "none at all":
        back = "/sign-in/google/callback"
    elif way == "forged":
        back = back.replace("state=", "state=x")
    elif way == "of another browser":
        browser = other
    elif way == "without a code":
        back = "/sign-in/google/callback?state=" + query_of(back)["state"][:-1]
    else:
        later = time.time() + 601
        monkeypatch.setattr(time, "time", lambda: later)

    answer = browser.get(back)

    assert answer.status_code == 400
    assert "Start again" in answer.text
    assert provider.asked().get("/token", 0) == before
    assert_nobody_is_signed_in(google, browser)


def test_looking_at_the_way_back_alone_signs_nobody_in(google: Pages) -> None:
    browser = google.browser()
    back = own_address(browser.get("/sign-in/google"))

    assert browser.head(back).status_code == 405
    assert_nobody_is_signed_in(google, browser)


def test_a_code_works_once(google: Pages, provider: Provider) -> None:
    """Somebody copied address and cookie on the way back, and comes second."""
    browser, thief = google.browser(), google.browser()
    back = own_address(browser.get("/sign-in/google"))
    kept = browser.get_cookie("provider")
    assert kept is not None
    thief.set_cookie("provider", kept.value)
    assert browser.get(back).status_code == 303

    answer = thief.get(back)

    assert answer.status_code == 400
    assert thief.get("/").status_code == 401


def test_the_way_back_is_used_up_by_the_first_who_comes(google: Pages) -> None:
    browser = google.browser()
    back = own_address(browser.get("/sign-in/google"))
    browser.get(back)

    assert browser.get(back).status_code == 400


UNBELIEVABLE: dict[str, dict[str, Any]] = {
    "another nonce": {"claims": {"nonce": "another"}},
    "no nonce": {"without": ["nonce"]},
    "another client": {"claims": {"aud": "somebody-else"}},
    "another client, through us": {"claims": {"aud": "somebody-else", "azp": CLIENT}},
    "no audience": {"without": ["aud"]},
    "another issuer": {"claims": {"iss": "https://accounts.example.net"}},
    "made ten minutes from now": {"claims": {"shift": 600}},
    "expired": {"claims": {"shift": -3600 - 600}},
    "never expires": {"without": ["exp"]},
    "a strange key": {"signed_by": "strange"},
    "the client's secret": {"signed_by": "secret"},
    "no signature": {"signed_by": "nobody"},
    "no ID token": {"without": ["id_token"]},
}


@pytest.mark.parametrize("what", UNBELIEVABLE)
def test_an_id_token_that_proves_nothing_signs_nobody_in(
    google: Pages, provider: Provider, what: str, caplog: pytest.LogCaptureFixture
) -> None:
    behaviour = UNBELIEVABLE[what]
    provider.behaves(**behaviour | {"claims": {"email": CHAIR, "hd": DOMAIN} | behaviour.get("claims", {})})
    browser = google.browser()

    answer = sign_in(browser)

    assert answer.status_code == 400
    assert "Start again" in answer.text
    assert "Mail me a one-time address" in answer.text
    assert_nobody_is_signed_in(google, browser)
    assert "a sign-in with Google was refused" in caplog.text


UNKNOWN: dict[str, dict[str, Any]] = {
    "an address that nobody has": {"email": "nobody@example.com"},
    "another domain": {"hd": "example.net"},
    "no domain": {"hd": None},
    "a domain that is no text": {"hd": ["example.com"]},
    "an address that was not verified": {"email_verified": False},
    "an address that is said to be verified": {"email_verified": "true"},
    "no address": {"email": None},
    "two addresses": {"email": f"{CHAIR}, {ADMIN}"},
}


@pytest.mark.parametrize("whom", UNKNOWN)
def test_everybody_whom_we_do_not_know_gets_the_same_kind_answer(google: Pages, provider: Provider, whom: str) -> None:
    expected = unknown_answer(google, provider)
    provider.vouches_for(**{"address": CHAIR} | {"email": CHAIR} | UNKNOWN[whom])
    browser = google.browser()

    answer = sign_in(browser)

    assert (answer.status_code, without_token(answer)) == (403, expected)
    assert TOLD_TO_USE_ANOTHER in answer.text
    assert "Mail me a one-time address" in answer.text
    assert_nobody_is_signed_in(google, browser)


@pytest.mark.parametrize("seconds", [-60, 60, 110])
def test_a_clock_that_differs_a_little_is_no_trouble(google: Pages, provider: Provider, seconds: int) -> None:
    provider.vouches_for(CHAIR, shift=seconds)

    assert sign_in(google.browser()).status_code == 303


def test_a_new_key_is_asked_for_when_it_is_first_used(google: Pages, provider: Provider) -> None:
    assert sign_in(google.browser()).status_code == 303
    provider.behaves(claims={"email": CHAIR, "hd": DOMAIN}, signed_by="second")

    assert sign_in(google.browser()).status_code == 303


def test_whoever_says_no_at_google_can_have_an_address_mailed(google: Pages, provider: Provider) -> None:
    provider.behaves(denies=True)

    answer = sign_in(google.browser())

    assert answer.status_code == 400
    assert "Mail me a one-time address" in answer.text


def test_what_came_with_the_address_cannot_forge_a_line_of_the_log(
    google: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    browser = google.browser()
    state = query_of(browser.get("/sign-in/google").headers["Location"])["state"]

    browser.get(
        "/sign-in/google/callback", query_string={"state": state, "error": "denied\nERROR all is lost \x1b[31m"}
    )

    [record] = [one for one in caplog.records if "was refused" in one.getMessage()]
    assert record.__dict__["why"] == "deniedallislostm"


@pytest.mark.parametrize(
    "trouble", [{"token_status": 500}, {"token_status": 503}, {"sends_on_to": "http://127.0.0.1:9/"}]
)
def test_a_provider_in_trouble_is_said_with_what_to_do(
    google: Pages, provider: Provider, trouble: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    provider.behaves(**trouble)
    browser = google.browser()

    answer = sign_in(browser)

    assert_unreachable(answer)
    assert_nobody_is_signed_in(google, browser)
    assert "the sign-in provider could not be asked" in caplog.text


def test_a_provider_that_is_gone_is_said_with_what_to_do_and_left_alone_for_a_moment(scene: Scene) -> None:
    pages = pages_with(config_with("http://127.0.0.1:9"), scene)

    begun = time.monotonic()
    answers = [pages.browser().get("/sign-in/google") for _ in range(20)]

    for answer in answers:
        assert_unreachable(answer)
    assert time.monotonic() - begun < 5


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://accounts.example.net"},
        {"token_endpoint": "https://evil.example/token"},
        {"token_endpoint": None},
        {"jwks_uri": "ftp://127.0.0.1/"},
    ],
)
def test_a_provider_that_describes_another_is_not_believed(
    provider: Provider, scene: Scene, said: dict[str, Any]
) -> None:
    provider.behaves(describes_itself=said)

    answer = pages_with(config_with(provider.issuer), scene).browser().get("/sign-in/google")

    assert_unreachable(answer)


def test_without_a_configuration_there_is_no_google(pages: Pages) -> None:
    browser = pages.browser()

    assert browser.get("/sign-in/google").status_code == 404
    assert browser.get("/sign-in/google/callback?state=x&code=y").status_code == 404
    assert "Sign in with Google" not in browser.get("/sign-in").text


def test_coming_back_too_often_is_refused_for_a_while(google: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "RETURNING", replace(throttling.RETURNING, limit=2))
    browser = google.browser()

    answers = [sign_in(browser) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [303, 303, 429]
    assert answers[-1].headers["Retry-After"] == "900"
    google.scene.now += timedelta(minutes=15)
    assert sign_in(browser).status_code == 303


def sign_in(browser: FlaskClient, wanted: str | None = None) -> TestResponse:
    query = {"next": wanted} if wanted else None
    return browser.get(own_address(browser.get("/sign-in/google", query_string=query)))


def own_address(going: TestResponse, base: str = ADDRESS) -> str:
    """Where the provider sends the browser back to."""
    assert going.status_code == 303, going.text
    back = requests.get(going.headers["Location"], allow_redirects=False, timeout=10).headers["Location"]
    assert back.startswith(f"{base}/sign-in/google/callback?")
    return back.removeprefix(base)


def query_of(address: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def unknown_answer(google: Pages, provider: Provider) -> bytes:
    provider.vouches_for("stranger@example.com")
    return without_token(sign_in(google.browser()))


def without_token(answer: TestResponse) -> bytes:
    before, _, after = answer.data.partition(b'name="csrf" value="')
    return before + after[43:]


def assert_unreachable(answer: TestResponse) -> None:
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "Have a one-time address mailed to you" in answer.text
    assert "Mail me a one-time address" in answer.text


def assert_nobody_is_signed_in(pages: Pages, browser: FlaskClient) -> None:
    assert browser.get("/").status_code == 401
    with pages.scene.database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM web_session")).scalar() == 0
