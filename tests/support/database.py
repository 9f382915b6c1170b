"""Databases that are migrated already: the schema is made once a run and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import event

from governance.database import Database


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """The address of a database with the current schema and no rows, once of each engine."""
    return str(request.getfixturevalue(f"migrated_{request.param}_url"))


@pytest.fixture
def database(migrated_url: str) -> Iterator[Database]:
    """A migrated database without rows, once of each engine; its address is `migrated_url`."""
    with_schema = Database(migrated_url)
    yield with_schema
    with_schema.dispose()


@pytest.fixture
def sqlite_database(migrated_sqlite_url: str) -> Iterator[Database]:
    """The same on SQLite alone, for tests whose subject is not what is stored."""
    with_schema = Database(migrated_sqlite_url)
    yield with_schema
    with_schema.dispose()


@pytest.fixture
def migrated_sqlite_url(_sqlite_template: Path, tmp_path: Path) -> str:
    path = tmp_path / "governance.db"
    shutil.copyfile(_sqlite_template, path)
    return f"sqlite:///{path.as_posix()}"


@pytest.fixture
def migrated_postgresql_url(_postgresql_template: str, request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("postgres_server")
    address = server.create(template=_postgresql_template)
    yield address
    server.drop(address)


@pytest.fixture
def migrated_sqlite_template(_sqlite_template: Path) -> Path:
    """A file with the current schema, to be copied."""
    return _sqlite_template


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("schema") / "template.db"
    _migrate(f"sqlite:///{path.as_posix()}")
    return path


@pytest.fixture(scope="session")
def _postgresql_template(request: pytest.FixtureRequest) -> Iterator[str]:
    server = request.getfixturevalue("postgres_server")
    address = server.create()
    _migrate(address)
    yield address
    server.drop(address)


def _migrate(address: str) -> None:
    """Migrate and close, so that the file is complete by itself and the template is used by nobody."""
    fresh = Database(address)
    fresh.migrate()
    fresh.dispose()


@pytest.fixture
def statements(database: Database) -> Callable[[], list[str]]:
    """Everything sent to the database since the last call, in order."""
    sent: list[str] = []

    @event.listens_for(database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    def since() -> list[str]:
        taken, sent[:] = list(sent), []
        return taken

    return since
