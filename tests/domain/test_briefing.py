"""What senior leadership reads: the whole text, and the floor below which no figure is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from governance.domain.charter import MeasuredValue
from governance.domain.measures import MeasureLine
from governance.domain.promises import Promise, State
from governance.domain.summaries.briefing import (
    Batch,
    Closed,
    Kept,
    Waiting,
    batch_of,
    brief,
    figures_of,
    sentences,
)
from governance.mail.facts_of_summaries import Brief

TODAY = date(2026, 11, 20)
BATCH = Batch(date(2026, 9, 1), date(2026, 11, 11))

CREDIT = Closed(
    number="D-2026-014", title="Credit limit of Fjordfisk", customer="Fjordfisk",
    customer_effect="They order for a full quarter at once", owner="Lena Brandt", due_on="2026-12-03",
)  # fmt: skip
REFUNDS = Kept(
    number="D-2026-002", title="Refunds on the same day", is_kept=True, words="Nine of ten went out on the day"
)
ABROAD = Waiting(ref="1", title="A depot in Oslo", customer="Customers in Norway")
ANSWER = MeasureLine("Days to an answer", "days", 4.0, (MeasuredValue(date(2026, 11, 17), 5.5),))


def promise(seat: int, *, due: date = date(2026, 10, 1), kept: bool = True, number: int = 0, **more: Any) -> Promise:
    settled = due if kept else due + timedelta(days=3)
    return Promise(
        id=UUID(int=seat * 100 + number), made_on=date(2026, 9, 1), first_due_on=due, due_on=due,
        seat=UUID(int=seat), **{"state": State.DONE, "settled_on": settled} | more,
    )  # fmt: skip


def told(**more: Any) -> Brief:
    values: dict[str, Any] = {"closed": (), "kept": (), "waiting": (), "promises": (), "measures": ()}
    days = {"window": date(2026, 9, 1), "told_until": None, "as_of": date(2026, 11, 12)}
    return Brief(start=None, end=None, **brief(**values | days | more))


def test_a_week_in_which_nothing_happened_says_so_and_nothing_else() -> None:
    said = sentences(told())

    assert said == ("No decision was closed.",)


def test_the_whole_text_is_one_sentence_a_line() -> None:
    facts = told(
        closed=[CREDIT],
        kept=[REFUNDS],
        waiting=[ABROAD],
        promises=[promise(seat) for seat in range(1, 5)],
        measures=[ANSWER],
    )

    said = sentences(facts)

    assert said == (
        "D-2026-014: Credit limit of Fjordfisk, for Fjordfisk. They order for a full quarter at once. "
        "Owner Lena Brandt, until 3 Dec 2026.",
        "D-2026-002, Refunds on the same day: carried out as decided. Nine of ten went out on the day.",
        "Waiting for backing: A depot in Oslo, for Customers in Norway.",
        "4 of the 4 promises due until 11 Nov 2026 were kept.",
        "Days to an answer: 5.5 days on 17 Nov 2026; the target is 4 days.",
    )


def test_what_is_not_known_is_left_out_of_a_sentence() -> None:
    bare = Closed(number="D-2026-015", title="Close the shop", customer="", customer_effect="", owner="", due_on=None)
    not_kept = Kept(number="D-2026-003", title="A second shift", is_kept=False, words="")
    unmeasured = MeasureLine("Complaints", "", None, ())
    bare_measure = MeasureLine("Orders", "", None, (MeasuredValue(date(2026, 11, 17), 12_000.0),))

    said = sentences(told(closed=[bare], kept=[not_kept], measures=[unmeasured, bare_measure]))

    assert said == (
        "D-2026-015: Close the shop.",
        "D-2026-003, A second shift: not carried out as decided.",
        "Orders: 12,000 on 17 Nov 2026.",
    )


def test_what_the_group_asks_of_its_readers_is_one_line_however_it_was_typed() -> None:
    facts = Brief(start=None, end=None, needs="Your word on\n\n  the depot in Oslo")

    said = sentences(facts)

    assert said[-1] == "What the group asks of you: Your word on the depot in Oslo."


def test_of_several_words_about_one_decision_the_last_one_counts() -> None:
    later = Kept(number=REFUNDS.number, title=REFUNDS.title, is_kept=False, words="The bank stopped it")

    facts = told(kept=[REFUNDS, later])

    assert [one["words"] for one in facts.kept] == ["The bank stopped it"]


@pytest.mark.parametrize("seats", [0, 1, 2, 3])
def test_no_figure_is_told_while_fewer_than_four_seats_contributed(seats: int) -> None:
    promises = [promise(seat, number=number) for seat in range(1, seats + 1) for number in range(9)]

    assert figures_of(promises, BATCH) is None


def test_four_seats_are_enough() -> None:
    promises = [*(promise(seat) for seat in range(1, 5)), promise(1, number=1, kept=False)]

    assert figures_of(promises, BATCH) == {"kept": 4, "made": 5}


@pytest.mark.parametrize(
    "uncounted",
    [
        promise(4, state=State.DROPPED, settled_on=date(2026, 9, 20)),
        promise(4, due=date(2026, 8, 31)),
        promise(4, due=date(2026, 11, 12)),
        Promise(UUID(int=1), date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 1), State.DONE, date(2026, 10, 1)),
    ],
    ids=["dropped", "before", "not over yet", "of no seat"],
)
def test_a_seat_whose_promise_does_not_count_has_not_contributed(uncounted: Promise) -> None:
    promises = [*(promise(seat) for seat in range(1, 4)), uncounted]

    assert figures_of(promises, BATCH) is None


def test_that_none_was_kept_is_not_told_because_it_would_be_said_of_each() -> None:
    promises = [promise(seat, kept=False) for seat in range(1, 9)]

    assert figures_of(promises, BATCH) is None


def test_who_was_late_makes_no_difference() -> None:
    """Eight seats, one of them late: the text is the same whichever it was."""
    texts = {
        sentences(told(promises=[promise(seat, kept=seat != late) for seat in range(1, 9)])) for late in range(1, 9)
    }

    assert texts == {("No decision was closed.", "7 of the 8 promises due until 11 Nov 2026 were kept.")}


def test_no_promise_is_told_of_twice_so_that_no_difference_is_about_one_seat() -> None:
    """A week later one more was due, of a fifth seat, and late: eight of nine would tell whose."""
    before = [promise(seat, due=date(2026, 10, 1 + seat)) for seat in range(1, 5)]
    first = told(promises=before)
    late = promise(5, due=date(2026, 11, 15), kept=False)
    until = date.fromisoformat(first.promises_until or "")

    second = told(promises=[*before, late], told_until=until, as_of=date(2026, 11, 19))

    assert first.promises == {"kept": 4, "made": 4}
    assert second.promises is None
    assert second.promises_until == first.promises_until


def test_what_could_not_be_told_is_told_once_enough_seats_have_contributed() -> None:
    first = told(promises=[promise(1), promise(2)])

    second = told(promises=[promise(seat) for seat in range(1, 5)], as_of=date(2026, 11, 19))

    assert (first.promises, first.promises_until) == (None, None)
    assert (second.promises, second.promises_until) == ({"kept": 4, "made": 4}, "2026-11-18")


@pytest.mark.parametrize(
    ("told_until", "expected"),
    [
        (None, Batch(date(2026, 9, 1), date(2026, 11, 19))),
        (date(2026, 8, 1), Batch(date(2026, 9, 1), date(2026, 11, 19))),
        (date(2026, 11, 1), Batch(date(2026, 11, 2), date(2026, 11, 19))),
        (date(2026, 11, 19), None),
    ],
)
def test_a_batch_begins_where_the_last_one_ended(told_until: date | None, expected: Batch | None) -> None:
    assert batch_of(date(2026, 9, 1), told_until, TODAY) == expected
