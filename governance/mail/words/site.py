"""Mails about signing in, and about what keeps the service or its mails from working."""

from __future__ import annotations

from governance.mail.facts import Attention, SignIn, UndeliverableAddress
from governance.mail.letter import Context, Items, Letter, Paragraph, Quote
from governance.mail.words.saying import button, count, day, page_button, person, sentence_start, written

_MOST = 30


def sign_in(facts: SignIn, context: Context) -> Letter:
    minutes = count(facts.minutes, "minute")
    return written(
        facts.KIND,
        context,
        about="your link to sign in",
        title="Sign in",
        lead=f"Press the button to sign in to {context.site}: it works once, within {minutes}.",
        blocks=(
            button(context, "sign-in", "Sign in", is_first=True),
            Paragraph("You did not ask for this? Then leave it: without the link nobody gets in."),
            Paragraph("Please do not pass it on: whoever has it can sign in as you.", is_soft=True),
        ),
        because="somebody, most likely you, asked to sign in with this address",
        has_page=False,
    )


def undeliverable(facts: UndeliverableAddress, context: Context) -> Letter:
    who = person(facts.name, facts.address)
    waiting = tuple((sentence_start(one), None) for one in facts.waiting[:_MOST])
    return written(
        facts.KIND,
        context,
        about=f"{facts.name or facts.address} cannot be written to",
        title=f"Please check the address of {facts.name or 'this person'}",
        lead=f"Mails to {who} have come back since {day(facts.since, context)}, so nothing more is sent there.",
        blocks=(
            Paragraph(
                "Ask them which address is right and correct it in the roster; an administrator can also let "
                "this one be tried again."
            ),
            Paragraph("The mail server said:", is_soft=True),
            Quote(facts.answer),
            Paragraph("They have not been told:") if waiting else None,
            Items(waiting) if waiting else None,
            page_button(context),
        ),
        because="you lead the meeting that this address belongs to",
    )


def attention(facts: Attention, context: Context) -> Letter:
    problems = facts.problems[:_MOST]
    number = len(facts.problems)
    items = tuple((_remedy(one), _reason(one)) for one in problems)
    more = number - len(problems)
    return written(
        facts.KIND,
        context,
        about=f"{count(number, 'thing')} {'needs' if number == 1 else 'need'} your attention",
        title=f"{count(number, 'thing')} to put right",
        lead=f"{context.site} runs, and {'this' if number == 1 else 'these'} it cannot mend by itself.",
        blocks=(
            Items(items),
            Paragraph(f"And {more:,} more.") if more else None,
            Paragraph("“governance status” shows the same at any time, and “governance check” tries everything anew."),
        ),
        because="you look after this installation",
        has_page=False,
    )


def _remedy(problem: dict[str, object]) -> str:
    return f"{problem.get('remedy') or problem.get('text') or 'Look at the status page'}".rstrip(".") + "."


def _reason(problem: dict[str, object]) -> str:
    meeting = f"{problem['meeting']}: " if problem.get("meeting") else ""
    code = f" ({problem['code']})" if problem.get("code") else ""
    return sentence_start(f"{meeting}{problem.get('text') or ''}{code}".strip())
