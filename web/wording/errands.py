"""What is said of an errand to Google while it is on its way, and when nothing came of it."""

from __future__ import annotations

from governance.domain.errand import READING, ErrandKind
from governance.models.errand import Errand

_TITLES = {
    ErrandKind.FIND: "Asking Google for the calendar’s recurring events",
    ErrandKind.LOOK: "Asking Google for the event and its guests",
    ErrandKind.ADOPT: "Adopting the meeting",
    ErrandKind.RELINK: "Following the meeting to its other event",
    ErrandKind.RELEASE: "Releasing the meeting",
}

_REFUSED = {
    ErrandKind.FIND: "The calendar could not be read",
    ErrandKind.LOOK: "The event could not be read",
    ErrandKind.ADOPT: "The meeting was not adopted",
    ErrandKind.RELINK: "The meeting was not linked to the other event",
    ErrandKind.RELEASE: "The meeting was not released",
}


def title(errand: Errand) -> str:
    return (_REFUSED if errand.state == "refused" else _TITLES)[ErrandKind(errand.kind)]


def nothing_done(errand: Errand) -> str:
    """What a refusal leaves behind."""
    kind = ErrandKind(errand.kind)
    if kind is ErrandKind.RELEASE and errand.taken > 1:  # a worker that died had paused it, and took with it why not
        return "Nothing was changed, but look whether the meeting is paused now: the release was interrupted."
    return "What you typed is kept." if kind in READING else "Nothing was changed."
