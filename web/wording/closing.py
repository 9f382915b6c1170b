"""Commitments, sponsors' words and the closing of a decision, in words and shapes."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from governance.domain.decisions.closing import Finding
from governance.domain.decisions.committing import pledged
from governance.domain.decisions.values import (
    Cause,
    Checklist,
    Commitment,
    Elector,
    Pledge,
    Ratification,
    RatificationState,
    State,
)
from governance.domain.money import as_decimal
from governance.services.decisions.page import DecisionPage
from web.wording.badges import Badge
from web.wording.times import count, short_day, start

PLEDGES = {
    Pledge.WILL: Badge("Will carry it out", "circle-check", "good"),
    Pledge.NEEDS: Badge("Needs something", "help", "wait"),
    Pledge.ESCALATE: Badge("Cannot: escalates", "alert-triangle", "bad"),
    Pledge.NO_ANSWER: Badge("Asked, no answer", "circle-dashed", "warn"),
}
_NOTHING_YET = Badge("Not said yet", "circle-dashed", "quiet")

RATIFICATIONS = {
    RatificationState.ASKED: Badge("Waits for the sponsor", "hourglass", "wait"),
    RatificationState.RATIFIED: Badge("Ratified", "circle-check", "good"),
    RatificationState.DECLINED: Badge("Declined", "circle-x", "bad"),
}

DECIDED = (State.DECIDED, State.AWAITING, State.COMMITTED, State.CLOSED)
BEFORE_THE_END = (State.DECIDED, State.AWAITING, State.COMMITTED)
MARKABLE = (State.OPEN, *BEFORE_THE_END)


@dataclass(frozen=True, slots=True)
class CommitmentLine:
    """`is_own` is for whom the reader speaks; `is_late` one that came after the closing."""

    elector: Elector
    commitment: Commitment | None
    badge: Badge
    is_own: bool
    note: str = ""

    @property
    def is_open(self) -> bool:
        return self.commitment is None or self.commitment.pledge is Pledge.NO_ANSWER


def commitments(page: DecisionPage) -> list[CommitmentLine]:
    said = pledged(page.decision)
    return [_commitment(page, one, said.get(one.seat)) for one in page.decision.electors]


def _commitment(page: DecisionPage, elector: Elector, said: Commitment | None) -> CommitmentLine:
    closed = page.decision.closed_at
    note = f"Added on {start(said.at, page.time_zone)}" if said and closed and said.at > closed else ""
    badge = PLEDGES[said.pledge] if said else _NOTHING_YET
    return CommitmentLine(elector, said, badge, elector.seat in page.own, note)


def how_many(page: DecisionPage) -> str:
    lines = commitments(page)
    said = sum(one.commitment is not None for one in lines)
    return f"{said} of {count(len(lines), 'seat')}"


def ratification(one: Ratification) -> Badge:
    return RATIFICATIONS[one.state]


def about(page: DecisionPage, one: Ratification) -> str:
    """“Finance: the money is beyond the mandate”."""
    elector = page.decision.elector(one.seat)
    what = "the money is" if one.cause is Cause.MONEY else "the subject is"
    return f"{elector.department if elector else 'A seat'}: {what} beyond the mandate"


def what_became(page: DecisionPage, one: Ratification) -> str:
    """Who has to say something, or said it, and when."""
    if page.decision.decided_at is None:
        return "The sponsor is asked once it is decided"
    if one.state is RatificationState.ASKED:
        return f"{one.sponsor_name} is asked" if one.sponsor_name else "Name a sponsor on the roster, then ask again"
    if one.answered_at is None:
        return ""
    did = "ratified it" if one.state is RatificationState.RATIFIED else "declined"
    return f"{one.sponsor_name or 'The sponsor'} {did} on {start(one.answered_at, page.time_zone)}"


def finding(one: Finding) -> Badge:
    if not one.is_blocking:
        return Badge("To know", "info-circle", "quiet")
    if one.remark.rule == "D05":
        return Badge("To fill in", "clipboard-check", "wait")
    return Badge("Name the seat", "hand-stop", "wait") if one.by_name else Badge("In the way", "circle-x", "bad")


def reason(one: Finding) -> str:
    """As a sentence of its own."""
    return f"{one.remark.reason[:1].upper()}{one.remark.reason[1:]}."


def to_name(page: DecisionPage) -> list[tuple[UUID, str]]:
    """Seats that the chair can name, each once, with what is missing of them."""
    missing: dict[UUID, list[str]] = {}
    for one in page.closing.findings:
        if one.by_name:
            for seat in one.remark.seats:
                missing.setdefault(seat, []).append(_MISSING[one.remark.rule])
    electors = {one.seat: one.department for one in page.decision.electors}
    return [(seat, f"{electors.get(seat, 'A seat')}: {' and '.join(some)}") for seat, some in missing.items()]


def in_the_way(page: DecisionPage) -> str:
    """One sentence above the button."""
    blocking = [one for one in page.closing.findings if one.is_blocking and one.remark.rule != "D05"]
    hard = [one for one in blocking if not one.by_name]
    if hard:
        return f"{count(len(hard), 'thing')} {'is' if len(hard) == 1 else 'are'} in the way."
    if blocking:
        return "It can be closed with the seats named that have not answered."
    return f"{count(len(page.closing.still), 'field')} to fill in." if page.closing.still else "All is there."


def checklist(page: DecisionPage) -> list[tuple[str, str]]:
    """What was filled in, label and words; nothing for what was left out."""
    asked, owner = page.decision.checklist, page.owner
    rows = [
        ("Owner", owner),
        ("Until", short_day(asked.due_on) if asked.due_on else ""),
        ("For customers", asked.customer_effect),
        ("Who tells the customer", asked.teller),
        ("Looked at again", short_day(asked.review_on) if asked.review_on else ""),
        ("Informed", asked.informed),
        ("Read back", start(asked.read_back_at, page.time_zone) if asked.read_back_at else ""),
    ]
    return [row for row in rows if row[1]]


def saved(asked: Checklist, owner: str) -> list[tuple[str, str]]:
    """What somebody else has saved, beside what is typed."""
    rows = [
        ("The wording", asked.text),
        ("Owner", owner),
        ("Until", short_day(asked.due_on) if asked.due_on else ""),
        ("For customers", asked.customer_effect),
        ("Who tells the customer", asked.teller),
        ("Looked at again", short_day(asked.review_on) if asked.review_on else ""),
        ("Informed", asked.informed),
    ]
    return [row for row in rows if row[1]]


def amount(page: DecisionPage, currency: str) -> str:
    """As a form has it."""
    return as_decimal(page.decision.money_minor, currency) if page.decision.money_minor else ""


_MISSING = {"D03": "was not heard", "D06": "has not said what it will do"}
