"""Every line of the log is explained where people look for it, and none is explained that is never written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Module, calls, guard, modules
from tests.docs.pages import page, rows

_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
_PERSONAL = {"address", "calendar_google_id", "email", "google_id", "guest", "name", "person", "subject", "summary"}


def test_every_line_of_the_log_is_in_the_table_and_no_other() -> None:
    explained = [re.sub(r"^`|`$", "", row[0]) for row in rows(page("operations").section("Logs").text)]

    assert sorted(explained) == sorted(set(written()))


def test_a_line_is_a_sentence_with_its_values_in_fields() -> None:
    guard(
        [line for line in written() if "%" in line or "{" in line or not line[0].islower() or line.endswith(".")],
        why="A line whose text differs each time cannot be searched for, counted or explained.",
        instead="Say in the past tense what was decided or done, and hand the values in as `extra`.",
    )


def test_no_field_is_about_a_person() -> None:
    found = [
        f"{module.at(call)} logs {key.value}"
        for module in modules()
        for call, _ in log_calls(module)
        for keyword in call.keywords
        if keyword.arg == "extra"
        for node in ast.walk(keyword.value)
        if isinstance(node, ast.Dict)
        for key in node.keys
        if isinstance(key, ast.Constant) and key.value in _PERSONAL
    ]

    guard(found, why="Logs are kept and sent on without anybody's consent.", instead="Log an id, a count or a code.")


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ('log.info("wrote", extra={})', ["wrote"]),
        ('_log.warning("a" if x else "b")', ["a", "b"]),
        ('log.log(level, "told")', ["told"]),
        ("math.log(2)", []),
        ('other.info("x")', []),
    ],
)
def test_every_way_to_write_a_line_is_seen(source: str, lines: list[str]) -> None:
    module = Module("example", "example.py", ast.parse(source))

    assert [line for call, name in log_calls(module) for line in sentences(call, name)] == lines


def written() -> Iterator[str]:
    for module in modules():
        for call, name in log_calls(module):
            yield from sentences(call, name)


def log_calls(module: Module) -> Iterator[tuple[ast.Call, str]]:
    for call, name in calls(module):
        receiver, _, method = name.rpartition(".")
        if receiver in ("log", "_log") and method in {*_METHODS, "log"}:
            yield call, method


def sentences(call: ast.Call, method: str) -> Iterator[str]:
    text = call.args[1 if method == "log" else 0]
    for one in [text.body, text.orelse] if isinstance(text, ast.IfExp) else [text]:
        assert isinstance(one, ast.Constant), ast.dump(one)
        yield str(one.value)
