"""The main job by hand: find, adopt, import, plan, approve, sync – against the sandbox calendar."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import select

from governance.models import Approval
from governance.reconcile.ports import Unreachable
from governance.reconcile.reconciler import Reconciler
from tests.cli.conftest import EVENT, Run, site_here
from tests.support.cast import ANN, BOB, CHAIR, OUTSIDER
from tests.support.sandbox import SandboxForTests

ROSTER = (
    "department,delegate_name,delegate_email,mandate_scope,mandate_limit,mandate_until\n"
    f"Finance,{ANN.name},{ANN.address},All of it,50000,2099-12-31\n"
    f"Legal,{BOB.name},{BOB.address},Contracts,,\n"
)


def write(folder: Path, text: str | bytes = ROSTER) -> str:
    file = folder / "roster.csv"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file.name


def guests(sandbox: SandboxForTests) -> set[str]:
    """Everybody invited; the chair, who organises, is no guest."""
    return {guest["email"] for guest in sandbox.control.event(CHAIR.address, EVENT).get("attendees", [])}


def test_find_lists_what_could_be_governed(run: Run, sandboxed: SandboxForTests) -> None:
    outcome = run("meeting", "find", "--calendar", CHAIR.address, "--json")

    (event,) = outcome.document["events"]
    assert outcome.code == 0
    assert set(event) == {"event", "summary", "organizer", "next", "guests"}
    assert (event["event"], event["summary"], event["organizer"]) == (EVENT, "Decision meeting", CHAIR.address)
    assert event["next"].endswith("Z")


def test_adopted_meetings_are_listed_and_shown(run: Run, adopted: SandboxForTests) -> None:
    (listed,) = run("meeting", "list", "--json").document["meetings"]
    shown = run("meeting", "show", "weekly", "--json").document

    assert listed == {
        "meeting": "weekly",
        "calendar": CHAIR.address,
        "event": EVENT,
        "subject": CHAIR.address,
        "time_zone": "Europe/Berlin",
        "cap": 12,
        "next": listed["next"],
        "paused": False,
    }
    assert set(shown) == {"schema", *listed, "chair", "scribe", "leadership", "rules"}
    assert shown["chair"] == [{"name": None, "email": CHAIR.address}]
    assert shown["rules"]["I04"] == "observe"


@pytest.mark.parametrize("named", ["occurrence", "link"])
def test_an_event_is_adopted_by_an_occurrence_or_its_link(run: Run, sandboxed: SandboxForTests, named: str) -> None:
    event = sandboxed.control.event(CHAIR.address, EVENT)
    occurrence = sandboxed.control.instances(CHAIR.address, EVENT)[0]["id"]

    outcome = run(
        "meeting", "adopt", "weekly", "--calendar", "primary",
        "--event", occurrence if named == "occurrence" else event["htmlLink"],
    )  # fmt: skip

    assert outcome.code == 0, outcome.err
    assert run("meeting", "list", "--json").document["meetings"][0]["event"] == EVENT


def test_an_event_that_is_not_there_is_answered_with_how_to_find_one(run: Run, sandboxed: SandboxForTests) -> None:
    outcome = run("meeting", "adopt", "weekly", "--calendar", CHAIR.address, "--event", "nothinglikeit")

    assert outcome.code == 1
    assert outcome.err.startswith(f"Choose one that `governance meeting find --calendar {CHAIR.address}` lists")


@pytest.mark.parametrize("role", ["reader", None])
def test_a_calendar_that_may_not_be_written_is_not_adopted(
    run: Run, sandboxed: SandboxForTests, role: str | None
) -> None:
    """Shared to be read, or not shared at all: one sentence says how to share it."""
    sandboxed.control.seed(users=[{"email": "eve@example.com"}])
    if role:
        sandboxed.control.share(CHAIR.address, "eve@example.com", role)

    outcome = run(
        "meeting", "adopt", "weekly", "--calendar", CHAIR.address, "--event", EVENT, "--subject", "eve@example.com"
    )

    assert (outcome.code, outcome.out, outcome.err.count("\n")) == (1, "", 1)
    assert outcome.err.startswith("Share "), outcome.err
    assert run("meeting", "list", "--json").document["meetings"] == []


def test_a_meeting_that_is_not_there_is_answered_with_those_there_are(run: Run, adopted: SandboxForTests) -> None:
    outcome = run("roster", "show", "weakly")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == "Choose one of weekly: there is no meeting “weakly”.\n"


def test_from_adoption_to_an_invitation_in_order(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    adopted.control.guest_adds(CHAIR.address, EVENT, ANN.address, OUTSIDER.address)
    run("roster", "import", "weekly", write(folder))

    planned = run("plan", "weekly", "--json")
    checksum = planned.document["checksum"]

    assert planned.code == 2
    assert {(change["kind"], change["email"] or change["flag"]) for change in planned.document["changes"]} >= {
        ("remove-guest", OUTSIDER.address),
        ("add-guest", BOB.address),
    }
    assert all(change["held"] for change in planned.document["changes"])
    assert run("sync").code == 2
    assert guests(adopted) == {ANN.address, OUTSIDER.address}

    wrong = run("approve", "weekly", "0" * 16)
    assert wrong.code == 1
    assert checksum in wrong.err
    assert run("approve", "weekly", checksum, "--by", CHAIR.address).code == 0

    synced = run("sync", "weekly", "--json")
    assert synced.code == 0, synced.err
    assert [(one["meeting"], one["held"], one["failed"]) for one in synced.document["meetings"]] == [("weekly", 0, 0)]
    assert guests(adopted) == {ANN.address, BOB.address}
    assert run("plan", "weekly").code == 0
    status = run("status", "--json")
    assert (status.code, status.document["problems"]) == (0, [])
    assert run("ledger", "verify").code == 0


def test_a_rejected_plan_stays_unwritten(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder))
    checksum = run("plan", "weekly", "--json").document["checksum"]

    assert run("reject", "weekly", checksum).code == 0

    assert run("sync").code == 2
    assert guests(adopted) == {ANN.address}


@pytest.mark.parametrize("verdict", ["approve", "reject"])
@pytest.mark.parametrize("somebody", [BOB.address, ANN.address, "unheard.of@example.com"])
def test_a_verdict_of_somebody_who_may_not_decide_is_not_recorded(
    run: Run, adopted: SandboxForTests, folder: Path, verdict: str, somebody: str
) -> None:
    """A delegate is somebody in the meeting, but does not decide on its invitation."""
    run("roster", "import", "weekly", write(folder))
    checksum = run("plan", "weekly", "--json").document["checksum"]

    outcome = run(verdict, "weekly", checksum, "--by", somebody)

    assert (outcome.code, outcome.err.startswith("Name the chair, the scribe or an administrator")) == (1, True)
    assert run("plan", "weekly", "--json").document["checksum"] == checksum
    assert run("sync").code == 2
    assert guests(adopted) == {ANN.address}


@pytest.mark.parametrize("somebody", [CHAIR.address, "OPS@example.com"])
def test_chair_and_administrator_answer_for_their_verdict(
    run: Run, adopted: SandboxForTests, folder: Path, somebody: str
) -> None:
    run("roster", "import", "weekly", write(folder))
    checksum = run("plan", "weekly", "--json").document["checksum"]

    assert run("reject", "weekly", checksum, "--by", somebody).code == 0

    with site_here().database.reading() as session:
        assert session.scalars(select(Approval.by)).all() == [somebody.casefold()]


def test_import_yes_approves_exactly_what_was_shown(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    outcome = run("roster", "import", "weekly", write(folder), "--yes")

    assert outcome.code == 0, outcome.err
    assert f"add-guest {BOB.address}" in outcome.out
    assert run("sync").code == 0
    assert guests(adopted) == {ANN.address, BOB.address}


def test_a_dry_run_changes_nothing(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    outcome = run("roster", "import", "weekly", write(folder), "--dry-run")

    assert outcome.code == 0
    assert "Finance: Ann Adler is appointed" in outcome.out
    assert outcome.out.endswith("Nothing was changed: leave --dry-run out to import.\n")
    assert run("roster", "show", "weekly", "--json").document["seats"] == []


def test_the_same_file_again_says_that_nothing_is_to_be_imported(
    run: Run, adopted: SandboxForTests, folder: Path
) -> None:
    run("roster", "import", "weekly", write(folder))

    outcome = run("roster", "import", "weekly", write(folder))

    assert outcome.out.splitlines()[-1] == "Nothing to import: the roster is as the file says."


def test_an_import_says_who_will_not_be_added(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    outcome = run("roster", "import", "weekly", write(folder, f"department,delegate_email\nLegal,{BOB.address}\n"))

    assert "1 delegate has no mandate in force and will therefore not be added to the invitation" in outcome.out


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", "Begin the file with a header"),
        (b"department\n", "Add a row for each department"),
        (b"department,boss\nFinance,x\n", "row 1, boss: Remove or rename this column"),
        (b"department\nFinance\nfinance\n", "row 3, department: Keep one row for finance"),
        (b"department,delegate_email\nFinance,nobody\n", "row 2, delegate_email: Enter an e-mail address"),
        (b"department,delegate_email\nA,a@x.org\nB,a@x.org\n", "row 3, delegate_email: Name another delegate"),
        ("department\nBüro\n".encode("cp1252"), "row 2: Save the file as UTF-8"),
        (
            b"department,delegate_email\n" + b"".join(b"D%d,d%d@x.org\n" % (n, n) for n in range(13)),
            "row 14, delegate_email: Name at most 12 delegates, or raise the cap",
        ),
    ],
    ids=["empty", "header alone", "unknown column", "twice", "malformed", "two seats", "windows", "above the cap"],
)
def test_a_wrong_file_is_one_error_and_not_one_guest_is_touched(
    run: Run, adopted: SandboxForTests, folder: Path, content: bytes, place: str
) -> None:
    outcome = run("roster", "import", "weekly", write(folder, content), "--yes")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("Correct ")
    assert place in outcome.err
    assert run("roster", "show", "weekly", "--json").document["seats"] == []
    assert run("sync").code in (0, 2)
    assert guests(adopted) == {ANN.address}


def test_a_file_that_is_not_there_is_named(run: Run, adopted: SandboxForTests) -> None:
    assert run("roster", "import", "weekly", "nothing.csv").err == (
        "Name a file that can be read instead of nothing.csv: no such file or directory.\n"
    )


def test_the_roster_is_shown_as_agreed(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder))
    run("roster", "deputy", "weekly", "Legal", "emil@example.com")
    run("roster", "vacate", "weekly", "Legal")

    document = run("roster", "show", "weekly", "--json").document

    assert set(document) == {"schema", "meeting", "cap", "seats", "waiting"}
    finance, legal = document["seats"]
    assert finance == {
        "department": "Finance",
        "state": "filled",
        "delegate": {"name": ANN.name, "email": ANN.address},
        "mandate": {
            "state": "recorded",
            "sponsor": None,
            "scope": "All of it",
            "limit": "50000.00",
            "from": finance["mandate"]["from"],
            "until": "2099-12-31",
        },
        "deputies": [],
    }
    assert (legal["state"], legal["delegate"], legal["mandate"]) == ("vacant", None, None)
    assert legal["deputies"] == [{"name": None, "email": "emil@example.com", "mandate": None}]


def test_an_exported_roster_imports_without_a_change(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder, ROSTER.replace("All of it", "=all of it")))
    exported = run("roster", "export", "weekly").out

    again = run("roster", "import", "weekly", write(folder, exported), "--replace")

    cells = {cell for row in csv.reader(io.StringIO(exported)) for cell in row}
    assert "'=all of it" in cells
    assert again.out.splitlines()[-1] == "Nothing to import: the roster is as the file says."


def test_a_mandate_is_recorded_and_withdrawn(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder, f"department,delegate_email\nLegal,{BOB.address}\n"))

    assert run("roster", "mandate", "weekly", "Legal", BOB.address, "--scope", "Contracts", "--limit", "99.5").code == 0
    (seat,) = run("roster", "show", "weekly", "--json").document["seats"]
    assert (seat["mandate"]["state"], seat["mandate"]["limit"]) == ("recorded", "99.50")

    assert run("roster", "mandate", "weekly", "Legal", BOB.address, "--withdraw").code == 0
    (seat,) = run("roster", "show", "weekly", "--json").document["seats"]
    assert seat["mandate"]["state"] == "withdrawn"


def test_a_mandate_for_somebody_unknown_is_refused(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder))

    outcome = run("roster", "mandate", "weekly", "Legal", "typo@example.com", "--scope", "x")

    assert outcome.code == 1
    assert outcome.err.startswith("Give the address of somebody who is known")


def test_the_days_of_a_meeting_are_those_of_its_calendar(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder))
    outcome = run("roster", "visitor", "weekly", OUTSIDER.address, "--on", "2001-01-01", "--reason", "audit")
    day = outcome.err.split("such as ")[1][:10]

    assert outcome.code == 1
    assert run("roster", "visitor", "weekly", OUTSIDER.address, "--on", day, "--reason", "audit").code == 0
    stands_in = run("roster", "deputy", "weekly", "Finance", "dora@example.com", "--on", day)
    assert stands_in.code == 0
    assert "Record a mandate with" in stands_in.out


def test_settings_are_set_and_shown(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    (folder / "charter.toml").write_text('short = "We decide."\n')

    outcome = run(
        "meeting", "set", "weekly", "--cap", "5", "--chair", ANN.address, "--scribe", BOB.address,
        "--leadership", "l1@example.com", "--leadership", "l2@example.com",
        "--charter", "charter.toml", "--rule", "i04=enforce", "--rule", "M06=off",
    )  # fmt: skip

    shown = run("meeting", "show", "weekly", "--json").document
    assert outcome.code == 0, outcome.err
    assert shown["cap"] == 5
    assert [one["email"] for one in shown["chair"]] == [ANN.address]
    assert [one["email"] for one in shown["leadership"]] == ["l1@example.com", "l2@example.com"]
    assert (shown["rules"]["I04"], shown["rules"]["M06"]) == ("enforce", "off")


def test_a_setting_that_cannot_be_leaves_the_others_unset(run: Run, adopted: SandboxForTests) -> None:
    outcome = run("meeting", "set", "weekly", "--cap", "5", "--rule", "I99=off")

    assert outcome.code == 1
    assert run("meeting", "show", "weekly", "--json").document["cap"] == 12


def test_a_paused_meeting_is_left_alone_until_it_is_resumed(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder), "--yes")
    assert run("meeting", "pause", "weekly").code == 0
    assert run("meeting", "list", "--json").document["meetings"][0]["paused"]
    run("sync")
    assert guests(adopted) == {ANN.address}

    assert run("meeting", "resume", "weekly").code == 0
    run("sync")

    assert guests(adopted) == {ANN.address, BOB.address}


def test_a_released_meeting_keeps_its_guests_and_loses_our_lines(
    run: Run, adopted: SandboxForTests, folder: Path
) -> None:
    (folder / "charter.toml").write_text('short = "We decide."\n')
    run("meeting", "set", "weekly", "--charter", "charter.toml")
    run("roster", "import", "weekly", write(folder), "--yes")
    run("sync")
    assert "We decide." in adopted.control.event(CHAIR.address, EVENT)["description"]

    outcome = run("meeting", "release", "weekly")

    event = adopted.control.event(CHAIR.address, EVENT)
    assert outcome.code == 0, outcome.err
    assert "We decide." not in event.get("description", "")
    assert guests(adopted) == {ANN.address, BOB.address}
    assert run("meeting", "list", "--json").document["meetings"] == []


def test_a_worker_beside_a_release_puts_nothing_back(
    run: Run, adopted: SandboxForTests, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "charter.toml").write_text('short = "We decide."\n')
    run("meeting", "set", "weekly", "--charter", "charter.toml")
    run("roster", "import", "weekly", write(folder), "--yes")
    run("sync")
    let_go = Reconciler.let_go

    def overtaken(self: Reconciler, meeting_id: UUID) -> int:
        written = let_go(self, meeting_id)
        run("sync")
        return written

    monkeypatch.setattr(Reconciler, "let_go", overtaken)

    assert run("meeting", "release", "weekly").code == 0

    assert "We decide." not in adopted.control.event(CHAIR.address, EVENT).get("description", "")


@pytest.mark.parametrize("paused", [(), ("--until", "2099-12-31")])
def test_a_release_that_the_calendar_refuses_leaves_the_meeting_as_it_was(
    run: Run, adopted: SandboxForTests, monkeypatch: pytest.MonkeyPatch, paused: tuple[str, ...]
) -> None:
    if paused:
        run("meeting", "pause", "weekly", *paused)

    def refused(self: Reconciler, meeting_id: UUID) -> int:
        raise Unreachable("Try again in a minute", "the calendar does not answer")

    monkeypatch.setattr(Reconciler, "let_go", refused)

    outcome = run("meeting", "release", "weekly")

    assert (outcome.code, outcome.err) == (1, "Try again in a minute: the calendar does not answer.\n")
    assert run("meeting", "list", "--json").document["meetings"][0]["paused"] is bool(paused)


def test_status_names_a_meeting_that_nobody_looks_at(run: Run, adopted: SandboxForTests) -> None:
    outcome = run("status", "--json")

    (line,) = outcome.document["meetings"]
    nobody, problem = outcome.document["problems"]
    assert (outcome.code, outcome.document["ok"], outcome.document["queue"]) == (2, False, 1)
    assert set(line) == {"meeting", "next", "last_read", "last_write", "held", "paused"}
    assert (line["last_read"], line["held"]) == (None, 0)
    assert nobody == {
        "code": "no-worker",
        "meeting": None,
        "text": "no worker has been at work yet",
        "remedy": "Start `governance run` or `governance worker`",
    }
    assert problem == {
        "code": "not-read",
        "meeting": "weekly",
        "text": "its calendar was not read yet",
        "remedy": "Start `governance run` or `governance worker`",
    }


def test_check_tries_the_calendars(run: Run, adopted: SandboxForTests) -> None:
    well = run("check", "--json")

    assert well.code == 0, well.out
    assert f"calendar {CHAIR.address}" in [check["name"] for check in well.document["checks"]]


def test_export_writes_everything_that_may_leave(run: Run, adopted: SandboxForTests, folder: Path) -> None:
    run("roster", "import", "weekly", write(folder))

    assert run("export", "out").code == 0

    out = folder / "out"
    assert sorted(str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()) == [
        "README.md",
        "export.json",
        "ledger.csv",
        "weekly/meeting.json",
        "weekly/roster.csv",
        "weekly/roster.json",
        "weekly/roster.md",
    ]
    assert json.loads((out / "weekly/roster.json").read_text())["seats"][0]["department"] == "Finance"
    assert ANN.address not in (out / "ledger.csv").read_text()
    assert run("export", "out").err.startswith("Choose an empty folder, or a name for a new one")
