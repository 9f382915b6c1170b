"""A page is cut into its items: the values that a parser finds, and exactly the text of each."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.calendar.cutting import cut_into_items

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def cut(content: str) -> Any:
    return cut_into_items(json.loads)(content.encode())


@pytest.mark.parametrize("content", ["{}", '{"items": []}', '{"items": null}', '{"items": {"a": 1}}', "[1]", '"items"'])
def test_without_items_an_answer_stays_as_it_is(content: str) -> None:
    assert cut(content) == json.loads(content)


@given(st.lists(VALUES, min_size=1, max_size=4), st.booleans(), st.sampled_from([None, 0, 2]))
def test_every_item_comes_with_its_own_text(items: list[Any], is_ascii: bool, indent: int | None) -> None:
    page = {"before": 1, "items": items, "after": "]"}
    content = json.dumps(page, ensure_ascii=is_ascii, indent=indent)

    found = cut(content)

    assert {**found, "items": [value for value, _ in found["items"]]} == page
    assert [json.loads(text) for _, text in found["items"]] == items
    assert all(text in content and text == text.strip() for _, text in found["items"])


@pytest.mark.parametrize(
    "content",
    [
        '{"items": [1,]}',
        '{"items": [1 2]}',
        '{"items": [1',
        '{"items": [,]}',
        '{"items": [1]',
        '{"items": [' + "[" * 100_000,
    ],
)
def test_what_has_no_end_is_refused_as_it_would_be_whole(content: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        cut(content)


@pytest.mark.parametrize(
    "content",
    [
        '{"inner": {"items": [1]}, "items": [2]}',
        '{"inner": {"items": [1]}}',
        '{"items": [1], "items": [2]}',
        '[{"items": [1]}]',
    ],
)
def test_items_that_are_not_the_page_s_own_are_not_taken_for_them(content: str) -> None:
    found = cut(content)

    assert (1, "1") not in (found["items"] if isinstance(found, dict) and "items" in found else [])


def test_what_is_written_in_a_text_is_no_list_of_items() -> None:
    content = json.dumps({"summary": '"items": [1]', "items": [{"id": "a"}]})

    assert cut(content)["items"] == [({"id": "a"}, '{"id": "a"}')]
