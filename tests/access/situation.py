"""Two meetings with somebody in every role of the first, and a planted word in every text.

`own` is the meeting everybody has a part in, `foreign` one in which none of them has any, `absent` does not exist.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import delete, event, select
from sqlalchemy.orm import Session

from governance.config import Config, model
from governance.database import Database
from governance.domain.access import Who
from governance.domain.ledger import Confidentiality
from governance.mail import facts
from governance.models import (
    ActionLink,
    AdoptionDraft,
    Application,
    AttendanceMark,
    BriefRequest,
    ChosenQuestion,
    DelegateNote,
    DirectoryAnswer,
    Errand,
    KeptAnswer,
    MakeUp,
    Meeting,
    Occurrence,
    Offer,
    Outbox,
    Person,
    Role,
    SuggestedQuestion,
    Turn,
    Undeliverable,
    WebSession,
)
from governance.reconcile.observed import Guest
from governance.services import (
    charters,
    deputies,
    guests,
    ledger,
    occurrences,
    outbox,
    people,
    seats,
    settings,
    sponsors,
)
from governance.services.settings import RoleKind
from governance.services.summaries.brief import facts_of
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from tests.access import briefs
from tests.access.canaries import word
from tests.access.decided import plant_decision, plant_foreign_decision, plant_foreign_promise
from tests.web.conftest import config_for
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, Scene
from web import create_app

OWN, FOREIGN, ABSENT = "leadership", "other", "none"
METRICS_TOKEN = "a token for the figures"

ADDRESSES = {
    Who.ADMINISTRATOR: ADMIN,
    Who.CHAIR: CHAIR,
    Who.ACTING_CHAIR: "acting.chair@example.com",
    Who.SCRIBE: SCRIBE,
    Who.DELEGATE: "delegate@example.com",
    Who.STAND_IN: "stand.in@example.com",
    Who.DEPUTY: "deputy@example.com",
    Who.SPONSOR: "sponsor@example.com",
    Who.LEADERSHIP: "leadership@example.com",
    Who.APPLICANT: "applicant@example.com",
    Who.NOBODY: "visitor@example.com",
}
"""Nobody is a visitor of the next occurrence: that alone gives no part in the meeting."""

SOMEBODY_ELSE = "guest@example.com"


class Whose(StrEnum):
    OWN = "own"
    FOREIGN = "foreign"
    ABSENT = "absent"


RELEASES = {whose: UUID(int=7_000 + number) for number, whose in enumerate(Whose)}
"""The errands that let each meeting go; of the absent one there is none."""


SUMMARIES = {whose: UUID(int=7_100 + number) for number, whose in enumerate(Whose)}
"""The summary that the delegate of each meeting was sent; of the absent one there is none."""


@dataclass(slots=True, eq=False)
class Situation:
    scene: Scene
    app: Flask
    demo: Flask
    tokens: dict[str, str] = field(default_factory=dict)
    """What other parts want to remember of what they planted, such as the last part of a link's address."""

    @property
    def database(self) -> Database:
        return self.scene.database

    def slug(self, whose: Whose) -> str:
        return {Whose.OWN: OWN, Whose.FOREIGN: FOREIGN, Whose.ABSENT: ABSENT}[whose]

    def signed_in(self, who: Who) -> tuple[FlaskClient, str]:
        """A browser with a session of its own, and the token that its forms carry."""
        browser, token, csrf = self.app.test_client(), secrets.token_urlsafe(), secrets.token_urlsafe()
        with self.database.writing() as session:
            session.add(self.session_of(ADDRESSES[who], token, csrf, is_admin=who is Who.ADMINISTRATOR))
        browser.set_cookie("governance", token)
        return browser, csrf

    def session_of(self, address: str, token: str, csrf: str, *, is_admin: bool = False, **more: Any) -> WebSession:
        now = self.scene.now
        return WebSession(
            token_hash=hashlib.sha256(token.encode()).hexdigest(), address=address, is_admin=is_admin, made_at=now,
            seen_at=now, expires_at=now + timedelta(days=7), csrf=csrf, **more,
        )  # fmt: skip

    @contextmanager
    def statements(self) -> Iterator[list[str]]:
        """What the database is asked meanwhile; beginning a transaction asks nothing."""
        sent: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            if not statement.startswith(("PRAGMA", "BEGIN")):
                sent.append(statement)

        event.listen(self.database.engine, "before_cursor_execute", note)
        try:
            yield sent
        finally:
            event.remove(self.database.engine, "before_cursor_execute", note)


