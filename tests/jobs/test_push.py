"""Google announces, the pages mark, a worker reads: the whole way over HTTP, with polling as the backstop."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from governance.seed import cast
from governance.services import adoption
from tests.jobs.conftest import Office, wait_until
from tests.jobs.pushed import announcing, wait_until_confirmed

ALPHA = "alpha"


def test_while_nothing_changes_an_announced_calendar_is_not_read(office_on_both: Office) -> None:
    office_on_both.open_meeting(ALPHA, cast.CHAIR)
    with announcing(office_on_both) as office, office.working():
        wait_until_confirmed(office)
        wait_until(lambda: office.requests("events.list", ALPHA) > 0)
        before = office.requests("events.list", ALPHA)
        office.control.notify(office.control.channels()[0]["id"], "sync")  # says nothing new

        assert office.control.wait_until_pushed()
        assert before == office.requests("events.list", ALPHA)


def test_what_is_announced_is_put_right_although_nobody_polls(office_on_both: Office) -> None:
    office_on_both.open_meeting(ALPHA, cast.CHAIR)
    with announcing(office_on_both) as office, office.working():
        wait_until_confirmed(office)

        office.forward(ALPHA)

        wait_until(lambda: office.is_put_right(ALPHA), "the announced change is not put right")


def test_a_thousand_announcements_at_once_lead_to_two_readings_at_the_most(office_on_both: Office) -> None:
    office_on_both.open_meeting(ALPHA, cast.CHAIR)
    with announcing(office_on_both) as office:
        with office.working():
            wait_until_confirmed(office)
        [channel] = [one["id"] for one in office.control.channels() if one["live"]]
        office.control.clear_log()

        with ThreadPoolExecutor(8) as senders:
            list(senders.map(lambda _: office.control.notify(channel), range(1000)))
        assert office.control.wait_until_pushed(timeout=60.0)
        office.work_off()

        assert 1 <= office.requests("events.list", ALPHA) <= 2


def test_when_every_announcement_is_lost_the_backstop_finds_the_change(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    with announcing(office, backstop_seconds=1) as served, served.working():
        wait_until_confirmed(served)
        served.control.switch("push_drops_every", 1)

        served.forward(ALPHA)

        wait_until(lambda: served.is_put_right(ALPHA), "the backstop does not find it")


def test_without_a_channel_the_calendar_is_polled(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    with announcing(office, poll_seconds=1) as served:
        served.control.fault("pushNotSupportedForRequestedResource", route="events.watch", count=None)
        with served.working():
            served.forward(ALPHA)

            wait_until(lambda: served.is_put_right(ALPHA), "it is not polled")


def test_a_released_meetings_channel_is_stopped(office: Office) -> None:
    office.open_meeting(ALPHA, cast.CHAIR)
    with announcing(office) as served, served.working():
        wait_until_confirmed(served)

        with served.database.writing() as session:
            adoption.release(session, adoption.meeting_named(session, ALPHA), actor="test", now=served.now)

        wait_until(lambda: not any(one["live"] for one in served.control.channels()), "the channel goes on")
