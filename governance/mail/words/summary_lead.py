"""What chair and scribe read besides: what was put right, what wears thin, and one suggestion."""

from __future__ import annotations

from governance.mail.letter import Bar, Bars, Block, Context, Heading, Line, Lines, Paragraph
from governance.mail.words.saying import count, day, page_of
from governance.mail.words.summary_parts import Many, One, behind, of, percent

_TIMES = {0: "never", 1: "once", 2: "twice"}


def held(lead: One | None, context: Context) -> tuple[Line, ...]:
    """What waits for whoever leads: it stands with what they owe."""
    number = int((lead or {}).get("held") or 0)
    if not number:
        return ()
    waits = f"{count(number, 'change')} of the invitation {'waits' if number == 1 else 'wait'} for your decision"
    return (Line(waits, "Nothing of it happens before that", act=("Look and decide", page_of(context))),)


def leading(lead: One | None, context: Context) -> list[Block]:
    if not lead:
        return []
    return [
        *_section("Seats at risk", _at_risk(lead.get("at_risk") or ()), f"{page_of(context)}/attendance"),
        *_section("Silent seats", _silent(lead.get("silent") or ()), f"{page_of(context)}/decisions"),
        *_section("Mandates that end", _mandates(lead.get("mandates") or (), context), f"{page_of(context)}/roster"),
        *_section("Put right on the invitation", _repaired(lead.get("repaired") or (), context), _ledger(context)),
        *_say_do(lead.get("say_do") or (), context),
    ]


def suggestion(lead: One | None, context: Context) -> list[Block]:
    one = (lead or {}).get("suggestion")
    if not one or not one.get("text"):
        return []
    line = Line(str(one["text"]), one.get("evidence") or None, behind(one.get("path"), context))
    return [Heading("A suggestion"), Lines((line,))]


def _section(title: str, lines: tuple[Line, ...], page: str) -> list[Block]:
    return [Heading(title, page), Lines(lines, page)] if lines else []


def _at_risk(seats: Many) -> tuple[Line, ...]:
    return tuple(
        Line(
            _seat(one),
            f"Late {_times(one.get('late'))}, absent without apology {_times(one.get('absent'))}",
        )
        for one in seats
    )


def _silent(seats: Many) -> tuple[Line, ...]:
    return tuple(
        Line(str(one.get("department") or ""), f"Was there, and not heard on {_decisions(one.get('times'))}")
        for one in seats
    )


def _mandates(ending: Many, context: Context) -> tuple[Line, ...]:
    return tuple(Line(_seat(one), _ends(one, context)) for one in ending)


def _ends(one: One, context: Context) -> str:
    days, last = one.get("days"), day(one.get("last_day"), context)
    if not isinstance(days, int) or days < 0:
        return f"On {last}, and none follows"
    return f"In {count(days, 'day')}, on {last}, and none follows" if days else f"Today, {last}, and none follows"


def _repaired(changes: Many, context: Context) -> tuple[Line, ...]:
    return tuple(
        Line(str(one.get("who") or "The event"), f"{day(one.get('on'), context)}: {one.get('what') or 'put right'}")
        for one in changes
    )


def _say_do(departments: Many, context: Context) -> list[Block]:
    bars = tuple(
        Bar(
            str(one.get("department") or ""),
            of(one.get("kept"), one.get("made")),
            percent(one.get("kept"), one.get("made")),
        )
        for one in departments
    )
    if not bars:
        return []
    note = "As it stood a week ago: each department reads its own figures first."
    return [Heading("Promises kept", f"{page_of(context)}/promises/say-do"), Bars(bars), Paragraph(note, is_soft=True)]


def _seat(one: One) -> str:
    return f"{one.get('department')}: {one['who']}" if one.get("who") else str(one.get("department") or "")


def _times(number: object) -> str:
    times = number if isinstance(number, int) else 0
    return _TIMES.get(times, f"{times:,} times")


def _decisions(number: object) -> str:
    return count(number if isinstance(number, int) else 0, "decision")


def _ledger(context: Context) -> str:
    return f"{page_of(context)}/ledger"
