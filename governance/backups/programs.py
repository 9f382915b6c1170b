"""PostgreSQL's own programs: where they are, whether they are new enough, and running them.

They are looked for in `$PGBIN`, then as any other program. A password goes through their environment: what stands on
a command line is everybody's to read.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from sqlalchemy.engine import URL

from governance.backups.refusals import ProgramMissing

_SECRETS = ("password", "sslpassword")


class ProgramFailed(Exception):
    """The program said no; `words` is the last thing it said."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


def program(name: str, *, server_version: int) -> str:
    """The program, of the server's major version or a later one.

    Raises:
        ProgramMissing: it is not here, or older.
    """
    found = shutil.which(name, path=os.environ.get("PGBIN")) if os.environ.get("PGBIN") else None
    found = found or shutil.which(name)
    remedy = f"Install the client programs of PostgreSQL {server_version} or newer, or name their folder in PGBIN"
    if found is None:
        raise ProgramMissing(remedy, f"there is no {name} here")
    version = _version_of(found)
    if version < server_version:
        raise ProgramMissing(remedy, f"{found} is of PostgreSQL {version}")
    return found


def connection_words(url: URL) -> str:
    """The address as PostgreSQL's programs take it, without anything secret."""
    known: dict[str, object] = {"host": url.host, "port": url.port, "user": url.username, "dbname": url.database}
    words = {**known, **{key: value for key, value in url.query.items() if key not in _SECRETS}}
    return " ".join(f"{key}={_quoted(str(value))}" for key, value in words.items() if value not in (None, ""))


def environment(url: URL) -> Mapping[str, str]:
    password = url.password or url.query.get("password")
    return {**os.environ, "LC_MESSAGES": "C", **({"PGPASSWORD": str(password)} if password else {})}


def run(command: list[str], *, env: Mapping[str, str] | None = None) -> str:
    """What the program printed.

    Raises:
        ProgramFailed: it ended with anything but 0.
    """
    done = subprocess.run(  # noqa: S603  # a program that was looked up, without a shell
        command, stdin=subprocess.DEVNULL, capture_output=True, check=False, env=env
    )
    if done.returncode != 0:
        raise ProgramFailed(_last_words(done.stderr))
    return done.stdout.decode(errors="replace")


@contextmanager
def reading(command: list[str]) -> Iterator[IO[bytes]]:
    """What the program prints while it runs; it must end with 0 before the block is left well.

    Raises:
        ProgramFailed: it ended with anything else.
    """
    with subprocess.Popen(  # noqa: S603  # as above
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None  # noqa: S101
        assert running.stderr is not None  # noqa: S101
        try:
            yield running.stdout
        except BaseException:
            running.kill()
            raise
        complaint = running.stderr.read()
        if running.wait() != 0:
            raise ProgramFailed(_last_words(complaint))


def _version_of(path: str) -> int:
    try:
        said = run([path, "--version"])
    except (OSError, ProgramFailed) as error:
        raise ProgramMissing("Install PostgreSQL's client programs anew", f"{path} does not run") from error
    found = re.search(r"\b(\d+)\.\d|\b(\d+)(?:devel|beta|rc)", said)
    return int(found[1] or found[2]) if found else 0


def _last_words(complaint: bytes) -> str:
    lines = [line.strip() for line in complaint.decode(errors="replace").splitlines() if line.strip()]
    errors = [line for line in lines if "error:" in line] or lines
    return errors[0].rpartition("error: ")[2][:200] if errors else "it said nothing"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
