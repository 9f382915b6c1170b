"""The laws of the table: whatever row is added, these hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.access import (
    DEMO_VISITOR,
    MAILS,
    OPERATOR,
    TABLE,
    THE_SITE,
    Act,
    Actor,
    Held,
    Kind,
    Standing,
    Thing,
    Who,
    actor_of,
    as_told_of,
    may,
    may_receive,
    meetings_where,
    stand_in_term,
)
from governance.domain.ledger import Confidentiality
from governance.domain.roster import Term
from governance.mail.kinds import KINDS

OURS, THEIRS, NOWHERE = UUID(int=1), UUID(int=2), UUID(int=3)
MINE, OTHER = UUID(int=11), UUID(int=12)
ME, SOMEBODY_ELSE = UUID(int=21), UUID(int=22)
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
IN_A_MEETING = tuple(who for who in Who if who not in (Who.ADMINISTRATOR, Who.NOBODY))

things = st.builds(
    Thing,
    st.sampled_from(Kind),
    st.sampled_from([None, OURS, THEIRS, NOWHERE]),
    st.sampled_from(Confidentiality),
    st.sampled_from([None, ME, SOMEBODY_ELSE]),
    st.sampled_from([None, MINE, OTHER]),
)
roles = st.builds(
    Held, st.sampled_from(IN_A_MEETING), st.sampled_from([OURS, THEIRS]), st.sampled_from([None, MINE, OTHER])
)
actors = st.builds(
    Actor,
    st.sampled_from([None, ME]),
    st.frozensets(roles, max_size=4),
    st.sampled_from([frozenset(), frozenset({Who.ADMINISTRATOR}), frozenset({Who.CHAIR})]),
)
acts = st.sampled_from(Act)
terms = st.builds(
    lambda first, days: Term(first, None if days is None else first + timedelta(days=days)),
    st.dates(TODAY - timedelta(days=40), TODAY + timedelta(days=40)),
    st.none() | st.integers(0, 40),
)
standings = st.builds(
    Standing, st.sampled_from(IN_A_MEETING), st.sampled_from([OURS, THEIRS]), st.just("UTC"), terms, st.just(MINE)
)


def test_nobody_may_do_anything_at_all() -> None:
    allowed = [(act, kind) for act in Act for kind in Kind if may(Actor(ME), act, Thing(kind, OURS, owner=ME))]

    assert allowed == []


@given(actors, acts, things, roles)
def test_another_role_takes_nothing_away(actor: Actor, act: Act, thing: Thing, more: Held) -> None:
    richer = replace(actor, held=actor.held | {more})

    assert may(actor, act, thing) <= may(richer, act, thing)


@given(actors, acts, things)
def test_a_foreign_meeting_is_judged_like_an_absent_one(actor: Actor, act: Act, thing: Thing) -> None:
    """Also by who it is about and whose seat it is: a seat belongs to one meeting."""
    strangers = replace(actor, held=frozenset(one for one in actor.held if one.meeting != THEIRS))

    foreign, absent = (may(strangers, act, replace(thing, meeting=where)) for where in (THEIRS, NOWHERE))

    assert foreign == absent


@given(actors, acts, things)
def test_the_higher_class_is_for_no_more_people_than_the_lower(actor: Actor, act: Act, thing: Thing) -> None:
    lower, higher = Confidentiality.OPEN, Confidentiality.SEATS
    asked = replace(thing, owner=None, seat=None)

    for one, other in ((lower, higher), (higher, Confidentiality.PRIVATE)):
        above = may(actor, act, replace(asked, confidentiality=other))
        assert above <= may(actor, act, replace(asked, confidentiality=one))


@given(st.lists(standings, max_size=5), acts, things)
def test_a_role_that_is_over_gives_nothing(held: list[Standing], act: Act, thing: Thing) -> None:
    over = [replace(one, term=Term(TODAY - timedelta(days=50), TODAY - timedelta(days=1))) for one in held]

    assert actor_of(ME, over, NOW) == Actor(ME)
    assert may(actor_of(ME, over, NOW), act, thing) == may(Actor(ME), act, thing)


@given(st.lists(standings, max_size=5))
def test_roles_in_force_are_exactly_those_of_the_day(held: list[Standing]) -> None:
    expected = {(one.meeting, one.who) for one in held if one.term.holds_on(TODAY)}

    found = {
        (one.meeting, Who.CHAIR if one.who is Who.ACTING_CHAIR else one.who)
        for one in actor_of(ME, held, NOW).held
    }  # fmt: skip

    assert {(meeting, Who.CHAIR if who is Who.ACTING_CHAIR else who) for meeting, who in expected} == found


@given(st.lists(standings, max_size=5), acts, things)
def test_whoever_will_be_one_counts_ahead_and_whoever_was_does_not(
    held: list[Standing], act: Act, thing: Thing
) -> None:
    now, ahead = (actor_of(ME, held, NOW, is_ahead=is_ahead) for is_ahead in (False, True))

    assert now.held <= ahead.held
    assert len(ahead.held) <= sum(1 for one in held if one.term.last_day is None or one.term.last_day >= TODAY)
    assert may(now, act, thing) <= may(ahead, act, thing)


@given(actors, acts, st.sampled_from(Kind))
def test_the_meetings_for_a_query_are_those_that_the_table_allows(actor: Actor, act: Act, kind: Kind) -> None:
    among = meetings_where(actor, act, kind)

    allowed = {meeting for meeting in (OURS, THEIRS, NOWHERE) if may(actor, act, Thing(kind, meeting))}

    assert allowed == ({OURS, THEIRS, NOWHERE} if among is None else among)


@given(things, acts)
def test_administrators_read_nothing_private(thing: Thing, act: Act) -> None:
    private = replace(thing, confidentiality=Confidentiality.PRIVATE)

    assert not (act in (Act.READ, Act.EXPORT) and may(OPERATOR, act, private))


@given(actors, st.sampled_from(["none", "", *(f"{kind}?" for kind in KINDS)]), things)
def test_a_mail_that_nobody_knows_is_for_nobody(actor: Actor, kind: str, thing: Thing) -> None:
    assert not may_receive(actor, kind, thing)


@given(actors, st.sampled_from(list(KINDS)), things, roles)
def test_another_role_takes_no_mail_away(actor: Actor, kind: str, thing: Thing, more: Held) -> None:
    richer = replace(actor, held=actor.held | {more})

    assert may_receive(actor, kind, thing) <= may_receive(richer, kind, thing)


def test_every_kind_of_mail_says_who_may_receive_it() -> None:
    assert MAILS.keys() == KINDS.keys()
    assert [kind for kind, (yes, own) in MAILS.items() if not yes and not own] == []


def test_every_row_is_there_once_the_lower_class_first() -> None:
    keys = [(row.act, row.kind, list(Confidentiality).index(row.up_to)) for row in TABLE]

    assert len(keys) == len(set(keys))
    assert [one for one in Act if one not in {row.act for row in TABLE}] == []
    for act, kind, _ in keys:
        classes = [order for one, other, order in keys if (one, other) == (act, kind)]
        assert classes == sorted(classes)


def test_a_sponsor_reads_the_whole_line_of_their_own_seat_alone() -> None:
    sponsor = Actor(ME, frozenset({Held(Who.SPONSOR, OURS, MINE)}))
    line = Thing(Kind.ROSTER, OURS, Confidentiality.SEATS)

    seen = [may(sponsor, Act.READ, replace(line, seat=seat)) for seat in (MINE, OTHER, None)]

    assert seen == [True, False, False]


def test_an_own_seat_is_own_in_its_meeting_only() -> None:
    sponsor = Actor(ME, frozenset({Held(Who.SPONSOR, OURS, MINE)}))

    assert not may(sponsor, Act.READ, Thing(Kind.ROSTER, THEIRS, Confidentiality.SEATS, seat=MINE))


def test_a_mail_about_somebody_else_is_not_own() -> None:
    delegate = Actor(ME, frozenset({Held(Who.DELEGATE, OURS, MINE)}))

    asked = [may_receive(delegate, "note", Thing(Kind.MEETING, OURS, owner=owner)) for owner in (ME, SOMEBODY_ELSE)]

    assert asked == [True, False]


def test_who_was_taken_off_is_told_although_nothing_is_theirs_any_more() -> None:
    assert may_receive(Actor(ME), "removed", Thing(Kind.MEETING, OURS, owner=ME))
    assert may_receive(Actor(), "removed-outsider", Thing(Kind.MEETING, OURS))
    assert not may_receive(Actor(ME), "held", Thing(Kind.MEETING, OURS, owner=ME))


def test_the_visitor_of_the_demo_may_in_every_meeting_what_a_chair_may() -> None:
    chair = Actor(ME, frozenset({Held(Who.CHAIR, OURS)}))

    for act in Act:
        for kind in Kind:
            thing = Thing(kind, OURS)
            assert may(DEMO_VISITOR, act, thing) == may(chair, act, thing), (act, kind)


def test_whoever_may_open_a_page_may_sign_in_and_knows_of_the_meeting() -> None:
    for who in IN_A_MEETING:
        actor = Actor(ME, frozenset({Held(who, OURS)}))
        assert may(actor, Act.OPEN, Thing(Kind.MEETING, OURS)) <= may(actor, Act.SIGN_IN, THE_SITE)
        assert may(actor, Act.OPEN, Thing(Kind.MEETING, OURS)) <= may(actor, Act.KNOW_OF, Thing(Kind.MEETING, OURS))


@pytest.mark.parametrize(
    ("days", "is_one"), [(-8, False), (-7, True), (0, True), (1, True), (2, False)], ids=lambda value: str(value)
)
def test_a_stand_in_is_one_from_a_week_before_until_the_day_after(days: int, is_one: bool) -> None:
    start = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
    standing = Standing(Who.STAND_IN, OURS, "Europe/Berlin", stand_in_term(start, "Europe/Berlin"), MINE)

    assert bool(actor_of(ME, [standing], start + timedelta(days=days)).held) is is_one


def test_a_day_is_the_day_where_the_meeting_is_held() -> None:
    chair = Standing(Who.CHAIR, OURS, "Pacific/Auckland", Term(TODAY, TODAY))

    at = [actor_of(ME, [chair], moment).held for moment in (NOW - timedelta(hours=20), NOW + timedelta(hours=4))]

    assert [bool(held) for held in at] == [True, False]


def test_a_chair_with_a_last_day_is_an_acting_one() -> None:
    until = Standing(Who.CHAIR, OURS, "UTC", Term(TODAY, TODAY))

    assert [one.who for one in actor_of(ME, [until], NOW).held] == [Who.ACTING_CHAIR]


def test_who_stood_in_is_told_for_a_week_of_that_occurrence_and_of_no_other() -> None:
    start = datetime(2026, 2, 26, 9, tzinfo=UTC)
    sat = Standing(Who.STAND_IN, OURS, "UTC", stand_in_term(start, "UTC"), MINE)
    gone = Standing(Who.DELEGATE, OURS, "UTC", Term(date(2026, 1, 1), date(2026, 2, 26)), MINE)

    def is_told(about: datetime, now: datetime) -> bool:
        return bool(actor_of(ME, as_told_of([sat, gone], about), now).held)

    assert is_told(start, start + timedelta(days=7))
    assert not is_told(start, start + timedelta(days=8))
    assert not is_told(start - timedelta(days=7), start + timedelta(days=3))
