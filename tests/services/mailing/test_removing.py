"""Who hears of a removal, over values; and when the operators are woken."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from governance.services.mailing.attention import LASTS, SLIGHT, attention, noted
from governance.services.mailing.removing import TakenOff, told_of, with_more
from governance.services.problems import WRITES_PAUSED, Problem

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
ADDRESSES = st.sampled_from([f"p{number}@example.com" for number in range(5)])
TAKEN = st.builds(
    lambda address, known, inside, group, seat: TakenOff(
        address=address, writes_to=address, why="Because", name="Mallory", person_id=UUID(int=1) if known else None,
        is_inside=inside, is_group=group, department="Finance" if seat else None,
        seat_id=UUID(int=2) if seat else None, delegate="Amara" if seat else None,
    ),
    ADDRESSES, st.booleans(), st.booleans(), st.booleans(), st.booleans(),
)  # fmt: skip


@given(
    taken=st.lists(TAKEN, max_size=8), lately=st.sets(ADDRESSES), contact=st.sampled_from([None, "chair@example.com"])
)
def test_only_known_colleagues_hear_names_groups_nothing_and_everybody_is_accounted_for(
    taken: list[TakenOff], lately: set[str], contact: str | None
) -> None:
    found = told_of(taken, told_lately=lately, contact=contact, on=TODAY)

    assert {one.one.address for one in found} == {one.address for one in taken}
    for one in found:
        assert (one.post is None) == (one.note is not None)
        if one.post is not None:
            assert not one.one.is_group
            assert one.one.address not in lately
            outsider = one.post.facts.KIND == "removed-outsider"
            assert outsider is not one.one.is_inside
            said = str(one.post.facts)
            assert outsider <= ("Mallory" not in said and "Amara" not in said and "Because" not in said)
            assert {link.name for link in one.post.links} <= {"apply", "note"}


@given(first=st.lists(TAKEN, max_size=5), second=st.lists(TAKEN, max_size=5))
def test_a_digest_lists_everybody_once_and_keeps_the_numbers_of_its_links(
    first: list[TakenOff], second: list[TakenOff]
) -> None:
    def told(taken: list[TakenOff]) -> list[object]:
        return list(told_of(taken, told_lately=(), contact="c@example.com", on=TODAY))

    before = with_more([], told(first))  # type: ignore[arg-type]
    after = with_more(before, told(second))  # type: ignore[arg-type]

    assert after[: len(before)] == before
    addresses = [line["address"] for line in after]
    assert sorted(addresses) == sorted({one.address for one in (*first, *second)})


def problem(code: str = "no-worker", meeting: str | None = None) -> Problem:
    return Problem(code=code, meeting=meeting, text="It stands still", remedy="Start it")


def test_while_all_is_well_nobody_is_woken() -> None:
    assert list(attention([], {}, ["ops@example.com"], on=TODAY, now=NOW)) == []


@given(minutes=st.lists(st.integers(0, 12), min_size=1, max_size=20).map(sorted), gone=st.sets(st.integers(0, 12)))
def test_only_what_has_been_there_for_five_minutes_without_a_pause_wakes_somebody(
    minutes: list[int], gone: set[int]
) -> None:
    since: dict[tuple[str, str | None], datetime] = {}
    began: datetime | None = None
    for minute in minutes:
        now = NOW + timedelta(minutes=minute)
        there = [] if minute in gone else [problem()]
        since = noted(since, there, now)
        began = None if not there else began or now

        posts = list(attention(there, since, ["ops@example.com"], on=TODAY, now=now))

        assert bool(posts) == (began is not None and now - began >= LASTS)


def test_the_same_set_of_codes_is_one_mail_a_day_and_slight_trouble_none() -> None:
    since: dict[tuple[str, str | None], datetime] = {
        (code, None): NOW - timedelta(hours=1) for code in ("no-worker", "not-read", WRITES_PAUSED)
    }

    def about(*codes: str, on: date = TODAY) -> list[str]:
        return [post.about for post in attention([problem(one) for one in codes], since, ["o@x.com"], on=on, now=NOW)]

    assert about("no-worker", "not-read") == about("not-read", "no-worker", WRITES_PAUSED)
    assert about("no-worker") != about("no-worker", "not-read")
    assert about("no-worker") != about("no-worker", on=TODAY + timedelta(days=1))
    assert about(*SLIGHT) == []
