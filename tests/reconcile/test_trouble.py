"""Bad answers, refusals and cut connections: nothing is written in doubt, nothing lost, a sentence says what to do."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from governance.domain.access import OPERATOR
from governance.models.calendar import Calendar
from governance.models.trouble import Quarantine
from governance.store import standing, troubles
from governance.store.judging import read_background
from tests.support.governed import CHAIR, DELEGATES, SERIES, SLUG, STRANGER, THURSDAY, Governed, occurrence_id

AMARA, HENRIK, MEI = DELEGATES.values()
THIS = occurrence_id(THURSDAY)


def calendar(governed: Governed) -> Calendar:
    with governed.database.reading() as session:
        return session.get_one(Calendar, governed.calendar_id)


def set_aside(governed: Governed) -> list[Quarantine]:
    with governed.database.reading() as session:
        return troubles.quarantines_of(session, governed.meeting_id)


def is_put_right(governed: Governed) -> bool:
    return STRANGER not in governed.guests()


@pytest.fixture
def forwarded(governed: Governed) -> Governed:
    """In order but for one stranger on the series."""
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.clear_log()
    return governed


@pytest.mark.parametrize(
    "kind",
    [
        "html_ok",
        "half_json",
        "invalid_json",
        "truncated",
        "empty_object",
        "empty_body",
        "list_body",
        "no_token",
        "both_tokens",
        "same_page",
        "other_calendar",
    ],
)
def test_an_answer_that_cannot_be_true_changes_nothing(kind: str, forwarded: Governed) -> None:
    before = (calendar(forwarded).sync_token, forwarded.guests())
    if kind == "other_calendar":
        forwarded.control.seed(users=[{"email": "other@example.com"}])
        forwarded.control.create_series(
            "other@example.com", "Other", "2026-01-08T10:00:00Z", "2026-01-08T11:00:00Z", "UTC",
            ["RRULE:FREQ=WEEKLY"], [STRANGER],
        )  # fmt: skip
        forwarded.control.fault(kind, route="events.list", count=None, shown="other@example.com")
    else:
        forwarded.control.fault(kind, route="events.list", count=None)

    report = forwarded.cycle_report()

    if kind != "other_calendar":
        assert report.trouble is not None
        assert before == (calendar(forwarded).sync_token, forwarded.guests())
        assert calendar(forwarded).problem_remedy
    assert [] == forwarded.writes()
    forwarded.control.clear_faults()
    forwarded.advance(timedelta(hours=1))
    forwarded.control.answers(CHAIR, SERIES, AMARA, "accepted")
    forwarded.cycle()
    assert is_put_right(forwarded)
    assert calendar(forwarded).problem_code is None


@pytest.mark.parametrize("status", ["500", "502", "503", "504"])
def test_a_calendar_that_cannot_be_read_waits_and_goes_on(status: str, forwarded: Governed) -> None:
    forwarded.control.fault(status, route="events.list", count=None)

    report = forwarded.cycle_report()

    assert report.trouble is not None
    assert calendar(forwarded).retry_at is not None
    forwarded.control.clear_faults()
    forwarded.cycle()
    assert is_put_right(forwarded)


@pytest.mark.parametrize(
    ("kind", "code_part"),
    [("404", "not-found"), ("forbidden", ""), ("insufficientPermissions", ""), ("accessNotConfigured", "")],
)
def test_a_refusal_says_what_an_administrator_is_to_do(kind: str, code_part: str, forwarded: Governed) -> None:
    forwarded.control.fault(kind, route="events.list", count=None)

    report = forwarded.cycle_report()

    assert report.trouble is not None
    assert report.trouble.is_permanent
    assert code_part in report.trouble.code
    remedy = str(report.trouble)
    assert remedy.split()[0].rstrip(",") in REMEDIES, remedy


REMEDIES = {"Share", "Add", "Ask", "Give", "Enable", "Switch", "Authorise", "Allow", "Let", "Check", "Turn", "Choose"}


class TestTokens:
    def test_a_refused_token_leads_to_one_full_listing_and_nothing_lost(self, forwarded: Governed) -> None:
        forwarded.control.expire_tokens(CHAIR)

        forwarded.cycle()

        assert is_put_right(forwarded)
        assert 2 == len([one for one in forwarded.control.log() if one["path"].endswith("/events")])

    def test_in_the_middle_of_paging_the_old_picture_holds_until_the_new_one_is_whole(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.create_many(
            [
                {
                    "calendar": CHAIR,
                    "summary": f"Other {number}",
                    "start": "2026-12-01T10:00:00Z",
                    "end": "2026-12-01T11:00:00Z",
                    "time_zone": "UTC",
                }
                for number in range(600)
            ]
        )
        governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
        governed.control.expire_tokens(CHAIR, mid_paging=True)

        governed.cycle()

        assert is_put_right(governed)

    def test_endless_410_is_asked_at_most_twice_a_cycle_and_ever_less_often(self, forwarded: Governed) -> None:
        forwarded.control.fault("410", route="events.list", count=None)

        waits = []
        for _ in range(6):
            forwarded.cycle_report()
            retry_at = calendar(forwarded).retry_at
            assert retry_at is not None
            waits.append(retry_at - forwarded.now)

        assert 12 >= len(forwarded.control.log())
        assert waits[-1] > timedelta(minutes=4)
        assert not is_put_right(forwarded)


class TestWrites:
    @pytest.mark.parametrize("kind", ["close_after", "503"])
    def test_an_unclear_write_is_resolved_by_reading(self, kind: str, forwarded: Governed) -> None:
        forwarded.control.fault(kind, route="events.patch", count=1)

        forwarded.cycle()

        assert is_put_right(forwarded)
        assert 1 == sum(
            1 for one in forwarded.control.effects() if STRANGER in one["before"] and STRANGER not in one["after"]
        )

    def test_a_write_cut_before_it_was_applied_is_written_again(self, forwarded: Governed) -> None:
        forwarded.control.fault("close_before", route="events.patch", count=1)

        forwarded.cycle()

        assert is_put_right(forwarded)

    def test_an_unclear_write_that_cannot_be_read_stays_claimed_and_is_settled_next_time(
        self, forwarded: Governed
    ) -> None:
        forwarded.control.fault("close_after", route="events.patch", count=1)
        forwarded.control.fault("503", route="events.get", count=None)

        forwarded.cycle()
        with forwarded.database.reading() as session:
            assert 1 == len(standing.open_intents(session, forwarded.meeting_id))

        forwarded.control.clear_faults()
        forwarded.advance(timedelta(hours=1))
        forwarded.cycle()
        with forwarded.database.reading() as session:
            assert [] == standing.open_intents(session, forwarded.meeting_id)
            applied = read_background(session, forwarded.meeting_id, now=forwarded.now, on=forwarded.now.date()).applied
        assert is_put_right(forwarded)
        assert 1 == sum(1 for one in applied if one.key[2] == STRANGER)
        assert 1 == len(forwarded.writes())

    def test_a_guest_who_answers_meanwhile_keeps_the_answer(self, forwarded: Governed) -> None:
        forwarded.control.fault("race", route="events.patch", count=1)
        forwarded.control.answers(CHAIR, SERIES, MEI, "accepted")

        forwarded.cycle()

        answers = {entry["email"]: entry["responseStatus"] for entry in forwarded.event()["attendees"]}
        assert is_put_right(forwarded)
        assert "accepted" == answers[MEI]

    def test_an_etag_that_changes_under_every_write_is_given_up_after_five(self, forwarded: Governed) -> None:
        forwarded.control.fault("race", route="events.patch", count=None)

        report = forwarded.cycle()

        assert report is not None
        assert report.failed == 1
        assert 5 == len(forwarded.writes())
        assert ["event-restless"] == [row.problem_code for row in set_aside(forwarded)]
        assert forwarded.stored().problem_code is None

    def test_quota_exceeded_rests_the_writes_and_reading_goes_on(self, forwarded: Governed) -> None:
        forwarded.control.fault("quotaExceeded", route="events.patch", count=1)

        forwarded.cycle()
        assert calendar(forwarded).writes_paused_until is not None

        forwarded.control.clear_faults()
        forwarded.control.clear_log()
        forwarded.advance(timedelta(minutes=20))
        forwarded.cycle()
        assert [] == forwarded.writes()
        assert [] != forwarded.control.log()

        forwarded.advance(timedelta(hours=1))
        forwarded.cycle()
        assert is_put_right(forwarded)

    def test_retry_after_is_obeyed(self, forwarded: Governed) -> None:
        forwarded.control.fault("429", route="events.patch", count=1, retry_after=120)

        forwarded.cycle()

        retry_at = forwarded.stored().retry_at
        assert retry_at is not None
        assert retry_at - forwarded.now >= timedelta(seconds=120)

    def test_a_calendar_shared_read_only_is_shown_and_not_written(self, governed: Governed) -> None:
        governed.bring_in_order()
        governed.control.fault("forbidden", route="events.patch", count=None)
        governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)

        governed.cycle()

        assert STRANGER in governed.guests()
        assert ["google-shared-read-only"] == [row.problem_code for row in set_aside(governed)]


def test_an_event_that_is_not_adopted_leaves_no_trace(
    governed: Governed, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """Not in the database, the log, the page or the export."""
    caplog.set_level("DEBUG")
    canary = "canary-7f3a"
    governed.control.create_series(
        CHAIR,
        f"{canary} summary",
        "2026-01-06T10:00:00+01:00",
        "2026-01-06T11:00:00+01:00",
        "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=TU"],
        [f"{canary}@example.com"],
        event_id="canaryevent7f3a",
        description=f"{canary} description",
    )
    governed.bring_in_order()
    governed.control.answers(CHAIR, "canaryevent7f3a", f"{canary}@example.com", "accepted")
    governed.control.expire_tokens(CHAIR)
    governed.cycle()
    governed.cycle()

    traces = caplog.text + dump(governed) + page(governed) + export(governed, tmp_path / "export")
    assert "weeklysteering" in traces
    assert canary not in traces
    assert "canaryevent7f3a" not in traces


def page(governed: Governed) -> str:
    """The meeting's page as its chair sees it."""
    from governance.config import Config
    from governance.config.model import Site
    from web import create_app

    config = Config(path=Path("config.toml"), site=Site(secret_key="0123456789abcdef0123456789abcdef"))
    app = create_app(config, governed.database, clock=lambda: governed.now, demo=_NothingToTry())
    answer = app.test_client().get(f"/m/{SLUG}", base_url="http://localhost:8080")
    assert answer.status_code == 200
    return answer.text


