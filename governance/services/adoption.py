"""Putting an event that exists under governance, following it to another one, and letting it go.

Nothing here asks Google: the caller has read the event, and hands over what it saw.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.event_ids import base_id
from governance.models.calendar import Calendar, Series
from governance.models.meeting import Meeting
from governance.reconcile.drift import rules_of
from governance.reconcile.observed import ObservedEvent
from governance.services.people import person_named
from governance.services.recording import COMMAND, note
from governance.services.seats import LARGEST_CAP, WrongCap
from governance.services.settings import RoleKind, set_role
from governance.store import meetings as store
from governance.store.pictures import save_events
from governance.store.standing import expire_approvals
from governance.store.troubles import forget_quarantines

DEFAULT_CAP = 12
SLUG = re.compile(r"[a-z0-9-]{2,40}")
_GROUP_CALENDAR = "@group.calendar.google.com"


class AdoptionRefused(GovernanceError):
    """The event cannot be governed; nothing was changed."""


class NotOrganised(AdoptionRefused):
    """The calendar has a copy of somebody else's event."""

    def __init__(self, whose: str) -> None:
        self.whose = whose
        remedy = f"Name the calendar of {whose} with --calendar"
        super().__init__(remedy, "only the organiser's own copy of an event can be kept in order")


class AnotherSubject(AdoptionRefused):
    """The calendar is acted for as somebody else already."""

    def __init__(self, google_id: str, subject: str) -> None:
        self.google_id, self.subject = google_id, subject
        remedy = f"Leave --subject out, or give {subject}"
        super().__init__(remedy, f"that is whom all meetings of the calendar {google_id} are acted for as")


class UnknownMeeting(GovernanceError):
    """There is no meeting of that name."""

    def __init__(self, slug: str, known: list[str]) -> None:
        self.slug = slug
        remedy = (
            f"Choose one of {', '.join(known)}" if known else "Adopt a meeting first with `governance meeting adopt`"
        )
        super().__init__(remedy, f"there is no meeting “{slug[:60]}”")


def meeting_named(session: Session, slug: str) -> Meeting:
    """The meeting.

    Raises:
        UnknownMeeting: with the names there are.
    """
    found = store.meeting_by_slug(session, slug)
    if found is None:
        raise UnknownMeeting(slug, store.all_slugs(session))
    return found


def adopt(
    session: Session,
    *,
    slug: str,
    google_id: str,
    subject: str,
    event: ObservedEvent,
    actor: str,
    now: datetime,
    cap: int | None = None,
    chair: str | None = None,
    time_zone: str = "UTC",
    access_role: str | None = None,
    source: str = COMMAND,
) -> Meeting:
    """Put the series under governance. Its first plan waits for approval; a meeting that was released comes back.

    Args:
        google_id: the calendar's id, with `primary` resolved.
        subject: whom to act as on that calendar.
        event: the series as it was just read.
        chair: address of the chair; by default whoever organises the event.
        time_zone: for an event that names none.

    Raises:
        AdoptionRefused: the event is no series of this calendar, is governed already, or the name is not free.
    """
    refuse_unfit(event)
    if not SLUG.fullmatch(slug):
        remedy = "Choose a short name of 2 to 40 letters a to z, digits and hyphens"
        raise AdoptionRefused(remedy, f"“{slug[:60]}” is none")
    if cap is not None and not 1 <= cap <= LARGEST_CAP:
        raise WrongCap(cap)
    calendar = _calendar(session, google_id, subject, access_role, now)
    present = store.series_by_event(session, calendar.id, event.id)
    meeting = _free_meeting(session, slug, present) or Meeting(slug=slug, name="", time_zone="UTC")
    meeting.name = event.summary.strip() or slug
    meeting.time_zone = _zone(event.time_zone, time_zone)
    meeting.cap = cap or meeting.cap
    meeting.released_at, meeting.first_plan_approved, meeting.begun_at = None, False, None
    meeting.frozen_code = meeting.frozen_reason = None
    session.add(meeting)
    session.flush()
    _govern(session, meeting, calendar, event, now)
    expire_approvals(session, meeting.id, now)
    who = chair or organizer_of(event, subject)
    if chair or not store.role_rows(session, meeting.id, "chair"):
        set_role(session, meeting, RoleKind.CHAIR, [person_named(session, who)], actor=actor, now=now, source=source)
    note(
        session, meeting, "adopted", f"meeting:{meeting.id}", actor=actor, source=source, now=now,
        after={"calendar": google_id, "event": event.id, "subject": subject, "name": meeting.name,
               "chair": who, "cap": meeting.cap},
    )  # fmt: skip
    return meeting


