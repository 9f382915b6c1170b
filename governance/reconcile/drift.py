"""What differs between the invitation and the roster: pure, by rule, with the reason of each.

Drift is computed and shown even where a rule only observes; a change is there only where the rule
enforces. Whether a change is written now, waits, or needs a person is `plan`'s business.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from governance.domain.block import LONGEST_DESCRIPTION, Block, block_in, with_block
from governance.domain.days import said_start
from governance.domain.entitlement import Entitlement, Why, entitled_on_occurrence, entitled_on_series
from governance.domain.people import PersonId, domain_of
from governance.domain.roster import Roster, StandInCause
from governance.domain.rules import REMOVAL_PRECEDENCE, Finding, Mode, Modes
from governance.reconcile.observed import Guest, ObservedEvent
from governance.reconcile.picture import SeenOccurrence, SeriesPicture
from governance.reconcile.ports import AddressKind, DirectoryEntry
from governance.reconcile.waiting import UNREADABLE

NO_OCCURRENCE = "no-occurrence"
SERIES_SCOPE = "series"


class ChangeKind(StrEnum):
    ADD_GUEST = "add-guest"
    REMOVE_GUEST = "remove-guest"
    REQUIRE_GUEST = "require-guest"
    CLEAR_PLUS_ONES = "clear-plus-ones"
    SET_FLAG = "set-flag"
    RESTORE_CHARTER = "restore-charter"


class Flag(StrEnum):
    GUESTS_CAN_INVITE = "guests-can-invite"
    GUESTS_CAN_MODIFY = "guests-can-modify"


@dataclass(frozen=True, slots=True)
class Change:
    """One thing to be written on one event.

    `target` is an address, a flag, or empty for the charter. `is_apart` marks stand-ins and visitors,
    who are not counted in the limits.
    """

    event_id: str
    occurrence: datetime | None
    kind: ChangeKind
    target: str
    rule: str
    reason: str
    is_apart: bool = False

    @property
    def scope(self) -> str:
        return SERIES_SCOPE if self.occurrence is None else instant_text(self.occurrence)

    @property
    def key(self) -> tuple[str, str, str]:
        """What an approval covers: (scope, kind, address or flag), nothing that changes by itself."""
        return (self.scope, self.kind.value, self.target)

    def order(self) -> tuple[bool, str, str, str, str]:
        return (self.occurrence is not None, self.scope, self.kind.value, self.target, self.event_id)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the deciders need of one meeting, read at one instant."""

    now: datetime
    roster: Roster
    modes: Modes
    pictures: tuple[SeriesPicture, ...]
    block: Block | None = None
    directory: Mapping[str, DirectoryEntry] = field(default_factory=dict)
    site_domains: frozenset[str] = frozenset()

    def identify(self, address: str | None) -> PersonId | None:
        """The person of an address, by the roster or by one user's addresses in the Directory."""
        if address is None:
            return None
        if (known := self.roster.address_owner.get(address)) is not None:
            return known
        entry = self.directory.get(address)
        others = entry.addresses if entry and entry.kind is AddressKind.USER else ()
        owners = {self.roster.address_owner[one] for one in others if one in self.roster.address_owner}
        return owners.pop() if len(owners) == 1 else None

    def is_inside(self, address: str) -> bool:
        return domain_of(address) in self.site_domains

    def next_occurrence(self) -> tuple[SeriesPicture, SeenOccurrence] | None:
        """The meeting's next occurrence that is not over, over all its series."""
        upcoming = [(p, seen) for p in self.pictures if (seen := p.next_occurrence(self.now)) is not None]
        return min(upcoming, key=lambda pair: pair[1].start, default=None)


@dataclass(frozen=True, slots=True)
class Frozen:
    """Why nothing at all is written on the meeting until a person acts."""

    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Drift:
    findings: tuple[Finding, ...]
    changes: tuple[Change, ...]
    frozen: Frozen | None = None


