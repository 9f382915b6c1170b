"""A Thursday in the room: one tap, the scribe's list, the question of the week, and who may see what of it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from governance.domain.questions import pick
from governance.models import AttendanceMark, ChosenQuestion, KeptAnswer, Occurrence, Turn, WebSession
from governance.services import deputies, ledger, occurrences, people, seats
from governance.store.meetings import meeting_by_slug
from tests.web.acting import words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.once import once
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, SLUG, Scene

ROOM = f"/m/{SLUG}/room"
START = datetime(2026, 11, 26, 9, tzinfo=UTC)
"""Thursday at ten in Berlin."""
AMARA, ANNA, JONAS = "amara.okafor@example.com", "anna.meier@example.com", "jonas.weber@example.com"


class InTheRoom:
    """People with a browser each, and a clock that is set to minutes after the start."""

    def __init__(self, pages: Pages) -> None:
        self.pages = pages
        self._browsers: dict[str, tuple[FlaskClient, str]] = {}

    def at(self, minutes: float) -> InTheRoom:
        self.pages.scene.now = START + timedelta(minutes=minutes)
        return self

    def browser(self, who: str) -> FlaskClient:
        return self._signed_in(who)[0]

    def _signed_in(self, who: str) -> tuple[FlaskClient, str]:
        """With the token of the forms; anew each day, because no session outlasts a night without a click."""
        now = self.pages.scene.now
        today = f"{who} {now:%j}"
        if today not in self._browsers:
            browser = self.pages.app.test_client()
            with self.pages.scene.database.writing() as session:
                session.add(
                    WebSession(
                        token_hash=hashlib.sha256(today.encode()).hexdigest(), address=who, is_admin=who == ADMIN,
                        made_at=now, seen_at=now, expires_at=now + timedelta(days=7), csrf=f"csrf of {who}",
                    )
                )  # fmt: skip
            browser.set_cookie("governance", today)
            self._browsers[today] = browser, f"csrf of {who}"
        return self._browsers[today]

    def page(self, who: str = SCRIBE, path: str = ROOM) -> str:
        answer = self.browser(who).get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def words(self, who: str = SCRIBE, path: str = ROOM) -> str:
        return words_of(self.page(who, path))

    def seat_of(self, department: str) -> str:
        found = re.search(
            rf'id="seat-([0-9a-f-]+)">(?:(?!</li>).)*<strong>{department}</strong>', self.page(), re.DOTALL
        )
        assert found is not None
        return found[1]

    def send(self, who: str, path: str, **form: str) -> TestResponse:
        """What a button or form of the room sends: it names the occurrence of the week."""
        browser, csrf = self._signed_in(who)
        week = (self.pages.scene.now - START + timedelta(days=3)) // timedelta(weeks=1)
        form = {"csrf": csrf, "key": (START + timedelta(weeks=week)).isoformat()} | form
        return browser.post(f"{ROOM}/{path}", data=form)

    def mark(self, department: str, act: str, who: str = SCRIBE) -> TestResponse:
        return self.send(who, "mark", act=act, seat=self.seat_of(department))

    def correct(self, department: str, kind: str, at: str = "", reason: str = "", **more: str) -> TestResponse:
        seat = self.seat_of(department)
        return self.send(SCRIBE, "correct", seat=seat, kind=kind, at=at, reason=reason, **more)

    def state(self, department: str) -> str:
        """The badge of a seat, as the scribe reads it."""
        return re.search(
            rf'id="seat-{self.seat_of(department)}".*?<span class="badge[^>]*>.*?</svg>([^<]+)<', self.page(), re.DOTALL
        )[1]  # type: ignore[index]

    def move_what_is_kept(self, **by: float) -> None:
        """As if the occurrence had been elsewhere when it was kept; the calendar stays as it is."""
        with self.pages.scene.database.writing() as session:
            kept = session.scalars(select(Occurrence)).one()
            kept.start, kept.end = kept.start + timedelta(**by), kept.end + timedelta(**by)

    @contextmanager
    def session(self) -> Iterator[Any]:
        with self.pages.scene.database.reading() as session:
            yield session

    def entries(self, *acts: str) -> list[Any]:
        """Oldest first."""
        with self.session() as session:
            meeting = meeting_by_slug(session, SLUG)
            return [one for one in ledger.latest(session, meeting.id, 500)[::-1] if one.act in acts or not acts]


@once
def _with_a_deputy(scene: Scene) -> None:
    scene.adopt()
    scene.roster()
    scene.deputy("Finance", "Jonas Weber", JONAS)
    scene.cycle()


@pytest.fixture
def room(pages: Pages) -> InTheRoom:
    _with_a_deputy(pages.scene)
    return InTheRoom(pages)


def test_before_a_quarter_to_the_doors_are_shut_and_nothing_is_recorded(room: InTheRoom) -> None:
    room.at(-15.1)

    answer = room.send(AMARA, "here", act="arrived")

    assert answer.status_code == 409
    assert "Come back 15 minutes before the start" in answer.text
    assert "I am here" not in room.page(AMARA)
    assert room.state("Finance") == "Not here yet"
    with room.session() as session:
        assert session.scalars(select(AttendanceMark)).all() == []


def test_one_tap_is_an_arrival_of_that_person_and_a_second_one_changes_nothing(room: InTheRoom) -> None:
    room.at(-14)
    assert "I am here" in room.page(AMARA)

    first = room.send(AMARA, "here", act="arrived")
    second = room.at(3).send(AMARA, "here", act="arrived")

    assert (first.status_code, second.status_code) == (303, 303)
    assert "came at 09:46 (checked in)" in room.words()
    assert room.state("Finance") == "Early"
    assert room.state("Operations") == "Not here yet"
    assert len(room.entries("arrival-marked")) == 1


def test_arrivals_keep_their_order_and_both_sources_are_kept(room: InTheRoom) -> None:
    room.at(-5).send(ANNA, "here", act="arrived")
    room.at(-2).mark("Finance", "arrived")
    room.at(-1).send(AMARA, "here", act="arrived")

    words = room.words()

    assert words.index("Operations") < words.index("Finance") < words.index("Legal")
    assert "came at 09:58 (seen by chair or scribe and checked in)" in words
    assert "2 of 7 here" in words


def test_whoever_is_late_owes_the_question_from_that_moment_and_all_share_it(room: InTheRoom) -> None:
    room.at(0).send(AMARA, "here", act="arrived")
    assert room.entries("question-owed") == []

    room.at(4).mark("Operations", "arrived")
    room.at(9).mark("Legal", "arrived")

    owed = room.entries("question-owed")
    assert [(one.at, one.after["person"]["name"]) for one in owed] == [
        (datetime(2026, 11, 26, 9, 4, tzinfo=UTC), "Anna Meier"),
        (datetime(2026, 11, 26, 9, 9, tzinfo=UTC), "Henrik Sørensen"),
    ]
    assert len(room.entries("question-chosen")) == 1
    assert room.state("Operations") == "Late by 4 min"
    assert "Anna Meier owes it" in room.words()


def test_the_choice_can_be_made_again_from_the_ledger_alone(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")

    (chosen,) = room.entries("question-chosen")

    with room.session() as session:
        stored = session.scalars(select(ChosenQuestion.question_key)).one()
    assert pick(chosen.after["candidates"], chosen.after["seed"]) == chosen.after["key"] == stored
    assert chosen.after["choice"] == "new-to-all"
    assert len(chosen.after["candidates"]) >= 150


def test_a_question_that_was_had_is_not_among_the_candidates_of_the_next_week(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")
    room.at(7 * 24 * 60 + 4).mark("Finance", "arrived")

    first, second = room.entries("question-chosen")

    assert first.after["key"] not in second.after["candidates"]
    assert len(second.after["candidates"]) == len(first.after["candidates"]) - 1


def test_a_correction_outweighs_the_tap_keeps_it_and_takes_the_question_along(room: InTheRoom) -> None:
    room.at(-10).send(AMARA, "here", act="arrived")

    answer = room.at(20).correct("Finance", "arrived", "10:06", "Came in at six minutes past; the tap was in the lift.")

    assert answer.status_code == 303
    assert room.state("Finance") == "Late by 6 min"
    assert "the tap was in the lift" in room.words()
    assert "Amara Okafor owes it" in room.words()
    room.at(25).correct("Finance", "arrived", "10:00", "The clock on the wall is fast.")
    assert "Amara Okafor owes it" not in room.words()
    with room.session() as session:
        assert len(session.scalars(select(AttendanceMark)).all()) == 3
        assert session.scalars(select(Turn)).all() == []
    assert [one.why for one in room.entries("attendance-corrected")][1] == "The clock on the wall is fast."


def test_what_a_correction_took_back_is_not_marked_again_and_whoever_comes_after_it_has_come(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")
    room.at(6).mark("Legal", "absent")
    room.at(7).correct("Operations", "open", "", "That was somebody else.")
    room.correct("Legal", "open", "", "He is on his way.")

    again = room.at(8).mark("Operations", "arrived")
    rest = room.send(SCRIBE, "mark", act="rest-absent")

    assert (again.status_code, rest.status_code) == (409, 303)
    assert "Ask chair or scribe to correct it" in again.text
    assert room.state("Operations") == room.state("Legal") == "Not here yet"
    assert room.state("Finance") == "Absent"
    room.at(9).send(ANNA, "here", act="arrived")
    assert room.state("Operations") == "Late by 9 min"


@pytest.mark.parametrize(
    ("given", "remedy"),
    [
        ({"kind": "arrived", "at": "10:04", "reason": " "}, "Say why"),
        ({"kind": "arrived", "at": "9:60", "reason": "seen"}, "Enter a time such as"),
        ({"kind": "arrived", "at": "12:00", "reason": "seen"}, "Enter a time from 15 minutes before"),
        ({"kind": "nonsense", "at": "", "reason": "seen"}, "Choose what it was"),
    ],
)
def test_a_correction_that_cannot_be_is_refused_and_nothing_typed_is_lost(
    room: InTheRoom, given: dict[str, str], remedy: str
) -> None:
    answer = room.at(20).correct("Finance", given["kind"], given["at"], given["reason"] or "x")

    assert answer.status_code == 409
    assert remedy in answer.text
    assert f'value="{given["reason"]}"' in answer.text
    assert room.state("Finance") == "Not here yet"


def test_nobody_is_corrected_to_absent_before_the_grace_is_over(room: InTheRoom) -> None:
    answer = room.at(-10).correct("Finance", "absent", "", "told me")

    assert answer.status_code == 409
    assert "Wait until the grace is over" in answer.text
    assert room.state("Finance") == "Not here yet"


def test_an_apology_is_one_button_and_no_reason_of_it_is_kept(room: InTheRoom) -> None:
    room.at(-600).send(AMARA, "here", act="apology")
    room.at(10).correct("Operations", "apology", "", "She is at the dentist.")

    assert room.state("Finance") == room.state("Operations") == "Absent with apology"
    with room.session() as session:
        assert set(session.scalars(select(AttendanceMark.reason))) == {None}
    assert "dentist" not in str([(one.before, one.after, one.why) for one in room.entries()])


def test_only_a_persons_word_makes_somebody_absent_and_not_before_the_grace(room: InTheRoom) -> None:
    assert room.at(-1).mark("Legal", "absent").status_code == 409

    room.at(5).send(AMARA, "here", act="arrived")
    room.at(10).send(SCRIBE, "mark", act="rest-absent")

    assert room.state("Legal") == "Absent"
    assert room.state("Finance") == "Late by 5 min"
    room.at(12).send("henrik.sorensen@example.com", "here", act="arrived")
    assert room.state("Legal") == "Late by 12 min"


def test_after_the_end_what_nobody_said_is_unknown(room: InTheRoom) -> None:
    assert room.at(61).state("Legal") == "Unknown"
    assert room.send("henrik.sorensen@example.com", "here", act="arrived").status_code == 409


def test_an_occurrence_that_was_called_off_counts_for_nobody_and_nobody_owes_anything(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")

    room.at(6).send(SCRIBE, "mark", act="called-off")

    assert room.state("Operations") == room.state("Legal") == "Called off"
    with room.session() as session:
        assert session.scalars(select(Turn)).all() == []
    assert room.send(AMARA, "here", act="arrived").status_code == 409
    room.send(SCRIBE, "mark", act="took-place")
    assert room.state("Operations") == "Late by 4 min"
    assert "Anna Meier owes it" in room.words()


def test_a_stand_in_checks_in_for_the_seat_and_is_late_for_the_question_alone(room: InTheRoom) -> None:
    room.at(-120)
    with room.pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        on = occurrences.next_occurrence(session, meeting, room.pages.scene.now)
        assert on is not None
        deputies.stand_in(
            session, meeting, seats.seat_of(session, meeting, "Finance"), occurrences.kept_occurrence(session, on),
            people.person_named(session, JONAS), actor="test", now=room.pages.scene.now,
        )  # fmt: skip

    room.at(5).send(JONAS, "here", act="arrived")

    assert room.state("Finance") == "By stand-in"
    assert "Jonas Weber for Amara Okafor" in room.words()
    assert "5 minutes after the grace" in room.words()
    assert "Jonas Weber owes it" in room.words()


def test_passing_is_known_to_the_person_and_to_who_leads_and_to_nobody_else(room: InTheRoom) -> None:
    room.at(4).send(ANNA, "here", act="arrived")
    turn = re.search(r'name="turn" value="([^"]+)"', room.page(ANNA))[1]  # type: ignore[index]

    assert room.send(AMARA, "question", act="passed", turn=turn).status_code == 409
    assert room.send(ANNA, "question", act="passed", turn=turn).status_code == 303

    assert "You passed" in room.words(ANNA)
    assert "Anna Meier passed" in room.words(CHAIR)
    assert "passed" not in room.words(AMARA)
    assert [one.confidentiality.value for one in room.entries("question-passed")] == ["private"]


def test_anybody_may_volunteer_and_is_then_among_those_whose_turn_it_is(room: InTheRoom) -> None:
    room.at(0).send(AMARA, "here", act="arrived")

    room.send(AMARA, "question", act="volunteer")

    assert "volunteered" in room.words(CHAIR)
    assert len(room.entries("question-volunteered")) == 1


def test_an_answer_is_kept_because_its_owner_says_so_read_by_seats_alone_and_gone_at_once(room: InTheRoom) -> None:
    room.at(4).send(ANNA, "here", act="arrived")
    turn = re.search(r'name="turn" value="([^"]+)"', room.page(ANNA))[1]  # type: ignore[index]
    bank = f"/m/{SLUG}/questions"

    room.send(ANNA, "answer", act="keep", turn=turn, text="A lighthouse keeper.")

    assert "A lighthouse keeper." in room.words(AMARA, bank)
    for who in (CHAIR, SCRIBE, ADMIN):
        assert "lighthouse" not in room.words(who, bank)
    assert "lighthouse" not in str([(one.before, one.after, one.why) for one in room.entries()])
    assert room.send(AMARA, "answer", act="delete", turn=turn).status_code == 409
    room.send(ANNA, "answer", act="delete", turn=turn)
    assert "lighthouse" not in room.words(AMARA, bank)
    with room.session() as session:
        assert session.scalars(select(KeptAnswer)).all() == []


def test_the_live_part_says_304_until_somebody_comes(room: InTheRoom) -> None:
    browser = room.at(-5).browser(AMARA)
    first = browser.get(f"{ROOM}/live")
    again = browser.get(f"{ROOM}/live", headers={"If-None-Match": first.headers["ETag"]})

    room.send(ANNA, "here", act="arrived")
    news = browser.get(f"{ROOM}/live", headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, again.status_code, news.status_code) == (200, 304, 200)
    assert "came at 09:55" in news.text


def test_the_address_in_the_invitation_leads_to_the_room_while_it_is_open(room: InTheRoom) -> None:
    leads_to = [room.at(minutes).browser(AMARA).get(f"/m/{SLUG}/next").location for minutes in (-16, -15, 59, 60)]

    assert leads_to == [f"/m/{SLUG}", ROOM, ROOM, f"/m/{SLUG}"]


def test_a_day_that_is_none_opens_no_other_room(room: InTheRoom) -> None:
    answer = room.pages.signed_in(SCRIBE).get(f"{ROOM}?on=yesterday")

    assert answer.status_code == 404


def test_what_was_moved_to_later_goes_by_the_calendar_and_not_by_what_was_kept_before(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")
    room.move_what_is_kept(hours=-2)

    assert room.at(10).state("Operations") == "Late by 4 min"
    assert "I am here" in room.page(AMARA)


def test_the_room_of_a_day_is_that_of_what_took_place_then_wherever_it_was_before(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")
    room.move_what_is_kept(days=1)

    page = room.at(3 * 24 * 60).page(SCRIBE, f"{ROOM}?on=2026-11-27")

    assert f'name="key" value="{START.isoformat()}"' in page
    assert "came at 10:04" in words_of(page)


def test_a_form_of_last_week_marks_nobody_of_today(room: InTheRoom) -> None:
    key = re.search(r'name="key" value="([^"]*)"', room.at(-5).page(AMARA))[1]  # type: ignore[index]

    answer = room.at(7 * 24 * 60).send(AMARA, "here", act="arrived", key=key)

    assert answer.status_code == 409
    assert room.state("Finance") == "Not here yet"


def test_the_screen_shows_how_to_check_in_and_the_question_and_has_no_style_in_it(room: InTheRoom) -> None:
    room.at(4).mark("Operations", "arrived")

    page = room.page(SCRIBE, f"{ROOM}/screen")

    assert "<svg xmlns" in page or "<svg " in page
    assert "style=" not in page
    assert "Anna Meier" in words_of(page)
    assert room.browser(AMARA).get(f"{ROOM}/screen").status_code == 404


def test_the_bank_takes_a_members_question_and_the_chairs_veto(room: InTheRoom) -> None:
    bank = f"/m/{SLUG}/questions"
    browser = room.at(-60).browser(AMARA)
    csrf = csrf_of(browser.get(bank).text)

    refused = browser.post(bank, data={"csrf": csrf, "text": "Tell a joke", "tag": "light"})
    taken = browser.post(bank, data={"csrf": csrf, "text": "Which door do you hold open?", "tag": "light"})

    assert refused.status_code == 422
    assert 'value="Tell a joke"' in refused.text
    assert taken.status_code == 303
    page = room.page(CHAIR, bank)
    key = re.search(r'name="question" value="([0-9a-f]{32})"', page)[1]  # type: ignore[index]
    veto = {"csrf": csrf_of(page), "question": key, "act": "veto"}
    assert browser.post(f"{bank}/veto", data=veto | {"csrf": csrf}).status_code == 404
    assert room.browser(CHAIR).post(f"{bank}/veto", data=veto).status_code == 303
    room.at(4).mark("Operations", "arrived")
    (chosen,) = room.entries("question-chosen")
    assert key not in chosen.after["candidates"]
