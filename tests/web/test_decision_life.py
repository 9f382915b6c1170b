"""A decision from its draft to where it is decided, in the room: who sees what when, and what is refused."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from governance.database import Database
from governance.models import Decision, DecisionOption, Outbox, Position
from tests.web.acting import words_of
from tests.web.conftest import Pages
from tests.web.deciding import AtTheTable
from tests.web.once import once
from tests.web.scenes import ADMIN, CHAIR, SCRIBE, Scene

AMARA, ANNA, HENRIK = "amara.okafor@example.com", "anna.meier@example.com", "henrik.sorensen@example.com"
JONAS, NORA = "jonas.weber@example.com", "nora.nyberg@example.com"
THREE = (("Finance", "Amara Okafor", AMARA), ("Operations", "Anna Meier", ANNA), ("Legal", "Henrik Sørensen", HENRIK))


@once
def _three_seats(scene: Scene) -> None:
    scene.adopt()
    scene.roster(THREE)
    scene.cycle()


@pytest.fixture
def table(pages: Pages) -> AtTheTable:
    """Five minutes into the meeting, all three are there, and a draft with two options waits."""
    _three_seats(pages.scene)
    table = AtTheTable(pages)
    table.at(5)
    for who in (AMARA, ANNA, HENRIK):
        table.arrive(who)
    table.begin(AMARA)
    return table


def test_nothing_is_asked_as_long_as_nothing_is_proposed(table: AtTheTable) -> None:
    empty = table.begin(ANNA, options=())

    answer = table.do(CHAIR, "open", ref=empty)

    assert answer.status_code == 409
    assert "Add an option and propose it first" in answer.text
    assert table.state(empty) == "draft"


def test_positions_are_blind_until_the_last_seat_is_in(table: AtTheTable) -> None:
    table.do(SCRIBE, "open")
    table.say(AMARA, "live", interest="A number we can keep", reason="zqsecretqz")
    table.say(ANNA, "favour", interest="a number  we can KEEP")

    for who in (CHAIR, SCRIBE, ADMIN, ANNA, HENRIK):
        page = table.page(who)
        assert "zqsecretqz" not in page
        assert "Can live with it</span>" not in page
        assert "2 of 3 seats in" in words_of(page)
    assert "zqsecretqz" in table.page(AMARA), "one's own"

    table.say(HENRIK, "favour")

    for who in (CHAIR, SCRIBE, ANNA, HENRIK, AMARA):
        assert "zqsecretqz" in table.page(who)
    assert "Shared Finance, Operations" in table.words(CHAIR)
    assert "zqsecretqz" not in table.page(ADMIN)


def test_the_first_page_asks_for_the_position_of_a_seat_until_it_is_given(table: AtTheTable) -> None:
    call = "Say what Operations thinks of"
    draft = words_of(table.browser(ANNA)[0].get("/", follow_redirects=True).text)
    table.do(CHAIR, "open")

    asked = words_of(table.browser(ANNA)[0].get("/").text)
    table.say(ANNA, "favour")
    said = words_of(table.browser(ANNA)[0].get("/", follow_redirects=True).text)

    assert call in asked
    assert call not in draft
    assert call not in said


def test_the_first_page_asks_the_stand_in_of_that_day_instead_of_the_delegate(table: AtTheTable) -> None:
    table.stand_in("Operations", "Jonas Weber", JONAS, week=0)
    table.do(CHAIR, "open", ref=table.begin(AMARA))

    home = {who: words_of(table.browser(who)[0].get("/", follow_redirects=True).text) for who in (JONAS, ANNA)}

    assert "Say what Operations thinks of" in home[JONAS]
    assert "Say what Operations thinks of" not in home[ANNA]


def test_the_chair_opens_them_before_all_are_in_and_the_scribe_does_not(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "favour", reason="zqsecretqz")

    by_scribe = table.do(SCRIBE, "reveal")
    before = table.page(ANNA)
    table.do(CHAIR, "reveal")

    assert by_scribe.status_code == 404
    assert "zqsecretqz" not in before
    assert "zqsecretqz" in table.page(ANNA)


def test_an_objection_without_an_interest_is_refused_and_what_was_typed_is_kept(table: AtTheTable) -> None:
    table.do(CHAIR, "open")

    answer = table.say(HENRIK, "object", reason="The contract says ten days")

    assert answer.status_code == 409
    assert "Say what matters to you" in answer.text
    assert "The contract says ten days" in answer.text
    with table.session() as session:
        assert session.scalars(select(Position)).all() == []


def test_nobody_speaks_for_a_seat_that_they_do_not_sit_for(table: AtTheTable) -> None:
    table.do(CHAIR, "open")

    answer = table.say(AMARA, "favour", seat=table.seat("Legal"))

    assert answer.status_code == 409
    assert "you do not sit for this seat" in answer.text.casefold()


def test_an_answer_to_the_last_proposal_is_none_to_the_present_one(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.save_option(CHAIR, "Answer within three days", option=table.proposed)

    answer = table.say(AMARA, "favour", round="1")

    assert answer.status_code == 409
    assert "Read the proposal again" in answer.text


def test_an_objection_is_held_written_answered_and_then_it_is_decided(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "favour")
    table.say(ANNA, "live")
    table.say(HENRIK, "hold", hold_until="2026-11-26T18:00")

    too_early = table.do(CHAIR, "decide")
    table.say(HENRIK, "object", reason="The contract says ten days", interest="No penalty", removes="A clause")
    unanswered = table.do(CHAIR, "decide")
    table.answer(CHAIR, "measure-added", "Legal changes the clause first")
    decided = table.do(CHAIR, "decide")

    assert (too_early.status_code, unanswered.status_code, decided.status_code) == (409, 409, 303)
    assert "Answer each objection" in unanswered.text
    assert table.state() == "decided"
    words = table.words(HENRIK)
    assert "A measure was added: Legal changes the clause first" in words
    assert "Is writing an objection" in words, "what it said before"
    assert "with 3 of 3 seats there; 2 were needed" in words


def test_a_changed_proposal_asks_every_seat_anew_and_what_was_said_stays(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "favour", reason="zqfirstqz")
    table.say(ANNA, "favour")
    table.say(HENRIK, "object", reason="Too soon", interest="Time")

    table.answer(CHAIR, "option-changed", "We take three days", proposal="Answer within three days")

    words = table.words(ANNA)
    assert "0 of 3 seats in" in words
    assert "Round 2" in words
    assert "Answer within three days" in words
    assert "zqfirstqz" in words, "of an opened round"


def test_what_was_never_opened_stays_shut_in_later_rounds(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "object", reason="zqsecretqz", interest="Mine")
    table.save_option(CHAIR, "Answer within three days", option=table.proposed)
    for who in (AMARA, ANNA, HENRIK):
        table.say(who, "favour", round="2")

    assert "zqsecretqz" not in table.page(CHAIR)
    assert "zqsecretqz" not in table.page(ANNA)
    assert "zqsecretqz" in table.page(AMARA)


def test_without_a_quorum_nothing_is_decided_and_the_page_says_since_when(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    for who in (AMARA, ANNA, HENRIK):
        table.say(who, "favour")
    table.at(20)
    table.leave("Finance")
    table.at(25)
    table.leave("Legal")

    table.at(31)
    answer = table.do(CHAIR, "decide")

    assert answer.status_code == 409
    assert "1 of the 2 seats needed were there" in answer.text
    assert "Lost at 10:25" in words_of(answer.text)
    assert table.state() == "open"


def test_a_tie_is_not_a_decision(table: AtTheTable) -> None:
    draft = table.begin(AMARA, way="majority")
    table.do(CHAIR, "open", ref=draft)
    table.say(AMARA, "favour", ref=draft)
    table.say(ANNA, "object", ref=draft, reason="No", interest="Mine")
    table.say(HENRIK, "recuse", ref=draft)
    table.answer(CHAIR, "declined", "We take it", ref=draft)

    answer = table.do(CHAIR, "decide", ref=draft)

    assert answer.status_code == 409
    assert "The positions do not come to it" in answer.text


def test_what_the_scribe_enters_is_told_by_mail_without_saying_what_and_corrected_within_a_day(
    table: AtTheTable,
) -> None:
    table.do(CHAIR, "open")
    entered = table.enter(SCRIBE, "Legal", "live", reason="zqsecretqz")
    with table.session() as session:
        mail = session.scalars(select(Outbox).where(Outbox.kind == "position-entered")).one()
    for who in (AMARA, ANNA):
        table.say(who, "favour")
    table.do(CHAIR, "decide")

    table.at(23 * 60)
    in_time = table.say(HENRIK, "favour", reason="I meant yes")
    table.at(25 * 60)
    too_late = table.say(HENRIK, "live")

    assert (entered.status_code, in_time.status_code, too_late.status_code) == (303, 303, 409)
    assert mail.address == HENRIK
    assert "zqsecretqz" not in str(mail.facts_json)
    assert "live" not in str(mail.facts_json["facts"])
    assert "Corrected by the seat" in table.words(HENRIK)


def test_who_was_asked_in_vain_is_heard_and_only_the_chair_says_so(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    for who in (AMARA, ANNA):
        table.say(who, "favour")
    seat = {"seat": table.seat("Legal"), "round": "1"}

    by_scribe = table.do(SCRIBE, "silent", **seat)
    by_chair = table.do(CHAIR, "silent", **seat)

    assert (by_scribe.status_code, by_chair.status_code) == (404, 303)
    assert table.do(CHAIR, "decide").status_code == 303
    assert "Asked, silent" in table.words(ANNA)


def test_the_screen_counts_and_names_nobody_before_the_chair_says_so(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    for who in (AMARA, ANNA, HENRIK):
        table.say(who, "favour")

    counts = table.words(SCRIBE, "/screen")
    table.do(CHAIR, "names")

    assert "3 In favour" in counts
    assert "Finance" not in counts
    assert "Finance, Legal, Operations" in table.words(SCRIBE, "/screen")


def test_the_scribe_reads_positions_while_the_occurrence_runs_and_no_longer(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    for who in (AMARA, ANNA, HENRIK):
        table.say(who, "favour", reason="zqreasonqz")
    during = table.page(SCRIBE)

    table.at(61)

    assert "zqreasonqz" in during
    assert "zqreasonqz" not in table.page(SCRIBE)
    assert "In favour" not in table.words(SCRIBE)
    assert "zqreasonqz" in table.page(ANNA)


def test_the_second_of_two_editors_sees_what_the_first_saved_and_loses_nothing(table: AtTheTable) -> None:
    first, second = table.form(AMARA, "/edit"), table.form(ANNA, "/edit")
    table.post(AMARA, "/edit", first | {"title": "Two days"})

    answer = table.post(ANNA, "/edit", second | {"title": "Three days"})
    again = table.post(ANNA, "/edit", second | {"title": "Three days", "version": version_in(answer.text)})

    assert answer.status_code == 409
    assert "Somebody changed this since you opened it" in answer.text
    assert "Two days" in answer.text
    assert "Three days" in answer.text
    assert again.status_code == 303
    with table.session() as session:
        assert session.get(Decision, table.ref).title == "Three days"


def test_what_is_typed_while_the_decision_goes_on_is_shown_to_be_copied(table: AtTheTable) -> None:
    late = table.form(ANNA, "/edit")
    table.do(CHAIR, "open")

    answer = table.post(ANNA, "/edit", late | {"title": "Four days"})

    assert answer.status_code == 409
    assert "Look at the decision again" in answer.text
    assert "What you had typed" in answer.text
    assert "Four days" in answer.text


def test_a_withdrawn_decision_says_why_and_is_taken_up_again_as_a_draft(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "favour")

    without = table.do(AMARA, "withdraw")
    table.do(AMARA, "withdraw", why="The supplier solved it")
    withdrawn = table.words(ANNA)
    table.do(AMARA, "take-up")

    assert without.status_code == 409
    assert "Withdrawn because The supplier solved it" in withdrawn
    assert table.state() == "draft"
    with table.session() as session:
        assert session.get(Decision, table.ref).round == 2


def test_taken_back_it_shows_what_was_opened_and_is_asked_anew(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "favour", reason="zqsecretqz")
    table.do(CHAIR, "back")
    unopened = table.page(ANNA)
    table.do(CHAIR, "open")
    for who in (AMARA, ANNA, HENRIK):
        table.say(who, "favour", reason="zqopenqz")

    table.do(AMARA, "back")

    assert "zqsecretqz" not in unopened
    assert table.state() == "draft"
    assert "Said before" in table.words(ANNA)
    assert "zqopenqz" in table.page(ANNA)
    assert "zqsecretqz" not in table.page(ANNA)
    assert "zqopenqz" not in table.page(ADMIN)


def test_a_stand_in_of_that_day_speaks_and_reads_and_one_of_another_day_does_neither(table: AtTheTable) -> None:
    table.stand_in("Legal", "Jonas Weber", JONAS, week=0)
    table.stand_in("Operations", "Nora Nyberg", NORA, week=1)
    draft = table.begin(AMARA)
    table.do(CHAIR, "open", ref=draft)
    legal = {"seat": table.seat("Legal")}
    for who in (AMARA, ANNA):
        table.say(who, "favour", ref=draft, reason="zqreasonqz")

    by_the_delegate = table.say(HENRIK, "favour", ref=draft)
    by_another = table.say(NORA, "favour", ref=draft, **legal)
    by_the_stand_in = table.say(JONAS, "favour", ref=draft, **legal)

    assert (by_the_delegate.status_code, by_another.status_code, by_the_stand_in.status_code) == (409, 409, 303)
    assert "Jonas Weber stands in" in table.words(CHAIR)
    assert "zqreasonqz" in table.page(JONAS)
    assert "zqreasonqz" in table.page(HENRIK), "who holds the seat reads, whoever sits for it"
    assert "zqreasonqz" not in table.page(NORA)


def test_options_are_added_proposed_and_removed_but_doing_nothing_stays(table: AtTheTable) -> None:
    with table.session() as session:
        nothing = session.scalars(
            select(DecisionOption.id).where(DecisionOption.decision_id == table.ref, DecisionOption.rank == 0)
        ).one()

    refused = table.do(ANNA, "remove-option", option=str(nothing))
    proposed = table.do(ANNA, "remove-option", option=table.proposed)

    assert (refused.status_code, proposed.status_code) == (409, 409)
    assert "doing nothing is always an option" in refused.text.casefold()


def test_once_it_is_asked_only_who_brought_it_or_leads_changes_the_options(table: AtTheTable) -> None:
    table.do(CHAIR, "open")

    other = table.save_option(ANNA, "Something else")
    own = table.save_option(AMARA, "Something else")

    assert (other.status_code, own.status_code) == (404, 303)


def test_the_ledger_says_that_a_seat_spoke_and_never_what(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.say(AMARA, "object", reason="zqsecretqz", interest="zqinterestqz")
    table.enter(SCRIBE, "Legal", "live", reason="zqsecretqz")
    table.say(ANNA, "recuse")
    table.answer(CHAIR, "declined", "zqanswerqz")

    entries = table.entries()

    assert [one.act for one in entries].count("position-given") == 2
    assert [one.act for one in entries].count("position-entered") == 1
    said = re.sub(r"person:[0-9a-f-]+", "", " ".join(f"{one.before} {one.after} {one.why}" for one in entries))
    for word in ("zq", "object", "recuse", "live"):
        assert word not in said.replace("lively", "")


def test_who_took_over_the_seat_that_day_speaks_for_it_and_the_page_says_so(table: AtTheTable) -> None:
    table.do(CHAIR, "open")
    table.hand_over("Legal", "Nora Nyberg", "nora.nyberg@example.com")

    by_the_old = table.say(HENRIK, "favour", seat=table.seat("Legal"))
    by_the_new = table.say("nora.nyberg@example.com", "favour", seat=table.seat("Legal"))

    assert (by_the_old.status_code, by_the_new.status_code) == (401, 303), "whoever has no part any more is nobody"
    assert "The seat has changed hands since: Nora Nyberg sits for it" in table.words(CHAIR)


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """That of the pages: `statements` listens to it."""
    return sqlite_database


def test_the_page_asks_the_same_few_things_however_much_was_said(
    table: AtTheTable, statements: Callable[[], list[str]]
) -> None:
    table.do(CHAIR, "open")
    table.page(CHAIR)
    before = _asked(table, statements)
    for one in range(12):
        table.say(AMARA, "favour", reason=f"Because {one}")
        table.say(HENRIK, "object", reason=f"Not {one}", interest="Time")
    table.do(CHAIR, "reveal")

    after = _asked(table, statements)

    assert after == before
    assert all(4 < number <= 2 + 6 for number in after.values())


def _asked(table: AtTheTable, statements: Callable[[], list[str]]) -> dict[str, int]:
    """Of the page, of the screen, and of the forms that an open decision has."""
    found = {}
    for ending in ("", "/screen", "/option", f"/enter?seat={table.seat('Legal')}"):
        table.page(CHAIR, ending)
        statements()
        table.page(CHAIR, ending)
        found[ending] = len([one for one in statements() if one.lstrip().upper().startswith(("SELECT", "WITH"))])
    return found


def version_in(page: str) -> str:
    found = re.search(r'name="version" value="(\d+)"', page)
    assert found is not None
    return found[1]
