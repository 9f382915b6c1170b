"""What a meeting has set for itself: roles, modes of rules, and when it rests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from governance.domain.errors import GovernanceError
from governance.domain.rules import RULES, Mode
from governance.models.meeting import Meeting, Pause, Role, RuleMode
from governance.models.person import Person
from governance.services.ledger import record
from governance.services.people import end_terms
from governance.services.recording import COMMAND, iso, named, note, today_of
from governance.store import meetings as store


class RoleKind(StrEnum):
    CHAIR = "chair"
    SCRIBE = "scribe"
    LEADERSHIP = "leadership"


class SettingRefused(GovernanceError):
    """The setting cannot be used."""


def set_role(
    session: Session,
    meeting: Meeting,
    kind: RoleKind,
    people: Iterable[Person],
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
) -> None:
    """The whole list of those who have the role from today on; a meeting is never without a chair.

    Raises:
        SettingRefused: for an empty list of chairs.
    """
    wanted = list({person.id: person for person in people}.values())
    if kind is RoleKind.CHAIR and not wanted:
        raise SettingRefused("Name a chair", "a meeting is never without one")
    today = today_of(meeting, now)
    rows = [
        row for row in store.role_rows(session, meeting.id, kind.value) if row.last_day is None or row.last_day >= today
    ]
    if (
        {row.person_id for row in rows if row.last_day is None}
        == {person.id for person in wanted}
        == {row.person_id for row in rows}
    ):
        return
    before = [named(session, row.person_id) for row in rows]
    end_terms(session, [row for row in rows if row.person_id not in {one.id for one in wanted} or row.last_day], today)
    kept = {row.person_id for row in rows if row.last_day is None}
    for person in wanted:
        if person.id not in kept:
            session.add(Role(meeting_id=meeting.id, person_id=person.id, kind=kind.value, first_day=today))
    session.flush()
    note(
        session, meeting, f"{kind.value}-set", f"meeting:{meeting.id}", actor=actor, source=source, now=now,
        before=before, after=[named(session, person) for person in wanted],
    )  # fmt: skip


def set_rule_mode(
    session: Session,
    meeting: Meeting,
    code: str,
    mode: str,
    *,
    actor: str,
    now: datetime,
    source: str = COMMAND,
    by: str | None = None,
    why: str | None = None,
) -> None:
    """What a rule does in this meeting; `by` is the address of who wants it so, where that is known.

    Raises:
        SettingRefused: an unknown rule or mode.
    """
    if code not in RULES:
        raise SettingRefused(f"Choose one of {', '.join(RULES)}", f"there is no rule {code[:20]}")
    if mode not in [one.value for one in Mode]:
        raise SettingRefused("Choose off, observe or enforce", f"a rule cannot be “{mode[:20]}”")
    present = store.rule_mode_row(session, meeting.id, code)
    before = present.mode if present is not None else RULES[code].default.value
    if before == mode:
        return
    row = present or RuleMode(meeting_id=meeting.id, code=code, mode=mode)
    row.mode = mode
    session.add(row)
    session.flush()
    note(
        session, meeting, "rule-set", f"rule:{code}", actor=actor, source=source, now=now,
        before={"mode": before}, after={"mode": mode} | ({"by": by} if by else {}), why=why,
    )  # fmt: skip


def pause(
    session: Session,
    meeting: Meeting | None,
    *,
    by: str,
    actor: str,
    now: datetime,
    first_day: date | None = None,
    last_day: date | None = None,
    source: str = COMMAND,
) -> None:
    """Write nothing to the meeting (None: to any): on these days, or until it is resumed. Replaces an earlier pause.

    Raises:
        SettingRefused: days in the wrong order.
    """
    if first_day is not None and last_day is not None and last_day < first_day:
        raise SettingRefused(f"Choose a day from {first_day} on", f"{last_day} is before it")
    rows = store.pauses(session, meeting.id if meeting else None)
    if [(row.first_day, row.last_day) for row in rows] == [(first_day, last_day)]:
        return
    for row in rows:
        session.delete(row)
    session.flush()
    meeting_id = meeting.id if meeting else None
    session.add(Pause(meeting_id=meeting_id, first_day=first_day, last_day=last_day, by=by, at=now))
    session.flush()
    _note_rest(session, meeting, "paused", actor, now, source, after={"from": iso(first_day), "until": iso(last_day)})


def resume(session: Session, meeting: Meeting | None, *, actor: str, now: datetime, source: str = COMMAND) -> bool:
    """Write again; False where nothing was paused. A pause of all meetings is ended for all, not for one."""
    rows = store.pauses(session, meeting.id if meeting else None)
    for row in rows:
        session.delete(row)
    session.flush()
    if rows:
        _note_rest(session, meeting, "resumed", actor, now, source)
    return bool(rows)


def _note_rest(
    session: Session,
    meeting: Meeting | None,
    act: str,
    actor: str,
    now: datetime,
    source: str,
    after: dict[str, str | None] | None = None,
) -> None:
    if meeting is not None:
        note(session, meeting, act, f"meeting:{meeting.id}", actor=actor, source=source, now=now, after=after)
        return
    record(session, at=now, actor=actor, source=source, act=act, subject="all-meetings", after=after)
    for one in store.all_meetings(session):
        one.dirty = True
