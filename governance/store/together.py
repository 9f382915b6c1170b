"""Several questions in one statement: each is written by itself, and all are answered at once.

    Together(modes=select(…), seats=in_order(select(…), …))  →  one UNION ALL  →  {"modes": [row, …], "seats": [row, …]}

Whoever judges or shows a meeting needs a dozen small things of it at one moment; asked one by one, most of the time
would go into asking. A row has the columns of its own question by their names, and no others.
"""

from __future__ import annotations

from collections import Counter, namedtuple
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Date,
    Integer,
    Row,
    Select,
    String,
    Uuid,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from governance.models.types import UtcDateTime

MEETING: Any = bindparam("meeting_id", type_=Uuid())
NOW: Any = bindparam("now", type_=UtcDateTime())
TODAY: Any = bindparam("on", type_=Date())
CHAIN: Any = bindparam("chain", type_=String())
"""What is asked about: named alike in every question, so that one value answers all of them."""

Question = Select[*tuple[Any, ...]]
Answers = Mapping[str, list[Any]]

_PLACE = "place"
_Slot = tuple[type[Any], int]
"""The type of a column and its number among those of that type: what has the same slot in two questions shares a
column of the whole, so that it stays narrow."""


def in_order(query: Question, *by: Any) -> Question:
    """The question with its order, which rows of a UNION do not keep by themselves."""
    return query.add_columns(func.row_number(type_=Integer()).over(order_by=by).label(_PLACE))


class Together:
    """Questions that are asked in one statement; to put it together costs more than to ask, so make it once."""

    def __init__(self, **questions: Question) -> None:
        tables = {name: query.subquery() for name, query in questions.items()}
        slots_of = {name: dict(zip(_slots(table), table.c, strict=True)) for name, table in tables.items()}
        slots = list(dict.fromkeys(slot for own in slots_of.values() for slot in own))
        self._statement = union_all(*(_member(name, own, slots) for name, own in slots_of.items()))
        self._reading = {name: _Reading.of(name, own, slots) for name, own in slots_of.items()}

    def ask(self, session: Session, meeting_id: UUID, **values: object) -> Answers:
        """The rows of each question, in its order."""
        session.flush()  # as before every question that a session is asked
        found: dict[str, list[Row[Any]]] = {name: [] for name in self._reading}
        for row in session.connection().execute(self._statement, {"meeting_id": meeting_id, **values}):
            found[row[0]].append(row)
        return {name: self._reading[name].rows(some) for name, some in found.items()}


@dataclass(frozen=True, slots=True)
class _Reading:
    """How rows of the whole become rows of one question."""

    make: Callable[[Iterable[Any]], Any]
    columns: tuple[int, ...]
    place: int | None

    @classmethod
    def of(cls, name: str, own: Mapping[_Slot, Any], slots: list[_Slot]) -> _Reading:
        where = {column.key: slots.index(slot) + 1 for slot, column in own.items()}
        place = where.pop(_PLACE, None)
        row: Any = namedtuple(name, where)  # type: ignore[misc]  # its columns are known only here
        return cls(row._make, tuple(where.values()), place)

    def rows(self, found: list[Row[Any]]) -> list[Any]:
        if self.place is not None:
            found.sort(key=itemgetter(self.place))
        return [self.make([row[column] for column in self.columns]) for row in found]


def _slots(table: Any) -> list[_Slot]:
    seen: Counter[type[Any]] = Counter()
    found: list[_Slot] = []
    for column in table.c:
        kind = type(column.type)
        found.append((kind, seen[kind]))
        seen[kind] += 1
    return found


def _member(name: str, own: Mapping[_Slot, Any], slots: list[_Slot]) -> Question:
    columns = (own.get(slot, cast(null(), slot[0]())).label(f"slot_{place}") for place, slot in enumerate(slots))
    return select(literal_column(f"'{name}'").label("question"), *columns)
