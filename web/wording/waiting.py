"""The waiting lists in words: from when a seat may be expected, what is offered, and what comes next."""

from __future__ import annotations

from datetime import datetime

from governance.domain.waiting import RULE, Expected, Next, OfferState, When
from governance.services.waiting_page import OfferLine, OwnPlace, PlaceLine, WaitingPage, WaitingSeat
from web.wording.times import count, local_day, short_day

ORDER = f"The order of every list: {RULE[0].lower()}{RULE[1:]}"


def expected(of: Expected) -> str:
    """“Expected from 1 Mar 2027 on, when the mandate of the delegate ends.”"""
    if of.when is When.NOW:
        return "The seat is vacant now."
    if of.when is When.ROOM_FULL:
        return "The seat is vacant, but the room is full: vacate another seat first, or raise the cap."
    if of.day is None:
        return "When the seat becomes free is not known: neither the delegate nor their mandate has a last day."
    if of.when is When.TENURE_ENDS:
        return f"Expected from {short_day(of.day)} on: the day before is the last one of its delegate."
    return f"Expected from {short_day(of.day)} on, unless the delegate’s mandate is renewed: it ends the day before."


def holder(seat: WaitingSeat) -> str:
    if seat.delegate is not None:
        return f"Held by {seat.delegate.name}"
    return "Held by somebody" if seat.delegate_id is not None else "Vacant"


def many(seat: WaitingSeat) -> str:
    if not seat.many:
        return "nobody waits"
    return f"{count(seat.many, 'person', 'people')} {'waits' if seat.many == 1 else 'wait'}"


def place(one: PlaceLine, zone: str) -> str:
    """“Asked on 3 Nov 2026; supported by Fay Farah since 5 Nov 2026.”"""
    asked = f"Asked on {short_day(local_day(one.since, zone))}"
    if one.endorsed_at is None:
        return f"{asked}."
    by = one.endorsed_by or "the sponsor"
    return f"{asked}; supported by {by} since {short_day(local_day(one.endorsed_at, zone))}."


def why(one: PlaceLine) -> str:
    return f"Place {one.number}: {one.why}."


def own(place: OwnPlace, zone: str) -> str:
    """“You are number 2 of 3; you asked on 3 Nov 2026, and the sponsor supports you.”"""
    supported = "the sponsor supports you" if place.is_supported else "the sponsor has not said that they support you"
    asked = short_day(local_day(place.since, zone))
    return f"You are number {place.number} of {place.of}. You asked on {asked}, and {supported}."


def offer(one: OfferLine, zone: str) -> str:
    if one.is_open:
        return (
            f"Offered to {one.person.name} until {short_day(one.last_day)}; they would sit from "
            f"{short_day(one.first_day)} on."
        )
    closed = f" on {short_day(local_day(one.closed_at, zone))}" if one.closed_at else ""
    return _OVER[one.state].format(name=one.person.name, closed=closed, last=short_day(one.last_day))


def own_offer(one: OfferLine) -> str:
    return (
        f"The seat is offered to you. Answer until {short_day(one.last_day)}: you would sit from "
        f"{short_day(one.first_day)} on."
    )


def next_step(seat: WaitingSeat) -> str:
    if seat.next is None:
        return ""
    first = seat.places[0].person.name if seat.places else ""
    return _NEXT[seat.next].format(first=first, department=seat.department)


def read(at: datetime, zone: str) -> str:
    return f"Read on {short_day(local_day(at, zone))}"


def empty(page: WaitingPage) -> str:
    """How a meeting without seats goes on."""
    return "There is no seat yet to wait for. Whoever leads the meeting opens the first ones on the roster."


_OVER = {
    OfferState.ACCEPTED: "{name} accepted the offer{closed}.",
    OfferState.DECLINED: "{name} declined the offer{closed}.",
    OfferState.ENDED: "The offer to {name} ended on {last} without an answer.",
    OfferState.WITHDRAWN: "The offer to {name} was withdrawn{closed}.",
}

_NEXT = {
    Next.NOBODY_WAITS: "Nobody waits for it. Who is taken off the invitation is told by mail how to ask for the seat.",
    Next.NOT_FREE: "It cannot be offered while its delegate has no last day. Hand it over, or vacate it from a day on.",
    Next.OFFER: "Offer it to {first}, who is first, or with a reason to somebody else.",
    Next.OFFER_AGAIN: "Offer it again, or with a reason to somebody else: nothing goes on by itself.",
    Next.WAIT: "Wait for the answer, or withdraw the offer.",
}
