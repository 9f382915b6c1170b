"""The exact counts of the benchmark, on calendars small enough for every run; nothing here looks at a clock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.benchmarks import counting, mailing
from tests.benchmarks.installation import Installation, Size, installed
from tests.benchmarks.rows import Bound, Kind, Row
from tests.support.sandbox import SandboxForTests

CASES: dict[str, tuple[Size, Callable[[Installation], list[Row]]]] = {
    "an idle cycle asks once and leaves nothing": (
        Size(series=4, exceptions=1, foreign=3, seats=2),
        lambda one: counting.idle(one, cycles=5),
    ),
    "news of others is one request a page and one token": (
        Size(series=1, foreign=251, seats=1),
        lambda one: counting.news_of_others(one, pages=2),
    ),
    "a drifted series costs one write": (
        Size(series=5, seats=2),
        lambda one: counting.series(one, drifted=2),
    ),
    "exceptions cost one list more for the whole calendar": (
        Size(series=3, exceptions=1, seats=2),
        lambda one: counting.series_and_exceptions(one, drifted=2),
    ),
    "exceptions that follow their series cost that list and no write": (
        Size(series=3, exceptions=1, seats=2),
        lambda one: counting.series_and_exceptions(one, drifted=2, follow=True),
    ),
    "an occurrence that becomes an exception is read once": (
        Size(series=3, seats=2),
        lambda one: counting.new_exceptions(one, admitted=2),
    ),
    "it is read once also where its series is written": (
        Size(series=3, seats=2),
        lambda one: counting.series_and_new_exceptions(one, drifted=2),
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_asked_and_written_is_exactly(case: str, sandbox: SandboxForTests, tmp_path: Path) -> None:
    size, measure = CASES[case]

    with installed(sandbox, tmp_path, size) as installation:
        rows = measure(installation)

    assert {row.name: row.limit for row in rows} == {row.name: row.measured for row in rows}


@pytest.mark.parametrize("plain", [False, True])
def test_many_mails_take_one_connection_and_few_round_trips(plain: bool) -> None:
    rows = list(mailing.trips(number=10, plain=plain))

    assert [row.name for row in rows if not row.is_ok] == []


@pytest.mark.parametrize(
    ("bound", "fitting"),
    [(Bound.EXACTLY, [2]), (Bound.AT_MOST, [1, 2]), (Bound.AT_LEAST, [2, 3])],
)
def test_a_figure_keeps_its_limit(bound: Bound, fitting: list[int]) -> None:
    rows = [Row(about="", name="", kind=Kind.COUNT, measured=measured, limit=2, bound=bound) for measured in (1, 2, 3)]

    assert [row.measured for row in rows if row.is_ok] == fitting
