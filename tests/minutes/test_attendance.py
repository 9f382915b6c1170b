"""Who was there: lists, labels, tables, substitutes, and everything that looks like a name and is none."""

from __future__ import annotations

import pytest

from governance.minutes.values import Kind, Place, Presence
from tests.minutes.builders import attendance, body, doubts, listed, named, occurrence, reading, remarks


def test_no_list_is_nobody() -> None:
    assert occurrence("# Board 2026-03-05\n").listed == ()


def test_members_are_read_in_their_order_with_their_line() -> None:
    entries = listed("", "- Members: Amara Okafor, Mei Tanaka and Henrik Berg")

    assert named(entries) == ["Amara Okafor", "Mei Tanaka", "Henrik Berg"]
    assert {one.place for one in entries} == {Place("2026-03-05.md", 5)}
    assert all(one.sits for one in entries)


@pytest.mark.parametrize(
    ("label", "presence", "is_apart"),
    [
        ("Present", Presence.PRESENT, False),
        ("Council members", Presence.PRESENT, False),
        ("Members present (2)", Presence.PRESENT, False),
        ("**Attendees**", Presence.PRESENT, False),
        ("Observers", Presence.PRESENT, True),
        ("Office staff", Presence.PRESENT, True),
        ("Guests present", Presence.PRESENT, True),
        ("Non-voting members", Presence.PRESENT, True),
        ("Regrets", Presence.APOLOGY, False),
        ("Apologies for absence", Presence.APOLOGY, False),
        ("Absent", Presence.ABSENT, False),
        ("Members absent", Presence.ABSENT, False),
        ("Late", Presence.LATE, False),
    ],
)
def test_a_label_says_how_its_people_were_there(label: str, presence: Presence, is_apart: bool) -> None:
    (entry,) = listed(f"- {label}: Amara Okafor")

    assert (entry.presence, entry.is_apart) == (presence, is_apart)


def test_a_label_with_nobody_behind_it_is_nobody() -> None:
    found = attendance("- Members: Amara Okafor", "- Observers:", "- Regrets: none", "- Absent: –")

    assert named(found.occurrences[0].listed) == ["Amara Okafor"]
    assert remarks(found) == []


def test_a_list_below_its_label_ends_with_the_next_label() -> None:
    entries = listed("- Members:", "  - Amara Okafor", "  - Mei Tanaka", "- Observers:", "  - Lena Ortiz")

    assert [(one.name, one.is_apart) for one in entries] == [
        ("Amara Okafor", False),
        ("Mei Tanaka", False),
        ("Lena Ortiz", True),
    ]


def test_a_label_within_another_list_is_its_own() -> None:
    entries = listed("- Members: Amara Okafor", "  - Regrets: Mei Tanaka", "- Observers: Lena Ortiz")

    assert [one.presence for one in entries] == [Presence.PRESENT, Presence.APOLOGY, Presence.PRESENT]
    assert entries[2].is_apart


def test_a_list_that_was_wrapped_is_one_list() -> None:
    assert named(listed("- Members: Amara Okafor,", "  Mei Tanaka,", "  Henrik Berg")) == [
        "Amara Okafor",
        "Mei Tanaka",
        "Henrik Berg",
    ]


def test_lines_above_the_first_section_are_read_as_attendance() -> None:
    found = reading(
        "# Board 2026-03-05\n\nPresent: Amara Okafor, Mei Tanaka\nRegrets: Henrik Berg\nChair: Amara Okafor\n"
    )

    assert [one.presence for one in found.occurrences[0].listed] == [
        Presence.PRESENT,
        Presence.PRESENT,
        Presence.APOLOGY,
    ]
    assert [(one.role, one.name) for one in found.occurrences[0].roles] == [("chair", "Amara Okafor")]
    assert remarks(found) == []


