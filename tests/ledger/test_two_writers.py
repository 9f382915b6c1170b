"""Two writers at one chain: the second waits for the first, and the chain has both, one after the other."""

import threading
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from sqlalchemy import event

from governance.database import Database
from governance.services import ledger
from tests.ledger.histories import a_meeting_with, meeting, note, verify


class Crossing:
    """Holds the first writer where its entry is about to be inserted, until the second asks for the same lock."""

    def __init__(self, database: Database) -> None:
        self.first_holds_the_lock = threading.Event()
        self.second_asks = threading.Event()
        self._second_asks_with = "BEGIN IMMEDIATE" if database.engine.dialect.name == "sqlite" else "SELECT ledger_head"
        event.listen(database.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        name = threading.current_thread().name
        if name.startswith("first") and statement.startswith("INSERT INTO ledger_entry"):
            self.first_holds_the_lock.set()
            assert self.second_asks.wait(30)
        if name.startswith("second") and " ".join(statement.split()).startswith(self._second_asks_with):
            self.second_asks.set()


@pytest.mark.parametrize("entries", [0, 3], ids=["a chain that is only starting", "a chain with entries"])
def test_two_writers_who_meet_at_the_lock_both_get_in(database: Database, entries: int) -> None:
    board = a_meeting_with(database, entries)
    crossing = Crossing(database)

    def write(number: int) -> None:
        with database.writing() as session:
            note(session, number, board)

    def write_second(number: int) -> None:
        assert crossing.first_holds_the_lock.wait(30)
        write(number)

    with ThreadPoolExecutor(1, "first") as first, ThreadPoolExecutor(1, "second") as second:
        results = [first.submit(write, 101), second.submit(write_second, 102)]
        for result in results:
            result.result(60)

    with database.reading() as session:
        lines = ledger.latest(session, board, 2)
    assert [(line.position.seq, line.after["number"]) for line in lines] == [(entries + 2, 102), (entries + 1, 101)]
    assert [report.ok for report in verify(database)] == [True]


def test_writers_with_several_chains_never_wait_for_one_another_in_a_ring(database: Database) -> None:
    with database.writing() as session:
        made = [meeting(f"meeting-{number}") for number in range(3)]
        session.add_all(made)
    chains: list[UUID | None] = [None, *(one.id for one in made)]
    together = threading.Barrier(4)

    def write(writer: int) -> None:
        turned = chains[writer:] + chains[:writer]
        together.wait(30)
        for number in range(10):
            with database.writing() as session:
                for chain in turned:
                    note(session, number, chain)

    with ThreadPoolExecutor(4) as writers:
        list(writers.map(write, range(4)))

    assert [(report.entries, report.ok) for report in verify(database)] == [(40, True)] * 4
