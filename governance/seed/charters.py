"""What the two meetings are for, as their chief of staff would write it down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

SHORT = (
    "We decide what our customers are waiting for, here and on the spot. One person per department, with a mandate. "
    "Cannot come? Decline, and your deputy sits for you."
)

COUNCIL_SHORT = (
    "What we build next, and what we leave. One person per department, with a mandate to say yes or no in the room."
)


def customer_decisions(today: date) -> str:
    """With five weeks of values behind it."""
    measures = (
        _measure("Decision within", "working days", 5, (11, 9, 8, 6, 5.5), today),
        _measure("Promises kept on the day", "%", 90, (62, 71, 74, 83, 86), today),
        _measure("Customers who wait for an answer from us", "customers", 10, (41, 33, 30, 21, 17), today),
    )
    return _CUSTOMER_DECISIONS.format(short=SHORT) + "".join(measures)


def customer_decisions_at_first() -> str:
    return _CUSTOMER_DECISIONS.format(short=SHORT)


def product_council(today: date) -> str:
    measures = (_measure("Releases that went out on their day", "%", 85, (58, 64), today),)
    return _PRODUCT_COUNCIL.format(short=COUNCIL_SHORT) + "".join(measures)


def _measure(name: str, unit: str, target: float, values: Iterable[float], today: date) -> str:
    """One value a week; the last one is a week old."""
    written = list(values)
    days = [today - timedelta(weeks=len(written) - number) for number in range(len(written))]
    rows = "".join(
        f"\n  [[measures.values]]\n  day = {day}\n  value = {value}\n" for day, value in zip(days, written, strict=True)
    )
    return f'\n[[measures]]\nname = "{name}"\nunit = "{unit}"\ntarget = {target}\n{rows}'


_CUSTOMER_DECISIONS = '''\
short = "{short}"
purpose = """
Customers wait for us when a question belongs to more than one department: a credit that Finance, Legal and
Operations all have to agree to, an exception that Security must accept. On its way through our inboxes such a
question took eleven working days. In this room it takes one meeting.

We decide **for the customer in front of us** and write down what we promised, to whom, and by when.
"""
rules = """
1. Each department sends one person, and that person decides. "I have to ask" is not an answer here.
2. If you cannot come, decline. Your deputy then sits for you, with the same authority.
3. Papers are out the day before. Whoever has not read them listens.
4. Say what your department needs before we talk about solutions; everybody once, before anybody twice.
5. You may disagree until we close. After that all of us stand behind the decision, outside this room as well.
6. Nothing is closed without an owner and a date.
"""
visitors = 2
guests = 2
window = 13
late_limit = 3
absent_limit = 2
quorum = "2/3"
way = "consent"
summary = "1h"
'''

_PRODUCT_COUNCIL = '''\
short = "{short}"
purpose = """
We had nineteen people on the invitation and no decision that lasted longer than a week. From this quarter on
the council is seven seats: who holds one can commit a department, and what is decided stays decided until the
numbers say otherwise.
"""
rules = """
1. One person per department, prepared and with a mandate.
2. Every proposal comes with what we would stop doing for it.
3. Guests are welcome when they bring something for the agenda, for that day.
"""
quorum = "2/3"
way = "majority"
summary = "Fri 15:00"
'''
