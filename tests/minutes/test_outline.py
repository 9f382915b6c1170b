"""Which occurrence it was: title, day, and how many of them one file has."""

from __future__ import annotations

from datetime import date

import pytest

from governance.minutes.days import days_in
from tests.minutes.builders import doubts, minutes, occurrence, reading, rehearsed, remarks, source

DAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    "text",
    [
        "# Board 2026-03-05\n",
        "# Board – 5 March 2026\n",
        "# Board, March 5, 2026\n",
        "# Board\n\n- Meeting date: 2026-03-05\n",
        "---\ntitle: Board\ndate: 2026-03-05\n---\n\n## Attendance\n",
        "Board 2026-03-05\n================\n",
        "**Board**\n\nDate: 5th March 2026\n",
        "# Board\n\nThursday, 5 March 2026\n",
        "Board, 2026-03-05\n\nPresent: Amara Okafor\n",
        "# Board held on 5th March 2026\n",
    ],
)
def test_title_and_day_are_found_where_people_write_them(text: str) -> None:
    found = occurrence(text, "minutes.md")

    assert (found.title, found.day) == ("Board", DAY)


def test_the_name_of_the_file_has_the_day_when_nothing_else_does() -> None:
    assert occurrence("# Board\n", "board-2026-03-05.md").day == DAY


def test_the_heading_wins_over_the_name_of_the_file_and_the_doubt_is_listed() -> None:
    found = reading("# Board 2026-03-05\n", "2026-03-06.md")

    assert found.occurrences[0].day == DAY
    assert doubts(found) == [
        (
            1,
            "Board 2026-03-05",
            "the heading says 2026-03-05, the name of the file says 2026-03-06: read as the first of these",
        )
    ]


@pytest.mark.parametrize("text", ["03/05/2026", "5 March", "2026-02-30", "2026-13-01", "next Friday", "12026-03-05"])
def test_what_may_be_another_day_is_none(text: str) -> None:
    assert days_in(text) == []


def test_without_any_day_it_is_read_and_listed() -> None:
    rehearsal = rehearsed(source("# Board\n\n## Attendance\n- Members: Amara Okafor\n", "board.md"))

    assert rehearsal.occurrences[0].day is None
    assert doubts(rehearsal) == [(1, "Board", "no day, neither in the heading nor in the name of the file")]


def test_a_file_of_a_year_has_an_occurrence_for_each_dated_heading() -> None:
    text = """\
        # Board

        ## 2026-03-05

        ### Attendance

        - Members: Amara Okafor

        ## 2026-03-12

        ### Attendance

        - Members: Mei Tanaka
        """

    found = reading(text, "board.md").occurrences

    assert [(one.title, one.day, one.place.line) for one in found] == [
        ("Board", date(2026, 3, 5), 3),
        ("Board", date(2026, 3, 12), 9),
    ]
    assert [one.listed[0].name for one in found] == ["Amara Okafor", "Mei Tanaka"]


def test_an_item_about_a_day_is_no_occurrence() -> None:
    found = reading("# Board\n\nDate: 2026-03-05\n\n## Plans for 2026-04-01\n\nWe talked.\n", "board.md")

    assert [one.day for one in found.occurrences] == [DAY]
    assert [one.title for one in found.occurrences[0].items] == ["Plans for 2026-04-01"]


def test_two_spellings_of_the_title_are_told_and_read_as_one_meeting() -> None:
    rehearsal = rehearsed(minutes("2026-03-05"), source("# Board agenda\n\n- Meeting date: 2026-03-12\n", "b.md"))

    assert rehearsal.titles == {"Board": 1, "Board agenda": 1}
    assert [str(one.day) for one in rehearsal.occurrences] == ["2026-03-05", "2026-03-12"]


def test_a_day_twice_is_listed() -> None:
    rehearsal = rehearsed(minutes("2026-03-05"), source("# Board 2026-03-05\n", "z.md"))

    assert (1, "Board", "a second occurrence on 2026-03-05, the first is 2026-03-05.md:1") in doubts(rehearsal)


def test_what_stands_above_everything_is_listed() -> None:
    found = reading("# Board 2026-03-05\n\nA few words that nobody put under a heading.\n")

    assert remarks(found) == [
        (3, "A few words that nobody put under a heading.", "stands under no heading that says what it is")
    ]


def test_an_unknown_key_at_the_head_of_the_file_is_listed() -> None:
    found = reading("---\ndate: 2026-03-05\nmood: good\n---\n")

    assert remarks(found) == [(3, "mood: good", "a key at the head of the file that is not known")]
