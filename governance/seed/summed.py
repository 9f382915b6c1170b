"""What a week of Customer Decisions came to, as the facts of its summaries: for examples and for tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from governance.domain.days import said_day
from governance.mail import facts_of_summaries as told
from governance.mail.facts import to_json
from governance.seed import cast

SLUG, MEETING = "customer-decisions", "Customer Decisions"
HASH = "9d5e3c7b1f0a24688c6be0f3a7d2915e4b8c0d6f1a3e5972b4c6d8e0f1a2b3c4"
CREDITS = "Credits for late deliveries in December"
REFUNDS = "Refunds up to EUR 500 are paid out the same day"


@dataclass(frozen=True, slots=True)
class Week:
    """`start` is that of the occurrence that is over: a Thursday at ten in Oslo."""

    start: datetime

    @classmethod
    def of(cls, day: date) -> Week:
        return cls(datetime(day.year, day.month, day.day, 10, tzinfo=ZoneInfo(cast.ZONE)))

    @property
    def starts(self) -> str:
        return self.at(0)

    @property
    def ends(self) -> str:
        return self.at(0, hours=1)

    def day(self, days: int) -> str:
        return (self.start.date() + timedelta(days=days)).isoformat()

    def at(self, days: int, hours: int = 0) -> str:
        return (self.start + timedelta(days=days, hours=hours)).astimezone(UTC).isoformat()


def summary(week: Week, **others: Any) -> told.Summary:
    """A delegate's; `others` are fields that are otherwise."""
    fields: dict[str, Any] = {
        "reader": "seat",
        "start": week.starts,
        "end": week.ends,
        "since": week.at(-7),
        "owed": owed(week),
        "closed": closed(week),
        "open": [
            {"ref": "0192f0c1", "title": "Who answers at the weekend", "missing": ["an owner", "a review date"]},
        ],
        "committed": [{"ref": "D-2026-014", "title": CREDITS, "said": 7, "of": 8}],
        "attendance": attendance(),
        "question": {
            "text": "Which customer taught you most this year?",
            "takers": [
                {"name": cast.EMRE.name, "outcome": "answered", "turn": "0192f0d1-0000-7000-8000-000000000001", "answer": "The baker in Bergen."},
                {"name": cast.NADIA.name, "outcome": None, "turn": "0192f0d2-0000-7000-8000-000000000002"},
            ],
        },
        "roster": [
            {
                "department": "Operations",
                "what": "handed-over",
                "who": cast.PIOTR.name,
                "before": cast.EERO.name,
                "on": week.day(7),
            }
        ],
        "next": following(week),
        "measures": measures(week),
        "brief": {"goes_at": week.at(1, hours=2), "sentences": sentences(week)},
        "heads": {"chain": SLUG, "seq": 1_204, "hash": HASH},
    }
    return told.Summary(**{**fields, **others})


def lead_summary(week: Week, **others: Any) -> told.Summary:
    return summary(week, **{"reader": "lead", "owed": [], "lead": lead(week), **others})


def owed(week: Week) -> list[dict[str, Any]]:
    return [
        {
            "kind": "promise",
            "text": REFUNDS,
            "due_on": week.day(-5),
            "days": -5,
            "number": "D-2026-011",
            "path": "promises/0192f0a1",
            "link": "settle:0",
        },
        {
            "kind": "promise",
            "text": "A list of all customers whose credit ends this year",
            "due_on": week.day(4),
            "days": 4,
            "number": None,
            "path": "promises/0192f0a2",
            "link": "settle:1",
        },
    ]


def closed(week: Week) -> list[dict[str, Any]]:
    return [
        _decision("D-2026-014", CREDITS, cast.AMARA.name, week.day(14), "everybody who orders in December"),
        _decision("D-2026-015", "Answer complaints within two days", cast.NADIA.name, week.day(7), ""),
        _decision("D-2026-016", "A second depot for Fjordfisk", cast.PIOTR.name, week.day(42), "Fjordfisk"),
    ]


def many_closed(week: Week, number: int) -> list[dict[str, Any]]:
    return [
        _decision(
            f"D-2026-{14 + at:03}",
            f"{_SUBJECTS[at % len(_SUBJECTS)]} for {_CUSTOMERS[at % len(_CUSTOMERS)]}",
            (cast.AMARA, cast.EMRE, cast.NADIA)[at % 3].name,
            week.day(7 + at % 30),
            _CUSTOMERS[at % len(_CUSTOMERS)],
        )
        for at in range(number)
    ]


_SUBJECTS = ("Later cut-off", "Own contact", "Credit on the invoice", "Delivery on Saturdays", "Longer payment terms")
_CUSTOMERS = ("Fjordfisk", "Brightbay", "Nordlys Mat", "all bakeries")


def _decision(number: str, title: str, owner: str, due_on: str, customer: str) -> dict[str, Any]:
    return {"number": number, "title": title, "owner": owner, "due_on": due_on, "customer": customer}


def attendance(**states: tuple[str, int | None]) -> list[dict[str, Any]]:
    """By department, with spaces as underlines: state and minutes; whoever is not named was as on that Thursday."""
    usual: Mapping[str, tuple[str, int | None]] = {
        "Legal": ("stand-in", None),
        "Sales": ("late", 4),
        "Human_Resources": ("unknown", None),
    }
    return [
        {"department": one.name, "who": _who(one, state), "state": state, "minutes": minutes}
        for one in cast.DECISIONS
        for state, minutes in [{**usual, **states}.get(one.name.replace(" ", "_"), ("on-time", None))]
    ]


def _who(department: cast.Department, state: str) -> str | None:
    sits = department.deputy if state == "stand-in" else department.delegate
    return sits.name if sits else None


