"""A weekly summary has nothing that is not for its reader, whatever was planted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from governance.domain.access import Who
from governance.models import Address, Turn
from governance.services.summaries.cutting import summary_for
from governance.services.summaries.gathering import gather, readers
from governance.services.summaries.people import leads
from governance.services.summaries.values import Gathered, Reader, Written
from tests.access.canaries import CANARIES
from tests.access.situation import ADDRESSES, OWN, Situation
from tests.access.test_confidentiality import found_in
from tests.services.summaries.weeks import meeting, week
from tests.web.attended import start_of


@pytest.fixture(scope="module", params=[-1, 0], ids=["last-week", "this-week"])
def gathered(request: pytest.FixtureRequest, situation: Situation) -> tuple[Gathered, tuple[Reader, ...]]:
    """From the beginning, so that everything that was planted lies in it; in the other one somebody stands in."""
    period = week(request.param, since=start_of(-60))
    now = max(situation.scene.now, period.until)
    period = week(request.param, since=start_of(-60), until=now)
    with situation.database.reading() as session:
        found = meeting(session, OWN)
        return gather(session, found, period, now), readers(session, found, period, now)


def test_nothing_in_it_is_for_others(gathered: tuple[Gathered, tuple[Reader, ...]]) -> None:
    wrong = [
        (sorted(roles), canary.name)
        for reader, written in every(gathered)
        for roles in [{held.who for held in gathered[0].actors[reader.person].held}]
        for canary in found_in(repr(written))
        if not any(canary.may_be_read_by(who) for who in roles)
    ]

    assert wrong == []


def test_nothing_that_is_hidden_is_gathered_at_all(gathered: tuple[Gathered, tuple[Reader, ...]]) -> None:
    """Not even before it is cut: what is not read cannot leak."""
    never = {
        *("position reason", "what would remove it", "interest", "answer to objection", "reservation", "kept answer"),
        *("record private", "decision text", "decision question", "withdrawn", "option", "beyond the mandate"),
        *("word of the sponsor", "why it slipped", "question about a promise", "remark on say and do", "challenge"),
    }

    found = {one.name for one in found_in(repr(gathered[0]))}

    assert found & never == set()
    assert never < {one.name for one in CANARIES}
    assert {"decision", "delegate", "department"} <= found


def test_what_they_may_read_is_in_it(situation: Situation, gathered: tuple[Gathered, tuple[Reader, ...]]) -> None:
    with situation.database.reading() as session:
        names = {row.person_id: row.folded for row in session.scalars(select(Address))}
    by_address = {names[reader.person]: written for reader, written in every(gathered)}

    delegate = {one.name for one in found_in(repr(by_address[ADDRESSES[Who.DELEGATE]]))}

    assert {"decision", "promise", "measure", "stand-in"} <= delegate
    is_this_week = gathered[0].period.start == start_of(0)
    assert (ADDRESSES[Who.STAND_IN] in by_address) is is_this_week
    others = {ADDRESSES[who] for who in (Who.SPONSOR, Who.DEPUTY, Who.LEADERSHIP, Who.APPLICANT, Who.ADMINISTRATOR)}
    assert others.isdisjoint(by_address)
    assert {ADDRESSES[who] for who in (Who.CHAIR, Who.ACTING_CHAIR, Who.SCRIBE)} <= by_address.keys()


def test_only_who_has_a_seat_is_shown_where_an_answer_is(
    situation: Situation, gathered: tuple[Gathered, tuple[Reader, ...]]
) -> None:
    with situation.database.reading() as session:
        turns = {str(one) for one in session.scalars(select(Turn.id))}

    shown_to = {
        leads(gathered[0].actors[reader.person])
        for reader, written in every(gathered)
        if any(one in repr(written) for one in turns)
    }

    is_this_week = gathered[0].period.start == start_of(0)
    assert shown_to == (set() if is_this_week else {False})


def test_say_and_do_is_the_chairs_alone(gathered: tuple[Gathered, tuple[Reader, ...]]) -> None:
    everything, who_reads = gathered
    seats = (held.seat for one in who_reads for held in everything.actors[one.person].held)
    seat = next((one for one in seats if one is not None), None)
    assert seat is not None
    planted = replace(everything, say_do=((seat, {"department": "x", "kept": 1, "made": 2}),))

    told = {
        held.who: bool((summary_for(planted, reader).facts.lead or {}).get("say_do"))
        for reader in who_reads
        for held in planted.actors[reader.person].held
    }

    assert {who for who, is_told in told.items() if is_told} <= {Who.CHAIR, Who.ACTING_CHAIR}
    assert told[Who.CHAIR]
    assert told[Who.SCRIBE] is False


def test_somebody_who_is_nothing_any_more_reads_nothing(gathered: tuple[Gathered, tuple[Reader, ...]]) -> None:
    everything, _ = gathered
    stranger = Reader(next(iter(everything.actors)), is_lead=False)
    nobody = replace(everything, actors={})

    facts = summary_for(nobody, stranger).facts

    assert (facts.closed, facts.open, facts.attendance, facts.roster, facts.owed) == ([], [], [], [], [])
    assert facts.question is None
    assert [] == found_in(repr(facts))


def every(gathered: tuple[Gathered, tuple[Reader, ...]]) -> Iterator[tuple[Reader, Written]]:
    everything, who_reads = gathered
    assert who_reads
    return ((one, summary_for(everything, one)) for one in who_reads)
