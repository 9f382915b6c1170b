"""A draft: begun by a seat or by whoever leads, and worded until it is opened."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.charter import Way
from governance.domain.decisions.values import State
from governance.models import Decision, DecisionOption, Meeting
from governance.services.attendance.reading import seat_terms, settings_of
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.services.decisions.searching import refresh_search_text
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms(Wording):
    """All that a draft says besides its options: also what it costs, who pays, and how it is decided."""

    why_few_options: str = ""
    money_minor: int | None = None
    payer: UUID | None = None
    way: Way


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
    )  # fmt: skip
    session.add(row)
    session.flush()
    session.add(DecisionOption(decision_id=row.id, rank=0, text=NOTHING, by=actor, at=now))
    refresh_search_text(session, row)
    record(
        session, at=now, actor=actor, source=source, act="decision-drafted", subject=f"decision:{row.id}",
        meeting_id=meeting.id, after={"title": title},
    )  # fmt: skip
    return row


def terms_of(row: Decision) -> Terms:
    return Terms(
        title=row.title, question=row.question, customer=row.customer, why_few_options=row.why_few_options,
        money_minor=row.money_minor, payer=row.payer_seat_id, way=Way(row.way),
    )  # fmt: skip


def reword(doing: Doing, terms: Terms, version: int) -> None:
    """Save what a draft says.

    Raises:
        ChangedSince: somebody else saved it since `version` was read; nothing is overwritten.
        DecisionRefused: it is no draft, has no title, or a seat pays that is not of the meeting.
    """
    doing.require([State.DRAFT], "Ask for positions anew first, which makes it a draft again")
    doing.require_version(version)
    title = require_title(terms.title)
    if terms.payer is not None and terms.payer not in {one.id for one in seat_terms(doing.session, doing.meeting.id)}:
        raise DecisionRefused("Choose a seat of the meeting", "this one is closed or of another", field="payer")
    before, row = terms_of(doing.row), doing.row
    row.title, row.question, row.customer = title, terms.question.strip(), terms.customer.strip()
    row.why_few_options, row.money_minor = terms.why_few_options.strip(), terms.money_minor
    row.payer_seat_id, row.way = terms.payer, terms.way.value
    after = terms_of(row)
    if after != before:
        doing.settle()
        doing.note("decision-worded", before=_said(before), after=_said(after))


def _said(terms: Terms) -> dict[str, object]:
    return {name: str(value) if isinstance(value, UUID) else value for name, value in asdict(terms).items()}


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
