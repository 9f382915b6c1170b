"""Adoption, relinking, release and what a meeting sets for itself."""

from __future__ import annotations

from typing import Any

import pytest

from governance.database import Database
from governance.domain.charter import CharterRefused
from governance.domain.errors import GovernanceError
from governance.services import adoption, charters, settings
from governance.services.ledger import head
from governance.services.settings import RoleKind
from governance.store import meetings as store
from governance.store.charters import newest_versions
from governance.store.seen_series import load_pictures
from tests.support.cast import (
    ANN,
    BOB,
    CALENDAR,
    CHAIR,
    NOW,
    SLUG,
    TODAY,
    YESTERDAY,
    on_stage,
    roster_now,
    weekly_event,
)

ACT = {"actor": "test", "now": NOW}


def adopt(database: Database, **more: Any) -> None:
    values = {"slug": SLUG, "google_id": CALENDAR, "subject": CALENDAR, "event": weekly_event(), **ACT, **more}
    with database.writing() as session:
        adoption.adopt(session, **values)


def refusal(database: Database, **more: Any) -> str:
    with pytest.raises(GovernanceError) as refused:
        adopt(database, **more)
    return str(refused.value)


def holders(database: Database, kind: str) -> list[str]:
    with database.reading() as session:
        meeting = store.meeting_by_slug(session, SLUG)
        assert meeting is not None
        return [one.address for one in store.role_holders(session, [meeting.id], TODAY) if one.kind == kind]


def position(database: Database) -> int:
    with database.reading() as session:
        meeting = store.meeting_by_slug(session, SLUG)
        assert meeting is not None
        return head(session, meeting.id).seq


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ({"status": "cancelled"}, "Choose another event: this one was deleted."),
        (
            {"recurrence": ()},
            "Make the event recurring in Google Calendar, or choose another: it takes place once.",
        ),
        (
            {"organizer_is_calendar": False, "organizer": "boss@example.com"},
            "Name the calendar of boss@example.com with --calendar: "
            "only the organiser's own copy of an event can be kept in order.",
        ),
        ({"series_id": "weekly-event"}, "Choose the series weekly-event: this is one occurrence of it."),
    ],
    ids=["deleted", "not recurring", "organised by somebody else", "one occurrence"],
)
def test_an_event_that_cannot_be_governed_leaves_nothing(
    database: Database, event: dict[str, Any], sentence: str
) -> None:
    assert refusal(database, event=weekly_event(**event)) == sentence

    with database.reading() as session:
        assert store.all_meetings(session) == []
        assert store.all_calendars(session) == []


def test_an_adopted_meeting_is_as_its_event_says(database: Database) -> None:
    adopt(database, cap=5)

    with database.reading() as session:
        (meeting,) = store.all_meetings(session)
        ((series, calendar),) = store.series_of(session, [meeting.id])[meeting.id]
        (picture,) = load_pictures(session, meeting.id, NOW)

    assert (meeting.slug, meeting.name, meeting.time_zone, meeting.cap) == (
        SLUG,
        "Decision meeting",
        "Europe/Berlin",
        5,
    )
    assert (meeting.first_plan_approved, meeting.dirty) == (False, True)
    assert (series.event_id, calendar.google_id, calendar.subject) == ("weekly-event", CALENDAR, CALENDAR)
    assert (calendar.sync_token, calendar.dirty) == (None, True)
    assert picture.series == weekly_event()
    assert holders(database, "chair") == [CHAIR.address]


def test_a_shared_calendar_is_chaired_by_whom_we_act_as(database: Database) -> None:
    shared = "c_1@group.calendar.google.com"

    adopt(database, google_id=shared, subject=ANN.address, event=weekly_event(organizer=shared))

    assert holders(database, "chair") == [ANN.address]


def test_an_event_is_adopted_once_only(database: Database) -> None:
    adopt(database)

    assert refusal(database, slug="again") == "Choose another event: this one is governed already, as weekly."


