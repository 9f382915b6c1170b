"""A copy is whole and harmless, and putting it back changes the database at once or not at all."""

from __future__ import annotations

import sqlite3
import stat
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from governance.backups.keeping import back_up, restore
from governance.backups.placing import placed
from governance.backups.refusals import InUse, NotABackup, NotEmpty, NotPlaced, ProgramMissing
from governance.database import Database
from governance.migrations.runner import DatabaseNewer
from governance.models import Channel, Lease, Meeting, Outbox, SignInLink, WebSession, Worker
from governance.services import workers
from governance.services.restored import mark_as_restored
from governance.store.clock import database_now
from governance.store.restored import hold_mails
from tests.backups.conftest import STATES, counted, fill, is_whole, left_beside, mails, post, slugs
from tests.support.cast import NOW, adopt_weekly
from tests.support.closed import Closed

HELD = ("held", "restored")
AFTER = {
    **{"waiting": HELD, "sending": HELD, "unclear": HELD, "held": ("held", "late")},
    **{"sent": ("sent", None), "failed": ("failed", None), "dropped": ("dropped", None)},
}


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    folder = tmp_path / "copies"
    folder.mkdir()
    return folder / "monday.backup"


def test_a_copy_leaves_the_database_as_it_is_but_for_a_word_in_the_ledger(filled: Database, copy: Path) -> None:
    before = mails(filled)

    back_up(filled, copy, may_replace=False, now=NOW)

    assert mails(filled) == before
    assert counted(filled, WebSession) == 1
    assert counted(filled, Worker) == 1
    assert is_whole(filled)


def test_a_copy_is_for_its_owner_alone_and_nothing_lies_beside_it(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)

    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert [path.name for path in copy.parent.iterdir()] == [copy.name]


def test_a_file_that_is_there_is_not_replaced_unless_it_is_asked_for(filled: Database, copy: Path) -> None:
    copy.write_text("precious")

    with pytest.raises(NotPlaced, match="Choose another name, or add --force"):
        back_up(filled, copy, may_replace=False, now=NOW)
    assert copy.read_text() == "precious"

    back_up(filled, copy, may_replace=True, now=NOW)
    assert copy.stat().st_size > 1000


def test_a_file_that_comes_into_being_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    place = tmp_path / "place"

    def late() -> None:
        with placed(place, may_replace=False) as part:
            part.write_text("ours")
            place.write_text("theirs")

    with pytest.raises(NotPlaced):
        late()
    assert (place.read_text(), left_beside(tmp_path)) == ("theirs", [])


def test_what_is_put_back_holds_every_mail_that_was_not_settled(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)
    with filled.writing() as session:
        post(session, "since", session.query(Meeting).one())

    done = restore(filled, copy, may_replace=True, now=NOW + timedelta(days=7))

    assert mails(filled) == AFTER
    assert done.marked.meetings == 1
    with filled.reading() as session:
        leased = [row.about for row in session.query(Outbox) if row.leased_by or row.leased_until]
    assert leased == []


def test_what_is_put_back_writes_to_no_invitation_until_a_person_confirms(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)

    restore(filled, copy, may_replace=True, now=NOW)

    with filled.reading() as session:
        meeting = session.query(Meeting).one()
    assert (meeting.restored_hold, meeting.dirty) == (True, True)


def test_nobody_is_signed_in_or_at_work_in_what_is_put_back(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)

    restore(filled, copy, may_replace=True, now=NOW)

    assert [counted(filled, model) for model in (WebSession, SignInLink, Worker)] == [0, 0, 0]
    with filled.reading() as session:
        lease, channel = session.query(Lease).one(), session.query(Channel).one()
    assert lease.worker_id is None
    assert lease.fence > 1000
    assert channel.renew_at == channel.asked_at


