"""Chair's and scribe's links: held changes, people who were taken off, and what somebody undoes again and again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from governance.domain.people import PersonId
from governance.domain.rules import RULES, Mode
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import approvals, guests, seats, settings
from governance.services.link_pages.values import SOURCE, About, Field, FieldKind, LinkRefused, Use, Verb
from governance.services.mailing.desk import Desk
from governance.services.occurrences import NextOccurrence, kept_occurrence
from governance.services.people import person_named
from governance.store.meeting_page import names_of
from governance.store.people import addresses_of
from governance.store.seen_series import load_pictures
from governance.store.standing import latest_verdict, modes_of

UNDONE_FOR = timedelta(days=7)


def look_held(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    plan = desk.meeting.plan_json or {}
    if person.id not in desk.leads or plan.get("checksum") != thing["checksum"]:
        return None
    verdict = latest_verdict(desk.session, desk.meeting.id, thing["checksum"])
    if verdict is not None and (verdict.verdict == "rejected" or verdict.expires_at > desk.now):
        return None
    keys = {tuple(key) for key in plan.get("held_keys", ())}
    held = [one for one in plan.get("changes", ()) if _key(one) in keys]
    names = names_of(desk.session, [one["email"] for one in held if one["email"]])
    removals = [one["email"] for one in held if one["kind"] == "remove-guest"]
    people = tuple((one, names.get(one, one)) for one in dict.fromkeys(removals))
    admits = _admitting(desk, people) if people else ()
    return About(
        values={"changes": [{**one, "name": names.get(one["email"] or "", one["email"])} for one in held]},
        verbs=(Verb(code="approve"), Verb(code="reject"), *admits),
    )


def act_held(use: Use) -> str:
    if use.verb not in ("approve", "reject"):
        return _admit(use, use.text("who"), None, None)
    address = addresses_of(use.session, use.person.id)[0].folded
    verdict = approvals.approve if use.verb == "approve" else approvals.reject
    held = approvals.held_keys(use.meeting.plan_json)
    verdict(use.session, use.meeting, use.thing["checksum"], held, by=address, source=SOURCE, now=use.now)
    return "Approved what was held." if use.verb == "approve" else "Rejected what was held: it stays as it is."


def look_removed(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    if person.id not in desk.leads or _may_come(desk, thing["address"]):
        return None
    name = names_of(desk.session, [thing["address"]]).get(thing["address"]) or thing.get("name")
    values = {"address": thing["address"], "whose": name or thing["address"], "start": thing["original_start"]}
    return About(values=values, verbs=(*_admitting(desk, ()), Verb(code="undo")))


def act_removed(use: Use) -> str:
    return _admit(use, use.thing["address"], use.thing.get("name"), use.thing["original_start"])


def look_contested(desk: Desk, person: Person, thing: Mapping[str, Any]) -> About | None:
    if person.id not in [one.person_id for one in desk.chairs]:
        return None
    if not modes_of(desk.session, desk.meeting.id).enforces(thing["rule"]):
        return None
    observe = Verb(code="observe")
    target = thing["target"]
    if thing["kind"] == "remove-guest" and not _may_come(desk, target):
        verbs: tuple[Verb, ...] = (*_admitting(desk, ()), Verb(code="undo"), observe)
    elif thing["kind"] == "add-guest" and _seat_of(desk, target) is not None:
        verbs = (Verb(code="vacate"), observe)
    else:
        verbs = (observe,)
    name = names_of(desk.session, [target]).get(target, target) if "@" in target else None
    rule = RULES[thing["rule"]]
    return About(values={"kind": thing["kind"], "whose": name, "rule": rule.code, "rule_says": rule.says}, verbs=verbs)


def act_contested(use: Use) -> str:
    how: dict[str, Any] = {"actor": use.actor, "now": use.now, "source": SOURCE}
    if use.verb == "observe":
        settings.set_rule_mode(use.session, use.meeting, use.thing["rule"], Mode.OBSERVE.value, **how)
        return f"Set the rule {use.thing['rule']} to observe."
    if use.verb == "vacate":
        seat_id = _seat_of(use.desk, use.thing["target"])
        if seat_id is None:
            raise LinkRefused("Look at the roster", "the seat has another holder by now")
        seats.vacate(use.session, use.meeting, use.session.get_one(Seat, seat_id), **how)
        return "Vacated the seat."
    scope = use.thing["scope"]
    return _admit(use, use.thing["target"], None, None if scope == "series" else scope)


# --- Admit as visitor, give the vacant seat, undo


def _admitting(desk: Desk, people: tuple[tuple[str, str], ...]) -> tuple[Verb, ...]:
    """What can be done for somebody; `people` to choose from, where it is not clear who it is."""
    who = (Field(name="who", kind=FieldKind.CHOICE, choices=people, is_required=True),) if people else ()
    reason = Field(name="reason", kind=FieldKind.TEXT, is_required=True)
    vacant = tuple((str(seat.id), seat.department) for seat in desk.roster.seats if seat.delegate(desk.today) is None)
    seat = Field(name="seat", kind=FieldKind.CHOICE, choices=vacant, is_required=True)
    give = (Verb(code="give-seat", fields=(*who, seat)),) if vacant else ()
    return (Verb(code="visitor", fields=(*who, reason)), *give)


def _admit(use: Use, address: str, name: str | None, start: str | None) -> str:
    how: dict[str, Any] = {"actor": use.actor, "now": use.now, "source": SOURCE}
    person = person_named(use.session, address, name)
    if use.verb == "visitor":
        occurrence = kept_occurrence(use.session, _occurrence(use, start))
        guests.admit_visitor(use.session, use.meeting, occurrence, person, reason=use.text("reason"), **how)
        return "Admitted as a visitor."
    if use.verb == "give-seat":
        seat = _chosen_seat(use)
        seats.appoint(use.session, use.meeting, seat, person, why="Given the vacant seat", **how)
        return "Gave the vacant seat."
    reason = "Was taken off and put back, until the chair decides"
    last_day = use.desk.today + UNDONE_FOR
    guests.admit_standing_guest(
        use.session, use.meeting, person, last_day=last_day, reason=reason, counts_in_limit=False, **how,
    )  # fmt: skip
    return "Undone: back as a standing guest for 7 days."


def _chosen_seat(use: Use) -> Seat:
    try:
        wanted = UUID(use.text("seat"))
    except ValueError:
        raise LinkRefused("Choose a seat", "none was chosen") from None
    value = use.desk.roster.seat(wanted)
    if value is None or value.delegate(use.desk.today) is not None:
        raise LinkRefused("Choose another seat", "this one is not vacant any more")
    return use.session.get_one(Seat, wanted)


def _occurrence(use: Use, start: str | None) -> NextOccurrence:
    """The one they were taken off while it is to come, else the next."""
    wanted = datetime.fromisoformat(start) if start else None
    for picture in load_pictures(use.session, use.meeting.id, use.now) if wanted else ():
        seen = picture.occurrence_at(wanted) if wanted else None
        if seen is not None and seen.start > use.now:
            return NextOccurrence(picture.id, seen)
    if use.desk.next is None:
        raise LinkRefused("Wait until the meeting has a next occurrence", "there is none to visit")
    return use.desk.next


def _may_come(desk: Desk, address: str) -> bool:
    """Whether the person has a seat or is a standing guest by now."""
    person = desk.roster.address_owner.get(address)
    if person is None:
        return False
    is_guest = any(one.person == person and desk.today <= one.last_day for one in desk.roster.standing_guests)
    return is_guest or desk.roster.seat_held_by(person, desk.today) is not None


def _seat_of(desk: Desk, address: str) -> UUID | None:
    person = desk.roster.address_owner.get(address)
    seat = desk.roster.seat_held_by(PersonId(person), desk.today) if person is not None else None
    return seat.id if seat is not None else None


def _key(change: Mapping[str, Any]) -> tuple[str, str, str]:
    scope = change["occurrence"] or "series"
    return scope, change["kind"], change["email"] or change["flag"] or ""
