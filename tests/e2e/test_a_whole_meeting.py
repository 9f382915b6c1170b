"""A whole meeting: chair, scribe, four delegates – one late, one by stand-in –, a sponsor, and who is not in the room.

From the agenda of the evening before to the minutes on paper. The clock is the story's own; what others do comes to
open pages by itself.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from io import BytesIO
from typing import Literal

import pytest
from playwright.sync_api import Browser, Locator, Page, expect
from pypdf import PdfReader
from waitress.server import create_server

from governance.database import Database
from governance.services import deputies, occurrences, people, seats, sign_in
from governance.store.meetings import meeting_by_slug
from tests.e2e.test_pages import DESKTOP, PHONE, _complaints
from tests.e2e.test_roster import _is_fit
from tests.web.attended import start_of
from tests.web.conftest import config_for
from tests.web.decided import name_sponsor
from tests.web.linked import mailed
from tests.web.scenes import ADMIN, CAST, CHAIR, SCRIBE, SLUG, Scene
from web import create_app

AMARA, ANNA, HENRIK, PRIYA = (address for _, _, address in CAST[:4])
JONAS, SPONSOR = "jonas.weber@example.com", "fay.farah@example.com"
ITEM, CUSTOMER, PROPOSAL = "Answer complaints within two days", "Nordwind", "Every department answers its own"
INTEREST, REASON = "A promise that we keep", "It costs an hour a week"
OBJECTION, RESERVATION = "The night shift has nobody to answer", "Half of it would have done"
_SOON = 15_000
"""Milliseconds until an open page has followed by itself."""


class Meeting:
    """The pages over HTTP in this process, and everybody's browser; all of it in the story's own time."""

    def __init__(self, scene: Scene, browser: Browser, address: str) -> None:
        self.scene, self.address, self.below = scene, address, f"{address}/m/{SLUG}"
        self._browser, self.complaints = browser, list[list[str]]()

    def at(self, minutes: float) -> None:
        self.scene.now = start_of(0) + timedelta(minutes=minutes)

    def enter(self, who: str, size: dict[str, int] = PHONE, path: str = "room") -> Page:
        """In a browser of their own, signed in."""
        page = self._browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]
        self.complaints.append(_complaints(page))
        page.goto(self._link(who))
        page.get_by_role("button", name="Sign in").click()
        page.goto(f"{self.below}/{path}".rstrip("/"))
        return page

    def _link(self, who: str) -> str:
        with self.scene.database.writing() as session:
            return sign_in.make_sign_in_link(session, address=who, now=self.scene.now, public_url=self.address)


@pytest.fixture
def meeting(sqlite_database: Database, browser: Browser) -> Iterator[Meeting]:
    scene = Scene(sqlite_database)
    _prepare(scene)
    server = create_server(
        create_app(config_for(), sqlite_database, clock=lambda: scene.now), host="127.0.0.1", port=0
    )  # fmt: skip
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    with ExitStack() as stack:
        stack.callback(running.join, 10)
        stack.callback(server.close)
        yield Meeting(scene, browser, f"http://127.0.0.1:{server.effective_port}")
        for context in browser.contexts:
            context.close()


def _prepare(scene: Scene) -> None:
    """Five seats; Legal is stood in for, and IT Security will be away."""
    scene.adopt()
    scene.roster(CAST[:5])
    scene.deputy("Legal", "Jonas Weber", JONAS)
    scene.mandate("Legal", JONAS)
    scene.cycle()
    name_sponsor(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seen = occurrences.next_occurrence(session, meeting, scene.now)
        assert seen is not None
        deputies.stand_in(
            session, meeting, seats.seat_of(session, meeting, "Legal"), occurrences.kept_occurrence(session, seen),
            people.person_named(session, JONAS), actor="test", now=scene.now,
        )  # fmt: skip


def test_a_meeting_from_its_agenda_to_the_minutes_with_a_late_arrival_an_objection_and_a_sponsor(
    meeting: Meeting,
) -> None:
    # The evening before: Finance brings an item, and the scribe puts it first.
    meeting.at(-11.5 * 60)
    anna = meeting.enter(ANNA, path="agenda")
    _bring(anna, "Night shift", "discuss", "15")
    amara = meeting.enter(AMARA, path="agenda")
    _bring(amara, ITEM, "decide", "20", customer=CUSTOMER)
    scribe = meeting.enter(SCRIBE, DESKTOP, "agenda")
    _the(scribe, "button", "Up", ITEM).click()
    expect(scribe.locator("#items .item").first).to_contain_text(ITEM)

    # At the door: two on time, the stand-in for Legal, and Operations four minutes late.
    meeting.at(-3)
    chair, priya, jonas = meeting.enter(CHAIR, DESKTOP), meeting.enter(PRIYA), meeting.enter(JONAS)
    for page in (amara, scribe, anna):
        page.goto(f"{meeting.below}/room")
    for phone in (amara, priya, jonas):
        phone.get_by_role("button", name="I am here").click()
        expect(phone.get_by_role("button", name="I am here")).to_have_count(0)
    meeting.at(4)
    anna.get_by_role("button", name="I am here").click()
    expect(anna.get_by_text("It is your turn.")).to_be_visible()
    expect(scribe.locator("#live .turns")).to_contain_text("Anna Meier owes it", timeout=_SOON)
    expect(scribe.locator("#live")).to_contain_text("Jonas Weber for Henrik Sørensen")
    _the(scribe, "button", "Answered", "Anna Meier").click()
    _the(scribe, "button", "Apology", "IT Security").click()
    _is_fit(scribe, DESKTOP)
    _is_fit(anna, PHONE)

    # From the item to a draft with two options, what doing nothing costs, and more money than Finance may spend.
    amara.get_by_role("link", name="The agenda of this occurrence").click()
    _the(amara, "link", "Make a decision of it", ITEM).click()
    expect(amara.get_by_label("What it is about")).to_have_value(ITEM)
    decision = _drafted(amara)
    for page in (chair, scribe, anna, priya, jonas):
        page.goto(f"{meeting.below}/agenda")
        page.get_by_role("link", name="Draft of a decision").click()
    meeting.at(10)
    chair.get_by_role("button", name="Open it for positions").click()

    # Nobody else has touched anything since. Blind: of what Finance says nothing reaches anybody else.
    amara.reload()
    expect(priya.get_by_role("button", name="I object")).to_be_visible(timeout=_SOON)
    _is_fit(priya, PHONE)
    _begin_to_say(priya, INTEREST.upper(), "We have the people")
    _begin_to_say(amara, INTEREST, REASON)
    amara.get_by_role("button", name="In favour").click()
    expect(amara.locator("#positions")).to_contain_text("In favour")
    for page in (chair, scribe, anna, priya, jonas):
        expect(_told(page).locator("#positions")).to_contain_text("1 of 5 seats in")
        _sees_nothing(page, decision, *(() if page is priya else (INTEREST,)))
    screen = scribe.request.get(f"{decision}/screen").text()
    assert [one for one in (INTEREST, REASON, "In favour") if one in screen] == []
    expect(priya.get_by_label("What matters to me")).to_have_value(INTEREST.upper())
    priya.get_by_role("button", name="Can live with it").click()
    jonas.get_by_role("button", name="In favour").click()
    anna.get_by_text("Say what matters to you, or why").click()
    anna.get_by_label("Or object, and write it until").fill(
        (start_of(0) + timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    )
    anna.get_by_role("button", name="Take the time").click()
    expect(_told(chair).locator("#positions")).to_contain_text("4 of 5 seats in")
    _sees_nothing(chair, decision, INTEREST)

    # Opened at once; the objection is written in the time that was taken, and answered.
    chair.get_by_role("button", name="Open the positions").click()
    expect(amara.locator("#positions")).to_contain_text("Is writing an objection", timeout=_SOON)
    expect(amara.locator(".interests")).to_contain_text("Shared")
    meeting.at(14)
    expect(_told(chair).get_by_role("button", name="It is decided")).to_be_visible()
    chair.get_by_role("button", name="It is decided").click()
    expect(chair.get_by_role("alert")).to_be_visible()
    anna.get_by_label("What matters to me").fill("Rest for those who work at night")
    anna.get_by_label("Why", exact=True).fill(OBJECTION)
    anna.get_by_role("button", name="I object").click()
    chair.goto(decision)
    expect(chair.get_by_text(OBJECTION)).to_be_visible()
    _the(chair, "link", "Answer it", "Operations").click()
    chair.get_by_label("What becomes of it").select_option("measure-added")
    chair.get_by_label("Which measure, or why").fill("Nights are answered by noon")
    chair.get_by_role("button", name="Answer it").click()
    chair.get_by_role("button", name="It is decided").click()
    expect(chair.locator("#closing")).to_contain_text("Finance: the money is beyond the mandate")

    # The sponsor ratifies from the mail; all who are there commit, and so does who objected.
    meeting.at(18)
    sponsor = meeting.enter(SPONSOR, path="")
    sponsor.goto(meeting.address + mailed(meeting.scene, "ratification-asked", "answer", SPONSOR))
    expect(sponsor.locator("dl")).to_contain_text("EUR 60,000")
    _is_fit(sponsor, PHONE)
    expect(sponsor.get_by_role("button", name="Ratify the decision")).to_have_class("first")
    sponsor.get_by_role("button", name="Ratify the decision").click()
    expect(_told(chair).locator("#ratifications")).to_contain_text("Fay Farah ratified it")
    anna.goto(decision)
    anna.locator("#commitments").get_by_text("Say what you need, or a reservation").click()
    anna.get_by_label("Reservation").fill(RESERVATION)
    _is_fit(anna, PHONE)
    for phone in (anna, amara, priya, jonas):
        _told(phone).get_by_role("button", name="Carry it out").click()
    expect(_told(chair).locator("#commitments")).to_contain_text("4 of 5 seats")
    expect(_told(priya).locator("#commitments")).to_contain_text(RESERVATION)

    # Three fields, a tick for the wording and one for the seat that is away, and it has its number.
    meeting.at(25)
    chair.get_by_role("link", name="Go through the checklist").click()
    _is_fit(chair, DESKTOP)
    blank = chair.locator("form.asks").evaluate(
        "form => [...form.elements].filter(one => one.name && !one.value).map(one => one.name)"
    )
    assert set(blank) - {"owner_email"} == {"owner", "due_on", "teller"}
    chair.get_by_label("Owner").select_option(label="Amara Okafor, Finance")
    chair.get_by_label("Until when").fill("2026-12-17")
    chair.get_by_label("Who tells the customer, and how").fill("Amara, by mail")
    chair.get_by_label("It was read back to the room").check()
    chair.get_by_role("button", name="Close it").click()
    expect(chair.get_by_role("alert")).to_contain_text("IT Security")
    expect(chair.get_by_label("Who tells the customer, and how")).to_have_value("Amara, by mail")
    chair.get_by_label(re.compile("IT Security: was not heard and has not said")).check()
    chair.get_by_role("button", name="Close it").click()
    expect(chair.locator(".head")).to_contain_text("D-2026-001")
    expect(_told(amara).locator("#closing")).to_contain_text("Closed as D-2026-001")
    expect(amara.locator("#options li").first).to_contain_text("Decided")
    expect(amara.locator("#positions")).to_contain_text("Not heard")
    scribe.goto(f"{meeting.below}/agenda")
    expect(scribe.get_by_role("link", name="D-2026-001")).to_be_visible()
    _the(scribe, "button", "Treated", ITEM).click()

    # The promise, the log, and the minutes.
    amara.goto(f"{meeting.below}/promises")
    expect(amara.locator(".lines").first).to_contain_text("17 Dec 2026")
    meeting.at(70)
    priya.goto(f"{meeting.below}/decisions")
    expect(priya.get_by_role("row").nth(1)).to_contain_text("D-2026-001")
    admin = meeting.enter(ADMIN, DESKTOP, "decisions/D-2026-001")
    scribe.goto(f"{meeting.below}/decisions/D-2026-001")
    for page in (admin, scribe):
        expect(page.locator(".head")).to_contain_text("D-2026-001")
        said = page.content()
        assert [one for one in (RESERVATION, OBJECTION, INTEREST, REASON) if one.casefold() in said.casefold()] == []
    priya.goto(f"{meeting.below}/decisions/D-2026-001")
    expect(priya.locator("#commitments")).to_contain_text(RESERVATION)
    _the_minutes(chair, meeting)
    assert [one for some in meeting.complaints for one in some if "409" not in one] == []


def _the(page: Page, role: Literal["button", "link"], word: str, what: str) -> Locator:
    """One of many with the same word on it, which says to screen readers what it is about."""
    return page.get_by_role(role, name=re.compile(f"^{word} ?: {what}"))


def _told(page: Page) -> Page:
    """An open page asks at once for what it would ask for within five seconds."""
    page.evaluate("document.body.dispatchEvent(new Event('look'))")
    return page


def _bring(page: Page, title: str, purpose: str, minutes: str, customer: str = "") -> None:
    page.get_by_role("link", name="Add an item").click()
    page.get_by_label("What it is about").fill(title)
    page.get_by_label("What for").select_option(purpose)
    page.get_by_label("How many minutes").fill(minutes)
    page.get_by_label("Which customer it concerns").fill(customer)
    page.get_by_role("button", name="Add it").click()
    expect(page.locator("#items")).to_contain_text(title)


def _drafted(page: Page) -> str:
    """Two options and what doing nothing costs, and who pays; the address."""
    page.get_by_role("button", name="Begin the draft").click()
    for text, effect in ((PROPOSAL, "An answer in two days"), ("Customer Support answers all", "One voice")):
        page.get_by_role("link", name="Add an option").click()
        page.get_by_label("What is done").fill(text)
        page.get_by_label("What customers notice").fill(effect)
        page.get_by_role("button", name="Add it").click()
    _the(page, "link", "Change", "Do nothing").click()
    page.get_by_label("What doing nothing costs").fill("Two customers a month")
    page.get_by_role("button", name="Save it").click()
    page.get_by_role("link", name="Edit the draft").click()
    page.get_by_label("What it costs").fill("60000")
    page.get_by_label("Who pays").select_option(label="Finance")
    page.get_by_role("button", name="Save the draft").click()
    expect(page.get_by_text("EUR 60,000")).to_be_visible()
    return page.url.split("#")[0]


def _begin_to_say(page: Page, interest: str, reason: str) -> None:
    page.get_by_text("Say what matters to you, or why").click()
    page.get_by_label("What matters to me").fill(interest)
    page.locator(".voice").get_by_label("Why", exact=True).fill(reason)


def _sees_nothing(page: Page, decision: str, *more: str) -> None:
    """Neither in what is shown, nor hidden in the page, nor in what an open page is sent."""
    sent = page.request.get(decision, headers={"HX-Request": "true"}).text()
    for said in (page.content(), sent, page.locator("body").inner_text()):
        assert [one for one in (REASON, *more) if one.casefold() in said.casefold()] == []
    for whole in (page.content(), sent):
        positions = whole.partition('id="positions"')[2].partition("</section>")[0]
        assert "Amara Okafor" in positions
        assert [one for one in ("In favour", "Can live with it", "counts") if one in positions] == []


def _the_minutes(chair: Page, meeting: Meeting) -> None:
    chair.goto(f"{meeting.below}/minutes/2026-11-26")
    chair.get_by_role("button", name="Approve").click()
    expect(chair.get_by_text("Approved by Helena Marsh")).to_be_visible()
    body = chair.request.get(f"{meeting.below}/minutes/2026-11-26.pdf").body()
    text = " ".join(" ".join(one.extract_text() for one in PdfReader(BytesIO(body)).pages).split())
    assert [one for one in _ON_PAPER if one not in text] == []
    assert [one for one in (INTEREST, REASON, OBJECTION, RESERVATION, "DRAFT") if one in text] == []


_ON_PAPER = (
    "Operations Anna Meier Late by 4 min",
    "Jonas Weber By stand-in for Henrik Sørensen",
    ITEM,
    "D-2026-001",
    PROPOSAL,
    "Owner: Amara Okafor",
    "17 Dec 2026",
)
