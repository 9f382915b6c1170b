"""States as a word, a shape and a tone: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.domain.roster import MandateStanding
from governance.services.meeting_page import Answer, Fate, MandateLine, SeatLine
from web.wording.times import count, short_day

ENDS_SOON_DAYS = 42
"""From here on the end of a mandate is worth a word (M02)."""


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone` is good, warn, bad, wait or quiet; `icon` names a symbol of icons.svg, another shape for each meaning."""

    word: str
    icon: str
    tone: str
    detail: str = ""


def mandate(seat: SeatLine, on: date, currency: str) -> Badge | None:
    """Whether the delegate may decide on that day, and on whose word; None for a vacant seat."""
    if seat.delegate is None:
        return None
    if seat.mandate is None:
        return Badge("No mandate", "circle-x", "bad", "May not decide: ask the sponsor to give one")
    line = seat.mandate
    found = _ENDED.get(line.standing)
    if found is not None:
        word, icon, tone = found
        return Badge(word, icon, tone, _when(line, on))
    return _in_force(line, on, currency)


def deputy(has_mandate: bool) -> Badge:
    if has_mandate:
        return Badge("May stand in", "circle-check", "quiet")
    return Badge("No mandate", "circle-dashed", "quiet", "Cannot stand in before the sponsor gives a mandate")


def answer(seat: SeatLine) -> Badge | None:
    if seat.delegate is None:
        return None
    if seat.answer is Answer.NOT_INVITED and not seat.may_decide:
        return Badge("Not invited", "circle-minus", "quiet", "Comes on with a mandate")
    return _ANSWERS[seat.answer]


def fate(of: Fate) -> Badge | None:
    return _FATES.get(of)


def _in_force(line: MandateLine, on: date, currency: str) -> Badge:
    word = "By office" if line.is_by_office else "Confirmed"
    if line.standing is MandateStanding.RECORDED and not line.is_by_office:
        word = "Recorded"
    left = (line.last_day - on).days if line.last_day else None
    if left is not None and left <= ENDS_SOON_DAYS:
        when = "today" if left == 0 else f"in {count(left, 'day')}"
        return Badge(f"Ends {when}", "hourglass", "warn", f"{word}, until {short_day(on=line.last_day or on)}")
    until = f"until {short_day(line.last_day)}" if line.last_day else "no end"
    shape = "circle-dot" if word == "Recorded" else "circle-check"
    return Badge(word, shape, "good", ", ".join([until, _money(line.limit_minor, currency)]))


def _money(limit_minor: int | None, currency: str) -> str:
    """“up to EUR 50,000”; a blank limit is no authority over money."""
    if limit_minor is None:
        return "no money"
    whole, cents = divmod(limit_minor, 100)
    return f"up to {currency} {whole:,}" + (f".{cents:02}" if cents else "")


def _when(line: MandateLine, on: date) -> str:
    if line.standing is MandateStanding.ENDED and line.last_day:
        return f"On {short_day(line.last_day)}, {count((on - line.last_day).days, 'day')} before the meeting"
    if line.standing is MandateStanding.NOT_YET:
        return f"On {short_day(line.first_day)}"
    return "May not decide: ask the sponsor"


_ENDED = {
    MandateStanding.ENDED: ("Ended", "circle-x", "bad"),
    MandateStanding.DECLINED: ("Declined", "circle-x", "bad"),
    MandateStanding.WITHDRAWN: ("Withdrawn", "circle-minus", "bad"),
    MandateStanding.NOT_YET: ("Begins later", "clock", "warn"),
}

_ANSWERS = {
    Answer.ACCEPTED: Badge("Coming", "check", "good"),
    Answer.DECLINED: Badge("Declined", "x", "bad"),
    Answer.TENTATIVE: Badge("Maybe", "help", "warn"),
    Answer.OPEN: Badge("No answer", "circle-dashed", "quiet"),
    Answer.NOT_INVITED: Badge("Not on it yet", "circle-minus", "warn"),
    Answer.UNKNOWN: Badge("Unknown", "help", "quiet"),
}

_FATES = {
    Fate.WAITS_FOR_YOU: Badge("Waits for you", "hand-stop", "wait"),
    Fate.WAITS_FOR_TIME: Badge("Waits for its time", "clock-pause", "quiet"),
    Fate.UNDER_WAY: Badge("Being put right", "refresh", "wait"),
    Fate.ONLY_WATCHED: Badge("Only watched", "eye", "quiet"),
}