def relink(
    session: Session,
    meeting: Meeting,
    *,
    google_id: str,
    subject: str,
    event: ObservedEvent,
    actor: str,
    now: datetime,
    access_role: str | None = None,
    source: str = COMMAND,
) -> None:
    """The meeting goes on in another series: the event was made anew, or moved to another calendar.

    Raises:
        AdoptionRefused: the event is no series of this calendar, or another meeting's.
    """
    refuse_unfit(event)
    store.lock_meeting(session, meeting)
    calendar = _calendar(session, google_id, subject, access_role, now)
    present = store.series_by_event(session, calendar.id, event.id)
    if present is not None and present.meeting_id != meeting.id:
        raise AdoptionRefused("Choose another event", "this one belongs to another meeting")
    lineage = store.series_of(session, [meeting.id]).get(meeting.id, [])
    before = lineage[-1][0] if lineage else None
    is_same = before is not None and present is not None and before.id == present.id
    if is_same and present is not None and _is_as_accepted(present, event) and meeting.frozen_code is None:
        return
    series = _govern(session, meeting, calendar, event, now)
    if not is_same and before is not None and series.predecessor_id is None:
        series.predecessor_id = before.id
    expire_approvals(session, meeting.id, now)
    _retire_others(lineage, series, event, now)
    forget_quarantines(session, meeting.id)
    meeting.frozen_code = meeting.frozen_reason = None
    note(
        session, meeting, "relinked", f"series:{series.id}", actor=actor, source=source, now=now,
        before={"event": before.event_id if before else None}, after={"calendar": google_id, "event": event.id},
    )  # fmt: skip


def _is_as_accepted(series: Series, event: ObservedEvent) -> bool:
    return series.gone_at is None and series.retired_at is None and series.known_rules_json == list(rules_of(event))


def _retire_others(lineage: list[tuple[Series, Calendar]], series: Series, event: ObservedEvent, now: datetime) -> None:
    """What the meeting was linked to before is no business of ours any more; parts of the same split lineage stay."""
    for other, calendar in lineage:
        is_kin = calendar.id == series.calendar_id and base_id(other.event_id) == base_id(event.id)
        if other.id != series.id and not is_kin and other.retired_at is None:
            other.retired_at = now


def release(session: Session, meeting: Meeting, *, actor: str, now: datetime, source: str = COMMAND) -> None:
    """Govern the meeting no longer: our block and properties leave the event, the guests stay."""
    store.lock_meeting(session, meeting)
    if meeting.released_at is not None:
        return
    meeting.released_at = now
    forget_quarantines(session, meeting.id)
    note(session, meeting, "released", f"meeting:{meeting.id}", actor=actor, source=source, now=now)


def refuse_unfit(event: ObservedEvent) -> None:
    """Whether the event can be governed at all.

    Raises:
        AdoptionRefused: cancelled, an occurrence, not recurring, or organised by somebody else.
    """
    if event.is_cancelled:
        raise AdoptionRefused("Choose another event", "this one was deleted")
    if event.series_id is not None:
        raise AdoptionRefused(f"Choose the series {event.series_id}", "this is one occurrence of it")
    if not event.is_recurring:
        raise AdoptionRefused("Make the event recurring in Google Calendar, or choose another", "it takes place once")
    if not event.organizer_is_calendar:
        raise NotOrganised(event.organizer or "somebody else")


def refuse_other_subject(session: Session, google_id: str, subject: str) -> None:
    """One account acts for all meetings of a calendar.

    Raises:
        AnotherSubject: it is another one by now.
    """
    found = store.calendar_by_google_id(session, google_id)
    if found is not None and found.subject != subject:
        raise AnotherSubject(google_id, found.subject)


def _calendar(session: Session, google_id: str, subject: str, access_role: str | None, now: datetime) -> Calendar:
    """The calendar's row; from its next reading on everything is listed anew, the new series among it."""
    refuse_other_subject(session, google_id, subject)
    found = store.calendar_by_google_id(session, google_id)
    if found is None:
        found = Calendar(google_id=google_id, subject=subject)
        session.add(found)
    found.access_role = access_role or found.access_role
    found.sync_token = None
    found.dirty = True
    session.flush()
    return found


def _free_meeting(session: Session, slug: str, present: Series | None) -> Meeting | None:
    """The meeting to bring back, or None for a new one."""
    holder = session.get(Meeting, present.meeting_id) if present is not None else None
    is_governed = present is not None and present.retired_at is None
    if holder is not None and holder.released_at is None and is_governed:
        raise AdoptionRefused("Choose another event", f"this one is governed already, as {holder.slug}")
    named_so = store.meeting_by_slug(session, slug)
    if named_so is None:
        return None
    if holder is not None and holder.id == named_so.id:
        return holder
    raise AdoptionRefused("Choose another short name", f"{slug} is taken")


def _govern(session: Session, meeting: Meeting, calendar: Calendar, event: ObservedEvent, now: datetime) -> Series:
    series = store.series_by_event(session, calendar.id, event.id)
    if series is None:
        series = Series(calendar_id=calendar.id, event_id=event.id, meeting_id=meeting.id)
        session.add(series)
    elif series.meeting_id != meeting.id:
        # A released meeting leaves its series to the next one, which must not inherit what it remembered.
        series.meeting_id = meeting.id
        series.baseline_json = series.accepted_block = series.last_written_block = None
    series.known_rules_json = list(rules_of(event))
    series.gone_at = series.retired_at = None
    session.flush()
    save_events(session, [(series.id, event)], now=now)
    return series


def _zone(named: str | None, otherwise: str) -> str:
    """Google's zone where it is one that we know, which it always was."""
    for name in (named, otherwise):
        if name:
            with suppress(KeyError, ValueError, OSError):
                return ZoneInfo(name).key
    return "UTC"


def organizer_of(event: ObservedEvent, subject: str) -> str:
    """A shared calendar organises its events itself: then it is whom we act as."""
    organizer = event.organizer
    return organizer if organizer and not organizer.endswith(_GROUP_CALENDAR) else subject
