"""Decisions to take along, as CSV, JSON and Markdown: piece by piece, however many there are.

What is never among it: positions and how many there were of each, reservations, interests, answers to objections,
commitments, the quorum (in a small room a number says who), and what became of challenges. The day of the first review
comes sooner after an objection, so it is there only for who may read positions.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from io import StringIO
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.money import as_decimal
from governance.domain.roster_file import guarded_cell
from governance.models import DecisionOption
from governance.services.decisions.log import review_day
from governance.services.markdown_text import line_of, lines_of
from governance.services.roster_table import write_csv
from governance.store import decision_export as store
from governance.store.decision_log import KEPT, NOT_KEPT, SUPERSEDED, marks_of

AT_ONCE = 200
"""Decisions that are read and written at a time."""

COLUMNS = (
    *("number", "title", "closed_at", "customer", "question", "text", "customer_effect", "options", "why_few_options"),
    *("owner", "due_on", "review_on", "brought_by", "paid_by", "money", "way", "teller", "informed"),
    *("became", "became_words", "superseded_by", "supersedes"),
)
PROMISE_COLUMNS = (
    *("decision", "text", "owner", "department", "first_due_on", "due_on", "state", "settled_at", "evidence"),
)

Reading = Callable[[], AbstractContextManager[Session]]


@dataclass(frozen=True, slots=True)
class Option:
    text: str
    customer_effect: str
    cost: str
    risk: str
    is_proposed: bool
    is_nothing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Exported:
    """A decision as it stood at closing, and what became of it; `became` is kept, not-kept or nothing yet."""

    number: str | None
    title: str
    state: str
    closed_at: datetime | None
    customer: str
    question: str
    text: str
    customer_effect: str
    options: tuple[Option, ...]
    why_few_options: str
    owner: str
    due_on: date | None
    review_on: date | None
    brought_by: str
    paid_by: str
    money: str
    way: str
    teller: str
    informed: str
    became: str
    became_words: str
    superseded_by: str
    supersedes: tuple[str, ...]

    def in_the_open(self) -> Exported:
        """Without what is for those with a seat."""
        return replace(self, question="", options=(), why_few_options="", money="")


def every_closed(
    reading: Reading, meeting_id: UUID, currency: str, *, reads_positions: bool = False
) -> Iterator[Exported]:
    """The latest first. Each piece is read by itself: closed ones do not change, and new ones come above."""
    below: tuple[int, int] | None = None
    while True:
        with reading() as session:
            rows = store.closed_ones(session, meeting_id, AT_ONCE, below)
            found = _exported(session, rows, currency, reads_positions=reads_positions)
        yield from found
        if len(rows) < AT_ONCE:
            return
        below = rows[-1].number_year, rows[-1].number_seq


def one(session: Session, decision_id: UUID, currency: str, *, reads_positions: bool = False) -> Exported:
    return _exported(session, [store.one_of(session, decision_id)], currency, reads_positions=reads_positions)[0]


def as_csv(some: Iterable[Exported]) -> Iterator[str]:
    """Marked as UTF-8 for spreadsheets that would not believe it."""
    yield "\N{BOM}" + _csv_line(COLUMNS)
    for decision in some:
        yield _csv_line(_cells(decision))


def as_json(slug: str, some: Iterable[Exported]) -> Iterator[str]:
    yield f'{{"schema": 1, "meeting": {json.dumps(slug)}, "decisions": ['
    for number, decision in enumerate(some):
        yield (",\n" if number else "\n") + json.dumps(_document(decision), ensure_ascii=False)
    yield "\n]}\n"


def as_markdown(name: str, some: Iterable[Exported]) -> Iterator[str]:
    yield f"# Decisions of {line_of(name)}\n"
    for decision in some:
        yield "\n" + one_as_markdown(decision, depth=2)


def one_as_markdown(decision: Exported, depth: int = 1) -> str:
    """What is blank is left out."""
    head = f"{decision.number} " if decision.number else ""
    parts = [f"{'#' * depth} {head}{line_of(decision.title)}", *_facts(decision)]
    parts += [f"{lines_of(decision.text)}"] if decision.text else []
    if decision.question:
        parts.append(f"**Question:** {line_of(decision.question)}")
    if decision.options:
        parts.append("\n".join(["**Options:**", "", *map(_option_line, decision.options)]))
    if decision.why_few_options:
        parts.append(f"**Why so few:** {line_of(decision.why_few_options)}")
    return "\n\n".join(parts) + "\n"


def promise_rows(session: Session, meeting_id: UUID) -> Iterator[list[str]]:
    for row in store.promises(session, meeting_id):
        yield [_text(row._mapping["number" if name == "decision" else name]) for name in PROMISE_COLUMNS]


def _exported(session: Session, rows: Sequence[Any], currency: str, *, reads_positions: bool) -> list[Exported]:
    ids = [row.id for row in rows]
    options, marks = store.options_of(session, ids), marks_of(session, ids)
    return [
        _one(row, [each for each in options if each.decision_id == row.id], marks, currency, reads_positions)
        for row in rows
    ]


def _one(
    row: Any, options: Sequence[DecisionOption], marks: Sequence[Any], currency: str, reads_positions: bool
) -> Exported:
    own = [each for each in marks if each.decision_id == row.id]
    said = next((each for each in reversed(own) if each.kind in (KEPT, NOT_KEPT)), None)
    return Exported(
        number=row.number,
        title=row.title,
        state=row.state,
        closed_at=row.closed_at,
        customer=row.customer,
        question=row.question,
        text=row.text,
        customer_effect=row.customer_effect,
        options=tuple(
            Option(each.text, each.customer_effect, each.cost, each.risk, each.is_proposed, each.rank == 0)
            for each in options
        ),
        why_few_options=row.why_few_options,
        owner=row.owner or "",
        due_on=row.due_on,
        review_on=review_day(row.review_on if reads_positions else None, own),
        brought_by=row.brought_by or "",
        paid_by=row.paid_by or "",
        money=as_decimal(row.money_minor, currency) if row.money_minor is not None else "",
        way=row.way,
        teller=row.teller,
        informed=row.informed,
        became=said.kind if said else "",
        became_words=said.words if said else "",
        superseded_by=next((each.later_number or "" for each in own if each.kind == SUPERSEDED), ""),
        supersedes=tuple(each.number for each in marks if each.later_decision_id == row.id and each.number),
    )


def _document(decision: Exported) -> dict[str, Any]:
    """Blank is null, a day ISO, an instant ISO with Z."""
    found: dict[str, Any] = {name: getattr(decision, name) for name in COLUMNS}
    found = {name: _iso(value) or None if isinstance(value, str | date) else value for name, value in found.items()}
    found["options"] = [
        {
            "text": each.text, "customer_effect": each.customer_effect, "cost": each.cost, "risk": each.risk,
            "proposed": each.is_proposed, "nothing": each.is_nothing,
        }
        for each in decision.options
    ]  # fmt: skip
    return found | {"supersedes": list(decision.supersedes)}


def _cells(decision: Exported) -> list[str]:
    values: dict[str, Any] = {name: getattr(decision, name) for name in COLUMNS}
    values["options"] = "\n".join(_option_words(each) for each in decision.options)
    values["supersedes"] = ", ".join(decision.supersedes)
    return [guarded_cell(_text(values[name])) for name in COLUMNS]


def _facts(decision: Exported) -> list[str]:
    facts = {
        "State": _became(decision),
        "Customer": decision.customer,
        "Effect for the customer": decision.customer_effect,
        "Owner": decision.owner,
        "Due": _iso(decision.due_on),
        "Closed": _iso(decision.closed_at),
        "Review": _iso(decision.review_on),
        "Brought by": decision.brought_by,
        "Money": " of ".join(filter(None, (decision.money, decision.paid_by))) if decision.money else "",
        "Who tells the customer": decision.teller,
        "Informed": decision.informed,
        "Superseded by": decision.superseded_by,
        "Supersedes": ", ".join(decision.supersedes),
    }
    lines = [f"- {name}: {line_of(value)}" for name, value in facts.items() if value]
    return ["\n".join(lines)]


def _became(decision: Exported) -> str:
    word = {KEPT: "kept", NOT_KEPT: "not kept"}.get(decision.became, decision.state)
    return f"{word}: {decision.became_words}" if decision.became_words else word


def _option_line(option: Option) -> str:
    return f"- {line_of(_option_words(option))}"


def _option_words(option: Option) -> str:
    """On one line, with a name before each thing that is not the option itself."""
    more = {"for the customer": option.customer_effect, "cost": option.cost, "risk": option.risk}
    words = "; ".join([option.text, *(f"{name}: {value}" for name, value in more.items() if value)])
    return f"{words} (proposed)" if option.is_proposed else words


def _csv_line(cells: Iterable[str]) -> str:
    text = StringIO()
    write_csv(text, cells, ())
    return text.getvalue()


def _text(value: Any) -> str:
    return "" if value is None else _iso(value)


def _iso(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else str(value or "")