def find_drift(situation: Situation) -> Drift:
    """All findings of the invitation's rules, and the changes that the enforcing ones ask for."""
    frozen = frozen_because(situation)
    untouchable = one_person_twice(situation)
    findings: list[Finding] = list(_moved(situation, frozen))
    changes: list[Change] = []
    for picture in situation.pictures:
        for governed in _governed_events(situation, picture):
            judge = _Judge(situation, picture, governed, untouchable)
            judge.judge()
            findings += judge.findings
            changes += judge.changes
    findings += _over_cap(situation)
    kept = () if frozen else tuple(sorted(changes, key=Change.order))
    return Drift(tuple(sorted(set(findings), key=Finding.order)), kept, frozen)


def frozen_because(situation: Situation) -> Frozen | None:
    """I12: no event, another organiser, or no future occurrence: then nothing is written, in every mode."""
    live = [picture for picture in situation.pictures if picture.is_live]
    if not live and (unread := next((one.set_aside for one in situation.pictures if one.set_aside), None)):
        return Frozen(UNREADABLE, unread)
    if not live:
        return Frozen("event-gone", "Relink the meeting: its event was deleted or is not to be seen any more")
    if not any(picture.series and picture.series.organizer_is_calendar for picture in live):
        return Frozen("organizer-changed", "Relink the meeting: its event has another organiser now")
    if situation.next_occurrence() is None:
        return Frozen(NO_OCCURRENCE, "Extend the series or relink the meeting: it has no future occurrence")
    return None


def judged_day(situation: Situation, picture: SeriesPicture) -> date | None:
    """The day a series is judged for: that of its own next occurrence that is not over."""
    upcoming = picture.next_occurrence(situation.now)
    return situation.roster.day_of(upcoming.start) if upcoming else None


def one_person_twice(situation: Situation) -> frozenset[PersonId]:
    """M05: people whom the Directory gives as one user; nothing is written for them until the chair decides."""
    doubled: set[PersonId] = set()
    for addresses in one_user_addresses(situation):
        owners = {situation.roster.address_owner[address] for address in addresses}
        if len(owners) > 1:
            doubled |= owners
    return frozenset(doubled)


def one_user_addresses(situation: Situation) -> list[frozenset[str]]:
    """Addresses of the roster's people that the Directory gives for one user each."""
    of_user: dict[str, set[str]] = {}
    for address in situation.roster.address_owner:
        entry = situation.directory.get(address)
        if entry is not None and entry.kind is AddressKind.USER and entry.directory_id:
            of_user.setdefault(entry.directory_id, set()).add(address)
    return [frozenset(addresses) for _, addresses in sorted(of_user.items())]


def instant_text(instant: datetime) -> str:
    """An instant in UTC as outsiders read it: ISO with Z."""
    return f"{instant:%Y-%m-%dT%H:%M:%SZ}"


@dataclass(frozen=True, slots=True)
class _Governed:
    """An event to judge: the series (occurrence None), an exception, or an occurrence about to become one."""

    event_id: str
    event: ObservedEvent
    occurrence: SeenOccurrence | None
    entitlement: Entitlement

    @property
    def original_start(self) -> datetime | None:
        return self.occurrence.original_start if self.occurrence else None

    @property
    def is_unmodified(self) -> bool:
        return self.occurrence is not None and self.occurrence.exception is None


def _governed_events(situation: Situation, picture: SeriesPicture) -> Iterator[_Governed]:
    """The series, then every coming exception and every occurrence on which something hangs.

    Past and running occurrences are never written as such.
    """
    on = judged_day(situation, picture)
    series = picture.series
    if on is None or series is None or not series.organizer_is_calendar:
        return
    roster = situation.roster
    yield _Governed(picture.event_id, series, None, entitled_on_series(roster, on))
    for seen in _own_occurrences(situation, picture):
        if seen.start <= situation.now:
            continue
        entitlement = entitled_on_occurrence(
            roster, on, original_start=seen.original_start, own_day=roster.day_of(seen.start)
        )
        yield _Governed(seen.event_id, seen.exception or series, seen, entitlement)


def _own_occurrences(situation: Situation, picture: SeriesPicture) -> list[SeenOccurrence]:
    """Exceptions, and unmodified occurrences with a stand-in or visitor, by original start."""
    starts = {one.original_start for one in picture.exceptions if one.original_start}
    starts |= situation.roster.stand_ins.keys() | situation.roster.visitors.keys()
    seen = (picture.occurrence_at(start) for start in sorted(starts))
    return [one for one in seen if one is not None]


