"""What every table has in common: names of constraints, types, an identifier, and a version where people edit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, cast
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, MetaData, String, Table, Uuid, text
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column, relationship
from sqlalchemy.orm import Relationship as _Relationship

from governance.models.identifiers import new_id
from governance.models.types import UtcDateTime

NAMES = {
    "pk": "pk_%(table_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
}


@dataclass(frozen=True, slots=True)
class PartlyUnique:
    """Columns that are unique among the rows of a condition; see `only_one`."""

    columns: tuple[str, ...]
    where: str
    name: str


class Base(DeclarativeBase):
    """The root of all tables. A new object has its identifier and its defaults at once, not only after the flush."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[Mapping[Any, Any]] = {
        str: String(),
        date: Date(),
        datetime: UtcDateTime(),
        UUID: Uuid(),
    }

    partly_unique: ClassVar[tuple[PartlyUnique, ...]] = ()

    @declared_attr.directive
    def __tablename__(cls) -> str:  # noqa: N805 – called with the class
        return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()

    def __init__(self, **values: Any) -> None:
        columns = _attributes_of(type(self))
        for name, value in values.items():
            if name not in columns:
                raise TypeError(f"{type(self).__name__} has no attribute {name!r}")
            setattr(self, name, value)
        for name, default in _defaults_of(type(self)):
            if name not in values:
                setattr(self, name, default() if callable(default) else default)


class Identified:
    """A row with an identifier of its own."""

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)


class Versioned:
    """An editable row: who saves over somebody else's change is told so, nothing is overwritten unseen."""

    version: Mapped[int] = mapped_column(default=1, sort_order=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 – called with the class
        return {"version_id_col": cls.version}


def parent(**options: Any) -> _Relationship[Any]:
    """The row a foreign key points to.

    It orders the inserts of one flush; reading it is refused unless it was loaded with the query or is at hand,
    because a lazy load in a loop is one statement a row.
    """
    return relationship(lazy="raise_on_sql", **options)


def one_of(column: str, *words: str) -> CheckConstraint:
    """The column holds one of these words."""
    listed = ", ".join(f"'{word}'" for word in words)
    return CheckConstraint(f"{column} IN ({listed})", name=f"{column}_is_known")


def days_in_order(first: str = "first_day", last: str = "last_day") -> CheckConstraint:
    """The last day is not before the first; both are inclusive, a missing one is open."""
    return CheckConstraint(f"{last} >= {first}", name=f"{last}_not_before_{first}")


def only_one(*columns: str, where: str, name: str) -> PartlyUnique:
    """At most one row with these values meets the condition.

    SQLAlchemy's own way to say so imports all its PostgreSQL dialects, 20 ms for every command and page on SQLite too.
    Only migrations need to know: `whole_metadata` tells them.
    """
    return PartlyUnique(columns, where, name)


def whole_metadata() -> MetaData:
    """All tables with their partial indexes."""
    for mapper in Base.registry.mappers:
        table = cast(Table, mapper.local_table)
        for rule in mapper.class_.partly_unique:
            name = f"uq_{table.name}_{'_'.join(rule.columns)}_{rule.name}"
            if name not in {index.name for index in table.indexes}:
                columns, where = [table.c[column] for column in rule.columns], text(rule.where)
                Index(name, *columns, unique=True, sqlite_where=where, postgresql_where=where)
    return Base.metadata


def is_folded(column: str = "folded") -> CheckConstraint:
    """A folded text is neither empty nor surrounded by spaces."""
    return CheckConstraint(f"{column} <> '' AND {column} = trim({column})", name=f"{column}_is_folded")


@cache
def _attributes_of(kind: type[Base]) -> frozenset[str]:
    return frozenset(kind.__mapper__.attrs.keys())


@cache
def _defaults_of(kind: type[Base]) -> tuple[tuple[str, Any], ...]:
    """Attribute and default of each column that has one; the version is the mapper's own business."""
    found: list[tuple[str, Any]] = []
    for attribute in kind.__mapper__.column_attrs:
        default = getattr(attribute.columns[0], "default", None)
        if attribute.key == "id":
            found.append(("id", new_id))
        elif default is not None and default.is_scalar and attribute.key != "version":
            found.append((attribute.key, default.arg))
    return tuple(found)
