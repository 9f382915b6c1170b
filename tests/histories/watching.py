"""What must hold of every single write of ours, judged from the event right before and right after it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.histories.calendar_view import Shown
from tests.histories.oracle import Told

Event = dict[str, Any]
Key = tuple[str, str, str]
BLOCK_BEGINS, BLOCK_ENDS = "--- Meeting governance keeps the lines from here ---", "--- to here ---"
OUR_PROPERTY = "meetingGovernancePosition"
DAY, WEEK, HOUR = timedelta(hours=24), timedelta(days=7), timedelta(hours=1)
_OURS = ("attendees", "guestsCanInviteOthers", "guestsCanModify", "description", "etag", "updated")


@dataclass
class Watch:
    """Remembers what was written in the last day and what people approved."""

    told: Told
    approvals: list[tuple[datetime, frozenset[Key]]] = field(default_factory=list)
    removed: list[tuple[datetime, str]] = field(default_factory=list)
    added: list[tuple[datetime, str]] = field(default_factory=list)
    put_back: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def complaints(
        self, now: datetime, before: Event, after: Event, on: Shown | None, baseline: Collection[str]
    ) -> Iterator[str]:
        """What of one write should not have been; `on` is the event as the oracle sees it, None where it is over."""
        if _of_others(before) != _of_others(after):
            yield f"changed what is not ours: {_of_others(before)} → {_of_others(after)}"
        old, new = _entries(before), _entries(after)
        for who in sorted(old.keys() & new.keys()):
            if _answer(old[who]) != _answer(new[who]):
                yield f"changed the entry of {who}: {old[who]} → {new[who]}"
        gone, come = sorted(old.keys() - new.keys()), sorted(new.keys() - old.keys())
        if on is None:
            if gone or come:
                yield f"wrote guests of an event that is over: −{gone} +{come}"
            return
        for who in gone:
            yield from self._unjust(now, on, who)
        yield from self._too_many(now, on, gone, come, baseline)
        yield from self._put_back_again(now, on, gone, come, baseline)

    def _unjust(self, now: datetime, on: Shown, who: str) -> Iterator[str]:
        if who in self.told.must(on.seen):
            yield f"took {who} off, whose place nobody ended"
        elif not on.seen.is_orphan and who in self.told.may(on.seen) and not self._is_approved(now, on, "remove", who):
            yield f"took {who} off, who is tolerated, without an approval"
        if on.start - HOUR <= now < on.end:
            yield f"took {who} off within the hour before it begins or while it runs"

    def _too_many(
        self, now: datetime, on: Shown, gone: list[str], come: list[str], baseline: Collection[str]
    ) -> Iterator[str]:
        """More than two people and more than a quarter of the baseline in a day need an approval."""
        apart = self._comes_apart(on)
        self.removed += [
            (now, who)
            for who in gone
            if who in baseline and who not in apart and not self._is_approved(now, on, "remove", who)
        ]
        self.added += [(now, who) for who in come if who not in apart and not self._is_approved(now, on, "add", who)]
        limit = max(2, len(baseline) / 4)
        for what, done in (("removed", self.removed), ("added", self.added)):
            people = {who for at, who in done if at > now - DAY}
            if len(people) > limit:
                yield f"{what} {sorted(people)} within a day, unapproved; the limit is {limit}"

    def _put_back_again(
        self, now: datetime, on: Shown, gone: list[str], come: list[str], baseline: Collection[str]
    ) -> Iterator[str]:
        """Who was on the invitation before is put back once a day, on one event; our own removal begins anew."""
        for who in gone:
            self.put_back.pop((on.id, who), None)
        for who in come:
            if who not in baseline or who in self._comes_apart(on) or self._is_approved(now, on, "add", who):
                continue
            last = self.put_back.get((on.id, who))
            if last is not None and last > now - DAY:
                yield f"put {who} back twice within a day"
            self.put_back[(on.id, who)] = now

    def _comes_apart(self, on: Shown) -> set[str]:
        """Stand-ins, visitors, and delegates who are stood in for: they are not counted."""
        week = on.seen.week
        if week is None:
            return set()
        sitting = {one.person for (when, _), one in self.told.stand_ins.items() if when == week}
        stood_in = {self.told.holder(seat, on.seen.judged) or "" for when, seat in self.told.stand_ins if when == week}
        return sitting | stood_in | self.told.visitors.get(week, set())

    def _is_approved(self, now: datetime, on: Shown, kind: str, who: str) -> bool:
        key = (on.scope, f"{kind}-guest", who)
        return any(at <= now < at + WEEK and key in keys for at, keys in self.approvals)


def outside_of_block(description: str) -> str:
    """The description less our block and the empty lines around it."""
    before, begins, rest = description.partition(BLOCK_BEGINS)
    _, ends, after = rest.partition(BLOCK_ENDS)
    return f"{before.rstrip(chr(10))}|{after.lstrip(chr(10))}" if begins and ends else f"{description.rstrip(chr(10))}|"


def _of_others(event: Event) -> Event:
    kept = {name: value for name, value in event.items() if name not in _OURS}
    properties = event.get("extendedProperties", {})
    private = {name: value for name, value in properties.get("private", {}).items() if name != OUR_PROPERTY}
    kept["extendedProperties"] = {"shared": properties.get("shared", {}), "private": private}
    return kept | {"description": outside_of_block(event.get("description", ""))}


def _entries(event: Event) -> dict[str, Event]:
    return {entry["email"].lower(): entry for entry in event.get("attendees", [])}


def _answer(entry: Event) -> Event:
    """Everything of a guest but what a rule may change: being optional, and bringing others."""
    return {name: value for name, value in entry.items() if name not in ("optional", "additionalGuests")}
