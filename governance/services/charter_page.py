"""What the page of a charter shows, as values: the version in force, its measures, and every version with what changed.

rows of the database → CharterPage(charter, measures, versions)
one version → VersionPage(charter, what changed by it, what differs from the one in force)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.charter import Charter, read_charter
from governance.domain.charter_changes import Change, changed_parts, charter_changes
from governance.domain.measures import MeasureLine, measure_lines
from governance.models import CharterVersion, Meeting
from governance.services.recording import today_of
from governance.store import charters as store
from governance.store.meeting_page import names_of

VERSIONS_SHOWN = 30
VALUES_SHOWN = 53
"""Of each measure the newest: a year of weekly values."""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version with the parts that it changed; of the first there is nothing to compare it with."""

    number: int
    at: datetime
    by: str
    parts: tuple[str, ...]
    is_first: bool


@dataclass(frozen=True, slots=True)
class CharterPage:
    """`number` is 0 where the meeting has no charter: then every value is the default."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    today: date
    number: int
    charter: Charter
    measures: tuple[MeasureLine, ...]
    versions: tuple[VersionLine, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MeasuresPage:
    """What the form for a value needs of the charter: its measures, and no version."""

    id: UUID
    slug: str
    name: str
    today: date
    measures: tuple[MeasureLine, ...]


@dataclass(frozen=True, slots=True)
class VersionPage:
    """One version; `since` is what has become otherwise until the one in force, nothing where it is that."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    number: int
    in_force: int
    at: datetime
    by: str
    charter: Charter
    changes: tuple[Change, ...]
    since: tuple[Change, ...]
    names: Mapping[str, str]


def charter_page(session: Session, meeting: Meeting, now: datetime) -> CharterPage:
    rows = store.newest_versions(session, meeting.id, VERSIONS_SHOWN + 1)
    charters = [read_charter(row.source) for row in rows]
    charter = charters[0] if charters else Charter()
    return CharterPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        today=today_of(meeting, now),
        number=rows[0].number if rows else 0,
        charter=charter,
        measures=measures_of(session, meeting, charter),
        versions=tuple(_versions(rows, charters)[:VERSIONS_SHOWN]),
        names=names_of_versions(session, rows),
    )


def measures_page(session: Session, meeting: Meeting, now: datetime) -> MeasuresPage:
    """Of the charter in force alone."""
    rows = store.newest_versions(session, meeting.id, 1)
    charter = read_charter(rows[0].source) if rows else Charter()
    return MeasuresPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        today=today_of(meeting, now),
        measures=measures_of(session, meeting, charter),
    )


def measures_of(session: Session, meeting: Meeting, charter: Charter) -> tuple[MeasureLine, ...]:
    return measure_lines(charter, store.values_by_measure(session, meeting.id, VALUES_SHOWN))


def version_page(session: Session, meeting: Meeting, number: int) -> VersionPage | None:
    """None where there is no such version."""
    rows = store.version_and_neighbours(session, meeting.id, number)
    row = rows.get(number)
    if row is None:
        return None
    newest = rows[max(rows)]
    charter = read_charter(row.source)
    before = read_charter(rows[number - 1].source) if number - 1 in rows else None
    return VersionPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        number=number,
        in_force=newest.number,
        at=row.at,
        by=row.by,
        charter=charter,
        changes=charter_changes(before, charter) if before is not None else (),
        since=charter_changes(charter, read_charter(newest.source)),
        names=names_of_versions(session, [row]),
    )


def charter_numbered(session: Session, meeting: Meeting, number: int) -> Charter | None:
    """What a version said; the charter before the first one is that of every meeting without one."""
    if number == 0:
        return Charter()
    row = store.version_and_neighbours(session, meeting.id, number).get(number)
    return read_charter(row.source) if row is not None else None


def names_of_versions(session: Session, rows: Iterable[CharterVersion]) -> dict[str, str]:
    """Names of the people who set these, by `person:ID`."""
    people = {UUID(row.by.removeprefix("person:")) for row in rows if row.by.startswith("person:")}
    return names_of(session, (), people)


def _versions(rows: Sequence[CharterVersion], charters: Sequence[Charter]) -> list[VersionLine]:
    found = []
    for place, row in enumerate(rows):
        before = charters[place + 1] if place + 1 < len(rows) else None
        parts = changed_parts(before, charters[place]) if before is not None else ()
        found.append(VersionLine(row.number, row.at, row.by, parts, row.number == 1))
    return found