def test_a_short_name_is_taken_once_only(database: Database) -> None:
    adopt(database)

    assert refusal(database, event=weekly_event("other-event")) == "Choose another short name: weekly is taken."


def test_a_calendar_has_one_subject(database: Database) -> None:
    adopt(database)

    assert refusal(database, slug="other", event=weekly_event("other-event"), subject=ANN.address) == (
        f"Leave --subject out, or give {CALENDAR}: "
        f"that is whom all meetings of the calendar {CALENDAR} are acted for as."
    )


@pytest.mark.parametrize("slug", ["", "a", "Weekly", "we_ekly", "x" * 41, "we ekly", "wöchentlich"])
def test_a_short_name_is_plain(database: Database, slug: str) -> None:
    assert refusal(database, slug=slug).startswith("Choose a short name of 2 to 40 letters a to z, digits and hyphens")


def test_a_released_meeting_leaves_its_guests_and_can_come_back(database: Database) -> None:
    adopt(database)
    with on_stage(database) as stage:
        stage.delegate(ANN)
        adoption.release(stage.session, stage.meeting, **ACT)
    with database.reading() as session:
        assert store.all_meetings(session) == []

    adopt(database)

    assert [seat.department for seat in roster_now(database).seats] == ["Finance"]


def test_a_released_meetings_event_may_become_another_meeting(database: Database) -> None:
    adopt(database)
    with on_stage(database) as stage:
        ((series, _),) = store.series_of(stage.session, [stage.meeting.id])[stage.meeting.id]
        series.baseline_json = [ANN.address]
        adoption.release(stage.session, stage.meeting, **ACT)

    adopt(database, slug="monthly")

    with database.reading() as session:
        (meeting,) = store.all_meetings(session)
        ((series, _),) = store.series_of(session, [meeting.id])[meeting.id]
        assert (meeting.slug, series.baseline_json) == ("monthly", None)


def test_releasing_again_changes_nothing(database: Database) -> None:
    with on_stage(database) as stage:
        adoption.release(stage.session, stage.meeting, **ACT)
    before = position(database)

    with on_stage(database) as stage:
        adoption.release(stage.session, stage.meeting, **ACT)

    assert position(database) == before


def relink(database: Database, event_id: str, **more: Any) -> None:
    with on_stage(database) as stage:
        values = {"google_id": CALENDAR, "subject": CALENDAR, **more}
        adoption.relink(stage.session, stage.meeting, event=weekly_event(event_id), **values, **ACT)


def test_a_frozen_meeting_goes_on_in_its_new_event(database: Database) -> None:
    with on_stage(database) as stage:
        stage.meeting.frozen_code, stage.meeting.frozen_reason = "event-gone", "the event is gone"

    relink(database, "new-event")

    with database.reading() as session:
        (meeting,) = store.all_meetings(session)
        (old, _), (new, _) = store.series_of(session, [meeting.id])[meeting.id]
    assert meeting.frozen_code is None
    assert (new.event_id, new.predecessor_id) == ("new-event", old.id)


def test_relinking_to_the_same_event_changes_nothing(database: Database) -> None:
    with on_stage(database):
        pass
    before = position(database)

    relink(database, f"event-{SLUG}")

    assert position(database) == before


def test_another_meetings_event_is_refused(database: Database) -> None:
    for slug in ("other", SLUG):
        with on_stage(database, slug=slug):
            pass

    with pytest.raises(adoption.AdoptionRefused) as refused:
        relink(database, "event-other")

    assert str(refused.value) == "Choose another event: this one belongs to another meeting."


# --- Settings


