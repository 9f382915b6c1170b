"""The waiting lists of a meeting as a page shows them: who waits for which seat, why in that order, what is offered.

rows of the database → WaitingPage → cut for its reader
"""

from governance.services.waiting_page.cutting import cut_for
from governance.services.waiting_page.reading import waiting_of_seat, waiting_page
from governance.services.waiting_page.values import NoteLine, OfferLine, OwnPlace, PlaceLine, WaitingPage, WaitingSeat

__all__ = [
    "NoteLine",
    "OfferLine",
    "OwnPlace",
    "PlaceLine",
    "WaitingPage",
    "WaitingSeat",
    "cut_for",
    "waiting_of_seat",
    "waiting_page",
]
