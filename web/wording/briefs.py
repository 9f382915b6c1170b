"""What stands beside a brief: when it goes or went, what becomes of it when it is changed, and who asked for what."""

from __future__ import annotations

from datetime import datetime

from governance.services.summaries.brief_page import BriefPage, Earlier, Request, Shown
from web.wording.badges import Badge
from web.wording.times import ahead, local_day, short_day, start

GONE = Badge("Sent", "circle-check", "good")
HELD = Badge("Kept back", "hand-stop", "warn")
WAITING = Badge("Waits", "hourglass", "wait")
UNSENT = Badge("Not sent", "circle-minus", "quiet")


_UNSENT = (
    "It is not sent any more: it could not be sent for a week, or is from before a backup was restored and may have "
    "gone then. The next one tells what was not sent for a week."
)


def title(shown: Shown, zone: str) -> str:
    """“26 Nov 2026”."""
    return short_day(local_day(shown.start, zone))


def standing(shown: Shown, zone: str, now: datetime) -> tuple[Badge, str]:
    """Where it is on its way."""
    if shown.gone_at is not None:
        return GONE, f"It went to senior leadership on {start(shown.gone_at, zone)}."
    if shown.is_held:
        return HELD, "The chair keeps it back: it goes to nobody until they let it go."
    if not shown.is_open:
        return UNSENT, _UNSENT
    if not shown.has_readers:
        return WAITING, "Nobody reads for senior leadership: it is kept here. A chair names readers among the roles."
    when = f"{start(shown.goes_at, zone)}, {ahead(shown.goes_at, now)}"
    return WAITING, f"It goes to senior leadership on {when}, as it stands here."


def changed(shown: Shown, zone: str) -> str:
    return f"Changed by the chair on {start(shown.changed_at, zone)}." if shown.changed_at else ""


def after_a_change(page: BriefPage, shown: Shown) -> str:
    """What follows from sending the form."""
    if shown.is_held:
        return "It stays kept back. The delegates get the new text when you let it go."
    return (
        "The delegates get the new text by mail, and have another day to read it: it goes on "
        f"{start(page.again_at, page.time_zone)}."
    )


def after_letting_go(page: BriefPage) -> str:
    return (
        "The delegates get the text by mail, and have another day to read it: it goes on "
        f"{start(page.again_at, page.time_zone)}."
    )


def asked(request: Request, zone: str) -> str:
    """Who asked, and when."""
    who = ", ".join(one for one in (request.asked_by, request.department) if one)
    return f"{who}, {start(request.at, zone)}"


def earlier(one: Earlier, zone: str) -> tuple[str, Badge]:
    badge = GONE if one.gone_at else HELD if one.is_held else WAITING
    return short_day(local_day(one.start, zone)), badge
