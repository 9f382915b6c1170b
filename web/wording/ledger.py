"""An entry of the ledger with what was before and what was after, as a table of words."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from governance.domain.ledger import Confidentiality, LedgerLine
from governance.services.ledger_page import Asked, LedgerPage
from web.wording.acts import deed_done
from web.wording.times import said


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that was recorded; `is_changed` where it was one thing before and is another after."""

    what: str
    before: str
    after: str

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


def act(word: str) -> str:
    """“Mandate recorded”: as it is chosen in the filter."""
    return word.replace("-", " ").capitalize()


def actor(word: str, names: Mapping[str, str]) -> str:
    """By their name; whoever has none any more is a person all the same."""
    if word.startswith("person:"):
        return names.get(word, _ACTORS["person"])
    return _ACTORS.get(word, word.replace("-", " ").capitalize())


def source(word: str) -> str:
    return _SOURCES.get(word, word.replace("-", " "))


def who(line: LedgerLine, names: Mapping[str, str]) -> str:
    """The person where the entry names one, else what acted."""
    by = line.after.get("by") if isinstance(line.after, Mapping) else None
    return f"{names.get(by, by)}" if isinstance(by, str) and by else actor(line.actor, names)


def readers(of: Confidentiality) -> str:
    return _READERS[of]


def differences(line: LedgerLine, names: Mapping[str, str]) -> list[Difference]:
    before, after = _flat(line.before), _flat(line.after)
    found = (
        Difference(_label(key), _value(before.get(key), names), _value(after.get(key), names))
        for key in dict.fromkeys([*before, *after])
    )
    return [one for one in found if (one.before, one.after) != (_NOTHING, _NOTHING)]


def empty(page: LedgerPage) -> str:
    if page.asked.is_narrowed:
        return "Nothing was recorded that fits. Take a filter away, or show everything."
    return "Nothing is recorded yet: whatever anybody changes appears here, with who, when and why."


def found(asked: Asked) -> str:
    """What the list is narrowed to, for a heading that is read aloud."""
    return "What was found" if asked.is_narrowed else "Newest entries"


def _flat(value: Any) -> dict[str, Any]:
    if value is None:
        return {}
    return dict(value) if isinstance(value, Mapping) else {"": value}


def _label(key: str) -> str:
    return _LABELS.get(key, key.replace("_", " ").capitalize())


def _value(value: Any, names: Mapping[str, str]) -> str:
    """Several things on a line each; what has no words yet is shown as it was recorded."""
    if value in (None, "", [], {}):
        return _NOTHING
    match value:
        case bool():
            return "yes" if value else "no"
        case str():
            return f"{names[value]} ({value})" if names.get(value, value) != value else said(value)
        case {"rule": rule, "kind": _, "target": _}:
            return f"{rule}: {deed_done(value, names)}"
        case {"rule": rule, "reason": reason}:
            return f"{rule}: {said(str(reason))}"
        case {"name": name, "email": email} if len(value) == 2:
            return f"{name} ({email})" if name and email else str(name or email or _NOTHING)
        case [str(scope), str(kind), str(target)] if kind in _KINDS:
            return deed_done({"kind": kind, "target": target, "scope": scope}, names)
        case list():
            return "\n".join(dict.fromkeys(_value(one, names).rstrip(".") for one in value))
        case dict():
            return ", ".join(f"{_label(key).lower()} {_value(one, names)}" for key, one in value.items())
        case int() | float():
            return str(value)
    return json.dumps(value, ensure_ascii=False)


_NOTHING = "–"

_KINDS = {"add-guest", "remove-guest", "require-guest", "clear-plus-ones", "set-flag", "restore-charter"}

_ACTORS = {"operator": "The operator", "person": "A person", "service": "The service", "somebody": "Somebody"}
_SOURCES = {
    "web": "on a page",
    "command": "at the command line",
    "roster-import": "with a roster file",
    "sign-in": "when signing in",
    "sync": "at a look at the calendar",
    "erasure": "by erasing",
}

_READERS = {
    Confidentiality.OPEN: "Everybody with a part in the meeting",
    Confidentiality.SEATS: "Chair, scribe and administrators",
    Confidentiality.PRIVATE: "The chair only",
}

_LABELS = {
    "": "What",
    "by": "By",
    "on": "Day",
    "limit_minor": "Limit, in the smallest unit",
    "held_keys": "Waiting for approval",
}


def left_out(
    given: Mapping[str, str], asked: Asked, acts: Collection[str], actors: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """What of the address was not understood, each with what to do: nothing is ignored without a word."""
    found = []
    if given.get("day") and not asked.day:
        found.append(("Enter the day as year, month and day, such as 2026-11-26.", "It was left out of the search."))
    if given.get("act") and asked.act not in acts:
        found.append(("Choose from the list what was done.", "Nothing of the kind is recorded here."))
    if given.get("actor") and asked.actor not in actors:
        found.append(("Choose from the list who acted.", "Nobody of that name has done anything here."))
    if given.get("below") and asked.below is None:
        found.append(
            ("Turn the pages with the links below the list.", "The address names no entry; the newest are shown.")
        )
    return tuple(found)
