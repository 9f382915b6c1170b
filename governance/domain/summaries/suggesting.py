"""The one suggestion that whoever leads reads: chosen by rules in a fixed order, each naming what it rests on. Pure.

    what a meeting looks like + what was suggested last → the first rule that applies, or nothing

Every rule looks at what each seat of the meeting may know: none at positions, nor at anything that follows from one.
The same one is not made three times running unless what it rests on has grown; then it rests once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from governance.domain.agenda import MUST_CHOOSE_FROM, Planned

VACANT_FOR = 28
"""Days."""

STUCK_DECISIONS, STUCK_FOR = 2, 3
"""So many decisions, each open for so many meetings."""

LATE_PROMISES = 3
WITHOUT_AGENDA = 2
ITEMS_AT_LEAST = 6
"""Of fewer items more than half is chance."""

AWAY_TIMES = 2
LATE_STARTS = 3
UNMEASURED_FOR = 6
"""Weeks."""

IN_A_ROW = 2
"""So often the same suggestion is made running."""


@dataclass(frozen=True, slots=True)
class Vacant:
    """A seat that nobody holds, nor will; `is_offered` where an offer for it is open."""

    department: str
    days: int
    waiting: int = 0
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class Stuck:
    """A decision that lacks something to be closed, and how many meetings there were since positions were asked for."""

    missing: str
    meetings: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the rules look at.

    Attributes:
        vacant: seats without a holder.
        has_room: fewer seats are held than the cap allows.
        ending: departments whose delegate's mandate ends before the next quarter begins, and nothing follows.
        stuck: what open decisions lack, each thing of each decision.
        late: open promises that are late, by department.
        returning: items of the next agenda that came back so often that something must become of them.
        planned: the timeboxes of the next agenda.
        without_agenda: the newest meetings in a row that had no item on their agenda.
        brought: items of the last quarter by department.
        away: how often the delegate was away with nobody on the seat, of departments that have no deputy.
        late_starts: the newest meetings in a row at which fewer than half of those who came were there in time.
        unmeasured: weeks since any measure had a value; None where the charter measures nothing.
    """

    vacant: Sequence[Vacant] = ()
    has_room: bool = True
    ending: Sequence[str] = ()
    stuck: Sequence[Stuck] = ()
    late: Mapping[str, int] = field(default_factory=dict)
    returning: Sequence[str] = ()
    planned: Planned | None = None
    without_agenda: int = 0
    brought: Mapping[str, int] = field(default_factory=dict)
    away: Mapping[str, int] = field(default_factory=dict)
    late_starts: int = 0
    unmeasured: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A suggestion as it was made: `weight` is its evidence in one number, the larger the graver."""

    code: str
    about: str
    weight: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """`path` is the page behind the meeting's own on which one acts, `about` what is meant where several could be."""

    code: str
    text: str
    evidence: str
    path: str
    weight: int
    about: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """`applies_when` is for people; `docs/suggestions.md` says the same."""

    code: str
    applies_when: str
    path: str
    find: Callable[[Looked], Iterable[tuple[str, str, str, int]]]
    """What it is about, the suggestion, its evidence and the weight of that, the gravest first."""


def suggest(looked: Looked, told: Sequence[Told] = ()) -> Suggestion | None:
    """The first rule that applies and need not rest; `told` are the last suggestions made, the newest first."""
    return next((one for one in suggestions(looked) if not _rests(one, told)), None)


def suggestions(looked: Looked) -> Iterator[Suggestion]:
    """Everything that applies, in the order of the rules."""
    for rule in RULES:
        for about, text, evidence, weight in rule.find(looked):
            yield Suggestion(rule.code, text, evidence, rule.path, weight, about)


