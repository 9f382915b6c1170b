"""The one tree of errors.

Every error a person may read is a sentence that begins with what to do, then says why. The two parts are kept apart
(`remedy`, `reason`), because the status page, `governance check` and JSON show them in different places.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


class GovernanceError(Exception):
    """Root of all errors of this product: `remedy` begins the sentence, `reason` ends it.

    Subclasses carry what they are about as attributes and hand both parts up:
    `super().__init__("Share the calendar with bot@example.com", "Google does not show it to us")`.
    """

    def __init__(self, remedy: str, reason: str = "") -> None:
        super().__init__(remedy, reason)
        self.remedy = remedy.rstrip(".")
        self.reason = reason.rstrip(".")

    def __str__(self) -> str:
        return f"{self.remedy}: {self.reason}." if self.reason else f"{self.remedy}."


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationFault:
    """One wrong entry of the configuration; `found` never repeats a secret."""

    key: str
    found: str
    expected: str
    suggestion: str | None = None

    def __str__(self) -> str:
        hint = f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        return f"{self.key} is {self.found}, expected {self.expected}{hint}"


class ConfigurationError(GovernanceError):
    """The configuration cannot be used; `faults` names every wrong entry, not only the first."""

    def __init__(
        self, remedy: str, reason: str = "", *, path: Path, faults: tuple[ConfigurationFault, ...] = ()
    ) -> None:
        super().__init__(remedy, reason or "; ".join(map(str, faults)))
        self.path = path
        self.faults = faults
