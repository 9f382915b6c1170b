# ruff: noqa: S608 – the statements are put together from this file alone
"""`verify` finds every change made behind its back and names the first entry that is not as it was written."""

import random
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from governance.database import Database
from governance.domain.ledger import (
    GENESIS,
    LedgerPosition,
    StoredEntry,
    canonical_json,
    entry_hash,
    payload_digest,
)
from governance.services import ledger
from tests.conftest import IS_SOAK
from tests.ledger.histories import NINE, a_meeting_with, a_quarter, change_by_hand, meeting, note, unguard, verify

ROUNDS = 45 if IS_SOAK else 12


@dataclass(frozen=True, slots=True)
class Quarter:
    """A written history, and its heads as somebody outside remembers them."""

    path: Path
    heads: list[LedgerPosition]

    def copy(self, to: Path) -> Path:
        shutil.copyfile(self.path, to)
        return to


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Quarter:
    path = tmp_path_factory.mktemp("quarter") / "governance.db"
    database = Database(f"sqlite:///{path.as_posix()}")
    database.migrate()
    heads = a_quarter(database)
    database.dispose()
    return Quarter(path, heads)


# Each tampers with one history and returns the chain and the number that have to be named; none where only
# "something is wrong there" can be said.
Named = tuple[str, int]
Tamper = Callable[[sqlite3.Connection, random.Random], Named]


