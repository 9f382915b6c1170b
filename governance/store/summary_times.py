"""What decides when summaries go; asked every minute about all meetings, so no object is mapped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar, EventPicture, Series
from governance.models.deputy import StandIn
from governance.models.meeting import CharterVersion, Meeting, Role
from governance.models.occurrence import Occurrence
from governance.models.outbox import Outbox
from governance.models.question import KeptAnswer
from governance.models.seat import Seat, Tenure
from governance.models.summary import SummaryChoice, SummaryDone

UNTOLD = ("failed", "dropped")
"""Mails of which their reader has nothing."""


def meetings_that_tell(session: Session) -> list[Row[Any]]:
    """Of every meeting that people hear of: id, zone, since when, whether it rests, and the number of its charter."""
    newest = select(func.max(CharterVersion.number)).where(CharterVersion.meeting_id == Meeting.id).scalar_subquery()
    wanted = select(
        Meeting.id, Meeting.time_zone, Meeting.begun_at, Meeting.frozen_code, Meeting.restored_hold,
        newest.label("charter"),
    ).where(Meeting.released_at.is_(None), Meeting.first_plan_approved, Meeting.begun_at.is_not(None))  # fmt: skip
    return list(session.execute(wanted.order_by(Meeting.id)))


def series_states(session: Session) -> list[Row[Any]]:
    """Every series with what differs once its calendar was read and had something new."""
    wanted = select(
        Series.id, Series.meeting_id, Series.event_id, Series.gone_at, Series.retired_at, Calendar.sync_token
    ).join(Calendar, Calendar.id == Series.calendar_id)
    return list(session.execute(wanted.order_by(Series.id)))


def wishes(session: Session) -> list[Row[Any]]:
    """Who has chosen an hour, with each meeting that they may hear of."""
    of_roles = select(Role.person_id, Role.meeting_id)
    of_seats = (
        select(of.person_id, Seat.meeting_id).join(Seat, Seat.id == of.seat_id)  # who held one once costs nothing here
        for of in (Tenure, StandIn)
    )
    parts = of_roles.union(*of_seats).subquery()
    wanted = select(
        parts.c.meeting_id, SummaryChoice.person_id, SummaryChoice.at, SummaryChoice.is_together,
        SummaryChoice.chosen_at,
    ).join(parts, parts.c.person_id == SummaryChoice.person_id)  # fmt: skip
    return list(session.execute(wanted.order_by(SummaryChoice.person_id, parts.c.meeting_id)))


def pictures_since(session: Session, series_ids: Collection[UUID], since: datetime) -> dict[UUID, list[Any]]:
    """The stored bodies of these series and of their exceptions that still mattered then."""
    found: dict[UUID, list[Any]] = {one: [] for one in series_ids}
    rows = session.execute(
        select(EventPicture.series_id, EventPicture.body_json).where(
            EventPicture.series_id.in_(list(series_ids)),
            or_(EventPicture.matters_until.is_(None), EventPicture.matters_until > since),
        )
    )
    for series_id, body in rows:
        found[series_id].append(body)
    return found


def occurrences_since(session: Session, series_ids: Collection[UUID], since: datetime) -> list[Row[Any]]:
    """What is kept of occurrences of these series that ended after that."""
    return list(
        session.execute(
            select(
                Occurrence.series_id, Occurrence.original_start, Occurrence.start, Occurrence.end, Occurrence.cancelled
            ).where(Occurrence.series_id.in_(list(series_ids)), Occurrence.end > since)
        )
    )


def charters_in_force(session: Session, meeting_ids: Collection[UUID]) -> dict[UUID, str]:
    """Their text by meeting, where there is one."""
    newest = (
        select(CharterVersion.meeting_id, func.max(CharterVersion.number).label("number"))
        .where(CharterVersion.meeting_id.in_(list(meeting_ids)))
        .group_by(CharterVersion.meeting_id)
        .subquery()
    )
    rows = session.execute(
        select(CharterVersion.meeting_id, CharterVersion.source).join(
            newest,
            (newest.c.meeting_id == CharterVersion.meeting_id) & (newest.c.number == CharterVersion.number),
        )
    )
    return {meeting_id: source for meeting_id, source in rows}  # noqa: C416  # rows are no pairs to the type checker


def done_among(
    session: Session, meeting_ids: Collection[UUID], abouts: Collection[str]
) -> Mapping[tuple[UUID | None, str, str], datetime]:
    """Which of these periods of which of these meetings are done for which hour, and when they were."""
    rows = session.execute(
        select(SummaryDone.meeting_id, SummaryDone.about, SummaryDone.at, SummaryDone.done_at).where(
            SummaryDone.meeting_id.in_(list(meeting_ids)), SummaryDone.about.in_(list(abouts))
        )
    )
    return {(meeting_id, about, at): done_at for meeting_id, about, at, done_at in rows}


def done_row(session: Session, meeting_id: UUID | None, about: str, at: str) -> SummaryDone | None:
    whose = SummaryDone.meeting_id.is_(None) if meeting_id is None else SummaryDone.meeting_id == meeting_id
    return session.scalar(select(SummaryDone).where(whose, SummaryDone.about == about, SummaryDone.at == at))


def choices_of(session: Session, person_ids: Iterable[UUID]) -> dict[UUID, SummaryChoice]:
    wanted = select(SummaryChoice).where(SummaryChoice.person_id.in_(list(person_ids)))
    return {one.person_id: one for one in session.scalars(wanted)}


def told_of(session: Session, meeting_id: UUID, about: str) -> set[UUID]:
    """Whom a summary of that period was posted to, whatever became of it."""
    wanted = select(Outbox.person_id).where(
        Outbox.meeting_id == meeting_id, Outbox.kind == "summary", Outbox.about == about
    )
    return {one for one in session.scalars(wanted) if one is not None}


def last_told(
    session: Session, person_ids: Iterable[UUID], meeting_ids: Iterable[UUID], before: datetime, *, but: str = ""
) -> list[Row[Any]]:
    """Person, meeting and when (`at`) the person was last told by a mail about that meeting alone, before that instant
    and without the summaries of the period `but`.

    When it was written counts, which nobody changes: what waited for a person tells no more for it. The two lines of a
    cancelled occurrence, and what is owed in a week without one, told nothing of what happened.
    """
    facts = Outbox.facts_json["facts"]
    wanted = (
        select(Outbox.person_id, Outbox.meeting_id, func.max(Outbox.queued_at).label("at"))
        .where(
            Outbox.person_id.in_(list(person_ids)),
            Outbox.kind == "summary",
            Outbox.meeting_id.in_(list(meeting_ids)),
            Outbox.queued_at < before,
            Outbox.about != but,
            Outbox.state.not_in(UNTOLD),
            facts["start"].as_string().is_not(None),
            facts["is_cancelled"].as_boolean().is_not(True),
        )
        .group_by(Outbox.person_id, Outbox.meeting_id)
    )
    return list(session.execute(wanted))


def told_by_one_mail(
    session: Session, person_ids: Iterable[UUID], before: datetime, *, before_that: bool = False
) -> list[Row[Any]]:
    """The newest mail about all meetings of each of these people: whose, when it was written (`at`), and its sections;
    with `before_that` all that went before it.
    """
    newest_first = (Outbox.queued_at.desc(), Outbox.id.desc())
    ranked = (
        select(Outbox.id, func.row_number().over(partition_by=Outbox.person_id, order_by=newest_first).label("rank"))
        .where(
            Outbox.person_id.in_(list(person_ids)),
            Outbox.kind == "summaries",
            Outbox.queued_at < before,
            Outbox.state.not_in(UNTOLD),
        )
        .subquery()
    )
    wanted = select(
        Outbox.person_id, Outbox.queued_at.label("at"), Outbox.facts_json["facts"]["meetings"].label("sections")
    ).join(ranked, ranked.c.id == Outbox.id)
    return list(session.execute(wanted.where(ranked.c.rank > 1 if before_that else ranked.c.rank == 1)))


def kept_answers(session: Session, turn_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Answers that their person agreed to keep, and has not taken back, by turn."""
    rows = session.execute(select(KeptAnswer.turn_id, KeptAnswer.text).where(KeptAnswer.turn_id.in_(list(turn_ids))))
    return {turn_id: text for turn_id, text in rows}  # noqa: C416  # rows are no pairs to the type checker


def meetings_named(session: Session, slugs: Iterable[str]) -> list[UUID]:
    return list(session.scalars(select(Meeting.id).where(Meeting.slug.in_(list(slugs)))))


def together(session: Session) -> list[Row[Any]]:
    """Who wants one mail about all their meetings, when, and since when they want that."""
    wanted = select(SummaryChoice.person_id, SummaryChoice.at, SummaryChoice.chosen_at)
    return list(session.execute(wanted.where(SummaryChoice.is_together).order_by(SummaryChoice.person_id)))


def done_together(session: Session, abouts: Iterable[str]) -> set[tuple[str, str]]:
    """Which of these days are done, each with its hour."""
    wanted = select(SummaryDone.about, SummaryDone.at)
    rows = session.execute(wanted.where(SummaryDone.meeting_id.is_(None), SummaryDone.about.in_(list(abouts))))
    return {(about, at) for about, at in rows}


def told_together(session: Session, about: str) -> set[UUID]:
    """Whom a mail about all meetings was posted to for that day."""
    wanted = select(Outbox.person_id).where(Outbox.kind == "summaries", Outbox.about == about)
    return {one for one in session.scalars(wanted) if one is not None}
