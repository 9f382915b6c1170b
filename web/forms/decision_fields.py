"""What the forms of a decision ask."""

from __future__ import annotations

from governance.services.decisions.drafting import LONGEST_TITLE, LONGEST_WORDS
from web.forms.fields import Field, Kind

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
