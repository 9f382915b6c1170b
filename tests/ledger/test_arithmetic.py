"""The spelling that is hashed, and the position that is printed."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.ledger import (
    Confidentiality,
    LedgerPosition,
    NotALedgerPosition,
    canonical_json,
    chain_of,
    meeting_of,
    payload_digest,
)

plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(plain)
def test_the_spelling_does_not_depend_on_the_order_of_keys(value: object) -> None:
    def reversed_keys(part: object) -> object:
        if isinstance(part, dict):
            return {key: reversed_keys(part[key]) for key in reversed(part)}
        return [reversed_keys(one) for one in part] if isinstance(part, list) else part

    assert canonical_json(value) == canonical_json(reversed_keys(value))


@given(plain)
def test_the_spelling_is_ascii_without_control_characters(value: object) -> None:
    spelled = canonical_json(value)

    assert spelled.isascii()
    assert spelled.isprintable()


@dataclass(frozen=True, slots=True)
class Limit:
    amount: Decimal
    since: date


@pytest.mark.parametrize(
    ("value", "spelled"),
    [
        (datetime(2026, 1, 5, 10, tzinfo=timezone(timedelta(hours=1))), '"2026-01-05T09:00:00.000000Z"'),
        (datetime(2026, 1, 5, 9, tzinfo=UTC), '"2026-01-05T09:00:00.000000Z"'),
        (date(2026, 1, 5), '"2026-01-05"'),
        (Decimal("10.50"), '"10.50"'),
        (Confidentiality.PRIVATE, '"private"'),
        (UUID(int=1), '"00000000-0000-0000-0000-000000000001"'),
        ({"b", "a"}, '["a","b"]'),
        (b"\x01\xff", '"01ff"'),
        (Limit(Decimal(1), date(2026, 1, 5)), '{"amount":"1","since":"2026-01-05"}'),
        ({"ü": (1, 2)}, '{"\\u00fc":[1,2]}'),
    ],
)
def test_values_have_one_spelling(value: object, spelled: str) -> None:
    assert canonical_json(value) == spelled


@pytest.mark.parametrize("value", [float("nan"), datetime(2026, 1, 5), object()])  # noqa: DTZ001 – that is the point
def test_what_has_no_single_spelling_is_refused(value: object) -> None:
    with pytest.raises((ValueError, TypeError)):
        canonical_json(value)


def test_the_same_text_with_other_random_bytes_has_another_digest() -> None:
    assert payload_digest(b"0" * 32, "{}") != payload_digest(b"1" * 32, "{}")


@given(st.integers(0, 10**18 - 1), st.binary(min_size=32, max_size=32), st.none() | st.uuids())
def test_a_printed_position_is_read_back(seq: int, digest: bytes, meeting: UUID | None) -> None:
    position = LedgerPosition(chain_of(meeting), seq, digest.hex())

    assert LedgerPosition.parse(f" {position}\n") == position
    assert meeting_of(position.chain) == meeting


@pytest.mark.parametrize("text", ["", "site", "site:1", "site:1:abc", f"site:-1:{'0' * 64}", f":1:{'0' * 64}"])
def test_anything_else_is_refused_with_the_form_to_give(text: str) -> None:
    with pytest.raises(NotALedgerPosition, match=r"^Give the position as CHAIN:SEQ:HASH"):
        LedgerPosition.parse(text)
