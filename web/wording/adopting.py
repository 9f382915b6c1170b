"""The words of an adoption: its steps, what is ours and what never, and why an event cannot be adopted."""

from __future__ import annotations

from datetime import datetime

from governance.domain.errand import FoundEvent
from governance.domain.first_roster import Candidate, Standing
from governance.reconcile.observed import ObservedEvent
from web.wording import times

STEPS = (
    ("adopt.calendar", "Calendar"),
    ("adopt.event", "Event"),
    ("adopt.meeting", "Meeting"),
    ("adopt.departments", "Departments"),
    ("adopt.seats", "Delegates"),
    ("adopt.consequences", "What follows"),
)

OURS = (
    ("The guest list", "Whoever has a seat is added, whoever has none is taken off."),
    ("The guest flags", "Guests neither invite others nor change the event; everybody is required, without plus-ones."),
    ("A marked block in the description", "Between two plain lines, and only once the meeting has a charter."),
    ("Private properties", "Invisible to guests: that this service looks after the event."),
)  # fmt: skip
NEVER = (
    "Title, time, recurrence and place",
    "The video conference and its settings",
    "The rest of the description, byte for byte",
    "Reminders, colours, attachments, and the properties of other programs",
    "Answers of those who stay",
    "Every other event of this calendar",
)


def unfit(event: FoundEvent, governed: dict[str, str]) -> str | None:
    """Why the event cannot be adopted."""
    if event.event in governed:
        return f"Governed already, as {governed[event.event]}"
    if not event.is_own:
        whose = event.organizer or "somebody else"
        return f"Choose the calendar of {whose} instead: only the organiser’s own copy can be kept in order"
    return None


def starts(moment: datetime | None, zone: str, otherwise: str) -> str:
    """In the event's own zone; in the calendar's where nobody here knows that one."""
    if moment is None:
        return "not known"
    try:
        return times.start(moment, zone)
    except (KeyError, ValueError, OSError):
        return times.start(moment, otherwise)


def repeats(event: ObservedEvent) -> str:
    words = {"DAILY": "every day", "WEEKLY": "every week", "MONTHLY": "every month", "YEARLY": "every year"}
    rule = next((line for line in event.recurrence if line.startswith("RRULE")), "")
    parts = dict(part.split("=", 1) for part in rule.partition(":")[2].split(";") if "=" in part)
    said = words.get(parts.get("FREQ", ""), "as the calendar says")
    return said if parts.get("INTERVAL", "1") == "1" else f"{said}, with gaps of {parts['INTERVAL']}"


def stays(one: Candidate, chair: str) -> str:
    """Of whom nothing is decided: what becomes of them by itself."""
    if one.standing is Standing.ROOM:
        return "A room: stays, and is never touched"
    if one.standing is Standing.GROUP:
        return "A mailing list or group: is taken off without a mail, because seats are for people"
    return (
        "Chair: stays, with a seat or without" if one.address == chair else "Organiser: stays, with a seat or without"
    )


def usual_scope(department: str) -> str:
    """What a mandate says unless somebody says otherwise."""
    return f"Decides for {department} in this meeting"


def outsiders(candidates: tuple[Candidate, ...], seated: set[str]) -> list[Candidate]:
    return [
        one for one in candidates if one.standing is Standing.PERSON and not one.is_inside and one.address not in seated
    ]
