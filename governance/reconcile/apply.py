"""The writes: one conditional PATCH per drifted event, survivors unchanged, the answer compared.

`writes_for` is pure and says what is to be sent; `send` sends one write and says what became of it. A
write is never repeated: an unclear one is resolved by reading the event and comparing it with the intent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from governance.domain.block import Block, block_in, with_block
from governance.domain.people import fold_address
from governance.reconcile.drift import SERIES_SCOPE, Change, ChangeKind, Flag
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.plan import Applied, CountedAs
from governance.reconcile.ports import (
    CalendarAddress,
    CalendarPort,
    CalendarReader,
    CalendarTrouble,
    ChangedMeanwhile,
    EventWrite,
    NotFound,
    OutcomeUnclear,
    SendUpdates,
)

MARK = "meetingGovernancePosition"
"""Our private property: the meeting's chain and the position of its ledger when the event was written."""


Told = tuple[ChangeKind, str]
"""A change of one person of which Google has told everybody concerned."""


@dataclass(frozen=True, slots=True)
class PlannedWrite:
    """One write and the changes it carries; `based_on` is the event it was planned for."""

    write: EventWrite
    changes: tuple[Change, ...]
    based_on: ObservedEvent

    @property
    def is_of_occurrence(self) -> bool:
        return self.changes[0].occurrence is not None