def test_a_line_below_a_list_that_goes_on_about_others_is_none_of_it() -> None:
    """Joined to the line above, whoever sent an apology would have been there."""
    found = reading(
        "# Board 2026-03-05\n\nPresent: Amara Okafor, Mei Tanaka\n"
        "In attendance: Lena Ortiz, 2 members of the public\n"
        "Apologies were received from Henrik Berg and Tomas Novak.\n"
    )

    assert [(one.name, one.presence, one.is_apart) for one in found.occurrences[0].listed] == [
        ("Amara Okafor", Presence.PRESENT, False),
        ("Mei Tanaka", Presence.PRESENT, False),
        ("Lena Ortiz", Presence.PRESENT, True),
        ("Henrik Berg", Presence.APOLOGY, False),
        ("Tomas Novak", Presence.APOLOGY, False),
    ]
    assert [text for _, text, _ in remarks(found)] == ["2 members of the public"]


def test_in_attendance_alone_is_who_was_there() -> None:
    assert [one.is_apart for one in listed("- In attendance: Amara Okafor, Mei Tanaka")] == [False, False]


def test_a_list_that_a_label_began_ends_with_the_first_gap() -> None:
    """`Budget` is no person."""
    found = reading("# Board 2026-03-05\n\nPresent:\n\n- Amara Okafor\n- Mei Tanaka\n\n1. Budget\n2. Hiring\n")

    assert named(found.occurrences[0].listed) == ["Amara Okafor", "Mei Tanaka"]
    assert [line for line, _, _ in remarks(found)] == [8, 9]


def test_lines_right_below_a_label_are_a_person_each() -> None:
    found = reading(
        "# Board 2026-03-05\n\nPresent:\nAmara Okafor (Finance)\nMei Tanaka (IT Security)\nAbsent: Henrik Berg\n\n"
        "The door was locked.\n"
    )

    assert [(one.name, one.department, one.presence) for one in found.occurrences[0].listed] == [
        ("Amara Okafor", "Finance", Presence.PRESENT),
        ("Mei Tanaka", "IT Security", Presence.PRESENT),
        ("Henrik Berg", None, Presence.ABSENT),
    ]
    assert [line for line, _, _ in remarks(found)] == [8]


def test_minutes_that_are_one_nested_list_are_read() -> None:
    found = reading(
        "# Board 2026-03-05\n\n- Attendees:\n  - Amara Okafor\n  - Mei Tanaka – late\n- Scribe: Mei Tanaka\n"
        "- Agenda\n  - Payment terms\n- Action items\n  - [ ] Mei Tanaka to change the form\n"
    )

    (only,) = found.occurrences
    assert [(one.name, one.presence) for one in only.listed] == [
        ("Amara Okafor", Presence.PRESENT),
        ("Mei Tanaka", Presence.LATE),
    ]
    assert [one.title for one in only.items] == ["Payment terms"]
    assert [one.owner for one in only.actions] == ["Mei Tanaka"]
    assert remarks(found) == []


def test_an_entry_of_its_own_with_a_comma_is_a_doubt() -> None:
    found = attendance("- Members:", "  - Amara Okafor, Bergwerk")

    assert doubts(found) == [(5, "Amara Okafor, Bergwerk", "an entry of its own with a comma: read as 2 people")]


def test_names_that_only_a_bracket_parts_are_no_name() -> None:
    found = attendance("- Members: Amara Okafor (Finance) Mei Tanaka (Legal)")

    assert found.occurrences[0].listed == ()
    assert [text for _, text, _ in remarks(found)] == ["Amara Okafor (Finance) Mei Tanaka (Legal)"]


def test_headings_of_their_own_are_lists_too() -> None:
    text = (
        "# Board 2026-03-05\n\n## Present\n- Amara Okafor\n\n## Regrets\n- Mei Tanaka\n\n**Observers**\n- Lena Ortiz\n"
    )

    entries = occurrence(text).listed

    assert [(one.name, one.presence, one.is_apart) for one in entries] == [
        ("Amara Okafor", Presence.PRESENT, False),
        ("Mei Tanaka", Presence.APOLOGY, False),
        ("Lena Ortiz", Presence.PRESENT, True),
    ]


# --- departments and groups


def test_an_unknown_label_is_a_group_apart_where_something_says_who_the_members_are() -> None:
    entries = listed("- Works committee: Lena Ortiz", "- Members: Amara Okafor")

    assert [(one.is_apart, one.group, one.department) for one in entries] == [
        (True, "Works committee", None),
        (False, None, None),
    ]