def flip_a_character(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain, seq, identifier = _any_entry(connection, chance)
    column = chance.choice(["actor", "source", "act", "subject", "at", "payload_digest", "previous_hash", "hash"])
    old = connection.execute(f"SELECT {column} FROM ledger_entry WHERE id = ?", (identifier,)).fetchone()[0]
    where = chance.randrange(len(old))
    new = old[:where] + chr(ord(old[where]) ^ 1) + old[where + 1 :]
    connection.execute(f"UPDATE ledger_entry SET {column} = ? WHERE id = ?", (new, identifier))
    return chain, seq


def flip_a_bit_of_a_payload(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain, seq, identifier = _any_entry(connection, chance, "body_json IS NOT NULL")
    column = chance.choice(["salt", "body_json"])
    old = connection.execute(f"SELECT {column} FROM ledger_payload WHERE entry_id = ?", (identifier,)).fetchone()[0]
    raw = bytearray(old if column == "salt" else old.encode())
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    kind = "?" if column == "salt" else "CAST(? AS TEXT)"  # often no UTF-8 any more
    connection.execute(f"UPDATE ledger_payload SET {column} = {kind} WHERE entry_id = ?", (bytes(raw), identifier))
    return chain, seq


def update_a_value(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain, seq, identifier = _any_entry(connection, chance)
    column, value = chance.choice(
        [
            ("actor", "nobody"),
            ("act", b"\xff\xfe"),
            ("act", "payload-erased"),
            ("at", "yesterday"),
            ("at", "2026-01-05T09:00:00Z"),
            ("subject", ""),
            ("class", "private"),
            ("id", "0" * 32),
            ("seq", 10_000),
            ("seq", "many"),
            ("hash", b"\x00"),
        ]
    )
    connection.execute(f"UPDATE ledger_entry SET {column} = ? WHERE id = ?", (value, identifier))
    return chain, seq


def delete_an_entry(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain, seq, identifier = _any_entry(connection, chance)
    connection.execute("DELETE FROM ledger_entry WHERE id = ?", (identifier,))
    if chance.random() < 0.5:
        connection.execute("DELETE FROM ledger_payload WHERE entry_id = ?", (identifier,))
    return chain, seq


def delete_a_payload(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain, seq, identifier = _any_entry(connection, chance)
    connection.execute("DELETE FROM ledger_payload WHERE entry_id = ?", (identifier,))
    return chain, seq


def erase_a_payload_quietly(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain, seq, identifier = _any_entry(connection, chance, "body_json IS NOT NULL")
    connection.execute(
        "UPDATE ledger_payload SET salt = NULL, body_json = NULL, erased_at = '2026-01-06T09:00:00.000000Z'"
        " WHERE entry_id = ?",
        (identifier,),
    )
    return chain, seq


def insert_a_forged_entry(connection: sqlite3.Connection, chance: random.Random) -> Named:
    """Well chained to the last one; with or without moving the head."""
    chain = _any_chain(connection, chance)
    last = _entries(connection, chain)[-1]
    forged = _rechained(last, seq=last.seq + 1, previous=last.hash, actor="forger", identifier="f" * 32)
    _insert(connection, forged)
    connection.execute("UPDATE ledger_head SET hash = ? WHERE chain = ?", (forged.hash, chain))
    return chain, last.seq + 1


def swap_two_entries(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain = _any_chain(connection, chance)
    one, other = sorted(chance.sample(_entries(connection, chain), 2), key=lambda entry: entry.seq)
    move = "UPDATE ledger_entry SET seq = ? WHERE id = ?"
    connection.execute(move, (-1 + 10**6, one.id))
    connection.execute(move, (one.seq, other.id))
    connection.execute(move, (other.seq, one.id))
    return chain, one.seq


def swap_two_payloads(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain = _any_chain(connection, chance)
    whole = [entry for entry in _entries(connection, chain) if entry.body is not None]
    one, other = sorted(chance.sample(whole, 2), key=lambda entry: entry.seq)
    move = "UPDATE ledger_payload SET salt = ?, body_json = ? WHERE entry_id = ?"
    connection.execute(move, (other.salt, other.body, one.id))
    connection.execute(move, (one.salt, one.body, other.id))
    return chain, one.seq


def change_the_head(connection: sqlite3.Connection, chance: random.Random) -> Named:
    chain = _any_chain(connection, chance)
    last = _entries(connection, chain)[-1]
    way = chance.randrange(4)
    if way == 0:
        connection.execute("DELETE FROM ledger_head WHERE chain = ?", (chain,))
    if way == 1:
        connection.execute("UPDATE ledger_head SET hash = ? WHERE chain = ?", ("0" * 64, chain))
    if way == 2:
        connection.execute("UPDATE ledger_head SET meeting_id = ? WHERE chain = ?", ("0" * 32, chain))
    if way == 3:
        connection.execute("UPDATE ledger_head SET seq = seq + 1 WHERE chain = ?", (chain,))
    return chain, last.seq + (way == 3)


def cut_the_tail(connection: sqlite3.Connection, chance: random.Random) -> Named:
    """With the head set back as well: the chain agrees with itself, only the remembered head tells."""
    chain = _any_chain(connection, chance)
    entries = _entries(connection, chain)
    kept = chance.randrange(len(entries))
    for entry in entries[kept:]:
        _remove(connection, entry)
    if kept == 0 and chance.random() < 0.5:
        connection.execute("DELETE FROM ledger_head WHERE chain = ?", (chain,))
    else:
        head = (kept, entries[kept - 1].hash if kept else GENESIS, chain)
        connection.execute("UPDATE ledger_head SET seq = ?, hash = ? WHERE chain = ?", head)
    return chain, kept + 1


def write_the_chain_anew(connection: sqlite3.Connection, chance: random.Random) -> Named:
    """Everything from some entry on, hashes and head included: only the remembered head tells, at its own number."""
    chain = _any_chain(connection, chance)
    entries = _entries(connection, chain)
    start = chance.randrange(len(entries))
    previous = entries[start - 1].hash if start else GENESIS
    for entry in entries[start:]:
        _remove(connection, entry)
    for entry in entries[start:]:
        actor = "somebody-else" if entry.seq == start + 1 else entry.actor
        forged = _rechained(entry, seq=entry.seq, previous=previous, actor=actor, identifier=entry.id)
        _insert(connection, forged)
        previous = forged.hash
    connection.execute("UPDATE ledger_head SET hash = ? WHERE chain = ?", (previous, chain))
    return chain, len(entries)


TAMPERINGS: list[Tamper] = [
    flip_a_character,
    flip_a_bit_of_a_payload,
    update_a_value,
    delete_an_entry,
    delete_a_payload,
    erase_a_payload_quietly,
    insert_a_forged_entry,
    swap_two_entries,
    swap_two_payloads,
    change_the_head,
    cut_the_tail,
    write_the_chain_anew,
]


def test_an_untouched_history_raises_no_alarm(quarter: Quarter, tmp_path: Path) -> None:
    with _opened(quarter.copy(tmp_path / "copy.db")) as database:
        reports = verify(database, quarter.heads)

    assert [(report.ok, str(report.head)) for report in reports] == [(True, str(head)) for head in quarter.heads]


@pytest.mark.parametrize("tamper", TAMPERINGS)
def test_every_change_is_found_and_its_place_named(quarter: Quarter, tmp_path: Path, tamper: Tamper) -> None:
    for seed in range(ROUNDS):
        path = quarter.copy(tmp_path / f"{seed}.db")
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            unguard(connection)
            named = tamper(connection, random.Random(seed))

        with _opened(path) as database:
            reports = {report.chain: report for report in verify(database, quarter.heads)}
        path.unlink()

        chain, first_bad = named
        assert (seed, reports[chain].first_bad) == (seed, first_bad)
        assert reports[chain].problem
        unharmed = {head.chain for head in quarter.heads} - {chain}
        assert all(reports[other].ok for other in unharmed), seed


def test_without_a_remembered_head_a_cut_tail_agrees_with_itself(quarter: Quarter, tmp_path: Path) -> None:
    """Why the heads are printed in mails and exports: nothing inside the database can tell."""
    path, room = quarter.copy(tmp_path / "copy.db"), quarter.heads[-1].chain
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        unguard(connection)
        *_, kept, last = _entries(connection, room)
        _remove(connection, last)
        connection.execute("UPDATE ledger_head SET seq = ?, hash = ? WHERE chain = ?", (kept.seq, kept.hash, room))

    with _opened(path) as database:
        assert all(report.ok for report in verify(database))
        assert not all(report.ok for report in verify(database, quarter.heads))


def test_an_old_head_is_still_remembered_when_the_chain_has_grown(database: Database) -> None:
    board = a_meeting_with(database, 3)
    with database.reading() as session:
        old = ledger.head(session, board)
    with database.writing() as session:
        note(session, 4, board)

    assert [(report.ok, report.entries) for report in verify(database, old)] == [(True, 4)]


def test_a_remembered_chain_that_is_gone_altogether_is_missed(database: Database) -> None:
    remembered = LedgerPosition("site", 3, "a" * 64)

    (report,) = verify(database, remembered)

    assert (report.chain, report.entries, report.first_bad) == ("site", 0, 1)


def test_a_payload_of_no_entry_is_reported(sqlite_database: Database, tmp_path: Path) -> None:
    a_meeting_with(sqlite_database, 1)
    change_by_hand(
        tmp_path / "governance.db",
        "INSERT INTO ledger_payload (entry_id, salt, body_json) SELECT 'x', salt, body_json FROM ledger_payload",
    )

    reports = verify(sqlite_database)

    assert [(report.chain, report.ok) for report in reports if not report.ok] == [("payloads", False)]


@pytest.mark.parametrize("name", ["x'ff'", "CAST(x'ff' AS TEXT)", "'ü'"])
def test_a_chain_nobody_could_have_named_is_reported(sqlite_database: Database, tmp_path: Path, name: str) -> None:
    board = a_meeting_with(sqlite_database, 2)
    change_by_hand(tmp_path / "governance.db", f"UPDATE ledger_entry SET chain = {name} WHERE seq = 2")

    reports = {report.chain: report for report in verify(sqlite_database)}

    assert reports.pop(str(board)).first_bad == 2
    assert [report.ok for report in reports.values()] == [False]


def test_a_payload_that_came_back_is_reported(sqlite_database: Database, tmp_path: Path) -> None:
    board = a_meeting_with(sqlite_database, 3)
    path = tmp_path / "governance.db"
    with closing(sqlite3.connect(path)) as connection:
        salt, body = connection.execute("SELECT salt, body_json FROM ledger_payload ORDER BY entry_id").fetchone()
    with sqlite_database.writing() as session:
        ledger.erase(session, str(board), 1, NINE)
    change_by_hand(
        path,
        (
            "UPDATE ledger_payload SET salt = ?, body_json = ?, erased_at = NULL WHERE erased_at IS NOT NULL",
            (salt, body),
        ),
    )

    assert [report.first_bad for report in verify(sqlite_database)] == [1]


steps = st.lists(
    st.tuples(st.sampled_from(["record", "savepoint undone", "erase", "commit"]), st.integers(0, 2)), max_size=30
)


@given(steps)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_honest_history_raises_an_alarm(sqlite_database: Database, history: list[tuple[str, int]]) -> None:
    with sqlite_database.writing() as session:
        made = [meeting(f"m-{random.Random().getrandbits(64):x}") for _ in range(2)]
        session.add_all(made)
    chains = [None, *(one.id for one in made)]
    heads: list[LedgerPosition] = []
    for number, transaction in enumerate(_transactions(history)):
        with sqlite_database.writing() as session:
            for act, which in transaction:
                _live(session, act, chains[which], number)
        with sqlite_database.reading() as session:
            heads += [ledger.head(session, chain) for chain in chains]

    assert [report for report in verify(sqlite_database, heads) if not report.ok] == []


def _live(session: Any, act: str, chain: Any, number: int) -> None:
    if act == "savepoint undone":
        nested = session.begin_nested()
        note(session, number, chain)
        nested.rollback()
    elif act == "erase":
        lines = [line for line in ledger.latest(session, chain, 5) if line.erased_at is None]
        if lines:
            ledger.erase(session, lines[-1].position.chain, lines[-1].position.seq, NINE)
    else:
        note(session, number, chain)


def _transactions(history: list[tuple[str, int]]) -> Iterator[list[tuple[str, int]]]:
    transaction: list[tuple[str, int]] = []
    for act, which in history:
        if act == "commit":
            yield transaction
            transaction = []
        else:
            transaction.append((act, which))
    yield transaction


@contextmanager
def _opened(path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{path.as_posix()}")
    yield database
    database.dispose()


def _any_chain(connection: sqlite3.Connection, chance: random.Random) -> str:
    return chance.choice([row[0] for row in connection.execute("SELECT chain FROM ledger_head ORDER BY chain")])


def _any_entry(connection: sqlite3.Connection, chance: random.Random, where: str = "TRUE") -> tuple[str, int, str]:
    found = connection.execute(
        "SELECT chain, seq, id FROM ledger_entry JOIN ledger_payload ON entry_id = id"
        f" WHERE {where} ORDER BY chain, seq"
    )
    return chance.choice(found.fetchall())


def _entries(connection: sqlite3.Connection, chain: str) -> list[StoredEntry]:
    found = connection.execute(
        "SELECT id, chain, seq, at, actor, source, act, subject, class, payload_digest, previous_hash, hash,"
        " entry_id, salt, body_json, erased_at"
        " FROM ledger_entry JOIN ledger_payload ON entry_id = id WHERE chain = ? ORDER BY seq",
        (chain,),
    )
    return [StoredEntry(*row) for row in found]


def _rechained(entry: StoredEntry, *, seq: int, previous: str, actor: str, identifier: str) -> StoredEntry:
    """What a skilled forger would write: every digest and hash is right."""
    if entry.body is None:
        changed = entry
    else:
        body = canonical_json({"after": "forged", "before": None, "why": None})
        changed = entry._replace(body=body, payload_digest=payload_digest(entry.salt, body))
    changed = changed._replace(id=identifier, payload_of=identifier, seq=seq, previous_hash=previous, actor=actor)
    return changed._replace(hash=entry_hash(changed))


def _insert(connection: sqlite3.Connection, entry: StoredEntry) -> None:
    connection.execute(f"INSERT INTO ledger_entry VALUES ({','.join('?' * 12)})", entry[:12])
    connection.execute("INSERT INTO ledger_payload VALUES (?, ?, ?, ?)", entry[12:])


def _remove(connection: sqlite3.Connection, entry: StoredEntry) -> None:
    connection.execute("DELETE FROM ledger_payload WHERE entry_id = ?", (entry.id,))
    connection.execute("DELETE FROM ledger_entry WHERE id = ?", (entry.id,))
