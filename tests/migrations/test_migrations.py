"""From an empty database to the current schema, whoever starts first, and never back behind a newer program."""

import stat
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    MetaData,
    String,
    Uuid,
    bindparam,
    create_engine,
    inspect,
    select,
    text,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from governance.database import (
    Database,
    DatabaseNewer,
    DatabaseUnavailable,
    _check_references,
    _migration_engine,
    _understood,
)
from governance.migrations import runner
from governance.models import Calendar, MeasureValue, whole_metadata
from tests.ledger.histories import a_meeting_with, verify

ENTRY_TRIGGERS = {"ledger_entry_no_delete", "ledger_entry_no_update"}
PAYLOAD_TRIGGERS = {"ledger_payload_no_delete", "ledger_payload_only_erased"}
ALL_TRIGGERS = {
    "sqlite": ENTRY_TRIGGERS | PAYLOAD_TRIGGERS | {"ledger_entry_no_replace", "ledger_payload_no_replace"},
    "postgresql": ENTRY_TRIGGERS | PAYLOAD_TRIGGERS | {"ledger_entry_no_truncate", "ledger_payload_no_truncate"},
}


@pytest.fixture
def described(migrated_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database of the same engine as `database`, made by the models alone, without a migration."""
    if migrated_url.startswith("sqlite"):
        url = f"sqlite:///{tmp_path / 'described.db'}"
    else:
        url = request.getfixturevalue("postgres_url")
    engine = create_engine(url, poolclass=NullPool)
    whole_metadata().create_all(engine)
    yield engine
    engine.dispose()


def test_migrating_again_changes_nothing(database: Database, statements: Any) -> None:
    database.migrate()

    assert [sent for sent in statements() if not sent.lstrip().startswith(("SELECT", "PRAGMA", "BEGIN"))] == []
    assert database.is_current()


def test_an_empty_database_is_brought_to_the_current_schema(database_url: str) -> None:
    database = Database(database_url)
    assert not database.is_current()

    database.migrate()

    assert database.is_current()
    a_meeting_with(database, 2)
    assert [report.ok for report in verify(database)] == [True]
    database.dispose()


@pytest.mark.parametrize("before", ["0001", "0002"])
def test_a_database_of_an_earlier_schema_keeps_what_it_holds(database_url: str, before: str) -> None:
    database = Database(database_url)
    with _migration_engine(_understood(database_url)).connect() as connection, connection.begin():
        command.upgrade(runner.alembic_config(connection), before)
    a_meeting_with(database, 3)
    with database.writing() as session:
        session.execute(
            text(
                "INSERT INTO calendar (id, google_id, subject, dirty, failures, version) "
                "VALUES (:id, 'chair@example.com', 'chair@example.com', :dirty, 2, 1)"
            ).bindparams(bindparam("id", type_=Uuid()), bindparam("dirty", type_=Boolean())),
            {"id": UUID(int=7), "dirty": True},
        )

    database.migrate()

    with database.reading() as session:
        [calendar] = session.scalars(select(Calendar))
    assert (calendar.id, calendar.dirty, calendar.failures, calendar.reading_since) == (UUID(int=7), True, 2, None)
    assert [(report.entries, report.ok) for report in verify(database)] == [(3, True)]
    database.dispose()


def test_values_of_the_charter_in_force_become_rows_of_their_own(database_url: str) -> None:
    database, meeting = Database(database_url), UUID(int=9)
    with _migration_engine(_understood(database_url)).connect() as connection, connection.begin():
        command.upgrade(runner.alembic_config(connection), "0003")
        ids = {name: bindparam(name, type_=Uuid()) for name in ("id", "meeting")}
        false = bindparam("no", type_=Boolean())
        row = text(
            "INSERT INTO meeting (id, slug, name, time_zone, cap, first_plan_approved, restored_hold, trusted_mark, "
            "dirty, stirred, failures, version) VALUES (:id, 'weekly', 'Weekly', 'UTC', 12, :no, :no, 0, :no, 0, 0, 1)"
        )
        connection.execute(row.bindparams(ids["id"], false), {"id": meeting, "no": False})
        charter = text(
            "INSERT INTO charter_version (id, meeting_id, number, source, at, by) "
            "VALUES (:id, :meeting, :number, :source, '2026-01-05T09:00:00.000000Z', 'operator')"
        ).bindparams(*ids.values())
        for number, value in ((1, 3), (2, 4.5)):
            source = (
                f'[[measures]]\nname = "Decision  Within"\n[[measures.values]]\nday = 2026-01-02\nvalue = {value}\n'
            )
            connection.execute(
                charter, {"id": UUID(int=number), "meeting": meeting, "number": number, "source": source}
            )

    database.migrate()

    with database.reading() as session:
        [found] = session.scalars(select(MeasureValue))
    assert (found.measure, found.day, found.value, found.is_of_file) == (
        "decision within", date(2026, 1, 2), 4.5, True,
    )  # fmt: skip
    database.dispose()


def test_each_file_bears_its_number_and_follows_the_one_before(sqlite_database: Database) -> None:
    with sqlite_database.engine.connect() as connection:
        scripts = ScriptDirectory.from_config(runner.alembic_config(connection))
    steps = list(reversed(list(scripts.walk_revisions())))

    numbers = [step.revision for step in steps]
    assert numbers == [f"{number:04}" for number in range(1, len(steps) + 1)] == runner.known()
    assert [step.down_revision for step in steps] == [None, *numbers[:-1]]
    assert [Path(step.path).name.split("_", 1)[0] for step in steps] == numbers
    assert [step.doc for step in steps if not step.doc] == []


def test_the_migrations_make_what_the_models_describe(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "target_metadata": whole_metadata()}
        )

        assert compare_metadata(context, whole_metadata()) == []


def test_the_migrations_make_it_down_to_every_check_and_index(database: Database, described: Engine) -> None:
    """Alembic's own comparison does not look at checks, nor at the conditions of partial indexes."""
    with database.engine.connect() as migrated, described.connect() as wanted:
        assert _shape(migrated) == _shape(wanted)


def test_the_ledger_is_guarded(database: Database) -> None:
    with database.engine.connect() as connection:
        assert _triggers(connection) == ALL_TRIGGERS[connection.dialect.name]


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_payload"])
def test_a_migration_that_rebuilds_a_table_gets_its_guard_back(migrated_sqlite_url: str, table: str) -> None:
    database = Database(migrated_sqlite_url)
    a_meeting_with(database, 3)
    engine = _migration_engine(_understood(migrated_sqlite_url))

    with engine.connect() as connection, connection.begin():
        operations = Operations(MigrationContext.configure(connection))
        with operations.batch_alter_table(table, recreate="always") as batch:
            batch.add_column(Column("remark", String()))
        dropped = ALL_TRIGGERS["sqlite"] - _triggers(connection)
        command.upgrade(runner.alembic_config(connection), "head")
        restored = _triggers(connection)

    assert {name for name in ALL_TRIGGERS["sqlite"] if name.startswith(table)} == dropped
    assert restored == ALL_TRIGGERS["sqlite"]
    assert [(report.entries, report.ok) for report in verify(database)] == [(3, True)]
    with pytest.raises(DBAPIError, match=r"the ledger is only ever added to"), database.writing() as session:
        session.execute(text(f"DELETE FROM {table}"))  # noqa: S608 – one of the two above
    database.dispose()


def test_two_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    spawning = get_context("spawn")
    together = spawning.Barrier(3)

    with ProcessPoolExecutor(2, spawning, _remember, (together,)) as processes:
        results = [processes.submit(_migrate_together, database_url) for _ in range(2)]
        together.wait(60)
        problems = [result.result(120) for result in results]

    assert problems == [None, None]
    database = Database(database_url)
    assert database.is_current()
    with database.engine.connect() as connection:
        assert _triggers(connection) == ALL_TRIGGERS[connection.dialect.name]
        assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
    database.dispose()


@pytest.mark.parametrize("attempt", ["migrate", "is_current"])
def test_a_database_of_a_newer_program_is_refused(database: Database, attempt: str) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(DatabaseNewer, match=r"^Install the newer version of the program .*9999.*\.$"):
        getattr(database, attempt)()


def test_a_migration_that_fails_leaves_nothing_behind(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_connection: Connection) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("governance.migrations.ledger_guard.put_ledger_guard", fail)
    database = Database(database_url)

    with pytest.raises(ZeroDivisionError):
        database.migrate()

    assert not database.is_current()
    with database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    database.dispose()


def test_a_migration_that_would_lose_references_is_refused(sqlite_database: Database, migrated_sqlite_url: str) -> None:
    a_meeting_with(sqlite_database, 1)
    engine = _migration_engine(_understood(migrated_sqlite_url))

    with engine.connect() as connection:
        connection.execute(text("DELETE FROM meeting"))
        with pytest.raises(DatabaseUnavailable, match=r"^Put back the database from a backup"):
            _check_references(connection)


def test_only_its_owner_may_read_a_new_file(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'governance.db'}")

    database.migrate()

    assert stat.S_IMODE((tmp_path / "governance.db").stat().st_mode) == 0o600
    database.dispose()


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'nowhere' / 'governance.db'}")

    with pytest.raises(DatabaseUnavailable, match=r"^Create the folder .*nowhere"):
        database.migrate()


