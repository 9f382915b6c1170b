"""The mails about decisions. None of them says what anybody thinks of one."""

from __future__ import annotations

from governance.mail.facts import EnteredForYou
from governance.mail.letter import Button, Context, Facts, Letter, Paragraph
from governance.mail.words.saying import meeting_of, page_of, when, written


def position_entered(facts: EnteredForYou, context: Context) -> Letter:
    """Which position it was is read on the page, by those who may."""
    meeting = meeting_of(context)
    address = f"{page_of(context)}/decisions/{facts.reference}"
    return written(
        facts.KIND,
        context,
        about=f"a position was entered for {facts.department}",
        title="A position was entered for your seat",
        lead=f"In {meeting}, a position on a decision was entered for {facts.department}, as said in the room.",
        blocks=(
            Facts((("Decision", facts.decision), ("You can correct it until", when(facts.until, context)))),
            Button("Read it on the page", address, is_first=True) if context.slug else None,
            Paragraph("Nothing is to be done where it says what you meant.", is_soft=True),
        ),
        because=f"you sit for {facts.department} in {meeting}",
    )
