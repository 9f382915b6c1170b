"""Delivers what is due: claims some rows, opens one connection for them, and sends one mail after the other.

    claim ─► connect ─► ( begin ─► build ─► send ─► settle ) …

`begin` and `settle` are transactions; the wire is touched between them only. Whatever happens to one mail, the next
one gets its turn; trouble with the server as such ends the round, and the next one begins after a rest that grows.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable

from governance.database import DatabaseUnavailable, Sessions
from governance.mail.building import Mail
from governance.mail.ports import Connection, Later, Outcome, Sent, Transport, Unclear, Unreachable
from governance.mail.ready import Ready
from governance.services import delivery
from governance.services.delivery import Asking, Begun, Settled
from governance.services.mail_context import Office
from governance.store.deliveries import Claim

log = logging.getLogger(__name__)

LONGEST_REST = 300.0
_AGAIN_SECONDS = 0.2
"""How soon an outcome is written down again that the database did not take."""

Build = Callable[[Mail], Ready]


class Deliverer:
    """One worker's deliveries, in one thread. `rests_until` (monotonic) is when the server may be tried again."""

    def __init__(
        self,
        sessions: Sessions,
        transport: Transport,
        build: Build,
        office: Office,
        *,
        worker: str,
        stopping: threading.Event,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self.rests_until = float("-inf")
        self._sessions = sessions
        self._transport = transport
        self._build = build
        self._office = office
        self._worker = worker
        self._stopping = stopping
        self._monotonic = monotonic
        self._troubles = 0
        self._claims: deque[Claim] = deque()

    def is_resting(self) -> bool:
        return self._monotonic() < self.rests_until

    def deliver(self) -> int:
        """Everything that is due, as far as the server lets us; how many mails were looked after.

        Raises:
            DatabaseUnavailable: what was begun is taken up again at the next call, or by whoever comes first.
        """
        done = 0
        self._give_back(None)
        while not self._stopping.is_set() and not self.is_resting():
            with self._sessions.writing() as session:
                self._claims.extend(delivery.claim(session, self._worker, self._office))
            if not self._claims:
                break
            done += self._round()
        return done

    def _round(self) -> int:
        """One connection; what is left over is given back."""
        done, why = 0, None
        try:
            with self._transport.connect() as connection:
                while self._claims and not self._stopping.is_set():
                    claim = self._claims[0]
                    outcome = self._one(connection, claim)
                    if self._claims and self._claims[0] is claim:
                        self._claims.popleft()
                    done += 1
                    if _is_of_server(outcome):
                        self._note_trouble(outcome)
                        break
                    if outcome is not None:
                        self._troubles = 0
                    self._claims.extendleft(reversed(self._urgent()))
        except Unreachable as away:
            why = away.later
            self._note_trouble(why)
        self._give_back(why)
        return done

    def _one(self, connection: Connection, claim: Claim) -> Outcome | None:
        """One mail, from its claim to its end; None where nothing was to be sent."""
        try:
            begun = self._begin(claim)
            if isinstance(begun, Asking):
                found = connection.find(self._build(begun.mail).message_id)
                if isinstance(found, Sent):
                    log.info("found a mail that had gone out", extra={"mail": claim.id})
                    return self._settle(claim, found)
                begun = self._begin(claim, is_asked=True)
            if isinstance(begun, Settled):
                log.info("did not send a mail", extra={"mail": claim.id, "state": begun.state, "code": begun.code})
            if not isinstance(begun, Begun):
                return None
            ready = self._build(begun.mail)
        except (DatabaseUnavailable, Unreachable):
            raise
        except Exception as error:
            log.exception("a mail could not be put together", extra={"mail": claim.id})
            with self._sessions.writing() as session:
                delivery.fail(session, claim, "cannot-be-built", f"{type(error).__name__}: {error}"[:500])
            return None
        self._claims.popleft()  # from here on nobody may take it for unsent
        return self._settle(claim, self._sent(connection, ready, claim))

    def _begin(self, claim: Claim, *, is_asked: bool = False) -> Begun | Asking | Settled | None:
        with self._sessions.writing() as session:
            return delivery.begin(session, claim, self._office, worker=self._worker, is_asked=is_asked)

    def _sent(self, connection: Connection, ready: Ready, claim: Claim) -> Outcome:
        try:
            return connection.send(ready)
        except Exception as error:
            # The transports answer, whatever happens; one that does not leaves open how far it came.
            log.exception("a mail could not be sent", extra={"mail": claim.id})
            return Unclear(f"{type(error).__name__}: {error}"[:500])

    def _settle(self, claim: Claim, outcome: Outcome) -> Outcome:
        """Written down as soon as the database takes it: until then the row says that it is being sent."""
        settled = self._settled(claim, outcome)
        if settled is None:
            log.warning("left a mail to another worker", extra={"mail": claim.id})
            return outcome
        level = logging.INFO if settled.state == "sent" else logging.WARNING
        log.log(level, "tried to send a mail", extra={"mail": claim.id, "state": settled.state, "code": settled.code})
        return outcome

    def _settled(self, claim: Claim, outcome: Outcome) -> Settled | None:
        while True:
            try:
                with self._sessions.writing() as session:
                    return delivery.settle(session, claim, outcome, self._office)
            except DatabaseUnavailable:
                if self._stopping.wait(_AGAIN_SECONDS):
                    raise

    def _urgent(self) -> list[Claim]:
        """Whoever waits to sign in does not wait for the rest of a round."""
        if not self._claims:
            return []
        with self._sessions.reading() as session:
            if not delivery.is_urgent_due(session):
                return []
        with self._sessions.writing() as session:
            return delivery.claim(session, self._worker, self._office, only_urgent=True)

    def _give_back(self, why: Later | None) -> None:
        if not self._claims:
            return
        rest = max(self.rests_until - self._monotonic(), 0.0)
        with self._sessions.writing() as session:
            delivery.give_back(session, self._claims, why, self._office, rest=rest)
        self._claims.clear()

    def _note_trouble(self, outcome: Outcome | None) -> None:
        """The first time it is tried again at once: it may have been one mail's, or an idle connection's."""
        self._troubles += 1
        rest = 0.0 if self._troubles == 1 else min(2.0 ** (self._troubles - 2), LONGEST_REST)
        named = outcome.retry_after if isinstance(outcome, Later) else None
        self.rests_until = self._monotonic() + max(rest, named or 0.0)
        code = outcome.code if isinstance(outcome, Later) else "unclear"
        log.warning("the mail server is left alone", extra={"code": code, "seconds": round(max(rest, named or 0.0))})


def _is_of_server(outcome: Outcome | None) -> bool:
    """Whether the connection is of no use any more, or the server wants to be left alone."""
    return isinstance(outcome, Unclear) or (isinstance(outcome, Later) and outcome.is_server)
