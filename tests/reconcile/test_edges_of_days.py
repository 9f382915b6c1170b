"""Edges of single days: stand-ins, visitors, guests. Each was wrong once, or might have been."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from governance.services import (
    deputies,
    guests,
    occurrences,
    people,
    seats,
)
from tests.reconcile.edges import AMARA, HENRIK, MEI, THIS, rules
from tests.support.governed import (
    CHAIR,
    SERIES,
    THURSDAY,
    Governed,
)


def test_a_stand_in_without_a_mandate_is_shown(governed: Governed) -> None:
    governed.bring_in_order()
    governed.stand_in("IT Security", "vera@example.com", date(2026, 11, 26))
    governed.cycle()
    assert any(r == "I03" and e == "vera@example.com" for r, e, _ in rules(governed))


def test_a_missing_stand_in_is_shown_where_the_rule_only_observes(governed: Governed) -> None:
    governed.bring_in_order()
    governed.mode("I05", "observe")
    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    governed.cycle()
    assert any(e == "jonas@example.com" for r, e, _ in rules(governed))


def test_handing_over_and_back_twice_a_day_is_no_contest(governed: Governed) -> None:
    governed.bring_in_order()

    def back() -> None:
        with governed.database.writing() as s:
            m = governed.meeting(s)
            seat = seats.seat_of(s, m, "Finance")
            occ = occurrences.occurrence_on(s, m, date(2026, 11, 26), now=governed.now)
            deputies.withdraw_stand_in(s, m, seat, occ, actor="t", now=governed.now)

    for _ in range(2):
        governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
        governed.cycle()
        assert AMARA not in governed.guests(THIS)
        governed.advance(timedelta(hours=2))
        back()
        governed.cycle()
        assert AMARA in governed.guests(THIS)
        governed.advance(timedelta(hours=2))


def test_a_visitor_is_put_back_once_a_day(governed: Governed) -> None:
    governed.bring_in_order()
    governed.visitor("vera@example.com", date(2026, 11, 26))
    governed.cycle()
    governed.control.clear_log()
    for _ in range(2):
        governed.control.drop_guest(CHAIR, THIS, "vera@example.com")
        governed.cycle()
    assert len(governed.writes()) == 1


def test_a_plan_that_is_only_read_shows_the_swap(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.answers(CHAIR, THIS, HENRIK, "declined")
    shown = governed.look().plan
    assert shown is not None


def test_coming_after_all_counts_though_the_chair_chose_another_deputy(governed: Governed) -> None:
    governed.bring_in_order()
    governed.deputy("Legal", "vera@example.com")
    governed.control.answers(CHAIR, THIS, HENRIK, "declined")
    governed.cycle()
    governed.stand_in("Legal", "vera@example.com", date(2026, 11, 26))
    governed.cycle()
    governed.control.answers(CHAIR, THIS, HENRIK, "accepted")
    governed.cycle()
    assert HENRIK in governed.guests(THIS)


def test_a_stand_in_of_the_last_hour_is_added_and_nobody_removed(governed: Governed) -> None:
    governed.bring_in_order()
    governed.advance(THURSDAY - timedelta(minutes=50) - governed.now)
    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    governed.cycle()
    assert "jonas@example.com" in governed.guests(THIS)
    assert AMARA in governed.guests(THIS)


def test_a_visitor_after_the_clocks_change_is_added_to_the_right_occurrence(governed: Governed) -> None:
    governed.bring_in_order()
    governed.visitor("vera@example.com", date(2027, 4, 1))
    governed.cycle()
    assert "vera@example.com" in governed.guests(f"{SERIES}_20270401T080000Z")


def test_stand_ins_and_visitors_of_a_moved_day(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.move_instance(CHAIR, THIS, "2026-11-27T10:00:00+01:00", "2026-11-27T11:00:00+01:00")
    governed.cycle()
    governed.visitor("vera@example.com", date(2026, 11, 27))
    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 27))
    governed.cycle()
    assert {"vera@example.com", "jonas@example.com"} <= governed.guests(THIS)


def test_vacating_and_appointing_twice_a_day_is_no_contest(governed: Governed) -> None:
    g = governed
    g.bring_in_order()
    for _ in range(2):
        g.vacate("Finance")
        g.cycle()
        assert AMARA not in g.guests()
        g.appoint("Finance", AMARA)
        g.cycle()
        assert AMARA in g.guests()


def test_a_standing_guest_ends_between_two_occurrences(governed: Governed) -> None:
    g = governed
    g.bring_in_order()
    with g.database.writing() as s:
        guests.admit_standing_guest(
            s,
            g.meeting(s),
            people.person_named(s, "vera@example.com", ""),
            last_day=date(2026, 11, 28),
            reason="x",
            actor="t",
            now=g.now,
        )
    g.cycle()
    assert "vera@example.com" in g.guests()
    g.advance(timedelta(days=3, hours=3))
    g.cycle()
    assert "vera@example.com" not in g.guests()


def test_coming_after_all_while_the_deputy_is_being_added_ends_the_stand_in(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer lands between our plan and our write: the plan is made anew, and the swap back belongs to it."""
    governed.bring_in_order()
    governed.control.answers(CHAIR, THIS, AMARA, "declined")
    cls = type(governed.google.calendar)
    real = cls.write_event

    def overtaken(self: Any, *arguments: Any) -> Any:
        monkeypatch.setattr(cls, "write_event", real)
        governed.control.answers(CHAIR, THIS, AMARA, "accepted")
        return real(self, *arguments)

    monkeypatch.setattr(cls, "write_event", overtaken)

    governed.cycle()
    governed.cycle()

    assert {AMARA, HENRIK, MEI} == governed.guests(THIS) - {CHAIR}
    assert {} == governed.roster().stand_ins
