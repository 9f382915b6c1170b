"""The main job against the sandbox calendar: whatever anybody does to the guest list is put right in one cycle."""

from __future__ import annotations

from tests.support.governed import CHAIR, DELEGATES, SERIES, STRANGER, Governed


def test_nothing_changes_when_everything_is_in_order(governed: Governed) -> None:
    governed.bring_in_order()

    reports = [governed.cycle() for _ in range(3)]

    assert [None, None, None] == reports
    assert [] == governed.writes()


def test_the_first_plan_waits_and_is_written_when_it_is_approved(governed_on_both: Governed) -> None:
    governed = governed_on_both
    governed.adopt()
    governed.seat_everybody()
    governed.control.forward(CHAIR, SERIES, CHAIR, STRANGER)

    before = governed.cycle()
    assert before is not None
    assert (0, True) == (before.applied, before.held > 0)
    assert STRANGER in governed.guests()

    governed.approve()
    after = governed.cycle()
    assert after is not None
    assert 0 == after.held
    assert {*DELEGATES.values()} == governed.guests() - {CHAIR}
    assert governed.event()["guestsCanInviteOthers"] is False
    assert "We decide for the customers." in governed.event()["description"]
    assert governed.event()["description"].startswith("Bring coffee.")


def test_a_forwarded_invitation_is_put_right_within_one_cycle(governed_on_both: Governed) -> None:
    governed = governed_on_both
    governed.bring_in_order()
    governed.control.forward(CHAIR, SERIES, DELEGATES["Finance"], STRANGER)

    report = governed.cycle()

    assert report is not None
    assert (1, 0, 0) == (report.applied, report.held, report.failed)
    assert STRANGER not in governed.guests()
    assert 1 == len(governed.writes())
    assert governed.cycle() is None or governed.writes() == governed.writes()[:1]
