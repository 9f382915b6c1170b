"""Mails about the guest list: who was taken off it, what waits, and who keeps undoing it.

Whoever is taken off is told in one of three ways. A colleague learns why, who their delegate is, how to brief them and
how to ask for a seat. Somebody from outside reads two neutral lines in which the only name is whom to write to. A group
or an unknown is told nothing; the chair is, who can admit them, give them the vacant seat, or undo it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from governance.mail.facts import Contested, Held, Removals, Removed, RemovedOutsider
from governance.mail.letter import Block, Context, Heading, Items, Letter, Paragraph
from governance.mail.words.saying import (
    button,
    count,
    meeting_of,
    page_button,
    person,
    sentence_start,
    subject,
    weekday,
    when,
    written,
)

_MOST_PEOPLE, _MOST_CHANGES = 12, 40
_DEEDS = {
    "add-guest": "Invite",
    "remove-guest": "Take off the invitation",
    "require-guest": "Make required",
    "clear-plus-ones": "Strike the extra guests of",
    "set-flag": "Switch off a setting of the invitation",
    "restore-charter": "Put our lines of the description back",
}


def removed(facts: Removed, context: Context) -> Letter:
    meeting = meeting_of(context)
    what = f"the meeting on {when(facts.when, context)}" if facts.when else "all its dates"
    return written(
        facts.KIND,
        context,
        about="you are no longer on the invitation",
        on=facts.when,
        title="You are no longer on the invitation",
        lead=f"You were taken off the invitation to {meeting}, for {what}.",
        blocks=(
            Paragraph(f"Why: {_sentence(facts.why)}"),
            Paragraph(
                "You did nothing wrong. Each department sends one person who can decide for it in the room, and the "
                "invitation is kept to them."
            ),
            *_of_your_department(facts, context),
            button(context, "apply", "Ask for a seat"),
        ),
        because=f"somebody had added you to the invitation to {meeting}",
        has_page=False,
    )


def _of_your_department(facts: Removed, context: Context) -> tuple[Block | None, ...]:
    if facts.contact is not None:
        return (Paragraph(f"If your department should be heard there, write to {facts.contact}."),)
    if facts.delegate is None:
        vacant = f"Nobody else sits for {facts.department} at the moment." if facts.department else ""
        return (Paragraph(vacant),) if vacant else ()
    for_whom = f" for {facts.department}" if facts.department else ""
    brief = f"Write to {facts.delegate_address}" if facts.delegate_address else f"Speak to {facts.delegate}"
    is_linked = "note" in context.links
    return (
        Paragraph(
            f"{facts.delegate} sits{for_whom}. {brief}{', or leave a note,' if is_linked else ''} and your point "
            f"is brought into the meeting."
        ),
        button(context, "note", f"Leave {facts.delegate} a note", is_first=True),
    )


def removed_outsider(facts: RemovedOutsider, context: Context) -> Letter:
    which = f" for {when(facts.when, context)}" if facts.when else ""
    line = f"You have been taken off the invitation{which}, which goes to a fixed list of people."
    return Letter(
        subject=subject(context, "a change to the invitation", facts.when),
        preheader=line,
        title="",
        blocks=(Paragraph(line), Paragraph(f"If you expected to take part, please write to {facts.contact}.")),
    )


def removals(facts: Removals, context: Context) -> Letter:
    people, number = facts.people[:_MOST_PEOPLE], len(facts.people)
    who = _name(facts.people[0]) if number == 1 else count(number, "person", "people")
    was = "was" if number == 1 else "were"
    blocks: list[Block | None] = []
    for at, one in enumerate(people):
        blocks += _taken_off(one, at, context)
    more = number - len(people)
    return written(
        facts.KIND,
        context,
        about=f"{who} {was} taken off the invitation",
        on=_day_of(facts.people),
        title=f"{who} {was} taken off",
        lead=f"The invitation to {meeting_of(context)} was put right: {who} {was} taken off, and you can still let "
        "them in.",
        blocks=(
            *blocks,
            Paragraph(f"And {more:,} more, on the meeting’s page.") if more else None,
            Paragraph(
                "The button leads to a page where you choose: admit them as a visitor, give them the vacant seat, or "
                "undo it for seven days.",
                is_soft=True,
            )
            if any(name.startswith("admit") for name in context.links)
            else None,
            page_button(context),
        ),
        because=f"you lead {meeting_of(context)}",
    )


def _taken_off(one: Mapping[str, Any], at: int, context: Context) -> list[Block | None]:
    day = when(one.get("when"), context) if one.get("when") else "All dates"
    told = (
        "They were told."
        if one.get("told")
        else f"No mail went to them: {_ended(one.get('note') or 'nobody knows who it is')}"
    )
    who = person(one.get("name"), one.get("address"))
    return [
        Items(((who, f"{day}. {_sentence(one.get('why') or 'Not on the roster')} {told}"),)),
        button(context, f"admit:{at}", f"Let {_name(one)} in"),
    ]


def held(facts: Held, context: Context) -> Letter:
    changes = facts.changes[:_MOST_CHANGES]
    more = facts.more + len(facts.changes) - len(changes)
    number = len(changes) + more
    wait = f"{count(number, 'change')} {'waits' if number == 1 else 'wait'}"
    return written(
        facts.KIND,
        context,
        about=f"{wait} for your decision",
        on=facts.next,
        title=f"{wait} for you",
        lead=f"Decide whether {'this change' if number == 1 else 'these changes'} to the invitation may be made; "
        "nothing of it happens before you do.",
        blocks=(
            *(Paragraph(f"Why it waits: {_sentence(why)}") for why in facts.whys),
            button(context, "decide", "Look and decide", is_first=True),
            Heading("What would change"),
            Items(tuple((_change(one), _why(one)) for one in changes)),
            Paragraph(f"And {more:,} more, on the page.") if more else None,
            Paragraph(
                "On the page you approve or reject all of it, admit somebody as a visitor, or give them a vacant seat.",
                is_soft=True,
            ),
        ),
        because=f"you lead {meeting_of(context)} or write for whoever does",
    )


def contested(facts: Contested, context: Context) -> Letter:
    what = _change({"deed": facts.deed, "who": facts.who})
    where = f" on {weekday(facts.when, context)}" if facts.when else ""
    return written(
        facts.KIND,
        context,
        about="somebody keeps undoing what the roster says",
        on=facts.when,
        title="Should the roster change?",
        lead=f"The same change was undone {facts.times:,} times within a day{where}, so it is now tried once an hour "
        "at most.",
        blocks=(
            Items(((what, _sentence(facts.reason)),)),
            Paragraph("Speak to whoever undoes it. If they are right, change the roster; if not, the roster stays."),
            button(context, "decide", "Decide what holds", is_first=True),
            page_button(context),
        ),
        because=f"you lead {meeting_of(context)}",
    )


def _change(one: Mapping[str, Any]) -> str:
    deed = str(one.get("deed") or "Change the invitation")
    said = _DEEDS.get(deed, sentence_start(deed))
    return f"{said}: {one['who']}" if one.get("who") else said


def _why(one: Mapping[str, Any]) -> str | None:
    """The rule's code is left out: the reason says it in words."""
    return str(one.get("reason") or "").strip() or None


def _name(one: Mapping[str, Any]) -> str:
    return str(one.get("name") or one.get("address") or "somebody")


def _day_of(people: list[dict[str, Any]]) -> str | None:
    """The one day that all of them were taken off, if there is one."""
    days = {one.get("when") for one in people}
    return days.pop() if len(days) == 1 else None


def _sentence(text: Any) -> str:
    return sentence_start(_ended(text))


def _ended(text: Any) -> str:
    said = str(text).strip()
    return said + ("" if said.endswith((".", "!", "?", "…")) else ".")
