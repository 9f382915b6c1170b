"""What the rules would have remarked; and above all, what they would not."""

from __future__ import annotations

from fractions import Fraction

import pytest

from governance.domain.charter import Charter
from governance.domain.rules import RULES
from governance.minutes import wording
from governance.minutes.rehearsal import Rehearsal
from governance.minutes.source import Source
from tests.minutes.builders import ROSTER, doubts, found, minutes, rehearsed

ALL = "- Members: Amara Okafor, Henrik Berg, Mei Tanaka"


def met(*lines: str, day: str = "2026-03-05") -> Source:
    return minutes(day, "## Attendance", *lines)


def states(rehearsal: Rehearsal, department: str) -> list[str | None]:
    sittings = [rehearsal.seating.sittings(one).get(department) for one in rehearsal.occurrences]
    return [sitting.state.value if sitting else None for sitting in sittings]


def test_a_meeting_in_order_has_no_findings() -> None:
    decision = ("## Terms", "Decision: Pay within 30 days (owner: Mei Tanaka, due 2026-04-01)")

    rehearsal = rehearsed(minutes("2026-03-05", "## Attendance", ALL, *decision), roster=ROSTER)

    assert rehearsal.judgement.findings == ()
    assert rehearsal.doubts == ()


def test_every_rule_that_is_judged_is_a_rule_and_says_what_the_service_would_have_done() -> None:
    assert set(wording.WOULD) - set(RULES) == {"returns", "forgotten"}


# --- I01, I02, I03


def test_a_member_without_a_seat_is_flagged_once() -> None:
    days = [met(f"{ALL}, Lena Ortiz"), met(f"{ALL}, Lena Ortiz", day="2026-03-12")]

    assert found(rehearsed(*days, roster=ROSTER), "I01") == [
        ("2026-03-05.md:4", "Lena Ortiz is listed among the members twice and has no seat on the roster")
    ]


def test_a_place_in_brackets_is_no_seat_and_takes_none_away() -> None:
    rehearsal = rehearsed(met("- Members: Amara Okafor (Berlin), Mei Tanaka, Lena Ortiz (Oslo)"), roster=ROSTER)

    assert states(rehearsal, "Finance") == ["present"]
    assert states(rehearsal, "Legal") == ["unknown"]
    assert [sentence for _, sentence in found(rehearsal, "I01")] == [
        "Lena Ortiz is listed among the members once and has no seat on the roster"
    ]


def test_without_a_roster_nobody_is_uninvited_and_the_report_says_why() -> None:
    rehearsal = rehearsed(met(f"{ALL}, Lena Ortiz"))

    assert found(rehearsal, "I01") == []
    assert ("I01", wording.NO_ROSTER) in rehearsal.judgement.unjudged


def test_a_stranger_of_a_time_that_the_roster_does_not_know_is_not_flagged() -> None:
    """Who held the seat then, nobody says: perhaps that very person."""
    rehearsal = rehearsed(met(f"{ALL}, Lena Ortiz", day="2025-12-04"), roster=ROSTER)

    assert found(rehearsal, "I01") == []
    assert (
        "I01",
        "on the days of 1 occurrence the roster does not say who held every seat",
    ) in rehearsal.judgement.unjudged


def test_an_observer_among_the_members_is_a_doubt() -> None:
    days = [met(ALL, "- Observers: Lena Ortiz", day=f"2026-03-{day}") for day in ("12", "19")]

    assert doubts(rehearsed(met(f"{ALL}, Lena Ortiz"), *days)) == [
        (4, "Lena Ortiz", "among the members here, and apart 2 of 3 times")
    ]


@pytest.mark.parametrize("roster", ["", ROSTER])
def test_two_of_one_department_are_flagged_beside_the_first(roster: str) -> None:
    rehearsal = rehearsed(met("- Members: Jonas Weber (Finance), Amara Okafor (Finance), Mei Tanaka"), roster=roster)

    (place, sentence) = found(rehearsal, "I02")[0]
    assert place == "2026-03-05.md:4"
    expected = ("Jonas Weber", "Amara Okafor") if roster else ("Amara Okafor", "Jonas Weber")
    assert sentence == f"{expected[0]} is a second person of Finance beside {expected[1]}"


def test_a_deputy_beside_the_delegate_is_a_second() -> None:
    rehearsal = rehearsed(met(f"{ALL}, Jonas Weber"), roster=ROSTER)

    assert [sentence for _, sentence in found(rehearsal, "I02")] == [
        "Jonas Weber is a second person of finance beside Amara Okafor"
    ]


