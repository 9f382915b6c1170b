"""Screenshots of every page: `python -m tests.e2e.pictures` writes them to `pictures/`, to be looked at.

Desktop in light and phone in dark colours, and all of them on one sheet each. Not a test: what is beautiful is judged
by people. That no page is forgotten is one: `SHOWS` and `NOT_PICTURED` name every address that a reader can open.
"""

from __future__ import annotations

import copy
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select
from waitress.server import create_server

from governance.database import Database
from governance.domain.attendance import MarkKind
from governance.mail.kinds import Topic
from governance.models import Application, Errand
from governance.reconcile.observed import Guest
from governance.services import applications, offers, people, seats, sign_in, sponsors
from governance.services.links import preference_token
from governance.services.settings import pause, set_rule_mode
from governance.store.applications import open_application_of
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from governance.store.seats import department_of
from tests.e2e.mail_pictures import sheet, take_mails
from tests.support.browser import _FLAGS as CHROMIUM_FLAGS
from tests.support.browser import system_chromium
from tests.web import linked
from tests.web.attended import a_quarter, attend, start_of
from tests.web.conftest import Pages, config_for
from tests.web.scenes import (
    ADMIN,
    CHAIR,
    SCRIBE,
    SLUG,
    Scene,
    chartered,
    in_order,
    lively,
    newly_adopted,
    with_mails_and_troubles,
)
from tests.web.test_adoption import AtTheSteps
from web import create_app

FOLDER = Path(__file__).parents[2] / "pictures"
LOOKS: tuple[tuple[str, tuple[int, int], Literal["light", "dark"]], ...] = (
    ("desktop", (1280, 900), "light"),
    ("phone", (390, 844), "dark"),
)
COLUMNS = {"desktop": 4, "phone": 8}
MAILS = "mails"
"""The name under which the contact sheets of all mails are asked for."""


@dataclass(frozen=True, slots=True)
class _Act:
    id: str
    label: str
    explanation: str


class _Demo:
    """The labels of the side panel; nothing is done here."""

    def acts(self) -> tuple[_Act, ...]:
        return (
            _Act("forward", "Forward the invitation", "A delegate sends it on to a colleague without a seat."),
            _Act("second", "Add a second person of Finance", "Finance already has a delegate."),
            _Act("let-invite", "Let guests invite others", "Somebody changes the event’s settings."),
            _Act("decline", "Decline as Legal", "The delegate cannot come; the deputy has a mandate."),
            _Act("back", "Put everything back", "The calendar as it was when the demo began."),
        )

    def perform(self, act_id: str, slug: str) -> None:
        raise AssertionError("the pictures only look")


def _with_troubles(scene: Scene) -> None:
    in_order(scene)
    scene.change_meeting(
        problem_code="google-refused",
        problem_remedy="Share the calendar with governance@example.com and allow changes",
        problem_text="Google lets us read the event and not change it",
    )
    with scene.database.writing() as session:
        pause(session, meeting_by_slug(session, SLUG), by=ADMIN, actor="test", now=scene.now)
    scene.now = scene.now.replace(hour=14)


def _just_before_the_meeting(scene: Scene) -> None:
    in_order(scene)
    scene.now = scene.now.replace(day=26, hour=8, minute=20)
    scene.heartbeat()
    scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    scene.cycle()


def _two_meetings(scene: Scene) -> None:
    in_order(scene)
    newly_adopted(scene, "product-council", "Product Council")


def _decided_too_late(page: Page, scene: Scene, address: str) -> None:
    """The set changes between reading and approving."""
    page.goto(f"{address}/m/{SLUG}")
    scene.calendar.forward(f"event-{SLUG}", Guest(address="late.joiner@example.com", name="Late Joiner"))
    scene.cycle()
    page.click("#approve")


def _open(path: str) -> Callable[[Page, Scene, str], None]:
    return lambda page, _scene, address: page.goto(address + path)


def _opened(path: str, most: int = 99) -> Callable[[Page, Scene, str], None]:
    """With the first lists that can be unfolded unfolded."""
    unfold = "most => [...document.querySelectorAll('details')].slice(0, most).forEach(one => one.open = true)"

    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(address + path)
        page.evaluate(unfold, most)

    return reach


