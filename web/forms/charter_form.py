"""The charter as a form: a field for each thing, and what was typed as a charter again.

Charter → fields → typed text → Typed → Charter         what cannot be used is told by the charter's own reader
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from governance.domain.charter import LONGEST_SHORT, LONGEST_TEXT, Charter, Measure, Way, fault_of
from governance.domain.measures import fold_measure
from web.forms.fields import Field, Kind, Typed, read
from web.wording.charter import LABELS, WAYS
from web.wording.numbers import exact

MOST_MEASURES = 24
_SPARE = 2
"""So many measures can be added at a time."""
_PLACE = re.compile(r"measure-([0-9]{1,3})-name")
_WHOLE = ("visitors", "guests", "grace_minutes", "late_limit", "absent_limit", "window", "make_up_days")
_PARTS = ("short", "purpose", "rules", "way", "quorum", *_WHOLE, "summary")

_HINTS = {
    "short": "A few lines, plain text. They stand in the description of the event, with the meeting’s address below.",
    "purpose": "Everybody with a part in the meeting reads it, and so does a sponsor who is asked for a mandate. "
    "A blank line begins a paragraph, **two stars** make words bold.",
    "rules": "A line that begins with 1. or with a hyphen is an item of a list.",
    "quorum": "Blank is more than half. Otherwise a share of the seats such as 0.5 or 2/3.",
    "visitors": "For one occurrence, at most.",
    "guests": "At a time, at most.",
    "grace_minutes": "Minutes after the start that are not late yet.",
    "window": "So many occurrences, the latest ones.",
    "late_limit": "So many times within them.",
    "absent_limit": "So many times within them.",
    "make_up_days": "Days.",
    "summary": "1h is an hour after the end. Or a day and a time, such as Fri 16:00.",
}
_GROUPS = {
    "way": "Deciding", "quorum": "Deciding", "visitors": "Without a seat", "guests": "Without a seat",
    "grace_minutes": "Late and absent", "late_limit": "Late and absent", "absent_limit": "Late and absent",
    "window": "Late and absent", "make_up_days": "Late and absent", "summary": "Afterwards",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Fields under one heading; no heading for the first ones."""

    title: str
    fields: tuple[Field, ...]


def charter_fields(charter: Charter, given: Mapping[str, str]) -> tuple[Field, ...]:
    """What is asked; as many measures as the form had that was sent, else those there are and some more."""
    places = [int(found[1]) for name in given if (found := _PLACE.fullmatch(name))]
    many = max(places, default=0) or len(charter.measures) + _SPARE
    most = max(MOST_MEASURES, len(charter.measures))
    measures = [
        field
        for place in range(1, min(many, most) + 1)
        for field in _measure_fields(place, charter.measures[place - 1] if place <= len(charter.measures) else None)
    ]
    return (*(_field(part, getattr(charter, part)) for part in _PARTS), *measures)


def groups(fields: Iterable[Field]) -> list[Group]:
    """In the order of the form."""
    found: dict[str, list[Field]] = {}
    for one in fields:
        found.setdefault(one.group, []).append(one)
    return [Group(title, tuple(some)) for title, some in found.items()]


def names_before(charter: Charter, given: Mapping[str, str]) -> dict[str, str]:
    """What each measure was called when the form was made: so a new name is known from a new measure."""
    told = {name: text for name, text in given.items() if re.fullmatch(r"measure-[0-9]{1,3}-was", name)}
    return told or {f"measure-{place}-was": one.name for place, one in enumerate(charter.measures, start=1)}


def read_charter_form(fields: tuple[Field, ...], given: Mapping[str, str]) -> Typed:
    """What stands in a field for a target as the charter has it stays the charter's, however many digits that takes."""
    typed = read(fields, given, "")
    values, faults = dict(typed.values), dict(typed.faults)
    for one in fields:
        if one.kind is Kind.DECIMAL and one.value and typed.text[one.name].strip() == one.value:
            values[one.name] = float(one.value)
            faults.pop(one.name, None)
    typed = replace(typed, values=values)
    for one in fields:
        if one.name not in faults and (fault := _fault(one.name, typed.values[one.name])):
            faults[one.name] = fault
    seen: set[str] = set()
    for name, value in typed.values.items():
        if _PLACE.fullmatch(name) and value:
            if fold_measure(value) in seen:
                faults[name] = "Name each measure once"
            seen.add(fold_measure(value))
    return replace(typed, faults=faults)


def charter_of(typed: Typed) -> Charter:
    """The charter that the form says; only of a form without a fault. A measure without a name is none."""
    values, default = typed.values, Charter()
    texts: dict[str, Any] = {part: values[part] or "" for part in ("short", "purpose", "rules")}
    whole: dict[str, Any] = {part: values[part] for part in _WHOLE}
    return Charter(
        **texts,
        **whole,
        way=Way(values["way"]),
        quorum=Fraction(values["quorum"].replace(" ", "")) if values["quorum"] else None,
        summary=values["summary"] or default.summary,
        measures=tuple(_measures(values)),
    )


def renamed(typed: Typed, before: Mapping[str, str]) -> dict[str, str]:
    """Measures that have another name now, whose old name no measure of the form has."""
    kept = {fold_measure(one.name) for one in _measures(typed.values)}
    found = {}
    for place, old in before.items():
        new = typed.values.get(place.replace("-was", "-name"))
        if new and fold_measure(new) != fold_measure(old) and fold_measure(old) not in kept:
            found[old] = new
    return found


def _measures(values: Mapping[str, Any]) -> list[Measure]:
    places = sorted(int(found[1]) for name in values if (found := _PLACE.fullmatch(name)))
    return [
        Measure(
            name=values[f"measure-{place}-name"],
            unit=values[f"measure-{place}-unit"] or "",
            target=values[f"measure-{place}-target"],
        )
        for place in places
        if values[f"measure-{place}-name"]
    ]


def _field(part: str, value: Any) -> Field:
    usual = Field(part, LABELS[part], hint=_HINTS.get(part, ""), is_required=False, group=_GROUPS.get(part, ""))
    if part in ("short", "purpose", "rules"):
        longest, rows = (LONGEST_SHORT, 4) if part == "short" else (LONGEST_TEXT, 10)
        return replace(usual, kind=Kind.WORDS, value=value, longest=longest, rows=rows)
    if part == "way":
        choices = tuple((way.value, words[:1].upper() + words[1:]) for way, words in WAYS.items())
        return replace(usual, kind=Kind.CHOICE, value=value.value, choices=choices, is_required=True)
    if part in _WHOLE:
        return replace(usual, kind=Kind.NUMBER, value=str(value), is_required=True)
    return replace(usual, value="" if value is None else str(value))


def _measure_fields(place: int, measure: Measure | None) -> tuple[Field, ...]:
    group = f"Measure {place}"
    target = measure.target if measure else None
    return (
        Field(
            f"measure-{place}-name", "What is measured", is_required=False, value=measure.name if measure else "",
            hint="Cleared, it is measured no longer; its values are kept." if measure else "", group=group,
        ),
        Field(f"measure-{place}-unit", "In", is_required=False, value=measure.unit if measure else "", group=group),
        Field(
            f"measure-{place}-target", "Target", Kind.DECIMAL, is_required=False, group=group,
            value=exact(target) if target is not None else "",
        ),
    )  # fmt: skip


def _fault(name: str, value: Any) -> str | None:
    if value is None:
        return None
    key = f"measures.{name.rpartition('-')[2]}" if name.startswith("measure-") else name
    return fault_of(key, value)
