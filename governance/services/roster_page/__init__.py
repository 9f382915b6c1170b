"""The roster of a meeting as a page shows it: who sits for whom, on whose word, until when, and who comes beside them.

    rows of the database → RosterPage → shared while nobody writes → cut for its reader

Judged for the day of the next occurrence, as the invitation is.
"""

from governance.services.roster_page.cutting import cut_for
from governance.services.roster_page.reading import RosterSource, done_last, roster_page, roster_source
from governance.services.roster_page.shared import SharedPages
from governance.services.roster_page.values import (
    ComingStandIn,
    Lead,
    RosterPage,
    RosterSeat,
    Upcoming,
    Visit,
)

__all__ = [
    "ComingStandIn",
    "Lead",
    "RosterPage",
    "RosterSeat",
    "RosterSource",
    "SharedPages",
    "Upcoming",
    "Visit",
    "cut_for",
    "done_last",
    "roster_page",
    "roster_source",
]
