"""The steps of an adoption: what is asked, what is kept, and what somebody is told who comes too late."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from governance.database import Database
from governance.domain.errand import LIFE, ErrandKind, Found, FoundEvent, Known, LookedAt
from governance.models.errand import AdoptionDraft, Errand
from governance.reconcile.observed import Guest, ObservedEvent
from governance.services import errands
from governance.store import errands as store
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import ADMIN, CHAIR

CALENDAR = CHAIR
GUESTS = {"amara@example.com": "Finance", "bea@example.com": "Finance", "henrik@example.com": ""}


@dataclass(slots=True)
class AtTheSteps:
    """An administrator; what a worker would find out is written into the errands."""

    pages: Pages
    guests: dict[str, str] = field(default_factory=lambda: dict(GUESTS))
    event_id: str = "steering"
    browser: FlaskClient = field(init=False)

    def __post_init__(self) -> None:
        self.browser = self.pages.signed_in(ADMIN)

    def get(self, step: str = "") -> TestResponse:
        return self.browser.get(f"/adopt{step}")

    def send(self, step: str, **typed: Any) -> TestResponse:
        form = {"csrf": csrf_of(self.get().text), "about": self.event_id, **typed}
        return self.browser.post(f"/adopt{step}", data=form)

    def answered(self, sent: TestResponse, answer: dict[str, Any]) -> TestResponse:
        """Follow an errand whose worker says this."""
        assert sent.status_code == 303, sent.text
        errand_id = UUID(sent.location.rpartition("/")[2])
        with self.pages.scene.database.writing() as session:
            errands.done(session.get_one(Errand, errand_id), answer, self.pages.scene.now)
        return self.browser.get(sent.location)

    def at_the_event(self) -> TestResponse:
        return self.answered(self.send("", calendar=CALENDAR), self.found().to_json())

    def at_the_meeting(self) -> TestResponse:
        self.at_the_event()
        return self.answered(self.send("/event", event=self.event_id), self.looked_at().to_json())

    def at_the_departments(self) -> TestResponse:
        self.at_the_meeting()
        return self.send("/meeting", slug="steering", chair=CHAIR)

    def at_the_seats(self, **departments: str) -> TestResponse:
        self.at_the_departments()
        entered = {**self.guests, **departments}
        return self.send("/departments", **{f"department:{one}": name for one, name in entered.items()})

    def at_the_end(self, cap: str = "5") -> TestResponse:
        self.at_the_seats(**{"henrik@example.com": "Legal"})
        chosen = {"delegate:finance": "amara@example.com", "delegate:legal": "henrik@example.com"}
        return self.send("/seats", cap=cap, **chosen)

    def found(self) -> Found:
        start = self.pages.scene.now
        events = (
            FoundEvent(event="steering", summary="Steering", organizer=CHAIR, is_own=True, next_start=start, guests=3),
            FoundEvent(event="copy", summary="A copy", organizer="boss@example.com", is_own=False, next_start=start,
                       guests=9),
        )  # fmt: skip
        return Found(google_id=CALENDAR, subject=CHAIR, time_zone="Europe/Berlin", events=events)

    def looked_at(self) -> LookedAt:
        guests = tuple(Guest(address=one, name=one.partition("@")[0].title()) for one in self.guests)
        seen = ObservedEvent(
            id=self.event_id, etag="1", summary="Steering", recurrence=("RRULE:FREQ=WEEKLY",), organizer=CHAIR,
            organizer_is_calendar=True, guests=guests, time_zone="Europe/Berlin",
        )  # fmt: skip
        known = {one: Known(kind="user", department=name) for one, name in self.guests.items() if name}
        return LookedAt(
            google_id=CALENDAR, subject=CHAIR, time_zone="Europe/Berlin", access_role="owner", event=seen.to_json(),
            known=known,
        )  # fmt: skip

    def sent(self, kind: ErrandKind) -> list[Errand]:
        with self.pages.scene.database.reading() as session:
            return list(store.errands_of(session, ADMIN, (kind.value,)).values())

    def draft(self) -> AdoptionDraft | None:
        with self.pages.scene.database.reading() as session:
            return store.draft_of(session, ADMIN)


@pytest.fixture
def steps(pages: Pages) -> AtTheSteps:
    return AtTheSteps(pages)


def words(answer: TestResponse) -> str:
    plain = re.sub(r"<[^>]+>", " ", answer.text.partition("<main")[2])
    return " ".join(html.unescape(plain).split())


# Nothing changes


@pytest.mark.parametrize("step", ["/event", "/meeting", "/departments", "/seats", "/consequences"])
def test_a_step_before_its_turn_leads_to_the_first(steps: AtTheSteps, step: str) -> None:
    answer = steps.get(step)

    assert (answer.status_code, answer.location) == (303, "/adopt")
    assert steps.draft() is None


def test_leaving_forgets_what_was_decided_and_what_google_said(steps: AtTheSteps) -> None:
    steps.at_the_end()

    steps.send("/leave")

    assert steps.draft() is None
    assert [steps.sent(kind) for kind in ErrandKind] == [[]] * len(ErrandKind)


def test_a_form_of_another_event_is_not_taken_for_this_ones(steps: AtTheSteps) -> None:
    steps.at_the_departments()

    answer = steps.send("/departments", about="another", **{"department:amara@example.com": "Marketing"})

    assert answer.status_code == 409
    assert "Go on with Steering" in words(answer)
    draft = steps.draft()
    assert draft is not None
    assert "departments" not in draft.content_json


def test_what_is_adopted_is_what_was_shown(steps: AtTheSteps) -> None:
    steps.at_the_end()

    answer = steps.send("/consequences", shown="something else")

    assert answer.status_code == 409
    assert "confirm anew" in words(answer)
    assert steps.sent(ErrandKind.ADOPT) == []


def test_the_button_pressed_twice_adopts_once(steps: AtTheSteps) -> None:
    shown = re.search(r'name="shown" value="(\w+)"', steps.browser.get(steps.at_the_end().location).text)
    assert shown

    first, second = (steps.send("/consequences", shown=shown[1]) for _ in range(2))

    assert first.location == second.location
    (sent,) = steps.sent(ErrandKind.ADOPT)
    assert (sent.asked_json["slug"], sent.asked_json["cap"]) == ("steering", 5)


# What is asked


def test_only_what_the_calendar_organises_and_nobody_governs_can_be_chosen(steps: AtTheSteps) -> None:
    answer = steps.browser.get(steps.at_the_event().location)

    assert answer.text.count('name="event"') == 1
    assert "Choose the calendar of boss@example.com instead" in words(answer)


def test_a_department_that_is_known_is_filled_in_and_the_rest_is_asked_for(steps: AtTheSteps) -> None:
    answer = steps.browser.get(steps.at_the_departments().location)

    assert answer.text.count('value="Finance"') == 2
    assert "from the Directory" in words(answer)
    assert "Department not known" in words(answer)


def test_what_was_typed_is_kept_beside_every_fault(steps: AtTheSteps) -> None:
    steps.at_the_meeting()

    answer = steps.send("/meeting", slug="No!", chair="nobody")

    assert answer.status_code == 422
    assert "Mend 2 things" in words(answer)
    assert 'value="No!"' in answer.text
    assert 'value="nobody"' in answer.text


def test_more_delegates_than_the_cap_are_said_before_anything_is_done(steps: AtTheSteps) -> None:
    answer = steps.at_the_end(cap="1")

    assert answer.status_code == 422
    assert "Choose at least 2, or leave 1 of the 2 departments with nobody yet" in words(answer)


def test_the_end_says_who_sits_who_waits_and_who_is_let_go(steps: AtTheSteps) -> None:
    steps.guests["eve@elsewhere.org"] = ""

    answer = steps.browser.get(steps.at_the_end().location)

    said = words(answer)
    assert "Finance: Amara" in said
    assert "Bea waits for the seat of Finance. As somebody from outside" in said
    assert said.count("Bea") == 1, "each is told of once"
    assert "Eve , from outside: two neutral lines" in said


def test_what_was_changed_before_a_worker_began_is_what_is_adopted(steps: AtTheSteps) -> None:
    for cap in ("5", "7"):
        shown = steps.browser.get(steps.at_the_end(cap=cap).location)
        steps.send("/consequences", shown=field_of(shown.text, "shown"))

    [errand] = steps.sent(ErrandKind.ADOPT)
    assert errand.asked_json["cap"] == 7


def test_something_else_than_is_being_adopted_waits(steps: AtTheSteps) -> None:
    shown = steps.browser.get(steps.at_the_end(cap="5").location)
    steps.send("/consequences", shown=field_of(shown.text, "shown"))
    with steps.pages.scene.database.writing() as session:
        assert errands.claim(session, "worker-1", steps.pages.scene.now) is not None
    shown = steps.browser.get(steps.at_the_end(cap="7").location)

    answer = steps.send("/consequences", shown=field_of(shown.text, "shown"))

    assert answer.status_code == 409
    assert "Wait until it is done" in words(answer)


def test_the_event_is_read_again_where_it_was_although_another_calendar_was_listed_since(steps: AtTheSteps) -> None:
    steps.at_the_departments()
    steps.answered(steps.send("", calendar="other@example.com"), steps.found().to_json())

    steps.send("/event", event=steps.event_id, again="yes")

    [errand] = steps.sent(ErrandKind.LOOK)
    assert errand.asked_json["calendar"] == CALENDAR


def test_who_is_their_own_sponsor_says_what_they_may_decide(steps: AtTheSteps) -> None:
    steps.at_the_seats(**{"henrik@example.com": "Legal"})
    chosen = {"delegate:finance": "amara@example.com", "delegate:legal": "henrik@example.com"}

    answer = steps.send("/seats", cap="5", **chosen, **{"sponsor:legal": "henrik@example.com", "scope:legal": " "})

    assert answer.status_code == 422
    assert "Say what they may decide" in words(answer)


def test_a_delegate_without_a_mandate_is_warned_of_before_the_plan_would_take_them_off(steps: AtTheSteps) -> None:
    shown = steps.browser.get(steps.at_the_seats(**{"henrik@example.com": "Legal"}).location)
    assert "Decides for Legal in this meeting" in shown.text
    chosen = {"delegate:finance": "amara@example.com", "delegate:legal": "henrik@example.com"}

    sent = steps.send("/seats", cap="5", **chosen, **{"scope:finance": "Credits", "scope:legal": ""})

    assert "Without a mandate: Legal." in words(steps.browser.get(sent.location))


# Somebody comes too late, or nobody is there


def test_an_answer_that_was_erased_says_how_to_go_on_and_keeps_what_was_decided(steps: AtTheSteps) -> None:
    steps.at_the_end()
    with steps.pages.scene.database.writing() as session:
        errands.erase_old(session, steps.pages.scene.now + LIFE)

    answer = steps.get("/seats")

    assert "Read the event again" in words(answer)
    again = steps.answered(steps.send("/event", event="steering"), steps.looked_at().to_json())
    assert again.status_code == 303
    assert 'value="amara@example.com" checked' in steps.get("/seats").text


def test_what_is_sent_after_the_answer_was_erased_is_kept_all_the_same(steps: AtTheSteps) -> None:
    steps.at_the_departments()
    with steps.pages.scene.database.writing() as session:
        errands.erase_old(session, steps.pages.scene.now + LIFE)

    answer = steps.send("/departments", **{"department:henrik@example.com": "Legal"})

    assert "Read the event again" in words(answer)
    steps.answered(steps.send("/event", event="steering"), steps.looked_at().to_json())
    assert 'value="Legal"' in steps.get("/departments").text


def test_while_nobody_asks_google_the_page_says_so_and_asks_again_without_script(steps: AtTheSteps) -> None:
    sent = steps.send("", calendar=CALENDAR)

    answer = steps.browser.get(sent.location)

    assert "No worker is running" in words(answer)
    assert '<noscript><meta http-equiv="refresh"' in answer.text
    assert steps.get("/event").location == sent.location


def test_a_refusal_is_shown_with_the_way_back(steps: AtTheSteps) -> None:
    sent = steps.send("", calendar=CALENDAR)
    with steps.pages.scene.database.writing() as session:
        row = session.get_one(Errand, UUID(sent.location.rpartition("/")[2]))
        errands.refuse(row, "Share the calendar with bot@example.com.", steps.pages.scene.now)

    answer = steps.browser.get(sent.location)

    assert "Share the calendar with bot@example.com." in words(answer)
    assert 'href="/adopt"' in answer.text
    assert f'value="{CALENDAR}"' in steps.get().text


def test_many_guests_cost_no_more_questions_than_few(steps: AtTheSteps) -> None:
    paths = ("/adopt/meeting", "/adopt/departments", "/adopt/seats", "/adopt/consequences")

    few = asked_for(steps, paths, dict(GUESTS))
    many = asked_for(steps, paths, {**GUESTS, **{f"guest-{one}@example.com": "Finance" for one in range(80)}})

    assert few == many
    assert 0 < max(many.values()) <= 8, many  # two for who may what, six for the page


def asked_for(steps: AtTheSteps, paths: Iterable[str], guests: dict[str, str]) -> dict[str, int]:
    """How often the database is asked for each page."""
    steps.guests = guests
    steps.at_the_end()
    found = {}
    for path in paths:
        with noted(steps.pages.scene.database) as sent:
            assert steps.browser.get(path).status_code == 200
        found[path] = len(sent)
    return found


@contextmanager
def noted(database: Database) -> Iterator[list[str]]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
