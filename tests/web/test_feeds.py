"""A person's calendar feed: who reads what of it, when it changes, and when it is gone."""

from __future__ import annotations

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar
from sqlalchemy import event, select

from governance.database import Database
from governance.models import Action, Address, CalendarFeed, Person
from governance.models.identifiers import new_id
from governance.reconcile.ports import CalendarAddress
from governance.services import deputies, ledger, occurrences, people, seats, sponsors
from governance.services.feeds import keeping
from governance.services.links import signed
from governance.services.people import add_alias
from governance.store.meetings import meeting_by_slug
from tests.support.decided import closed, mark
from tests.support.ics import Line, events_of
from tests.web.conftest import ADDRESS, Pages, config_for, csrf_of
from tests.web.once import once
from tests.web.promising import promise
from tests.web.scenes import ADMIN, CAST, CHAIR, SCRIBE, SLUG, ZONE, Scene
from web import create_app
from web.wording.acts import sentence

SECRET = config_for().site.secret_key
AMARA, ANNA = CAST[0][2], CAST[1][2]
TODAY = datetime(2026, 11, 23).date()  # noqa: DTZ001
WEEK = timedelta(weeks=1)
CALENDAR = CalendarAddress(CHAIR, CHAIR)

Events = dict[str, dict[str, Line]]


@once
def met(scene: Scene) -> None:
    """Every Thursday at ten in Berlin, seven seats."""
    scene.adopt()
    scene.roster()
    scene.cycle()


@pytest.fixture
def met_pages(pages: Pages) -> Pages:
    met(pages.scene)
    return pages


def feed(scene: Scene, who: str = AMARA) -> str:
    """The path of a new address."""
    with scene.database.writing() as session:
        person = people.known_person(session, who)
        keeping.make(session, person.id, now=scene.now, source="test")
        found = keeping.own_address(session, person.id, ADDRESS, SECRET)
    assert found is not None
    return found[0].removeprefix(ADDRESS)


def read(pages: Pages, path: str) -> Events:
    """By title; the library finds the same events that our own reader finds."""
    answer = pages.browser().get(path)
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    found = events_of(answer.data)
    assert [str(one["UID"]) for one in Calendar.from_ical(answer.data).walk("VEVENT")] == [
        one["UID"].value for one in found
    ]
    assert len({one["UID"].value for one in found}) == len(found)
    return {f"{one['SUMMARY'].text} {one['DTSTART'].value}": one for one in found}


def occurrences_in(events: Events) -> list[str]:
    return [one["DTSTART"].value for one in events.values() if one["UID"].value.startswith("occurrence-")]


def dues_in(events: Events) -> list[str]:
    return [when for when, one in events.items() if not one["UID"].value.startswith("occurrence-")]


def test_whoever_has_no_part_in_any_meeting_reads_an_empty_calendar(met_pages: Pages) -> None:
    with met_pages.scene.database.writing() as session:
        people.person_named(session, "nobody@example.com", "Nobody")

    assert read(met_pages, feed(met_pages.scene, "nobody@example.com")) == {}


def test_the_feed_says_what_is_owed_what_is_reviewed_and_when_one_meets(database: Database) -> None:
    scene = Scene(database)
    met(scene)
    pages = Pages(create_app(config_for(), database, clock=lambda: scene.now), scene)
    mine = promise(scene, "Finance", "Call the bank; and, if need be, the auditors", made=-2, due=7)
    promise(scene, "Operations", "Count the lorries", made=-2, due=7)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        closed(session, meeting, 14, "Credit late deliveries", review_on=TODAY + timedelta(days=30))
        seen = closed(session, meeting, 3, "Seen once", review_on=TODAY)
        mark(session, seen, "reviewed", review_on=TODAY + timedelta(days=60))

    found = read(pages, feed(scene))

    assert dues_in(found) == [
        "Due: Call the bank; and, if need be, the auditors 20261130",
        "Review of D-2026-014: Credit late deliveries 20261223",
        "Review of D-2026-003: Seen once 20270122",
    ]
    due, review, again, first = list(found.values())[:4]
    assert (review["SEQUENCE"].value, again["SEQUENCE"].value) == ("0", "1")
    assert due["URL"].value == f"{ADDRESS}/m/{SLUG}/promises/{mine}"
    assert review["URL"].value == f"{ADDRESS}/m/{SLUG}/decisions/D-2026-014"
    assert first["SUMMARY"].text == "Group Steering Meeting"
    assert first["URL"].value == f"{ADDRESS}/m/{SLUG}/agenda?on=2026-11-26"
    assert occurrences_in(found) == [f"{TODAY + timedelta(days=3) + n * WEEK:%Y%m%d}T090000Z" for n in range(13)]