class _Judge:
    """Applies the rules to one event; collects findings, and changes where the rule enforces."""

    def __init__(
        self,
        situation: Situation,
        picture: SeriesPicture,
        governed: _Governed,
        untouchable: frozenset[PersonId],
    ) -> None:
        self.situation = situation
        self.picture = picture
        self.governed = governed
        self.event = governed.event
        self.findings: list[Finding] = []
        self.changes: list[Change] = []
        self.own_findings: list[Finding] = []
        self.untouchable = untouchable

    def judge(self) -> None:
        if self._is_unknown():
            return
        for guest in self.event.guests:
            self._judge_guest(guest)
        self._judge_missing()
        if self.governed.is_unmodified:
            self._keep_what_hangs_on_the_occurrence()
            return
        self._judge_flags()
        if self.governed.occurrence is None:
            self._judge_block()

    def _is_unknown(self) -> bool:
        """I14, in every mode: where guests are missing from the answer, nothing is written on the event."""
        if not self.event.guests_are_known:
            self._find("I14", "Google left guests out of its answer, so nothing is written on this event")
            return True
        if (why := self.picture.why_blocked(self.governed.event_id)) is not None:
            self._find("I14", why)
            return True
        return False

    def _keep_what_hangs_on_the_occurrence(self) -> None:
        """An unmodified occurrence follows the series: only its stand-ins and visitors are its own."""
        self.changes = [change for change in self.changes if change.is_apart]
        self.findings = [finding for finding in self.findings if finding in self.own_findings]

    def _judge_guest(self, guest: Guest) -> None:
        if guest.resource or guest.address is None:
            return
        person = self.situation.identify(guest.address)
        if person is not None and person in self.untouchable:
            return
        if not guest.organizer and (found := self._unwelcome(guest, person)) is not None:
            rule, reason, is_apart = found
            self._want(rule, reason, ChangeKind.REMOVE_GUEST, guest.address, is_apart=is_apart)
            if self.situation.modes.enforces(rule):
                return
        if guest.plus_ones:
            self._want(
                "I07", f"{self._name(guest)} brings {guest.plus_ones} more", ChangeKind.CLEAR_PLUS_ONES, guest.address
            )
        if guest.optional and person is not None and self.governed.entitlement.of(person):
            self._want("I06", f"{self._name(guest)} is marked optional", ChangeKind.REQUIRE_GUEST, guest.address)

    def _unwelcome(self, guest: Guest, person: PersonId | None) -> tuple[str, str, bool] | None:
        """The rule by which the guest goes, its reason, and whether a stand-in is the cause; None: may stay."""
        entitlement = self.governed.entitlement
        if person is not None and not self._is_group(guest.address):
            if person in self.situation.roster.always_allowed or entitlement.of(person):
                return None
            if (aside := entitlement.has_stepped_aside(person)) is not None:
                if guest.has_declined or aside.cause is StandInCause.DECLINE:
                    return None
                name = self.situation.roster.people[aside.stand_in]
                reason = f"{self._name(guest)} handed the seat of {aside.seat.department} to {name} for this day"
                return self._first({"I02": reason, "I01": reason}, is_apart=True)
            if (lacking := entitlement.lacks_mandate(person)) is not None:
                reason = f"{self._name(guest)} has no mandate in force for {lacking.seat.department}"
                return self._first({"I03": reason}, is_apart=False)
        return self._first(self._uninvited_reasons(guest, person), is_apart=False)

    def _is_group(self, address: str | None) -> bool:
        entry = self.situation.directory.get(address or "")
        is_one = entry is not None and entry.kind is AddressKind.GROUP
        return is_one and self.situation.modes.is_on("I08")

    def _uninvited_reasons(self, guest: Guest, person: PersonId | None) -> dict[str, str]:
        name = self._name(guest)
        reasons = {"I01": f"{name} is not entitled to this meeting"}
        entry = self.situation.directory.get(guest.address or "")
        if self._is_group(guest.address):
            reasons["I08"] = f"{guest.address} is a mailing list or group, and a seat is a person's"
        if (held := self._seat_of_department(person, entry)) is not None:
            department, delegate = held
            reasons["I02"] = f"{name} is a second person of {department}, whose delegate is {delegate}"
        return reasons

    def _seat_of_department(self, person: PersonId | None, entry: DirectoryEntry | None) -> tuple[str, str] | None:
        """Department and delegate's name, where the person is known (roster, Directory) to belong to a filled seat."""
        roster = self.situation.roster
        on = judged_day(self.situation, self.picture)
        told = entry.department.strip().casefold() if entry and entry.department else None
        for seat in roster.seats:
            is_known = person is not None and person in seat.department_people
            if not is_known and (told is None or seat.department.strip().casefold() != told):
                continue
            delegate = seat.delegate(on) if on else None
            if delegate is not None and delegate != person:
                return seat.department, str(roster.people[delegate])
        return None

    def _first(self, reasons: dict[str, str], *, is_apart: bool) -> tuple[str, str, bool] | None:
        for rule in REMOVAL_PRECEDENCE:
            if rule in reasons and self.situation.modes.is_on(rule):
                return rule, reasons[rule], is_apart
        return None

    def _judge_missing(self) -> None:
        """I05, and I03 for those who are not added because they have no mandate."""
        roster = self.situation.roster
        present = {self.situation.identify(guest.address) for guest in self.event.guests}
        present |= self.untouchable
        for one in self.governed.entitlement.entitled:
            if one.person in present:
                continue
            person = roster.people[one.person]
            if self._is_group(person.address):
                self._remark("I08", f"{person} is a mailing list or group, and a seat is a person's", person.address)
                continue
            if one.person in roster.always_allowed or person.address == self.event.organizer:
                self._notice_absent_lead(one.person, one.reason)
                continue
            is_apart = one.why in (Why.STAND_IN, Why.VISITOR)
            reason = f"{person} {one.reason} and is not on the invitation"
            self._want("I05", reason, ChangeKind.ADD_GUEST, person.address, is_apart=is_apart)
        for lacking in self.governed.entitlement.without_mandate:
            if lacking.person not in present:
                person = roster.people[lacking.person]
                reason = f"{person} is not added: no mandate in force for {lacking.seat.department}"
                self._remark("I03", reason, person.address, is_own=lacking.why is Why.STAND_IN)

    def _notice_absent_lead(self, lead: PersonId, reason: str) -> None:
        """Chair, scribe and organiser are never added by us; a chair who holds a seat is told to come."""
        person = self.situation.roster.people[lead]
        if person.address != self.event.organizer:
            self._remark("I05", f"{person} {reason} and leads the meeting, so adding is left to them", person.address)

    def _judge_flags(self) -> None:
        if self.event.guests_can_invite:
            self._want("I09", "Guests may invite others", ChangeKind.SET_FLAG, Flag.GUESTS_CAN_INVITE.value)
        if self.event.guests_can_modify:
            self._want("I10", "Guests may change the event", ChangeKind.SET_FLAG, Flag.GUESTS_CAN_MODIFY.value)

    def _judge_block(self) -> None:
        """I11: what Google made of our last text is the accepted form; the same text is not written twice in a row."""
        expected = self.situation.block
        present = block_in(self.event.description)
        if expected is None:
            if present is not None:
                self._want_block("Our part of the description is still there, though the meeting has no charter")
            return
        wanted = expected.folded()
        is_accepted = self.picture.written_block == wanted and present == self.picture.accepted_block
        if present != wanted and not is_accepted:
            how = "is missing" if present is None else "differs"
            self._want_block(f"Our part of the description {how}")

    def _want_block(self, reason: str) -> None:
        """Where Google would refuse the text, it is left out: the guests would be refused in the same write."""
        length = len(with_block(self.event.description, self.situation.block))
        if length <= LONGEST_DESCRIPTION:
            self._want("I11", reason, ChangeKind.RESTORE_CHARTER, "")
            return
        reason = (
            f"Shorten the description of the event in Google Calendar: with our part it has {length} characters, "
            f"and Google takes {LONGEST_DESCRIPTION} at most"
        )
        self._remark("I11", reason, None)

    def _want(self, rule: str, reason: str, kind: ChangeKind, target: str, *, is_apart: bool = False) -> None:
        mode = self.situation.modes.of(rule)
        if mode is Mode.OFF:
            return
        is_about_somebody = kind not in (ChangeKind.SET_FLAG, ChangeKind.RESTORE_CHARTER)
        self._find(rule, reason, target if is_about_somebody else None, is_own=is_apart)
        if mode is Mode.ENFORCE:
            change = Change(self.governed.event_id, self.governed.original_start, kind, target, rule, reason, is_apart)
            self.changes.append(change)

    def _remark(self, rule: str, reason: str, email: str | None, *, is_own: bool = False) -> None:
        if self.situation.modes.is_on(rule):
            self._find(rule, reason, email, is_own=is_own)

    def _find(self, rule: str, reason: str, email: str | None = None, *, is_own: bool = False) -> None:
        """`is_own`: about a stand-in or visitor, so it belongs to an occurrence that follows its series otherwise."""
        finding = Finding(rule, reason, self.governed.event_id, self.governed.original_start, email)
        self.findings.append(finding)
        if is_own:
            self.own_findings.append(finding)

    def _name(self, guest: Guest) -> str:
        person = self.situation.identify(guest.address)
        if person is not None:
            return str(self.situation.roster.people[person])
        entry = self.situation.directory.get(guest.address or "")
        return _printable(guest.name or (entry.name if entry else None) or guest.address or "Somebody")


