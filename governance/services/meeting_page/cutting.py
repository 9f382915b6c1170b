"""The page as one reader may see it: what is not theirs is taken out here, so that no template can show it."""

from __future__ import annotations

from dataclasses import replace

from governance.domain.access import Act, Actor, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.meeting_page.values import Answer, Health, MeetingPage, SeatLine

_NOTHING = Health(troubles=(), last_read_at=None, last_write_at=None, is_looking=False)


def cut_for(page: MeetingPage, actor: Actor) -> MeetingPage:
    reads_roster = may(actor, Act.READ, _seats_class(page, Kind.ROSTER))
    reads_charter = may(actor, Act.READ, Thing(Kind.CHARTER, page.id))
    cut = replace(
        page,
        reads_roster=reads_roster,
        purpose=page.purpose if reads_charter else "",
        measures=page.measures if reads_charter else (),
        seats=tuple(_seat(page, seat, actor) for seat in page.seats),
        visitors=page.visitors if reads_roster else (),
        standing_guests=page.standing_guests if reads_roster else (),
        acts=tuple(line for line in page.acts if may(actor, Act.READ, _record(page, line.confidentiality))),
    )
    if may(actor, Act.READ, _seats_class(page, Kind.INVITATION)):
        return cut
    upcoming = replace(page.next, exception=None) if page.next else None
    return replace(
        cut, sees_invitation=False, next=upcoming, health=_NOTHING, held=None, waiting=(), under_way=(), findings=(),
        names={},
    )  # fmt: skip


def _seat(page: MeetingPage, seat: SeatLine, actor: Actor) -> SeatLine:
    """Without the right to it: the department and who sits for it, which everybody with a part in the meeting knows."""
    if may(actor, Act.READ, replace(_seats_class(page, Kind.ROSTER), seat=seat.id)):
        return seat
    return replace(seat, is_whole=False, mandate=None, deputies=(), stand_in=None, answer=Answer.UNKNOWN)


def _seats_class(page: MeetingPage, kind: Kind) -> Thing:
    return Thing(kind, page.id, Confidentiality.SEATS)


def _record(page: MeetingPage, confidentiality: Confidentiality) -> Thing:
    return Thing(Kind.RECORD, page.id, confidentiality)
