"""A decision on both databases: what the page reads in one statement there is one here too."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from governance.database import Database
from governance.domain.access import Actor, Held, Who
from governance.domain.decisions.values import Answer, Stance, State
from governance.services.decisions import deciding, drafting, options, rounds, voicing
from governance.services.decisions.doing import Doing, begin
from governance.services.decisions.page import DecisionPage, decision_page
from governance.services.decisions.refusals import ChangedSince
from governance.services.decisions.voicing import Voice
from governance.store.meetings import meeting_by_slug
from tests.web.attended import attend, start_of
from tests.web.deciding import begin as begin_draft
from tests.web.scenes import CAST, SLUG, Scene

NOW = start_of(0) + timedelta(minutes=10)
THREE = CAST[:3]


@pytest.fixture
def draft(database: Database) -> UUID:
    scene = Scene(database)
    scene.adopt()
    scene.roster(THREE)
    scene.cycle()
    attend(scene, 0, {department: 1 for department, _, _ in THREE})
    return begin_draft(scene)


def test_it_is_opened_answered_and_decided_as_on_the_page(database: Database, draft: UUID) -> None:
    for text in ("Two days", "A week"):
        _act(database, draft, lambda one, text=text: options.add_option(one, _option(text), seat_id=None))
    _act(database, draft, rounds.open_positions)
    electors = _page(database, draft).decision.electors
    for elector, stance in zip(electors, (Stance.FAVOUR, Stance.LIVE, Stance.OBJECT), strict=True):
        voice = Voice(stance=stance, reason="Because", interest="Time")
        _act(database, draft, lambda one, who=elector.seat, voice=voice: voicing.enter(one, who, voice, round_=1))
    objection = next(one for one in _page(database, draft).decision.positions if one.stance is Stance.OBJECT)
    _act(database, draft, lambda one: deciding.answer_objection(one, objection.id, Answer.DECLINED, "We take it"))
    _act(database, draft, deciding.decide)

    page = _page(database, draft)

    assert page.state is State.DECIDED
    assert [one.department for one in page.decision.electors] == ["Finance", "Legal", "Operations"]
    assert [one.limit_minor for one in page.decision.electors] == [5_000_000] * 3
    assert (page.quorum.present, page.quorum.needed, page.quorum.held) == (3, 2, 3)
    assert page.decision.answers[objection.id].words == "We take it"
    assert page.decision.proposed is not None
    assert page.decision.proposed.text == "Two days"


def test_a_draft_that_was_saved_since_is_not_saved_over(database: Database, draft: UUID) -> None:
    version = _page(database, draft).version
    _act(database, draft, lambda one: drafting.reword(one, _terms(one, "First"), version))

    with pytest.raises(ChangedSince):
        _act(database, draft, lambda one: drafting.reword(one, _terms(one, "Second"), version))

    assert _page(database, draft).title == "First"


def _act(database: Database, draft: UUID, act: Callable[[Doing], object]) -> None:
    with database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        chair = Actor(None, frozenset({Held(Who.CHAIR, meeting.id)}))
        act(begin(session, meeting, str(draft), actor="test", who=chair, source="test", now=NOW))


def _page(database: Database, draft: UUID) -> DecisionPage:
    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        found = decision_page(session, meeting, str(draft), NOW)
    assert found is not None
    return found


def _option(text: str) -> options.OptionWording:
    return options.OptionWording(text=text)


def _terms(doing: Doing, title: str) -> drafting.Terms:
    return drafting.Terms(title=title, way=doing.value.way)
