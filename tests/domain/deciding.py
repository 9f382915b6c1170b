"""Decisions for the tests of their laws: so many seats, and what each of them says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from governance.domain.charter import Way
from governance.domain.decisions.values import Decision, Elector, Option, Position, Stance

NOW = datetime(2026, 11, 26, 9, 30, tzinfo=UTC)
SPOKEN = (Stance.FAVOUR, Stance.LIVE, Stance.OBJECT, Stance.RECUSE, Stance.SILENT, Stance.HOLD)


def seat(number: int) -> UUID:
    return UUID(int=number + 1)


def elector(number: int, **more: Any) -> Elector:
    return Elector(seat(number), f"Department {number}", UUID(int=1000 + number), **more)


def position(number: int, stance: Stance, *, order: int = 0, round_: int = 1, **more: Any) -> Position:
    """Given `order` minutes ago of the first one; a hold lasts until tomorrow unless it says otherwise."""
    if stance is Stance.HOLD:
        more.setdefault("hold_until", NOW + timedelta(days=1))
    at = NOW - timedelta(hours=1) + timedelta(minutes=order)
    return Position(UUID(int=10_000 + 100 * order + number), seat(number), stance, round_, at, **more)


def decision(seats: int, *said: Position, **more: Any) -> Decision:
    values: dict[str, Any] = {
        "electors": tuple(elector(number) for number in range(seats)),
        "options": (Option(UUID(int=1), "Do nothing", cost="All", is_nothing=True), *_two()),
        "opened_at": NOW - timedelta(hours=2),
        "positions": said,
    }
    return Decision(id=UUID(int=7), title="Answer within two days", **(values | more))


def _two() -> tuple[Option, ...]:
    return (Option(UUID(int=2), "Two days", is_proposed=True, rank=1), Option(UUID(int=3), "A week", rank=2))


@st.composite
def decisions(draw: st.DrawFn, *, ways: tuple[Way, ...] = tuple(Way)) -> Decision:
    """Any number of seats, some of which may not decide, and any of which has said anything or nothing."""
    number = draw(st.integers(1, 9))
    electors = tuple(elector(one, is_empowered=draw(st.booleans() | st.just(True))) for one in range(number))
    stances = [draw(st.none() | st.sampled_from(SPOKEN)) for _ in range(number)]
    said = [position(one, stance, interest="Time") for one, stance in enumerate(stances) if stance is not None]
    return decision(
        number, *said, electors=electors, way=draw(st.sampled_from(ways)),
        revealed_at=draw(st.none() | st.just(NOW)), is_show_of_hands=draw(st.booleans()),
    )  # fmt: skip
