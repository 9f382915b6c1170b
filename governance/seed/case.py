"""The shape of a decision in the story: what is asked, the ways out, and what becomes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from governance.domain.decisions.values import Answer
from governance.seed.cast import Character
from governance.services.decisions.options import OptionWording


@dataclass(frozen=True, slots=True, kw_only=True)
class Objection:
    """What a department objects to, and what becomes of it; `proposal` is how a changed one reads."""

    department: str
    reason: str
    removes: str
    interest: str
    answer: Answer | None = None
    words: str = ""
    proposal: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`since` is the week it was first on an agenda, `week` the one it is decided in; the first option is proposed.

    `money` in whole units, borne by `payer`. `due` counts days from the meeting.
    """

    key: str
    week: int
    since: int | None = None
    department: str
    title: str
    question: str
    customer: str
    nothing: str
    options: tuple[OptionWording, ...]
    few: str = ""
    owner: Character | None = None
    due: int = 14
    teller: str = ""
    money: int | None = None
    payer: str = ""
    live: tuple[str, ...] = ()
    objection: Objection | None = None
    needs: Mapping[str, str] = field(default_factory=dict)
    minutes: int = 15
    papers: str = ""

    @property
    def first(self) -> int:
        return self.week if self.since is None else self.since


def option(text: str, effect: str, cost: str = "", risk: str = "") -> OptionWording:
    return OptionWording(text=text, customer_effect=effect, cost=cost, risk=risk)
