"""Names in an attendance list: how a list is cut into names, and what an entry says beside the name.

An entry that is not surely a name is left over, to be listed. `sept`, `8 others` and a sentence are no names; a handle
and a first name alone are, and stay what they are: whose they are is not asked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from governance.domain.department import tidy_name
from governance.minutes.phrases import folded, plain

_NOBODY = frozenset(
    {"", "-", "–", "—", "none", "nobody", "n/a", "no one", "nil", "(none)", "no apologies", "no regrets"}
)
_NO_NAME = frozenset(
    {"all", "everyone", "everybody", "others", "et al", "tbd", "tba", "various", "quorum", "team", "etc", "unknown"}
    | {"other", "more", "people", "guests", "members", "observers", "some", "several", "nobody else", "same", "ditto"}
)
_WORD = re.compile(r"@?[^\W\d_](?:[\w.'’-]*[\w.'’])?\.?$")
_LONGEST_NAME, _MOST_WORDS = 80, 5
_TITLES = frozenset({"dr", "mr", "mrs", "ms", "prof", "st", "jr", "sr", "mx", "ing", "mag", "dipl", "van", "de"})
_PARTICLES = frozenset(
    {"de", "da", "di", "del", "der", "den", "dos", "du", "la", "le", "van", "von", "zu", "bin", "ibn", "y"}
)
_STOP = re.compile(r"(?<=[\w)])\.\s+(?=[^\W\d_])")
_ADDRESS = re.compile(r"\s*<([^<>\s@]+@[^<>\s@]+)>")
_LAST_NOTE = re.compile(r"[(\[]([^()\[\]]*)[)\]][ .*_]*$")
_DASH = re.compile(r"\s+[–—-]\s+(?=\S)")
_SUBSTITUTE = re.compile(
    r"(?P<verb>filling in for|standing in for|stands? in for|sitting in for|sits for|substituting for|substitute for"
    r"|on behalf of|in place of|instead of|deputy for|deputising for|deputizing for|proxy for|alternate for"
    r"|representing|covering for|replacing|for)\s+(?:the\s+)?(?P<whom>.+)$",
    re.IGNORECASE,
)
_VERBS = (
    r"(?:filling in|standing in|sitting in|stands? in|substituting|substitute|deputy|deputi[sz]ing|proxy|alternate"
    r"|covering) for\b|(?:on behalf|in place) of\b|representing\b"
)
_JOINED = re.compile(rf",\s*(?={_VERBS})", re.IGNORECASE)
"""`Ann, filling in for Bob` is one entry."""
_IN_LINE = re.compile(rf"(?<=\S)\s+(?=(?i:{_VERBS})|for (?:the )?[A-Z])")
_SEPARATOR = re.compile(r"\s*[,;]\s*(?:(?:and|&)\s+)?|\s+(?:and|&|\+)\s+", re.IGNORECASE)
_MANDATE = re.compile(
    r"[;,]?\s*(?:with (?:a |full )?(?:mandate|authority|powers?)\b.*|mandate:? .*|empowered\b.*|may decide\b.*)$",
    re.IGNORECASE,
)
_LATE = re.compile(
    r"(?:(?:arrived|joined|came) )?late\b(?: by)?,?\s*(?:(?P<minutes>\d{1,3}) ?min(?:ute)?s?\.?)?$", re.I
)
_ALSO = re.compile(
    r"(?:aka|a\.k\.a\.|also known as|also|formerly|née|alias)\s+(?P<other>.+)$|(?P<handle>@[\w.-]+)$", re.I
)
_CALLED = re.compile(
    r"(?:remote(?:ly)?|online|by phone|phone|virtual(?:ly)?|in person|video|dial-in|voting|non-voting"
    r"|chair|vice[- ]chair|co-chair|facilitator|scribe|secretary|minutes|notes|host|moderator|new|first time)$",
    re.IGNORECASE,
)
_APOLOGY = re.compile(r"(?:regrets|apologies|excused|with apology|absent with apology)$", re.IGNORECASE)
_ABSENT = re.compile(r"(?:absent|not present|missing)$", re.IGNORECASE)


@dataclass(slots=True)
class Entry:
    """One part of a list. `unread` is what of it was not understood, `doubts` what was read and may be wrong."""

    name: str | None
    department: str | None = None
    sits_for: str | None = None
    states_mandate: bool = False
    is_late: bool = False
    late_minutes: int | None = None
    has_apology: bool = False
    is_absent: bool = False
    also: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def entries_of(text: str) -> Iterator[Entry]:
    """The entries of a list of names, parted by commas, semicolons, `and` or a lost comma's full stop."""
    for part in _cut(_JOINED.sub(" ", tidy_name(text)), _SEPARATOR):
        for number, piece in enumerate(_at_stops(part)):
            if folded(piece.strip(" .*_")) in _NOBODY:
                continue
            entry = _entry(piece)
            if number:
                entry.doubts.append("a full stop stands where a comma would: read as two people")
            yield entry


