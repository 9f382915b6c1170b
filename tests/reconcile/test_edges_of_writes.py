"""Edges of a write and its record: deaths, refusals, other people. Each was wrong once, or might have been."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from governance.reconcile.apply import MARK
from governance.reconcile.mending import Mender
from governance.reconcile.ports import Refused
from governance.reconcile.writing import Writer
from governance.services import (
    adoption,
    approvals,
    ledger,
    settings,
)
from tests.reconcile.edges import AMARA, MEI, NEXT, THIS, Killed, upd
from tests.support.governed import (
    CHAIR,
    NEXT_THURSDAY,
    SERIES,
    STRANGER,
    Governed,
)


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


def test_who_is_taken_off_the_series_and_added_to_a_day_hears_of_both(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.visitor(STRANGER, date(2026, 11, 26))
    governed.cycle()
    assert STRANGER in governed.guests(THIS)
    assert STRANGER not in governed.guests()
    assert [(SERIES, ["all"]), (THIS, ["all"])] == upd(governed) or [(SERIES, "all"), (THIS, "all")] == upd(governed)


def test_a_refused_write_still_shows_what_differs(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.fault("forbidden", route="events.patch", count=None)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER in str(governed.stored().findings_json), governed.stored().plan_json


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


def test_an_editors_hard_spaces_do_not_double_the_block(governed: Governed) -> None:
    governed.bring_in_order()
    d = governed.event()["description"]
    governed.control.organizer_edits(
        CHAIR, SERIES, {"description": d.replace("\n", "<br>").replace("here ---", "here&nbsp;---")}
    )
    governed.cycle()
    assert governed.event()["description"].count("We decide for the customers.") == 1, governed.event()["description"]


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
