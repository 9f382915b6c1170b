"""The question of the week: which one an occurrence gets, and why.

    bank without vetoes, turns of everybody so far, the roster of the day, a seed → Choice

A question is *had* by whoever had a turn with it, owed or volunteered. The promise of the bank: never one that anybody
on the roster has had while such a one remains; then the one that was had longest ago. Among equals a hash of seed and
key decides, so whoever reads seed and candidates in the ledger finds the same one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId

LONGEST_QUESTION = 200
LONGEST_ANSWER = 1000


class Tag(StrEnum):
    """How much a question asks of whoever answers it."""

    LIGHT = "light"
    OPEN = "open"
    BRAVE = "brave"


@dataclass(frozen=True, slots=True)
class Question:
    key: str
    text: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Had:
    """Somebody's turn with a question, at the start of its occurrence."""

    key: str
    person: PersonId
    at: datetime


class Why(StrEnum):
    """What the choice rests on."""

    NEW_TO_ALL = "new-to-all"
    LONGEST_AGO = "longest-ago"


@dataclass(frozen=True, slots=True)
class Choice:
    """`candidates` are the keys among which the seed decided, in order; they stand in the ledger with it."""

    key: str
    why: Why
    candidates: tuple[str, ...]
    seed: str


class EmptyBank(GovernanceError):
    """Every question has a veto."""

    def __init__(self) -> None:
        super().__init__("Add a question, or take a veto back", "there is none left to choose from")


class QuestionRefused(GovernanceError):
    """Not a question that could be put to the room."""


def choose(bank: Collection[str], had: Iterable[Had], roster: Collection[PersonId], seed: str) -> Choice:
    """The question of an occurrence.

    Raises:
        EmptyBank: there is no question without a veto.
    """
    if not bank:
        raise EmptyBank
    last = _last_had(bank, had, roster)
    new = sorted(key for key in bank if key not in last)
    if new:
        return Choice(pick(new, seed), Why.NEW_TO_ALL, tuple(new), seed)
    longest_ago = min(last.values())
    oldest = sorted(key for key, at in last.items() if at == longest_ago)
    return Choice(pick(oldest, seed), Why.LONGEST_AGO, tuple(oldest), seed)


def pick(candidates: Iterable[str], seed: str) -> str:
    """The one that the seed decides for, whatever the order of the candidates."""
    return min(candidates, key=lambda key: hashlib.sha256(f"{seed}:{key}".encode()).hexdigest())


def checked_text(given: str) -> str:
    """A member's question on one line, or a refusal that says what to change.

    Raises:
        QuestionRefused: it is empty, too long, or no question.
    """
    text = " ".join(given.split())
    if not text:
        raise QuestionRefused("Write the question", "the field is empty")
    if len(text) > LONGEST_QUESTION:
        raise QuestionRefused(f"Shorten the question to {LONGEST_QUESTION} letters", f"it has {len(text)}")
    if not text.endswith("?") or not text.isprintable():
        raise QuestionRefused("End the question with a question mark", "else it is read as a task")
    return text


def _last_had(bank: Collection[str], had: Iterable[Had], roster: Collection[PersonId]) -> Mapping[str, datetime]:
    """When each question was last had by somebody who is on the roster; the others are missing."""
    last: dict[str, datetime] = {}
    for one in had:
        if one.person in roster and one.key in bank:
            last[one.key] = max(one.at, last.get(one.key, one.at))
    return last