def test_an_unknown_label_is_a_department_where_nothing_says_who_the_members_are() -> None:
    entries = listed("- Finance: Amara Okafor", "- IT Security: Mei Tanaka")

    assert [(one.department, one.is_apart) for one in entries] == [("Finance", False), ("IT Security", False)]


def test_a_department_in_brackets_or_before_the_name_below_members_is_one() -> None:
    entries = listed("- Members:", "  - Finance: Amara Okafor", "  - Mei Tanaka (IT Security)")

    assert [(one.name, one.department) for one in entries] == [
        ("Amara Okafor", "Finance"),
        ("Mei Tanaka", "IT Security"),
    ]


# --- substitutes


@pytest.mark.parametrize(
    "entry",
    [
        "Jonas Weber (filling in for Henrik Berg)",
        "Jonas Weber (for Henrik Berg)",
        "Jonas Weber filling in for Henrik Berg",
        "Jonas Weber, on behalf of Henrik Berg",
        "Jonas Weber (deputy for Henrik Berg)",
        "Jonas Weber (proxy for Henrik Berg)",
    ],
)
def test_a_substitute_is_read_with_whom_they_sit_for(entry: str) -> None:
    found = attendance(f"- Members: Amara Okafor, {entry}, Mei Tanaka")

    assert [(one.name, one.sits_for) for one in found.occurrences[0].listed] == [
        ("Amara Okafor", None),
        ("Jonas Weber", "Henrik Berg"),
        ("Mei Tanaka", None),
    ]
    assert remarks(found) == []


@pytest.mark.parametrize("entry", ["Jonas Weber for Finance", "Jonas Weber (for the Finance team)"])
def test_a_substitute_may_sit_for_a_department(entry: str) -> None:
    (found,) = listed(f"- Members: {entry}")

    assert found.sits_for in ("Finance", "Finance team")


def test_a_substitute_with_a_mandate_says_so() -> None:
    (with_mandate, without) = listed(
        "- Members: Jonas Weber (for Henrik Berg, with mandate), Lena Ortiz (for Mei Tanaka)"
    )

    assert (with_mandate.sits_for, with_mandate.states_mandate) == ("Henrik Berg", True)
    assert (without.sits_for, without.states_mandate) == ("Mei Tanaka", False)


def test_for_the_first_half_is_nobody_to_sit_for() -> None:
    found = attendance("- Members: Jonas Weber (for the first half)")

    assert found.occurrences[0].listed[0].sits_for is None
    assert remarks(found) == [(4, "(for the first half)", "what this says of Jonas Weber is not known")]


# --- what stands beside a name


def test_late_is_read_with_its_minutes() -> None:
    entries = listed("- Members: Amara Okafor (late), Mei Tanaka (IT Security, late 10 min)")

    assert [(one.presence, one.late_minutes) for one in entries] == [(Presence.LATE, None), (Presence.LATE, 10)]
    assert entries[1].department == "IT Security"


def test_another_spelling_in_brackets_is_kept() -> None:
    (entry,) = listed("- Members: Amara Okafor (aka Mara O)")

    assert entry.also == ("Mara O",)


def test_an_address_behind_a_name_is_another_spelling() -> None:
    (entry,) = listed("- Members: Amara Okafor <amara@example.com>")

    assert (entry.name, entry.also) == ("Amara Okafor", ("amara@example.com",))


def test_a_note_that_is_not_known_is_listed_and_the_name_kept() -> None:
    found = attendance("- Regrets: Mei Tanaka (after the second item)")

    assert named(found.occurrences[0].listed) == ["Mei Tanaka"]
    assert remarks(found) == [(4, "(after the second item)", "what this says of Mei Tanaka is not known")]


def test_a_full_stop_instead_of_a_comma_makes_two_people_and_a_doubt() -> None:
    found = attendance("- Members: Amara Okafor, Lena Ortiz. Mei Tanaka, Henrik Berg.")

    assert named(found.occurrences[0].listed) == ["Amara Okafor", "Lena Ortiz", "Mei Tanaka", "Henrik Berg"]
    assert doubts(found) == [(4, "Mei Tanaka", "a full stop stands where a comma would: read as two people")]


