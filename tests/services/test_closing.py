"""Commitments, and the closing: number, promise and words to search for at once; two at a time get one number each."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.domain.decisions.values import Pledge, State
from governance.models import Action, Commitment, Decision, LedgerPayload
from governance.services import people, settings
from governance.services.decisions import closing, committing, rounds
from governance.services.decisions.closing import NotYet
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.store import decisions as store
from tests.support.cast import ANN, CEM, Character, on_stage
from tests.support.posted import all_rows, posted
from tests.support.to_close import AT, Made, begun, decided, decided_on, doing, filled, row_of

DISSENT = "We would have credited half"


def act(database: Database, made: Made, what: Callable[[Doing], object], **more: Any) -> None:
    with doing(database, made, **more) as one:
        what(one)


def everybody_commits(made: Made) -> Callable[[Doing], None]:
    def what(one: Doing) -> None:
        for department, seat in made.seats.items():
            committing.commit_to(one, seat, Pledge.WILL, made.people[department])

    return what


def closes(made: Made, **more: Any) -> Callable[[Doing], None]:
    return lambda one: closing.close(one, filled(one, made, **more)) and None


def pledges(database: Database) -> list[tuple[str, str, str]]:
    with database.reading() as session:
        rows = session.scalars(select(Commitment).order_by(Commitment.at, Commitment.id))
        return [(row.pledge, row.words, row.reservation) for row in rows]


# --- Commitments


def test_every_seat_says_what_it_will_do_and_who_dissents_says_so_too(sqlite_database: Database) -> None:
    made = decided(sqlite_database)
    finance, legal, sales = made.seats.values()

    act(sqlite_database, made, lambda one: committing.commit_to(one, finance, Pledge.WILL, None, reservation=DISSENT))
    act(sqlite_database, made, lambda one: committing.commit_to(one, legal, Pledge.NEEDS, None, words="A template"))
    assert row_of(sqlite_database, made).state == State.DECIDED.value
    act(sqlite_database, made, lambda one: committing.record_no_answer(one, sales))

    assert sorted(pledges(sqlite_database)) == [
        ("needs", "A template", ""),
        ("no-answer", "", ""),
        ("will", "", DISSENT),
    ]
    assert row_of(sqlite_database, made).state == State.COMMITTED.value
    with sqlite_database.reading() as session:
        assert not [one for one in session.scalars(select(LedgerPayload.body_json)) if DISSENT in str(one)]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda one, seat: committing.commit_to(one, seat, Pledge.NEEDS, None),
        lambda one, seat: committing.commit_to(one, seat, Pledge.ESCALATE, None, words=" \n"),
        lambda one, seat: committing.commit_to(one, seat, Pledge.NO_ANSWER, None),
        lambda one, seat: committing.commit_to(one, UUID(int=1), Pledge.WILL, None),
        lambda one, seat: committing.commit_to(one, seat, Pledge.WILL, None, reservation="x" * 2001),
        lambda one, seat: (committing.commit_to(one, seat, Pledge.WILL, None), committing.record_no_answer(one, seat)),
    ],
    ids=["needs nothing", "escalates nothing", "no answer", "another seat", "too long", "answered already"],
)  # fmt: skip
def test_what_is_no_commitment_changes_nothing(sqlite_database: Database, wrong: Any) -> None:
    made = decided(sqlite_database)
    before = all_rows(sqlite_database)

    with pytest.raises(DecisionRefused):
        act(sqlite_database, made, lambda one: wrong(one, made.seats["Finance"]))

    assert all_rows(sqlite_database) == before


def test_a_seat_that_was_away_is_asked_once_and_holds_nothing_up(sqlite_database: Database) -> None:
    made = decided(sqlite_database)

    for _ in range(2):
        act(sqlite_database, made, committing.ask_absent)
    act(sqlite_database, made, lambda one: closing.close(one, filled(one, made), made.seats.values()))

    [mail] = posted(sqlite_database, "commitment-asked")
    assert (mail.address, mail.facts["text"], set(mail.links)) == (CEM.address, "Credit the freight", {"commit"})
    assert row_of(sqlite_database, made).number == "D-2026-001"


def test_a_commitment_that_comes_later_is_added_to_the_closed_decision(database: Database) -> None:
    made = decided(database)
    act(database, made, lambda one: closing.close(one, filled(one, made), made.seats.values()))
    later = AT + timedelta(days=2)

    act(
        database, made, lambda one: committing.commit_to(one, made.seats["Sales"], Pledge.WILL, made.people["Sales"]),
        now=later,
    )  # fmt: skip

    assert pledges(database) == [("will", "", "")]
    assert row_of(database, made).state == State.CLOSED.value


def test_two_people_who_are_found_to_be_one_are_one_in_what_was_decided_too(database: Database) -> None:
    made = decided(database)
    act(database, made, everybody_commits(made))
    act(database, made, closes(made))

    with on_stage(database) as stage:
        stage.person(Character("A. Adler", "adler@example.com"))
        people.add_alias(stage.session, "adler@example.com", ANN.address, actor="test", now=AT)

    with database.reading() as session:
        [owner] = session.scalars(select(Decision.owner_person_id))
        promised = session.scalars(select(Action.owner_person_id)).one()
        committed = set(session.scalars(select(Commitment.person_id)))
    assert made.people["Finance"] != owner == promised
    assert owner in committed
    assert made.people["Finance"] not in committed


# --- Closing


def test_closing_gives_number_promise_and_words_to_search_for_at_once(sqlite_database: Database) -> None:
    made = decided(sqlite_database, customer="Fjordfisk")
    act(sqlite_database, made, everybody_commits(made))

    act(sqlite_database, made, closes(made))

    row = row_of(sqlite_database, made)
    with sqlite_database.reading() as session:
        promise = session.scalars(select(Action)).one()
    assert (row.state, row.number, row.text, row.customer_effect) == (
        "closed", "D-2026-001", "Credit the freight", "They need not write to us",
    )  # fmt: skip
    assert (row.review_on, row.informed) == (date(2026, 6, 2), "All seats and their sponsors")
    assert (promise.text, promise.due_on, promise.seat_id) == (row.title, row.due_on, made.seats["Finance"])
    assert {"d-2026-001", "fjordfisk", "freight", "adler"} <= set(row.search_text.split())
    assert "word" not in row.search_text  # of an interest


def test_who_was_away_hears_of_the_closing_once(sqlite_database: Database) -> None:
    made = decided(sqlite_database)
    act(sqlite_database, made, everybody_commits(made))

    act(sqlite_database, made, closes(made))

    [mail] = posted(sqlite_database, "decision-closed")
    assert (mail.address, mail.facts["number"], mail.facts["owner"]) == (CEM.address, "D-2026-001", ANN.name)


@pytest.mark.parametrize("missing", ["owner", "due_on", "teller", "read_back_at"])
def test_an_incomplete_checklist_keeps_it_open_and_writes_nothing(sqlite_database: Database, missing: str) -> None:
    made = decided(sqlite_database)
    act(sqlite_database, made, everybody_commits(made))
    before = all_rows(sqlite_database)

    with pytest.raises(NotYet, match="Complete the checklist") as refused:
        act(sqlite_database, made, closes(made, **{missing: "" if missing == "teller" else None}))

    assert [one.rule for one in refused.value.remarks] == ["D05"]
    assert all_rows(sqlite_database) == before


def test_the_chair_closes_without_an_answer_only_with_that_seat_named(sqlite_database: Database) -> None:
    made = decided(sqlite_database)
    finance, legal, sales = made.seats.values()
    for seat in (finance, legal):
        act(sqlite_database, made, lambda one, seat=seat: committing.commit_to(one, seat, Pledge.WILL, None))

    with pytest.raises(NotYet, match="Ask them"):
        act(sqlite_database, made, closes(made))
    with pytest.raises(NotYet, match="Ask them"):
        act(sqlite_database, made, lambda one: closing.close(one, filled(one, made), [legal]))
    act(sqlite_database, made, lambda one: closing.close(one, filled(one, made), [sales]))

    assert row_of(sqlite_database, made).number == "D-2026-001"
    with sqlite_database.reading() as session:
        bodies = [str(one) for one in session.scalars(select(LedgerPayload.body_json))]
    assert [one for one in bodies if re.search(r"without\W+Sales", one)]


def test_where_the_checklist_is_not_asked_for_it_closes_without_a_promise(sqlite_database: Database) -> None:
    with on_stage(sqlite_database) as stage:
        settings.set_rule_mode(stage.session, stage.meeting, "D05", "observe", actor="test", now=AT)
    made = decided(sqlite_database)
    act(sqlite_database, made, everybody_commits(made))

    act(sqlite_database, made, closes(made, owner=None))

    assert row_of(sqlite_database, made).number == "D-2026-001"
    with sqlite_database.reading() as session:
        assert session.scalars(select(Action)).all() == []


def test_numbers_begin_anew_with_the_year_of_the_meeting_s_day(sqlite_database: Database) -> None:
    """An hour before midnight in London it is next year already in Berlin."""
    moments = [datetime(2026, 12, 31, 22, 30, tzinfo=UTC), datetime(2026, 12, 31, 23, 30, tzinfo=UTC)]
    made = [decided(sqlite_database, title=f"Number {one}") for one in range(3)]
    for one, now in zip(made, [moments[0], moments[0], moments[1]], strict=True):
        due = now.date() + timedelta(days=20)
        act(
            sqlite_database, one,
            lambda doing, one=one, due=due: closing.close(doing, filled(doing, one, due_on=due), one.seats.values()),
            now=now,
        )  # fmt: skip

    assert [row_of(sqlite_database, one).number for one in made] == ["D-2026-001", "D-2026-002", "D-2027-001"]


def test_two_who_close_at_once_get_one_number_each_without_a_gap(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second is let go while the first holds its number and has not written it down yet."""
    with on_stage(database) as stage:
        made = [decided_on(stage, title=f"Number {one}") for one in range(2)]
    has_number, may_go_on, first = threading.Event(), threading.Event(), threading.Lock()
    next_seq = store.next_seq

    def stopping(session: Any, meeting_id: UUID, year: int) -> int:
        found = next_seq(session, meeting_id, year)
        if first.acquire(blocking=False):
            has_number.set()
            assert may_go_on.wait(30)
        return found

    monkeypatch.setattr(closing, "next_seq", stopping)
    failed: list[BaseException] = []

    def close(one: Made) -> None:
        try:
            with database.writing() as session:
                doing = begun(session, one)
                closing.close(doing, filled(doing, one), one.seats.values())
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=close, args=(one,)) for one in made]
    threads[0].start()
    assert has_number.wait(30)
    threads[1].start()
    threads[1].join(0.3)
    assert threads[1].is_alive(), "the second did not wait for the meeting"
    may_go_on.set()
    for one in threads:
        one.join(30)

    assert failed == []
    assert sorted(str(row_of(database, one).number) for one in made) == ["D-2026-001", "D-2026-002"]


def test_two_who_close_the_same_decision_at_once_close_it_once(database: Database) -> None:
    made = decided(database)
    both, said = threading.Barrier(2), []

    def close() -> None:
        both.wait(30)
        try:
            with database.writing() as session:
                one = begun(session, made)
                said.append(closing.close(one, filled(one, made), made.seats.values()).number)
        except DecisionRefused as refused:
            said.append(str(refused))

    threads = [threading.Thread(target=close) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert sorted(map(str, said)) == ["D-2026-001", "Look at the decision again: the decision is closed."]
    with database.reading() as session:
        assert len(session.scalars(select(Action)).all()) == 1
        assert session.scalars(select(Decision.number_seq)).all() == [1]


def test_what_was_written_down_about_one_proposal_is_gone_with_it(sqlite_database: Database) -> None:
    made = decided(sqlite_database)
    act(sqlite_database, made, lambda one: closing.keep_checklist(one, filled(one, made)))

    act(sqlite_database, made, rounds.back_to_draft)

    row = row_of(sqlite_database, made)
    assert (row.text, row.customer_effect, row.read_back_at) == ("", "", None)
