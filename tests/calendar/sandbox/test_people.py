"""Items 57 to 60: groups, crowds, answers, and what people do in Google's own pages."""

from __future__ import annotations

from typing import Any

import pytest

from tests.calendar.sandbox.conftest import ANN, BOB, CEM, CHAIR, Office, answers_of, emails, refusal

SECOND = "weekly0_20261110T080000Z"
SALES = "sales@example.com"


def effects(office: Office) -> list[tuple[str, str, list[str], list[str]]]:
    return [(row["by"], row["event"], row["before"], row["after"]) for row in office.control.effects()]


def test_57_a_group_is_one_guest_and_reaches_all_its_members(office: Office) -> None:
    office.weekly(SALES)

    assert emails(office.get("weekly0")) == [SALES]
    assert (office.as_(BOB).ids(), office.as_(CEM).ids(), office.as_(ANN).ids()) == (["weekly0"], ["weekly0"], [])


def test_57_new_members_are_noticed_later(office: Office) -> None:
    office.weekly(SALES)

    office.control.set_members(SALES, [ANN], follow=False)
    before = office.as_(ANN).ids()
    office.control.follow_groups()

    assert (before, office.as_(ANN).ids()) == ([], ["weekly0"])
    assert office.as_(BOB).get("weekly0")["status"] == "cancelled"


def test_57_a_group_may_be_expanded(office: Office) -> None:
    office.weekly(ANN, SALES)

    assert set(emails(office.control.expand_group(CHAIR, "weekly0", SALES))) == {ANN, BOB, CEM}


def test_57_expanding_may_take_a_while(office: Office) -> None:
    office.control.switch("expanding_reads", 1)
    office.weekly(ANN)

    at_once = office.patch("weekly0", {"attendees": [{"email": SALES}]})["attendees"]
    later = office.get("weekly0")["attendees"]

    assert at_once == [{"email": SALES, "responseStatus": "needsAction", "asyncOperation": "inProgress"}]
    assert later == [{"email": SALES, "responseStatus": "needsAction"}]


def test_58_more_than_200_guests_are_refused_or_not_listened_to(office: Office) -> None:
    crowd = [{"email": ANN}, *({"email": f"guest{n}@elsewhere.org"} for n in range(200))]
    office.weekly()

    assert refusal(lambda: office.patch("weekly0", {"attendees": crowd}))[0] == 400

    office.control.switch("many_guests", "unanswered")
    office.patch("weekly0", {"attendees": crowd})
    office.control.answers(CHAIR, "weekly0", ANN, "accepted")

    assert answers_of(office.get("weekly0"))[ANN] == "needsAction"


def test_59_an_answer_meanwhile_makes_a_conditional_write_fail(office: Office) -> None:
    etag = office.weekly(ANN)["etag"]

    office.control.answers(CHAIR, "weekly0", ANN, "declined", "ill")

    assert refusal(lambda: office.patch("weekly0", {"summary": "x"}, etag)) == (412, "conditionNotMet")
    assert office.get("weekly0")["attendees"] == [{"email": ANN, "responseStatus": "declined", "comment": "ill"}]


def test_60_a_guest_adds_somebody_where_the_flag_allows(office: Office) -> None:
    office.weekly(ANN)

    office.control.guest_adds(CHAIR, "weekly0", ANN, "eve@elsewhere.org")

    assert emails(office.get("weekly0")) == [ANN, "eve@elsewhere.org"]
    assert effects(office)[-1] == (ANN, "weekly0", [ANN], [ANN, "eve@elsewhere.org"])


def test_60_else_the_addition_stays_on_the_guests_own_copy(office: Office) -> None:
    office.weekly(ANN, guestsCanInviteOthers=False)

    office.control.guest_adds(CHAIR, "weekly0", ANN, "eve@elsewhere.org")

    assert emails(office.get("weekly0")) == [ANN]
    assert emails(office.as_(ANN).get("weekly0")) == [ANN, "eve@elsewhere.org"]


def test_60_a_forwarded_invitation_gets_through_whatever_the_flags_say(office: Office) -> None:
    office.weekly(ANN, guestsCanInviteOthers=False)

    office.control.forward(CHAIR, SECOND, ANN, "eve@elsewhere.org")

    assert emails(office.get(SECOND)) == [ANN, "eve@elsewhere.org"]
    assert emails(office.get("weekly0")) == [ANN]


