"""The outbox's rows, what people have muted, and the links that mails carry."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from governance.models.outbox import ActionLink, MailPreference, Outbox


def is_posted(session: Session, key: str) -> bool:
    return session.scalar(select(Outbox.id).where(Outbox.key == key)) is not None


def posted_among(session: Session, keys: Iterable[str]) -> set[str]:
    """Those of the keys that have a row already."""
    wanted = sorted(set(keys))
    return set(session.scalars(select(Outbox.key).where(Outbox.key.in_(wanted)))) if wanted else set()


def told_since(session: Session, meeting_id: UUID, kinds: Iterable[str], since: datetime) -> set[str]:
    """Addresses to which a mail of one of these kinds was posted since then."""
    rows = select(Outbox.address).where(
        Outbox.meeting_id == meeting_id, Outbox.kind.in_(list(kinds)), Outbox.queued_at > since
    )
    return set(session.scalars(rows))


def waiting_before(session: Session, before: datetime) -> list[Outbox]:
    """Mails that were due before that instant and that nobody took up."""
    return list(session.scalars(select(Outbox).where(Outbox.state == "waiting", Outbox.due_at < before)))


def unsent_to_change(session: Session, meeting_id: UUID, kind: str, address: str, due_after: datetime) -> Outbox | None:
    """The newest mail of the kind that nobody takes up before that instant, locked."""
    return session.scalar(
        select(Outbox)
        .where(
            Outbox.meeting_id == meeting_id,
            Outbox.kind == kind,
            Outbox.address == address,
            Outbox.due_at > due_after,
            Outbox.attempts == 0,
            Outbox.state.in_(["waiting", "held"]),
        )
        .order_by(Outbox.queued_at.desc())
        .limit(1)
        .with_for_update()
    )


def take_back(session: Session, meeting_id: UUID, kind: str, about: str) -> list[datetime]:
    """Mails of that kind whose subject begins with that, and which nobody has taken up yet, were never posted.

    When they would have been due.
    """
    taken = session.scalars(
        delete(Outbox)
        .where(
            Outbox.meeting_id == meeting_id,
            Outbox.kind == kind,
            Outbox.about.startswith(about, autoescape=True),
            Outbox.attempts == 0,
            Outbox.state.in_(["waiting", "held"]),
        )
        .returning(Outbox.due_at)
        .execution_options(synchronize_session=False)
    )
    return list(taken)


def is_muted(session: Session, person_id: UUID, meeting_id: UUID, topic: str) -> bool:
    return preference_of(session, person_id, meeting_id, topic) is not None


def preference_of(session: Session, person_id: UUID, meeting_id: UUID, topic: str) -> MailPreference | None:
    return session.scalar(
        select(MailPreference).where(
            MailPreference.person_id == person_id,
            MailPreference.meeting_id == meeting_id,
            MailPreference.topic == topic,
        )
    )


def muting(session: Session, meeting_id: UUID, person_ids: Iterable[UUID]) -> set[tuple[UUID, str]]:
    """Which of these people want no mails of which topic from the meeting."""
    rows = session.execute(
        select(MailPreference.person_id, MailPreference.topic).where(
            MailPreference.meeting_id == meeting_id, MailPreference.person_id.in_(sorted(set(person_ids)))
        )
    )
    return {(person_id, topic) for person_id, topic in rows}


def muted_by(session: Session, person_ids: Iterable[UUID], topic: str) -> set[tuple[UUID, UUID]]:
    """Who of these people wants no mails of the topic from which meeting."""
    rows = session.execute(
        select(MailPreference.person_id, MailPreference.meeting_id).where(
            MailPreference.person_id.in_(sorted(set(person_ids))), MailPreference.topic == topic
        )
    )
    return {(person_id, meeting_id) for person_id, meeting_id in rows}


def muted_topics(session: Session, person_id: UUID) -> set[tuple[UUID, str]]:
    """What the person has muted: meeting and topic."""
    rows = session.execute(
        select(MailPreference.meeting_id, MailPreference.topic).where(MailPreference.person_id == person_id)
    )
    return {(meeting_id, topic) for meeting_id, topic in rows}


def link_by_id(session: Session, link_id: UUID, *, for_use: bool = False) -> ActionLink | None:
    """The link; locked until the transaction ends when it is `for_use`, so that two clicks at once are one."""
    query = select(ActionLink).where(ActionLink.id == link_id)
    return session.scalar(query.with_for_update() if for_use else query)


def open_links(session: Session, meeting_id: UUID, purposes: Iterable[str], now: datetime) -> list[ActionLink]:
    """Links of these purposes that would still work, as far as the rows themselves say."""
    return list(
        session.scalars(
            select(ActionLink).where(
                ActionLink.meeting_id == meeting_id,
                ActionLink.purpose.in_(list(purposes)),
                ActionLink.used_at.is_(None),
                ActionLink.revoked_at.is_(None),
                ActionLink.expires_at > now,
            )
        )
    )