def test_settings_that_are_so_already_change_nothing(database: Database) -> None:
    with on_stage(database) as stage:
        charters.set_charter(stage.session, stage.meeting, "visitors = 3\n", **ACT)
        settings.pause(stage.session, stage.meeting, by="test", last_day=TODAY, **ACT)
    before = position(database)

    with on_stage(database) as stage:
        charters.set_charter(stage.session, stage.meeting, "visitors = 3\n", **ACT)
        settings.set_rule_mode(stage.session, stage.meeting, "I01", "enforce", **ACT)
        settings.set_role(stage.session, stage.meeting, RoleKind.CHAIR, [stage.person(CHAIR)], **ACT)
        settings.pause(stage.session, stage.meeting, by="test", last_day=TODAY, **ACT)
        assert not settings.resume(stage.session, None, **ACT)

    assert position(database) == before


def test_a_new_chair_replaces_the_old_one_and_scribes_are_a_whole_list(database: Database) -> None:
    with on_stage(database) as stage:
        people = [stage.person(ANN), stage.person(BOB)]
        settings.set_role(stage.session, stage.meeting, RoleKind.CHAIR, people[:1], **ACT)
        settings.set_role(stage.session, stage.meeting, RoleKind.SCRIBE, people, **ACT)
        settings.set_role(stage.session, stage.meeting, RoleKind.SCRIBE, people[1:], **ACT)

    assert holders(database, "chair") == [ANN.address]
    assert holders(database, "scribe") == [BOB.address]


def test_a_meeting_is_never_without_a_chair(database: Database) -> None:
    with pytest.raises(settings.SettingRefused), on_stage(database) as stage:
        settings.set_role(stage.session, stage.meeting, RoleKind.CHAIR, [], **ACT)


def test_every_charter_is_kept_and_the_newest_is_in_force(database: Database) -> None:
    with on_stage(database) as stage:
        charters.set_charter(stage.session, stage.meeting, "visitors = 3\n", **ACT)
        charters.set_charter(stage.session, stage.meeting, "visitors = 4\n", **ACT)
        versions = newest_versions(stage.session, stage.meeting.id, 9)

    assert [(one.number, one.source) for one in versions] == [(2, "visitors = 4\n"), (1, "visitors = 3\n")]


def test_a_charter_with_a_fault_is_not_kept(database: Database) -> None:
    with pytest.raises(CharterRefused), on_stage(database) as stage:
        charters.set_charter(stage.session, stage.meeting, "visitor = 3\n", **ACT)


@pytest.mark.parametrize(("code", "mode"), [("I99", "off"), ("I01", "loud"), ("", "off")])
def test_an_unknown_rule_or_mode_is_refused(database: Database, code: str, mode: str) -> None:
    with pytest.raises(settings.SettingRefused), on_stage(database) as stage:
        settings.set_rule_mode(stage.session, stage.meeting, code, mode, **ACT)


def test_a_pause_replaces_an_earlier_one_and_resuming_ends_it(database: Database) -> None:
    with on_stage(database) as stage:
        settings.pause(stage.session, stage.meeting, by="test", **ACT)
        settings.pause(stage.session, stage.meeting, by="test", first_day=TODAY, last_day=TODAY, **ACT)
        assert [(one.first_day, one.last_day) for one in store.pauses(stage.session, stage.meeting.id)] == [
            (TODAY, TODAY)
        ]

        assert settings.resume(stage.session, stage.meeting, **ACT)
        assert store.pauses(stage.session, stage.meeting.id) == []


def test_a_pause_that_ends_before_it_begins_is_refused(database: Database) -> None:
    with pytest.raises(settings.SettingRefused), on_stage(database) as stage:
        settings.pause(stage.session, stage.meeting, by="test", first_day=TODAY, last_day=YESTERDAY, **ACT)


def test_a_pause_of_all_makes_every_meeting_due(database: Database) -> None:
    with on_stage(database, slug="other") as stage:
        stage.meeting.dirty = False

    with on_stage(database) as stage:
        settings.pause(stage.session, None, by="test", **ACT)

    with database.reading() as session:
        assert all(meeting.dirty for meeting in store.all_meetings(session))
