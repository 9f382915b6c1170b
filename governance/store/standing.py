"""What a meeting has behind it: approvals, changes written within a day, pauses, writes under way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import String, bindparam, delete, func, insert, or_, select, update
from sqlalchemy.orm import Session

from governance.domain.rules import Mode, Modes
from governance.models.action import Action
from governance.models.agenda import AgendaPlace
from governance.models.approval import AppliedChange, Approval
from governance.models.attendance import AttendanceMark
from governance.models.calendar import Calendar, Series
from governance.models.decision import Decision
from governance.models.deputy import KeptSeat, StandIn
from governance.models.directory_answer import DirectoryAnswer
from governance.models.identifiers import new_id
from governance.models.meeting import CharterVersion, Meeting, Pause, RuleMode
from governance.models.occurrence import Occurrence
from governance.models.visitor import Visitor
from governance.models.write_intent import WriteIntent
from governance.reconcile.ports import AddressKind, DirectoryEntry
from governance.store.together import MEETING, TODAY

# Asked by themselves and together with others.
MODES = select(RuleMode.code, RuleMode.mode).where(RuleMode.meeting_id == MEETING)
NEWEST_CHARTER = (
    select(CharterVersion.source)
    .where(CharterVersion.meeting_id == MEETING)
    .order_by(CharterVersion.number.desc())
    .limit(1)
)
LATEST_VERDICT = (
    select(Approval.verdict, Approval.by, Approval.at, Approval.expires_at)
    .where(Approval.meeting_id == MEETING, Approval.checksum == bindparam("checksum", type_=String()))
    .order_by(Approval.at.desc(), Approval.id.desc())
    .limit(1)
)
PAUSE_IN_FORCE = (
    select(Pause.last_day, Pause.at)
    .where(
        or_(Pause.meeting_id == MEETING, Pause.meeting_id.is_(None)),
        or_(Pause.first_day.is_(None), Pause.first_day <= TODAY),
        or_(Pause.last_day.is_(None), Pause.last_day >= TODAY),
    )
    .order_by(Pause.meeting_id, Pause.at)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class StoredVerdict:
    """What somebody said of a set of held changes, and until when that counts."""

    verdict: str
    by: str
    at: datetime
    expires_at: datetime


def latest_verdict(session: Session, meeting_id: UUID, checksum: str) -> StoredVerdict | None:
    return verdict_from(session.execute(LATEST_VERDICT, {"meeting_id": meeting_id, "checksum": checksum}))


def verdict_from(rows: Iterable[Any]) -> StoredVerdict | None:
    return next((StoredVerdict(*row) for row in rows), None)


def times_approved(session: Session, meeting_id: UUID, checksum: str) -> int:
    """How often exactly this set was approved; held again after that, it is a new question."""
    count = select(func.count()).where(
        Approval.meeting_id == meeting_id, Approval.checksum == checksum, Approval.verdict == "approved"
    )
    return session.scalar(count) or 0


def earliest_expiry(session: Session, meeting_id: UUID, now: datetime) -> datetime | None:
    return session.scalars(
        select(Approval.expires_at)
        .where(Approval.meeting_id == meeting_id, Approval.verdict == "approved", Approval.expires_at > now)
        .order_by(Approval.expires_at)
        .limit(1)
    ).first()


def add_applied(session: Session, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.execute(insert(AppliedChange), [{"id": new_id(), **row} for row in rows])


def modes_of(session: Session, meeting_id: UUID) -> Modes:
    return modes_from(session.execute(MODES, {"meeting_id": meeting_id}))


def modes_from(rows: Iterable[Any]) -> Modes:
    return Modes({row.code: Mode(row.mode) for row in rows})


def newest_charter(session: Session, meeting_id: UUID) -> str | None:
    """The TOML text of the charter in force."""
    return session.scalars(NEWEST_CHARTER, {"meeting_id": meeting_id}).first()


@dataclass(frozen=True, slots=True)
class PauseInForce:
    """The meeting's own pause or the one for all, on a day on which it holds; `at` is when it was set."""

    last_day: date | None
    at: datetime


def pause_from(rows: Iterable[Any]) -> PauseInForce | None:
    return next((PauseInForce(row.last_day, row.at) for row in rows), None)


@dataclass(frozen=True, slots=True)
class OpenIntent:
    """A write that was claimed and whose outcome is not recorded: the process died, or Google's answer was lost."""

    id: UUID
    series_id: UUID
    event_id: str
    etag: str
    body: Mapping[str, Any]


def open_intents(session: Session, meeting_id: UUID) -> list[OpenIntent]:
    rows = session.scalars(select(WriteIntent).where(WriteIntent.meeting_id == meeting_id).order_by(WriteIntent.id))
    return [OpenIntent(row.id, row.series_id, row.event_id, row.etag, row.body_json) for row in rows]


def close_intent(session: Session, intent_id: UUID) -> None:
    session.execute(delete(WriteIntent).where(WriteIntent.id == intent_id).execution_options(synchronize_session=False))


