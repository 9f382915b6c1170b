"""The words that the documented form of minutes knows: labels, headings and marks, all compared with case folded."""

from __future__ import annotations

import re
from enum import StrEnum

from governance.domain.department import tidy_name


class Meaning(StrEnum):
    """What a label or a heading is about."""

    MEMBERS = "members"
    APART = "apart"
    APOLOGY = "apology"
    ABSENT = "absent"
    LATE = "late"
    ROLES = "roles"
    ROLE = "role"
    DAY = "day"
    TITLE = "title"
    QUORUM = "quorum"
    DECISIONS = "decisions"
    ACTIONS = "actions"
    AGENDA = "agenda"
    PARKED = "parked"
    STANDING = "standing"
    ASIDE = "aside"


ATTENDANCE = frozenset({Meaning.MEMBERS, Meaning.APART, Meaning.APOLOGY, Meaning.ABSENT, Meaning.LATE})
PEOPLE = ATTENDANCE | {Meaning.ROLE}

_WORDS: dict[Meaning, tuple[str, ...]] = {
    Meaning.MEMBERS: (
        *("members", "present", "attendees", "attending", "participants", "in attendance", "attendance", "attended"),
        *("delegates", "representatives", "roll call", "here", "voting", "who was there"),
    ),
    Meaning.APART: (
        *("observers", "observer", "guests", "guest", "visitors", "visitor", "staff", "invited", "also present"),
        *("others", "others present", "other attendees", "also attending", "liaisons", "non-voting", "non-members"),
    ),
    Meaning.APOLOGY: (
        *("regrets", "apologies", "apologies for absence", "apologies received", "excused", "absent with apology"),
        *("absent with apologies", "sent regrets", "apology", "absent (excused)"),
    ),
    Meaning.ABSENT: ("absent", "absentees", "missing", "not present", "absent without apology", "unexcused"),
    Meaning.LATE: ("late", "arrived late", "joined late", "came late", "latecomers"),
    Meaning.ROLES: ("roles", "meeting roles", "roles today", "assign roles"),
    Meaning.ROLE: (
        *("facilitator", "chair", "chaired by", "chairperson", "moderator", "host", "timekeeper"),
        *("minutes", "minutes by", "minute taker", "minute-taker", "scribe", "note taker", "notetaker", "note-taker"),
        *("notes", "notes by", "secretary", "recorder", "acting chair"),
    ),
    Meaning.DAY: ("date", "day", "meeting date"),
    Meaning.TITLE: ("title", "meeting"),
    Meaning.QUORUM: ("quorum",),
    Meaning.DECISIONS: (
        *("decision", "decisions", "resolution", "resolutions", "decided", "resolved", "decisions made"),
        *("decisions taken", "conclusion", "conclusions"),
    ),
    Meaning.ACTIONS: ("action", "actions", "action item", "action items", "next steps", "tasks", "follow-ups"),
    Meaning.AGENDA: ("agenda", "agenda items", "items", "topics"),
    Meaning.STANDING: (
        *("check-in", "check in", "check-out", "check out", "welcome", "opening", "closing", "adjournment"),
        *("call to order", "introductions", "announcements", "consent to agenda", "consent to the agenda"),
        *("approval of agenda", "approval of the agenda", "approval of minutes", "approval of the minutes"),
        *("minutes of the last meeting", "any other business", "aob", "other business", "next meeting", "housekeeping"),
        *(
            "notes",
            "discussion",
            "summary",
            "call for clarifications",
            "question of the week",
            "contents",
            "table of contents",
        ),
    ),
    Meaning.ASIDE: (
        *("time", "start", "end", "duration", "location", "place", "venue", "room", "link", "links", "labels"),
        *("recording", "video", "expected time", "estimated time", "next meeting", "status", "goal", "champion"),
        *(
            "previous discussion",
            "reference",
            "see",
            "tags",
            "call",
            "time estimate",
            "timebox",
            "time box",
            "allotted time",
        ),
    ),
}
_BY_WORD = {word: meaning for meaning, words in _WORDS.items() for word in words if meaning is not Meaning.STANDING}
_STANDING = frozenset(_WORDS[Meaning.STANDING])
_OF_PEOPLE = frozenset({"members", "representatives", "delegates"})
_OF_OTHERS = frozenset(_WORDS[Meaning.APART])
_NOT_SITTING = ("non-", "non ", "former ", "ex-", "alternate ", "candidate ")
_PARKED = re.compile(
    r"didn.t get to|did not get to|not (?:discussed|addressed|reached)|deferred|postponed|parked|parking lot"
    r"|carried over|carry.?over|tabled|backlog|ran out of time|skipped"
)
_STANDING_START = re.compile(r"(?:announcements|approval of|approve the|consent to|call for|minutes of)\b")
NUMBER = re.compile(r"(?:item \d{1,3}[.):]? |\d{1,3}(?:\.\d{1,3})*[.):] )", re.IGNORECASE)
_COUNT = re.compile(r"\s*\(\d+(?: of \d+)?\)$")
_MARKUP = re.compile(r"(?<!\w)[*_`~]{1,3}(?=\S)|(?<=\S)[*_`~]{1,3}(?!\w)")
_LINK = re.compile(r"\[([^\]\[]*)\]\([^)\s\[\]]{0,2000}\)")


