"""Column types that mean the same on both databases."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, String
from sqlalchemy.types import TypeDecorator, TypeEngine

Json = JSON(none_as_null=True)
"""A JSON document; `None` is the absence of one (SQL NULL), never the JSON word null."""


class UtcDateTime(TypeDecorator[datetime]):
    """An instant: aware in, aware and in UTC out.

    PostgreSQL keeps a `timestamptz`. SQLite keeps text of fixed width, `2026-01-05T09:00:00.000000Z`: it sorts and
    compares as the instants do, SQLite's own date functions read it, and so does a person with a shell.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(String(27))
        return dialect.type_descriptor(DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"Give the instant {value.isoformat()} a time zone.")
        return instant_text(value) if dialect.name == "sqlite" else value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return datetime.fromisoformat(value) if dialect.name == "sqlite" else value.astimezone(UTC)


def instant_text(instant: datetime) -> str:
    """The one spelling of an instant, e.g. `2026-01-05T09:00:00.000000Z` (SQLite columns)."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