class _NothingToTry:
    """With a demo the visitor is the chair without signing in; there is nothing to click."""

    def acts(self) -> tuple[()]:
        return ()

    def perform(self, act_id: str, slug: str) -> None:
        raise AssertionError(act_id)


def export(governed: Governed, folder: Path) -> str:
    from governance.commands.exporting import write_export

    with governed.database.reading() as session:
        write_export(session, folder, actor=OPERATOR, now=governed.now, currency="EUR")
    return "".join(file.read_text(encoding="utf-8") for file in folder.rglob("*") if file.is_file())


def dump(governed: Governed) -> str:
    """Every value of every table, as text."""
    from sqlalchemy import text

    from governance.models import Base

    with governed.database.reading() as session:
        rows = [session.execute(text(f'SELECT * FROM "{name}"')).all() for name in Base.metadata.tables]  # noqa: S608
    return str(rows)


def test_a_meeting_in_trouble_does_not_stop_its_neighbour(governed: Governed) -> None:
    """Two meetings on one calendar; the first cannot even be judged."""
    governed.bring_in_order()
    governed.control.create_series(
        CHAIR, "Second", "2026-01-07T10:00:00+01:00", "2026-01-07T11:00:00+01:00", "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=WE"], [AMARA], event_id="secondmeeting",
    )  # fmt: skip
    first = governed.meeting_id
    governed.adopt("secondmeeting", "second")
    _poison(governed, first)
    governed.control.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True)

    report = governed.cycle_report(also=(first,))

    outcome = {one.meeting: one.failed for one in report.meetings}
    assert 1 == outcome["steering"]
    assert 0 == outcome["second"]


def _poison(governed: Governed, meeting_id: Any) -> None:
    with governed.database.writing() as session:
        standing.meeting_row(session, meeting_id).time_zone = "Nowhere/Never"
