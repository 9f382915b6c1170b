"""Reading and writing the ledger's rows; what they mean is decided in `governance.domain.ledger`."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Integer, Row, Select, String, bindparam, func, insert, select, type_coerce, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from sqlalchemy.types import NullType

from governance.domain.ledger import (
    GENESIS,
    Confidentiality,
    LedgerLine,
    LedgerPosition,
    StoredEntry,
    StoredHead,
    chain_of,
)
from governance.models.ledger import LedgerEntry, LedgerHead, LedgerPayload
from governance.models.types import UtcDateTime, instant_text
from governance.store.rows import rows_of
from governance.store.together import CHAIN, Question


def head(session: Session, meeting_id: UUID | None) -> LedgerPosition:
    """The last position of the chain; 0 where nothing was recorded yet."""
    chain = chain_of(meeting_id)
    found = session.execute(_head(chain)).one_or_none()
    return LedgerPosition(chain, *found) if found else LedgerPosition(chain, 0, GENESIS)


def lock_head(session: Session, meeting_id: UUID | None) -> LedgerPosition:
    """The last position, which nobody else moves until this transaction ends; starts the chain where there is none."""
    chain = chain_of(meeting_id)
    found = session.execute(_head(chain).with_for_update()).one_or_none()
    if found is None:
        _start(session, chain, meeting_id)
        found = session.execute(_head(chain).with_for_update()).one()
    return LedgerPosition(chain, *found)


def append(
    session: Session, entries: Sequence[dict[str, Any]], payloads: Sequence[dict[str, Any]], head: LedgerPosition
) -> None:
    """Add rows that were chained to the locked head, and move the head to the last of them."""
    session.execute(insert(LedgerEntry), entries)
    session.execute(insert(LedgerPayload), payloads)
    session.execute(
        update(LedgerHead).where(LedgerHead.chain == head.chain).values(seq=head.seq, hash=head.hash),
        execution_options={"synchronize_session": False},
    )


def erase_payload(session: Session, chain: str, seq: int, at: datetime) -> bool:
    """Whether there was a payload to erase."""
    entry_id = select(LedgerEntry.id).where(LedgerEntry.chain == chain, LedgerEntry.seq == seq).scalar_subquery()
    erased = session.execute(
        update(LedgerPayload)
        .where(LedgerPayload.entry_id == entry_id, LedgerPayload.erased_at.is_(None))
        .values(salt=None, body_json=None, erased_at=at),
        execution_options={"synchronize_session": False},
    )
    return bool(cast(Any, erased).rowcount)


def latest(session: Session, meeting_id: UUID | None, limit: int) -> list[LedgerLine]:
    """The newest entries of a chain with what is left of their payloads, newest first."""
    return lines_from(session.execute(newest_of_chain(limit), {"chain": chain_of(meeting_id)}))


def newest_of_chain(limit: int) -> Question:
    """To be asked with the name of the `chain`, for `lines_from`."""
    query = select(*_LINE).join(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
    return query.where(LedgerEntry.chain == CHAIN).order_by(LedgerEntry.seq.desc()).limit(limit)


def lines_from(rows: Iterable[Any]) -> list[LedgerLine]:
    """Newest first."""
    return [line_of(row, row.body_json, row.erased_at) for row in sorted(rows, key=lambda row: -int(row.seq))]


def latest_of(
    session: Session, meeting_id: UUID, actor: str, source: str, since: datetime, limit: int
) -> list[LedgerLine]:
    """The newest entries of the meeting that somebody made in one way since then, newest first."""
    wanted = {"chain": chain_of(meeting_id), "actor": actor, "source": source, "since": since, "limit": limit}
    return [line_of(row, row.body_json, row.erased_at) for row in rows_of(session, _latest_of(), wanted)]


_TOLD = ("chain", "seq", "hash", "at", "actor", "source", "act", "subject", "confidentiality")
"""What `line_of` reads of an entry."""


@cache
def _latest_of() -> Select[Any]:
    """Put together once: every look at a roster asks it."""
    chain, actor, source = (bindparam(name, type_=String()) for name in ("chain", "actor", "source"))
    entry = [getattr(LedgerEntry, name).label(name) for name in _TOLD]
    return (
        select(*entry, LedgerPayload.body_json, LedgerPayload.erased_at)
        .join(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
        .where(LedgerEntry.chain == chain, LedgerEntry.actor == actor)
        .where(LedgerEntry.source == source, LedgerEntry.at >= bindparam("since", type_=UtcDateTime()))
        .order_by(LedgerEntry.seq.desc())
        .limit(bindparam("limit", type_=Integer()))
    )


def stored_heads(session: Session) -> list[StoredHead]:
    heads = session.execute(
        select(*map(_raw, (LedgerHead.chain, LedgerHead.meeting_id, LedgerHead.seq, LedgerHead.hash)))
    )
    return [StoredHead._make(map(_text, row)) for row in heads]


def stored_chains(session: Session) -> set[Any]:
    return set(session.scalars(select(_raw(LedgerEntry.chain)).distinct()))


def stored_entries(session: Session, chain: Any) -> Iterator[StoredEntry]:
    """All entries of a chain by rising number, a thousand at a time, exactly as they lie in the database."""
    rows = session.execute(
        select(*map(_raw, _ENTRY_COLUMNS))
        .outerjoin(LedgerPayload, LedgerPayload.entry_id == LedgerEntry.id)
        .where(LedgerEntry.chain == chain)
        .order_by(LedgerEntry.seq),
        execution_options={"yield_per": 1000},
    )
    if session.get_bind().dialect.name == "sqlite":
        return map(StoredEntry._make, rows)  # holds the hashed spelling itself
    return (StoredEntry._make(map(_text, row)) for row in rows)


def count_stray_payloads(session: Session) -> int:
    """Payloads that belong to no entry."""
    return session.scalar(
        select(func.count())
        .select_from(LedgerPayload)
        .outerjoin(LedgerEntry, LedgerEntry.id == LedgerPayload.entry_id)
        .where(LedgerEntry.id.is_(None))
    ) or 0  # fmt: skip


@contextmanager
def damaged_text_readable(session: Session) -> Iterator[None]:
    """Text that is no longer text is read as something that fits no hash, instead of ending the whole reading.

    Only SQLite's files can hold such text; PostgreSQL checks every byte it is given.
    """
    if session.get_bind().dialect.name != "sqlite":
        yield
        return
    driver: Any = session.connection().connection.dbapi_connection
    driver.text_factory = lambda raw: raw.decode(errors="surrogateescape")
    try:
        yield
    finally:
        driver.text_factory = str


def _head(chain: str) -> Any:
    return select(LedgerHead.seq, LedgerHead.hash).where(LedgerHead.chain == chain)


def _start(session: Session, chain: str, meeting_id: UUID | None) -> None:
    try:
        with session.begin_nested():
            session.execute(insert(LedgerHead).values(chain=chain, meeting_id=meeting_id, seq=0, hash=GENESIS))
    except IntegrityError:
        return  # somebody else has just started it; theirs is locked next


def line_of(entry: LedgerEntry | Row[Any], body: str | None, erased_at: datetime | None) -> LedgerLine:
    """An entry as people read it, from its rows."""
    payload = json.loads(body) if body is not None else {}
    return LedgerLine(
        position=LedgerPosition(entry.chain, entry.seq, entry.hash),
        at=entry.at,
        actor=entry.actor,
        source=entry.source,
        act=entry.act,
        subject=entry.subject,
        confidentiality=Confidentiality(entry.confidentiality),
        before=payload.get("before"),
        after=payload.get("after"),
        why=payload.get("why"),
        erased_at=erased_at,
    )


_LINE: Iterable[Any] = (
    LedgerEntry.chain,
    LedgerEntry.seq,
    LedgerEntry.hash,
    LedgerEntry.at,
    LedgerEntry.actor,
    LedgerEntry.source,
    LedgerEntry.act,
    LedgerEntry.subject,
    LedgerEntry.confidentiality,
    LedgerPayload.body_json,
    LedgerPayload.erased_at,
)
_ENTRY_COLUMNS: Iterable[Any] = (
    LedgerEntry.id,
    LedgerEntry.chain,
    LedgerEntry.seq,
    LedgerEntry.at,
    LedgerEntry.actor,
    LedgerEntry.source,
    LedgerEntry.act,
    LedgerEntry.subject,
    LedgerEntry.confidentiality,
    LedgerEntry.payload_digest,
    LedgerEntry.previous_hash,
    LedgerEntry.hash,
    LedgerPayload.entry_id,
    LedgerPayload.salt,
    LedgerPayload.body_json,
    LedgerPayload.erased_at,
)


def _raw(column: Any) -> Any:
    """What the driver returns, past our types: they would stumble over a value that somebody damaged."""
    return type_coerce(column, NullType())


def _text(value: Any) -> Any:
    """The spelling that is hashed, where PostgreSQL's driver has an object of its own."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return instant_text(value.astimezone(UTC))
    return value
