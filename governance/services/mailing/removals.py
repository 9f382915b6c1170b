"""Tell those who were taken off, and chair and scribe, in the transaction that records what was written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from governance.domain.department import fold_department
from governance.domain.errors import GovernanceError
from governance.domain.people import PersonId, domain_of
from governance.domain.roster import Roster, Seat
from governance.mail import facts
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.reconcile.plan import CountedAs
from governance.reconcile.ports import AddressKind, DirectoryEntry
from governance.services.mailing.desk import Desk
from governance.services.mailing.letters import Post
from governance.services.mailing.posting import post_all, wish_links
from governance.services.mailing.removing import SILENCE, TakenOff, Told, admit_link, told_of, with_more
from governance.services.people import person_named
from governance.store import outbox as store
from governance.store.applications import seats_waited_for
from governance.store.people import addresses_of, person_by_address
from governance.store.standing import directory_answers

GATHERED = timedelta(minutes=1)
"""So long a digest waits for more: a cycle writes one event after the other."""

_KINDS = (facts.Removed.KIND, facts.RemovedOutsider.KIND)


def tell_of_removals(
    session: Session,
    meeting: Meeting,
    changes: Iterable[Mapping[str, Any]],
    *,
    domains: frozenset[str],
    now: datetime,
) -> None:
    """`changes` as the ledger keeps them; those that take nobody off are passed over."""
    removals = [one for one in changes if one["kind"] == "remove-guest" and one["counted_as"] != CountedAs.APART.value]
    if not removals:
        return
    desk = Desk(session, meeting, now)
    directory = {
        address: entry
        for address, (entry, _) in directory_answers(session, [one["target"] for one in removals]).items()
    }
    waits_for = seats_waited_for(session, meeting.id)
    taken = [_taken_off(desk, one, directory.get(one["target"]), domains, waits_for) for one in removals]
    chair = next((one.address for one in desk.chairs), None)
    lately = store.told_since(session, meeting.id, _KINDS, now - SILENCE)
    told = told_of(taken, told_lately=lately, contact=chair, on=desk.today)
    post_all(session, meeting, [one.post for one in told if one.post is not None], now=now)
    for lead in desk.leads:
        _tell_lead(session, meeting, lead, told, now)


def _taken_off(
    desk: Desk,
    change: Mapping[str, Any],
    entry: DirectoryEntry | None,
    domains: frozenset[str],
    waits_for: Mapping[UUID, UUID],
) -> TakenOff:
    roster, address = desk.roster, str(change["target"])
    is_group = entry is not None and entry.kind is AddressKind.GROUP
    is_inside = domain_of(address) in domains
    person = None if is_group else _person(desk, address, entry, is_inside=is_inside)
    seat = _seat_of(roster, person, entry)
    if seat is None and person is not None and person in waits_for:
        seat = roster.seat(waits_for[person])
    delegate = seat.delegate(desk.today) if seat is not None else None
    known = roster.people.get(delegate) if delegate is not None and delegate != person else None
    return TakenOff(
        address=address,
        writes_to=next((one.folded for one in addresses_of(desk.session, person)), address) if person else address,
        why=str(change["reason"]),
        when=None if change["scope"] == "series" else str(change["scope"]),
        name=desk.name(person) or (entry.name if entry else None),
        person_id=person,
        is_inside=is_inside,
        is_group=is_group,
        department=seat.department if seat else None,
        department_is_known=entry is not None and bool(entry.department),
        seat_id=seat.id if seat else None,
        delegate=str(known) if known else None,
        delegate_address=known.address if known else None,
    )


def _person(desk: Desk, address: str, entry: DirectoryEntry | None, *, is_inside: bool) -> PersonId | None:
    """Whoever has the address by the roster or among our people; else whom the Directory knows as a user."""
    owner = desk.roster.address_owner.get(address)
    if owner is not None:
        return owner
    found = person_by_address(desk.session, address)
    if found is None and is_inside and entry is not None and entry.kind is AddressKind.USER:
        # What a calendar calls an address need not be one.
        with suppress(GovernanceError):
            found = person_named(desk.session, address, entry.name)
    return PersonId(found.id) if found is not None else None


def _seat_of(roster: Roster, person: PersonId | None, entry: DirectoryEntry | None) -> Seat | None:
    """Their department's seat, as far as roster or Directory say; never guessed from the address."""
    if person is not None and (own := next(roster.seats_of_department_of(person), None)) is not None:
        return own
    told = fold_department(entry.department) if entry is not None and entry.department else None
    return next((seat for seat in roster.seats if fold_department(seat.department) == told), None)


def _tell_lead(session: Session, meeting: Meeting, lead: UUID, told: Sequence[Told], now: datetime) -> None:
    """One digest for what happens within a minute: the one that still waits gets more lines."""
    person = session.get(Person, lead)
    addresses = addresses_of(session, lead)
    if person is None or not addresses:
        return
    waiting = store.unsent_to_change(session, meeting.id, facts.Removals.KIND, addresses[0].folded, now)
    people = {one.one.address: one.one.person_id for one in told}
    before = list(waiting.facts_json["facts"]["people"]) if waiting is not None else []
    lines = with_more(before, told)
    links = [admit_link(number, line, people.get(line["address"])) for number, line in enumerate(lines)][len(before) :]
    if waiting is None:
        post = Post(facts=facts.Removals(people=lines), about=now.isoformat(), to=lead, links=tuple(links))
        post_all(session, meeting, [post], now=now, due_at=now + GATHERED)
    elif links:
        made = {name: str(one) for name, one in wish_links(session, meeting, person, links, now).items()}
        body = waiting.facts_json
        waiting.facts_json = {**body, "facts": {"people": lines}, "links": {**body["links"], **made}}
        flag_modified(waiting, "facts_json")
        session.flush()
