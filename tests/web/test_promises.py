"""Promises on their pages: what is open, what becomes of one, what is asked, and who sees whose say and do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from governance.models import Action, ActionChange, ActionLink, Outbox
from governance.services import people, seats, sponsors
from governance.services.link_pages.using import use_link
from governance.services.mailing.posting import post_all
from governance.services.mailing.promise_mails import due_posts
from governance.services.promises import acting
from governance.store.meetings import meeting_by_slug
from governance.store.seats import department_of
from tests.web.acting import words_of
from tests.web.conftest import Pages, csrf_of
from tests.web.once import once
from tests.web.promising import change, promise, promised
from tests.web.scenes import CHAIR, SLUG, Scene

PAGE = f"/m/{SLUG}/promises"
AMARA, HENRIK, ANNA = "amara.okafor@example.com", "henrik.sorensen@example.com", "anna.meier@example.com"


@once
def _promised(scene: Scene) -> None:
    scene.adopt()
    scene.roster()
    scene.cycle()
    promised(scene)


@pytest.fixture
def pages(pages: Pages) -> Pages:
    _promised(pages.scene)
    return pages


def section(page: str, title: str) -> str:
    _, _, rest = page.partition(f">{title}</h2>")
    return words_of(rest.partition("</section>")[0])


def post(browser: FlaskClient, path: str, **form: str) -> tuple[int, str]:
    csrf = csrf_of(browser.get(PAGE).text)
    answer = browser.post(path, data={"csrf": csrf, **form})
    return answer.status_code, answer.text


def of(pages: Pages, text: str) -> Action:
    with pages.scene.database.reading() as session:
        return session.scalars(select(Action).where(Action.text.startswith(text))).one()


def test_the_page_says_what_is_late_what_is_to_come_and_what_is_settled(pages: Pages) -> None:
    page = pages.signed_in(CHAIR).get(PAGE).text

    assert "Send the new terms" in section(page, "Late")
    assert "Late by 9 days" in section(page, "Late")
    assert "Promised for" in section(page, "To come")
    assert "1 question without an answer" in section(page, "To come")
    assert "Kept" in section(page, "Settled in the last four weeks")
    assert "Dropped" in section(page, "Settled in the last four weeks")


def test_the_first_page_says_what_is_due_and_leads_to_it(pages: Pages) -> None:
    answer = pages.signed_in(HENRIK).get("/")
    of_amara = words_of(pages.signed_in(AMARA).get("/", follow_redirects=True).text)

    assert "Say how your promise stands. It is due 14 Nov 2026. Send the new terms" in words_of(answer.text)
    assert f'href="{PAGE}' in answer.text
    assert "promises stand" not in of_amara
    assert "promise stands" not in of_amara


def test_what_is_said_twice_changes_nothing(pages: Pages) -> None:
    browser, action = pages.signed_in(AMARA), of(pages, "Credit limit")

    for _ in range(2):
        assert post(browser, f"{PAGE}/{action.id}", act="done", evidence="Set on Monday")[0] == 303

    with pages.scene.database.reading() as session:
        kinds = session.scalars(select(ActionChange.kind).where(ActionChange.action_id == action.id)).all()
    assert kinds == ["done"]


def test_a_promise_of_somebody_else_is_not_touched(pages: Pages) -> None:
    action = of(pages, "Credit limit")

    status, text = post(pages.signed_in(HENRIK), f"{PAGE}/{action.id}", act="done", evidence="No")

    assert (status, of(pages, "Credit limit").state) == (422, "open")
    assert "Ask its owner or the chair." in text


def test_only_whoever_leads_drops_a_promise(pages: Pages) -> None:
    action = of(pages, "Credit limit")

    status, text = post(pages.signed_in(AMARA), f"{PAGE}/{action.id}", act="drop", why="No time")

    assert (status, of(pages, "Credit limit").state) == (422, "open")
    assert "only whoever leads drops a promise" in text.casefold()


@pytest.mark.parametrize(
    ("form", "remedy"),
    [
        ({"act": "done", "evidence": " "}, "Say how one sees that it is done"),
        ({"act": "slip", "until": "2026-11-01", "reason": "Late"}, "on, at most a year later"),
        ({"act": "slip", "until": "tomorrow", "reason": "Late"}, "Enter a day"),
        ({"act": "ask", "question": ""}, "Write the question"),
        ({"act": "explode"}, "Use the buttons of the page"),
    ],
)
def test_wrong_input_costs_a_sentence_and_nothing_typed_is_lost(
    pages: Pages, form: dict[str, str], remedy: str
) -> None:
    action = of(pages, "Credit limit")

    status, text = post(pages.signed_in(AMARA), f"{PAGE}/{action.id}", **form)

    assert status == 422
    assert remedy in text
    assert all(typed in text for typed in (form.get("reason"),) if typed)


def test_a_slip_keeps_the_day_that_was_promised_first(pages: Pages) -> None:
    action, scene = of(pages, "Credit limit"), pages.scene
    until = action.due_on + timedelta(days=3)

    post(pages.signed_in(AMARA), f"{PAGE}/{action.id}", act="slip", until=until.isoformat(), reason="The bank")

    found = of(pages, "Credit limit")
    assert (found.due_on, found.first_due_on) == (until, action.first_due_on)
    page = pages.signed_in(CHAIR).get(f"{PAGE}/{action.id}").text
    assert "The bank" in page
    assert scene.now.date() < until


def test_a_question_and_its_answer_go_by_mail_and_stay(pages: Pages) -> None:
    action = of(pages, "Credit limit")
    post(pages.signed_in(ANNA), f"{PAGE}/{action.id}", act="ask", question="From which day on?")
    page = pages.signed_in(AMARA).get(f"{PAGE}/{action.id}").text
    asked = page.partition('name="asked" value="')[2].partition('"')[0]

    post(pages.signed_in(AMARA), f"{PAGE}/{action.id}", act="answer", asked=asked, answer="From Monday on")

    with pages.scene.database.reading() as session:
        mails = session.execute(select(Outbox.kind, Outbox.address).order_by(Outbox.queued_at, Outbox.kind)).all()
    assert ("promise-asked", AMARA) in mails
    assert ("promise-answered", ANNA) in mails
    assert "From Monday on" in pages.signed_in(HENRIK).get(f"{PAGE}/{action.id}").text


def test_whoever_leads_promises_for_any_seat_and_a_delegate_for_themselves(pages: Pages) -> None:
    owner = str(of(pages, "Send the new terms").owner_person_id)
    due = (pages.scene.now + timedelta(days=9)).date().isoformat()

    refused, _ = post(pages.signed_in(AMARA), PAGE, text="Theirs", owner=owner, due_on=due)
    made, _ = post(pages.signed_in(CHAIR), PAGE, text="Call the insurer", owner=owner, due_on=due)

    assert (refused, made) == (422, 303)
    assert of(pages, "Call the insurer").owner_person_id == of(pages, "Send the new terms").owner_person_id


def test_a_department_sees_today_and_the_chair_what_it_saw_a_week_ago(pages: Pages) -> None:
    own = words_of(pages.signed_in(AMARA).get(f"{PAGE}/say-do").text)
    chair = words_of(pages.signed_in(CHAIR).get(f"{PAGE}/say-do").text)

    assert "1 of 2 promises kept, 1 promise still open" in own
    assert "Legal" not in own
    assert "1 of 1 promise kept" in chair
    assert "still open" not in chair.partition("Finance")[2].partition("Legal")[0]


def test_a_remark_of_the_department_stands_beside_the_figures(pages: Pages) -> None:
    page = pages.signed_in(AMARA).get(f"{PAGE}/say-do").text
    seat = page.partition('name="seat" value="')[2].partition('"')[0]

    foreign, _ = post(pages.signed_in(HENRIK), f"{PAGE}/say-do", seat=seat, remark="Not ours")
    status, _ = post(pages.signed_in(AMARA), f"{PAGE}/say-do", seat=seat, remark="The bank was closed for a week")

    assert (foreign, status) == (422, 303)
    chair = pages.signed_in(CHAIR).get(f"{PAGE}/say-do").text
    assert "The bank was closed for a week" in chair
    assert "Not ours" not in chair


def test_owners_are_reminded_once_and_by_the_link_it_is_done(pages: Pages) -> None:
    scene = pages.scene
    promise(scene, "Operations", "Answer the ombudsman", made=-10, due=0)

    for _ in range(2):
        _remind(scene)

    action = of(pages, "Answer the ombudsman")
    with scene.database.reading() as session:
        mails = session.scalars(select(Outbox.id).where(Outbox.kind == "promise-due", Outbox.address == ANNA)).all()
        links = session.scalars(select(ActionLink).where(ActionLink.purpose == "settle-promise")).all()
    [link] = [one.id for one in links if one.thing_json["promise"] == str(action.id)]
    with scene.database.writing() as session:
        use_link(session, link, "done", {"evidence": "Answered"}, currency="EUR", now=scene.now)
    assert len(mails) == 1
    assert of(pages, "Answer the ombudsman").state == "done"


def test_the_sponsor_hears_of_what_is_late_for_two_weeks_and_nobody_of_what_is_done(pages: Pages) -> None:
    scene = pages.scene
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat = seats.seat_of(session, meeting, "Operations")
        sponsor = people.person_named(session, "sponsor@example.com", "Olivia Grant")
        sponsors.name_sponsor(session, meeting, department_of(session, seat), sponsor, actor="test", now=scene.now)
    action = promise(scene, "Operations", "Answer the ombudsman", made=-40, due=-15)
    done = promise(scene, "Operations", "Tidy the archive", made=-40, due=-15)
    change(scene, done, lambda doing, one: acting.done(doing, one, "Tidied"), on=-16)

    told = _remind(scene)

    assert told[str(action)] == {"promise-due", "promise-late"}
    assert str(done) not in told


def _remind(scene: Scene) -> dict[str, set[str]]:
    """What the worker posts in this minute, by promise."""
    found: dict[str, set[str]] = {}
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        for posts in due_posts(session, [meeting.id], scene.now).values():
            post_all(session, meeting, posts, now=scene.now)
            for one in posts:
                found.setdefault(one.about.partition(":")[0], set()).add(one.facts.KIND)
    return found