def is_name(text: str) -> bool:
    words = text.split()
    return (
        0 < len(words) <= _MOST_WORDS
        and len(text) <= _LONGEST_NAME
        and all(_WORD.match(word) for word in words)
        and not {folded(text).strip("."), words[0].casefold(), words[-1].casefold().strip(".")} & _NO_NAME
        and _is_capitalised([word for word in words if word.casefold() not in _PARTICLES])
    )


def _is_capitalised(words: list[str]) -> bool:
    """`tshepang mbambo` and `von Neumann` may be names; `See below` and `lots of people` are none."""
    capital = [not word.lstrip("@")[:1].islower() for word in words]
    return len(words) < 2 or all(capital) or (len(words) == 2 and not capital[0])


def _cut(text: str, separator: re.Pattern[str]) -> Iterator[str]:
    """At every separator that stands outside of brackets."""
    start = 0
    for found in separator.finditer(_masked(text)):
        yield text[start : found.start()].strip()
        start = found.end()
    yield text[start:].strip()


def _masked(text: str) -> str:
    """As long as the text, with whatever stands in brackets made unreadable."""
    depth, letters = 0, []
    for letter in text:
        depth += letter in "([<"
        letters.append("x" if depth else letter)
        depth = max(0, depth - (letter in ")]>"))
    return "".join(letters)


def _at_stops(part: str) -> list[str]:
    """`Ann Adler. Bob Berg` are two, `Dr. Adler` and `J. Berg` are one."""
    masked, pieces, start = _masked(part), [], 0
    for stop in _STOP.finditer(masked):
        before = masked[start : stop.start()].split()
        if before and (len(before[-1]) < 3 or before[-1].casefold() in _TITLES):
            continue
        pieces.append(part[start : stop.start()].strip())
        start = stop.end()
    return [*pieces, part[start:].strip()]


def _entry(piece: str) -> Entry:
    bare, notes, addresses = _take_notes(piece)
    entry = Entry(None, also=addresses)
    if found := _IN_LINE.search(bare):
        notes.insert(0, bare[found.end() :])
        bare = bare[: found.start()]
    name = _bare_name(bare)
    if not is_name(name):
        # What a note says of somebody whose name cannot be read is not understood either.
        return Entry(None, unread=[piece])
    entry.name = name
    for note in notes:
        _read_note(note, entry)
    return entry


def _take_notes(piece: str) -> tuple[str, list[str], list[str]]:
    """The text before the brackets, what stands in them, and addresses in angle brackets.

    Words behind a bracket stay where they are, which makes it no name: they are somebody else's.
    """
    addresses = _ADDRESS.findall(piece)
    rest = _ADDRESS.sub("", piece).strip()
    bare, notes = rest, list[str]()
    while closing := _LAST_NOTE.search(bare):
        notes.insert(0, tidy_name(closing[1]))
        bare = bare[: closing.start()].rstrip(" .*_")
    if dash := _DASH.search(bare):
        notes.insert(0, bare[dash.end() :])
        bare = bare[: dash.start()]
    return bare, [note for note in notes if note], addresses


def _bare_name(text: str) -> str:
    """Without emphasis around it and a stop behind it, which ends the list and not an initial."""
    name = tidy_name(plain(text))
    last = name.split()[-1] if name else ""
    return name[:-1] if name.endswith(".") and len(last) > 2 and last[:-1].casefold() not in _TITLES else name


def _read_note(note: str, entry: Entry) -> None:
    if mandate := _MANDATE.search(note):
        entry.states_mandate = True
        note = note[: mandate.start()].strip(" ,;")
    for part in re.split(r"\s*[,;]\s*", note):
        if part:
            _read_part(part, entry)


def _read_part(note: str, entry: Entry) -> None:
    if late := _LATE.match(note):
        entry.is_late = True
        entry.late_minutes = int(late["minutes"]) if late["minutes"] else None
    elif also := _ALSO.match(note):
        entry.also.append(tidy_name(also["other"] or also["handle"]))
    elif _APOLOGY.match(note):
        entry.has_apology = True
    elif _ABSENT.match(note):
        entry.is_absent = True
    elif _CALLED.match(note):
        pass
    elif (substitute := _SUBSTITUTE.match(note)) and _is_somebody(substitute):
        entry.sits_for = substitute["whom"].strip(" .,;")
    elif is_department(note):
        entry.department = note
    else:
        entry.unread.append(f"({note})")


def _is_somebody(substitute: re.Match[str]) -> bool:
    """`for the first half` names nobody; `filling in for oli` does."""
    whom = substitute["whom"].strip(" .,;")
    return is_name(whom) if substitute["verb"].casefold() != "for" else whom[:1].isupper()


def is_department(note: str) -> bool:
    """A word or a few, beginning with a capital: what people put in brackets behind a name."""
    words = note.split()
    return 0 < len(words) <= 5 and note[0].isupper() and all(re.fullmatch(r"[\w&/.'’-]+", word) for word in words)
