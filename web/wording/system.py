"""Words for whoever runs the installation."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from governance.config.model import Google
from governance.mail.kinds import KINDS
from governance.services.problems import Problem
from governance.services.standing import MeetingLine
from governance.services.system_page import CalendarLine, SystemPage, WorkerLine
from governance.store.system_page import MailRow
from web.wording.badges import Badge
from web.wording.times import ahead, count


def headline(page: SystemPage) -> Badge:
    if page.status.problems:
        return Badge(f"{count(len(page.status.problems), 'problem')} to mend", "alert-triangle", "bad")
    if not page.status.meetings:
        return Badge("No meeting yet", "circle-dashed", "quiet")
    return Badge("All is well", "circle-check", "good")


def others(page: SystemPage) -> list[Problem]:
    """What is to be mended besides the events that are set aside, which are listed with what can be done."""
    events = [f"(event {one.event}," for one in page.set_aside]
    return [one for one in page.status.problems if not any(event in one.text for event in events)]


def remedy(problem: Problem) -> str:
    """Commands stand in quotation marks on a page."""
    return _COMMAND.sub("“\\1”", f"{problem.remedy.rstrip('.')}.")


def is_of_mail(problem: Problem) -> bool:
    """What is decided by a button here; elsewhere the remedy names the commands."""
    return problem.code in ("mail-failed", "mail-held-restored", "mail-held-late", "mail-unclear")


def reason(problem: Problem) -> str:
    text = problem.text.rstrip(".")
    return f"{text[:1].upper()}{text[1:]}."


def worker(line: WorkerLine) -> Badge:
    if line.is_alive:
        return Badge("Runs a command" if line.command else "At work", "circle-check", "good")
    return Badge("Stopped", "circle-minus", "quiet") if line.has_stopped else Badge("Silent", "circle-x", "bad")


def looks_after(line: WorkerLine) -> str:
    return f"Looks after {count(line.calendars, 'calendar')}" if line.calendars else "Looks after no calendar now"


def meeting(line: MeetingLine) -> Badge | None:
    if line.paused:
        return Badge("Paused", "player-pause", "warn")
    if line.held:
        return Badge(f"{count(line.held, 'change')} held", "hand-stop", "wait")
    return None


def queue(many: int) -> str:
    return f"{count(many, 'meeting')} to be looked at" if many else "Nothing waits to be looked at"


def mails(of: Mapping[str, int]) -> str:
    """“3 wait, 1 unclear”: what is not settled."""
    parts = [f"{of[state]} {word}" for state, word in _UNSETTLED.items() if of.get(state)]
    return ", ".join(parts) or "None waits"


def by_state(states: Mapping[str, int]) -> str:
    """“12 sent, 1 unclear”, in the order of a mail's life."""
    return ", ".join(f"{states[state]} {_STATES[state].word.lower()}" for state in _STATES if states.get(state))


def mail_state(state: str) -> Badge:
    return _STATES[state]


def kind(code: str) -> str:
    """What a mail of this kind says to who gets it."""
    found = KINDS.get(code)
    return f"“{found.about[:1].upper()}{found.about[1:]}”" if found else code.replace("-", " ").capitalize()


def mail_why(mail: MailRow) -> str:
    if mail.problem_text:
        return f"{mail.problem_text[:1].upper()}{mail.problem_text[1:].rstrip('.')}."
    return _WHY.get(mail.hold or mail.state, "")


def mail_act(act: str) -> str:
    return {"send": "Send this mail", "drop": "Drop this mail"}[act]


def mail_follows(act: str, mail: MailRow) -> str:
    """What becomes of it, and what is not known."""
    if act == "drop":
        return "It is never sent, and whom it is for is not told of this. It stays in the list of kinds as dropped."
    known = "It may have gone out already: then it arrives a second time. " if mail.begun_at else ""
    late = "What it says may be out of date by now. " if mail.hold == "late" else ""
    return f"It goes out as soon as a worker comes to it, within seconds where one runs. {known}{late}".strip()


def announced(line: CalendarLine, google: Google, now: datetime) -> str:
    """How changes of the calendar become known."""
    polled = f"It is read every {count(google.poll_seconds, 'second')}."
    if not google.push:
        return polled
    if line.calendar.push_problem:
        return (
            f"{(line.calendar.push_remedy or 'Look into the log').rstrip('.')}: Google announces no changes. {polled}"
        )
    live = [one for one in line.calendar.channels if one.is_live(now)]
    if live:
        until = max((one.renew_at or one.ends_at) for one in live)
        return f"Google announces changes; the channel is renewed {ahead(until, now)}."
    if any(one.may_live(now) for one in line.calendar.channels):
        return f"A channel is open, and nothing was announced on it yet. {polled}"
    return f"There is no channel. {polled}"


def calendar(line: CalendarLine, now: datetime) -> Badge:
    if line.problem_remedy or line.problem_text:
        return Badge("In trouble", "alert-triangle", "bad")
    if line.writes_paused_until and line.writes_paused_until > now:
        return Badge("Writing rests", "clock-pause", "warn")
    if line.worker is None:
        return Badge("Nobody has it", "circle-dashed", "warn")
    return Badge("Looked after", "circle-check", "good")


_COMMAND = re.compile("`([^`]+)`")

_UNSETTLED = {"waiting": "waiting", "sending": "being sent", "unclear": "unclear", "held": "held", "failed": "failed"}

_STATES = {
    "waiting": Badge("Waiting", "clock", "quiet"),
    "sending": Badge("Being sent", "refresh", "wait"),
    "sent": Badge("Sent", "check", "good"),
    "unclear": Badge("Unclear", "help", "warn"),
    "held": Badge("Held", "hand-stop", "wait"),
    "failed": Badge("Failed", "circle-x", "bad"),
    "dropped": Badge("Dropped", "circle-minus", "quiet"),
}

_WHY = {
    "late": "It waited so long that it may be out of date by now.",
    "restored": "The database is a restored copy, so it may have been sent already.",
    "unclear": "Nobody can say whether it went out: the connection broke while it was being sent.",
    "failed": "It will not be tried again.",
}