@pytest.mark.parametrize(
    "name", ["Dr. Amara Okafor", "J. Weber", "Martin St. Clair", "Mei van der Berg", "@mei-t", "oli", "mei_t"]
)
def test_initials_titles_particles_and_handles_belong_to_the_name(name: str) -> None:
    assert named(listed(f"- Members: {name}, Henrik Berg")) == [name, "Henrik Berg"]


@pytest.mark.parametrize("part", ["3 others", "everyone else from the team", "et al", "See the list below", "12"])
def test_what_is_no_name_is_listed_and_nobody(part: str) -> None:
    found = attendance(f"- Members: Amara Okafor, {part}")

    assert named(found.occurrences[0].listed) == ["Amara Okafor"]
    assert [(line, text) for line, text, _ in remarks(found)] == [(4, part)]


def test_a_bracket_that_nothing_closes_is_listed() -> None:
    found = attendance("- Members: Amara Okafor (Finance, Mei Tanaka")

    assert found.occurrences[0].listed == ()
    assert remarks(found) == [(4, "Amara Okafor (Finance, Mei Tanaka", "no name")]


def test_prose_among_the_lists_is_listed() -> None:
    found = attendance("- Members: Amara Okafor", "", "The door was locked until ten past nine.")

    assert named(found.occurrences[0].listed) == ["Amara Okafor"]
    assert [text for _, text, _ in remarks(found)] == ["The door was locked until ten past nine."]


def test_whoever_is_on_two_lists_does_not_count_as_a_member() -> None:
    """Whether that person had a seat, the minutes do not say."""
    found = occurrence(
        "# Board 2026-03-05\n## Attendance\n- Members: Amara Okafor, Lena Ortiz\n- Observers: Lena Ortiz\n"
    )

    assert named(found.members) == ["Amara Okafor"]


# --- tables


def test_a_table_of_people_is_read() -> None:
    found = attendance(
        "",
        "| Name | Department | Attendance | Substitute |",
        "| --- | --- | --- | --- |",
        "| Amara Okafor | Finance | present | |",
        "| Henrik Berg | Legal | regrets | Jonas Weber |",
        "| Mei Tanaka | IT Security | late 5 min | |",
        "| Tomas Novak | Sales | perhaps | |",
    )

    entries = found.occurrences[0].listed
    assert [(one.name, one.presence, one.department, one.sits_for) for one in entries] == [
        ("Amara Okafor", Presence.PRESENT, "Finance", None),
        ("Henrik Berg", Presence.APOLOGY, "Legal", None),
        ("Jonas Weber", Presence.PRESENT, "Legal", "Henrik Berg"),
        ("Mei Tanaka", Presence.LATE, "IT Security", None),
    ]
    assert [(line, why) for line, _, why in remarks(found)] == [(10, "“perhaps” is no attendance that is known")]


# --- roles and quorum


def test_roles_are_no_attendance() -> None:
    found = reading(
        "# Board 2026-03-05\n\n## Meeting roles\n\n- Facilitator: Amara Okafor\n- Minutes: Lena Ortiz, Jonas Weber\n"
    )

    assert found.occurrences[0].listed == ()
    assert [(one.role, one.name) for one in found.occurrences[0].roles] == [
        ("facilitator", "Amara Okafor"),
        ("minutes", "Lena Ortiz"),
        ("minutes", "Jonas Weber"),
    ]


@pytest.mark.parametrize("line", ["- Quorum: no", "Quorum: not reached."])
def test_minutes_may_say_that_there_was_no_quorum(line: str) -> None:
    assert attendance(line).occurrences[0].without_quorum == Place("2026-03-05.md", 4)


def test_a_quorum_that_is_there_or_asked_about_is_none_missing() -> None:
    assert attendance("- Quorum: yes").occurrences[0].without_quorum is None
    assert body("Amara Okafor: Do we have no quorum?").occurrences[0].without_quorum is None


def test_a_speaker_is_not_in_the_room_by_speaking() -> None:
    found = body("Tomas Novak: I only listen today.")

    assert found.occurrences[0].listed == ()
    assert found.kinds[4] is Kind.DISCUSSION
