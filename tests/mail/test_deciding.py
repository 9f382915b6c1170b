"""What is done with a row, and what it becomes, over values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from governance.mail.deciding import (
    LONGEST_WAIT,
    Deed,
    Found,
    Policy,
    decide,
    mark_of,
    wait_seconds,
)
from governance.mail.ports import Later, Refused, Sent, Unclear

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ASKABLE, RESENDING, ASKING = Policy(True, True), Policy(False, True), Policy(False, False)
FRESH = Found(state="waiting", due_at=NOW)
OPEN = replace(FRESH, state="unclear", may_be_out=True)


@pytest.mark.parametrize(
    ("found", "policy", "deed", "code"),
    [
        (FRESH, ASKABLE, Deed.SEND, ""),
        (FRESH, RESENDING, Deed.SEND, ""),
        (OPEN, ASKABLE, Deed.ASK, ""),
        (OPEN, RESENDING, Deed.SEND, ""),
        (OPEN, ASKING, Deed.WAIT, "unclear"),
        (replace(OPEN, was_resent=True), RESENDING, Deed.WAIT, "unclear-resent"),
        (replace(OPEN, was_resent=True, is_released=True), RESENDING, Deed.SEND, ""),
        (replace(OPEN, is_released=True), ASKING, Deed.SEND, ""),
        (replace(OPEN, is_muted=True), ASKABLE, Deed.ASK, ""),
        (replace(FRESH, is_theirs=False, is_released=True), ASKABLE, Deed.DROP, "not-theirs"),
        (replace(FRESH, is_muted=True), ASKABLE, Deed.DROP, "muted"),
        (replace(FRESH, is_pointless=True), ASKABLE, Deed.DROP, "expired"),
        (replace(FRESH, is_set_aside=True), ASKABLE, Deed.FAIL, "address-set-aside"),
        (replace(FRESH, due_at=NOW - timedelta(hours=48)), ASKABLE, Deed.SEND, ""),
        (replace(FRESH, due_at=NOW - timedelta(hours=48, seconds=1)), ASKABLE, Deed.HOLD, "late"),
        (replace(FRESH, due_at=NOW - timedelta(days=9), is_released=True), ASKABLE, Deed.SEND, ""),
    ],
)
def test_what_is_done(found: Found, policy: Policy, deed: Deed, code: str) -> None:
    decision = decide(found, policy, now=NOW)

    assert (decision.deed, decision.code) == (deed, code)


@pytest.mark.parametrize("policy", [ASKABLE, RESENDING, ASKING])
def test_only_what_may_be_out_stays_open(policy: Policy) -> None:
    outcomes = [Sent(), Later("smtp-451", "Wait."), Refused("smtp-554", "No."), Unclear("lost")]

    marks = [mark_of(one, policy, attempts=1) for one in outcomes]

    assert [one.state for one in marks] == ["sent", "waiting", "failed", "unclear"]
    assert [one.may_be_out for one in marks] == [False, False, False, True]


def test_a_second_sending_that_did_not_come_about_leaves_the_first_one_unclear() -> None:
    mark = mark_of(Later("smtp-451", "Wait."), RESENDING, attempts=2, was_resent=True)

    assert (mark.state, mark.code, mark.may_be_out) == ("unclear", "unclear", True)


def test_waits_double_up_to_an_hour_and_never_undercut_the_server() -> None:
    waits = [wait_seconds(attempts, random=lambda: 0.5) for attempts in range(1, 12)]

    assert waits[:4] == [60, 120, 240, 480]
    assert max(waits) == LONGEST_WAIT
    assert wait_seconds(1, at_least=500.0) == 500.0
