"""A rehearsal as a document for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from governance.domain.decisions.outcome import needed
from governance.minutes.rehearsal import Limits, Rehearsal
from governance.minutes.values import Kind, Occurrence, Remark


def document(rehearsal: Rehearsal, limits: Limits) -> dict[str, Any]:
    """Everything of the report, and each occurrence with its lists."""
    return {
        "files": [_file(reading.file, reading.kinds, len(reading.occurrences)) for reading in rehearsal.readings],
        "titles": [{"title": title, "occurrences": number} for title, number in rehearsal.titles.items()],
        "limits": _limits(rehearsal, limits),
        "occurrences": [_occurrence(one) for one in rehearsal.occurrences],
        "people": [
            {
                "name": one.name,
                "spellings": one.spellings,
                "member": one.member,
                "apart": one.apart,
                "late": one.late,
                "apology": one.apology,
                "absent": one.absent,
                "first": _day(one.first),
                "last": _day(one.last),
            }
            for one in rehearsal.people
        ],
        "seats": [
            {"department": department, "states": [{"day": _day(day), "state": state} for day, state in states]}
            for department, states in rehearsal.states().items()
        ],
        "substitutes": [
            {
                **_place(entry),
                "day": _day(one.day),
                "name": entry.name,
                "sits_for": entry.sits_for,
                "mandate_stated": entry.states_mandate,
            }
            for one, entry in rehearsal.substitutes
        ],
        "items": [
            {
                "title": course.title,
                "listed": len(course.listings),
                "discussed": course.discussed,
                "decided": course.decided,
                "lines": [str(item.place) for _, item in course.listings],
            }
            for course in rehearsal.courses
        ],
        "findings": [
            {
                "code": finding.code,
                "name": finding.name,
                **_place(finding),
                "day": _day(finding.day),
                "sentence": finding.sentence,
                "service": finding.would,
            }
            for finding in rehearsal.judgement.findings
        ],
        "unjudged": [{"code": code, "reason": why} for code, why in rehearsal.judgement.unjudged],
        "doubts": _remarks(rehearsal.doubts),
        "perhaps_one_person": [{"name": one.name, "perhaps": list(one.perhaps)} for one in rehearsal.alike],
        "not_understood": _remarks(rehearsal.unread),
    }


def _file(name: str, kinds: Iterable[Kind], occurrences: int) -> dict[str, Any]:
    counted = Counter(kinds)
    return {
        "file": name,
        "occurrences": occurrences,
        "lines": sum(counted.values()),
        "kinds": {kind.value: counted[kind] for kind in Kind if counted[kind]},
    }


def _limits(rehearsal: Rehearsal, limits: Limits) -> dict[str, Any]:
    seats = limits.seat_count or len(rehearsal.seating.seats) or None
    charter = limits.charter
    return {
        "seats": seats,
        "quorum": needed(seats, charter.quorum) if seats else None,
        "window": charter.window,
        "late_limit": charter.late_limit,
        "absent_limit": charter.absent_limit,
        "grace_minutes": charter.grace_minutes,
    }


def _occurrence(one: Occurrence) -> dict[str, Any]:
    return {
        **_place(one),
        "day": _day(one.day),
        "title": one.title,
        "attendance": [
            {
                "line": entry.place.line,
                "name": entry.name,
                "presence": entry.presence.value,
                "apart": entry.is_apart,
                "group": entry.group,
                "department": entry.department,
                "sits_for": entry.sits_for,
                "late_minutes": entry.late_minutes,
            }
            for entry in one.listed
        ],
        "roles": [{"line": taken.place.line, "role": taken.role, "name": taken.name} for taken in one.roles],
        "decisions": [
            {
                "line": decision.place.line,
                "text": decision.text,
                "form": decision.form.value,
                "item": decision.item,
                "owner": decision.owner,
                "due": _day(decision.due),
                "review": _day(decision.review),
                "procedural": decision.is_procedural,
            }
            for decision in one.decisions
        ],
        "actions": [
            {
                "line": action.place.line,
                "text": action.text,
                "owner": action.owner,
                "due": _day(action.due),
                "done": action.is_done,
            }
            for action in one.actions
        ],
    }


def _remarks(remarks: Iterable[Remark]) -> list[dict[str, Any]]:
    return [{**_place(remark), "text": remark.text, "why": remark.why} for remark in remarks]


def _place(one: Any) -> dict[str, Any]:
    return {"file": one.place.file, "line": one.place.line}


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
