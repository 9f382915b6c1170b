"""Acts on a waiting list as values: who may, what it says beforehand, what it asks for, and what it does.

The page that asks and the act itself ask the same `is_allowed`, of the page as the reader may see it. Offering a seat
is an act on the roster (`web.forms.offer_acts`), because it shows what would follow on the invitation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from governance.models.application import Application, Offer
from governance.models.meeting import Meeting
from governance.models.person import Person
from governance.models.seat import Seat
from governance.services import applications, offers
from governance.services.offer_ends import LONGEST_REASON
from governance.services.waiting_page import PlaceLine, WaitingPage, WaitingSeat
from web.forms.acts import WEB
from web.forms.fields import Field, Kind, Typed
from web.wording.times import short_day


@dataclass(frozen=True, slots=True)
class AskedWaiting:
    """What a form is made from: the page as the reader may see it. `reader` is nobody of ours in the demo."""

    page: WaitingPage
    seat: WaitingSeat
    place: PlaceLine | None
    reader: UUID | None

    @property
    def department(self) -> str:
        return self.seat.department

    @property
    def who(self) -> str:
        return self.place.person.name if self.place else ""

    @property
    def delegate(self) -> str:
        return self.seat.delegate.name if self.seat.delegate else "the delegate"

    @property
    def offered_to(self) -> str:
        return self.seat.offer.person.name if self.seat.offer else ""


@dataclass(frozen=True, slots=True)
class DoingWaiting:
    session: Session
    meeting: Meeting
    asked: AskedWaiting
    actor: str
    now: datetime

    @property
    def seat(self) -> Seat:
        return self.session.get_one(Seat, self.asked.seat.id)

    @property
    def application(self) -> Application:
        """That of the place which is meant, else the reader's own."""
        own = self.asked.seat.own
        place = self.asked.place.application if self.asked.place else own.application if own else None
        return self.session.get_one(Application, place)

    @property
    def offer(self) -> Offer:
        own = self.asked.seat.own
        found = own.offer if own is not None and own.offer is not None else self.asked.seat.offer
        return self.session.get_one(Offer, found.id if found else None)

    @property
    def person(self) -> Person:
        return self.session.get_one(Person, self.asked.reader)


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """`follows` are the consequences, as sentences."""

    code: str
    title: Callable[[AskedWaiting], str]
    follows: Callable[[AskedWaiting], tuple[str, ...]]
    button: str
    is_allowed: Callable[[AskedWaiting], bool]
    do: Callable[[DoingWaiting, Typed], object]
    fields: tuple[Field, ...] = ()
    grave: bool = False


def _words(label: str) -> tuple[Field, ...]:
    return (
        Field("why", label, Kind.WORDS, is_required=False, longest=LONGEST_REASON,
              hint="They read it in the mail; it is kept in the meeting’s record."),
    )  # fmt: skip


def _has_open_offer(asked: AskedWaiting) -> bool:
    own = asked.seat.own
    return own is not None and own.offer is not None and own.offer.is_open


def _may_withdraw(asked: AskedWaiting) -> bool:
    return asked.seat.may_offer and asked.seat.offer is not None and asked.seat.offer.is_open


def _may_support(asked: AskedWaiting) -> bool:
    place = asked.place
    return asked.seat.may_endorse and place is not None and not place.is_supported and place.person_id != asked.reader


def _ask(doing: DoingWaiting, _typed: Typed) -> object:
    return applications.apply_for(
        doing.session, doing.meeting, doing.seat, doing.person, actor=doing.actor, now=doing.now, source=WEB
    )


def _note(doing: DoingWaiting, typed: Typed) -> object:
    return applications.leave_note(
        doing.session, doing.meeting, doing.seat, doing.person, typed.values["text"], actor=doing.actor, now=doing.now,
        source=WEB,
    )  # fmt: skip


def _support(doing: DoingWaiting, _typed: Typed) -> None:
    applications.endorse(
        doing.session, doing.meeting, doing.seat, doing.application, doing.person, actor=doing.actor, now=doing.now,
        source=WEB,
    )  # fmt: skip


