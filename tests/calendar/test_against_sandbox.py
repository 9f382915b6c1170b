"""The gateway before the sandbox calendar, which behaves as Google does: the same code path as before Google."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from governance.calendar.client import CalendarFacts
from governance.calendar.opening import Google, open_google
from governance.reconcile.ports import (
    AddressKind,
    CalendarAddress,
    CalendarTrouble,
    ChangedMeanwhile,
    EventWrite,
    NotFound,
    OutcomeUnclear,
    Refused,
    SendUpdates,
    SyncTokenExpired,
    Throttled,
    Unbelievable,
    Unreachable,
    WritesPaused,
)
from governance.reconcile.received import Listing
from tests.support.sandbox import SandboxForTests

CHAIR, ANN, BOB, IT = "chair@example.com", "ann@example.com", "bob@example.com", "it@example.com"
BOARD = CalendarAddress(CHAIR, CHAIR)


@pytest.fixture
def control(sandbox: SandboxForTests) -> Any:
    sandbox.control.reset(now="2026-11-02T08:00:00+00:00")
    sandbox.control.seed(users=[{"email": one, "time_zone": "Europe/Berlin"} for one in (CHAIR, ANN, BOB)])
    sandbox.control.create_series(
        calendar=CHAIR,
        summary="Customer board",
        start="2026-11-03T09:00:00",
        end="2026-11-03T10:00:00",
        time_zone="Europe/Berlin",
        recurrence=["RRULE:FREQ=WEEKLY;COUNT=10"],
        guests=[ANN, BOB],
        event_id="weekly0",
    )
    sandbox.control.clear_log()
    return sandbox.control


@pytest.fixture(params=["service_account", "authorized_user"])
def google(request: pytest.FixtureRequest, sandbox: SandboxForTests, control: Any, tmp_path: Path) -> Iterator[Google]:
    opened = _open(sandbox, sandbox.credentials_file(tmp_path, request.param))
    yield opened
    opened.close()


def listed(google: Google, token: str | None = None) -> Listing:
    return google.calendar.list_changes(BOARD, sync_token=token, concerns=lambda *_: True)


def test_when_nothing_has_changed_nothing_is_listed(google: Google) -> None:
    first = listed(google)

    again = listed(google, first.sync_token)

    assert [event.id for event in first.events] == ["weekly0"]
    assert (again.events, again.had_items, again.is_full, again.access_role) == ((), False, False, "owner")


def test_a_write_comes_back_as_it_was_meant(google: Google, control: Any) -> None:
    [series] = [event.read() for event in listed(google).events]
    kept = tuple(guest.received for guest in series.guests if guest.address != BOB)

    written = google.calendar.write_event(
        BOARD,
        EventWrite(
            event_id=series.id,
            etag=series.etag,
            guests=kept,
            guests_can_invite=False,
            private_properties={"ledger": "1"},
            send_updates=SendUpdates.NONE,
        ),
    )

    assert written == google.calendar.get_event(BOARD, series.id)
    assert BOB not in written.addresses
    assert (written.guests_can_invite, written.private_properties) == (False, {"ledger": "1"})
    assert written.etag != series.etag
    assert len(control.effects()) == 1


def test_a_write_on_a_changed_event_is_refused_and_has_no_effect(google: Google, control: Any) -> None:
    [series] = listed(google).events
    control.answers(CHAIR, "weekly0", ANN, "accepted")
    control.clear_log()

    with pytest.raises(ChangedMeanwhile):
        google.calendar.write_event(BOARD, EventWrite(event_id=series.id, etag=series.etag, description="x"))

    assert control.effects() == []


def test_an_answer_to_one_occurrence_is_listed_as_an_exception_of_its_series(google: Google, control: Any) -> None:
    token = listed(google).sync_token
    control.answers(CHAIR, "weekly0_20261110T080000Z", ANN, "declined")

    [exception] = [event.read() for event in listed(google, token).events]

    assert (exception.id, exception.series_id) == ("weekly0_20261110T080000Z", "weekly0")
    assert exception.original_start is not None
    assert exception.original_start.isoformat() == "2026-11-10T08:00:00+00:00"
    assert exception.guest(ANN).has_declined  # type: ignore[union-attr]


def test_primary_is_resolved_and_the_role_is_known(google: Google) -> None:
    assert google.calendar.calendar_of(CalendarAddress("primary", CHAIR)) == CalendarFacts(
        google_id=CHAIR, access_role="owner", time_zone="Europe/Berlin", trouble=None
    )


def test_an_event_that_is_not_there_is_none(google: Google) -> None:
    assert google.calendar.get_event(BOARD, "nothing0") is None


def test_short_and_empty_pages_are_gathered(google: Google, control: Any) -> None:
    control.create_many(
        [
            {
                "calendar": CHAIR,
                "summary": f"Event {number}",
                "start": "2026-12-01T09:00:00+01:00",
                "end": "2026-12-01T10:00:00+01:00",
                "event_id": f"many{number:04d}",
            }
            for number in range(600)
        ]
    )
    control.switch("short_pages", True)

    assert len(listed(google).events) == 601


@pytest.mark.parametrize(
    "kind", ["slow", "429", "rateLimitExceeded", "503", "close_before", "close_after", "truncated"]
)
def test_a_listing_survives_one_passing_fault(google: Google, control: Any, kind: str) -> None:
    control.fault(kind, route="events.list", seconds=0.01)

    assert [event.id for event in listed(google).events] == ["weekly0"]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("invalid_json", Unbelievable),
        ("half_json", Unbelievable),
        ("html_ok", Unbelievable),
        ("empty_object", Unbelievable),
        ("empty_body", Unbelievable),
        ("list_body", Unbelievable),
        ("no_token", Unbelievable),
        ("both_tokens", Unbelievable),
        ("same_page", Unbelievable),
        ("410", SyncTokenExpired),
        ("404", NotFound),
        ("forbidden", Refused),
        ("accessNotConfigured", Refused),
        ("notACalendarUser", Refused),
        ("503", Unreachable),
        ("429", Throttled),
    ],
)
def test_a_listing_in_trouble_says_which(
    google: Google, control: Any, kind: str, expected: type[CalendarTrouble]
) -> None:
    token = listed(google).sync_token
    control.fault(kind, route="events.list", count=None)

    with pytest.raises(CalendarTrouble) as raised:
        listed(google, token)

    assert type(raised.value) is expected


@pytest.mark.parametrize(
    ("kind", "expected", "effects"),
    [
        ("close_before", OutcomeUnclear, 0),
        ("close_after", OutcomeUnclear, 1),
        ("truncated", OutcomeUnclear, 1),
        ("html_ok", OutcomeUnclear, 1),
        ("503", OutcomeUnclear, 0),
        ("quotaExceeded", WritesPaused, 0),
        ("429", Throttled, 0),
        ("412", ChangedMeanwhile, 0),
    ],
)
def test_a_write_in_trouble_is_sent_once(
    google: Google, control: Any, kind: str, expected: type[CalendarTrouble], effects: int
) -> None:
    [series] = listed(google).events
    control.clear_log()
    control.fault(kind, route="events.patch", count=None)

    with pytest.raises(CalendarTrouble) as raised:
        google.calendar.write_event(BOARD, EventWrite(event_id=series.id, etag=series.etag, description="x"))

    assert type(raised.value) is expected
    assert len(control.log("events.patch")) == 1
    assert len(control.effects()) == effects


def test_the_page_of_another_calendar_is_not_believed(google: Google, control: Any) -> None:
    control.create_series(
        calendar=ANN, summary="Other", start="2026-11-03T09:00:00Z", end="2026-11-03T10:00:00Z", event_id="other0"
    )
    with contextlib.suppress(NotFound):  # the signed-in chair may not see it, but has asked for it
        google.calendar.list_changes(CalendarAddress(ANN, ANN), sync_token=None, concerns=lambda *_: False)
    control.fault("other_calendar", route="events.list", shown=ANN)

    with pytest.raises(Unbelievable, match="belongs to another calendar"):
        listed(google)


def test_an_idle_connection_that_was_closed_costs_nothing(google: Google, control: Any) -> None:
    [series] = listed(google).events
    control.close_idle()

    written = google.calendar.write_event(BOARD, EventWrite(event_id=series.id, etag=series.etag, description="x"))

    assert written.description == "x"


def test_a_token_that_ended_early_is_renewed(google: Google, control: Any) -> None:
    [series] = listed(google).events
    control.expire_access()

    google.calendar.write_event(BOARD, EventWrite(event_id=series.id, etag=series.etag, description="x"))

    assert len(control.effects()) == 1


def test_a_calendar_shared_read_only_names_the_share(sandbox: SandboxForTests, control: Any, tmp_path: Path) -> None:
    control.share(CHAIR, ANN, "reader")
    google = _open(sandbox, sandbox.credentials_file(tmp_path))
    shared = CalendarAddress(CHAIR, ANN)
    series = google.calendar.get_event(shared, "weekly0")
    assert series is not None

    with pytest.raises(Refused) as raised:
        google.calendar.write_event(shared, EventWrite(event_id=series.id, etag=series.etag, description="x"))

    google.close()
    assert raised.value.code == "google-shared-read-only"
    assert str(raised.value).startswith(f"Share calendar {CHAIR} with {ANN} and choose “Make changes to events”")


def test_a_suspended_subject_is_named(sandbox: SandboxForTests, control: Any, tmp_path: Path) -> None:
    control.suspend(CHAIR)
    google = _open(sandbox, sandbox.credentials_file(tmp_path))

    with pytest.raises(Refused) as raised:
        listed(google)

    google.close()
    assert raised.value.code == "google-subject-unknown"


def test_the_directory_knows_people_aliases_and_groups(sandbox: SandboxForTests, control: Any, tmp_path: Path) -> None:
    control.alias(ANN, "annie@example.com")
    control.seed(users=[{"email": IT, "admin": True}], groups=[{"email": "all@example.com", "members": [ANN]}])
    google = _open(sandbox, sandbox.credentials_file(tmp_path), services=("calendar", "directory"))
    assert google.directory is not None

    found = google.directory.look_up(["annie@example.com", "all@example.com", "eve@other.org"])

    google.close()
    assert {address: entry.kind for address, entry in found.items()} == {
        "annie@example.com": AddressKind.USER,
        "all@example.com": AddressKind.GROUP,
        "eve@other.org": AddressKind.UNKNOWN,
    }
    assert set(found["annie@example.com"].addresses) >= {ANN, "annie@example.com"}


def _open(sandbox: SandboxForTests, credentials: Path, *, services: tuple[str, ...] = ("calendar",)) -> Google:
    google = {
        "credentials": credentials,
        "subject": IT,
        "services": services,
        "api_root": sandbox.url,
        "read_only": False,
    }
    config: Any = SimpleNamespace(path=Path("config.toml"), google=SimpleNamespace(**google))
    return open_google(config)
