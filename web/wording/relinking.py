"""Why a meeting cannot go on in an event, as a page says it."""

from __future__ import annotations

from governance.services.relinking import LookedEvent


def refusal(event: LookedEvent, said: str) -> str:
    """Remedies name options of commands; what a page can offer is another event."""
    if not event.is_own:
        return "Choose an event that this calendar organises: only the organiser’s own copy can be kept in order."
    return said