def _decline(doing: DoingWaiting, typed: Typed) -> None:
    applications.decline_application(
        doing.session, doing.meeting, doing.seat, doing.application, why=typed.values["why"], actor=doing.actor,
        now=doing.now, source=WEB,
    )  # fmt: skip


def _leave(doing: DoingWaiting, _typed: Typed) -> None:
    applications.withdraw_application(
        doing.session, doing.meeting, doing.seat, doing.application, actor=doing.actor, now=doing.now, source=WEB
    )


def _withdraw(doing: DoingWaiting, typed: Typed) -> None:
    offers.withdraw_offer(
        doing.session, doing.meeting, doing.offer, why=typed.values["why"], actor=doing.actor, now=doing.now, source=WEB
    )


def _accept(doing: DoingWaiting, _typed: Typed) -> None:
    offers.accept(doing.session, doing.meeting, doing.offer, actor=doing.actor, now=doing.now, source=WEB)


def _refuse(doing: DoingWaiting, _typed: Typed) -> None:
    offers.decline(doing.session, doing.meeting, doing.offer, actor=doing.actor, now=doing.now, source=WEB)


def _begins(asked: AskedWaiting) -> str:
    offer = asked.seat.own.offer if asked.seat.own else None
    return f"You sit for {asked.department} from {short_day(offer.first_day)} on." if offer else ""


_ACTS = (
    WaitingAct(
        "ask", lambda a: f"Ask for the seat of {a.department}",
        lambda a: ("You are put on its waiting list. Chair and sponsor are told by mail.",
                   "The sponsor can support you, which puts you before those whom nobody supports."),
        "Ask for the seat", lambda a: a.seat.may_ask, _ask,
    ),
    WaitingAct(
        "note", lambda a: f"Leave a note for {a.delegate}",
        lambda a: (f"The delegate of {a.department} gets it by mail and reads it here. Nobody else can.",),
        "Leave the note", lambda a: a.seat.may_leave_note, _note,
        fields=(Field("text", "Your note", Kind.WORDS, longest=applications.LONGEST_NOTE,
                      hint="What you would bring up in the room, in a few sentences."),),
    ),
    WaitingAct(
        "support", lambda a: f"Support {a.who} for the seat of {a.department}",
        lambda a: (f"{a.who} comes before those whom you do not support. The chair sees that you support them.",
                   "It cannot be taken back here; speak to the chair."),
        "Support them", _may_support, _support,
    ),
    WaitingAct(
        "decline", lambda a: f"Take {a.who} off the waiting list of {a.department}",
        lambda a: (f"{a.who} is told kindly by mail, with your words if you write any, and may ask again at any time.",
                   "A seat that is offered to them is offered no more."),
        "Take them off", lambda a: a.seat.may_offer and a.place is not None, _decline,
        fields=_words("A word to them"), grave=True,
    ),
    WaitingAct(
        "withdraw", lambda a: f"Withdraw the offer to {a.offered_to}",
        lambda a: (f"{a.offered_to} is told kindly by mail, with your words if you write any, and keeps the place "
                   "on the waiting list.", "The links of the offer do nothing any more."),
        "Withdraw the offer", _may_withdraw, _withdraw, fields=_words("A word to them"),
    ),
    WaitingAct(
        "leave", lambda a: f"Leave the waiting list of {a.department}",
        lambda a: ("You wait for the seat no more. If you ask again later, your place is counted from then.",),
        "Leave the waiting list", lambda a: a.seat.own is not None, _leave, grave=True,
    ),
    WaitingAct(
        "accept", lambda a: f"Take the seat of {a.department}",
        lambda a: (_begins(a), "The chair is told, and the sponsor is asked what you may decide."),
        "Accept the seat", _has_open_offer, _accept,
    ),
    WaitingAct(
        "refuse", lambda a: f"Decline the seat of {a.department}",
        lambda a: ("The chair is told, and you wait for the seat no more. You can ask for it again at any time.",),
        "Decline the seat", _has_open_offer, _refuse,
    ),
)  # fmt: skip

WAITING_ACTS: Mapping[str, WaitingAct] = {act.code: act for act in _ACTS}
"""By the word in the address."""