@pytest.mark.parametrize("event", ["weekly0", SECOND])
def test_60_flags_are_flipped_on_the_series_or_one_instance(office: Office, event: str) -> None:
    office.weekly(ANN, guestsCanInviteOthers=False)

    office.control.flip_flags(CHAIR, event, guestsCanInviteOthers=True, guestsCanModify=True)

    flipped = office.get(event)
    assert (flipped.get("guestsCanInviteOthers", True), flipped["guestsCanModify"]) == (True, True)
    assert office.get("weekly0").get("guestsCanModify", False) == (event == "weekly0")


def test_60_instances_are_edited_moved_cancelled_and_restored(office: Office) -> None:
    office.weekly(ANN)
    third = "weekly0_20261117T080000Z"

    office.control.organizer_edits(CHAIR, SECOND, {"location": "Roof"})
    office.control.move_instance(CHAIR, third, "2026-11-18T09:00:00", "2026-11-18T10:00:00")
    office.control.cancel_instance(CHAIR, "weekly0_20261124T080000Z")
    office.control.cancel_instance(CHAIR, "weekly0_20261201T080000Z")
    office.control.restore_instance(CHAIR, "weekly0_20261201T080000Z")

    assert office.get(SECOND)["location"] == "Roof"
    assert office.get(third)["start"] == {"dateTime": "2026-11-18T09:00:00+01:00", "timeZone": "Europe/Berlin"}
    assert office.get("weekly0_20261124T080000Z")["status"] == "cancelled"
    assert office.get("weekly0_20261201T080000Z")["status"] == "confirmed"


def test_60_guests_are_dropped_and_events_deleted(office: Office) -> None:
    office.weekly(ANN, BOB)

    office.control.drop_guest(CHAIR, SECOND, BOB)
    office.control.drop_guest(CHAIR, "weekly0", ANN)
    office.control.delete_event(CHAIR, "weekly0")

    assert office.get("weekly0")["status"] == "cancelled"
    assert effects(office)[1:3] == [
        (CHAIR, SECOND, [ANN, BOB], [ANN]),
        (CHAIR, "weekly0", [ANN, BOB], [BOB]),
    ]


def test_60_an_event_is_transferred_to_another_organiser(office: Office) -> None:
    office.weekly(ANN, BOB)
    office.control.forward(CHAIR, SECOND, ANN, "eve@elsewhere.org")

    office.control.transfer(CHAIR, "weekly0", ANN)

    theirs = office.as_(ANN)
    assert theirs.get("weekly0")["organizer"] == {"email": ANN, "self": True}
    assert emails(theirs.get(SECOND)) == [ANN, BOB, "eve@elsewhere.org"]
    assert office.get("weekly0")["status"] == "cancelled"


def test_60_a_suspended_user_gets_nothing_more(office: Office) -> None:
    office.weekly(ANN)
    ann = office.as_(ANN)

    office.control.suspend(ANN)

    with pytest.raises(Exception, match="credentials"):
        ann.page()
    assert emails(office.get("weekly0")) == [ANN]


def test_60_a_renamed_user_keeps_the_events(office: Office) -> None:
    office.weekly(ANN)

    office.control.rename_user(ANN, "ann.new@example.com")

    renamed: Any = office.as_("ann.new@example.com")
    assert renamed.get("weekly0")["attendees"] == [{"email": ANN, "self": True, "responseStatus": "needsAction"}]
    assert emails(office.get("weekly0")) == [ANN]


def test_an_alias_leads_to_the_same_calendar(office: Office) -> None:
    office.control.alias(BOB, "robert@example.com")

    office.weekly("robert@example.com")

    assert office.as_(BOB).ids() == ["weekly0"]


def test_the_people_of_a_copy_are_told_apart_from_the_effects_of_others(office: Office) -> None:
    """One row per change that was applied; copies that follow leave none."""
    office.weekly(ANN, BOB)

    office.patch("weekly0", {"attendees": [{"email": ANN}]})
    office.patch("weekly0", {"attendees": [{"email": ANN}]})

    assert effects(office) == [(CHAIR, "weekly0", [], [ANN, BOB]), (CHAIR, "weekly0", [ANN, BOB], [ANN])]
