"""Minutes as a CSV file."""

from __future__ import annotations

from datetime import date

import pytest

from governance.minutes.values import Kind, Presence
from tests.docs.pages import page
from tests.minutes.builders import doubts, found, reading, rehearsed, remarks, source, unread_lines


def table(*rows: str, header: str = "day,kind,name,department,state,sits_for,mandate,text,owner,due") -> str:
    return "\n".join([header, *rows]) + "\n"


def test_the_example_of_the_documentation_is_read_to_its_last_row() -> None:
    (example,) = [block for block in page("rehearse").blocks("csv") if block.startswith("day,")]

    read = reading(example, "minutes.csv")

    (only,) = read.occurrences
    assert [(one.name, one.department, one.presence, one.sits_for) for one in only.listed] == [
        ("Amara Okafor", "Finance", Presence.PRESENT, None),
        ("Jonas Weber", "Legal", Presence.PRESENT, "Henrik Sørensen"),
        ("Henrik Sørensen", "Legal", Presence.APOLOGY, None),
    ]
    assert [(one.text, one.owner, one.due) for one in only.decisions] == [
        ("New customers pay within 30 days.", "Amara Okafor", date(2026, 4, 1))
    ]
    assert [(one.text, one.owner, one.is_done) for one in only.actions] == [("Change the form", "Mei Tanaka", False)]
    assert [(one.title, one.is_discussed) for one in only.items] == [("Who answers outside of office hours", False)]
    assert remarks(read) == []


def test_attendance_alone_needs_no_kind_and_no_state() -> None:
    read = reading("day;name\n2026-03-05;Amara Okafor\n2026-03-12;Amara Okafor\n", "a.csv")

    assert [(one.day, one.listed[0].name) for one in read.occurrences] == [
        (date(2026, 3, 5), "Amara Okafor"),
        (date(2026, 3, 12), "Amara Okafor"),
    ]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("2026-3-5,,Amara Okafor,,present,,,,,", "Write the day as 2026-03-31 instead of “2026-3-5”"),
        ("2026-03-05,,Amara Okafor,,perhaps,,,,,", "“perhaps” is no attendance that is known"),
        ("2026-03-05,,Amara Okafor,,,,,,,", "“” is no attendance that is known"),
        ("2026-03-05,,12 people,,present,,,,,", "no name"),
        ("2026-03-05,,,Finance,present,,,,,", "a row without a name"),
        ("2026-03-05,vote,,,,,,Pay,,", "“vote” is no kind of row that is known"),
        ("2026-03-05,,,,,,,Pay,,", "a text without a kind: decision, action or item"),
        ("2026-03-05,decision,,,,,,,,", "a decision without a text"),
        ("2026-03-05,decision,,,,,,Pay,,soon", "Write the day as 2026-03-31 instead of “soon”"),
        ("2026-03-05,action,,,half,,,Pay,,", "“half” is neither open nor done"),
        ("2026-03-05,item,,,half,,,Pay,,", "“half” is no state of an item that is known"),
    ],
)
def test_a_row_that_is_not_understood_is_listed_and_the_others_are_read(row: str, why: str) -> None:
    read = reading(table(row, "2026-03-05,,Mei Tanaka,,present,,,,,"), "a.csv")

    assert [(line, said) for line, _, said in remarks(read)] == [(2, why)]
    assert unread_lines(read) == [2]
    assert [one.name for one in read.occurrences[0].listed] == ["Mei Tanaka"]


def test_an_unknown_column_and_cells_beyond_the_last_are_listed() -> None:
    read = reading("day,name,mood\n2026-03-05,Amara Okafor,good,more\n", "a.csv")

    assert remarks(read) == [
        (1, "mood", "a column that is not known"),
        (2, "more", "cells beyond the last column"),
    ]
    assert [one.name for one in read.occurrences[0].listed] == ["Amara Okafor"]


def test_without_a_column_for_the_day_no_row_is_read() -> None:
    read = reading("name\nAmara Okafor\n", "a.csv")

    assert read.occurrences == ()
    assert unread_lines(read) == [2]


def test_a_quotation_mark_that_nothing_closes_ends_the_reading_and_every_line_is_listed() -> None:
    read = reading('day,name\n2026-03-05,Amara Okafor\n2026-03-05,"Mei\n2026-03-05,Henrik Berg\n', "a.csv")

    assert [one.name for one in read.occurrences[0].listed] == ["Amara Okafor"]
    assert [line for line, _, _ in doubts(read)] == [3]
    assert unread_lines(read) == [3, 4]


def test_a_cell_of_several_lines_has_the_line_it_begins_in() -> None:
    read = reading('day,kind,text\n2026-03-05,decision,"Pay\nwithin 30 days"\n', "a.csv")

    assert [(one.text, one.place.line) for one in read.occurrences[0].decisions] == [("Pay within 30 days", 2)]
    assert read.kinds == (Kind.HEADING, Kind.DECISION, Kind.DECISION)


def test_a_spreadsheets_guard_against_formulas_is_taken_off() -> None:
    read = reading("day,kind,text\n2026-03-05,decision,'=Pay\n", "a.csv")

    assert [one.text for one in read.occurrences[0].decisions] == ["=Pay"]


def test_who_came_instead_may_stand_beside_who_did_not() -> None:
    text = "day,name,state,substitute\n2026-03-05,Henrik Berg,absent,Jonas Weber\n"

    rehearsal = rehearsed(source(text, "a.csv"))

    assert [sentence for _, sentence in found(rehearsal, "I03")] == [
        "Jonas Weber sat for Henrik Berg, and nobody says what they may decide"
    ]
    assert found(rehearsal, "A02") == []