def next_quarter(today: date) -> date:
    """Its first day."""
    month = 3 * ((today.month - 1) // 3) + 4
    return date(today.year + 1, 1, 1) if month > 12 else date(today.year, month, 1)


def _rests(one: Suggestion, told: Sequence[Told]) -> bool:
    last = list(told[:IN_A_ROW])
    is_same = len(last) == IN_A_ROW and all((each.code, each.about) == (one.code, one.about) for each in last)
    return is_same and one.weight <= max(each.weight for each in last)


Found = Iterator[tuple[str, str, str, int]]


def _waited_for(looked: Looked) -> Found:
    wanted = [one for one in looked.vacant if one.waiting and not one.is_offered]
    for one in sorted(wanted, key=lambda each: (-each.waiting, each.department)) if looked.has_room else ():
        waits = "1 person waits" if one.waiting == 1 else f"{one.waiting} people wait"
        yield one.department, f"Offer the seat of {one.department}", f"It is vacant, and {waits} for it.", one.waiting


def _vacant(looked: Looked) -> Found:
    for one in sorted(looked.vacant, key=lambda each: (-each.days, each.department)):
        if one.days >= VACANT_FOR:
            weeks = one.days // 7
            evidence = f"It has been vacant for {weeks} weeks."
            yield one.department, f"Fill the seat of {one.department}, or give it up", evidence, weeks // 4


def _ending(looked: Looked) -> Found:
    if looked.ending:
        number = len(looked.ending)
        ends = "1 mandate ends" if number == 1 else f"{number} mandates end"
        evidence = f"{ends} before the next quarter begins: {', '.join(looked.ending)}."
        yield "", "Have the mandates renewed that end soon", evidence, number


def _stuck(looked: Looked) -> Found:
    counted: dict[str, int] = {}
    for one in looked.stuck:
        if one.meetings >= STUCK_FOR:
            counted[one.missing] = counted.get(one.missing, 0) + 1
    for missing, number in sorted(counted.items(), key=lambda each: (-each[1], each[0])):
        if number >= STUCK_DECISIONS:
            evidence = f"{number} decisions have lacked it for {STUCK_FOR} meetings or more."
            yield missing, f"Get {missing} for the decisions that stay open", evidence, number


def _late(looked: Looked) -> Found:
    for department, number in _most(looked.late):
        if number >= LATE_PROMISES:
            evidence = f"{number} of its promises are late."
            yield department, f"Speak with {department} about what it can still promise", evidence, number


def _returning(looked: Looked) -> Found:
    if looked.returning:
        number = len(looked.returning)
        one = "1 item has" if number == 1 else f"{number} items have"
        evidence = f"{one} come back {MUST_CHOOSE_FROM} times or more: {', '.join(looked.returning)}."
        yield "", "Decide what becomes of what keeps coming back", evidence, number


def _too_long(looked: Looked) -> Found:
    if looked.planned is not None and looked.planned.is_over:
        boxed, length = looked.planned.boxed, looked.planned.length
        evidence = f"{boxed} minutes are planned for the {length} minutes of the next meeting."
        yield "", "Shorten the next agenda", evidence, boxed - length


def _without_agenda(looked: Looked) -> Found:
    if looked.without_agenda >= WITHOUT_AGENDA:
        evidence = f"The last {looked.without_agenda} meetings had nothing on their agenda."
        yield "", "Ask each seat for one item before the next meeting", evidence, looked.without_agenda


def _one_brings(looked: Looked) -> Found:
    everything = sum(looked.brought.values())
    for department, number in _most(looked.brought):
        if everything >= ITEMS_AT_LEAST and 2 * number > everything:
            evidence = f"{number} of the {everything} items of the last quarter came from there."
            yield department, f"Ask the others for items; {department} brings most of them", evidence, number


def _no_deputy(looked: Looked) -> Found:
    for department, number in _most(looked.away):
        if number >= AWAY_TIMES:
            evidence = f"Nobody sat for it {_times(number)} in the last quarter, and it has no deputy."
            yield department, f"Have {department} name a deputy", evidence, number


def _late_start(looked: Looked) -> Found:
    if looked.late_starts >= LATE_STARTS:
        evidence = f"At the last {looked.late_starts} meetings fewer than half of those who came were there in time."
        yield "", "Start on time whoever is there, or move the start", evidence, looked.late_starts


def _unmeasured(looked: Looked) -> Found:
    if looked.unmeasured is not None and looked.unmeasured >= UNMEASURED_FOR:
        evidence = f"No measure of the charter has had a value for {looked.unmeasured} weeks."
        yield "", "Enter what the measures say", evidence, looked.unmeasured // UNMEASURED_FOR


def _most(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))


def _times(number: int) -> str:
    return "twice" if number == 2 else f"{number} times"


RULES = (
    Rule("S01", "A seat is vacant, somebody waits for it, the cap has room, and nobody was offered it", "/waiting",
         _waited_for),
    Rule("S02", "A seat has been vacant for four weeks", "/roster", _vacant),
    Rule("S03", "A delegate's mandate ends before the next quarter begins, within six weeks, and nothing follows",
         "/roster", _ending),
    Rule("S04", "Two decisions have lacked the same thing for three meetings", "/decisions", _stuck),
    Rule("S05", "Three promises of one department are late", "/promises", _late),
    Rule("S06", "An item of the next agenda has come back three times", "/agenda", _returning),
    Rule("S07", "More minutes are planned for the next meeting than it has", "/agenda", _too_long),
    Rule("S08", "The last two meetings had no agenda", "/agenda", _without_agenda),
    Rule("S09",
         "One department, or the chair, brought more than half of the items of the last quarter, six at least in all",
         "/agenda", _one_brings),
    Rule("S10", "Nobody sat twice for a department that has no deputy", "/roster", _no_deputy),
    Rule("S11", "At the last three meetings fewer than half of those who came were there in time", "/attendance",
         _late_start),
    Rule("S12", "No measure of the charter has had a value for six weeks", "/charter", _unmeasured),
)  # fmt: skip
"""In the order in which they are asked; a new one gets the next code, wherever it stands."""