def test_the_ledger_of_what_is_put_back_is_whole_and_says_so(filled: Database, copy: Path) -> None:
    from governance.services import ledger

    back_up(filled, copy, may_replace=False, now=NOW)

    restore(filled, copy, may_replace=True, now=NOW)

    assert is_whole(filled)
    with filled.reading() as session:
        [line] = ledger.latest(session, None, 1)
    assert (line.act, line.subject, line.source) == ("database-restored", "database", "command")


def test_mails_written_before_a_person_confirms_wait_with_the_others(filled: Database, copy: Path) -> None:
    """A reminder that went out after the copy was made is written again by it: it has forgotten."""
    back_up(filled, copy, may_replace=False, now=NOW)
    restore(filled, copy, may_replace=True, now=NOW)

    with filled.writing() as session:
        meeting = session.query(Meeting).one()
        post(session, "forgotten", meeting)
        meeting.restored_hold = False
        post(session, "new", meeting)
        post(session, "site", None)

    assert {about: mails(filled)[about] for about in ("forgotten", "new", "site")} == {
        "forgotten": HELD,
        "new": ("waiting", None),
        "site": ("waiting", None),
    }


def test_a_copy_is_put_into_an_empty_database_without_being_asked(
    filled: Database, copy: Path, request: pytest.FixtureRequest
) -> None:
    new_file = f"sqlite:///{copy.parent / 'new.db'}"
    back_up(filled, copy, may_replace=False, now=NOW)
    fresh = Database(new_file if filled.file is not None else request.getfixturevalue("postgres_url"))

    done = restore(fresh, copy, may_replace=False, now=NOW)

    assert (slugs(fresh), done.kept) == ({"weekly"}, None)
    assert fresh.is_current()
    assert is_whole(fresh)
    fresh.dispose()


def test_a_database_that_is_not_empty_stays_unless_it_is_asked_for(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)
    with filled.writing() as session:
        adopt_weekly(session, slug="second", event_id="second")

    with pytest.raises(NotEmpty, match="Add --yes"):
        restore(filled, copy, may_replace=False, now=NOW)

    assert slugs(filled) == {"weekly", "second"}


def test_a_database_somebody_works_on_stays(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)
    with filled.writing() as session:
        workers.enter(session, "alive", now=database_now(session))
        adopt_weekly(session, slug="second", event_id="second")

    with pytest.raises(InUse, match=r"Stop the service first, on every machine: alive is at work on this database\."):
        restore(filled, copy, may_replace=True, now=NOW)

    assert slugs(filled) == {"weekly", "second"}


def test_the_next_session_of_a_process_that_had_it_open_sees_what_was_put_back(filled: Database, copy: Path) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)
    with filled.writing() as session:
        adopt_weekly(session, slug="second", event_id="second")
    assert slugs(filled) == {"weekly", "second"}

    restore(filled, copy, may_replace=True, now=NOW)

    assert slugs(filled) == {"weekly"}
    with filled.writing() as session:
        adopt_weekly(session, slug="third", event_id="third")
    assert slugs(filled) == {"weekly", "third"}
    assert is_whole(filled)


def test_a_copy_made_while_others_write_is_one_moment(filled: Database, copy: Path) -> None:
    """Two mails are always written together, so a copy with an odd number would be torn."""
    begun, stop = threading.Event(), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            with filled.writing() as session:
                meeting = session.query(Meeting).one()
                post(session, f"{number} a", meeting)
                post(session, f"{number} b", meeting)
            number += 1
            begun.set()

    writers = [threading.Thread(target=write) for _ in range(1)]
    for writer in writers:
        writer.start()
    try:
        assert begun.wait(30)
        copies = [copy.with_name(f"{number}.backup") for number in range(3)]
        for one in copies:
            back_up(filled, one, may_replace=False, now=NOW)
    finally:
        stop.set()
        for writer in writers:
            writer.join()

    sizes = []
    for one in copies:
        restore(filled, one, may_replace=True, now=NOW)
        assert is_whole(filled)
        sizes.append(counted(filled, Outbox))
    assert sizes[0] > len(STATES)
    assert sizes == sorted(sizes)
    assert {(size - len(STATES)) % 2 for size in sizes} == {0}