def _act(code: str, department: str = "", **typed: str) -> Callable[[Page, Scene, str], None]:
    """The form of an act with this typed into it, sent off."""

    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(f"{address}/m/{SLUG}/roster")
        link = page.locator("tr", has_text=department) if department else page.locator("main")
        page.goto(address + str(link.locator(f"a[href*='/roster/{code}']").first.get_attribute("href")))
        for name, text in typed.items():
            is_choice = page.locator(f"select#{name}").count()
            page.select_option(f"#{name}", text) if is_choice else page.fill(f"#{name}", text)
        if typed:
            page.click("#look")

    return reach


def _charter_form(**typed: str) -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(f"{address}/m/{SLUG}/charter/edit")
        for name, text in typed.items():
            page.fill(f"#{name}", text)
        if typed:
            page.click("#look")

    return reach


def _adopting(step: str) -> Callable[[Scene], None]:
    """An installation without a meeting, whose administrator has come to this step."""

    def prepare(scene: Scene) -> None:
        scene.heartbeat()
        pages = Pages(create_app(config_for(), scene.database, clock=lambda: scene.now), scene)
        steps = AtTheSteps(pages)
        {
            "calendar": lambda: None,
            "asking": lambda: steps.send("", calendar=CHAIR),
            "event": steps.at_the_event,
            "meeting": steps.at_the_meeting,
            "departments": steps.at_the_departments,
            "seats": lambda: steps.at_the_seats(**{"henrik@example.com": "Legal"}),
            "consequences": steps.at_the_end,
        }[step]()

    return prepare


def _the_errand(page: Page, scene: Scene, address: str) -> None:
    with scene.database.reading() as session:
        page.goto(f"{address}/errands/{session.scalars(select(Errand.id)).one()}")


def _attended(scene: Scene) -> None:
    in_order(scene)
    a_quarter(scene)


def _in_the_room(scene: Scene) -> None:
    """Nine minutes past the start: two owe the question, some are still awaited."""
    _attended(scene)
    attend(scene, 0, {"Finance": -6, "Legal": -2, "IT Security": 0, "Operations": 5, "Research": 8})
    scene.now = start_of(0) + timedelta(minutes=9)
    scene.heartbeat()


def _at_the_door(scene: Scene) -> None:
    _attended(scene)
    scene.now = start_of(0) - timedelta(minutes=6)
    scene.heartbeat()


def _to_make_up(scene: Scene) -> None:
    _attended(scene)
    attend(scene, -1, {"Customer Support": MarkKind.ABSENT})


