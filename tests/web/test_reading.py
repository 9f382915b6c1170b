"""Looking at a page never changes a row, and costs the same whatever the size of the roster."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event, text

from governance.database import Database
from governance.models import Base
from tests.web.conftest import Pages
from tests.web.scenes import SLUG, Scene, in_order, lively, newly_adopted

PATHS = (
    *("/", f"/m/{SLUG}", f"/m/{SLUG}/live", f"/m/{SLUG}/next", "/m/none", "/healthz", "/readyz", "/sign-in"),
    *(f"/m/{SLUG}/rules", f"/m/{SLUG}/rules/I01?mode=off", f"/m/{SLUG}/ledger"),
    *("/system", "/system/mail", "/system/calendars", "/system/ledger"),
)


@pytest.mark.parametrize("prepare", [newly_adopted, in_order, lively])
def test_no_page_changes_a_row_when_it_is_looked_at(pages: Pages, prepare: object) -> None:
    prepare(pages.scene)  # type: ignore[operator]
    browser = pages.signed_in()
    before = _everything(pages.scene.database)

    for path in PATHS:
        browser.get(path, headers={"Sec-Fetch-Site": "cross-site"})
        browser.head(path)
        browser.options(path)

    assert _everything(pages.scene.database) == before


def test_the_page_takes_as_many_statements_for_50_seats_as_for_one(pages: Pages) -> None:
    scene = pages.scene
    _with_seats(scene, "one-seat", 1)
    _with_seats(scene, "fifty-seats", 50)
    browser = pages.signed_in()

    with _counting(scene.database) as few:
        assert browser.get("/m/one-seat").status_code == 200
    with _counting(scene.database) as many:
        assert browser.get("/m/fifty-seats").status_code == 200

    assert len(few) == len(many), set(many) ^ set(few)
    assert len(many) <= 30


def test_asking_for_news_in_vain_takes_three_statements_where_something_else_was_written(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in()
    etag = browser.get(f"/m/{SLUG}/live").headers["ETag"]
    pages.scene.now = pages.scene.now.replace(second=40)
    pages.scene.heartbeat()

    with _counting(pages.scene.database) as asked:
        answer = browser.get(f"/m/{SLUG}/live", headers={"If-None-Match": etag})

    assert answer.status_code == 304
    assert len(asked) == 3


def _with_seats(scene: Scene, slug: str, seats: int) -> None:
    scene.adopt(slug, slug, cap=50)
    cast = tuple((f"Department {n}", f"Delegate {n}", f"delegate.{n}.{slug}@example.com") for n in range(seats))
    scene.roster(cast, slug)
    scene.cycle(slug)
    scene.approve(slug)
    scene.cycle(slug)


def _everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    with database.reading() as session:
        return {
            name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{name}" ORDER BY 1'))]  # noqa: S608
            for name in sorted(Base.metadata.tables)
        }


@contextmanager
def _counting(database: Database) -> Iterator[list[str]]:
    """The statements that ask for rows; beginning and ending a transaction is none."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