def test_marking_again_changes_nothing_but_the_ledger(filled: Database) -> None:
    with filled.writing() as session:
        first = mark_as_restored(session, act="restored", now=NOW)
    before = mails(filled)

    with filled.writing() as session:
        second = mark_as_restored(session, act="restored", now=NOW)

    assert (first.mails, second.mails) == (3, 3)
    assert mails(filled) == before


def test_the_mails_of_one_meeting_alone_are_held(filled: Database) -> None:
    with filled.writing() as session:
        meeting = session.query(Meeting).one()
        post(session, "site", None)
        held = hold_mails(session, meeting.id)

    assert held == 3
    assert mails(filled)["site"] == ("waiting", None)


@pytest.mark.parametrize("content", [b"", b"some text\n", bytes(range(256)) * 40])
def test_a_file_that_is_no_copy_changes_nothing(filled: Database, copy: Path, content: bytes) -> None:
    copy.write_bytes(content)

    with pytest.raises(NotABackup, match="Name a file that `governance backup` has written"):
        restore(filled, copy, may_replace=True, now=NOW)

    assert slugs(filled) == {"weekly"}


@pytest.mark.parametrize("kept", [0.02, 0.3, 0.6, 0.95])
def test_a_copy_that_is_cut_off_changes_nothing(filled: Database, copy: Path, kept: float) -> None:
    back_up(filled, copy, may_replace=False, now=NOW)
    whole = copy.read_bytes()
    copy.write_bytes(whole[: int(len(whole) * kept)])

    with pytest.raises(NotABackup, match=r"is damaged or cut off|is another application's"):
        restore(filled, copy, may_replace=True, now=NOW)

    assert slugs(filled) == {"weekly"}
    assert mails(filled)["waiting"] == ("waiting", None)


def test_a_copy_of_the_other_kind_of_database_is_refused(filled: Database, copy: Path) -> None:
    copy.write_bytes(b"PGDMP" + b"\0" * 100 if filled.file is not None else b"SQLite format 3\0" + b"\0" * 100)

    with pytest.raises(NotABackup, match=r"is a copy of a database of .+, and database\.url names one of"):
        restore(filled, copy, may_replace=True, now=NOW)


def test_neither_a_folder_nor_a_missing_file_is_a_copy(filled: Database, copy: Path) -> None:
    for path, why in ((copy.parent, "is a folder"), (copy, "does not exist")):
        with pytest.raises(NotABackup, match=why):
            restore(filled, path, may_replace=True, now=NOW)


def test_a_newer_schema_is_refused(filled: Database, copy: Path) -> None:
    set_version(filled, "9999")
    try:
        back_up(filled, copy, may_replace=False, now=NOW)
    except DatabaseNewer:  # the copy itself is made with a program of this version
        assert filled.file is not None
        with closing(sqlite3.connect(filled.file)) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
    set_version(filled, "0003")

    with pytest.raises(DatabaseNewer, match="Install the newer version of the program"):
        restore(filled, copy, may_replace=True, now=NOW)

    assert slugs(filled) == {"weekly"}


def test_going_back_from_a_newer_version_is_possible(filled: Database, copy: Path) -> None:
    from sqlalchemy import text

    back_up(filled, copy, may_replace=False, now=NOW)
    with filled.altering() as connection:
        connection.execute(text("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)"))
    set_version(filled, "9999")

    restore(filled, copy, may_replace=True, now=NOW)

    assert filled.is_current()
    with filled.altering() as connection:
        connection.execute(text("CREATE TABLE of_tomorrow (id INTEGER PRIMARY KEY)"))


def set_version(database: Database, number: str) -> None:
    from sqlalchemy import text

    with database.altering() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :number"), {"number": number})


