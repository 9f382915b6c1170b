"""What senior leadership reads of a meeting: for the group, and nothing by which one of it could be told from another.

    what was closed, marked, awaited, promised, measured → brief → the facts → sentences → what everybody reads

Positions, attendance, questions and challenges are no arguments of anything here: what is not read cannot be told.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Protocol
from uuid import UUID

from governance.domain.days import said_day
from governance.domain.measures import MeasureLine
from governance.domain.promises import Promise, SayDo, say_do

FLOOR = 4
"""A figure is told when at least so many seats have contributed to it."""

LOOKS_AT = timedelta(days=1)
"""For how long the delegates may read it, and ask the chair for a change, before it goes; and again after a change."""

TOO_LATE = timedelta(days=7)
"""A brief that could not go for so long is not sent any more: the next one is about what it was about."""

_VALUES = 8
_ENDS = (".", "!", "?", "…", "。", "！", "？")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    number: str
    title: str
    customer: str
    customer_effect: str
    owner: str
    due_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What was said last of an earlier decision: whether it was carried out as decided, and what came of it."""

    number: str
    title: str
    is_kept: bool
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Decided, and beyond a mandate: whose, and what was answered so far, is nobody's business upstairs."""

    ref: str
    title: str
    customer: str


@dataclass(frozen=True, slots=True)
class Batch:
    """Promises whose first day lies between two days, both inclusive.

    No two briefs tell of the same promise, and each tells of the promises of at least four seats. Were the figures of
    overlapping times told one after the other, the difference of two of them could be about a single seat.
    """

    since: date
    until: date


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence of the text. `key` is empty where it cannot be left out, `number` where it is about no closed one."""

    key: str
    text: str
    number: str = ""


NOTHING_CLOSED = Line("", "No decision was closed.")
CLOSED, KEPT, WAITING = "closed", "kept", "waiting"


class Text(Protocol):
    """The facts as mails and pages have them (`governance.mail.facts_of_summaries.Brief`)."""

    @property
    def closed(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def kept(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def waiting(self) -> Sequence[Mapping[str, Any]]: ...
    @property
    def needs(self) -> str: ...
    @property
    def promises(self) -> Mapping[str, int] | None: ...
    @property
    def promises_until(self) -> str | None: ...
    @property
    def measures(self) -> Sequence[Mapping[str, Any]]: ...


def brief(
    *,
    closed: Iterable[Closed],
    kept: Iterable[Kept],
    waiting: Iterable[Waiting],
    promises: Iterable[Promise],
    window: date,
    told_until: date | None,
    as_of: date,
    measures: Iterable[MeasureLine],
) -> dict[str, Any]:
    """The facts by their names.

    Args:
        kept: the oldest word first; of several about one decision the last one counts.
        window: the first day of the promises that are counted at all.
        told_until: promises with a first day until then were told by an earlier brief.
        as_of: how the promises stood at the end of that day.
    """
    batch = batch_of(window, told_until, as_of)
    figures = figures_of(promises, batch) if batch is not None else None
    is_told = figures is not None and batch is not None
    until = batch.until if is_told and batch is not None else told_until
    return {
        "closed": [asdict(one) for one in closed],
        "kept": [asdict(one) for one in {one.number: one for one in kept}.values()],
        "waiting": [asdict(one) for one in waiting],
        "promises": figures,
        "promises_until": until.isoformat() if until is not None else None,
        "measures": [_measure(one) for one in measures if one.values],
    }


def batch_of(window: date, told_until: date | None, as_of: date) -> Batch | None:
    """What no brief has told of yet; what was due on the last day itself may still be done on it."""
    since = window if told_until is None else max(window, told_until + timedelta(days=1))
    until = as_of - timedelta(days=1)
    return Batch(since, until) if since <= until else None


def figures_of(promises: Iterable[Promise], batch: Batch) -> dict[str, int] | None:
    """How many were kept, and how many were made, of the batch.

    None below the floor, and where none was kept: that would say of each who contributed that they did not keep theirs.
    What belongs to no seat is in none of the figures.
    """
    by_seat: dict[UUID, list[Promise]] = defaultdict(list)
    for one in promises:
        if one.seat is not None and batch.since <= one.first_due_on <= batch.until:
            by_seat[one.seat].append(one)
    as_of = batch.until + timedelta(days=1)
    figures: list[SayDo] = [say_do(own, batch.since, as_of) for own in by_seat.values()]
    contributed = [one for one in figures if one.due]
    kept = sum(one.kept for one in contributed)
    if len(contributed) < FLOOR or not kept:
        return None
    return {"kept": kept, "made": sum(one.due for one in contributed)}


def sentences(facts: Text) -> tuple[str, ...]:
    """The whole text, one line after the other: what delegates read before it goes, and what leadership reads then."""
    return tuple(line.text for line in lines(facts))


def lines(facts: Text) -> tuple[Line, ...]:
    """The same, each with how the chair names it who leaves it out."""
    closed = [Line(f"{CLOSED}:{one['number']}", _closed(one), one["number"]) for one in facts.closed]
    kept = [Line(f"{KEPT}:{one['number']}", _kept(one), one["number"]) for one in facts.kept]
    waiting = [Line(f"{WAITING}:{one['ref']}", f"Waiting for backing: {_ended(_named(one))}") for one in facts.waiting]
    needs = [Line("", f"What the group asks of you: {_ended(_line(facts.needs))}")] if facts.needs.strip() else []
    measured = [Line("", _measured(one)) for one in facts.measures]
    return (*(closed or [NOTHING_CLOSED]), *kept, *waiting, *needs, *_promises(facts), *measured)


def rewritten(written: Mapping[str, Any], left_out: Collection[str], needs: str) -> dict[str, Any]:
    """The facts as first written, without some lines and with what the group asks of its readers."""
    return {
        **written,
        CLOSED: [one for one in written[CLOSED] if f"{CLOSED}:{one['number']}" not in left_out],
        KEPT: [one for one in written[KEPT] if f"{KEPT}:{one['number']}" not in left_out],
        WAITING: [one for one in written[WAITING] if f"{WAITING}:{one['ref']}" not in left_out],
        "needs": needs,
    }


def _closed(one: Mapping[str, Any]) -> str:
    parts = [f"{one['number']}: {_ended(_named(one))}"]
    if one["customer_effect"]:
        parts.append(_ended(_line(one["customer_effect"])))
    until = f"until {said_day(date.fromisoformat(one['due_on']))}" if one["due_on"] else ""
    owner = f"owner {_line(one['owner'])}" if one["owner"] else ""
    said = ", ".join(part for part in (owner, until) if part)
    return " ".join([*parts, f"{said[0].upper()}{said[1:]}."] if said else parts)


def _kept(one: Mapping[str, Any]) -> str:
    became = "carried out as decided" if one["is_kept"] else "not carried out as decided"
    words = f" {_ended(_line(one['words']))}" if one["words"] else ""
    return f"{one['number']}, {_line(one['title'])}: {became}.{words}"


def _named(one: Mapping[str, Any]) -> str:
    customer = _line(one["customer"])
    return f"{_line(one['title'])}, for {customer}" if customer else _line(one["title"])


def _promises(facts: Text) -> list[Line]:
    if not facts.promises or facts.promises_until is None:
        return []
    kept, made = facts.promises["kept"], facts.promises["made"]
    until = said_day(date.fromisoformat(facts.promises_until))
    return [Line("", f"{kept} of the {made} promises due until {until} were kept.")]


def _measure(line: MeasureLine) -> dict[str, Any]:
    values = [{"day": one.day.isoformat(), "value": one.value} for one in line.values[-_VALUES:]]
    return {"name": line.name, "unit": line.unit, "target": line.target, "values": values}


def _measured(one: Mapping[str, Any]) -> str:
    last = one["values"][-1]
    target = f"; the target is {_quantity(one['target'], one['unit'])}" if one["target"] is not None else ""
    day = said_day(date.fromisoformat(last["day"]))
    return f"{_line(one['name'])}: {_quantity(last['value'], one['unit'])} on {day}{target}."


def _quantity(value: float, unit: str) -> str:
    number = f"{round(value, 6):,}".removesuffix(".0")
    return f"{number} {_line(unit)}" if unit else number


def _line(text: str) -> str:
    return " ".join(text.split())


def _ended(text: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}."
