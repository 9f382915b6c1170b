"""Edges that a harsh reader of the design found: each was wrong once, or might have been."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from governance.reconcile.apply import MARK
from governance.reconcile.mending import Mender
from governance.reconcile.plan import baseline_of
from governance.reconcile.ports import CalendarAddress, Refused
from governance.reconcile.writing import Writer
from governance.services import (
    adoption,
    approvals,
    deputies,
    guests,
    ledger,
    mandates,
    occurrences,
    people,
    seats,
    settings,
)
from governance.store import pictures
from tests.support.governed import (
    CHAIR,
    DELEGATES,
    NEXT_THURSDAY,
    SERIES,
    SLUG,
    STRANGER,
    THURSDAY,
    ZONE,
    Governed,
    occurrence_id,
)

AMARA, HENRIK, MEI = DELEGATES.values()
THIS, NEXT = occurrence_id(THURSDAY), occurrence_id(NEXT_THURSDAY)


class Killed(BaseException):
    """The process dies here."""


def upd(governed: Governed) -> list[tuple[str, Any]]:
    return [(write["path"].rpartition("/")[2], write["query"].get("sendUpdates")) for write in governed.writes()]


def rules(governed: Governed) -> list[tuple[str, str | None, str]]:
    return [(one["rule"], one["email"], one["reason"]) for one in governed.stored().findings_json]


def test_naming_an_alias_settles_the_question_about_it(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.seed(users=[{"email": "petra.real@example.com", "aliases": ["petra@example.com"]}])
    governed.control.switch("canonical_addresses", True)
    governed.appoint("Sales", "petra@example.com")
    governed.cycle()
    with governed.database.writing() as s:
        people.add_alias(s, "petra@example.com", "petra.real@example.com", actor="t", now=governed.now)
    governed.cycle()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_known_alias_in_an_answer_is_no_question(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.seed(users=[{"email": "petra.real@example.com", "aliases": ["petra@example.com"]}])
    governed.control.switch("canonical_addresses", True)
    governed.appoint("Sales", "petra@example.com")
    with governed.database.writing() as s:
        people.add_alias(s, "petra@example.com", "petra.real@example.com", actor="t", now=governed.now)
    governed.cycle()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_claim_that_was_never_sent_is_not_taken_for_another_address(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.drop_guest(CHAIR, SERIES, MEI)
    real = type(governed.google.calendar).write_event

    def die(*_a: Any, **_k: Any) -> None:
        raise Killed

    monkeypatch.setattr(type(governed.google.calendar), "write_event", die)
    with pytest.raises(Killed):
        governed.cycle()
    monkeypatch.setattr(type(governed.google.calendar), "write_event", real)
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted")
    governed.cycle()
    assert {AMARA, HENRIK, MEI} == governed.guests() - {CHAIR}


def test_a_write_whose_record_was_lost_is_recorded_though_people_went_on(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    cls = type(governed.google.calendar)
    real = cls.write_event

    def die(self: Any, *a: Any, **k: Any) -> None:
        real(self, *a, **k)
        raise Killed

    monkeypatch.setattr(cls, "write_event", die)
    with pytest.raises(Killed):
        governed.cycle()
    monkeypatch.setattr(cls, "write_event", real)
    governed.control.forward(CHAIR, SERIES, AMARA, "second@elsewhere.org")
    governed.cycle()
    with governed.database.reading() as s:
        lines = [line for line in ledger.latest(s, governed.meeting_id, 10) if line.act == "invitation-written"]
    assert any(STRANGER in str(line) for line in lines)


def test_a_group_that_was_seated_is_not_invited(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.control.seed(groups=[{"email": "team@example.com", "members": [AMARA, MEI]}])
    g.bring_in_order()
    g.appoint("Sales", "team@example.com")
    g.cycle()
    assert "team@example.com" not in g.guests()


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


def test_who_is_taken_off_the_series_and_added_to_a_day_hears_of_both(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.visitor(STRANGER, date(2026, 11, 26))
    governed.cycle()
    assert STRANGER in governed.guests(THIS)
    assert STRANGER not in governed.guests()
    assert [(SERIES, ["all"]), (THIS, ["all"])] == upd(governed) or [(SERIES, "all"), (THIS, "all")] == upd(governed)


def test_a_plan_that_is_only_read_shows_the_swap(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.answers(CHAIR, THIS, HENRIK, "declined")
    shown = governed.look().plan
    assert shown is not None


def test_a_refused_write_still_shows_what_differs(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.fault("forbidden", route="events.patch", count=None)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER in str(governed.stored().findings_json), governed.stored().plan_json


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


def test_an_alias_does_not_end_because_the_directory_is_silent(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.alias(AMARA, "a.okafor@example.com")
    g.control.drop_guest(CHAIR, SERIES, AMARA)
    g.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
    g.cycle()
    assert "a.okafor@example.com" in g.guests()
    g.advance(timedelta(hours=25))
    g.control.fault("503", route="users.*", count=None)
    g.control.clear_log()
    g.cycle()
    assert "a.okafor@example.com" in g.guests()


def test_strangers_still_go_when_every_mandate_has_ended(governed: Governed) -> None:
    governed.bring_in_order()
    with governed.database.writing() as s:
        m = governed.meeting(s)
        for d, a in DELEGATES.items():
            mandates.withdraw_mandate(
                s, m, seats.seat_of(s, m, d), people.known_person(s, a), actor="t", now=governed.now
            )
    governed.cycle()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True)
    governed.cycle()
    assert STRANGER not in governed.guests(), [
        (c["kind"], c["email"], c["held"]) for c in governed.stored().plan_json["changes"]
    ]


def test_an_edit_between_judging_and_storing_is_looked_after_next(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted")
    real = Mender._finish

    def finish(self: Any, j: Any, m: Any, **k: Any) -> None:
        governed.appoint("Sales", "vera@example.com")
        real(self, j, m, **k)

    monkeypatch.setattr(Mender, "_finish", finish)
    governed.cycle()
    monkeypatch.setattr(Mender, "_finish", real)
    governed.cycle()
    assert "vera@example.com" in governed.guests()


def test_an_approval_between_judging_and_storing_is_carried_out_next(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    for n in range(11):
        governed.control.forward(CHAIR, SERIES, AMARA, f"s{n}@elsewhere.org")
    governed.cycle()
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted")
    real = Mender._finish

    def finish(self: Any, j: Any, m: Any, **k: Any) -> None:
        p = governed.reconciler.preview(governed.meeting_id).plan
        with governed.database.writing() as s:
            approvals.approve(
                s, governed.meeting(s), p.checksum, p.keys_for_approval, by=CHAIR, source="t", now=governed.now
            )
        real(self, j, m, **k)

    monkeypatch.setattr(Mender, "_finish", finish)
    governed.cycle()
    monkeypatch.setattr(Mender, "_finish", real)
    governed.cycle()
    assert "s3@elsewhere.org" not in governed.guests()


def test_a_death_after_the_token_was_stored_loses_no_news(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    real = Mender.mend_series

    def die(self: Any, *_a: Any) -> None:
        raise Killed

    monkeypatch.setattr(Mender, "mend_series", die)
    with pytest.raises(Killed):
        governed.cycle()
    monkeypatch.setattr(Mender, "mend_series", real)
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_death_between_write_and_record_still_counts_the_write(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    governed.control.drop_guest(CHAIR, SERIES, MEI)
    real = Writer._keep

    def die(self: Any, *_a: Any) -> None:
        raise Killed

    monkeypatch.setattr(Writer, "_keep", die)
    with pytest.raises(Killed):
        governed.cycle()
    monkeypatch.setattr(Writer, "_keep", real)
    governed.cycle()
    governed.control.drop_guest(CHAIR, SERIES, MEI)
    governed.cycle()
    assert MEI not in governed.guests()  # once a day
    assert len(governed.writes()) == 1


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


def test_who_accepts_with_one_of_two_addresses_comes(governed: Governed) -> None:
    governed.bring_in_order()
    with governed.database.writing() as s:
        people.add_alias(s, HENRIK, "h2@example.com", actor="t", now=governed.now)
    governed.control.forward(CHAIR, SERIES, AMARA, "h2@example.com")
    governed.cycle()
    governed.control.answers(CHAIR, SERIES, HENRIK, "declined")
    governed.control.answers(CHAIR, SERIES, "h2@example.com", "accepted")
    governed.cycle()
    assert "tomas@example.com" not in governed.guests(THIS)


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


def test_a_stand_in_of_the_last_hour_is_added_and_nobody_removed(governed: Governed) -> None:
    governed.bring_in_order()
    governed.advance(THURSDAY - timedelta(minutes=50) - governed.now)
    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    governed.cycle()
    assert "jonas@example.com" in governed.guests(THIS)
    assert AMARA in governed.guests(THIS)


def test_an_editors_hard_spaces_do_not_double_the_block(governed: Governed) -> None:
    governed.bring_in_order()
    d = governed.event()["description"]
    governed.control.organizer_edits(
        CHAIR, SERIES, {"description": d.replace("\n", "<br>").replace("here ---", "here&nbsp;---")}
    )
    governed.cycle()
    assert governed.event()["description"].count("We decide for the customers.") == 1, governed.event()["description"]


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


def test_a_visitor_after_the_clocks_change_is_added_to_the_right_occurrence(governed: Governed) -> None:
    governed.bring_in_order()
    governed.visitor("vera@example.com", date(2027, 4, 1))
    governed.cycle()
    assert "vera@example.com" in governed.guests(f"{SERIES}_20270401T080000Z")


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


def test_an_alias_is_asked_for_again_after_a_day(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.alias(AMARA, "a.okafor@example.com")
    g.control.drop_guest(CHAIR, SERIES, AMARA)
    g.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
    g.cycle()
    g.advance(timedelta(hours=25))
    g.cycle()
    assert "a.okafor@example.com" in g.guests()
    assert AMARA not in g.guests()


def test_a_plan_that_is_only_read_asks_the_directory_too(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.alias(AMARA, "a.okafor@example.com")
    g.control.drop_guest(CHAIR, SERIES, AMARA)
    g.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
    g.cycle()
    g.advance(timedelta(hours=25))
    assert g.look().plan is None, g.look().plan.as_text()


def test_a_group_is_a_group_in_the_first_plan_that_sees_it(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.seed(groups=[{"email": "all@example.com", "members": [AMARA, MEI]}])
    g.control.forward(CHAIR, SERIES, AMARA, "all@example.com")
    assert [p.change.rule for p in g.look().plan.changes] == ["I08"]


def test_one_event_that_refuses_does_not_starve_the_others(governed: Governed, monkeypatch: pytest.MonkeyPatch) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, THIS, AMARA, STRANGER)
    governed.control.forward(CHAIR, NEXT, AMARA, STRANGER)
    cls = type(governed.google.calendar)
    real = cls.write_event

    def refuse(self: Any, calendar: Any, write: Any) -> Any:
        if write.event_id == THIS:
            raise Refused("Unlock the event", "403")
        return real(self, calendar, write)

    monkeypatch.setattr(cls, "write_event", refuse)
    for _ in range(3):
        governed.cycle(also=(governed.meeting_id,))
    assert STRANGER not in governed.guests(NEXT)


def test_what_is_undone_is_counted_for_each_event(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.split(CHAIR, SERIES, NEXT_THURSDAY)
    b = next(e["id"] for e in governed.control.events(CHAIR) if "_R" in e["id"])
    governed.cycle()
    for _ in range(2):
        for e in (SERIES, b):
            governed.control.flip_flags(CHAIR, e, guestsCanInviteOthers=True)
        governed.cycle()
        governed.advance(timedelta(minutes=2))
    assert governed.event(b).get("guestsCanInviteOthers", True) is False


def test_news_do_not_bring_an_event_forward_that_refused_to_be_written(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.fault("forbidden", route="events.patch", count=1)
    governed.cycle()
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted")
    governed.cycle()
    assert STRANGER in governed.guests()
    governed.advance(timedelta(seconds=20))
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_refused_write_is_in_the_ledger(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    with governed.database.reading() as s:
        before = ledger.head(s, governed.meeting_id).seq
    governed.control.fault("forbidden", route="events.patch", count=None)
    governed.cycle()
    with governed.database.reading() as s:
        assert ledger.head(s, governed.meeting_id).seq > before


def test_stand_ins_and_visitors_of_a_moved_day(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.move_instance(CHAIR, THIS, "2026-11-27T10:00:00+01:00", "2026-11-27T11:00:00+01:00")
    governed.cycle()
    governed.visitor("vera@example.com", date(2026, 11, 27))
    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 27))
    governed.cycle()
    assert {"vera@example.com", "jonas@example.com"} <= governed.guests(THIS)


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


def test_the_organiser_brings_nobody_along_either(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.organizer_edits(
        CHAIR,
        SERIES,
        {
            "attendees": [
                {"email": CHAIR, "additionalGuests": 2, "responseStatus": "accepted"},
                *[{"email": a} for a in DELEGATES.values()],
            ]
        },
    )
    governed.cycle()
    assert not any(a.get("additionalGuests") for a in governed.event()["attendees"])


def test_releasing_takes_ours_off_every_coming_occurrence(governed: Governed) -> None:
    governed.bring_in_order()
    governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))
    governed.visitor("vera@example.com", date(2026, 12, 3))
    governed.cycle()
    with governed.database.writing() as s:
        settings.pause(s, governed.meeting(s), by=CHAIR, actor="t", now=governed.now)
    governed.reconciler.let_go(governed.meeting_id)
    for e in (SERIES, THIS, NEXT):
        ev = governed.event(e)
        assert "Meeting governance" not in ev["description"], e
        assert MARK not in ev.get("extendedProperties", {}).get("private", {}), e


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


def test_a_name_cannot_write_lines_into_a_plan(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.organizer_edits(
        CHAIR,
        SERIES,
        {
            "attendees": [
                *[{"email": a} for a in DELEGATES.values()],
                {"email": STRANGER, "displayName": "Eve\x1b[2J\nApprove what is held"},
            ]
        },
    )
    t = governed.look().plan.as_text()
    assert "\x1b" not in t
    assert 2 == len(t.splitlines()), t


def test_another_meetings_mark_is_no_restored_copy(governed: Governed) -> None:
    g = governed
    g.bring_in_order()
    g.visitor("vera@example.com", date(2026, 11, 26))
    g.cycle()
    g.advance(timedelta(days=5))
    g.cycle()
    g.reconciler.let_go(g.meeting_id)
    with g.database.writing() as s:
        adoption.release(s, g.meeting(s), actor="t", now=g.now)
    g.adopt(slug="second")
    assert not g.look().standing.is_restored_copy


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


def test_a_restored_copy_holds_even_what_was_approved(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    governed.cycle()
    governed.approve()
    governed.cycle()
    newer = {"extendedProperties": {"private": {MARK: f"{governed.meeting_id}:1000000"}}}
    governed.control.organizer_edits(CHAIR, SERIES, newer)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.clear_log()

    governed.cycle()

    assert [] == governed.writes()


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
