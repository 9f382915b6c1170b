"""Sixteen poisoned inputs: not one guest is removed by mistake, and within one cycle somebody can see why.

The meeting has eight delegates, so that a wrong input could take many off at once.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from governance.domain.errors import GovernanceError
from governance.domain.roster_file import read_roster_file
from governance.reconcile.ports import CalendarAddress
from governance.services import mandates, people, roster_import, seats
from tests.calendar.raw_server import Request, answer
from tests.faults.conftest import OTHER, Distorted
from tests.support.crossing import Crossing
from tests.support.governed import CHAIR, SERIES, Governed, make_governed
from tests.support.sandbox import SandboxForTests

FIRST = {"Finance": "amara", "Legal": "henrik", "IT Security": "mei"}
MORE = {"Sales": "emre", "Operations": "piotr", "Product": "zofia", "Care": "nadia", "People": "siobhan"}
DEPARTMENTS = {name: f"{mailbox}@example.com" for name, mailbox in (FIRST | MORE).items()}
EVERYBODY = set(DEPARTMENTS.values())
HEAD = "department,delegate_name,delegate_email,mandate_scope\n"


@dataclass(slots=True)
class Poisoned(Distorted):
    """The meeting in order, with eight delegates whose mandates end in half a year."""

    folder: Path

    def imports(self, rows: str, head: str = HEAD) -> str:
        """Import the file with --replace, and look; what the refusal said, or the plan holds."""
        try:
            file = read_roster_file((head + rows).encode())
            with self.governed.database.writing() as session:
                meeting = self.governed.meeting(session)
                today = self.governed.now.date()
                shown = roster_import.preview(session, meeting, file, replace_all=True, today=today)
                roster_import.apply_import(session, meeting, shown, actor="test", now=self.governed.now)
        except GovernanceError as refused:
            return str(refused)
        return self.look()

    def look(self) -> str:
        """One cycle; what it makes people see."""
        report = self.governed.cycle_report()
        if report.trouble is not None:
            return str(report.trouble)
        shown = self.governed.stored()
        plan = shown.plan_json or {}
        held = [change["held"] for change in plan.get("changes", ()) if change["held"]]
        findings = [one["reason"] for one in shown.findings_json or ()]
        return "; ".join([*held, *findings])


def roster_file(holders: dict[str, str]) -> str:
    return "".join(f"{department},,{address},all\n" for department, address in holders.items())


# The roster


def roster_is_empty(poisoned: Poisoned) -> str:
    return poisoned.imports("")


def roster_is_halved(poisoned: Poisoned) -> str:
    return poisoned.imports(roster_file(dict(list(DEPARTMENTS.items())[:4])))


def columns_are_shifted(poisoned: Poisoned) -> str:
    return poisoned.imports("".join(f"{address},{name},Somebody,all\n" for name, address in DEPARTMENTS.items()))


def roster_is_an_older_backup(poisoned: Poisoned) -> str:
    return poisoned.imports(roster_file({name: f"former.{address}" for name, address in DEPARTMENTS.items()}))


def roster_is_in_capitals(poisoned: Poisoned) -> str:
    return poisoned.imports(roster_file({name: address.upper() for name, address in DEPARTMENTS.items()}))


def directory_group_answers_empty(poisoned: Poisoned) -> str:
    """As a single sign-on group that lost its members would be written out as a roster: departments without people."""
    return poisoned.imports("".join(f"{name},,,\n" for name in DEPARTMENTS))


# The calendar


def domain_of_the_addresses_has_changed(poisoned: Poisoned) -> str:
    """The company was renamed: the same people, whom the roster knows by their old addresses."""
    renamed = [{"email": one.replace("@example.com", "@example.net")} for one in sorted(EVERYBODY)]
    poisoned.governed.control.organizer_edits(CHAIR, SERIES, {"attendees": renamed})
    return poisoned.look()


def the_page_of_another_calendar(poisoned: Poisoned) -> str:
    event = {"id": SERIES, "status": "confirmed", "organizer": {"email": OTHER, "self": True}}
    poisoned.listings_are(_with(items=[event]))
    return poisoned.look()


def guests_are_left_out(poisoned: Poisoned) -> str:
    poisoned.governed.control.fault("attendees_omitted", route="events.*", count=None)
    poisoned.governed.control.touch(CHAIR, SERIES)
    return poisoned.look()


def an_empty_object(poisoned: Poisoned) -> str:
    poisoned.listings_are(lambda *_: answer({}))
    return poisoned.look()


def a_web_page(poisoned: Poisoned) -> str:
    poisoned.listings_are(lambda *_: answer(b"<html>Sign in</html>"))
    return poisoned.look()


def a_page_is_missing(poisoned: Poisoned) -> str:
    """A full listing that ends well and lacks the series: its page was lost on the way."""
    poisoned.governed.control.expire_tokens(CHAIR)
    poisoned.listings_are(_with(items=[]))
    return poisoned.look()


def the_token_is_missing(poisoned: Poisoned) -> str:
    poisoned.listings_are(_with(nextSyncToken=None))
    return poisoned.look()


def the_series_is_duplicated(poisoned: Poisoned) -> str:
    """Somebody copied the event in Google's pages, and nobody was invited to the copy."""
    poisoned.governed.control.create_series(
        CHAIR, "Steering", "2026-01-08T10:00:00+01:00", "2026-01-08T11:00:00+01:00", "Europe/Berlin",
        ["RRULE:FREQ=WEEKLY;BYDAY=TH"], [], event_id=f"{SERIES}copy",
    )  # fmt: skip
    return poisoned.look()


