"""Who hears that somebody was taken off an invitation (design: *Kind*). Pure: what is known goes in, mails come out.

Whoever is taken off is told, whatever the reason, an approved change of the roster included: Google mails nobody
inside the organisation about a removal, so that a delegate who was replaced would only find the meeting gone. Not told
is a delegate whose seat a stand-in holds that day: that was somebody's act about one day, and the seat stays theirs.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from governance.mail import facts
from governance.services.links import Purpose
from governance.services.mailing.letters import LinkWish, Post

SILENCE = timedelta(days=7)
"""One mail to a person and meeting within this time, however often they are brought along."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenOff:
    """One person who is not on the invitation any more, with what is known of them.

    `writes_to` is where a mail to them goes: another address than the one taken off, where they have several.
    `when` is the original start of the one occurrence (ISO), None for the series. `person_id` is None for somebody
    nobody knows, `is_group` for what the Directory says is none. `seat_id` is that of their department.
    """

    address: str
    writes_to: str
    why: str
    when: str | None = None
    name: str | None = None
    person_id: UUID | None = None
    is_inside: bool = True
    is_group: bool = False
    department: str | None = None
    department_is_known: bool = False
    """Whether somebody has said which it is; then one without a seat is known to have none."""
    seat_id: UUID | None = None
    delegate: str | None = None
    delegate_address: str | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one removal: the mail to the person, or why there is none."""

    one: TakenOff
    post: Post | None
    note: str | None

    def line(self) -> dict[str, Any]:
        """As the chair reads it."""
        return {
            "address": self.one.address,
            "name": self.one.name,
            "when": self.one.when,
            "why": self.one.why,
            "told": self.post is not None,
            "note": self.note,
        }


def told_of(removed: Iterable[TakenOff], *, told_lately: Collection[str], contact: str | None, on: date) -> list[Told]:
    """What each hears, one mail an address.

    Args:
        told_lately: addresses that heard of a removal from this meeting within `SILENCE`.
        contact: the chair's address, the only name in the mail to somebody outside.
        on: the day it is, which tells this mail from one a week later.
    """
    found: dict[str, Told] = {}
    for one in removed:
        if one.address not in found:
            note = _why_not(one, told_lately, contact)
            found[one.address] = Told(one, None if note else _mail(one, contact or "", on), note)
    return list(found.values())


def _why_not(one: TakenOff, told_lately: Collection[str], contact: str | None) -> str | None:
    if one.is_group:
        return "a mailing list or group, which gets no mail of ours"
    if one.writes_to in told_lately:
        return "they were told within the last 7 days"
    if one.is_inside and one.person_id is None:
        return "nobody here knows who that is"
    if not one.is_inside and contact is None:
        return "somebody outside, and there is no chair to name"
    return None


def _mail(one: TakenOff, contact: str, on: date) -> Post:
    about = on.isoformat()
    if not one.is_inside or one.person_id is None:
        return Post(facts=facts.RemovedOutsider(when=one.when, contact=contact), about=about, to=one.address)
    return Post(
        facts=facts.Removed(
            when=one.when,
            department=one.department,
            delegate=one.delegate,
            delegate_address=one.delegate_address,
            why=_why_to_them(one),
            contact=contact if one.department is None else None,
        ),
        about=about,
        to=one.person_id,
        links=tuple(_links(one)),
    )


def _why_to_them(one: TakenOff) -> str:
    """The rule's reason speaks of them to the chair; to themselves it says what they can do something about."""
    if one.department is None and one.department_is_known:
        return "You have no seat in it, and neither has your department"
    if one.department is None or one.delegate is None:
        return "You have no seat in it"
    return f"{one.department} already has its delegate, and each department has one place"


def _links(one: TakenOff) -> Iterable[LinkWish]:
    if one.seat_id is None:
        return
    thing = {"seat": str(one.seat_id)}
    yield LinkWish(name="apply", purpose=Purpose.APPLY, thing=thing)
    if one.delegate is not None:
        yield LinkWish(name="note", purpose=Purpose.LEAVE_NOTE, thing=thing)


def with_more(lines: Iterable[Mapping[str, Any]], more: Iterable[Told]) -> list[dict[str, Any]]:
    """The digest's lines with these behind them; who is on it already, and off the series, is not listed again."""
    found = [dict(line) for line in lines]
    there = {line["address"] for line in found}
    return [*found, *(told.line() for told in more if told.one.address not in there)]


def admit_link(number: int, line: Mapping[str, Any], person_id: UUID | None) -> LinkWish:
    """What the chair may do about one line of the digest."""
    thing = {
        "address": line["address"],
        "person": str(person_id) if person_id else None,
        "original_start": line["when"],
        "name": line["name"],
    }
    return LinkWish(name=f"admit:{number}", purpose=Purpose.ADMIT_REMOVED, thing=thing)
