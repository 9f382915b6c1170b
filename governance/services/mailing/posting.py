"""Values become rows of the outbox: each once, with the links they carry, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.domain.people import Person as PersonValue
from governance.domain.people import PersonId
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.services import outbox
from governance.services.links import make_link
from governance.services.mailing.letters import LinkWish, Post
from governance.store import outbox as store
from governance.store.people import people_by_id


def post_all(
    session: Session, meeting: Meeting | None, posts: Iterable[Post], *, now: datetime, due_at: datetime | None = None
) -> int:
    """Post those that were not posted before; how many. Nothing is written for the others, not even their links."""
    wanted = new_among(session, meeting.id if meeting else None, list(posts))
    return sum(1 for post in wanted if _post(session, meeting, post, now, due_at))


def new_among(session: Session, meeting_id: UUID | None, posts: Sequence[Post]) -> list[Post]:
    """Those that have no row yet and somewhere to go; reads only."""
    if not posts:
        return []
    people = people_by_id(session, [post.to for post in posts if isinstance(post.to, UUID)])
    keyed: dict[str, Post] = {}
    for post in posts:
        address = post.to if isinstance(post.to, str) else _address(people, post.to)
        if address is not None:
            keyed.setdefault(outbox.key_of(post.facts.KIND, meeting_id, post.about, address), post)
    there = store.posted_among(session, keyed)
    found = [post for key, post in keyed.items() if key not in there]
    return [post for post in found if not _is_muted(session, meeting_id, post)]


def wish_links(
    session: Session, meeting: Meeting | None, person: Person, wishes: Iterable[LinkWish], now: datetime
) -> dict[str, UUID]:
    """The links, made for the person; their ids by the names that the words use."""
    return {
        one.name: make_link(
            session, one.purpose, person, one.thing, now=now, meeting=meeting, lasts=one.lasts
        ).id
        for one in wishes
    }  # fmt: skip


def _post(session: Session, meeting: Meeting | None, post: Post, now: datetime, due_at: datetime | None) -> bool:
    to: Person | str | None = post.to if isinstance(post.to, str) else session.get(Person, post.to)
    if to is None:
        return False
    try:
        # A savepoint, so that a worker which lost the race to another leaves no links of a mail that is not there.
        with session.begin_nested():
            links = {} if isinstance(to, str) else wish_links(session, meeting, to, post.links, now)
            row = outbox.post(
                session, post.facts, about=post.about, to=to, now=now, meeting=meeting, links=links, due_at=due_at,
                limit_minor=post.limit_minor, money_minor=post.money_minor,
            )  # fmt: skip
            if row is None:
                raise _NotPosted
    except _NotPosted:
        return False
    return True


class _NotPosted(Exception):
    """Ends the savepoint, and goes no further."""


def _address(people: Mapping[PersonId, PersonValue], person_id: UUID) -> str | None:
    found = people.get(PersonId(person_id))
    return found.address if found is not None else None


def _is_muted(session: Session, meeting_id: UUID | None, post: Post) -> bool:
    if meeting_id is None or isinstance(post.to, str):
        return False
    return outbox.is_muted(session, post.to, meeting_id, post.facts.KIND)
