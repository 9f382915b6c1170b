"""The charter as TOML: unknown keys refused, all faults named, defaults where nothing is said."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from governance.domain.charter import Charter, CharterRefused, Measure, MeasuredValue, Way, read_charter

FULL = """
short = "Decide for the customers, here and now."
purpose = "# Why"
rules = "- one voice"
visitors = 1
guests = 0
grace_minutes = 3
window = 26
late_limit = 4
absent_limit = 1
make_up_days = 14
quorum = "2/3"
way = "two-thirds"
summary = "Fri 16:00"

[[measures]]
name = "Decisions kept"
unit = "%"
target = 90

[[measures.values]]
day = 2026-03-31
value = 87.5
"""


def faults(source: str) -> tuple[str, ...]:
    with pytest.raises(CharterRefused) as refused:
        read_charter(source)
    return refused.value.faults


def test_an_empty_charter_is_all_defaults() -> None:
    assert read_charter("") == Charter()
    assert (Charter().visitors, Charter().guests, Charter().quorum) == (2, 2, None)


def test_every_key_is_read() -> None:
    assert read_charter(FULL) == Charter(
        short="Decide for the customers, here and now.",
        purpose="# Why",
        rules="- one voice",
        measures=(
            Measure(name="Decisions kept", unit="%", target=90.0, values=(MeasuredValue(date(2026, 3, 31), 87.5),)),
        ),
        visitors=1,
        guests=0,
        grace_minutes=3,
        window=26,
        late_limit=4,
        absent_limit=1,
        make_up_days=14,
        quorum=Fraction(2, 3),
        way=Way.TWO_THIRDS,
        summary="Fri 16:00",
    )


def test_all_faults_are_named_at_once() -> None:
    source = 'shrot = "x"\nvisitors = -1\nway = "dice"\n[[measures]]\nunit = "%"\ncolour = 1\n'

    assert faults(source) == (
        "remove or rename shrot, which is not known (did you mean short)",
        "give visitors a whole number from 0 to 100 instead of -1",
        "give way one of consent, majority, two-thirds, chair instead of “dice”",
        "remove or rename measures[1].colour, which is not known (known are name, unit, target, values)",
        "add measures[1].name",
    )


@pytest.mark.parametrize(
    "line",
    [
        "visitors = true",
        "quorum = 0",
        "quorum = 1.5",
        'quorum = "1/0"',
        'quorum = "half"',
        'summary = "1d"',
        'summary = "Fri 24:00"',
        'measures = "many"',
        'short = ["a"]',
        "short = '''" + "x" * 601 + "'''",
        "[[measures]]\nname = 'x'\nvalues = [{day = 2026-13-01, value = 1}]",
        "[[measures]]\nname = 'x'\nvalues = [{day = '2026-02-30', value = 1}]",
        "[[measures]]\nname = 'x'\nvalues = [{day = 2026-01-01T10:00:00, value = 1}]",
        "this is no toml",
    ],
)
def test_what_cannot_be_used_is_refused(line: str) -> None:
    assert len(faults(line)) >= 1


@pytest.mark.parametrize("summary", ["1h", "48h", "Mon 00:00", "Sun 23:59"])
def test_the_summary_is_a_delay_or_a_day_and_time(summary: str) -> None:
    assert read_charter(f'summary = "{summary}"').summary == summary


def test_a_byte_order_mark_does_no_harm() -> None:
    assert read_charter("\ufeffvisitors = 5").visitors == 5
