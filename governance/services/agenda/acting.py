"""What people do to an agenda: bring an item, change it, take it off, put it in order, and say what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from governance.domain.access import own_seat
from governance.domain.agenda import LONGEST_BOX, Outcome, Purpose, allowed, closes_at, moved, must_choose
from governance.domain.ledger import Confidentiality
from governance.models import AgendaItem, AgendaPlace
from governance.services.agenda.cutting import is_own, may_bring
from governance.services.agenda.doing import Doing
from governance.services.agenda.refusals import AgendaRefused, ChangedSince
from governance.services.agenda.values import AgendaLine
from governance.services.attendance.doing import occurrence_named
from governance.services.promises import acting as promises
from governance.services.recording import iso, today_of
from governance.store import agenda as store

SEATS = Confidentiality.SEATS


@dataclass(frozen=True, slots=True)
class Wording:
    """What an item says of itself; `papers` one a line."""

    title: str
    purpose: Purpose
    minutes: int | None = None
    papers: str = ""
    customer: str = ""


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an item: *assigned* needs the person and the day, *delegated* some words."""

    outcome: Outcome
    words: str = ""
    person: UUID | None = None
    day: date | None = None


def add(doing: Doing, wording: Wording) -> UUID:
    """At the end of the agenda.

    Raises:
        AgendaRefused: the occurrence is over, or the agenda is closed for all but chair and scribe.
    """
    _check(wording)
    if doing.now >= doing.occurrence.end:
        raise AgendaRefused("Bring it to the next occurrence", "this one is over")
    closes = closes_at(doing.occurrence.start, doing.meeting.time_zone)
    if doing.now >= closes and not doing.leads:
        raise AgendaRefused("Ask chair or scribe to add it", "the agenda closed at the end of the day before")
    item = AgendaItem(
        meeting_id=doing.meeting.id, seat_id=own_seat(doing.who, doing.meeting.id), person_id=doing.who.person,
        title=wording.title, purpose=wording.purpose.value, minutes=wording.minutes, papers=wording.papers,
        customer=wording.customer, at=doing.now,
    )  # fmt: skip
    doing.session.add(item)
    doing.session.flush()
    doing.session.add(_last_place(doing, item.id, doing.occurrence.id))
    doing.note(
        "agenda-item-added", f"item:{item.id}", after={"title": item.title, "on": doing.day}, confidentiality=SEATS
    )
    return item.id


def change(doing: Doing, item_id: UUID, wording: Wording, *, version: int) -> None:
    """Raises: ChangedSince: somebody else saved it meanwhile; AgendaRefused: it is not theirs, or it is settled."""
    _check(wording)
    line = _to_change(doing, item_id)
    item, _ = doing.rows(item_id)
    if item.version != version:
        raise ChangedSince
    before = {"title": item.title}
    item.title, item.purpose, item.minutes = wording.title, wording.purpose.value, wording.minutes
    item.papers, item.customer = wording.papers, wording.customer
    for place in store.places_of_items(doing.session, [item_id]):
        place.outcome_at = doing.now  # minutes that have the item are known to have changed
    doing.note(
        "agenda-item-changed", f"item:{line.item.id}", before=before, after={"title": item.title, "on": doing.day},
        confidentiality=SEATS,
    )  # fmt: skip


def withdraw(doing: Doing, item_id: UUID) -> None:
    """Before it begins whoever brought it takes it off; afterwards it is dropped, by chair or scribe."""
    _to_change(doing, item_id)
    if doing.now >= doing.occurrence.start:
        raise AgendaRefused("Say that it is dropped", "the occurrence has begun")
    item, place = doing.rows(item_id)
    place.outcome, place.outcome_at = Outcome.DROPPED.value, doing.now
    doing.note(
        "agenda-item-withdrawn", f"item:{item.id}", after={"title": item.title, "on": doing.day}, confidentiality=SEATS
    )


def shift(doing: Doing, item_id: UUID, *, up: bool) -> None:
    """One place up or down."""
    doing.line(item_id)
    before = [one.item.id for one in doing.lines]
    order = moved(before, item_id, up=up)
    if order == before:
        return
    rows = {one.item_id: one for one in store.places_of_items(doing.session, order) if _is_here(doing, one)}
    for rank, one in enumerate(order, start=1):
        rows[one].rank = rank
    title = doing.line(item_id).item.title
    doing.note(
        "agenda-ordered", f"item:{item_id}", after={"title": title, "up": up, "on": doing.day}, confidentiality=SEATS
    )


def move_to(doing: Doing, item_id: UUID, key: str) -> None:
    """To another occurrence: before it begins the item just goes there, afterwards it is carried there.

    Raises:
        AgendaRefused: from the third return on, or to an occurrence that is over.
    """
    line = _open(doing, item_id)
    if must_choose(line.returns):
        raise AgendaRefused("Decide it, delegate it, drop it, or give it to somebody until a day", _THIRD)
    to = next((one for one in doing.coming if one.key.isoformat() == key and one.key != _here(doing)), None)
    if to is None:
        raise AgendaRefused("Choose one of the coming occurrences", "there is none at that time", field="to")
    if doing.now >= doing.occurrence.start and to.start <= doing.occurrence.start:
        raise AgendaRefused("Choose a later occurrence", "this one has begun", field="to")
    other = occurrence_named(doing.session, doing.meeting, key, doing.now)
    item, place = doing.rows(item_id)
    old = store.place_at(doing.session, item_id, other.id)
    if old is not None:
        raise AgendaRefused("Choose another occurrence", "the item was on that agenda before", field="to")
    if doing.now >= doing.occurrence.start:
        place.outcome, place.outcome_at = Outcome.CARRIED.value, doing.now
        doing.session.add(_last_place(doing, item_id, other.id))
    else:
        place.occurrence_id, place.rank = other.id, store.last_rank(doing.session, other.id) + 1
    doing.note(
        "agenda-item-moved", f"item:{item_id}", confidentiality=SEATS,
        after={"title": item.title, "on": doing.day, "to": iso(today_of(doing.meeting, to.start))},
    )  # fmt: skip


