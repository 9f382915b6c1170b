"""Each mail that a cycle posts, by its fact, against the sandbox calendar; and nothing while nothing changes."""

from __future__ import annotations

from datetime import timedelta

import pytest

from governance.domain.people import PersonId
from governance.models.person import Person
from governance.services import people, settings, sponsors
from governance.services.seats import department_named
from governance.store.people import person_by_address
from tests.support.governed import (
    CHAIR,
    NEXT_THURSDAY,
    STRANGER,
    THURSDAY,
    Governed,
    governed,
    governed_on_both,
    governed_with_directory,
    occurrence_id,
)
from tests.support.posted import keys, link, posted

__all__ = ["governed", "governed_on_both", "governed_with_directory"]

SCRIBE = "scribe@example.com"
SPONSOR = "fay@example.com"
AMARA, JONAS = "amara@example.com", "jonas@example.com"
OF_CYCLES = ("removed", "removed-outsider", "removals", "held", "contested", "declined", "declined-sponsor",
             "deputy-asked")  # fmt: skip


def forward(governed: Governed, *guests: str) -> None:
    for one in guests:
        governed.control.forward(CHAIR, "weeklysteering", CHAIR, one)


def sponsor(governed: Governed, department: str = "Finance", address: str = SPONSOR) -> None:
    with governed.database.writing() as session:
        meeting = governed.meeting(session)
        person = people.person_named(session, address, "Fay Farah")
        sponsors.name_sponsor(
            session, meeting, department_named(session, department), person, actor="test", now=governed.now
        )


def scribe(governed: Governed) -> None:
    with governed.database.writing() as session:
        person = people.person_named(session, SCRIBE, "Sven Scribe")
        settings.set_role(
            session, governed.meeting(session), settings.RoleKind.SCRIBE, [person], actor="test", now=governed.now
        )


def decline(governed: Governed, address: str = AMARA, on: object = THURSDAY) -> None:
    governed.control.answers(CHAIR, occurrence_id(on), address, "declined")  # type: ignore[arg-type]


def test_a_meeting_in_order_posts_nothing_however_often_it_is_looked_at(governed: Governed) -> None:
    governed.bring_in_order()
    before = keys(governed.database)

    for _ in range(3):
        governed.cycle_report(also=(governed.meeting_id,))

    assert keys(governed.database) == before


def test_the_first_plan_is_told_to_chair_and_scribe_alone(governed: Governed) -> None:
    governed.adopt()
    scribe(governed)
    governed.seat_everybody()
    forward(governed, STRANGER)

    governed.cycle()
    governed.cycle_report(also=(governed.meeting_id,))

    assert keys(governed.database) == [("held", CHAIR), ("held", SCRIBE)]
    [told, _] = posted(governed.database)
    assert told.about == told.facts["checksum"] == (governed.stored().plan_json or {})["checksum"]
    assert link(governed.database, told.links["decide"]).thing_json == {"checksum": told.about}


def test_once_the_first_plan_is_approved_everybody_with_a_seat_hears_of_it(governed_on_both: Governed) -> None:
    governed = governed_on_both

    governed.bring_in_order()
    governed.cycle_report(also=(governed.meeting_id,))

    assert keys(governed.database, "seat") == [
        ("seat", AMARA), ("seat", "henrik@example.com"), ("seat", "mei@example.com")
    ]  # fmt: skip
    [amara] = [one for one in posted(governed.database, "seat") if one.address == AMARA]
    assert (amara.facts["department"], amara.facts["scope"]) == ("Finance", "whatever it takes")
    assert amara.facts["next"] == THURSDAY.isoformat()
    assert amara.facts["deputies"] == ["Jonas"]


