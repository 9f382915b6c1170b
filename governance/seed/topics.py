"""What else was on the agendas of Customer Decisions: nothing to decide, or not yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from governance.domain.agenda import Outcome, Purpose
from governance.seed import cast
from governance.seed.cast import Character


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """`until` is the week of its outcome; before that it comes back each week. None: it is still unsettled."""

    department: str
    title: str
    purpose: Purpose
    week: int
    until: int | None
    minutes: int | None = 10
    customer: str = ""
    papers: str = ""
    outcome: Outcome = Outcome.TREATED
    words: str = ""
    to: Character | None = None
    within: timedelta = timedelta(days=14)


def _told(week: int, department: str, title: str, minutes: int = 5, customer: str = "") -> Topic:
    return Topic(
        department=department, title=title, purpose=Purpose.INFORM, week=week, until=week, minutes=minutes,
        customer=customer,
    )  # fmt: skip


def _talked(week: int, department: str, title: str, minutes: int = 10, customer: str = "") -> Topic:
    return Topic(
        department=department, title=title, purpose=Purpose.DISCUSS, week=week, until=week, minutes=minutes,
        customer=customer,
    )  # fmt: skip


TOPICS: tuple[Topic, ...] = (
    _talked(0, "Legal", "What we may promise without a contract"),
    _told(1, "Finance", "Who pays later than agreed, and since when"),
    _talked(2, "Operations", "Where trucks stand longest", customer="Hotel Kongshavn"),
    _told(3, "Human Resources", "Drivers who start this month"),
    Topic(
        department="Customer Care",
        title="Who reads the mails of the weekend?",
        purpose=Purpose.DISCUSS,
        week=3,
        until=3,
        outcome=Outcome.ASSIGNED,
        to=cast.NADIA,
        within=timedelta(days=12),
    ),
    _told(4, "Product", "What the next release shows to customers"),
    _talked(5, "IT Security", "Partners who still share a password"),
    _told(6, "Operations", "First week of the early tour to Kongshavn", customer="Hotel Kongshavn"),
    Topic(
        department="Product",
        title="Colours of the boxes",
        purpose=Purpose.DISCUSS,
        week=6,
        until=8,
        outcome=Outcome.DROPPED,
        words="No customer has ever asked for it",
    ),
    _told(9, "Finance", "The surcharge: how it came to be paid twice", customer="Grønn Kurv"),
    _talked(10, "Sales", "What Fjordfisk will ask for after the merger", 15, "Fjordfisk"),
    Topic(
        department="Legal",
        title="Standard terms for hospitals",
        purpose=Purpose.DISCUSS,
        week=10,
        until=10,
        outcome=Outcome.DELEGATED,
        words="Legal and Customer Care bring a draft within a month",
    ),
    _told(11, "Customer Care", "What the first kitchens say about their number", customer="Clinique Saint-Aubin"),
    Topic(
        department="IT Security",
        title="Whose drivers may open which depot",
        purpose=Purpose.DISCUSS,
        week=11,
        until=None,
        minutes=15,
        papers="Keys handed out since spring",
    ),
    _told(12, "Finance", "Credits of the quarter, and what they were for"),
    Topic(
        department="Operations",
        title="Works on the mountain road: which tours go by Voss",
        purpose=Purpose.INFORM,
        week=13,
        until=None,
        minutes=5,
        customer="All of Bergen",
    ),
)
