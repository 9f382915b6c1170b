"""An act on one decision: which one it is, who acts, how it is noted, and the state that follows from it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from governance.domain.access import Actor
from governance.domain.decisions.life import state_of
from governance.domain.decisions.values import Decision, State
from governance.domain.ledger import Confidentiality
from governance.models import Decision as Row
from governance.models import Meeting
from governance.services.attendance.reading import Settings, settings_of
from governance.services.decisions.reading import decision_value
from governance.services.decisions.refusals import ChangedSince, DecisionRefused, NoDecision
from governance.services.decisions.searching import refresh_search_text
from governance.services.ledger import record
from governance.store import decisions as store
from governance.store.meetings import lock_meeting


@dataclass(slots=True)
class Doing:
    """An act on one decision; `actor` as the ledger names people, `who` is asked for rights.

    `value` is the decision as it was when the act began; `again` reads it anew with what the act has added.
    """

    session: Session
    meeting: Meeting
    row: Row
    value: Decision
    settings: Settings
    actor: str
    who: Actor
    source: str
    now: datetime

    def again(self) -> Decision:
        self.session.flush()
        self.value = decision_value(self.session, self.row)
        return self.value

    def settle(self) -> State:
        """Keep the state that follows from everything said by now, and what it is found by."""
        state = state_of(self.again())
        refresh_search_text(self.session, self.row, self.value)
        if self.row.state != state.value:
            self.row.state = state.value
        return state

    def require(self, states: Iterable[State], remedy: str) -> None:
        """Refuse the act where the decision is in another state.

        Raises:
            DecisionRefused: it is.
        """
        state = state_of(self.value)
        if state not in set(states):
            raise DecisionRefused(remedy, f"the decision is {SAID[state]}")

    def require_version(self, version: int | None) -> None:
        """Whoever saves saw what is there now.

        Raises:
            ChangedSince: somebody else saved meanwhile.
        """
        if version is not None and version != self.row.version:
            raise ChangedSince

    def note(
        self,
        act: str,
        *,
        subject: str | None = None,
        confidentiality: Confidentiality = Confidentiality.SEATS,
        **more: Any,
    ) -> None:
        """Record it; what somebody thinks of the decision is never in the ledger, only that they said something."""
        record(
            self.session, at=self.now, actor=self.actor, source=self.source, act=act,
            subject=subject or f"decision:{self.row.id}", meeting_id=self.meeting.id, confidentiality=confidentiality,
            **more,
        )  # fmt: skip


SAID = {
    State.DRAFT: "a draft",
    State.OPEN: "open",
    State.DECIDED: "decided",
    State.AWAITING: "waiting for a sponsor’s word",
    State.COMMITTED: "committed to",
    State.CLOSED: "closed",
    State.WITHDRAWN: "withdrawn",
}
"""As it stands in a sentence."""


def begin(session: Session, meeting: Meeting, ref: str, *, actor: str, who: Actor, source: str, now: datetime) -> Doing:
    """The decision by its number or identifier; nobody else acts on the meeting until the transaction ends.

    Raises:
        NoDecision: the meeting has none such.
    """
    lock_meeting(session, meeting)
    row = store.decision_of(session, meeting.id, ref)
    if row is None:
        raise NoDecision
    value = decision_value(session, row)
    return Doing(session, meeting, row, value, settings_of(session, meeting.id), actor, who, source, now)
