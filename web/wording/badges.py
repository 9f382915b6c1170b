"""States as a word, a shape and a tone: never by colour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from governance.domain.roster import MandateStanding
from governance.services.meeting_page import Answer, Fate, MandateLine, SeatLine
from web.wording.times import away, short_day

ENDS_SOON_DAYS = 42
"""From here on the end of a mandate is worth a word (M02)."""


@dataclass(frozen=True, slots=True)
class Badge:
    """`tone` is good, warn, bad, wait or quiet; `icon` names a symbol of icons.svg, another shape for each meaning."""

    word: str
    icon: str
    tone: str
    detail: str = ""


def mandate(seat: SeatLine, today: date, currency: str) -> Badge | None:
    """Whether the delegate may decide at the next occurrence, and on whose word; None for a vacant seat."""
    if seat.delegate is None:
        return None
    line = seat.mandate
    if line is None:
        return Badge("No mandate", "circle-x", "bad", "May not decide: ask the sponsor to give one")
    if line.standing in _NOT_GIVEN:
        word, icon = _NOT_GIVEN[line.standing]
        return Badge(word, icon, "bad", "May not decide: ask the sponsor")
    if line.standing is MandateStanding.NOT_YET:
        return Badge(f"Begins {away(line.first_day, today)}", "clock", "warn", f"On {short_day(line.first_day)}")
    if line.standing is MandateStanding.ENDED and line.last_day:
        verb, before = ("Ends", ", before the next meeting") if line.last_day >= today else ("Ended", "")
        detail = f"On {short_day(line.last_day)}{before}"
        return Badge(f"{verb} {away(line.last_day, today)}", "circle-x", "bad", detail)
    return _in_force(line, today, currency)


def deputy(has_mandate: bool) -> Badge:
    if has_mandate:
        return Badge("May stand in", "circle-check", "quiet")
    return Badge("No mandate", "circle-dashed", "quiet", "Cannot stand in before the sponsor gives a mandate")


def answer(seat: SeatLine) -> Badge | None:
    if seat.delegate is None:
        return None
    if seat.answer is Answer.NOT_INVITED and not seat.may_decide:
        return Badge("Not invited", "circle-minus", "quiet")
    return _ANSWERS[seat.answer]


def fate(of: Fate) -> Badge | None:
    return _FATES.get(of)


def _in_force(line: MandateLine, today: date, currency: str) -> Badge:
    word = "By office" if line.is_by_office else "Confirmed"
    if line.standing is MandateStanding.RECORDED and not line.is_by_office:
        word = "Recorded"
    until = f"until {short_day(line.last_day)}" if line.last_day else ""
    if line.last_day and (line.last_day - today).days <= ENDS_SOON_DAYS:
        detail = ", ".join([word, until, money(line.limit_minor, currency)])
        return Badge(f"Ends {away(line.last_day, today)}", "hourglass", "warn", detail)
    shape = "circle-dot" if word == "Recorded" else "circle-check"
    detail = ", ".join(part for part in (until, money(line.limit_minor, currency)) if part)
    return Badge(word, shape, "good", detail[:1].upper() + detail[1:])


def money(limit_minor: int | None, currency: str) -> str:
    """“up to EUR 50,000”, never broken over two lines; a blank limit is no authority over money."""
    if limit_minor is None:
        return "no\N{NO-BREAK SPACE}money"
    whole, cents = divmod(limit_minor, 100)
    amount = f"up to {currency} {whole:,}" + (f".{cents:02}" if cents else "")
    return amount.replace(" ", "\N{NO-BREAK SPACE}")


_NOT_GIVEN = {
    MandateStanding.DECLINED: ("Declined", "circle-x"),
    MandateStanding.WITHDRAWN: ("Withdrawn", "circle-minus"),
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
