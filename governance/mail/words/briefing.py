"""What goes upstairs: the brief to senior leadership, what is said about it before it goes, and the sponsor's week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from governance.mail.facts_of_summaries import Brief, BriefAsked, BriefChanged, SponsorWeek
from governance.mail.letter import (
    Bar,
    Bars,
    Block,
    Button,
    Context,
    Heading,
    Letter,
    Line,
    Lines,
    Paragraph,
    Quote,
)
from governance.mail.safety import shortened
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
    written,
)
from governance.mail.words.summary_parts import decided, newest, numbered, of, percent

_IN_FULL = 4
"""Decisions up to which each is told with what it does for the customer; more of them fit a screen as lines alone."""
_MOST = 8
_LONGEST_QUOTED = 70


def brief(facts: Brief, context: Context) -> Letter:
    """One screen, for the group: no dissent, no lateness, no names but owners."""
    number, waiting = len(facts.closed), len(facts.waiting)
    more = f"{waiting:,} more" if number else count(waiting, "decision")
    needs = f"{more} {'needs' if waiting == 1 else 'need'} backing" if waiting else ""
    about = ", ".join(filter(None, (count(number, "decision") if number else "", needs))) or "no new decisions"
    lead = _brief_in_short(facts)
    return Letter(
        subject=subject(context, about, facts.start),
        preheader=lead,
        heading=f"{meeting_of(context)}, {day(facts.start or context.now.isoformat(), context)}",
        title=sentence_start(about),
        blocks=(
            Paragraph(lead, is_soft=True),
            *_needed(facts, context),
            *_closed(facts.closed, context),
            *_kept(facts, context),
            *newest(facts.measures, context),
        ),
        footer=footer(facts.KIND, context, f"you are senior leadership of {meeting_of(context)}"),
    )


def _brief_in_short(facts: Brief) -> str:
    customers = list(dict.fromkeys(str(one["customer"]) for one in facts.closed if one.get("customer")))
    shown = [*customers[:2], *([f"{len(customers) - 2:,} more"] if len(customers) > 2 else [])]
    said = [f"For {listed(shown)}."] if shown else [_decided([str(one.get("title") or "") for one in facts.closed])]
    if facts.kept:
        good = sum(bool(one.get("is_kept")) for one in facts.kept)
        said.append(f"{of(good, len(facts.kept))} earlier decisions were carried out as decided.")
    return " ".join(said)


def _needed(facts: Brief, context: Context) -> list[Block]:
    # Without a link: what is not closed has no page for who reads for leadership.
    lines = tuple(Line(str(one.get("title") or ""), _for(one)) for one in facts.waiting)
    if not (lines or facts.needs):
        return []
    return [
        Heading("Needs your backing"),
        *((Quote(facts.needs),) if facts.needs else ()),
        *((Lines(lines, _brief_page(context)),) if lines else ()),
    ]


def _closed(decisions: Sequence[dict[str, Any]], context: Context) -> list[Block]:
    if not decisions:
        return []
    lines = [numbered(one, _told(one, context, in_full=len(decisions) <= _IN_FULL), context) for one in decisions]
    more = len(lines) - _MOST
    rest = [Line(f"and {more:,} more", address=_brief_page(context))] if more > 0 else []
    return [Heading("Decided", _brief_page(context)), Lines((*lines[:_MOST], *rest))]


def _told(one: dict[str, Any], context: Context, *, in_full: bool) -> str | None:
    effect = str(one.get("customer_effect") or "") if in_full else ""
    return "\n".join(filter(None, (decided(one, context), effect))) or None


def _kept(facts: Brief, context: Context) -> list[Block]:
    """What became of earlier decisions, those by title that did not hold; below the floor nothing of promises."""
    bars = []
    if facts.kept:
        good = sum(bool(one.get("is_kept")) for one in facts.kept)
        bars.append(Bar("Carried out as decided", of(good, len(facts.kept)), percent(good, len(facts.kept))))
    if facts.promises:
        kept, made = facts.promises.get("kept"), facts.promises.get("made")
        until = f", due until {day(facts.promises_until, context)}" if facts.promises_until else ""
        bars.append(Bar(f"Promises kept{until}", of(kept, made), percent(kept, made)))
    others = [one for one in facts.kept if not one.get("is_kept")]
    lines = tuple(numbered(one, _not_carried_out(one), context) for one in others[:_MOST])
    if not bars:
        return []
    return [Heading("Kept or not", _brief_page(context)), Bars(tuple(bars)), *((Lines(lines),) if lines else ())]


def _not_carried_out(one: dict[str, Any]) -> str:
    said = "not carried out as decided"
    return f"{said}\n{one['words']}" if one.get("words") else said


def _for(one: dict[str, Any]) -> str | None:
    return f"For {one['customer']}" if one.get("customer") else None


def asked(facts: BriefAsked, context: Context) -> Letter:
    return written(
        facts.KIND,
        context,
        about=f"{facts.department} asks for a change of the brief",
        on=facts.start,
        title=f"{facts.department} asks for a change",
        lead=f"{facts.asked_by} asks you to change what goes to leadership on {when(facts.goes_at, context)}.",
        blocks=(
            Quote(facts.text),
            Button("Change it, or leave it", _brief_page(context), is_first=True) if context.slug else None,
            Paragraph(
                "Left as it is, it goes then. Changed, everybody with a seat reads it anew, and it goes a day later."
            ),
        ),
        because=f"you lead {meeting_of(context)}",
    )


def changed(facts: BriefChanged, context: Context) -> Letter:
    at = when(facts.goes_at, context)
    about = "the chair lets the brief go" if facts.is_same else "the brief reads otherwise now"
    lead = f"This goes to leadership on {at}, and not what you read before."
    if facts.is_same:
        lead = f"It was kept back. It goes to leadership on {at}, as it stands here."
    return written(
        facts.KIND,
        context,
        about=about,
        on=facts.start,
        title=sentence_start(about),
        lead=lead,
        blocks=(
            Quote("\n\n".join(facts.sentences)),
            Button("Ask the chair for a change", _brief_page(context)) if context.slug else None,
        ),
        because=f"you sit in {meeting_of(context)}",
    )


def sponsor_week(facts: SponsorWeek, context: Context) -> Letter:
    number = len(facts.closed)
    titles = [str(one.get("title") or "") for one in facts.closed]
    about = f"{count(number, 'decision')} {'concerns' if number == 1 else 'concern'} your department"
    lead = _decided(titles)
    return Letter(
        subject=subject(context, about),
        preheader=lead,
        heading=f"{context.site}, the week until {day(context.now.isoformat(), context)}",
        title=sentence_start(about),
        blocks=(Paragraph(lead, is_soft=True), *_by_meeting(facts.closed, context)),
        footer=footer(facts.KIND, context, "you sponsor a department with a seat"),
    )


def _by_meeting(decisions: Sequence[dict[str, Any]], context: Context) -> list[Block]:
    blocks: list[Block] = []
    for slug in dict.fromkeys(one.get("slug") for one in decisions):
        mine = [one for one in decisions if one.get("slug") == slug]
        within = replace(context, slug=slug, meeting=mine[0].get("meeting"))
        lines = tuple(numbered(one, decided(one, within), within) for one in mine)
        page = page_of(within)
        blocks += [Heading(meeting_of(within), page), Lines(lines, f"{page}/decisions")]
    return blocks


def _decided(titles: Sequence[str]) -> str:
    rest = [f"{len(titles) - 1:,} more"] if len(titles) > 1 else []
    return f"Decided: {listed([_quoted(titles[0]), *rest])}." if titles else "Nothing was closed."


def _brief_page(context: Context) -> str:
    return f"{page_of(context)}/brief"


def _quoted(text: str) -> str:
    return f"“{shortened(text.rstrip('.'), _LONGEST_QUOTED)}”"
