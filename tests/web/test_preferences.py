"""What people want to hear: by the link of a mail, signed in, and by one click of a mail program (RFC 8058)."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from governance.mail.kinds import Topic
from governance.services import preferences
from governance.services.links import preference_token
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from tests.support.posted import keys
from tests.web import linked
from tests.web.conftest import Pages, csrf_of
from tests.web.linked import KEY
from tests.web.scenes import ADMIN, CAST, CHAIR, SCRIBE, SLUG, in_order
from tests.web.test_action_links import rows

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def token(pages: Pages, address: str = CHAIR, topic: str = "repairs", slug: str = SLUG) -> str:
    with pages.scene.database.reading() as session:
        person, meeting = person_by_address(session, address), meeting_by_slug(session, slug)
    assert person is not None
    assert meeting is not None
    return preference_token(person.id, meeting.id, topic, KEY)


def muted(pages: Pages) -> list[tuple[str, str]]:
    with pages.scene.database.reading() as session:
        found = session.execute(
            text(
                "SELECT address.folded, topic FROM mail_preference "
                "JOIN address ON address.person_id = mail_preference.person_id ORDER BY 1, 2"
            )
        )
        return [tuple(row) for row in found]


def test_looking_mutes_nothing(pages: Pages) -> None:
    in_order(pages.scene)
    own = token(pages)
    before = rows(pages)

    for path in (f"/unsubscribe/{own}", f"/preferences/{own}"):
        for method in ("GET", "HEAD", "OPTIONS") * 10:
            assert pages.browser().open(path, method=method).status_code == 200

    assert rows(pages) == before


def test_one_click_needs_no_cookie_no_session_and_no_form_and_again_changes_nothing(pages: Pages) -> None:
    in_order(pages.scene)
    own = token(pages)

    first = pages.browser().post(f"/unsubscribe/{own}", data=ONE_CLICK, headers={"Origin": "https://mail.example"})
    after = rows(pages)
    again = [
        pages.browser().post(f"/unsubscribe/{own}", data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"})
        for _ in range(3)
    ]

    assert [(one.status_code, one.data) for one in (first, *again)] == [(200, b"")] * 4
    assert muted(pages) == [(CHAIR, "repairs")]
    assert rows(pages) == after


def test_one_click_as_a_multipart_form_is_understood_too(pages: Pages) -> None:
    in_order(pages.scene)

    answer = pages.browser().post(f"/unsubscribe/{token(pages)}", data=ONE_CLICK, content_type="multipart/form-data")

    assert (answer.status_code, muted(pages)) == (200, [(CHAIR, "repairs")])


def test_a_forged_token_another_topic_and_an_action_link_mute_nobody(pages: Pages) -> None:
    mailed = linked.apply(pages.scene)
    own = token(pages)
    wrong = [own[:-9] + ("A" if own[-9] != "A" else "B") + own[-8:], "x", mailed.path.removeprefix("/l/"),
             token(pages, topic="seats")]  # fmt: skip
    before = rows(pages)

    statuses = {
        pages.browser().open(f"/{where}/{one}", method=method, data=ONE_CLICK if method == "POST" else None).status_code
        for one in wrong
        for where, method in (("unsubscribe", "POST"), ("unsubscribe", "GET"), ("preferences", "GET"))
    }

    assert (statuses, rows(pages) == before) == ({404}, True)


@pytest.mark.parametrize("given", [{}, {"List-Unsubscribe": "Two-Clicks"}])
def test_a_post_that_does_not_say_one_click_is_none(pages: Pages, given: dict[str, str]) -> None:
    in_order(pages.scene)

    answer = pages.browser().post(f"/unsubscribe/{token(pages)}", data=given)

    assert (answer.status_code, muted(pages)) == (400, [])


def test_the_button_of_the_page_does_what_the_mail_program_does_for_the_named_person_alone(pages: Pages) -> None:
    in_order(pages.scene)
    path = f"/unsubscribe/{token(pages, SCRIBE)}"

    answer = pages.signed_in(CHAIR).post(path, data={**ONE_CLICK, "by": "page"}, follow_redirects=True)

    assert "You get no more of these mails" in answer.text
    assert muted(pages) == [(SCRIBE, "repairs")]


def test_a_muted_topic_is_not_posted_any_more_and_everything_else_is(pages: Pages) -> None:
    in_order(pages.scene)
    pages.browser().post(f"/unsubscribe/{token(pages)}", data=ONE_CLICK)

    linked_removal(pages)

    assert keys(pages.scene.database, "removals") == [("removals", SCRIBE)]
    assert keys(pages.scene.database, "removed-outsider") == [("removed-outsider", linked.STRANGER)]


def linked_removal(pages: Pages) -> None:
    from governance.reconcile.observed import Guest

    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address=linked.STRANGER))
    pages.scene.cycle()


def test_the_page_of_a_mail_mutes_and_unmutes_and_needs_its_own_form(pages: Pages) -> None:
    in_order(pages.scene)
    path = f"/preferences/{token(pages)}"
    browser = pages.browser()
    form = csrf_of(browser.get(path).text)

    refused = pages.browser().post(path, data={"csrf": form, "topic": []})
    browser.post(path, data={"csrf": form, "topic": ["reminders", "summaries"]})
    two = muted(pages)
    browser.post(path, data={"csrf": form, "topic": list(Topic)})

    assert refused.status_code == 400
    assert two == [(CHAIR, "applications"), (CHAIR, "repairs")]
    assert muted(pages) == []


def test_whoever_is_signed_in_chooses_for_their_own_meetings_alone(pages: Pages) -> None:
    amara, *others = CAST
    in_order(pages.scene)
    pages.scene.adopt("other", "Another meeting")
    pages.scene.roster(tuple(others), "other")
    chair = pages.signed_in(CHAIR)
    page = chair.get("/preferences")

    own = chair.post(
        "/preferences", data={"csrf": csrf_of(page.text), "meeting": "other", "topic": ["reminders", "summaries"]}
    )

    assert own.status_code == 303
    for address in (amara[2], ADMIN):
        browser = pages.signed_in(address)
        csrf = csrf_of(browser.get("/preferences").text)
        foreign = browser.post("/preferences", data={"csrf": csrf, "meeting": "other"})
        absent = browser.post("/preferences", data={"csrf": csrf, "meeting": "none"})
        assert (foreign.status_code, foreign.data) == (404, absent.data)
    assert muted(pages) == [(CHAIR, "applications"), (CHAIR, "repairs")]


def test_who_hears_of_no_meeting_has_nothing_to_choose(pages: Pages) -> None:
    in_order(pages.scene)

    page = pages.signed_in(ADMIN).get("/preferences")

    assert (page.status_code, "You get no mails that can be muted" in page.text) == (200, True)


def test_muting_twice_at_once_is_muting(pages: Pages) -> None:
    in_order(pages.scene)
    with pages.scene.database.writing() as session:
        person, meeting = person_by_address(session, CHAIR), meeting_by_slug(session, SLUG)
        assert person is not None
        assert meeting is not None
        how = {"now": pages.scene.now, "source": "test"}
        assert preferences.mute(session, person, meeting, "repairs", **how)  # type: ignore[arg-type]

        assert not preferences.mute(session, person, meeting, "repairs", **how)  # type: ignore[arg-type]
