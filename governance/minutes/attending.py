"""Lists and tables of who was there, as values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from governance.domain.department import tidy_name
from governance.minutes.names import Entry, entries_of, is_name
from governance.minutes.phrases import Meaning, folded
from governance.minutes.sheet import Sheet
from governance.minutes.values import Listed, Place, Presence

_OF_MEANING = {Meaning.APOLOGY: Presence.APOLOGY, Meaning.ABSENT: Presence.ABSENT, Meaning.LATE: Presence.LATE}

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "name": ("name", "member", "person", "delegate", "who", "attendee", "participant", "representative"),
    "department": ("department", "team", "dept", "seat", "organisation", "organization", "company"),
    "state": ("state", "attendance", "status", "present", "presence", "attended"),
    "sits_for": ("sits_for", "sits for", "substitute for", "for", "on behalf of", "deputy for"),
    "substitute": ("substitute", "deputy", "represented by", "stand-in"),
    "mandate": ("mandate",),
    "day": ("day", "date"),
    "meeting": ("meeting", "title"),
    "kind": ("kind", "type"),
    "text": ("text", "decision", "action", "item", "topic", "what"),
    "owner": ("owner", "responsible", "assignee"),
    "due": ("due", "deadline", "by", "due date"),
}
_COLUMN = {word: column for column, words in COLUMNS.items() for word in words}

_STATES: Mapping[str, tuple[Presence, bool]] = {
    **dict.fromkeys(("present", "yes", "y", "x", "✓", "✔", "p", "attended", "here"), (Presence.PRESENT, False)),
    **dict.fromkeys(("observer", "guest", "visitor", "apart"), (Presence.PRESENT, True)),
    **dict.fromkeys(("absent", "no", "n", "missing", "a"), (Presence.ABSENT, False)),
    **dict.fromkeys(
        ("apology", "apologies", "regrets", "regret", "excused", "absent with apology", "r"), (Presence.APOLOGY, False)
    ),
}
_LATE = re.compile(r"late(?:,? (?:by )?(?P<minutes>\d{1,3})(?: ?min(?:utes?|\.)?)?)?$")


def column_of(head: str) -> str | None:
    return _COLUMN.get(folded(head.strip("*_` ")))


def listed_of(
    text: str, meaning: Meaning, place: Place, sheet: Sheet, *, group: str | None = None, department: str | None = None
) -> Iterator[Listed]:
    """The people of one list; what is no name is left on the sheet."""
    for entry in entries_of(text):
        for part in entry.unread:
            sheet.leave(place.line, part, why_not(entry, part))
        if entry.name is None:
            continue
        for doubt in entry.doubts:
            sheet.doubt(place.line, entry.name, doubt)
        yield Listed(
            place=place,
            name=entry.name,
            presence=_presence(entry, meaning),
            is_apart=meaning is Meaning.APART,
            group=group,
            department=entry.department or department,
            sits_for=entry.sits_for,
            states_mandate=entry.states_mandate,
            late_minutes=entry.late_minutes,
            also=tuple(entry.also),
        )


def why_not(entry: Entry, part: str) -> str:
    if entry.name is None:
        return "no name"
    return f"what this says of {entry.name} is not known" if part.startswith("(") else f"not known beside {entry.name}"


def _presence(entry: Entry, meaning: Meaning) -> Presence:
    if entry.is_absent:
        return Presence.ABSENT
    if entry.has_apology:
        return Presence.APOLOGY
    return Presence.LATE if entry.is_late else _OF_MEANING.get(meaning, Presence.PRESENT)


def listed_of_row(cells: Mapping[str, str], place: Place) -> Sequence[Listed] | str:
    """One row of a table: the person, and who came instead; or why it cannot be read."""
    name = tidy_name(cells.get("name", ""))
    if not is_name(name):
        return "no name" if name else "a row without a name"
    state = state_of(cells.get("state", "present" if "state" not in cells else ""))
    if state is None:
        return f"“{cells.get('state', '')}” is no attendance that is known"
    presence, is_apart, minutes = state
    department = tidy_name(cells.get("department", "")) or None
    own = Listed(
        place=place,
        name=name,
        presence=presence,
        is_apart=is_apart,
        department=department,
        sits_for=tidy_name(cells.get("sits_for", "")) or None,
        states_mandate=bool(cells.get("mandate", "").strip(" -–")),
        late_minutes=minutes,
    )
    substitute = tidy_name(cells.get("substitute", "")).strip("-–")
    if not substitute:
        return [own]
    if not is_name(substitute):
        return f"“{substitute}” is no name"
    return [
        own,
        Listed(place=place, name=substitute, department=department, sits_for=name, states_mandate=own.states_mandate),
    ]


def state_of(text: str) -> tuple[Presence, bool, int | None] | None:
    """Presence, whether without a seat, and minutes late."""
    word = folded(text.strip("*_` "))
    if late := _LATE.fullmatch(word):
        return Presence.LATE, False, int(late["minutes"]) if late["minutes"] else None
    known = _STATES.get(word)
    return (*known, None) if known else None
