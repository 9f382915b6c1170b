"""A draft: begun by a seat or by whoever leads, worded, given its options, withdrawn and taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models import Decision, DecisionOption, Meeting
from governance.services.attendance.reading import settings_of
from governance.services.decisions.refusals import DecisionRefused
from governance.services.ledger import record
from governance.store.meetings import lock_meeting

NOTHING = "Do nothing"
LONGEST_TITLE = 200
LONGEST_WORDS = 4000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What is to be decided, and for which customer."""

    title: str
    question: str = ""
    customer: str = ""


def begin_draft(
    session: Session,
    meeting: Meeting,
    wording: Wording,
    *,
    actor: str,
    source: str,
    now: datetime,
    seat_id: UUID | None = None,
    item_id: UUID | None = None,
) -> Decision:
    """A new decision in the charter's way of deciding, with *do nothing* as its first option.

    Raises:
        DecisionRefused: it has no title.
    """
    lock_meeting(session, meeting)
    title = require_title(wording.title)
    row = Decision(
        meeting_id=meeting.id, item_id=item_id, seat_id=seat_id, title=title, question=wording.question.strip(),
        customer=wording.customer.strip(), way=settings_of(session, meeting.id).charter.way.value, by=actor, at=now,
        search_text="",
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(DecisionOption(decision_id=row.id, rank=0, text=NOTHING, by=actor, at=now))
    session.flush()
    record(
        session, at=now, actor=actor, source=source, act="decision-drafted", subject=f"decision:{row.id}",
        meeting_id=meeting.id, after={"title": title},
    )  # fmt: skip
    return row


def require_title(title: str) -> str:
    """Tidied.

    Raises:
        DecisionRefused: it is empty or too long.
    """
    tidy = " ".join(title.split())
    if not tidy or len(tidy) > LONGEST_TITLE:
        raise DecisionRefused(
            f"Give it a title of at most {LONGEST_TITLE} letters", "everybody finds it by that", field="title"
        )
    return tidy
