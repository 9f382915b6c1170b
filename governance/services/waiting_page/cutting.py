"""The waiting lists as one reader may see them: what is not theirs is taken out here, so that no template can show it.

What may be done is said here as well, of the same table: a form is offered where the act behind it is allowed.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.waiting_page.values import WaitingPage, WaitingSeat

_OPEN, _SEATS, _PRIVATE = Confidentiality


def cut_for(page: WaitingPage, actor: Actor) -> WaitingPage:
    reads_roster = may(actor, Act.READ, Thing(Kind.ROSTER, page.id))
    is_seated = actor.person is not None and any(one.delegate_id == actor.person for one in page.seats)
    return replace(
        page,
        seats=tuple(_seat(page, seat, actor, reads_roster=reads_roster, is_seated=is_seated) for seat in page.seats),
        notes=tuple(one for one in page.notes if may(actor, Act.READ, _of(page, Kind.NOTE, one.seat_id, _PRIVATE))),
        names=page.names if may(actor, Act.READ, _of(page, Kind.WAITING_LIST, None)) else {},
    )


def _seat(page: WaitingPage, seat: WaitingSeat, actor: Actor, *, reads_roster: bool, is_seated: bool) -> WaitingSeat:
    sees_list = may(actor, Act.READ, _of(page, Kind.WAITING_LIST, seat.id))
    reads_seat = may(actor, Act.READ, _of(page, Kind.ROSTER, seat.id))
    own = seat.own if may(actor, Act.READ, _own(page, actor)) else None
    is_delegate = actor.person is not None and seat.delegate_id == actor.person
    known = actor.person is not None and may(actor, Act.KNOW_OF, Thing(Kind.MEETING, page.id))
    return replace(
        seat,
        delegate=seat.delegate if reads_roster else None,
        sponsor=seat.sponsor if reads_seat else None,
        expected=seat.expected if reads_seat or sees_list or own else None,
        free_from=seat.free_from if sees_list else None,
        places=seat.places if sees_list else (),
        many=seat.many if reads_roster else None,
        offer=seat.offer if sees_list else None,
        next=seat.next if sees_list else None,
        own=own,
        sees_list=sees_list,
        may_offer=may(actor, Act.CHANGE, _of(page, Kind.WAITING_LIST, seat.id)),
        may_endorse=seat.sponsor_id == actor.person and may(actor, Act.ENDORSE, _of(page, Kind.APPLICATION, seat.id)),
        may_ask=known and not is_seated and own is None,
        may_leave_note=known and not is_delegate and seat.delegate_id is not None,
    )


def _of(page: WaitingPage, kind: Kind, seat: UUID | None, confidentiality: Confidentiality = _SEATS) -> Thing:
    return Thing(kind, page.id, confidentiality, seat=seat)


def _own(page: WaitingPage, actor: Actor) -> Thing:
    return Thing(Kind.APPLICATION, page.id, _SEATS, owner=actor.person)
