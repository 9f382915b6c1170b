"""The operator's pages: how the installation stands, its mail, its calendars; for whoever runs it alone."""

from __future__ import annotations

import html
import re
from datetime import timedelta

from sqlalchemy import select

from governance.models import Calendar, Outbox, Quarantine, Undeliverable
from governance.models.identifiers import new_id
from tests.support.posted import posted
from tests.web.conftest import Pages, csrf_of, field_of
from tests.web.scenes import ADMIN, CHAIR, SLUG, in_order, lively

PATHS = ("/system", "/system/mail", "/system/calendars", "/system/ledger")


def test_an_empty_installation_says_everywhere_what_to_do_first(pages: Pages) -> None:
    browser = pages.signed_in(ADMIN)

    said = {path: _text(browser.get(path).text) for path in PATHS}

    assert "Adopt the first meeting: the first page says how, step by step." in said["/system"]
    assert "Start the service with governance run" in said["/system"]
    assert "No mail was posted yet." in said["/system/mail"]
    assert "No calendar is looked after yet" in said["/system/calendars"]


def test_it_says_what_status_says(pages: Pages) -> None:
    lively(pages.scene)
    pages.scene.change_meeting(
        problem_code="google-forbidden", problem_remedy="Share the calendar", problem_text="Google refuses"
    )

    page = _text(pages.signed_in(ADMIN).get("/system").text)

    assert "2 problems to mend" in page
    assert "Share the calendar. Group Steering Meeting : Google refuses. google-forbidden" in page
    assert "Thursday 26 November, 10:00 (Berlin)" in page
    assert "Schema 0009, SQLite" in page
    assert "worker-1" in page


