"""The weekly summary: what the reader owes first, then what was decided; of one meeting or of all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from governance.mail.facts_of_summaries import Summaries, Summary
from governance.mail.letter import Block, Context, Heading, Letter, Line, Lines, Paragraph
from governance.mail.safety import shortened
from governance.mail.words import summary_parts as parts
from governance.mail.words.saying import (
    count,
    day,
    footer,
    listed,
    meeting_of,
    page_of,
    sentence_start,
    subject,
    when,
)
from governance.mail.words.summary_lead import held, leading, suggestion

_LONGEST_QUOTED = 70
_KNOWN = frozenset(field.name for field in fields(Summary))


def summary(facts: Summary, context: Context) -> Letter:
    if facts.is_cancelled:
        return _cancelled(facts, context)
    essence = _essence([(facts, context)]) or _quietly(facts, context)
    lead = _in_short([(facts, context)])
    return _letter(
        facts.KIND,
        context,
        about=essence,
        on=facts.start,
        heading=_heading(facts, context),
        title=sentence_start(essence),
        lead=lead,
        blocks=(
            *_owes(parts.owed(facts.owed, context), held(facts.lead, context)),
            *_sections(facts, context),
        ),
        because=_because(facts, context),
        heads=[facts.heads],
    )


def summaries(facts: Summaries, context: Context) -> Letter:
    """What is owed stands together, from all meetings; the rest meeting by meeting."""
    several = [_of_one(one, context) for one in facts.meetings]
    owed = [line for one, within in several for line in parts.owed(one.owed, within, meeting_of(within))]
    held_back = [line for one, within in several for line in _held_in(one, within)]
    essence = _essence(several) or "nothing that waits for you"
    return _letter(
        facts.KIND,
        context,
        about=f"{essence} in {count(len(several), 'meeting')}",
        heading=f"{context.site}, {day(context.now.isoformat(), context)}",
        title=sentence_start(essence),
        lead=_in_short(several),
        blocks=(*_owes(owed, held_back), *(block for one, within in several for block in _chapter(one, within))),
        because="you asked for one summary of all your meetings",
        heads=[one.heads for one, _ in several],
    )


def _of_one(one: dict[str, Any], context: Context) -> tuple[Summary, Context]:
    """What an earlier version stored and this one does not know is left out."""
    stored = one.get("facts")
    known = {name: value for name, value in (stored if isinstance(stored, dict) else {}).items() if name in _KNOWN}
    facts = Summary(**{"reader": "seat", "start": None, "end": None, "since": "", **known})
    zone = one.get("time_zone") or context.time_zone
    return facts, replace(context, meeting=one.get("name"), slug=one.get("slug"), time_zone=str(zone))


def _held_in(facts: Summary, context: Context) -> tuple[Line, ...]:
    return tuple(replace(line, note=meeting_of(context)) for line in held(facts.lead, context))


def _chapter(facts: Summary, context: Context) -> list[Block]:
    on = f", {day(facts.start, context)}" if facts.start else ""
    heading = Heading(f"{meeting_of(context)}{on}", page_of(context) if context.slug else None, is_chapter=True)
    if facts.is_cancelled:
        return [heading, *map(Paragraph, _two_lines(facts, context))]
    sections = _sections(facts, context)
    return [heading, *sections] if sections else []


def _sections(facts: Summary, context: Context) -> list[Block]:
    return [
        *parts.closed(facts.closed, context),
        *parts.still_open(facts.open, context),
        *suggestion(facts.lead, context),
        *parts.commitments(facts.committed, context),
        *parts.attendance(facts.attendance, context),
        *leading(facts.lead, context),
        *parts.question(facts.question, context),
        *parts.roster(facts.roster, context),
        *parts.coming(facts.next, context),
        *parts.measures(facts.measures, context),
        *parts.goes_upstairs(facts.brief, context, is_lead=facts.lead is not None),
    ]


def _owes(owed: Sequence[Line], held_back: Sequence[Line]) -> tuple[Block, ...]:
    """What waits for a chair's decision stands with what they owe, and is not called so where it is all there is."""
    if not (owed or held_back):
        return ()
    return Heading("You owe" if owed else "Waits for you"), Lines((*owed, *held_back))


def _cancelled(facts: Summary, context: Context) -> Letter:
    """Two lines, and nothing else."""
    first, second = _two_lines(facts, context)
    return _letter(
        facts.KIND,
        context,
        about="cancelled",
        on=facts.start,
        heading=meeting_of(context),
        title="",
        lead=first,
        blocks=(Paragraph(second),),
        because=_because(facts, context),
        heads=[],
        is_soft=False,
    )


def _because(facts: Summary, context: Context) -> str:
    meeting = meeting_of(context)
    return f"you sit in {meeting}" if facts.reader == "seat" else f"you lead {meeting} or write for whoever does"


