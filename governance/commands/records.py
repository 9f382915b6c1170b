"""`status`, `ledger verify` and `export`: what is known, and proof of it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING, Any

from governance.commands.output import instant, json_argument, print_json, print_table
from governance.commands.site import now, open_site

if TYPE_CHECKING:
    from governance.services.standing import Status

NOTABLE = 2


def status_arguments(parser: ArgumentParser) -> None:
    json_argument(parser)


def status(given: Namespace) -> int:
    """Exit code 2 where there are problems."""
    from governance.services.standing import read_status

    site = open_site(given)
    with site.database.reading() as session:
        found = read_status(session, now(), site.config.google.poll_seconds, site.config.mail.daily_limit)
    if given.json:
        print_json(_status_json(found))
        return 0 if found.is_well else NOTABLE
    if found.meetings:
        rows = [
            [one.meeting, instant(one.next) or "–", instant(one.last_read) or "–", instant(one.last_write) or "–",
             str(one.held), "paused" if one.paused else ""]
            for one in found.meetings
        ]  # fmt: skip
        print_table(["MEETING", "NEXT", "LAST READ", "LAST WRITE", "HELD", ""], rows)
    else:
        print("No meeting is governed yet: `governance meeting find --calendar C` lists what could be.")
    for problem in found.problems:
        where = f"{problem.meeting}: " if problem.meeting else ""
        print(f"{where}{problem.remedy} ({problem.text})")
    return 0 if found.is_well else NOTABLE


def _status_json(found: Status) -> dict[str, Any]:
    meetings = [
        {
            "meeting": one.meeting,
            "next": instant(one.next),
            "last_read": instant(one.last_read),
            "last_write": instant(one.last_write),
            "held": one.held,
            "paused": one.paused,
        }
        for one in found.meetings
    ]
    named = [
        {"code": one.code, "meeting": one.meeting, "text": one.text, "remedy": one.remedy} for one in found.problems
    ]
    return {"ok": found.is_well, "meetings": meetings, "queue": found.queue, "problems": named}


def verify_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--head",
        metavar="CHAIN:SEQ:HASH",
        action="append",
        default=[],
        help="a position printed earlier; may be repeated",
    )
    json_argument(parser)


def verify(given: Namespace) -> int:
    from governance.domain.ledger import LedgerPosition
    from governance.services.ledger import verify as judge_chains

    heads = [LedgerPosition.parse(text) for text in given.head]
    site = open_site(given)
    with site.database.reading() as session:
        reports = judge_chains(session, heads)
    is_whole = all(report.ok for report in reports)
    if given.json:
        chains = [
            {"chain": one.chain, "entries": one.entries, "head": str(one.head), "first_bad": one.first_bad}
            for one in reports
        ]
        print_json({"ok": is_whole, "chains": chains})
    else:
        for one in reports:
            print(f"{'whole ' if one.ok else 'BROKEN'}  {one.entries:>6} entries  {one.head}")
    for one in reports:
        if not one.ok:
            sentence = (
                f"Put the database back from a backup: entry {one.chain}:{one.first_bad} is not as it was written"
            )
            print(f"{sentence} ({one.problem}).", file=sys.stderr)
    return 0 if is_whole else 1


def export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("directory", metavar="DIR", help="an empty folder, or one to be made")


def export(given: Namespace) -> int:
    from pathlib import Path

    from governance.commands.exporting import write_export
    from governance.domain.access import OPERATOR

    site = open_site(given)
    folder = Path(given.directory)
    with site.database.reading() as session:
        count = write_export(session, folder, actor=OPERATOR, now=now(), currency=site.config.site.currency)
    print(f"Wrote {count} files to {folder}.")
    return 0
