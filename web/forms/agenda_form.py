"""What an item of the agenda is asked for, and what becomes of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from governance.domain.agenda import LONGEST_BOX, Coming, Outcome, Purpose, must_choose
from governance.services.agenda.acting import Fate, Wording
from governance.services.agenda.values import AgendaLine, AgendaPage, Item
from governance.services.promises.acting import LONGEST_PLAN
from web.forms.fields import Field, Kind, Typed
from web.wording.agenda import FATES, MOVED, occasion, purposes


def item_fields() -> tuple[Field, ...]:
    return (
        Field("title", "What it is about"),
        Field("purpose", "What for", Kind.CHOICE, choices=purposes()),
        Field(
            "minutes", "How many minutes", Kind.NUMBER, is_required=False, hint=f"The timebox, from 1 to {LONGEST_BOX}."
        ),
        Field("customer", "Which customer it concerns", is_required=False),
        Field(
            "papers", "Papers", Kind.WORDS, is_required=False, longest=2000, rows=4,
            hint="One a line: a title, an address beginning with https://, or both.",
        ),
    )  # fmt: skip


def wording_of(typed: Typed) -> Wording:
    value = typed.values
    return Wording(
        title=value["title"],
        purpose=Purpose(value["purpose"]),
        minutes=value["minutes"],
        papers=value["papers"] or "",
        customer=value["customer"] or "",
    )


def as_typed(item: Item) -> dict[str, str]:
    """The form as it is saved."""
    return {
        "title": item.title,
        "purpose": item.purpose.value,
        "minutes": str(item.minutes or ""),
        "customer": item.customer,
        "papers": "\n".join(item.papers),
    }


def fate_fields(page: AgendaPage, line: AgendaLine, people: Sequence[Any], today: date) -> tuple[Field, ...]:
    """Only what may still be chosen: before the start an item can be moved, from the third return on it cannot."""
    outcomes = [(one.value, FATES[one]) for one in line.choices]
    ahead = _elsewhere(page)
    if ahead and not must_choose(line.returns) and (Outcome.CARRIED in line.choices or not page.has_begun):
        outcomes.append(MOVED)
    fields = [
        Field("outcome", "What becomes of it", Kind.CHOICE, choices=tuple(outcomes)),
        Field(
            "words", "In a few words", is_required=False, longest=300,
            hint="To whom it is delegated, or why it is dropped. Those with a seat can read it.",
        ),
    ]  # fmt: skip
    if MOVED in outcomes:
        choices = tuple((one.key.isoformat(), occasion(one, page.time_zone)) for one in ahead)
        fields.append(
            Field(
                "to", "To which occurrence", Kind.CHOICE, is_required=False, choices=choices, hint="Where it is moved."
            )
        )
    if Outcome.ASSIGNED in line.choices:
        choices = tuple(dict.fromkeys((str(one.id), one.name) for one in people))
        fields += [
            Field("person", "Who does it", Kind.CHOICE, is_required=False, choices=choices, hint="For a promise."),
            Field(
                "day", "Until when", Kind.DAY, is_required=False, earliest=today,
                latest=today + LONGEST_PLAN, hint="For a promise.",
            ),
        ]  # fmt: skip
    return tuple(fields)


def fate_of(typed: Typed) -> Fate:
    person = typed.values.get("person")
    return Fate(
        outcome=Outcome(typed.values["outcome"]),
        words=typed.values.get("words") or "",
        person=UUID(person) if person else None,
        day=typed.day("day"),
    )


def _elsewhere(page: AgendaPage) -> list[Coming]:
    if page.has_begun:
        return list(page.ahead)
    return [one for one in page.coming if one.key.isoformat() != page.key]
