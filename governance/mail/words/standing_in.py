"""Mails about a day on which the delegate cannot come: nobody is asked for a reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from governance.mail.facts import Declined, DeclinedSponsor, DeputyAsked
from governance.mail.letter import Block, Context, Facts, Letter, Paragraph
from governance.mail.words.saying import button, event, meeting_of, money, page_button, when, written


def declined(facts: Declined, context: Context) -> Letter:
    meeting, day = meeting_of(context), when(facts.start, context, facts.end)
    return written(
        facts.KIND,
        context,
        about=f"who sits for {facts.department}?",
        on=facts.start,
        title=f"Who sits for {facts.department}?",
        lead=f"Choose who sits for {facts.department} in {meeting} on {day}: you declined, and nobody does yet.",
        blocks=(
            *_choices(facts.deputies, context, "for you"),
            button(context, "after-all", "I can come after all", is_first=not _has_choice(facts.deputies, context)),
            page_button(context),
            Paragraph("Nobody asks for a reason, and nothing is kept of it.", is_soft=True),
        ),
        because=f"you sit for {facts.department} in {meeting}",
        event=event(context, facts.start, facts.end),
    )


def declined_sponsor(facts: DeclinedSponsor, context: Context) -> Letter:
    meeting, day = meeting_of(context), when(facts.start, context, facts.end)
    return written(
        facts.KIND,
        context,
        about=f"nobody sits for {facts.department} yet",
        on=facts.start,
        title=f"Nobody sits for {facts.department} yet",
        lead=f"Choose who sits for {facts.department} in {meeting} on {day}: {facts.delegate} cannot come.",
        blocks=(
            *_choices(facts.deputies, context, f"for {facts.delegate}"),
            page_button(context),
            Paragraph("Without somebody the department has no say that day.", is_soft=True),
        ),
        because=f"you are the sponsor of {facts.department}",
        event=event(context, facts.start, facts.end),
    )


def deputy_asked(facts: DeputyAsked, context: Context) -> Letter:
    meeting, day = meeting_of(context), when(facts.start, context, facts.end)
    return written(
        facts.KIND,
        context,
        about=f"may {facts.deputy} decide for {facts.department}?",
        on=facts.start,
        title=f"May {facts.deputy} decide that day?",
        lead=f"Say whether {facts.deputy} may decide for {facts.department} in {meeting} on {day}: {facts.delegate} "
        "cannot come, and the deputy has no mandate.",
        blocks=(
            Facts((("They could decide", facts.scope), ("Money", money(facts.limit)))) if facts.scope else None,
            button(context, "grant", f"Let {facts.deputy} decide that day", is_first=True),
            Paragraph("It holds for this one day. Do nothing, and the seat stays empty."),
            page_button(context),
        ),
        because=f"you are the sponsor of {facts.department}",
        event=event(context, facts.start, facts.end),
    )


def _choices(deputies: Sequence[Mapping[str, Any]], context: Context, for_whom: str) -> list[Block | None]:
    if not deputies:
        return [Paragraph("No deputy is named for this seat. Ask the chair to add one, so that this is settled ahead.")]
    blocks: list[Block | None] = []
    for at, one in enumerate(deputies):
        name = one.get("name") or one.get("address") or "the deputy"
        blocks.append(button(context, f"stand-in:{at}", f"{name} sits {for_whom}", is_first=at == 0))
        if not one.get("has_mandate"):
            blocks.append(Paragraph(f"{name} has no mandate: the sponsor is asked first.", is_soft=True))
    return blocks


def _has_choice(deputies: Sequence[Mapping[str, Any]], context: Context) -> bool:
    return any(f"stand-in:{at}" in context.links for at, _ in enumerate(deputies))
