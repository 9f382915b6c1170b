"""`governance summary`: the mails of the last occurrence, shown or posted, and never twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Run, site_here
from tests.cli.test_meetings import write
from tests.support.cast import ANN, BOB, CHAIR
from tests.support.posted import all_rows, posted
from tests.support.sandbox import SandboxForTests


@pytest.fixture
def in_order(run: Run, sandboxed: SandboxForTests, folder: Path) -> SandboxForTests:
    """A meeting that took place yesterday, whatever day it is."""
    adopt(run, sandboxed, "weekly", datetime.now(UTC) - timedelta(days=15))
    run("roster", "import", "weekly", write(folder), "--yes")
    assert run("sync", "weekly").code == 0
    assert run("meeting", "set", "weekly", "--leadership", "lena@example.com").code == 0
    return sandboxed


def adopt(run: Run, sandbox: SandboxForTests, slug: str, first: datetime) -> None:
    start, end = f"{first:%Y-%m-%dT%H:00:00Z}", f"{first:%Y-%m-%dT%H:30:00Z}"
    sandbox.control.create_series(
        CHAIR.address, "Sums", start, end, "UTC", ["RRULE:FREQ=WEEKLY"], [ANN.address], event_id=f"{slug}sums"
    )
    adopted = run("meeting", "adopt", slug, "--calendar", CHAIR.address, "--event", f"{slug}sums")
    assert adopted.code == 0, adopted.err


def test_a_preview_writes_nothing_and_shows_every_mail_whole(run: Run, in_order: SandboxForTests) -> None:
    before = all_rows(site_here().database)

    shown = run("summary", "weekly", "--preview", "--json")
    read = run("summary", "weekly", "--preview")

    mails = shown.document["mails"]
    assert shown.document["schema"] == 1
    assert [sorted(one) for one in mails] == [["html", "kind", "subject", "text", "to"]] * len(mails)
    assert sorted((one["kind"], one["to"]) for one in mails) == [
        ("brief", "lena@example.com"), ("summary", ANN.address), ("summary", BOB.address), ("summary", CHAIR.address),
    ]  # fmt: skip
    assert all(one["subject"] and one["text"].strip() and "<html" in one["html"] for one in mails)
    assert all(f"To: {one['to']}\nSubject: {one['subject']}\n\n{one['text'][:60]}" in read.out for one in mails)
    assert read.out.endswith("4 mails would be sent.\n")
    assert all_rows(site_here().database) == before


def test_twice_posts_once_and_leadership_waits(run: Run, in_order: SandboxForTests) -> None:
    first, again = run("summary", "weekly"), run("summary", "weekly")

    assert (first.code, first.out) == (0, "3 mails were posted.\n"), first.err
    assert (again.code, again.out) == (0, "Everybody has theirs already.\n")
    assert sorted(one.address for one in posted(site_here().database, "summary")) == sorted(
        [ANN.address, BOB.address, CHAIR.address]
    )
    assert posted(site_here().database, "brief") == []
    assert len(run("summary", "weekly", "--preview", "--json").document["mails"]) == 4


def test_what_cannot_be_sent_is_refused_with_what_to_do(run: Run, adopted: SandboxForTests) -> None:
    unknown, new = run("summary", "weakly"), run("summary", "weekly")
    json = run("summary", "weekly", "--json")

    assert (unknown.code, unknown.err) == (1, "Choose one of weekly: there is no meeting “weakly”.\n")
    assert (new.code, new.err) == (
        1, "Approve the first plan of weekly first: until then nobody hears of the meeting.\n"
    )  # fmt: skip
    assert (json.code, json.err) == (64, "Add --preview: --json shows the mails that would be sent.\n")


def test_a_paused_meeting_is_to_be_resumed_first(run: Run, in_order: SandboxForTests) -> None:
    run("meeting", "pause", "weekly")

    refused = run("summary", "weekly")

    assert (refused.code, refused.err) == (
        1, "Run `governance meeting resume weekly` first: the meeting is paused.\n"
    )  # fmt: skip


def test_a_meeting_that_has_not_taken_place_yet_has_nothing_to_sum_up(run: Run, sandboxed: SandboxForTests) -> None:
    adopt(run, sandboxed, "later", datetime.now(UTC) + timedelta(days=40))

    refused = run("summary", "later", "--preview")

    assert (refused.code, refused.err.partition(":")[0]) == (
        1, "Wait until later has taken place, or run `governance sync later` to read its calendar"
    )  # fmt: skip
