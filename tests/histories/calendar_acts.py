"""What people do to the event in their calendars; nobody minds when what they wanted to change is gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from governance.calendar.sandbox.client import SandboxError
from governance.domain.errors import GovernanceError
from tests.histories.scene import DELEGATED, PEOPLE, STRANGERS, Scene, pick
from tests.support.governed import CHAIR, ZONE


class CalendarActs(Scene):
    """Three numbers choose the event, the person and how."""

    def _series(self, a: int) -> str:
        """Mostly the newest, after a split; an id that is gone where nothing is left."""
        if self.aimed_at is not None:
            return self.aimed_at
        found = [one.id for one in self.coming() if one.original is None]
        return pick(found[::-1], a // 7 % 3) if found else self.base

    def _some_event(self, a: int) -> str:
        """The series as often as one of its next occurrences; the one that somebody aims at."""
        if self.aimed_at is not None:
            return self.aimed_at
        found = self.coming()
        coming = sorted((one for one in found if one.original and one.start > self.governed.now), key=lambda o: o.start)
        if a % 2 or not coming:
            return self._series(a)
        return pick(coming[:4], a // 2).id

    @contextmanager
    def _quietly(self) -> Iterator[Any]:
        with suppress(SandboxError):
            yield self.governed.control

    def forwards(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.forward(CHAIR, self._some_event(a), CHAIR, pick((*STRANGERS, *STRANGERS, *PEOPLE), b))

    def drops(self, a: int, b: int, c: int) -> None:
        event = self._some_event(a)
        with self._quietly() as people:
            people.drop_guest(CHAIR, event, self._guest(event, b))

    def _guest(self, event_id: str, b: int) -> str:
        event = self._event_or_none(event_id) or {}
        present = sorted(entry["email"] for entry in event.get("attendees", []) if entry["email"] != CHAIR)
        return pick(present, b) if present else pick(PEOPLE, b)

    def answers(self, a: int, b: int, c: int) -> None:
        event = self._some_event(a)
        answer = pick(("accepted", "tentative", "accepted", "declined"), c)
        with self._quietly() as people:
            people.answers(CHAIR, event, self._guest(event, b), answer, pick((None, "late by 5"), c // 4))

    def declines(self, a: int, b: int, c: int) -> None:
        event = self._some_event(a)
        with self._quietly() as people:
            people.answers(CHAIR, event, pick(DELEGATED, b), pick(("declined", "declined", "accepted"), c))

    def makes_optional(self, a: int, b: int, c: int) -> None:
        self._alters_a_guest(a, b, {"optional": True})

    def brings_others(self, a: int, b: int, c: int) -> None:
        self._alters_a_guest(a, b, {"additionalGuests": 1 + c % 2})

    def _alters_a_guest(self, a: int, b: int, how: dict[str, Any]) -> None:
        event_id = self._some_event(a)
        event, who = self._event_or_none(event_id) or {}, self._guest(event_id, b)
        listed = [entry | (how if entry["email"] == who else {}) for entry in event.get("attendees", [])]
        with self._quietly() as people:
            people.organizer_edits(CHAIR, event_id, {"attendees": listed})

    def flips_a_flag(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.flip_flags(
                CHAIR, self._some_event(a), **{pick(("guestsCanInviteOthers", "guestsCanModify"), b): True}
            )

    def edits_the_text(self, a: int, b: int, c: int) -> None:
        event_id = self._series(a)
        present = (self._event_or_none(event_id) or {}).get("description", "")
        texts = (
            "",
            f"First: {present}",
            f"{present}\nLast.",
            present.replace("We", "They"),
            "Bring tea & <b>cake</b>.",
        )
        with self._quietly() as people:
            people.organizer_edits(CHAIR, event_id, {"description": pick(texts, b)})

    def retitles(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.organizer_edits(
                CHAIR, self._some_event(a), {"summary": f"Steering {b % 9}", "location": f"Room {c}"}
            )

    def cancels_one(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.cancel_instance(CHAIR, self._some_event(a - a % 2))

    def restores_one(self, a: int, b: int, c: int) -> None:
        gone = [
            event["id"]
            for event in self.governed.control.events(CHAIR)
            if event["status"] == "cancelled" and event.get("recurringEventId", "").partition("_")[0] == self.base
        ]
        if gone:
            with self._quietly() as people:
                people.restore_instance(CHAIR, pick(gone, b))

    def moves_one(self, a: int, b: int, c: int) -> None:
        event = self._event_or_none(self._some_event(a - a % 2))
        if event and "recurringEventId" in event:
            start = datetime.fromisoformat(event["start"]["dateTime"]) + timedelta(hours=pick((2, 24, -24, -3), b))
            with self._quietly() as people:
                people.move_instance(CHAIR, event["id"], start, start + timedelta(hours=1))

    def splits(self, a: int, b: int, c: int) -> None:
        series = self._series(a)
        at = [one for one in self.coming() if one.series == series and one.original and not one.seen.is_orphan]
        times = {"summary": "Steering anew"} if b % 2 else {}
        if len(at) > 1:
            with self._quietly() as people:
                people.split(CHAIR, series, pick(at[1:4], c).id, times or None)

    def moves_the_series(self, a: int, b: int, c: int) -> None:
        """The same weekday, another hour: every exception is an orphan then, or dropped."""
        event = self._event_or_none(self._series(a))
        if event and "recurrence" in event:
            start = datetime.fromisoformat(event["start"]["dateTime"]) + timedelta(hours=pick((1, -1, 2), b))
            with self._quietly() as people:
                people.move_instance(CHAIR, event["id"], start, start + timedelta(hours=1))

    def deletes(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.delete_event(CHAIR, self._series(a))

    def hands_the_event_over(self, a: int, b: int, c: int) -> None:
        with self._quietly() as people:
            people.transfer(CHAIR, self._series(a), DELEGATED[0])

    def relinks(self, a: int, b: int, c: int) -> None:
        """Somebody makes the event anew and says so; only where the old one is lost."""
        if not self._is_lost():
            return
        self.relinked += 1
        self.base = f"anewsteering{self.relinked}"
        zone = ZoneInfo(ZONE)
        day = self.governed.now.astimezone(zone).date()
        day += timedelta(days=(3 - day.weekday()) % 7 or 7)
        begins = datetime(day.year, day.month, day.day, 10, tzinfo=zone)
        guests = [pick(PEOPLE, b + more) for more in range(3)]
        self.governed.control.create_series(
            CHAIR, "Steering", begins, begins + timedelta(hours=1), ZONE, ["RRULE:FREQ=WEEKLY;BYDAY=TH"], guests,
            event_id=self.base,
        )  # fmt: skip
        self._relink()

    def _relink(self) -> None:
        try:
            self.governed.relink(self.base)
        except GovernanceError:
            self.governed.control.clear_faults()
            self.governed.relink(self.base)
        self.watch.approvals.clear()
