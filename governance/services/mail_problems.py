"""What is wrong with the mails, as far as their rows tell. Pure: counts and `now` go in, problems come out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row

from governance.services.problem import Problem

HELD_RESTORED, HELD_LATE, UNCLEAR, FAILED = "mail-held-restored", "mail-held-late", "mail-unclear", "mail-failed"
UNDELIVERABLE, STUCK, DAILY_LIMIT = "mail-address-refused", "mail-stuck", "mail-daily-limit"

STUCK_AFTER = timedelta(minutes=15)
"""A worker at work sends within seconds of the time; what waits longer for it does not go at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSeen:
    """`counts` as `governance.store.mail_queue` gives them, of what is open. Within a day `sent` went out; `used` did,
    or may have.
    """

    counts: Sequence[Row[Any]]
    oldest_due: datetime | None
    undeliverable: int
    sent: int
    used: int

    @property
    def waiting(self) -> int:
        return sum(one.many for one in self.counts if one.state == "waiting")


def mail_problems(
    seen: MailSeen, slugs: Mapping[UUID, str], now: datetime, *, daily_limit: int, has_worker: bool
) -> Iterator[Problem]:
    """The gravest first. The daily limit explains why mails wait, so it is told instead of that."""
    is_full = seen.used >= daily_limit
    if is_full and seen.oldest_due is not None:
        yield Problem(
            code=DAILY_LIMIT,
            meeting=None,
            text=f"{daily_limit} mails went out within a day, and {seen.waiting} wait",
            remedy="Wait, or raise mail.daily_limit if the provider allows more",
        )
    elif has_worker and seen.oldest_due is not None and now - seen.oldest_due > STUCK_AFTER:
        yield Problem(
            code=STUCK,
            meeting=None,
            text=f"{_mails(seen.waiting)} waiting, one since {seen.oldest_due:%Y-%m-%dT%H:%M:%SZ}",
            remedy="Run `governance check`, and look into the log of the workers",
        )
    for one in seen.counts:
        code = _code_of(one)
        if code is not None:
            text, remedy = _WORDS[code]
            yield Problem(
                code=code,
                meeting=slugs.get(one.meeting_id) if one.meeting_id else None,
                text=text.format(mails=_mails(one.many)),
                remedy=remedy,
            )
    if seen.undeliverable:
        many = "one address" if seen.undeliverable == 1 else f"{seen.undeliverable} addresses"
        yield Problem(
            code=UNDELIVERABLE,
            meeting=None,
            text=f"the mail server refused {many} for good",
            remedy="Look at `governance mail undeliverable`, mend the address, and clear it there",
        )


def _code_of(one: Row[Any]) -> str | None:
    if not one.waits_alone:
        return None
    if one.state == "held":
        return HELD_RESTORED if one.hold == "restored" else HELD_LATE
    return UNCLEAR if one.state == "unclear" else FAILED


def _mails(many: int) -> str:
    return "one mail is" if many == 1 else f"{many} mails are"


_LIST = "Look at `governance mail list --state {state}`, then `governance mail send` or `governance mail drop`"
_WORDS = {
    HELD_RESTORED: ("{mails} held, because the database is a restored copy", _LIST.format(state="held")),
    HELD_LATE: ("{mails} held, because of being more than two days late", _LIST.format(state="held")),
    UNCLEAR: ("{mails} out or not, which nobody can say", _LIST.format(state="unclear")),
    FAILED: ("{mails} refused by the mail server for good", _LIST.format(state="failed")),
}

MAIL_BRIEF = {
    HELD_RESTORED: (
        "Mails are held in one place, because the database is a restored copy.",
        "Mails of {many} meetings are held, because the database is a restored copy.",
    ),
    HELD_LATE: (
        "Mails are held in one place, because they are more than two days late.",
        "Mails of {many} meetings are held, because they are more than two days late.",
    ),
    UNCLEAR: (
        "Of some mails nobody can say whether they went out.",
        "Of mails of {many} meetings nobody can say whether they went out.",
    ),
    FAILED: (
        "Some mails were refused by the mail server for good.",
        "Mails of {many} meetings were refused by the mail server for good.",
    ),
    UNDELIVERABLE: ("The mail server refused addresses for good.", "The mail server refused addresses for good."),
    STUCK: (
        "Mails wait, though a worker is at work.",
        "Mails wait, though a worker is at work.",
    ),
    DAILY_LIMIT: (
        "As many mails went out within a day as are allowed, and more wait.",
        "As many mails went out within a day as are allowed, and more wait.",
    ),
}