def test_a_substitute_beside_whom_they_sit_for_is_a_second() -> None:
    rehearsal = rehearsed(met("- Members: Jonas Weber (for Amara Okafor), Amara Okafor"))

    assert found(rehearsal, "I02") == [("2026-03-05.md:4", "Jonas Weber sits for Amara Okafor, who is there too")]


def test_an_observer_of_a_department_is_no_second() -> None:
    assert found(rehearsed(met(ALL, "- Observers: Jonas Weber"), roster=ROSTER), "I02") == []


def test_a_substitute_of_whom_nobody_says_what_they_may_decide_is_flagged() -> None:
    rehearsal = rehearsed(met("- Members: Jonas Weber (for Amara Okafor), Lena Ortiz (for Mei Tanaka, with mandate)"))

    assert found(rehearsal, "I03") == [
        ("2026-03-05.md:4", "Jonas Weber sat for Amara Okafor, and nobody says what they may decide")
    ]
    assert [entry.name for _, entry in rehearsal.substitutes] == ["Jonas Weber", "Lena Ortiz"]


def test_a_delegate_who_is_written_down_for_their_department_is_no_substitute() -> None:
    assert rehearsed(met("- Members: Amara Okafor for Finance"), roster=ROSTER).substitutes == ()


# --- A01, A02, A03


def test_late_is_flagged_and_within_the_grace_it_is_not() -> None:
    source = met("- Members: Amara Okafor (late 10 min), Mei Tanaka (late), Henrik Berg (late 5 min)")

    assert [sentence for _, sentence in found(rehearsed(source, charter=Charter(grace_minutes=5)), "A01")] == [
        "Amara Okafor came 10 minutes late",
        "Mei Tanaka came late",
    ]


def test_without_a_roster_only_those_are_absent_whom_the_minutes_call_so() -> None:
    days = [
        met("- Members: Amara Okafor, Mei Tanaka"),
        met("- Members: Amara Okafor", "- Absent: Henrik Berg", day="2026-03-12"),
    ]

    assert found(rehearsed(*days), "A02") == [("2026-03-12.md:5", "Henrik Berg was absent without apology")]


def test_an_apology_and_a_substitute_never_count() -> None:
    lines = (
        "- Members: Henrik Berg, Jonas Weber (for Amara Okafor)",
        "- Absent: Amara Okafor",
        "- Regrets: Mei Tanaka",
    )

    assert found(rehearsed(met(*lines)), "A02") == []
    assert found(rehearsed(met(*lines), roster=ROSTER), "A02") == []


def test_a_seat_on_no_list_is_absent_when_everybody_on_it_is_known() -> None:
    rehearsal = rehearsed(met("- Members: Amara Okafor, Mei Tanaka"), roster=ROSTER)

    assert states(rehearsal, "Legal") == ["on no list"]
    assert found(rehearsal, "A02") == [("2026-03-05.md:4", "Legal is on no list, and everybody on it has another seat")]


def test_a_seat_on_no_list_is_unknown_beside_a_stranger() -> None:
    """The stranger may be its delegate under another name."""
    rehearsal = rehearsed(met("- Members: Amara Okafor, Mei Tanaka, Henri"), roster=ROSTER)

    assert states(rehearsal, "Legal") == ["unknown"]
    assert found(rehearsal, "A02") == []


def test_a_seat_is_not_judged_before_its_mandate() -> None:
    rehearsal = rehearsed(met("- Members: Amara Okafor, Mei Tanaka", day="2025-12-04"), roster=ROSTER)

    assert states(rehearsal, "Legal") == [None]
    assert found(rehearsal, "A02") == []


def test_a_deputy_holds_the_seat() -> None:
    assert states(rehearsed(met("- Members: Jonas Weber, Mei Tanaka"), roster=ROSTER), "Finance") == ["stand-in"]


def absences(*marks: str, window: int = 4, limit: int = 1) -> list[str]:
    """Days on which Henrik Berg is beyond the limit; each mark is one week: A absent, P there."""
    days = []
    for number, mark in enumerate(marks, start=1):
        label = "Absent" if mark == "A" else "Members"
        days.append(met("- Members: Amara Okafor", f"- {label}: Henrik Berg", day=f"2026-03-{number:02}"))
    charter = Charter(window=window, absent_limit=limit)
    return [place.removesuffix(".md:5") for place, _ in found(rehearsed(*days, charter=charter), "A03")]


def test_at_the_limit_nobody_is_beyond_it() -> None:
    assert absences("A", "P", "P") == []


def test_beyond_the_limit_is_flagged_where_it_happens_and_once() -> None:
    assert absences("A", "A", "A", "P") == ["2026-03-02"]


def test_what_left_the_window_counts_no_more() -> None:
    assert absences("A", "P", "P", "P", "A") == []


