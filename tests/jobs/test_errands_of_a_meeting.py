"""What the worker reads of a calendar for a meeting that is to go on in another event, and what it never reads."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from governance.domain.errand import ErrandKind, Found, LookedAt
from governance.seed import cast
from governance.services.adoption import meeting_named
from governance.store.meetings import series_of
from tests.jobs.conftest import Office
from tests.jobs.test_errands import ALPHA, ask, errand

CALENDAR = cast.CHAIR.address


def test_a_meeting_whose_event_was_deleted_is_offered_its_successor_and_goes_on_in_it(office: Office) -> None:
    """The chair's other events are nobody's business, and neither is anybody else's calendar."""
    lost = office.open_meeting(ALPHA, cast.CHAIR)
    office.open_meeting("beta", cast.SCRIBE)
    office.control.delete_event(lost.calendar, lost.event_id)
    start = office.now.replace(microsecond=0) + timedelta(days=2)
    for event, title in (("successor", "Alpha"), ("salaries", "Salaries")):
        office.control.create_series(
            CALENDAR, title, start.isoformat(), (start + timedelta(hours=1)).isoformat(), "Europe/Berlin",
            ["RRULE:FREQ=WEEKLY"], [cast.AMARA.address], event_id=event,
        )  # fmt: skip
    elsewhere: dict[str, Any] = {"calendar": cast.SCRIBE.address, "subject": cast.SCRIBE.address}

    found = ask(office, ErrandKind.FIND, elsewhere, meeting=ALPHA)
    looked = ask(office, ErrandKind.LOOK, {"event": "successor", **elsewhere}, meeting=ALPHA)
    office.work_off()
    linked = ask(office, ErrandKind.RELINK, {"event": "successor"}, meeting=ALPHA)
    office.work_off()

    assert [one.event for one in Found.from_json(errand(office, found).answer_json).events] == ["successor"]
    assert LookedAt.from_json(errand(office, looked).answer_json).google_id == CALENDAR
    assert errand(office, linked).state == "done"
    with office.database.reading() as session:
        meeting = meeting_named(session, ALPHA)
        living = [row.event_id for row, _ in series_of(session, [meeting.id])[meeting.id] if row.retired_at is None]
        assert (living, meeting.frozen_code) == (["successor"], None)
