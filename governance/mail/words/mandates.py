"""Mails about what somebody may decide: to the sponsor who says it, to the delegate it is about, to the chair."""

from __future__ import annotations

from governance.mail.facts import (
    MandateConfirmed,
    MandateDeclined,
    MandateEnding,
    MandateRequested,
    MandateWithdrawn,
)
from governance.mail.letter import Block, Context, Facts, Heading, Letter, Markdown, Paragraph, Quote
from governance.mail.words.saying import (
    button,
    count,
    day,
    meeting_of,
    money,
    page_button,
    period,
    sentence_start,
    written,
)


def requested(facts: MandateRequested, context: Context) -> Letter:
    meeting = meeting_of(context)
    role = "may sit" if facts.is_deputy else "sits"
    return written(
        facts.KIND,
        context,
        about=f"what may {facts.delegate} decide?",
        title=f"What may {facts.delegate} decide?",
        lead=f"Please say what {facts.delegate}, who {role} for {facts.department} in {meeting}, may decide there "
        "without asking back.",
        blocks=(
            *_recorded(facts, context),
            button(context, "answer", "Confirm, change or decline", is_first=True),
            Paragraph("You say it once. We remind you before it ends, and you can withdraw it at any time."),
            *((Heading("What the meeting is for"), Markdown(facts.purpose)) if facts.purpose else ()),
        ),
        because=f"you are the sponsor of {facts.department}",
    )


def _recorded(facts: MandateRequested, context: Context) -> tuple[Block, ...]:
    if facts.scope is None:
        return (Paragraph(f"Nothing is recorded yet. Until you answer, {facts.delegate} has no say in the room."),)
    return (
        Paragraph(f"Recorded so far{f' by {facts.recorded_by}' if facts.recorded_by else ''}:"),
        Facts(
            (
                ("May decide", facts.scope),
                ("Money", money(facts.limit)),
                ("Time", period(facts.first_day, facts.last_day, context) or "from today"),
            )
        ),
    )


def confirmed(facts: MandateConfirmed, context: Context) -> Letter:
    meeting = meeting_of(context)
    did = "changed" if facts.changed else "confirmed"
    return written(
        facts.KIND,
        context,
        about=f"your mandate is {did}",
        title=f"Your mandate is {did}",
        lead=f"{facts.sponsor} has {did} what you may decide for {facts.department} in {meeting}.",
        blocks=(
            Facts(
                (
                    ("You may decide", facts.scope),
                    ("Money", money(facts.limit)),
                    ("Time", period(facts.first_day, facts.last_day, context)),
                )
            ),
            Paragraph("Within this you need not ask anybody. What goes beyond it you bring back to your sponsor."),
            page_button(context),
        ),
        because=f"you sit for {facts.department} in {meeting}",
    )


def declined(facts: MandateDeclined, context: Context) -> Letter:
    meeting = meeting_of(context)
    whose = f"{facts.person}’s mandate" if facts.to_chair else "your mandate"
    then = f"Speak to {facts.sponsor}: they can say something else, or name another delegate for {facts.department}."
    return written(
        facts.KIND,
        context,
        about=f"{whose} was declined",
        title=f"{sentence_start(whose)} was declined",
        lead=f"{facts.sponsor} does not want {facts.person if facts.to_chair else 'you'} to decide this for "
        f"{facts.department} in {meeting}.",
        blocks=(
            Facts((("What was asked for", facts.scope),)),
            *_why(facts.why, facts.sponsor),
            Paragraph(then),
            page_button(context),
        ),
        because=_because(facts.department, context, to_chair=facts.to_chair),
    )


def withdrawn(facts: MandateWithdrawn, context: Context) -> Letter:
    meeting = meeting_of(context)
    whose = f"{facts.person}’s mandate" if facts.to_chair else "your mandate"
    return written(
        facts.KIND,
        context,
        about=f"{whose} was withdrawn",
        title=f"{sentence_start(whose)} was withdrawn",
        lead=f"{facts.by} has withdrawn what {facts.person if facts.to_chair else 'you'} could decide for "
        f"{facts.department} in {meeting}.",
        blocks=(
            Facts((("It was", facts.scope),)),
            *_why(facts.why, facts.by),
            Paragraph(
                f"Speak to {facts.by} about what comes next. What was decided until now stays decided."
                + (f" Until there is a new mandate, nobody decides for {facts.department}." if facts.to_chair else "")
            ),
            page_button(context),
        ),
        because=_because(facts.department, context, to_chair=facts.to_chair),
    )


def ending(facts: MandateEnding, context: Context) -> Letter:
    meeting = meeting_of(context)
    whose = f"{facts.person}’s mandate" if facts.to_sponsor else "your mandate"
    left = "today" if facts.days == 0 else "tomorrow" if facts.days == 1 else f"in {count(facts.days, 'day')}"
    whom = facts.person if facts.to_sponsor else "you"
    after = f"After {day(facts.last_day, context)} {whom} can decide nothing there."
    then = (
        f"Renew it with one click, or say something else for {facts.department}."
        if facts.to_sponsor
        else "Your sponsor has been asked as well; a word from you helps."
    )
    return written(
        facts.KIND,
        context,
        about=f"{whose} ends {left}",
        title=f"{sentence_start(whose)} ends {left}",
        lead=f"What {whom} may decide for {facts.department} in {meeting} ends on {day(facts.last_day, context)}.",
        blocks=(
            Facts(
                (
                    ("May decide", facts.scope),
                    ("Money", money(facts.limit)),
                    ("Until", day(facts.last_day, context)),
                )
            ),
            Paragraph(f"{after} {then}"),
            button(context, "renew", "Renew it", is_first=True),
            page_button(context),
        ),
        because=f"you are the sponsor of {facts.department}"
        if facts.to_sponsor
        else f"you sit for {facts.department} in {meeting}",
    )


def _why(why: str | None, who: str) -> tuple[Block, ...]:
    return (Paragraph(f"{who} writes:"), Quote(why)) if why else ()


def _because(department: str, context: Context, *, to_chair: bool) -> str:
    return f"you lead {meeting_of(context)}" if to_chair else f"you sit for {department} in {meeting_of(context)}"
