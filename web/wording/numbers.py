"""Numbers of measures as people write them."""

from __future__ import annotations

from decimal import Decimal

_LEAST = 5e-7
"""Of a smaller difference no digit is shown."""


def number(value: float) -> str:
    """“1,234.5”, “5”."""
    # What is added takes the sign off a zero.
    return f"{round(value, 6) + 0.0:,.6f}".rstrip("0").rstrip(".")


def exact(value: float) -> str:
    """“1234.5”, “0.0000001”: every digit there is, so that whoever reads it back has the same number."""
    digits = f"{Decimal(repr(float(value))):f}"
    return digits.rstrip("0").rstrip(".") if "." in digits else digits


def quantity(value: float, unit: str) -> str:
    """“5.5 working days”, its number never apart from a short unit."""
    space = "\N{NO-BREAK SPACE}" if len(unit) <= 3 else " "
    return f"{number(value)}{space}{unit}" if unit else number(value)


def is_nothing(difference: float) -> bool:
    return abs(difference) < _LEAST
