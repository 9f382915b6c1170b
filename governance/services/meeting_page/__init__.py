"""What the page of a meeting shows, as values: read once, composed purely, put into words by the web.

    rows of the database → MeetingPage(health, seats, held changes by person, findings by rule, last acts)
                         → cut for its reader

Nothing is judged anew here: findings and changes are those the reconciler recorded.
"""

from governance.services.meeting_page.cutting import cut_for
from governance.services.meeting_page.listing import next_starts
from governance.services.meeting_page.reading import meeting_page, page_stamp
from governance.services.meeting_page.values import (
    Answer,
    DeputyLine,
    ExtraLine,
    Fate,
    Health,
    Held,
    HeldPerson,
    MandateLine,
    MeetingPage,
    PersonLine,
    Remark,
    RuleFindings,
    SeatLine,
    Trouble,
    TroubleLine,
    Verdict,
)

__all__ = [
    "Answer",
    "DeputyLine",
    "ExtraLine",
    "Fate",
    "Health",
    "Held",
    "HeldPerson",
    "MandateLine",
    "MeetingPage",
    "PersonLine",
    "Remark",
    "RuleFindings",
    "SeatLine",
    "Trouble",
    "TroubleLine",
    "Verdict",
    "cut_for",
    "meeting_page",
    "next_starts",
    "page_stamp",
]
