"""A meeting whose occurrence is over, with the brief that its leadership gets a day later."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from governance.models import Brief, Meeting, Ratification
from governance.services import people, seats, settings
from governance.services.settings import RoleKind
from governance.services.summaries import brief_acts
from governance.services.summaries.brief import keep_brief, mark_gone
from governance.services.summaries.values import Period
from governance.store.meetings import meeting_by_slug
from tests.support.decided import closed, draft, mark
from tests.web.attended import start_of
from tests.web.scenes import SLUG, Scene, chartered

LEADER = "vera.lindholm@example.com"
A_DAY, A_WEEK = timedelta(days=1), timedelta(weeks=1)
KEY = "2026-11-26T09:00:00Z"


def the_meeting(session: Session, slug: str = SLUG) -> Meeting:
    found = meeting_by_slug(session, slug)
    assert found is not None
    return found


def led(scene: Scene) -> None:
    """Somebody reads for senior leadership."""
    with scene.database.writing() as session:
        leader = people.person_named(session, LEADER, "Vera Lindholm")
        settings.set_role(session, the_meeting(session), RoleKind.LEADERSHIP, [leader], actor="test", now=scene.now)


def brief_of(scene: Scene, week: int = 0, *, has_gone: bool = False) -> UUID:
    """Kept an hour after the end of that week's occurrence, which is when the scene goes on."""
    start = start_of(week)
    now = start + timedelta(hours=2)
    period = Period(
        start.strftime("%Y-%m-%dT%H:%M:%SZ"), start, start + timedelta(hours=1), is_cancelled=False,
        since=start - A_WEEK, until=now,
    )  # fmt: skip
    with scene.database.writing() as session:
        row = keep_brief(session, the_meeting(session), period, now)
        assert row is not None
        if has_gone:
            assert mark_gone(session, row.id, now + A_DAY)
        return row.id


def briefed(scene: Scene) -> None:
    """Two decisions of this week, one kept, one that waits for backing; last week's brief has gone."""
    chartered(scene)
    led(scene)
    with scene.database.writing() as session:
        meeting = the_meeting(session)
        owner = people.person_named(session, "anna.meier@example.com").id
        seat = seats.seat_of(session, meeting, "Finance").id
        first = closed(
            session, meeting, 3, "Refunds up to EUR 500 on the same day", on=start_of(-1).date(), owner_person_id=owner,
            customer="Private customers", customer_effect="Nobody waits for money that is theirs", seat_id=seat,
        )  # fmt: skip
    brief_of(scene, -1, has_gone=True)
    with scene.database.writing() as session:
        meeting, day = the_meeting(session), start_of(0).date()
        closed(
            session, meeting, 14, "A depot in Oslo", on=day, owner_person_id=owner, customer="Customers in Norway",
            customer_effect="They get their spare parts within two days instead of nine",
        )  # fmt: skip
        closed(session, meeting, 15, "One number for complaints", on=day, owner_person_id=owner)
        mark(session, session.merge(first), "kept", words="Nine of ten went out on the day", at=start_of(0))
        beyond = draft(session, meeting, "A second depot in Bergen", state="awaiting", decided_at=start_of(0),
                       customer="Fjordfisk")  # fmt: skip
        session.add(Ratification(
            decision_id=beyond.id, seat_id=seat, cause="money", state="asked", by="test", at=start_of(0)
        ))  # fmt: skip
    brief_of(scene)
    scene.now = start_of(0) + timedelta(hours=5)


def stored(scene: Scene, about: str = KEY) -> Brief:
    with scene.database.reading() as session:
        return session.scalars(select(Brief).where(Brief.about == about)).one()


def asked_for_a_change(scene: Scene, text: str = "Say that the depot needs the board’s word") -> None:
    """By the delegate of Finance."""
    briefed(scene)
    with scene.database.writing() as session:
        meeting = the_meeting(session)
        person = people.person_named(session, "amara.okafor@example.com").id
        doing = brief_acts.begin(session, meeting, KEY, by=person, actor="test", source="test", now=scene.now)
        brief_acts.ask(doing, text, seat=seats.seat_of(session, meeting, "Finance").id)