def test_another_held_set_is_told_anew_and_the_same_one_never(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    forward(governed, STRANGER)
    governed.cycle()
    first = [one.about for one in posted(governed.database, "held")]

    forward(governed, "second@elsewhere.org")
    governed.cycle()
    governed.cycle_report(also=(governed.meeting_id,))

    both = [one.about for one in posted(governed.database, "held")]
    assert len(both) == 2
    assert both[0] == first[0] != both[1]


def test_a_colleague_who_was_brought_along_hears_why_and_whom_to_brief(governed: Governed) -> None:
    governed.bring_in_order()
    forward(governed, JONAS)

    governed.cycle()

    [told] = posted(governed.database, "removed")
    assert (told.address, told.facts["department"], told.facts["delegate"]) == (JONAS, "Finance", "Amara")
    assert told.facts["when"] is None
    assert "Finance already has its delegate" in told.facts["why"]
    assert {name: link(governed.database, one).purpose for name, one in told.links.items()} == {
        "apply": "apply", "note": "leave-note"
    }  # fmt: skip


def test_they_hear_of_it_once_in_seven_days_and_the_chair_each_time(governed: Governed) -> None:
    governed.bring_in_order()
    for days in (0, 1, 6):
        governed.advance(timedelta(days=days) if days != 6 else timedelta(days=5, hours=23))
        forward(governed, JONAS)
        governed.cycle()
    before = len(posted(governed.database, "removed"))

    governed.advance(timedelta(days=1))
    forward(governed, JONAS)
    governed.cycle()

    assert (before, len(posted(governed.database, "removed"))) == (1, 2)
    digests = posted(governed.database, "removals")
    assert [one.facts["people"][0]["told"] for one in digests] == [True, False, False, True]
    assert digests[1].facts["people"][0]["note"] == "they were told within the last 7 days"


def test_an_outsider_gets_two_lines_without_a_name_and_a_stranger_inside_none(governed: Governed) -> None:
    governed.bring_in_order()
    forward(governed, STRANGER, "nobody.known@example.com")

    governed.cycle()

    assert keys(governed.database, "removed", "removed-outsider") == [("removed-outsider", STRANGER)]
    [told] = posted(governed.database, "removed-outsider")
    assert told.facts == {"when": None, "contact": CHAIR}
    assert told.links == {}


def test_a_group_gets_nothing_and_the_chair_is_told(governed_with_directory: Governed) -> None:
    governed = governed_with_directory
    governed.control.seed(groups=[{"email": "all-hands@example.com", "members": [CHAIR]}])
    governed.bring_in_order()
    forward(governed, "all-hands@example.com")

    governed.cycle()

    assert keys(governed.database, "removed", "removed-outsider") == []
    [digest] = posted(governed.database, "removals")
    assert digest.facts["people"][0]["address"] == "all-hands@example.com"
    assert "group" in digest.facts["people"][0]["note"]


def test_whom_the_directory_knows_as_a_user_is_known(governed_with_directory: Governed) -> None:
    governed = governed_with_directory
    governed.control.seed(users=[{"email": "new@example.com", "name": "Nia New", "department": "Legal"}])
    governed.bring_in_order()
    forward(governed, "new@example.com")

    governed.cycle()

    [told] = posted(governed.database, "removed")
    assert (told.address, told.facts["department"], told.facts["delegate"]) == ("new@example.com", "Legal", "Henrik")


def test_chair_and_scribe_get_one_digest_of_a_cycle_with_a_link_a_person(governed: Governed) -> None:
    scribe_first(governed)
    forward(governed, STRANGER, JONAS)

    governed.cycle()

    digests = posted(governed.database, "removals")
    assert [one.address for one in digests] == [CHAIR, SCRIBE]
    for digest in digests:
        assert [one["address"] for one in digest.facts["people"]] == sorted([STRANGER, JONAS])
        assert set(digest.links) == {"admit:0", "admit:1"}
        things = [link(governed.database, digest.links[f"admit:{n}"]).thing_json for n in (0, 1)]
        assert [one["address"] for one in things] == sorted([STRANGER, JONAS])


def scribe_first(governed: Governed) -> None:
    governed.adopt()
    scribe(governed)
    governed.seat_everybody()
    governed.cycle()
    governed.approve()
    governed.cycle()


def test_removals_within_a_minute_are_one_digest(governed: Governed) -> None:
    governed.bring_in_order()
    forward(governed, STRANGER)
    governed.cycle()
    governed.advance(timedelta(seconds=30))
    forward(governed, JONAS)

    governed.cycle()

    [digest] = posted(governed.database, "removals")
    assert [one["address"] for one in digest.facts["people"]] == [STRANGER, JONAS]
    assert set(digest.links) == {"admit:0", "admit:1"}


def test_a_replaced_delegate_hears_of_it_and_a_stepped_aside_one_does_not(governed: Governed) -> None:
    governed.bring_in_order()
    governed.stand_in("Finance", JONAS, THURSDAY.date())
    governed.cycle()
    assert AMARA not in governed.guests(occurrence_id(THURSDAY))
    assert posted(governed.database, "removed", "removals") == []

    governed.advance(timedelta(days=1))
    governed.vacate("Legal")
    governed.appoint("Legal", "tomas@example.com")
    governed.cycle()

    [told] = posted(governed.database, "removed")
    assert (told.address, told.facts["delegate"]) == ("henrik@example.com", "Tomas")


def test_who_undoes_us_three_times_is_a_question_to_the_chair_once_a_day(governed: Governed) -> None:
    governed.bring_in_order()
    for _ in range(4):
        forward(governed, STRANGER)
        governed.cycle()
        governed.advance(timedelta(minutes=10))
    governed.cycle_report(also=(governed.meeting_id,))

    [told] = posted(governed.database, "contested")

    assert (told.address, told.facts["deed"], told.facts["times"]) == (CHAIR, "remove-guest", 3)
    assert link(governed.database, told.links["decide"]).thing_json["target"] == STRANGER


# --- I13


def test_a_decline_with_an_empowered_deputy_asks_nobody(governed: Governed) -> None:
    governed.bring_in_order()
    sponsor(governed)
    decline(governed)

    governed.cycle()
    governed.cycle_report(also=(governed.meeting_id,))

    assert keys(governed.database, *OF_CYCLES[5:]) == []


def test_a_decline_that_nobody_stands_in_for_asks_the_delegate_three_days_before(governed: Governed) -> None:
    governed.bring_in_order()
    sponsor(governed, "IT Security")
    decline(governed, "mei@example.com", NEXT_THURSDAY)
    governed.cycle()
    early = keys(governed.database, "declined")

    governed.advance(timedelta(days=7, hours=1) - timedelta(hours=1))
    decline(governed, "mei@example.com", NEXT_THURSDAY)
    governed.cycle_report(also=(governed.meeting_id,))

    assert early == []
    assert keys(governed.database, "declined") == []
    governed.advance(timedelta(hours=1, minutes=30))
    assert any(one.rule == "I13" for one in governed.look().findings)


def test_a_decline_the_day_before_asks_delegate_and_sponsor_at_once(governed: Governed) -> None:
    governed.bring_in_order()
    sponsor(governed, "IT Security")
    governed.advance(timedelta(days=2, hours=3))
    decline(governed, "mei@example.com")

    governed.cycle()

    assert keys(governed.database, *OF_CYCLES[5:]) == [
        ("declined", "mei@example.com"),
        ("declined-sponsor", SPONSOR),
    ]


def test_a_deputy_without_a_mandate_is_asked_for_at_once(governed: Governed) -> None:
    governed.adopt()
    governed.seat_everybody()
    governed.deputy("IT Security", "dana@example.com", mandated=False)
    governed.cycle()
    governed.approve()
    governed.cycle()
    sponsor(governed, "IT Security")
    decline(governed, "mei@example.com")

    governed.cycle()
    governed.cycle_report(also=(governed.meeting_id,))

    [asked] = posted(governed.database, "deputy-asked")
    assert (asked.address, asked.facts["deputy"], asked.facts["scope"]) == (SPONSOR, "Dana", "whatever it takes")
    thing = link(governed.database, asked.links["grant"]).thing_json
    with governed.database.reading() as session:
        dana = person_by_address(session, "dana@example.com")
    assert isinstance(dana, Person)
    assert PersonId(dana.id) == PersonId(dana.id)
    assert thing["person"] == str(dana.id)


# --- When nothing is said


@pytest.mark.parametrize("rest", ["paused", "frozen"])
def test_nothing_is_posted_while_nothing_is_written(governed: Governed, rest: str) -> None:
    governed.bring_in_order()
    sponsor(governed, "IT Security")
    before = keys(governed.database)
    if rest == "paused":
        with governed.database.writing() as session:
            settings.pause(session, governed.meeting(session), by=CHAIR, actor="test", now=governed.now)
    else:
        governed.control.delete_event(CHAIR, "weeklysteering")
    governed.advance(timedelta(days=2, hours=3))
    if rest == "paused":
        decline(governed, "mei@example.com")
        forward(governed, *(f"stranger{n}@elsewhere.org" for n in range(12)))

    governed.cycle()

    assert keys(governed.database) == before


def test_what_was_held_while_paused_is_told_when_the_meeting_goes_on(governed: Governed) -> None:
    governed.bring_in_order()
    with governed.database.writing() as session:
        settings.pause(session, governed.meeting(session), by=CHAIR, actor="test", now=governed.now)
    forward(governed, *(f"stranger{n}@elsewhere.org" for n in range(12)))
    governed.cycle()
    before = len(posted(governed.database, "held"))

    with governed.database.writing() as session:
        settings.resume(session, governed.meeting(session), actor="test", now=governed.now)
    governed.cycle()

    assert len(posted(governed.database, "held")) == before + 1


def test_of_a_restored_copy_only_the_word_that_changes_wait_goes_out_before_a_person_confirms(
    governed: Governed,
) -> None:
    governed.bring_in_order()
    with governed.database.writing() as session:
        governed.meeting(session).restored_hold = True
        governed.meeting(session).dirty = True
    forward(governed, STRANGER)

    governed.cycle()

    held = posted(governed.database, "held")[-1]
    assert (held.state, held.hold) == ("waiting", None)
