"""What the page of a meeting shows besides its roster; the number of statements does not depend on its size."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CompoundSelect,
    Select,
    String,
    Uuid,
    and_,
    bindparam,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from governance.domain.charter import MeasuredValue
from governance.domain.ledger import SITE, LedgerLine, chain_of
from governance.domain.rules import Modes
from governance.models import (
    Address,
    Breaker,
    Calendar,
    DirectoryAnswer,
    EventPicture,
    LedgerHead,
    Meeting,
    Pause,
    Person,
    Quarantine,
    Role,
    Series,
)
from governance.reconcile.picture import SeriesPicture
from governance.store import care, charters, ledger, seen_series, standing
from governance.store.care import CareRows
from governance.store.sent_summaries import any_sent
from governance.store.standing import StoredVerdict
from governance.store.together import Together


@dataclass(frozen=True, slots=True)
class PageRows:
    """What the page of a meeting shows besides its roster. `acts` are the newest of its ledger, newest first, `verdict`
    the last one on what waits now, `charter` the TOML text of the one in force, `values` those of its measures,
    `has_summaries` whether its reader was ever sent one.
    """

    pictures: tuple[SeriesPicture, ...]
    care: CareRows
    acts: list[LedgerLine]
    verdict: StoredVerdict | None
    modes: Modes
    charter: str | None
    values: Mapping[str, list[MeasuredValue]]
    has_summaries: bool


def page_rows(
    session: Session, meeting_id: UUID, *, now: datetime, on: date, checksum: str, acts: int, values: int,
    reader: UUID | None,
) -> PageRows:  # fmt: skip
    """One statement; `acts` and `values` (of each measure) say how many of the newest are wanted."""
    rows = _beside_the_roster(acts, values).ask(
        session, meeting_id, now=now, on=on, checksum=checksum, chain=chain_of(meeting_id), reader=reader,
        section=str(meeting_id),
    )  # fmt: skip
    return PageRows(
        pictures=seen_series.pictures_from(rows),
        care=care.care_from(rows),
        acts=ledger.lines_from(rows["acts"]),
        verdict=standing.verdict_from(rows["verdict"]),
        modes=standing.modes_from(rows["modes"]),
        charter=next((row.source for row in rows["charter"]), None),
        values=charters.values_from(rows["values"]),
        has_summaries=bool(rows["summaries"]),
    )


@cache
def _beside_the_roster(acts: int, values: int) -> Together:
    return Together(
        **seen_series.questions(),
        **care.questions(),
        acts=ledger.newest_of_chain(acts),
        verdict=standing.LATEST_VERDICT,
        modes=standing.MODES,
        charter=standing.NEWEST_CHARTER,
        values=charters.values_of_measures(values),
        summaries=any_sent(),
    )


def meetings_among(session: Session, among: Collection[UUID] | None) -> list[Meeting]:
    """These meetings (None: all) by name; one statement."""
    query = select(Meeting).order_by(Meeting.name, Meeting.slug)
    return list(session.scalars(_only(query, among)))


def meeting_among(session: Session, slug: str, among: Collection[UUID] | None) -> Meeting | None:
    """The meeting of that name, where it is one of these (None: of all).

    One that is not among them is not read, so that it takes no longer than one that does not exist.
    """
    found: Meeting | None = session.scalar(_only(select(Meeting).where(Meeting.slug == slug), among))
    return found


def calendars(session: Session, meeting_id: UUID) -> Sequence[Calendar]:
    """The calendars on which the meeting has a series that still exists."""
    query = select(Calendar).join(Series, Series.calendar_id == Calendar.id)
    return session.scalars(query.where(Series.meeting_id == meeting_id, Series.gone_at.is_(None)).distinct()).all()


def living_series(session: Session, meeting_ids: Iterable[UUID]) -> Sequence[tuple[Series, Any]]:
    """Every series that still exists of these meetings, once with each stored event: itself or an exception."""
    query = select(Series, EventPicture.body_json).join(EventPicture, EventPicture.series_id == Series.id)
    rows = session.execute(query.where(Series.meeting_id.in_(list(meeting_ids)), Series.gone_at.is_(None)))
    return [(series, body) for series, body in rows]


def chair_address(session: Session, meeting_id: UUID, on: date) -> str | None:
    """The primary address of the chair in force."""
    in_force = and_(Role.first_day <= on, or_(Role.last_day.is_(None), Role.last_day >= on))
    query = select(Address.folded).join(Role, Role.person_id == Address.person_id)
    chairs = query.where(Role.meeting_id == meeting_id, Role.kind == "chair", Address.is_primary, in_force)
    return session.scalar(chairs.order_by(Role.first_day, Role.id).limit(1))


def names_of(session: Session, addresses: Iterable[str], people: Iterable[UUID] = ()) -> dict[str, str]:
    """Names of the people who own these folded addresses; of others what the Directory calls them.

    Those of `people` go by `person:ID`, as the ledger names who acted.
    """
    wanted = sorted(addresses)
    by_id = select(cast(Person.id, String), Person.name, literal(2))
    theirs = select(DirectoryAnswer.address.label("folded"), DirectoryAnswer.name, literal(0).label("rank"))
    ours = select(Address.folded, Person.name, literal(1)).join(Person, Person.id == Address.person_id)
    both: CompoundSelect[Any] = union_all(
        theirs.where(DirectoryAnswer.address.in_(wanted), DirectoryAnswer.name.is_not(None)),
        ours.where(Address.folded.in_(wanted), Person.name != ""),
        by_id.where(Person.id.in_(sorted(people)), Person.name != ""),
    )
    found = session.execute(both.order_by("rank"))
    return {f"person:{UUID(row.folded)}" if row.rank == 2 else row.folded: row.name for row in found}


def stamp(session: Session, slug: str, among: Collection[UUID] | None) -> tuple[object, ...] | None:
    """Values that differ whenever the page would: one statement, so that asking costs next to nothing.

    None for a meeting that is not among these (None: of all), whose values are then not even looked at.
    """
    row = session.execute(_stamp(among is None), {"slug": slug, "among": list(among or ())}).one_or_none()
    return None if row is None else tuple(row)


@cache
def _stamp(of_all: bool) -> Select[Any]:
    """Put together once: it is asked at every look at a page, and that takes longer than the answer."""
    of_meeting = Series.meeting_id == Meeting.id
    events = select(EventPicture).join(Series, Series.id == EventPicture.series_id).where(of_meeting)
    calendars = select(Calendar).join(Series, Series.calendar_id == Calendar.id).where(of_meeting)
    waiting = select(Quarantine).where(Quarantine.meeting_id == Meeting.id)
    accounts = calendars.join(Breaker, Breaker.subject == Calendar.subject)
    heads = select(func.sum(LedgerHead.seq)).where(or_(LedgerHead.meeting_id == Meeting.id, LedgerHead.chain == SITE))
    query = select(
        Meeting.version,
        Meeting.dirty,
        heads.scalar_subquery(),
        select(func.count()).select_from(Pause).scalar_subquery(),
        events.with_only_columns(func.max(EventPicture.seen_at)).scalar_subquery(),
        events.with_only_columns(func.count()).scalar_subquery(),
        calendars.with_only_columns(func.sum(Calendar.version)).scalar_subquery(),
        calendars.with_only_columns(func.max(Calendar.last_read_at)).scalar_subquery(),
        waiting.with_only_columns(func.max(Quarantine.last_at)).scalar_subquery(),
        waiting.with_only_columns(func.count()).scalar_subquery(),
        accounts.with_only_columns(func.sum(Breaker.failures)).scalar_subquery(),
    ).where(Meeting.slug == bindparam("slug", type_=String()))
    return query if of_all else query.where(Meeting.id.in_(bindparam("among", expanding=True, type_=Uuid())))


def stamp_of_all(session: Session, among: Collection[UUID] | None) -> tuple[object, ...]:
    """Values that differ whenever a list of these meetings (None: of all) would; one statement."""
    wanted = _only(select(Meeting.id), among).subquery()
    is_wanted = wanted.select().scalar_subquery()
    heads = select(func.sum(LedgerHead.seq)).where(or_(LedgerHead.meeting_id.in_(is_wanted), LedgerHead.chain == SITE))
    events = select(EventPicture).join(Series, Series.id == EventPicture.series_id)
    events = events.where(Series.meeting_id.in_(is_wanted))
    query = select(
        func.count(),
        func.sum(Meeting.version),
        heads.scalar_subquery(),
        select(func.count()).select_from(Pause).scalar_subquery(),
        events.with_only_columns(func.max(EventPicture.seen_at)).scalar_subquery(),
        events.with_only_columns(func.count()).scalar_subquery(),
    )
    return tuple(session.execute(_only(query.select_from(Meeting), among)).one())


def _only(query: Select[Any], among: Collection[UUID] | None) -> Select[Any]:
    return query if among is None else query.where(Meeting.id.in_(among))
