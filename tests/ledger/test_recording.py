"""What is recorded, when it is chained, and how it is read."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from governance.database import Database
from governance.domain.ledger import GENESIS, Confidentiality, LedgerLine, LedgerPosition
from governance.services import ledger
from tests.ledger.histories import NINE, a_meeting_with, meeting, note, verify


def test_a_transaction_that_records_nothing_leaves_the_ledger_alone(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    with database.writing() as session:
        session.add(meeting())

    assert [sent for sent in statements() if "ledger" in sent] == []
    assert verify(database) == []
    with database.reading() as session:
        assert ledger.head(session, None) == LedgerPosition("site", 0, GENESIS)


def test_an_entry_is_read_as_it_was_recorded(database: Database) -> None:
    with database.writing() as session:
        ledger.record(
            session,
            at=NINE,
            actor="chair",
            source="page",
            act="cap-set",
            subject="board",
            confidentiality=Confidentiality.OPEN,
            before={"cap": 12},
            after={"cap": 10, "by": "Zoë"},
            why="the room is small",
        )

    with database.reading() as session:
        lines, head = ledger.latest(session, None, 10), ledger.head(session, None)

    expected = LedgerLine(
        position=head,
        at=NINE,
        actor="chair",
        source="page",
        act="cap-set",
        subject="board",
        confidentiality=Confidentiality.OPEN,
        before={"cap": 12},
        after={"cap": 10, "by": "Zoë"},
        why="the room is small",
        erased_at=None,
    )
    assert lines == [expected]


def test_the_latest_lines_come_newest_first_and_of_one_chain(database: Database) -> None:
    board = a_meeting_with(database, 5)
    with database.writing() as session:
        note(session, 99)

    with database.reading() as session:
        lines = ledger.latest(session, board, 3)

    assert [(line.position.seq, line.after["number"]) for line in lines] == [(5, 4), (4, 3), (3, 2)]


def test_each_meeting_has_a_chain_of_its_own_and_the_site_one(database: Database) -> None:
    with database.writing() as session:
        board, room = meeting(), meeting("room")
        session.add_all([board, room])
        for number, which in enumerate([board.id, None, room.id, board.id]):
            note(session, number, which)

    reports = verify(database)

    assert {(report.chain, report.entries, report.ok) for report in reports} == {
        ("site", 1, True),
        (str(board.id), 2, True),
        (str(room.id), 1, True),
    }
    assert reports[0].chain == "site"
    with database.reading() as session:
        heads = [ledger.head(session, which) for which in (None, board.id, room.id)]
    assert {str(report.head) for report in reports} == set(map(str, heads))


def test_the_heads_row_is_locked_only_after_everything_else_was_written(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    board = a_meeting_with(database, 1)
    statements()

    with database.writing() as session:
        note(session, 1, board)
        session.add(meeting("late"))

    sent = statements()
    assert [_kind(one) for one in sent if _kind(one) != "other"] == [
        "INSERT INTO meeting",
        "SELECT ledger_head",
        "INSERT INTO ledger_entry",
        "INSERT INTO ledger_payload",
        "UPDATE ledger_head",
    ]


@pytest.mark.parametrize("entries", [1, 2, 50])
def test_a_chain_costs_four_statements_however_much_is_recorded(
    database: Database, statements: Callable[[], list[str]], entries: int
) -> None:
    board = a_meeting_with(database, 1)
    statements()

    with database.writing() as session:
        for number in range(entries):
            note(session, number, board)

    assert len([sent for sent in statements() if "ledger" in sent]) == 4


def test_what_a_failed_transaction_recorded_is_gone(database: Database) -> None:
    def fail_after_recording() -> None:
        with database.writing() as session:
            note(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_recording()

    assert verify(database) == []


def test_what_was_recorded_inside_a_savepoint_goes_with_it(database: Database) -> None:
    with database.writing() as session:
        note(session, 1)
        _undone(session)
        with session.begin_nested():
            note(session, 2)
            _undone(session)
            note(session, 3)

    with database.reading() as session:
        lines = ledger.latest(session, None, 10)
    assert [line.after["number"] for line in lines] == [3, 2, 1]


def test_recording_in_a_session_that_keeps_nothing_is_refused(database: Database) -> None:
    with database.reading() as session, pytest.raises(RuntimeError, match=r"Open the session with Database\.writing"):
        note(session)


@pytest.mark.parametrize("word", ["actor", "source", "act", "subject"])
def test_an_address_outside_the_payload_is_refused(database: Database, word: str) -> None:
    with (
        pytest.raises(ValueError, match=r"Put 'ada@example\.com' into before, after or why"),
        database.writing() as session,
    ):
        note(session, **{word: "ada@example.com"})


def test_what_is_changed_after_recording_is_recorded_as_it_was(database: Database) -> None:
    guests = ["ada"]
    with database.writing() as session:
        note(session, after=guests)
        guests.append("bob")

    with database.reading() as session:
        assert ledger.latest(session, None, 1)[0].after == ["ada"]


def test_an_erased_payload_is_gone_and_the_chain_still_verifies(database: Database) -> None:
    board = a_meeting_with(database, 3)
    tomorrow = NINE + timedelta(days=1)

    with database.writing() as session:
        ledger.erase(session, str(board), 2, tomorrow)

    assert [report.ok for report in verify(database)] == [True]
    with database.reading() as session:
        announced, _, erased, _ = ledger.latest(session, board, 9)
        left = session.execute(text("SELECT salt, body_json FROM ledger_payload WHERE erased_at IS NOT NULL")).all()
    assert (announced.act, announced.subject, announced.at) == ("payload-erased", "2", tomorrow)
    assert (erased.before, erased.after, erased.why, erased.erased_at) == (None, None, None, tomorrow)
    assert left == [(None, None)]


@pytest.mark.parametrize("seq", [2, 9], ids=["erased already", "never written"])
def test_a_payload_that_is_not_there_cannot_be_erased(database: Database, seq: int) -> None:
    board = a_meeting_with(database, 3)
    with database.writing() as session:
        ledger.erase(session, str(board), 2, NINE)

    with pytest.raises(ledger.NoSuchEntry, match=r"^Choose an entry that still has its payload"):  # noqa: SIM117
        with database.writing() as session:
            ledger.erase(session, str(board), seq, NINE)

    with database.reading() as session:
        assert ledger.head(session, board).seq == 4


def _undone(session: Session) -> None:
    nested = session.begin_nested()
    note(session, 1000)
    with session.begin_nested():
        note(session, 1001)
    nested.rollback()


def _kind(statement: str) -> str:
    words = " ".join(statement.split())
    for beginning in (
        "INSERT INTO meeting",
        "INSERT INTO ledger_entry",
        "INSERT INTO ledger_payload",
        "UPDATE ledger_head",
    ):
        if words.startswith(beginning):
            return beginning
    return "SELECT ledger_head" if words.startswith("SELECT ledger_head") else "other"
