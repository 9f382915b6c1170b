"""Marks of decisions and actions inside a text: what is a mark, and who and when stand beside it.

A text is a line or a wrapped paragraph. Three forms of decision are known: a mark with its text (`Decision: …`), a
sentence of the minute taker that states one (`It was agreed that …`), and a sentence of consent that says both that
nobody objects and what is thereby approved. Half of the last is not a decision: it is listed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from governance.minutes import phrases
from governance.minutes.days import first_day
from governance.minutes.names import is_name
from governance.minutes.phrases import folded, plain
from governance.minutes.values import Form

_SPEAKER = re.compile(r"(?P<who>@?\w[\w.'’-]*(?: [\w.'’-]+){0,3})(?: \([^)]{1,40}\))?: (?P<said>.*)$", re.DOTALL)
_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_OWNER = re.compile(
    r"\b(?:owner|responsible|assignee)\b:? (?P<who>@?[^,;()\[\]|:]{1,60}?)(?=[,;()\[\]|]|\. |\.?$| (?:by|due|until)\b)",
    re.I,
)
_HANDLE = re.compile(r"(?<![\w/.])@(?P<who>[\w][\w.-]{0,40}[\w]|\w)(?!@)")
_DUE = re.compile(r"\b(?:by|due|due on|due by|until|deadline)\b:? (?P<rest>.{1,40})", re.IGNORECASE | re.DOTALL)
_REVIEW = re.compile(r"\breview(?:ed)?(?: on| by)?:? (?P<rest>.{1,40})", re.IGNORECASE | re.DOTALL)
_DOER = re.compile(r"(?P<who>@?\w[\w.'’-]*(?: [\w.'’-]+){0,3}?) (?:to|will) (?P<what>.+)$", re.DOTALL)
_NO_QUORUM = re.compile(
    r"\b(?:no quorum|without (?:a )?quorum|quorum (?:was|is) not (?:reached|met|present)|inquorate)\b", re.I
)
_DAY_FIRST = re.compile(
    r"(?:on |the )?(?:\d{4}-|\d{1,2}(?:st|nd|rd|th)? [a-z]{3}|[a-z]{3,9}\.? \d{1,2}(?:st|nd|rd|th)?,? \d{4})", re.I
)


@dataclass(frozen=True, slots=True)
class Found:
    """`form` is None for an action. `who` stood in brackets behind the mark."""

    text: str
    form: Form | None
    who: str | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """What sounds like a decision or a promise and is in no form that is read."""

    text: str
    why: str


def marks_in(text: str) -> Iterator[Found | Near]:
    """Everything that the text marks, and what it nearly does."""
    bare = plain(text)
    spoken = _SPEAKER.match(bare)
    said = spoken["said"] if spoken and not phrases.MARK.match(bare) else None
    is_spoken = said is not None
    sentences = _SENTENCE.split(said if said is not None else bare)
    if marked := _marked(" ".join(sentences), is_spoken=is_spoken):
        yield marked
        return
    stated = [] if is_spoken else list(_stated(sentences))
    yield from stated or _consents(sentences)
    if is_spoken and not stated and phrases.PROMISE.search(" ".join(sentences)):
        yield Near(_sentence_of(sentences), "sounds like a promise, and is not written as an action")


def _marked(text: str, *, is_spoken: bool) -> Found | Near | None:
    mark = phrases.MARK.match(text.lstrip("(*_ "))
    if not mark:
        return None
    word, joint = mark["mark"].casefold(), mark["colon"].strip(" ,").casefold()
    if joint in ("that", "to") and (is_spoken or word not in ("decided", "resolved", "agreed")):
        return None
    if joint in ("–", "-") and (is_spoken or word not in ("decision", "action", "action item")):
        return None
    rest = text.lstrip("(*_ ")[mark.end() :].strip()
    if not rest.strip("-–. "):
        return Near(text, "a mark without a text")
    whole = rest if joint not in ("that", "to") else text
    return Found(whole, None if word.startswith("action") else Form.MARKED, mark["who"])


def _stated(sentences: Sequence[str]) -> Iterator[Found | Near]:
    """Sentences that state or mark a decision, wherever in a text of the minute taker."""
    for number, sentence in enumerate(sentences):
        if sentence.rstrip(" )").endswith("?"):
            continue
        if phrases.CARRIED.match(sentence):
            # What was moved stands before it.
            yield Found(" ".join(sentences[max(0, number - 1) : number + 1]), Form.STATED)
        elif phrases.STATED.match(sentence) and (number == 0 or not phrases.RECALLED.match(sentence)):
            yield Found(" ".join(sentences) if number == 0 else sentence, Form.STATED)
            if number == 0:
                return
        elif number and (marked := _marked(sentence, is_spoken=True)):
            yield marked


def _consents(given: Sequence[str]) -> Iterator[Found | Near]:
    sentences = [sentence.strip("()") for sentence in given]
    taken = -1
    for number, sentence in enumerate(sentences):
        if phrases.CONDITION.search(sentence) and not sentence.endswith("?"):
            yield Near(sentence, "consent on a condition, and not said whether anybody objected")
            continue
        if number <= taken or not phrases.ASSENT.search(sentence) or _is_open(sentence):
            continue
        if phrases.OUTCOME.search(sentence):
            yield Found(sentence, Form.CONSENT)
            continue
        following = sentences[number + 1] if number + 1 < len(sentences) else ""
        if phrases.OUTCOME.search(following) and not _is_open(following):
            taken = number + 1
            yield Found(f"{sentence} {following}", Form.CONSENT)
        elif phrases.HEARD.search(sentence):
            yield Near(sentence, "sounds like consent, and does not say to what")


def _sentence_of(sentences: Sequence[str]) -> str:
    """The first that promises."""
    return next((one for one in sentences if phrases.PROMISE.match(one)), " ".join(sentences))


def _is_open(sentence: str) -> bool:
    return sentence.rstrip(" )").endswith("?") or bool(phrases.UNSETTLED.search(sentence))


def owner_in(text: str) -> str | None:
    """Whom the text names as the owner, spelled as it is there."""
    named = _OWNER.search(text)
    if named and is_name(named["who"].strip(" .*_")):
        return named["who"].strip(" .*_")
    handle = _HANDLE.search(text)
    return f"@{handle['who']}" if handle else None


def doer_in(text: str, known: frozenset[str]) -> str | None:
    """`Ann Adler to write …`: only somebody whom the same minutes list, because anything may stand before a `to`."""
    found = _DOER.match(text)
    return found["who"] if found and folded(found["who"]) in known else None


def due_in(text: str) -> date | None:
    return _day_behind(_DUE, text)


def review_in(text: str) -> date | None:
    return _day_behind(_REVIEW, text)


def denies_quorum(text: str) -> bool:
    return bool(_NO_QUORUM.search(text)) and "?" not in text and not _SPEAKER.match(plain(text))


def _day_behind(form: re.Pattern[str], text: str) -> date | None:
    """The day that stands directly behind the word."""
    for found in form.finditer(text):
        if _DAY_FIRST.match(found["rest"]) and (day := first_day(found["rest"])):
            return day
    return None
