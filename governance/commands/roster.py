"""`governance roster …`: who holds which seat, with what mandate, and who else may come."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from governance.commands.misuse import NotUnderstood
from governance.commands.output import day, json_argument, print_json, print_table
from governance.commands.roster_views import roster_json
from governance.commands.site import OPERATOR, Site, now, open_site
from governance.domain.department import fold_department
from governance.domain.errors import GovernanceError
from governance.domain.money import to_minor_units
from governance.domain.roster_file import COLUMNS, LARGEST_FILE, read_roster_file
from governance.services import deputies, guests, mandates, roster_import, seats
from governance.services.adoption import meeting_named
from governance.services.occurrences import occurrence_on
from governance.services.people import add_alias, known_person, person_named
from governance.services.recording import today_of
from governance.services.roster_table import roster_rows, write_csv
from governance.store.applications import waiting_list
from governance.store.people import sponsors_on
from governance.store.rosters import load_roster

if TYPE_CHECKING:
    from uuid import UUID

    from sqlalchemy.orm import Session

    from governance.domain.roster_import import ImportPreview
    from governance.reconcile.judging import Judgement


class UnreadableFile(GovernanceError):
    """The file cannot be read."""


def _slug(parser: ArgumentParser) -> None:
    parser.add_argument("slug", metavar="SLUG", help="the meeting's short name, such as weekly")


def _department(parser: ArgumentParser) -> None:
    parser.add_argument("department", metavar="DEPT", help="the department, as `governance roster show` prints it")


# --- import


def import__arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("file", metavar="FILE.csv", type=Path, help="UTF-8, with commas or semicolons")
    parser.add_argument("--dry-run", action="store_true", help="only show what would change")
    parser.add_argument("--replace", action="store_true", help="vacate the seats that the file does not name")
    parser.add_argument("--yes", action="store_true", help="approve the shown changes of the invitation")


def import_(given: Namespace) -> int:
    site = open_site(given)
    file = read_roster_file(_content_of(given.file), currency=site.config.site.currency)
    moment = now()
    with site.database.reading() as session:
        meeting = meeting_named(session, given.slug)
        shown = roster_import.preview(
            session, meeting, file, replace_all=given.replace, today=today_of(meeting, moment)
        )
        judgement = _on_invitation(session, site, meeting.id, shown, moment)
    _show(shown, judgement, given.slug)
    if given.dry_run:
        print("Nothing was changed: leave --dry-run out to import.")
        return 0
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        roster_import.apply_import(session, meeting, shown, actor=OPERATOR, now=moment)
        if given.yes:
            _approve_shown(session, meeting, judgement, moment)
    print("Imported." if not shown.is_empty else "Nothing to import: the roster is as the file says.")
    return 0


def _content_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        remedy = f"Name a file that can be read instead of {path}"
        raise UnreadableFile(remedy, (error.strerror or str(error)).lower()) from error


def _on_invitation(session: Session, site: Site, meeting_id: UUID, shown: ImportPreview, moment: datetime) -> Judgement:
    """What the calendar would be made to say, judged on its last picture: nobody is asked for this."""
    from governance.commands.judging import site_of
    from governance.reconcile.judging import judge

    return judge(session, meeting_id, site=site_of(site.config), now=moment, roster_change=lambda _: shown.after)


def _show(shown: ImportPreview, judgement: Judgement, slug: str) -> None:
    for change in shown.changes:
        print(f"  {change}")
    if judgement.plan is not None:
        print("On the invitation:")
        print("\n".join(judgement.plan.as_text().splitlines()[1:]))
    if (warning := shown.warning(slug)) is not None:
        print(warning)


def _approve_shown(session: Session, meeting: Any, judgement: Judgement, moment: datetime) -> None:
    """`--yes` approves exactly what was shown, and nothing where nothing is held."""
    from governance.services.approvals import approve

    plan = judgement.plan
    if plan is None or plan.checksum is None:
        return
    approve(session, meeting, plan.checksum, plan.keys_for_approval, by=OPERATOR, source="roster-import", now=moment)


# --- show, export


def show_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    json_argument(parser)


def show(given: Namespace) -> int:
    site = open_site(given)
    with site.database.reading() as session:
        meeting = meeting_named(session, given.slug)
        today = today_of(meeting, now())
        roster, waiting = load_roster(session, meeting, on=today), waiting_list(session, meeting.id)
    document = roster_json(roster, given.slug, today, site.config.site.currency, waiting)
    if given.json:
        print_json(document)
        return 0
    rows = [
        [
            seat["department"],
            _said_person(seat["delegate"]) if seat["delegate"] else "vacant",
            _said_mandate(seat),
            ", ".join(_said_person(one) for one in seat["deputies"]) or "–",
        ]
        for seat in document["seats"]
    ]
    print_table(["DEPARTMENT", "DELEGATE", "MANDATE", "DEPUTIES"], rows)
    held = sum(1 for seat in document["seats"] if seat["state"] == "filled")
    print(f"{held} of at most {document['cap']} seats are held.")
    for one in document["waiting"]:
        endorsed = ", endorsed by the sponsor" if one["endorsed"] else ""
        print(f"{_said_person(one)} waits for the seat of {one['department']} since {one['since'][:10]}{endorsed}.")
    return 0


def _said_person(person: dict[str, Any]) -> str:
    return f"{person['name']} <{person['email']}>" if person["name"] else str(person["email"])


def _said_mandate(seat: dict[str, Any]) -> str:
    mandate = seat["mandate"]
    if mandate is None:
        return "may not decide" if seat["delegate"] else "–"
    until = f" until {mandate['until']}" if mandate["until"] else ""
    return f"{mandate['state']}{until}"


def export_arguments(parser: ArgumentParser) -> None:
    _slug(parser)


def export(given: Namespace) -> int:
    site = open_site(given)
    with site.database.reading() as session:
        meeting = meeting_named(session, given.slug)
        today = today_of(meeting, now())
        rows = roster_rows(
            load_roster(session, meeting, on=today), today, sponsors_on(session, today), site.config.site.currency
        )
    write_csv(sys.stdout, COLUMNS, rows)
    return 0


# --- vacate, mandate, deputy


def vacate_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    _department(parser)


def vacate(given: Namespace) -> int:
    site = open_site(given)
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        seat = seats.seat_of(session, meeting, given.department)
        seats.vacate(session, meeting, seat, actor=OPERATOR, now=now())
    print(f"The seat of {given.department} is vacant.")
    return 0


def mandate_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    _department(parser)
    parser.add_argument("email", metavar="EMAIL", help="whose mandate it is")
    parser.add_argument("--scope", metavar="TEXT", help="what the person may decide")
    parser.add_argument("--limit", metavar="N", help="in the site's currency; without one no authority over money")
    parser.add_argument("--from", metavar="DATE", dest="first_day", type=day, help="the first day (default: today)")
    parser.add_argument("--until", metavar="DATE", type=day, help="the last day (default: no end)")
    parser.add_argument("--withdraw", action="store_true", help="end the person's mandate today")


def mandate(given: Namespace) -> int:
    others = (given.scope, given.limit, given.first_day, given.until)
    if given.withdraw == (given.scope is not None) or (given.withdraw and any(one is not None for one in others)):
        raise NotUnderstood("Give either --scope with what the person may decide, or --withdraw alone.")
    site = open_site(given)
    limit = to_minor_units(given.limit, site.config.site.currency) if given.limit is not None else None
    moment = now()
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        seat = seats.seat_of(session, meeting, given.department)
        person = known_person(session, given.email)
        if given.withdraw:
            mandates.withdraw_mandate(session, meeting, seat, person, actor=OPERATOR, now=moment)
        else:
            mandates.record_mandate(
                session,
                meeting,
                seat,
                person,
                scope=given.scope,
                limit_minor=limit,
                first_day=given.first_day,
                last_day=given.until,
                sponsor=sponsors_on(session, today_of(meeting, moment)).get(fold_department(given.department)),
                actor=OPERATOR,
                now=moment,
            )
    print(f"The mandate of {given.email} for {given.department} is {'withdrawn' if given.withdraw else 'recorded'}.")
    return 0


def deputy_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    _department(parser)
    parser.add_argument("email", metavar="EMAIL", help="who it shall be")
    parser.add_argument("--on", metavar="DATE", type=day, help="only stands in on this day")


def deputy(given: Namespace) -> int:
    site = open_site(given)
    moment = now()
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        seat = seats.seat_of(session, meeting, given.department)
        person = person_named(session, given.email)
        if given.on:
            occurrence = occurrence_on(session, meeting, given.on, now=moment)
            deputies.stand_in(session, meeting, seat, occurrence, person, actor=OPERATOR, now=moment)
        else:
            deputies.name_deputy(session, meeting, seat, person, actor=OPERATOR, now=moment)
        on = given.on or today_of(meeting, moment)
        roster = load_roster(session, meeting)
        value = roster.seat(seat.id)
        may_decide = value is not None and value.mandate_in_force(person.id, on) is not None  # type: ignore[arg-type]
    what = f"stands in for {given.department} on {given.on}" if given.on else f"is a deputy of {given.department}"
    print(f"{given.email} {what}.")
    if not may_decide:
        print(
            f"Record a mandate with `governance roster mandate {given.slug} {given.department} {given.email} "
            "--scope TEXT`: without one in force that day nobody is added to the invitation."
        )
    return 0


# --- visitor, guest, alias


def visitor_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("email", metavar="EMAIL", help="who may come")
    parser.add_argument("--on", metavar="DATE", type=day, required=True, help="the day of the occurrence")
    parser.add_argument("--reason", metavar="R", required=True, help="why, as the meeting is told")


def visitor(given: Namespace) -> int:
    site = open_site(given)
    moment = now()
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        occurrence = occurrence_on(session, meeting, given.on, now=moment)
        person = person_named(session, given.email)
        guests.admit_visitor(session, meeting, occurrence, person, reason=given.reason, actor=OPERATOR, now=moment)
    print(f"{given.email} may visit on {given.on}.")
    return 0


def guest_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("email", metavar="EMAIL", help="who may come")
    parser.add_argument("--until", metavar="DATE", type=day, required=True, help="the last day")
    parser.add_argument("--reason", metavar="R", required=True, help="why, as the meeting is told")


def guest(given: Namespace) -> int:
    site = open_site(given)
    with site.database.writing() as session:
        meeting = meeting_named(session, given.slug)
        person = person_named(session, given.email)
        guests.admit_standing_guest(
            session, meeting, person, last_day=given.until, reason=given.reason, actor=OPERATOR, now=now()
        )
    print(f"{given.email} is a standing guest until {given.until}.")
    return 0


def alias_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("email", metavar="EMAIL", help="an address of the person, the one written to")
    parser.add_argument("alias", metavar="EMAIL", help="another address of the same person")


def alias(given: Namespace) -> int:
    site = open_site(given)
    with site.database.writing() as session:
        add_alias(session, given.email, given.alias, actor=OPERATOR, now=now())
    print(f"{given.email} and {given.alias} are one person.")
    return 0
