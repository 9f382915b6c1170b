"""The weeks of Customer Decisions as its own pages know them: agendas, decisions, minutes, and what became of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from governance.seed import attended, cast
from governance.seed.agendas import Agendas
from governance.seed.case import Case
from governance.seed.cases import EARLIER
from governance.seed.decided import Decisions
from governance.seed.followed import Followed
from governance.seed.later_cases import AWAITING, DRAFT, LATER, OPEN, TO_CLOSE
from governance.seed.stage import PAGE, Scene, Stage
from governance.services.minutes.approving import approve

CLOSED = (*EARLIER, *LATER)
EVERY = (*CLOSED, AWAITING, TO_CLOSE, OPEN, DRAFT)
RATIFIED = "trailer"
"""The one that a sponsor has ratified, and that was closed a day later for it."""


class Weeks:
    """Told week by week: `prepare` two days before a meeting, `meet` when people have come."""

    def __init__(self, stage: Stage, scene: Scene) -> None:
        self._stage, self._scene = stage, scene
        self._agendas, self._decisions = Agendas(stage, scene), Decisions(stage, scene)
        self._followed = Followed(stage, scene, self._decisions)

    def prepare(self, week: int, *, is_last_approved: bool = True) -> None:
        """The seats bring what they have, and the chair approves the minutes of the week before."""
        if week == attended.HOLIDAY:
            return
        now, new = self._stage.now, [one for one in EVERY if one.first == week]
        with self._stage.meeting(self._scene.slug) as (session, meeting):
            self._agendas.bring(session, meeting, week, new, now)
            for case in new:
                self._decisions.draft(session, meeting, case, self._agendas.items[case.key], now)
        if is_last_approved:
            self._approve_minutes(week - 2 if week - 1 == attended.HOLIDAY else week - 1)
        self._followed.go_on(week)

    def meet(self, week: int) -> None:
        if week == attended.HOLIDAY:
            return
        start = self._stage.now - timedelta(minutes=55)
        with self._stage.meeting(self._scene.slug) as (session, meeting):
            now = start + timedelta(minutes=6)
            cases = _in_week(week)
            for case in cases:
                if case in (AWAITING, TO_CLOSE):
                    self._decisions.wait(
                        session, meeting, case, now, silent="Product" if case is TO_CLOSE else ""
                    )  # fmt: skip
                else:
                    self._decisions.meet(session, meeting, case, now)
                now += timedelta(minutes=15)
                if case.key == RATIFIED:
                    words = "The board has planned for it; I take it to them myself"
                    self._decisions.ratify(session, meeting, case, start + timedelta(hours=26), words)
            self._agendas.settle(session, meeting, week, cases, start + timedelta(minutes=54))

    def open_the_next(self, now: datetime) -> None:
        """Ahead of the next meeting: four seats have spoken, the objection among them."""
        with self._stage.meeting(self._scene.slug) as (session, meeting):
            said_by = ("Customer Care", "Finance", "IT Security", "Legal")
            self._decisions.open(session, meeting, OPEN, now, said_by)
        self._followed.ask(now + timedelta(hours=5))

    def _approve_minutes(self, week: int) -> None:
        if week < 0:
            return
        with self._stage.meeting(self._scene.slug) as (session, meeting):
            approve(
                session, meeting, self._scene.day(week), by=cast.CHAIR.name,
                actor=self._stage.actor(session, cast.CHAIR), source=PAGE, now=self._stage.now,
            )  # fmt: skip


def _in_week(week: int) -> list[Case]:
    return [one for one in (*CLOSED, AWAITING, TO_CLOSE) if one.week == week]
