"""A configured installation whose Google is the sandbox, and a way to run commands in it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from governance.cli import main
from governance.commands.site import Site, open_site
from tests.support.cast import ANN, BOB, CHAIR
from tests.support.sandbox import SandboxForTests

EVENT = "weeklydecisions"


@dataclass(frozen=True, slots=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Outcome]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the commands run; a configuration without Google."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOVERNANCE_CONFIG", raising=False)
    (tmp_path / "config.toml").write_text(
        '[site]\nsecret_key = "0123456789abcdef"\nadmins = ["ops@example.com"]\ndomains = ["example.com"]\n'
    )
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in this process; what it leaves on both streams comes along."""

    def run(*words: str) -> Outcome:
        capsys.readouterr()
        code = main(words)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run


@pytest.fixture
def sandboxed(folder: Path, sandbox: SandboxForTests) -> SandboxForTests:
    """The configuration names the sandbox, and the chair has a weekly event with Ann on it."""
    credentials = sandbox.credentials_file(folder)
    with (folder / "config.toml").open("a") as config:
        config.write(
            f'[google]\ncredentials = "{credentials.name}"\nsubject = "{CHAIR.address}"\napi_root = "{sandbox.url}"\n'
        )
    people = (CHAIR, ANN, BOB)
    sandbox.control.seed(users=[{"email": who.address, "name": who.name} for who in people])
    sandbox.control.create_series(
        CHAIR.address,
        "Decision meeting",
        "2026-01-06T09:00:00+01:00",
        "2026-01-06T10:00:00+01:00",
        "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=TU"],
        [ANN.address],
        event_id=EVENT,
    )
    return sandbox


@pytest.fixture
def adopted(run: Run, sandboxed: SandboxForTests) -> SandboxForTests:
    outcome = run("meeting", "adopt", "weekly", "--calendar", CHAIR.address, "--event", EVENT)
    assert outcome.code == 0, outcome.err
    return sandboxed


def site_here() -> Site:
    from argparse import Namespace

    return open_site(Namespace(config=None))
