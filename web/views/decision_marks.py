"""What became of a closed decision: kept or not, reviewed, superseded, challenged from above."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, abort, request
from werkzeug.wrappers import Response as AnyResponse

from governance.domain.access import Act, Kind, Thing, may
from governance.domain.ledger import Confidentiality
from governance.services.decisions import marking
from governance.services.decisions.doing import Doing
from governance.services.decisions.refusals import DecisionRefused
from governance.store.decisions import decision_of
from web.site import viewer
from web.views.decision_acts import carried_out, sent_id, sent_text

blueprint = Blueprint("decision_marks", __name__)

_TYPED = ("act", "words", "review_on", "later", "by_whom", "what", "answered_by")


@blueprint.post("/m/<slug>/decisions/<ref>/after")
def mark(slug: str, ref: str) -> AnyResponse:
    """Marks are for chair and scribe, challenges for the chair alone."""
    typed = {name: sent_text(name) for name in _TYPED}
    wanted = _ACTS.get(typed["act"])

    def act(doing: Doing) -> None:
        if wanted is None:
            raise DecisionRefused("Use the buttons of the page", "this one is not known")
        wanted(doing, typed)

    return carried_out(slug, ref, Act.DECIDE, act, typed=typed, anchor="after")


def _kept(doing: Doing, typed: dict[str, str]) -> None:
    marking.mark_kept(doing, is_kept=_chosen("kept", "not-kept"), words=typed["words"])


def _reviewed(doing: Doing, typed: dict[str, str]) -> None:
    try:
        until = date.fromisoformat(typed["review_on"]) if typed["review_on"] else None
    except ValueError:
        raise DecisionRefused("Enter a day, or leave it blank", "this is none", field="review_on") from None
    marking.review(doing, typed["words"], until)


def _superseded(doing: Doing, typed: dict[str, str]) -> None:
    later = decision_of(doing.session, doing.meeting.id, typed["later"].strip())
    if later is None:
        raise DecisionRefused("Enter the number of another decision", "there is none of that number", field="later")
    marking.supersede(doing, later.id)


def _challenged(doing: Doing, typed: dict[str, str]) -> None:
    _require_chair(doing)
    marking.challenge(doing, typed["by_whom"], typed["what"])


def _settled(doing: Doing, typed: dict[str, str]) -> None:
    _require_chair(doing)
    marking.settle_challenge(doing, sent_id("challenge"), typed["answered_by"], has_stood=_chosen("stood", "changed"))


def _chosen(yes: str, no: str) -> bool:
    outcome = request.form.get("outcome")
    if outcome not in (yes, no):
        raise DecisionRefused("Use one of the two buttons", "nothing was chosen")
    return outcome == yes


def _require_chair(doing: Doing) -> None:
    if not may(viewer().actor, Act.CHANGE, Thing(Kind.CHALLENGE, doing.meeting.id, Confidentiality.SEATS)):
        abort(404)


_ACTS: dict[str, Callable[[Doing, dict[str, str]], None]] = {
    "kept": _kept,
    "review": _reviewed,
    "supersede": _superseded,
    "challenge": _challenged,
    "settle": _settled,
}
