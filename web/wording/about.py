"""What is recorded about a person, in words."""

from __future__ import annotations

from governance.mail.kinds import KINDS
from governance.store.about_person import BETWEEN, Part, SentMail
from web.wording.badges import money
from web.wording.times import local_day, short_day

_TITLES = {
    "chair": "Chair",
    "scribe": "Scribe",
    "leadership": "Leadership",
    "delegate": "Seats you hold or held",
    "deputy": "Deputy",
    "stand-in": "Days on which you stand in or stood in",
    "mandate": "Mandates",
    "sponsor": "Departments you sponsor or sponsored",
    "visitor": "Visits",
    "guest": "Standing guest",
    "applicant": "Seats you asked for",
    "offer": "Seats offered to you",
    "note": "Notes you left for a delegate",
    "arrival": "When you came and left",
    "make-up": "Missed occurrences you made up for",
    "position": "What you said of decisions",
    "commitment": "What you said you will do about decisions",
    "promise": "What you promised",
    "promise-question": "What you asked about promises",
    "agenda-item": "What you brought to an agenda",
    "brief-request": "Changes of a brief that you asked for",
    "feed": "Addresses of your calendar feed",
    "summary-choice": "When you want your summaries",
    "turn": "Turns with the question of the week, and the answers you keep",
}

_STATES = {
    "recorded": "recorded",
    "confirmed": "confirmed by the sponsor",
    "declined": "declined by the sponsor",
    "withdrawn": "withdrawn",
    "arrived": "came",
    "left": "left",
    "answered": "answered",
    "passed": "passed",
    "favour": "in favour",
    "live": "can live with it",
    "object": "objected",
    "recuse": "recused",
    "silent": "said nothing",
    "hold": "asked for time",
    "will": "will carry it out",
    "needs": "needs something for it",
    "escalate": "cannot carry it out",
    "no-answer": "did not answer",
    "done": "done",
    "dropped": "dropped",
    "open": "open",
    "in-use": "works",
    "revoked": "revoked",
    "together": "one mail for all meetings",
    "apart": "one mail for each meeting",
}
_ANSWERS = {
    "seated": "you got it",
    "accepted": "you accepted",
    "declined": "declined",
    "ended": "ended without an answer",
    "withdrawn": "withdrawn",
}
"""What became of an application or an offer."""


def title(kind: str) -> str:
    return _TITLES.get(kind, kind.capitalize())


def what(part: Part) -> str:
    """“Finance, Group Steering Meeting”."""
    return ", ".join(one for one in (part.department, part.meeting) if one) or "All meetings"


def when(part: Part) -> str:
    if part.first_day:
        until = f" until {short_day(part.last_day)}" if part.last_day else ", without an end"
        return f"from {short_day(part.first_day)}{until}"
    if part.last_day:
        return f"until {short_day(part.last_day)}"
    return f"on {short_day(local_day(part.at, part.time_zone or 'UTC'))}" if part.at else ""


def details(part: Part, currency: str) -> str:
    """State, money and words, as far as there are any."""
    limit = money(part.amount, currency) if part.kind == "mandate" else ""
    words = _ANSWERS if part.kind in ("applicant", "offer") else _STATES
    state = words.get(part.state or "", part.state or "")
    return BETWEEN.join(one for one in (state, limit, (part.text or "").removeprefix(BETWEEN)) if one)


def mail(one: SentMail) -> str:
    """What it was about, and what became of it where it did not go out."""
    found = KINDS.get(one.kind)
    said = found.about if found else one.kind.replace("-", " ")
    words = f"{said[:1].upper()}{said[1:]}"
    return words if one.state == "sent" else f"{words} ({one.state.replace('-', ' ')})"
