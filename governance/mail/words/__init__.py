"""What each kind of mail says, in one place: facts and context in, a letter out.

Every text that comes in has been made safe. A link that is missing leaves its button out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from governance.mail.facts import Facts
from governance.mail.letter import Context, Letter
from governance.mail.words import (
    asking,
    attending,
    briefing,
    closing,
    deciding,
    guests,
    mandates,
    offering,
    promising,
    seats,
    site,
    standing_in,
    summarising,
)

_WRITERS: Mapping[str, Callable[[Any, Context], Letter]] = {
    "sign-in": site.sign_in,
    "removed": guests.removed,
    "removed-outsider": guests.removed_outsider,
    "removals": guests.removals,
    "held": guests.held,
    "seat": seats.seat,
    "mandate-requested": mandates.requested,
    "mandate-confirmed": mandates.confirmed,
    "mandate-declined": mandates.declined,
    "mandate-withdrawn": mandates.withdrawn,
    "mandate-ending": mandates.ending,
    "declined": standing_in.declined,
    "declined-sponsor": standing_in.declined_sponsor,
    "deputy-asked": standing_in.deputy_asked,
    "contested": guests.contested,
    "application": asking.application,
    "offer": offering.offer,
    "offer-over": offering.over,
    "application-declined": offering.application_declined,
    "note": asking.note,
    "seat-at-risk": attending.seat_at_risk,
    "promise-due": promising.due,
    "promise-late": promising.late,
    "promise-asked": promising.asked,
    "promise-answered": promising.answered,
    "position-entered": deciding.position_entered,
    "ratification-asked": closing.ratification_asked,
    "ratification-answered": closing.ratification_answered,
    "commitment-asked": closing.commitment_asked,
    "decision-closed": closing.decision_closed,
    "summary": summarising.summary,
    "summaries": summarising.summaries,
    "brief": briefing.brief,
    "brief-asked": briefing.asked,
    "brief-changed": briefing.changed,
    "sponsor-week": briefing.sponsor_week,
    "undeliverable": site.undeliverable,
    "attention": site.attention,
}


def letter(facts: Facts, context: Context) -> Letter:
    return _WRITERS[facts.KIND](facts, context)
