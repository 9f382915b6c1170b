"""The ledger's arithmetic: how a payload is digested, an entry chained, a chain judged.

    payload digest = SHA-256( 32 random bytes + canonical JSON of before, after, why )
    hash           = SHA-256( canonical JSON of all the other values of the entry, the previous hash among them )

An entry can thus not be altered, left out, added or moved without breaking the chain at that very place; a tail cut
off or a chain written anew agrees with itself, and is found by a position remembered elsewhere. The random bytes are
erased together with the text, because digest and bytes would else confirm whoever guesses a short text.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, NamedTuple
from uuid import UUID

from governance.domain.errors import GovernanceError

SITE = "site"
"""The chain of what belongs to no meeting."""

GENESIS = "0" * 64
"""What the first entry of a chain follows."""

ERASURE = "payload-erased"
"""The act by which an erasure is announced in its own chain; the subject is the number of the entry."""

SALT_BYTES = 32


class Confidentiality(StrEnum):
    """Who may read an entry: everybody, those with a seat, or those it is about and the chair."""

    OPEN = "open"
    SEATS = "seats"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class LedgerPosition:
    """The last entry of a chain at some moment; written `CHAIN:SEQ:HASH`. A chain without entries is at 0."""

    chain: str
    seq: int
    hash: str

    def __str__(self) -> str:
        return f"{self.chain}:{self.seq}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> LedgerPosition:
        found = re.fullmatch(r"\s*([^:\s]+):(\d{1,18}):([0-9a-fA-F]{64})\s*", text)
        if not found:
            raise NotALedgerPosition(text)
        return cls(found[1], int(found[2]), found[3].lower())


class NotALedgerPosition(GovernanceError):
    """The text is not `CHAIN:SEQ:HASH`."""

    def __init__(self, text: str) -> None:
        super().__init__("Give the position as CHAIN:SEQ:HASH, as an export prints it", f"not {text!r}")
        self.text = text


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One entry as people read it; `before`, `after` and `why` are none once `erased_at` is given."""

    position: LedgerPosition
    at: datetime
    actor: str
    source: str
    act: str
    subject: str
    confidentiality: Confidentiality
    before: Any
    after: Any
    why: str | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class ChainReport:
    """What `verify` found of one chain: `first_bad` is the number of the first entry that is not as it was written."""

    chain: str
    entries: int
    head: LedgerPosition
    first_bad: int | None = None
    problem: str | None = None

    @property
    def ok(self) -> bool:
        return self.first_bad is None


class StoredEntry(NamedTuple):
    """An entry with its payload exactly as the database holds them: judged here, believed nowhere.

    Identifiers are 32 hexadecimal digits and instants text with microseconds and Z, whatever the database's own form.
    """

    id: Any
    chain: Any
    seq: Any
    at: Any
    actor: Any
    source: Any
    act: Any
    subject: Any
    confidentiality: Any
    payload_digest: Any
    previous_hash: Any
    hash: Any
    payload_of: Any
    salt: Any
    body: Any
    erased_at: Any


class StoredHead(NamedTuple):
    """A head row exactly as the database holds it; `meeting` is 32 hexadecimal digits or none."""

    chain: Any
    meeting: Any
    seq: Any
    hash: Any


def chain_of(meeting_id: UUID | None) -> str:
    return SITE if meeting_id is None else str(meeting_id)


def meeting_of(chain: str) -> UUID | None:
    return None if chain == SITE else UUID(chain)


def canonical_json(value: Any) -> str:
    """The one spelling of a value: keys sorted, no spaces, ASCII; instants in UTC, sets sorted."""
    return _ENCODER.encode(value)


def payload_digest(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode("utf-8", "surrogatepass")).hexdigest()


def entry_hash(entry: StoredEntry) -> str:
    """The hash over everything before it in the entry; the payload takes part through its digest only."""
    return hashlib.sha256(_ENCODER.encode(entry[: StoredEntry._fields.index("hash")]).encode()).hexdigest()


def verify_chain(
    chain: str, entries: Iterable[StoredEntry], *, head: StoredHead | None, remembered: Iterable[LedgerPosition] = ()
) -> ChainReport:
    """Judge one chain, `entries` by rising number; of several faults the first in the chain is named."""
    walk = _Walk(chain, {position.seq: position.hash for position in remembered})
    for entry in entries:
        walk.step(entry)
    walk.finish(head)
    return ChainReport(chain, walk.count, LedgerPosition(chain, walk.seq, walk.hash), walk.first_bad, walk.problem)


