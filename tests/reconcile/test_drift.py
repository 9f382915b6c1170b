"""The invitation's rules, each as a sentence: nothing changes first, then what each rule finds and asks for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from governance.domain.block import LONGEST_DESCRIPTION, with_block
from governance.domain.roster import Mandate, MandateState, StandInCause, Term
from governance.reconcile.drift import Change, ChangeKind, Drift, Situation, find_drift
from governance.reconcile.observed import Guest
from tests.reconcile.situations import (
    AMARA,
    BLOCK,
    CHAIR,
    FINANCE,
    HENRIK,
    JONAS,
    LEGAL,
    LENGTH,
    MEI,
    MONDAY,
    NEXT_THURSDAY,
    SCRIBE,
    SEATED,
    SECURITY,
    SERIES,
    SINCE,
    THURSDAY,
    TOMAS,
    VERA,
    exception,
    group,
    guest,
    in_order,
    seat,
    series,
    situation,
    stand_in,
    standing_guest,
    user,
    visitor,
)

STRANGER = "stranger@elsewhere.org"
SEATS = (
    seat(FINANCE, "Finance", AMARA, JONAS),
    seat(LEGAL, "Legal", HENRIK, TOMAS),
    seat(SECURITY, "IT Security", MEI),
)


def asked(drift: Drift) -> list[tuple[str, str, str, str]]:
    """Scope, kind, target and rule of every change."""
    return [(c.scope, c.kind.value, c.target, c.rule) for c in drift.changes]


def found(drift: Drift) -> list[tuple[str, str | None]]:
    return [(finding.rule, finding.email) for finding in drift.findings]


SITUATIONS_IN_ORDER = {
    "everybody entitled and nobody else": in_order(),
    "answers differ": situation(guests=(guest(AMARA, "accepted"), guest(HENRIK, "declined"), guest(MEI, "tentative"))),
    "a room is on the list": situation(guests=(*SEATED, Guest("room@resource.calendar.google.com", resource=True))),
    "chair and scribe are on the list": situation(guests=(*SEATED, guest(SCRIBE))),
    "the address is an alias": situation(
        guests=(guest("amara.o@example.com"), guest(HENRIK), guest(MEI)),
        roster={"address_owner": {"amara.o@example.com": AMARA.id, HENRIK.address: HENRIK.id, MEI.address: MEI.id}},
    ),
    "the list has another order": situation(guests=tuple(reversed(SEATED))),
    "an exception carries the same people": situation(exceptions=(exception(THURSDAY, *SEATED),)),
    "a past exception carries strangers": situation(
        exceptions=(exception(THURSDAY - timedelta(days=7), guest(STRANGER)),)
    ),
    "a standing guest is on the list": situation(
        guests=(*SEATED, guest(VERA)), roster=standing_guest(VERA, date(2026, 12, 31))
    ),
    "the title and the other text differ": situation(
        event={"summary": "New name", "description": f"Bring tea.\n\n{BLOCK.written()}\nSee you"}
    ),
    "markup was folded into our block": situation(
        event={"description": BLOCK.written().replace("\n", "<br>").replace("customers", "<b>customers</b>")}
    ),
    "there is no charter and no block": situation(block=None, event={"description": "Bring coffee."}),
}


@pytest.mark.parametrize("when", SITUATIONS_IN_ORDER, ids=str)
def test_nothing_is_asked_for_when(when: str) -> None:
    drift = find_drift(SITUATIONS_IN_ORDER[when])

    assert drift == Drift((), ())


RULES_ON_THE_SERIES = {
    "I01: a stranger is taken off": (
        {"guests": (*SEATED, guest(STRANGER))},
        ("series", "remove-guest", STRANGER, "I01"),
    ),
    "I01: a person of a department whose seat is vacant is only uninvited": (
        {
            "guests": (guest(AMARA), guest(HENRIK), guest(VERA)),
            "roster": {"seats": (*SEATS[:2], seat(SECURITY, "IT Security", None, VERA))},
        },
        ("series", "remove-guest", VERA.address, "I01"),
    ),
    "I02: a deputy who does not stand in is a second person": (
        {"guests": (*SEATED, guest(JONAS))},
        ("series", "remove-guest", JONAS.address, "I02"),
    ),
    "I02: the Directory names the department": (
        {"guests": (*SEATED, guest("kofi@example.com")), "directory": user("kofi@example.com", " finance ")},
        ("series", "remove-guest", "kofi@example.com", "I02"),
    ),
    "I03: a holder without a mandate who is there is planned to go": (
        {"roster": {"seats": (seat(FINANCE, "Finance", AMARA, mandated=False), *SEATS[1:])}},
        ("series", "remove-guest", AMARA.address, "I03"),
    ),
    "I05: a delegate who is missing is added": (
        {"guests": SEATED[1:]},
        ("series", "add-guest", AMARA.address, "I05"),
    ),
    "I05: a standing guest who is missing is added": (
        {"roster": standing_guest(VERA, date(2026, 11, 26))},
        ("series", "add-guest", VERA.address, "I05"),
    ),
    "I06: a delegate marked optional is made required": (
        {"guests": (guest(AMARA, optional=True), *SEATED[1:])},
        ("series", "require-guest", AMARA.address, "I06"),
    ),
    "I07: plus-ones are cleared": (
        {"guests": (guest(AMARA, plus_ones=2), *SEATED[1:])},
        ("series", "clear-plus-ones", AMARA.address, "I07"),
    ),
    "I08: a group is taken off": (
        {"guests": (*SEATED, guest("all@example.com")), "directory": group("all@example.com")},
        ("series", "remove-guest", "all@example.com", "I08"),
    ),
    "I09: inviting others is switched off": (
        {"event": {"guests_can_invite": True}},
        ("series", "set-flag", "guests-can-invite", "I09"),
    ),
    "I10: changing the event is switched off": (
        {"event": {"guests_can_modify": True}},
        ("series", "set-flag", "guests-can-modify", "I10"),
    ),
    "I11: our block is put back": (
        {"event": {"description": "Bring coffee."}},
        ("series", "restore-charter", "", "I11"),
    ),
    "I11: our block is taken away where there is no charter any more": (
        {"block": None},
        ("series", "restore-charter", "", "I11"),
    ),
}


@pytest.mark.parametrize("rule", RULES_ON_THE_SERIES, ids=str)
def test_on_the_series(rule: str) -> None:
    differences, expected = RULES_ON_THE_SERIES[rule]

    drift = find_drift(situation(**differences))

    assert [expected] == asked(drift)
    assert [expected[3]] == [finding.rule for finding in drift.findings]


@pytest.mark.parametrize("rule", RULES_ON_THE_SERIES, ids=str)
def test_in_observe_mode_it_is_found_and_not_asked_for(rule: str) -> None:
    differences, (*_, code) = RULES_ON_THE_SERIES[rule]

    drift = find_drift(situation(**differences, modes={code: "observe"}))

    assert asked(drift) == []
    assert [code] == [finding.rule for finding in drift.findings]


@pytest.mark.parametrize("rule", [one for one in RULES_ON_THE_SERIES if one[:3] not in ("I02", "I08")], ids=str)
def test_in_off_mode_it_is_silent(rule: str) -> None:
    differences, (*_, code) = RULES_ON_THE_SERIES[rule]

    drift = find_drift(situation(**differences, modes={code: "off"}))

    assert Drift((), ()) == drift


def test_a_second_person_is_still_uninvited_when_that_rule_is_off() -> None:
    drift = find_drift(situation(guests=(*SEATED, guest(JONAS)), modes={"I02": "off"}))

    assert [("series", "remove-guest", JONAS.address, "I01")] == asked(drift)


def test_a_group_of_a_filled_department_is_removed_as_a_group() -> None:
    drift = find_drift(situation(guests=(*SEATED, guest("fin@example.com")), directory=group("fin@example.com")))

    assert asked(drift) == [("series", "remove-guest", "fin@example.com", "I08")]


def test_the_reason_of_a_second_person_names_the_delegate() -> None:
    drift = find_drift(situation(guests=(*SEATED, guest(JONAS))))

    assert drift.changes[0].reason == "Jonas is a second person of Finance, whose delegate is Amara"


@pytest.mark.parametrize("state", [MandateState.DECLINED, MandateState.WITHDRAWN])
def test_a_mandate_that_was_not_given_seats_nobody(state: MandateState) -> None:
    refused = Mandate(AMARA.id, SINCE, "anything", state)
    seats = (
        replace(SEATS[0], mandates=(refused,)),
        *SEATS[1:],
    )

    drift = find_drift(situation(guests=SEATED[1:], roster={"seats": seats}))

    assert asked(drift) == []
    assert [("I03", AMARA.address)] == found(drift)


def test_a_mandate_that_ends_before_the_next_occurrence_does_not_hold_for_it() -> None:
    ending = Mandate(AMARA.id, Term(date(2026, 1, 1), date(2026, 11, 25)), "anything")
    seats = (
        replace(SEATS[0], mandates=(ending,)),
        *SEATS[1:],
    )

    drift = find_drift(situation(roster={"seats": seats}))

    assert [("series", "remove-guest", AMARA.address, "I03")] == asked(drift)


def test_chair_and_scribe_are_never_added() -> None:
    seats = (*SEATS[:2], seat(SECURITY, "IT Security", SCRIBE))

    drift = find_drift(situation(guests=SEATED[:2], roster={"seats": seats}))

    assert asked(drift) == []
    assert [("I05", SCRIBE.address)] == found(drift)


def test_the_organiser_is_never_removed_whoever_it_is() -> None:
    organiser = Guest("somebody@example.com", organizer=True, received={"email": "somebody@example.com"})

    drift = find_drift(situation(guests=(*SEATED, organiser)))

    assert asked(drift) == []


class TestOccurrences:
    """What is judged on single occurrences."""

    at_thursday = "2026-11-26T09:00:00Z"

    def test_a_stranger_on_one_occurrence_is_taken_off_that_one(self) -> None:
        drift = find_drift(situation(exceptions=(exception(THURSDAY, *SEATED, guest(STRANGER)),)))

        assert [(self.at_thursday, "remove-guest", STRANGER, "I01")] == asked(drift)

    def test_a_flag_flipped_on_one_occurrence_is_switched_off_there(self) -> None:
        drift = find_drift(situation(exceptions=(exception(THURSDAY, *SEATED, guests_can_modify=True),)))

        assert [(self.at_thursday, "set-flag", "guests-can-modify", "I10")] == asked(drift)

    def test_the_block_is_judged_on_the_series_only(self) -> None:
        drift = find_drift(situation(exceptions=(exception(THURSDAY, *SEATED, description="Something else"),)))

        assert asked(drift) == []

    def test_a_running_occurrence_is_not_written(self) -> None:
        running = situation(
            exceptions=(exception(THURSDAY, *SEATED, guest(STRANGER)),), now=THURSDAY + timedelta(minutes=5)
        )

        assert asked(find_drift(running)) == []

    def test_a_stand_in_is_added_and_the_delegate_who_handed_over_taken_off(self) -> None:
        drift = find_drift(situation(roster=stand_in(FINANCE, JONAS, StandInCause.HANDED_OVER)))

        assert [
            (self.at_thursday, "add-guest", JONAS.address, "I05"),
            (self.at_thursday, "remove-guest", AMARA.address, "I02"),
        ] == asked(drift)
        assert all(change.is_apart for change in drift.changes)

    def test_a_delegate_who_declined_stays_with_that_answer(self) -> None:
        declined = (guest(AMARA, "declined"), *SEATED[1:])

        drift = find_drift(situation(guests=declined, roster=stand_in(FINANCE, JONAS, StandInCause.DECLINE)))

        assert [(self.at_thursday, "add-guest", JONAS.address, "I05")] == asked(drift)

    def test_a_delegate_who_declined_stays_when_a_move_has_reset_the_answers(self) -> None:
        moved = exception(THURSDAY, *SEATED, guest(JONAS), start=THURSDAY + LENGTH, end=THURSDAY + 2 * LENGTH)

        drift = find_drift(situation(exceptions=(moved,), roster=stand_in(FINANCE, JONAS, StandInCause.DECLINE)))

        assert [] == asked(drift)

    def test_a_stand_in_without_a_mandate_is_not_added_and_the_delegate_stays(self) -> None:
        seats = (seat(FINANCE, "Finance", AMARA), *SEATS[1:])

        drift = find_drift(situation(roster={"seats": seats, **stand_in(FINANCE, JONAS)}))

        assert asked(drift) == []

    def test_a_mandate_for_that_day_alone_seats_the_stand_in(self) -> None:
        one_day = Mandate(JONAS.id, Term(date(2026, 12, 3), date(2026, 12, 3)), "that day")
        finance = seat(FINANCE, "Finance", AMARA)
        finance = replace(finance, mandates=(*finance.mandates, one_day))

        drift = find_drift(
            situation(roster={"seats": (finance, *SEATS[1:]), **stand_in(FINANCE, JONAS, on=NEXT_THURSDAY)})
        )

        assert ("2026-12-03T09:00:00Z", "add-guest", JONAS.address, "I05") in asked(drift)

    def test_a_visitor_is_added_to_that_occurrence_only(self) -> None:
        drift = find_drift(situation(roster=visitor(VERA)))

        assert [(self.at_thursday, "add-guest", VERA.address, "I05")] == asked(drift)
        assert drift.changes[0].is_apart

    def test_an_unmodified_occurrence_does_not_repeat_what_is_wrong_with_the_series(self) -> None:
        drift = find_drift(
            situation(guests=(*SEATED, guest(STRANGER)), event={"guests_can_invite": True}, roster=visitor(VERA))
        )

        assert [
            ("series", "remove-guest", STRANGER, "I01"),
            ("series", "set-flag", "guests-can-invite", "I09"),
            (self.at_thursday, "add-guest", VERA.address, "I05"),
        ] == asked(drift)

    def test_a_visitor_of_another_occurrence_is_uninvited_here(self) -> None:
        drift = find_drift(
            situation(exceptions=(exception(THURSDAY, *SEATED, guest(VERA)),), roster=visitor(VERA, on=NEXT_THURSDAY))
        )

        assert (self.at_thursday, "remove-guest", VERA.address, "I01") in asked(drift)

    def test_a_standing_guest_whose_time_is_over_goes_on_his_own_day(self) -> None:
        """The last day lies between two occurrences: the later exception is judged by its own day."""
        drift = find_drift(
            situation(
                guests=(*SEATED, guest(VERA)),
                exceptions=(exception(NEXT_THURSDAY, *SEATED, guest(VERA)),),
                roster=standing_guest(VERA, date(2026, 11, 30)),
            )
        )

        assert [("2026-12-03T09:00:00Z", "remove-guest", VERA.address, "I01")] == asked(drift)


class TestNothingIsWritten:
    """I12 and I14 keep things from being written in every mode."""

    everything_wrong = (*SEATED[1:], guest(STRANGER))

    @pytest.mark.parametrize("mode", ["off", "observe", "enforce"])
    def test_where_google_left_guests_out(self, mode: str) -> None:
        drift = find_drift(situation(guests=self.everything_wrong, event={"guests_omitted": True}, modes={"I14": mode}))

        assert asked(drift) == []

    def test_where_a_guest_has_no_address(self) -> None:
        drift = find_drift(situation(guests=(*self.everything_wrong, Guest(None, name="Somebody"))))

        assert asked(drift) == []
        assert found(drift) == [("I14", None)]

    def test_on_an_event_where_google_answered_another_address(self) -> None:
        drift = find_drift(
            situation(guests=self.everything_wrong, picture={"blocked": {SERIES: "Say whether they are the same"}})
        )

        assert asked(drift) == []
        assert found(drift) == [("I14", None)]

    @pytest.mark.parametrize("mode", ["off", "observe", "enforce"])
    @pytest.mark.parametrize(
        ("event", "code"),
        [
            ({"organizer_is_calendar": False}, "organizer-changed"),
            ({"recurrence": ("RRULE:FREQ=WEEKLY;UNTIL=20261101T000000Z",)}, "no-occurrence"),
            ({"status": "cancelled"}, "event-gone"),
        ],
        ids=["organiser changed", "no future occurrence", "event gone"],
    )
    def test_where_the_meeting_is_frozen(self, event: dict[str, object], code: str, mode: str) -> None:
        drift = find_drift(situation(guests=self.everything_wrong, event=event, modes={"I12": mode}))

        assert asked(drift) == []
        assert drift.frozen is not None
        assert code == drift.frozen.code
        assert ("I12" in {finding.rule for finding in drift.findings}) == (mode != "off")

    def test_for_two_holders_whom_the_directory_gives_as_one_person(self) -> None:
        one_user = {
            address: entry
            for one in (AMARA, MEI)
            for address, entry in {one.address: user(AMARA.address, "Finance")[AMARA.address]}.items()
        }

        drift = find_drift(situation(guests=(guest(HENRIK), guest(AMARA, optional=True)), directory=one_user))

        assert asked(drift) == []


def test_moved_and_cancelled_occurrences_are_reported_and_not_put_back() -> None:
    moved = exception(THURSDAY, *SEATED, start=THURSDAY + timedelta(hours=2), end=THURSDAY + timedelta(hours=3))
    cancelled = exception(NEXT_THURSDAY, status="cancelled", start=None, end=None)

    drift = find_drift(situation(exceptions=(moved, cancelled)))

    assert asked(drift) == []
    assert [finding.reason for finding in drift.findings] == [
        "The occurrence was moved to Thursday 26 Nov 2026, 12:00 (Berlin)",
        "The occurrence was cancelled",
    ]


def test_another_recurrence_is_reported() -> None:
    drift = find_drift(situation(event={"recurrence": ("RRULE:FREQ=WEEKLY;BYDAY=FR",)}))

    assert "The series was given another recurrence or time" in [finding.reason for finding in drift.findings]


def test_a_series_that_was_trimmed_has_no_other_recurrence() -> None:
    drift = find_drift(situation(event={"recurrence": ("RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20270101T000000Z",)}))

    assert Drift((), ()) == drift


def test_more_held_seats_than_the_cap_are_left_to_the_chair() -> None:
    drift = find_drift(situation(roster={"cap": 2}))

    assert asked(drift) == []
    assert found(drift) == [("I04", None)]


def test_what_google_made_of_our_block_is_the_accepted_form() -> None:
    shortened = BLOCK.written().replace("customers", "cust…")
    accepted = {"accepted_block": "We decide for the cust…. https://meetings.example.com/m/steering/next"}

    drift = find_drift(
        situation(event={"description": shortened}, picture={**accepted, "written_block": BLOCK.folded()})
    )

    assert Drift((), ()) == drift


def _as_long_as(length: int) -> str:
    """A description without our block that has that length once our block is added."""
    return "x" * (length - len(with_block("x", BLOCK)) + 1)


def test_a_description_that_our_block_makes_just_as_long_as_google_takes_gets_it() -> None:
    drift = find_drift(situation(event={"description": _as_long_as(LONGEST_DESCRIPTION)}))

    assert [("series", "restore-charter", "", "I11")] == asked(drift)


def test_a_description_too_long_for_our_block_is_left_to_people_and_the_guests_are_put_right() -> None:
    """One write carries both, and Google would refuse it whole."""
    drift = find_drift(
        situation(guests=(*SEATED, guest(STRANGER)), event={"description": _as_long_as(LONGEST_DESCRIPTION + 1)})
    )

    (told,) = [one for one in drift.findings if one.rule == "I11"]
    assert [("series", "remove-guest", STRANGER, "I01")] == asked(drift)
    assert told.reason == (
        "Shorten the description of the event in Google Calendar: "
        "with our part it has 8193 characters, and Google takes 8192 at most"
    )
    assert (told.event, told.email) == (SERIES, None)


def test_a_description_too_long_for_our_block_is_no_matter_once_the_block_is_there() -> None:
    """Whoever got it in there knows better than we what Google takes."""
    drift = find_drift(situation(event={"description": f"{'x' * LONGEST_DESCRIPTION}\n\n{BLOCK.written()}"}))

    assert Drift((), ()) == drift


def test_a_rule_that_is_off_is_silent_about_the_length_too() -> None:
    drift = find_drift(situation(modes={"I11": "off"}, event={"description": _as_long_as(LONGEST_DESCRIPTION + 1)}))

    assert Drift((), ()) == drift


def test_changes_come_sorted_series_first() -> None:
    everything: Situation = situation(
        guests=(guest(HENRIK, optional=True), guest(STRANGER)),
        event={"guests_can_invite": True, "guests_can_modify": True, "description": ""},
        exceptions=(exception(THURSDAY, guest(STRANGER)),),
    )

    changes = find_drift(everything).changes

    assert list(changes) == sorted(changes, key=Change.order)
    assert changes[0].occurrence is None
    assert changes[-1].occurrence is not None
    assert ChangeKind.RESTORE_CHARTER in {change.kind for change in changes}


def test_now_is_before_the_next_occurrence_in_every_situation() -> None:
    """The cast's calendar: Monday now, the meeting on Thursday at ten in Berlin."""
    upcoming = in_order().next_occurrence()

    assert upcoming is not None
    assert upcoming[1].start == THURSDAY
    assert MONDAY < THURSDAY
    assert CHAIR.address == series().organizer


def test_a_tolerated_guest_brings_nobody_along() -> None:
    drift = find_drift(situation(guests=(*SEATED, guest(STRANGER, plus_ones=4)), modes={"I01": "observe"}))

    assert [("series", "clear-plus-ones", STRANGER, "I07")] == asked(drift)


def test_a_group_that_holds_a_seat_is_neither_added_nor_left() -> None:
    told = group(AMARA.address)

    assert [("I08", AMARA.address)] == found(find_drift(situation(guests=SEATED[1:], directory=told)))
    assert [("series", "remove-guest", AMARA.address, "I08")] == asked(find_drift(situation(directory=told)))
