"""The command line itself: what it understands, what it says otherwise, and which number it ends with."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from governance.cli import COMMANDS, Command
from tests.cli.conftest import Run


def every_command() -> list[str]:
    return [
        path
        for name, command in COMMANDS.items()
        for path in ([name] if isinstance(command, Command) else [f"{name} {inner}" for inner in command])
    ]


def governance(*words: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "governance.cli", *words],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment},
        check=False,
    )


def test_help_is_well_and_names_every_command(folder: Path) -> None:
    shown = governance("--help", folder=folder)

    assert (shown.returncode, shown.stderr) == (0, "")
    assert all(path.split()[0] in shown.stdout and path.split()[-1] in shown.stdout for path in every_command())


@pytest.mark.parametrize("command", every_command())
def test_every_command_says_what_it_takes(run: Run, command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        run(*command.split(), "--help")

    assert ended.value.code == 0


def test_help_of_a_group_names_its_commands(run: Run) -> None:
    outcome = run("roster", "--help")

    assert outcome.code == 0
    assert all(word in outcome.out for word in ("import", "vacate", "alias"))


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("rooster", "show"), "Run `governance roster` if that is what you meant: `governance rooster` is no command."),
        (("xyzzy",), "Run `governance --help` for all there are: `governance xyzzy` is no command."),
        (
            ("meeting", "adpot"),
            "Run `governance meeting adopt` if that is what you meant: `governance meeting adpot` is no command.",
        ),
        (("ledger",), "Say what to do: `governance ledger` takes one of verify."),
        (("roster", "show"), "Run `governance roster show --help` for what it takes: missing: SLUG."),
        (
            ("roster", "import", "weekly", "f.csv", "--dryrun"),
            "Run `governance roster import --help` for what it takes: --dryrun is not known, did you mean --dry-run.",
        ),
        (
            ("status", "--jso"),
            "Run `governance status --help` for what it takes: --jso is not known, did you mean --json.",
        ),
        (("--config",), "Name the configuration's file after --config."),
        (("meeting", "pause"), "Name one meeting, or give --all."),
        (("meeting", "set", "weekly"), "Say what to set: --cap, --chair, --scribe, --leadership, --charter or --rule."),
        (
            ("meeting", "set", "weekly", "--rule", "I04"),
            "Give a rule and its mode as in --rule I04=enforce.",
        ),
        (
            ("roster", "mandate", "weekly", "Finance", "a@x.org"),
            "Give either --scope with what the person may decide, or --withdraw alone.",
        ),
        (
            ("roster", "visitor", "weekly", "a@x.org", "--on", "tomorrow", "--reason", "x"),
            "Run `governance roster visitor --help` for what it takes: "
            "argument --on: Write the day as 2026-03-31 instead of “tomorrow”.",
        ),
    ],
)
def test_a_line_that_cannot_be_understood_is_64_and_says_what_to_do(
    run: Run, words: tuple[str, ...], sentence: str
) -> None:
    outcome = run(*words)

    assert (outcome.code, outcome.out, outcome.err) == (64, "", sentence + "\n")


def test_nothing_at_all_is_64_and_shows_what_there_is(folder: Path) -> None:
    shown = governance(folder=folder)

    assert shown.returncode == 64
    assert "meeting" in shown.stderr


def test_a_wrong_configuration_is_1_and_names_the_key(folder: Path) -> None:
    (folder / "config.toml").write_text('[site]\nsecret_key = "0123456789abcdef"\nadmin = []\n')

    shown = governance("status", "--json", folder=folder)

    assert (shown.returncode, shown.stdout) == (1, "")
    assert shown.stderr.startswith(f"Correct {folder}/config.toml: site.admin is no known key")
    assert shown.stderr.count("\n") == 1


def test_the_configuration_is_found_by_option_by_environment_and_in_the_folder(folder: Path) -> None:
    elsewhere = folder / "elsewhere.toml"
    (folder / "config.toml").rename(elsewhere)

    assert governance("status", folder=folder).returncode == 1
    assert governance("--config", str(elsewhere), "status", folder=folder).returncode == 0
    assert governance("status", f"--config={elsewhere}", folder=folder).returncode == 0
    assert governance("status", folder=folder, GOVERNANCE_CONFIG=str(elsewhere)).returncode == 0


def test_an_unexpected_error_is_one_sentence_unless_asked_for_more(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def burst(*_: object) -> None:
        raise ZeroDivisionError("what nobody expected")

    monkeypatch.setattr("governance.commands.records.open_site", burst)

    outcome = run("status")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err == (
        "Run the command again with --debug and report what it prints: ZeroDivisionError: what nobody expected.\n"
    )
    with pytest.raises(ZeroDivisionError):
        run("status", "--debug")


def test_a_reader_who_goes_away_is_no_error(folder: Path) -> None:
    script = f"{sys.executable} -m governance.cli --help | head -n 1; exit ${{PIPESTATUS[0]}}"
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}

    shown = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, env=environment, check=False
    )

    assert (shown.returncode, shown.stderr) == (0, "")


def test_status_loads_neither_google_nor_flask(folder: Path) -> None:
    program = (
        "import sys; from governance.cli import main; main(['status']); "
        "print([one for one in ('googleapiclient', 'google.auth', 'flask', 'alembic') if one in sys.modules])"
    )
    governance("status", folder=folder)  # the first one makes the database

    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        check=True,
    )

    assert shown.stdout.splitlines()[-1] == "[]"


# --- What an operator does once


def test_init_writes_a_configuration_with_a_key_of_its_own(folder: Path) -> None:
    first, second = folder / "one.toml", folder / "two.toml"

    assert governance("init", "--config", str(first), folder=folder).returncode == 0
    assert governance("init", "--config", str(second), folder=folder).returncode == 0

    keys = [tomllib.loads(path.read_text())["site"]["secret_key"] for path in (first, second)]
    assert keys[0] != keys[1]
    assert governance("status", "--config", str(first), folder=folder).returncode == 0


def test_init_replaces_no_configuration(folder: Path) -> None:
    before = (folder / "config.toml").read_text()

    shown = governance("init", folder=folder)

    assert shown.returncode == 1
    assert shown.stderr.startswith("Keep ")
    assert (folder / "config.toml").read_text() == before


def test_migrate_says_whether_there_was_anything_to_do(run: Run) -> None:
    assert run("migrate").out == "The database is at the current schema.\n"
    assert run("migrate").out == "The database was at the current schema already.\n"


def test_sign_in_prints_an_address_for_the_first_administrator(run: Run) -> None:
    outcome = run("sign-in")

    assert outcome.code == 0
    assert outcome.out.startswith("http://localhost:8080/sign-in/")


def test_sign_in_is_for_administrators_alone(run: Run) -> None:
    outcome = run("sign-in", "ann@example.com")

    assert (outcome.code, outcome.out) == (1, "")
    assert outcome.err.startswith("Choose one of ops@example.com, or enter ann@example.com in site.admins")


def test_an_empty_installation_is_well(run: Run) -> None:
    outcome = run("status", "--json")

    assert outcome.code == 0
    assert outcome.document == {"schema": 1, "ok": True, "meetings": [], "queue": 0, "problems": []}


def test_an_empty_ledger_is_whole_and_a_position_that_never_was_is_not(run: Run) -> None:
    run("sign-in")

    whole = run("ledger", "verify", "--json")
    (chain,) = whole.document["chains"]
    later = run("ledger", "verify", "--head", "site:99:" + "0" * 64)

    assert (whole.code, whole.document["ok"], chain["first_bad"]) == (0, True, None)
    assert chain["head"].startswith("site:1:")
    assert later.code == 1
    assert later.err.startswith("Put the database back from a backup")


def test_a_position_in_another_form_is_refused(run: Run) -> None:
    assert run("ledger", "verify", "--head", "yesterday").err.startswith("Give the position as CHAIN:SEQ:HASH")


def test_check_names_every_part_with_its_remedy(run: Run) -> None:
    outcome = run("check", "--json")

    checks = {check["name"]: check for check in outcome.document["checks"]}
    assert (outcome.code, outcome.document["ok"]) == (1, False)
    assert checks["configuration"] == {"name": "configuration", "ok": True, "remedy": None}
    assert checks["database"]["ok"]
    assert checks["calendar"]["remedy"].startswith("Enter the credentials' file as google.credentials")
    assert checks["mail"]["ok"]


def test_check_ends_with_a_wrong_configuration(run: Run, folder: Path) -> None:
    (folder / "config.toml").write_text("nonsense")

    outcome = run("check", "--json")

    assert outcome.code == 1
    assert [check["name"] for check in json.loads(outcome.out)["checks"]] == ["configuration"]
