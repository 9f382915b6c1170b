"""Edges of what is held, counted and shown. Each was wrong once, or might have been."""

from __future__ import annotations

from datetime import date, timedelta

from governance.reconcile.ports import CalendarAddress
from governance.services import (
    adoption,
    approvals,
    ledger,
)
from governance.store import pictures
from tests.reconcile.edges import AMARA, HENRIK, MEI
from tests.support.governed import (
    CHAIR,
    SERIES,
    SLUG,
    STRANGER,
    ZONE,
    Governed,
)


def test_the_first_plan_still_waits_after_a_time_of_observing(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    for c in ("I01", "I02", "I05", "I09", "I11"):
        governed.mode(c, "observe")
    governed.cycle()
    for c in ("I01", "I02", "I05", "I09", "I11"):
        governed.mode(c, "enforce")
    governed.control.clear_log()
    governed.cycle()
    assert [] == governed.writes()


def test_an_empty_roster_does_not_use_up_the_first_plan(governed: Governed) -> None:
    g = governed
    g.control.create_series(
        CHAIR,
        "E",
        "2026-01-08T10:00:00+01:00",
        "2026-01-08T11:00:00+01:00",
        ZONE,
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        [],
        event_id="emptyone",
        guestsCanInviteOthers=False,
    )
    event = g.google.calendar.get_event(CalendarAddress(CHAIR, CHAIR), "emptyone")
    with g.database.writing() as s:
        m = adoption.adopt(s, slug=SLUG, google_id=CHAIR, subject=CHAIR, event=event, actor="t", now=g.now)
        s.flush()
        g.meeting_id = m.id
        g.calendar_id = pictures.calendar_of_meeting(s, m.id)
    g.cycle()
    g.appoint("Finance", AMARA)
    g.control.clear_log()
    g.cycle()
    assert [] == g.writes()


def test_a_meeting_relinked_to_another_calendar_is_governed_there(governed: Governed) -> None:
    g = governed
    g.bring_in_order()
    g.control.seed(users=[{"email": "other@example.com"}])
    g.control.create_series(
        "other@example.com",
        "S",
        "2026-01-08T10:00:00+01:00",
        "2026-01-08T11:00:00+01:00",
        ZONE,
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        [AMARA],
        event_id="otherone",
    )
    g.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    g.cycle()
    event = g.google.calendar.get_event(CalendarAddress("other@example.com", "other@example.com"), "otherone")
    with g.database.writing() as s:
        adoption.relink(
            s,
            g.meeting(s),
            google_id="other@example.com",
            subject="other@example.com",
            event=event,
            actor="t",
            now=g.now,
        )
        s.flush()
        g.calendar_id = pictures.calendar_of_meeting(s, g.meeting_id)
    r = g.cycle()
    assert r.trouble is None
    assert {HENRIK, MEI} <= {e["email"] for e in g.control.event("other@example.com", "otherone")["attendees"]}, (
        g.stored().plan_json
    )
    i = g.control.instances("other@example.com", "otherone", 1, after=g.now)[0]
    assert "jonas@example.com" in {e["email"] for e in i["attendees"]}


def test_waiting_changes_leave_nothing_in_the_ledger(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    with governed.database.reading() as s:
        before = ledger.head(s, governed.meeting_id).seq
    for _ in range(3):
        governed.advance(timedelta(minutes=3))
        governed.cycle(also=(governed.meeting_id,))
    with governed.database.reading() as s:
        assert ledger.head(s, governed.meeting_id).seq == before


def test_a_rejected_first_plan_is_not_written(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    governed.cycle()
    p = governed.look().plan
    with governed.database.writing() as s:
        approvals.reject(
            s, governed.meeting(s), p.checksum, p.keys_for_approval, by=CHAIR, source="t", now=governed.now
        )
    governed.control.clear_log()
    governed.cycle()
    assert [] == governed.writes()
