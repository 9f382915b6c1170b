"""The roster in words: what a seat's line adds, and what would follow from an act."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.services.meeting_page import Remark, SeatLine
from governance.services.rehearsal import Consequences
from governance.services.roster_page import Lead, RosterPage, RosterSeat
from web.wording import changes
from web.wording.times import count, day, short_day


@dataclass(frozen=True, slots=True)
class Told:
    """Several remarks about one person, as one line: what, and on which days."""

    who: str
    address: str
    deed: str
    where: str
    icon: str
    tone: str
    why: str


def judged_on(page: RosterPage) -> str:
    return f"As it will be on {day(page.on)}" if page.upcoming else f"As it is on {day(page.on)}"


def room(page: RosterPage) -> str:
    """“9 of at most 12 seats are held, 2 are vacant.”"""
    vacant = len(page.seats) - page.held_seats
    said = f"{page.held_seats} of at most {page.cap} seats {'is' if page.held_seats == 1 else 'are'} held"
    return said + (f", {vacant} {'is' if vacant == 1 else 'are'} vacant" if vacant else "")


def over_cap(page: RosterPage) -> str | None:
    over = page.held_seats - page.cap
    if over <= 0:
        return None
    return (
        f"{page.held_seats} seats are held and the cap is {page.cap}. Nobody loses a seat by that, and no further seat "
        f"can be filled before {count(over + 1, 'of them', 'of them')} are vacant."
    )


def days_left(seat: SeatLine, today: date) -> str | None:
    """“110 days left”, for a mandate in force that ends."""
    line = seat.mandate
    if line is None or line.last_day is None or not seat.may_decide or line.last_day < today:
        return None
    left = (line.last_day - today).days
    # Never broken over two lines.
    return "last\N{NO-BREAK SPACE}day" if left == 0 else f"{count(left, 'day')} left".replace(" ", "\N{NO-BREAK SPACE}")


def coming_and_going(seat: RosterSeat) -> str | None:
    """Who follows, or until when the delegate sits."""
    if seat.follows and seat.follows_on:
        return f"{seat.follows.name} from {short_day(seat.follows_on)} on"
    return f"until {short_day(seat.leaves_on)}" if seat.leaves_on else None


def leads_as(lead: Lead) -> str:
    """“chair”, “acting chair from 1 Dec 2026 until 12 Dec 2026”."""
    if lead.is_acting and lead.last_day:
        return f"acting chair from {short_day(lead.first_day)} until {short_day(lead.last_day)}"
    return lead.kind


def told(remarks: tuple[Remark, ...], zone: str) -> list[Told]:
    """One line a person and deed: who is taken off every week need not be told for each day besides."""
    grouped: dict[tuple[str, str, str], list[Remark]] = {}
    for one in remarks:
        key = (one.kind or "", one.who.address or "" if one.who else "", one.flag or "")
        grouped.setdefault(key, []).append(one)
    return [_told(some, zone) for some in grouped.values()]


def _told(some: list[Remark], zone: str) -> Told:
    first = some[0]
    look = changes.look(first)
    days = [changes.where(one, zone) for one in some if one.occurrence is not None]
    is_weekly = any(one.occurrence is None for one in some)
    where = "every week" if is_weekly else days[0] if len(days) == 1 else f"on {count(len(days), 'day')}"
    return Told(
        who=first.who.name if first.who else "The invitation itself",
        address=first.who.address or "" if first.who and first.who.address != first.who.name else "",
        deed=changes.deed(first),
        where=where,
        icon=look.icon,
        tone=look.tone,
        why=first.held or first.reason,
    )


def headline(found: Consequences) -> str:
    """What the invitation will look like, in a sentence."""
    if found.frozen:
        return "Nothing is written to the invitation now"
    if not found.touch_the_invitation:
        return "The invitation stays as it is"
    if found.from_day:
        return f"On the invitation, from {short_day(found.from_day)} on"
    return "On the invitation"


def when_done(found: Consequences) -> str:
    if found.from_day:
        return "Nothing changes before that day; then the service does it by itself."
    return "Done when the service next looks, usually within a minute."


INPUT_TYPES = {"address": "email", "day": "date", "line": "text", "moment": "datetime-local"}
"""What a browser is told about a field; whatever it lets through is judged by us."""
