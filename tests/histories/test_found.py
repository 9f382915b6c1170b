"""What whole histories have found, each as short as it can be told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.reconcile.noting import Notes
from governance.services import settings
from tests.histories.fate import Killed
from tests.support.governed import (
    CHAIR,
    DELEGATES,
    DEPUTIES,
    NEXT_THURSDAY,
    SERIES,
    STRANGER,
    Governed,
    occurrence_id,
)

AMARA, HENRIK, MEI = DELEGATES.values()
JONAS, _ = DEPUTIES.values()
NEXT = occurrence_id(NEXT_THURSDAY)


def test_guests_that_a_listing_left_out_once_are_asked_for(governed: Governed) -> None:
    """Nothing changes on the event afterwards, so no later listing would have shown it."""
    governed.bring_in_order()
    governed.control.fault("attendees_omitted", route="events.list")
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)

    governed.cycle()

    assert {AMARA, HENRIK, MEI} == governed.guests()
    assert "I14" not in [finding["rule"] for finding in governed.stored().findings_json or []]


def test_guests_that_are_left_out_by_every_answer_are_asked_for_at_the_next_look(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.switch("omit_attendees_over", 2)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    governed.control.switch("omit_attendees_over", 1000)

    governed.advance(timedelta(days=1))
    governed.cycle()

    assert STRANGER not in governed.guests()


def test_an_answer_to_a_write_that_leaves_guests_out_is_no_refusal(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.fault("attendees_omitted", route="events.patch")

    report = governed.cycle()

    assert report is not None
    assert (1, 0, None) == (report.applied, report.failed, report.trouble)
    assert STRANGER not in governed.guests()


def test_an_exception_that_was_not_found_once_is_not_forgotten(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, NEXT, AMARA, STRANGER)
    governed.control.fault("404", route="events.patch")

    governed.cycle()

    assert STRANGER not in governed.guests(NEXT)


def test_a_decline_on_an_exception_that_outlived_a_move_calls_nobody_in(governed: Governed) -> None:
    """The occurrence of that week is another event now, which the delegate has not declined."""
    governed.bring_in_order()
    governed.control.answers(CHAIR, NEXT, AMARA, "declined")
    governed.control.move_instance(CHAIR, SERIES, "2026-01-08T11:00:00+01:00", "2026-01-08T12:00:00+01:00")

    governed.cycle()

    assert JONAS not in governed.guests(occurrence_id(NEXT_THURSDAY + timedelta(hours=1)))
    assert not governed.stored().dirty


def test_of_two_stand_ins_for_one_seat_the_one_on_the_new_occurrence_stays(governed: Governed) -> None:
    """The other one hung on a start that is no more; as long as it did, every cycle moved it again."""
    governed.bring_in_order()
    governed.stand_in("Finance", JONAS, NEXT_THURSDAY.date())
    governed.control.move_instance(CHAIR, SERIES, "2026-01-08T11:00:00+01:00", "2026-01-08T12:00:00+01:00")
    governed.look()
    governed.appoint("Sales", "vera@example.com")
    governed.vacate("Sales")
    governed.stand_in("Finance", "vera@example.com", NEXT_THURSDAY.date())

    governed.cycle()
    governed.cycle()

    assert not governed.stored().dirty


def test_an_occurrence_that_a_claim_was_settled_on_is_no_exception_for_that(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was written, so no listing ever shows it: its version would be that of a series long changed."""
    governed.bring_in_order()
    governed.visitor("vera@example.com", NEXT_THURSDAY.date())
    with monkeypatch.context() as patched:
        patched.setattr(type(governed.google.calendar), "write_event", _dies)
        with pytest.raises(Killed):
            governed.cycle()
    _pause(governed)
    governed.cycle()
    _resume(governed)
    governed.control.answers(CHAIR, SERIES, HENRIK, "accepted")

    governed.cycle()

    assert "vera@example.com" in governed.guests(NEXT)


def test_an_exception_that_went_with_a_successor_nobody_saw_is_forgotten(governed: Governed) -> None:
    """Split off and deleted between two looks: the successor was never governed, and its exceptions are not ours."""
    governed.bring_in_order()
    governed.control.forward(CHAIR, NEXT, AMARA, STRANGER)
    _pause(governed)
    governed.cycle()
    _resume(governed)
    successor = governed.control.split(CHAIR, SERIES, NEXT)
    governed.control.delete_event(CHAIR, successor["id"])

    governed.cycle()

    assert [] == governed.writes()
    assert governed.stored().problem_code is None


def test_a_worker_that_dies_before_it_notes_that_all_is_well_leaves_the_note_to_the_next(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.fault("rateLimitExceeded", route="events.patch")
    governed.cycle_report()
    noted = governed.stored().problem_code
    governed.advance(timedelta(minutes=20))
    with monkeypatch.context() as patched:
        patched.setattr(Notes, "meeting_is_well", _dies)
        with pytest.raises(Killed):
            governed.cycle()

    governed.cycle()

    assert ("google-throttled", None) == (noted, governed.stored().problem_code)


def _dies(*_: object, **__: object) -> None:
    raise Killed


def _pause(governed: Governed) -> None:
    with governed.database.writing() as session:
        settings.pause(session, governed.meeting(session), by=CHAIR, actor="test", now=governed.now)


def _resume(governed: Governed) -> None:
    with governed.database.writing() as session:
        settings.resume(session, governed.meeting(session), actor="test", now=governed.now)
