"""Charters and the values of their measures; each question is one statement, whatever there is to read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from governance.domain.charter import MeasuredValue
from governance.models import CharterVersion, MeasureValue
from governance.store.together import MEETING, Question


def newest_versions(session: Session, meeting_id: UUID, many: int) -> Sequence[CharterVersion]:
    """Newest first; the first is in force."""
    query = select(CharterVersion).where(CharterVersion.meeting_id == meeting_id)
    return session.scalars(query.order_by(CharterVersion.number.desc()).limit(many)).all()


def version_and_neighbours(session: Session, meeting_id: UUID, number: int) -> Mapping[int, CharterVersion]:
    """That version, the one before it and the one in force, by number."""
    of_meeting = CharterVersion.meeting_id == meeting_id
    newest = select(func.max(CharterVersion.number)).where(of_meeting).scalar_subquery()
    wanted = or_(CharterVersion.number.in_((number, number - 1)), CharterVersion.number == newest)
    return {one.number: one for one in session.scalars(select(CharterVersion).where(of_meeting, wanted))}


def values_by_measure(
    session: Session, meeting_id: UUID, at_most: int | None = None
) -> Mapping[str, list[MeasuredValue]]:
    """Values by the folded name of their measure, the oldest first; with `at_most` so many of the newest of each."""
    return values_from(session.execute(values_of_measures(at_most), {"meeting_id": meeting_id}))


def values_of_measures(at_most: int | None) -> Question:
    """To be asked for `values_from`."""
    rank = func.row_number().over(partition_by=MeasureValue.measure, order_by=MeasureValue.day.desc()).label("rank")
    known = (MeasureValue.meeting_id == MEETING, MeasureValue.value.is_not(None))
    ranked = select(MeasureValue.measure, MeasureValue.day, MeasureValue.value, rank).where(*known).subquery()
    query = select(ranked.c.measure, ranked.c.day, ranked.c.value)
    return query if at_most is None else query.where(ranked.c.rank <= at_most)


def values_from(rows: Iterable[Any]) -> Mapping[str, list[MeasuredValue]]:
    found: dict[str, list[MeasuredValue]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: (row.measure, row.day)):
        found[row.measure].append(MeasuredValue(row.day, row.value))
    return found


def value_rows(session: Session, meeting_id: UUID, measures: Sequence[str]) -> Sequence[MeasureValue]:
    """What is stored of these measures, folded, those taken back too."""
    query = select(MeasureValue).where(MeasureValue.meeting_id == meeting_id, MeasureValue.measure.in_(list(measures)))
    return session.scalars(query).all()


def value_row(session: Session, meeting_id: UUID, measure: str, day: date) -> MeasureValue | None:
    of_day = (MeasureValue.meeting_id == meeting_id, MeasureValue.measure == measure, MeasureValue.day == day)
    found: MeasureValue | None = session.scalar(select(MeasureValue).where(*of_day))
    return found
