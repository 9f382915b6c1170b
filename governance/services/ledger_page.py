"""A page of the ledger as one reader may see it.

The numbers of a chain have no gaps, and none is made here: an entry that is not the reader's keeps its number and its
instant, and nothing else of it is handed on.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality, LedgerLine, LedgerPosition, chain_of
from governance.store import ledger_page as store
from governance.store.ledger_page import Wanted
from governance.store.meeting_page import names_of

PAGE = 50
"""Entries on a page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What somebody looks for; days are of the chain's time zone."""

    act: str = ""
    actor: str = ""
    day: date | None = None
    text: str = ""
    below: int | None = None

    @property
    def is_narrowed(self) -> bool:
        return bool(self.act or self.actor or self.day or self.text)


@dataclass(frozen=True, slots=True)
class Shown:
    """`line` is None where the reader may know no more than that there is an entry."""

    seq: int
    at: datetime
    line: LedgerLine | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """`older` is the number below which the next page begins; None on the last one."""

    shown: tuple[Shown, ...]
    older: int | None
    acts: tuple[str, ...]
    actors: tuple[str, ...]
    names: Mapping[str, str]
    asked: Asked


@dataclass(frozen=True, slots=True)
class Head:
    """The last position of a chain, as an export prints it; without a meeting it is the site's."""

    position: LedgerPosition
    slug: str | None
    name: str | None


def ledger_page(session: Session, meeting_id: UUID | None, asked: Asked, *, actor: Actor, zone: str) -> LedgerPage:
    """Newest first; three statements for any chain, and one that finds names."""
    chain, classes = chain_of(meeting_id), _classes(actor, meeting_id)
    found = store.entries(session, chain, _wanted(asked, zone), classes, PAGE + 1)
    shown = tuple(_cut(line, classes) for line in found[:PAGE])
    pairs = store.acts_and_actors(session, chain, classes)
    addresses = {one for each in shown if each.line for one in _addresses([each.line.before, each.line.after])}
    actors = {who for _, who in pairs} | {each.line.actor for each in shown if each.line}
    return LedgerPage(
        shown=shown,
        older=shown[-1].seq if len(found) > PAGE else None,
        acts=tuple(sorted({act for act, _ in pairs})),
        actors=tuple(sorted({who for _, who in pairs})),
        names=names_of(session, addresses, _people(actors)),
        asked=asked,
    )


def heads(session: Session) -> tuple[Head, ...]:
    return tuple(
        Head(LedgerPosition(chain, seq, hash_), slug, name) for chain, seq, hash_, slug, name in store.heads(session)
    )


def _classes(actor: Actor, meeting_id: UUID | None) -> tuple[Confidentiality, ...]:
    """What the site does is for whoever runs it; what a meeting does, for who may read its record."""
    if meeting_id is None:
        return tuple(one for one in Confidentiality if may(actor, Act.RUN, Thing(Kind.SITE, confidentiality=one)))
    return tuple(one for one in Confidentiality if may(actor, Act.READ, Thing(Kind.RECORD, meeting_id, one)))


def _cut(line: LedgerLine, classes: Collection[Confidentiality]) -> Shown:
    return Shown(line.position.seq, line.at, line if line.confidentiality in classes else None)


def _wanted(asked: Asked, zone: str) -> Wanted:
    start = datetime.combine(asked.day, time(), ZoneInfo(zone)) if asked.day else None
    end = datetime.combine(asked.day + timedelta(days=1), time(), ZoneInfo(zone)) if asked.day else None
    return Wanted(
        act=asked.act or None, actor=asked.actor or None, text=asked.text or None, start=start, end=end,
        below=asked.below,
    )  # fmt: skip


def _addresses(values: Sequence[Any]) -> Iterator[str]:
    """Every address anywhere in a payload."""
    for value in values:
        if isinstance(value, Mapping):
            yield from _addresses(list(value.values()))
        elif isinstance(value, list):
            yield from _addresses(value)
        elif isinstance(value, str) and "@" in value and " " not in value:
            yield value


def _people(actors: Iterable[str]) -> list[UUID]:
    """Those among them that are somebody of ours."""
    kind = "person:"
    return [UUID(one.removeprefix(kind)) for one in actors if one.startswith(kind)]
