"""The closing checklist as a form: what is known stands in it, so that an ordinary decision takes three fields."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from uuid import UUID

from governance.domain.decisions.values import Checklist, Elector
from governance.services.decisions.closing import LONGEST_LINE, LONGEST_TEXT
from governance.services.decisions.closing_page import ClosingPart
from web.forms.fields import Field, Kind, Typed

SOMEBODY_ELSE = "other"
_LONGEST_PLAN = timedelta(days=10 * 366)
"""How far ahead a day may lie: beyond that somebody has mistyped the year."""


def closing_fields(part: ClosingPart, electors: tuple[Elector, ...], owner: str) -> tuple[Field, ...]:
    """`owner` is the name of whoever was named before; somebody else without a seat is named by address."""
    asked = part.checklist
    seats = {one.person: f"{one.name or one.department}, {one.department}" for one in electors}
    if asked.owner is not None:
        seats.setdefault(asked.owner, owner or "Who was named before")
    choices = tuple((str(person), words) for person, words in seats.items())
    latest, must = part.today + _LONGEST_PLAN, part.is_asked_for
    return (
        Field(
            "text", "The wording", Kind.WORDS, "As it stands in the log for ever.", must, value=asked.text, rows=4,
            longest=LONGEST_TEXT,
        ),
        Field(
            "owner", "Owner", Kind.CHOICE, "Answers for it until it is done.", must,
            (*choices, (SOMEBODY_ELSE, "Somebody else, by address")),
            value=str(asked.owner or ""),
        ),
        Field(
            "owner_email", "Address of somebody else", Kind.ADDRESS, "Only where the owner has no seat.", False,
        ),
        Field(
            "due_on", "Until when", Kind.DAY, is_required=must, value=_iso(asked.due_on), earliest=part.today,
            latest=latest,
        ),
        Field("teller", "Who tells the customer, and how", is_required=must, value=asked.teller, longest=LONGEST_LINE),
        Field(
            "customer_effect", "What it does for customers", Kind.WORDS, is_required=must, value=asked.customer_effect,
            longest=LONGEST_TEXT,
        ),
        Field(
            "review_on", "Looked at again on", Kind.DAY, "Then it is back on the agenda.", must,
            value=_iso(asked.review_on), earliest=part.today, latest=latest,
        ),
        Field("informed", "Who is informed", is_required=must, value=asked.informed, longest=LONGEST_LINE),
    )  # fmt: skip


def faults_of(typed: Typed, *, is_read_back: bool, part: ClosingPart) -> dict[str, str]:
    """What each field lacks, with what only shows when several are looked at together."""
    found = dict(typed.faults)
    if typed.values.get("owner") == SOMEBODY_ELSE and not typed.values.get("owner_email"):
        found.setdefault("owner_email", "Enter the address of the owner")
    if part.is_asked_for and not is_read_back:
        found["read_back"] = "Read the wording to the room, then tick this"
    return found


def checklist_of(typed: Typed, part: ClosingPart, owner: UUID | None) -> Checklist:
    """Without whether it was read back, which is no field."""
    values: Mapping[str, object] = typed.values
    return Checklist(
        text=str(values.get("text") or ""),
        owner=owner,
        due_on=typed.day("due_on"),
        customer_effect=str(values.get("customer_effect") or ""),
        teller=str(values.get("teller") or ""),
        review_on=typed.day("review_on"),
        informed=str(values.get("informed") or ""),
    )


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
