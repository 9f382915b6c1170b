"""Who somebody is: an address is folded for comparison, and nothing more is guessed about it.

Folding is case and surrounding space, nothing else (no dots, no plus-tags, no look-alike letters):
anything that cannot be proven the same person is shown to the chair, not acted on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NewType
from uuid import UUID

from governance.domain.errors import GovernanceError

PersonId = NewType("PersonId", UUID)

_ATOM = r"[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f]+"
_ADDRESS = re.compile(rf"{_ATOM}@{_ATOM}\.[^\s@<>,;:\"()\[\]\\\x00-\x1f\x7f.]+")
_LONGEST_ADDRESS = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets


class MalformedAddress(GovernanceError):
    """An address that cannot be an e-mail address."""

    def __init__(self, given: str) -> None:
        self.given = given
        super().__init__(f"Enter an e-mail address like name@example.com instead of “{given[:80]}”.")


@dataclass(frozen=True, slots=True)
class Person:
    """A person with every address known to be theirs; `addresses` are folded, the first is the one written to."""

    id: PersonId
    name: str
    addresses: tuple[str, ...]

    @property
    def address(self) -> str:
        return self.addresses[0]

    def __str__(self) -> str:
        return self.name or self.address


def fold_address(given: str) -> str:
    return given.strip().casefold()


def checked_address(given: str) -> str:
    """The folded address.

    Raises:
        MalformedAddress: when it cannot be an address.
    """
    folded = fold_address(given)
    if len(folded) > _LONGEST_ADDRESS or not _ADDRESS.fullmatch(folded):
        raise MalformedAddress(given)
    return folded


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]
