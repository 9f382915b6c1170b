"""Closing: the checklist is filled in, nothing blocks any more, and the decision gets its number and its promise."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from uuid import UUID

from governance.domain.decisions.closing import Finding, number_of, owners_seat, with_defaults
from governance.domain.decisions.life import Remark, blockers
from governance.domain.decisions.values import Checklist, Decision, State
from governance.models import Action
from governance.services.decisions.absence import seats_there
from governance.services.decisions.doing import Doing
from governance.services.decisions.ratifying import BEFORE_THE_END, ask_what_changed
from governance.services.decisions.refusals import DecisionRefused
from governance.services.decisions.searching import refresh_search_text
from governance.services.mailing.announcing import DecisionClosed, announce
from governance.services.recording import iso, named, today_of
from governance.store.decisions import next_seq

LONGEST_TEXT, LONGEST_LINE = 10_000, 500


class NotYet(DecisionRefused):
    """What keeps the decision from closing, each with its remedy; nothing was closed."""

    def __init__(self, remarks: tuple[Remark, ...]) -> None:
        first = remarks[0]
        super().__init__(first.remedy, first.reason)
        self.remarks = remarks


def told_without(refusal: DecisionRefused, known: Collection[Finding]) -> DecisionRefused:
    """As somebody is told it who does not read the positions: of what is in the way, what the page shows them."""
    if not isinstance(refusal, NotYet):
        return refusal
    seen = {one.remark for one in known}
    shown = tuple(one for one in refusal.remarks if one in seen)
    return NotYet(shown) if shown else DecisionRefused("Ask the chair to close it", "what is open is for them to see")


@dataclass(frozen=True, slots=True)
class Closed:
    """The number; None where a sponsor has to be asked first, of what the closing itself has brought up."""

    number: str | None


def keep_checklist(doing: Doing, wanted: Checklist) -> tuple[UUID, ...]:
    """Write down what is known by now; which sponsors have to be asked because of it.

    Whoever bears the money is the owner's seat where nobody else was named.

    Raises:
        DecisionRefused: it is over, not decided yet, or a text is too long.
    """
    doing.require(BEFORE_THE_END, "Look at the decision again")
    _require_short(wanted)
    before = doing.value
    row, now = doing.row, doing.now
    row.text, row.customer_effect = wanted.text.strip(), wanted.customer_effect.strip()
    row.teller, row.informed = " ".join(wanted.teller.split()), " ".join(wanted.informed.split())
    row.owner_person_id, row.due_on, row.review_on = wanted.owner, wanted.due_on, wanted.review_on
    row.read_back_at = (row.read_back_at or now) if wanted.read_back_at is not None else None
    if row.money_minor and row.payer_seat_id in (None, owners_seat(before)):
        row.payer_seat_id = owners_seat(replace(before, checklist=wanted))
    asked = ask_what_changed(doing, before)
    doing.settle()
    return asked


def close(doing: Doing, wanted: Checklist, named_seats: Collection[UUID] = ()) -> Closed:
    """In one transaction: the checklist, the number under the meeting's lock, and the promise of its owner.

    Args:
        named_seats: those without a position or a commitment with which the chair closes it all the same.

    Raises:
        NotYet: a rule that is enforced keeps it from closing.
        DecisionRefused: it is over, not decided yet, or a text is too long.
    """
    asked = keep_checklist(doing, wanted)
    value = doing.again()
    blocking = blockers(value, doing.now, doing.settings.modes, named_seats)
    if asked and any(one.rule == "D04" for one in blocking):
        return Closed(None)
    if blocking:
        raise NotYet(blocking)
    _number(doing)
    refresh_search_text(doing.session, doing.row)
    _promise(doing, value)
    _tell(doing, value, named_seats)
    return Closed(doing.row.number)


def checklist_to_begin_with(doing: Doing) -> Checklist:
    return with_defaults(doing.value, today_of(doing.meeting, doing.now))


def _number(doing: Doing) -> None:
    row, year = doing.row, today_of(doing.meeting, doing.now).year
    row.number_year, row.number_seq = year, next_seq(doing.session, doing.meeting.id, year)
    row.number, row.closed_at, row.state = number_of(year, row.number_seq), doing.now, State.CLOSED.value


def _promise(doing: Doing, value: Decision) -> None:
    """None where the checklist is not asked for and says nobody, or no day."""
    row = doing.row
    if row.owner_person_id is None or row.due_on is None:
        return
    doing.session.add(
        Action(
            meeting_id=doing.meeting.id, decision_id=row.id, occurrence_id=row.occurrence_id,
            seat_id=owners_seat(value), owner_person_id=row.owner_person_id, text=row.title, due_on=row.due_on,
            first_due_on=row.due_on, by=doing.actor, at=doing.now,
        )
    )  # fmt: skip


def _tell(doing: Doing, value: Decision, named_seats: Collection[UUID]) -> None:
    row = doing.row
    without = [one.department for one in value.electors if one.seat in named_seats]
    doing.note(
        "decision-closed",
        after={
            "number": row.number, "title": row.title, "text": row.text, "due": iso(row.due_on),
            "owner": named(doing.session, row.owner_person_id) if row.owner_person_id else None,
            "without": without,
        },
    )  # fmt: skip
    there = seats_there(doing)
    absent = tuple(one.seat for one in value.electors if one.seat not in there)
    if row.occurrence_id is not None and absent:
        fact = DecisionClosed(meeting_id=doing.meeting.id, decision_id=row.id, seats=absent, at=doing.now)
        announce(doing.session, fact)


def _require_short(wanted: Checklist) -> None:
    for name, text, most in (
        ("text", wanted.text, LONGEST_TEXT),
        ("customer_effect", wanted.customer_effect, LONGEST_TEXT),
        ("teller", wanted.teller, LONGEST_LINE),
        ("informed", wanted.informed, LONGEST_LINE),
    ):
        if len(text) > most:
            raise DecisionRefused(f"Shorten this to {most:,} characters", field=name)
