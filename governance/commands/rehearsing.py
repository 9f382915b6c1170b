"""`governance rehearse FILE…`: what the service would have remarked in old minutes. Writes, sends and asks nothing."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.commands.misuse import NotUnderstood
from governance.commands.output import json_argument, print_json, whole

if TYPE_CHECKING:
    from governance.domain.roster_file import RosterRow
    from governance.minutes.people import Same
    from governance.minutes.rehearsal import Limits
    from governance.minutes.source import Source

_OF_CHARTER = ("window", "late_limit", "absent_limit", "grace_minutes")


def rehearse_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("files", metavar="FILE", nargs="+", help="minutes of one meeting, Markdown, or CSV by its name")
    parser.add_argument("--roster", metavar="FILE.csv", help="who has which seat, in the form of the roster file")
    parser.add_argument("--aliases", metavar="FILE.csv", help="which spellings are one person: name,also")
    parser.add_argument("--seats", metavar="N", type=whole, help="how many seats there were, without a roster")
    parser.add_argument(
        "--quorum", metavar="SHARE", type=_of_charter("quorum"), help="such as 2/3, instead of more than half"
    )
    parser.add_argument("--window", metavar="N", type=_of_charter("window"), help="occurrences counted together")
    parser.add_argument("--late-limit", metavar="N", type=_of_charter("late_limit"), help="late so often in a window")
    parser.add_argument("--absent-limit", metavar="N", type=_of_charter("absent_limit"), help="absent so often in it")
    parser.add_argument("--grace-minutes", metavar="N", type=_of_charter("grace_minutes"), help="minutes not yet late")
    json_argument(parser)


def rehearse(given: Namespace) -> None:
    """Reads every file before anything is printed, so that an unreadable one is all that is said."""
    from governance.commands.rehearsal_document import document
    from governance.commands.rehearsal_report import print_report
    from governance.minutes.rehearsal import rehearse as judged

    if given.seats == 0:
        raise NotUnderstood("Give --seats a number from 1 on.")
    sources = _sources(given.files)
    rows = _roster(given.roster) if given.roster else ()
    said = _aliases(given.aliases) if given.aliases else ()
    limits = _limits(given)
    rehearsal = judged(sources, limits, rows=rows, said=said)
    if given.json:
        print_json(document(rehearsal, limits))
    else:
        print_report(rehearsal, limits)


def _of_charter(key: str) -> Any:
    """An argument that the charter knows, judged as there."""

    def read(text: str) -> Any:
        from governance.domain.charter import fault_of

        raw: Any = text if key == "quorum" else whole(text)
        if fault := fault_of(key, raw):
            raise ArgumentTypeError(f"{fault} instead of {text[:20]}")
        return raw

    return read


def _limits(given: Namespace) -> Limits:
    from fractions import Fraction

    from governance.domain.charter import Charter
    from governance.minutes.rehearsal import Limits

    values = {key: getattr(given, key) for key in _OF_CHARTER if getattr(given, key) is not None}
    quorum = Fraction(given.quorum.replace(" ", "")) if given.quorum else None
    return Limits(charter=Charter(quorum=quorum, **values), seat_count=given.seats)


def _sources(names: Sequence[str]) -> tuple[Source, ...]:
    """Each file once, however often it is named."""
    paths = {Path(name).resolve(): name for name in reversed(names)}
    return tuple(_source(name) for name in names if paths.pop(Path(name).resolve(), None))


def _source(name: str) -> Source:
    from governance.minutes.source import read_source

    return read_source(name, _content(name))


def _content(name: str) -> bytes:
    from governance.minutes.source import LARGEST_FILE, MinutesRefused

    path = Path(name)
    try:
        if path.is_dir():
            raise MinutesRefused(f"Name the files in {name}/", "it is a folder")
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except (OSError, ValueError) as unreadable:
        reason = getattr(unreadable, "strerror", None) or str(unreadable)
        raise MinutesRefused(f"Name a file that can be read instead of {name}", reason) from unreadable


def _roster(name: str) -> tuple[RosterRow, ...]:
    from governance.domain.roster_file import RosterFileRefused, read_roster_file
    from governance.minutes.source import MinutesRefused

    try:
        return read_roster_file(_content(name)).rows
    except RosterFileRefused as refused:
        raise MinutesRefused(f"Correct the roster in {name}", "; ".join(refused.shown_faults())) from refused


def _aliases(name: str) -> list[Same]:
    from governance.minutes.people import read_aliases

    return read_aliases(_source(name))
