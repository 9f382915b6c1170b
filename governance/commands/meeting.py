"""`governance meeting …`: which events are governed, and how each is set."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from governance.commands.meeting_views import describe
from governance.commands.misuse import NotUnderstood
from governance.commands.output import as_said, day, instant, json_argument, print_json, print_table, whole
from governance.commands.site import OPERATOR, Site, address_of, google_of, now, open_site
from governance.domain.errors import GovernanceError
from governance.services import adoption, charters, settings
from governance.services.calendar_addresses import address_to_relink
from governance.services.people import person_named
from governance.services.recording import COMMAND, today_of
from governance.services.seats import set_cap
from governance.services.settings import RoleKind
from governance.store import meetings as store

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from governance.calendar.client import CalendarFacts
    from governance.models.meeting import Meeting
    from governance.reconcile.observed import ObservedEvent
    from governance.reconcile.ports import CalendarAddress


class UnreadableFile(GovernanceError):
    """A file that was named cannot be read."""


def _slug(parser: ArgumentParser, *, optional: bool = False) -> None:
    parser.add_argument(
        "slug", metavar="SLUG", nargs="?" if optional else None, help="the meeting's short name, such as weekly"
    )


# --- find, adopt


def find_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--calendar", metavar="C", required=True, help="an address, a calendar's id, or primary")
    parser.add_argument("--subject", metavar="EMAIL", help="whom to act as")
    json_argument(parser)


def find(given: Namespace) -> int:
    site = open_site(given)
    address = address_of(site, given.calendar, given.subject)
    with google_of(site) as google:
        events = google.calendar.recurring_events(address, now=now())
    if given.json:
        found = [
            {
                "event": event.id,
                "summary": event.summary,
                "organizer": event.organizer,
                "next": instant(event.next_start),
                "guests": event.guests,
            }
            for event in events
        ]
        print_json({"events": found})
    elif events:
        rows = [
            [event.id, as_said(event.next_start, site.config.site.time_zone), str(event.guests), event.summary]
            for event in events
        ]
        print_table(["EVENT", "NEXT", "GUESTS", "TITLE"], rows)
    else:
        print("There are no recurring events ahead in this calendar.")
    return 0


def adopt_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("--calendar", metavar="C", required=True, help="an address, a calendar's id, or primary")
    parser.add_argument("--event", metavar="E", required=True, help="an event's id, an occurrence's, or the web link")
    parser.add_argument("--cap", metavar="N", type=whole, help="how many seats may have a holder (default 12)")
    parser.add_argument("--chair", metavar="EMAIL", help="who chairs (default: the organiser)")
    parser.add_argument("--subject", metavar="EMAIL", help="whom to act as on this calendar")


def adopt(given: Namespace) -> int:
    site = open_site(given)
    address = address_of(site, given.calendar, given.subject)
    facts, event = _read_series(site, address, given.event)
    with site.database.writing() as session:
        meeting = adoption.adopt(
            session,
            slug=given.slug,
            google_id=facts.google_id,
            subject=address.subject,
            event=event,
            actor=OPERATOR,
            now=now(),
            cap=given.cap,
            chair=given.chair,
            time_zone=facts.time_zone,
            access_role=facts.access_role,
        )
        text = f"Import the roster next: `governance roster import {meeting.slug} FILE.csv`."
        print(f"{meeting.name} is governed as {meeting.slug}; its first plan will wait for approval. {text}")
    return 0


def _read_series(site: Site, address: CalendarAddress, named: str) -> tuple[CalendarFacts, ObservedEvent]:
    from governance.calendar.chosen import chosen_series

    with google_of(site) as google:
        return chosen_series(google.calendar, address, named)


# --- list, show


def list__arguments(parser: ArgumentParser) -> None:
    json_argument(parser)


def list_(given: Namespace) -> int:
    site = open_site(given)
    with site.database.reading() as session:
        meetings = store.all_meetings(session)
        lines = describe(session, meetings, now())
    if given.json:
        print_json({"meetings": lines})
    elif lines:
        rows = [
            [
                line["meeting"],
                _said(line["next"], line["time_zone"]),
                str(line["cap"]),
                "paused" if line["paused"] else "",
                line["calendar"] or "–",
            ]
            for line in lines
        ]
        print_table(["MEETING", "NEXT", "CAP", "", "CALENDAR"], rows)
    else:
        print("No meeting is governed yet: `governance meeting find --calendar C` lists what could be.")
    return 0


def show_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    json_argument(parser)


def show(given: Namespace) -> int:
    from governance.domain.rules import RULES

    site = open_site(given)
    moment = now()
    with site.database.reading() as session:
        meeting = adoption.meeting_named(session, given.slug)
        (line,) = describe(session, [meeting], moment)
        holders = store.role_holders(session, [meeting.id], today_of(meeting, moment))
        own = store.rule_modes(session, meeting.id)
    for kind in RoleKind:
        line[kind.value] = [
            {"name": one.name or None, "email": one.address} for one in holders if one.kind == kind.value
        ]
    line["rules"] = {code: own.get(code, rule.default.value) for code, rule in RULES.items()}
    if given.json:
        print_json(line)
        return 0
    print(f"{line['meeting']}: event {line['event']} in {line['calendar']}, acted for as {line['subject']}")
    print(f"Next: {_said(line['next'], line['time_zone'])}{' (paused)' if line['paused'] else ''}")
    print(f"Cap: {line['cap']}")
    for kind in RoleKind:
        people = ", ".join(f"{one['name'] or ''} <{one['email']}>".strip() for one in line[kind.value]) or "–"
        print(f"{kind.value.capitalize()}: {people}")
    changed = [f"{code} {mode}" for code, mode in line["rules"].items() if mode != RULES[code].default.value]
    print(f"Rules set otherwise than by default: {', '.join(changed) or 'none'}")
    return 0


def _said(moment: str | None, time_zone: str) -> str:
    return as_said(datetime.fromisoformat(moment), time_zone) if moment else "–"


# --- set


def set__arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("--cap", metavar="N", type=whole, help="how many seats may have a holder")
    parser.add_argument("--chair", metavar="EMAIL", help="who chairs from today on")
    for role in ("scribe", "leadership"):
        about = "the whole list: may be repeated, an empty text for nobody"
        parser.add_argument(f"--{role}", metavar="EMAIL", action="append", help=about)
    parser.add_argument("--charter", metavar="FILE", type=Path, help="a charter as TOML")
    parser.add_argument("--rule", metavar="CODE=MODE", action="append", help="off, observe or enforce; may be repeated")


def set_(given: Namespace) -> int:
    wanted = (given.cap, given.chair, given.scribe, given.leadership, given.charter, given.rule)
    if all(value is None for value in wanted):
        raise NotUnderstood("Say what to set: --cap, --chair, --scribe, --leadership, --charter or --rule.")
    modes = [_mode(text) for text in given.rule or ()]
    text = _text_of(given.charter) if given.charter else None
    site = open_site(given)
    moment = now()
    with site.database.writing() as session:
        meeting = adoption.meeting_named(session, given.slug)
        if given.cap is not None:
            set_cap(session, meeting, given.cap, actor=OPERATOR, now=moment)
        roles = ((RoleKind.CHAIR, [given.chair] if given.chair is not None else None),
                 (RoleKind.SCRIBE, given.scribe), (RoleKind.LEADERSHIP, given.leadership))  # fmt: skip
        for kind, addresses in roles:
            if addresses is not None:
                people = [person_named(session, address) for address in addresses if address.strip()]
                settings.set_role(session, meeting, kind, people, actor=OPERATOR, now=moment)
        if text is not None:
            charters.set_charter(session, meeting, text, actor=OPERATOR, now=moment)
        for code, mode in modes:
            settings.set_rule_mode(session, meeting, code, mode, actor=OPERATOR, now=moment)
    print(f"{given.slug} is set.")
    return 0


def _mode(text: str) -> tuple[str, str]:
    code, mark, mode = text.partition("=")
    if not mark:
        raise NotUnderstood("Give a rule and its mode as in --rule I04=enforce.")
    return code.strip().upper(), mode.strip().lower()


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"Save {path} as UTF-8", f"byte {error.start + 1} is none") from error
    except OSError as error:
        raise UnreadableFile(f"Name a file that can be read instead of {path}", str(error.strerror)) from error


# --- relink, pause, resume, release


def relink_arguments(parser: ArgumentParser) -> None:
    _slug(parser)
    parser.add_argument("--event", metavar="E", required=True, help="an event's id, an occurrence's, or the web link")
    parser.add_argument("--calendar", metavar="C", help="another calendar than before")


def relink(given: Namespace) -> int:
    site = open_site(given)
    with site.database.reading() as session:
        meeting = adoption.meeting_named(session, given.slug)
        address = address_to_relink(
            session, meeting, given.calendar, configured=site.config.google.subject, where=str(site.config.path)
        )
    facts, event = _read_series(site, address, given.event)
    with site.database.writing() as session:
        adoption.relink(
            session,
            adoption.meeting_named(session, given.slug),
            google_id=facts.google_id,
            subject=address.subject,
            event=event,
            actor=OPERATOR,
            now=now(),
            access_role=facts.access_role,
        )
    print(f"{given.slug} goes on in the event {event.id}.")
    return 0


def _one_or_all(parser: ArgumentParser) -> None:
    _slug(parser, optional=True)
    parser.add_argument("--all", action="store_true", help="all meetings")


def _chosen(session: Session, given: Namespace) -> Meeting | None:
    if bool(given.slug) == given.all:
        raise NotUnderstood("Name one meeting, or give --all.")
    return None if given.all else adoption.meeting_named(session, given.slug)


def pause_arguments(parser: ArgumentParser) -> None:
    _one_or_all(parser)
    when = parser.add_mutually_exclusive_group()
    when.add_argument("--on", metavar="DATE", type=day, help="only on this day")
    when.add_argument("--until", metavar="DATE", type=day, help="up to and including this day")


def pause(given: Namespace) -> int:
    site = open_site(given)
    moment = now()
    with site.database.writing() as session:
        meeting = _chosen(session, given)
        last_day = given.on or given.until
        _refuse_past(last_day, today_of(meeting, moment) if meeting else moment.date())
        settings.pause(session, meeting, by=OPERATOR, actor=OPERATOR, now=moment, first_day=given.on, last_day=last_day)
    until = f" on {given.on}" if given.on else f" until {given.until}" if given.until else ", until it is resumed"
    print(f"{given.slug or 'Every meeting'} is paused{until}.")
    return 0


def _refuse_past(last_day: date | None, today: date) -> None:
    if last_day is not None and last_day < today:
        raise settings.SettingRefused(f"Choose a day from {today} on", f"{last_day} is over")


def resume_arguments(parser: ArgumentParser) -> None:
    _one_or_all(parser)


def resume(given: Namespace) -> int:
    """A restored copy of which nothing is held is confirmed by this; where something is, it is approved instead."""
    from governance.commands.going_on import go_on

    site = open_site(given)
    with site.database.writing() as session:
        meeting = _chosen(session, given)
        lines = go_on(session, [meeting] if meeting else store.all_meetings(session), site)
        was_paused = settings.resume(session, meeting, actor=OPERATOR, now=now())
        all_rest = meeting is not None and bool(store.pauses(session, None))
    who = given.slug or "What was paused for all"
    if was_paused or not lines:
        lines.insert(0, f"{who} is resumed." if was_paused else f"{given.slug or 'All'} was not paused.")
    print("\n".join(lines))
    if all_rest:
        print("All meetings are paused still: `governance meeting resume --all` ends that.")
    return 0


def release_arguments(parser: ArgumentParser) -> None:
    _slug(parser)


def release(given: Namespace) -> int:
    """Our part of the event goes first: once released, nobody looks at the event any more."""
    from governance.commands.judging import reconciler_of
    from governance.errands.releasing import Releasing

    site = open_site(given)
    releasing = Releasing(
        sessions=site.database, slug=given.slug, by=OPERATOR, actor=OPERATOR, source=COMMAND, clock=now
    )
    with site.database.reading() as session:
        is_released = adoption.meeting_named(session, given.slug).released_at is not None
    if not is_released:
        with reconciler_of(site) as reconciler:
            is_released = not releasing.release(reconciler)
    if is_released:
        print(f"{given.slug} was released already.")
    else:
        print(f"{given.slug} is released: our part is off the invitation, the guests stay.")
    return 0
