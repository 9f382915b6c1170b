"""Doubt means fewer writes: what of the drift is written now, what waits for a person, what for a time."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.domain.roster import StandInCause
from governance.reconcile.drift import Situation, find_drift
from governance.reconcile.observed import Guest
from governance.reconcile.plan import (
    Applied,
    CountedAs,
    HoldKind,
    Key,
    Plan,
    Standing,
    checksum_of,
    make_plan,
)
from tests.reconcile.situations import (
    AMARA,
    CHAIR,
    FINANCE,
    HENRIK,
    JONAS,
    LEGAL,
    MEI,
    MONDAY,
    SEATED,
    SECURITY,
    THURSDAY,
    TOMAS,
    VERA,
    exception,
    guest,
    in_order,
    person,
    seat,
    situation,
    stand_in,
)

STRANGERS = tuple(guest(f"stranger{number}@elsewhere.org") for number in range(20))


def planned(told: Situation, standing: Standing | None = None) -> Plan | None:
    return make_plan("steering", told, find_drift(told), standing or Standing())


def some_plan(told: Situation, standing: Standing | None = None) -> Plan:
    plan = planned(told, standing)
    assert plan is not None
    return plan


def holds(plan: Plan) -> set[HoldKind | None]:
    return {one.held.kind if one.held else None for one in plan.changes}


def applied(key: Key, *, ago: timedelta, counted_as: CountedAs = CountedAs.OTHER) -> Applied:
    return Applied(key, counted_as, MONDAY - ago)


def test_there_is_no_plan_when_nothing_is_to_be_done() -> None:
    assert planned(in_order()) is None


def test_a_single_repair_is_written_at_once() -> None:
    plan = some_plan(situation(guests=(*SEATED, STRANGERS[0])))

    assert {None} == holds(plan)
    assert plan.checksum is None


def test_the_whole_first_plan_waits() -> None:
    told = situation(guests=(*SEATED, STRANGERS[0]), event={"guests_can_invite": True})

    plan = some_plan(told, Standing(first_plan_is_open=True))

    assert {HoldKind.FIRST_PLAN} == holds(plan)
    assert plan.to_write == ()


def test_removal_for_a_missing_mandate_always_waits() -> None:
    seats = (seat(FINANCE, "Finance", AMARA, mandated=False), seat(LEGAL, "Legal", HENRIK), seat(SECURITY, "IT", MEI))

    plan = some_plan(situation(roster={"seats": seats}))

    assert {HoldKind.NO_MANDATE} == holds(plan)


def test_two_wanted_people_may_go_and_three_wait_together() -> None:
    """Above max(2, a quarter of the baseline of four): the third makes all three wait, the stranger still goes."""
    vacant = tuple(seat(id_, name, None) for id_, name in ((FINANCE, "Finance"), (LEGAL, "Legal")))
    two = situation(roster={"seats": (*vacant, seat(SECURITY, "IT Security", MEI))})
    wanted = (AMARA.address, HENRIK.address, MEI.address, VERA.address)
    three = situation(
        guests=(*SEATED, guest(VERA), STRANGERS[0]),
        roster={"seats": (*vacant, seat(SECURITY, "IT Security", MEI))},
        picture={"baseline": frozenset(wanted)},
    )

    assert {None} == holds(some_plan(two))
    assert {
        (AMARA.address, HoldKind.WANTED_PEOPLE),
        (HENRIK.address, HoldKind.WANTED_PEOPLE),
        (VERA.address, HoldKind.WANTED_PEOPLE),
        (STRANGERS[0].address, None),
    } == {(one.change.target, one.held.kind if one.held else None) for one in some_plan(three).changes}


def test_a_quarter_of_a_large_baseline_may_go() -> None:
    people = [person(1000 + number, f"p{number:02}") for number in range(16)]
    told = situation(
        guests=(*SEATED, *(guest(one.address) for one in people[:4])),
        picture={"baseline": frozenset(one.address for one in people)},
    )

    assert {None} == holds(some_plan(told))


def test_removals_of_the_rolling_day_count() -> None:
    gone = [
        applied(("series", "remove-guest", f"gone{n}@example.com"), ago=timedelta(hours=23), counted_as=counted)
        for n, counted in enumerate([CountedAs.WANTED_REMOVAL, CountedAs.WANTED_REMOVAL])
    ]
    told = situation(roster={"seats": (seat(FINANCE, "Finance", None), *_two_seats())})

    assert {None} == holds(some_plan(told))
    assert {HoldKind.WANTED_PEOPLE} == holds(some_plan(told, Standing(applied=tuple(gone))))


def test_ten_strangers_may_go_and_eleven_wait() -> None:
    assert {None} == holds(some_plan(situation(guests=(*SEATED, *STRANGERS[:10]))))
    assert {HoldKind.STRANGERS} == holds(some_plan(situation(guests=(*SEATED, *STRANGERS[:11]))))


def test_more_additions_than_two_wait() -> None:
    told = situation(guests=(guest(CHAIR),), picture={"baseline": frozenset({CHAIR.address})})

    assert {HoldKind.ADDITIONS} == holds(some_plan(told))


def test_everything_waits_when_no_delegate_would_remain() -> None:
    told = situation(
        guests=(guest(AMARA), STRANGERS[0]),
        event={"guests_can_invite": True},
        roster={"seats": tuple(seat(id_, name, None) for id_, name in ((FINANCE, "Finance"), (LEGAL, "Legal")))},
    )

    assert {HoldKind.NO_DELEGATE} == holds(some_plan(told))


def test_everything_waits_when_those_who_go_would_leave_only_those_who_wait_to_be_added() -> None:
    """A renamed domain: everybody on the invitation is a stranger, and too many delegates are to be added."""
    renamed = tuple(guest(f"delegate{number}@example.net") for number in range(3))
    told = situation(guests=renamed, picture={"baseline": frozenset(one.address for one in SEATED)})

    assert {HoldKind.NO_DELEGATE} == holds(some_plan(told))


def test_stand_ins_and_visitors_are_counted_apart() -> None:
    told = situation(roster=stand_in(FINANCE, JONAS, StandInCause.HANDED_OVER))
    full = Standing(
        applied=tuple(
            applied(("series", "add-guest", f"n{n}@example.com"), ago=timedelta(hours=1), counted_as=CountedAs.ADDITION)
            for n in range(9)
        )
    )

    assert {None} == holds(some_plan(told, full))


class TestApproval:
    def test_releases_exactly_the_set_it_was_given_for(self) -> None:
        told = situation(guests=(*SEATED, STRANGERS[0]))
        first = some_plan(told, Standing(first_plan_is_open=True))
        released = frozenset(first.keys_for_approval)
        later = situation(guests=(*SEATED, STRANGERS[0], *STRANGERS[5:16]))

        plan = some_plan(later, Standing(released=released))

        assert {STRANGERS[0].address} == {change.target for change in plan.to_write}

    def test_all_guests_answer_between_plan_and_approval_and_the_checksum_is_the_same(self) -> None:
        standing = Standing(first_plan_is_open=True)
        before = some_plan(situation(guests=(*SEATED, STRANGERS[0])), standing)
        answered = tuple(guest(one.address or "", "accepted") for one in (*SEATED, STRANGERS[0]))
        after = some_plan(situation(guests=answered, event={"etag": '"77"'}), standing)

        assert before.checksum is not None
        assert before.checksum == after.checksum

    def test_the_checksum_differs_when_one_more_change_is_held(self) -> None:
        standing = Standing(first_plan_is_open=True)

        one = some_plan(situation(guests=(*SEATED, STRANGERS[0])), standing)
        two = some_plan(situation(guests=(*SEATED, *STRANGERS[:2])), standing)

        assert one.checksum != two.checksum

    @given(st.lists(st.tuples(st.text(max_size=8), st.text(max_size=8), st.text(max_size=8)), max_size=8))
    def test_the_checksum_is_of_a_set(self, keys: list[Key]) -> None:
        assert checksum_of(keys) == checksum_of([*reversed(keys), *keys])


class TestWaitingForATime:
    def test_nobody_is_removed_from_sixty_minutes_before_until_the_end(self) -> None:
        told = {"guests": (*SEATED, STRANGERS[0]), "event": {"guests_can_invite": True}}
        hour = timedelta(hours=1)
        at = {
            "61 minutes before": THURSDAY - hour - timedelta(minutes=1),
            "60 minutes before": THURSDAY - hour,
            "running": THURSDAY + hour / 2,
            "over": THURSDAY + hour,
        }

        waits = {
            name: {
                one.change.kind.value: one.held.kind if one.held else None
                for one in some_plan(situation(**told, now=now)).changes
            }
            for name, now in at.items()
        }

        free = {"remove-guest": None, "set-flag": None}
        near = {"remove-guest": HoldKind.NEAR_START, "set-flag": None}
        assert waits == {"61 minutes before": free, "60 minutes before": near, "running": near, "over": free}

    def test_an_approval_does_not_shorten_that_hour(self) -> None:
        told = situation(guests=(*SEATED, STRANGERS[0]), now=THURSDAY - timedelta(minutes=5))
        key = ("series", "remove-guest", STRANGERS[0].address or "")

        plan = some_plan(told, Standing(released=frozenset({key})))

        assert {HoldKind.NEAR_START} == holds(plan)
        assert plan.checksum is None

    def test_a_delegate_is_put_back_once_a_day(self) -> None:
        told = situation(guests=SEATED[1:])
        key = ("series", "add-guest", AMARA.address)
        put_back = applied(key, ago=timedelta(hours=23), counted_as=CountedAs.PUT_BACK)

        assert {None} == holds(some_plan(told))
        plan = some_plan(told, Standing(applied=(put_back,)))
        assert {HoldKind.ONCE_A_DAY} == holds(plan)
        assert "I15" in {finding.rule for finding in plan.findings}

    def test_the_first_addition_is_no_putting_back(self) -> None:
        told = situation(guests=SEATED[1:])
        key = ("series", "add-guest", AMARA.address)
        first = applied(key, ago=timedelta(hours=2), counted_as=CountedAs.APPROVED)

        assert {None} == holds(some_plan(told, Standing(applied=(first,))))

    @pytest.mark.parametrize(
        ("times", "last", "expected"),
        [(2, 10, None), (3, 10, HoldKind.CONTESTED), (3, 61, None)],
        ids=["twice undone", "three times, ten minutes ago", "three times, an hour ago"],
    )
    def test_what_is_undone_three_times_is_tried_once_an_hour(
        self, times: int, last: int, expected: HoldKind | None
    ) -> None:
        told = situation(event={"guests_can_invite": True})
        key = ("series", "set-flag", "guests-can-invite")
        tries = tuple(applied(key, ago=timedelta(minutes=last + 100 * n)) for n in range(times))

        assert {expected} == holds(some_plan(told, Standing(applied=tries)))

    def test_a_paused_meeting_is_shown_and_not_written(self) -> None:
        plan = some_plan(situation(guests=(*SEATED, STRANGERS[0])), Standing(paused_because="It is paused"))

        assert {HoldKind.PAUSED} == holds(plan)

    def test_while_google_lets_the_account_write_nothing(self) -> None:
        rest = Standing(writes_paused_until=MONDAY + timedelta(minutes=1))

        assert {HoldKind.WRITES_PAUSED} == holds(some_plan(situation(guests=(*SEATED, STRANGERS[0])), rest))


def test_a_restored_copy_holds_everything() -> None:
    told = situation(guests=(*SEATED, STRANGERS[0]), event={"guests_can_invite": True})

    assert {HoldKind.RESTORED} == holds(some_plan(told, Standing(is_restored_copy=True)))


def test_a_plan_prints_itself_as_json() -> None:
    told = situation(
        guests=(*SEATED, STRANGERS[0]),
        event={"guests_can_invite": True},
        exceptions=(exception(THURSDAY, *SEATED, guest(TOMAS)),),
    )

    printed = some_plan(told, Standing(first_plan_is_open=True)).to_json()

    assert {"meeting", "observed_at", "checksum", "changes", "findings"} == set(printed)
    assert printed["observed_at"] == "2026-11-23T08:00:00Z"
    assert [
        ("weekly", None, "remove-guest", "stranger0@elsewhere.org", None, "I01"),
        ("weekly", None, "set-flag", None, "guests-can-invite", "I09"),
        ("weekly_20261126T090000Z", "2026-11-26T09:00:00Z", "remove-guest", TOMAS.address, None, "I02"),
    ] == [tuple(c[key] for key in ("event", "occurrence", "kind", "email", "flag", "rule")) for c in printed["changes"]]
    assert {"The first plan of a meeting waits for approval"} == {c["held"] for c in printed["changes"]}


def _two_seats() -> tuple[object, ...]:
    return (seat(LEGAL, "Legal", HENRIK, TOMAS), seat(SECURITY, "IT Security", MEI))


@given(st.lists(st.sampled_from([*SEATED, *STRANGERS[:12], guest(JONAS), guest(TOMAS)]), unique_by=lambda g: g.address))
def test_a_plan_never_writes_more_removals_than_the_limits_allow(guests: list[Guest]) -> None:
    """Whatever the list looks like: at most ten strangers and max(2, a quarter) of the wanted go unasked."""
    plan = planned(situation(guests=tuple(guests)))

    gone = [c.target for c in plan.to_write if c.kind.value == "remove-guest"] if plan else []
    wanted = [one for one in gone if one in {AMARA.address, HENRIK.address, MEI.address}]
    assert len(gone) - len(wanted) <= 10
    assert len(wanted) <= 2


def test_the_instants_of_a_situation_are_aware() -> None:
    assert isinstance(in_order().now, datetime)
    assert in_order().now.tzinfo is not None
