"""The summaries of one period: who is told, since when, and the rows of the outbox.

reading: readers ─► not told yet ─► by when they were last told ─► gather
writing: the brief to leadership ─► cut ─► post, some at a time
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import cast
from uuid import UUID

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from governance.domain.summaries.briefing import sentences
from governance.domain.summaries.timing import Occasion, due_at, hour_of
from governance.mail.facts_of_summaries import Summary
from governance.models.meeting import Meeting
from governance.models.summary import Brief, SummaryChoice, SummaryDone
from governance.services.mailing.letters import Post
from governance.services.mailing.posting import post_all
from governance.services.summaries.brief import facts_of, keep_brief
from governance.services.summaries.cutting import says_anything, summary_for
from governance.services.summaries.due import Round
from governance.services.summaries.gathering import gather, readers
from governance.services.summaries.told import AT_FIRST, told_since
from governance.services.summaries.values import Gathered, Period, Reader
from governance.store import summary_times as store
from governance.store.standing import meeting_row, meeting_to_change

AT_ONCE = 50
"""So many mails are written in one transaction: whoever waits for it waits briefly, and few are in memory."""

Step = Callable[[Session], int]

SEEN_WITHIN = timedelta(days=3)
"""So long after the charter's hour leadership waits, besides its day, for whoever has chosen to hear later."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Readers who were last told at the same time: what was gathered once serves all of them."""

    period: Period
    gathered: Gathered
    readers: tuple[Reader, ...]


@dataclass(frozen=True, slots=True)
class Ready:
    """All that it takes to write to whoever is to be told now; `seen_at` is when the last reader will have been."""

    batches: list[Batch]
    seen_at: datetime


def ready(session: Session, due: Round, now: datetime, zone: str) -> Ready:
    """Whoever wants to be told at that hour, and was not told of the period before; `zone` is the site's."""
    if due.is_resting:
        return Ready([], now)
    meeting = meeting_row(session, due.meeting_id)
    everybody = readers(session, meeting, first_period_of(due.occasion, now), now)
    choices = store.choices_of(session, [one.person for one in everybody])
    wanted = [one for one in everybody if _wants(choices.get(one.person), one, due)]
    seen = seen_at(due.occasion, due.charter, due.time_zone, choices.values(), now, zone)
    return Ready(gathered_for(session, meeting, due.occasion, wanted, now), seen)


def gathered_for(
    session: Session,
    meeting: Meeting,
    occasion: Occasion,
    wanted: Iterable[Reader],
    now: datetime,
    *,
    is_again: bool = False,
) -> list[Batch]:
    """These readers by when they were last told; with `is_again` those as well who were told of the period before."""
    told = set() if is_again else store.told_of(session, meeting.id, occasion.key)
    new = [one for one in wanted if one.person not in told]
    but = occasion.key if is_again else ""
    since = told_since(session, {one.person: [meeting.id] for one in new}, {meeting.id: occasion}, now, but=but)
    groups: dict[datetime, list[Reader]] = defaultdict(list)
    for one in new:
        last = since[one.person, meeting.id]
        if is_again or last.by_one_mail is None or last.by_one_mail < occasion.over_at:
            groups[last.since].append(one)
    return [
        Batch(period, gather(session, meeting, period, now), tuple(group))
        for group, period in ((group, period_of(occasion, since, now)) for since, group in sorted(groups.items()))
    ]


def first_period_of(occasion: Occasion, until: datetime) -> Period:
    """As it is for somebody who was never told."""
    return period_of(occasion, occasion.over_at - AT_FIRST, until)


def period_of(occasion: Occasion, since: datetime, until: datetime) -> Period:
    return Period(
        key=occasion.key,
        start=occasion.start,
        end=occasion.end,
        is_cancelled=occasion.is_cancelled,
        since=since,
        until=until,
    )


def steps(due: Round, found: Ready, now: datetime) -> Iterator[Step]:
    """Each is to be done in a writing session of its own, and says how many mails it posted; the last one ends it."""
    posts = (post for batch in found.batches for post in posts_of(batch))
    some = list(islice(posts, AT_ONCE))
    while True:
        more = list(islice(posts, AT_ONCE))
        yield partial(_write, due=due, posts=some, now=now, seen_at=found.seen_at, is_last=not more)
        if not more:
            return
        some = more


def posts_of(batch: Batch) -> Iterator[Post]:
    """Nothing of a week without an occurrence in which nobody owes anything."""
    for reader in batch.readers:
        written = summary_for(batch.gathered, reader)
        if says_anything(written.facts):
            yield Post(facts=written.facts, about=batch.period.key, to=reader.person, links=written.links)


def settle(session: Session, meeting_id: UUID | None, about: str, at: str, now: datetime) -> None:
    """Nobody is told of it at that hour any more, but who chooses that hour later."""
    row = store.done_row(session, meeting_id, about, at)
    if row is None:
        try:
            with session.begin_nested():
                session.add(SummaryDone(meeting_id=meeting_id, about=about, at=at, done_at=now))
        except IntegrityError:  # another worker was first
            row = store.done_row(session, meeting_id, about, at)
            if row is None:
                raise
    if row is not None:
        row.done_at = now


def with_brief(kept: Brief | None, facts: Summary) -> Summary:
    """Delegates read the text before it goes, to ask for a change in time."""
    if kept is None or kept.gone_at is not None or kept.held_at is not None:
        return facts
    told = {"goes_at": kept.goes_at.isoformat(), "sentences": list(sentences(facts_of(kept)))}
    return replace(facts, brief=told)


def seen_at(
    occasion: Occasion, charter: str, time_zone: str, choices: Iterable[SummaryChoice], now: datetime, zone: str
) -> datetime:
    """When the last reader will have been told: never before the charter's own hour, at which most of them are."""
    told = due_at(occasion.over_at, hour_of(charter), time_zone)
    # One mail about all meetings goes by the site's clock.
    chosen = (
        due_at(occasion.over_at, hour_of(one.at), zone if one.is_together else time_zone)
        for one in choices
        if one.at is not None
    )
    return max(now, told, min(max(chosen, default=told), told + SEEN_WITHIN))


def _write(session: Session, *, due: Round, posts: list[Post], now: datetime, seen_at: datetime, is_last: bool) -> int:
    meeting = meeting_to_change(session, due.meeting_id)
    if not due.is_resting:
        kept = keep_brief(session, meeting, first_period_of(due.occasion, now), now, seen_at=seen_at)
        posts = [replace(one, facts=with_brief(kept, cast(Summary, one.facts))) for one in posts]
    count = post_all(session, meeting, posts, now=now)
    if is_last:
        settle(session, due.meeting_id, due.occasion.key, due.at, now)
    return count


def _wants(choice: SummaryChoice | None, reader: Reader, due: Round) -> bool:
    if due.only is not None and reader.person not in due.only:
        return False
    if choice is None:
        return due.is_default
    return not choice.is_together and (choice.at == due.at if choice.at is not None else due.is_default)
