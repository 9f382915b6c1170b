"""The summaries of the last occurrence when somebody asks for them: posted now whoever's hour it is, or only shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.mail.building import build
from governance.mail.facts import to_json
from governance.mail.facts_of_summaries import Summary
from governance.models.identifiers import new_id
from governance.models.meeting import Meeting
from governance.models.outbox import Outbox
from governance.models.person import Person
from governance.services import outbox
from governance.services.mail_context import Office, mail_of
from governance.services.mailing.letters import Post
from governance.services.summaries.brief import drafted, posts_upstairs
from governance.services.summaries.due import Round, by_meeting, charter_of, is_silent
from governance.services.summaries.gathering import readers
from governance.services.summaries.occasions import Place, days_of
from governance.services.summaries.posting import Ready, first_period_of, gathered_for, posts_of, with_brief
from governance.services.upcoming import is_paused
from governance.store import summary_times as store
from governance.store.meetings import all_pauses
from governance.store.people import addresses_of


class NothingToSumUp(GovernanceError):
    """No occurrence of the meeting is over, as the calendar was last read."""

    def __init__(self, slug: str) -> None:
        super().__init__(
            f"Wait until {slug} has taken place, or run `governance sync {slug}` to read its calendar",
            "it shows no occurrence of the last weeks that is over",
        )


class Rests(GovernanceError):
    """Nobody hears of the meeting now."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One mail as it would be sent."""

    to: str
    kind: str
    subject: str
    text: str
    html: str


def last_round(session: Session, meeting: Meeting, now: datetime) -> Round:
    """The last occurrence that is over, also one from before the meeting began.

    Raises:
        NothingToSumUp: there is none.
    """
    series = by_meeting(store.series_states(session))
    [days] = days_of(session, [Place(meeting.id, meeting.time_zone)], series, now)
    occasion = days.last_occurrence(now)
    if occasion is None:
        raise NothingToSumUp(meeting.slug)
    at = charter_of(store.charters_in_force(session, [meeting.id]).get(meeting.id)).summary
    return Round(meeting.id, meeting.time_zone, occasion, at, charter=at)


def check_tells(session: Session, meeting: Meeting, now: datetime) -> None:
    """Raises Rests, with what to do, where people hear nothing of the meeting now."""
    if meeting.released_at is not None:
        raise Rests(f"Adopt {meeting.slug} again first", "it was released")
    if not meeting.first_plan_approved:
        raise Rests(f"Approve the first plan of {meeting.slug} first", "until then nobody hears of the meeting")
    if meeting.restored_hold:
        raise Rests(f"Look at `governance plan {meeting.slug}` and confirm it first", "the database is a restored copy")
    if is_silent(meeting.frozen_code):
        raise Rests("Look at `governance status` first", meeting.frozen_reason or f"{meeting.slug} is frozen")
    if is_paused(meeting, all_pauses(session), now):
        raise Rests(f"Run `governance meeting resume {meeting.slug}` first", "the meeting is paused")


def ready_now(session: Session, due: Round, now: datetime) -> Ready:
    """Everybody who was not told yet, also who has chosen another hour."""
    meeting = session.get_one(Meeting, due.meeting_id)
    wanted = readers(session, meeting, first_period_of(due.occasion, now), now)
    return Ready(gathered_for(session, meeting, due.occasion, wanted, now), now)


def shown(session: Session, due: Round, office: Office, now: datetime) -> Iterator[Shown]:
    """What everybody would get, whether or not they have it already, and then leadership; nothing is written."""
    meeting = session.get_one(Meeting, due.meeting_id)
    kept = drafted(session, meeting, first_period_of(due.occasion, now), now)
    wanted = readers(session, meeting, first_period_of(due.occasion, now), now)
    for batch in gathered_for(session, meeting, due.occasion, wanted, now, is_again=True):
        for post in posts_of(batch):
            told = replace(post, facts=with_brief(kept, cast(Summary, post.facts)))
            yield from _shown(session, meeting, told, office, now)
    for post in posts_upstairs(session, kept, meeting, now) if kept is not None else ():
        yield from _shown(session, meeting, post, office, now)


def _shown(session: Session, meeting: Meeting, post: Post, office: Office, now: datetime) -> Iterator[Shown]:
    """Its links lead nowhere: those that act are made with the mail."""
    person = session.get_one(Person, post.to)
    addresses = addresses_of(session, person.id)
    if not addresses or outbox.is_muted(session, person.id, meeting.id, post.facts.KIND):
        return
    row = Outbox(
        key="", kind=post.facts.KIND, meeting_id=meeting.id, about=post.about, address=addresses[0].folded,
        person_id=person.id, queued_at=now, due_at=now,
        facts_json={"facts": to_json(post.facts), "links": {one.name: str(new_id()) for one in post.links}},
    )  # fmt: skip
    mail = message_from_bytes(build(mail_of(session, row, office)).content, policy=policy.default)
    yield Shown(row.address, row.kind, str(mail["Subject"]), _part(mail, "plain"), _part(mail, "html"))


def _part(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    return str(part.get_content()).replace("\r\n", "\n") if part is not None else ""