def _correct(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/room")
    page.locator("a[href*='/room/correct']").first.click()


def _make_up(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/attendance")
    page.get_by_role("link", name="Make up for it").click()


def _several_needs(scene: Scene) -> None:
    lively(scene)
    newly_adopted(scene, "product-council", "Product Council")


def _watched_strangers(scene: Scene) -> None:
    in_order(scene)
    with scene.database.writing() as session:
        set_rule_mode(session, meeting_by_slug(session, SLUG), "I01", "observe", actor="test", now=scene.now)
    strangers = [Guest(address=f"stranger.{n}@elsewhere.example", name=f"Stranger {n}") for n in range(11)]
    scene.calendar.forward(f"event-{SLUG}", *strangers)
    scene.cycle()


def _changed_meanwhile(page: Page, scene: Scene, address: str) -> None:
    _act("hand-over", "Finance")(page, scene, address)
    page.fill("#email", "jonas.weber@example.com")
    page.fill("#scope", "Everything up to the budget")
    scene.mandate("Finance", "amara.okafor@example.com", scope="Budget and staffing", limit_minor=100_00)
    page.click("#look")


def _for_everybody(scene: Scene) -> None:
    """A lively meeting of which an applicant knows, too."""
    lively(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Marketing")
        applicant = people.person_named(session, "nils.berg@example.com", "Nils Berg")
        session.add(Application(seat_id=seat.id, person_id=applicant.id, at=scene.now))


def _with_waiting_lists(scene: Scene) -> None:
    """Two wait for the vacant seat, one of them supported; one waits for a seat that is held, and left a note there."""
    lively(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        how: dict[str, Any] = {"actor": "test", "now": scene.now - timedelta(days=6)}
        seat, legal = (seats.seat_of(session, meeting, one) for one in ("Marketing", "Legal"))
        vera = people.person_named(session, "vera.head@example.com", "Vera Head")
        sponsors.name_sponsor(session, meeting, department_of(session, seat), vera, **how)
        nils = people.person_named(session, "nils.berg@example.com", "Nils Berg")
        nora = people.person_named(session, "nora.nyberg@example.com", "Nora Nyberg")
        applications.apply_for(session, meeting, seat, nils, **how)
        how["now"] += timedelta(days=2)
        asked = applications.apply_for(session, meeting, seat, nora, **how)
        applications.apply_for(session, meeting, legal, nils, **how)
        how["now"] += timedelta(days=2)
        applications.endorse(session, meeting, seat, asked, vera, **how)
        text = "The supplier of the archive asks whether we renew for two years or three. The offer ends on Friday."
        applications.leave_note(session, meeting, legal, nils, text, actor="test", now=scene.now)


def _offered(scene: Scene) -> None:
    _with_waiting_lists(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Marketing")
        nora = people.person_named(session, "nora.nyberg@example.com")
        asked = open_application_of(session, seat.id, nora.id)
        assert asked is not None
        last_day = scene.now.date() + timedelta(days=7)
        offers.offer_seat(session, meeting, seat, asked, last_day=last_day, why=None, actor="test", now=scene.now)


def _offer_form(page: Page, scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/waiting")
    page.get_by_role("link", name="Offer Nils Berg the seat").click()
    page.get_by_label("Why somebody else than the first").fill("Is back from leave on the first day")
    page.click("#look")


def _decline_form(page: Page, scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/waiting")
    page.get_by_role("link", name="Take off the list, Marketing").first.click()


def _confirm(page: Page, scene: Scene, address: str, who: str = ADMIN) -> None:
    with scene.database.writing() as session:
        link = sign_in.make_sign_in_link(session, address=who, now=scene.now, public_url=address)
    page.goto(link)


def _first(path: str, link: str) -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(address + path)
        page.locator(link).first.click()

    return reach


def _with_keys(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/ledger")
    page.keyboard.press("?")


def _printed(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/roster")
    page.emulate_media(media="print")


def _with_menu(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/roster")
    page.get_by_label("Change the seat of Finance").click()


def _by_token(what: str) -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, scene: Scene, address: str) -> None:
        with scene.database.reading() as session:
            person = person_by_address(session, "amara.okafor@example.com")
            meeting = meeting_by_slug(session, SLUG)
            assert person is not None
            assert meeting is not None
            key = config_for().site.secret_key
            token = preference_token(person.id, meeting.id, str(next(iter(Topic))), key)
        page.goto(f"{address}/{what}/{token}")

    return reach


def _link(page: Page, scene: Scene, address: str) -> None:
    """One that a sponsor gets who is asked for a mandate for a day."""
    for path in linked.every_link(scene):
        page.goto(address + path)
        if page.locator("form.filled").count():
            return


PICTURES: dict[str, tuple[Callable[[Scene], Any], Callable[[Page, Scene, str], Any], bool, bool]] = {
    # name: (scene, how to get there, signed in, with the demo's panel)
    "meeting": (lively, _open(f"/m/{SLUG}"), True, False),
    "first-plan": (newly_adopted, _open(f"/m/{SLUG}"), True, False),
    "decided-too-late": (newly_adopted, _decided_too_late, True, False),
    "in-order": (in_order, _open(f"/m/{SLUG}"), True, False),
    "without-roster": (Scene.adopt, _open(f"/m/{SLUG}"), True, False),
    "in-trouble": (_with_troubles, _open(f"/m/{SLUG}"), True, False),
    "just-before": (_just_before_the_meeting, _open(f"/m/{SLUG}"), True, False),
    "demo-mails": (lively, _open("/demo/mails"), False, True),
    "demo-mail": (lively, _open("/demo/mails/kinds/seat"), False, True),
    "roster": (lively, _open(f"/m/{SLUG}/roster"), True, False),
    "roster-form": (lively, _act("appoint", "Marketing"), True, False),
    "roster-faults": (lively, _act("appoint", "Marketing", email="nobody", limit="a lot"), True, False),
    "roster-follows": (lively, _act("vacate", "Finance", first_day="2026-11-23"), True, False),
    "roster-changed": (lively, _changed_meanwhile, True, False),
    "roster-merge": (lively, _act("merge", "Finance"), True, False),
    "roster-file": (lively, _act("import", text="department,delegate_email\nFinance,nobody\n"), True, False),
    "charter": (chartered, _opened(f"/m/{SLUG}/charter", most=1), True, False),
    "charter-form": (chartered, _charter_form(), True, False),
    "charter-faults": (chartered, _charter_form(quorum="3/2", visitors="many"), True, False),
    "charter-follows": (chartered, _charter_form(short="We decide, here and now.", visitors="3"), True, False),
    "charter-version": (chartered, _open(f"/m/{SLUG}/charter/versions/1"), True, False),
    "meeting-with-charter": (chartered, _open(f"/m/{SLUG}"), True, False),
    "pause": (chartered, _open(f"/m/{SLUG}/pause"), True, False),
    "resume": (_with_troubles, _open(f"/m/{SLUG}/pause"), True, False),
    "relink": (chartered, _open(f"/m/{SLUG}/relink"), True, False),
    "release": (chartered, _open(f"/m/{SLUG}/release"), True, False),
    "charter-value": (chartered, _open(f"/m/{SLUG}/charter/value?measure=decision+within&day=2026-11-16"), True, False),
    "adopt": (_adopting("calendar"), _open("/adopt"), True, False),
    "errand": (_adopting("asking"), _the_errand, True, False),
    **{
        f"adopt-{step}": (_adopting(step), _open(f"/adopt/{step}"), True, False)
        for step in ("event", "meeting", "departments", "seats", "consequences")
    },
    "waiting": (_with_waiting_lists, _open(f"/m/{SLUG}/waiting"), True, False),
    "waiting-offer": (_with_waiting_lists, _offer_form, True, False),
    "waiting-decline": (_with_waiting_lists, _decline_form, True, False),
    "waiting-own": (_offered, _open(f"/m/{SLUG}/waiting"), True, False),
    "waiting-notes": (_with_waiting_lists, _open(f"/m/{SLUG}/waiting"), True, False),
    "roster-printed": (lively, _printed, True, False),
    "roster-menu": (lively, _with_menu, True, False),
    "me": (lively, _open("/me"), True, False),
    "sessions": (lively, _open("/sessions"), True, False),
    "preferences": (lively, _open("/preferences"), True, False),
    "preferences-of-a-mail": (lively, _by_token("preferences"), False, False),
    "unsubscribe": (lively, _by_token("unsubscribe"), False, False),
    "link": (linked.grant, _link, False, False),
    "demo": (lively, _open(f"/m/{SLUG}"), False, True),
    "delegate": (_for_everybody, _open(f"/m/{SLUG}"), True, False),
    "deputy": (_for_everybody, _open(f"/m/{SLUG}"), True, False),
    "applicant": (_for_everybody, _open("/"), True, False),
    "home": (_two_meetings, _open("/"), True, False),
    "home-of-a-chair": (_several_needs, _open("/"), True, False),
    "begin": (lambda scene: None, _open("/"), True, False),
    "rules": (lively, _opened(f"/m/{SLUG}/rules"), True, False),
    "rule-rehearsed": (_watched_strangers, _open(f"/m/{SLUG}/rules/I01?mode=enforce"), True, False),
    "ledger": (lively, _opened(f"/m/{SLUG}/ledger", most=2), True, False),
    "ledger-of-the-site": (lively, _open("/system/ledger"), True, False),
    "system": (_two_meetings, _open("/system"), True, False),
    "system-in-trouble": (with_mails_and_troubles, _open("/system"), True, False),
    "system-mail": (with_mails_and_troubles, _open("/system/mail"), True, False),
    "keys": (lively, _with_keys, True, False),
    "system-mail-act": (with_mails_and_troubles, _first("/system/mail", "a[href$='/send']"), True, False),
    "system-calendars": (with_mails_and_troubles, _open("/system/calendars"), True, False),
    "room": (_in_the_room, _open(f"/m/{SLUG}/room"), True, False),
    "room-delegate": (_at_the_door, _open(f"/m/{SLUG}/room"), True, False),
    "room-late": (_in_the_room, _open(f"/m/{SLUG}/room"), True, False),
    "room-screen": (_in_the_room, _open(f"/m/{SLUG}/room/screen"), True, False),
    "room-correct": (_in_the_room, _correct, True, False),
    "attendance": (_in_the_room, _open(f"/m/{SLUG}/attendance"), True, False),
    "make-up": (_to_make_up, _make_up, True, False),
    "questions": (_attended, _open(f"/m/{SLUG}/questions"), True, False),
    "not-found": (in_order, _open("/m/nothing"), True, False),
    "sign-in": (in_order, _open("/"), False, False),
    "sign-in-confirm": (in_order, _confirm, False, False),
    "sign-in-spent": (in_order, _open("/sign-in/spent"), False, False),
}

READERS = {
    "me": "amara.okafor@example.com",
    "delegate": "amara.okafor@example.com",
    "deputy": "tomas.vidal@example.com",
    "applicant": "nils.berg@example.com",
    "home-of-a-chair": CHAIR,
    "waiting": CHAIR,
    "waiting-offer": CHAIR,
    "waiting-decline": CHAIR,
    "waiting-own": "nora.nyberg@example.com",
    "waiting-notes": "henrik.sorensen@example.com",
    "preferences": CHAIR,
    "room": SCRIBE,
    "room-delegate": "amara.okafor@example.com",
    "room-late": "anna.meier@example.com",
    "room-screen": SCRIBE,
    "room-correct": SCRIBE,
    "attendance": CHAIR,
    "make-up": "lucja.wisniewska@example.com",
    "questions": CHAIR,
    "rules": CHAIR,
    "rule-rehearsed": CHAIR,
    "ledger": CHAIR,
}
"""Who looks, where it is not an administrator."""


SHOWS = {
    "home.home": "home",
    "meetings.one": "meeting",
    "roster.shown": "roster",
    "roster_acts.ask": "roster-form",
    "rules.all_rules": "rules",
    "rules.one_rule": "rule-rehearsed",
    "ledger.of_meeting": "ledger",
    "ledger.of_site": "ledger-of-the-site",
    "system.overview": "system",
    "system.mail": "system-mail",
    "system.calendars": "system-calendars",
    "mail_acts.ask": "system-mail-act",
    "me.about_me": "me",
    "waiting.shown": "waiting",
    "waiting.ask": "waiting-decline",
    "charter.shown": "charter",
    "charter.version": "charter-version",
    "charter_acts.ask": "charter-form",
    "measures.ask": "charter-value",
    "errands.shown": "errand",
    "adopt.calendar": "adopt",
    **{f"adopt.{step}": f"adopt-{step}" for step in ("event", "meeting", "departments", "seats", "consequences")},
    "pausing.ask": "pause",
    "relinking.ask": "relink",
    "releasing.ask": "release",
    "rooms.room": "room",
    "rooms.screen": "room-screen",
    "rooms.correcting": "room-correct",
    "attendance.shown": "attendance",
    "attendance.making_up": "make-up",
    "questions.bank": "questions",
    "sessions.mine": "sessions",
    "preferences.mine": "preferences",
    "preferences.show": "preferences-of-a-mail",
    "preferences.unsubscribing": "unsubscribe",
    "action_links.look": "link",
    "sign_in.needed": "sign-in",
    "sign_in.confirm": "sign-in-confirm",
    "mails.all_mails": "demo-mails",
    "mails.one_kind": "demo-mail",
}
"""Which picture shows what is at an address."""

NOT_PICTURED = {
    "assets.favicon": "an icon",
    "assets.static_file": "style, script and letters",
    "google_sign_in.callback": "leads on",
    "google_sign_in.start": "leads on",
    "health.alive": "for machines",
    "health.metrics": "for machines",
    "health.ready": "for machines",
    "mails.one_kind_shown": "the frame within `mails.one_kind`",
    "mails.one_sent": "looks like `mails.one_kind`",
    "mails.one_sent_shown": "the frame within it",
    "meetings.live": "the part of `meetings.one` that follows what happens",
    "meetings.next_occurrence": "leads on",
    "roster.as_file": "a file",
    "attendance.as_csv": "a file",
    "attendance.as_json": "a file",
    "errands.live": "the part of `errands.shown` that follows what happens",
    "rooms.live": "the part of `rooms.room` that follows what happens",
}
"""Why there is no picture of what is at an address."""


def take(names: list[str]) -> None:
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        program = system_chromium()
        browser = playwright.chromium.launch(executable_path=program, args=list(CHROMIUM_FLAGS))
        scenes = _Scenes(Path(folder))
        for name in names or (*PICTURES, MAILS):
            if name == MAILS:
                take_mails(browser, FOLDER)
            else:
                _take(browser, scenes, name)
        for size, (width, _), scheme in LOOKS:
            _sheet(browser, f"{size}-{scheme}", width, COLUMNS[size])
        browser.close()


def _take(browser: Browser, scenes: _Scenes, name: str) -> None:
    prepare, reach, is_signed_in, has_demo = PICTURES[name]
    for size, (width, height), scheme in LOOKS:
        with scenes.served(prepare, has_demo) as (scene, address):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, is_mobile=size == "phone"
            )
            page = context.new_page()
            if is_signed_in:
                _confirm(page, scene, address, READERS.get(name, ADMIN))
                page.click("button.first")
            reach(page, scene, address)
            page.screenshot(path=FOLDER / f"{name}-{size}-{scheme}.png", full_page=True)
            context.close()


def _sheet(browser: Browser, look: str, width: int, columns: int) -> None:
    """All pictures of one look beside each other, as they were taken last."""
    pictures = [FOLDER / f"{name}-{look}.png" for name in PICTURES if (FOLDER / f"{name}-{look}.png").exists()]
    page = browser.new_page(viewport={"width": columns * (width // 2 + 12) + 12, "height": 900})
    page.set_content("".join(sheet(((one.stem, one.read_bytes()) for one in pictures), columns)))
    page.screenshot(path=FOLDER / f"sheet-{look}.png", full_page=True)
    page.close()


class _Scenes:
    """Each scene is played once, and copied for every picture."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._played: dict[Callable[[Scene], Any], tuple[Path, Scene]] = {}

    @contextmanager
    def served(self, prepare: Callable[[Scene], Any], has_demo: bool) -> Iterator[tuple[Scene, str]]:
        file, played = self._played.get(prepare) or self._play(prepare)
        copied = file.with_name("copy.db")
        shutil.copyfile(file, copied)
        database = Database(f"sqlite:///{copied}")
        scene = Scene(database, now=played.now, calendar=copy.deepcopy(played.calendar))
        app = create_app(config_for(), database, clock=lambda: scene.now, demo=_Demo() if has_demo else None)
        server = create_server(app, host="127.0.0.1", port=0)
        running = threading.Thread(target=server.run, daemon=True)
        running.start()
        yield scene, f"http://127.0.0.1:{server.effective_port}"
        server.close()
        database.dispose()
        for left in self._folder.glob("copy.db*"):
            left.unlink()

    def _play(self, prepare: Callable[[Scene], Any]) -> tuple[Path, Scene]:
        file = self._folder / f"{len(self._played)}.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        scene = Scene(database)
        prepare(scene)
        database.dispose()
        self._played[prepare] = file, scene
        return file, scene


if __name__ == "__main__":
    import sys

    take(sys.argv[1:])