def _two_lines(facts: Summary, context: Context) -> tuple[str, str]:
    following = (facts.next or {}).get("start")
    return (
        f"The meeting on {when(facts.start, context)} was cancelled.",
        f"The next one is on {when(following, context)}." if following else "No next one is in the calendar.",
    )


def _essence(of_all: Sequence[tuple[Summary, Context]]) -> str:
    """“2 promises of yours (1 late), 3 decisions”; whoever leads hears of those that are behind as well."""
    things = [one for facts, _ in of_all for one in facts.owed]
    waiting = sum(int((facts.lead or {}).get("held") or 0) for facts, _ in of_all)
    closed = sum(len(facts.closed) for facts, _ in of_all)
    held_back = f"{count(waiting, 'change')} {'waits' if waiting == 1 else 'wait'} for you" if waiting else ""
    behind = sum(len(facts.open) for facts, _ in of_all if facts.lead is not None)
    return ", ".join(
        filter(
            None,
            (
                _yours(things),
                held_back,
                count(closed, "decision") if closed else "",
                f"{behind:,} not closed yet" if behind and closed else "",
            ),
        )
    )


def _yours(things: Sequence[dict[str, Any]]) -> str:
    if not things:
        return ""
    kinds = {str(one.get("kind")) for one in things}
    number = len(things)
    late = sum(_is_late(one) for one in things)
    all_late = "late " if late == number else ""
    said = {
        frozenset({"promise"}): f"{count(number, f'{all_late}promise')} of yours",
        frozenset({"commitment"}): f"{count(number, f'{all_late}commitment')} of yours",
    }.get(frozenset(kinds), f"{count(number, f'{all_late}thing')} you owe")
    return f"{said} ({late:,} late)" if late and not all_late else said


def _quietly(facts: Summary, context: Context) -> str:
    if parts.is_empty(facts.attendance):
        return "nobody was there"
    if facts.open:
        return f"{count(len(facts.open), 'decision')} not closed yet"
    following = (facts.next or {}).get("start")
    return f"the next one is on {day(following, context)}" if following else "what it came to"


def _in_short(of_all: Sequence[tuple[Summary, Context]]) -> str:
    """What a phone shows beside the subject: the first thing owed, what was decided, how many were there."""
    first = [(one, context) for facts, context in of_all for one in facts.owed]
    titles = [str(one.get("title") or "") for facts, _ in of_all for one in facts.closed]
    said = [_first_owed(*min(first, key=lambda pair: parts.days_left(pair[0])))] if first else _owing_nothing(of_all)
    if titles:
        rest = [f"{len(titles) - 1:,} more"] if len(titles) > 1 else []
        said.append(f"Decided: {listed([_quoted(titles[0]), *rest])}.")
    elif any(facts.start for facts, _ in of_all):
        said.append("Nothing was closed.")
    seats = [one for facts, _ in of_all for one in facts.attendance]
    if len(of_all) == 1:
        said.append(parts.room(seats))
    return " ".join(filter(None, said))


def _owing_nothing(of_all: Sequence[tuple[Summary, Context]]) -> list[str]:
    return [] if any((facts.lead or {}).get("held") for facts, _ in of_all) else ["You owe nothing."]


def _first_owed(one: dict[str, Any], context: Context) -> str:
    by = "Late" if _is_late(one) else f"By {day(one['due_on'], context)}" if one.get("due_on") else "Due now"
    return f"{by}: {_quoted(str(one.get('text') or ''))}."


def _quoted(text: str) -> str:
    return f"“{shortened(text.rstrip('.'), _LONGEST_QUOTED)}”"


def _is_late(one: dict[str, Any]) -> bool:
    return parts.days_left(one) < 0


def _heading(facts: Summary, context: Context) -> str:
    on = day(facts.start, context) if facts.start else "a week without a meeting"
    return f"{meeting_of(context)}, {on}"


def _letter(
    kind: str,
    context: Context,
    *,
    about: str,
    heading: str,
    title: str,
    lead: str,
    blocks: Sequence[Block],
    because: str,
    heads: Sequence[dict[str, Any] | None],
    on: str | None = None,
    is_soft: bool = True,
) -> Letter:
    """Without a greeting: on a phone the first screen is for what the reader owes."""
    foot = footer(kind, context, because)
    earlier = (("Earlier summaries", f"{page_of(context)}/summaries"),) if context.slug else ()
    return Letter(
        subject=subject(context, about, on),
        preheader=lead,
        heading=heading,
        title=title,
        blocks=(Paragraph(lead, is_soft=is_soft), *blocks),
        footer=replace(foot, links=(*foot.links, *earlier), marks=heads_of(heads)),
    )


def heads_of(heads: Sequence[dict[str, Any] | None]) -> tuple[str, ...]:
    """Where the record stood: whoever keeps the mail can show a history that was written anew."""
    said = [f"{one.get('chain')}:{one.get('seq')}:{one.get('hash')}" for one in heads if one]
    return (f"The record stood at {' '.join(said)}",) if said else ()