class TestSqlite:
    def test_a_copy_is_marked_before_it_is_put_back(self, filled_sqlite: Database, copy: Path) -> None:
        """Somebody may put it in place by hand."""
        back_up(filled_sqlite, copy, may_replace=False, now=NOW)

        copied = Database(f"sqlite:///{copy}")

        assert mails(copied) == AFTER
        assert (counted(copied, WebSession), is_whole(copied)) == (0, True)
        copied.dispose()

    def test_the_database_before_is_kept_beside_with_all_it_had(self, filled_sqlite: Database, copy: Path) -> None:
        back_up(filled_sqlite, copy, may_replace=False, now=NOW)
        with filled_sqlite.writing() as session:
            adopt_weekly(session, slug="second", event_id="second")

        done = restore(filled_sqlite, copy, may_replace=True, now=NOW)

        assert done.kept is not None
        kept = Database(f"sqlite:///{done.kept}")
        assert (slugs(kept), mails(kept)["waiting"]) == ({"weekly", "second"}, ("waiting", None))
        kept.dispose()

    def test_a_damaged_database_gives_way_and_is_kept(self, filled_sqlite: Database, copy: Path) -> None:
        back_up(filled_sqlite, copy, may_replace=False, now=NOW)
        filled_sqlite.dispose()
        path = filled_sqlite.file
        assert path is not None
        path.write_bytes(b"damaged" * 1000)

        with pytest.raises(NotEmpty, match="which is damaged"):
            restore(filled_sqlite, copy, may_replace=False, now=NOW)
        done = restore(filled_sqlite, copy, may_replace=True, now=NOW)

        assert done.kept is not None
        assert done.kept.read_bytes() == b"damaged" * 1000
        assert slugs(filled_sqlite) == {"weekly"}

    def test_a_log_left_by_a_database_that_is_gone_is_not_taken_for_its_own(
        self, filled_sqlite: Database, copy: Path, tmp_path: Path
    ) -> None:
        back_up(filled_sqlite, copy, may_replace=False, now=NOW)
        path = filled_sqlite.file
        assert path is not None
        log = Path(f"{path}-wal").read_bytes()
        gone = tmp_path / "gone.db"
        Path(f"{gone}-wal").write_bytes(log)
        there = Database(f"sqlite:///{gone}")

        restore(there, copy, may_replace=False, now=NOW)

        assert mails(there) == AFTER
        assert is_whole(there)
        there.dispose()

    def test_another_applications_file_is_refused(self, filled_sqlite: Database, copy: Path) -> None:
        with closing(sqlite3.connect(copy)) as other:
            other.execute("CREATE TABLE recipe (name)")
            other.execute("CREATE TABLE alembic_version (version_num)")
            other.commit()

        with pytest.raises(NotABackup, match="is another application's"):
            restore(filled_sqlite, copy, may_replace=True, now=NOW)

        assert slugs(filled_sqlite) == {"weekly"}

    def test_the_database_itself_is_no_place_for_a_copy_and_no_copy(self, filled_sqlite: Database) -> None:
        path = filled_sqlite.file
        assert path is not None

        with pytest.raises(NotPlaced, match="is the database itself"):
            back_up(filled_sqlite, path, may_replace=True, now=NOW)
        with pytest.raises(NotABackup, match="is the database itself"):
            restore(filled_sqlite, path, may_replace=True, now=NOW)

    def test_a_copy_that_was_made_by_hand_can_be_put_back_too(self, filled_sqlite: Database, copy: Path) -> None:
        path = filled_sqlite.file
        assert path is not None
        filled_sqlite.dispose()
        copy.write_bytes(path.read_bytes())

        restore(filled_sqlite, copy, may_replace=True, now=NOW)

        assert mails(filled_sqlite) == AFTER


