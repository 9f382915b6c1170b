"""The roster page is made once for all its readers: never after a write, and never of one reader for another."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from uuid import UUID

from sqlalchemy import event

from governance.services import people, sponsors
from governance.services.roster_page import RosterSource, SharedPages, Upcoming
from governance.services.roster_page.reading import page_made_of
from governance.services.roster_page.shared import MOST, holds_until
from governance.services.seats import department_named
from governance.store.meetings import meeting_by_slug
from governance.store.roster_page import Heading, StoredRoster
from tests.web.acting import PAGE, AtTheForms, words_of
from tests.web.conftest import Pages
from tests.web.scenes import CHAIR, SLUG

FAY = "fay.farah@example.com"
NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
MARK, LATER_MARK = (1, 1, 1, 1), (1, 1, 1, 2)


def source(cap: int) -> RosterSource:
    """Of a meeting that nobody sits in yet."""
    return RosterSource(Heading(UUID(int=1), "weekly", "Weekly", "Europe/Berlin", cap), StoredRoster((), ()), [])


def as_written() -> Callable[[], RosterSource]:
    """What is read is another roster at each reading, told apart by its cap."""
    numbers = count(1)
    return lambda: source(next(numbers))


def test_while_nobody_writes_the_page_is_the_same_object_and_nothing_is_read() -> None:
    shared, read = SharedPages(), as_written()

    first, again = (shared.page("weekly", MARK, NOW, read) for _ in range(2))

    assert again is first
    assert read().meeting.cap == 2


def test_after_a_write_of_something_else_it_is_read_and_still_the_same_object() -> None:
    shared = SharedPages()
    marks = (MARK, LATER_MARK, None, LATER_MARK)

    pages = [shared.page("weekly", mark, NOW, lambda: source(8)) for mark in marks]

    assert all(page is pages[0] for page in pages)


def test_after_a_write_of_it_of_another_meeting_or_without_a_mark_it_is_made_anew() -> None:
    shared, read = SharedPages(), as_written()
    asked = (("weekly", MARK), ("weekly", LATER_MARK), ("other", LATER_MARK), ("weekly", None), ("weekly", None))

    caps = [shared.page(slug, mark, NOW, read).cap for slug, mark in asked]

    assert caps == [1, 2, 3, 4, 5]


def test_it_is_made_anew_when_the_day_is_over_or_the_clock_went_back() -> None:
    midnight = datetime(2026, 11, 26, 23, tzinfo=UTC)
    for then in (midnight, NOW - timedelta(seconds=1)):
        shared, read = SharedPages(), as_written()
        shared.page("weekly", MARK, NOW, read)
        assert shared.page("weekly", MARK, midnight - timedelta(seconds=1), read).cap == 1

        assert shared.page("weekly", MARK, then, read).cap == 2


def test_it_holds_until_an_occurrence_is_over_or_the_day_where_it_is_held() -> None:
    page = page_made_of(source(8), NOW)
    tonight = datetime(2026, 11, 26, 23, tzinfo=UTC)
    soon = Upcoming(NOW, NOW, NOW + timedelta(minutes=30), date(2026, 11, 26))

    assert holds_until(page, NOW) == tonight
    assert holds_until(replace(page, upcoming=(soon,)), NOW) == soon.end
    assert holds_until(replace(page, upcoming=(replace(soon, end=tonight + timedelta(days=7)),)), NOW) == tonight


def test_only_so_many_are_kept() -> None:
    shared, read = SharedPages(), as_written()

    for number in range(MOST + 1):
        shared.page(f"meeting-{number}", MARK, NOW, read)

    assert shared.page(f"meeting-{MOST}", MARK, NOW, read).cap == MOST + 1
    assert shared.page("meeting-0", MARK, NOW, read).cap == MOST + 2


def test_the_second_look_reads_nothing_of_the_roster(lively_pages: Pages) -> None:
    browser = lively_pages.signed_in(CHAIR)
    read: list[str] = []
    event.listen(lively_pages.scene.database.engine, "after_cursor_execute", lambda *given: read.append(given[2]))

    first = browser.get(PAGE)
    of_the_roster = [one for one in read if "standing_guest" in one]
    read.clear()
    second = browser.get(PAGE)

    assert second.data == first.data
    assert len(of_the_roster) == 2
    assert not [one for one in read if "standing_guest" in one]


def test_what_another_process_writes_is_seen_at_the_next_look(lively_pages: Pages) -> None:
    browser = lively_pages.signed_in(CHAIR)
    assert "Finance" in browser.get(PAGE).text

    _in_another_process(lively_pages, "UPDATE department SET name = 'Treasury' WHERE name = 'Finance'")

    page = browser.get(PAGE).text
    assert "Treasury" in page
    assert "Finance" not in page


def test_what_is_written_while_the_page_is_read_is_seen_at_the_next_look(lively_pages: Pages) -> None:
    browser = lively_pages.signed_in(CHAIR)
    engine = lively_pages.scene.database.engine
    written: list[str] = []

    def write_in_between(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "ledger_head" in statement and not written:  # the stamp: with it the moment that the page shows has begun
            written.append(statement)
            _write(lively_pages, "UPDATE department SET name = 'Treasury' WHERE name = 'Finance'")

    event.listen(engine, "after_cursor_execute", write_in_between)

    during = browser.get(PAGE).text

    assert written
    assert "Finance" in during
    assert "Treasury" in browser.get(PAGE).text


def test_readers_with_other_rights_see_other_pages_whoever_looks_first(lively_pages: Pages) -> None:
    scene = lively_pages.scene
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        fay = people.person_named(session, FAY, "Fay Farah")
        finance = department_named(session, "Finance")
        sponsors.name_sponsor(session, meeting, finance, fay, actor="test", now=scene.now)
    sponsor, chair = AtTheForms(lively_pages.signed_in(FAY)), AtTheForms(lively_pages.signed_in(CHAIR))

    looks = [sponsor.page(), chair.page(), sponsor.page(), chair.page()]

    assert [("Tomás Vidal" in page, "<summary" in page) for page in looks] == [(False, False), (True, True)] * 2
    assert looks[0] == looks[2]
    assert ["up to EUR 250,000" in words_of(page) for page in looks] == [True] * 4


def _write(pages: Pages, statement: str) -> None:
    with sqlite3.connect(str(pages.scene.database.file)) as other:
        other.execute(statement)
    other.close()


def _in_another_process(pages: Pages, statement: str) -> None:
    program = "import sqlite3, sys; sqlite3.connect(sys.argv[1], isolation_level=None).execute(sys.argv[2])"
    subprocess.run([sys.executable, "-c", program, str(pages.scene.database.file), statement], check=True)
