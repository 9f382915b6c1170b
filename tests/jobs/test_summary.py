"""Summaries go by themselves: each once, whoever looks, however often, and whatever the clock does meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

import jobs.summary
from governance.database import Database
from governance.domain.access import actor_of
from governance.domain.event_ids import occurrence_id
from governance.models import Brief, CharterVersion, EventPicture, Meeting, Outbox, Person, Series, StandIn
from governance.services import occurrences, people, seats, settings
from governance.services.charters import set_charter
from governance.services.delivery import still_theirs
from governance.services.preferences import mute
from governance.services.settings import RoleKind
from governance.services.summaries import posting, together
from governance.services.summaries.by_hand import check_tells
from governance.services.summaries.choosing import HourRefused, choose_hour
from governance.services.summaries.posting import ready
from governance.store.meetings import meeting_by_slug
from governance.store.people import person_by_address
from governance.store.standing_of_people import standing_of_person
from jobs.summary import Summaries
from tests.services.summaries.test_building import OFFICE
from tests.support.posted import keys, link, posted
from tests.web.promising import promise
from tests.web.scenes import CAST, CHAIR, SCRIBE, SLUG, Scene, in_order

EVERYBODY = sorted([CHAIR, SCRIBE, *(one[2] for one in CAST)])
AMARA, ANNA = CAST[0][2], CAST[1][2]
FIRST, SECOND, THIRD = (f"2026-{day}T09:00:00Z" for day in ("11-26", "12-03", "12-10"))
TO_THE_END = timedelta(days=3, minutes=30)
"""From Monday 9:30 to Thursday 10:00 in UTC, when the occurrence is over."""


def worker(scene: Scene, *, minutes: int = 0) -> Summaries:
    """Whose clock is so far ahead."""
    ahead = timedelta(minutes=minutes)
    return Summaries(
        scene.database, zone="UTC", clock=lambda: scene.now + ahead, monotonic=lambda: scene.now.timestamp()
    )


def told(database: Database, kind: str = "summary") -> list[tuple[str, str]]:
    return sorted((one.about, one.address) for one in posted(database, kind))


def test_an_idle_installation_writes_nothing_and_asks_little(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    one = worker(scene)
    one.look()
    statements()

    for _ in range(3):
        scene.now += timedelta(seconds=60)
        assert one.look() == 0

    sent = statements()
    assert [one for one in sent if not one.lstrip().upper().startswith(("SELECT", "BEGIN", "PRAGMA"))] == []
    assert len(sent) <= 3 * 12


def test_an_hour_after_the_end_everybody_with_a_part_hears_once(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    one, other = worker(scene), worker(scene)
    counts = []
    for minutes in (0, 59, 1, 1, 60 * 24 * 6):
        scene.now += timedelta(minutes=minutes) if minutes else TO_THE_END
        counts.append((one.look(), other.look()))

    assert counts == [(0, 0), (0, 0), (len(EVERYBODY), 0), (0, 0), (0, 0)]
    assert told(database) == [("2026-11-26T09:00:00Z", address) for address in EVERYBODY]


def choose(scene: Scene, address: str, at: str | None, *, is_together: bool = False) -> None:
    with scene.database.writing() as session:
        person = person_by_address(session, address)
        assert person is not None
        choose_hour(session, person, at, is_together=is_together, now=scene.now, source="test")


def charter(scene: Scene, hour: str, slug: str = SLUG) -> None:
    with scene.database.writing() as session:
        set_charter(session, meeting(session, slug), f'summary = "{hour}"\n', actor="test", now=scene.now)


def meeting(session: Any, slug: str = SLUG) -> Meeting:
    found = meeting_by_slug(session, slug)
    assert found is not None
    return found


def look_until(scene: Scene, until: datetime, *workers: Summaries, hours: int = 8) -> list[tuple[str, int]]:
    """When something was posted, and how many."""
    found = []
    while scene.now < until:
        scene.now += timedelta(hours=hours)
        count = sum(one.look() for one in workers)
        if count:
            found.append((f"{scene.now:%a %d %H:%M}", count))
    return found


def test_workers_whose_clocks_are_minutes_apart_are_as_one(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    workers = (worker(scene, minutes=4), worker(scene), worker(scene, minutes=-3))
    scene.now += TO_THE_END + timedelta(minutes=54)
    counts = []
    for _ in range(10):
        counts.append([one.look() for one in workers])
        scene.now += timedelta(minutes=1)

    assert counts == [[0, 0, 0], [0, 0, 0], [len(EVERYBODY), 0, 0], *[[0, 0, 0]] * 7]
    assert told(sqlite_database) == [(FIRST, address) for address in EVERYBODY]


def test_several_workers_at_once_post_each_mail_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them have read that nobody was told when the first begins to write."""
    scene = Scene(database)
    in_order(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    together = threading.Barrier(3, timeout=20)
    counts: list[int] = []

    def ready_together(*given: Any) -> Any:
        found = ready(*given)
        together.wait()
        return found

    monkeypatch.setattr("jobs.summary.ready", ready_together)
    threads = [threading.Thread(target=lambda: counts.append(worker(scene).look())) for _ in range(3)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert sorted(counts) == [0, 0, len(EVERYBODY)]
    assert told(database) == [(FIRST, address) for address in EVERYBODY]


# At which hour


def test_the_charter_says_when_and_a_reader_may_say_otherwise(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    charter(scene, "Fri 16:00")
    choose(scene, AMARA, "2h")
    choose(scene, ANNA, "Sat 09:00")

    found = look_until(scene, scene.now + timedelta(days=9), worker(scene), worker(scene))

    others = len(EVERYBODY) - 2
    assert found == [("Thu 26 17:30", 1), ("Fri 27 17:30", others), ("Sat 28 09:30", 1)]
    assert told(sqlite_database) == [(FIRST, address) for address in EVERYBODY]


def test_a_choice_made_after_the_others_were_told_is_still_this_week_s(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    choose(scene, AMARA, "Sat 09:00")
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    first = one.look()

    choose(scene, AMARA, None)
    choose(scene, ANNA, "Sat 09:00")

    assert (first, one.look(), one.look()) == (len(EVERYBODY) - 1, 1, 0)
    assert look_until(scene, scene.now + timedelta(days=4), one) == []


@pytest.mark.parametrize(("at", "is_together"), [("73h", False), ("1h", True), (None, True), ("Fri 25:00", False)])
def test_an_hour_that_nobody_could_keep_is_refused(
    sqlite_database: Database, at: str | None, is_together: bool
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)

    with pytest.raises(HourRefused, match=r"^(Enter|Choose)"):
        choose(scene, AMARA, at, is_together=is_together)


@pytest.mark.parametrize("kind", ["summary", "summaries"])
def test_whoever_stood_in_hears_of_that_occurrence_for_a_week_though_they_read_nothing_else_by_then(
    sqlite_database: Database, kind: str
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    charter(scene, "Mon 08:00")
    sat = "sat.in@example.com"
    with sqlite_database.writing() as session:
        then = occurrences.next_occurrence(session, meeting(session), scene.now)
        assert then is not None
        session.add(
            StandIn(
                seat_id=seats.seat_of(session, meeting(session), "Finance").id,
                occurrence_id=occurrences.kept_occurrence(session, then).id,
                person_id=people.person_named(session, sat, "Sat In").id, by="test", cause="named", at=scene.now,
            )
        )  # fmt: skip
    if kind == "summaries":
        choose(scene, sat, "Mon 08:00", is_together=True)

    look_until(scene, scene.now + timedelta(days=8), worker(scene))

    with sqlite_database.reading() as session:
        row = session.scalars(select(Outbox).where(Outbox.kind == kind, Outbox.address == sat)).one()
        on_monday = row.due_at
        theirs = [still_theirs(session, row, OFFICE, on_monday + timedelta(days=days)) for days in (0, 3, 4)]
        standings = standing_of_person(session, row.person_id).standings
        held = actor_of(row.person_id, standings, on_monday).held
    facts = row.facts_json["facts"]
    assert (facts["meetings"][0]["facts"] if kind == "summaries" else facts)["attendance"]
    assert theirs == [True, True, False]
    assert held == frozenset()


# Missed, moved, cancelled


def test_after_three_weeks_each_hears_once_of_all_of_it(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    one.look()
    told_at = scene.now

    scene.now += timedelta(days=21, hours=5)
    successor = worker(scene)
    counts = [successor.look(), one.look(), worker(scene).look()]

    assert counts == [len(EVERYBODY), 0, 0]
    newest = [row for row in posted(sqlite_database, "summary") if row.about == "2026-12-17T09:00:00Z"]
    assert {row.facts["since"] for row in newest} == {told_at.isoformat()}
    assert len(newest) == len(EVERYBODY)


def test_a_clock_that_is_set_back_and_forth_doubles_nothing(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    ahead, behind = worker(scene), worker(scene)
    counts = []
    scene.now += TO_THE_END + timedelta(hours=1)

    for minutes in (0, -90, 60, 60, -60 * 26, 60 * 27, 60 * 24 * 14, -60 * 24 * 14, 60 * 24 * 7):
        scene.now += timedelta(minutes=minutes)
        counts.append(ahead.look() + behind.look() + worker(scene).look())

    everybody = len(EVERYBODY)
    assert counts == [everybody, 0, 0, 0, 0, 0, everybody, 0, everybody]
    assert told(sqlite_database) == sorted((key, address) for key in (FIRST, SECOND, THIRD) for address in EVERYBODY)


def test_a_moved_occurrence_is_told_of_when_it_is_over_and_a_cancelled_one_when_it_would_have_been(
    sqlite_database: Database,
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    one.look()
    start = datetime.fromisoformat(FIRST)
    exception(scene, FIRST, start=start - timedelta(days=1), end=start - timedelta(hours=23))
    exception(scene, SECOND, status="cancelled", start=None, end=None)
    scene.cycle()

    found = look_until(scene, scene.now + timedelta(days=14), one)

    assert found == [("Wed 25 17:30", len(EVERYBODY)), ("Thu 03 17:30", len(EVERYBODY))]
    assert {(row.about, row.facts["is_cancelled"]) for row in posted(sqlite_database, "summary")} == {
        (FIRST, False), (SECOND, True),
    }  # fmt: skip


def test_after_a_cancelled_one_the_next_tells_of_what_happened_since_the_last_that_was_held(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    one = worker(scene)
    one.look()
    exception(scene, SECOND, status="cancelled", start=None, end=None)
    scene.cycle()
    scene.now += TO_THE_END + timedelta(hours=1)
    one.look()
    told_at = scene.now

    for _ in range(2):
        scene.now += timedelta(days=7)
        one.look()

    newest = [row for row in posted(database, "summary") if row.about == THIRD]
    assert {row.facts["since"] for row in newest} == {told_at.isoformat()}
    assert len(newest) == len(EVERYBODY)


@pytest.mark.parametrize("is_moved", [False, True], ids=["cancelled", "a week without"])
def test_after_an_outage_what_was_held_is_told_also_where_the_newest_is_nothing_to_tell(
    sqlite_database: Database, is_moved: bool
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    start = datetime.fromisoformat(SECOND)
    later = {"start": start + timedelta(days=11), "end": start + timedelta(days=11, hours=1)}
    exception(scene, SECOND, **(later if is_moved else {"status": "cancelled", "start": None, "end": None}))
    scene.cycle()
    choose(scene, AMARA, "1h")
    choose(scene, ANNA, "Fri 08:00", is_together=True)
    scene.now = start + timedelta(hours=23)

    counts = [one.look() for one in (worker(scene), worker(scene))]

    everybody = [one for one in EVERYBODY if one != ANNA]
    cancelled = [] if is_moved else [(SECOND, one) for one in everybody]
    assert told(sqlite_database) == sorted([*((FIRST, one) for one in everybody), *cancelled])
    [together] = posted(sqlite_database, "summaries")
    assert [one["facts"]["start"] for one in together.facts["meetings"]] == [FIRST.replace("Z", "+00:00")]
    assert counts == [len(everybody) + len(cancelled) + 1, 0]


def test_of_two_meetings_a_week_the_one_that_was_held_is_told_beside_the_one_that_was_not(
    sqlite_database: Database,
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    scene.calendar.change(f"event-{SLUG}", recurrence=("RRULE:FREQ=WEEKLY;BYDAY=TU,TH",))
    exception(scene, FIRST, status="cancelled", start=None, end=None)
    scene.cycle()
    charter(scene, "Fri 16:00")

    look_until(scene, scene.now + timedelta(days=5), worker(scene))

    held = "2026-11-24T09:00:00Z"
    assert told(sqlite_database) == sorted((key, one) for key in (held, FIRST) for one in EVERYBODY)


def exception(scene: Scene, key: str, **fields: Any) -> None:
    series, start = scene.calendar.events[f"event-{SLUG}"], datetime.fromisoformat(key)
    of_day = {
        "id": occurrence_id(series.id, start, all_day=False, time_zone="UTC"),
        "series_id": series.id,
        "original_start": start,
        "recurrence": (),
    }
    scene.calendar.put(replace(series, **of_day, **fields))


# Never


@pytest.mark.parametrize("rest", ["paused", "frozen", "restored"])
def test_what_came_due_while_a_meeting_rested_is_not_told_afterwards(sqlite_database: Database, rest: str) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    changes: dict[str, dict[str, Any]] = {"frozen": {"frozen_code": "event-gone"}, "restored": {"restored_hold": True}}
    if rest == "paused":
        with sqlite_database.writing() as session:
            settings.pause(session, meeting(session), by=CHAIR, actor="test", now=scene.now)
    scene.change_meeting(**changes.get(rest, {}))
    resting = look_until(scene, scene.now + timedelta(days=5), one)

    if rest == "paused":
        with sqlite_database.writing() as session:
            settings.resume(session, meeting(session), actor="test", now=scene.now)
    scene.change_meeting(frozen_code=None, restored_hold=False)
    after = look_until(scene, scene.now + timedelta(days=7), one)

    assert (resting, after) == ([], [("Thu 03 17:30", len(EVERYBODY))])


def test_the_last_occurrence_of_a_series_is_summed_up_although_nothing_follows(sqlite_database: Database) -> None:
    """A cycle after its end finds no occurrence to come, and freezes the meeting before anything is due."""
    scene = Scene(sqlite_database)
    in_order(scene)
    scene.calendar.change(f"event-{SLUG}", recurrence=("RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261127T000000Z",))
    choose(scene, AMARA, "Thu 18:00", is_together=True)
    scene.now += TO_THE_END + timedelta(minutes=5)
    scene.cycle()
    one = worker(scene)

    with sqlite_database.reading() as session:
        assert meeting(session).frozen_code == "no-occurrence"
        check_tells(session, meeting(session), scene.now)
    assert look_until(scene, scene.now + timedelta(days=1), one, hours=2) == [
        ("Thu 26 12:05", len(EVERYBODY) - 1), ("Thu 26 18:05", 1),
    ]  # fmt: skip


def test_of_a_meeting_that_begins_nobody_hears_what_was_before(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database, now=datetime.fromisoformat(FIRST) + timedelta(minutes=70))
    in_order(scene)

    assert look_until(scene, scene.now + timedelta(days=6), worker(scene)) == []
    scene.change_meeting(released_at=scene.now)
    assert look_until(scene, scene.now + timedelta(days=6), worker(scene)) == []


def test_a_meeting_that_cannot_be_summed_up_keeps_no_other_waiting(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    broken = meeting_id(scene, SLUG)
    gather = posting.gather

    def breaking(session: Any, one: Meeting, *more: Any) -> Any:
        if one.id == broken:
            raise LookupError("an occurrence that nobody thought of")
        return gather(session, one, *more)

    scene.now += TO_THE_END + timedelta(hours=1)
    with monkeypatch.context() as patched:
        patched.setattr(posting, "gather", breaking)
        first = worker(scene).look()

    assert (first, worker(scene).look()) == (len(EVERYBODY), len(EVERYBODY))


def test_a_meeting_whose_zone_nobody_knows_keeps_no_other_waiting(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    scene.change_meeting("other", time_zone="Nowhere/Land")
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)

    assert (one.look(), one.look()) == (len(EVERYBODY), 0)


@pytest.mark.parametrize("broken", ["charter", "rule"])
def test_a_meeting_that_cannot_be_read_keeps_no_other_waiting(sqlite_database: Database, broken: str) -> None:
    """What is stored of it is older than the program, or was changed by hand."""
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    charter(scene, "2h", "other")
    with sqlite_database.writing() as session:
        if broken == "charter":
            for version in session.scalars(select(CharterVersion)):
                version.source = "summary = 'whenever'"
        else:
            series = select(Series.id).where(Series.meeting_id == meeting(session, "other").id)
            for picture in session.scalars(select(EventPicture).where(EventPicture.series_id.in_(series))):
                picture.body_json = {**picture.body_json, "recurrence": ["RRULE:FREQ=WEEKLY;BYDAY=XX"]}
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=3)

    assert (one.look(), one.look()) == (len(EVERYBODY), 0)


def breaking_for(broken: Any, real: Callable[..., Any]) -> Callable[..., Any]:
    def breaking(session: Any, one: Meeting, *more: Any, **named: Any) -> Any:
        if one.id == broken:
            raise LookupError("an occurrence that nobody thought of")
        return real(session, one, *more, **named)

    return breaking


@pytest.mark.parametrize("part", ["gather", "keep_brief"])
def test_a_meeting_that_cannot_be_summed_up_is_left_out_of_the_one_mail(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """Where only its brief cannot be written it is there without."""
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    choose(scene, AMARA, "Thu 08:00", is_together=True)
    scene.now += timedelta(days=10)
    for module in (together, posting) if part == "keep_brief" else (together,):
        monkeypatch.setattr(module, part, breaking_for(meeting_id(scene, "other"), getattr(module, part)))

    worker(scene).look()

    [row] = posted(sqlite_database, "summaries")
    briefs = {one["slug"]: one["facts"]["brief"] is not None for one in row.facts["meetings"]}
    assert briefs == {SLUG: True} | ({"other": False} if part == "keep_brief" else {})


def test_a_brief_that_cannot_go_keeps_neither_others_nor_sponsors_waiting(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    with sqlite_database.writing() as session:
        leader = people.person_named(session, "vera.lindholm@example.com", "Vera Lindholm")
        for slug in (SLUG, "other"):
            settings.set_role(
                session, meeting(session, slug), RoleKind.LEADERSHIP, [leader], actor="test", now=scene.now
            )
    one = worker(scene)
    scene.now += TO_THE_END + timedelta(hours=1)
    one.look()
    scene.now += timedelta(days=1)
    real, calls = jobs.summary.meeting_to_change, list[UUID]()

    def breaking(session: Any, wanted: UUID) -> Meeting:
        calls.append(wanted)
        if len(calls) == 1:
            raise LookupError("a meeting that nobody thought of")
        return real(session, wanted)

    with monkeypatch.context() as patched:
        patched.setattr(jobs.summary, "meeting_to_change", breaking)
        first = one.look()

    assert (first, one.look()) == (1, 1)


def meeting_id(scene: Scene, slug: str) -> Any:
    with scene.database.reading() as session:
        return meeting(session, slug).id


# One mail for all meetings


def test_one_mail_tells_of_all_meetings_at_the_site_s_hour(database: Database) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    choose(scene, ANNA, "Mon 08:00", is_together=True)
    with database.writing() as session:
        anna = person_by_address(session, ANNA)
        assert isinstance(anna, Person)
        mute(session, anna, meeting(session, "other"), "summaries", now=scene.now, source="test")

    found = look_until(scene, scene.now + timedelta(days=8), worker(scene), worker(scene))

    assert found == [("Thu 26 17:30", 2 * (len(EVERYBODY) - 2)), ("Mon 30 09:30", 2)]
    rows = {row.address: row for row in posted(database, "summaries")}
    assert {address: [one["slug"] for one in row.facts["meetings"]] for address, row in rows.items()} == {
        AMARA: ["other", SLUG], ANNA: [SLUG],
    }  # fmt: skip
    assert {row.about for row in rows.values()} == {"2026-11-30"}


def test_whoever_goes_over_to_one_mail_or_back_hears_of_each_occurrence_once(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    one = worker(scene)
    look_until(scene, scene.now + timedelta(days=4), one)
    choose(scene, AMARA, "Sat 08:00", is_together=True)
    at_once = look_until(scene, scene.now + timedelta(days=7), one)
    choose(scene, AMARA, "Fri 16:00")
    back = look_until(scene, scene.now + timedelta(days=3), one)

    assert at_once == [("Thu 03 17:30", len(EVERYBODY) - 1)]
    assert back == [("Fri 04 17:30", 1)]
    assert told(sqlite_database, "summaries") == []


def test_after_a_cancelled_one_the_one_mail_tells_of_that_week_as_well(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    exception(scene, FIRST, status="cancelled", start=None, end=None)
    scene.cycle()

    look_until(scene, scene.now + timedelta(days=22), worker(scene), hours=24)

    told_of = [row.facts["meetings"][0]["facts"] for row in posted(sqlite_database, "summaries")]
    assert [one["is_cancelled"] for one in told_of] == [True, False, False]
    assert told_of[1]["since"] == told_of[0]["since"]
    assert told_of[2]["since"] > told_of[1]["start"]


def test_of_a_meeting_that_rested_the_one_mail_tells_what_those_in_between_left_out(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    one = worker(scene)
    look_until(scene, scene.now + timedelta(days=8), one, hours=24)
    scene.change_meeting("other", frozen_code="event-gone")
    look_until(scene, scene.now + timedelta(days=14), one, hours=24)
    scene.change_meeting("other", frozen_code=None)

    look_until(scene, scene.now + timedelta(days=7), one, hours=24)

    mails = [
        {section["slug"]: section["facts"]["since"][:10] for section in row.facts["meetings"]}
        for row in posted(sqlite_database, "summaries")
    ]
    assert [sorted(mail) for mail in mails] == [[SLUG, "other"], [SLUG], [SLUG], [SLUG, "other"]]
    assert mails[-1] == {"other": "2026-11-30", SLUG: "2026-12-14"}


def test_a_mail_that_waited_for_a_person_told_no_more_for_it(sqlite_database: Database) -> None:
    """Also of one meeting alone."""
    scene = Scene(sqlite_database)
    in_order(scene)
    choose(scene, AMARA, "Mon 08:00", is_together=True)
    one = worker(scene)
    look_until(scene, scene.now + timedelta(days=8), one, hours=24)
    before = {row.address: row.facts for row in posted(sqlite_database, "summary", "summaries")}
    with sqlite_database.writing() as session:
        queued = {row.address: row.queued_at for row in session.scalars(select(Outbox)) if row.address in before}
        for row in session.scalars(select(Outbox)):
            row.due_at = scene.now + timedelta(days=1)

    look_until(scene, scene.now + timedelta(days=7), one, hours=24)

    for row in posted(sqlite_database, "summary", "summaries")[len(before) :]:
        facts = row.facts["meetings"][0]["facts"] if row.kind == "summaries" else row.facts
        assert facts["since"] == queued[row.address].isoformat()


def test_what_is_owed_is_settled_from_the_one_mail(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    for text in ("Pay out refunds on the same day", "Name a contact for complaints"):
        promise(scene, "Finance", text, made=0, due=20)
    choose(scene, AMARA, "Mon 08:00", is_together=True)

    look_until(scene, scene.now + timedelta(days=8), worker(scene), hours=12)

    [row] = posted(sqlite_database, "summaries")
    owed = [one for section in row.facts["meetings"] for one in section["facts"]["owed"]]
    assert sorted(row.links) == sorted(one["link"] for one in owed) == ["settle:1", "settle:2"]
    assert {link(sqlite_database, one).meeting_id for one in row.links.values()} == {meeting_id(scene, SLUG)}


@pytest.mark.parametrize("migrated_url", ["sqlite"], indirect=True)
def test_six_readers_of_one_mail_for_all_are_asked_about_in_as_many_statements_as_two(
    database: Database, statements: Callable[[], list[str]]
) -> None:
    scene = Scene(database)
    in_order(scene)
    in_order(scene, "other", "Another meeting")
    promise(scene, "Finance", "Pay out refunds on the same day", made=0, due=20)
    one, counted = worker(scene), []
    for some in (EVERYBODY[:2], EVERYBODY[2:8]):
        for address in some:
            choose(scene, address, "Sun 08:00", is_together=True)
        for address in EVERYBODY[:2] if some != EVERYBODY[:2] else ():
            choose(scene, address, None)
        scene.now += timedelta(days=5)
        one.look()
        scene.now += timedelta(days=2)
        statements()
        mails = one.look()
        counted.append((mails, len([one for one in statements() if one.lstrip().startswith(("SELECT", "WITH"))])))

    (few, asked_of_few), (many, asked_of_many) = counted
    assert (few, many) == (2, 6)
    assert asked_of_many <= asked_of_few + 2


def test_workers_that_end_the_same_moment_at_once_end_it_once(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have read that it is not done when the first writes that it is."""
    scene = Scene(database)
    together, met = threading.Barrier(2, timeout=20), threading.local()
    ended: list[str] = []

    def done_row(*given: Any) -> Any:
        found = real(*given)
        # SQLite has one writer: the other cannot have read.
        if given[1] is None and not hasattr(met, "other") and scene.database.file is None:
            met.other = together.wait()
        return found

    def end() -> None:
        with scene.database.writing() as session:
            posting.settle(session, None, "2026-11-30", "Mon 08:00", scene.now)
        ended.append("ended")

    real = posting.store.done_row
    monkeypatch.setattr(posting.store, "done_row", done_row)
    threads = [threading.Thread(target=end) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)

    assert ended == ["ended", "ended"]
    with database.reading() as session:
        assert posting.store.done_together(session, ["2026-11-30"]) == {("2026-11-30", "Mon 08:00")}


# What goes with it


def test_in_a_week_without_an_occurrence_only_whoever_owes_something_hears(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    start = datetime.fromisoformat(FIRST)
    exception(scene, FIRST, start=start + timedelta(days=4), end=start + timedelta(days=4, hours=1))
    scene.cycle()
    promise(scene, "Finance", "Pay out refunds on the same day", made=0, due=20)

    found = look_until(scene, scene.now + timedelta(days=8), worker(scene), worker(scene))

    assert found == [("Thu 26 17:30", 1), ("Mon 30 17:30", len(EVERYBODY))]
    assert told(sqlite_database)[-1] == ("2026-W48", AMARA)


def test_what_was_promised_later_is_no_reason_to_tell_of_a_week_that_is_over(sqlite_database: Database) -> None:
    """Also to a worker that begins only then."""
    scene = Scene(sqlite_database)
    in_order(scene)
    start = datetime.fromisoformat(FIRST)
    exception(scene, FIRST, start=start + timedelta(days=11), end=start + timedelta(days=11, hours=1))
    scene.cycle()
    scene.now += TO_THE_END + timedelta(hours=2)
    nothing = worker(scene).look()
    promise(scene, "Finance", "Pay out refunds on the same day", made=0, due=20)

    assert (nothing, worker(scene).look()) == (0, 0)


def test_leadership_hears_a_day_after_everybody_could_read_the_same(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    in_order(scene)
    with sqlite_database.writing() as session:
        leader = people.person_named(session, "vera.lindholm@example.com", "Vera Lindholm")
        settings.set_role(session, meeting(session), RoleKind.LEADERSHIP, [leader], actor="test", now=scene.now)
    scene.now += TO_THE_END + timedelta(hours=1)
    one, other = worker(scene), worker(scene)
    one.look()
    goes_at = scene.now + timedelta(days=1)

    scene.now = goes_at - timedelta(minutes=1)
    before = one.look() + other.look()
    scene.now = goes_at
    counts = [one.look(), other.look()]

    assert (before, counts) == (0, [1, 0])
    assert keys(sqlite_database, "brief") == [("brief", "vera.lindholm@example.com")]
    briefs = [row.facts["brief"] for row in posted(sqlite_database, "summary")]
    assert {one["goes_at"] for one in briefs} == {goes_at.isoformat()}
    assert all(one["sentences"] for one in briefs)


@pytest.mark.parametrize(
    ("choices", "goes_at"),
    [
        ({AMARA: ("2h", False)}, "2026-11-29T15:00:00+00:00"),
        ({AMARA: ("Fri 08:00", True)}, "2026-11-29T15:00:00+00:00"),
        ({AMARA: ("2h", False), ANNA: ("Mon 08:00", False)}, "2026-12-01T07:00:00+00:00"),
        ({AMARA: ("Fri 08:00", True), ANNA: ("Mon 08:00", False)}, "2026-12-01T07:00:00+00:00"),
        ({AMARA: ("2h", False), ANNA: ("Wed 08:00", False)}, "2026-12-02T15:00:00+00:00"),
    ],
)
def test_leadership_waits_for_the_charter_s_hour_and_a_while_for_whoever_hears_later(
    sqlite_database: Database, choices: dict[str, tuple[str, bool]], goes_at: str
) -> None:
    """However early somebody has chosen to hear: the others are told on Saturday at 16:00 in Berlin."""
    scene = Scene(sqlite_database)
    in_order(scene)
    charter(scene, "Sat 16:00")
    for address, (at, is_together) in choices.items():
        choose(scene, address, at, is_together=is_together)

    look_until(scene, scene.now + timedelta(days=5), worker(scene), hours=2)

    with sqlite_database.reading() as session:
        assert [one.isoformat() for one in session.scalars(select(Brief.goes_at))] == [goes_at]
