"""What the forms of a decision ask."""

from __future__ import annotations

from collections.abc import Iterable

from governance.domain.decisions.values import Answer, Option, Stance
from governance.domain.money import as_decimal
from governance.services.attendance.reading import SeatTerms
from governance.services.decisions.deciding import LONGEST_ANSWER
from governance.services.decisions.drafting import LONGEST_TITLE, LONGEST_WORDS, Terms
from governance.services.decisions.options import LONGEST_OPTION
from governance.services.decisions.voicing import LONGEST_VOICE
from web.forms.fields import Field, Kind
from web.wording.charter import WAYS

WORDING = (
    Field("title", "What it is about", longest=LONGEST_TITLE, hint="A line, as it will stand in the log."),
    Field(
        "question", "The question to decide", Kind.WORDS, is_required=False, longest=LONGEST_WORDS,
        hint="One that can be answered: which of these, by when, for how much.",
    ),
    Field(
        "customer", "For which customers", is_required=False,
        hint="Who will notice that it was decided. Everybody with a page of the meeting reads it once it is closed.",
    ),
)  # fmt: skip


def terms_fields(terms: Terms, seats: Iterable[SeatTerms], currency: str) -> tuple[Field, ...]:
    """All that a draft says besides its options, as it is saved now."""
    saved = {"title": terms.title, "question": terms.question, "customer": terms.customer}
    money = "" if terms.money_minor is None else as_decimal(terms.money_minor, currency)
    return (
        *(_with(one, saved[one.name]) for one in WORDING),
        Field(
            "why_few_options", "Why there are fewer than two options", Kind.WORDS, is_required=False,
            value=terms.why_few_options, longest=LONGEST_WORDS, hint="Only where you have not found a second one.",
        ),
        Field(
            "money", f"What it costs, in {currency}", Kind.MONEY, is_required=False, value=money,
            hint="Beyond the limit of whoever pays, their sponsor is asked.",
        ),
        Field(
            "payer", "Who pays", Kind.CHOICE, is_required=False, value=str(terms.payer or ""),
            choices=(("", "Nobody yet"), *((str(one.id), one.department) for one in seats)),
        ),
        Field(
            "way", "How it is decided", Kind.CHOICE, value=terms.way.value,
            choices=tuple((one.value, words) for one, words in WAYS.items()),
        ),
    )  # fmt: skip


def option_fields(option: Option | None) -> tuple[Field, ...]:
    """Of *do nothing* only what it brings and costs can be said."""
    is_nothing = option is not None and option.is_nothing
    text = Field(
        "text", "What is done", Kind.WORDS, longest=LONGEST_OPTION, value=option.text if option else "",
        hint="As it would be carried out; it becomes the wording where it is decided.",
    )  # fmt: skip
    return (
        *(() if is_nothing else (text,)),
        Field(
            "customer_effect", "What customers notice", Kind.WORDS, is_required=False, longest=LONGEST_OPTION, rows=2,
            value=option.customer_effect if option else "",
        ),
        Field(
            "cost", "What doing nothing costs" if is_nothing else "What it costs", Kind.WORDS, rows=2,
            is_required=is_nothing, longest=LONGEST_OPTION, value=option.cost if option else "",
        ),
        Field(
            "risk", "What could go wrong", Kind.WORDS, is_required=False, longest=LONGEST_OPTION, rows=2,
            value=option.risk if option else "",
        ),
    )  # fmt: skip


STANCES = (
    (Stance.FAVOUR.value, "In favour"),
    (Stance.LIVE.value, "Can live with it"),
    (Stance.OBJECT.value, "Objects"),
    (Stance.HOLD.value, "Objects, and takes time to write it"),
    (Stance.RECUSE.value, "Recused"),
)

VOICE = (
    Field("stance", "What they said", Kind.CHOICE, choices=STANCES),
    Field("interest", "What matters to them", Kind.WORDS, is_required=False, longest=LONGEST_VOICE, rows=2),
    Field("reason", "Why", Kind.WORDS, is_required=False, longest=LONGEST_VOICE, rows=2),
    Field("removes", "What would remove the objection", Kind.WORDS, is_required=False, longest=LONGEST_VOICE, rows=2),
    Field("hold_until", "Written until", Kind.MOMENT, is_required=False, hint="Where it takes time to be written."),
)


def answer_fields(proposal: str) -> tuple[Field, ...]:
    return (
        Field(
            "answer", "What becomes of it", Kind.CHOICE,
            choices=(
                (Answer.OPTION_CHANGED.value, "The proposal is changed, and every seat is asked anew"),
                (Answer.MEASURE_ADDED.value, "A measure is added"),
                (Answer.DECLINED.value, "It is declined, with the reason"),
            ),
        ),
        Field(
            "words", "Which measure, or why", Kind.WORDS, longest=LONGEST_ANSWER,
            hint="Whoever may read the positions reads it, the seat that objected first of all.",
        ),
        Field(
            "proposal", "How the proposal reads then", Kind.WORDS, is_required=False, longest=LONGEST_OPTION,
            value=proposal, hint="Only where it is changed.",
        ),
    )  # fmt: skip


def _with(field: Field, value: str) -> Field:
    return Field(field.name, field.label, field.kind, field.hint, field.is_required, value=value, longest=field.longest)
