"""What people want to hear: by the link of a mail, signed in, and by one click of a mail program (RFC 8058)."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text

from governance.mail.kinds import Topic
from governance.models import Address, SummaryChoice
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


def token(pages: Pages, address: str = CHAIR, topic: str = "repairs", slug: str | None = SLUG) -> str:
    """Without a meeting as in a mail about all of them."""
    with pages.scene.database.reading() as session:
        person = person_by_address(session, address)
        meeting = meeting_by_slug(session, slug) if slug else None
    assert person is not None
    assert (meeting is None) is (slug is None)
    return preference_token(person.id, meeting.id if meeting else None, topic, KEY)


def chosen(pages: Pages) -> list[tuple[str, str | None, bool]]:
    with pages.scene.database.reading() as session:
        found = session.execute(
            select(Address.folded, SummaryChoice.at, SummaryChoice.is_together)
            .join(Address, Address.person_id == SummaryChoice.person_id)
            .order_by(Address.folded)
        )
        return [tuple(row) for row in found]


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


# When summaries come


def test_another_hour_is_chosen_by_the_link_of_a_mail_and_shown_again(pages: Pages) -> None:
    in_order(pages.scene)
    path = f"/preferences/{token(pages)}"
    browser = pages.browser()
    form = csrf_of(browser.get(path).text)

    saved = browser.post(path, data={"csrf": form, "act": "hour", "when": "weekly", "day": "Fri", "time": "16:00"})
    page = browser.get(path).text
    kept = chosen(pages)
    browser.post(path, data={"csrf": form, "act": "hour", "when": "charter", "day": "Fri", "time": "16:00"})

    assert (saved.status_code, kept) == (303, [(CHAIR, "Fri 16:00", False)])
    assert 'value="weekly" checked' in page
    assert '<option value="Fri" selected>Friday</option>' in page
    assert 'value="16:00"' in page
    assert chosen(pages) == [(CHAIR, None, False)]
    assert muted(pages) == []


def test_signed_in_one_mail_for_all_meetings_is_chosen(pages: Pages) -> None:
    in_order(pages.scene)
    chair = pages.signed_in(CHAIR)
    form = csrf_of(chair.get("/preferences").text)

    chair.post("/preferences", data={"csrf": form, "act": "hour", "when": "together", "day": "Mon", "time": "08:00"})

    assert chosen(pages) == [(CHAIR, "Mon 08:00", True)]


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"when": "after", "hours": "73"}, "Enter 1 to 72 hours, or choose a day and a time"),
        ({"when": "after", "hours": "soon"}, "Enter a whole number"),
        ({"when": "weekly", "day": "", "time": "16:00"}, "Choose one of the list"),
        ({"when": "together", "day": "Mon", "time": "25:00"}, "Enter a time such as 16:00"),
        ({"when": "never"}, "Choose one of the list"),
    ],
)
def test_an_hour_that_cannot_be_is_said_beside_it_and_nothing_typed_is_lost(
    pages: Pages, given: dict[str, str], fault: str
) -> None:
    in_order(pages.scene)
    chair = pages.signed_in(CHAIR)
    form = csrf_of(chair.get("/preferences").text)

    browser = pages.browser()
    path = f"/preferences/{token(pages)}"

    answers = [
        chair.post("/preferences", data={"csrf": form, "act": "hour", **given}),
        browser.post(path, data={"csrf": csrf_of(browser.get(path).text), "act": "hour", **given}),
    ]

    for one in answers:
        assert one.status_code == 422
        assert fault in one.text
        assert all(f'value="{typed}"' in one.text for typed in given.values() if typed and typed != "never")
    assert chosen(pages) == []


# Of all meetings


def test_one_click_on_a_mail_about_all_meetings_mutes_the_summaries_of_each(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.adopt("other", "Another meeting")
    own = token(pages, topic="summaries", slug=None)

    first = pages.browser().post(f"/unsubscribe/{own}", data=ONE_CLICK, headers={"Sec-Fetch-Site": "cross-site"})
    twice = muted(pages)
    again = pages.browser().post(f"/unsubscribe/{own}", data=ONE_CLICK)
    shown = pages.browser().get(f"/unsubscribe/{own}").text

    assert [(one.status_code, one.data) for one in (first, again)] == [(200, b"")] * 2
    assert twice == muted(pages) == [(CHAIR, "summaries"), (CHAIR, "summaries")]
    assert "You get no more of these mails" in shown
    assert "of all your meetings" in shown


def test_its_page_chooses_the_meetings_one_by_one(pages: Pages) -> None:
    in_order(pages.scene)
    pages.scene.adopt("other", "Another meeting")
    path = f"/preferences/{token(pages, topic='summaries', slug=None)}"
    browser = pages.browser()
    page = browser.get(path).text

    browser.post(path, data={"csrf": csrf_of(page), "meeting": ["other"]})

    assert page.count('name="meeting"') == 2
    assert muted(pages) == [(CHAIR, "summaries")]
    assert [
        pages.browser().get(f"/preferences/{token(pages, topic=one, slug=None)}").status_code for one in ("", "repairs")
    ] == [404, 404]
