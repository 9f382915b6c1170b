"""The main job against the sandbox calendar: whatever anybody does to the guest list is put right in one cycle."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from governance.reconcile.apply import MARK
from governance.services import approvals
from governance.store import standing
from governance.store.judging import read_background
from tests.support.governed import (
    CHAIR,
    DELEGATES,
    NEXT_THURSDAY,
    SERIES,
    STRANGER,
    THURSDAY,
    Governed,
    occurrence_id,
)

AMARA, HENRIK, MEI = DELEGATES.values()
THIS, NEXT = occurrence_id(THURSDAY), occurrence_id(NEXT_THURSDAY)


def test_nothing_changes_when_everything_is_in_order(governed: Governed) -> None:
    governed.bring_in_order()

    reports = [governed.cycle() for _ in range(3)]

    assert [None, None, None] == reports
    assert [] == governed.writes()


def test_answers_are_news_and_lead_to_no_write(governed: Governed) -> None:
    governed.bring_in_order()
    for address in (AMARA, MEI):
        governed.control.answers(CHAIR, SERIES, address, "accepted")

    report = governed.cycle()

    assert report is not None
    assert (0, 0, 0) == (report.applied, report.held, report.failed)
    assert [] == governed.writes()


def test_the_first_plan_waits_and_is_written_when_it_is_approved(governed_on_both: Governed) -> None:
    governed = governed_on_both
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)

    before = governed.cycle()
    assert before is not None
    assert (0, True) == (before.applied, before.held > 0)
    assert STRANGER in governed.guests()

    governed.approve()
    after = governed.cycle()
    assert after is not None
    assert 0 == after.held
    assert {*DELEGATES.values()} == governed.guests() - {CHAIR}
    assert governed.event()["guestsCanInviteOthers"] is False
    assert "We decide for the customers." in governed.event()["description"]
    assert governed.event()["description"].startswith("Bring coffee.")


def test_everybody_answers_between_plan_and_approval_and_what_was_shown_is_released(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    shown = governed.look().plan
    assert shown is not None
    for address in (AMARA, HENRIK, MEI, STRANGER):
        governed.control.answers(CHAIR, SERIES, address, "accepted")

    governed.approve()
    now = governed.look().plan
    governed.cycle()

    assert now is not None
    assert shown.keys_for_approval
    assert {change.key for change in now.to_write} >= set(shown.keys_for_approval)
    assert STRANGER not in governed.guests()
    assert {"accepted"} == {entry["responseStatus"] for entry in governed.event()["attendees"]}


def test_an_approval_of_what_is_not_held_any_more_is_refused(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    shown = governed.look().plan
    assert shown is not None
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)
    present = governed.look().plan
    assert present is not None

    with governed.database.writing() as session, pytest.raises(approvals.StaleChecksum) as refused:
        approvals.approve(
            session,
            governed.meeting(session),
            shown.checksum or "",
            present.keys_for_approval,
            by=CHAIR,
            source="test",
            now=governed.now,
        )

    assert present.checksum == refused.value.present


WHAT_PEOPLE_DO: dict[str, Callable[[Any], object]] = {
    "forward the invitation": lambda people: people.forward(CHAIR, SERIES, AMARA, STRANGER),
    "add a second person of Finance": lambda people: people.forward(CHAIR, SERIES, AMARA, "jonas@example.com"),
    "drop a delegate": lambda people: people.drop_guest(CHAIR, SERIES, HENRIK),
    "let guests invite others": lambda people: people.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True),
    "let guests change the event": lambda people: people.flip_flags(CHAIR, SERIES, guestsCanModify=True),
    "edit our part of the description": lambda people: people.organizer_edits(CHAIR, SERIES, {"description": "Gone"}),
    "add a stranger to one occurrence": lambda people: people.forward(CHAIR, THIS, AMARA, STRANGER),
    "drop a delegate from one occurrence": lambda people: people.drop_guest(CHAIR, THIS, MEI),
    "flip the flags of one occurrence": lambda people: people.flip_flags(CHAIR, THIS, guestsCanModify=True),
}


@pytest.mark.parametrize("act", WHAT_PEOPLE_DO, ids=str)
@pytest.mark.parametrize("spreads", [False, True], ids=["exceptions keep", "exceptions follow"])
def test_is_put_right_within_one_cycle_with_one_write(act: str, spreads: bool, governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.switch("exceptions_follow_guests", spreads)
    before = _ours(governed)
    WHAT_PEOPLE_DO[act](governed.control)
    governed.control.clear_log()

    report = governed.cycle()

    assert report is not None
    assert (1, 0, 0) == (report.applied, report.held, report.failed)
    assert before == _ours(governed)
    assert 1 == len(governed.writes())
    assert governed.cycle() is None
    assert 1 == len(governed.writes())


def test_series_and_exceptions_are_put_right_in_the_same_cycle(governed: Governed) -> None:
    """The calendar is listed once more in between, because Google may have carried the change over."""
    governed.bring_in_order()
    governed.control.forward(CHAIR, THIS, AMARA, STRANGER)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.clear_log()

    governed.cycle()

    assert STRANGER not in governed.guests() | governed.guests(THIS)
    routes = [(one["method"], one["path"].rpartition("/")[2]) for one in governed.control.log()]
    assert [("GET", "events"), ("PATCH", SERIES), ("GET", "events"), ("PATCH", THIS)] == routes


def test_what_is_not_ours_stays_byte_for_byte(governed: Governed) -> None:
    governed.bring_in_order()
    others = {
        "summary": "Steering ☂ <b>weekly</b>",
        "location": "Room 7",
        "colorId": "5",
        "reminders": {"useDefault": False, "overrides": [{"method": "popup", "minutes": 7}]},
        "extendedProperties": {"shared": {"crm": "42"}, "private": {"other": "tool"}},
        "transparency": "transparent",
        "visibility": "private",
    }
    governed.control.organizer_edits(CHAIR, SERIES, others)
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted", "with pleasure")
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    before = governed.event()

    governed.cycle()

    after = governed.event()
    changed = {name for name in before | after if before.get(name) != after.get(name)}
    assert changed <= {"attendees", "extendedProperties", "etag", "updated", "sequence"}
    assert [one for one in before["attendees"] if one["email"] != STRANGER] == after["attendees"]
    properties = after["extendedProperties"]["private"]
    assert before["extendedProperties"]["private"] | {MARK: properties[MARK]} == properties
    assert before["extendedProperties"]["shared"] == after["extendedProperties"]["shared"]


def test_every_write_is_conditional_and_mails_nobody_needlessly(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, "jonas@example.com")
    governed.control.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True)

    governed.cycle()

    (write,) = governed.writes()
    assert "if-match" in {name.lower() for name in write["headers"]}
    assert ["none"] == _values(write, "sendUpdates")


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        (lambda people: people.forward(CHAIR, SERIES, AMARA, STRANGER), "all"),
        (lambda people: people.drop_guest(CHAIR, SERIES, MEI), "all"),
        (lambda people: people.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True), "none"),
    ],
    ids=["an outsider goes", "somebody is added", "a flag"],
)
def test_google_mails_all_only_where_somebody_must_hear(
    act: Callable[[Any], object], expected: str, governed: Governed
) -> None:
    governed.bring_in_order()
    act(governed.control)
    governed.control.clear_log()

    governed.cycle()

    assert [expected] == [value for write in governed.writes() for value in _values(write, "sendUpdates")]


def test_one_person_is_told_once_where_series_and_exception_change_together(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, THIS, AMARA, STRANGER)
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.clear_log()

    governed.cycle()

    assert ["all", "none"] == [value for write in governed.writes() for value in _values(write, "sendUpdates")]


def test_whoever_goes_on_after_a_broken_off_cycle_tells_nobody_twice(governed: Governed) -> None:
    """The series was written and everybody told; what is left are the same changes on a single occurrence."""
    governed.bring_in_order()
    governed.control.organizer_edits(CHAIR, THIS, {"location": "Room 2"})
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.forward(CHAIR, THIS, AMARA, STRANGER)
    governed.appoint("Sales", "vera@example.com")
    governed.control.clear_log()
    governed.control.fault("429", route="events.patch", event=THIS, count=1, retry_after=1)

    governed.cycle()
    governed.advance(timedelta(hours=1))
    governed.cycle()

    assert STRANGER not in governed.guests(THIS)
    assert "vera@example.com" in governed.guests(THIS)
    told = [_values(write, "sendUpdates") for write in governed.writes() if write["status"] == 200]
    assert [["all"], ["none"]] == told


def test_who_was_taken_off_one_occurrence_again_by_hand_is_told_of_being_put_back(governed: Governed) -> None:
    """Also on the day on which the series was written for that person: it is another change."""
    governed.bring_in_order()
    governed.appoint("Sales", "vera@example.com")
    governed.cycle()
    governed.control.drop_guest(CHAIR, THIS, "vera@example.com")
    governed.control.clear_log()

    governed.cycle()

    assert ["all"] == [value for write in governed.writes() for value in _values(write, "sendUpdates")]


class TestStandIns:
    def test_a_decline_swaps_in_the_deputy_and_keeps_the_answer(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.answers(CHAIR, THIS, HENRIK, "declined")

        governed.cycle()

        on_it = {entry["email"]: entry["responseStatus"] for entry in governed.event(THIS)["attendees"]}
        assert "needsAction" == on_it["tomas@example.com"]
        assert "declined" == on_it[HENRIK]
        assert "tomas@example.com" not in governed.guests()

    def test_coming_after_all_reverses_it(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.answers(CHAIR, THIS, HENRIK, "declined")
        governed.cycle()
        governed.control.answers(CHAIR, THIS, HENRIK, "accepted")

        governed.cycle()

        assert "tomas@example.com" not in governed.guests(THIS)
        assert HENRIK in governed.guests(THIS)

    def test_a_deputy_without_a_mandate_is_not_swapped_in(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.deputy("IT Security", "sven@example.com", mandated=False)
        governed.control.answers(CHAIR, THIS, MEI, "declined")

        governed.cycle()

        assert "sven@example.com" not in governed.guests(THIS)

    def test_who_declined_the_series_is_stood_in_for_week_by_week(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.answers(CHAIR, SERIES, HENRIK, "declined")

        governed.cycle()
        assert "tomas@example.com" in governed.guests(THIS)
        assert "tomas@example.com" not in governed.guests(NEXT)

        governed.advance(timedelta(days=4))
        governed.cycle()
        assert "tomas@example.com" in governed.guests(NEXT)

    def test_a_named_stand_in_makes_an_exception_with_one_get_and_one_write(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.stand_in("Finance", "jonas@example.com", date(2026, 11, 26))

        governed.cycle()

        assert {"jonas@example.com", HENRIK, MEI} == governed.guests(THIS) - {CHAIR}
        assert {AMARA, HENRIK, MEI} == governed.guests() - {CHAIR}
        routes = [(one["method"], one["path"].rpartition("/")[2]) for one in governed.control.log()]
        assert [("GET", "events"), ("GET", THIS), ("PATCH", THIS)] == routes
        governed.cycle()
        assert 1 == len(governed.writes())


def test_a_visitor_is_added_to_that_day_alone(governed: Governed) -> None:
    governed.bring_in_order()
    governed.visitor("vera@example.com", date(2026, 12, 3))

    governed.cycle()

    assert "vera@example.com" in governed.guests(NEXT)
    assert "vera@example.com" not in governed.guests() | governed.guests(THIS)


class TestSeries:
    def test_a_split_is_followed_and_governed(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.split(CHAIR, SERIES, NEXT_THURSDAY)
        successor = next(e["id"] for e in governed.control.events(CHAIR) if "_R" in e["id"])

        governed.cycle()
        governed.control.forward(CHAIR, successor, AMARA, STRANGER)
        governed.cycle()

        assert STRANGER not in governed.guests(successor)
        assert governed.stored().frozen_code is None

    def test_what_hangs_on_an_occurrence_goes_along_with_a_split(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.visitor("vera@example.com", date(2026, 12, 3))
        governed.cycle()

        governed.control.split(CHAIR, SERIES, NEXT_THURSDAY, {"start": _at(12), "end": _at(13)})
        report = governed.cycle()
        print(report, report and report.trouble)

        successor = next(e["id"] for e in governed.control.events(CHAIR) if "_R" in e["id"])
        moved = next(
            one
            for one in governed.control.instances(CHAIR, successor)
            if one["start"]["dateTime"].startswith("2026-12-03")
        )
        assert "vera@example.com" in {entry["email"] for entry in moved["attendees"]}

    def test_a_deleted_event_freezes_the_meeting_and_its_return_frees_it(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.delete_event(CHAIR, SERIES)

        governed.cycle()

        assert "event-gone" == governed.stored().frozen_code
        assert [] == governed.writes()

    def test_another_organiser_freezes_the_meeting(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.transfer(CHAIR, SERIES, AMARA)

        governed.cycle()

        assert governed.stored().frozen_code in ("organizer-changed", "event-gone")
        assert [] == governed.writes()

    def test_a_moved_occurrence_is_reported_and_left(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.move_instance(CHAIR, THIS, "2026-11-26T14:00:00+01:00", "2026-11-26T15:00:00+01:00")

        governed.cycle()

        assert "I12" in {finding["rule"] for finding in governed.stored().findings_json}
        assert [] == governed.writes()


class TestDoubt:
    def test_nobody_is_removed_in_the_last_hour(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.advance(THURSDAY - timedelta(minutes=30) - governed.now)
        governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
        governed.control.clear_log()

        governed.cycle()
        assert STRANGER in governed.guests()
        assert [] == governed.writes()

        governed.advance(timedelta(minutes=91))
        governed.cycle()
        assert STRANGER not in governed.guests()

    def test_where_google_leaves_guests_out_nothing_is_written(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True)
        governed.control.fault("attendees_omitted", route="events.*", count=None)

        governed.cycle()

        assert [] == governed.writes()
        assert "I14" in {finding["rule"] for finding in governed.stored().findings_json}

    def test_an_alias_in_the_answer_stops_the_event_and_asks(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.seed(users=[{"email": "petra.real@example.com", "aliases": ["petra@example.com"]}])
        governed.control.switch("canonical_addresses", True)
        governed.appoint("Sales", "petra@example.com")

        governed.cycle()
        governed.cycle()

        assert "petra.real@example.com" in governed.guests()
        assert 1 == len(governed.writes())
        reasons = [finding["reason"] for finding in governed.stored().findings_json if finding["rule"] == "I14"]
        assert "same person" in reasons[0]

    def test_a_restored_copy_holds_everything_until_a_person_confirms(self, governed: Governed) -> None:
        governed.bring_in_order()
        newer = f"{governed.meeting_id}:1000000"
        governed.control.organizer_edits(CHAIR, SERIES, {"extendedProperties": {"private": {MARK: newer}}})
        governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
        governed.control.clear_log()

        report = governed.cycle()
        assert report is not None
        assert (0, 1) == (report.applied, report.held)

        governed.approve()
        governed.cycle()
        assert STRANGER not in governed.guests()
        assert not governed.stored().restored_hold

    def test_a_paused_meeting_is_read_and_not_written(self, governed: Governed) -> None:
        from governance.services import settings

        governed.bring_in_order()
        with governed.database.writing() as session:
            settings.pause(session, governed.meeting(session), by=CHAIR, actor="test", now=governed.now)
        governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
        governed.control.clear_log()

        governed.cycle()

        assert [] == governed.writes()
        assert STRANGER in {change["email"] for change in governed.stored().plan_json["changes"]}


def test_releasing_takes_ours_off_and_leaves_the_guests(governed: Governed) -> None:
    governed.bring_in_order()
    before = governed.guests()

    governed.reconciler.let_go(governed.meeting_id)

    event = governed.event()
    assert before == governed.guests()
    assert "Bring coffee." == event["description"]
    assert MARK not in event.get("extendedProperties", {}).get("private", {})


def test_every_repair_is_in_the_ledger_and_an_idle_cycle_is_not(governed: Governed) -> None:
    from governance.services import ledger

    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    with governed.database.reading() as session:
        after_repair = ledger.head(session, governed.meeting_id)
        (written,) = [
            line for line in ledger.latest(session, governed.meeting_id, 2) if line.act == "invitation-written"
        ]
    governed.cycle()
    governed.cycle()

    with governed.database.reading() as session:
        assert after_repair == ledger.head(session, governed.meeting_id)
        assert [] == standing.open_intents(session, governed.meeting_id)
    assert STRANGER in str(written)


def _ours(governed: Governed) -> dict[str, object]:
    """Everything on the series and on this week's occurrence that is ours to keep, answers left out."""
    kept: dict[str, object] = {}
    for event_id in (SERIES, THIS):
        event = governed.event(event_id)
        kept[event_id] = {
            "guests": sorted(entry["email"] for entry in event["attendees"]),
            "invite": event.get("guestsCanInviteOthers", True),
            "modify": event.get("guestsCanModify", False),
        }
    return kept