class Outcome(StrEnum):
    APPLIED = "applied"
    CHANGED_MEANWHILE = "changed-meanwhile"
    NOT_APPLIED = "not-applied"
    GONE = "gone"
    OTHER_ADDRESS = "other-address"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a write; `event` is the event as Google has it now, where that is known.

    `other_addresses` maps an address that was sent to the one that Google answered in its place.
    """

    outcome: Outcome
    event: ObservedEvent | None = None
    other_addresses: Mapping[str, str] = field(default_factory=dict)


def writes_for(
    event: ObservedEvent,
    changes: Iterable[Change],
    *,
    mark: str,
    block: Block | None,
    is_inside: Mapping[str, bool],
    already_told: frozenset[Told] = frozenset(),
) -> list[PlannedWrite]:
    """The writes of one event: one, or two where a group goes and Google is to tell the others.

    `is_inside` says for every address whether it lies in the site's domains, `already_told` who was
    told of the same change by an earlier write of this cycle. Only the first write carries an etag that
    is sure to hold; the second is planned for the answer to the first, so the caller asks again.
    """
    wanted = list(changes)
    groups = [c for c in wanted if c.rule == "I08" and c.kind is ChangeKind.REMOVE_GUEST]
    others = [c for c in wanted if c not in groups]
    if groups and others and _updates(others, is_inside, already_told) is SendUpdates.ALL:
        return [_planned(event, part, mark, block, is_inside, already_told) for part in (groups, others)]
    return [_planned(event, wanted, mark, block, is_inside, already_told)]


def send(port: CalendarPort, calendar: CalendarAddress, planned: PlannedWrite) -> Sent:
    """Send one write once, and find out what became of it.

    Raises:
        OutcomeUnclear: the answer was lost and reading the event failed as well.
        CalendarTrouble: nothing was written and nothing can be now (refused, throttled, writes paused).
    """
    try:
        answer = port.write_event(calendar, planned.write)
    except ChangedMeanwhile:
        return Sent(Outcome.CHANGED_MEANWHILE)
    except NotFound:
        return Sent(Outcome.GONE)
    except OutcomeUnclear as unclear:
        return _resolved(port, calendar, planned, unclear)
    if answer.guests_omitted:
        halved = OutcomeUnclear("Wait while the event is read again", "Google left guests out of its answer to a write")
        return _resolved(port, calendar, planned, halved)
    return compare(answer, planned.write)


def resolve(port: CalendarReader, calendar: CalendarAddress, write: EventWrite, planned_etag: str) -> Sent:
    """Read the event after an unclear write: it carries the write's own mark exactly if it was applied.

    What people did to it since then does not hide that, and what they did instead is not taken for it.
    """
    event = port.get_event(calendar, write.event_id)
    if event is None:
        return Sent(Outcome.GONE)
    if event.private_properties.get(MARK) == write.private_properties.get(MARK):
        return Sent(Outcome.APPLIED, event)
    return Sent(Outcome.NOT_APPLIED if event.etag == planned_etag else Outcome.CHANGED_MEANWHILE, event)


def _resolved(port: CalendarPort, calendar: CalendarAddress, planned: PlannedWrite, unclear: OutcomeUnclear) -> Sent:
    try:
        return resolve(port, calendar, planned.write, planned.based_on.etag)
    except CalendarTrouble as also:
        raise unclear from also


def compare(answer: ObservedEvent, write: EventWrite) -> Sent:
    """Whether the event is now what the write wanted it to be."""
    if write.guests is None:
        return _compare_rest(answer, write)
    intended = {fold_address(entry["email"]) for entry in write.guests if "email" in entry}
    present = {guest.address for guest in answer.guests if guest.address}
    missing, foreign = sorted(intended - present), sorted(present - intended)
    if missing and foreign and len(missing) == len(foreign):
        return Sent(Outcome.OTHER_ADDRESS, answer, dict(zip(missing, foreign, strict=True)))
    if missing or foreign or not all(_holds(entry, answer) for entry in write.guests):
        return Sent(Outcome.IGNORED, answer)
    return _compare_rest(answer, write)


def _holds(entry: Mapping[str, Any], answer: ObservedEvent) -> bool:
    guest = answer.guest(entry["email"]) if "email" in entry else None
    if guest is None:
        return True
    return guest.optional == bool(entry.get("optional")) and guest.plus_ones == entry.get("additionalGuests", 0)


def _compare_rest(answer: ObservedEvent, write: EventWrite) -> Sent:
    flags_hold = write.guests_can_invite in (None, answer.guests_can_invite) and write.guests_can_modify in (
        None,
        answer.guests_can_modify,
    )
    has_block = write.description is None or (block_in(write.description) is None) == (
        block_in(answer.description) is None
    )
    return Sent(Outcome.APPLIED if flags_hold and has_block else Outcome.IGNORED, answer)


def _planned(
    event: ObservedEvent,
    changes: list[Change],
    mark: str,
    block: Block | None,
    is_inside: Mapping[str, bool],
    already_told: frozenset[Told],
) -> PlannedWrite:
    kinds = {change.kind for change in changes}
    flags = {change.target for change in changes if change.kind is ChangeKind.SET_FLAG}
    touches_guests = bool(kinds - {ChangeKind.SET_FLAG, ChangeKind.RESTORE_CHARTER})
    write = EventWrite(
        event_id=event.id,
        etag=event.etag,
        guests=_guests_after(event, changes) if touches_guests else None,
        guests_can_invite=False if Flag.GUESTS_CAN_INVITE.value in flags else None,
        guests_can_modify=False if Flag.GUESTS_CAN_MODIFY.value in flags else None,
        description=with_block(event.description, block) if ChangeKind.RESTORE_CHARTER in kinds else None,
        private_properties={MARK: mark},
        send_updates=_updates(changes, is_inside, already_told),
    )
    return PlannedWrite(write, tuple(changes), event)


def _guests_after(event: ObservedEvent, changes: list[Change]) -> tuple[Mapping[str, Any], ...]:
    of_kind = {kind: {c.target for c in changes if c.kind is kind} for kind in ChangeKind}
    kept: list[Mapping[str, Any]] = [
        _entry_after(guest, of_kind[ChangeKind.REQUIRE_GUEST], of_kind[ChangeKind.CLEAR_PLUS_ONES])
        for guest in event.guests
        if guest.address not in of_kind[ChangeKind.REMOVE_GUEST] or guest.resource
    ]
    added: list[Mapping[str, Any]] = [{"email": address} for address in sorted(of_kind[ChangeKind.ADD_GUEST])]
    return tuple(kept + added)


def _entry_after(guest: Guest, required: set[str], without_plus_ones: set[str]) -> Mapping[str, Any]:
    """The entry as received: an entry that is built anew loses its answer."""
    entry = dict(guest.received)
    if guest.address in required:
        entry.pop("optional", None)
    if guest.address in without_plus_ones:
        entry["additionalGuests"] = 0
    return entry


def _updates(changes: Iterable[Change], is_inside: Mapping[str, bool], already_told: frozenset[Told]) -> SendUpdates:
    """Google mails everybody or nobody: everybody only where somebody new, or an outsider who goes, must hear."""
    for change in changes:
        if (change.kind, change.target) in already_told or change.rule == "I08":
            continue
        if change.kind is ChangeKind.ADD_GUEST:
            return SendUpdates.ALL
        if change.kind is ChangeKind.REMOVE_GUEST and not is_inside.get(change.target, False):
            return SendUpdates.ALL
    return SendUpdates.NONE


def told_by(planned: PlannedWrite) -> frozenset[Told]:
    """Who was told of which change of their own by Google with this write."""
    if planned.write.send_updates is not SendUpdates.ALL:
        return frozenset()
    return frozenset((change.kind, change.target) for change in planned.changes)


def told_with_series(
    changes: Iterable[Change], applied: Iterable[Applied], *, at_rest: frozenset[str]
) -> frozenset[Told]:
    """Changes of occurrences of which everybody heard when the series was written, by whichever worker that was.

    Whoever takes over from a dead one knows only what is recorded. A change that was made on the event itself before
    is news again, and so is an addition of somebody who was on the series when all was last well (`at_rest`): then
    somebody has taken that person off in between.
    """
    done = list(applied)
    of_series = {one.key: one for one in done if one.key[0] == SERIES_SCOPE}
    found: set[Told] = set()
    for change in changes:
        written = of_series.get((SERIES_SCOPE, change.kind.value, change.target))
        is_news = any(one.key == change.key for one in done) or (
            change.kind is ChangeKind.ADD_GUEST
            and change.target in at_rest
            and written is not None
            and written.counted_as is not CountedAs.PUT_BACK
        )
        if change.occurrence is not None and written is not None and not is_news:
            found.add((change.kind, change.target))
    return frozenset(found)
