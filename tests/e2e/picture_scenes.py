"""What the pictures show: scenes beyond those of the pages' tests, and how a reader gets to a page in them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from playwright.sync_api import Page
from sqlalchemy import select

from governance.domain.attendance import MarkKind
from governance.mail.facts import to_json
from governance.mail.facts_of_summaries import BriefChanged
from governance.mail.kinds import Topic
from governance.models import Application, Decision, Elector, Errand, Outbox
from governance.reconcile.observed import Guest
from governance.seed import summed
from governance.services import applications, offers, people, seats, sign_in, sponsors
from governance.services.feeds import keeping
from governance.services.links import preference_token
from governance.services.settings import pause, set_rule_mode
from governance.store.applications import open_application_of
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from governance.store.seats import department_of
from tests.support.decided import closed, draft, mark
from tests.web import linked
from tests.web.attended import a_quarter, attend, start_of
from tests.web.conftest import Pages, config_for
from tests.web.decided import decided_beyond
from tests.web.decided import the_decision as the_one
from tests.web.deciding import AtTheTable, begin
from tests.web.promising import promised
from tests.web.scenes import (
    ADMIN,
    CHAIR,
    SCRIBE,
    SLUG,
    Scene,
    in_order,
    lively,
    newly_adopted,
)
from tests.web.test_adoption import AtTheSteps
from web import create_app


def with_troubles(scene: Scene) -> None:
    in_order(scene)
    scene.change_meeting(
        problem_code="google-refused",
        problem_remedy="Share the calendar with governance@example.com and allow changes",
        problem_text="Google lets us read the event and not change it",
    )
    with scene.database.writing() as session:
        pause(session, meeting_by_slug(session, SLUG), by=ADMIN, actor="test", now=scene.now)
    scene.now = scene.now.replace(hour=14)


def just_before_the_meeting(scene: Scene) -> None:
    in_order(scene)
    scene.now = scene.now.replace(day=26, hour=8, minute=20)
    scene.heartbeat()
    scene.calendar.forward(f"event-{SLUG}", Guest(address="mallory.quick@example.com", name="Mallory Quick"))
    scene.cycle()


def two_meetings(scene: Scene) -> None:
    in_order(scene)
    newly_adopted(scene, "product-council", "Product Council")


def decided_too_late(page: Page, scene: Scene, address: str) -> None:
    """The set changes between reading and approving."""
    page.goto(f"{address}/m/{SLUG}")
    scene.calendar.forward(f"event-{SLUG}", Guest(address="late.joiner@example.com", name="Late Joiner"))
    scene.cycle()
    page.click("#approve")


def opened_at(path: str) -> Callable[[Page, Scene, str], None]:
    return lambda page, _scene, address: page.goto(address + path)


def opened(path: str, most: int = 99) -> Callable[[Page, Scene, str], None]:
    """With the first lists that can be unfolded unfolded."""
    unfold = "most => [...document.querySelectorAll('details')].slice(0, most).forEach(one => one.open = true)"

    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(address + path)
        page.evaluate(unfold, most)

    return reach


def act(code: str, department: str = "", **typed: str) -> Callable[[Page, Scene, str], None]:
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


def charter_form(**typed: str) -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(f"{address}/m/{SLUG}/charter/edit")
        for name, text in typed.items():
            page.fill(f"#{name}", text)
        if typed:
            page.click("#look")

    return reach


def adopting(step: str) -> Callable[[Scene], None]:
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


def the_errand(page: Page, scene: Scene, address: str) -> None:
    with scene.database.reading() as session:
        page.goto(f"{address}/errands/{session.scalars(select(Errand.id)).one()}")


def attended(scene: Scene) -> None:
    in_order(scene)
    a_quarter(scene)


def with_decisions(scene: Scene) -> None:
    """A log of two years, with what became of some of them, and what is under way."""
    in_order(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        amara, ivo = (person_by_address(session, f"{one}@example.com") for one in ("amara.okafor", "ivo.kovac"))
        assert amara is not None
        assert ivo is not None
        told = ({"owner_person_id": amara.id, "customer": "Alpine Rail"}, {"owner_person_id": ivo.id})
        first = closed(session, meeting, 41, "Spare parts lie in two depots, north and south", year=2025, **told[0])
        kept = closed(session, meeting, 1, "Refunds are paid within five days of the claim", **told[1])
        second = closed(
            session, meeting, 2, "Spare parts lie in one depot, with a courier at night", **told[0],
            question="Where do spare parts lie, so that no train waits for one longer than a night?",
            text="All spare parts lie in the southern depot. A courier drives every night.",
            customer_effect="A part is there by six in the morning, wherever the train stands.",
            options=("Do nothing", "One depot and a courier", "A third depot"),
        )  # fmt: skip
        failed = closed(
            session, meeting, 3, "Every customer has one person to call", customer="All customers", **told[1]
        )
        closed(session, meeting, 4, "A night train is announced a quarter ahead", review_on=scene.now.date(), **told[1])
        mark(session, first, "superseded", later=second)
        mark(session, kept, "kept", words="Four days on average since March")
        mark(session, failed, "not-kept", words="Nobody was named for the south")
        draft(session, meeting, "Who answers a complaint on a Sunday", state="open", at=scene.now, **told[0])
        draft(session, meeting, "Doors that open earlier", at=scene.now)


def in_the_room(scene: Scene) -> None:
    """Nine minutes past the start: two owe the question, some are still awaited."""
    attended(scene)
    attend(scene, 0, {"Finance": -6, "Legal": -2, "IT Security": 0, "Operations": 5, "Research": 8})
    scene.now = start_of(0) + timedelta(minutes=9)
    scene.heartbeat()


def at_the_door(scene: Scene) -> None:
    attended(scene)
    scene.now = start_of(0) - timedelta(minutes=6)
    scene.heartbeat()


def with_a_draft(scene: Scene) -> None:
    lively(scene)
    begin(scene)


def asked(scene: Scene) -> AtTheTable:
    """Five minutes into the meeting a decision is open, and three of five seats are in."""
    in_order(scene)
    table = AtTheTable(Pages(create_app(config_for(), scene.database, clock=lambda: scene.now), scene))
    table.at(4)
    for who in ("amara.okafor", "anna.meier", "henrik.sorensen", "priya.raman", "ivo.kovac"):
        table.arrive(f"{who}@example.com")
    table.begin("amara.okafor@example.com")
    table.at(12)
    table.do(CHAIR, "open")
    table.say("amara.okafor@example.com", "favour", interest="A promise that we can keep")
    table.say("anna.meier@example.com", "live", interest="A promise that we can keep")
    table.say(
        "henrik.sorensen@example.com", "object", reason="The contract of Nordwind says ten days.",
        interest="No penalty for promising what the contracts do not", removes="A clause in the new contracts",
    )  # fmt: skip
    scene.heartbeat()
    return table


def answered(scene: Scene) -> AtTheTable:
    """All are in or asked, and an objection waits for its answer."""
    table = asked(scene)
    table.say("priya.raman@example.com", "hold", hold_until="2026-11-27T12:00")
    table.enter(SCRIBE, "IT Security", "recuse")
    for department in ("Customer Support", "Research"):
        table.do(CHAIR, "silent", seat=table.seat(department), round="1")
    return table


def the_decision(ending: str = "", seat: str = "") -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, scene: Scene, address: str) -> None:
        with scene.database.reading() as session:
            ref = session.scalars(select(Decision.id)).one()
            meeting = meeting_by_slug(session, SLUG)
            more = f"?seat={seats.seat_of(session, meeting, seat).id}" if seat else ""
        page.goto(f"{address}/m/{SLUG}/decisions/{ref}{ending}{more}")

    return reach


def answering(page: Page, scene: Scene, address: str) -> None:
    the_decision()(page, scene, address)
    page.locator("a[href*='/answer?']").first.click()


def _at_the_table(scene: Scene) -> AtTheTable:
    table = AtTheTable(Pages(create_app(config_for(), scene.database, clock=lambda: scene.now), scene))
    table.ref = the_one(scene)
    return table


def committed_beyond(scene: Scene) -> AtTheTable:
    """It costs more than Finance may decide on; two have said what they will do, one of them with a reservation."""
    decided_beyond(scene)
    table = _at_the_table(scene)
    said = {"seat": table.seat("Finance"), "pledge": "will", "words": "", "reservation": "Half of it would have done."}
    table.post("amara.okafor@example.com", "/commit", said)
    needs = {"seat": table.seat("Legal"), "pledge": "needs", "words": "The wording of the new clause, from Sales."}
    table.post("henrik.sorensen@example.com", "/commit", needs | {"reservation": ""})
    return table


def closed_beyond(scene: Scene) -> None:
    table = committed_beyond(scene)
    seat = table.seat("Finance")
    table.post("fay.farah@example.com", "/sponsor", {"seat": seat, "act": "ratify"})
    form = table.form(CHAIR, "/close")
    with table.session() as session:
        owner = str(session.scalars(select(Elector.person_id).where(Elector.department == "Finance")).one())
    typed = {"owner": owner, "due_on": "2026-12-17", "teller": "Amara, by mail to all of them", "read_back": "yes"}
    table.post(CHAIR, "/close", form | typed | {"step": "close", "named": table.seat("Operations")})


def with_promises(scene: Scene) -> None:
    lively(scene)
    promised(scene)


def with_a_feed(scene: Scene) -> None:
    lively(scene)
    with scene.database.writing() as session:
        amara = people.known_person(session, "amara.okafor@example.com")
        keeping.make(session, amara.id, now=scene.now, source="test")


def with_summaries(scene: Scene) -> None:
    """Of five weeks; one was cancelled, and the chair changed a brief."""
    lively(scene)
    with scene.database.writing() as session:
        amara = people.known_person(session, "amara.okafor@example.com")
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        for weeks in range(5):
            week = summed.Week.of(date(2026, 11, 19) - timedelta(weeks=weeks))
            question = {"text": "Which customer taught you most this year?", "takers": []}
            said = [summed.summary(week, is_cancelled=weeks == 3, question=question)]
            if weeks == 1:
                said.append(BriefChanged(start=week.starts, goes_at=week.at(1), sentences=summed.sentences(week)))
            for one in said:
                at = week.start + timedelta(hours=2)
                session.add(Outbox(
                    key=f"{one.KIND} {weeks}", kind=one.KIND, meeting_id=meeting.id, about=week.starts,
                    address="amara.okafor@example.com", person_id=amara.id,
                    facts_json={"facts": to_json(one), "links": {}}, queued_at=at, due_at=at, state="sent", sent_at=at,
                ))  # fmt: skip


def a_summary(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/summaries")
    page.get_by_role("link", name="Summary of 19 Nov 2026").click()
    page.wait_for_load_state("networkidle")


def a_promise(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/promises")
    page.get_by_role("link", name="Pay out refunds").click()


def to_make_up(scene: Scene) -> None:
    attended(scene)
    attend(scene, -1, {"Customer Support": MarkKind.ABSENT})


def correct(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/room")
    page.locator("a[href*='/room/correct']").first.click()


def make_up(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/attendance")
    page.get_by_role("link", name="Make up for it").click()


def several_needs(scene: Scene) -> None:
    lively(scene)
    newly_adopted(scene, "product-council", "Product Council")


def watched_strangers(scene: Scene) -> None:
    in_order(scene)
    with scene.database.writing() as session:
        set_rule_mode(session, meeting_by_slug(session, SLUG), "I01", "observe", actor="test", now=scene.now)
    strangers = [Guest(address=f"stranger.{n}@elsewhere.example", name=f"Stranger {n}") for n in range(11)]
    scene.calendar.forward(f"event-{SLUG}", *strangers)
    scene.cycle()


def changed_meanwhile(page: Page, scene: Scene, address: str) -> None:
    act("hand-over", "Finance")(page, scene, address)
    page.fill("#email", "jonas.weber@example.com")
    page.fill("#scope", "Everything up to the budget")
    scene.mandate("Finance", "amara.okafor@example.com", scope="Budget and staffing", limit_minor=100_00)
    page.click("#look")


def for_everybody(scene: Scene) -> None:
    """A lively meeting of which an applicant knows, too."""
    lively(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Marketing")
        applicant = people.person_named(session, "nils.berg@example.com", "Nils Berg")
        session.add(Application(seat_id=seat.id, person_id=applicant.id, at=scene.now))


def with_waiting_lists(scene: Scene) -> None:
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


def offered(scene: Scene) -> None:
    with_waiting_lists(scene)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Marketing")
        nora = people.person_named(session, "nora.nyberg@example.com")
        asked = open_application_of(session, seat.id, nora.id)
        assert asked is not None
        last_day = scene.now.date() + timedelta(days=7)
        offers.offer_seat(session, meeting, seat, asked, last_day=last_day, why=None, actor="test", now=scene.now)


def offer_form(page: Page, scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/waiting")
    page.get_by_role("link", name="Offer Nils Berg the seat").click()
    page.get_by_label("Why somebody else than the first").fill("Is back from leave on the first day")
    page.click("#look")


def decline_form(page: Page, scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/waiting")
    page.get_by_role("link", name="Take off the list, Marketing").first.click()


def confirm(page: Page, scene: Scene, address: str, who: str = ADMIN) -> None:
    with scene.database.writing() as session:
        link = sign_in.make_sign_in_link(session, address=who, now=scene.now, public_url=address)
    page.goto(link)


def followed(path: str, link: str) -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(address + path)
        page.locator(link).first.click()

    return reach


def with_keys(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/ledger")
    page.keyboard.press("?")


def printed(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/roster")
    page.emulate_media(media="print")


def printed_at(path: str) -> Callable[[Page, Scene, str], None]:
    def reach(page: Page, _scene: Scene, address: str) -> None:
        page.goto(address + path)
        page.emulate_media(media="print")

    return reach


def with_menu(page: Page, _scene: Scene, address: str) -> None:
    page.goto(f"{address}/m/{SLUG}/roster")
    page.get_by_label("Change the seat of Finance").click()


def by_token(what: str) -> Callable[[Page, Scene, str], None]:
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


def by_link(page: Page, scene: Scene, address: str) -> None:
    """One that a sponsor gets who is asked for a mandate for a day."""
    for path in linked.every_link(scene):
        page.goto(address + path)
        if page.locator("form.filled").count():
            return
