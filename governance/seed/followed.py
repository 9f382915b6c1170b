"""What became of promises: kept, slipped, late, asked about; and of decisions: kept or not, reviewed, replaced."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models import Action, Meeting
from governance.seed import cast, parts
from governance.seed.cast import Character
from governance.seed.decided import Decisions
from governance.seed.stage import PAGE, Scene, Stage
from governance.services.decisions import marking
from governance.services.promises import acting
from governance.services.promises.acting import Doing
from governance.store import promises as store

_KEPT: dict[int, tuple[tuple[str, Character, str], ...]] = {
    1: (("thaw", cast.AMARA, "Credit note of the full sum, and the delivery note of Thursday"),),
    2: (("windows", cast.EMRE, "A week with two windows; nobody has waited"),),
    4: (
        ("portal", cast.MEI, "Four accounts, each used since"),
        ("calls", cast.NADIA, "Nine of ten late tours were called ahead last week"),
    ),
    5: (
        ("prices", cast.EMRE, "Letter to both buyers, and a test invoice for each site"),
        ("Who reads the mails of the weekend?", cast.NADIA, "A roster for the next eight weekends"),
    ),
    6: (("complaints", cast.NADIA, "Answered on the same day: 31 of 34"),),
    8: (("minimum", cast.EMRE, "Signed by Lindner on Monday"),),
    9: (("surcharge", cast.AMARA, "Statement of the month, with the letter"),),
    11: (("messages", cast.ZOFIA, "All trucks but three send it by themselves"),),
}
"""By the week before whose meeting it was done: which promise, by whom, and how one sees it."""


class Followed:
    """Told with the weeks: what is said about promises and closed decisions between the meetings."""

    def __init__(self, stage: Stage, scene: Scene, decisions: Decisions) -> None:
        self._stage, self._scene, self._decisions = stage, scene, decisions

    def go_on(self, week: int) -> None:
        later = _LATER.get(week)
        if week not in _KEPT and later is None:
            return
        with self._stage.meeting(self._scene.slug) as (session, meeting):
            for key, owner, evidence in _KEPT.get(week, ()):
                doing = self._as(session, meeting, owner)
                acting.done(doing, self._promise(doing, key), evidence)
            if later is not None:
                later(self, session, meeting)

    def ask(self, now: datetime) -> None:
        """What is still in the air today: a promise that is late, and a question about it."""
        with self._stage.meeting(self._scene.slug) as (session, meeting):
            person = self._stage.person(session, cast.MEI)
            seat = parts.seat_named(self._stage, session, meeting, "IT Security")
            doing = self._as(session, meeting, cast.MEI, now)
            late = self._promise(self._as(session, meeting, cast.NADIA, now), "kitchens")
            acting.ask(
                doing, late.id, "Which two people are it, and who sits in for them?", seat=seat, person=person.id
            )
            for text, owner, department, days in _SMALL:
                owning = self._stage.person(session, owner).id
                seat = parts.seat_named(self._stage, session, meeting, department)
                due = (now + timedelta(days=days)).date()
                acting.make(self._as(session, meeting, owner, now), text, owning, due, seat=seat)

    def _slip(self, session: Session, meeting: Meeting) -> None:
        doing = self._as(session, meeting, cast.EERO)
        promise = self._promise(doing, "herring")
        acting.slip(doing, promise, self._scene.day(9) + timedelta(days=7), "Two of nine shifts could not be filled")
        asking = self._as(session, meeting, cast.AMARA)
        seat = parts.seat_named(self._stage, session, meeting, "Finance")
        question = acting.ask(asking, promise.id, "Is the rest of the money still needed?", seat=seat, person=None)
        acting.answer(doing, promise, question.id, "No: 11,000 of it come back")

    def _not_kept(self, session: Session, meeting: Meeting) -> None:
        owning = self._as(session, meeting, cast.EERO)
        acting.done(owning, self._promise(owning, "herring"), "Four weeks of shifts, two of them short")
        doing = self._decisions.doing(session, meeting, "herring", self._stage.now)
        marking.mark_kept(doing, is_kept=False, words="Every ninth order left a day late: two shifts stayed empty")
        doing = self._decisions.doing(session, meeting, "minimum", self._stage.now)
        raised = marking.challenge(doing, cast.LEADER.name, "Why do we carry half-empty tours for two shops?")
        session.flush()
        marking.settle_challenge(doing, raised.id, cast.EMRE.name, has_stood=True)

    def _kept(self, session: Session, meeting: Meeting) -> None:
        doing = self._decisions.doing(session, meeting, "thaw", self._stage.now)
        marking.mark_kept(doing, is_kept=True, words="Nordlys has renewed for two years")

    def _reviewed(self, session: Session, meeting: Meeting) -> None:
        now = self._stage.now
        doing = self._decisions.doing(session, meeting, "portal", now)
        marking.review(doing, "Signed on day nineteen; no account had to end", now.date() + timedelta(weeks=13))
        doing = self._decisions.doing(session, meeting, "calls", now)
        marking.supersede(doing, UUID(self._decisions.refs["messages"]))

    def _as(self, session: Session, meeting: Meeting, who: Character, now: datetime | None = None) -> Doing:
        """Each for themselves; the meeting is locked already by whoever began the transaction."""
        person = self._stage.person(session, who)
        return acting.begin(
            session, meeting, actor=f"person:{person.id}", by=person.name, who=parts.by_themselves(meeting, person),
            source=PAGE, now=now or self._stage.now,
        )  # fmt: skip

    def _promise(self, doing: Doing, key: str) -> Action:
        """The one that the decision of that name has made, else the open one with that text."""
        session, meeting, ref = doing.session, doing.meeting.id, self._decisions.refs.get(key)
        if ref is not None:
            [row] = store.of_decision(session, meeting, UUID(ref))
        else:
            [row] = [one for one in store.lines(session, meeting, settled_since=doing.now, limit=99) if one.text == key]
        return acting.find(doing, row.id)


_LATER: dict[int, Callable[[Followed, Session, Meeting], None]] = {
    6: Followed._kept,
    9: Followed._slip,
    10: Followed._reviewed,
    11: Followed._not_kept,
}

_SMALL = (
    ("Send the drivers of Voss the list of depots with a spare unit", cast.PIOTR, "Operations", 6),
    ("Tell Ostebod when they hear about the meals", cast.ZOFIA, "Product", 9),
)
"""Promises made between the meetings, still to come."""