def config() -> Config:
    return replace(config_for(), web=model.Web(metrics_token=METRICS_TOKEN))


def build(database: Database) -> Situation:
    """Everything, through the services."""
    scene = Scene(database)
    _meeting(scene, OWN, _OURS)
    _meeting(scene, FOREIGN, _THEIRS)
    _without_our_people(scene)
    found = over(scene)
    with database.writing() as session:
        for plant in PLANTS:
            plant(found, session)
    return found


def over(scene: Scene) -> Situation:
    """The pages of what is built already."""
    ordinary = create_app(config(), scene.database, clock=lambda: scene.now)
    return Situation(scene, ordinary, create_app(config(), scene.database, clock=lambda: scene.now, demo=_Acts()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Texts:
    name: str
    department: str
    delegate: tuple[str, str]
    scope: str
    stranger: tuple[str, str]


_OURS = _Texts(
    name=word("meeting name"),
    department=word("department"),
    delegate=(word("delegate"), ADDRESSES[Who.DELEGATE]),
    scope=word("mandate scope"),
    stranger=(word("stranger"), "stranger@example.com"),
)
_THEIRS = _Texts(
    name=word("foreign name"),
    department=word("foreign department"),
    delegate=(word("foreign delegate"), "foreign.delegate@example.com"),
    scope=word("foreign scope"),
    stranger=(word("foreign stranger"), "foreign.stranger@example.com"),
)


def _meeting(scene: Scene, slug: str, texts: _Texts) -> None:
    """Adopted, with one delegate, a stranger on the invitation, and a first plan that waits for somebody."""
    scene.adopt(slug, texts.name)
    scene.roster(((texts.department, *texts.delegate),), slug, without_mandate=(texts.department,))
    scene.mandate(texts.department, texts.delegate[1], slug, scope=texts.scope)
    with scene.database.writing() as session:
        session.add(DirectoryAnswer(
            address=texts.stranger[1], kind="user", primary_address=texts.stranger[1], name=texts.stranger[0],
            read_at=scene.now,
        ))  # fmt: skip
    scene.calendar.forward(f"event-{slug}", Guest(address=texts.stranger[1], name=texts.stranger[0]))
    if slug == OWN:
        scene.calendar.change(
            f"event-{slug}", summary=word("event title"), description=word("event description"),
            private_properties={"somebody": word("event property")},
        )  # fmt: skip
    scene.cycle(slug)


def _without_our_people(scene: Scene) -> None:
    """The stage has one chair and one scribe for all meetings; the foreign one is led by somebody else."""
    with scene.database.writing() as session:
        foreign = _of(session, FOREIGN)
        session.execute(delete(Role).where(Role.meeting_id == foreign.id))
        other = people.person_named(session, "foreign.chair@example.com", word("foreign chair"))
        session.add(Role(meeting_id=foreign.id, person_id=other.id, kind="chair", first_day=scene.now.date()))


Plant = Callable[[Situation, Session], None]


def _roles(situation: Situation, session: Session) -> None:
    now, meeting = situation.scene.now, _of(session, OWN)
    _person(session, Who.CHAIR).name, _person(session, Who.SCRIBE).name = word("chair"), word("scribe")
    today = now.date()
    acting = _person(session, Who.ACTING_CHAIR)
    session.add(Role(
        meeting_id=meeting.id, person_id=acting.id, kind="chair", first_day=today, last_day=today + timedelta(days=30)
    ))  # fmt: skip
    readers = [_person(session, Who.LEADERSHIP)]
    settings.set_role(session, meeting, RoleKind.LEADERSHIP, readers, actor="test", now=now)


def _roster(situation: Situation, session: Session) -> None:
    now, meeting = situation.scene.now, _of(session, OWN)
    seat = seats.seat_of(session, meeting, word("department"))
    deputy = _person(session, Who.DEPUTY, word("deputy"))
    deputies.name_deputy(session, meeting, seat, deputy, actor="test", now=now)
    sponsor = _person(session, Who.SPONSOR, word("sponsor"))
    sponsors.name_sponsor(session, meeting, department_of(session, seat), sponsor, actor="test", now=now)
    found = occurrences.next_occurrence(session, meeting, now)
    assert found is not None
    occurrence = occurrences.kept_occurrence(session, found)
    stand_in = _person(session, Who.STAND_IN, word("stand-in"))
    deputies.stand_in(session, meeting, seat, occurrence, stand_in, actor="test", now=now)
    visitor = _person(session, Who.NOBODY, word("visitor"))
    guests.admit_visitor(
        session, meeting, occurrence, visitor, reason=word("visitor reason"), actor="test", now=now
    )  # fmt: skip
    guest = people.person_named(session, SOMEBODY_ELSE, word("guest"))
    guests.admit_standing_guest(
        session, meeting, guest, last_day=now.date() + timedelta(days=30), reason=word("guest reason"), actor="test",
        now=now,
    )  # fmt: skip


def _another_department(situation: Situation, session: Session) -> None:
    now, meeting = situation.scene.now, _of(session, OWN)
    seat = seats.open_seat(session, meeting, "Another department", actor="test", now=now)
    other = people.person_named(session, "another.delegate@example.com", word("other delegate"))
    seats.appoint(session, meeting, seat, other, actor="test", now=now)
    situation.scene._mandate(
        session, meeting, "Another department", "another.delegate@example.com", scope=word("other mandate scope")
    )


def _charter(situation: Situation, session: Session) -> None:
    text = f'short = "{word("charter short")}"\npurpose = "{word("charter purpose")}"\n'
    text += f'[[measures]]\nname = "{word("measure")}"\n[[measures.values]]\nday = 2026-01-02\nvalue = 3\n'
    for slug, said in ((OWN, text), (FOREIGN, 'purpose = "Theirs"')):
        charters.set_charter(session, _of(session, slug), said, actor="test", now=situation.scene.now)


def _wishes(situation: Situation, session: Session) -> None:
    seat = seats.seat_of(session, _of(session, OWN), word("department"))
    applicant = _person(session, Who.APPLICANT, word("applicant"))
    now = situation.scene.now
    asks = Application(seat_id=seat.id, person_id=applicant.id, at=now)
    session.add(asks)
    session.flush()
    session.add(Offer(
        seat_id=seat.id, application_id=asks.id, offered_by="test", at=now, ends_at=now + timedelta(days=7),
        first_day=now.date(), why=word("offer reason"),
    ))  # fmt: skip
    session.add(DelegateNote(seat_id=seat.id, person_id=applicant.id, text=word("delegate note"), at=now))


def _mails(situation: Situation, session: Session) -> None:
    now, meeting = situation.scene.now, _of(session, OWN)
    note = facts.NoteLeft(
        department=word("department"), name=word("applicant"), address=ADDRESSES[Who.APPLICANT],
        text=f"{word('delegate note')} {word('mail of somebody else')}",
    )  # fmt: skip
    outbox.post(session, note, about="1", to=_person(session, Who.DELEGATE), meeting=meeting, now=now)
    change = {"deed": "remove", "who": word("stranger"), "when": None, "rule": "I01", "reason": "not entitled"}
    held = facts.Held(checksum="0", whys=["the first plan"], changes=[change])
    for lead in (Who.CHAIR, Who.ACTING_CHAIR, Who.SCRIBE):
        outbox.post(session, held, about="1", to=_person(session, lead), meeting=meeting, now=now)
    offer = facts.OfferMade(
        department=word("department"), first_day=None, last_day="2026-12-01", next=None,
        short=word("charter short"), sponsor=word("sponsor"), by=word("chair"),
    )  # fmt: skip
    outbox.post(session, offer, about="1", to=_person(session, Who.APPLICANT), meeting=meeting, now=now)
    session.add(Undeliverable(
        address="gone@example.com", problem_code="550", problem_text=word("refusal of an address"), since=now
    ))  # fmt: skip
    session.add(ActionLink(
        purpose="leave-note", person_id=_person(session, Who.APPLICANT).id, meeting_id=meeting.id, thing_json={},
        made_at=now, expires_at=now, used_at=now, outcome=word("outcome of a link"),
    ))  # fmt: skip


def _summaries(situation: Situation, session: Session) -> None:
    """Sent to both delegates, each with what was decided in their own meeting."""
    now = situation.scene.now
    for whose, to, name in ((Whose.OWN, _OURS.delegate, "decision"), (Whose.FOREIGN, _THEIRS.delegate, "foreign name")):
        said = {"reader": "seat", "start": None, "end": None, "since": now.isoformat()}
        closed = {"number": "D-2026-001", "title": word(name), "owner": None, "due_on": None, "customer": None}
        session.add(Outbox(
            id=SUMMARIES[whose], key=f"summary of {whose}", kind="summary",
            meeting_id=_of(session, situation.slug(whose)).id, about="2026-W47", address=to[1],
            person_id=people.person_named(session, to[1]).id,
            facts_json={"facts": {**said, "closed": [closed]}, "links": {}}, queued_at=now, due_at=now, state="sent",
            sent_at=now,
        ))  # fmt: skip


def _trouble(_situation: Situation, session: Session) -> None:
    meeting = _of(session, OWN)
    meeting.problem_text, meeting.problem_remedy = word("trouble"), word("trouble remedy")


def _attendance(situation: Situation, session: Session) -> None:
    """Last week: a correction, one who missed it and made up for it, and an answer that was kept."""
    now, meeting = situation.scene.now, _of(session, OWN)
    found = occurrences.next_occurrence(session, meeting, now)
    assert found is not None
    start, week = found.seen.original_start - timedelta(weeks=1), timedelta(weeks=1)
    last = Occurrence(series_id=found.series_id, original_start=start, start=start, end=found.seen.end - week)
    seat = seats.seat_of(session, meeting, word("department"))
    delegate = _person(session, Who.DELEGATE)
    added = SuggestedQuestion(
        meeting_id=meeting.id, text=f"What is {word('suggested question')}?", tag="light", by="test", at=now
    )  # fmt: skip
    session.add_all([last, added])
    session.flush()
    turn = Turn(
        occurrence_id=last.id, person_id=delegate.id, seat_id=seat.id, kind="make-up", since=now, outcome="answered",
        settled_at=now,
    )  # fmt: skip
    session.add(turn)
    session.flush()
    session.add_all(
        [
            AttendanceMark(
                seat_id=seat.id, occurrence_id=last.id, person_id=None, kind="absent", source="correction", at=start,
                recorded_at=now, by="test", reason=word("correction reason"),
            ),
            MakeUp(
                seat_id=seat.id, occurrence_id=last.id, person_id=delegate.id, at=now,
                commitments=word("commitments made up"),
            ),
            ChosenQuestion(
                occurrence_id=last.id, question_key=added.id.hex, suggested_id=added.id, seed="seed", why="new-to-all",
                at=now,
            ),
            KeptAnswer(turn_id=turn.id, text=word("kept answer"), at=now),
        ]
    )  # fmt: skip
    plant_decision(session, meeting, last, seat, delegate, _person(session, Who.SPONSOR), now)
    plant_foreign_decision(session, _of(session, FOREIGN), now)
    theirs = people.person_named(session, _THEIRS.delegate[1], _THEIRS.delegate[0])
    plant_foreign_promise(session, _of(session, FOREIGN), theirs, now)


def plant_record(situation: Situation, session: Session) -> None:
    """The newest entries, so that the page shows them."""
    for slug, name, confidentiality in (
        (OWN, "record open", Confidentiality.OPEN),
        (OWN, "record seats", Confidentiality.SEATS),
        (OWN, "record private", Confidentiality.PRIVATE),
        (FOREIGN, "foreign record private", Confidentiality.PRIVATE),
    ):
        ledger.record(
            session, at=situation.scene.now, actor="test", source="test", act="something-done", subject="a-test",
            meeting_id=_of(session, slug).id, confidentiality=confidentiality, why=word(name),
        )  # fmt: skip


def _errands(situation: Situation, session: Session) -> None:
    """Somebody lets both meetings go; what a worker has found out of another event is for whoever asked."""
    for whose in (Whose.OWN, Whose.FOREIGN):
        session.add(Errand(
            id=RELEASES[whose], kind="release", meeting_id=_of(session, situation.slug(whose)).id, asked_json={},
            asked_by=SOMEBODY_ELSE, actor="test", asked_at=situation.scene.now,
        ))  # fmt: skip
    session.add(Errand(
        kind="look", asked_json={"event": word("event asked for")}, asked_by=SOMEBODY_ELSE, actor="test",
        asked_at=situation.scene.now, state="refused", answer_json={"event": word("event of nobody")},
        refusal=word("refusal of an errand"),
    ))  # fmt: skip
    session.add(AdoptionDraft(
        asked_by=SOMEBODY_ELSE, begun_at=situation.scene.now, touched_at=situation.scene.now,
        content_json={"department": word("department of a draft")},
    ))  # fmt: skip


def _briefs(situation: Situation, session: Session) -> None:
    """One of last week that has gone, and one that waits, with a line that the chair has left out and a request."""
    now, meeting, foreign = situation.scene.now, _of(session, OWN), _of(session, FOREIGN)
    delegate = _person(session, Who.DELEGATE)
    gone = briefs.plant(session, meeting, briefs.GONE, word("brief that went"), now - timedelta(days=4))
    gone.gone_at = now - timedelta(days=3)
    briefs.plant(session, foreign, briefs.WAITS, word("foreign brief"), now)
    waits = briefs.plant(session, meeting, briefs.WAITS, word("brief that waits"), now)
    briefs.leave_out(waits, word("left out of a brief"))
    session.add(BriefRequest(
        brief_id=waits.id, seat_id=seats.seat_of(session, meeting, word("department")).id, person_id=delegate.id,
        text=word("change of a brief"), at=now,
    ))  # fmt: skip
    asked = briefs.asked(word("department"), word("delegate"), word("change of a brief"), now)
    for about, to, said in (
        *(("asked", who, asked) for who in (Who.CHAIR, Who.ACTING_CHAIR, Who.SCRIBE)),
        *(("went", who, facts_of(gone)) for who in (Who.LEADERSHIP, Who.SPONSOR)),
        *(("changed", who, briefs.changed(waits)) for who in (Who.DELEGATE, Who.SCRIBE, Who.LEADERSHIP)),
    ):
        outbox.post(session, said, about=about, to=_person(session, to), meeting=meeting, now=now)


def _another_session(situation: Situation, session: Session) -> None:
    agent = word("browser of somebody else")
    session.add(situation.session_of("foreign.chair@example.com", "somebody else’s", "theirs", agent=agent))


PLANTS: tuple[Plant, ...] = (
    _roles, _roster, _another_department, _charter, _wishes, _mails, _summaries, _trouble, _another_session, _errands,
    _attendance, _briefs, plant_record,
)  # fmt: skip
"""What is built besides the two meetings, in this order; the record comes last, because a page shows its end."""


def _person(session: Session, who: Who, name: str | None = None) -> Person:
    return people.person_named(session, ADDRESSES[who], name or who.value)


def _of(session: Session, slug: str) -> Meeting:
    found = meeting_by_slug(session, slug)
    assert found is not None
    return found


@dataclass(frozen=True, slots=True)
class _Act:
    id: str = "try"
    label: str = "Try something"
    explanation: str = "It does nothing."


class _Acts:
    """A demo whose one act does nothing."""

    def acts(self) -> tuple[_Act, ...]:
        return (_Act(),)

    def perform(self, act_id: str, slug: str) -> None:
        return None


def everything(session: Session) -> dict[str, str]:
    """Each column's values as one text, by `table.column`."""
    from governance.models import whole_metadata

    return {
        f"{table.name}.{column.name}": "\n".join(str(value) for value in session.scalars(select(column)))
        for table in whole_metadata().tables.values()
        for column in table.columns
    }
