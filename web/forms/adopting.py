"""What an administrator typed on the pages of an adoption: what it means, and every fault at once.

form → Read(decided, text, faults)        nothing typed is ever lost
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from governance.domain.errors import GovernanceError
from governance.domain.first_roster import VACANT, Candidate, Fate, Grouped
from governance.domain.people import checked_address
from governance.services.adoption import SLUG
from governance.services.mandates import LONGEST_SCOPE
from governance.services.seats import LARGEST_CAP
from web.forms.fields import LONGEST_LINE, without_control_characters


@dataclass(frozen=True, slots=True)
class Fault:
    """`anchor` is the id of the field, `label` how it is called there."""

    anchor: str
    label: str
    text: str


@dataclass(slots=True)
class Read:
    """`decided` is for the draft, `faults` by the name of the field."""

    decided: dict[str, Any] = field(default_factory=dict)
    faults: dict[str, Fault] = field(default_factory=dict)

    def blame(self, name: str, anchor: str, label: str, text: str) -> None:
        self.faults[name] = Fault(anchor, label, text)


def read_calendar(form: Mapping[str, str]) -> Read:
    read = Read()
    calendar, subject = _line(form, "calendar"), _line(form, "subject")
    read.decided = {"calendar": calendar, "subject": subject or None}
    if not calendar or len(calendar) > LONGEST_LINE:
        read.blame("calendar", "calendar", "Calendar", "Enter an address, a calendar’s id, or primary")
    if subject:
        _judge(read, "subject", "subject", "Act as", lambda: checked_address(subject))
    return read


def read_meeting(form: Mapping[str, str], *, is_taken: Callable[[str], bool]) -> Read:
    read = Read()
    slug, chair = _line(form, "slug"), _line(form, "chair").casefold()
    read.decided = {"slug": slug, "chair": chair}
    if not SLUG.fullmatch(slug):
        read.blame("slug", "slug", "Short name", "Choose 2 to 40 letters a to z, digits and hyphens")
    elif is_taken(slug):
        read.blame("slug", "slug", "Short name", f"Choose another one: {slug} is the name of another meeting")
    _judge(read, "chair", "chair", "Chair", lambda: checked_address(chair))
    return read


def read_departments(form: Mapping[str, str], candidates: Iterable[Candidate]) -> Read:
    read, entered = Read(), {}
    for number, one in enumerate(candidates):
        if not one.may_sit:
            continue
        name = f"department:{one.address}"
        entered[one.address] = _line(form, name)
        if len(entered[one.address]) > LONGEST_LINE:
            read.blame(name, f"of-{number}", str(one), f"Shorten this to {LONGEST_LINE} characters")
    read.decided = {"departments": entered}
    if not any(entered.values()):
        read.blame("", "departments-title", "Departments", "Enter the department of at least one guest")
    return read


def read_seats(form: Mapping[str, str], groups: Iterable[Grouped]) -> Read:
    """Delegates, what becomes of the others, sponsors, mandates in words, and the cap that all of it has to fit."""
    read = Read()
    delegates: dict[str, str] = {}
    fates: dict[str, str] = {}
    sponsors: dict[str, str] = {}
    scopes: dict[str, str] = {}
    for number, one in enumerate(groups):
        chosen = form.get(f"delegate:{one.key}", "")
        delegates[one.key] = chosen
        if chosen != VACANT and chosen not in {person.address for person in one.people}:
            anchor = f"delegate-{number}-0"
            read.blame(f"delegate:{one.key}", anchor, one.department, "Choose one delegate, or nobody yet")
        for person in one.people:
            fate = form.get(f"fate:{person.address}", Fate.WAITING.value)
            fates[person.address] = fate if fate in set(Fate) else Fate.WAITING.value
        sponsors[one.key] = sponsor = _line(form, f"sponsor:{one.key}").casefold()
        if sponsor:
            label = f"Sponsor of {one.department}"
            _judge(read, f"sponsor:{one.key}", f"sponsor-{number}", label, lambda it=sponsor: checked_address(it))  # type: ignore[misc]
        scopes[one.key] = scope = without_control_characters(form.get(f"scope:{one.key}", "")).strip()
        if len(scope) > LONGEST_SCOPE:
            text = f"Shorten this to {LONGEST_SCOPE} characters"
            read.blame(f"scope:{one.key}", f"scope-{number}", f"What {one.department} may decide", text)
        elif not scope and sponsor and sponsor == chosen:
            text = "Say what they may decide: nobody else can be asked for it"
            read.blame(f"scope:{one.key}", f"scope-{number}", f"What {one.department} may decide", text)
    read.decided = {"delegates": delegates, "fates": fates, "sponsors": sponsors, "scopes": scopes}
    _read_cap(read, _line(form, "cap"), held=sum(1 for one in delegates.values() if one not in ("", VACANT)))
    return read


_BY_NAME = {
    "department": "departments",
    "delegate": "delegates",
    "fate": "fates",
    "sponsor": "sponsors",
    "scope": "scopes",
}


def as_typed(form: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """What stands in the fields, to be kept where the guests are not at hand to judge it by.

    Each step that is sent again judges all of it; the cap is left out, so that the step of the seats has to be.
    """
    found: dict[str, dict[str, str]] = {}
    for name, typed in form.items():
        what, _, whose = name.partition(":")
        if what in _BY_NAME and whose:
            found.setdefault(_BY_NAME[what], {})[whose] = without_control_characters(typed)[:LONGEST_SCOPE]
    return found


def _read_cap(read: Read, typed: str, *, held: int) -> None:
    cap = int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= 4 else 0
    read.decided["cap"] = cap or typed
    if not 1 <= cap <= LARGEST_CAP:
        read.blame("cap", "cap", "At most this many seats", f"Enter a whole number from 1 to {LARGEST_CAP}")
    elif held > cap:
        text = f"Choose at least {held}, or leave {held - cap} of the {held} departments with nobody yet"
        read.blame("cap", "cap", "At most this many seats", text)


def _judge(read: Read, name: str, anchor: str, label: str, judged: Callable[[], object]) -> None:
    try:
        judged()
    except GovernanceError as error:
        read.blame(name, anchor, label, str(error))


def _line(form: Mapping[str, str], name: str) -> str:
    return " ".join(without_control_characters(form.get(name, "")).split())