class _Walk:
    """The state of going along one chain; `seq` and `hash` are the last good position.

    Erasures are judged only in a chain that is otherwise whole: the entry that announces one may be the broken one.
    """

    def __init__(self, chain: str, remembered: dict[int, str]) -> None:
        self.chain = chain
        self.remembered = remembered
        self.count = 0
        self.seq = 0
        self.hash = GENESIS
        self.first_bad: int | None = None
        self.problem: str | None = None
        self._erased: dict[str, Any] = {}
        self._announced: dict[str, Any] = {}

    def step(self, entry: StoredEntry) -> None:
        self.count += 1
        if self.first_bad is not None:
            return
        problem = self._problem(entry)
        if problem is not None:
            self._fault(self.seq + 1, problem)
            return
        self.seq, self.hash = self.seq + 1, entry.hash
        if entry.erased_at is not None:
            self._erased[str(self.seq)] = entry.erased_at
        if entry.act == ERASURE:
            self._announced[entry.subject] = entry.at
        if self.remembered.get(self.seq, self.hash) != self.hash:
            self._fault(self.seq, "is not the one remembered elsewhere: the history up to it was written anew")

    def finish(self, head: StoredHead | None) -> None:
        if self.first_bad is None:
            self._judge_end(head)
        if self.first_bad is None:
            self._judge_erasures()

    def _problem(self, entry: StoredEntry) -> str | None:
        if type(entry.seq) is not int or entry.seq != self.seq + 1:
            return "is missing"
        if entry.chain != self.chain or entry.previous_hash != self.hash:
            return "does not follow the entry before it"
        if entry.hash != entry_hash(entry):
            return "was altered"
        return _payload_problem(entry)

    def _judge_end(self, head: StoredHead | None) -> None:
        if any(seq > self.seq for seq in self.remembered):
            self._fault(self.seq + 1, "is missing: it or a later one is remembered elsewhere")
        elif self.seq == 0 and head is None:
            return
        elif head is None:
            self._fault(self.seq, "ends a chain whose head is missing")
        elif type(head.seq) is not int or head.seq > self.seq:
            self._fault(self.seq + 1, "is missing: the head names it or a later one")
        elif head.seq < self.seq:
            self._fault(head.seq + 1, "was appended without moving the head")
        elif head.hash != self.hash or head.meeting != _meeting_text(self.chain):
            self._fault(self.seq, "is not the one the head names")

    def _judge_erasures(self) -> None:
        differing = [seq for seq, at in self._erased.items() if self._announced.get(seq) != at]
        returned = [seq for seq in self._announced if seq not in self._erased]
        if differing:
            self._fault(min(map(int, differing)), "lost its payload, and no entry says so")
        elif returned:
            self._fault(min(map(int, returned)), "has a payload again that was erased")

    def _fault(self, seq: int, problem: str) -> None:
        self.first_bad, self.problem = seq, f"Entry {seq} {problem}."


def _payload_problem(entry: StoredEntry) -> str | None:
    if entry.payload_of != entry.id:
        return "has no payload"
    if entry.erased_at is not None:
        return None if entry.salt is None and entry.body is None else "has a payload that is erased only in part"
    if not isinstance(entry.salt, bytes) or not isinstance(entry.body, str):
        return "has lost its payload"
    if payload_digest(entry.salt, entry.body) != entry.payload_digest:
        return "has another payload than it was written with"
    return None


def _meeting_text(chain: str) -> str | None:
    return None if chain == SITE else chain.replace("-", "")


def _plain(value: Any) -> Any:
    """What JSON has no word for, in a spelling that never varies."""
    match value:
        case datetime() if value.tzinfo is None:
            raise ValueError(f"Give the instant {value.isoformat()} a time zone.")
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"
        case date():
            return value.isoformat()
        case UUID() | Decimal():
            return str(value)
        case Enum():
            return value.value
        case set() | frozenset():
            return sorted(value, key=_ENCODER.encode)
        case bytes():
            return value.hex()
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    raise TypeError(f"The ledger cannot spell a {type(value).__name__}.")


_ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=True, separators=(",", ":"), allow_nan=False, default=_plain)
