"""The series of one meeting as last seen, and why nothing is written on which of their events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from governance.domain.event_ids import is_split
from governance.models.calendar import AddressQuestion, EventPicture, Series
from governance.models.person import Address
from governance.models.trouble import Quarantine
from governance.reconcile.observed import ObservedEvent
from governance.reconcile.picture import SeriesPicture
from governance.reconcile.received import stored_event
from governance.reconcile.waiting import UNREADABLE
from governance.store.together import MEETING, NOW, Answers, Question, Together, in_order


def load_pictures(session: Session, meeting_id: UUID, now: datetime) -> tuple[SeriesPicture, ...]:
    """Every series of the meeting as last seen, oldest first; without retired ones and exceptions that are over."""
    return pictures_from(_alone().ask(session, meeting_id, now=now))


def questions() -> dict[str, Question]:
    """What is to be asked of the database for `pictures_from`."""
    return {
        "series": in_order(_of_meeting(select(*_OF_SERIES)), Series.id),
        "events": in_order(_events(), EventPicture.original_start, EventPicture.event_id),
        "address_questions": in_order(
            _open(select(AddressQuestion.series_id, AddressQuestion.event_id, *_ASKED)), AddressQuestion.at
        ),
        "owners": select(Address.folded, Address.person_id).where(
            or_(*(Address.folded.in_(_open(select(one))) for one in _ASKED))
        ),
        "unreadable": select(Quarantine.event_id, Quarantine.problem_remedy, Quarantine.problem_text).where(
            Quarantine.meeting_id == MEETING, Quarantine.problem_code == UNREADABLE
        ),
    }


def pictures_from(rows: Answers) -> tuple[SeriesPicture, ...]:
    """The pictures from the answers to `questions`."""
    events: Mapping[UUID, list[ObservedEvent]] = defaultdict(list)
    for row in rows["events"]:
        events[row.series_id].append(stored_event(row.body_json))
    blocked = _blocked(rows)
    unreadable = {row.event_id: f"{row.problem_remedy}: {row.problem_text}" for row in rows["unreadable"]}
    whole = next((why for event, why in unreadable.items() if _is_series(event, rows["series"])), None)
    return tuple(_picture(row, events[row.id], {**blocked[row.id], **unreadable}, whole) for row in rows["series"])


_OF_SERIES = (
    Series.id, Series.event_id, Series.gone_at, Series.baseline_json, Series.accepted_block, Series.last_written_block,
    Series.known_rules_json,
)  # fmt: skip
_ASKED = (AddressQuestion.sent, AddressQuestion.answered)


@cache
def _alone() -> Together:
    return Together(**questions())


def _of_meeting(query: Question) -> Question:
    return query.where(Series.meeting_id == MEETING, Series.retired_at.is_(None))


def _events() -> Question:
    query = select(EventPicture.series_id, EventPicture.body_json)
    matters = or_(EventPicture.matters_until.is_(None), EventPicture.matters_until > NOW)
    return _of_meeting(query.join(Series, Series.id == EventPicture.series_id)).where(matters)


def _open(query: Question) -> Question:
    query = query.join(Series, Series.id == AddressQuestion.series_id)
    return _of_meeting(query).where(AddressQuestion.settled_at.is_(None))


def _is_series(event_id: str, rows: Iterable[Any]) -> bool:
    """One of the meeting's series, or a split of one that nobody has been able to read yet."""
    return is_split(event_id) or any(row.event_id == event_id for row in rows)


def _picture(row: Any, events: list[ObservedEvent], blocked: dict[str, str], set_aside: str | None) -> SeriesPicture:
    series = next((event for event in events if event.series_id is None), None)
    return SeriesPicture(
        id=row.id,
        event_id=row.event_id,
        series=None if row.gone_at is not None else series,
        exceptions=tuple(event for event in events if event.series_id is not None),
        baseline=None if row.baseline_json is None else frozenset(row.baseline_json),
        accepted_block=row.accepted_block,
        written_block=row.last_written_block,
        known_rules=None if row.known_rules_json is None else tuple(row.known_rules_json),
        blocked=blocked,
        set_aside=set_aside,
        last_summary=series.summary if series is not None else "",
    )


def _blocked(rows: Answers) -> Mapping[UUID, dict[str, str]]:
    """Where Google answered with another address, unless somebody has said by now that both are one person's
    (`governance roster alias`).
    """
    owner = {row.folded: row.person_id for row in rows["owners"]}
    blocked: Mapping[UUID, dict[str, str]] = defaultdict(dict)
    for row in rows["address_questions"]:
        owners = {owner.get(row.sent), owner.get(row.answered)}
        if len(owners) == 1 and None not in owners:
            continue
        blocked[row.series_id][row.event_id] = (
            f"Google answered {row.answered} where {row.sent} was invited: say whether they are the same person "
            f"(governance roster alias {row.sent} {row.answered})"
        )
    return blocked
