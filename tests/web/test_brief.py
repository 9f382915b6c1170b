"""The page of the brief: who reads what of it, what the chair changes, and what a seat asks for."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from governance.domain.summaries.briefing import sentences
from governance.mail.facts import from_json
from governance.models import Brief, BriefRequest, LedgerEntry, LedgerPayload, Outbox
from governance.services import people, settings
from governance.services.settings import RoleKind
from governance.services.summaries.brief import facts_of
from tests.web.briefed import A_DAY, KEY, LEADER, asked_for_a_change, brief_of, briefed, stored, the_meeting
from tests.web.conftest import Pages, csrf_of
from tests.web.scenes import CHAIR, SCRIBE, SLUG

PAGE = f"/m/{SLUG}/brief"
DELEGATE = "amara.okafor@example.com"
DEPOT = "closed:D-2026-014"
LAST_WEEK = "2026-11-19T09:00:00Z"


@pytest.fixture
def briefed_pages(pages: Pages) -> Pages:
    briefed(pages.scene)
    return pages


def send(browser: FlaskClient, act: str, *, to: str = PAGE, **fields: Any) -> Any:
    """The form of the page as it is shown, with these fields in it."""
    page = browser.get(PAGE).text
    found = re.search(r'name="version" value="(\d+)"', page)
    version = found[1] if found else ""
    data = {"csrf": csrf_of(page), "about": KEY, "act": act, "version": version} | fields
    return browser.post(to, data=data)


def ask(browser: FlaskClient, text: str) -> Any:
    return send(browser, "", to=f"{PAGE}/ask", text=text)


def text_of(page: str) -> list[str]:
    """The sentences that stand on the page."""
    listed = page.split('<ul class="lines brief">', 1)[1].split("</ul>", 1)[0]
    return [html.unescape(re.sub("<[^>]+>", "", one)).strip() for one in listed.split("<li>")[1:]]


def mails(pages: Pages, kind: str) -> dict[str, Any]:
    with pages.scene.database.reading() as session:
        rows = session.scalars(select(Outbox).where(Outbox.kind == kind).order_by(Outbox.queued_at)).all()
        return {one.address: from_json(kind, one.facts_json["facts"]) for one in rows}


def noted(pages: Pages) -> list[tuple[str, str]]:
    with pages.scene.database.reading() as session:
        rows = session.scalars(select(LedgerEntry).where(LedgerEntry.act.like("brief-%")).order_by(LedgerEntry.seq))
        return [(one.act, one.confidentiality) for one in rows]


def test_before_the_first_one_the_page_says_when_it_comes(lively_pages: Pages) -> None:
    page = lively_pages.signed_in(CHAIR).get(PAGE)

    assert page.status_code == 200
    assert "None yet" in page.text


@pytest.mark.parametrize("reader", [CHAIR, SCRIBE, DELEGATE])
def test_whoever_sits_or_leads_reads_it_before_it_goes_and_when_that_is(briefed_pages: Pages, reader: str) -> None:
    page = briefed_pages.signed_in(reader).get(PAGE).text

    assert "A depot in Oslo, for Customers in Norway. They get their spare parts" in page
    assert "It goes to senior leadership on Friday 27 November, 12:00 (Berlin), in 21 hours" in page


def test_leadership_reads_the_last_one_that_went_and_none_that_waits(briefed_pages: Pages) -> None:
    browser = briefed_pages.signed_in(LEADER)

    page, waits = browser.get(PAGE), browser.get(f"{PAGE}?about={KEY}")

    assert text_of(page.text) == list(sentences(facts_of(stored(briefed_pages.scene, LAST_WEEK))))
    assert "26 Nov" not in page.text
    assert waits.status_code == 404
    assert waits.data == browser.get(f"{PAGE}?about=2020-01-02T09:00:00Z").data


def test_an_earlier_one_has_an_address(briefed_pages: Pages) -> None:
    browser = briefed_pages.signed_in(DELEGATE)

    page = browser.get(f"{PAGE}?about={LAST_WEEK}").text

    assert "Brief of 19 Nov 2026" in page
    assert "It went to senior leadership on Friday 20 November, 12:00 (Berlin)." in page


def test_sent_as_it_stands_nothing_changes(briefed_pages: Pages) -> None:
    before = stored(briefed_pages.scene)

    answer = send(briefed_pages.signed_in(CHAIR), "save", needs="")

    after = stored(briefed_pages.scene)
    assert answer.status_code == 303
    assert (after.goes_at, after.version, after.facts_json) == (before.goes_at, before.version, before.facts_json)
    assert mails(briefed_pages, "brief-changed") == {}


def test_a_change_begins_the_day_anew_and_is_told_to_who_could_read_it(briefed_pages: Pages) -> None:
    send(briefed_pages.signed_in(CHAIR), "save", needs="Your word on\nthe depot", left_out=[DEPOT])

    row, told = stored(briefed_pages.scene), mails(briefed_pages, "brief-changed")
    page = briefed_pages.signed_in(DELEGATE).get(PAGE).text
    assert row.goes_at == briefed_pages.scene.now + A_DAY
    assert noted(briefed_pages)[-1] == ("brief-changed", "private")
    assert CHAIR not in told
    assert {SCRIBE, DELEGATE} <= told.keys()
    assert LEADER not in told
    assert told[DELEGATE].goes_at == row.goes_at.isoformat()
    assert "What the group asks of you: Your word on the depot." in told[DELEGATE].sentences
    assert text_of(page) == told[DELEGATE].sentences == list(sentences(facts_of(row)))
    assert "A depot in Oslo" not in page
    assert "Changed by the chair on Thursday 26 November, 15:00 (Berlin)." in page


def test_what_was_left_out_can_come_back(briefed_pages: Pages) -> None:
    browser = briefed_pages.signed_in(CHAIR)
    send(browser, "save", left_out=[DEPOT, "closed:D-2026-015", "kept:D-2026-003"])
    assert "No decision was closed." in browser.get(PAGE).text

    send(browser, "save", left_out=["closed:D-2026-015"])

    row = stored(briefed_pages.scene)
    assert [one["number"] for one in row.facts_json["closed"]] == ["D-2026-014"]
    assert [one["number"] for one in row.facts_json["kept"]] == ["D-2026-003"]


def test_the_second_of_two_editors_sees_both_texts_and_sends_theirs_again(briefed_pages: Pages) -> None:
    first, second = briefed_pages.signed_in(CHAIR), briefed_pages.signed_in(CHAIR)
    version = str(stored(briefed_pages.scene).version)
    send(first, "save", needs="The first text", left_out=[DEPOT])

    refused = send(second, "save", needs="The second text", version=version)

    assert refused.status_code == 409
    assert "What the group asks of you: The first text." in refused.text
    assert "\nThe second text</textarea>" in refused.text
    assert f'value="{DEPOT}"> ' in refused.text
    assert "Nothing was done yet" in refused.text
    again = send(second, "save", needs="The second text")
    assert again.status_code == 303
    assert stored(briefed_pages.scene).facts_json["needs"] == "The second text"


def test_what_is_too_long_stays_in_the_form(briefed_pages: Pages) -> None:
    refused = send(briefed_pages.signed_in(CHAIR), "save", needs="word " * 150, left_out=[DEPOT])

    assert refused.status_code == 422
    assert "word word" in refused.text
    assert f'value="{DEPOT}" checked' in refused.text
    assert 'aria-invalid="true"' in refused.text
    assert stored(briefed_pages.scene).facts_json["needs"] == ""


def test_kept_back_it_waits_for_the_chair_and_let_go_it_waits_a_day(briefed_pages: Pages) -> None:
    browser = briefed_pages.signed_in(CHAIR)
    send(browser, "hold")
    held = browser.get(PAGE).text
    send(browser, "save", needs="Your word")
    assert mails(briefed_pages, "brief-changed") == {}
    briefed_pages.scene.now += timedelta(days=30)

    send(briefed_pages.signed_in(CHAIR), "let-go")

    row = stored(briefed_pages.scene)
    assert "The chair keeps it back" in held
    assert (row.held_at, row.goes_at) == (None, briefed_pages.scene.now + A_DAY)
    told = mails(briefed_pages, "brief-changed")[DELEGATE]
    assert "What the group asks of you: Your word." in told.sentences
    assert not told.is_same
    assert [act for act, _ in noted(briefed_pages)][-3:] == ["brief-held", "brief-changed", "brief-let-go"]


def test_let_go_as_it_was_read_no_change_is_told(briefed_pages: Pages) -> None:
    browser = briefed_pages.signed_in(CHAIR)
    send(browser, "hold")
    briefed_pages.scene.now += timedelta(hours=3)

    send(browser, "let-go")

    row, told = stored(briefed_pages.scene), mails(briefed_pages, "brief-changed")
    assert (row.changed_at, row.goes_at) == (None, briefed_pages.scene.now + A_DAY)
    assert "Changed by the chair" not in browser.get(PAGE).text
    assert {SCRIBE, DELEGATE} <= told.keys()
    assert all(one.is_same for one in told.values())
    assert told[DELEGATE].sentences == list(sentences(facts_of(row)))


def test_what_has_gone_is_changed_by_nobody_and_asked_about_no_more(briefed_pages: Pages) -> None:
    brief_of(briefed_pages.scene, has_gone=True)
    chair, delegate = briefed_pages.signed_in(CHAIR), briefed_pages.signed_in(DELEGATE)

    changed, asked = send(chair, "save", needs="Too late"), ask(delegate, "Too late as well")

    assert (changed.status_code, asked.status_code) == (409, 409)
    assert "Tell leadership yourself" in changed.text
    assert '<dd class="words">Too late</dd>' in changed.text
    assert '<dd class="words">Too late as well</dd>' in asked.text
    assert stored(briefed_pages.scene).facts_json["needs"] == ""
    assert mails(briefed_pages, "brief-asked") == {}
    assert "Change it" not in chair.get(PAGE).text


def test_a_seat_asks_the_chair_who_reads_it_and_settles_it(briefed_pages: Pages) -> None:
    delegate, chair = briefed_pages.signed_in(DELEGATE), briefed_pages.signed_in(CHAIR)
    asked = ask(delegate, "Say that the depot needs the board")
    ask(delegate, "Say that the depot needs the board")

    told = mails(briefed_pages, "brief-asked")
    listed = chair.get(PAGE).text
    with briefed_pages.scene.database.reading() as session:
        (request,) = session.scalars(select(BriefRequest)).all()
    settled = send(chair, "settle", request=str(request.id))

    assert (asked.status_code, settled.status_code) == (303, 303)
    assert list(told) == [CHAIR]
    assert (told[CHAIR].department, told[CHAIR].asked_by) == ("Finance", "Amara Okafor")
    assert told[CHAIR].text == "Say that the depot needs the board"
    assert "Amara Okafor, Finance, Thursday 26 November, 15:00 (Berlin)" in listed
    assert noted(briefed_pages)[-2:] == [("brief-change-asked", "private"), ("brief-change-settled", "private")]
    assert "With the chair" not in delegate.get(PAGE).text


@pytest.mark.parametrize("reader", ["henrik.sorensen@example.com", SCRIBE, LEADER])
def test_what_a_seat_asks_is_read_by_nobody_else(pages: Pages, reader: str) -> None:
    asked_for_a_change(pages.scene, "Leave out the depot in Oslo please")

    page = pages.signed_in(reader).get(PAGE).text

    assert "Leave out the depot" not in page


def test_a_request_that_says_nothing_is_refused(briefed_pages: Pages) -> None:
    refused = ask(briefed_pages.signed_in(DELEGATE), " \n ")

    assert refused.status_code == 422
    assert 'href="#text"' in refused.text


def test_a_refused_request_leaves_what_the_chair_has_saved_in_the_other_form(briefed_pages: Pages) -> None:
    seated = briefed_pages.signed_in(chair_with_a_seat(briefed_pages))
    send(seated, "save", needs="Your word on the depot", left_out=[DEPOT])

    refused = ask(seated, " ")

    assert refused.status_code == 422
    assert "\nYour word on the depot</textarea>" in refused.text
    assert f'value="{DEPOT}" checked' in refused.text


def chair_with_a_seat(pages: Pages) -> str:
    """The delegate of Finance, who leads besides."""
    with pages.scene.database.writing() as session:
        chair, delegate = (people.person_named(session, one) for one in (CHAIR, DELEGATE))
        settings.set_role(
            session, the_meeting(session), RoleKind.CHAIR, [chair, delegate], actor="test", now=pages.scene.now
        )
    return DELEGATE


def test_control_characters_are_no_part_of_what_is_looked_up_or_left_out(briefed_pages: Pages) -> None:
    chair = briefed_pages.signed_in(CHAIR)

    newest, earlier = chair.get(f"{PAGE}?about=%00"), chair.get(f"{PAGE}?about={LAST_WEEK}%00")
    changed = send(chair, "save", about=f"{KEY}\0", left_out=[f"{DEPOT}\0"])

    assert (newest.status_code, earlier.status_code, changed.status_code) == (200, 200, 303)
    assert "Brief of 26 Nov 2026" in newest.text
    assert "Brief of 19 Nov 2026" in earlier.text
    assert "%00" not in changed.location
    assert "D-2026-014" not in {one["number"] for one in stored(briefed_pages.scene).facts_json["closed"]}


@pytest.mark.parametrize(
    "fields", [{"about": "2020-01-02T09:00:00Z"}, {"act": "burn"}, {"act": "settle", "request": "?"}]
)
def test_what_the_page_does_not_know_changes_nothing(briefed_pages: Pages, fields: dict[str, str]) -> None:
    before = stored(briefed_pages.scene).version

    answer = send(briefed_pages.signed_in(CHAIR), fields.pop("act", "save"), **{"needs": "x"} | fields)

    assert answer.status_code == (409 if "about" in fields else 422)
    assert stored(briefed_pages.scene).version == before


def test_no_text_of_it_is_in_what_administrators_read_of_the_record(briefed_pages: Pages) -> None:
    send(briefed_pages.signed_in(CHAIR), "save", needs="Your word on the depot")
    ask(briefed_pages.signed_in(DELEGATE), "Leave out the depot in Oslo please")

    page = briefed_pages.signed_in().get(f"/m/{SLUG}/ledger").text
    with briefed_pages.scene.database.reading() as session:
        payloads = repr(session.scalars(select(LedgerPayload.body_json)).all())

    assert "Your word on the depot" in payloads
    assert "Your word on the depot" not in page
    assert "Leave out the depot" not in page


@pytest.mark.parametrize("reader", [CHAIR, DELEGATE, LEADER])
def test_the_page_asks_as_much_for_one_as_for_a_hundred(briefed_pages: Pages, reader: str) -> None:
    scene, browser = briefed_pages.scene, briefed_pages.signed_in(reader)
    few = asked_of_the_database(briefed_pages, browser)
    with scene.database.writing() as session:
        person = people.person_named(session, DELEGATE).id
        shown = session.scalars(select(Brief).where(Brief.about == KEY)).one()
        text = shown.facts_json | {"closed": [shown.facts_json["closed"][0] | {"number": f"D-{n}"} for n in range(100)]}
        shown.facts_json = shown.written_json = text
        session.add_all(
            BriefRequest(brief_id=shown.id, person_id=person, text=f"{n}", at=scene.now) for n in range(100)
        )
        for number in range(1, 100):
            then = scene.now - timedelta(weeks=number)
            session.add(Brief(
                meeting_id=shown.meeting_id, about=then.isoformat(), since=then, until=then, shown_at=then,
                goes_at=then, gone_at=then, facts_json=text, written_json=text,
            ))  # fmt: skip

    many = asked_of_the_database(briefed_pages, browser)

    assert many == few
    assert len(few) <= 8


def asked_of_the_database(pages: Pages, browser: FlaskClient) -> list[str]:
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("SELECT"):
            sent.append(statement)

    event.listen(pages.scene.database.engine, "before_cursor_execute", note)
    assert browser.get(PAGE).status_code == 200
    event.remove(pages.scene.database.engine, "before_cursor_execute", note)
    return sent
