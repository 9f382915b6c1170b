"""On the page of a decision: what seats will do, whose word it waits for, and the checklist that closes it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import event, select

from governance.models import Action, Decision
from tests.support.posted import all_rows, keys, posted
from tests.web.acting import words_of
from tests.web.conftest import Pages
from tests.web.decided import AMARA, ANNA, HENRIK, TITLE, decided, decided_beyond, the_decision
from tests.web.deciding import AtTheTable
from tests.web.linked import SPONSOR
from tests.web.scenes import CHAIR, SCRIBE, SLUG

TYPED = {"due_on": "2026-12-17", "teller": "Amara, by mail"}


@pytest.fixture
def table(pages: Pages) -> AtTheTable:
    decided(pages.scene)
    return at_the_table(pages)


@pytest.fixture
def beyond(pages: Pages) -> AtTheTable:
    decided_beyond(pages.scene)
    return at_the_table(pages)


def at_the_table(pages: Pages) -> AtTheTable:
    found = AtTheTable(pages)
    found.ref = the_decision(pages.scene)
    return found


def commits(table: AtTheTable, who: str, pledge: str, department: str, **more: str) -> int:
    form = {"seat": table.seat(department), "pledge": pledge, "words": "", "reservation": ""} | more
    return table.post(who, "/commit", form).status_code


def closing_form(table: AtTheTable, **more: str) -> dict[str, str]:
    """As a browser would send it, with what somebody fills in."""
    page = table.page(CHAIR, "/close")
    owner = re.search(r'<option value="([0-9a-f-]+)">Amara', page)
    assert owner is not None
    filled = {name: value for name, value in table.form(CHAIR, "/close").items() if name != "named"}
    return filled | {"owner": owner[1], "read_back": "yes", "step": "close"} | TYPED | more


def number(table: AtTheTable) -> str | None:
    with table.session() as session:
        return session.get(Decision, table.ref).number


# --- Commitments


def test_a_seat_commits_with_one_tap_and_a_reservation_is_for_the_seats_alone(table: AtTheTable) -> None:
    assert commits(table, AMARA, "will", "Finance", reservation="Half would do") == 303

    assert "Will carry it out" in table.words(CHAIR)
    assert {who: "Half would do" in table.words(who) for who in (AMARA, HENRIK, CHAIR, SCRIBE)} == {
        AMARA: True, HENRIK: True, CHAIR: True, SCRIBE: True,
    }  # fmt: skip
    table.pages.scene.now += timedelta(hours=2)
    assert "Half would do" not in table.words(SCRIBE)


def test_what_is_needed_is_said_in_words_and_nothing_typed_is_lost(table: AtTheTable) -> None:
    before = all_rows(table.pages.scene.database)
    form = {"seat": table.seat("Finance"), "pledge": "needs", "words": "", "reservation": "Half would do"}

    answer = table.post(AMARA, "/commit", form)

    assert answer.status_code == 409
    assert "Say what you need" in words_of(answer.text)
    assert "Half would do</textarea>" in answer.text
    assert {name for name, rows in all_rows(table.pages.scene.database).items() if rows != before[name]} <= {
        "web_session",
    }  # fmt: skip


@pytest.mark.parametrize("who", [HENRIK, ANNA])
def test_nobody_commits_for_a_seat_of_somebody_else(table: AtTheTable, who: str) -> None:
    assert commits(table, who, "will", "Finance") == 409
    assert "Will carry it out" not in table.words(CHAIR)


def test_who_apologised_was_asked_as_it_was_decided_and_the_chair_asks_the_others(table: AtTheTable) -> None:
    assert keys(table.pages.scene.database, "commitment-asked") == [("commitment-asked", ANNA)]

    assert table.post(CHAIR, "/lead", {"act": "ask-absent"}).status_code == 303
    assert table.post(CHAIR, "/lead", {"act": "no-answer", "seat": table.seat("Operations")}).status_code == 303

    assert keys(table.pages.scene.database, "commitment-asked") == [("commitment-asked", ANNA)]
    assert "Asked, no answer" in table.words(AMARA)
    assert table.post(AMARA, "/lead", {"act": "ask-absent"}).status_code == 404


# --- Beyond a mandate


def test_it_waits_for_the_sponsor_who_ratifies_on_a_page_of_their_own(beyond: AtTheTable) -> None:
    assert (beyond.state(), keys(beyond.pages.scene.database, "ratification-asked")) == (
        "awaiting", [("ratification-asked", SPONSOR)],
    )  # fmt: skip
    ending = f"/sponsor?seat={beyond.seat('Finance')}"

    asked = beyond.words(SPONSOR, ending)
    answer = beyond.post(SPONSOR, "/sponsor", {"seat": beyond.seat("Finance"), "act": "ratify"})

    assert "It costs EUR 100,000" in asked
    assert "The mandate covers Everything within the department’s budget and people" in asked
    assert "You ratified it" in words_of(answer.text)
    assert beyond.state() == "decided"
    assert beyond.browser(SPONSOR)[0].get(beyond.path(ending)).status_code == 404


def test_a_sponsor_declines_only_with_a_reason_and_then_the_chair_lowers_the_money(beyond: AtTheTable) -> None:
    seat = beyond.seat("Finance")
    assert beyond.post(SPONSOR, "/sponsor", {"seat": seat, "act": "decline"}).status_code == 409
    beyond.post(SPONSOR, "/sponsor", {"seat": seat, "act": "decline", "decline_why": "Half of it"})
    assert "Half of it" in beyond.words(CHAIR)

    wrong = beyond.post(CHAIR, "/money", {"money": "a lot", "payer": seat})
    assert (wrong.status_code, 'value="a lot"' in wrong.text) == (409, True)
    assert beyond.post(CHAIR, "/money", {"money": "50000.00", "payer": seat}).status_code == 303

    assert beyond.state() == "decided"
    assert beyond.post(AMARA, "/money", {"money": "1", "payer": seat}).status_code == 404


def test_nobody_but_the_sponsor_is_asked_for_their_word(beyond: AtTheTable) -> None:
    seat = beyond.seat("Finance")
    for who in (CHAIR, AMARA, SCRIBE):
        assert beyond.browser(who)[0].get(beyond.path(f"/sponsor?seat={seat}")).status_code == 404
        assert beyond.post(who, "/sponsor", {"seat": seat, "act": "ratify"}).status_code == 404
    assert beyond.state() == "awaiting"


def test_a_seat_marks_its_own_part_as_beyond_its_mandate(table: AtTheTable) -> None:
    seat = table.seat("Finance")
    assert table.post(HENRIK, "/beyond", {"seat": seat, "beyond": "Not ours"}).status_code == 409

    assert table.post(AMARA, "/beyond", {"seat": seat, "beyond": "Terms are not mine"}).status_code == 303

    assert table.state() == "awaiting"
    assert "Terms are not mine" in table.words(CHAIR)


def test_the_first_page_shows_sponsor_and_chair_what_waits(beyond: AtTheTable) -> None:
    home = {who: words_of(beyond.browser(who)[0].get("/").text) for who in (SPONSOR, CHAIR)}

    assert f"Say whether you ratify “{TITLE}” for Finance." in home[SPONSOR]
    assert f"See to “{TITLE}”." in home[CHAIR]
    beyond.post(SPONSOR, "/sponsor", {"seat": beyond.seat("Finance"), "act": "decline", "decline_why": "Half of it"})
    assert f"Change “{TITLE}”, or withdraw it." in words_of(beyond.browser(CHAIR)[0].get("/").text)
    assert "ratify" not in words_of(beyond.browser(SPONSOR)[0].get("/").text)


def test_the_first_page_asks_a_seat_what_it_will_do_until_it_has_said_so(table: AtTheTable) -> None:
    call = f"Say what Finance will do about “{TITLE}”."

    asked = words_of(table.browser(AMARA)[0].get("/").text)
    commits(table, AMARA, "will", "Finance")
    said = words_of(table.browser(AMARA)[0].get("/", follow_redirects=True).text)

    assert call in asked
    assert call not in said


# --- Closing


def test_an_ordinary_decision_closes_with_three_fields_filled_in(table: AtTheTable) -> None:
    for who, department in ((AMARA, "Finance"), (HENRIK, "Legal"), (ANNA, "Operations")):
        commits(table, who, "will", department)
    empty = [name for name, value in table.form(CHAIR, "/close").items() if not value]

    answer = table.post(CHAIR, "/close", closing_form(table))

    assert answer.status_code == 303
    assert sorted(set(empty) - {"owner_email"}) == ["due_on", "owner", "teller"]
    assert number(table) == "D-2026-001"
    page = words_of(table.browser(CHAIR)[0].get(f"/m/{SLUG}/decisions/D-2026-001").text)
    assert "Closed as D-2026-001" in page
    assert "Owner Amara Okafor Until 17 Dec 2026" in page
    with table.session() as session:
        assert [one.text for one in session.scalars(select(Action))] == [TITLE]
    assert table.browser(CHAIR)[0].get(table.path()).headers["Location"] == f"/m/{SLUG}/decisions/D-2026-001"


def test_what_is_missing_is_said_beside_its_field_and_what_was_typed_stays(table: AtTheTable) -> None:
    form = closing_form(table, due_on="", teller="Amara, by post") | {"owner": ""}
    del form["read_back"]

    answer = table.post(CHAIR, "/close", form)

    assert answer.status_code == 422
    assert {name for name in form if f'id="{name}-fault"' in answer.text} == {"due_on", "owner"}
    assert 'id="read_back-fault"' in answer.text
    assert 'value="Amara, by post"' in answer.text
    assert number(table) is None


def test_what_is_typed_into_the_checklist_of_a_decision_that_closed_meanwhile_is_shown(table: AtTheTable) -> None:
    for who, department in ((AMARA, "Finance"), (HENRIK, "Legal"), (ANNA, "Operations")):
        commits(table, who, "will", department)
    form = closing_form(table)
    table.post(CHAIR, "/close", form)

    answer = table.post(CHAIR, "/close", form | {"teller": "Anna, by phone"})

    assert answer.status_code == 409
    assert "What you had typed" in answer.text
    assert "Anna, by phone" in answer.text


def test_without_a_commitment_it_closes_only_with_the_seat_named(table: AtTheTable) -> None:
    commits(table, AMARA, "will", "Finance")
    commits(table, HENRIK, "will", "Legal")
    form = closing_form(table)

    refused = table.post(CHAIR, "/close", form)
    closed = table.post(CHAIR, "/close", form | {"named": table.seat("Operations")})

    assert refused.status_code == 409
    assert "Ask them. No commitment: Operations." in words_of(refused.text)
    assert 'value="Amara, by mail"' in refused.text
    assert closed.status_code == 303
    assert [one.facts["number"] for one in posted(table.pages.scene.database, "decision-closed")] == ["D-2026-001"]


def test_an_owner_without_a_seat_is_named_by_address(table: AtTheTable) -> None:
    form = closing_form(table, owner="other", step="keep")
    wrong = table.post(CHAIR, "/close", form | {"owner_email": "nobody at all"})
    assert (wrong.status_code, 'id="owner_email-fault"' in wrong.text) == (422, True)

    assert table.post(CHAIR, "/close", form | {"owner_email": "jonas.weber@example.com"}).status_code == 303

    kept = table.form(CHAIR, "/close")
    assert UUID(kept["owner"])
    assert kept["teller"] == "Amara, by mail"


def test_of_two_who_fill_in_the_checklist_the_second_sees_what_the_first_saved(table: AtTheTable) -> None:
    form = closing_form(table)
    table.post(CHAIR, "/close", closing_form(table, teller="Anna, by phone", step="keep"))

    answer = table.post(SCRIBE, "/close", form)

    assert answer.status_code == 409
    assert "Somebody changed this since you opened it" in answer.text
    assert "Anna, by phone" in words_of(answer.text)
    assert 'value="Amara, by mail"' in answer.text
    assert number(table) is None


def test_who_does_not_lead_finds_no_checklist(table: AtTheTable) -> None:
    assert table.browser(AMARA)[0].get(table.path("/close")).status_code == 404
    assert table.post(AMARA, "/close", {"step": "close"}).status_code == 404


@pytest.mark.parametrize(("who", "ending", "most"), [(CHAIR, "", 8), (CHAIR, "/close", 8), (SPONSOR, "/sponsor", 12)])
def test_the_pages_ask_little_of_the_database(beyond: AtTheTable, who: str, ending: str, most: int) -> None:
    """Two for who may what; with what became of a decision, and what took its place. A sponsor's reads the roster."""
    path = ending + (f"?seat={beyond.seat('Finance')}" if who == SPONSOR else "")
    beyond.page(who, path)
    sent: list[str] = []

    @event.listens_for(beyond.pages.scene.database.engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    beyond.page(who, path)

    assert 4 < len([one for one in sent if one.lstrip().upper().startswith(("SELECT", "WITH"))]) <= most
