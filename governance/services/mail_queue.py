"""Mails that wait for a person: which they are, and what the person says about them.

A worker takes no mail but a waiting one. So to release a mail is to let it wait again, with the word of a person that
it is to go out however late; to drop one is the end of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance import bell
from governance.domain.errors import GovernanceError
from governance.domain.people import checked_address
from governance.models.outbox import Outbox
from governance.services.ledger import record
from governance.services.recording import COMMAND
from governance.store import mail_queue as store
from governance.store.system_page import TROUBLED

OPERATOR = "operator"

_SHORTEST = 4
_OVER = {"sent": "it was sent", "dropped": "it was dropped", "sending": "it is being sent at this moment"}


class NoSuchMail(GovernanceError):
    """The id, or the beginning of one, stands for no mail or for several."""

    def __init__(self, given: str, why: str) -> None:
        super().__init__("Choose an id that `governance mail list` shows, or enough of its beginning", f"{given} {why}")


class MailSettled(GovernanceError):
    """There is nothing to decide about the mail any more, or not now."""

    def __init__(self, mail: Outbox) -> None:
        remedy = "Try again in a minute" if mail.state == "sending" else "Leave it out"
        super().__init__(remedy, f"of {mail.id} there is nothing to decide: {_OVER[mail.state]}")


class StillUndeliverable(GovernanceError):
    """The mail would fail again at once."""

    def __init__(self, address: str) -> None:
        remedy = f"Run `governance mail undeliverable --clear {address}` first, if it was mended"
        super().__init__(remedy, f"the mail server refused {address} for good")


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuedMail:
    id: UUID
    state: str
    hold: str | None
    kind: str
    meeting: str | None
    address: str
    due_at: datetime
    may_be_out: bool
    """A sending of it began once, and nobody knows how that ended."""
    problem: str | None


@dataclass(frozen=True, slots=True)
class RefusedAddress:
    address: str
    since: datetime
    why: str


def list_mails(session: Session, states: Iterable[str] = TROUBLED) -> list[QueuedMail]:
    """The longest due first; a thousand at most."""
    return [
        QueuedMail(
            id=row.id,
            state=row.state,
            hold=row.hold,
            kind=row.kind,
            meeting=slug,
            address=row.address,
            due_at=row.due_at,
            may_be_out=row.begun_at is not None,
            problem=row.problem_text or row.problem_code,
        )
        for row, slug in store.listed(session, states)
    ]


def release(
    session: Session, ids: Sequence[UUID], *, by: str, now: datetime, actor: str = OPERATOR, source: str = COMMAND
) -> int:
    """They go out as soon as a worker comes to them; a mail that waits already goes at once, too.

    Raises:
        MailSettled, StillUndeliverable: then none of them is released.
    """
    mails = _unsettled(session, ids)
    refused = store.undeliverable_at(session, {mail.address for mail in mails})
    if refused:
        raise StillUndeliverable(refused[0].address)
    for mail in mails:
        _note(session, mail, "mail-released", now, actor, source)
        mail.state, mail.hold, mail.settled_by = "waiting", None, by
        mail.due_at, mail.retry_at, mail.attempts = now, None, 0
        mail.problem_code = mail.problem_text = None
    session.flush()
    if mails:
        bell.ring(session)
    return len(mails)


def drop(
    session: Session,
    ids: Sequence[UUID],
    *,
    by: str,
    now: datetime,
    why: str | None = None,
    actor: str = OPERATOR,
    source: str = COMMAND,
) -> int:
    """They are never sent.

    Raises:
        MailSettled: then none of them is dropped.
    """
    mails = _unsettled(session, ids)
    for mail in mails:
        _note(session, mail, "mail-dropped", now, actor, source, why)
        mail.state, mail.hold, mail.settled_by, mail.retry_at = "dropped", None, by, None
    session.flush()
    return len(mails)


def all_held(session: Session) -> list[UUID]:
    return store.held_ids(session)


def mail_ids(session: Session, given: Iterable[str]) -> list[UUID]:
    """Ids as people write them: whole, or so much of the beginning that only one begins so.

    Raises:
        NoSuchMail: one of them stands for none, or for several.
    """
    return list(dict.fromkeys(_mail_id(session, one) for one in given))


def refused_addresses(session: Session) -> list[RefusedAddress]:
    return [
        RefusedAddress(row.address, row.since, row.problem_text or row.problem_code)
        for row in store.undeliverable(session)
    ]


def clear_address(
    session: Session, address: str, *, now: datetime, actor: str = OPERATOR, source: str = COMMAND
) -> bool:
    """Mails may be sent there again; False where they may already."""
    found = store.undeliverable_at(session, [checked_address(address)])
    for row in found:
        record(
            session,
            at=now,
            actor=actor,
            source=source,
            act="address-cleared",
            subject=f"undeliverable:{row.id}",
            after={"address": row.address},
        )
        session.delete(row)
    session.flush()
    return bool(found)


def _unsettled(session: Session, ids: Sequence[UUID]) -> list[Outbox]:
    mails = store.mails_to_settle(session, ids)
    for mail in mails:
        if mail.state in _OVER:
            raise MailSettled(mail)
    return mails


def _mail_id(session: Session, given: str) -> UUID:
    digits = given.strip().lower().replace("-", "")
    if not re.fullmatch(f"[0-9a-f]{{{_SHORTEST},32}}", digits):
        raise NoSuchMail(given[:40], "is none")
    found = store.ids_between(session, UUID(digits.ljust(32, "0")), UUID(digits.ljust(32, "f")))
    if len(found) != 1:
        raise NoSuchMail(given[:40], "begins several" if found else "is none")
    return found[0]


def _note(
    session: Session, mail: Outbox, act: str, now: datetime, actor: str, source: str, why: str | None = None
) -> None:
    record(
        session,
        at=now,
        actor=actor,
        source=source,
        act=act,
        subject=f"mail:{mail.id}",
        meeting_id=mail.meeting_id,
        before={"state": mail.state, "hold": mail.hold},
        after={"kind": mail.kind, "to": mail.address},
        why=why,
    )
