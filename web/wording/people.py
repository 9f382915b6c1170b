"""Names cut short, and the few numbers about the people of a page."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from governance.services.meeting_page import Answer, MeetingPage
from governance.store.waiting import AskedFor
from web.wording.times import count, day, local_day, short_day


@dataclass(frozen=True, slots=True)
class Tally:
    """`coming` is None while nothing is known of the answers."""

    deciding: int
    mandates: str
    coming_title: str
    coming: int | None
    others: str


def tally(page: MeetingPage) -> Tally:
    filled = [seat for seat in page.seats if seat.delegate]
    deciding = sum(1 for seat in filled if seat.may_decide)
    answers = Counter(seat.answer for seat in filled)
    is_known = bool(filled) and answers[Answer.UNKNOWN] < len(filled)
    return Tally(
        deciding=deciding,
        mandates=_mandates(len(filled), deciding, len(page.seats) - len(filled)),
        coming_title=f"On {short_day(page.on)}" if page.next else "Next time",
        coming=answers[Answer.ACCEPTED] if is_known else None,
        others=_others(answers) if is_known else "No answers known yet",
    )


def judged_on(page: MeetingPage) -> str:
    """The day for which the roster is shown: that of the next occurrence."""
    return f"As it will be on {day(page.on)}" if page.next else f"As it is on {day(page.on)}"


def asked(application: AskedFor, zone: str) -> str:
    return f"You asked for the seat of {application.department} on {day(local_day(application.at, zone))}."


def initials(name: str) -> str:
    """“AO” of “Amara Okafor”; an address gives its first letter; a title is left out."""
    words = [word for word in name.replace("@", " ").split() if word[:1].isalpha() and not word.endswith(".")]
    picked = [words[0], words[-1]] if len(words) > 1 and "@" not in name else words[:1]
    return "".join(word[0] for word in picked).upper() or "?"


def act_icon(act_id: str) -> str:
    """A shape for an act of the demo, by what its name speaks of."""
    return next((icon for word, icon in _ACT_ICONS if word in act_id), "bolt")


def _mandates(filled: int, deciding: int, vacant: int) -> str:
    parts = [f"{count(filled - deciding, 'mandate')} missing or ended" if filled > deciding else ""]
    parts.append(f"{count(vacant, 'seat')} vacant" if vacant else "")
    return ", ".join(part for part in parts if part) or ("All have a mandate" if filled else "No seats yet")


def _others(answers: Counter[Answer]) -> str:
    parts = [
        f"{answers[Answer.DECLINED]} declined" if answers[Answer.DECLINED] else "",
        f"{answers[Answer.TENTATIVE]} maybe" if answers[Answer.TENTATIVE] else "",
        f"{answers[Answer.OPEN]} without answer" if answers[Answer.OPEN] else "",
        f"{answers[Answer.NOT_INVITED]} not on it" if answers[Answer.NOT_INVITED] else "",
    ]
    return ", ".join(part for part in parts if part) or "All have said yes"


_ACT_ICONS = (
    ("once", "calendar-event"),
    ("forward", "mail-forward"),
    ("group", "users-group"),
    ("second", "user-plus"),
    ("add", "user-plus"),
    ("invite", "toggle-left"),
    ("decline", "calendar-x"),
    ("accept", "calendar-check"),
    ("remove", "user-minus"),
    ("optional", "user-check"),
    ("plus", "users"),
    ("description", "file-text"),
    ("move", "clock"),
    ("split", "arrows-exchange"),
    ("cut", "plug-connected-x"),
    ("back", "arrow-back-up"),
    ("reset", "arrow-back-up"),
)
