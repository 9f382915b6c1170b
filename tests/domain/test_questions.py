"""The bank keeps its promise, and whoever reads the ledger chooses the same question."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from governance.domain.people import PersonId
from governance.domain.question_bank import OUR_QUESTIONS
from governance.domain.questions import (
    EmptyBank,
    Had,
    QuestionRefused,
    Tag,
    Why,
    checked_text,
    choose,
    pick,
)

BEGIN = datetime(2026, 1, 8, 9, tzinfo=UTC)
AVOIDED = re.compile(
    r"\b(health|ill|illness|sick|doctor|faith|god|church|pray|religio\w*|sacred|politic\w*|party|vote|election\w*|"
    r"pregnan\w*|children|kids|baby|marri\w*|salary|wage|bonus|earn|income|diet|weight|age)\b",
    re.IGNORECASE,
)


def people(*numbers: int) -> frozenset[PersonId]:
    return frozenset(PersonId(UUID(int=number)) for number in numbers)


def had(key: str, person: int, week: int) -> Had:
    return Had(key, PersonId(UUID(int=person)), BEGIN + timedelta(weeks=week))


def test_the_bank_holds_a_hundred_and_fifty_questions_of_every_tag_and_no_two_alike() -> None:
    texts = {question.text for question in OUR_QUESTIONS.values()}

    assert len(texts) == len(OUR_QUESTIONS) >= 150
    assert {question.tag for question in OUR_QUESTIONS.values()} == set(Tag)
    assert [question.text for question in OUR_QUESTIONS.values() if question.text != checked_text(question.text)] == []


def test_no_question_touches_what_nobody_should_be_asked_at_work() -> None:
    assert [question.text for question in OUR_QUESTIONS.values() if AVOIDED.search(question.text)] == []


def test_a_question_that_somebody_on_the_roster_had_is_passed_over_while_there_is_another() -> None:
    turns = [had("a", 1, 1), had("b", 2, 2), had("c", 9, 3)]

    choice = choose(["a", "b", "c"], turns, people(1, 2), "seed")

    assert (choice.key, choice.why, choice.candidates) == ("c", Why.NEW_TO_ALL, ("c",))


def test_when_everything_was_had_the_one_had_longest_ago_comes_again() -> None:
    turns = [had("a", 1, 1), had("b", 2, 2), had("a", 2, 5), had("c", 1, 4)]

    choice = choose(["a", "b", "c"], turns, people(1, 2), "seed")

    assert (choice.key, choice.why) == ("b", Why.LONGEST_AGO)


def test_what_only_people_had_who_are_on_the_roster_no_more_is_new() -> None:
    assert choose(["a", "b"], [had("a", 1, 1), had("b", 3, 2)], people(1), "seed").key == "b"


def test_without_any_question_it_says_what_to_do() -> None:
    with pytest.raises(EmptyBank, match="Add a question"):
        choose([], [], people(1), "seed")


def test_the_seed_alone_decides_among_equals_whatever_their_order() -> None:
    keys = list(OUR_QUESTIONS)

    assert pick(keys, "one seed") == pick(reversed(keys), "one seed")
    assert len({pick(keys, str(seed)) for seed in range(60)}) > 30


@settings(max_examples=3, deadline=None)
@given(st.integers(0, 2**32))
def test_over_ten_years_nobody_meets_a_question_again_while_one_is_new_to_the_whole_roster(seed: int) -> None:
    """People come and go, members add, the chair vetoes and takes vetoes back."""
    draw = Random(seed).randrange
    bank, vetoed, turns = list(OUR_QUESTIONS), set[str](), list[Had]()
    roster, newcomer = set(range(1, 10)), 10
    for week in range(520):
        if draw(20) == 0:
            roster.discard(min(roster))
            roster.add(newcomer)
            newcomer += 1
        if draw(15) == 0:
            bank.append(f"member-{week}")
        if draw(15) == 0:
            vetoed ^= {bank[draw(len(bank))]}
        usable, on_roster = [key for key in bank if key not in vetoed], people(*roster)

        choice = choose(usable, turns, on_roster, str(week))

        last = {
            key: max((t.at for t in turns if t.key == key and t.person in on_roster), default=None) for key in usable
        }
        if any(at is None for at in last.values()):
            assert last[choice.key] is None
        else:
            assert last[choice.key] == min(last.values())  # type: ignore[type-var]
        assert choice.key not in vetoed
        assert pick(choice.candidates, choice.seed) == choice.key
        late = [sorted(roster)[draw(len(roster))] for _ in range(draw(3))]
        turns += [had(choice.key, person, week) for person in late]


@pytest.mark.parametrize(
    ("given_text", "remedy"), [("  ", "Write"), ("Tell us a joke.", "End"), ("x" * 200 + "?", "Shorten")]
)
def test_what_is_no_question_is_refused_with_what_to_change(given_text: str, remedy: str) -> None:
    with pytest.raises(QuestionRefused, match=remedy):
        checked_text(given_text)


def test_a_question_stands_on_one_line() -> None:
    assert checked_text("  What\n is  next? ") == "What is next?"
