"""What goes beyond a mandate waits for the sponsor's word: asking for it, giving it, and asking for it anew."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from governance.domain.decisions.ratifying import ask_again, asking
from governance.domain.decisions.values import Cause, Decision, RatificationState, State
from governance.domain.department import fold_department
from governance.domain.people import PersonId
from governance.models import Ratification
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.services.links import Purpose, revoke
from governance.services.mailing.announcing import RatificationAnswered, RatificationAsked, announce
from governance.services.recording import today_of
from governance.store.people import sponsors_on
from governance.store.ratifications import ratification_rows

LONGEST_WORDS = 2000
BEFORE_THE_END = (State.DECIDED, State.AWAITING, State.COMMITTED)
_DECLINED, _ASKED, _RATIFIED = RatificationState.DECLINED, RatificationState.ASKED, RatificationState.RATIFIED


def ask_sponsors(doing: Doing) -> tuple[UUID, ...]:
    """As it is decided: ask for every word that is missing, whatever was said of an earlier wording; of which seats.

    A sponsor who is the delegate gives it by office, at once. Where nobody is known to sponsor the department, the
    chair hears what to do. While D04 is off nobody is asked.
    """
    if not doing.settings.modes.is_on("D04"):
        return ()
    return _put_right(doing, [one.seat for one in doing.again().ratifications])


def ask_what_changed(doing: Doing, before: Decision) -> tuple[UUID, ...]:
    """After a change of what is decided already: whoever has answered for another wording or for less money is asked
    anew, and what fits a mandate by now is asked for no more.
    """
    if not doing.settings.modes.is_on("D04"):
        return ()
    return _put_right(doing, ask_again(before, doing.again()))


def mark_beyond(doing: Doing, seat: UUID, words: str) -> None:
    """The seat's own part goes beyond its mandate, in words: its sponsor is asked once it is decided.

    Raises:
        DecisionRefused: the decision is over, the seat takes no part, or no words are given.
    """
    doing.require((State.OPEN, *BEFORE_THE_END), "Make a new decision")
    if doing.value.elector(seat) is None:
        raise DecisionRefused("Choose a seat that takes part in the decision", "this one does not", field="seat")
    said = _said(words, "Say in words what goes beyond the mandate")
    row = ratification_rows(doing.session, doing.row.id).get(seat)
    if row is None:
        row = _row(doing, seat, Cause.SUBJECT, said)
    row.words = said
    doing.note("decision-beyond-mandate", after=_entry(doing, seat))
    if doing.row.decided_at is not None and doing.settings.modes.is_on("D04"):
        doing.again()
        _put_right(doing, [seat])
    doing.settle()


def ask_once_more(doing: Doing, seat: UUID) -> None:
    """The chair asks again, whatever was answered: a mail was lost, or a sponsor has thought it over."""
    doing.require(BEFORE_THE_END, "Look at the decision again")
    row = ratification_rows(doing.session, doing.row.id).get(seat)
    if row is None or row.state == _RATIFIED.value:
        raise DecisionRefused("Look at the decision again", "nobody’s word is missing for this seat")
    _put_right(doing, [seat])


def answer(doing: Doing, seat: UUID, person: UUID, *, is_ratified: bool, words: str = "") -> None:
    """The sponsor's word. Declined, the decision waits until it is changed or withdrawn.

    Raises:
        DecisionRefused: nothing is asked of them any more, or the reason is missing.
    """
    doing.require(BEFORE_THE_END, "Look at the decision again")
    row = ratification_rows(doing.session, doing.row.id).get(seat)
    if row is None or row.state != _ASKED.value:
        raise DecisionRefused("Look at the decision again", "this is answered, or is not asked for any more")
    if sponsor_of(doing, seat) != person:
        raise DecisionRefused("Ask the sponsor of the department", "only their word counts here")
    said = words.strip()[:LONGEST_WORDS] if is_ratified else _said(words, "Say why you decline")
    row.state = (_RATIFIED if is_ratified else _DECLINED).value
    row.sponsor_person_id = person
    row.answered_at, row.answered_by, row.answer_words = doing.now, doing.actor, said
    _revoke(doing, row)
    act = "decision-ratified" if is_ratified else "decision-not-ratified"
    doing.note(act, after=_entry(doing, seat), why=said or None)
    announce(
        doing.session, RatificationAnswered(meeting_id=doing.meeting.id, ratification_id=row.id, at=doing.now)
    )  # fmt: skip
    doing.settle()


def change_money(doing: Doing, money_minor: int | None, payer: UUID | None) -> None:
    """Another amount, or another department that bears it, while the decision waits.

    Raises:
        DecisionRefused: it is over, or that seat takes no part.
    """
    doing.require(BEFORE_THE_END, "Withdraw the decision and make another one")
    if payer is not None and doing.value.elector(payer) is None:
        raise DecisionRefused("Choose a seat that takes part in the decision", "this one does not", field="payer")
    before = doing.value
    doing.row.money_minor, doing.row.payer_seat_id = money_minor, payer
    doing.note(
        "decision-money-changed",
        before={"money_minor": before.money_minor, "department": _department(before, before.payer)},
        after={"title": doing.row.title, "money_minor": money_minor, "department": _department(before, payer)},
    )
    ask_what_changed(doing, before)
    doing.settle()


def sponsor_of(doing: Doing, seat: UUID) -> PersonId | None:
    """Who sponsors the seat's department today."""
    elector = doing.value.elector(seat)
    sponsors = sponsors_on(doing.session, today_of(doing.meeting, doing.now))
    return sponsors.get(fold_department(elector.department)) if elector is not None else None


