"""Edges of series: splits, moves, calendars, clocks. Each was wrong once, or might have been."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from governance.reconcile.plan import baseline_of
from governance.reconcile.ports import CalendarAddress
from governance.services import (
    adoption,
    deputies,
    occurrences,
    seats,
)
from governance.store import pictures
from tests.reconcile.edges import AMARA, HENRIK, MEI, NEXT, THIS, rules
from tests.support.governed import (
    CHAIR,
    NEXT_THURSDAY,
    SERIES,
    SLUG,
    STRANGER,
    THURSDAY,
    ZONE,
    Governed,
)


def test_both_parts_of_a_split_put_a_delegate_back(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.split(CHAIR, SERIES, NEXT_THURSDAY)
    b = next(e["id"] for e in governed.control.events(CHAIR) if "_R" in e["id"])
    governed.cycle()
    governed.control.drop_guest(CHAIR, SERIES, HENRIK)
    governed.control.drop_guest(CHAIR, b, HENRIK)
    governed.cycle()
    assert HENRIK in governed.guests()
    assert HENRIK in governed.guests(b)


def test_a_meeting_that_comes_back_has_a_first_plan_again(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    governed.cycle()
    governed.approve()
    governed.cycle()
    governed.reconciler.let_go(governed.meeting_id)
    with governed.database.writing() as s:
        adoption.release(s, governed.meeting(s), actor="t", now=governed.now)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.adopt()
    governed.control.clear_log()
    governed.cycle()
    assert [] == governed.writes()


def test_an_occurrence_goes_back_to_where_it_was_before(governed: Governed) -> None:
    governed.bring_in_order()

    def move(h: int) -> None:
        governed.control.organizer_edits(
            CHAIR,
            SERIES,
            {
                "start": {"dateTime": f"2026-01-08T{h}:00:00+01:00", "timeZone": ZONE},
                "end": {"dateTime": f"2026-01-08T{h + 1}:00:00+01:00", "timeZone": ZONE},
            },
        )
        r = governed.cycle()
        assert r.trouble is None, r

    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    with governed.database.writing() as s:
        m = governed.meeting(s)
        seat = seats.seat_of(s, m, "Finance")
        occ = occurrences.occurrence_on(s, m, date(2026, 11, 26), now=governed.now)
        deputies.withdraw_stand_in(s, m, seat, occ, actor="t", now=governed.now)
    governed.cycle()
    move(12)
    governed.visitor("vera@example.com", date(2026, 11, 26))
    governed.cycle()
    move(10)


def test_a_split_to_another_time_is_reported(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.split(
        CHAIR,
        SERIES,
        NEXT_THURSDAY,
        {
            "start": {"dateTime": "2026-12-03T15:00:00+01:00", "timeZone": ZONE},
            "end": {"dateTime": "2026-12-03T16:00:00+01:00", "timeZone": ZONE},
        },
    )
    governed.cycle()
    governed.cycle()
    assert any(r == "I12" for r, _, _ in rules(governed))


def test_a_postponed_occurrence_that_is_cancelled_later_is_gone(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.move_instance(CHAIR, THIS, "2026-12-08T10:00:00+01:00", "2026-12-08T11:00:00+01:00")
    governed.cycle()
    governed.advance(timedelta(days=12))  # Dec 5
    governed.cycle()
    governed.control.cancel_instance(CHAIR, THIS)
    governed.cycle()
    s = governed.look().situation
    assert s.next_occurrence()[1].start == datetime(2026, 12, 10, 9, tzinfo=UTC), s.next_occurrence()


def test_a_postponed_occurrence_that_is_moved_back_is_history(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.move_instance(CHAIR, THIS, "2026-12-08T10:00:00+01:00", "2026-12-08T11:00:00+01:00")
    governed.cycle()
    governed.advance(timedelta(days=12))
    governed.control.move_instance(CHAIR, THIS, "2026-11-26T10:00:00+01:00", "2026-11-26T11:00:00+01:00")
    governed.control.forward(CHAIR, THIS, AMARA, STRANGER)
    r = governed.cycle()
    assert r is None or r.trouble is None, r


def test_an_ended_part_of_a_split_does_not_count_in_the_baseline(governed: Governed) -> None:
    governed.bring_in_order()
    for n in range(2):
        governed.appoint(f"D{n}", f"d{n}@example.com")
    governed.cycle()
    for n in range(2, 4):
        governed.advance(timedelta(hours=25))
        governed.cycle()
        governed.appoint(f"D{n}", f"d{n}@example.com")
    governed.cycle()
    governed.control.split(CHAIR, SERIES, NEXT_THURSDAY)
    governed.cycle()
    b = next(e["id"] for e in governed.control.events(CHAIR) if "_R" in e["id"])
    governed.advance(timedelta(days=14))
    governed.cycle()
    for n in range(0, 2):
        governed.vacate(f"D{n}")
    governed.cycle()
    governed.advance(timedelta(days=2))
    governed.cycle()
    for n in range(2, 4):
        governed.vacate(f"D{n}")
    governed.cycle()
    governed.advance(timedelta(days=2))
    governed.cycle()
    assert baseline_of(governed.look().situation) == frozenset(governed.guests(b)), baseline_of(
        governed.look().situation
    )


def test_an_event_that_comes_back_frees_its_meeting(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.delete_event(CHAIR, SERIES)
    governed.cycle()
    assert governed.stored().frozen_code
    governed.control.organizer_edits(CHAIR, SERIES, {"status": "confirmed"})
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert governed.stored().frozen_code is None
    assert STRANGER not in governed.guests()


def test_an_occurrence_that_is_held_after_all_is_governed_again(governed: Governed) -> None:
    governed.bring_in_order()
    governed.visitor("vera@example.com", date(2026, 11, 26))
    governed.cycle()
    governed.control.cancel_instance(CHAIR, THIS)
    governed.cycle()
    governed.control.restore_instance(CHAIR, THIS)
    governed.control.forward(CHAIR, THIS, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests(THIS)
    assert "vera@example.com" in governed.guests(THIS)


def test_an_occurrence_moved_into_the_next_hour_keeps_its_people(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, NEXT, AMARA, STRANGER)
    governed.control.move_instance(
        CHAIR, NEXT, governed.now + timedelta(minutes=30), governed.now + timedelta(minutes=90)
    )
    governed.control.clear_log()
    governed.cycle()
    assert STRANGER in governed.guests(NEXT)
    governed.control.forward(CHAIR, SERIES, AMARA, "s2@elsewhere.org")
    governed.cycle()
    assert "s2@elsewhere.org" in governed.guests()


def test_a_meeting_on_a_secondary_calendar(governed: Governed) -> None:
    g = governed
    g.control.seed(calendars=[{"id": "team@group.calendar.google.com", "owner": CHAIR, "summary": "Team"}])
    g.control.create_series(
        "team@group.calendar.google.com",
        "Steering",
        "2026-01-08T10:00:00+01:00",
        "2026-01-08T11:00:00+01:00",
        ZONE,
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        [AMARA, STRANGER],
        event_id="teamweekly",
    )
    ev = g.google.calendar.get_event(CalendarAddress("team@group.calendar.google.com", CHAIR), "teamweekly")
    assert ev.organizer_is_calendar
    with g.database.writing() as s:
        m = adoption.adopt(
            s, slug=SLUG, google_id="team@group.calendar.google.com", subject=CHAIR, event=ev, actor="t", now=g.now
        )
        s.flush()
        g.meeting_id = m.id
        g.calendar_id = pictures.calendar_of_meeting(s, m.id)
    g.seat_everybody()
    g.cycle()
    g.approve()
    g.cycle()
    assert {e["email"] for e in g.control.event("team@group.calendar.google.com", "teamweekly")["attendees"]} == {
        AMARA,
        HENRIK,
        MEI,
    }


def test_an_all_day_meeting_far_from_utc(governed: Governed) -> None:
    g = governed
    g.control.seed(users=[{"email": "la@example.com", "time_zone": "America/Los_Angeles"}])
    g.control.create_series(
        "la@example.com",
        "AD",
        date(2026, 1, 8),
        date(2026, 1, 9),
        "America/Los_Angeles",
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        [AMARA],
        event_id="allday123",
    )
    ev = g.google.calendar.get_event(CalendarAddress("la@example.com", "la@example.com"), "allday123")
    with g.database.writing() as s:
        m = adoption.adopt(
            s, slug=SLUG, google_id="la@example.com", subject="la@example.com", event=ev, actor="t", now=g.now
        )
        s.flush()
        g.meeting_id = m.id
        g.calendar_id = pictures.calendar_of_meeting(s, m.id)
        assert m.time_zone == "America/Los_Angeles", m.time_zone
    g.seat_everybody()
    g.cycle()
    g.approve()
    g.cycle()
    g.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    g.visitor("vera@example.com", date(2026, 11, 26))
    g.cycle()
    assert "vera@example.com" in {
        e["email"] for e in g.control.event("la@example.com", "allday123_20261126")["attendees"]
    }
    g.advance(timedelta(days=130))  # DST
    g.cycle()
    n = g.look().situation.next_occurrence()[1]
    d = g.roster().day_of(n.start)
    assert d.weekday() == 3, (d, n)
    g.visitor("vera@example.com", d)
    g.cycle()
    assert "vera@example.com" in {
        e["email"] for e in g.control.event("la@example.com", f"allday123_{d:%Y%m%d}")["attendees"]
    }


def test_occurrences_are_those_that_google_lists(governed: Governed) -> None:
    governed.control.organizer_edits(
        CHAIR,
        SERIES,
        {
            "recurrence": [
                "RRULE:FREQ=WEEKLY;BYDAY=TH;COUNT=48",
                "EXDATE;TZID=Europe/Berlin:20261126T100000",
                "RDATE;TZID=Europe/Berlin:20261204T150000",
            ]
        },
    )
    governed.bring_in_order()
    n = [x.start for _, x in zip(range(4), governed.look().situation.pictures[0].upcoming(governed.now), strict=False)]
    exp = [
        datetime.fromisoformat(i["start"]["dateTime"]).astimezone(UTC)
        for i in governed.control.instances(CHAIR, SERIES, 4, after=governed.now)
    ]
    assert n == exp


def test_the_successor_is_governed_when_the_first_part_is_over(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.split(CHAIR, SERIES, NEXT_THURSDAY)
    governed.cycle()
    b = next(e["id"] for e in governed.control.events(CHAIR) if "_R" in e["id"])
    governed.advance(timedelta(days=9))
    governed.cycle()
    governed.control.forward(CHAIR, b, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests(b)
    governed.control.drop_guest(CHAIR, b, MEI)
    governed.cycle()
    assert MEI in governed.guests(b)


def test_a_plan_that_is_only_read_shows_what_goes_along(governed: Governed) -> None:
    g = governed
    g.bring_in_order()
    g.visitor("vera@example.com", date(2026, 12, 3))
    g.cycle()
    g.control.organizer_edits(
        CHAIR,
        SERIES,
        {
            "start": {"dateTime": "2026-01-08T12:00:00+01:00", "timeZone": ZONE},
            "end": {"dateTime": "2026-01-08T13:00:00+01:00", "timeZone": ZONE},
        },
    )
    shown = g.look().plan
    g.control.clear_log()
    g.cycle()
    assert (shown is not None) == bool(g.writes()), (shown, g.writes())


def test_a_vacated_seat_takes_its_delegate_off_the_days_too(governed: Governed) -> None:
    g = governed
    g.bring_in_order()
    g.control.answers(CHAIR, THIS, HENRIK, "declined")
    g.cycle()
    assert "tomas@example.com" in g.guests(THIS)
    g.vacate("Legal")
    g.cycle()
    assert HENRIK not in g.guests(THIS), g.guests(THIS)


def test_the_limit_is_measured_by_who_is_on_the_live_part(governed: Governed) -> None:
    """8 people on the ended part, 4 on the live one: three removals exceed max(2, a quarter of 4)."""
    g = governed
    g.bring_in_order()
    names = [f"d{n}" for n in range(9)]
    for n in range(0, 8, 2):
        for d in names[n : n + 2]:
            g.appoint(d, f"{d}@example.com")
        g.cycle()
        g.advance(timedelta(hours=5))
        if g.look().plan and g.look().plan.checksum:
            g.approve()
        g.cycle()
    assert len(g.guests()) >= 11, g.guests()
    g.advance(timedelta(hours=25))
    g.cycle()
    g.control.split(CHAIR, SERIES, NEXT_THURSDAY)
    g.cycle()
    b = next(e["id"] for e in g.control.events(CHAIR) if "_R" in e["id"])
    g.advance(timedelta(days=8))
    g.cycle()
    for n in range(0, 6, 2):
        for d in names[n : n + 2]:
            g.vacate(d)
        g.cycle()
        g.advance(timedelta(hours=25))
        g.cycle()
    left = g.guests(b) - {CHAIR}
    assert len(left) <= 6, left
    for who in ("Finance", "Legal", "d6"):
        g.vacate(who)
    g.control.clear_log()
    g.cycle()
    assert [] == g.writes(), (left, g.guests(b))


def test_what_waits_for_the_last_hour_is_part_of_the_first_plan(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    governed.advance(THURSDAY - timedelta(minutes=30) - governed.now)
    plan = governed.look().plan
    assert plan is not None
    assert STRANGER in {target for _, _, target in plan.keys_for_approval}

    governed.approve()
    governed.cycle()
    assert STRANGER in governed.guests()

    governed.advance(timedelta(minutes=100))
    governed.cycle()
    assert STRANGER not in governed.guests()