def _printable(name: str) -> str:
    """A name on one line: what anybody may write into a calendar reaches terminals, logs and mails."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in name).split())


def _moved(situation: Situation, frozen: Frozen | None) -> Iterator[Finding]:
    """I12: what happened to the time of the meeting; it is reported, never put back."""
    if not situation.modes.is_on("I12"):
        return
    if frozen is not None:
        yield Finding("I12", frozen.reason, _any_event(situation))
    for picture in situation.pictures:
        known = picture.known_rules
        if picture.is_live and picture.series and known is not None and known != rules_of(picture.series):
            yield Finding("I12", "The series was given another recurrence or time", picture.event_id)
        for one in picture.exceptions:
            if (reason := _moved_reason(situation, picture, one)) is not None:
                yield Finding("I12", reason, one.id, one.original_start)


def rules_of(series: ObservedEvent) -> tuple[str, ...]:
    """What the chair accepted of a series' times: its rules but for their end, its wall time and its zone.

    The end (UNTIL, COUNT) is left out: "this and following" trims it, and the successor is followed.
    """
    return (*sorted(map(_without_end, series.recurrence)), *_wall_time(series))


def _without_end(line: str) -> str:
    parts = (part for part in line.split(";") if not part.startswith(("UNTIL=", "COUNT=")))
    return ";".join(parts)


def _wall_time(series: ObservedEvent) -> tuple[str, ...]:
    if series.start is None:
        return ()
    zone = series.time_zone or "UTC"
    return (f"{series.start.astimezone(ZoneInfo(zone)):%H:%M}", zone)


def _moved_reason(situation: Situation, picture: SeriesPicture, one: ObservedEvent) -> str | None:
    if one.original_start is None or one.original_start <= situation.now or not picture.is_live:
        return None
    if one.is_cancelled:
        return "The occurrence was cancelled" if picture.recurrence.has(one.original_start) else None
    if one.start is not None and one.start != one.original_start:
        return f"The occurrence was moved to {said_start(one.start, situation.roster.time_zone)}"
    return None


def _any_event(situation: Situation) -> str | None:
    return situation.pictures[-1].event_id if situation.pictures else None


def _over_cap(situation: Situation) -> Iterator[Finding]:
    upcoming = situation.next_occurrence()
    if upcoming is None or not situation.modes.is_on("I04"):
        return
    on = situation.roster.day_of(upcoming[1].start)
    held, cap = situation.roster.held_seats(on), situation.roster.cap
    if held > cap:
        yield Finding("I04", f"{held} seats are held and the cap is {cap}: choose who leaves, or raise the cap")
