"""The decisions of a summary: closed, not closed yet and why, and what each seat has still to say. Pure.

Computed as whoever may not read positions sees them, for every reader alike: the rows behind it hold none.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from governance.domain.attendance import Timing
from governance.domain.decisions.committing import pledged
from governance.domain.decisions.life import Remark
from governance.domain.decisions.positions import unheard
from governance.domain.decisions.values import Decision, Pledge
from governance.models import Decision as Row
from governance.models import Meeting
from governance.services.attendance.reading import Happened, SeatTerms, Settings, timing_of
from governance.services.decisions.derived import derived
from governance.services.decisions.presence import Sitting, sitting_at
from governance.services.decisions.reading import decision_from
from governance.services.links import Purpose
from governance.services.summaries.values import Facts, Owed, Period


@dataclass(frozen=True, slots=True)
class Known:
    """A decision as everybody may know it who reads drafts.

    `sitting` is who sat for which seat at its occurrence, `lacking` what keeps it from closing.
    """

    row: Row
    owner: str
    value: Decision
    sitting: Mapping[UUID, Sitting]
    timing: Timing | None
    lacking: tuple[Remark, ...] = ()

    @property
    def ref(self) -> str:
        return self.row.number or str(self.row.id)

    def is_closed_in(self, period: Period) -> bool:
        closed = self.value.closed_at
        return closed is not None and period.since < closed <= period.until


def known_decisions(
    rows: Iterable[Any], said: Iterable[Any], seats: Sequence[SeatTerms], of_all: Happened, settings: Settings,
    meeting: Meeting, now: datetime,
) -> tuple[Known, ...]:  # fmt: skip
    by_decision: dict[UUID, list[Any]] = defaultdict(list)
    for one in said:
        by_decision[one.decision_id].append(one)
    found: list[Known] = []
    sittings: dict[UUID, Mapping[UUID, Sitting]] = {}
    for row in rows:
        value = decision_from(row.Decision, by_decision[row.Decision.id])
        occurrence = row.Occurrence
        timing = timing_of(occurrence, settings.charter) if occurrence else None
        if timing and occurrence.id not in sittings:
            sittings[occurrence.id] = sitting_at(seats, of_all, occurrence.id, timing, meeting.time_zone, now)
        sitting = sittings[occurrence.id] if timing else {}
        lacking = _lacking(value, meeting, settings, sitting, timing, now) if value.closed_at is None else ()
        found.append(Known(row.Decision, row.owner or "", value, sitting, timing, lacking))
    return tuple(found)


def _lacking(
    value: Decision, meeting: Meeting, settings: Settings, sitting: Mapping[UUID, Sitting], timing: Timing | None,
    now: datetime,
) -> tuple[Remark, ...]:  # fmt: skip
    """Before it is decided only what that needs: nobody is behind with a closing that is not due yet."""
    part = derived(value, meeting, settings, sitting, timing, now, reads_positions=False).closing
    found = tuple(found.remark for found in part.findings if found.is_blocking)
    return found if value.decided_at is not None else tuple(one for one in found if one.rule in TO_DECIDE)


TO_DECIDE = {"D02", "D03"}


def closed_lines(known: Iterable[Known], period: Period) -> tuple[Facts, ...]:
    return tuple(
        {
            "number": one.row.number,
            "title": one.row.title,
            "owner": one.owner or None,
            "due_on": one.row.due_on.isoformat() if one.row.due_on else None,
            "customer": one.row.customer or None,
        }
        for one in known
        if one.is_closed_in(period)
    )


def open_lines(known: Iterable[Known]) -> tuple[Facts, ...]:
    """What keeps each from closing; one that nothing keeps is not listed, it only waits to be closed."""
    found = []
    for one in known:
        missing = [words for remark in one.lacking for words in _lacks(remark)]
        if one.value.decided_at is None:
            missing.append("that it is decided")
        if missing and one.value.closed_at is None:
            found.append({"ref": one.ref, "title": one.row.title, "missing": missing})
    return tuple(found)


def _lacks(remark: Remark) -> list[str]:
    """Of the checklist each thing by itself."""
    return list(lacking_fields(remark)) or [remark.reason]


def lacking_fields(remark: Remark) -> tuple[str, ...]:
    return tuple(remark.reason.removeprefix("missing: ").split(", ")) if remark.rule == "D05" else ()


def committed_lines(known: Iterable[Known], period: Period) -> tuple[Facts, ...]:
    return tuple(
        {"ref": one.ref, "title": one.row.title, "said": len(own_words(one.value)), "of": len(one.value.electors)}
        for one in known
        if one.value.decided_at is not None and (one.value.closed_at is None or one.is_closed_in(period))
    )


def commitments_owed(
    known: Iterable[Known], settings: Settings, today: date, period: Period
) -> Mapping[UUID, tuple[Owed, ...]]:
    """By person: whoever speaks for a seat that has not said yet what it will do about what was decided."""
    found: dict[UUID, list[Owed]] = defaultdict(list)
    for one in known if settings.modes.is_on("D06") else ():
        if one.value.decided_at is None or (one.value.closed_at is not None and not one.is_closed_in(period)):
            continue
        said = own_words(one.value)
        for elector in one.value.electors:
            for person in _speakers(one, elector.seat, today) if elector.seat not in said else ():
                found[person].append(_commitment(one, elector.seat))
    return {person: tuple(owed) for person, owed in found.items()}


def own_words(decision: Decision) -> frozenset[UUID]:
    """Seats that have said themselves what they will do."""
    return frozenset(seat for seat, one in pledged(decision).items() if one.pledge is not Pledge.NO_ANSWER)


def silences(known: Iterable[Known], period: Period, now: datetime) -> Iterator[tuple[UUID, str]]:
    """Seats that were there and not heard before something was decided in the period, once for each decision.

    Who was away is not silent. Whom the chair asked in vain is heard: what was said of it is theirs who read positions.
    """
    for one in known:
        decided = one.value.decided_at
        if (decided is not None and period.since < decided <= period.until) or one.is_closed_in(period):
            for seat in unheard(one.value, now):
                elector, sat = one.value.elector(seat), one.sitting.get(seat)
                if elector is not None and sat is not None and sat.stay is not None:
                    yield seat, elector.department


def _speakers(one: Known, seat: UUID, today: date) -> frozenset[UUID]:
    sitting = one.sitting.get(seat)
    return sitting.speakers(today) if sitting is not None else frozenset()


def _commitment(one: Known, seat: UUID) -> Owed:
    return Owed(
        kind="commitment",
        text=one.row.title,
        path=f"/decisions/{one.ref}",
        purpose=Purpose.COMMIT,
        thing={"decision": str(one.row.id), "seat": str(seat)},
        number=one.row.number,
        seat=seat,
    )
