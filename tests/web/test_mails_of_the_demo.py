"""The mails of the demo: each kind, what was sent, and a frame in which nothing can happen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from governance.config import model
from governance.mail.building import build
from governance.seed.letters import examples
from tests.web.conftest import ADDRESS, Pages, config_for
from tests.web.scenes import SLUG, Scene, lively
from web import create_app
from web.security import CONTENT_SECURITY_POLICY


class _Demo:
    def acts(self) -> tuple[Act, ...]:
        return (Act("forward", "Forward", "Somebody passes it on."),)

    def perform(self, act_id: str, slug: str) -> None:
        raise AssertionError("only looked at")


@dataclass(frozen=True)
class Act:
    id: str
    label: str
    explanation: str


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def visitor(scene: Scene, folder: Path) -> FlaskClient:
    config = replace(config_for(), mail=replace(model.Mail(), folder=folder))
    return create_app(config, scene.database, clock=lambda: scene.now, demo=_Demo()).test_client()


def test_nothing_of_it_is_there_outside_of_the_demo(pages: Pages) -> None:
    browser = pages.signed_in()

    for path in ("/demo/mails", "/demo/mails/kinds/seat", "/demo/mails/kinds/seat/shown", "/demo/mails/sent/x"):
        assert browser.get(path).status_code == 404


def test_the_demo_leads_to_the_mails(visitor: FlaskClient, scene: Scene) -> None:
    lively(scene)

    assert 'href="/demo/mails"' in visitor.get(f"/m/{SLUG}").text


def test_every_kind_is_listed_and_can_be_read(visitor: FlaskClient) -> None:
    listed = visitor.get("/demo/mails").text

    for example in examples():
        assert f'href="/demo/mails/kinds/{example.name}"' in listed
        page = visitor.get(f"/demo/mails/kinds/{example.name}").text
        assert f'src="/demo/mails/kinds/{example.name}/shown"' in page
        assert "You get this mail because" in page or example.kind == "removed-outsider"


def test_a_frame_has_a_policy_of_its_own_and_the_page_around_it_lets_it_in(visitor: FlaskClient) -> None:
    page, frame = visitor.get("/demo/mails/kinds/seat"), visitor.get("/demo/mails/kinds/seat/shown")

    assert frame.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'; "
        "frame-ancestors 'self'; sandbox"
    )
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert frame.headers["X-Content-Type-Options"] == "nosniff"
    assert page.headers["Content-Security-Policy"] == f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    assert page.headers["X-Frame-Options"] == "DENY"


def test_before_anything_was_sent_the_page_says_what_to_do(visitor: FlaskClient) -> None:
    assert "Nothing was sent yet." in visitor.get("/demo/mails").text


def test_what_was_sent_is_listed_with_its_links_to_follow(visitor: FlaskClient, folder: Path) -> None:
    seat = next(one.mail for one in examples(public_url=ADDRESS) if one.name == "removed")
    folder.mkdir()
    (folder / "2026-11-19-abc.eml").write_bytes(build(seat).content)
    (folder / ".2026-11-19-abc.eml.part").write_bytes(b"")

    listed, page = visitor.get("/demo/mails").text, visitor.get("/demo/mails/sent/2026-11-19-abc").text

    assert listed.count('href="/demo/mails/sent/') == 1
    assert "you are no longer on the invitation" in page
    assert f'<a href="{seat.context.links["note"]}">Leave Amara Okafor a note</a>' in page
    assert "Leave Amara Okafor a note" in visitor.get("/demo/mails/sent/2026-11-19-abc/shown").text


@pytest.mark.parametrize("name", ["..%2fgovernance.db", "..", "nothing", ".2026-11-19-abc.eml"])
def test_nothing_but_a_mail_of_the_folder_is_shown(visitor: FlaskClient, folder: Path, name: str) -> None:
    folder.mkdir()
    (folder.parent / "governance.db").write_text("secret")
    (folder / "notes.txt").write_text("secret")

    assert visitor.get(f"/demo/mails/sent/{name}").status_code == 404
    assert visitor.get(f"/demo/mails/kinds/{name}").status_code == 404
