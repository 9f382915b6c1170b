"""What Google said, as values: an event, its guests, and the picture of a governed series.

Nothing here knows how Google spells a field; `received` beside it does. A guest keeps
the entry exactly as it was received, because surviving guests are sent back unchanged: an entry that
is rebuilt loses its answer (Calendar API, events.patch: arrays are replaced whole).
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from operator import attrgetter
from typing import Any

from governance.domain.people import fold_address


@dataclass(frozen=True, slots=True)
class Guest:
    """One entry of a guest list; `received` is Google's own entry, carried unchanged."""

    address: str | None
    """Folded e-mail address; None where Google gave only an id or a name (nobody we can identify)."""
    name: str | None = None
    answer: str = "needsAction"
    optional: bool = False
    resource: bool = False
    organizer: bool = False
    plus_ones: int = 0
    received: Mapping[str, Any] = field(default_factory=dict, compare=False)

    @property
    def has_declined(self) -> bool:
        return self.answer == "declined"


@dataclass(frozen=True, slots=True)
class ObservedEvent:
    """A series, one occurrence of it, or a single event, as one calendar holds it.

    `original_start` is set on occurrences only and is an instant (all-day: midnight in the event's
    zone). `start` and `end` are None on the bare form of a cancelled event.
    """

    id: str
    etag: str
    status: str = "confirmed"
    summary: str = ""
    recurrence: tuple[str, ...] = ()
    series_id: str | None = None
    original_start: datetime | None = None
    start: datetime | None = None
    end: datetime | None = None
    all_day: bool = False
    time_zone: str | None = None
    organizer: str | None = None
    organizer_is_calendar: bool = False
    guests: tuple[Guest, ...] = ()
    guests_omitted: bool = False
    guests_can_invite: bool = True
    guests_can_modify: bool = False
    description: str = ""
    private_properties: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_cancelled(self) -> bool:
        return self.status == "cancelled"

    @property
    def is_recurring(self) -> bool:
        return bool(self.recurrence)

    @property
    def guests_are_known(self) -> bool:
        """Whether the list is the whole list of identifiable guests: only then may it be written (I14)."""
        return not self.guests_omitted and all(guest.address for guest in self.guests)

    @property
    def addresses(self) -> frozenset[str]:
        """Folded addresses of the guests, rooms left out."""
        return frozenset(g.address for g in self.guests if g.address and not g.resource)

    def guest(self, address: str) -> Guest | None:
        folded = fold_address(address)
        return next((guest for guest in self.guests if guest.address == folded), None)

    def read(self) -> ObservedEvent:
        """Itself; what a listing brought becomes one by this."""
        return self

    def to_stored(self) -> str:
        """JSON text from which `from_json` makes the same value."""
        return json.dumps(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """A JSON object from which `from_json` makes the same value; default values are left out."""
        plain = zip(_PLAIN, _plain_values(self), _PLAIN_DEFAULTS, strict=True)
        written = {name: value for name, value, default in plain if value != default}
        for name, instant in zip(_INSTANTS, _instants(self), strict=True):
            if instant is not None:
                written[name] = instant.isoformat()
        if self.recurrence:
            written["recurrence"] = list(self.recurrence)
        if self.guests:
            written["guests"] = [_guest_to_json(guest) for guest in self.guests]
        return written

    @classmethod
    def from_json(cls, written: Mapping[str, Any]) -> ObservedEvent:
        values = dict(written)
        for name in _INSTANTS:
            if name in values:
                values[name] = datetime.fromisoformat(values[name])
        if "guests" in values:
            values["guests"] = tuple(_guest_from_json(guest) for guest in values["guests"])
        if "recurrence" in values:
            values["recurrence"] = tuple(values["recurrence"])
        return cls(**values)


_INSTANTS = ("original_start", "start", "end")
_PLAIN = tuple(
    one.name for one in dataclasses.fields(ObservedEvent) if one.name not in {*_INSTANTS, "recurrence", "guests"}
)
_instants, _plain_values = attrgetter(*_INSTANTS), attrgetter(*_PLAIN)
_PLAIN_DEFAULTS = (None, None, *_plain_values(ObservedEvent(id="", etag=""))[2:])  # id and etag are always written


def _guest_to_json(guest: Guest) -> list[Any]:
    """The fields in their order: thousands of guests are stored in one go, and a list costs a tenth of an object."""
    return [
        guest.address,
        guest.name,
        guest.answer,
        guest.optional,
        guest.resource,
        guest.organizer,
        guest.plus_ones,
        guest.received,
    ]


def _guest_from_json(written: list[Any]) -> Guest:
    return Guest(*written)
