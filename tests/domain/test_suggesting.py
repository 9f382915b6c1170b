"""One suggestion, chosen by rules in their order, each with its evidence in numbers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.agenda import Planned
from governance.domain.summaries.suggesting import (
    RULES,
    Looked,
    Stuck,
    Suggestion,
    Told,
    Vacant,
    next_quarter,
    suggest,
    suggestions,
)

NOTHING = Looked()
APPLIES: dict[str, Looked] = {
    "S01": Looked(vacant=[Vacant("Legal", days=1, waiting=2)]),
    "S02": Looked(vacant=[Vacant("Legal", days=28)]),
    "S03": Looked(ending=["Legal"]),
    "S04": Looked(stuck=[Stuck("the owner", 3), Stuck("the owner", 4)]),
    "S05": Looked(late={"Legal": 3}),
    "S06": Looked(returning=["Refund"]),
    "S07": Looked(planned=Planned(boxed=75, length=60, open_ended=0)),
    "S08": Looked(without_agenda=2),
    "S09": Looked(brought={"Legal": 4, "Finance": 2}),
    "S10": Looked(away={"Legal": 2}),
    "S11": Looked(late_starts=3),
    "S12": Looked(unmeasured=6),
}
JUST_NOT: dict[str, list[Looked]] = {
    "S01": [
        Looked(vacant=[Vacant("Legal", days=1, waiting=2)], has_room=False),
        Looked(vacant=[Vacant("Legal", days=1, waiting=2, is_offered=True)]),
        Looked(vacant=[Vacant("Legal", days=1)]),
    ],
    "S02": [Looked(vacant=[Vacant("Legal", days=27)])],
    "S03": [NOTHING],
    "S04": [
        Looked(stuck=[Stuck("the owner", 3), Stuck("the owner", 2)]),
        Looked(stuck=[Stuck("the owner", 3), Stuck("the date", 3)]),
    ],
    "S05": [Looked(late={"Legal": 2, "Finance": 2})],
    "S06": [NOTHING],
    "S07": [Looked(planned=Planned(boxed=60, length=60, open_ended=2))],
    "S08": [Looked(without_agenda=1)],
    "S09": [Looked(brought={"Legal": 3, "Finance": 3}), Looked(brought={"Legal": 4, "Finance": 1})],
    "S10": [Looked(away={"Legal": 1, "Finance": 1})],
    "S11": [Looked(late_starts=2)],
    "S12": [Looked(unmeasured=5), NOTHING],
}
CODES = [rule.code for rule in RULES]


def test_where_nothing_applies_nothing_is_suggested() -> None:
    assert suggest(NOTHING) is None
    assert len(RULES) >= 10
    assert len(set(CODES)) == len(CODES)


@pytest.mark.parametrize("code", CODES)
def test_each_rule_applies_alone_with_its_evidence_in_numbers(code: str) -> None:
    found = list(suggestions(APPLIES[code]))

    assert [code] == [one.code for one in found]
    [one] = found
    assert re.search(r"\d|twice", one.evidence)
    assert one.path.startswith("/")
    assert one.weight >= 1


@pytest.mark.parametrize("code", CODES)
def test_just_below_its_limit_no_rule_applies(code: str) -> None:
    assert [code for looked in JUST_NOT[code] for one in suggestions(looked) if one.code == code] == []


def test_the_first_rule_that_applies_is_the_one() -> None:
    everything = Looked(**{
        name: getattr(looked, name) for looked in reversed(APPLIES.values()) for name in touched_by(looked)
    })  # fmt: skip

    found = suggest(everything)

    assert [one.code for one in suggestions(everything)] == [code for code in CODES if code != "S02"]
    assert found is not None
    assert (found.code, found.about) == ("S01", "Legal")
    assert found.evidence == "It is vacant, and 2 people wait for it."


def test_the_gravest_of_several_is_named() -> None:
    looked = Looked(late={"Finance": 3, "Legal": 5, "Sales": 5})

    assert "Legal" in of(suggest(looked)).text
    assert [5, 5, 3] == [one.weight for one in suggestions(looked)]


def test_the_same_is_not_suggested_three_times_running() -> None:
    looked, same = APPLIES["S05"], Told("S05", "Legal", 3)

    assert suggest(looked, [same]) is not None
    assert suggest(looked, [same, same]) is None
    assert suggest(looked, [Told("", "", 0), same, same]) is not None
    assert suggest(looked, [same, Told("S05", "Finance", 3)]) is not None


def test_what_rests_on_more_than_before_is_suggested_again() -> None:
    same = Told("S05", "Legal", 3)

    assert of(suggest(Looked(late={"Legal": 4}), [same, same])).weight == 4
    assert suggest(Looked(late={"Legal": 3}), [same, replace(same, weight=5)]) is None


def test_while_one_rests_the_next_has_its_turn() -> None:
    looked, same = Looked(late={"Legal": 3}, late_starts=3), Told("S05", "Legal", 3)

    assert of(suggest(looked, [same, same])).code == "S11"


@pytest.mark.parametrize(
    ("today", "first"),
    [
        (date(2026, 1, 1), date(2026, 4, 1)),
        (date(2026, 9, 30), date(2026, 10, 1)),
        (date(2026, 12, 31), date(2027, 1, 1)),
    ],
)
def test_the_next_quarter_begins_after_today(today: date, first: date) -> None:
    assert next_quarter(today) == first


NUMBERS, NAMES = st.integers(0, 9), st.sampled_from(["Legal", "Finance", "Sales"])


@settings(max_examples=30)
@given(
    looked=st.builds(
        Looked,
        vacant=st.lists(st.builds(Vacant, NAMES, st.integers(0, 90), NUMBERS, st.booleans()), max_size=3),
        has_room=st.booleans(), ending=st.lists(NAMES, max_size=2),
        stuck=st.lists(st.builds(Stuck, st.sampled_from(["the owner", "the date"]), NUMBERS), max_size=4),
        late=st.dictionaries(NAMES, NUMBERS), returning=st.lists(NAMES, max_size=2), without_agenda=NUMBERS,
        brought=st.dictionaries(NAMES, NUMBERS), away=st.dictionaries(NAMES, NUMBERS), late_starts=NUMBERS,
        unmeasured=st.none() | NUMBERS,
    )
)  # fmt: skip
def test_whatever_there_is_weeks_go_by_without_the_same_thrice(looked: Looked) -> None:
    told: list[Told] = []
    for _ in range(6):
        found = suggest(looked, told)
        told.insert(0, Told(found.code, found.about, found.weight) if found else Told("", "", 0))

    threes = [set(told[at : at + 3]) for at in range(4)]
    assert all(len(three) > 1 or three == {Told("", "", 0)} for three in threes)
    assert (told[-1].code == "") == (next(suggestions(looked), None) is None)


def touched_by(looked: Looked) -> list[str]:
    return [name for name in Looked.__slots__ if getattr(looked, name) != getattr(NOTHING, name)]


def of(found: Suggestion | None) -> Suggestion:
    assert found is not None
    return found