def settle(doing: Doing, item_id: UUID, fate: Fate) -> None:
    """What became of it, from the start on; to whom it was assigned gets a promise to keep.

    Raises:
        AgendaRefused: it has not begun, the outcome is none of those left, or the person or the day is missing.
    """
    line = _open(doing, item_id)
    item, place = doing.rows(item_id)
    if doing.now < doing.occurrence.start:
        raise AgendaRefused("Move it, or take it off", "the occurrence has not begun")
    has_decision = bool(store.decisions_of_items(doing.session, [item_id]))
    if fate.outcome not in allowed(line.returns, Purpose(item.purpose), has_decision=has_decision):
        raise AgendaRefused(
            "Make a decision of it, delegate it, drop it, or give it to somebody until a day", _THIRD, field="outcome"
        )
    if fate.outcome is Outcome.ASSIGNED:
        _promise(doing, item, fate)
    elif fate.outcome is Outcome.DELEGATED and not fate.words.strip():
        raise AgendaRefused("Say to whom it goes", "it is delegated", field="words")
    place.outcome, place.outcome_at, place.words = fate.outcome.value, doing.now, fate.words.strip() or None
    if fate.outcome is Outcome.ASSIGNED:
        place.to_person_id, place.to_day = fate.person, fate.day
    doing.note(
        "agenda-item-settled", f"item:{item_id}", confidentiality=SEATS,
        after={"title": item.title, "on": doing.day, "outcome": fate.outcome.value, "until": iso(fate.day)},
    )  # fmt: skip


def take_back(doing: Doing, item_id: UUID) -> None:
    """What was said of it is taken back, as long as it has not gone on to another agenda.

    Raises:
        AgendaRefused: it has, or it is somebody's promise by now.
    """
    line = doing.line(item_id)
    item, place = doing.rows(item_id)
    if not doing.leads or place.outcome is None:
        raise AgendaRefused("Look at the agenda again", "nothing was said of this item")
    if not line.is_open:
        raise AgendaRefused("Look at the later agenda", "the item is on it by now")
    if place.outcome == Outcome.ASSIGNED.value:
        raise AgendaRefused("Drop the promise on the page of promises", "the item is somebody’s promise by now")
    # The instant stays, so that minutes which were approved before are known to have changed.
    place.outcome, place.outcome_at, place.words = None, doing.now, None
    doing.note(
        "agenda-item-reopened", f"item:{item_id}", after={"title": item.title, "on": doing.day}, confidentiality=SEATS
    )


_THIRD = "it has come back three times"


def _last_place(doing: Doing, item_id: UUID, occurrence_id: UUID) -> AgendaPlace:
    rank = store.last_rank(doing.session, occurrence_id) + 1
    return AgendaPlace(item_id=item_id, occurrence_id=occurrence_id, rank=rank)


def _here(doing: Doing) -> object:
    return doing.occurrence.original_start


def _is_here(doing: Doing, place: AgendaPlace) -> bool:
    return place.occurrence_id == doing.occurrence.id


def _check(wording: Wording) -> None:
    if not wording.title.strip():
        raise AgendaRefused("Say in a few words what it is about", field="title")
    if wording.minutes is not None and not 1 <= wording.minutes <= LONGEST_BOX:
        raise AgendaRefused(f"Enter from 1 to {LONGEST_BOX} minutes", field="minutes")


def _to_change(doing: Doing, item_id: UUID) -> AgendaLine:
    line = doing.line(item_id)
    if doing.leads:
        return _open(doing, item_id)
    if not is_own(doing.who, doing.meeting.id, line.item.seat, line.item.person):
        raise AgendaRefused("Ask chair or scribe", "another seat has brought this item")
    if not may_bring(doing.who, doing.meeting.id) or doing.now >= doing.occurrence.start:
        raise AgendaRefused("Ask chair or scribe", "the occurrence has begun")
    return line


def _open(doing: Doing, item_id: UUID) -> AgendaLine:
    """An item of this agenda of which nothing was said yet."""
    line = doing.line(item_id)
    if not line.is_open or (line.place is not None and line.place.outcome is not None):
        raise AgendaRefused("Take back first what was said of it", "the item is settled here")
    return line


def _promise(doing: Doing, item: AgendaItem, fate: Fate) -> None:
    if fate.day is None:
        raise AgendaRefused("Choose a day", "somebody is to have it done by then", field="day")
    people = store.people_of(doing.session, doing.meeting.id, today_of(doing.meeting, doing.occurrence.start))
    theirs = [one for one in people if one.id == fate.person]
    if fate.person is None or not theirs:
        raise AgendaRefused("Choose somebody of the list", "they hold no seat and do not lead", field="person")
    seat = next((one.seat_id for one in theirs if one.seat_id), None)
    promising = promises.Doing(
        doing.session, doing.meeting, doing.actor, doing.by or doing.actor, doing.who, doing.source, doing.now
    )
    try:
        promises.make(promising, item.title, fate.person, fate.day, seat=seat, occurrence=doing.occurrence.id)
    except promises.PromiseRefused as refusal:
        raise AgendaRefused(refusal.remedy, refusal.reason, field="day") from None
