"""The order of a waiting list, the day from which a seat may be expected, and what comes next."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from governance.domain.people import PersonId
from governance.domain.roster import Mandate, MandateState, Seat, Tenure, Term
from governance.domain.waiting import (
    Asking,
    Expected,
    Next,
    Offered,
    OfferState,
    When,
    ends_at,
    expected_after,
    free_from,
    in_order,
    last_day_of,
    needs_reason,
    next_step,
    place_of,
)

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
ANN, BOB = PersonId(UUID(int=1)), PersonId(UUID(int=2))


def asking(number: int, *, days_ago: int = 0, supported: bool = False) -> Asking:
    at = NOW - timedelta(days=days_ago)
    return Asking(UUID(int=number), UUID(int=100 + number), at, NOW if supported else None)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def seat(*tenures: Tenure, mandates: Sequence[Mandate] = ()) -> Seat:
    return Seat(UUID(int=9), "Finance", tenures=tenures, mandates=tuple(mandates))


def sits(who: PersonId = ANN, first: int = -30, last: int | None = None) -> Tenure:
    return Tenure(who, Term(day(first), None if last is None else day(last)))


def mandate(who: PersonId = ANN, first: int = -30, last: int | None = None, **more: MandateState) -> Mandate:
    return Mandate(who, Term(day(first), None if last is None else day(last)), "All of it", **more)


def offered(to: int = 1, *, ends: int = 7, answer: str | None = None, made: int = 0) -> Offered:
    return Offered(UUID(int=to), NOW + timedelta(days=made), NOW + timedelta(days=ends), TODAY, answer)


def test_nobody_is_in_no_order() -> None:
    assert in_order([]) == ()
    assert place_of([], UUID(int=1)) is None


def test_whom_the_sponsor_supports_comes_first_and_then_whoever_asked_first() -> None:
    some = [
        asking(1, days_ago=9),
        asking(2, days_ago=2, supported=True),
        asking(3, days_ago=5),
        asking(4, days_ago=4, supported=True),
    ]

    order = in_order(some)

    assert [one.asking.id.int for one in order] == [4, 2, 1, 3]
    assert [one.number for one in order] == [1, 2, 3, 4]
    assert [one.why for one in order] == [
        "supported by the sponsor; first to ask among those",
        "supported by the sponsor; second to ask among those",
        "not supported by the sponsor; first to ask among those",
        "not supported by the sponsor; second to ask among those",
    ]
    assert place_of(some, UUID(int=3)) == 4


def test_the_order_does_not_depend_on_the_order_of_the_rows() -> None:
    some = [asking(number, days_ago=number % 3, supported=number % 2 == 0) for number in range(1, 9)]
    expected = in_order(some)

    for seed in range(20):
        mixed = random.Random(seed).sample(some, len(some))
        assert in_order(mixed) == expected


@pytest.mark.parametrize(
    ("held", "expected"),
    [
        (seat(), Expected(When.NOW)),
        (seat(sits(last=-1)), Expected(When.NOW)),
        (seat(sits(last=10)), Expected(When.TENURE_ENDS, day(11))),
        (seat(sits(last=10), sits(BOB, 11)), Expected(When.UNKNOWN)),
        (seat(sits(BOB, 5, 20)), Expected(When.TENURE_ENDS, day(21))),
        (seat(sits()), Expected(When.UNKNOWN)),
        (seat(sits(), mandates=[mandate()]), Expected(When.UNKNOWN)),
        (seat(sits(), mandates=[mandate(last=40)]), Expected(When.MANDATE_ENDS, day(41))),
        (seat(sits(), mandates=[mandate(last=40), mandate(first=41, last=90)]), Expected(When.MANDATE_ENDS, day(91))),
        (seat(sits(), mandates=[mandate(last=40), mandate(first=41)]), Expected(When.UNKNOWN)),
        (seat(sits(), mandates=[mandate(last=-3)]), Expected(When.UNKNOWN)),
        (seat(sits(), mandates=[mandate(BOB, last=40)]), Expected(When.UNKNOWN)),
        (seat(sits(), mandates=[mandate(last=40, state=MandateState.DECLINED)]), Expected(When.UNKNOWN)),
        (seat(sits(last=10), mandates=[mandate(last=5)]), Expected(When.TENURE_ENDS, day(11))),
    ],
    ids=[
        "vacant", "vacant again", "last day known", "somebody follows", "somebody comes and goes", "no mandate",
        "no end", "mandate ends", "mandate follows mandate", "open mandate follows", "mandate over",
        "another's mandate",
        "declined mandate", "tenure before mandate",
    ],
)  # fmt: skip
def test_a_seat_is_expected_after_what_is_known_and_is_never_guessed(held: Seat, expected: Expected) -> None:
    assert expected_after(held, TODAY, room_is_full=False) == expected


def test_a_vacant_seat_of_a_full_room_is_not_to_be_had_now() -> None:
    assert expected_after(seat(), TODAY, room_is_full=True) == Expected(When.ROOM_FULL)
    assert expected_after(seat(sits(last=3)), TODAY, room_is_full=True) == Expected(When.TENURE_ENDS, day(4))


def test_a_seat_can_be_offered_from_the_day_after_its_last_holder_and_not_while_that_has_no_end() -> None:
    assert free_from([], TODAY) == TODAY
    assert free_from([sits(last=-5)], TODAY) == TODAY
    assert free_from([sits(last=10)], TODAY) == day(11)
    assert free_from([sits(last=10), sits(BOB, 20, 30)], TODAY) == day(31)
    assert free_from([sits(last=10), sits(BOB, 11)], TODAY) is None


def test_what_comes_next_follows_from_list_seat_and_offer() -> None:
    places = in_order([asking(1), asking(2)])

    assert next_step((), [], TODAY, NOW) is Next.NOBODY_WAITS
    assert next_step(places, [], None, NOW) is Next.NOT_FREE
    assert next_step(places, [], TODAY, NOW) is Next.OFFER
    assert next_step(places, [offered()], TODAY, NOW) is Next.WAIT
    assert next_step(places, [offered(ends=0)], TODAY, NOW) is Next.OFFER_AGAIN
    assert next_step(places, [offered(3, ends=-1, answer="ended", made=-9)], TODAY, NOW) is Next.OFFER
    assert next_step(places, [offered(answer="withdrawn")], TODAY, NOW) is Next.OFFER
    assert next_step(places, [offered(answer="ended", made=-20), offered(2, made=-1)], TODAY, NOW) is Next.WAIT


def test_an_offer_has_ended_at_its_end_also_while_nobody_has_noted_it() -> None:
    one = offered(ends=7)

    assert one.state(one.ends_at - timedelta(microseconds=1)) is OfferState.OPEN
    assert one.state(one.ends_at) is OfferState.ENDED
    assert offered(ends=-1, answer="accepted").state(NOW) is OfferState.ACCEPTED


def test_only_the_first_is_offered_the_seat_without_a_reason() -> None:
    places = in_order([asking(1, days_ago=1), asking(2)])

    assert not needs_reason(places, UUID(int=1))
    assert needs_reason(places, UUID(int=2))
    assert needs_reason((), UUID(int=1))


@pytest.mark.parametrize("last", [date(2026, 3, 28), date(2026, 3, 29), date(2026, 10, 25)])
def test_an_offer_holds_until_its_last_day_is_over_where_the_meeting_is_held(last: date) -> None:
    """Also on the days on which clocks are changed."""
    end = ends_at(last, "Europe/Berlin")

    assert last_day_of(end, "Europe/Berlin") == last
    assert last_day_of(end + timedelta(microseconds=1), "Europe/Berlin") == last + timedelta(days=1)
