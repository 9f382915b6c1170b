"""What somebody was sent of a meeting's summaries and briefs, for them to read again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.mail.facts import Facts
from governance.mail.facts_of_summaries import Summaries
from governance.models import Meeting
from governance.services.mail_context import Office, mail_of
from governance.services.outbox import facts_of
from governance.services.summaries.building import with_answers
from governance.store import sent_summaries as store

PAGE = 50
"""Mails on a page."""


@dataclass(frozen=True, slots=True)
class SentLine:
    """`about` is what made it another mail than the last one: an original start, a week or a day, as ISO text."""

    id: UUID
    kind: str
    about: str
    sent_at: datetime


@dataclass(frozen=True, slots=True)
class ArchivePage:
    """`older` is what the next page is asked for with; None on the last one."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    lines: tuple[SentLine, ...]
    older: UUID | None


@dataclass(frozen=True, slots=True)
class ReadAgain:
    """The mail as it was, without the links that act."""

    line: SentLine
    subject: str
    text: str
    html: str


def archive_page(session: Session, meeting: Meeting, actor: Actor, below: UUID | None = None) -> ArchivePage:
    """One statement; nobody who runs the site or visits the demo is sent any."""
    rows: Sequence[Any] = ()
    if actor.person is not None and _may_read(actor, meeting.id):
        rows = store.some_sent(session, actor.person, meeting.id, PAGE + 1, below)
    lines = tuple(SentLine(row.id, row.kind, row.about, row.sent_at) for row in rows[:PAGE])
    return ArchivePage(
        meeting.id, meeting.slug, meeting.name, meeting.time_zone, lines, lines[-1].id if len(rows) > PAGE else None
    )  # fmt: skip


def read_again(session: Session, meeting: Meeting, actor: Actor, mail_id: UUID, office: Office) -> ReadAgain | None:
    """None for whoever did not get it, and for who has no part in the meeting any more."""
    if actor.person is None or not _may_read(actor, meeting.id):
        return None
    row = store.one_sent(session, actor.person, meeting.id, mail_id)
    if row is None or row.sent_at is None:
        return None
    from governance.mail.building import shown_again

    facts = with_answers(session, row, _of_theirs(facts_of(row, office.currency), actor), actor)
    shown = shown_again(mail_of(session, row, office, facts))
    return ReadAgain(SentLine(row.id, row.kind, row.about, row.sent_at), shown.letter.subject, shown.text, shown.html)


def _may_read(actor: Actor, meeting_id: UUID) -> bool:
    own = Thing(Kind.SUMMARY, meeting_id, Confidentiality.PRIVATE, owner=actor.person)
    return may(actor, Act.READ, own)


def _of_theirs(facts: Facts, actor: Actor) -> Facts:
    """One mail about several meetings has no section any more of one in which its reader has no part any more."""
    if not isinstance(facts, Summaries):
        return facts
    return replace(facts, meetings=[one for one in facts.meetings if _is_theirs(one, actor)])


def _is_theirs(section: Mapping[str, object], actor: Actor) -> bool:
    try:
        return _may_read(actor, UUID(str(section.get("meeting"))))
    except ValueError:
        return False
