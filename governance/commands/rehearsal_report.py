"""A rehearsal as a report for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from governance.commands.output import on_one_line, print_table
from governance.domain.decisions.outcome import needed
from governance.domain.rules import RULES
from governance.minutes import wording
from governance.minutes.findings import PastFinding
from governance.minutes.rehearsal import Limits, Rehearsal
from governance.minutes.values import Kind, Occurrence, Remark

_LISTED_ITEMS = 2


def print_report(rehearsal: Rehearsal, limits: Limits) -> None:
    """In this order: what was read, who was there, what was decided, what is flagged, what was not understood."""
    _print_read(rehearsal)
    _print_people(rehearsal)
    _print_seats(rehearsal)
    _print_substitutes(rehearsal)
    _print_decisions(rehearsal)
    _print_items(rehearsal)
    _print_findings(rehearsal, limits)
    _print_remarks("Read with a doubt", rehearsal.doubts)
    _print_alike(rehearsal)
    _print_remarks("Not understood", rehearsal.unread)


def _heading(text: str) -> None:
    print(f"\n{text}\n{'-' * len(text)}")


def _line(text: str) -> None:
    print(on_one_line(text))


def _print_read(rehearsal: Rehearsal) -> None:
    kinds = Counter(kind for reading in rehearsal.readings for kind in reading.kinds)
    lines = sum(kinds.values()) - kinds[Kind.BLANK]
    counted = [f"{kinds[kind]:,} {kind.value}" for kind in Kind if kind is not Kind.BLANK and kinds[kind]]
    _line(
        f"Read {wording.count(len(rehearsal.readings), 'file')} with "
        f"{wording.count(len(rehearsal.occurrences), 'occurrence')}{_between(rehearsal.occurrences)}."
    )
    _line(f"{wording.count(lines, 'line')}: {', '.join(counted)}.")
    _line("In discussion only the marks of decisions and actions are looked for.")
    if len(rehearsal.titles) > 1:
        titles = ", ".join(f"“{title}” ({number})" for title, number in rehearsal.titles.items())
        _line(f"The meeting is written {len(rehearsal.titles)} ways: {titles}; read as one.")


def _between(occurrences: Sequence[Occurrence]) -> str:
    days = [one.day for one in occurrences if one.day]
    if not days:
        return ""
    return f" on {days[0]}" if days[0] == days[-1] else f" from {days[0]} to {days[-1]}"


def _print_people(rehearsal: Rehearsal) -> None:
    _heading("Who was there")
    rows = [
        (
            one.name,
            *(str(number or "–") for number in (one.member, one.apart, one.late, one.apology, one.absent)),
            str(one.first or "–"),
            str(one.last or "–"),
            ", ".join(spelling for spelling in one.spellings if spelling != one.name) or "–",
        )
        for one in rehearsal.people
    ]
    head = ("name", "member", "apart", "late", "apology", "absent", "first", "last", "also written")
    _print_rows(head, rows, "Nobody is on any list.")


def _print_rows(head: Sequence[str], rows: Sequence[Sequence[str]], nothing: str) -> None:
    if rows:
        print_table(head, rows)
    else:
        print(nothing)


def _print_seats(rehearsal: Rehearsal) -> None:
    if not rehearsal.seating.seats:
        return
    _heading("Seats at the occurrences, oldest first")
    print("P there, L late, S by stand-in, a apology, A absent, ? unknown, . no delegate known for that day")
    states = rehearsal.states()
    print_table(
        ("department", "delegate", "attendance"),
        [
            (
                seat.department,
                seat.delegate or "–",
                "".join(wording.LETTERS.get(state or "", ".") for _, state in states[seat.department]),
            )
            for seat in rehearsal.seating.seats
        ],
    )


def _print_substitutes(rehearsal: Rehearsal) -> None:
    _heading("Substitutes")
    rows = [
        (
            str(entry.place),
            str(one.day or "–"),
            entry.name,
            entry.sits_for or "–",
            "yes" if entry.states_mandate else "no",
        )
        for one, entry in rehearsal.substitutes
    ]
    _print_rows(("line", "day", "name", "sits for", "mandate stated"), rows, "None.")


def _print_decisions(rehearsal: Rehearsal) -> None:
    _heading("Decisions")
    rows = [
        (
            str(decision.place),
            str(one.day or "–"),
            decision.form.value,
            decision.owner or "–",
            str(decision.due or "–"),
            _short(decision.text),
        )
        for one in rehearsal.occurrences
        for decision in one.decisions
    ]
    _print_rows(("line", "day", "form", "owner", "due", "decision"), rows, "None in a form that is read.")
    actions = [(one, action) for one in rehearsal.occurrences for action in one.actions]
    if actions:
        _heading("Actions")
        print_table(
            ("line", "day", "owner", "due", "done", "action"),
            [
                (
                    str(action.place),
                    str(one.day or "–"),
                    action.owner or "–",
                    str(action.due or "–"),
                    _yes(action.is_done),
                    _short(action.text),
                )
                for one, action in actions
            ],
        )


def _print_items(rehearsal: Rehearsal) -> None:
    _heading("Items that came more than once")
    rows = [
        (str(len(course.listings)), str(course.discussed), str(course.decided), _short(course.title))
        for course in rehearsal.courses
        if len(course.listings) >= _LISTED_ITEMS
    ]
    _print_rows(("listed", "discussed", "decided", "item"), rows, "None.")


def _print_findings(rehearsal: Rehearsal, limits: Limits) -> None:
    _heading("What the service would have flagged")
    by_rule: dict[str, list[PastFinding]] = {}
    for finding in rehearsal.judgement.findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    for rule, findings in by_rule.items():
        shown = f"{rule} {RULES[rule].name}" if rule in RULES else _NAMED[rule]
        print(f"{shown}: {wording.times(len(findings))}; the service {wording.WOULD[rule]}")
        for finding in findings:
            _line(f"  {finding.place}: {finding.sentence}")
    if not by_rule:
        print("Nothing.")
    for rule, why in rehearsal.judgement.unjudged:
        print(f"{rule} {RULES[rule].name} could not be judged: {why}")
    seats = limits.seat_count or len(rehearsal.seating.seats)
    quorum = f", {needed(seats, limits.charter.quorum)} of {seats} seats for a quorum" if seats else ""
    charter = limits.charter
    print(
        f"Limits: late {wording.times(charter.late_limit)} and absent {wording.times(charter.absent_limit)} "
        f"in {wording.count(charter.window, 'occurrence')}, {charter.grace_minutes} minutes of grace{quorum}"
    )


_NAMED = {"returns": "Comes back undecided", "forgotten": "Promise never mentioned again"}


def _print_remarks(title: str, remarks: Sequence[Remark]) -> None:
    _heading(f"{title}: {len(remarks):,}")
    by_reason: dict[str, list[Remark]] = {}
    for remark in remarks:
        by_reason.setdefault(remark.why, []).append(remark)
    for why, those in sorted(by_reason.items(), key=lambda pair: (-len(pair[1]), pair[0])):
        _line(f"{why} ({len(those):,})")
        for remark in those:
            _line(f"  {remark.place}: {remark.text}")


def _print_alike(rehearsal: Rehearsal) -> None:
    _heading(f"Perhaps one person, not joined: {len(rehearsal.alike):,}")
    for one in rehearsal.alike:
        _line(f"  {one.name} – perhaps {' or '.join(one.perhaps)}")
    if rehearsal.alike:
        print("Where they are one, say so in a file with the columns name,also and give it as --aliases.")


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"


def _short(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:99]}…"
