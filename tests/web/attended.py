"""Weeks that were attended, told through the services: who came when, who was absent, who apologised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from governance.domain.attendance import MarkKind
from governance.models import Tenure
from governance.services import charters, seats
from governance.services.attendance import marking
from governance.services.attendance.doing import begin
from governance.store.meetings import meeting_by_slug
from tests.web.scenes import SLUG, ZONE, Scene

Told = int | MarkKind
"""Minutes after the start at which somebody came, or what was said about them."""


def start_of(week: int) -> datetime:
    """Ten in Berlin, whatever the season."""
    return (datetime(2026, 11, 26, 10) + timedelta(weeks=week)).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)  # noqa: DTZ001


def attend(scene: Scene, week: int, told: Mapping[str, Told]) -> None:
    """Occurrence `week` (0 is the next one), as the scribe marked it; the scene's clock is left as it was."""
    start = start_of(week)
    moments = {
        department: start + timedelta(minutes=one if isinstance(one, int) else 50) for department, one in told.items()
    }
    for department in sorted(told, key=lambda one: moments[one]):
        one = told[department]
        with scene.database.writing() as session:
            meeting = meeting_by_slug(session, SLUG)
            assert meeting is not None
            doing = begin(session, meeting, start.isoformat(), actor="test", source="web", now=moments[department])
            marking.mark(
                doing, seats.seat_of(session, meeting, department).id, MarkKind.ARRIVED if isinstance(one, int) else one
            )


def since(scene: Scene, day: date) -> None:
    """Everybody has held their seat since that day."""
    with scene.database.writing() as session:
        for tenure in session.scalars(select(Tenure)):
            tenure.first_day = day


def charter(scene: Scene, text: str) -> None:
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        charters.set_charter(session, meeting, text, actor="test", now=scene.now)


def a_quarter(scene: Scene, weeks: Sequence[int] = range(-9, 0)) -> None:
    """Everybody comes, one is late again and again, one was absent twice, and one apologised."""
    since(scene, date(2026, 9, 1))
    charter(scene, "grace_minutes = 2\nwindow = 10\nlate_limit = 2\nabsent_limit = 2\n")
    for week in weeks:
        told: dict[str, Told] = {"Finance": -4, "Operations": 1, "Legal": 0, "IT Security": -1, "Research": 2}
        if week % 3 == 0:
            told["Operations"] = 6 + week % 4
        if week in (-2, -5):
            told["Research"] = MarkKind.ABSENT
        if week == -4:
            told["Legal"] = MarkKind.APOLOGY
        attend(scene, week, told)
