"""The room and the page on both databases: what is read in one statement there must be one here too."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from governance.database import Database
from governance.domain.access import OPERATOR
from governance.domain.attendance import MarkKind, State
from governance.models import Person, Turn
from governance.services.attendance import asking, making_up
from governance.services.attendance.doing import begin
from governance.services.attendance.questions import bank_page, suggest, veto
from governance.services.attendance.reading import is_open, room
from governance.services.attendance.weeks import attendance_page
from governance.store.meetings import meeting_by_slug
from tests.web.attended import attend, start_of
from tests.web.scenes import SLUG, Scene


def test_a_week_is_marked_read_and_made_up_for(database: Database) -> None:
    scene = Scene(database)
    scene.adopt()
    scene.roster()
    scene.cycle()
    now = start_of(0) + timedelta(minutes=20)
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        suggest(session, meeting, "Which door do you hold open?", "open", actor="test", now=scene.now)
        veto(session, meeting, "B01", wanted=True, actor="test", now=scene.now)
    attend(scene, 0, {"Finance": -3, "Operations": 4, "Legal": 9, "Research": MarkKind.ABSENT})
    anna, elif_ = _person(database, "Anna Meier"), _person(database, "Dr. Elif Aydın")
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        turn = session.scalars(select(Turn).where(Turn.person_id == anna)).one()
        asking.keep_answer(session, meeting, turn, "A lighthouse.", actor="test", now=now)
        later = start_of(0) + timedelta(days=1)
        doing = begin(session, meeting, start_of(0).isoformat(), actor="test", source="web", now=later)
        seat = next(one for one in doing.seats() if one.department == "Research")
        making_up.make_up(doing, seat.id, elif_, has_read=True, commitments="The trial.", outcome="answered")

    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        found = room(session, meeting, now, viewer=anna)
        of_others = room(session, meeting, now, viewer=elif_)
        page = attendance_page(session, meeting, now, viewer=elif_)
        bank = bank_page(session, meeting, OPERATOR)
        open_at = [is_open(session, meeting.id, start_of(0) + timedelta(minutes=one)) for one in (-16, -15, 59, 60)]

    assert [one.department for one in found.arrivals] == ["Finance", "Operations", "Legal"]
    assert found.own_turn is not None
    assert (found.own_turn.outcome, found.own_turn.answer) == ("answered", "A lighthouse.")
    assert {one.answer for one in of_others.turns if one.person.id == anna} == {""}
    assert [(one.kind, one.outcome) for one in found.turns] == [
        ("late", "answered"),
        ("late", None),
        ("make-up", "answered"),
    ]
    states = {row.department: row.cells[0] for row in page.rows}
    assert (states["Operations"].late_minutes, states["Research"].state) == (4, State.ABSENT)
    assert states["Research"].is_made_up
    assert page.misses == ()
    assert [line.question.key for line in bank.lines if line.is_vetoed] == ["B01"]
    assert open_at == [False, True, True, False]


def _person(database: Database, name: str) -> UUID:
    with database.reading() as session:
        return session.scalars(select(Person.id).where(Person.name == name)).one()
