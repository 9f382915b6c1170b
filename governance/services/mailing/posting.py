"""Values become rows of the outbox: each once, with the links they carry, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId, fold_address
from governance.mail.kinds import KINDS
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.services import outbox
from governance.services.links import make_link
from governance.services.mailing.letters import LinkWish, Post
from governance.store import outbox as store
from governance.store.people import people_by_id, person_rows


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A mail that has no row yet, with where it goes."""

    post: Post
    address: str


def post_all(
    session: Session, meeting: Meeting | None, posts: Iterable[Post], *, now: datetime, due_at: datetime | None = None
) -> int:
    """Post those that were not posted before; how many. Nothing is written for the others, not even their links."""
    wanted = _wanted(session, meeting.id if meeting else None, list(posts))
    linked = person_rows(session, [to for one in wanted if one.post.links and (to := _person_of(one.post))])
    return sum(1 for one in wanted if _post(session, meeting, one, linked, now, due_at))


def new_among(session: Session, meeting_id: UUID | None, posts: Sequence[Post]) -> list[Post]:
    """Those that have no row yet, somewhere to go, and are wanted; three statements, which only read."""
    return [one.post for one in _wanted(session, meeting_id, posts)]


def _wanted(session: Session, meeting_id: UUID | None, posts: Sequence[Post]) -> list[_Wanted]:
    if not posts:
        return []
    people = people_by_id(session, [post.to for post in posts if isinstance(post.to, UUID)])
    keyed: dict[str, _Wanted] = {}
    for post in posts:
        address = fold_address(post.to) if isinstance(post.to, str) else _address(people, post.to)
        if address is not None:
            keyed.setdefault(outbox.key_of(post.facts.KIND, meeting_id, post.about, address), _Wanted(post, address))
    there = store.posted_among(session, keyed)
    muted = store.muting(session, meeting_id, people) if meeting_id is not None and people else set()
    return [one for key, one in keyed.items() if key not in there and not _is_muted(one.post, muted)]


def wish_links(
    session: Session, meeting: Meeting | None, person: Person, wishes: Iterable[LinkWish], now: datetime
) -> dict[str, UUID]:
    """The links, made for the person; their ids by the names that the words use."""
    return {
        one.name: make_link(
            session, one.purpose, person, one.thing, now=now, meeting=one.meeting or meeting, lasts=one.lasts
        ).id
        for one in wishes
    }  # fmt: skip


def _post(
    session: Session,
    meeting: Meeting | None,
    wanted: _Wanted,
    linked: Mapping[UUID, Person],
    now: datetime,
    due_at: datetime | None,
) -> bool:
    post = wanted.post
    person = linked.get(to) if (to := _person_of(post)) else None
    try:
        # A savepoint, so that a worker which lost the race to another leaves no links of a mail that is not there.
        with session.begin_nested() if post.links else nullcontext():
            links = wish_links(session, meeting, person, post.links, now) if person is not None else {}
            row = outbox.put(
                session, post.facts, about=post.about, address=wanted.address, person_id=_person_of(post), now=now,
                meeting=meeting, links=links, due_at=due_at, limit_minor=post.limit_minor,
                money_minor=post.money_minor,
            )  # fmt: skip
            if row is None:
                raise _NotPosted
    except _NotPosted:
        return False
    return True


def _person_of(post: Post) -> UUID | None:
    return post.to if isinstance(post.to, UUID) else None


class _NotPosted(Exception):
    """Ends the savepoint, and goes no further."""


def _address(people: Mapping[PersonId, PersonValue], person_id: UUID) -> str | None:
    found = people.get(PersonId(person_id))
    return found.address if found is not None else None


def _is_muted(post: Post, muted: Set[tuple[UUID, str]]) -> bool:
    topic = KINDS[post.facts.KIND].topic
    return topic is not None and (post.to, topic.value) in muted
