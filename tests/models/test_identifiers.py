"""Identifiers: unique, rising within a process, and of the form the standard asks for."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from governance.models import identifiers

makers = pytest.mark.parametrize("make", [identifiers.new_id, identifiers._own_uuid7], ids=["used", "own"])


@makers
def test_identifiers_of_one_process_rise_strictly(make: Callable[[], UUID]) -> None:
    made = [make() for _ in range(10_000)]

    assert made == sorted(set(made))


@makers
def test_an_identifier_is_a_uuid_of_version_7(make: Callable[[], UUID]) -> None:
    made = [make() for _ in range(100)]

    assert {(one.version, one.variant) for one in made} == {(7, uuid.RFC_4122)}


@makers
def test_threads_never_make_the_same_identifier(make: Callable[[], UUID]) -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: make(), range(8_000)))

    assert len(set(made)) == 8_000


def test_it_begins_with_the_milliseconds_of_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(identifiers, "_last", 0)
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: 1_767_603_600_123_456_789)

    made = identifiers._own_uuid7()

    assert made.int >> 80 == 1_767_603_600_123


def test_a_clock_that_is_set_back_does_not_set_identifiers_back(monkeypatch: pytest.MonkeyPatch) -> None:
    before = identifiers._own_uuid7()
    monkeypatch.setattr(identifiers.time, "time_ns", lambda: 0)

    after = identifiers._own_uuid7()

    assert after > before
