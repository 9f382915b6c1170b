"""Words for people: plurals, days as people say them, a shape for every state, words for every act."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as some

from web.wording import acts, people, times

PROJECT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-30), "just now"),
        (timedelta(0), "just now"),
        (timedelta(seconds=59), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(minutes=59, seconds=59), "59 minutes ago"),
        (timedelta(hours=1), "1 hour ago"),
        (timedelta(hours=23, minutes=59), "23 hours ago"),
        (timedelta(days=1), "yesterday"),
        (timedelta(days=2), "2 days ago"),
        (timedelta(days=400), "400 days ago"),
    ],
)
def test_how_long_ago_something_was(passed: timedelta, said: str) -> None:
    assert times.ago(NOW - passed, NOW) == said


@pytest.mark.parametrize(
    ("start", "said"),
    [
        (NOW - timedelta(minutes=10), "running now"),
        (NOW + timedelta(seconds=20), "in a moment"),
        (NOW + timedelta(minutes=40), "in 40 minutes"),
        (NOW + timedelta(hours=13), "in 13 hours"),
        (NOW + timedelta(hours=14), "tomorrow"),
        (NOW + timedelta(days=3), "in 3 days"),
    ],
)
def test_the_next_occurrence_is_as_far_away_as_the_calendar_counts_days(start: datetime, said: str) -> None:
    assert times.until_start(start, NOW, "Europe/Berlin") == said


@given(some.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)))
def test_no_time_is_said_with_a_wrong_plural_or_a_negative_number(away: timedelta) -> None:
    for said in (times.ago(NOW - away, NOW), times.ahead(NOW + away, NOW)):
        assert not re.search(r"-\d|\b1 \w+s\b|\b(0|[2-9]|\d\d+) (minute|hour|day)\b", said)


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("Europe/Berlin", "Thursday 26 November 2026, 10:00–11:30 (Berlin)"),
        ("America/New_York", "Thursday 26 November 2026, 04:00–05:30 (New York)"),
        ("UTC", "Thursday 26 November 2026, 09:00–10:30 (UTC)"),
        ("Pacific/Auckland", "Thursday 26 November 2026, 22:00–23:30 (Auckland)"),
    ],
)
def test_an_occurrence_is_said_in_the_zone_of_the_meeting(zone: str, said: str) -> None:
    start = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)

    assert times.span(start, start + timedelta(minutes=90), zone) == said


def test_an_occurrence_over_midnight_names_both_days() -> None:
    start = datetime(2026, 11, 26, 22, 30, tzinfo=UTC)

    assert times.span(start, start + timedelta(hours=1), "Europe/Berlin").endswith(
        "26 November 2026, 23:30–00:30 on 27 Nov 2026 (Berlin)"
    )


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("ends in 9 days, on 2026-12-02.", "ends in 9 days, on 2 Dec 2026."),
        ("moved to 2026-12-02T09:00:00Z", "moved to 2026-12-02T09:00:00Z"),
        ("order 2026-13-45", "order 2026-13-45"),
        ("on 2026-12-31", "on 31 Dec 2026"),
        ("on 2026-02-31", "on 2026-02-31"),
    ],
)
def test_days_in_recorded_sentences_are_said_as_people_say_them(written: str, said: str) -> None:
    assert times.said(written) == said


@given(some.text())
def test_no_recorded_sentence_breaks_the_page(text: str) -> None:
    assert isinstance(times.said(text), str)
    assert people.initials(text)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Amara Okafor", "AO"),
        ("Dr. Elif Aydın", "EA"),
        ("Łucja Wiśniewska", "ŁW"),
        ("Plato", "P"),
        ("amara@example.com", "A"),
        ("", "?"),
        ("42", "?"),
    ],
)
def test_initials_are_the_first_letters_of_first_and_last_name(name: str, shown: str) -> None:
    assert people.initials(name) == shown


def test_a_year_is_365_days_away_and_not_a_year_or_so() -> None:
    assert times.away(date(2027, 11, 23), date(2026, 11, 23)) == "in 365 days"


def test_every_icon_that_is_named_is_in_the_file_and_every_icon_of_the_file_is_used() -> None:
    web = PROJECT / "web"
    there = set(re.findall(r'<symbol id="([^"]+)"', (web / "static" / "icons.svg").read_text()))
    quoted = "\n".join(path.read_text() for path in [*web.rglob("*.html"), *(web / "wording").glob("*.py")])
    named = set(re.findall(r'icon\("([a-z-]+)"', quoted)) | {icon for icon, _ in acts._WORDS.values()}

    assert named - there == set(), "cut these out of the sprite as well (web/static/NOTICE says where it is from)"
    assert {one for one in there if f'"{one}"' not in quoted} == set(), "take these out: nothing shows them"


def test_every_act_that_is_recorded_has_words() -> None:
    own_words = {"invitation-written", "plan-changed", "plan-approved", "plan-rejected", "retry-asked", *acts._NOT_KEPT}
    not_of_a_meeting = {"sign-in-address-made", "signed-in", "session-ended", "renamed", "alias-added", "people-joined"}

    unsaid = set(_recorded_acts()) - set(acts._WORDS) - own_words - not_of_a_meeting

    assert unsaid == set(), "give these a sentence in web/wording/acts.py, else people read the bare word"


def _recorded_acts() -> Iterator[str]:
    """Every word that the code hands to the ledger as an act, where it is written out."""
    for path in (PROJECT / "governance").rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and _name(call).lstrip("_") in {"note", "record", "note_rest"}:
                given_words = [one.value for one in call.keywords if one.arg == "act"] + call.args[2:3]
                words = (one.value for one in given_words if isinstance(one, ast.Constant))
                yield from (word for word in words if re.fullmatch(r"[a-z]+(-[a-z]+)*", str(word)))


def _name(call: ast.Call) -> str:
    function = call.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
