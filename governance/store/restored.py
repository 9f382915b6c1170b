"""What is changed in a copy of the database, so that nothing old goes out of it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from sqlalchemy import Executable, delete, func, inspect, select, update
from sqlalchemy.orm import Session

from governance.models.calendar import Calendar
from governance.models.channel import Channel
from governance.models.errand import AdoptionDraft, Errand
from governance.models.lease import Lease
from governance.models.ledger import LedgerEntry
from governance.models.meeting import Meeting
from governance.models.outbox import Outbox
from governance.models.sign_in import SignInLink, WebSession
from governance.models.worker import Worker

UNSETTLED = ("waiting", "sending", "unclear")

_FENCES_APART = 10_000
"""So many changes of hands are assumed to have happened since the copy was made: a process that hung meanwhile and
wakes has a lower number than whoever takes over."""


def hold_mails(session: Session, meeting_id: UUID | None = None) -> int:
    """Every mail that is not settled waits for a person from now on; of one meeting, or of all. How many these were."""
    wanted = update(Outbox).where(Outbox.state.in_(UNSETTLED))
    if meeting_id is not None:
        wanted = wanted.where(Outbox.meeting_id == meeting_id)
    return _changed(
        session,
        wanted.values(
            state="held",
            hold="restored",
            retry_at=None,
            leased_by=None,
            leased_until=None,
            fence=Outbox.fence + _FENCES_APART,
        ),
    )


def mails_held(session: Session) -> int:
    """How many wait for that reason, whenever they began to."""
    wanted = select(func.count()).where(Outbox.state == "held", Outbox.hold == "restored")
    return session.scalar(wanted) or 0


def hold_meetings(session: Session) -> int:
    """Nothing is written to any invitation until a person confirms; all are looked at as soon as somebody looks."""
    session.execute(update(Calendar).values(dirty=True), execution_options=_AS_IT_IS)
    governed = update(Meeting).where(Meeting.released_at.is_(None))
    return _changed(session, governed.values(restored_hold=True, dirty=True, stirred=Meeting.stirred + 1))


def end_what_was_open(session: Session) -> None:
    """Nobody is signed in, nobody is at work, no errand is on its way, and no announcement of Google is relied upon."""
    session.execute(delete(WebSession), execution_options=_AS_IT_IS)
    session.execute(delete(SignInLink), execution_options=_AS_IT_IS)
    session.execute(delete(Errand), execution_options=_AS_IT_IS)
    session.execute(delete(AdoptionDraft), execution_options=_AS_IT_IS)
    session.execute(
        update(Lease).values(worker_id=None, fence=Lease.fence + _FENCES_APART), execution_options=_AS_IT_IS
    )
    session.execute(delete(Worker), execution_options=_AS_IT_IS)
    # Whether Google still knows these is unknown: another is opened at once, and they are stopped by its arrival.
    still_open = update(Channel).where(Channel.stopped_at.is_(None), Channel.renew_at.is_not(None))
    session.execute(still_open.values(renew_at=Channel.asked_at), execution_options=_AS_IT_IS)


def is_blank(session: Session) -> bool:
    """Whether nothing was ever done in this database, or it has no tables of ours at all."""
    if not inspect(session.connection()).has_table(LedgerEntry.__tablename__):
        return True
    return session.execute(select(LedgerEntry.id).limit(1)).first() is None


def _changed(session: Session, statement: Executable) -> int:
    done = session.execute(statement, execution_options=_AS_IT_IS)
    return int(cast(Any, done).rowcount)


_AS_IT_IS = {"synchronize_session": False}
