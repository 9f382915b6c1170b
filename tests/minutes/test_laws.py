"""What holds of any text: each line is understood or listed, and nobody appears who is not written there."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from governance.minutes.blocks import LONGEST_LINE
from governance.minutes.rehearsal import read
from governance.minutes.source import MinutesRefused, read_source
from governance.minutes.values import Kind, Reading
from tests.docs.pages import page
from tests.minutes.builders import reading, remarks, unread_lines

_PIECES = st.sampled_from(
    [
        *("# ", "## ", "### ", "- ", "  - ", "> ", "| ", " |", "---", "```", "<!--", "-->", "**", "[x] ", "[ ] ", "\t"),
        *("Attendance", "Members: ", "Observers: ", "Regrets: ", "Decision: ", "Action: ", "Owner: ", "For: ", "Due: "),
        *("Amara Okafor", "Mei", "Jonas Weber (for Mei)", "(Finance", "late)", ", ", ". ", " and ", "; ", ": ", "?"),
        *(
            "2026-03-05",
            "Hearing no objections",
            "is approved",
            "Not discussed",
            "#12",
            "@mei",
            "I'll write",
            "é",
            "\u2028",
        ),
    ]
)
_LINES = st.lists(st.lists(_PIECES, max_size=6).map("".join), max_size=14)
_ROWS = st.lists(st.lists(_PIECES, max_size=5).map(",".join), max_size=8)


@settings(max_examples=60, deadline=None)
@given(_LINES)
def test_every_line_of_minutes_is_understood_or_listed(lines: list[str]) -> None:
    text = "\n".join(lines)

    found = read(read_source("minutes.md", text.encode()))

    assert_lawful(found, text)


@settings(max_examples=60, deadline=None)
@given(_ROWS)
def test_every_line_of_a_table_is_understood_or_listed(rows: list[str]) -> None:
    text = "\n".join(["day,name,kind,text,state", *rows])

    found = read(read_source("minutes.csv", text.encode()))

    assert_lawful(found, text)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(_PIECES, min_size=1, max_size=4).map("".join), max_size=4))
def test_every_part_of_a_list_of_names_is_a_name_or_listed(parts: list[str]) -> None:
    """Nothing between two commas is passed over in silence."""
    line = "- Members: " + ", ".join(part.replace("\n", " ").replace("\u2028", " ") for part in parts)

    assume(len(line) < 160)  # longer texts are shown in short

    found = reading(f"# Board 2026-03-05\n## Attendance\n{line}\n")

    told = " ".join([*(words_of(found)), *(text for _, text, _ in remarks(found)), *KNOWN])
    lost = [word for word in re.findall(r"\w+", line) if word.casefold() not in told.casefold()]
    assert lost == []


KNOWN = ("Members", "and", "for", "late", "Observers", "Regrets")
"""Words that are read as what they mean, and not kept."""


def words_of(found: Reading) -> list[str]:
    return [
        word
        for one in found.occurrences
        for entry in one.listed
        for word in (entry.name, entry.department or "", entry.sits_for or "", entry.group or "", *entry.also)
    ]


def _is_listed(found: Reading, listed: list[int], line: int) -> bool:
    """A block of several lines is listed where it begins."""
    while line not in listed and line > 1 and found.kinds[line - 2] in (Kind.UNREAD, Kind.BLANK):
        line -= 1
    return line in listed


def assert_lawful(found: Reading, text: str) -> None:
    lines = text.split("\n")
    lines = lines[:-1] if lines[-1] == "" else lines
    assert len(found.kinds) == len(lines)
    assert all((kind is Kind.BLANK) == (not line.strip()) for kind, line in zip(found.kinds, lines, strict=True))
    listed = sorted(one.place.line for one in found.unread)
    assert all(_is_listed(found, listed, number) for number in unread_lines(found))
    flat = " ".join(text.replace("\u2028", " ").split())
    named = [entry.name for one in found.occurrences for entry in one.listed]
    named += [taken.name for one in found.occurrences for taken in one.roles]
    # Marks of emphasis inside of a name are no part of it.
    bare = re.sub(r"[*_`~]", "", flat)
    assert [name for name in named if name not in flat and re.sub(r"[*_`~]", "", name) not in bare] == []


def test_the_example_of_the_documentation_is_understood_to_its_last_line() -> None:
    (example,) = page("rehearse").blocks("markdown")

    found = reading(example)

    assert remarks(found) == []
    assert found.doubts == ()
    (only,) = found.occurrences
    assert (len(only.listed), len(only.roles), len(only.decisions), len(only.actions), len(only.items)) == (
        6,
        2,
        2,
        1,
        2,
    )


# --- hostile files


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("# Board\n".encode("utf-16"), "Save m.md as UTF-8: it is UTF-16."),
        (b"\xfe\xff\x00#", "Save m.md as UTF-8: it is UTF-16."),
        (b"# Board\n\xe9t\xe9\n", "Save m.md as UTF-8: line 2 has the byte 0xE9, which is none of UTF-8."),
        (b"# Board\n\n\0\n", "Remove the NUL character from m.md: it is in line 3."),
        (b"a" * (32 * 1024 * 1024 + 1), "Split m.md: it is larger than 32 MB."),
    ],
)
def test_a_file_that_is_no_text_is_refused_in_one_sentence(content: bytes, sentence: str) -> None:
    with pytest.raises(MinutesRefused) as refused:
        read_source("m.md", content)

    assert str(refused.value) == sentence


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_a_byte_order_mark_make_no_difference(ending: str, mark: str) -> None:
    lines = ["# Board 2026-03-05", "", "## Attendance", "- Members: Amara Okafor"]

    found = read(read_source("m.md", (mark + ending.join(lines) + ending).encode()))

    assert (found.occurrences[0].title, found.occurrences[0].listed[0].place.line) == ("Board", 4)


def test_an_accent_of_two_code_points_is_the_same_letter() -> None:
    found = reading("# Board 2026-03-05\n## Attendance\n- Members: Rene\u0301 Adler, Ren\u00e9 Adler\n")

    assert {entry.name for entry in found.occurrences[0].listed} == {"Ren\u00e9 Adler"}


def test_an_empty_file_is_one_occurrence_of_nothing() -> None:
    assert reading("", "2026-03-05.md").occurrences[0].listed == ()


def test_a_line_of_ten_megabytes_is_listed_in_short() -> None:
    found = reading("# Board 2026-03-05\n## Attendance\n- Members: " + "Amara, " * 1_500_000)

    ((line, text, why),) = remarks(found)
    assert (line, why) == (3, "a line of more than 20,000 characters")
    assert len(text) <= 200


@pytest.mark.parametrize(
    "piece", [" ", "#", "*", "[", "](", "(", "<", "a.", "a#", "@a ", "Ann and ", "- ", "> ", "Hearing "]
)
def test_no_line_takes_long_whatever_is_repeated_in_it(piece: str) -> None:
    """Quadratic patterns need twenty seconds for this, linear ones a part of one."""
    line = (piece * LONGEST_LINE)[: LONGEST_LINE - 20]
    text = f"# Board 2026-03-05\n## Attendance\n- Members: {line}\n## Terms\n{line}\n\nDecision: {line}\n\n# {line}\n"
    started = time.perf_counter()

    found = reading(text)

    assert time.perf_counter() - started < 5
    assert len(found.kinds) == 9
