"""A decision on its page: who begins one, who reads what of it, and what it asks of the database."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.models import Decision
from tests.web.acting import words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.deciding import WORDS, begin
from tests.web.once import once
from tests.web.scenes import CHAIR, SLUG, Scene

AMARA = "amara.okafor@example.com"
NEW = f"/m/{SLUG}/decisions/new"


@once
def _a_meeting(scene: Scene) -> None:
    scene.adopt()
    scene.roster()
    scene.cycle()


@pytest.fixture
def pages(pages: Pages) -> Pages:
    _a_meeting(pages.scene)
    return pages


def test_a_draft_without_a_title_is_not_begun_and_what_was_typed_is_kept(pages: Pages) -> None:
    amara = pages.signed_in(AMARA)

    answer = amara.post(NEW, data={"csrf": csrf_of(amara.get(NEW).text), "question": "Who answers?"})

    assert answer.status_code == 422
    assert "Mend one thing, then go on" in answer.text
    assert "Who answers?" in answer.text
    with pages.scene.database.reading() as session:
        assert session.scalars(select(Decision)).all() == []


def test_a_delegate_begins_a_draft_for_their_seat_and_everybody_with_a_seat_reads_it(pages: Pages) -> None:
    amara = pages.signed_in(AMARA)
    form = {"csrf": csrf_of(amara.get(NEW).text), "title": WORDS.title, "question": WORDS.question, "customer": "All"}

    answer = amara.post(NEW, data=form)

    assert answer.status_code == 303
    page = words_of(pages.signed_in("anna.meier@example.com").get(answer.headers["Location"]).text)
    assert WORDS.title in page
    assert WORDS.question in page
    assert "Draft" in page
    assert "Brought by Finance" in page


def test_who_has_no_seat_finds_no_draft(pages: Pages) -> None:
    draft = begin(pages.scene)
    pages.scene.deputy("Finance", "Jonas Weber", "jonas.weber@example.com")

    answer = pages.signed_in("jonas.weber@example.com").get(f"/m/{SLUG}/decisions/{draft}")

    assert answer.status_code == 404


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """That of the pages: `statements` listens to it."""
    return sqlite_database


def test_the_page_asks_at_most_six_things_of_the_database(pages: Pages, statements: Callable[[], list[str]]) -> None:
    draft, chair = begin(pages.scene), pages.signed_in(CHAIR)
    statements()

    answer = chair.get(f"/m/{SLUG}/decisions/{draft}")

    assert answer.status_code == 200
    assert 4 < len([one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))]) <= 2 + 6
