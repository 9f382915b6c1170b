"""What has to be true before a meeting is mended: who an address is, where an occurrence went, who sits for whom.

Each step looks at the judgement, learns or records what it asks for, and only then is the meeting judged again.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from governance.database import Sessions
from governance.models.deputy import StandIn
from governance.models.occurrence import Occurrence
from governance.reconcile.judging import Judgement, Site, judge, unknown_addresses
from governance.reconcile.ports import CalendarPort, DirectoryPort
from governance.reconcile.rebinding import Rebound
from governance.reconcile.stand_ins import SwapIn
from governance.services import ledger
from governance.store import pictures, standing
from governance.store.pictures import CalendarToRead

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Preparer:
    """Judges one meeting, after it has learnt and recorded what the judgement asked for."""

    database: Sessions
    calendars: CalendarPort
    directory: DirectoryPort | None
    site: Site
    clock: Callable[[], datetime]

    def prepared(self, meeting_id: UUID) -> Judgement:
        """Judged after the Directory was asked, lost occurrences bound again and declines swapped."""
        judgement = self.judge(meeting_id)
        asked = self.ask_directory(judgement)
        moved = self._rebind(judgement)
        swapped = self._swap(judgement)
        self._unkeep(judgement)
        return self.judge(meeting_id) if asked or moved or swapped else judgement

    def judge(self, meeting_id: UUID) -> Judgement:
        with self.database.reading() as session:
            return judge(session, meeting_id, site=self.site, now=self.clock())

    def ask_directory(self, judgement: Judgement) -> bool:
        unknown = unknown_addresses(judgement) if self.directory is not None else frozenset()
        if not unknown or self.directory is None:
            return False
        answers = self.directory.look_up(sorted(unknown))
        with self.database.writing() as session:
            standing.save_directory_answers(session, answers, self.clock())
        return bool(answers)

    def ask_for_guests_left_out(self, judgement: Judgement, calendar: CalendarToRead) -> bool:
        """Read by themselves the events whose guests a listing left out: it does not show them again by itself."""
        has_learnt = False
        for series_id, event_id in _events_without_guests(judgement):
            event = self.calendars.get_event(calendar.address, event_id)
            if event is not None and not event.guests_omitted:
                with self.database.writing() as session:
                    pictures.save_events(session, [(series_id, event)], now=self.clock())
                has_learnt = True
        return has_learnt

    def _rebind(self, judgement: Judgement) -> bool:
        if judgement.rebounds:
            with self.database.writing() as session:
                for move in judgement.rebounds:
                    self._move_occurrence(session, judgement, move)
            moved = len(judgement.rebounds)
            log.info("moved what hung on occurrences", extra={"meeting": judgement.slug, "occurrences": moved})
        return bool(judgement.rebounds)

    def _move_occurrence(self, session: Session, judgement: Judgement, move: Rebound) -> None:
        row = standing.occurrence_of(session, move.occurrence.series_id, move.occurrence.original_start)
        if row is None:
            return
        before = {"original_start": row.original_start.isoformat()}
        kept = standing.occurrence_of(session, move.series_id, move.to.original_start)
        if kept is not None:
            standing.rehang(session, row, kept)
        else:
            row.moved_from_series_id, row.series_id = row.series_id, move.series_id
            row.original_start, row.start, row.end = move.to.original_start, move.to.start, move.to.end
        after = {"original_start": move.to.original_start.isoformat()}
        self._record(
            session,
            judgement,
            act="occurrence-rebound",
            subject=f"occurrence:{row.id}",
            before=before,
            after=after,
            why="The series was split or moved; what hangs on the occurrence goes along",
        )

    def _swap(self, judgement: Judgement) -> bool:
        """Declines swap in the first empowered deputy, coming after all reverses it."""
        wanted = judgement.swaps
        if not wanted:
            return False
        now, people = self.clock(), judgement.situation.roster.people
        with self.database.writing() as session:
            for swap in wanted:
                seen = swap.occurrence
                occurrence = standing.occurrence_of(session, swap.series_id, seen.original_start)
                if occurrence is None:
                    occurrence = Occurrence(
                        series_id=swap.series_id, original_start=seen.original_start, start=seen.start, end=seen.end
                    )
                    session.add(occurrence)
                    session.flush()
                names = {"delegate": str(people[swap.delegate]), "deputy": str(people[swap.deputy])}
                if isinstance(swap, SwapIn):
                    session.add(
                        StandIn(
                            seat_id=swap.seat.id,
                            occurrence_id=occurrence.id,
                            person_id=swap.deputy,
                            by="service",
                            cause="decline",
                            at=now,
                        )
                    )
                    act, why = "stand-in-by-decline", "The delegate declined; the first deputy with a mandate sits"
                else:
                    present = standing.stand_in_of(session, swap.seat.id, occurrence.id)
                    if present is not None:
                        session.delete(present)
                    act, why = "stand-in-ended", "The delegate comes after all"
                self._record(session, judgement, act=act, subject=f"occurrence:{occurrence.id}", after=names, why=why)
        log.info("swapped stand-ins for answers", extra={"meeting": judgement.slug, "swaps": len(wanted)})
        return True

    def _unkeep(self, judgement: Judgement) -> None:
        """A seat that its delegate keeps needs no keeping once no decline stands in the calendar."""
        if not judgement.unkept:
            return
        with self.database.writing() as session:
            for one in judgement.unkept:
                occurrence = standing.occurrence_of(session, one.series_id, one.occurrence.original_start)
                kept = standing.kept_seat_of(session, one.seat.id, occurrence.id) if occurrence else None
                if kept is not None:
                    session.delete(kept)
                    self._record(session, judgement, act="seat-kept-no-more", subject=f"seat:{one.seat.id}")

    def _record(self, session: Session, judgement: Judgement, **entry: Any) -> None:
        ledger.record(
            session,
            at=self.clock(),
            actor="service",
            source="sync",
            meeting_id=judgement.meeting_id,
            **entry,
        )


def _events_without_guests(judgement: Judgement) -> list[tuple[UUID, str]]:
    """The series and the coming exceptions whose guests Google left out of its answer, with their series' id."""
    now = judgement.situation.now
    found: list[tuple[UUID, str]] = []
    for picture in judgement.situation.pictures:
        coming = [one for one in picture.exceptions if one.start and one.start > now]
        events = (picture.series, *coming) if picture.is_live else ()
        found += [(picture.id, one.id) for one in events if one is not None and one.guests_omitted]
    return found
