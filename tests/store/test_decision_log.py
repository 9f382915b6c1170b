"""Searching and narrowing the log, and following what took the place of what, on both databases alike."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date
from itertools import combinations

import pytest
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.decisions.searching import fold, fold_words
from governance.models import Decision, Meeting
from governance.store import decision_log as store
from governance.store.decision_chain import LONGEST, chain_question
from governance.store.decision_log import Wanted
from tests.support.decided import closed, draft, mark

TEXTS = (
    "Straße nach Süden", "İstanbul’a tren", "Café à la carte", "Жук и жаба", "日本の鉄道", "it's the driver’s",
    "100% of refunds", "snake_case words", r"C:\temp back\slash", "half/half a#b", "ﬁne ligatures", "Ünïcödé ÀÉÎ",
)  # fmt: skip
ODD = ("%", "_", "\\", "/", "'", "日", "ß", "İ", "é", "Ж")


@pytest.fixture
def meeting(database: Database) -> Meeting:
    found = Meeting(slug="weekly", name="Weekly", time_zone="UTC")
    with database.writing() as session:
        session.add(found)
        session.flush()
        for number, title in enumerate(TEXTS):
            closed(session, found, number + 1, title)
    return found


def found_by(session: Session, meeting: Meeting, text: str) -> set[str]:
    wanted = Wanted(words=fold_words(text), reads_drafts=True)
    return {row.title for row in store.closed_page(session, meeting.id, wanted, 1000)}


def test_without_words_everything_is_found(database: Database, meeting: Meeting) -> None:
    with database.reading() as session:
        assert found_by(session, meeting, " ") == set(TEXTS)


def test_each_is_found_by_every_subset_of_its_words_however_typed(database: Database, meeting: Meeting) -> None:
    with database.reading() as session:
        for title in TEXTS:
            words = title.split()
            for number in range(1, len(words) + 1):
                for some in combinations(words, number):
                    for typed in (" ".join(some), " ".join(reversed(some)), " ".join(some).upper()):
                        assert title in found_by(session, meeting, typed), typed


def test_none_is_found_by_a_word_that_it_has_not(database: Database, meeting: Meeting) -> None:
    """Also not where the database would take a letter for any other: it answers what the folded texts say."""
    chosen = random.Random(6)
    letters = [*ODD, *(letter for title in TEXTS for letter in title if letter.strip())]
    asked = [*ODD, "%%", "___", "a_b", "a%e", "\\%", "/%", *("".join(chosen.choices(letters, k=2)) for _ in range(60))]

    with database.reading() as session:
        wrong = {
            one: found
            for one in asked
            if (found := found_by(session, meeting, one)) != {title for title in TEXTS if fold(one) in fold(title)}
        }

    assert wrong == {}


def test_the_day_of_the_last_review_counts_and_nothing_that_was_superseded(
    database: Database, meeting: Meeting
) -> None:
    today = date(2026, 11, 24)
    with database.writing() as session:
        due = [closed(session, meeting, 100 + one, f"Due {one}", review_on=today) for one in range(4)]
        mark(session, due[1], "reviewed", review_on=date(2027, 2, 23))
        mark(session, due[2], "reviewed", review_on=None)
        mark(session, due[3], "superseded", later=due[0])

    with database.reading() as session:
        found = store.closed_page(
            session, meeting.id, Wanted(due_on=today, reads_drafts=True, reads_positions=True), 10
        )

    assert [row.title for row in found] == ["Due 0"]


def test_whether_it_was_kept_is_as_was_said_last(database: Database, meeting: Meeting) -> None:
    with database.writing() as session:
        one = closed(session, meeting, 100, "Turned")
        mark(session, one, "kept", at=one.at)
        mark(session, one, "not-kept")

    with database.reading() as session:
        found = {
            became: [row.title for row in store.closed_page(session, meeting.id, Wanted(became=became), 10)]
            for became in ("kept", "not-kept", "superseded")
        }

    assert found == {"kept": [], "not-kept": ["Turned"], "superseded": []}


def _titles(session: Session, decision: Decision) -> Sequence[tuple[int, str]]:
    question = chain_question(decision.id).order_by("step", Decision.number_year, Decision.number_seq)
    return [(row.step, row.title) for row in session.execute(question)]


def test_a_decision_that_superseded_nothing_is_a_chain_of_itself(database: Database, meeting: Meeting) -> None:
    with database.writing() as session:
        alone = closed(session, meeting, 100, "Alone")

        assert _titles(session, alone) == [(0, "Alone")]


def test_a_chain_leads_from_the_first_to_the_last_wherever_one_begins(database: Database, meeting: Meeting) -> None:
    with database.writing() as session:
        first, other, middle = (closed(session, meeting, 100 + one, f"No. {one}") for one in range(3))
        last = draft(session, meeting, "To come")
        mark(session, first, "superseded", later=middle)
        mark(session, other, "superseded", later=middle)
        mark(session, middle, "superseded", later=last)

        assert _titles(session, first) == [(0, "No. 0"), (1, "No. 2"), (2, "To come")]
        assert _titles(session, middle) == [(-1, "No. 0"), (-1, "No. 1"), (0, "No. 2"), (1, "To come")]
        assert _titles(session, last) == [(-2, "No. 0"), (-2, "No. 1"), (-1, "No. 2"), (0, "To come")]


def test_a_circle_that_should_not_be_ends_all_the_same(database: Database, meeting: Meeting) -> None:
    with database.writing() as session:
        one, other = (closed(session, meeting, 100 + number, f"No. {number}") for number in range(2))
        mark(session, one, "superseded", later=other)
        mark(session, other, "superseded", later=one)

        assert len(_titles(session, one)) == 2
        assert LONGEST == 50
