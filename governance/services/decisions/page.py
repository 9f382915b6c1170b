"""The page of one decision as a value, read in seven statements however much was said, and cut for its reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, Who, may
from governance.domain.attendance import Timing
from governance.domain.charter import Charter
from governance.domain.decisions.life import Remark, state_of
from governance.domain.decisions.outcome import Outcome, outcome
from governance.domain.decisions.positions import Interest, counts, interests, is_blind
from governance.domain.decisions.values import Decision, Quorum, Stance, State
from governance.domain.ledger import Confidentiality
from governance.domain.rules import Modes
from governance.models import Decision as Row
from governance.models import Meeting
from governance.services.attendance.reading import SeatTerms, Settings, day_of, settings_of, timing_of
from governance.services.decisions.after import After, after, cut_after
from governance.services.decisions.chain import ChainLink, closed_alone
from governance.services.decisions.closing_page import ClosingPart
from governance.services.decisions.derived import Derived, derived
from governance.services.decisions.presence import Sitting, sitting_of
from governance.services.decisions.reading import decision_value
from governance.services.decisions.rights import may_read_positions
from governance.store import decisions as store


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPage:
    """`id`, `slug`, `name` and `time_zone` are the meeting's; `ref` is how the decision is addressed.

    `is_blind` says that nobody sees another seat's position yet, `heard` which seats have one. `own` are the seats for
    which the reader may speak; to steer is to lead, or to sit for the seat that brought it. `counts`, `outcome` and
    `interests` are there for who may read positions; what is computed for the others comes from `unread`. `owner` is a
    name.
    """

    id: UUID
    slug: str
    name: str
    time_zone: str
    ref: str
    version: int
    state: State
    decision: Decision
    question: str
    customer: str
    brought_by: str
    seat: UUID | None
    withdrawn_why: str
    are_names_shown: bool
    timing: Timing | None
    seats: tuple[SeatTerms, ...]
    sitting: Mapping[UUID, Sitting]
    is_blind: bool
    computed: Derived
    unread: Derived
    owner: str = ""
    counts: Mapping[Stance, int] = field(default_factory=dict)
    outcome: Outcome | None = None
    interests: tuple[Interest, ...] = ()
    own: tuple[UUID, ...] = ()
    is_whole: bool = True
    may_change: bool = False
    may_lead: bool = False
    may_chair: bool = False
    may_steer: bool = False
    may_read_positions: bool = False
    chain: tuple[ChainLink, ...] = ()
    after: After = field(default_factory=After)

    @property
    def day(self) -> date | None:
        return day_of(self.timing.start, self.time_zone) if self.timing else None

    @property
    def title(self) -> str:
        return self.decision.title

    @property
    def quorum(self) -> Quorum:
        return self.computed.quorum

    @property
    def quorum_lost_at(self) -> datetime | None:
        return self.computed.quorum_lost_at

    @property
    def heard(self) -> frozenset[UUID]:
        return self.computed.heard

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return self.computed.remarks

    @property
    def closing(self) -> ClosingPart:
        return self.computed.closing


def decision_page(session: Session, meeting: Meeting, ref: str, now: datetime) -> DecisionPage | None:
    """Everything, before it is cut; None where the meeting has no such decision."""
    row = store.decision_of(session, meeting.id, ref)
    if row is None:
        return None
    # Nothing is judged by the charter any more once it is closed.
    settings = settings_of(session, meeting.id) if row.closed_at is None else Settings(Charter(), Modes({}))
    seats, sitting = sitting_of(session, meeting, row.occurrence, settings, now)
    page = _page(meeting, row, decision_value(session, row), settings, seats, sitting, now)
    if row.closed_at is None:
        return page
    became, linked = after(session, row.id, meeting.time_zone)
    return replace(page, chain=linked, after=became)


def cut(page: DecisionPage, actor: Actor, now: datetime) -> DecisionPage | None:
    """What this reader may see of it; None for who is to know only of what is closed, until it is."""
    whole = Thing(Kind.DECISION, page.id, Confidentiality.SEATS)
    if not may(actor, Act.READ, whole):
        return _only_what_became_of_it(page, actor) if page.state is State.CLOSED else None
    asked = [one.seat for one in page.decision.electors if one.seat in page.sitting]
    own = tuple(seat for seat in asked if _may_speak(page, seat, actor, now))
    may_read = may_read_positions(actor, page.id, page.sitting, page.timing, now)
    decision = _without_others(page, own, may_read=may_read)
    shown = may_read and not page.is_blind
    return replace(
        page,
        decision=decision,
        own=own,
        may_change=may(actor, Act.CHANGE, whole),
        may_lead=may(actor, Act.DECIDE, whole),
        may_chair=may_chair(actor, page.id),
        may_steer=may_steer(actor, page.id, page.seat),
        may_read_positions=may_read,
        computed=page.computed if may_read else page.unread,
        after=cut_after(page.after, actor, page.id),
        counts=counts(page.decision, now) if shown else {},
        outcome=outcome(page.decision, now) if shown else None,
        interests=interests(page.decision, now) if shown else (),
    )


def _page(
    meeting: Meeting, row: Row, value: Decision, settings: Settings, seats: tuple[SeatTerms, ...],
    sitting: Mapping[UUID, Sitting], now: datetime,
) -> DecisionPage:  # fmt: skip
    timing = timing_of(row.occurrence, settings.charter) if row.occurrence else None
    about = (value, meeting, settings, sitting, timing, now)
    return DecisionPage(
        id=meeting.id,
        slug=meeting.slug,
        name=meeting.name,
        time_zone=meeting.time_zone,
        ref=row.number or str(row.id),
        version=row.version,
        state=state_of(value),
        decision=value,
        question=row.question,
        customer=row.customer,
        brought_by=row.seat.department.name if row.seat else "",
        seat=row.seat_id,
        withdrawn_why=row.withdrawn_why or "",
        are_names_shown=row.are_names_shown,
        timing=timing,
        seats=seats,
        sitting=sitting,
        is_blind=is_blind(value),
        computed=derived(*about, reads_positions=True),
        unread=derived(*about, reads_positions=False),
        owner=row.owner.name if row.owner else "",
    )


def _may_speak(page: DecisionPage, seat: UUID, actor: Actor, now: datetime) -> bool:
    """Whoever sits for the seat that day; on the days after it also who holds it by then."""
    speakers = page.sitting[seat].speakers(day_of(now, page.time_zone))
    about = Thing(Kind.DECISION, page.id, Confidentiality.SEATS, seat=seat)
    return actor.person in speakers and may(actor, Act.POSITION, about)


def may_chair(actor: Actor, meeting_id: UUID) -> bool:
    """Whether they open positions, and note that a seat was asked in vain."""
    return may(actor, Act.DECIDE, Thing(Kind.POSITIONS, meeting_id, Confidentiality.SEATS))


def may_steer(actor: Actor, meeting_id: UUID, seat: UUID | None) -> bool:
    if may(actor, Act.DECIDE, Thing(Kind.DECISION, meeting_id, Confidentiality.SEATS)):
        return True
    seated = (Who.DELEGATE, Who.STAND_IN)
    return seat is not None and any(
        (one.meeting, one.seat) == (meeting_id, seat) for one in actor.held if one.who in seated
    )


def _without_others(page: DecisionPage, own: tuple[UUID, ...], *, may_read: bool) -> Decision:
    """Of the others nothing that is not open: neither of this round while it is blind, nor of one that never was."""
    decision = page.decision
    shut = {*decision.shut_rounds, *([decision.round] if page.is_blind else [])}
    positions = tuple(one for one in decision.positions if one.seat in own or (may_read and one.round not in shut))
    shown = {one.id for one in positions}
    return replace(
        decision,
        checklist=decision.checklist if may_read else replace(decision.checklist, review_on=None),
        positions=positions,
        answers={key: one for key, one in decision.answers.items() if key in shown},
        commitments=tuple(
            one if may_read or one.seat in own else replace(one, reservation="") for one in decision.commitments
        ),
    )


def _only_what_became_of_it(page: DecisionPage, actor: Actor) -> DecisionPage:
    """For leadership, sponsors and deputies: the text, for which customers, and who answers for it."""
    decision = replace(
        page.decision, options=(), electors=(), positions=(), answers={}, commitments=(), ratifications=(),
        why_few_options="", money_minor=None, payer=None,
        checklist=replace(page.decision.checklist, review_on=None),
    )  # fmt: skip
    return replace(
        page, decision=decision, question="", computed=page.unread, seats=(), sitting={}, is_whole=False,
        chain=closed_alone(page.chain), after=cut_after(page.after, actor, page.id),
    )  # fmt: skip
