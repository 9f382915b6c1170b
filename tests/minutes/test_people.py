"""Which names are one person: those of which somebody says so."""

from __future__ import annotations

from datetime import date

import pytest

from governance.minutes.people import People, Same, alike, read_aliases
from governance.minutes.source import MinutesRefused
from tests.minutes.builders import ROSTER, minutes, rehearsed, source

DAY = date(2026, 3, 5)


def people(*members: str, aliases: str = "", roster: str = "") -> dict[str, int]:
    """How often each person was there, when one occurrence a week has one of these members."""
    days = [
        minutes(f"2026-03-{number:02}", "## Attendance", f"- Members: {name}") for number, name in enumerate(members, 1)
    ]
    return {one.name: one.member for one in rehearsed(*days, aliases=aliases, roster=roster).people}


def test_case_and_space_are_no_difference() -> None:
    assert people("Amara Okafor", "amara  okafor") == {"Amara Okafor": 2}


@pytest.mark.parametrize("other", ["Amara", "A. Okafor", "Amara Okáfor", "Amara Okafoor", "amara-okafor"])
def test_a_spelling_that_only_looks_alike_stays_a_person_of_its_own(other: str) -> None:
    assert people("Amara Okafor", other) == {"Amara Okafor": 1, other: 1}


def test_a_file_of_aliases_joins() -> None:
    assert people("Amara Okafor", "Amara", aliases="name,also\nAmara Okafor,amara\n") == {"Amara Okafor": 2}


def test_the_minutes_themselves_join_for_all_files() -> None:
    assert people("Amara Okafor (aka Amara)", "AMARA") == {"Amara Okafor": 2}


def test_the_roster_joins_a_name_and_its_address() -> None:
    assert people("amara@example.com", "Amara Okafor", roster=ROSTER) == {"Amara Okafor": 1}


def test_a_first_name_alone_is_another_person_after_the_day_that_the_aliases_say() -> None:
    aliases = "name,also,from,until\nJonas Weber,Jonas,,2026-03-01\nJonas Berg,Jonas,2026-03-02,\n"

    assert people("Jonas", "Jonas", "Jonas", aliases=aliases) == {"Jonas Berg": 2, "Jonas Weber": 1}


def test_two_people_with_one_spelling_on_one_day_are_not_joined() -> None:
    known = People([Same("Jonas Weber", "Jonas"), Same("Jonas Berg", "Jonas")])

    assert known.key("Jonas", DAY) == "jonas"


def test_an_alias_of_some_days_says_nothing_of_an_occurrence_without_a_day() -> None:
    known = People([Same("Jonas Weber", "Jonas", first=DAY)])

    assert known.key("Jonas", None) == "jonas"
    assert known.key("Jonas", DAY) == "jonas weber"


def test_aliases_that_lead_in_a_circle_end() -> None:
    known = People([Same("A", "B"), Same("B", "A")])

    assert known.key("A", DAY) in ("a", "b")


def test_what_may_be_one_person_is_asked_once() -> None:
    names = ["Amara", "Amara Okafor", "Amára Okafor", "Jonas", "Jonas Weber", "Jonas Berg", "Mei Tanaka"]

    assert [(one.name, one.perhaps) for one in alike(names)] == [
        ("Amara", ("Amara Okafor", "Amára Okafor")),
        ("Amara Okafor", ("Amára Okafor",)),
        ("Jonas", ("Jonas Berg", "Jonas Weber")),
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Begin aliases.csv with the header name,also or name,also,from,until."),
        ("who,what\na,b\n", "Begin aliases.csv with the header name,also or name,also,from,until."),
        ("name,also\nAmara,\n", "Enter a name and what it is also written as in aliases.csv, line 2."),
        ("name,also,from\nA,B,March\n", "Write the day as 2026-03-31 instead of “March”: aliases.csv, line 2."),
    ],
)
def test_half_a_file_of_aliases_is_none(text: str, sentence: str) -> None:
    with pytest.raises(MinutesRefused) as refused:
        read_aliases(source(text, "aliases.csv"))

    assert str(refused.value) == sentence


def test_aliases_may_have_semicolons() -> None:
    assert read_aliases(source("also;name\nAmara;Amara Okafor\n", "a.csv")) == [Same("Amara Okafor", "Amara")]
