"""Every kind of link, come about as in life: the fact, the mail that was posted for it, and the address in the mail."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from governance.domain.roster import MandateState
from governance.models import Meeting, Person
from governance.models.outbox import Outbox
from governance.reconcile.observed import Guest
from governance.services import applications, offers, people, seats, sponsors
from governance.services.links import signed
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from tests.support.posted import posted
from tests.web.conftest import config_for
from tests.web.decided import ANNA, decided, decided_beyond
from tests.web.scenes import CHAIR, SLUG, Scene, in_order

KEY = config_for().site.secret_key
SPONSOR = "fay.farah@example.com"
AMARA, JONAS, IVO = "amara.okafor@example.com", "jonas.weber@example.com", "ivo.kovac@example.com"
STRANGER = "consultant@elsewhere.example"


@dataclass(frozen=True, slots=True)
class Mailed:
    """One link of one mail: whose it is, what its button sends, and whether it takes a session to use it."""

    path: str
    address: str
    fields: Mapping[str, str]
    is_grave: bool = False


def _meeting(session: object) -> Meeting:
    found = meeting_by_slug(session, SLUG)  # type: ignore[arg-type]
    assert found is not None
    return found


def sponsor(scene: Scene, department: str = "Finance", address: str = SPONSOR) -> None:
    with scene.database.writing() as session:
        meeting = _meeting(session)
        person = people.person_named(session, address, "Fay Farah")
        row = seats.department_named(session, department)
        sponsors.name_sponsor(session, meeting, row, person, actor="test", now=scene.now)


def path_of(link_id: UUID) -> str:
    return f"/l/{signed(link_id, KEY)}"


def mailed(scene: Scene, kind: str, name: str, address: str) -> str:
    """The path of the link in the newest mail of the kind to that address."""
    found = [one for one in posted(scene.database, kind) if one.address == address and name in one.links]
    assert found, (kind, name, address, [(one.kind, one.address) for one in posted(scene.database)])
    return path_of(found[-1].links[name])


def _person(scene: Scene, address: str) -> Person:
    with scene.database.reading() as session:
        found = person_by_address(session, address)
    assert found is not None
    return found


def recorded(scene: Scene, address: str = AMARA, department: str = "Finance", last_day: date | None = None) -> None:
    """A mandate that the import recorded on the sponsor's behalf."""
    sponsor_id = _person(scene, SPONSOR).id
    scene.mandate(department, address, state=MandateState.RECORDED, sponsor=sponsor_id, last_day=last_day)


def confirm(scene: Scene) -> Mailed:
    in_order(scene)
    sponsor(scene)
    recorded(scene)
    fields = {"do": "confirm", "scope": "Everything within the department’s budget and people", "limit": "50000.00"}
    return Mailed(mailed(scene, "mandate-requested", "answer", SPONSOR), SPONSOR, fields, is_grave=True)


def renew(scene: Scene) -> Mailed:
    in_order(scene)
    sponsor(scene)
    scene.mandate("Finance", AMARA, last_day=scene.now.date() + timedelta(days=10))
    scene.cycle()
    fields = {"do": "renew", "scope": "All of it", "limit": "", "last_day": str(scene.now.date() + timedelta(days=300))}
    return Mailed(mailed(scene, "mandate-ending", "renew", SPONSOR), SPONSOR, fields, is_grave=True)


def _declined(scene: Scene, *, with_mandate: bool) -> None:
    """The delegate declined the day before, and the deputy cannot be swapped in: without a mandate, or taken back."""
    in_order(scene)
    sponsor(scene)
    scene.deputy("Finance", "Jonas Weber", JONAS)
    scene.pass_time(days=2, hours=3)
    scene.answers(amara="declined")
    scene.cycle()
    if with_mandate:
        scene.mandate("Finance", JONAS)


def stand_in(scene: Scene) -> Mailed:
    _declined(scene, with_mandate=True)
    return Mailed(mailed(scene, "declined", "stand-in:0", AMARA), AMARA, {"do": "stand-in"})


def after_all(scene: Scene) -> Mailed:
    _declined(scene, with_mandate=False)
    return Mailed(mailed(scene, "declined", "after-all", AMARA), AMARA, {"do": "after-all"})


