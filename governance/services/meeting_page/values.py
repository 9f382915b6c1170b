"""What the page of a meeting shows, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from governance.domain.ledger import LedgerLine
from governance.domain.measures import MeasureLine
from governance.domain.roster import MandateStanding
from governance.domain.rules import Mode, Rule
from governance.reconcile.picture import SeenOccurrence


class Answer(StrEnum):
    """What a delegate said to the next occurrence; the last two are ours: not on it, or nothing is known."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    OPEN = "needsAction"
    NOT_INVITED = "not-invited"
    UNKNOWN = "unknown"


class Trouble(StrEnum):
    """Why the invitation is not looked after as usual, the gravest first."""

    RELEASED = "released"
    FROZEN = "frozen"
    RESTORED = "restored"
    PROBLEM = "problem"
    ACCOUNT = "account"
    EVENT = "event"
    NOBODY_LOOKS = "nobody-looks"
    PAUSED = "paused"
    WRITES_PAUSED = "writes-paused"


class Fate(StrEnum):
    """What becomes of a finding or change."""

    WAITS_FOR_YOU = "waits-for-you"
    WAITS_FOR_TIME = "waits-for-time"
    UNDER_WAY = "under-way"
    ONLY_WATCHED = "only-watched"
    NOTED = "noted"


@dataclass(frozen=True, slots=True)
class PersonLine:
    name: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class MandateLine:
    standing: MandateStanding
    scope: str
    first_day: date
    last_day: date | None
    limit_minor: int | None
    sponsor: str | None
    is_by_office: bool


@dataclass(frozen=True, slots=True)
class DeputyLine:
    person: PersonLine
    has_mandate: bool


@dataclass(frozen=True, slots=True)
class SeatLine:
    """`is_whole` is False where the reader may know no more than the department and who sits for it."""

    id: UUID
    department: str
    delegate: PersonLine | None
    mandate: MandateLine | None
    deputies: tuple[DeputyLine, ...]
    stand_in: PersonLine | None
    answer: Answer
    is_whole: bool = True

    @property
    def may_decide(self) -> bool:
        standing = self.mandate.standing if self.mandate else None
        return standing in (MandateStanding.RECORDED, MandateStanding.CONFIRMED)


@dataclass(frozen=True, slots=True)
class ExtraLine:
    """A visitor of the next occurrence (no last day), or a standing guest."""

    person: PersonLine
    reason: str
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding or a change, as it was recorded; `kind` is None for a finding that changes nothing."""

    rule: str
    reason: str
    fate: Fate
    who: PersonLine | None
    kind: str | None = None
    flag: str | None = None
    occurrence: datetime | None = None
    held: str | None = None


@dataclass(frozen=True, slots=True)
class HeldPerson:
    """Everything that waits about one person; `who` is None for the settings of the invitation itself."""

    who: PersonLine | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    is_approved: bool
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What waits for a person: `checksum` names exactly this set."""

    checksum: str
    people: tuple[HeldPerson, ...]
    whys: tuple[str, ...]
    verdict: Verdict | None

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return tuple(remark for person in self.people for remark in person.remarks)


@dataclass(frozen=True, slots=True)
class RuleFindings:
    rule: Rule
    mode: Mode
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class TroubleLine:
    kind: Trouble
    remedy: str | None = None
    reason: str | None = None
    until: datetime | date | None = None
    since: datetime | None = None
    retry: str | None = None
    """What can be tried again now, as `retry_now` takes it."""
    occurrence: datetime | None = None
    """Of an event: which one; None for the series."""


@dataclass(frozen=True, slots=True)
class Health:
    troubles: tuple[TroubleLine, ...]
    last_read_at: datetime | None
    last_write_at: datetime | None
    is_looking: bool
    """A cycle is due now: something was changed that the service has not looked at yet."""


@dataclass(frozen=True, slots=True)
class MeetingPage:
    """`sees_invitation` and `reads_roster` say what of it the reader may see; the rest is then empty."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    on: date
    cap: int
    is_adopted_newly: bool
    chairs: tuple[str, ...]
    scribes: tuple[str, ...]
    next: SeenOccurrence | None
    health: Health
    seats: tuple[SeatLine, ...]
    visitors: tuple[ExtraLine, ...]
    standing_guests: tuple[ExtraLine, ...]
    held: Held | None
    waiting: tuple[Remark, ...]
    under_way: tuple[Remark, ...]
    findings: tuple[RuleFindings, ...]
    acts: tuple[LedgerLine, ...]
    names: Mapping[str, str]
    purpose: str = ""
    """The charter's, Markdown."""
    measures: tuple[MeasureLine, ...] = ()
    sees_invitation: bool = True
    reads_roster: bool = True
    has_summaries: bool = False
    """Whether the reader was ever sent one of the meeting."""

    @property
    def is_released(self) -> bool:
        return any(one.kind is Trouble.RELEASED for one in self.health.troubles)

    @property
    def held_seats(self) -> int:
        return sum(1 for seat in self.seats if seat.delegate)

    @property
    def own_seats(self) -> tuple[SeatLine, ...]:
        """Those that a reader sees whole who does not see all of them so."""
        return () if self.reads_roster else tuple(seat for seat in self.seats if seat.is_whole)
