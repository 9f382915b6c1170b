"""What each kind of mail is about: plain values, as they were when the row of the outbox was written.

Every class belongs to the kind of its `KIND`. Days and instants are ISO text, money is text as people read it
(`EUR 50,000`), `None` is the unknown. Links are not facts: they are named in `Posted.links` and signed when the mail
is built.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from governance.mail.facts_of_summaries import Brief, BriefAsked, BriefChanged, SponsorWeek, Summaries, Summary


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    KIND: ClassVar = "sign-in"
    minutes: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    """To a colleague. `when` is the occurrence they were taken off, None for the whole series.

    `why` speaks to them. `contact` is whom to ask where their department has no seat to ask for.
    """

    KIND: ClassVar = "removed"
    when: str | None
    department: str | None
    delegate: str | None
    delegate_address: str | None
    why: str
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RemovedOutsider:
    KIND: ClassVar = "removed-outsider"
    when: str | None
    contact: str
    """The chair's address: the only name in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removals:
    """To the chair: `people` are dicts of address, name, when, why, told (true, false), note (why they were not)."""

    KIND: ClassVar = "removals"
    people: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """`changes` are dicts of deed, who, when, rule, reason; `more` is how many are not listed."""

    KIND: ClassVar = "held"
    checksum: str
    whys: list[str]
    changes: list[dict[str, Any]]
    more: int = 0
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    KIND: ClassVar = "seat"
    department: str
    first_day: str
    next: str | None
    next_end: str | None
    purpose: str | None
    """The charter's, Markdown."""
    rules: str | None
    sponsor: str | None
    scope: str | None
    limit: str | None
    deputies: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateRequested:
    """`scope`, `limit` and days are those recorded by chair or import; all None where there is none yet."""

    KIND: ClassVar = "mandate-requested"
    department: str
    delegate: str
    scope: str | None
    limit: str | None
    first_day: str | None
    last_day: str | None
    recorded_by: str | None
    purpose: str | None
    is_deputy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateConfirmed:
    KIND: ClassVar = "mandate-confirmed"
    department: str
    person: str
    sponsor: str
    scope: str
    limit: str | None
    first_day: str
    last_day: str | None
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateDeclined:
    """To the delegate and to the chair (`to_chair`)."""

    KIND: ClassVar = "mandate-declined"
    department: str
    person: str
    sponsor: str
    scope: str
    why: str | None
    to_chair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateWithdrawn:
    KIND: ClassVar = "mandate-withdrawn"
    department: str
    person: str
    scope: str
    by: str
    why: str | None
    to_chair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateEnding:
    """To the delegate, or to the sponsor (`to_sponsor`), who can renew it by the link `renew`."""

    KIND: ClassVar = "mandate-ending"
    department: str
    person: str
    scope: str
    limit: str | None
    last_day: str
    days: int
    to_sponsor: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Declined:
    """To the delegate: links `stand-in:NUMBER` (by the deputies' order), `after-all`."""

    KIND: ClassVar = "declined"
    department: str
    start: str
    end: str
    deputies: list[dict[str, Any]]
    """Dicts of name, address, has_mandate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclinedSponsor:
    KIND: ClassVar = "declined-sponsor"
    department: str
    delegate: str
    start: str
    end: str
    deputies: list[dict[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyAsked:
    """To the sponsor: the link `grant` gives the deputy the delegate's mandate for that day and seats them."""

    KIND: ClassVar = "deputy-asked"
    department: str
    delegate: str
    deputy: str
    start: str
    end: str
    scope: str | None
    limit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contested:
    KIND: ClassVar = "contested"
    deed: str
    who: str | None
    when: str | None
    times: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationMade:
    KIND: ClassVar = "application"
    department: str
    name: str
    address: str
    delegate: str | None
    place: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferMade:
    """To the applicant: links `accept` and `decline`. `first_day` None is *as soon as you accept*."""

    KIND: ClassVar = "offer"
    department: str
    first_day: str | None
    last_day: str
    """The last day on which one can answer."""
    next: str | None
    """Without its end: nothing for a calendar before somebody has accepted."""
    short: str | None
    """The charter's short form."""
    sponsor: str | None
    by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferOver:
    """To the applicant, or to who leads (`to_chair`). `how` is accepted, declined, ended or withdrawn."""

    KIND: ClassVar = "offer-over"
    department: str
    name: str
    how: str
    why: str | None = None
    follows: str | None = None
    """Who is first on the waiting list now."""
    to_chair: bool = False
    is_closed: bool = False
    """The department has no seat any more, so there is no waiting list to keep a place on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDeclined:
    KIND: ClassVar = "application-declined"
    department: str
    why: str | None
    delegate: str | None
    contact: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLeft:
    KIND: ClassVar = "note"
    department: str
    name: str
    address: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatAtRisk:
    """To the delegate; beyond a limit also to the sponsor and the chair. `to` is delegate, sponsor or chair.

    `make_up_until` is the last day for making up for the newest absence, where there still is one.
    """

    KIND: ClassVar = "seat-at-risk"
    department: str
    delegate: str
    to: str
    is_warning: bool
    late: int
    absent: int
    late_limit: int
    absent_limit: int
    window: int
    make_up_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseDue:
    """To the owner. `days` until it is due, below 0 when it is late; `number` of the decision that it came from."""

    KIND: ClassVar = "promise-due"
    text: str
    due_on: str
    number: str | None
    days: int
    has_slipped: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseLate:
    """To the sponsor of the department whose promise is late for two weeks."""

    KIND: ClassVar = "promise-late"
    text: str
    owner: str
    department: str
    due_on: str
    number: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseAsked:
    """To the owner: a seat asks about the promise."""

    KIND: ClassVar = "promise-asked"
    text: str
    question: str
    asked_by: str
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseAnswered:
    """To whoever asked."""

    KIND: ClassVar = "promise-answered"
    text: str
    question: str
    answer: str
    answered_by: str
    promise: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EnteredForYou:
    """A position was entered for the reader's seat, as said in the room; which one is on the page alone.

    `reference` is how the decision is addressed, `until` until when it may be corrected.
    """

    KIND: ClassVar = "position-entered"
    department: str
    decision: str
    reference: str
    until: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationAsked:
    """To the sponsor, with the link `answer`; to the chair (`to_chair`) where nobody is known to sponsor it.

    `words` are those in which the seat says that the subject is beyond its mandate; `weeks` is for how long the word
    has been missing, `ref` is how its page is addressed. No position is in it.
    """

    KIND: ClassVar = "ratification-asked"
    ref: str
    department: str
    delegate: str
    title: str
    text: str
    customer_effect: str
    is_money: bool
    money: str | None = None
    scope: str | None = None
    limit: str | None = None
    words: str = ""
    weeks: int = 0
    to_chair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RatificationAnswered:
    """To the chair (`to_chair`), and to whoever sat for the department."""

    KIND: ClassVar = "ratification-answered"
    ref: str
    department: str
    sponsor: str
    title: str
    is_ratified: bool
    words: str
    to_chair: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CommitmentAsked:
    """To whoever sits for a department that was not there: the link `commit`. `number` once it is closed."""

    KIND: ClassVar = "commitment-asked"
    department: str
    title: str
    text: str
    customer_effect: str
    decided_on: str
    number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionClosed:
    """To whoever sits for a department that was not there."""

    KIND: ClassVar = "decision-closed"
    department: str
    number: str
    title: str
    text: str
    customer_effect: str
    owner: str | None
    due_on: str | None
    teller: str
    review_on: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class UndeliverableAddress:
    KIND: ClassVar = "undeliverable"
    address: str
    name: str | None
    answer: str
    since: str
    waiting: list[str]
    """What could not be sent, each kind in the words of `Kind.about`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attention:
    """To the operators; dicts of code, meeting, text, remedy."""

    KIND: ClassVar = "attention"
    problems: list[dict[str, Any]]