def grant(scene: Scene) -> Mailed:
    _declined(scene, with_mandate=False)
    fields = {"do": "grant", "scope": "Everything within the budget", "limit": "1000"}
    return Mailed(mailed(scene, "deputy-asked", "grant", SPONSOR), SPONSOR, fields)


def _taken_off(scene: Scene) -> None:
    in_order(scene)
    sponsor(scene)
    scene.vacant("Marketing")
    scene.deputy("Finance", "Jonas Weber", JONAS)
    scene.calendar.forward(f"event-{SLUG}", Guest(address=JONAS, name="Jonas Weber"))
    scene.cycle()


def apply(scene: Scene) -> Mailed:
    _taken_off(scene)
    return Mailed(mailed(scene, "removed", "apply", JONAS), JONAS, {"do": "apply"})


def note(scene: Scene) -> Mailed:
    _taken_off(scene)
    return Mailed(mailed(scene, "removed", "note", JONAS), JONAS, {"do": "note", "text": "The forecast is ready."})


def endorse(scene: Scene) -> Mailed:
    _taken_off(scene)
    with scene.database.writing() as session:
        meeting = _meeting(session)
        seat, person = seats.seat_of(session, meeting, "Finance"), people.known_person(session, JONAS)
        applications.apply_for(session, meeting, seat, person, actor="test", now=scene.now)
    return Mailed(mailed(scene, "application", "endorse", SPONSOR), SPONSOR, {"do": "endorse"})


def _offered(scene: Scene) -> None:
    """Jonas, who was taken off, asks for a vacant seat and is offered it."""
    _taken_off(scene)
    with scene.database.writing() as session:
        meeting = _meeting(session)
        seat, person = seats.seat_of(session, meeting, "Marketing"), people.known_person(session, JONAS)
        asks = applications.apply_for(session, meeting, seat, person, actor="test", now=scene.now)
        last_day = scene.now.date() + timedelta(days=7)
        offers.offer_seat(session, meeting, seat, asks, last_day=last_day, why=None, actor="test", now=scene.now)


def accept(scene: Scene) -> Mailed:
    _offered(scene)
    return Mailed(mailed(scene, "offer", "accept", JONAS), JONAS, {"do": "accept"}, is_grave=True)


def refuse(scene: Scene) -> Mailed:
    _offered(scene)
    return Mailed(mailed(scene, "offer", "decline", JONAS), JONAS, {"do": "decline-offer"})


def admit(scene: Scene) -> Mailed:
    _taken_off(scene)
    return Mailed(mailed(scene, "removals", "admit:0", CHAIR), CHAIR, {"do": "undo"}, is_grave=True)


def held(scene: Scene) -> Mailed:
    in_order(scene)
    strangers = (Guest(address=f"stranger{number}@elsewhere.example") for number in range(11))
    scene.calendar.forward(f"event-{SLUG}", *strangers)
    scene.cycle()
    return Mailed(mailed(scene, "held", "decide", CHAIR), CHAIR, {"do": "approve"}, is_grave=True)


def contested(scene: Scene) -> Mailed:
    in_order(scene)
    for _ in range(4):
        scene.calendar.forward(f"event-{SLUG}", Guest(address=STRANGER))
        scene.cycle()
        scene.pass_time(minutes=10)
    return Mailed(mailed(scene, "contested", "decide", CHAIR), CHAIR, {"do": "observe"}, is_grave=True)


def ratify(scene: Scene) -> Mailed:
    decided_beyond(scene)
    return Mailed(
        mailed(scene, "ratification-asked", "answer", SPONSOR), SPONSOR, {"do": "ratify"}, is_grave=True
    )  # fmt: skip


def commit(scene: Scene) -> Mailed:
    decided(scene)
    return Mailed(mailed(scene, "commitment-asked", "commit", ANNA), ANNA, {"do": "will"})


ALL: Mapping[str, Callable[[Scene], Mailed]] = {
    one.__name__: one
    for one in (
        confirm,
        renew,
        stand_in,
        after_all,
        grant,
        apply,
        note,
        endorse,
        accept,
        refuse,
        admit,
        held,
        contested,
        ratify,
        commit,
    )
}


def every_link(scene: Scene) -> list[str]:
    """The paths of all links of all mails."""
    with scene.database.reading() as session:
        rows = session.scalars(select(Outbox)).all()
    return [path_of(UUID(one)) for row in rows for one in row.facts_json["links"].values()]
