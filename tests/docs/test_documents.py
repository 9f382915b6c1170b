"""Every JSON example is a document, with the keys that the real command prints."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from governance.cli import main
from tests.docs.pages import all_pages, page
from tests.support.sandbox import SandboxForTests

CHAIR = "chair@example.com"
ROSTER = page("commands").blocks("csv")[0]
_COMMANDS = page("commands")
WITH_JSON = [one.title for one in _COMMANDS.sections() if "| `--json` |" in one.text]
ARGUMENTS = {
    "meeting find": ("--calendar", CHAIR),
    "meeting show": ("decisions",),
    "roster show": ("decisions",),
    "plan": ("decisions",),
    "summary": ("decisions", "--preview"),
    "mail send": ("--all-held",),
    "mail drop": ("--all-held",),
    "rehearse": ("{folder}/minutes.md", "--roster", "{folder}/roster.csv"),
}
_OPEN_ENDED = {".rules", ".files[].kinds"}
"""A table of every rule, and of every kind of line: the examples show a few."""


@pytest.mark.parametrize("name", [one.name for one in all_pages()])
def test_every_json_example_can_be_read(name: str) -> None:
    examples = next(one for one in all_pages() if one.name == name).blocks("json")

    assert all(isinstance(json.loads(text), dict) for text in examples)


@pytest.mark.parametrize("path", WITH_JSON)
def test_an_example_has_the_keys_of_the_real_document(
    path: str, installation: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [word.format(folder=installation.parent) for word in ARGUMENTS.get(path, ())]

    printed = run(capsys, installation, *path.split(), *arguments, "--json")

    assert list(differences(example_of(path), printed)) == []


def test_the_ready_page_answers_as_it_is_shown() -> None:
    from web.views.health import _problem

    (shown,) = page("operations").blocks("json")

    assert json.loads(shown).keys() == {"ready", "problems"}
    assert json.loads(shown)["problems"][0].keys() == _problem("", "", "").keys()


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory, sandbox_process: SandboxForTests) -> Iterator[Path]:
    """The configuration of an adopted meeting with one delegate, one vacant seat and one uninvited guest."""
    sandbox_process.control.reset()
    folder = tmp_path_factory.mktemp("documented")
    sandbox_process.control.seed(users=[{"email": CHAIR, "name": "Ingrid Halvorsen"}])
    sandbox_process.control.create_series(
        CHAIR,
        "Customer Decisions",
        "2026-01-08T10:00:00+01:00",
        "2026-01-08T11:00:00+01:00",
        "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"],
        ["lena@example.com"],
        event_id="customerdecisions",
    )
    yield prepared(folder, sandbox_process)
    sandbox_process.control.reset()


def prepared(folder: Path, sandbox: SandboxForTests) -> Path:
    credentials = sandbox.credentials_file(folder)
    config = folder / "config.toml"
    config.write_text(
        f"""
        site = {{ secret_key = "0123456789abcdef0123456789abcdef", domains = ["example.com"] }}
        google = {{ credentials = "{credentials.name}", subject = "{CHAIR}", api_root = "{sandbox.url}" }}
        """,
        encoding="utf-8",
    )
    (folder / "roster.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "minutes.md").write_text(page("rehearse").blocks("markdown")[0], encoding="utf-8")
    given = ["--config", str(config)]
    assert main([*given, "meeting", "adopt", "decisions", "--calendar", CHAIR, "--event", "customerdecisions"]) == 0
    assert main([*given, "roster", "import", "decisions", str(folder / "roster.csv")]) == 0
    return config


def run(capsys: pytest.CaptureFixture[str], config: Path, *words: str) -> dict[str, Any]:
    code = main(["--config", str(config), *words])

    printed = capsys.readouterr()
    assert code in (0, 1, 2), printed.err
    document: dict[str, Any] = json.loads(printed.out)
    return document


def example_of(path: str) -> dict[str, Any]:
    section = _COMMANDS.text.partition(f"\n### {path}\n")[2].partition("\n##")[0]
    text = section.partition("```json\n")[2].partition("```")[0]
    document: dict[str, Any] = json.loads(text)
    return document


def differences(shown: Any, real: Any, where: str = "") -> Iterator[str]:
    """Keys that only one of the two has, at every depth; an empty list or a null says nothing."""
    if isinstance(shown, dict) and isinstance(real, dict):
        if where not in _OPEN_ENDED:
            yield from (f"{where}.{key}" for key in shown.keys() ^ real.keys())
        for key in shown.keys() & real.keys():
            yield from differences(shown[key], real[key], f"{where}.{key}")
    elif isinstance(shown, list) and isinstance(real, list):
        for one in real:
            for other in shown:
                yield from differences(other, one, f"{where}[]")
    elif shown is not None and real is not None and type(shown) is not type(real):
        yield f"{where} is a {type(real).__name__}"
