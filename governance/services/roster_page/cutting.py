"""The roster as one reader may see it: what is not theirs is taken out here, so that no template can show it."""

from __future__ import annotations

from dataclasses import replace

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.meeting_page import Answer
from governance.services.roster_page.values import RosterPage, RosterSeat


def cut_for(page: RosterPage, actor: Actor) -> RosterPage:
    whole = Thing(Kind.ROSTER, page.id, Confidentiality.SEATS)
    if may(actor, Act.READ, whole):
        return page
    return replace(
        page,
        is_whole=False,
        roster=None,
        names={},
        visits=(),
        standing_guests=(),
        seats=tuple(_seat(one, actor, replace(whole, seat=one.line.id)) for one in page.seats),
    )


def _seat(seat: RosterSeat, actor: Actor, thing: Thing) -> RosterSeat:
    """Without the right to it: the department and who sits for it, which everybody with a part in the meeting knows."""
    if may(actor, Act.READ, thing):
        return seat
    bare = replace(seat.line, is_whole=False, mandate=None, deputies=(), stand_in=None, answer=Answer.UNKNOWN)
    return RosterSeat(bare, seat.version)