def _remember(barrier: Barrier) -> None:
    globals()["together"] = barrier


def _migrate_together(url: str) -> str | None:
    database = Database(url)
    try:
        globals()["together"].wait(60)
        database.migrate()
    except Exception as error:
        return repr(error)
    finally:
        database.dispose()
    return None


def _shape(connection: Connection) -> dict[str, Any]:
    tables = MetaData()
    tables.reflect(connection)
    seen = inspect(connection)
    return {
        name: {
            "columns": {column["name"]: (str(column["type"]), column["nullable"]) for column in seen.get_columns(name)},
            "checks": _sorted(seen.get_check_constraints(name)),
            "unique": _sorted(seen.get_unique_constraints(name)),
            "references": _sorted(seen.get_foreign_keys(name)),
            "indexes": _sorted(seen.get_indexes(name)),
            "key": seen.get_pk_constraint(name),
        }
        for name in tables.tables
        if name != "alembic_version"
    }


def _sorted(constraints: Any) -> list[str]:
    return sorted(_spelled(one) for one in constraints)


def _spelled(value: Any) -> str:
    """With the conditions of partial indexes as text; they come as objects that are never equal."""
    if isinstance(value, dict):
        return str(sorted((key, _spelled(part)) for key, part in value.items()))
    return str(value)


def _triggers(connection: Connection) -> set[str]:
    """Those of the ledger."""
    if connection.dialect.name == "sqlite":
        found = set(connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")))
    else:
        found = set(connection.scalars(text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")))
    return {name for name in found if name.startswith("ledger_")}
