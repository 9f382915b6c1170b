"""Which mails there are. A kind's code is stable: it lies in the outbox and in people's preferences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Topic(StrEnum):
    """What a reader may mute, for one meeting."""

    REPAIRS = "repairs"
    REMINDERS = "reminders"
    APPLICATIONS = "applications"
    SUMMARIES = "summaries"


@dataclass(frozen=True, slots=True)
class Kind:
    """`topic` is None for a mail that one cannot mute; an `urgent` one is sent before all others."""

    code: str
    about: str
    topic: Topic | None = None
    is_urgent: bool = False
    is_of_site: bool = False


_ALL = (
    Kind("sign-in", "somebody asked to sign in with this address", is_urgent=True, is_of_site=True),
    Kind("removed", "you were taken off the invitation"),
    Kind("removed-outsider", "you were taken off an invitation, in two neutral lines"),
    Kind("removals", "somebody was taken off the invitation of a meeting you lead", Topic.REPAIRS),
    Kind("held", "changes wait for your decision"),
    Kind("seat", "you have a seat"),
    Kind("mandate-requested", "your delegate needs your word on what they may decide"),
    Kind("mandate-confirmed", "your sponsor has said what you may decide"),
    Kind("mandate-declined", "a mandate was declined"),
    Kind("mandate-withdrawn", "a mandate was withdrawn"),
    Kind("mandate-ending", "a mandate ends soon", Topic.REMINDERS),
    Kind("declined", "you declined, and nobody sits for you", Topic.REMINDERS),
    Kind("declined-sponsor", "your delegate declined, and nobody sits for them", Topic.REMINDERS),
    Kind("deputy-asked", "a deputy would sit for your department, but has no mandate"),
    Kind("contested", "somebody keeps undoing what the roster says"),
    Kind("application", "somebody asks for a seat", Topic.APPLICATIONS),
    Kind("offer", "a seat is offered to you"),
    Kind("offer-over", "an offer of a seat is over"),
    Kind("application-declined", "you are taken off a waiting list"),
    Kind("note", "a colleague left you a note for the meeting"),
    Kind("seat-at-risk", "a seat is at the limit of its charter, or beyond it"),
    Kind("promise-due", "what you promised is due, or late", Topic.REMINDERS),
    Kind("promise-late", "a promise of your department is late", Topic.REMINDERS),
    Kind("promise-asked", "somebody asks about your promise"),
    Kind("promise-answered", "your question about a promise is answered", Topic.REMINDERS),
    Kind("position-entered", "your position on a decision was entered for you"),
    Kind("ratification-asked", "a decision goes beyond a mandate and waits for the sponsor"),
    Kind("ratification-answered", "the sponsor has answered about a decision"),
    Kind("commitment-asked", "a decision was made while you were away"),
    Kind("decision-closed", "a decision was closed while you were away"),
    Kind("summary", "what your meeting came to", Topic.SUMMARIES),
    Kind("summaries", "what your meetings came to", Topic.SUMMARIES, is_of_site=True),
    Kind("brief", "what a meeting decided, for senior leadership", Topic.SUMMARIES),
    Kind("brief-asked", "a seat asks you to change what goes to leadership"),
    Kind("brief-changed", "what goes to leadership reads otherwise now", Topic.SUMMARIES),
    Kind("sponsor-week", "what was decided that concerns your department", Topic.SUMMARIES, is_of_site=True),
    Kind("undeliverable", "an address of your meeting cannot be written to"),
    Kind("attention", "the service needs attention", is_urgent=True, is_of_site=True),
)

KINDS: Mapping[str, Kind] = {kind.code: kind for kind in _ALL}