def _values(logged: dict[str, Any], name: str) -> list[str]:
    found = logged["query"].get(name, [])
    return [found] if isinstance(found, str) else list(found)


def _at(hour: int) -> dict[str, str]:
    return {"dateTime": f"2026-12-03T{hour}:00:00+01:00", "timeZone": "Europe/Berlin"}


class TestDirectory:
    """With the Directory, addresses are known for what they are."""

    @pytest.fixture
    def informed(self, governed_with_directory: Governed) -> Governed:
        governed_with_directory.bring_in_order()
        return governed_with_directory

    def test_a_group_is_taken_off_and_nobody_is_mailed_about_it(self, informed: Governed) -> None:
        informed.control.seed(groups=[{"email": "all@example.com", "members": [AMARA, MEI]}])
        informed.control.forward(CHAIR, SERIES, AMARA, "all@example.com")
        informed.control.clear_log()

        informed.cycle()

        assert "all@example.com" not in informed.guests()
        assert ["none"] == [value for write in informed.writes() for value in _values(write, "sendUpdates")]

    def test_a_group_goes_in_a_write_of_its_own_when_others_must_hear(self, informed: Governed) -> None:
        informed.control.seed(groups=[{"email": "all@example.com", "members": [AMARA, MEI]}])
        informed.control.forward(CHAIR, SERIES, AMARA, "all@example.com")
        informed.control.drop_guest(CHAIR, SERIES, MEI)
        informed.control.clear_log()

        informed.cycle()

        assert {AMARA, HENRIK, MEI} == informed.guests() - {CHAIR}
        assert ["none", "all"] == [value for write in informed.writes() for value in _values(write, "sendUpdates")]

    def test_a_second_person_is_known_by_the_department_in_the_directory(self, informed: Governed) -> None:
        informed.control.seed(users=[{"email": "kofi@example.com", "department": "finance"}])
        informed.control.forward(CHAIR, SERIES, AMARA, "kofi@example.com")

        informed.look()
        informed.cycle()

        assert "kofi@example.com" not in informed.guests()
        with informed.database.reading() as session:
            applied = read_background(session, informed.meeting_id, now=informed.now, on=informed.now.date()).applied
        assert ("series", "remove-guest", "kofi@example.com") in {one.key for one in applied}
        assert "I02" in _rules_written(informed)

    def test_an_alias_of_a_delegate_is_the_delegate(self, informed: Governed) -> None:
        informed.control.alias(AMARA, "a.okafor@example.com")
        informed.control.drop_guest(CHAIR, SERIES, AMARA)
        informed.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
        informed.control.clear_log()

        informed.cycle()

        assert {"a.okafor@example.com", HENRIK, MEI} == informed.guests() - {CHAIR}
        assert [] == informed.writes()

    def test_a_directory_that_does_not_answer_holds_nothing_up(self, informed: Governed) -> None:
        informed.control.fault("503", route="users.*", count=None)
        informed.control.forward(CHAIR, SERIES, AMARA, "new@example.com")

        informed.cycle()

        assert "new@example.com" not in informed.guests()


