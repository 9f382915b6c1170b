"""A one-time address by mail: for whoever has a part in a meeting, and the same answer for everybody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, text
from werkzeug.test import TestResponse

from governance.config import model
from governance.database import Database
from governance.models import Outbox, SignInLink
from governance.services import links
from governance.services.sign_in import token_of
from tests.web.conftest import Pages, config_for, csrf_of
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG, Scene, in_order
from web import create_app, throttling

KEY = config_for().site.secret_key
DELEGATE = "amara.okafor@example.com"
STRANGER = "nobody.known@example.com"


@pytest.fixture
def adopted(pages: Pages) -> Pages:
    pages.scene.adopt()
    pages.scene.roster()
    return pages


def test_asking_for_an_unknown_address_leaves_nothing_but_its_count(adopted: Pages) -> None:
    before = rows(adopted)

    ask(adopted.browser(), STRANGER)

    assert rows(adopted) == before


@pytest.mark.parametrize("address", [CHAIR, SCRIBE, DELEGATE, ADMIN, f"  {DELEGATE.upper()} "])
def test_whoever_has_a_part_gets_a_mail_that_signs_them_in(adopted: Pages, address: str) -> None:
    browser = adopted.browser()

    asked = ask(browser, address)

    [mail] = mails(adopted)
    assert asked.status_code == 200
    assert (mail.kind, mail.address) == ("sign-in", address.strip().casefold())
    path = f"/sign-in/{the_token(adopted)}"
    assert browser.post(path, data={"csrf": csrf_of(browser.get(path).text)}).status_code == 303
    assert address.strip().casefold() in browser.get("/sessions").text


def test_the_mail_names_the_link_and_the_database_has_only_its_hash(adopted: Pages) -> None:
    ask(adopted.browser(), CHAIR)

    [mail], [link] = mails(adopted), kept_links(adopted)
    assert mail.facts_json["links"] == {"sign-in": str(link.id)}
    assert token_of(link.id, KEY) not in str(rows(adopted))
    assert link.expires_at - link.made_at == timedelta(minutes=15)


def test_a_token_is_signed_with_256_bits_and_good_for_signing_in_alone(adopted: Pages) -> None:
    ask(adopted.browser(), CHAIR)
    [link] = kept_links(adopted)
    token = token_of(link.id, KEY)

    assert len(token.rpartition(".")[2]) == 43
    assert links.link_id_of(token, KEY) is None
    assert links.signed(link.id, KEY) != token
    assert token_of(link.id, "another key of the tests, long enough") != token


@pytest.mark.parametrize("change", ["", "x", "cut", "another key", "an action link"])
def test_a_token_that_is_not_quite_the_one_opens_nothing(adopted: Pages, change: str) -> None:
    ask(adopted.browser(), CHAIR)
    [link] = kept_links(adopted)
    token = the_token(adopted)
    given = {
        "": token.partition(".")[0],
        "x": token + "x",
        "cut": token[:-1],
        "another key": token_of(link.id, "another key of the tests, long enough"),
        "an action link": links.signed(link.id, KEY),
    }[change]

    assert adopted.browser().get(f"/sign-in/{given}").status_code == 410
    assert adopted.browser().get(f"/sign-in/{token}").status_code == 200


@pytest.mark.parametrize("times", [1, 2, 7])
def test_known_and_unknown_addresses_get_the_same_answer_however_often_they_are_asked_for(
    adopted: Pages, times: int
) -> None:
    browser, length = adopted.browser(), len(STRANGER)
    unknown_of_same_length = "x" * (length - len("@example.com")) + "@example.com"
    assert len(unknown_of_same_length) == length

    known = [ask_in_minutes(adopted, browser, CHAIR) for _ in range(times)][-1]
    unknown = [ask_in_minutes(adopted, browser, unknown_of_same_length) for _ in range(times)][-1]

    assert known.status_code == unknown.status_code == (200 if times < 6 else 429)
    assert known.data.replace(CHAIR.encode(), b"") == unknown.data.replace(unknown_of_same_length.encode(), b"")
    assert names(known) == names(unknown)


def test_known_and_unknown_addresses_cost_the_same_statements(database: Database) -> None:
    scene = Scene(database)
    scene.adopt()
    pages = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)
    ask(pages.browser(), ADMIN)
    browser = pages.browser()
    token = csrf_of(browser.get("/sign-in").text)
    sent = noted(database)

    browser.post("/sign-in", data={"csrf": token, "address": CHAIR})
    known = sent()
    browser.post("/sign-in", data={"csrf": token, "address": STRANGER})
    unknown = sent()

    assert len(known) > 8
    assert known == unknown


def test_asked_again_within_a_minute_no_second_mail_is_sent(adopted: Pages) -> None:
    browser = adopted.browser()
    answers = [ask(browser, CHAIR) for _ in range(4)]
    adopted.scene.now += timedelta(seconds=59)
    ask(browser, CHAIR)
    within_a_minute = len(mails(adopted))
    adopted.scene.now += timedelta(seconds=1)
    ask(browser, CHAIR)

    assert len({answer.data for answer in answers}) == 1
    assert within_a_minute == 1
    assert len(mails(adopted)) == 2


def test_nobody_can_be_sent_more_than_five_mails_while_a_link_lives(adopted: Pages) -> None:
    browser = adopted.browser()

    answers = [ask_in_minutes(adopted, browser, CHAIR) for _ in range(8)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [429] * 3
    assert len(mails(adopted)) == 5
    assert "Try again in" in answers[-1].text
    # Whoever used them up has left the person with a link that works.
    assert any(link.expires_at > adopted.scene.now for link in kept_links(adopted))
    adopted.scene.now += timedelta(seconds=int(answers[-1].headers["Retry-After"]))
    assert ask(browser, CHAIR).status_code == 200


def test_one_client_cannot_ask_for_the_addresses_of_a_whole_company(
    adopted: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "ASKING", replace(throttling.ASKING, limit=3))
    browser = adopted.browser()

    here = [ask(browser, f"person{number}@example.com").status_code for number in range(5)]
    elsewhere = ask(adopted.browser(), CHAIR, REMOTE_ADDR="192.0.2.7").status_code

    assert here == [200, 200, 200, 429, 429]
    assert elsewhere == 200


def test_a_client_that_tries_links_is_stopped(adopted: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "TRYING", replace(throttling.TRYING, limit=3))
    browser = adopted.browser()
    token = csrf_of(browser.get("/sign-in").text)

    answers = [browser.post(f"/sign-in/guess{number}", data={"csrf": token}) for number in range(5)]

    assert [answer.status_code for answer in answers] == [410, 410, 410, 429, 429]
    assert answers[-1].headers["Retry-After"] == "900"


@pytest.mark.parametrize(
    ("proxies", "forwarded", "statuses"),
    [
        (0, ["1.1.1.1", "2.2.2.2"], [200, 429]),
        (1, ["1.1.1.1", "2.2.2.2"], [200, 200]),
        (1, ["9.9.9.9, 1.1.1.1", "8.8.8.8, 1.1.1.1"], [200, 429]),
        (1, ["2001:db8::1", "2001:db8::ffff"], [200, 429]),
        (1, ["2001:db8:0:1::1", "2001:db8:0:2::1"], [200, 200]),
        (1, ["::ffff:1.1.1.1", "1.1.1.1"], [200, 429]),
    ],
)
def test_a_client_is_known_by_what_trusted_proxies_say(
    scene: Scene, proxies: int, forwarded: list[str], statuses: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttling, "ASKING", replace(throttling.ASKING, limit=1))
    config = replace(config_for(), web=model.Web(trusted_proxies=proxies))
    pages = Pages(create_app(config, scene.database, clock=lambda: scene.now), scene)

    answers = [
        ask(pages.browser(), f"p{number}@example.com", HTTP_X_FORWARDED_FOR=one) for number, one in enumerate(forwarded)
    ]

    assert [answer.status_code for answer in answers] == statuses


def test_throttles_hold_neither_addresses_nor_clients(adopted: Pages) -> None:
    ask(adopted.browser(), CHAIR, REMOTE_ADDR="192.0.2.7")

    with adopted.scene.database.reading() as session:
        kept = str(session.execute(text("SELECT * FROM throttle")).all())
    assert CHAIR not in kept
    assert "192.0.2.7" not in kept


@pytest.mark.parametrize("given", ["", "nobody", "a b@example.com", "a@b@c.example", "x" * 300 + "@example.com", "<b>"])
def test_what_is_no_address_is_said_with_what_to_enter(adopted: Pages, given: str) -> None:
    answer = ask(adopted.browser(), given)

    assert answer.status_code == 422
    assert "Enter an e-mail address like name@example.com" in answer.text
    assert "<b>" not in answer.text
    assert mails(adopted) == []


@pytest.mark.parametrize("days", [0, 2])
def test_whoever_has_left_gets_no_mail_any_more(adopted: Pages, days: int) -> None:
    with adopted.scene.database.writing() as session:
        session.execute(text("UPDATE tenure SET last_day = :day"), {"day": adopted.scene.now.date().isoformat()})
    adopted.scene.now += timedelta(days=days)

    ask(adopted.browser(), DELEGATE)

    assert len(mails(adopted)) == (0 if days else 1)


def test_links_in_mails_are_not_offered_where_they_are_switched_off(scene: Scene) -> None:
    scene.adopt()
    config = replace(config_for(), sign_in=model.SignIn(link=False))
    pages = Pages(create_app(config, scene.database, clock=lambda: scene.now), scene)
    browser = pages.browser()

    page = browser.get("/sign-in")
    browser.set_cookie("browser", "0" * 43)
    answer = browser.post("/sign-in", data={"csrf": "0" * 43, "address": CHAIR})

    assert "Mail me" not in page.text
    assert "Ask an administrator" in page.text
    assert answer.status_code == 404
    assert mails(pages) == []


def test_a_spent_link_says_how_to_get_another_with_the_form_right_there(adopted: Pages) -> None:
    ask(adopted.browser(), CHAIR)
    path = f"/sign-in/{the_token(adopted)}"
    first, second = adopted.browser(), adopted.browser()
    first.post(path, data={"csrf": csrf_of(first.get(path).text)})
    adopted.scene.now += timedelta(minutes=1)

    page = second.get(path)
    answer = second.post("/sign-in", data={"csrf": csrf_of(page.text), "address": CHAIR})

    assert page.status_code == 410
    assert answer.status_code == 200
    assert len(mails(adopted)) == 2


def test_asking_at_a_page_leads_back_to_it(pages: Pages) -> None:
    """Browsers name the page on which the form was shown; its own bytes are the same everywhere."""
    in_order(pages.scene)
    browser = pages.browser()
    page = browser.get(f"/m/{SLUG}")

    browser.post(
        "/sign-in",
        data={"csrf": csrf_of(page.text), "address": CHAIR},
        headers={"Referer": f"http://localhost/m/{SLUG}?a=b"},
    )
    path = f"/sign-in/{the_token(pages)}"
    other = pages.browser()
    used = other.post(path, data={"csrf": csrf_of(other.get(path).text)})

    assert used.headers["Location"] == f"/m/{SLUG}?a=b"


def test_two_presses_at_once_open_one_session(adopted: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    ask(adopted.browser(), CHAIR)
    path = f"/sign-in/{the_token(adopted)}"
    first, second = adopted.browser(), adopted.browser()
    forms = {one: csrf_of(one.get(path).text) for one in (first, second)}
    answers: list[int] = []
    count = throttling.count

    def count_then_lose_the_race(throttle: Any) -> None:
        """The other's press comes between the count, which has its own transaction, and the link."""
        count(throttle)
        monkeypatch.undo()
        answers.append(second.post(path, data={"csrf": forms[second]}).status_code)

    monkeypatch.setattr(throttling, "count", count_then_lose_the_race)
    answers.append(first.post(path, data={"csrf": forms[first]}).status_code)

    assert answers == [303, 410]


