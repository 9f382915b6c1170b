"""From a draft to open positions and back: the electorate is frozen, and each asking is a round of its own."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from governance.domain.decisions.positions import is_blind
from governance.domain.decisions.values import State
from governance.domain.roster import Roster
from governance.models import Elector, Occurrence
from governance.services.attendance.reading import LINGERS, pictures_of
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.services.occurrences import kept_occurrence, next_in
from governance.store.rosters import load_roster

LONGEST_REASON = 500
UNSETTLED = (State.DRAFT, State.OPEN, State.DECIDED, State.AWAITING, State.COMMITTED)


def open_positions(doing: Doing, *, is_show_of_hands: bool = False) -> None:
    """Freeze the electorate of the running or next occurrence, and ask every seat of it.

    Raises:
        DecisionRefused: nothing is proposed, nobody holds a seat that day, or no occurrence is known.
    """
    doing.require([State.DRAFT], "Look at it again")
    if doing.value.proposed is None:
        raise DecisionRefused("Add an option and propose it first", "there is nothing to say yes or no to")
    occurrence = _occurrence(doing)
    electors = _electors(load_roster(doing.session, doing.meeting), doing.row.id, occurrence)
    if not electors:
        raise DecisionRefused("Give somebody a seat first", "nobody holds one that day")
    doing.session.execute(delete(Elector).where(Elector.decision_id == doing.row.id))
    doing.session.add_all(electors)
    doing.row.occurrence_id = occurrence.id
    doing.row.opened_at, doing.row.is_show_of_hands = doing.now, is_show_of_hands
    doing.settle()
    doing.note("decision-opened", after={"round": doing.row.round, "seats": len(electors), "hands": is_show_of_hands})


def reveal(doing: Doing) -> None:
    """The chair opens the positions before every seat is in.

    Raises:
        DecisionRefused: nobody is asked, or they are open.
    """
    doing.require([State.OPEN], "Open it for positions first")
    if not is_blind(doing.value):
        raise DecisionRefused("Look at it again", "the positions are open")
    doing.row.revealed_at = doing.now
    doing.settle()
    doing.note("positions-opened", after={"round": doing.row.round})


def ask_anew(doing: Doing) -> None:
    """What is proposed has changed: whoever answered it is asked again; nothing where nobody was asked yet."""
    if doing.row.opened_at is None:
        return
    _end_round(doing)
    doing.note("decision-asked-anew", after={"round": doing.row.round})


def back_to_draft(doing: Doing) -> None:
    """Before it is closed it can be thought over: what was said stays on record, and every seat is asked anew.

    What goes beyond a mandate stays marked; its sponsor is asked again when it is decided again.

    Raises:
        DecisionRefused: it is a draft, closed or withdrawn.
    """
    doing.require(UNSETTLED[1:], "Begin another decision")
    _take_back(doing)
    doing.settle()
    doing.note("decision-taken-back", after={"round": doing.row.round})


def withdraw(doing: Doing, why: str) -> None:
    """It is not decided after all; a withdrawn one can be taken up again.

    Raises:
        DecisionRefused: there is no reason, or it is closed or withdrawn.
    """
    doing.require(UNSETTLED, "Look at it again")
    told = " ".join(why.split())
    if not told or len(told) > LONGEST_REASON:
        raise DecisionRefused(f"Say why, in at most {LONGEST_REASON} letters", "those with a seat read it", field="why")
    doing.row.withdrawn_at, doing.row.withdrawn_why = doing.now, told
    doing.settle()
    doing.note("decision-withdrawn", after={"title": doing.row.title}, why=told)


def take_up(doing: Doing) -> None:
    """A withdrawn one is a draft again.

    Raises:
        DecisionRefused: it is not withdrawn.
    """
    doing.require([State.WITHDRAWN], "Look at it again")
    doing.row.withdrawn_at = doing.row.withdrawn_why = None
    _take_back(doing)
    doing.settle()
    doing.note("decision-taken-up", after={"title": doing.row.title})


def show_names(doing: Doing, *, are_shown: bool) -> None:
    """Whether the shared screen names who says what, or counts alone."""
    doing.require(UNSETTLED, "Look at it again")
    if doing.row.are_names_shown is not are_shown:
        doing.row.are_names_shown = are_shown
        doing.note("names-shown" if are_shown else "names-hidden", after={"title": doing.row.title})


def _take_back(doing: Doing) -> None:
    row = doing.row
    if row.opened_at is not None:
        _end_round(doing)
    row.opened_at = row.decided_at = None
    # What was written down at the closing was about the proposal of then.
    row.text = row.customer_effect = ""
    row.read_back_at = None
    row.present = row.needed = row.held = None


def _end_round(doing: Doing) -> None:
    """What was never opened stays shut for ever: it was said about what is proposed no longer."""
    row = doing.row
    if is_blind(doing.value):
        row.shut_rounds = f"{row.shut_rounds} {row.round}".strip()
    row.round += 1
    row.revealed_at = None


def _occurrence(doing: Doing) -> Occurrence:
    """The one that runs, has just ended, or comes next; one that was called off is passed over."""
    session, since = doing.session, doing.now - LINGERS
    pictures = pictures_of(session, doing.meeting.id)
    for _ in range(_TRIES):
        found = next_in(pictures, since)
        if found is None:
            break
        kept = kept_occurrence(session, found)
        if not kept.cancelled:
            return kept
        since = found.seen.end + timedelta(seconds=1)
    raise DecisionRefused("Look at the calendar of the meeting", "no occurrence of it is known")


_TRIES = 60
"""Occurrences in a row that may have been called off: more than a year of weeks."""


def _electors(roster: Roster, decision_id: UUID, occurrence: Occurrence) -> list[Elector]:
    """Every seat that is held that day, with who sits for it and on which authority."""
    day = roster.day_of(occurrence.start)
    standing_in = {one.seat_id: one.person for one in roster.stand_ins.get(occurrence.original_start, ())}
    found = []
    for seat in roster.seats:
        delegate, stand_in = seat.delegate(day), standing_in.get(seat.id)
        person = stand_in or delegate
        if person is None:
            continue
        mandate = seat.mandate_in_force(person, day)
        found.append(
            Elector(
                decision_id=decision_id, seat_id=seat.id, person_id=person, department=seat.department,
                is_stand_in=stand_in is not None, is_empowered=mandate is not None,
                limit_minor=mandate.limit_minor if mandate else None,
            )
        )  # fmt: skip
    return found
