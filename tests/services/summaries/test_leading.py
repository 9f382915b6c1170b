"""What whoever leads reads besides, from values alone: mandates, silence, say and do, what changed on the roster."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest

from governance.domain.charter import Charter
from governance.domain.decisions.presence import Stay
from governance.domain.decisions.values import Commitment, Decision, Elector, Pledge, Position, Stance
from governance.domain.roster import Term
from governance.domain.rules import Mode, Modes
from governance.models import Decision as Row
from governance.reconcile.drift import ChangeKind
from governance.services.attendance.reading import SeatTerms, Settings
from governance.services.attendance.values import PersonName
from governance.services.decisions.presence import Sitting
from governance.services.summaries.decided import (
    Known,
    closed_lines,
    commitments_owed,
    committed_lines,
    open_lines,
    silences,
)
from governance.services.summaries.leading import ending_mandates, repaired_lines, say_do_lines
from governance.services.summaries.people import KnownSeat
from governance.services.summaries.roster import roster_lines
from governance.services.summaries.values import Period

NOW = datetime(2026, 11, 26, 11, tzinfo=UTC)
TODAY, DAY = NOW.date(), timedelta(days=1)
ANN, BOB = PersonName(uuid4(), "Ann"), PersonName(uuid4(), "Bob")
LEGAL, SALES = UUID(int=1), UUID(int=2)
SEAT = SeatTerms(LEGAL, "Legal", ((ANN, Term(date(2026, 1, 1))),))
START = NOW - timedelta(hours=2)
PERIOD = Period("2026-11-26T09:00:00Z", START, NOW - timedelta(hours=1), False, START - 7 * DAY, NOW)
SETTINGS = Settings(Charter(), Modes({}))


@pytest.mark.parametrize(
    ("terms", "days"),
    [
        ([], None),
        ([(None, None)], None),
        ([(None, 42)], 42),
        ([(None, 43)], None),
        ([(None, 0)], 0),
        ([(None, 10), (11, 30)], 30),
        ([(None, 10), (12, 60)], 10),
        ([(None, 10), (11, None)], None),
        ([(None, 10), (5, 90)], None),
        ([(3, 20)], None),
    ],
)
def test_a_mandate_ends_where_none_follows_without_a_gap(
    terms: list[tuple[int | None, int | None]], days: int | None
) -> None:
    rows = [
        row(seat_id=LEGAL, person_id=ANN.id, first_day=on(first if first is not None else -90), last_day=on(last))
        for first, last in terms
    ]

    found = ending_mandates([SEAT], rows, TODAY)

    assert [one["days"] for one in found] == ([] if days is None else [days])


def test_a_deputys_mandate_is_not_the_delegates() -> None:
    assert ending_mandates([SEAT], [row(seat_id=LEGAL, person_id=BOB.id, first_day=TODAY, last_day=TODAY)], TODAY) == []


@pytest.mark.parametrize("kind", ChangeKind)
def test_every_change_of_an_invitation_has_words(kind: ChangeKind) -> None:
    changes = [row(kind=kind.value, target="x", name=None, at=NOW), row(kind=kind.value, target="x", name=None, at=NOW)]

    [found] = repaired_lines(changes, "UTC")

    assert found["what"]
    assert found["on"] == "2026-11-26"


def test_somebody_nobody_knows_is_told_by_their_address() -> None:
    changes = [row(kind="remove-guest", target="x@elsewhere.example", name=None, at=NOW)]

    assert repaired_lines(changes, "UTC")[0]["who"] == "x@elsewhere.example"


def test_who_was_there_and_not_heard_was_silent() -> None:
    heard = position(LEGAL)

    assert list(silences([known(decision(heard), there=[LEGAL, SALES])], PERIOD, NOW)) == [(SALES, "Sales")]
    assert list(silences([known(decision(heard), there=[LEGAL])], PERIOD, NOW)) == []
    assert list(silences([known(decision(heard, position(SALES)), there=[LEGAL, SALES])], PERIOD, NOW)) == []
    before = decision(heard, decided_at=PERIOD.since)
    assert list(silences([known(before, there=[LEGAL, SALES])], PERIOD, NOW)) == []


def test_a_seat_owes_its_word_until_it_has_said_it_itself() -> None:
    said = Commitment(LEGAL, Pledge.WILL, NOW)
    asked = Commitment(SALES, Pledge.NO_ANSWER, NOW)
    one = known(decision(commitments=(said, asked)), there=[LEGAL, SALES])

    owing = commitments_owed([one], SETTINGS, TODAY, PERIOD)

    assert {person: [owed.seat for owed in some] for person, some in owing.items()} == {BOB.id: [SALES]}
    assert [(1, 2)] == [(line["said"], line["of"]) for line in committed_lines([one], PERIOD)]


def test_nobody_owes_it_for_what_is_not_decided_or_was_closed_before_or_where_the_rule_is_off() -> None:
    undecided, long_closed = decision(decided_at=None), decision(closed_at=PERIOD.since, number="D-2026-001")
    both = [known(one, there=[LEGAL]) for one in (undecided, long_closed)]
    off = Settings(Charter(), Modes({"D06": Mode.OFF}))

    assert commitments_owed(both, SETTINGS, TODAY, PERIOD) == {}
    assert committed_lines(both, PERIOD) == ()
    assert commitments_owed([known(decision(), there=[LEGAL])], off, TODAY, PERIOD) == {}


def test_what_is_not_decided_yet_lacks_that_and_what_is_complete_only_waits() -> None:
    lines = open_lines([known(decision(decided_at=None)), known(decision()), known(decision(closed_at=NOW))])

    assert [one["missing"] for one in lines] == [["that it is decided"]]


@pytest.mark.parametrize(
    ("closed_at", "is_told"), [(PERIOD.since, False), (PERIOD.since + DAY, True), (NOW, True), (NOW + DAY, False)]
)
def test_a_decision_is_told_as_closed_in_one_period_alone(closed_at: datetime, is_told: bool) -> None:
    lines = closed_lines([known(decision(closed_at=closed_at, number="D-2026-001"))], PERIOD)

    assert bool(lines) is is_told


def test_say_and_do_is_told_as_it_stood_a_week_ago() -> None:
    made, due = NOW - 30 * DAY, TODAY - 10 * DAY
    promised = {"seat_id": LEGAL, "at": made, "slip": None, "slipped_at": None}
    rows = [
        row(id=uuid4(), first_due_on=due, due_on=due, state="done", settled_at=NOW - 12 * DAY, **promised),
        row(id=uuid4(), first_due_on=due, due_on=due, state="open", settled_at=None, **promised),
        row(id=uuid4(), first_due_on=TODAY - 2 * DAY, due_on=due, state="open", settled_at=None, **promised),
    ]
    sales = SeatTerms(SALES, "Sales")

    assert say_do_lines(rows, [], [SEAT, sales], "UTC", TODAY) == (
        (LEGAL, {"department": "Legal", "kept": 1, "made": 2}),
    )


@pytest.mark.parametrize(
    ("tenures", "told"),
    [
        ([(ANN, -9, None)], []),
        ([(ANN, -7, None)], []),
        ([(ANN, -6, None)], [("joined", "Ann", None, -6)]),
        ([(ANN, 0, None)], [("joined", "Ann", None, 0)]),
        ([(ANN, 1, None)], []),
        ([(ANN, -90, -3)], [("left", "Ann", None, -2)]),
        ([(ANN, -90, -3), (BOB, -2, None)], [("handed-over", "Bob", "Ann", -2)]),
        ([(ANN, -90, -4), (BOB, -2, None)], [("left", "Ann", None, -3), ("joined", "Bob", None, -2)]),
    ],
)
def test_a_change_of_the_roster_is_told_on_its_day(
    tenures: list[tuple[PersonName, int, int | None]], told: list[tuple[str, str | None, str | None, int]]
) -> None:
    held = tuple((person, Term(day(first), on(last))) for person, first, last in tenures)

    lines = roster_lines([KnownSeat(SeatTerms(LEGAL, "Legal", held), day(-900), None)], day(-7), TODAY, set())

    assert [(one["what"], one["who"], one["before"], one["on"]) for one in lines] == [
        (what, who, before, day(days).isoformat()) for what, who, before, days in told
    ]


def decision(*positions: Position, **more: Any) -> Decision:
    electors = (Elector(LEGAL, "Legal", ANN.id), Elector(SALES, "Sales", BOB.id))
    values = {"opened_at": START, "decided_at": START, "revealed_at": START} | more
    return Decision(id=uuid4(), title="x", electors=electors, positions=positions, **values)


def position(seat: UUID) -> Position:
    return Position(uuid4(), seat, Stance.FAVOUR, 1, START)


def known(value: Decision, *, there: list[UUID] | None = None) -> Known:
    terms = {LEGAL: SEAT, SALES: SeatTerms(SALES, "Sales", ((BOB, Term(date(2026, 1, 1))),))}
    sitting = {
        seat: Sitting(seat, TODAY, one, None, Stay(seat, START, None) if seat in (there or []) else None)
        for seat, one in terms.items()
    }
    found = Row(id=value.id, title="x", number=value.number, customer="", due_on=None)
    return Known(found, "Ann", value, sitting, None)


def day(days: int) -> date:
    return TODAY + timedelta(days=days)


def on(days: int | None) -> date | None:
    return None if days is None else day(days)


def row(**values: Any) -> SimpleNamespace:
    return SimpleNamespace(**values)
