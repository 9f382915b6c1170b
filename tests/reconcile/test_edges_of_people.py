"""Edges of who somebody is: aliases, groups, the Directory. Each was wrong once, or might have been."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from governance.services import (
    mandates,
    people,
    seats,
)
from tests.reconcile.edges import AMARA, HENRIK, MEI, THIS, Killed
from tests.support.governed import (
    CHAIR,
    DELEGATES,
    SERIES,
    STRANGER,
    Governed,
)


def test_naming_an_alias_settles_the_question_about_it(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.seed(users=[{"email": "petra.real@example.com", "aliases": ["petra@example.com"]}])
    governed.control.switch("canonical_addresses", True)
    governed.appoint("Sales", "petra@example.com")
    governed.cycle()
    with governed.database.writing() as s:
        people.add_alias(s, "petra@example.com", "petra.real@example.com", actor="t", now=governed.now)
    governed.cycle()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_known_alias_in_an_answer_is_no_question(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.seed(users=[{"email": "petra.real@example.com", "aliases": ["petra@example.com"]}])
    governed.control.switch("canonical_addresses", True)
    governed.appoint("Sales", "petra@example.com")
    with governed.database.writing() as s:
        people.add_alias(s, "petra@example.com", "petra.real@example.com", actor="t", now=governed.now)
    governed.cycle()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.cycle()
    assert STRANGER not in governed.guests()


def test_a_claim_that_was_never_sent_is_not_taken_for_another_address(
    governed: Governed, monkeypatch: pytest.MonkeyPatch
) -> None:
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.drop_guest(CHAIR, SERIES, MEI)
    real = type(governed.google.calendar).write_event

    def die(*_a: Any, **_k: Any) -> None:
        raise Killed

    monkeypatch.setattr(type(governed.google.calendar), "write_event", die)
    with pytest.raises(Killed):
        governed.cycle()
    monkeypatch.setattr(type(governed.google.calendar), "write_event", real)
    governed.control.answers(CHAIR, SERIES, AMARA, "accepted")
    governed.cycle()
    assert {AMARA, HENRIK, MEI} == governed.guests() - {CHAIR}


def test_a_group_that_was_seated_is_not_invited(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.control.seed(groups=[{"email": "team@example.com", "members": [AMARA, MEI]}])
    g.bring_in_order()
    g.appoint("Sales", "team@example.com")
    g.cycle()
    assert "team@example.com" not in g.guests()


def test_an_alias_does_not_end_because_the_directory_is_silent(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.alias(AMARA, "a.okafor@example.com")
    g.control.drop_guest(CHAIR, SERIES, AMARA)
    g.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
    g.cycle()
    assert "a.okafor@example.com" in g.guests()
    g.advance(timedelta(hours=25))
    g.control.fault("503", route="users.*", count=None)
    g.control.clear_log()
    g.cycle()
    assert "a.okafor@example.com" in g.guests()


def test_strangers_still_go_when_every_mandate_has_ended(governed: Governed) -> None:
    governed.bring_in_order()
    with governed.database.writing() as s:
        m = governed.meeting(s)
        for d, a in DELEGATES.items():
            mandates.withdraw_mandate(
                s, m, seats.seat_of(s, m, d), people.known_person(s, a), actor="t", now=governed.now
            )
    governed.cycle()
    governed.control.forward(CHAIR, SERIES, AMARA, STRANGER)
    governed.control.flip_flags(CHAIR, SERIES, guestsCanInviteOthers=True)
    governed.cycle()
    assert STRANGER not in governed.guests(), [
        (c["kind"], c["email"], c["held"]) for c in governed.stored().plan_json["changes"]
    ]


def test_who_accepts_with_one_of_two_addresses_comes(governed: Governed) -> None:
    governed.bring_in_order()
    with governed.database.writing() as s:
        people.add_alias(s, HENRIK, "h2@example.com", actor="t", now=governed.now)
    governed.control.forward(CHAIR, SERIES, AMARA, "h2@example.com")
    governed.cycle()
    governed.control.answers(CHAIR, SERIES, HENRIK, "declined")
    governed.control.answers(CHAIR, SERIES, "h2@example.com", "accepted")
    governed.cycle()
    assert "tomas@example.com" not in governed.guests(THIS)


def test_an_alias_is_asked_for_again_after_a_day(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.alias(AMARA, "a.okafor@example.com")
    g.control.drop_guest(CHAIR, SERIES, AMARA)
    g.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
    g.cycle()
    g.advance(timedelta(hours=25))
    g.cycle()
    assert "a.okafor@example.com" in g.guests()
    assert AMARA not in g.guests()


def test_a_plan_that_is_only_read_asks_the_directory_too(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.alias(AMARA, "a.okafor@example.com")
    g.control.drop_guest(CHAIR, SERIES, AMARA)
    g.control.forward(CHAIR, SERIES, MEI, "a.okafor@example.com")
    g.cycle()
    g.advance(timedelta(hours=25))
    assert g.look().plan is None, g.look().plan.as_text()


def test_a_group_is_a_group_in_the_first_plan_that_sees_it(governed_with_directory: Governed) -> None:
    g = governed_with_directory
    g.bring_in_order()
    g.control.seed(groups=[{"email": "all@example.com", "members": [AMARA, MEI]}])
    g.control.forward(CHAIR, SERIES, AMARA, "all@example.com")
    assert [p.change.rule for p in g.look().plan.changes] == ["I08"]


def test_the_organiser_brings_nobody_along_either(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.organizer_edits(
        CHAIR,
        SERIES,
        {
            "attendees": [
                {"email": CHAIR, "additionalGuests": 2, "responseStatus": "accepted"},
                *[{"email": a} for a in DELEGATES.values()],
            ]
        },
    )
    governed.cycle()
    assert not any(a.get("additionalGuests") for a in governed.event()["attendees"])


def test_a_name_cannot_write_lines_into_a_plan(governed: Governed) -> None:
    governed.bring_in_order()
    governed.control.organizer_edits(
        CHAIR,
        SERIES,
        {
            "attendees": [
                *[{"email": a} for a in DELEGATES.values()],
                {"email": STRANGER, "displayName": "Eve\x1b[2J\nApprove what is held"},
            ]
        },
    )
    t = governed.look().plan.as_text()
    assert "\x1b" not in t
    assert 2 == len(t.splitlines()), t
