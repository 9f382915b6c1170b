"""Recording what was done, and proving that the record is whole.

`record` only collects: the entries are chained when the transaction is about to end, because from the moment its
head row is locked a chain belongs to one writer alone. Chains are locked in the order of their names, so that two
writers with several chains each cannot wait for one another.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from governance.domain.errors import GovernanceError
from governance.domain.ledger import (
    ERASURE,
    GENESIS,
    SALT_BYTES,
    SITE,
    ChainReport,
    Confidentiality,
    LedgerLine,
    LedgerPosition,
    StoredEntry,
    StoredHead,
    canonical_json,
    chain_of,
    entry_hash,
    meeting_of,
    payload_digest,
    verify_chain,
)
from governance.models.identifiers import new_id
from governance.models.types import instant_text
from governance.store import ledger as store


class RecordingSession(Session):
    """A writing session: what is recorded inside a savepoint that is rolled back was never recorded."""


class NoSuchEntry(GovernanceError):
    """There is no entry of that chain and number whose payload could be erased."""

    def __init__(self, chain: str, seq: int) -> None:
        super().__init__(
            "Choose an entry that still has its payload", f"{chain}:{seq} does not exist or is erased already"
        )
        self.chain, self.seq = chain, seq


def record(
    session: Session,
    *,
    at: datetime,
    actor: str,
    source: str,
    act: str,
    subject: str,
    meeting_id: UUID | None = None,
    confidentiality: Confidentiality = Confidentiality.SEATS,
    before: Any = None,
    after: Any = None,
    why: str | None = None,
) -> None:
    """Note one act, for the meeting's chain or the site's; it is appended just before the transaction ends.

    Names, addresses and free text belong in `before`, `after` and `why`, which can be erased; `actor`, `source`,
    `act` and `subject` are words and identifiers.
    """
    _refuse_addresses(actor, source, act, subject)
    pending = session.info.get(_PENDING)
    if pending is None:
        raise RuntimeError("Open the session with Database.writing(): nothing recorded in any other is kept.")
    body = canonical_json({"before": before, "after": after, "why": why})
    words = (instant_text(at), actor, source, act, subject, Confidentiality(confidentiality).value)
    pending.append(_Pending(chain_of(meeting_id), meeting_id, at, words, body))


def head(session: Session, meeting_id: UUID | None) -> LedgerPosition:
    """The last position of the meeting's chain or, without a meeting, the site's."""
    return store.head(session, meeting_id)


def latest(session: Session, meeting_id: UUID | None, limit: int) -> list[LedgerLine]:
    """The newest entries of the chain, newest first, with what is left of their payloads."""
    return store.latest(session, meeting_id, limit)


def latest_of(
    session: Session, meeting_id: UUID, actor: str, *, source: str, since: datetime, limit: int
) -> list[LedgerLine]:
    """What somebody did in the meeting since then, newest first: nothing is read of what others did."""
    return store.latest_of(session, meeting_id, actor, source, since, limit)


def erase(
    session: Session, chain: str, seq: int, at: datetime, *, actor: str = "operator", source: str = "erasure"
) -> None:
    """Erase before, after and why of one entry for good, and record in the same chain that this was done."""
    if not store.erase_payload(session, chain, seq, at):
        raise NoSuchEntry(chain, seq)
    record(session, at=at, actor=actor, source=source, act=ERASURE, subject=str(seq), meeting_id=meeting_of(chain))


def verify(session: Session, head: LedgerPosition | Iterable[LedgerPosition] | None = None) -> list[ChainReport]:
    """Judge every chain, also against positions remembered elsewhere: the site's first, the meetings' after it."""
    remembered = [] if head is None else [head] if isinstance(head, LedgerPosition) else list(head)
    with store.damaged_text_readable(session):
        heads = {stored.chain: stored for stored in store.stored_heads(session)}
        chains = heads.keys() | store.stored_chains(session) | {position.chain for position in remembered}
        named = sorted(chain for chain in chains if _is_a_name(chain))
        reports = [_verify_one(session, chain, heads, remembered) for chain in sorted(named, key=SITE.__ne__)]
        nameless = [_nameless(chain) for chain in sorted(chains.difference(named), key=repr)]
        return reports + nameless + _stray_payloads(session)


def collect(session: Session) -> None:
    """From now on this session records."""
    session.info[_PENDING] = []
    session.info[_MARKS] = WeakKeyDictionary()


def append_collected(session: Session) -> None:
    """Chain what was collected: one locking read, two inserts and one update per chain, however many entries."""
    collected = sorted(session.info[_PENDING], key=attrgetter("chain"))
    session.info[_PENDING] = []
    for _, entries in groupby(collected, key=attrgetter("chain")):
        _append(session, list(entries))


_PENDING = "ledger entries not yet chained"
_MARKS = "ledger entries before each savepoint"


@dataclass(frozen=True, slots=True)
class _Pending:
    chain: str
    meeting_id: UUID | None
    at: datetime
    words: tuple[str, ...]
    body: str


def _refuse_addresses(*words: str) -> None:
    for word in words:
        if "@" in word:
            raise ValueError(f"Put {word!r} into before, after or why: an address must be erasable.")


def _append(session: Session, pending: list[_Pending]) -> None:
    position = store.lock_head(session, pending[0].meeting_id)
    entries: list[dict[str, Any]] = []
    payloads: list[dict[str, Any]] = []
    for one in pending:
        entry = _chained(one, after=position)
        position = LedgerPosition(position.chain, entry.seq, entry.hash)
        entries.append(_entry_row(entry, one.at))
        payloads.append({"entry_id": UUID(entry.id), "salt": entry.salt, "body_json": entry.body})
    store.append(session, entries, payloads, position)


def _chained(pending: _Pending, *, after: LedgerPosition) -> StoredEntry:
    salt, identifier = secrets.token_bytes(SALT_BYTES), new_id().hex
    at, actor, source, act, subject, confidentiality = pending.words
    entry = StoredEntry(
        id=identifier,
        chain=pending.chain,
        seq=after.seq + 1,
        at=at,
        actor=actor,
        source=source,
        act=act,
        subject=subject,
        confidentiality=confidentiality,
        payload_digest=payload_digest(salt, pending.body),
        previous_hash=after.hash,
        hash=None,
        payload_of=identifier,
        salt=salt,
        body=pending.body,
        erased_at=None,
    )
    return entry._replace(hash=entry_hash(entry))


def _entry_row(entry: StoredEntry, at: datetime) -> dict[str, Any]:
    row = dict(zip(entry._fields[:12], entry[:12], strict=True))
    return row | {"id": UUID(entry.id), "at": at}


def _is_a_name(chain: Any) -> bool:
    """Whether a chain can have been named so by us: the names of damaged rows need not even be text."""
    return isinstance(chain, str) and chain.isascii()


def _verify_one(
    session: Session, chain: str, heads: dict[Any, StoredHead], remembered: list[LedgerPosition]
) -> ChainReport:
    known = [position for position in remembered if position.chain == chain]
    return verify_chain(chain, store.stored_entries(session, chain), head=heads.get(chain), remembered=known)


def _nameless(chain: Any) -> ChainReport:
    name = ascii(chain)
    return ChainReport(name, 0, LedgerPosition(name, 0, GENESIS), 1, f"No chain was ever named {name}.")


def _stray_payloads(session: Session) -> list[ChainReport]:
    strays = store.count_stray_payloads(session)
    if not strays:
        return []
    problem = f"{strays} payload{'' if strays == 1 else 's'} belong{'s' if strays == 1 else ''} to no entry."
    return [ChainReport("payloads", strays, LedgerPosition("payloads", 0, GENESIS), 0, problem)]


@event.listens_for(RecordingSession, "after_transaction_create")
def _mark_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        session.info[_MARKS][transaction] = len(session.info[_PENDING])


@event.listens_for(RecordingSession, "after_soft_rollback")
def _forget_since_savepoint(session: Session, transaction: SessionTransaction) -> None:
    if transaction.nested:
        del session.info[_PENDING][session.info[_MARKS][transaction] :]