def _rules_written(governed: Governed) -> set[str]:
    from governance.services import ledger

    with governed.database.reading() as session:
        lines = ledger.latest(session, governed.meeting_id, 5)
    return {change["rule"] for line in lines if line.act == "invitation-written" for change in _changes(line)}


def _changes(line: Any) -> list[dict[str, Any]]:
    return list(line.after["changes"]) if line.after else []


class TestRelinking:
    def test_another_recurrence_is_reported_until_the_chair_relinks(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.organizer_edits(CHAIR, SERIES, {"recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=FR"]})

        governed.cycle()
        assert "I12" in {finding["rule"] for finding in governed.stored().findings_json}

        governed.relink(SERIES)
        governed.cycle()
        assert "I12" not in {finding["rule"] for finding in governed.stored().findings_json}

    def test_a_created_anew_event_takes_over_and_the_old_one_is_left_alone(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.create_series(
            CHAIR, "Steering, anew", "2026-01-09T10:00:00+01:00", "2026-01-09T11:00:00+01:00", "Europe/Berlin",
            ["RRULE:FREQ=WEEKLY;BYDAY=FR"], [*DELEGATES.values(), STRANGER], event_id="anew1234",
        )  # fmt: skip

        governed.relink("anew1234")
        governed.cycle()
        governed.control.forward(CHAIR, SERIES, AMARA, "left@elsewhere.org")
        governed.cycle()

        assert STRANGER not in governed.guests("anew1234")
        assert "left@elsewhere.org" in governed.guests(SERIES)

    def test_a_deleted_event_that_was_created_anew_frees_the_meeting(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.delete_event(CHAIR, SERIES)
        governed.cycle()
        governed.control.create_series(
            CHAIR, "Steering", "2026-01-08T10:00:00+01:00", "2026-01-08T11:00:00+01:00", "Europe/Berlin",
            ["RRULE:FREQ=WEEKLY;BYDAY=TH"], [AMARA, HENRIK], event_id="anew1234",
        )  # fmt: skip

        governed.relink("anew1234")
        governed.cycle()

        assert governed.stored().frozen_code is None
        assert {AMARA, HENRIK, MEI} == governed.guests("anew1234") - {CHAIR}


def test_an_edit_on_a_page_and_a_cycle_at_the_same_time_lose_nothing(governed_on_both: Governed) -> None:
    """The roster changes while a write is under way: the cycle does not take the meeting for looked after."""
    governed = governed_on_both
    governed.bring_in_order()
    governed.control.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True)
    governed.control.pause_at("events.patch")
    with ThreadPoolExecutor(1) as pool:
        cycle = pool.submit(governed.cycle)
        assert governed.control.wait_until_paused()
        governed.appoint("Sales", "vera@example.com")
        governed.control.resume()
        cycle.result()

    governed.cycle()

    assert "vera@example.com" in governed.guests()
    assert governed.event()["guestsCanInviteOthers"] is False
    assert governed.stored().problem_code is None
