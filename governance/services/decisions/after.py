"""What became of a closed decision: marks, challenges from above and promises, as one reader may see them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.attendance.reading import day_of
from governance.services.decisions.chain import ChainLink, chain
from governance.store import decision_marks as store

_KEPT = ("kept", "not-kept")


@dataclass(frozen=True, slots=True)
class Mark:
    """`review_on` is the next review that a review has set."""

    kind: str
    words: str
    day: date
    review_on: date | None


@dataclass(frozen=True, slots=True)
class ChallengeLine:
    id: UUID
    by_whom: str
    what: str
    answered_by: str
    outcome: str
    day: date

    @property
    def is_open(self) -> bool:
        return self.outcome == "open"


@dataclass(frozen=True, slots=True)
class PromiseMade:
    id: UUID
    text: str
    owner: str
    state: str
    due_on: date


@dataclass(frozen=True, slots=True)
class After:
    marks: tuple[Mark, ...] = ()
    challenges: tuple[ChallengeLine, ...] = ()
    promises: tuple[PromiseMade, ...] = ()
    may_mark: bool = False
    may_read_challenges: bool = False
    may_challenge: bool = False

    @property
    def kept(self) -> Mark | None:
        """The newest word on whether it was carried out."""
        return next((one for one in reversed(self.marks) if one.kind in _KEPT), None)


def after(session: Session, decision_id: UUID, zone: str) -> tuple[After, tuple[ChainLink, ...]]:
    """With the chain it belongs to; one statement, however much became of it."""
    marks: list[Mark] = []
    challenges: list[ChallengeLine] = []
    promises: list[PromiseMade] = []
    linked: list[Any] = []
    for row in store.after_closing(session, decision_id):
        at: datetime = row.at
        if row.what == store.MARK:
            marks.append(Mark(row.kind, row.words, day_of(at, zone), row.day))
        elif row.what == store.CHALLENGE:
            challenges.append(
                ChallengeLine(row.id, row.by_whom, row.words, row.answered_by, row.kind, day_of(at, zone))
            )
        elif row.what == store.CHAIN:
            linked.append(row)
        else:
            promises.append(PromiseMade(row.id, row.words, row.by_whom, row.kind, row.day))
    return After(tuple(marks), tuple(challenges), tuple(promises)), chain(linked, decision_id, zone)


def cut_after(found: After, actor: Actor, meeting_id: UUID) -> After:
    """Marks are for everybody with a page, promises for those with a seat, challenges for chair and delegates."""
    seats = Confidentiality.SEATS
    may_read = may(actor, Act.READ, Thing(Kind.CHALLENGE, meeting_id, seats))
    return replace(
        found,
        challenges=found.challenges if may_read else (),
        promises=found.promises if may(actor, Act.READ, Thing(Kind.PROMISE, meeting_id)) else (),
        may_mark=may(actor, Act.DECIDE, Thing(Kind.DECISION, meeting_id, seats)),
        may_read_challenges=may_read,
        may_challenge=may(actor, Act.CHANGE, Thing(Kind.CHALLENGE, meeting_id, seats)),
    )