def occurrence_of(session: Session, series_id: UUID, original_start: datetime) -> Occurrence | None:
    return session.scalars(
        select(Occurrence).where(Occurrence.series_id == series_id, Occurrence.original_start == original_start)
    ).first()


def rehang(session: Session, old: Occurrence, new: Occurrence) -> None:
    """What hangs on one occurrence hangs on the other, or goes where something of its kind hangs there already."""
    seats = select(StandIn.seat_id).where(StandIn.occurrence_id == new.id)
    kept = select(KeptSeat.seat_id).where(KeptSeat.occurrence_id == new.id)
    people = select(Visitor.person_id).where(Visitor.occurrence_id == new.id)
    marked = select(AttendanceMark.seat_id).where(AttendanceMark.occurrence_id == new.id)
    items = select(AgendaPlace.item_id).where(AgendaPlace.occurrence_id == new.id)
    for table, there in (
        (StandIn, StandIn.seat_id.not_in(seats)),
        (KeptSeat, KeptSeat.seat_id.not_in(kept)),
        (Visitor, Visitor.person_id.not_in(people)),
        (AttendanceMark, AttendanceMark.seat_id.not_in(marked)),
        (AgendaPlace, AgendaPlace.item_id.not_in(items)),
    ):
        session.execute(
            update(table)
            .where(table.occurrence_id == old.id, there)
            .values(occurrence_id=new.id)
            .execution_options(synchronize_session=False)
        )
        session.execute(delete(table).where(table.occurrence_id == old.id).execution_options(synchronize_session=False))
    # What is closed stays as it was closed; nothing of an occurrence to come is.
    for moving in (
        update(Decision).where(Decision.occurrence_id == old.id, Decision.closed_at.is_(None)),
        update(Action).where(Action.occurrence_id == old.id),
    ):
        session.execute(moving.values(occurrence_id=new.id).execution_options(synchronize_session=False))


def expire_approvals(session: Session, meeting_id: UUID, now: datetime) -> None:
    """Nothing that was released for another event, or before a release, is released any more."""
    session.execute(
        update(Approval)
        .where(Approval.meeting_id == meeting_id, Approval.expires_at > now, Approval.at <= now)
        .values(expires_at=now)
        .execution_options(synchronize_session=False)
    )


def stand_in_of(session: Session, seat_id: UUID, occurrence_id: UUID) -> StandIn | None:
    return session.scalars(
        select(StandIn).where(StandIn.seat_id == seat_id, StandIn.occurrence_id == occurrence_id)
    ).first()


def kept_seat_of(session: Session, seat_id: UUID, occurrence_id: UUID) -> KeptSeat | None:
    return session.scalars(
        select(KeptSeat).where(KeptSeat.seat_id == seat_id, KeptSeat.occurrence_id == occurrence_id)
    ).first()


def directory_answers(session: Session, addresses: Iterable[str]) -> dict[str, tuple[DirectoryEntry, datetime]]:
    """What the Directory last said of these addresses, and when."""
    rows = session.scalars(select(DirectoryAnswer).where(DirectoryAnswer.address.in_(list(addresses))))
    return {row.address: (_directory_entry(row), row.read_at) for row in rows}


def _directory_entry(row: DirectoryAnswer) -> DirectoryEntry:
    return DirectoryEntry(
        kind=AddressKind(row.kind),
        addresses=tuple(one for one in (row.primary_address, row.address) if one),
        directory_id=row.directory_id,
        name=row.name,
        department=row.department,
        is_suspended=row.suspended,
    )


def save_directory_answers(session: Session, answers: Mapping[str, DirectoryEntry], now: datetime) -> None:
    session.execute(
        delete(DirectoryAnswer)
        .where(DirectoryAnswer.address.in_(list(answers)))
        .execution_options(synchronize_session=False)
    )
    rows = [
        {
            "id": new_id(),
            "address": address,
            "kind": entry.kind.value,
            "primary_address": entry.addresses[0] if entry.addresses else None,
            "directory_id": entry.directory_id,
            "name": entry.name,
            "department": entry.department,
            "suspended": entry.is_suspended,
            "read_at": now,
        }
        for address, entry in answers.items()
    ]
    if rows:
        session.execute(insert(DirectoryAnswer), rows)


def meeting_row(session: Session, meeting_id: UUID) -> Meeting:
    """Without asking where the session has it already."""
    return session.get_one(Meeting, meeting_id)


def meeting_to_change(session: Session, meeting_id: UUID) -> Meeting:
    """The row, locked: whoever edits the meeting on a page waits for us instead of being refused."""
    return session.scalars(select(Meeting).where(Meeting.id == meeting_id).with_for_update()).one()


def calendar_to_change(session: Session, calendar_id: UUID) -> Calendar:
    return session.scalars(select(Calendar).where(Calendar.id == calendar_id).with_for_update()).one()


def series_row(session: Session, series_id: UUID) -> Series:
    return session.scalars(select(Series).where(Series.id == series_id)).one()


def calendars_of_subject(session: Session, subject: str) -> list[Calendar]:
    return list(session.scalars(select(Calendar).where(Calendar.subject == subject)))