def folded(text: str) -> str:
    return tidy_name(text).casefold()


def plain(text: str) -> str:
    """Without the marks of emphasis at the ends of words, and links as their words."""
    return tidy_name(_MARKUP.sub("", _LINK.sub(r"\1", text)))


def meaning_of_label(label: str) -> Meaning | None:
    """What stands before a colon; None where the word is not known."""
    word = folded(_COUNT.sub("", plain(label).rstrip(":")))
    if known := _BY_WORD.get(word):
        return known
    last = word.rpartition(" ")[2]
    if word.startswith(("absent ", "missing ")) or last == "absent":
        return Meaning.ABSENT if _OF_PEOPLE & set(word.split()) else None
    if last in _OF_PEOPLE or last == "present":
        return Meaning.APART if word.startswith(_NOT_SITTING) or _OF_OTHERS & set(word.split()) else Meaning.MEMBERS
    return Meaning.APART if last in _OF_OTHERS else None


def meaning_of_heading(heading: str) -> Meaning | None:
    """What stands below it; None for an agenda item or a name that is not known."""
    word = folded(NUMBER.sub("", plain(heading), count=1).rstrip(":."))
    if _PARKED.search(word):
        return Meaning.PARKED
    if word in _STANDING or _STANDING_START.match(word):
        return Meaning.STANDING
    known = meaning_of_label(word)
    if known is Meaning.ROLE:
        return Meaning.STANDING
    return None if known in (Meaning.TITLE, Meaning.ASIDE, Meaning.DAY) else known


# --- marks of a decision and an action

MARK = re.compile(
    r"(?P<mark>decision|decided|decision made|resolved|resolution|agreed|consensus|conclusion|outcome"
    r"|motion (?:carried|passed|adopted|approved)|action(?: item)?)"
    r"(?: ?\((?P<who>[^)]{1,60})\))?"
    r"(?P<colon>:|,? that\b|,? to\b| –| -)",
    re.IGNORECASE,
)
STATED = re.compile(
    r"(?:it was|the [\w ]{1,40}?|we|all|everybody|everyone) (?:have |has |had )?(?:unanimously )?"
    r"(?:agreed|decided|resolved|voted)(?: unanimously)? (?:that|to|on)\b",
    re.IGNORECASE,
)
RECALLED = re.compile(r"(?:we|all|everybody|everyone)\b", re.IGNORECASE)
"""Within a text these tell of another day as often as of this one."""
CARRIED = re.compile(r"(?:the )?motion (?:was )?(?:carried|passed|adopted|approved)\b", re.IGNORECASE)

_ADOPTED = (
    r"(?:approved|adopted|accepted|agreed|consented|carried|passed|confirmed|ratified|endorsed"
    r"|cancell?ed|postponed)"
)
ASSENT = re.compile(
    r"\b(?:(?:hearing|seeing)\b[^.?!]{0,60}?|i (?:see|hear)\b[^.?!]{0,12}?)"
    r"\b(?:no (?:objections?|dissent|problems?|concerns?|disagreement)|none|nothing"
    r"|support|consensus|consent|thumbs|agreement|in favou?r)\b"
    r"|^\W*no objections?\b|\bwe have consensus\b|\bby consensus\b|\bby consent\b|\bunanimous(?:ly)?\b",
    re.IGNORECASE,
)
CONDITION = re.compile(
    r"\bwithout (?:any )?objections?\b|\bunless (?:there(?:'s| is| are) |anybody |anyone )object", re.IGNORECASE
)
HEARD = re.compile(r"\b(?:hearing|seeing|i see|i'm seeing|i hear)\b", re.IGNORECASE)
OUTCOME = re.compile(
    rf"\b(?:is|are|was|were|stands?)\b(?: \w+)? {_ADOPTED}\b"
    rf"|\b(?:agenda|minutes|motion|plan|proposal|budget)\b {_ADOPTED}\b"
    r"|\bwe(?:'re| are) (?:accepting|adopting|approving)\b|\bwe have consensus (?:for|on|to|that)\b",
    re.IGNORECASE,
)
UNSETTLED = re.compile(r"\b(?:if|unless|whether|not|can we|do we|would)\b|n't\b", re.IGNORECASE)
"""A sentence with one of these tells of no decision: it asks, makes a condition or denies."""
PROCEDURAL = re.compile(r"\b(?:agenda|minutes|order of (?:the )?meeting|adjourn\w*)\b", re.IGNORECASE)
PROMISE = re.compile(
    r"(?:^|[.!?] )(?:will do\b|i(?:'ll| will) (?:write|open|file|send|post|follow up|prepare|draft|check|ask|take"
    r"|create|share|document|schedule|reach out|review|update|propose|bring|put)\b)",
    re.IGNORECASE,
)
SKIPPED = re.compile(
    r"\W*(?:skipped|not discussed|deferred|postponed|tabled|moved to the next|no time|no updates?)\b", re.IGNORECASE
)
