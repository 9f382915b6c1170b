"""What somebody wants to hear of a meeting: topics are muted and unmuted, other mails cannot be."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.mail.kinds import Topic
from governance.models.meeting import Meeting
from governance.models.outbox import MailPreference
from governance.models.person import Person
from governance.services.ledger import record
from governance.store import outbox as store
from governance.store.seats import meetings_to_hear_of


class UnknownTopic(GovernanceError):
    """Nothing of that name can be muted."""

    def __init__(self, topic: str) -> None:
        super().__init__(f"Choose one of {', '.join(Topic)}", f"“{topic[:40]}” is none")


def mute(session: Session, person: Person, meeting: Meeting, topic: str, *, now: datetime, source: str) -> bool:
    """No more mails of the topic from the meeting; whether that changed anything."""
    if topic not in list(Topic):
        raise UnknownTopic(topic)
    if store.is_muted(session, person.id, meeting.id, topic):
        return False
    try:
        with session.begin_nested():
            session.add(MailPreference(person_id=person.id, meeting_id=meeting.id, topic=topic, muted_at=now))
    except IntegrityError:  # another click at the same moment
        return False
    _note(session, person, meeting, topic, "mail-muted", now, source)
    return True


def unmute(session: Session, person: Person, meeting: Meeting, topic: str, *, now: datetime, source: str) -> bool:
    row = store.preference_of(session, person.id, meeting.id, topic)
    if row is None:
        return False
    session.delete(row)
    _note(session, person, meeting, topic, "mail-unmuted", now, source)
    return True


def choose(session: Session, person: Person, meeting: Meeting, wanted: set[str], *, now: datetime, source: str) -> None:
    """Exactly these topics are wanted."""
    for topic in Topic:
        if topic.value in wanted:
            unmute(session, person, meeting, topic.value, now=now, source=source)
        else:
            mute(session, person, meeting, topic.value, now=now, source=source)


def choose_summaries(session: Session, person: Person, wanted: set[str], *, now: datetime, source: str) -> None:
    """Of exactly these meetings (by slug) summaries are wanted."""
    for meeting in meetings_to_hear_of(session, person.id):
        change = unmute if meeting.slug in wanted else mute
        change(session, person, meeting, Topic.SUMMARIES.value, now=now, source=source)


def muted(session: Session, person_id: UUID) -> set[tuple[UUID, str]]:
    """Meeting and topic of everything the person has muted."""
    return store.muted_topics(session, person_id)


def _note(session: Session, person: Person, meeting: Meeting, topic: str, act: str, now: datetime, source: str) -> None:
    record(
        session, at=now, actor=f"person:{person.id}", source=source, act=act, subject=f"topic:{topic}",
        meeting_id=meeting.id, confidentiality=Confidentiality.PRIVATE,
    )  # fmt: skip
