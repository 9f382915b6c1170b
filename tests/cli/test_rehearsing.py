"""`governance rehearse`: in an empty folder, without a configuration, and nothing is left there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest

from governance.cli import main

MINUTES = """\
# Board 2026-03-05

## Attendance

- Members: Amara Okafor, Jonas Weber (for Henrik Berg)
- Absent: Mei Tanaka

## Terms

Decision: Pay within 30 days.
"""


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("GOVERNANCE_CONFIG", raising=False)
    return tmp_path


def test_the_report_has_every_finding_with_its_line(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "m.md").write_text(MINUTES, encoding="utf-8")

    code = main(["rehearse", "m.md", "--seats", "5"])

    out = capsys.readouterr().out
    assert code == 0
    assert [line for line in out.splitlines() if line.startswith("  m.md:")] == [
        "  m.md:6: Mei Tanaka was absent without apology",
        "  m.md:5: 2 of 5 seats were there, and 3 make a quorum; 1 decision taken all the same",
        "  m.md:10: No owner and no date: “Pay within 30 days.”",
        "  m.md:5: Jonas Weber sat for Henrik Berg, and nobody says what they may decide",
    ]
    assert sorted(path.name for path in empty.iterdir()) == ["m.md"]


def test_json_is_one_document_with_the_same_findings(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "m.md").write_text(MINUTES, encoding="utf-8")

    assert main(["rehearse", "m.md", "m.md", "--json", "--quorum", "2/3", "--seats", "6"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    assert [one["code"] for one in document["findings"]] == ["A02", "D01", "D05", "I03"]
    assert document["limits"]["quorum"] == 4
    assert len(document["files"]) == 1
    assert sum(document["files"][0]["kinds"].values()) == document["files"][0]["lines"] == 10


def test_roster_and_aliases_are_read(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "m.md").write_text(MINUTES, encoding="utf-8")
    (empty / "r.csv").write_text("department,delegate_name,delegate_email\nFinance,Amara O,a@example.com\n")
    (empty / "a.csv").write_text("name,also\nAmara O,Amara Okafor\n")

    assert main(["rehearse", "m.md", "--roster", "r.csv", "--aliases", "a.csv", "--json"]) == 0

    document = json.loads(capsys.readouterr().out)
    assert document["seats"] == [{"department": "Finance", "states": [{"day": "2026-03-05", "state": "present"}]}]


def test_the_report_is_in_its_order_with_seats_by_occurrence(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "m.md").write_text(MINUTES, encoding="utf-8")
    roster = (
        "department,delegate_name,delegate_email\nFinance,Amara Okafor,a@example.com\nLegal,Henrik Berg,h@example.com\n"
    )
    (empty / "r.csv").write_text(roster)

    main(["rehearse", "m.md", "--roster", "r.csv"])

    lines = capsys.readouterr().out.splitlines()
    headings = [line for line, below in pairwise(lines) if below and set(below) == {"-"}]
    assert headings == [
        "Who was there",
        "Seats at the occurrences, oldest first",
        "Substitutes",
        "Decisions",
        "Items that came more than once",
        "What the service would have flagged",
        "Read with a doubt: 1",
        "Perhaps one person, not joined: 0",
        "Not understood: 0",
    ]
    assert [line.split() for line in lines if line.startswith(("Finance ", "Legal "))] == [
        ["Finance", "Amara", "Okafor", "P"],
        ["Legal", "Henrik", "Berg", "S"],
    ]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("none.md",), 1, "Name a file that can be read instead of none.md: No such file or directory."),
        (("folder",), 1, "Name the files in folder/: it is a folder."),
        (("m.md", "wide.md"), 1, "Save wide.md as UTF-8: it is UTF-16."),
        (("m.md", "--roster", "m.md"), 1, "Correct the roster in m.md: row 1, # board 2026-03-05: "),
        (("m.md", "--aliases", "m.md"), 1, "Begin m.md with the header name,also or name,also,from,until."),
        ((), 64, "Run `governance rehearse --help` for what it takes: missing: FILE."),
        (("m.md", "--seats", "0"), 64, "Give --seats a number from 1 on."),
        (
            ("m.md", "--window", "0"),
            64,
            "Run `governance rehearse --help` for what it takes: argument --window: Enter a whole",
        ),
        (
            ("m.md", "--quorum", "2"),
            64,
            "Run `governance rehearse --help` for what it takes: argument --quorum: Enter a frac",
        ),
        (
            ("m.md", "--late-limit", "x"),
            64,
            "Run `governance rehearse --help` for what it takes: argument --late-limit: x is",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence_and_nothing_else(
    empty: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], code: int, sentence: str
) -> None:
    (empty / "m.md").write_text(MINUTES, encoding="utf-8")
    (empty / "wide.md").write_bytes(MINUTES.encode("utf-16"))
    (empty / "folder").mkdir()

    ended = main(["rehearse", *words])

    printed = capsys.readouterr()
    assert (ended, printed.out) == (code, "")
    assert printed.err.startswith(sentence)
    assert printed.err.count("\n") == 1


def test_letters_that_a_terminal_would_obey_are_not_printed(empty: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (empty / "m.md").write_text("# Board 2026-03-05\n\nHello \x1b[31mred\x07\n", encoding="utf-8")

    main(["rehearse", "m.md"])

    assert {"\x1b", "\x07"} & set(capsys.readouterr().out) == set()


def test_it_needs_neither_database_nor_google_nor_web(empty: Path) -> None:
    (empty / "m.md").write_text(MINUTES, encoding="utf-8")
    program = (
        "import sys; from governance.cli import main; code = main(['rehearse', 'm.md']); "
        "print(sorted({'sqlalchemy', 'flask', 'googleapiclient', 'requests'} & set(sys.modules)), file=sys.stderr); "
        "sys.exit(code)"
    )

    ended = subprocess.run(
        [sys.executable, "-c", program],
        cwd=empty,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)},
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (0, "[]\n")