# The time and the database


def the_clock_is_a_year_off(poisoned: Poisoned) -> str:
    """Mandates then seem to have ended, or not to have begun."""
    seen = []
    for off in (-365, 365):
        poisoned.governed.now += timedelta(days=off)
        poisoned.governed.control.touch(CHAIR, SERIES)
        seen.append(poisoned.look())
        poisoned.governed.now -= timedelta(days=off)
    return " ".join(seen)


def the_database_is_a_week_old(poisoned: Poisoned) -> str:
    """Four seats have changed hands since the copy was made, and were written."""
    governed = poisoned.governed
    database = Path(str(governed.database.engine.url.database))
    governed.database.dispose()
    shutil.copyfile(database, poisoned.folder / "backup.db")
    for day, department in enumerate(list(MORE)[:4]):
        governed.now += timedelta(days=2 * (day % 2) + 1)
        _replace(governed, department)
        governed.cycle()
    assert len(governed.guests() - EVERYBODY) == 4
    governed.database.dispose()
    shutil.copyfile(poisoned.folder / "backup.db", database)
    return poisoned.look()


INPUTS: dict[str, Callable[[Poisoned], str]] = {
    one.__name__.replace("_", " "): one
    for one in (
        roster_is_empty, roster_is_halved, columns_are_shifted, roster_is_an_older_backup, roster_is_in_capitals,
        directory_group_answers_empty, domain_of_the_addresses_has_changed, the_page_of_another_calendar,
        guests_are_left_out, an_empty_object, a_web_page, a_page_is_missing, the_token_is_missing,
        the_series_is_duplicated, the_clock_is_a_year_off, the_database_is_a_week_old,
    )
}  # fmt: skip
HARMLESS = {"roster is in capitals", "the series is duplicated"}
"""Right all the same: there is nothing to warn of."""


def test_there_are_sixteen() -> None:
    assert len(INPUTS) == 16


@pytest.mark.parametrize("poison", INPUTS, ids=str)
def test_no_guest_is_removed_and_somebody_sees_why(poison: str, poisoned: Poisoned) -> None:
    control = poisoned.governed.control

    seen = INPUTS[poison](poisoned)

    present = poisoned.governed.guests()
    poisoned.look()
    poisoned.look()
    assert poisoned.governed.guests() == present
    assert len(present) == len(EVERYBODY)
    if poison != "the database is a week old":
        assert [one for one in control.effects() if set(one["before"]) - set(one["after"]) and _is_ours(one)] == []
    assert bool(seen) is (poison not in HARMLESS)


@pytest.fixture
def poisoned(
    migrated_sqlite_template: Path, sandbox: SandboxForTests, crossing: Crossing, tmp_path: Path
) -> Iterator[Poisoned]:
    with make_governed(migrated_sqlite_template, SandboxForTests(crossing.url, sandbox.control), tmp_path) as governed:
        governed.control.seed(users=[{"email": one} for one in (OTHER, *EVERYBODY) if one not in FIRST_ADDRESSES])
        governed.control.organizer_edits(CHAIR, SERIES, {"attendees": [{"email": one} for one in sorted(EVERYBODY)]})
        other = CalendarAddress(OTHER, OTHER)
        governed.google.calendar.list_changes(other, sync_token=None, concerns=lambda *_: False)
        governed.adopt()
        for department, address in DEPARTMENTS.items():
            governed.appoint(department, address, mandated=False)
            _mandate(governed, department, address)
        for _ in range(2):
            governed.cycle()
            if governed.stored().plan_json["checksum"]:
                governed.approve()
        governed.cycle()
        assert not (governed.stored().plan_json or {}).get("changes")
        governed.control.clear_log()
        yield Poisoned(governed, crossing, tmp_path)


FIRST_ADDRESSES = {f"{one}@example.com" for one in FIRST.values()}


def _with(**changes: Any) -> Callable[[Request, bytes], bytes]:
    """The true page but for these entries; None takes one away."""

    def changed(_: Request, content: bytes) -> bytes:
        page = {**json.loads(content), **changes}
        return answer({name: value for name, value in page.items() if value is not None})

    return changed


def _mandate(governed: Governed, department: str, address: str) -> None:
    with governed.database.writing() as session:
        meeting = governed.meeting(session)
        mandates.record_mandate(
            session,
            meeting,
            seats.seat_of(session, meeting, department),
            people.person_named(session, address, ""),
            scope="whatever it takes",
            last_day=governed.now.date() + timedelta(days=180),
            actor="test",
            now=governed.now,
        )


def _replace(governed: Governed, department: str) -> None:
    address = f"new.{DEPARTMENTS[department]}"
    governed.vacate(department)
    governed.appoint(department, address, mandated=False)
    _mandate(governed, department, address)


def _is_ours(effect: dict[str, Any]) -> bool:
    return bool(effect["act"] == "events.patch")
