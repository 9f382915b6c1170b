"""How the invitation is, in one line, and each trouble with what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from governance.models import Meeting
from governance.services.meeting_page import Fate, MeetingPage, Trouble, TroubleLine
from web.wording.badges import Badge
from web.wording.times import ago, ahead, count, exact, local_day, short_day


@dataclass(frozen=True, slots=True)
class Notice:
    """A trouble as a box: `title` says what to do, `text` why."""

    title: str
    text: str
    icon: str
    tone: str


def headline(page: MeetingPage) -> Badge:
    """The first thing to know; the gravest wins."""
    if page.health.troubles and (found := _TROUBLE_WORDS.get(page.health.troubles[0].kind)):
        return found
    if page.held and page.held.verdict is None:
        many = len(page.held.remarks)
        return Badge(f"{count(many, 'change')} {'waits' if many == 1 else 'wait'} for you", "hand-stop", "wait")
    if page.health.last_read_at is None:
        return Badge("Not read yet", "circle-dashed", "quiet")
    if page.under_way or page.health.is_looking or (page.held and page.held.verdict and page.held.verdict.is_approved):
        return Badge("Being put right", "refresh", "wait")
    if page.held or page.waiting or _differs(page):
        return Badge("Differs from the roster", "circle-dot", "warn")
    return Badge("Obeys the roster", "circle-check", "good")


def in_short(meeting: Meeting) -> Badge:
    """The same for a list of meetings, from the meeting's own row alone."""
    for is_so, trouble in (
        (meeting.released_at, Trouble.RELEASED),
        (meeting.frozen_reason, Trouble.FROZEN),
        (meeting.restored_hold, Trouble.RESTORED),
        (meeting.problem_remedy, Trouble.PROBLEM),
    ):
        if is_so:
            return _TROUBLE_WORDS[trouble]
    plan = meeting.plan_json
    if plan is None:
        return Badge("Not read yet", "circle-dashed", "quiet")
    if plan.get("checksum"):
        return Badge("Waits for you", "hand-stop", "wait")
    if plan.get("changes"):
        return Badge("Differs from the roster", "circle-dot", "warn")
    return Badge("Obeys the roster", "circle-check", "good")


def notice(trouble: TroubleLine, page: MeetingPage, now: datetime) -> Notice:
    title, text, icon, tone = _NOTICES[trouble.kind]
    if trouble.kind is Trouble.PROBLEM:
        title, text = trouble.remedy or title, _problem_text(trouble, now)
    elif trouble.kind is Trouble.ACCOUNT:
        title, text = trouble.remedy or title, f"{text} {_problem_text(trouble, now)}".strip()
    elif trouble.kind is Trouble.EVENT:
        title, text = trouble.remedy or title, f"{_which_event(trouble, page)} {_problem_text(trouble, now)}"
    elif trouble.kind is Trouble.FROZEN:
        text = f"{trouble.reason}. {text}"
    elif trouble.kind is Trouble.PAUSED:
        until = f" until {short_day(trouble.until)}" if isinstance(trouble.until, date) else ""
        text = f"The invitation is paused{until}: {text}"
    elif trouble.kind is Trouble.NOBODY_LOOKS and trouble.since:
        text = f"{text} It was last seen at {exact(trouble.since, page.time_zone)}."
    elif trouble.kind is Trouble.WRITES_PAUSED and isinstance(trouble.until, datetime):
        text = f"{text} Writing goes on {ahead(trouble.until, now)}."
    return Notice(title.rstrip(".") + ".", text, icon, tone)


def all_well(page: MeetingPage) -> str:
    """Said where nothing needs anybody."""
    if page.health.last_read_at is None:
        return "The service has not read the invitation yet; what it finds appears here."
    if page.health.troubles:
        return ""
    return "Nothing needs you: what anybody does to the invitation is put right, and told under “What happened last”."


def _differs(page: MeetingPage) -> bool:
    """Where a rule only watches, or Google hides the guests, the invitation may stay as it should not be."""
    remarks = ((group.rule.code, remark.fate) for group in page.findings for remark in group.remarks)
    return any(code == "I14" or fate is Fate.ONLY_WATCHED for code, fate in remarks)


def _problem_text(trouble: TroubleLine, now: datetime) -> str:
    since = f" It began {ago(trouble.since, now)}." if trouble.since else ""
    retry = f" {_next_try(trouble.until, now)}" if isinstance(trouble.until, datetime) else ""
    reason = (trouble.reason or "").strip()
    reason += "." if reason and not reason.endswith(".") else ""
    return f"{reason}{since}{retry}".strip()


def _next_try(at: datetime, now: datetime) -> str:
    return f"The service tries again {ahead(at, now)}." if at > now else "The service tries again now."


def _which_event(trouble: TroubleLine, page: MeetingPage) -> str:
    if trouble.occurrence is None:
        return "One event of the invitation is set aside; the rest goes on."
    day = short_day(local_day(trouble.occurrence, page.time_zone))
    return f"The occurrence of {day} is set aside; the rest goes on."


_TROUBLE_WORDS = {
    Trouble.RELEASED: Badge("No longer looked after", "circle-minus", "quiet"),
    Trouble.FROZEN: Badge("Frozen: nothing is written", "snowflake", "bad"),
    Trouble.RESTORED: Badge("Restored copy: everything waits", "history", "bad"),
    Trouble.PROBLEM: Badge("In trouble", "alert-triangle", "bad"),
    Trouble.ACCOUNT: Badge("The account is left alone", "clock-pause", "bad"),
    Trouble.EVENT: Badge("One event is set aside", "alert-triangle", "warn"),
    Trouble.NOBODY_LOOKS: Badge("Nobody is looking", "plug-connected-x", "bad"),
    Trouble.PAUSED: Badge("Paused", "player-pause", "warn"),
    Trouble.WRITES_PAUSED: Badge("Writing rests for some hours", "clock-pause", "warn"),
}

_NOTICES = {
    Trouble.RELEASED: (
        "Adopt the meeting again to have its invitation looked after",
        "It was released: the guests stay as they are and nothing is written any more.",
        "circle-minus",
        "quiet",
    ),
    Trouble.FROZEN: (
        "Check the event in the calendar, then let the meeting go on in another one",
        "Until then nothing is written.",
        "snowflake",
        "bad",
    ),
    Trouble.RESTORED: (
        "Look at what waits and approve it to go on",
        "The service runs on a restored copy that is older than what was written to the calendar, so everything waits.",
        "history",
        "bad",
    ),
    Trouble.PROBLEM: (
        "Ask an administrator to look at the service",
        "",
        "alert-triangle",
        "bad",
    ),
    Trouble.ACCOUNT: (
        "Ask an administrator to look at the service",
        "Google answered the account that looks after this calendar several times with an error, so it is asked "
        "less often.",
        "clock-pause",
        "bad",
    ),
    Trouble.EVENT: (
        "Ask an administrator to look at the service",
        "",
        "alert-triangle",
        "warn",
    ),
    Trouble.NOBODY_LOOKS: (
        "Ask an administrator to start the service (“governance run”)",
        "Nothing looks at the calendar now, so nothing is put right.",
        "plug-connected-x",
        "bad",
    ),
    Trouble.PAUSED: (
        "Resume the meeting when the invitation is to obey the roster again",
        "what differs is shown here and nothing is written.",
        "player-pause",
        "warn",
    ),
    Trouble.WRITES_PAUSED: (
        "Wait: the invitation is still read and nothing is lost",
        "Google lets this account write nothing for some hours.",
        "clock-pause",
        "warn",
    ),
}
