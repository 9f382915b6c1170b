"""A Thursday with something to say in every section, as each of its readers reads it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from governance.database import Database
from governance.mail.facts_of_summaries import Summary
from governance.models import Outbox
from governance.services.links import Purpose
from governance.services.summaries.cutting import says_anything, summary_for
from governance.services.summaries.gathering import gather
from governance.services.summaries.values import Period, Written
from governance.store.people import person_by_address
from tests.services.summaries.eventful import (
    ADDRESS,
    DEPUTY,
    LEADER,
    NEWCOMER,
    NEXT_STAND_IN,
    STAND_IN,
    eventful,
)
from tests.services.summaries.weeks import HOUR, WEEK, Told, meeting, no_week, told, week
from tests.web.attended import start_of
from tests.web.scenes import CHAIR, SCRIBE, Scene

EVERYBODY = (*ADDRESS.values(), CHAIR, SCRIBE, STAND_IN, NEXT_STAND_IN, DEPUTY, NEWCOMER, LEADER)
OPERATIONS, LEGAL, FINANCE = ADDRESS["Operations"], ADDRESS["Legal"], ADDRESS["Finance"]


@pytest.fixture(scope="module")
def scene(_sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    path = tmp_path_factory.mktemp("eventful") / "governance.db"
    shutil.copyfile(_sqlite_template, path)
    database = Database(f"sqlite:///{path.as_posix()}")
    found = Scene(database)
    eventful(found)
    yield found
    database.dispose()


@pytest.fixture(scope="module")
def thursday(scene: Scene) -> Told:
    return told(scene.database, week(), scene.now, *EVERYBODY)


def test_it_goes_to_who_has_a_seat_stood_in_or_leads_and_to_nobody_twice(thursday: Told) -> None:
    names = {person: address for address, person in thursday.people.items()}
    who = [names[one.person] for one in thursday.readers]

    assert len(who) == len(set(who))
    assert set(who) == {
        *(CHAIR, SCRIBE, LEGAL, OPERATIONS, FINANCE, STAND_IN, NEWCOMER),
        *(ADDRESS["Customer Support"], ADDRESS["People & Culture"]),
    }
    assert {CHAIR, SCRIBE, LEGAL} == {names[one.person] for one in thursday.readers if one.is_lead}


def test_what_is_owed_is_told_first_due_first_with_its_links(thursday: Told) -> None:
    written = to(thursday, OPERATIONS)

    assert [("Call Nordwind back with a day", -7), ("Night shift from January on", 21)] == [
        (one["text"], one["days"]) for one in written.facts.owed
    ]
    assert (
        [one["link"] for one in written.facts.owed] == [one.name for one in written.links] == ["settle:0", "settle:1"]
    )
    assert {one.purpose for one in written.links} == {Purpose.SETTLE_PROMISE}
    assert [one["path"].removeprefix("/promises/") for one in written.facts.owed] == [
        one.thing["promise"] for one in written.links
    ]
    assert says_anything(written.facts)


def test_names_of_links_go_on_where_one_mail_is_about_several_meetings(thursday: Told) -> None:
    reader = next(one for one in thursday.readers if one.person == thursday.people[OPERATIONS])

    written = summary_for(thursday.gathered, reader, first=7)

    assert ["settle:7", "settle:8"] == [one.name for one in written.links]


def test_who_chairs_and_has_a_seat_reads_as_lead_what_the_seat_owes(thursday: Told) -> None:
    facts = to(thursday, LEGAL).facts

    assert facts.reader == "lead"
    assert ["Send the new form to all branches"] == [one["text"] for one in facts.owed]
    assert facts.lead is not None


def test_attendance_says_what_is_known_and_no_more(thursday: Told) -> None:
    found = {
        one["department"]: (one["who"], one["state"], one["minutes"]) for one in thursday_facts(thursday).attendance
    }

    assert found == {
        "Customer Support": ("Stella Stand", "unknown", None),
        "Finance": ("Amara Okafor", "early", None),
        "Legal": ("Henrik Sørensen", "early", None),
        "Operations": ("Anna Meier", "late", 3),
        "People & Culture": ("Priya Raman", "unknown", None),
        "Research": ("Dr. Elif Aydın", "late", 6),
    }


def test_who_passed_is_known_to_them_and_to_who_leads(thursday: Told) -> None:
    def outcomes(address: str) -> list[tuple[str, str | None]]:
        asked = to(thursday, address).facts.question
        assert asked is not None
        return [(one["name"], one["outcome"]) for one in asked["takers"]]

    others = [("Amara Okafor", "answered"), ("Anna Meier", "answered"), ("Dr. Elif Aydın", None)]
    whole = [("Amara Okafor", "answered"), ("Anna Meier", "passed"), ("Dr. Elif Aydın", None)]
    assert outcomes(FINANCE) == outcomes(STAND_IN) == others
    assert outcomes(OPERATIONS) == outcomes(CHAIR) == outcomes(SCRIBE) == outcomes(LEGAL) == whole


def test_where_an_answer_is_kept_is_told_to_seats_alone(thursday: Told) -> None:
    def turns(address: str) -> set[bool]:
        asked = to(thursday, address).facts.question
        assert asked is not None
        return {one["turn"] is not None for one in asked["takers"]}

    assert turns(FINANCE) == turns(STAND_IN) == turns(LEGAL) == {True}
    assert turns(CHAIR) == turns(SCRIBE) == {False}


def test_what_changed_on_the_roster_is_told_with_its_day(thursday: Told) -> None:
    changes = [one for one in thursday_facts(thursday).roster if one["on"] == "2026-11-26"]

    assert changes == [
        line("IT Security", "closed", None, "Ivo Kovač"),
        line("Research", "handed-over", "Noor New", "Dr. Elif Aydın"),
        line("Sales", "opened", None, None),
    ]


def test_the_next_occurrence_is_told_with_its_agenda_and_who_will_be_away(thursday: Told) -> None:
    following = thursday_facts(thursday).next

    assert following is not None
    assert following["start"] == "2026-12-03T09:00:00+00:00"
    assert [("Refund within a day", "Finance"), ("Which customers we visit", "the chair")] == [
        (one["title"], one["by"]) for one in following["items"]
    ]
    assert following["away"] == [
        {"department": "Finance", "who": "Amara Okafor", "stand_in": None},
        {"department": "People & Culture", "who": "Priya Raman", "stand_in": "Nils Next"},
    ]


def test_whoever_leads_reads_what_was_put_right_and_one_suggestion(thursday: Told) -> None:
    lead = to(thursday, CHAIR).facts.lead

    assert lead is not None
    assert {"what": "taken off the invitation", "who": "Ivo Kovač", "on": "2026-11-26"} in lead["repaired"]
    assert {"what": "the text of the charter is back", "who": None, "on": "2026-11-26"} in lead["repaired"]
    assert "Nils Next" not in {one["who"] for one in lead["repaired"]}
    assert lead["at_risk"] == [{"department": "Operations", "who": "Anna Meier", "late": 4, "absent": 0}]
    assert lead["suggestion"]["code"] == "S06"
    assert lead["suggestion"]["evidence"] == "1 item has come back 3 times or more: Refund within a day."
    assert to(thursday, SCRIBE).facts.lead == lead
    assert to(thursday, FINANCE).facts.lead is None


def test_what_two_summaries_have_suggested_already_rests(scene: Scene) -> None:
    """Read from what was written for whoever leads; nothing of it stays."""
    with scene.database.writing() as session:
        found, chair = meeting(session), person_by_address(session, CHAIR)
        assert chair is not None
        suggested = []
        for weeks in (1, 2):
            session.add(_told_before(found.id, chair.id, weeks, scene.now))
            session.flush()
            suggested.append(gather(session, found, week(), scene.now).lead["suggestion"])
        session.rollback()

    assert [one and one["code"] for one in suggested] == ["S06", None]


def test_the_head_of_the_chain_is_told_to_everybody(thursday: Told) -> None:
    heads = {tuple(to(thursday, one).facts.heads.items()) for one in (CHAIR, FINANCE, STAND_IN)}

    assert len(heads) == 1
    assert {"chain", "seq", "hash"} == {name for name, _ in heads.pop()}


def test_of_a_cancelled_one_it_is_told_that_it_was_and_when_the_next_one_is(scene: Scene) -> None:
    facts = to(told(scene.database, week(is_cancelled=True), scene.now, *EVERYBODY), OPERATIONS).facts

    assert facts.is_cancelled
    assert says_anything(facts)
    assert facts.next is not None
    assert (facts.next["items"], facts.next["away"]) == ([], [])
    assert says_nothing_else(facts, but={"next"})


def test_of_a_week_without_one_only_what_is_owed_is_told(scene: Scene) -> None:
    found = told(scene.database, no_week(scene.now), scene.now, *EVERYBODY)

    owing, free = to(found, OPERATIONS).facts, to(found, CHAIR).facts
    assert says_anything(owing)
    assert len(owing.owed) == 2
    assert says_nothing_else(owing, but={"owed"})
    assert not says_anything(free)


def test_a_stand_in_is_a_reader_for_seven_days(scene: Scene) -> None:
    on_the_last, later = (told(scene.database, week(), scene.now + timedelta(days=days), *EVERYBODY) for days in (7, 8))

    last = on_the_last.to(STAND_IN)
    assert last is not None
    assert last.facts.attendance
    assert later.to(STAND_IN) is None
    assert later.to(FINANCE) is not None


def test_a_seat_that_was_acted_on_after_the_last_summary_of_that_day_is_told_with_the_next(scene: Scene) -> None:
    noon = scene.now
    before, after = (week(1, since=noon + since) for since in (-HOUR / 2, HOUR / 2))

    told_before, told_after = ([one["department"] for one in gathered_roster(scene, one)] for one in (before, after))

    assert told_before == ["IT Security", "Research", "Sales"]
    assert told_after == []


def _told_before(meeting_id: UUID, chair: UUID, weeks: int, now: datetime) -> Outbox:
    suggestion = {"code": "S06", "about": "", "weight": 1, "text": "", "evidence": "", "path": "/agenda"}
    facts = {"start": f"{start_of(-weeks):%Y-%m-%dT%H:%M:%S}+00:00", "lead": {"suggestion": suggestion}}
    return Outbox(
        key=f"{weeks}", kind="summary", meeting_id=meeting_id, about=f"{weeks}", address=CHAIR, person_id=chair,
        facts_json={"facts": facts, "links": {}}, queued_at=now, due_at=now - weeks * WEEK,
    )  # fmt: skip


def gathered_roster(scene: Scene, period: Period) -> list[dict[str, Any]]:
    return thursday_facts(told(scene.database, period, scene.now, *EVERYBODY)).roster


def says_nothing_else(facts: Summary, *, but: set[str]) -> bool:
    sections = {"owed", "closed", "open", "committed", "attendance", "question", "roster", "next", "measures", "lead"}
    return not any(getattr(facts, name) for name in sections - but)


def thursday_facts(found: Told) -> Summary:
    return to(found, FINANCE).facts


def to(found: Told, address: str) -> Written:
    written = found.to(address)
    assert written is not None
    return written


def line(department: str, what: str, who: str | None, before: str | None) -> dict[str, Any]:
    return {"department": department, "what": what, "who": who, "before": before, "on": "2026-11-26"}
