"""What becomes of a brief before it goes: the chair changes it or keeps it back, a seat asks the chair for a change.

A change begins the day anew, and whoever could read it is told: nothing goes up that the group had no day to read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.ledger import Confidentiality
from governance.domain.people import PersonId
from governance.domain.summaries.briefing import LOOKS_AT, TOO_LATE, rewritten, sentences
from governance.mail.facts_of_summaries import BriefAsked, BriefChanged
from governance.models import Brief, BriefRequest, Meeting
from governance.services.ledger import record
from governance.services.mailing.letters import Post
from governance.services.mailing.posting import post_all
from governance.services.recording import today_of
from governance.services.summaries.brief import day_of_brief, facts_of
from governance.store import briefs as store
from governance.store.meetings import lock_meeting, role_holders
from governance.store.people import people_by_id

LONGEST_NEEDS, LONGEST_REQUEST = 600, 1000


class BriefRefused(GovernanceError):
    """Nothing was done; `field` is the field of the form that the refusal is about."""

    def __init__(self, remedy: str, reason: str = "", *, field: str = "") -> None:
        super().__init__(remedy, reason)
        self.field = field


class BriefChangedSince(BriefRefused):
    """Somebody else has saved it since the form was made."""

    def __init__(self) -> None:
        super().__init__(
            "Send it again to have yours instead", "somebody has changed the text since: it stands here as it is now"
        )


class NotToChange(BriefRefused):
    """The meeting has none of that name, or nothing can be done about it any more."""


@dataclass(frozen=True, slots=True)
class Doing:
    """`by` is the person who acts, where they are one; `actor` as the ledger names them."""

    session: Session
    meeting: Meeting
    brief: Brief
    by: UUID | None
    actor: str
    source: str
    now: datetime

    def note(self, act: str, confidentiality: Confidentiality = Confidentiality.SEATS, **more: Any) -> None:
        on = day_of_brief(self.brief, self.meeting).isoformat()
        record(
            self.session, at=self.now, actor=self.actor, source=self.source, act=act,
            subject=f"brief:{self.brief.id}", meeting_id=self.meeting.id, confidentiality=confidentiality,
            after={"on": on, **more},
        )  # fmt: skip


def begin(
    session: Session, meeting: Meeting, about: str, *, by: UUID | None, actor: str, source: str, now: datetime
) -> Doing:
    """Nobody else changes it until the transaction ends, and no worker lets it go.

    Raises:
        NotToChange: there is none about that, or it went or will never go.
    """
    lock_meeting(session, meeting)
    known = store.brief_about(session, meeting.id, about)
    row = store.brief_to_change(session, known.id) if known is not None else None
    if row is None:
        raise NotToChange("Choose one of the briefs", "this meeting has none of that day")
    if row.gone_at is not None:
        raise NotToChange("Tell leadership yourself", "the brief has gone to them meanwhile")
    if not is_open(row, meeting, now):
        raise NotToChange("Say it in the next brief", "this one is not sent any more")
    return Doing(session, meeting, row, by, actor, source, now)


def is_open(row: Brief, meeting: Meeting, now: datetime) -> bool:
    """Whether it may still go; one from before a restored copy was confirmed has perhaps gone already."""
    if row.gone_at is not None or row.held_at is not None:
        return row.gone_at is None
    is_ours = meeting.begun_at is None or row.shown_at >= meeting.begun_at
    return is_ours and row.goes_at > now - TOO_LATE


def change(doing: Doing, needs: str, left_out: Collection[str], version: int) -> None:
    """What the group asks of its readers, and which lines are left out of what was written first.

    Sent as it stands it changes nothing. What is changed while it is kept back is told when the chair lets it go.

    Raises:
        BriefChangedSince: `version` is not that of the text any more.
        BriefRefused: the words are too many.
    """
    said = needs.replace("\0", "").replace("\r\n", "\n").strip()
    if len(said) > LONGEST_NEEDS:
        raise BriefRefused(f"Shorten this to {LONGEST_NEEDS} characters", "it is to be read at once", field="needs")
    row = doing.brief
    if row.version != version:
        raise BriefChangedSince
    text = rewritten(row.written_json, left_out, said)
    if text == row.facts_json:
        return
    row.facts_json, row.changed_at, row.changed_by = text, doing.now, doing.actor
    doing.note("brief-changed", Confidentiality.PRIVATE, needs=said, left_out=sorted(left_out))
    _begin_the_day_anew(doing)
    if row.held_at is None:
        _tell_who_saw(doing)


def hold_back(doing: Doing) -> None:
    """It goes to nobody until the chair lets it go; said again it changes nothing."""
    if doing.brief.held_at is None:
        doing.brief.held_at = doing.now
        doing.note("brief-held")


def let_go(doing: Doing) -> None:
    """A day from now, whatever was left of the first one; whoever could read it is told when, and what."""
    held_at, changed_at = doing.brief.held_at, doing.brief.changed_at
    if held_at is not None:
        doing.brief.held_at = None
        doing.note("brief-let-go")
        _begin_the_day_anew(doing)
        _tell_who_saw(doing, is_same=changed_at is None or changed_at < held_at)


def ask(doing: Doing, text: str, *, seat: UUID | None) -> None:
    """A seat asks the chair for a change. The same asked twice is asked once.

    Raises:
        BriefRefused: it says nothing, or too much.
    """
    said = text.replace("\0", "").replace("\r\n", "\n").strip()
    if not said or len(said) > LONGEST_REQUEST:
        raise BriefRefused(
            f"Say in at most {LONGEST_REQUEST} characters what is to be changed", "the chair reads it", field="text"
        )
    if doing.by is None:
        raise BriefRefused("Sign in under your own name", "the chair is told who asks")
    if store.same_request(doing.session, doing.brief.id, doing.by, said) is not None:
        return
    request = BriefRequest(brief_id=doing.brief.id, seat_id=seat, person_id=doing.by, text=said, at=doing.now)
    doing.session.add(request)
    doing.session.flush()
    department = store.department_of_seat(doing.session, seat)
    doing.note("brief-change-asked", Confidentiality.PRIVATE, department=department, text=said)
    _tell_chairs(doing, request, department)


def settle(doing: Doing, request_id: UUID) -> None:
    """The chair has seen to it, or will not."""
    request = doing.session.get(BriefRequest, request_id)
    if request is None or request.brief_id != doing.brief.id:
        raise BriefRefused("Look at the brief again", "nobody has asked for that")
    if request.settled_at is None:
        request.settled_at = doing.now
        department = store.department_of_seat(doing.session, request.seat_id)
        doing.note("brief-change-settled", Confidentiality.PRIVATE, department=department)


def _begin_the_day_anew(doing: Doing) -> None:
    doing.brief.shown_at, doing.brief.goes_at = doing.now, doing.now + LOOKS_AT
    doing.session.flush()


def _tell_who_saw(doing: Doing, *, is_same: bool = False) -> None:
    """All but whoever did it; `is_same` where they have read this text."""
    row, told = doing.brief, facts_of(doing.brief)
    facts = BriefChanged(
        start=told.start, goes_at=row.goes_at.isoformat(), sentences=list(sentences(told)), is_same=is_same
    )
    key, today = datetime.fromisoformat(row.about), today_of(doing.meeting, doing.now)
    saw = store.who_saw(doing.session, doing.meeting.id, key, today)
    about = f"{row.about}:{doing.now.isoformat()}"
    _post(doing, [Post(facts=facts, about=about, to=one) for one in saw if one != doing.by])


def _tell_chairs(doing: Doing, request: BriefRequest, department: str) -> None:
    known = people_by_id(doing.session, [request.person_id]).get(PersonId(request.person_id))
    facts = BriefAsked(
        start=facts_of(doing.brief).start,
        department=department,
        asked_by=str(known) if known is not None else department,
        text=request.text,
        goes_at=doing.brief.goes_at.isoformat(),
    )
    holders = role_holders(doing.session, [doing.meeting.id], today_of(doing.meeting, doing.now))
    chairs = dict.fromkeys(one.person_id for one in holders if one.kind == "chair")
    _post(doing, [Post(facts=facts, about=str(request.id), to=one) for one in chairs])


def _post(doing: Doing, posts: list[Post]) -> None:
    """Nobody hears of a meeting that has not begun."""
    if doing.meeting.first_plan_approved:
        post_all(doing.session, doing.meeting, posts, now=doing.now)
