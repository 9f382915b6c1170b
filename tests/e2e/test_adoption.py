"""From an empty installation to an approved first plan: real pages, a real worker, and the sandbox Google over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from governance import cli
from governance.seed import cast
from governance.seed.stage import next_weekday
from governance.services import sign_in
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints, _serious
from tests.jobs.conftest import PATIENCE, Office, opened_office, wait_until
from tests.support import copies
from tests.support.sandbox import SandboxForTests

ADMIN = "ops@halvorsen.example"
CALENDAR = cast.CHAIR.address
GUESTS = (cast.AMARA, cast.BEATRICE, cast.HENRIK, cast.WALTER)


def test_adoption_from_an_empty_installation(
    migrated_sqlite_url: str, sandbox: SandboxForTests, tmp_path: Path, browser: Browser
) -> None:
    with _installed(migrated_sqlite_url, sandbox, tmp_path) as office, _running(office) as address:
        page = browser.new_page(viewport=DESKTOP)  # type: ignore[arg-type]
        complaints = _complaints(page)
        _sign_in(office, page, address)

        # An empty installation leads there.
        page.get_by_role("link", name="Adopt a meeting").click()
        _is_fit(page)
        expect(page.get_by_label("Calendar")).to_have_value(CALENDAR)
        page.get_by_label("Calendar").press("Enter")

        # The worker asks Google; the page goes on by itself.
        page.get_by_role("button", name="Choose Steering").click()
        expect(page.get_by_role("heading", name="What it never touches")).to_be_visible()
        _is_fit(page)
        page.get_by_label("Short name").fill("No such name!")
        page.get_by_role("button", name="Go on to the guests").click()
        expect(page.get_by_role("alert")).to_contain_text("letters a to z")
        expect(page.get_by_label("Short name")).to_have_value("No such name!")
        page.get_by_label("Short name").fill("steering")
        page.get_by_role("button", name="Go on to the guests").click()

        # Nobody knows a department yet: by hand.
        for who, department in ((cast.AMARA, "Finance"), (cast.BEATRICE, "Finance"), (cast.HENRIK, "Legal")):
            page.get_by_label(f"Department of {who.name}").fill(department)
        _is_fit(page)
        page.get_by_role("button", name="Go on to the delegates").click()

        # The cap is too small, and Finance has two: both are said at once, and nothing typed is lost.
        page.get_by_label("Sponsor of Legal").fill("arjun.mehta@halvorsen.example")
        page.get_by_label("At most this many seats").fill("0")
        page.get_by_role("button", name="See what follows").click()
        expect(page.get_by_role("alert")).to_contain_text("Mend 2 things")
        expect(page.get_by_label("Sponsor of Legal")).to_have_value("arjun.mehta@halvorsen.example")
        _is_fit(page)
        page.get_by_label("At most this many seats").fill("5")
        page.get_by_label("Amara Okafor").and_(page.get_by_role("radio")).check()
        page.get_by_role("button", name="See what follows").click()

        # What follows, then one button.
        expect(page.get_by_text("waits for the seat of Finance")).to_be_visible()
        expect(page.get_by_text("Walter")).to_be_visible()
        expect(page.get_by_text("arjun.mehta@halvorsen.example, for Henrik")).to_be_visible()
        _is_fit(page)
        page.get_by_role("button", name="Adopt", exact=True).click()

        # The first plan, held, on the page of the meeting; nobody was mailed about it or taken off.
        expect(page.get_by_role("button", name="Approve")).to_be_visible(timeout=20_000)
        assert page.url == f"{address}/m/steering"
        assert _guests(office) == {who.address for who in GUESTS}
        assert _kinds(office) == {"held", "mandate-requested"}  # the chair hears that a plan waits
        page.get_by_role("button", name="Approve").click()
        expect(page.get_by_role("button", name="Approve")).to_have_count(0)
        wait_until(lambda: _guests(office) == {cast.AMARA.address, cast.HENRIK.address})
        wait_until(lambda: "Finance already has its delegate" in _told(office, cast.BEATRICE.address))

        # Of the event that was looked at nothing is kept besides.
        with office.database.reading() as session:
            kept = session.execute(text("SELECT kind, asked_json, answer_json FROM errand")).all()
            assert [(kind, asked) for kind, asked, _ in kept] == [("adopt", "{}")]
            assert session.execute(text("SELECT count(*) FROM adoption_draft")).scalar_one() == 0
        assert [one for one in complaints if "422" not in one] == []
        page.close()


def _is_fit(page: Page) -> None:
    """Accessible, and as wide as the window, on a desktop and on a phone."""
    for size in (PHONE, DESKTOP):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], page.url
    assert _serious(page) == [], page.url


@contextmanager
def _installed(url: str, sandbox: SandboxForTests, folder: Path) -> Iterator[Office]:
    """Configured, and nothing in it; the calendar has the weekly event, with guests whom nobody has sorted."""
    more = {
        "site": {
            "secret_key": "0123456789abcdef0123456789abcdef",
            "domains": [cast.DOMAIN],
            "admins": [ADMIN],
        },
        "mail": {"transport": "folder", "folder": str(folder / "mails"), "sender": f"meetings@{cast.DOMAIN}"},
        "google": {
            "credentials": str(sandbox.credentials_file(folder)),
            "api_root": sandbox.url,
            "poll_seconds": 1,
            "subject": CALENDAR,
        },
    }
    with opened_office(url, sandbox, folder, **more) as office:
        start = next_weekday(datetime.now(UTC), days_ahead=3, at=time(9))
        office.control.create_series(
            CALENDAR,
            "Steering",
            start.isoformat(),
            (start + timedelta(hours=1)).isoformat(),
            "Europe/Berlin",
            ["RRULE:FREQ=WEEKLY"],
            [{"email": who.address, "displayName": who.name} for who in GUESTS],
            event_id="steering",
        )
        yield office


@contextmanager
def _running(office: Office) -> Iterator[str]:
    """`governance run`: pages and worker, each what it is in earnest."""
    words = ["--config", str(office.config.path), "run", "--port", "0"]
    with copies.start(cli.main, words, stdout=copies.PIPE) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().removeprefix("Listening on ").strip()
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _sign_in(office: Office, page: Page, address: str) -> None:
    with office.database.writing() as session:
        link = sign_in.make_sign_in_link(session, address=ADMIN, now=datetime.now(UTC), public_url=address)
    page.goto(link)
    page.get_by_role("button", name="Sign in").click()


def _guests(office: Office) -> set[str]:
    return {guest["email"] for guest in office.control.event(CALENDAR, "steering")["attendees"]} - {CALENDAR}


def _told(office: Office, address: str) -> str:
    """What somebody who was taken off hears."""
    with office.database.reading() as session:
        wanted = text("SELECT facts_json FROM outbox WHERE kind = 'removed' AND address = :address")
        return str(session.scalar(wanted, {"address": address}))


def _kinds(office: Office) -> set[str]:
    with office.database.reading() as session:
        return set(session.scalars(text("SELECT kind FROM outbox")))