def test_a_link_is_built_with_the_configured_address_alone(adopted: Pages) -> None:
    browser, elsewhere = adopted.browser(), "http://127.0.0.1:1"
    token = csrf_of(browser.get("/sign-in", base_url=elsewhere).text)

    browser.post("/sign-in", data={"csrf": token, "address": CHAIR}, base_url=elsewhere)

    assert len(mails(adopted)) == 1
    assert "127.0.0.1" not in str(rows(adopted))


def ask(browser: FlaskClient, address: str, **environment: Any) -> TestResponse:
    token = csrf_of(browser.get("/sign-in").text)
    return browser.post("/sign-in", data={"csrf": token, "address": address}, environ_overrides=environment)


def ask_in_minutes(pages: Pages, browser: FlaskClient, address: str) -> TestResponse:
    pages.scene.now += timedelta(minutes=1)
    return ask(browser, address)


def mails(pages: Pages) -> list[Outbox]:
    with pages.scene.database.reading() as session:
        return session.query(Outbox).order_by(Outbox.queued_at).all()


def kept_links(pages: Pages) -> list[SignInLink]:
    with pages.scene.database.reading() as session:
        return session.query(SignInLink).all()


def the_token(pages: Pages) -> str:
    """As the mail carries it."""
    link = max(kept_links(pages), key=lambda one: one.made_at)
    return token_of(link.id, KEY)


def names(answer: TestResponse) -> list[str]:
    return [name for name, _ in answer.headers if name not in ("Date", "Content-Length", "Set-Cookie")]


def noted(database: Database) -> Callable[[], list[str]]:
    sent: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        kind = statement.split("sa_savepoint")[0]
        sent.append(kind if "SAVEPOINT" not in statement else "SAVEPOINT")

    def since() -> list[str]:
        taken, sent[:] = list(sent), []
        return taken

    return since


def rows(pages: Pages) -> dict[str, list[Any]]:
    tables = ("sign_in_link", "web_session", "outbox", "ledger_entry", "ledger_head")
    with pages.scene.database.reading() as session:
        return {one: session.execute(text(f"SELECT * FROM {one}")).all() for one in tables}  # noqa: S608