def following(week: Week) -> dict[str, Any]:
    return {
        "start": week.at(7),
        "end": week.at(7, hours=1),
        "items": [
            {"title": "Promises that are due", "purpose": "inform", "minutes": 5, "by": None},
            {"title": "Who answers at the weekend", "purpose": "decide", "minutes": 15, "by": "Customer Care"},
            {"title": "Prices for the spring", "purpose": "discuss", "minutes": 20, "by": "Sales"},
        ],
        "away": [
            {"department": "Legal", "who": cast.HENRIK.name, "stand_in": cast.LUCJA.name},
            {"department": "Human Resources", "who": cast.SIOBHAN.name, "stand_in": None},
        ],
    }


def measures(week: Week) -> list[dict[str, Any]]:
    values = [{"day": week.day(days), "value": value} for days, value in ((-31, 9.0), (-17, 6.5), (-3, 4.0))]
    return [{"name": "Decision within", "unit": "days", "target": 5.0, "values": values}]


def sentences(week: Week) -> list[str]:
    until = said_day(date.fromisoformat(week.day(14)))
    return [
        f"D-2026-014: {CREDITS}, for everybody who orders in December. Customers have the credit on the next invoice "
        f"and need not write to us. Owner Amara Okafor, until {until}.",
        "D-2026-007, Invoices within a week: not carried out as decided. It takes nine days.",
        "Waiting for backing: Free freight for Brightbay until March, for Brightbay.",
        f"41 of the 46 promises due until {said_day(date.fromisoformat(week.day(-1)))} were kept.",
    ]


def lead(week: Week) -> dict[str, Any]:
    return {
        "repaired": [
            {"what": "taken off the invitation", "who": cast.KATJA.name, "on": week.day(-2)},
            {"what": "put back on the invitation", "who": cast.PIOTR.name, "on": week.day(-1)},
        ],
        "held": 3,
        "mandates": [{"department": "Finance", "who": cast.AMARA.name, "last_day": week.day(14), "days": 14}],
        "at_risk": [{"department": "Sales", "who": cast.EMRE.name, "late": 4, "absent": 1}],
        "silent": [{"department": "Human Resources", "times": 3}],
        "say_do": [
            {"department": "Finance", "kept": 7, "made": 8},
            {"department": "Customer Care", "kept": 5, "made": 5},
            {"department": "Sales", "kept": 2, "made": 6},
        ],
        "suggestion": {
            "code": "S05",
            "text": "Speak with Sales about what it can still promise",
            "evidence": "3 of its promises are late.",
            "path": "/promises",
        },
    }


def brief(week: Week, **others: Any) -> told.Brief:
    fields: dict[str, Any] = {
        "start": week.starts,
        "end": week.ends,
        "closed": [
            {**one, "customer_effect": effect}
            for one, effect in zip(
                closed(week),
                (
                    "Customers have the credit on the next invoice and need not write to us.",
                    "Whoever complains hears from a person by the second day.",
                    "Fish for the north is on the road four hours earlier.",
                ),
                strict=True,
            )
        ],
        "kept": [
            {"number": "D-2026-002", "title": "One contact for each bakery", "is_kept": True, "words": ""},
            {"number": "D-2026-005", "title": "Depot open on Saturdays", "is_kept": True, "words": ""},
            {
                "number": "D-2026-007",
                "title": "Invoices within a week",
                "is_kept": False,
                "words": "It takes nine days.",
            },
        ],
        "waiting": [{"ref": "0192f0c2", "title": "Free freight for Brightbay until March", "customer": "Brightbay"}],
        "needs": "Please speak to the bank about Brightbay before Christmas.",
        "promises": {"kept": 41, "made": 46},
        "promises_until": week.day(-1),
        "measures": measures(week),
    }
    return told.Brief(**{**fields, **others})


def sponsor_week(week: Week) -> told.SponsorWeek:
    closed_now = [{**one, "meeting": MEETING, "slug": SLUG} for one in closed(week)[::2]]
    other = _decision("D-2026-003", "Prices in the customers’ own currency", cast.ISMAEL.name, week.day(30), "")
    return told.SponsorWeek(
        closed=[*closed_now, {**other, "meeting": "Product Council", "slug": "product-council"}],
        heads=[{"chain": SLUG, "seq": 1_204, "hash": HASH}, {"chain": "product-council", "seq": 402, "hash": HASH}],
    )


def summaries(week: Week) -> told.Summaries:
    """Two meetings; the names of the links go on from one to the next."""
    council = summary(
        week,
        start=week.at(-1, hours=4),
        end=week.at(-1, hours=5),
        owed=[{**owed(week)[1], "text": "A price list in francs", "path": "promises/0192f0b1", "link": "settle:2"}],
        closed=[_decision("D-2026-003", "Prices in the customers’ own currency", cast.ISMAEL.name, week.day(30), "")],
        open=[],
        committed=[],
        attendance=[],
        question=None,
        roster=[],
        next={"start": week.at(6, hours=4), "end": week.at(6, hours=5), "items": [], "away": []},
        measures=[],
        brief=None,
        heads={"chain": "product-council", "seq": 402, "hash": HASH},
    )
    first = summary(week, measures=[], brief=None)
    return told.Summaries(
        meetings=[
            _meeting("0192f001", SLUG, MEETING, first),
            _meeting("0192f002", "product-council", "Product Council", council),
        ]
    )


def _meeting(meeting: str, slug: str, name: str, facts: told.Summary) -> dict[str, Any]:
    return {"meeting": meeting, "slug": slug, "name": name, "time_zone": cast.ZONE, "facts": to_json(facts)}
