"""`plan`, `approve`, `reject` and `sync`: what the invitation lacks, and mending it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.commands.acting import check_may_decide, on_behalf_of
from governance.commands.judging import held_cycle, reconciler_of, site_of
from governance.commands.offering import print_successors
from governance.commands.output import json_argument, print_json, print_table
from governance.commands.site import Site, google_of, now, open_site
from governance.commands.through_worker import through_worker
from governance.leasing.commanding import holding
from governance.models import Meeting
from governance.reconcile.judging import Judgement, judge
from governance.reconcile.reconciler import CycleReport, MeetingReport
from governance.services import approvals
from governance.services.adoption import meeting_named
from governance.services.workers import live_workers
from governance.store import meetings as store

NOTABLE = 2


def _slug(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="the meeting's short name, such as weekly")


def plan_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    json_argument(parser)


def plan(given: Namespace) -> int:
    """Exit code 2 where something would be changed."""
    site = open_site(given)
    meeting_id = _meeting_id(site, given.slug)
    with reconciler_of(site) as reconciler:
        found = reconciler.look(meeting_id)
    if given.json:
        print_json(found.to_json())
    else:
        _print_plan(found)
        print_successors(site, found)
    return NOTABLE if found.plan is not None else 0


def _print_plan(found: Judgement) -> None:
    print(found.plan.as_text() if found.plan is not None else f"{found.slug}: nothing is to be changed.")
    written = (
        {(one.change.rule, one.change.event_id, one.change.reason) for one in found.plan.changes}
        if found.plan
        else set()
    )
    remarks = [one for one in found.findings if (one.rule, one.event, one.reason) not in written]
    for finding in remarks:
        print(f"  {finding.rule} {finding.reason}")


def _meeting_id(site: Site, slug: str) -> UUID:
    with site.database.reading() as session:
        return meeting_named(session, slug).id


def approve_arguments(parser: ArgumentParser) -> None:
    _verdict_arguments(parser)


def approve(given: Namespace) -> int:
    site = open_site(given)
    moment = now()
    held = _held(site, given.slug)
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        by = _decider(site, session, meeting, given.by, moment)
        approvals.approve(session, meeting, given.checksum, held, by=by, source="command", now=moment)
    print(f"Approved for 7 days: {_changes(len(held))} of {given.slug} will be written at the next look.")
    return 0


def reject_arguments(parser: ArgumentParser) -> None:
    _verdict_arguments(parser)


def reject(given: Namespace) -> int:
    site = open_site(given)
    moment = now()
    held = _held(site, given.slug)
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        by = _decider(site, session, meeting, given.by, moment)
        approvals.reject(session, meeting, given.checksum, held, by=by, source="command", now=moment)
    print(f"Rejected: {_changes(len(held))} of {given.slug} stay unwritten.")
    return 0


def _verdict_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("checksum", metavar="CHECKSUM", help="as `governance plan` prints it")
    parser.add_argument("--by", metavar="EMAIL", help="who decides (default: the operator)")


def _decider(site: Site, session: Session, meeting: Meeting, email: str | None, moment: datetime) -> str:
    """Who answers for the verdict; judged in the transaction that records it."""
    by, actor = on_behalf_of(site, session, email, moment)
    check_may_decide(actor, meeting, by=by)
    return by


def _held(site: Site, slug: str) -> list[tuple[str, str, str]]:
    """What is held now, judged on the last picture: the checksum must be this set's."""
    with site.database.reading() as session:
        meeting = meeting_named(session, slug)
        found = judge(session, meeting.id, site=site_of(site.config), now=now())
    return list(found.plan.keys_for_approval) if found.plan is not None else []


def _changes(count: int) -> str:
    return "one change" if count == 1 else f"{count} changes"


def sync_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", nargs="?", help="only this meeting")
    json_argument(parser)


def sync(given: Namespace) -> int:
    """Exit code 2 where something is held or could not be mended."""
    site = open_site(given)
    with site.database.reading() as session:
        has_worker = bool(live_workers(session, now()))
    reports = through_worker(site, given.slug) if has_worker else _cycles(site, given.slug)
    meetings = [one for report in reports for one in report.meetings if given.slug in (None, one.meeting)]
    if given.json:
        print_json({"meetings": [one.to_json() for one in meetings]})
    else:
        rows = [[one.meeting, str(one.applied), str(one.held), str(one.failed)] for one in meetings]
        print_table(["MEETING", "APPLIED", "HELD", "FAILED"], rows)
    for sentence in _troubles(reports, meetings):
        print(sentence, file=sys.stderr)
    is_notable = any(one.held or one.failed or one.trouble for one in meetings) or any(one.trouble for one in reports)
    return NOTABLE if is_notable else 0


def _cycles(site: Site, slug: str | None) -> list[CycleReport]:
    """One cycle of each calendar that carries a wanted meeting, which is looked at even if nothing says so."""
    with site.database.reading() as session:
        wanted = store.all_meetings(session) if slug is None else [meeting_named(session, slug)]
        series = store.series_of(session, [meeting.id for meeting in wanted])
    of_calendar: dict[UUID, set[UUID]] = {}
    for meeting, pairs in series.items():
        for _, calendar in pairs:
            of_calendar.setdefault(calendar.id, set()).add(meeting)
    with google_of(site) as google, holding(site.database, "sync") as holds:
        reports = {
            calendar: held_cycle(site, google, holds, calendar, also=sorted(also))
            for calendar, also in of_calendar.items()
        }
    _note_reading(site, {calendar: report.read_at for calendar, report in reports.items()})
    return list(reports.values())


def _note_reading(site: Site, read: dict[UUID, datetime | None]) -> None:
    """A worker keeps this in its own row; without one it belongs to the calendar."""
    with site.database.writing() as session:
        for calendar in store.all_calendars(session):
            calendar.last_read_at = read.get(calendar.id) or calendar.last_read_at


def _troubles(reports: list[CycleReport], meetings: list[MeetingReport]) -> list[str]:
    found = [*(one.trouble for one in reports), *(one.trouble for one in meetings)]
    return [str(trouble) for trouble in found if trouble is not None]
