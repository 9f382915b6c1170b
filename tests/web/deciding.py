"""Decisions as people make them on the pages, for the tests of several pages."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.domain.attendance import MarkKind
from governance.domain.charter import Way
from governance.models import Decision, DecisionOption, WebSession
from governance.services import deputies, ledger, occurrences, people, seats
from governance.services.attendance import marking
from governance.services.attendance.doing import begin as begin_marking
from governance.services.decisions.drafting import Wording, begin_draft
from governance.store.meetings import meeting_by_slug
from governance.store.seats import open_seat_of
from tests.web.acting import words_of
from tests.web.attended import start_of
from tests.web.conftest import Pages
from tests.web.scenes import ADMIN, CAST, SLUG, Scene

WORDS = Wording(
    title="Answer complaints within two days",
    question="Who answers a complaint that nobody feels responsible for, and by when?",
    customer="Everybody who has waited for an answer",
)
OPTIONS = (
    ("Every department answers its own complaints within two days", "An answer in two days", "An hour a week each"),
    ("Customer Support answers all of them within a week", "One voice", "Half a post"),
)


def begin(scene: Scene, department: str = "Finance", wording: Wording = WORDS) -> UUID:
    """A draft that a department has brought."""
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = open_seat_of(session, meeting.id, department.casefold())
        row = begin_draft(
            session, meeting, wording, actor="test", source="test", now=scene.now, seat_id=seat.id if seat else None
        )
        return row.id


class AtTheTable:
    """People with a browser each at this week's meeting; `ref` is the decision that is meant where none is named."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self.ref = UUID(int=0)
        self._browsers: dict[str, tuple[FlaskClient, str]] = {}

    def at(self, minutes: float) -> None:
        """After the start."""
        self.pages.scene.now = start_of(0) + timedelta(minutes=minutes)

    @contextmanager
    def session(self) -> Iterator[Any]:
        with self.pages.scene.database.reading() as session:
            yield session

    def browser(self, who: str) -> tuple[FlaskClient, str]:
        """With the token of its forms; anew each day, because no session outlasts a night without a click."""
        now = self.pages.scene.now
        key = f"{who} {now:%j}"
        if key not in self._browsers:
            browser = self.pages.app.test_client()
            with self.pages.scene.database.writing() as session:
                session.add(
                    WebSession(
                        token_hash=hashlib.sha256(key.encode()).hexdigest(), address=who, is_admin=who == ADMIN,
                        made_at=now, seen_at=now, expires_at=now + timedelta(days=7), csrf=f"csrf of {who}",
                    )
                )  # fmt: skip
            browser.set_cookie("governance", key)
            self._browsers[key] = browser, f"csrf of {who}"
        return self._browsers[key]

    def path(self, ending: str = "", ref: UUID | None = None) -> str:
        return f"/m/{SLUG}/decisions/{ref or self.ref}{ending}"

    def page(self, who: str, ending: str = "", ref: UUID | None = None) -> str:
        answer = self.browser(who)[0].get(self.path(ending, ref))
        assert answer.status_code == 200, answer.text
        return answer.text

    def words(self, who: str, ending: str = "", ref: UUID | None = None) -> str:
        return words_of(self.page(who, ending, ref))

    def post(self, who: str, ending: str, form: dict[str, str], ref: UUID | None = None) -> TestResponse:
        browser, csrf = self.browser(who)
        return browser.post(self.path(ending, ref), data={"csrf": csrf} | form)

    def form(self, who: str, ending: str) -> dict[str, str]:
        """What the form at that address holds when it is opened."""
        page = self.page(who, ending)
        fields = dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]*? value="([^"]*)"', page))
        fields |= dict(re.findall(r'<textarea[^>]* name="([^"]+)"[^>]*>\n?([^<]*)</textarea>', page))
        for name, choices in re.findall(r'<select[^>]* name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
            chosen = re.search(r'value="([^"]*)" selected', choices)
            fields[name] = chosen[1] if chosen else ""
        return {name: value for name, value in fields.items() if name != "csrf"}

    # --- what they do

    def begin(self, who: str, *, options: tuple[tuple[str, str, str], ...] = OPTIONS, way: str = "consent") -> UUID:
        """A draft of theirs with its options, the first of which is proposed, and what doing nothing costs."""
        answer = self.browser(who)[0].post(
            f"/m/{SLUG}/decisions/new", data={"csrf": self.browser(who)[1], "title": WORDS.title}
        )
        assert answer.status_code == 303, answer.text
        self.ref = UUID(answer.headers["Location"].rsplit("/", 1)[1])
        for text, effect, cost in options:
            self.save_option(who, text, customer_effect=effect, cost=cost)
        with self.session() as session:
            nothing = session.scalars(
                select(DecisionOption.id).where(DecisionOption.decision_id == self.ref, DecisionOption.rank == 0)
            ).one()
        self.save_option(who, "", option=str(nothing), cost="Complaints stay unanswered")
        if Way(way) is not Way.CONSENT:
            self.post(who, "/edit", self.form(who, "/edit") | {"way": way})
        return self.ref

    def save_option(self, who: str, text: str, option: str = "", **more: str) -> TestResponse:
        with self.session() as session:
            found = session.get(DecisionOption, UUID(option)) if option else None
            version = str(found.version) if found else "0"
        form = {"option": option, "version": version, "text": text} | more
        return self.post(who, "/option", form)

    def do(self, who: str, act: str, ref: UUID | None = None, **more: str) -> TestResponse:
        return self.post(who, "/do", {"act": act} | more, ref)

    def say(self, who: str, stance: str, ref: UUID | None = None, **more: str) -> TestResponse:
        with self.session() as session:
            round_ = str(session.get(Decision, ref or self.ref).round)
        own = next((department for department, _, address in CAST if address == who), "")
        form = {"seat": self.seat(own), "round": round_} if own else {"round": round_}
        return self.post(who, "/position", form | {"stance": stance} | more, ref)

    def enter(self, who: str, department: str, stance: str, **more: str) -> TestResponse:
        form = {"seat": self.seat(department), "round": "1", "stance": stance}
        return self.post(who, "/enter", form | more)

    def answer(self, who: str, answer: str, words: str, ref: UUID | None = None, **more: str) -> TestResponse:
        """The one objection that its page offers to be answered; opened first where it is blind."""
        if "/answer?position=" not in self.page(who, ref=ref):
            self.do(who, "reveal", ref)
        found = re.search(r'/answer\?position=([0-9a-f-]+)"', self.page(who, ref=ref))
        assert found is not None
        return self.post(who, "/answer", {"position": found[1], "answer": answer, "words": words} | more, ref)

    def arrive(self, who: str) -> None:
        department = next(one for one, _, address in CAST if address == who)
        self._mark(department, MarkKind.ARRIVED)

    def leave(self, department: str) -> None:
        self._mark(department, MarkKind.LEFT)

    def _mark(self, department: str, kind: MarkKind) -> None:
        now = self.pages.scene.now
        with self.pages.scene.database.writing() as session:
            meeting = meeting_by_slug(session, SLUG)
            doing = begin_marking(session, meeting, start_of(0).isoformat(), actor="test", source="web", now=now)
            marking.mark(doing, seats.seat_of(session, meeting, department).id, kind)

    def hand_over(self, department: str, name: str, address: str) -> None:
        """From today on somebody else holds the seat."""
        now = self.pages.scene.now
        with self.pages.scene.database.writing() as session:
            meeting = meeting_by_slug(session, SLUG)
            seat = seats.seat_of(session, meeting, department)
            person = people.person_named(session, address, name)
            seats.hand_over(session, meeting, seat, person, actor="test", now=now)

    def stand_in(self, department: str, name: str, address: str, *, week: int) -> None:
        """At this week's occurrence, or at a later one."""
        now = self.pages.scene.now
        with self.pages.scene.database.writing() as session:
            meeting = meeting_by_slug(session, SLUG)
            assert meeting is not None
            seat = seats.seat_of(session, meeting, department)
            person = people.person_named(session, address, name)
            found = occurrences.next_occurrence(session, meeting, start_of(week))
            assert found is not None
            kept = occurrences.kept_occurrence(session, found)
            deputies.stand_in(session, meeting, seat, kept, person, actor="test", now=now)

    # --- what came of it

    def seat(self, department: str) -> str:
        with self.session() as session:
            meeting = meeting_by_slug(session, SLUG)
            return str(seats.seat_of(session, meeting, department).id)

    @property
    def proposed(self) -> str:
        with self.session() as session:
            query = select(DecisionOption.id).where(DecisionOption.decision_id == self.ref, DecisionOption.is_proposed)
            return str(session.scalars(query).one())

    def state(self, ref: UUID | None = None) -> str:
        with self.session() as session:
            return str(session.get(Decision, ref or self.ref).state)

    def entries(self) -> list[Any]:
        """Of the ledger, oldest first."""
        with self.session() as session:
            meeting = meeting_by_slug(session, SLUG)
            return list(ledger.latest(session, meeting.id, 500)[::-1])
