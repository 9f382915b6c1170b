"""Decisions as people make them on the pages, for the tests of several pages."""

from __future__ import annotations

from uuid import UUID

from governance.services.decisions.drafting import Wording, begin_draft
from governance.store.meetings import meeting_by_slug
from governance.store.seats import open_seat_of
from tests.web.scenes import SLUG, Scene

WORDS = Wording(
    title="Answer complaints within two days",
    question="Who answers a complaint that nobody feels responsible for, and by when?",
    customer="Everybody who has waited for an answer",
)


def begin(scene: Scene, department: str = "Finance", wording: Wording = WORDS) -> UUID:
    """A draft that a department has brought."""
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = open_seat_of(session, meeting.id, department.casefold())
        row = begin_draft(
            session, meeting, wording, actor="test", source="test", now=scene.now, seat_id=seat.id if seat else None
        )
        return row.id