def test_the_same_content_is_the_same_bytes_and_is_sent_once(met_pages: Pages) -> None:
    path = feed(met_pages.scene)
    first = met_pages.browser().get(path)
    met_pages.scene.pass_time(hours=5)

    again = met_pages.browser().get(path)
    known = met_pages.browser().get(path, headers={"If-None-Match": first.headers["ETag"]})
    promise(met_pages.scene, "Finance", "Call the bank", made=0, due=7)
    changed = met_pages.browser().get(path, headers={"If-None-Match": first.headers["ETag"]})

    assert (again.data, again.headers["ETag"]) == (first.data, first.headers["ETag"])
    assert (known.status_code, known.data, known.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert first.headers["Cache-Control"] == known.headers["Cache-Control"] == "private, no-cache"
    assert (changed.status_code, b"Call the bank" in changed.data) == (200, True)


def test_what_changes_keeps_its_uid_and_is_a_later_revision(met_pages: Pages) -> None:
    scene, path = met_pages.scene, feed(met_pages.scene)
    action = promise(scene, "Finance", "Call the bank", made=-2, due=7)
    [before] = [
        one for one in read(met_pages, path).values() if one["UID"].value == f"promise-{action}@meeting-governance"
    ]
    with scene.database.writing() as session:
        session.get_one(Action, action).due_on = TODAY + timedelta(days=9)

    [after] = [one for one in read(met_pages, path).values() if one["UID"] == before["UID"]]

    assert (before["DTSTART"].value, after["DTSTART"].value) == ("20261130", "20261202")
    assert int(after["SEQUENCE"].value) > int(before["SEQUENCE"].value)


@pytest.mark.parametrize("day", [datetime(2026, 10, 19, 8, tzinfo=UTC), datetime(2027, 3, 15, 8, tzinfo=UTC)])
def test_a_meeting_stays_at_its_hour_when_the_clocks_change(sqlite_database: Database, day: datetime) -> None:
    scene = Scene(sqlite_database, now=day)
    met(scene)
    pages = Pages(create_app(config_for(), scene.database, clock=lambda: scene.now), scene)

    told = occurrences_in(read(pages, feed(scene)))

    instants = [datetime.strptime(one, "%Y%m%dT%H%M%S%z") for one in told]
    assert {one.astimezone(ZoneInfo(ZONE)).strftime("%A %H:%M") for one in instants} == {"Thursday 10:00"}
    assert {one.hour for one in instants} == {8, 9}
    assert len(instants) == 13


def test_a_moved_occurrence_keeps_its_uid_and_a_cancelled_one_says_so(met_pages: Pages) -> None:
    scene, path = met_pages.scene, feed(met_pages.scene)
    before = list(read(met_pages, path).values())
    scene.pass_time(hours=1)
    first, second = (scene.calendar.get_event(CALENDAR, f"event-{SLUG}_{one['DTSTART'].value}") for one in before[:2])
    assert first is not None
    assert first.start is not None
    assert second is not None
    later = first.start + timedelta(days=1)
    scene.calendar.put(dataclasses.replace(first, start=later, end=later + timedelta(hours=2)))
    scene.calendar.put(dataclasses.replace(second, status="cancelled", start=None, end=None))
    scene.cycle()

    moved, cancelled, third = list(read(met_pages, path).values())[:3]

    assert [moved["UID"], cancelled["UID"], third["UID"]] == [one["UID"] for one in before[:3]]
    assert (moved["DTSTART"].value, moved["DTEND"].value) == ("20261127T090000Z", "20261127T110000Z")
    assert moved["URL"].value.endswith("/agenda?on=2026-11-27")
    assert (cancelled["STATUS"].value, cancelled["DTSTART"]) == ("CANCELLED", before[1]["DTSTART"])
    assert cancelled["SUMMARY"].text == "Cancelled: Group Steering Meeting"
    assert third == before[2]
    assert min(int(one["SEQUENCE"].value) for one in (moved, cancelled)) > 0


def test_a_first_review_to_come_is_for_who_reads_positions_and_a_due_one_for_every_seat(met_pages: Pages) -> None:
    scene = met_pages.scene
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        closed(session, meeting, 1, "Coming", review_on=TODAY + timedelta(days=30))
        closed(session, meeting, 2, "Due", review_on=TODAY)
        seen = closed(session, meeting, 3, "Seen once", review_on=TODAY - timedelta(days=30))
        mark(session, seen, "reviewed", review_on=TODAY + timedelta(days=60))
        gone, later = (closed(session, meeting, n, "Gone", review_on=TODAY) for n in (4, 5))
        mark(session, gone, "superseded", later=later)
        mark(session, later, "reviewed")

    told = {who: dues_in(read(met_pages, feed(scene, who))) for who in (CHAIR, AMARA, SCRIBE)}

    for_all = ["Review of D-2026-002: Due 20261123", "Review of D-2026-003: Seen once 20270122"]
    assert told[SCRIBE] == for_all
    assert told[CHAIR] == told[AMARA] == ["Review of D-2026-001: Coming 20261223", *for_all]


def test_who_left_the_meeting_reads_nothing_of_it_any_more(met_pages: Pages) -> None:
    scene, path = met_pages.scene, feed(met_pages.scene)
    promise(scene, "Finance", "Call the bank", made=-2, due=7)
    assert read(met_pages, path) != {}
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        seats.vacate(session, meeting, seats.seat_of(session, meeting, "Finance"), actor="test", now=scene.now)
    scene.pass_time(days=1)

    assert read(met_pages, path) == {}


def test_a_stand_in_reads_of_their_own_occurrence_alone(met_pages: Pages) -> None:
    scene = met_pages.scene
    scene.deputy("Finance", "Jonas Weber", "jonas.weber@example.com")
    scene.mandate("Finance", "jonas.weber@example.com")
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        found = occurrences.next_occurrence(session, meeting, scene.now) if meeting else None
        assert meeting is not None
        assert found is not None
        deputies.stand_in(
            session, meeting, seats.seat_of(session, meeting, "Finance"), occurrences.kept_occurrence(session, found),
            people.known_person(session, "jonas.weber@example.com"), actor="test", now=scene.now,
        )  # fmt: skip

    assert occurrences_in(read(met_pages, feed(scene, "jonas.weber@example.com"))) == ["20261126T090000Z"]


def test_who_sponsors_finds_their_own_promise_and_the_page_that_they_may_open(met_pages: Pages) -> None:
    scene = met_pages.scene
    mine = promise(scene, "Finance", "Call the bank", made=-2, due=7)
    with scene.database.writing() as session:
        meeting = meeting_by_slug(session, SLUG)
        assert meeting is not None
        fay = people.person_named(session, "fay.farah@example.com", "Fay Farah")
        finance = seats.department_named(session, "Finance")
        sponsors.name_sponsor(session, meeting, finance, fay, actor="test", now=scene.now)
        session.get_one(Action, mine).owner_person_id = fay.id

    found = read(met_pages, feed(scene, "fay.farah@example.com"))

    assert [one["URL"].value for one in found.values()] == [f"{ADDRESS}/m/{SLUG}"]


def test_that_somebody_runs_the_site_opens_nothing_in_a_feed(met_pages: Pages) -> None:
    with met_pages.scene.database.writing() as session:
        people.person_named(session, ADMIN, "Ops")

    assert read(met_pages, feed(met_pages.scene, ADMIN)) == {}


def test_revoked_unknown_and_forged_addresses_get_the_answer_for_no_page_at_all(met_pages: Pages) -> None:
    scene, browser = met_pages.scene, met_pages.browser()
    old = feed(scene)
    new = feed(scene)
    revoked = feed(scene, ANNA)
    with scene.database.writing() as session:
        keeping.revoke(session, people.known_person(session, ANNA).id, now=scene.now, source="test")
        other = session.scalars(select(CalendarFeed).where(CalendarFeed.revoked_at.is_(None))).one()
    forged = [
        new[:-6] + "xx.ics",
        f"/calendar/{signed(other.id, SECRET)}.ics",
        f"/calendar/{signed(other.id, 'x')}.ics",
    ]
    unknown = f"/calendar/{signed(new_id(), SECRET, salt='governance calendar feed')}.ics"

    answers = [browser.get(path) for path in (old, revoked, unknown, *forged)]
    nowhere = browser.get("/preferences/none")

    assert browser.get(new).status_code == 200
    assert {(one.status_code, one.data, tuple(one.headers)) for one in answers} == {
        (404, nowhere.data, tuple(nowhere.headers))
    }


def test_reading_writes_nothing_and_asks_as_much_for_two_thousand_promises_as_for_one(met_pages: Pages) -> None:
    scene, path = met_pages.scene, feed(met_pages.scene)
    promise(scene, "Finance", "Call the bank", made=-2, due=7)
    few, _ = _sent(met_pages, path)
    with scene.database.writing() as session:
        one = session.scalars(select(Action)).one()
        session.add_all(
            Action(
                meeting_id=one.meeting_id, owner_person_id=one.owner_person_id, text=f"The {number}th; of, many",
                due_on=one.due_on, first_due_on=one.due_on, by="test", at=scene.now,
            )
            for number in range(1_999)
        )  # fmt: skip

    many, content = _sent(met_pages, path)

    assert len(events_of(content)) == 2_000 + 13
    assert few == many
    assert all(one.startswith(("SELECT", "WITH", "PRAGMA", "BEGIN")) for one in few)
    assert sum(one.startswith("SELECT") for one in few) <= 6


def _sent(pages: Pages, path: str) -> tuple[list[str], bytes]:
    """What the database is asked for it."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(pages.scene.database.engine, "before_cursor_execute", note)
    answer = pages.browser().get(path)
    event.remove(pages.scene.database.engine, "before_cursor_execute", note)
    assert answer.status_code == 200
    return sent, answer.data


def test_a_person_makes_an_address_another_one_and_none_on_their_own_page(met_pages: Pages) -> None:
    amara, browser = met_pages.signed_in(AMARA), met_pages.browser()
    assert "Make an address" in amara.get("/me").text

    shown = [_pressed(amara, "/me/calendar-feed") for _ in range(2)]
    addresses = [re.findall(r'value="(http[^"]+\.ics)"', page)[0].removeprefix(ADDRESS) for page in shown]
    answers = [browser.get(one).status_code for one in addresses]
    gone = _pressed(amara, "/me/calendar-feed/revoke")

    assert answers == [404, 200]
    assert browser.get(addresses[1]).status_code == 404
    assert "Make an address" in gone
    assert ".ics" not in gone
    assert met_pages.signed_in(ANNA).get("/me").text.count(".ics") == 0


def _pressed(browser: FlaskClient, path: str) -> str:
    answer = browser.post(path, data={"csrf": csrf_of(browser.get("/me").text)})
    assert (answer.status_code, answer.location) == (303, "/me#feed")
    return browser.get("/me").text


def test_what_was_done_is_in_the_private_record_of_the_site_without_a_name(met_pages: Pages) -> None:
    scene = met_pages.scene
    feed(scene)
    feed(scene)

    with scene.database.reading() as session:
        lines = [one for one in ledger.latest(session, None, 10) if one.act.startswith("feed-")]
        person = session.scalars(select(Address.person_id).where(Address.folded == AMARA)).one()

    assert [one.act for one in lines] == ["feed-made", "feed-revoked", "feed-made"]
    assert {(one.actor, one.confidentiality) for one in lines} == {(f"person:{person}", "private")}
    assert {sentence(one, _Nobody()).text for one in lines} == {
        "Somebody made an address for their calendar feed", "The address of somebody’s calendar feed was revoked",
    }  # fmt: skip


class _Nobody:
    names: dict[str, str] = {}  # noqa: RUF012


def test_the_feed_of_who_turns_out_to_be_somebody_else_is_revoked(met_pages: Pages) -> None:
    scene = met_pages.scene
    with scene.database.writing() as session:
        people.person_named(session, "amara@elsewhere.example", "Amara")
    kept, gone = feed(scene), feed(scene, "amara@elsewhere.example")
    with scene.database.writing() as session:
        add_alias(session, AMARA, "amara@elsewhere.example", actor="test", now=scene.now)

    statuses = [met_pages.browser().get(path).status_code for path in (kept, gone)]

    assert statuses == [200, 404]
    with scene.database.reading() as session:
        assert session.scalar(select(Person.id).where(Person.name == "Amara")) is None