ALL = (
    SignIn,
    Removed,
    RemovedOutsider,
    Removals,
    Held,
    Seat,
    MandateRequested,
    MandateConfirmed,
    MandateDeclined,
    MandateWithdrawn,
    MandateEnding,
    Declined,
    DeclinedSponsor,
    DeputyAsked,
    Contested,
    ApplicationMade,
    OfferMade,
    OfferOver,
    ApplicationDeclined,
    NoteLeft,
    SeatAtRisk,
    PromiseDue,
    PromiseLate,
    PromiseAsked,
    PromiseAnswered,
    EnteredForYou,
    RatificationAsked,
    RatificationAnswered,
    CommitmentAsked,
    DecisionClosed,
    Summary,
    Summaries,
    Brief,
    BriefAsked,
    BriefChanged,
    SponsorWeek,
    UndeliverableAddress,
    Attention,
)

Facts = (
    SignIn
    | Removed
    | RemovedOutsider
    | Removals
    | Held
    | Seat
    | MandateRequested
    | MandateConfirmed
    | MandateDeclined
    | MandateWithdrawn
    | MandateEnding
    | Declined
    | DeclinedSponsor
    | DeputyAsked
    | Contested
    | ApplicationMade
    | OfferMade
    | OfferOver
    | ApplicationDeclined
    | NoteLeft
    | SeatAtRisk
    | PromiseDue
    | PromiseLate
    | PromiseAsked
    | PromiseAnswered
    | EnteredForYou
    | RatificationAsked
    | RatificationAnswered
    | CommitmentAsked
    | DecisionClosed
    | Summary
    | Summaries
    | Brief
    | BriefAsked
    | BriefChanged
    | SponsorWeek
    | UndeliverableAddress
    | Attention
)

_BY_KIND = {one.KIND: one for one in ALL}


def to_json(facts: Facts) -> dict[str, Any]:
    """Its values as they are: lists are the same, not copies, for what many readers are told alike can be long."""
    return {field.name: getattr(facts, field.name) for field in dataclasses.fields(facts)}


def from_json(kind: str, stored: Mapping[str, Any]) -> Facts:
    """What an earlier version stored and this one does not know is left out."""
    made = _BY_KIND[kind]
    known = {field.name for field in dataclasses.fields(made)}
    return made(**{name: value for name, value in stored.items() if name in known})
