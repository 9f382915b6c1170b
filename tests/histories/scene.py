"""What every act of a history works on: the governed meeting, and what the oracle was told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import select

from governance.calendar.sandbox.client import SandboxError
from governance.domain.errors import GovernanceError
from governance.models import Address, Department, KeptSeat, Occurrence, Seat, StandIn
from governance.reconcile.plan import checksum_of
from governance.services import approvals, ledger
from governance.store.seen_series import load_pictures
from tests.histories import oracle
from tests.histories.calendar_view import Shown, coming_events, week_of
from tests.histories.fate import Fate
from tests.histories.oracle import Told
from tests.histories.watching import Watch
from tests.support.governed import CHAIR, DELEGATES, DEPUTIES, SERIES, ZONE, Governed

T = TypeVar("T")
SEATS = (*DELEGATES, "Sales")
DELEGATED = tuple(DELEGATES.values())
PEOPLE = (*DELEGATED, *DEPUTIES.values(), "priya@example.com", "nina@example.com", "omar@example.com")
STRANGERS = ("mallory@elsewhere.org", "trent@elsewhere.org", "zoe@example.com")
CHARTERS = ("We decide for the customers.", "One seat, one voice & one <promise>.")


@dataclass
class Scene:
    governed: Governed
    told: Told
    watch: Watch
    fate: Fate = field(default_factory=Fate)
    base: str = SERIES
    paused: bool = False
    aimed_at: str | None = None
    charter: str = CHARTERS[0]
    modes: dict[str, str] = field(default_factory=dict)
    relinked: int = 0
    complaints: list[str] = field(default_factory=list)

    def coming(self) -> list[Shown]:
        return coming_events(self.governed.control, self.base, self.governed.now)

    def _is_lost(self) -> bool:
        return not self.coming()

    def _event_or_none(self, event_id: str) -> dict[str, Any] | None:
        try:
            event: dict[str, Any] = self.governed.event(event_id)
        except SandboxError:
            return None
        return event

    def _baseline(self, coming: list[Shown]) -> set[str]:
        """Of the series that have an occurrence to come, as the product remembers it."""
        with self.governed.database.reading() as session:
            shown = load_pictures(session, self.governed.meeting_id, self.governed.now)
        living = {one.series for one in coming}
        return {address for one in shown if one.event_id in living for address in one.baseline or ()}

    def _learn_of_declines(self) -> None:
        """Which deputies sit because of a decline, as recorded; whether that is right is the oracle's business.

        Likewise which seats are no longer kept; that one is kept takes somebody who took a stand-in back.
        """
        with self.governed.database.reading() as session:
            rows = session.execute(
                select(Occurrence.original_start, Department.name, Address.folded)
                .join(StandIn, StandIn.occurrence_id == Occurrence.id)
                .join(Seat, Seat.id == StandIn.seat_id)
                .join(Department, Department.id == Seat.department_id)
                .join(Address, Address.person_id == StandIn.person_id)
                .where(StandIn.cause == "decline")
            ).all()
            kept = session.execute(
                select(Occurrence.original_start, Department.name)
                .join(KeptSeat, KeptSeat.occurrence_id == Occurrence.id)
                .join(Seat, Seat.id == KeptSeat.seat_id)
                .join(Department, Department.id == Seat.department_id)
            ).all()
        named = {key: one for key, one in self.told.stand_ins.items() if not one.by_decline}
        sitting = {(week_of(start), seat): oracle.StandIn(who, by_decline=True) for start, seat, who in rows}
        self.told.stand_ins = named | sitting
        self.told.kept &= {(week_of(start), seat) for start, seat in kept}

    def _ledger_length(self) -> int:
        with self.governed.database.reading() as session:
            return ledger.head(session, self.governed.meeting_id).seq

    def _done(self, act: Callable[[Any, Any], T]) -> T | None:
        """One act of somebody on a page or at the command line: done, or refused as a whole."""
        try:
            with self.governed.database.writing() as session:
                return act(session, self.governed.meeting(session))
        except GovernanceError:
            return None

    @property
    def _how(self) -> dict[str, Any]:
        return {"actor": "test", "now": self.governed.now}

    @property
    def today(self) -> date:
        return self.governed.now.astimezone(ZoneInfo(ZONE)).date()

    def _approved(self) -> bool:
        """What the page shows as held, if anything is."""
        keys = approvals.held_keys(self.governed.stored().plan_json)
        if not keys:
            return False
        checksum = checksum_of(keys)
        self._done(
            lambda s, m: approvals.approve(s, m, checksum or "", keys, by=CHAIR, source="t", now=self.governed.now)
        )
        self.watch.approvals.append((self.governed.now, frozenset(keys)))
        return True


def pick(values: Sequence[T], number: int) -> T:
    return values[number % len(values)]
