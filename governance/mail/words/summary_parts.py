"""The sections of a weekly summary that everybody in the meeting reads: each is empty where there is nothing to say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.domain.attendance import PRESENT, State
from governance.mail.letter import Bar, Bars, Block, Button, Context, Facts, Heading, Line, Lines, Paragraph, Quote
from governance.mail.words.saying import count, day, page_of, sentence_start, when

One = Mapping[str, Any]
Many = Sequence[One]

_SETTLE = {"commitment": "Say what you will do"}
_AWAY = (
    (State.LATE, "Late"),
    (State.LEFT_EARLY, "Left early"),
    (State.STAND_IN, "Stand-in"),
    (State.APOLOGY, "Away with an apology"),
    (State.ABSENT, "Absent"),
    (State.UNKNOWN, "Unknown"),
)
_NOT_COUNTED = frozenset({State.VACANT, State.CANCELLED})
_PURPOSES = {"decide": "to decide", "discuss": "to discuss", "inform": "to know"}
_NEWEST = 3
"""Values of a measure that are drawn: the trend, and no more than fits a phone."""


def owed(things: Many, context: Context, meeting: str = "") -> tuple[Line, ...]:
    """What the reader owes, the latest first, each with the page on which it is done, or slips.

    `meeting` names whose it is, where there are several.
    """
    return tuple(_owed(one, context, meeting) for one in sorted(things, key=days_left))


def days_left(one: One) -> int:
    """Below 0 when it is late; what is due at once, and what is no number, is due now."""
    days = one.get("days")
    return days if isinstance(days, int) else 0


def _owed(one: One, context: Context, meeting: str) -> Line:
    days, due_on = days_left(one), one.get("due_on")
    is_late = days < 0
    act = context.links.get(str(one.get("link") or ""))
    label = _SETTLE.get(str(one.get("kind")), "Done, or it slips")
    mark, due = _mark(one), f"due {day(due_on, context)}" if due_on else "due now"
    return Line(
        str(one.get("text") or ""),
        " · ".join(filter(None, (due if is_late or mark else sentence_start(due), meeting))),
        behind(one.get("path"), context),
        f"Late by {count(-days, 'day')}" if is_late else "Today" if due_on and days == 0 else None,
        mark,
        (label, act) if act else None,
    )


def _mark(one: One) -> str | None:
    return str(one["number"]) if one.get("number") else None


def closed(decisions: Many, context: Context) -> list[Block]:
    if not decisions:
        return []
    lines = tuple(numbered(one, decided(one, context), context) for one in decisions)
    page = f"{page_of(context)}/decisions"
    return [Heading("Decided", page), Lines(lines, page)]


def numbered(one: One, note: str | None, context: Context) -> Line:
    """A decision by its title, with the number that it is cited by."""
    return Line(str(one.get("title") or ""), note, decision(one.get("number"), context), mark=_mark(one))


def decided(one: One, context: Context) -> str | None:
    """Whom a decision is for, until when, and by whom; the name comes last, whatever its direction."""
    parts = (
        one.get("customer") and f"for {one['customer']}",
        one.get("due_on") and f"until {day(one['due_on'], context)}",
        one.get("owner"),
    )
    return " · ".join(str(part) for part in parts if part) or None


def still_open(decisions: Many, context: Context) -> list[Block]:
    if not decisions:
        return []
    lines = tuple(
        Line(
            str(one.get("title") or ""),
            f"Missing: {'; '.join(map(str, one.get('missing') or ())) or 'nothing any more'}",
            decision(one.get("ref"), context),
        )
        for one in decisions
    )
    page = f"{page_of(context)}/decisions"
    return [Heading("Not closed yet", page), Lines(lines, page)]


def commitments(decisions: Many, context: Context) -> list[Block]:
    bars = tuple(
        Bar(
            str(one.get("title") or ""),
            of(one.get("said"), one.get("of")),
            percent(one.get("said"), one.get("of")),
            decision(one.get("ref"), context),
        )
        for one in decisions
    )
    return [Heading("Who has said what they will do"), Bars(bars)] if bars else []


def attendance(seats: Many, context: Context) -> list[Block]:
    """How many were there, and who was not as expected; whoever was on time is in the number."""
    counted = [(state, one) for one in seats if (state := _state(one)) not in _NOT_COUNTED]
    if not counted:
        return []
    there, unknown = there_of(seats), sum(state is State.UNKNOWN for state, _ in counted)
    share = Bar("Seats that were there", "unknown")
    if unknown < len(counted):
        said = of(there, len(counted)) + (f", {unknown:,} unknown" if unknown else "")
        share = Bar("Seats that were there", said, percent(there, len(counted)))
    rows = tuple(
        (word, "\n".join(_seat(one) for state, one in counted if state is wanted))
        for wanted, word in _AWAY
        if any(state is wanted for state, _ in counted)
    )
    page = f"{page_of(context)}/attendance"
    return [
        Heading("Attendance", page),
        Bars((share,)),
        *((Facts(rows),) if rows else ()),
    ]


def room(seats: Many) -> str:
    """How many were there, as a sentence; empty where there is no seat, or nobody knows."""
    counted = [state for one in seats if (state := _state(one)) not in _NOT_COUNTED]
    if all(state is State.UNKNOWN for state in counted):
        return ""
    return f"{of(there_of(seats), len(counted))} seats were there."


def is_empty(seats: Many) -> bool:
    """Whether it is known that nobody was there."""
    counted = [state for one in seats if (state := _state(one)) not in _NOT_COUNTED]
    return bool(counted) and not any(state in PRESENT or state is State.UNKNOWN for state in counted)


def there_of(seats: Many) -> int:
    return sum(_state(one) in PRESENT for one in seats)


def _state(one: One) -> State:
    """What is not settled, and what nobody knows, is unknown."""
    try:
        found = State(str(one.get("state")))
    except ValueError:
        return State.UNKNOWN
    return State.UNKNOWN if found is State.NOT_HERE_YET else found


def _seat(one: One) -> str:
    minutes = one.get("minutes")
    late = f", {count(minutes, 'minute')}" if isinstance(minutes, int) and minutes else ""
    who = f" ({one['who']})" if one.get("who") else ""
    return f"{one.get('department')}{late}{who}"


def question(asked: One | None, context: Context) -> list[Block]:
    """An answer is there only where the one who gave it agreed, and the reader has a seat."""
    if not asked or not asked.get("text"):
        return []
    lines = tuple(_taker(one) for one in asked.get("takers") or ())
    return [
        Heading("Question of the week", f"{page_of(context)}/questions"),
        Quote(str(asked["text"])),
        Lines(lines) if lines else Paragraph("Nobody took it.", is_soft=True),
    ]


def _taker(one: One) -> Line:
    name, outcome = str(one.get("name") or "Somebody"), one.get("outcome")
    if one.get("answer"):
        return Line(f"{name}:", f"“{one['answer']}”")
    said = {"answered": "has answered it", "passed": "passed"}.get(str(outcome), "has it still to answer")
    return Line(f"{name} {said}")


def roster(changes: Many, context: Context) -> list[Block]:
    if not changes:
        return []
    lines = tuple(Line(str(one.get("department") or ""), _change(one, context)) for one in changes)
    page = f"{page_of(context)}/roster"
    return [Heading("On the roster", page), Lines(lines, page)]


def _change(one: One, context: Context) -> str:
    on = f"from {day(one['on'], context)} on" if one.get("on") else "from now on"
    who, before = one.get("who") or "somebody", one.get("before") or "somebody"
    match one.get("what"):
        case "joined":
            return f"{sentence_start(on)}: {who} has the seat"
        case "left":
            return f"{sentence_start(on)}: empty; {before if one.get('before') else who} has left it"
        case "handed-over":
            return f"{sentence_start(on)}: {who}, after {before}"
        case "opened":
            return f"{sentence_start(on)}: a new seat"
        case "closed":
            return f"{sentence_start(on)}: the seat is no more"
        case other:
            return f"{sentence_start(on)}: {other}"


def coming(following: One | None, context: Context) -> list[Block]:
    """The next occurrence, what is on its agenda, and who will not be there."""
    if not following:
        return []
    page = f"{page_of(context)}/agenda"
    items = tuple(Line(str(one.get("title") or ""), _item(one)) for one in following.get("items") or ())
    away = tuple((str(one.get("department") or ""), _stands_in(one)) for one in following.get("away") or ())
    return [
        Heading(f"Next: {when(following.get('start'), context, following.get('end'))}", page),
        Lines(items, page) if items else Paragraph("Nothing is on the agenda yet.", is_soft=True),
        *((Paragraph("Away that day:"), Facts(away)) if away else ()),
    ]


def _item(one: One) -> str | None:
    minutes = one.get("minutes")
    parts = (
        _PURPOSES.get(str(one.get("purpose")), one.get("purpose")),
        count(minutes, "minute") if isinstance(minutes, int) else None,
        one.get("by") and f"by {one['by']}",
    )
    return sentence_start(" · ".join(str(part) for part in parts if part)) or None


def _stands_in(one: One) -> str:
    who = one.get("who") or "the delegate"
    if one.get("stand_in"):
        return f"{one['stand_in']} sits for {who}"
    return f"Nobody sits for {who} yet"


def measures(of_meeting: Many, context: Context) -> list[Block]:
    """The newest values of each measure, as bars against the largest of them or the target."""
    blocks = [block for one in of_meeting if one.get("values") for block in _measure(one, context)]
    return [Heading("Measured", f"{page_of(context)}/charter"), *blocks] if blocks else []


def newest(of_meeting: Many, context: Context) -> list[Block]:
    """Each measure on one line, for whoever has one screen: its newest value and the target."""
    lines = tuple(
        Bar(str(one.get("name") or ""), f"{_said(one['values'][-1].get('value'), one.get('unit') or '')}{_aim(one)}")
        for one in of_meeting
        if one.get("values")
    )
    return [Heading("Measured", f"{page_of(context)}/charter"), Bars(lines)] if lines else []


def _aim(one: One) -> str:
    target = one.get("target")
    return f", target {_said(target, '')}" if target is not None else ""


def _measure(one: One, context: Context) -> list[Block]:
    values, unit, target = list(one["values"])[-_NEWEST:], one.get("unit") or "", one.get("target")
    largest = max([_number(value.get("value")) for value in values] + [_number(target)])
    bars = tuple(
        Bar(
            day(value.get("day"), context),
            _said(value.get("value"), unit),
            percent(_number(value.get("value")), largest),
        )
        for value in values
    )
    return [Paragraph(f"{one.get('name')}{_aim(one)}{f' {unit}' if target is not None and unit else ''}"), Bars(bars)]


def _number(value: Any) -> float:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else 0.0


def _said(value: Any, unit: Any) -> str:
    number = f"{value:,.6g}" if isinstance(value, int | float) else str(value)
    return f"{number} {unit}".strip()


def goes_upstairs(text: One | None, context: Context, *, is_lead: bool) -> list[Block]:
    """The text of which leadership will read no more than this, and where a seat asks for a change."""
    if not text or not text.get("sentences"):
        return []
    page = f"{page_of(context)}/brief"
    return [
        Heading(f"To leadership on {when(text.get('goes_at'), context)}", page),
        Quote("\n\n".join(map(str, text["sentences"]))),
        Button("Change it, or hold it back" if is_lead else "Ask the chair for a change", page),
    ]


def decision(ref: Any, context: Context) -> str | None:
    """Where a decision is, by its number or, as long as it has none, by its identifier."""
    return f"{page_of(context)}/decisions/{ref}" if ref else None


def behind(path: Any, context: Context) -> str | None:
    """An address behind the meeting's page."""
    return f"{page_of(context)}/{str(path).lstrip('/')}" if path else None


def of(number: Any, whole: Any) -> str:
    return f"{number or 0:,} of {whole or 0:,}"


def percent(number: Any, whole: Any) -> int:
    """Of a bar; what is more than nothing can be seen."""
    if not whole or not number or number < 0:
        return 0
    return max(1, min(100, round(100 * float(number) / float(whole))))