@pytest.mark.postgres
class TestPostgresql:
    def test_programs_that_are_older_than_the_server_are_refused(
        self, filled_postgresql: Database, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_program(tmp_path, "pg_dump", "echo 'pg_dump (PostgreSQL) 9.6.24'")
        monkeypatch.setenv("PGBIN", str(tmp_path))

        with pytest.raises(ProgramMissing, match=r"Install the client programs of PostgreSQL \d+ or newer.* is of"):
            back_up(filled_postgresql, copy, may_replace=False, now=NOW)

    def test_missing_programs_are_named(
        self, filled_postgresql: Database, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("PGBIN")
        monkeypatch.setenv("PATH", str(tmp_path))

        with pytest.raises(ProgramMissing, match="there is no pg_dump here"):
            back_up(filled_postgresql, copy, may_replace=False, now=NOW)

    def test_the_password_stands_on_no_command_line(
        self, filled_postgresql: Database, copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        seen = tmp_path / "seen"
        version = '[ "$1" = --version ] && echo "pg_dump (PostgreSQL) 99.1" && exit'
        said = f'{version}\necho "$@" "$PGPASSWORD" > {seen}\nexit 1'
        put_program(tmp_path, "pg_dump", said)
        put_program(tmp_path, "pg_restore", said)
        monkeypatch.setenv("PGBIN", str(tmp_path))
        url = filled_postgresql.migration_url.set(password="s3cret").render_as_string(hide_password=False)

        with_password = Database(url)
        with pytest.raises(Exception, match="it said nothing"):
            back_up(with_password, copy, may_replace=False, now=NOW)

        arguments, password = seen.read_text().rsplit(maxsplit=1)
        assert ("s3cret" in arguments, password) == (False, "s3cret")
        assert list(copy.parent.iterdir()) == []
        with_password.dispose()

    def test_what_others_may_do_is_the_same_afterwards(self, filled_postgresql: Database, copy: Path) -> None:
        from sqlalchemy import text

        def rights() -> list[tuple[str, ...]]:
            with filled_postgresql.reading() as session:
                found = session.execute(
                    text(
                        "SELECT table_name, privilege_type FROM information_schema.role_table_grants"
                        " WHERE grantee = 'clerk' ORDER BY 1, 2"
                    )
                )
                return [tuple(row) for row in found]

        with filled_postgresql.altering() as connection:
            connection.execute(text("DROP ROLE IF EXISTS clerk"))
            connection.execute(text("CREATE ROLE clerk"))
            connection.execute(text("GRANT SELECT, INSERT ON meeting, ledger_entry TO clerk"))
        before = rights()
        back_up(filled_postgresql, copy, may_replace=False, now=NOW)

        restore(filled_postgresql, copy, may_replace=True, now=NOW)

        assert rights() == before
        assert len(before) == 4
        with filled_postgresql.altering() as connection:
            connection.execute(text("DROP OWNED BY clerk"))
            connection.execute(text("DROP ROLE clerk"))

    def test_the_ledger_refuses_to_be_changed_afterwards(self, filled_postgresql: Database, copy: Path) -> None:
        from sqlalchemy import text
        from sqlalchemy.exc import IntegrityError

        back_up(filled_postgresql, copy, may_replace=False, now=NOW)
        restore(filled_postgresql, copy, may_replace=True, now=NOW)

        with pytest.raises(IntegrityError), filled_postgresql.writing() as session:
            session.execute(text("DELETE FROM ledger_entry"))

    def test_a_closed_decision_is_not_changed_afterwards_either(self, filled_postgresql: Database, copy: Path) -> None:
        from sqlalchemy import text
        from sqlalchemy.exc import IntegrityError

        Closed(filled_postgresql, "decided")
        back_up(filled_postgresql, copy, may_replace=False, now=NOW)
        restore(filled_postgresql, copy, may_replace=True, now=NOW)

        with pytest.raises(IntegrityError, match="not changed"), filled_postgresql.writing() as session:
            session.execute(text("UPDATE decision SET text = 'Another' WHERE number = 'D-2026-001'"))


@pytest.fixture
def filled_sqlite(sqlite_database: Database) -> Database:
    fill(sqlite_database)
    return sqlite_database


@pytest.fixture
def filled_postgresql(migrated_postgresql_url: str) -> Iterator[Database]:
    database = Database(migrated_postgresql_url)
    fill(database)
    yield database
    database.dispose()


def put_program(folder: Path, name: str, body: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
