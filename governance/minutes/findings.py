"""A finding about the past: rule, line, sentence, and what the service would have done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.domain.rules import RULES
from governance.minutes import wording
from governance.minutes.values import Place

RETURNS, FORGOTTEN = "returns", "forgotten"
"""Two things that have no code of a rule: an item that comes back undecided, a promise nobody speaks of again."""


@dataclass(frozen=True, slots=True)
class PastFinding:
    """`rule` is a code of the rules, or one of the two names above."""

    rule: str
    place: Place
    day: date | None
    sentence: str

    @property
    def code(self) -> str | None:
        return self.rule if self.rule in RULES else None

    @property
    def name(self) -> str:
        return RULES[self.rule].name if self.rule in RULES else self.rule

    @property
    def would(self) -> str:
        return wording.WOULD[self.rule]

    def order(self) -> tuple[bool, str, date, Place, str]:
        return (self.code is None, self.rule, self.day or date.max, self.place, self.sentence)
