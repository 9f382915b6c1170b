"""What was on the agenda of each week, who brought it, and what became of it.

    two days before: items by the seats   →   in the meeting: treated, given away, or left for the next week

An item that is left without a word comes back by itself, as in life.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.agenda import Outcome, Purpose
from governance.models import Meeting
from governance.seed import cast, parts
from governance.seed.case import Case
from governance.seed.stage import PAGE, Scene, Stage
from governance.seed.topics import TOPICS, Topic
from governance.services.agenda import acting
from governance.services.agenda.acting import Fate, Wording
from governance.services.agenda.doing import Doing, begin


@dataclass(slots=True)
class Agendas:
    """`items` are those brought until now, by what they are called in the story."""

    stage: Stage
    scene: Scene
    items: dict[str, UUID] = field(default_factory=dict)

    def bring(self, session: Session, meeting: Meeting, week: int, cases: Iterable[Case], now: datetime) -> None:
        doing = self._begin(session, meeting, week, now)
        for case in cases:
            self._as_delegate(doing, case.department, week)
            wording = Wording(case.title, Purpose.DECIDE, case.minutes, case.papers, case.customer)
            self.items[case.key] = acting.add(doing, wording)
        for topic in (one for one in TOPICS if one.week == week):
            self._as_delegate(doing, topic.department, week)
            wording = Wording(topic.title, topic.purpose, topic.minutes, topic.papers, topic.customer)
            self.items[topic.title] = acting.add(doing, wording)

    def settle(self, session: Session, meeting: Meeting, week: int, cases: Iterable[Case], now: datetime) -> None:
        """At the end of the meeting, by the chair."""
        doing = self._begin(session, meeting, week, now)
        for case in cases:
            acting.settle(doing, self.items[case.key], Fate(Outcome.TREATED))
        for topic in (one for one in TOPICS if one.until == week):
            acting.settle(doing, self.items[topic.title], self._fate(session, topic, now))

    def _begin(self, session: Session, meeting: Meeting, week: int, now: datetime) -> Doing:
        chair = self.stage.person(session, cast.CHAIR)
        return begin(
            session, meeting, self.scene.start(week).isoformat(), actor=f"person:{chair.id}",
            who=parts.leading(meeting, chair), source=PAGE, now=now, by=chair.name,
        )  # fmt: skip

    def _as_delegate(self, doing: Doing, department: str, week: int) -> None:
        person = self.stage.person(doing.session, parts.delegate_in(department, week))
        seat = parts.seat_named(self.stage, doing.session, doing.meeting, department)
        doing.who, doing.by = parts.sitting(doing.meeting, seat, person.id), person.name
        doing.actor = f"person:{person.id}"

    def _fate(self, session: Session, topic: Topic, now: datetime) -> Fate:
        if topic.to is None:
            return Fate(topic.outcome, topic.words)
        person = self.stage.person(session, topic.to)
        return Fate(topic.outcome, topic.words, person.id, (now + topic.within).date())
