"""Values of measures have rows of their own; those of the charters in force move there."""

import tomllib
from collections.abc import Iterator
from datetime import date
from typing import Any

import sqlalchemy as sa
from alembic import op

from governance.models.identifiers import new_id
from governance.models.types import UtcDateTime

revision = "0006"
down_revision = "0005"

_ROWS = sa.table(
    "measure_value",
    sa.column("id", sa.Uuid()),
    sa.column("version", sa.Integer()),
    sa.column("meeting_id", sa.Uuid()),
    sa.column("measure", sa.String()),
    sa.column("day", sa.Date()),
    sa.column("value", sa.Double()),
    sa.column("is_of_file", sa.Boolean()),
    sa.column("by", sa.String()),
    sa.column("at", UtcDateTime()),
)
_CHARTERS = sa.text("SELECT meeting_id, number, source, by, at FROM charter_version ORDER BY number").columns(
    meeting_id=sa.Uuid(), number=sa.Integer(), source=sa.String(), by=sa.String(), at=UtcDateTime()
)


def upgrade() -> None:
    op.create_table(
        "measure_value",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("meeting_id", sa.Uuid(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("value", sa.Double()),
        sa.Column("is_of_file", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("measure <> ''", name=op.f("ck_measure_value_measure_is_named")),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name=op.f("fk_measure_value_meeting_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure_value")),
        sa.UniqueConstraint("meeting_id", "measure", "day", name=op.f("uq_measure_value_meeting_id_measure_day")),
    )
    connection = op.get_bind()
    newest: dict[Any, Any] = {}
    for row in connection.execute(_CHARTERS):
        newest[row.meeting_id] = row
    rows = [one for charter in newest.values() for one in _values(charter)]
    if rows:
        connection.execute(sa.insert(_ROWS), rows)


def _values(charter: Any) -> Iterator[dict[str, Any]]:
    """Every one of these charters was checked when it was set; of two values for a day the later one holds."""
    found: dict[tuple[str, date], float] = {}
    for measure in tomllib.loads(charter.source.removeprefix("\ufeff")).get("measures", ()):
        for one in measure.get("values", ()):
            day = date.fromisoformat(str(one["day"]))
            found[" ".join(measure["name"].split()).casefold(), day] = float(one["value"])
    for (measure, day), value in found.items():
        yield {
            "id": new_id(), "version": 1, "meeting_id": charter.meeting_id, "measure": measure, "day": day,
            "value": value, "is_of_file": True, "by": charter.by, "at": charter.at,
        }  # fmt: skip
