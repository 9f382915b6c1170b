"""What `pg_restore` writes is cut where rows begin and end, and is otherwise left as it is."""

from __future__ import annotations

from governance.backups.script import Rows, Statements, pieces


def cut(script: bytes) -> list[object]:
    return [
        (one.copy, list(one.lines)) if isinstance(one, Rows) else one.sql
        for one in pieces(script.splitlines(keepends=True))
    ]


def test_statements_alone_are_one_piece() -> None:
    assert cut(b"SET a = 0;\n\nCREATE TABLE b (c int);\n") == [b"SET a = 0;\n\nCREATE TABLE b (c int);\n"]
    assert cut(b"") == []


def test_rows_stand_between_the_statements_before_and_after_them() -> None:
    script = b"SELECT 1;\nCOPY public.a (b) FROM stdin;\n1\n2\n\\.\n\nSELECT 2;\n"

    assert cut(script) == [b"SELECT 1;\n", (b"COPY public.a (b) FROM stdin", [b"1\n", b"2\n"]), b"\nSELECT 2;\n"]


def test_rows_may_look_like_statements() -> None:
    row = b"COPY x FROM stdin;\n"

    assert cut(b"COPY a (b) FROM stdin;\n" + row + b"\\\\.\n\\.\n") == [(b"COPY a (b) FROM stdin", [row, b"\\\\.\n"])]


def test_what_only_another_reader_understands_is_left_out() -> None:
    script = b"\\restrict abc\nSET transaction_timeout = 0;\nSET b = 0;\n\\unrestrict abc\n"

    assert cut(script) == [b"SET b = 0;\n"]


def test_a_schema_that_is_there_is_no_fault() -> None:
    assert cut(b"CREATE SCHEMA office;\n") == [b"CREATE SCHEMA IF NOT EXISTS office;\n"]
    assert all(isinstance(one, Statements) for one in pieces([b"CREATE SCHEMA office;\n"]))
