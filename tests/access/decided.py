"""Last week's agenda, a closed decision with everything that was said about it, and a promise, each with its word.

The stand-in of the situation sits at the next occurrence and was not there; the scribe's time to read is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models import (
    Action,
    ActionChange,
    AgendaItem,
    AgendaPlace,
    Challenge,
    Commitment,
    Decision,
    DecisionMark,
    DecisionOption,
    Elector,
    Meeting,
    MinutesApproval,
    ObjectionAnswer,
    Occurrence,
    Person,
    Position,
    PromiseQuestion,
    Ratification,
    SayDoRemark,
    Seat,
)
from tests.access.canaries import word

WITHDRAWN = UUID(int=8_003)
A_PROMISE, THEIR_PROMISE = UUID(int=8_001), UUID(int=8_002)
"""One of ours, and one of the foreign meeting."""


def plant_foreign_promise(session: Session, meeting: Meeting, owner: Person, now: datetime) -> None:
    day = now.date() + timedelta(days=20)
    session.add(Action(
        id=THEIR_PROMISE, meeting_id=meeting.id, owner_person_id=owner.id, text="Theirs", due_on=day, first_due_on=day,
        by="test", at=now,
    ))  # fmt: skip


def plant_decision(
    session: Session, meeting: Meeting, occurrence: Occurrence, seat: Seat, delegate: Person, sponsor: Person,
    now: datetime,
) -> None:  # fmt: skip
    of_seat = {"seat_id": seat.id, "person_id": delegate.id}
    said = {"by": "test", "at": now}
    item = AgendaItem(
        meeting_id=meeting.id, **of_seat, title=word("agenda item"), purpose="decide", papers=word("papers"),
        customer=word("agenda customer"), at=now,
    )  # fmt: skip
    session.add(item)
    session.flush()
    session.add(AgendaPlace(
        item_id=item.id, occurrence_id=occurrence.id, rank=1, outcome="treated", outcome_at=now,
        words=word("agenda outcome"),
    ))  # fmt: skip
    session.add(MinutesApproval(occurrence_id=occurrence.id, **said))
    decision = _decision(session, meeting, occurrence, item, delegate, now)
    of_decision = {"decision_id": decision.id, **said}
    session.add(DecisionOption(
        **of_decision, rank=0, text=word("option"), customer_effect=word("option effect"), cost=word("option cost"),
        risk=word("option risk"),
    ))  # fmt: skip
    session.add(Elector(
        decision_id=decision.id, **of_seat, department=word("department"), is_stand_in=False, is_empowered=True
    ))  # fmt: skip
    session.add_all(_said_before(decision, of_seat, now))
    position = Position(
        **of_decision, **of_seat, round=1, stance="object", source="own", reason=word("position reason"),
        removes=word("what would remove it"), interest=word("interest"),
    )  # fmt: skip
    session.add(position)
    session.flush()
    session.add(ObjectionAnswer(position_id=position.id, answer="declined", words=word("answer to objection"), **said))
    session.add(Commitment(
        **of_decision, **of_seat, pledge="needs", words=word("commitment"), reservation=word("reservation")
    ))  # fmt: skip
    session.add(Ratification(
        **of_decision, seat_id=seat.id, cause="subject", state="ratified", words=word("beyond the mandate"),
        sponsor_person_id=sponsor.id, answer_words=word("word of the sponsor"), answered_at=now, answered_by="test",
    ))  # fmt: skip
    session.flush()
    decision.state, decision.closed_at = "closed", now
    decision.number, decision.number_year, decision.number_seq = "D-2026-001", 2026, 1
    session.flush()
    session.add(DecisionMark(**of_decision, kind="kept", words=word("how it was kept")))
    session.add(Challenge(
        **of_decision, by_whom=word("challenger"), what=word("challenge"), answered_by=word("who answered"),
        outcome="stood",
    ))  # fmt: skip
    _action(session, meeting, decision, occurrence, seat, delegate, now)
    session.add(Decision(
        id=WITHDRAWN, meeting_id=meeting.id, title="Another", state="withdrawn", withdrawn_at=now,
        withdrawn_why=word("withdrawn"), **said,
    ))  # fmt: skip


def _said_before(decision: Decision, of_seat: dict[str, object], now: datetime) -> list[Position]:
    """Forty-nine positions of every kind, each with its words, before the one that stands."""
    stances = ("favour", "live", "object", "recuse", "silent", "hold")
    return [
        Position(
            decision_id=decision.id, **of_seat, round=1, stance=stance, source="own", by="test",
            reason=f"{number} {word('position reason')}", removes=f"{number} {word('what would remove it')}",
            interest=f"{number} {word('interest')}", at=now - timedelta(hours=50 - number),
            hold_until=now if stance == "hold" else None,
        )
        for number in range(49)
        for stance in [stances[number % len(stances)]]
    ]  # fmt: skip


def plant_foreign_decision(session: Session, meeting: Meeting, now: datetime) -> None:
    """One with the same number in a meeting that is not theirs."""
    session.add(Decision(
        meeting_id=meeting.id, title=word("foreign decision"), state="closed", opened_at=now, decided_at=now,
        closed_at=now, number="D-2026-001", number_year=2026, number_seq=1, by="test", at=now,
    ))  # fmt: skip


def _decision(
    session: Session, meeting: Meeting, occurrence: Occurrence, item: AgendaItem, delegate: Person, now: datetime
) -> Decision:
    found = Decision(
        meeting_id=meeting.id, occurrence_id=occurrence.id, item_id=item.id, title=word("decision"), by="test",
        question=word("decision question"), customer=word("decision customer"), at=now,
        why_few_options=word("why few options"), text=word("decision text"), customer_effect=word("customer effect"),
        teller=word("teller"), informed=word("informed"), owner_person_id=delegate.id,
        due_on=now.date() + timedelta(days=20), review_on=now.date() + timedelta(days=90), read_back_at=now,
        opened_at=now, revealed_at=now, decided_at=now, present=1, needed=1, held=1, search_text=word("decision"),
        open_search_text=word("decision"), customer_folded=word("decision customer"),
    )  # fmt: skip
    session.add(found)
    session.flush()
    return found


def _action(
    session: Session, meeting: Meeting, decision: Decision, occurrence: Occurrence, seat: Seat, delegate: Person,
    now: datetime,
) -> None:  # fmt: skip
    day = now.date() + timedelta(days=20)
    action = Action(
        id=A_PROMISE, meeting_id=meeting.id, decision_id=decision.id, occurrence_id=occurrence.id, seat_id=seat.id,
        owner_person_id=delegate.id, text=word("promise"), due_on=day, first_due_on=day, by="test", at=now,
        evidence=word("evidence"),
    )  # fmt: skip
    session.add(action)
    session.flush()
    session.add(ActionChange(action_id=action.id, kind="slipped", words=word("why it slipped"), by="test", at=now))
    session.add(PromiseQuestion(
        action_id=action.id, seat_id=seat.id, person_id=delegate.id, text=word("question about a promise"), at=now,
        answer=word("answer about a promise"), answered_by="test", answered_at=now,
    ))  # fmt: skip
    session.add(SayDoRemark(seat_id=seat.id, text=word("remark on say and do"), by="test", at=now))
