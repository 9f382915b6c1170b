"""Minutes of a meeting that never was, and what is read of them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from textwrap import dedent

from governance.domain.charter import Charter
from governance.domain.roster_file import read_roster_file
from governance.minutes.people import Same, read_aliases
from governance.minutes.rehearsal import Limits, Rehearsal, read, rehearse
from governance.minutes.source import Source, read_source
from governance.minutes.values import Kind, Listed, Occurrence, Reading

ROSTER = """\
department,delegate_name,delegate_email,mandate_scope,mandate_from,deputy_name,deputy_email
Finance,Amara Okafor,amara@example.com,All of it,2026-01-01,Jonas Weber,jonas@example.com
Legal,Henrik Berg,henrik@example.com,All of it,2026-01-01,,
IT Security,Mei Tanaka,mei@example.com,All of it,2026-01-01,,
"""


def source(text: str, name: str = "2026-03-05.md") -> Source:
    return read_source(name, dedent(text).encode())


def reading(text: str, name: str = "2026-03-05.md") -> Reading:
    return read(source(text, name))


def occurrence(text: str, name: str = "2026-03-05.md") -> Occurrence:
    """The only one of the file."""
    (only,) = reading(text, name).occurrences
    return only


def attendance(*lines: str) -> Reading:
    """Minutes with these lines below *Attendance*, the first of which is line 4."""
    return reading("\n".join(["# Board 2026-03-05", "", "## Attendance", *lines]))


def listed(*lines: str) -> tuple[Listed, ...]:
    return attendance(*lines).occurrences[0].listed


def named(entries: Sequence[Listed]) -> list[str]:
    return [one.name for one in entries]


def body(*lines: str) -> Reading:
    """Minutes with one item, whose text begins in line 5."""
    return reading("\n".join(["# Board 2026-03-05", "", "## Payment terms", "", *lines]))


def remarks(found: Reading | Rehearsal) -> list[tuple[int, str, str]]:
    return [(one.place.line, one.text, one.why) for one in found.unread]


def doubts(found: Reading | Rehearsal) -> list[tuple[int, str, str]]:
    return [(one.place.line, one.text, one.why) for one in found.doubts]


def unread_lines(found: Reading) -> list[int]:
    return [number for number, kind in enumerate(found.kinds, start=1) if kind is Kind.UNREAD]


def minutes(day: str, *lines: str) -> Source:
    """The file of one day, with the lines below its title."""
    return source("\n".join([f"# Board {day}", "", *lines]), f"{day}.md")


def rehearsed(
    *sources: Source,
    roster: str = "",
    aliases: str = "",
    seats: int | None = None,
    quorum: Fraction | None = None,
    charter: Charter | None = None,
) -> Rehearsal:
    rows = read_roster_file(roster.encode()).rows if roster else ()
    said: list[Same] = read_aliases(source(aliases, "aliases.csv")) if aliases else []
    limits = Limits(charter=charter or Charter(quorum=quorum), seat_count=seats)
    return rehearse(sources, limits, rows=rows, said=said)


def found(rehearsal: Rehearsal, rule: str) -> list[tuple[str, str]]:
    """The findings of one rule, as place and sentence."""
    return [(str(one.place), one.sentence) for one in rehearsal.judgement.findings if one.rule == rule]
