"""What becomes of a closed decision, which itself never changes: kept or not, reviewed, superseded, challenged."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from governance.domain.decisions.values import State
from governance.domain.ledger import Confidentiality
from governance.models import Challenge, DecisionMark
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.services.recording import today_of
from governance.store import decision_marks as store

LONGEST_WORDS = 1000


def mark_kept(doing: Doing, *, is_kept: bool, words: str) -> None:
    """Whether it was carried out as decided, and what came of it for the customer; the newest word counts.

    Raises:
        DecisionRefused: it is not closed, or nothing is said.
    """
    _require_closed(doing)
    _add(doing, "kept" if is_kept else "not-kept", _words(words, "words", "Say what came of it"))


def review(doing: Doing, words: str, review_on: date | None) -> None:
    """Looked at again: it stands until the next review, or without one for good.

    Raises:
        DecisionRefused: it is not closed, nothing is said, or the next review is not in the future.
    """
    _require_closed(doing)
    if review_on is not None and review_on <= today_of(doing.meeting, doing.now):
        raise DecisionRefused("Choose a day to come, or leave it blank", "this one is over", field="review_on")
    _add(doing, "reviewed", _words(words, "words", "Say what the review found"), review_on=review_on)


def supersede(doing: Doing, later_id: UUID) -> None:
    """Another closed decision of the meeting stands in its place from now on.

    Raises:
        DecisionRefused: one of the two is not closed, it has been superseded, or the other leads back to it.
    """
    _require_closed(doing)
    later = store.closed_in_meeting(doing.session, doing.meeting.id, later_id)
    if later is None or later.id == doing.row.id:
        raise DecisionRefused("Choose another closed decision of this meeting", "this one cannot stand in its place")
    if store.superseded_by(doing.session, doing.row.id) is not None:
        raise DecisionRefused("Look at the decision that stands in its place", "it was superseded already")
    if doing.row.id in store.later_of(doing.session, later.id):
        raise DecisionRefused("Choose a newer decision", "that one was superseded by this one")
    _add(doing, "superseded", "", later_decision_id=later.id)


def challenge(doing: Doing, by_whom: str, what: str) -> Challenge:
    """Somebody above wants it otherwise.

    Raises:
        DecisionRefused: it is not closed, or something is missing.
    """
    _require_closed(doing)
    row = Challenge(
        decision_id=doing.row.id, by_whom=_words(by_whom, "by_whom", "Say who challenges it"),
        what=_words(what, "what", "Say what is challenged"), by=doing.actor, at=doing.now,
    )  # fmt: skip
    doing.session.add(row)
    doing.note(
        "decision-challenged", after={"by": row.by_whom, "what": row.what}, confidentiality=Confidentiality.PRIVATE
    )
    return row


def settle_challenge(doing: Doing, challenge_id: UUID, answered_by: str, *, has_stood: bool) -> None:
    """Who answered for the group, and whether the decision stood.

    Raises:
        DecisionRefused: there is no such challenge, it is settled, or nobody is named.
    """
    row = doing.session.get(Challenge, challenge_id)
    if row is None or row.decision_id != doing.row.id:
        raise DecisionRefused("Look at the decision again", "there is no such challenge")
    if row.outcome != "open":
        raise DecisionRefused("Record another challenge", "this one is settled")
    row.answered_by = _words(answered_by, "answered_by", "Say who answered for the group")
    row.outcome, row.settled_at = "stood" if has_stood else "changed", doing.now
    said = {"answered_by": row.answered_by, "outcome": row.outcome}
    doing.note("challenge-settled", after=said, confidentiality=Confidentiality.PRIVATE)


def _add(
    doing: Doing, kind: str, words: str, *, review_on: date | None = None, later_decision_id: UUID | None = None
) -> None:
    doing.session.add(
        DecisionMark(
            decision_id=doing.row.id, kind=kind, words=words, review_on=review_on, by=doing.actor, at=doing.now,
            later_decision_id=later_decision_id,
        )
    )  # fmt: skip
    after = {"number": doing.row.number, "words": words, "review_on": review_on, "later": later_decision_id}
    doing.note(f"decision-{kind}", after={key: value for key, value in after.items() if value})


def _require_closed(doing: Doing) -> None:
    doing.require({State.CLOSED}, "Close the decision first")


def _words(text: str, field: str, remedy: str) -> str:
    said = " ".join(text.replace("\0", "").split())
    if not said or len(said) > LONGEST_WORDS:
        raise DecisionRefused(f"{remedy}, in at most {LONGEST_WORDS} letters", "it stays with it", field=field)
    return said