def _put_right(doing: Doing, anew: Iterable[UUID]) -> tuple[UUID, ...]:
    """Ask for these, and for what is beyond a mandate by now; ask no more for what is within it."""
    rows, wanted = ratification_rows(doing.session, doing.row.id), asking(doing.value)
    for seat in wanted.drop:
        _stop_asking(doing, rows[seat])
        doing.session.delete(rows[seat])
    for seat, cause in wanted.cause:
        rows[seat].cause = cause.value
    for seat in wanted.ask:
        rows[seat] = _row(doing, seat, Cause.MONEY, "")
    asked = tuple(seat for seat in dict.fromkeys([*wanted.ask, *anew]) if seat not in wanted.drop)
    for seat in asked:
        _ask(doing, rows[seat])
    doing.settle()
    return asked


def _ask(doing: Doing, row: Ratification) -> None:
    """From now on, whatever was answered; by office at once where the delegate is the sponsor."""
    _revoke(doing, row)
    sponsor, elector = sponsor_of(doing, row.seat_id), doing.value.elector(row.seat_id)
    row.sponsor_person_id, row.at = sponsor, doing.now
    if sponsor is not None and elector is not None and elector.person == sponsor:
        row.state, row.answered_at, row.answered_by, row.answer_words = _RATIFIED.value, doing.now, "office", ""
        doing.note("decision-ratified-by-office", after=_entry(doing, row.seat_id))
        return
    row.state, row.answered_at, row.answered_by, row.answer_words = _ASKED.value, None, None, None
    doing.note("decision-ratification-asked", after=_entry(doing, row.seat_id))
    announce(doing.session, RatificationAsked(meeting_id=doing.meeting.id, ratification_id=row.id, at=doing.now))


def _row(doing: Doing, seat: UUID, cause: Cause, words: str) -> Ratification:
    row = Ratification(
        decision_id=doing.row.id, seat_id=seat, cause=cause.value, words=words, by=doing.actor, at=doing.now
    )
    doing.session.add(row)
    doing.session.flush()
    return row


def _stop_asking(doing: Doing, row: Ratification) -> None:
    _revoke(doing, row)
    doing.note("decision-ratification-dropped", after=_entry(doing, row.seat_id))


def _revoke(doing: Doing, row: Ratification) -> None:
    revoke(doing.session, doing.meeting, [Purpose.RATIFY], doing.now, ratification={str(row.id)})


def _entry(doing: Doing, seat: UUID) -> dict[str, str]:
    return {"title": doing.row.title, "department": _department(doing.value, seat)}


def _department(decision: Decision, seat: UUID | None) -> str:
    elector = decision.elector(seat) if seat is not None else None
    return elector.department if elector is not None else ""


def _said(words: str, remedy: str) -> str:
    said = words.replace("\r\n", "\n").strip()
    if not said:
        raise DecisionRefused(remedy, field="words")
    if len(said) > LONGEST_WORDS:
        raise DecisionRefused(f"Shorten this to {LONGEST_WORDS} characters", field="words")
    return said
