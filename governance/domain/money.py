"""Money in minor units: a limit is a whole number of the smallest coin, never a float."""

from __future__ import annotations

import re

from governance.domain.errors import GovernanceError

_PLAIN_DECIMAL = re.compile(r"(\d{1,15})(?:\.(\d+))?")
_LARGEST = 10**18 - 1  # fits a signed 64-bit column with room to add a few up
# ISO 4217 lists these with other than two digits after the point.
_NO_DIGITS = frozenset(
    {
        "BIF",
        "CLP",
        "DJF",
        "GNF",
        "ISK",
        "JPY",
        "KMF",
        "KRW",
        "PYG",
        "RWF",
        "UGX",
        "UYI",
        "VND",
        "VUV",
        "XAF",
        "XOF",
        "XPF",
    }
)
_THREE_DIGITS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
_FOUR_DIGITS = frozenset({"CLF", "UYW"})


class MalformedLimit(GovernanceError):
    """A limit that is no plain decimal of the currency."""

    def __init__(self, given: str, currency: str) -> None:
        self.given = given
        digits = minor_digits(currency)
        example = f"49999.{'5'.ljust(digits, '0')}" if digits else "49999"
        remedy = f"Write the limit as a plain number of {currency} such as 50000 or {example}"
        super().__init__(remedy, f"“{given[:40]}” is none")


def minor_digits(currency: str) -> int:
    """How many digits the currency has after the point (ISO 4217)."""
    if currency in _NO_DIGITS:
        return 0
    return 3 if currency in _THREE_DIGITS else 4 if currency in _FOUR_DIGITS else 2


def to_minor_units(given: str, currency: str) -> int:
    """The limit in the currency's smallest unit.

    Raises:
        MalformedLimit: a sign, a thousands separator, a decimal comma, an exponent, or more digits after the point
            than the currency has.
    """
    digits = minor_digits(currency)
    match = _PLAIN_DECIMAL.fullmatch(given.strip()) if given.isascii() else None
    fraction = (match[2] or "") if match else ""
    if match is None or len(fraction) > digits:
        raise MalformedLimit(given, currency)
    minor = int(match[1] + fraction.ljust(digits, "0"))
    if minor > _LARGEST:
        raise MalformedLimit(given, currency)
    return minor


def as_decimal(minor: int, currency: str) -> str:
    """A plain decimal with all digits of the currency, the form `to_minor_units` reads."""
    digits = minor_digits(currency)
    if not digits:
        return str(minor)
    whole, fraction = divmod(minor, 10**digits)
    return f"{whole}.{fraction:0{digits}d}"


def said_amount(minor: int, currency: str) -> str:
    """As people read it: “EUR 50,000”, with the digits after the point only where there are any."""
    whole, _, rest = as_decimal(minor, currency).partition(".")
    return f"{currency} {int(whole):,}{f'.{rest}' if rest.strip('0') else ''}"