def test_an_event_that_is_set_aside_is_tried_again_from_here(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.set_aside("google-refused")
    browser = pages.signed_in(ADMIN)
    page = browser.get("/system").text

    answer = browser.post(
        "/system/retry",
        data={name: field_of(page, name, form="/system/retry") for name in ("csrf", "slug", "what")},
    )

    assert "Shorten the description. Group Steering Meeting : Google refuses the event." in _text(page)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/system#set-aside")
    with pages.scene.database.reading() as session:
        assert session.scalars(select(Quarantine.retry_at)).one() == pages.scene.now


def test_where_google_asked_to_wait_nothing_offers_to_try_earlier(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.set_aside("google-throttled")

    assert 'action="/system/retry"' not in pages.signed_in(ADMIN).get("/system").text


def test_mails_that_need_somebody_are_listed_with_why_and_without_what_they_say(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.pass_time(minutes=1)
    pages.scene.deliver()
    sent = len(posted(pages.scene.database))
    pages.scene.mail("unclear", address="henrik.sorensen@example.com")
    pages.scene.mail("failed", problem_text="the server knows no such mailbox", attempts=3)
    pages.scene.mail("held", hold="restored")
    pages.scene.mail("sent")

    page = _text(pages.signed_in(ADMIN).get("/system/mail").text)

    assert "henrik.sorensen @example.com “Your delegate needs your word on what they may decide”" in page
    assert "Nobody can say whether it went out" in page
    assert "The server knows no such mailbox. Posted just now for Group Steering Meeting , tried 3 times." in page
    assert "it may have been sent already" in page
    assert "a scope that is nobody" not in page
    assert f"{sent + 1} sent within a day 1 unclear, 1 held, 1 failed" in _text(
        pages.signed_in(ADMIN).get("/system").text
    )


def test_mails_that_were_sent_longer_ago_are_history(pages: Pages) -> None:
    pages.scene.adopt()
    pages.scene.mail("sent")
    pages.scene.mail("sent", sent_at=pages.scene.now - timedelta(days=1))

    page = _text(pages.signed_in(ADMIN).get("/system").text)

    assert "Mail 1 sent within a day None waits" in page


def test_a_calendar_says_who_has_it_and_how_changes_become_known(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(ADMIN)

    nobody = _text(browser.get("/system/calendars").text)
    with pages.scene.database.writing() as session:
        session.scalars(select(Calendar)).one().problem_remedy = "Share the calendar again"
    in_trouble = _text(browser.get("/system/calendars").text)

    assert "helena.marsh @example.com Group Steering Meeting" in nobody
    assert "It is read every 60 seconds. Acted as helena.marsh@example.com." in nobody
    assert "Nobody has it" in nobody
    assert "Share the calendar again" in in_trouble


def test_for_everybody_else_these_pages_are_absent(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.set_aside("google-refused")
    browser = pages.signed_in(CHAIR)
    absent = browser.get("/system/nothing")

    for path in PATHS:
        answer = browser.get(path)

        assert (answer.status_code, answer.data) == (404, absent.data)
    csrf = csrf_of(browser.get(f"/m/{SLUG}").text)
    assert browser.post("/system/retry", data={"csrf": csrf, "slug": SLUG, "what": "x"}).status_code == 404


def test_what_is_not_in_trouble_is_left_alone(pages: Pages) -> None:
    in_order(pages.scene)
    browser = pages.signed_in(ADMIN)
    csrf = csrf_of(browser.get("/system").text)

    for what in ("", "event:", f"event:{new_id()}", "meeting:x", "calendar:' OR 1=1"):
        form = {"csrf": csrf, "slug": SLUG, "what": what}

        assert browser.post("/system/retry", data=form).status_code == 303
        assert browser.post("/system/retry", data=form | {"slug": "none"}).status_code == 404


def _text(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


def test_a_mail_is_sent_or_dropped_by_its_own_page_and_button(pages: Pages) -> None:
    in_order(pages.scene)
    for address in ("late@example.com", "gone@example.com"):
        pages.scene.mail("unclear", address=address, begun_at=pages.scene.now)
    browser = pages.signed_in(ADMIN)
    acts = dict(re.findall(r'href="(/system/mail/[^"]+/(send|drop))"', browser.get("/system/mail").text))
    send = next(path for path, act in acts.items() if act == "send")
    drop = next(path for path, act in acts.items() if act == "drop" and path[:-4] != send[:-4])

    asked = browser.get(send).text
    states = _states(pages)
    for path, why in ((send, ""), (drop, "the person has left")):
        answer = browser.post(path, data={"csrf": csrf_of(browser.get(path).text), "why": why})
        assert answer.status_code == 303

    assert "It may have gone out already: then it arrives a second time." in asked
    assert states == ["unclear", "unclear"], "looking does nothing"
    assert sorted(_states(pages)) == ["dropped", "waiting"]
    again = browser.get(drop)
    assert (again.status_code, "Look at the list of mails again" in again.text) == (409, True)


def test_an_address_that_was_refused_is_written_to_again_from_here(pages: Pages) -> None:
    in_order(pages.scene)
    with pages.scene.database.writing() as session:
        session.add(
            Undeliverable(address="gone@example.com", since=pages.scene.now, problem_code="refused", problem_text="no")
        )
    pages.scene.mail("failed", address="gone@example.com")
    browser = pages.signed_in(ADMIN)
    page = browser.get("/system/mail").text
    send = re.findall(r'href="(/system/mail/[^"]+/send)"', page)[0]
    form = {"csrf": csrf_of(page)}

    refused = browser.post(send, data=form)
    cleared = browser.post("/system/mail/write-again", data=form | {"address": "gone@example.com"})
    sent = browser.post(send, data=form)

    assert (refused.status_code, cleared.status_code, sent.status_code) == (409, 303, 303)
    assert "Let the address be written to again first" in refused.text
    assert "Addresses not written to any more" not in browser.get("/system/mail").text


def _states(pages: Pages) -> list[str]:
    with pages.scene.database.reading() as session:
        query = select(Outbox.state).where(Outbox.address.in_(["late@example.com", "gone@example.com"]))
        return list(session.scalars(query))
