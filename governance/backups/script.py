"""What `pg_restore` writes: SQL, and in between the rows of each table as the server takes them in.

Nothing is known here of a server. A piece is executed as it stands; rows are handed to the statement before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Settings of a newer client that an older server does not know; and what only `psql` understands.
_LEFT_OUT = (b"SET transaction_timeout", b"\\restrict", b"\\unrestrict")
_END_OF_ROWS = (b"\\.\n", b"\\.\r\n", b"\\.")


@dataclass(frozen=True, slots=True)
class Statements:
    sql: bytes


@dataclass(frozen=True, slots=True)
class Rows:
    """`copy` is the statement that takes them in; they have to be taken to their end before the next piece comes."""

    copy: bytes
    lines: Iterator[bytes]


def pieces(lines: Iterable[bytes]) -> Iterator[Statements | Rows]:
    source = iter(lines)
    collected: list[bytes] = []
    for line in source:
        if line.startswith(b"COPY ") and line.rstrip().endswith(b"FROM stdin;"):
            if collected:
                yield Statements(b"".join(collected))
                collected = []
            yield Rows(line.rstrip().removesuffix(b";"), _rows(source))
        elif line.startswith(b"CREATE SCHEMA "):
            collected.append(line.replace(b"CREATE SCHEMA ", b"CREATE SCHEMA IF NOT EXISTS ", 1))
        elif not line.startswith(_LEFT_OUT):
            collected.append(line)
    if collected:
        yield Statements(b"".join(collected))


def _rows(source: Iterator[bytes]) -> Iterator[bytes]:
    for line in source:
        if line in _END_OF_ROWS:
            return
        yield line
