"""What goes beyond a mandate: who is asked, what becomes of the answer, and that nothing closes without it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from governance.database import Database
from governance.domain.decisions.values import State
from governance.models import Decision, Elector, Outbox, Ratification
from governance.services import ledger, settings, sponsors
from governance.services.decisions import closing, ratifying
from governance.services.decisions.closing import NotYet
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from governance.store.seats import department_of
from tests.support.cast import ANN, CHAIR, FAY, SLUG, Character, on_stage
from tests.support.posted import all_rows, posted
from tests.support.to_close import AT, LIMIT, Made, decided, doing, filled, row_of

WEEK = timedelta(days=7)


def beyond(database: Database, **more: Any) -> Made:
    """Finance would pay more than its mandate covers; its sponsor is asked, as when it is decided."""
    made = decided(database, money_minor=2 * LIMIT, **more)
    act(database, made, lambda one: setattr(one.row, "payer_seat_id", made.seats["Finance"]))
    act(database, made, ratifying.ask_sponsors)
    return made


def act(database: Database, made: Made, what: Callable[[Doing], object], **more: Any) -> None:
    with doing(database, made, **more) as one:
        what(one)


def the_word(database: Database) -> Ratification | None:
    with database.reading() as session:
        return session.scalars(select(Ratification)).one_or_none()


def answers(made: Made, *, is_ratified: bool, words: str = "") -> Callable[[Doing], None]:
    def what(one: Doing) -> None:
        ratifying.answer(one, made.seats["Finance"], person(one, FAY), is_ratified=is_ratified, words=words)

    return what


def person(one: Doing, who: Character) -> Any:
    found = person_by_address(one.session, who.address)
    assert found is not None
    return found.id


def asked(database: Database) -> list[tuple[str, bool, int | None, int | None]]:
    found = posted(database, "ratification-asked")
    return [(one.address, one.facts["to_chair"], one.limit_minor, one.facts["weeks"]) for one in found]


def acts(database: Database) -> list[str]:
    with database.reading() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        found = ledger.latest(session, meeting.id, 100)[::-1]
    return [one.act for one in found if one.act.startswith(("decision", "commit"))]


def test_within_the_mandate_nobody_is_asked(sqlite_database: Database) -> None:
    made = decided(sqlite_database, money_minor=LIMIT)
    act(sqlite_database, made, lambda one: (setattr(one.row, "payer_seat_id", made.seats["Finance"]), one.settle()))
    before = all_rows(sqlite_database)

    act(sqlite_database, made, ratifying.ask_sponsors)

    assert all_rows(sqlite_database) == before


def test_the_sponsor_is_asked_and_the_decision_waits(sqlite_database: Database) -> None:
    beyond(sqlite_database)

    assert asked(sqlite_database) == [(FAY.address, False, LIMIT, 0)]
    [mail] = posted(sqlite_database, "ratification-asked")
    assert (mail.facts["text"], mail.facts["department"], set(mail.links)) == (
        "Credit the freight", "Finance", {"answer"},
    )  # fmt: skip
    with sqlite_database.reading() as session:
        asked_for = session.scalars(select(Outbox).where(Outbox.kind == "ratification-asked")).one()
        assert asked_for.facts_json["money_minor"] == 2 * LIMIT
        assert session.scalars(select(Decision.state)).one() == State.AWAITING.value
    assert acts(sqlite_database) == ["decision-ratification-asked"]


def test_until_the_sponsor_has_said_yes_it_does_not_close(sqlite_database: Database) -> None:
    made = beyond(sqlite_database)

    def close(one: Doing) -> None:
        closing.close(one, filled(one, made), made.seats.values())

    with pytest.raises(NotYet, match="Wait for the sponsor"):
        act(sqlite_database, made, close)
    act(sqlite_database, made, answers(made, is_ratified=False, words="Not this year"))
    with pytest.raises(NotYet, match="Change it or withdraw it"):
        act(sqlite_database, made, close)
    act(sqlite_database, made, lambda one: ratifying.ask_once_more(one, made.seats["Finance"]), now=AT + WEEK)
    act(sqlite_database, made, answers(made, is_ratified=True))
    act(sqlite_database, made, close)

    assert row_of(sqlite_database, made).number == "D-2026-001"


def test_chair_and_seat_hear_what_the_sponsor_said(sqlite_database: Database) -> None:
    made = beyond(sqlite_database)

    act(sqlite_database, made, answers(made, is_ratified=False, words="Not this year"))

    told = posted(sqlite_database, "ratification-answered")
    assert sorted((one.address, one.facts["to_chair"], one.facts["is_ratified"]) for one in told) == [
        (ANN.address, False, False), (CHAIR.address, True, False),
    ]  # fmt: skip
    assert {one.facts["words"] for one in told} == {"Not this year"}
    assert row_of(sqlite_database, made).state == State.AWAITING.value


@pytest.mark.parametrize("wrong", ["no reason", "somebody else", "twice", "another seat"])
def test_what_is_no_answer_of_the_sponsor_changes_nothing(sqlite_database: Database, wrong: str) -> None:
    made = beyond(sqlite_database)
    if wrong == "twice":
        act(sqlite_database, made, answers(made, is_ratified=True))
    before = all_rows(sqlite_database)

    def tried(one: Doing) -> None:
        who = person(one, CHAIR if wrong == "somebody else" else FAY)
        seat = made.seats["Legal" if wrong == "another seat" else "Finance"]
        ratifying.answer(one, seat, who, is_ratified=wrong != "no reason")

    with pytest.raises(DecisionRefused):
        act(sqlite_database, made, tried)

    assert all_rows(sqlite_database) == before


def test_less_money_asks_anew_whoever_declined(sqlite_database: Database) -> None:
    made = beyond(sqlite_database)
    act(sqlite_database, made, answers(made, is_ratified=False, words="Too much"))

    act(
        sqlite_database, made,
        lambda one: ratifying.change_money(one, LIMIT + 1, made.seats["Finance"]), now=AT + WEEK,
    )  # fmt: skip

    found = the_word(sqlite_database)
    assert found is not None
    assert (found.state, found.answer_words) == ("asked", None)
    assert len(asked(sqlite_database)) == 2


def test_money_that_fits_by_now_asks_for_nothing_any_more(sqlite_database: Database) -> None:
    made = beyond(sqlite_database)

    act(sqlite_database, made, lambda one: ratifying.change_money(one, LIMIT, made.seats["Finance"]))

    assert the_word(sqlite_database) is None
    assert row_of(sqlite_database, made).state == State.DECIDED.value
    assert acts(sqlite_database)[-2:] == ["decision-money-changed", "decision-ratification-dropped"]


@pytest.mark.parametrize("change", ["more money", "another wording"])
def test_a_yes_to_something_else_is_asked_for_again(sqlite_database: Database, change: str) -> None:
    made = beyond(sqlite_database)
    act(sqlite_database, made, answers(made, is_ratified=True))
    seat = made.seats["Finance"]

    def changed(one: Doing) -> None:
        if change == "more money":
            ratifying.change_money(one, 3 * LIMIT, seat)
        else:
            closing.keep_checklist(one, filled(one, made, text="Credit the freight, twice"))

    act(sqlite_database, made, changed, now=AT + WEEK)

    found = the_word(sqlite_database)
    assert found is not None
    assert found.state == "asked"
    assert row_of(sqlite_database, made).state == State.AWAITING.value


def test_the_same_wording_with_other_spaces_is_what_was_ratified(sqlite_database: Database) -> None:
    made = beyond(sqlite_database)
    act(sqlite_database, made, answers(made, is_ratified=True))

    act(
        sqlite_database, made,
        lambda one: closing.keep_checklist(one, filled(one, made, text=" Credit  the freight\n")),
    )  # fmt: skip

    found = the_word(sqlite_database)
    assert found is not None
    assert found.state == "ratified"


def test_a_sponsor_who_is_the_delegate_has_said_it_by_office(sqlite_database: Database) -> None:
    with on_stage(sqlite_database) as stage:
        finance = department_of(stage.session, stage.appoint(ANN))
        sponsors.name_sponsor(stage.session, stage.meeting, finance, stage.person(ANN), actor="test", now=AT - WEEK)

    made = beyond(sqlite_database, sponsored=False)

    found = the_word(sqlite_database)
    assert found is not None
    assert (found.state, found.answered_by) == ("ratified", "office")
    assert asked(sqlite_database) == []
    assert row_of(sqlite_database, made).state == State.DECIDED.value


def test_where_nobody_sponsors_the_department_the_chair_hears_what_to_do(sqlite_database: Database) -> None:
    made = beyond(sqlite_database, sponsored=False)
    assert asked(sqlite_database) == [(CHAIR.address, True, LIMIT, 0)]

    with on_stage(sqlite_database) as stage:
        finance = department_of(stage.session, stage.seat("Finance"))
        sponsors.name_sponsor(stage.session, stage.meeting, finance, stage.person(FAY), actor="test", now=AT)
    act(
        sqlite_database, made, lambda one: ratifying.ask_once_more(one, made.seats["Finance"]),
        now=AT + timedelta(minutes=5),
    )  # fmt: skip

    assert [one[:2] for one in asked(sqlite_database)] == [(CHAIR.address, True), (FAY.address, False)]


def test_a_seat_that_says_so_is_beyond_its_mandate_and_its_words_stay(sqlite_database: Database) -> None:
    made = decided(sqlite_database)
    words = "Terms of delivery are not mine"

    act(sqlite_database, made, lambda one: ratifying.mark_beyond(one, made.seats["Finance"], words))

    [mail] = posted(sqlite_database, "ratification-asked")
    assert (mail.facts["is_money"], mail.facts["words"]) == (False, words)
    assert row_of(sqlite_database, made).state == State.AWAITING.value
    with pytest.raises(DecisionRefused, match="Say in words"):
        act(sqlite_database, made, lambda one: ratifying.mark_beyond(one, made.seats["Legal"], "  "))


def test_a_seat_whose_holder_had_no_mandate_is_beyond_it_with_any_money(sqlite_database: Database) -> None:
    made = decided(sqlite_database, money_minor=1)

    def pays(one: Doing) -> None:
        one.row.payer_seat_id = made.seats["Finance"]
        one.session.execute(update(Elector).values(is_empowered=False))

    act(sqlite_database, made, pays)
    act(sqlite_database, made, ratifying.ask_sponsors)

    assert [one[0] for one in asked(sqlite_database)] == [FAY.address]


def test_while_the_rule_is_off_nobody_is_asked(sqlite_database: Database) -> None:
    with on_stage(sqlite_database) as stage:
        settings.set_rule_mode(stage.session, stage.meeting, "D04", "off", actor="test", now=AT)

    beyond(sqlite_database)

    assert asked(sqlite_database) == []


def test_the_owner_s_seat_bears_money_that_nobody_else_bears_and_is_asked_at_closing(
    sqlite_database: Database,
) -> None:
    made = decided(sqlite_database, money_minor=2 * LIMIT)
    found: list[str | None] = []

    act(
        sqlite_database, made,
        lambda one: found.append(closing.close(one, filled(one, made), made.seats.values()).number),
    )  # fmt: skip

    kept = row_of(sqlite_database, made)
    assert found == [None]
    assert (kept.state, kept.teller, kept.payer_seat_id) == ("awaiting", "Ann, by mail", made.seats["Finance"])
    assert [one[0] for one in asked(sqlite_database)] == [FAY.address]


def test_money_of_an_owner_without_a_seat_is_borne_by_nobody(sqlite_database: Database) -> None:
    made = decided(sqlite_database, money_minor=1)

    with pytest.raises(NotYet, match="Say whose department bears it"), doing(sqlite_database, made) as one:
        closing.close(one, filled(one, made, owner=person(one, FAY)), made.seats.values())
