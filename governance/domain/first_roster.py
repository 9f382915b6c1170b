"""The first roster of a meeting, taken from the guests who are on its invitation. Pure.

    guests, what is known of them, what was decided → departments with their people → seats, waiting lists, farewells

Nothing is guessed: a department is known from the Directory or an earlier roster, else somebody enters it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self

from governance.domain.department import fold_department, tidy_name


class Standing(StrEnum):
    """What a guest of the invitation is; only a person can have a seat."""

    PERSON = "person"
    LEAD = "lead"
    """The organiser or the chair: stays on the invitation, with a seat or without."""
    ROOM = "room"
    GROUP = "group"


class Fate(StrEnum):
    """What becomes of a guest who gets no seat."""

    WAITING = "waiting"
    LET_GO = "let-go"


VACANT = "-"
"""Stands for a delegate where a department's seat stays vacant at first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A guest as the invitation, the Directory and earlier rosters know them."""

    address: str
    name: str
    standing: Standing = Standing.PERSON
    department: str = ""
    known_from: str = ""
    """Where the department is known from, in words."""
    is_inside: bool = True

    def __str__(self) -> str:
        return self.name or self.address

    @property
    def may_sit(self) -> bool:
        return self.standing in (Standing.PERSON, Standing.LEAD)


@dataclass(frozen=True, slots=True)
class Grouped:
    """A department with the guests who are of it."""

    department: str
    people: tuple[Candidate, ...]

    @property
    def key(self) -> str:
        return fold_department(self.department)


def grouped(candidates: Iterable[Candidate], departments: Mapping[str, str]) -> tuple[Grouped, ...]:
    """Departments in the order of their names, by what was entered for each address; the rest is of none."""
    found: dict[str, list[Candidate]] = {}
    names: dict[str, str] = {}
    for one in candidates:
        name = tidy_name(departments.get(one.address, ""))
        if name and one.may_sit:
            found.setdefault(fold_department(name), []).append(one)
            names.setdefault(fold_department(name), name)
    return tuple(Grouped(names[key], tuple(found[key])) for key in sorted(found))


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    address: str
    name: str = ""

    def to_json(self) -> dict[str, str]:
        return {"address": self.address, "name": self.name}


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstSeat:
    """`scope` is what the sponsor is asked to confirm; without one they are asked to say it themselves."""

    department: str
    delegate: Named | None
    sponsor: str | None = None
    scope: str | None = None
    waiting: tuple[Named, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether the sponsor is asked for a mandate; who sponsors themselves is asked for the words in the form."""
        return self.delegate is not None and self.sponsor is not None and self.sponsor != self.delegate.address

    def to_json(self) -> dict[str, Any]:
        return {
            "department": self.department,
            "delegate": self.delegate.to_json() if self.delegate else None,
            "sponsor": self.sponsor,
            "scope": self.scope,
            "waiting": [one.to_json() for one in self.waiting],
        }

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        delegate = written["delegate"]
        waiting = tuple(Named(**one) for one in written["waiting"])
        return cls(**{**written, "delegate": Named(**delegate) if delegate else None, "waiting": waiting})


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRoster:
    """`let_go` are the people of the organisation who are told kindly when they are taken off."""

    seats: tuple[FirstSeat, ...] = ()
    let_go: tuple[Named, ...] = ()

    @property
    def held(self) -> int:
        return sum(1 for seat in self.seats if seat.delegate is not None)

    def to_json(self) -> dict[str, Any]:
        return {"seats": [one.to_json() for one in self.seats], "let_go": [one.to_json() for one in self.let_go]}

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> Self:
        return cls(
            seats=tuple(FirstSeat.from_json(one) for one in written.get("seats", ())),
            let_go=tuple(Named(**one) for one in written.get("let_go", ())),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided so far: by address, or by a department's folded name."""

    departments: Mapping[str, str]
    delegates: Mapping[str, str]
    fates: Mapping[str, str]
    sponsors: Mapping[str, str]
    scopes: Mapping[str, str]

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> Self:
        names = ("departments", "delegates", "fates", "sponsors", "scopes")
        return cls(**{name: content.get(name) or {} for name in names})

    def delegate_of(self, one: Grouped) -> str:
        """The address chosen; of a single person that one, `VACANT` for nobody, empty while nothing is chosen."""
        chosen = self.delegates.get(one.key, "")
        among = {VACANT, *(person.address for person in one.people)}
        if chosen in among:
            return chosen
        return one.people[0].address if len(one.people) == 1 else ""

    def fate_of(self, address: str) -> Fate:
        return Fate.LET_GO if self.fates.get(address) == Fate.LET_GO.value else Fate.WAITING


def first_roster(candidates: Iterable[Candidate], decided: Decided) -> FirstRoster:
    """Who gets which seat, who waits for it, and who is let go."""
    listed = list(candidates)
    seats = tuple(_seat(one, decided) for one in grouped(listed, decided.departments))
    sit_or_wait = {named.address for seat in seats for named in (seat.delegate, *seat.waiting) if named is not None}
    gone = [
        one for one in listed if one.standing is Standing.PERSON and one.is_inside and one.address not in sit_or_wait
    ]
    return FirstRoster(seats=seats, let_go=tuple(_named(one) for one in gone))


def _seat(one: Grouped, decided: Decided) -> FirstSeat:
    chosen = decided.delegate_of(one)
    delegate = next((person for person in one.people if person.address == chosen), None)
    waiting = [
        person
        for person in one.people
        if person is not delegate
        and person.standing is Standing.PERSON
        and decided.fate_of(person.address) is Fate.WAITING
    ]
    return FirstSeat(
        department=one.department,
        delegate=_named(delegate) if delegate else None,
        sponsor=decided.sponsors.get(one.key) or None,
        scope=decided.scopes.get(one.key) or None,
        waiting=tuple(_named(person) for person in waiting),
    )


def _named(one: Candidate) -> Named:
    return Named(address=one.address, name=one.name)


def slug_of(title: str) -> str:
    """A short name from an event's title: `Führungsrunde (wöchentlich)` → `fuhrungsrunde-wochentlich`."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().casefold()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-")
    return words if len(words) >= 2 else "meeting"