def test_whoever_was_well_again_is_flagged_anew() -> None:
    assert absences("A", "A", "P", "P", "P", "P", "A", "A") == ["2026-03-02", "2026-03-08"]


def test_the_sentence_of_the_limit_has_its_numbers() -> None:
    days = [met("- Members: Amara Okafor", "- Absent: Mei Tanaka", day=f"2026-03-{day:02}") for day in (1, 2, 3)]

    assert [sentence for _, sentence in found(rehearsed(*days), "A03")] == [
        "Mei Tanaka was absent 3 times and the limit is 2, in 13 occurrences"
    ]


# --- D01


def test_without_a_number_of_seats_no_quorum_is_judged() -> None:
    rehearsal = rehearsed(met("- Members: Amara Okafor"))

    assert found(rehearsal, "D01") == []
    assert ("D01", wording.NO_SEATS) in rehearsal.judgement.unjudged


@pytest.mark.parametrize(("seats", "is_flagged"), [(5, False), (6, True)])
def test_more_than_half_is_a_quorum_and_half_is_none(seats: int, is_flagged: bool) -> None:
    assert bool(found(rehearsed(met(ALL), seats=seats), "D01")) is is_flagged


def test_four_of_seven_are_no_quorum_where_five_are_needed() -> None:
    source = minutes("2026-03-05", "## Attendance", f"{ALL}, Lena Ortiz", "## Terms", "Decision: Pay within 30 days.")

    assert found(rehearsed(source, seats=7, quorum=Fraction(5, 7)), "D01") == [
        ("2026-03-05.md:4", "4 of 7 seats were there, and 5 make a quorum; 1 decision taken all the same")
    ]


def test_a_quorum_that_hangs_on_a_substitute_without_a_mandate_is_a_doubt() -> None:
    rehearsal = rehearsed(met("- Members: Amara Okafor, Jonas Weber (for Mei Tanaka)"), seats=3)

    assert found(rehearsal, "D01") == []
    assert [text for _, _, text in doubts(rehearsal)] == [wording.quorum_in_doubt(1, 1, 2)]


def test_two_of_one_department_are_one_seat() -> None:
    assert found(rehearsed(met("- Members: Amara Okafor (Finance), Jonas Weber (Finance)"), seats=3), "D01") == [
        ("2026-03-05.md:4", "1 of 3 seats were there, and 2 make a quorum")
    ]


def test_what_the_minutes_say_of_the_quorum_outweighs_the_count() -> None:
    assert found(rehearsed(met(ALL, "- Quorum: not reached"), seats=3), "D01") == [
        ("2026-03-05.md:5", "The minutes say that there was no quorum")
    ]


def test_without_a_list_there_is_no_finding_and_a_doubt() -> None:
    rehearsal = rehearsed(minutes("2026-03-05", "## Terms", "We talked."), roster=ROSTER)

    assert rehearsal.judgement.findings == ()
    assert doubts(rehearsal) == [(1, "Board", "no list of who was there")]


# --- D03, D05


def decisions(*lines: str) -> Rehearsal:
    return rehearsed(minutes("2026-03-05", "## Attendance", ALL, "## Terms", *lines))


@pytest.mark.parametrize(
    ("beside", "missing"),
    [
        ("", "No owner and no date"),
        (" (owner: Mei Tanaka)", "No date"),
        (" (due 2026-04-01)", "No owner"),
    ],
)
def test_a_decision_that_nobody_owns_or_without_a_day_is_flagged(beside: str, missing: str) -> None:
    text = f"Pay within 30 days{beside}"

    assert found(decisions(f"Decision: {text}"), "D05") == [("2026-03-05.md:6", f"{missing}: “{text}”")]


def test_a_procedural_consent_needs_no_owner() -> None:
    assert found(decisions("Hearing no objections, the agenda is approved."), "D05") == []


def test_a_silent_seat_is_named_where_positions_are_written_down() -> None:
    rehearsal = decisions("Decision: Pay.", "- For: Amara Okafor", "- Against: henrik berg")

    assert found(rehearsal, "D03") == [("2026-03-05.md:7", "Mei Tanaka has no position on “Pay.”")]


def test_nobody_is_silent_when_all_were_heard_or_none_was_written_down() -> None:
    assert found(decisions("Decision: Pay.", "- For: Amara Okafor, Henrik Berg, Mei Tanaka"), "D03") == []
    assert found(decisions("Decision: Pay."), "D03") == []


def test_a_position_under_a_name_that_is_on_no_list_makes_a_doubt_of_the_silent() -> None:
    rehearsal = decisions("Decision: Pay.", "- For: Amara Okafor, Henrik, Mei Tanaka")

    assert found(rehearsal, "D03") == []
    assert (7, "Henrik", wording.UNKNOWN_POSITION) in doubts(rehearsal)
