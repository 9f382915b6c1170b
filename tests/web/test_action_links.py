"""Links of mails: looking changes nothing, using works once and only for the person they name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text, update
from werkzeug.test import TestResponse

from governance.models.identifiers import new_id
from governance.models.outbox import ActionLink
from governance.reconcile.observed import Guest
from governance.services import mandates, people, seats
from governance.services.links import link_id_of, preference_token, signed
from governance.services.sign_in import token_of
from governance.store.meetings import meeting_by_slug
from governance.store.rosters import load_roster
from tests.support.posted import all_rows, keys, posted
from tests.web import linked
from tests.web.conftest import Pages, csrf_of
from tests.web.linked import ALL, AMARA, JONAS, KEY, SPONSOR, Mailed
from tests.web.scenes import CHAIR, NOW, SLUG

LATER = NOW + timedelta(days=30)
EVERY = pytest.mark.parametrize("kind", ALL)


def rows(pages: Pages) -> dict[str, list[tuple[object, ...]]]:
    return all_rows(pages.scene.database)


def press(browser: FlaskClient, mailed: Mailed, **more: str) -> TestResponse:
    """As the page offers it: its token, and the tick where it asks for one."""
    page = browser.get(mailed.path)
    return browser.post(mailed.path, data={"csrf": csrf_of(page.text), "i_am": "yes", **mailed.fields, **more})


def use(pages: Pages, mailed: Mailed, **more: str) -> TestResponse:
    browser = pages.signed_in(mailed.address) if mailed.is_grave else pages.browser()
    return press(browser, mailed, **more)


@EVERY
def test_nothing_but_the_named_person_s_own_press_changes_a_row(pages: Pages, kind: str) -> None:
    """Scanners that follow every link, a colleague the mail was forwarded to, a foreign page, a link out of date."""
    mailed = ALL[kind](pages.scene)
    henrik = pages.signed_in("henrik.sorensen@example.com")
    before = rows(pages)

    scanned = [pages.browser().open(mailed.path, method=one) for one in ("GET", "HEAD", "OPTIONS") * 10]
    foreign = [pages.browser().post(mailed.path, data={**one, **mailed.fields}) for one in foreign_forms(pages, mailed)]
    forwarded = press_as_another(henrik, pages.browser().get(mailed.path), mailed)
    clicked = press(pages.browser(), mailed, i_am="yes" if mailed.is_grave else "")

    assert {one.status_code for one in scanned} == {200}
    assert [one.status_code for one in foreign] == [400, 400, 400]
    assert (forwarded.status_code, clicked.status_code) == (403, 403)
    assert "You are signed in as henrik.sorensen@example.com" in forwarded.text
    assert rows(pages) == before
    assert_it_names_the_person(scanned[0], mailed)


@EVERY
def test_a_link_works_once_and_says_so_afterwards(pages: Pages, kind: str) -> None:
    mailed = ALL[kind](pages.scene)
    browser = pages.signed_in(mailed.address) if mailed.is_grave else pages.browser()
    form = {"csrf": csrf_of(browser.get(mailed.path).text), "i_am": "yes", **mailed.fields}

    first = browser.post(mailed.path, data=form)
    after = rows(pages)
    second = browser.post(mailed.path, data=form)
    looked = pages.browser().get(mailed.path)

    assert [one.status_code for one in (first, second, looked)] == [200] * 3, first.text
    assert all("This is done" in one.text and "By " in one.text for one in (first, second, looked)), first.text
    assert rows(pages) == after
    assert_the_ledger_has_it_from_the_link(pages)


@EVERY
def test_an_expired_link_and_a_revoked_one_do_nothing_and_say_how_to_go_on(pages: Pages, kind: str) -> None:
    mailed = ALL[kind](pages.scene)
    browser = pages.signed_in(mailed.address)
    form = {"csrf": csrf_of(browser.get(mailed.path).text), "i_am": "yes", **mailed.fields}
    with pages.scene.database.writing() as session:
        session.execute(update(ActionLink).values(expires_at=pages.scene.now))
    before = rows(pages)

    expired = [browser.get(mailed.path), browser.post(mailed.path, data=form)]
    with pages.scene.database.writing() as session:
        session.execute(update(ActionLink).values(expires_at=LATER, revoked_at=pages.scene.now))
    revoked = [browser.get(mailed.path), browser.post(mailed.path, data=form)]

    assert [one.status_code for one in expired + revoked] == [410] * 4
    assert all("Ask for a new link" in one.text and "for a while only. " in one.text for one in expired)
    assert all("Nothing is left to do here" in one.text for one in revoked)
    assert without_links(rows(pages)) == without_links(before)


def press_as_another(browser: FlaskClient, page: TestResponse, mailed: Mailed) -> TestResponse:
    """Somebody who is signed in has no button, and sends the form of the page that others see all the same."""
    browser.set_cookie("browser", csrf_of(page.text))
    return browser.post(mailed.path, data={"csrf": csrf_of(page.text), "i_am": "yes", **mailed.fields})


def foreign_forms(pages: Pages, mailed: Mailed) -> list[dict[str, str]]:
    """With the token of another browser, an empty one, none."""
    token = csrf_of(pages.browser().get(mailed.path).text)
    return [{"csrf": token, "i_am": "yes"}, {"csrf": "", "i_am": "yes"}, {"i_am": "yes"}]


def assert_it_names_the_person(page: TestResponse, mailed: Mailed) -> None:
    local, _, domain = mailed.address.partition("@")
    assert f"{local}<wbr>@{domain}" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert ('name="i_am"' in page.text) is not mailed.is_grave


def assert_the_ledger_has_it_from_the_link(pages: Pages) -> None:
    with pages.scene.database.reading() as session:
        actors = list(session.scalars(text("SELECT actor FROM ledger_entry WHERE source = 'link'")))
    assert actors
    assert all(one == "person" or one.startswith("person:") for one in actors)


def without_links(found: dict[str, list[tuple[object, ...]]]) -> dict[str, list[tuple[object, ...]]]:
    return {table: some for table, some in found.items() if table != "action_link"}


@pytest.mark.parametrize("kind", ["confirm", "held"])
def test_for_grave_links_the_named_person_alone_is_mailed_a_sign_in_address(pages: Pages, kind: str) -> None:
    mailed = ALL[kind](pages.scene)
    browser = pages.browser()
    token = csrf_of(browser.get(mailed.path).text)

    answers = [browser.post(mailed.path, data={"csrf": token, "do": "mail-me"}) for _ in range(3)]

    assert [one.status_code for one in answers] == [200] * 3
    assert "on its way to" in answers[0].text
    assert keys(pages.scene.database, "sign-in") == [("sign-in", mailed.address)]
    [sent] = posted(pages.scene.database, "sign-in")
    path = f"/sign-in/{token_of(sent.links['sign-in'], KEY)}"
    signing = browser.get(path)
    assert browser.post(path, data={"csrf": csrf_of(signing.text)}).status_code == 303
    assert "This is done" in press(browser, mailed).text


def test_forged_and_unknown_links_get_one_answer(pages: Pages) -> None:
    mailed = linked.apply(pages.scene)
    token = mailed.path.removeprefix("/l/")
    wrong = [
        token[:-9] + ("A" if token[-9] != "A" else "B") + token[-8:],
        "B" + token[1:],
        signed(new_id(), KEY),
        signed(new_id(), "another key of another site, long enough"),
        "x", "%00", "a.b", token + "x", "é" * 20,
    ]  # fmt: skip

    answers = [pages.browser().get(f"/l/{one}") for one in wrong]

    assert {one.status_code for one in answers} == {410}
    assert len({one.data for one in answers}) == 1


def test_the_signature_of_one_purpose_opens_no_other_door(pages: Pages) -> None:
    """The same id, signed for preferences or signing in, is no action link."""
    mailed = linked.apply(pages.scene)
    link_id = link_id_of(mailed.path.removeprefix("/l/"), KEY)
    assert link_id is not None

    answers = [
        pages.browser().get(f"/l/{token}").status_code
        for token in (token_of(link_id, KEY), preference_token(link_id, link_id, "repairs", KEY))
    ]

    assert answers == [410, 410]


def test_an_alias_of_the_named_person_is_the_named_person(pages: Pages) -> None:
    mailed = linked.held(pages.scene)
    with pages.scene.database.writing() as session:
        people.add_alias(session, CHAIR, "helena@example.com", actor="test", now=pages.scene.now)

    answer = press(pages.signed_in("helena@example.com"), mailed)

    assert "This is done" in answer.text


# --- What each does


def roster_of(pages: Pages) -> Any:
    with pages.scene.database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        return load_roster(session, meeting)


def states(pages: Pages, address: str = AMARA) -> list[tuple[str, int | None]]:
    with pages.scene.database.reading() as session:
        found = session.execute(
            text(
                "SELECT state, limit_minor FROM mandate JOIN address ON address.person_id = mandate.person_id "
                "WHERE address.folded = :address ORDER BY mandate.at, mandate.id"
            ),
            {"address": address},
        )
        return [tuple(row) for row in found]


def test_the_sponsor_confirms_what_was_recorded(pages: Pages) -> None:
    mailed = linked.confirm(pages.scene)

    use(pages, mailed)

    assert states(pages)[-1] == ("confirmed", 5_000_000)
    assert keys(pages.scene.database, "mandate-confirmed") == [("mandate-confirmed", AMARA)]


def test_the_sponsor_changes_what_was_recorded_and_the_delegate_hears_that(pages: Pages) -> None:
    mailed = linked.confirm(pages.scene)

    use(pages, mailed, limit="1000", scope="Only travel")

    assert states(pages)[-1] == ("confirmed", 100_000)
    told = posted(pages.scene.database, "mandate-confirmed")[-1]
    assert (told.facts["changed"], told.facts["scope"], told.limit_minor) == (True, "Only travel", 100_000)


def test_the_sponsor_declines_with_a_reason_and_delegate_and_chair_hear_it(pages: Pages) -> None:
    mailed = linked.confirm(pages.scene)

    use(pages, mailed, do="decline", why="Ask Jonas instead")

    assert states(pages)[-1][0] == "declined"
    assert keys(pages.scene.database, "mandate-declined") == [
        ("mandate-declined", AMARA), ("mandate-declined", CHAIR)
    ]  # fmt: skip
    assert {one.facts["why"] for one in posted(pages.scene.database, "mandate-declined")} == {"Ask Jonas instead"}


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"limit": "a lot"}, "Write the limit as a plain number"), ({"last_day": "soon"}, "Write the day as 2026-12-31"),
     ({"scope": " "}, "Say in at most 2000 characters"), ({"last_day": "2020-01-01"}, "Choose a last day from")],
)  # fmt: skip
def test_what_cannot_be_a_mandate_is_asked_for_again_and_the_link_still_works(
    pages: Pages, wrong: dict[str, str], said: str
) -> None:
    mailed = linked.confirm(pages.scene)
    before = states(pages)

    answer = use(pages, mailed, **wrong)

    assert (answer.status_code, said in answer.text) == (409, True), answer.text
    assert states(pages) == before
    assert "This is done" in use(pages, mailed).text


def test_a_withdrawn_mandate_takes_its_link_along(pages: Pages) -> None:
    mailed = linked.confirm(pages.scene)
    with pages.scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seat, person = seats.seat_of(session, meeting, "Finance"), people.known_person(session, AMARA)
        mandates.withdraw_mandate(session, meeting, seat, person, actor="test", now=pages.scene.now)

    answer = pages.browser().get(mailed.path)

    assert answer.status_code == 410
    with pages.scene.database.reading() as session:
        assert session.scalars(text("SELECT count(*) FROM action_link WHERE revoked_at IS NOT NULL")).one() > 0


def test_who_is_no_sponsor_any_more_confirms_nothing(pages: Pages) -> None:
    mailed = linked.confirm(pages.scene)
    linked.sponsor(pages.scene, address="another.sponsor@example.com")

    assert pages.browser().get(mailed.path).status_code == 410


def test_a_renewal_begins_the_day_after_and_ends_the_reminders(pages: Pages) -> None:
    mailed = linked.renew(pages.scene)

    use(pages, mailed)

    [seat] = [one for one in roster_of(pages).seats if one.department == "Finance"]
    first, second = sorted(seat.mandates, key=lambda one: one.term.first_day)[-2:]
    assert second.term.first_day == first.term.last_day + timedelta(days=1)
    pages.scene.pass_time(days=8)
    pages.scene.cycle()
    assert len(posted(pages.scene.database, "mandate-ending")) == 2


def test_one_click_grants_a_deputy_for_that_day_alone(pages: Pages) -> None:
    mailed = linked.grant(pages.scene)

    use(pages, mailed)
    pages.scene.cycle()

    roster = roster_of(pages)
    [seat] = [one for one in roster.seats if one.department == "Finance"]
    jonas = roster.address_owner[JONAS]
    days = [pages.scene.now.date() + timedelta(days=ahead) for ahead in range(9)]
    assert [seat.mandate_in_force(jonas, day) is not None for day in days] == [False, True, *[False] * 7]
    [(_, stand_ins)] = roster.stand_ins.items()
    assert [one.person for one in stand_ins] == [jonas]


def test_i_can_come_after_all_is_not_undone_by_the_answer_in_the_calendar(pages: Pages) -> None:
    mailed = linked.after_all(pages.scene)
    pages.scene.mandate("Finance", JONAS)

    use(pages, mailed)
    pages.scene.cycle()

    roster = roster_of(pages)
    assert (dict(roster.stand_ins), len(roster.kept)) == ({}, 1)
    pages.scene.answers(amara="accepted")
    pages.scene.cycle()
    pages.scene.answers(amara="declined")
    pages.scene.cycle()
    assert [one.person for some in roster_of(pages).stand_ins.values() for one in some] == [roster.address_owner[JONAS]]


def test_a_named_stand_in_sits_and_the_delegate_stays_on_the_invitation(pages: Pages) -> None:
    mailed = linked.stand_in(pages.scene)

    use(pages, mailed)
    pages.scene.cycle()

    [event] = [one for one in pages.scene.calendar.events.values() if one.series_id]
    assert {JONAS, AMARA} <= event.addresses


def test_an_application_tells_chair_and_sponsor_and_a_note_the_delegate(pages: Pages) -> None:
    use(pages, linked.apply(pages.scene))
    note = Mailed(linked.mailed(pages.scene, "removed", "note", JONAS), JONAS, {"do": "note", "text": "Line\none"})

    use(pages, note)

    assert keys(pages.scene.database, "application", "note") == [
        ("application", SPONSOR), ("application", CHAIR), ("note", AMARA)
    ]  # fmt: skip
    [told] = posted(pages.scene.database, "note")
    assert told.facts["text"] == "Line\none"


@pytest.mark.parametrize(
    ("fields", "said"),
    [({"do": "visitor", "reason": "audit"}, "Admitted as a visitor"), ({"do": "undo"}, "Undone")],
)
def test_the_chair_lets_somebody_come_after_all(pages: Pages, fields: dict[str, str], said: str) -> None:
    mailed = linked.admit(pages.scene)

    answer = use(pages, mailed, **fields)
    pages.scene.cycle()

    assert said in answer.text, answer.text
    assert any(JONAS in one.addresses for one in pages.scene.calendar.events.values())


def test_the_chair_gives_the_vacant_seat(pages: Pages) -> None:
    mailed = linked.admit(pages.scene)
    [seat] = [one for one in roster_of(pages).seats if one.department == "Marketing"]

    answer = use(pages, mailed, do="give-seat", seat=str(seat.id))

    assert "Gave the vacant seat" in answer.text
    roster = roster_of(pages)
    assert roster.seat(seat.id).delegate(pages.scene.now.date()) == roster.address_owner[JONAS]
    assert ("seat", JONAS) in keys(pages.scene.database)


def test_approving_by_the_link_writes_exactly_what_was_held(pages: Pages) -> None:
    mailed = linked.held(pages.scene)

    use(pages, mailed)
    pages.scene.cycle()

    assert not any("stranger" in one for one in pages.scene.calendar.events[f"event-{SLUG}"].addresses)


def test_what_is_held_by_now_is_another_set_than_the_mail_was_about(pages: Pages) -> None:
    mailed = linked.held(pages.scene)
    pages.scene.calendar.forward(f"event-{SLUG}", Guest(address="one.more@elsewhere.example"))
    pages.scene.cycle()

    assert pages.browser().get(mailed.path).status_code == 410
    assert len(posted(pages.scene.database, "held")) > 2


def test_a_link_of_somebody_who_was_joined_with_another_does_nothing(pages: Pages) -> None:
    mailed = linked.apply(pages.scene)
    with pages.scene.database.writing() as session:
        people.person_named(session, "jweber@example.com", "Jonas Weber")
        people.add_alias(session, "jweber@example.com", JONAS, actor="test", now=pages.scene.now)

    assert pages.browser().get(mailed.path).status_code == 410
