"""The rules of the meeting: stable codes, one line each, and the mode a meeting starts with.

A rule gives findings and never throws; all rules run. `off`: silent. `observe`: shown, and whoever the
remedy names is told. `enforce`: also written to the calendar, or refused at closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mode(StrEnum):
    OFF = "off"
    OBSERVE = "observe"
    ENFORCE = "enforce"


@dataclass(frozen=True, slots=True)
class Rule:
    code: str
    name: str
    says: str
    remedy: str
    default: Mode


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule remarks; `event` and `email` are None where it is about neither.

    `occurrence` is the original start (UTC) where the finding is about one occurrence only.
    """

    rule: str
    reason: str
    event: str | None = None
    occurrence: datetime | None = None
    email: str | None = None

    def order(self) -> tuple[str, str, str, str, str]:
        when = self.occurrence.isoformat() if self.occurrence else ""
        return (self.rule, when, self.email or "", self.event or "", self.reason)


_ENFORCE, _OBSERVE = Mode.ENFORCE, Mode.OBSERVE

_TABLE = (
    Rule("I01", "uninvited", "A guest is not entitled to the meeting.", "is taken off", _ENFORCE),
    Rule("I02", "second", "A second person of a department whose seat is filled.", "is taken off", _ENFORCE),
    Rule("I03", "no-mandate", "Somebody sits without a mandate in force.", "is not added; asks the sponsor", _ENFORCE),
    Rule("I04", "over-cap", "More seats are held than the cap allows.", "the chair chooses", _OBSERVE),
    Rule("I05", "missing", "Somebody entitled is not on the event.", "is added as required", _ENFORCE),
    Rule("I06", "optional", "Somebody entitled is marked optional.", "is made required", _ENFORCE),
    Rule("I07", "plus-ones", "A guest brings people without an address.", "is set to none", _ENFORCE),
    Rule("I08", "group", "A mailing list or group is a guest.", "is taken off", _ENFORCE),
    Rule("I09", "may-invite", "Guests may invite others.", "is switched off", _ENFORCE),
    Rule("I10", "may-modify", "Guests may change the event.", "is switched off", _ENFORCE),
    Rule("I11", "charter", "Our part of the description differs.", "is put back", _ENFORCE),
    Rule("I12", "moved", "The occurrence or the series was moved, cancelled or lost.", "is reported", _OBSERVE),
    Rule("I13", "declined", "A delegate declined and nobody stands in.", "asks delegate, then sponsor", _OBSERVE),
    Rule("I14", "unknown-guests", "Google left guests out of its answer.", "nothing is written", _OBSERVE),
    Rule("I15", "contested", "The same change was undone three times in a day.", "one try an hour", _OBSERVE),
    Rule("M01", "mandate-missing", "A holder has no mandate.", "tells the sponsor", _OBSERVE),
    Rule("M02", "mandate-ending", "A mandate ends soon.", "tells the sponsor", _OBSERVE),
    Rule("M03", "mandate-ended", "A mandate has ended.", "tells the sponsor", _OBSERVE),
    Rule("M04", "deputy-without-mandate", "A deputy has no mandate.", "tells the sponsor", _OBSERVE),
    Rule("M05", "one-person", "Two holders were found to be one person.", "the chair decides", _OBSERVE),
    Rule("M06", "vacant", "A seat is vacant.", "tells the sponsor", _OBSERVE),
    Rule("A01", "late", "Somebody arrived after the grace.", "owes the question of the week", _OBSERVE),
    Rule("A02", "absent", "A seat was absent without apology.", "is counted", _OBSERVE),
    Rule("A03", "beyond-limit", "A seat is beyond the charter's limit.", "seat at risk", _OBSERVE),
    Rule("D01", "no-quorum", "Too few empowered seats are present.", "cannot close", _ENFORCE),
    Rule("D02", "too-few-options", "Too few options and no reason why.", "cannot close", _ENFORCE),
    Rule("D03", "silent-seat", "A seat was not heard.", "the chair closes with the seat named", _ENFORCE),
    Rule("D04", "outside-mandate", "The decision is beyond a seat's mandate.", "cannot close", _ENFORCE),
    Rule("D05", "checklist", "The closing checklist is incomplete.", "cannot close", _ENFORCE),
    Rule("D06", "commitment-missing", "A seat has not committed.", "the chair closes with the seat named", _ENFORCE),
    Rule("D07", "objection-unanswered", "An objection has no answer.", "cannot close", _ENFORCE),
    Rule("D08", "review-overdue", "A decision's review is overdue.", "returns to the agenda", _ENFORCE),
)

RULES: Mapping[str, Rule] = {rule.code: rule for rule in _TABLE}

AT_WORK = frozenset("IM")
"""Rules by the letter of their code that look at invitation and roster: the page of the rules has these."""

REMOVAL_PRECEDENCE = ("I08", "I02", "I03", "I01")
"""A removal carries one rule: of several, the first of these (design, §3)."""


@dataclass(frozen=True, slots=True)
class Modes:
    """The modes of one meeting: its own settings over the defaults."""

    own: Mapping[str, Mode]

    def of(self, code: str) -> Mode:
        return self.own.get(code, RULES[code].default)

    def is_on(self, code: str) -> bool:
        return self.of(code) is not Mode.OFF

    def enforces(self, code: str) -> bool:
        return self.of(code) is Mode.ENFORCE
